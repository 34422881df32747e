//! Figures as pixels.
//!
//! Text is drawn with the bundled `DejaVu Sans` (a subset: Latin, Greek, punctuation, arrows, mathematics), so
//! that a figure looks the same on every machine; characters it lacks, such as Chinese, come from the fonts
//! of the system. A figure with a character that no font has is refused: empty boxes in a paper help nobody.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use resvg::usvg::{self, Group, Node, fontdb};
use resvg::{tiny_skia, usvg::Options};

use super::{PlotError, Svg};

const REGULAR: &[u8] = include_bytes!("../../assets/DejaVuSans.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/DejaVuSans-Bold.ttf");
const FAMILY: &str = "DejaVu Sans";
/// Larger rasters are refused; this is a poster at 600 dots per inch.
const MOST_PIXELS: u64 = 400_000_000;

/// Bundled and system fonts, read once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    Arc::clone(FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        // An installed family of the same name may be another version; the bundled one decides.
        let installed: Vec<fontdb::ID> = fonts
            .faces()
            .filter(|face| face.families.iter().any(|family| family.0 == FAMILY))
            .map(|face| face.id)
            .collect();
        for id in installed {
            fonts.remove_face(id);
        }
        fonts.load_font_data(REGULAR.to_vec());
        fonts.load_font_data(BOLD.to_vec());
        fonts.set_sans_serif_family(FAMILY);
        Arc::new(fonts)
    }))
}

/// The fonts for a drawing. One with Chinese characters asks the same large files for every single glyph, so these are read
/// once and kept.
fn fonts_for(svg: &str) -> Arc<fontdb::Database> {
    static KEPT: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    // The first block of radicals; what stands before it, the bundled font has or any small one.
    if !svg.chars().any(|c| c >= '\u{2e80}') {
        return fonts();
    }
    Arc::clone(KEPT.get_or_init(|| {
        let mut kept = (*fonts()).clone();
        let rank = |face: &fontdb::FaceInfo| {
            CHINESE.iter().position(|name| face.families.iter().any(|family| family.0 == *name))
        };
        let Some(best) = kept.faces().filter_map(rank).min() else { return Arc::new(kept) };
        let mut files: Vec<PathBuf> = kept
            .faces()
            .filter(|face| rank(face) == Some(best))
            .filter(|face| matches!(face.weight, fontdb::Weight::NORMAL | fontdb::Weight::BOLD))
            .filter_map(|face| match &face.source {
                fontdb::Source::File(file) => Some(file.clone()),
                fontdb::Source::Binary(_) => None,
            })
            .collect();
        files.sort();
        files.dedup();
        for file in files {
            // A file that cannot be read now is read when it is needed, and complains then.
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let is_same = |face: &&fontdb::FaceInfo| matches!(&face.source, fontdb::Source::File(known) if *known == file);
            let gone: Vec<fontdb::ID> = kept.faces().filter(is_same).map(|face| face.id).collect();
            for id in gone {
                kept.remove_face(id);
            }
            kept.load_font_data(bytes);
        }
        Arc::new(kept)
    }))
}

/// Sans-serif families with Chinese characters, best first.
const CHINESE: [&str; 9] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Heiti SC",
];

/// Chooses the font for a character that the bundled one lacks: a sans-serif of the same weight if there is
/// one, rather than whatever comes first on the machine.
fn fallback() -> usvg::FallbackSelectionFn<'static> {
    let any = usvg::FontResolver::default_fallback_selector();
    Box::new(move |c, used, fonts| {
        let weight = used.first().and_then(|&id| fonts.face(id)).map(|face| face.weight);
        let family = |face: &fontdb::FaceInfo| {
            CHINESE.iter().position(|name| face.families.iter().any(|family| family.0 == *name))
        };
        let mut preferred: Vec<(bool, usize, fontdb::ID)> = fonts
            .faces()
            .filter_map(|face| family(face).map(|rank| (Some(face.weight) != weight, rank, face.id)))
            .collect();
        preferred.sort_by_key(|&(other_weight, rank, _)| (other_weight, rank));
        // The library's own selector tells whether a face has the character: offer it one face at a time.
        for (_, _, candidate) in preferred {
            let others: Vec<fontdb::ID> = used
                .iter()
                .copied()
                .chain(fonts.faces().map(|face| face.id).filter(|&id| id != candidate))
                .collect();
            if !used.contains(&candidate)
                && let Some(found) = any(c, &others, fonts)
            {
                return Some(found);
            }
        }
        any(c, used, fonts)
    })
}

fn tree(svg: &str) -> Result<usvg::Tree, PlotError> {
    let font_resolver = usvg::FontResolver {
        select_font: usvg::FontResolver::default_font_selector(),
        select_fallback: fallback(),
    };
    let options = Options {
        fontdb: fonts_for(svg),
        font_family: FAMILY.to_owned(),
        font_resolver,
        ..Options::default()
    };
    usvg::Tree::from_str(svg, &options).map_err(|error| PlotError::Svg(error.to_string()))
}

/// Collects the characters that were laid out with the empty box.
fn collect_missing(group: &Group, missing: &mut String) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect_missing(group, missing),
            Node::Text(text) => {
                for glyph in text.layouted().iter().flat_map(|span| &span.positioned_glyphs) {
                    if glyph.id.0 == 0 {
                        for c in glyph.text.chars().filter(|c| !c.is_whitespace() && !c.is_control()) {
                            if !missing.contains(c) {
                                missing.push(c);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
}

/// The characters of a text that no available font can draw, each once; empty if all can be drawn.
///
/// # Errors
/// [`PlotError::Svg`] if the text cannot be laid out at all.
pub fn missing_glyphs(text: &str) -> Result<String, PlotError> {
    let theme = super::Theme::screen();
    let mut body = String::new();
    super::svg::Element::label(0.0, 20.0, "start", 12.0, text).write(&mut body);
    let document = Svg::document(&theme, (1000.0, 40.0), "", "", &body);
    let mut missing = String::new();
    collect_missing(tree(document.as_str())?.root(), &mut missing);
    Ok(missing)
}

/// A drawing as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// The PNG file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Width in px at which the drawing is meant to be shown.
    pub natural_width: u32,
}

/// The drawing as a tree of shapes in which every character has a font.
pub(super) fn complete_tree(svg: &str) -> Result<usvg::Tree, PlotError> {
    let tree = tree(svg)?;
    let mut characters = String::new();
    collect_missing(tree.root(), &mut characters);
    if !characters.is_empty() {
        let hint =
            "install a font that has them (for Chinese, `Noto Sans CJK SC`) or write the figure as SVG";
        return Err(PlotError::NoFont { characters, hint: hint.to_owned() });
    }
    Ok(tree)
}

/// Whether a font of this family is at hand.
pub fn has_font(family: &str) -> bool {
    fonts().faces().any(|face| face.families.iter().any(|known| known.0.eq_ignore_ascii_case(family)))
}

/// Draws a figure as PNG; scale 1 is 96 dots per inch, 3.125 is 300.
///
/// # Errors
/// [`PlotError::NoFont`] if a character cannot be drawn, [`PlotError::Size`] if the raster would be empty or
/// enormous, [`PlotError::Svg`] or [`PlotError::Backend`] if drawing fails.
pub fn png(svg: &Svg, scale: f32) -> Result<Vec<u8>, PlotError> {
    let (pixmap, _) = pixels(svg.as_str(), scale)?;
    let bytes = pixmap.encode_png().map_err(|error| PlotError::Backend(error.to_string()))?;
    Ok(with_density(&bytes, f64::from(scale) * 96.0))
}

/// Signature and header of a PNG file, which come first and always take so many bytes.
const HEADER: usize = 33;

/// A PNG file that says how many dots an inch has, so that it is printed as large as it was drawn.
fn with_density(png: &[u8], dots_per_inch: f64) -> Vec<u8> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few thousand dots")]
    let per_metre = (dots_per_inch / 0.0254).round() as u32;
    let mut chunk = b"pHYs".to_vec();
    chunk.extend(per_metre.to_be_bytes());
    chunk.extend(per_metre.to_be_bytes());
    // The unit is the metre.
    chunk.push(1);
    let (head, rest) = png.split_at(HEADER.min(png.len()));
    let length = [0, 0, 0, 9];
    [head, &length, &chunk, &crc32(&chunk).to_be_bytes(), rest].concat()
}

/// The check sum of a chunk (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// Draws the text of an SVG as a small PNG for documents, and says how large it is: on white paper, with a palette
/// where 256 colours do, each at most 4 of 255 steps from its own.
///
/// # Errors
/// As [`png()`].
pub fn rasterise(svg: &str, scale: f32) -> Result<Raster, PlotError> {
    let (pixmap, natural_width) = pixels(svg, scale)?;
    let bytes = indexed(&pixmap)
        .or_else(|| pixmap.encode_png().ok())
        .ok_or_else(|| PlotError::Backend("the picture could not be packed".to_owned()))?;
    Ok(Raster { bytes, width: pixmap.width(), height: pixmap.height(), natural_width })
}

/// The pixels on white with a palette; none if there are too many colours.
fn indexed(pixmap: &tiny_skia::Pixmap) -> Option<Vec<u8>> {
    let mut palette: Vec<[u8; 3]> = Vec::new();
    let mut places: HashMap<[u8; 3], u8> = HashMap::new();
    let mut data = Vec::with_capacity(pixmap.pixels().len());
    for pixel in pixmap.pixels() {
        // Colours are stored multiplied by their opacity, so white shines through by what is left of it.
        let white = 255 - pixel.alpha();
        let colour = [pixel.red(), pixel.green(), pixel.blue()].map(|part| {
            let part = u16::from(part) + u16::from(white);
            u8::try_from((part + 4) / 8 * 8).unwrap_or(255)
        });
        let place = if let Some(place) = places.get(&colour) {
            *place
        } else {
            let place = u8::try_from(palette.len()).ok()?;
            palette.push(colour);
            places.insert(colour, place);
            place
        };
        data.push(place);
    }
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(::png::Compression::Balanced);
    // Names of colours are no quantities: differences between them would only grow the file.
    encoder.set_filter(::png::Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&data).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// A drawing as pixels, and the width in px at which it is meant to be shown.
fn pixels(svg: &str, scale: f32) -> Result<(tiny_skia::Pixmap, u32), PlotError> {
    let tree = complete_tree(svg)?;
    let pixels = |size: f32| {
        // Saturates; checked below.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let pixels = (f64::from(size) * f64::from(scale)).ceil().max(0.0) as u64;
        pixels
    };
    let (width, height) = (pixels(tree.size().width()), pixels(tree.size().height()));
    let refused = PlotError::Size { width, height };
    if !scale.is_finite() || width.saturating_mul(height) > MOST_PIXELS {
        return Err(refused);
    }
    let (Ok(columns), Ok(rows)) = (u32::try_from(width), u32::try_from(height)) else { return Err(refused) };
    let Some(mut pixmap) = tiny_skia::Pixmap::new(columns, rows) else { return Err(refused) };
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    // Rounded from a size of at most some thousand px.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let natural_width = tree.size().width().round() as u32;
    Ok((pixmap, natural_width))
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{Diagram, Node, Theme, samples};
    use super::*;

    #[test]
    fn a_png_says_how_large_it_is_meant() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        let (_, diagram) = samples::all().swap_remove(0);
        let bytes = png(&diagram.svg(&Theme::journal()).unwrap(), 3.125).unwrap();
        let decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        let reader = decoder.read_info().unwrap();
        let density = reader.info().pixel_dims.unwrap();
        assert_eq!((density.xppu, density.yppu), (11_811, 11_811), "300 dots per inch");
    }

    #[test]
    fn a_figure_becomes_a_png_of_its_size() {
        let svg = samples::two(false).svg(&Theme::screen()).unwrap();
        let bytes = png(&svg, 2.0).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        let width = u32::from_be_bytes([bytes[16], bytes[17], bytes[18], bytes[19]]);
        assert!((f64::from(width) - 2.0 * svg.width()).abs() < 2.0, "{width} {}", svg.width());
        assert_eq!(bytes, png(&svg, 2.0).unwrap());
    }

    #[test]
    fn pictures_for_documents_are_small_and_opaque() {
        let svg = samples::initial_trust(false).svg(&Theme::screen()).unwrap();
        let (exact, small) = (png(&svg, 2.0).unwrap(), rasterise(svg.as_str(), 2.0).unwrap().bytes);
        assert!(2 * small.len() < exact.len(), "{} of {}", small.len(), exact.len());
        let (exact, small) =
            [exact, small].map(|bytes| tiny_skia::Pixmap::decode_png(&bytes).unwrap()).into();
        assert_eq!((exact.width(), exact.height()), (small.width(), small.height()));
        for (a, b) in exact.pixels().iter().zip(small.pixels()) {
            assert_eq!(b.alpha(), 255);
            let on_white = a.green().saturating_add(255 - a.alpha());
            assert!(on_white.abs_diff(b.green()) <= 4);
        }
    }

    #[test]
    fn every_figure_is_well_formed() {
        for (name, mut diagram) in samples::all() {
            diagram.nodes[0].label = "<script>&\"'\u{1}".to_owned();
            let svg = diagram.svg(&Theme::journal()).unwrap();
            let document = usvg::roxmltree::Document::parse(svg.as_str()).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"), "{name}");
            assert!(root.children().any(|node| node.has_tag_name("title")));
            assert!(root.children().any(|node| node.has_tag_name("desc")));
            assert!(root.descendants().all(|node| !node.has_tag_name("script")));
        }
    }

    #[test]
    fn characters_without_a_font_are_refused_by_name() {
        // A private-use character that no text font draws.
        let strange = '\u{10FFFD}';
        let node = Node { name: format!("A{strange}"), ..Node::default() };
        let diagram = Diagram { nodes: vec![node], ..Diagram::default() };
        let error = png(&diagram.svg(&Theme::screen()).unwrap(), 1.0).unwrap_err();
        assert!(
            matches!(&error, PlotError::NoFont { characters, .. } if characters.contains(strange)),
            "{error}"
        );
        assert_eq!(missing_glyphs("β = −.31, R² ≥ .50 ✓").unwrap(), "");
    }

    #[test]
    fn impossible_sizes_are_refused() {
        let svg = samples::two(false).svg(&Theme::screen()).unwrap();
        for scale in [0.0, -1.0, f32::NAN, 1e9] {
            assert!(matches!(png(&svg, scale), Err(PlotError::Size { .. })), "{scale}");
        }
    }
}
