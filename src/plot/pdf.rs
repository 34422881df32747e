//! Figures as PDF: the same drawing as vectors.
//!
//! Text stays text: the glyphs that a figure uses are embedded with their meaning, so the file looks the same everywhere,
//! and its words can be searched and copied. Where a font cannot be embedded, its words become outlines. Lines, fills,
//! dashes and opacity are all that our figures use besides.

use std::fmt::Write as _;
use std::io::Write as _;

use resvg::tiny_skia::{PathSegment, Transform};
use resvg::usvg::{self, FillRule, Group, LineCap, LineJoin, Node, Paint};

use super::PlotError;
use super::fonts::{Fonts, Object, utf16};
use super::png::complete_tree;

/// Points of PDF per px of CSS.
const POINTS: f32 = 0.75;

/// A number with at most three decimals.
fn number(value: f32) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() || text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn colour(paint: &Paint) -> Option<[f32; 3]> {
    match paint {
        Paint::Color(c) => Some([c.red, c.green, c.blue].map(|byte| f32::from(byte) / 255.0)),
        _ => None,
    }
}

/// What is written, and the degrees of opacity that it uses.
struct Page<'a> {
    content: String,
    opacities: Vec<u8>,
    fonts: &'a Fonts,
}

impl Page<'_> {
    /// The name of a graphics state with this opacity.
    fn opacity(&mut self, opacity: f32) -> usize {
        // Between 0 and 255 by construction.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        self.opacities.iter().position(|known| *known == byte).unwrap_or_else(|| {
            self.opacities.push(byte);
            self.opacities.len() - 1
        })
    }

    fn group(&mut self, group: &Group, opacity: f32) {
        let opacity = opacity * group.opacity().get();
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(group, opacity),
                Node::Path(path) if path.is_visible() => self.path(path, opacity),
                Node::Text(text) if self.fonts.know(text) => self.text(text, opacity),
                Node::Text(text) => self.group(text.flattened(), opacity),
                Node::Path(_) | Node::Image(_) => {}
            }
        }
    }

    fn text(&mut self, text: &usvg::Text, opacity: f32) {
        let place = text.abs_transform();
        for span in text.layouted().iter().filter(|span| span.visible) {
            let Some(fill) = &span.fill else { continue };
            let Some([r, g, b]) = colour(fill.paint()) else { continue };
            let state = self.opacity(opacity * fill.opacity().get());
            let _ = writeln!(self.content, "/G{state} gs {} {} {} rg\nBT", number(r), number(g), number(b));
            let mut last = usize::MAX;
            for glyph in &span.positioned_glyphs {
                let Some((font, embedded, cut)) = self.fonts.glyph(glyph.font, glyph.id.0) else { continue };
                if font != last {
                    let _ = writeln!(self.content, "/F{font} 1 Tf");
                    last = font;
                }
                // From an em of the font, upwards, to the page.
                let to =
                    place.pre_concat(glyph.outline_transform()).pre_scale(embedded.units, embedded.units);
                let matrix = [to.sx, to.ky, to.kx, to.sy, to.tx, to.ty].map(number);
                let _ = writeln!(self.content, "{} Tm <{cut:04X}> Tj", matrix.join(" "));
            }
            self.content.push_str("ET\n");
        }
    }

    fn path(&mut self, path: &usvg::Path, opacity: f32) {
        let transform = path.abs_transform();
        let outline = outline(path.data(), transform);
        if let Some(fill) = path.fill()
            && let Some([r, g, b]) = colour(fill.paint())
        {
            let state = self.opacity(opacity * fill.opacity().get());
            let operator = if fill.rule() == FillRule::EvenOdd { "f*" } else { "f" };
            let _ = writeln!(
                self.content,
                "/G{state} gs {} {} {} rg\n{outline}{operator}",
                number(r),
                number(g),
                number(b)
            );
        }
        if let Some(stroke) = path.stroke()
            && let Some([r, g, b]) = colour(stroke.paint())
        {
            let state = self.opacity(opacity * stroke.opacity().get());
            let scale = transform.get_scale().0;
            let dashes: Vec<String> =
                stroke.dasharray().unwrap_or_default().iter().map(|dash| number(dash * scale)).collect();
            let cap = match stroke.linecap() {
                LineCap::Butt => 0,
                LineCap::Round => 1,
                LineCap::Square => 2,
            };
            let join = match stroke.linejoin() {
                LineJoin::Miter | LineJoin::MiterClip => 0,
                LineJoin::Round => 1,
                LineJoin::Bevel => 2,
            };
            let _ = writeln!(
                self.content,
                "/G{state} gs {} {} {} RG {} w {cap} J {join} j [{}] {} d\n{outline}S",
                number(r),
                number(g),
                number(b),
                number(stroke.width().get() * scale),
                dashes.join(" "),
                number(stroke.dashoffset() * scale)
            );
        }
    }
}

/// The outline as operators of PDF.
fn outline(path: &resvg::tiny_skia::Path, transform: Transform) -> String {
    let mut out = String::new();
    let mut last = resvg::tiny_skia::Point::zero();
    let at = |mut point: resvg::tiny_skia::Point| {
        transform.map_point(&mut point);
        point
    };
    let show = |point: resvg::tiny_skia::Point| format!("{} {}", number(point.x), number(point.y));
    for segment in path.segments() {
        let _ = match segment {
            PathSegment::MoveTo(point) => {
                last = at(point);
                writeln!(out, "{} m", show(last))
            }
            PathSegment::LineTo(point) => {
                last = at(point);
                writeln!(out, "{} l", show(last))
            }
            PathSegment::QuadTo(control, point) => {
                // PDF knows cubic curves only.
                let (control, point) = (at(control), at(point));
                let third = |from: resvg::tiny_skia::Point| {
                    resvg::tiny_skia::Point::from_xy(
                        from.x + (control.x - from.x) * 2.0 / 3.0,
                        from.y + (control.y - from.y) * 2.0 / 3.0,
                    )
                };
                let (a, b) = (third(last), third(point));
                last = point;
                writeln!(out, "{} {} {} c", show(a), show(b), show(point))
            }
            PathSegment::CubicTo(a, b, point) => {
                last = at(point);
                writeln!(out, "{} {} {} c", show(at(a)), show(at(b)), show(last))
            }
            PathSegment::Close => writeln!(out, "h"),
        };
    }
    out
}

/// The title of a figure.
fn title(svg: &str) -> Option<String> {
    let document = usvg::roxmltree::Document::parse(svg).ok()?;
    let title = document.root_element().children().find(|node| node.has_tag_name("title"))?;
    title.text().map(str::to_owned).filter(|title| !title.trim().is_empty())
}

/// Bytes that say the same in less.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Draws the text of an SVG as a PDF of one page, as large as the drawing says.
///
/// # Errors
/// [`PlotError::NoFont`] if a character cannot be drawn, [`PlotError::Svg`] if the text cannot be read.
pub fn pdf(svg: &str) -> Result<Vec<u8>, PlotError> {
    let tree = complete_tree(svg)?;
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let fonts = Fonts::of(tree.root(), tree.fontdb());
    let mut page = Page { content: String::new(), opacities: Vec::new(), fonts: &fonts };
    // From px downwards to points upwards.
    let _ = writeln!(page.content, "{} 0 0 -{} 0 {} cm", number(POINTS), number(POINTS), number(height));
    page.group(tree.root(), 1.0);
    let states = page.opacities.iter().enumerate().map(|(at, byte)| {
        let opacity = number(f32::from(*byte) / 255.0);
        format!("/G{at} << /ca {opacity} /CA {opacity} >>")
    });
    let states: Vec<String> = states.collect();
    let numbers = (0..fonts.iter().count()).map(|at| format!("/F{at} {} 0 R", FIRST + OBJECTS * at));
    let numbers: Vec<String> = numbers.collect();
    let title = title(svg).map_or_else(String::new, |title| format!("/Title <FEFF{}> ", utf16(&title)));
    let mut objects: Vec<Object> = vec![
        ("/Type /Catalog /Pages 2 0 R".to_owned(), None),
        ("/Type /Pages /Kids [3 0 R] /Count 1".to_owned(), None),
        (
            format!(
                "/Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R /Resources << /ExtGState << {} >> /Font \
                 << {} >> >>",
                number(width),
                number(height),
                states.join(" "),
                numbers.join(" ")
            ),
            None,
        ),
        (String::new(), Some(page.content.into_bytes())),
        (format!("{title}/Producer (trustpath)"), None),
    ];
    for (at, font) in fonts.iter().enumerate() {
        objects.extend(font.objects(FIRST + OBJECTS * at, at));
    }
    Ok(assemble(&objects))
}

/// Objects that a font takes.
const OBJECTS: usize = 5;
/// Number of the first of them.
const FIRST: usize = 6;

/// The file: objects one after the other, and the table of their places.
fn assemble(objects: &[Object]) -> Vec<u8> {
    // Four bytes that are no text say that the file is not.
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::with_capacity(objects.len());
    for (at, (dictionary, stream)) in objects.iter().enumerate() {
        places.push(file.len());
        let start = match stream {
            None => format!("{} 0 obj\n<< {dictionary} >>\nendobj\n", at + 1),
            Some(bytes) => {
                let bytes = packed(bytes);
                let length = bytes.len();
                let start = format!(
                    "{} 0 obj\n<< {dictionary} /Length {length} /Filter /FlateDecode >>\nstream\n",
                    at + 1
                );
                file.extend(start.into_bytes());
                file.extend(bytes);
                "\nendstream\nendobj\n".to_owned()
            }
        };
        file.extend(start.into_bytes());
    }
    let start = file.len();
    let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(end, "{place:010} 00000 n ");
    }
    let size = objects.len() + 1;
    let _ = writeln!(end, "trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF");
    file.extend(end.into_bytes());
    file
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{Theme, samples};
    use super::*;

    #[test]
    fn a_figure_becomes_a_page_of_its_size() {
        let svg = samples::two(false).svg(&Theme::journal()).unwrap();
        let bytes = pdf(svg.as_str()).unwrap();
        // Each byte one character, so that places stay what they are.
        let file: String =
            bytes.iter().map(|&byte| if byte < 128 { char::from(byte) } else { '?' }).collect();
        assert!(file.starts_with("%PDF-1.4") && file.ends_with("%%EOF\n"));
        let media = file.split("/MediaBox [0 0 ").nth(1).unwrap();
        let width: f64 = media.split(' ').next().unwrap().parse().unwrap();
        assert!((width - svg.width() * 0.75).abs() < 1.0, "{width}");
        // Every object stands where the table of places says.
        let table = file.split("0000000000 65535 f \n").nth(1).unwrap();
        let lines: Vec<&str> = table.lines().take_while(|line| line.ends_with(" n ")).collect();
        assert_eq!(lines.len(), 5 + 2 * OBJECTS, "regular and bold");
        for (at, line) in lines.iter().enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(file[place..].starts_with(&format!("{} 0 obj", at + 1)));
        }
    }

    /// The streams of a file, unpacked.
    fn streams(file: &[u8]) -> Vec<String> {
        use std::io::Read as _;
        let at = |from: usize, words: &[u8]| {
            file.get(from..)?
                .windows(words.len())
                .position(|part| part == words)
                .map(|at| from + at + words.len())
        };
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(start) = at(from, b">>\nstream\n") {
            let mut bytes = Vec::new();
            flate2::read::ZlibDecoder::new(&file[start..]).read_to_end(&mut bytes).unwrap();
            found.push(String::from_utf8_lossy(&bytes).into_owned());
            from = at(start, b"\nendstream").unwrap();
        }
        found
    }

    #[test]
    fn words_stay_words() {
        let svg = samples::two(false).svg(&Theme::journal()).unwrap();
        let file = pdf(svg.as_str()).unwrap();
        let text: String = file.iter().map(|&byte| if byte < 128 { char::from(byte) } else { '?' }).collect();
        for words in ["/Subtype /Type0", "DejaVuSans", "DejaVuSans-Bold", "/FontFile2", "/ToUnicode"] {
            assert!(text.contains(words), "{words}");
        }
        assert!(text.contains(&format!("/Title <FEFF{}>", utf16("Two constructs"))));
        let streams = streams(&file);
        // The content writes glyphs, and the map of the font says what they mean.
        assert!(streams[0].contains(" Tm <") && streams[0].contains("/F0 1 Tf"), "{}", streams[0]);
        let maps: Vec<&String> = streams.iter().filter(|stream| stream.contains("begincmap")).collect();
        assert_eq!(maps.len(), 2);
        for letter in ["P", "β", "3", "["] {
            let meaning = format!("> <{}>", utf16(letter));
            let used = svg.as_str().contains(letter);
            assert_eq!(maps.iter().any(|map| map.contains(&meaning)), used, "{letter}");
        }
        assert_eq!(file, pdf(svg.as_str()).unwrap());
    }

    #[test]
    fn colours_and_numbers_are_written_as_pdf_reads_them() {
        assert_eq!((number(0.5), number(-0.0001), number(f32::NAN)), ("0.5".into(), "0".into(), "0".into()));
    }
}
