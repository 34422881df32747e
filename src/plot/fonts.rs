//! Fonts inside a PDF: of each font the glyphs that the figure uses, with what they mean, so that words can be searched
//! and copied (ISO 32000-1, 9.7: composite fonts).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use resvg::usvg::fontdb::{Database, ID};
use resvg::usvg::{Group, Node, Text};
use subsetter::{GlyphRemapper, subset};

/// A font as it is embedded.
pub(super) struct Embedded {
    glyphs: GlyphRemapper,
    /// What each glyph stands for.
    meaning: BTreeMap<u16, String>,
    /// The font cut down to its glyphs.
    file: Vec<u8>,
    name: String,
    /// Units of the font in an em.
    pub(super) units: f32,
}

/// The fonts of a figure, in the order of their first use.
#[derive(Default)]
pub(super) struct Fonts {
    order: Vec<ID>,
    fonts: BTreeMap<ID, Embedded>,
}

/// What a glyph says and which one it is.
type Use = (ID, u16, String);

impl Fonts {
    /// Gathers what a figure uses and cuts the fonts down; a font that cannot be embedded is left out.
    pub(super) fn of(root: &Group, database: &Database) -> Self {
        let mut uses: Vec<Use> = Vec::new();
        gather(root, &mut uses);
        let mut order: Vec<ID> = Vec::new();
        let mut wanted: BTreeMap<ID, (GlyphRemapper, BTreeMap<u16, String>)> = BTreeMap::new();
        for (font, glyph, text) in uses {
            if !order.contains(&font) {
                order.push(font);
            }
            let (glyphs, meaning) = wanted.entry(font).or_default();
            let cut = glyphs.remap(glyph);
            if !text.is_empty() {
                meaning.entry(cut).or_insert(text);
            }
        }
        let fonts = wanted
            .into_iter()
            .filter_map(|(id, (glyphs, meaning))| {
                let file = database.with_face_data(id, |data, index| cut(data, index, &glyphs))??;
                let units =
                    table(&file, *b"head").and_then(|head| short(head, 18)).filter(|units| *units > 0)?;
                let name = database.face(id).map_or("Font", |face| face.post_script_name.as_str());
                let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                Some((id, Embedded { glyphs, meaning, file, name, units: f32::from(units) }))
            })
            .collect();
        let mut found = Self { order, fonts };
        found.order.retain(|id| found.fonts.contains_key(id));
        found
    }

    /// Whether all of a text can be written in embedded fonts.
    pub(super) fn know(&self, text: &Text) -> bool {
        text.layouted().iter().all(|span| {
            span.stroke.is_none()
                && span.underline.is_none()
                && span.overline.is_none()
                && span.line_through.is_none()
                && span.positioned_glyphs.iter().all(|glyph| self.fonts.contains_key(&glyph.font))
        })
    }

    /// The number of a font, what it is, and the number of a glyph in it.
    pub(super) fn glyph(&self, font: ID, glyph: u32) -> Option<(usize, &Embedded, u16)> {
        let at = self.order.iter().position(|known| *known == font)?;
        let embedded = self.fonts.get(&font)?;
        Some((at, embedded, embedded.glyphs.get(number(glyph))?))
    }

    /// The fonts in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Embedded> {
        self.order.iter().filter_map(|id| self.fonts.get(id))
    }
}

/// Fonts number their glyphs by 16 bits; 0 is the glyph of what is missing.
fn number(glyph: u32) -> u16 {
    u16::try_from(glyph).unwrap_or(0)
}

fn gather(group: &Group, uses: &mut Vec<Use>) {
    for node in group.children() {
        match node {
            Node::Group(group) => gather(group, uses),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                uses.extend(glyphs.map(|glyph| (glyph.font, number(glyph.id.0), glyph.text.clone())));
            }
            _ => {}
        }
    }
}

/// A font with these glyphs alone; none if it has no outlines, or varies (its default is not what was laid out).
fn cut(data: &[u8], index: u32, glyphs: &GlyphRemapper) -> Option<Vec<u8>> {
    if is_variable(data, index) {
        return None;
    }
    let file = subset(data, index, glyphs).ok()?;
    let has_outlines = table(&file, *b"glyf").is_some() || table(&file, *b"CFF ").is_some();
    has_outlines.then_some(file)
}

/// Whether a face of a font file has axes to vary.
fn is_variable(data: &[u8], index: u32) -> bool {
    let start = if data.starts_with(b"ttcf") {
        let entry = 12 + 4 * index as usize;
        long(data, entry).map_or(0, |at| at as usize)
    } else {
        0
    };
    data.get(start..).is_some_and(|face| record(face, *b"fvar").is_some())
}

/// The record of a table in the list at the start of a face.
fn record(face: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let count = usize::from(short(face, 4)?);
    face.get(12..12 + 16 * count)?.chunks_exact(16).find(|record| record.starts_with(&tag))
}

/// A table of a font file that holds one face.
fn table(file: &[u8], tag: [u8; 4]) -> Option<&[u8]> {
    let record = record(file, tag)?;
    let (start, length) = (long(record, 8)? as usize, long(record, 12)? as usize);
    file.get(start..start.checked_add(length)?)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn signed(bytes: &[u8], at: usize) -> Option<i16> {
    short(bytes, at).map(u16::cast_signed)
}

/// An object of a PDF: its dictionary without brackets, and a stream.
pub(super) type Object = (String, Option<Vec<u8>>);

impl Embedded {
    /// Thousandths of an em.
    fn mille(&self, units: i16) -> i32 {
        #[allow(clippy::cast_possible_truncation, reason = "a few thousand")]
        let mille = (f32::from(units) * 1000.0 / self.units).round() as i32;
        mille
    }

    /// Width of each glyph in order.
    fn widths(&self) -> Vec<i32> {
        let (Some(hhea), Some(hmtx)) = (table(&self.file, *b"hhea"), table(&self.file, *b"hmtx")) else {
            return Vec::new();
        };
        let full = usize::from(short(hhea, 34).unwrap_or(1)).max(1);
        let glyphs = usize::from(self.glyphs.num_gids());
        (0..glyphs)
            .map(|glyph| self.mille(signed(hmtx, 4 * glyph.min(full - 1)).unwrap_or_default()))
            .collect()
    }

    /// The objects of the font, of which the first has the number `first`.
    pub(super) fn objects(&self, first: usize, at: usize) -> Vec<Object> {
        // Six letters tell one subset from another.
        let tag: String = (0..6_u8)
            .map(|place| {
                char::from(b'A' + if place == 5 { u8::try_from(at % 26).unwrap_or(0) } else { place })
            })
            .collect();
        let name = format!("{tag}+{}", self.name);
        let (compact, outlines) = match table(&self.file, *b"CFF ") {
            Some(outlines) => (true, outlines.to_vec()),
            None => (false, self.file.clone()),
        };
        let kind = if compact { "CIDFontType0" } else { "CIDFontType2" };
        let map = if compact { "" } else { " /CIDToGIDMap /Identity" };
        let widths: Vec<String> = self.widths().iter().map(ToString::to_string).collect();
        let head = table(&self.file, *b"head").unwrap_or_default();
        let bounds: Vec<String> = [36, 38, 40, 42]
            .iter()
            .map(|&at| self.mille(signed(head, at).unwrap_or_default()).to_string())
            .collect();
        let hhea = table(&self.file, *b"hhea").unwrap_or_default();
        let [ascent, descent] = [4, 6].map(|at| self.mille(signed(hhea, at).unwrap_or_default()));
        let weight = if self.name.to_lowercase().contains("bold") { 120 } else { 80 };
        let file = if compact { "FontFile3" } else { "FontFile2" };
        let about = if compact {
            " /Subtype /CIDFontType0C".to_owned()
        } else {
            format!(" /Length1 {}", outlines.len())
        };
        vec![
            (
                format!(
                    "/Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{} 0 R] \
                     /ToUnicode {} 0 R",
                    first + 1,
                    first + 4
                ),
                None,
            ),
            (
                format!(
                    "/Type /Font /Subtype /{kind} /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
                     /Supplement 0 >> /FontDescriptor {} 0 R /DW 1000 /W [0 [{}]]{map}",
                    first + 2,
                    widths.join(" ")
                ),
                None,
            ),
            (
                format!(
                    "/Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{}] /ItalicAngle 0 /Ascent {ascent} \
                     /Descent {descent} /CapHeight {} /StemV {weight} /{file} {} 0 R",
                    bounds.join(" "),
                    ascent * 3 / 4,
                    first + 3
                ),
                None,
            ),
            (about, Some(outlines)),
            (String::new(), Some(self.meanings().into_bytes())),
        ]
    }

    /// What each glyph stands for, as a map from glyphs to characters.
    fn meanings(&self) -> String {
        let mut out = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering \
             (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n\
             <0000> <FFFF>\nendcodespacerange\n",
        );
        let all: Vec<(&u16, &String)> = self.meaning.iter().collect();
        // At most a hundred in a row.
        for part in all.chunks(100) {
            let _ = writeln!(out, "{} beginbfchar", part.len());
            for (glyph, text) in part {
                let _ = writeln!(out, "<{glyph:04X}> <{}>", utf16(text));
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
        out
    }
}

/// A text in UTF-16, as hexadecimal digits.
pub(super) fn utf16(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "{unit:04X}");
        out
    })
}
