//! Figures as PDF: the same drawing as vectors.
//!
//! Text becomes outlines of the fonts that the raster uses, so the file needs no font and looks the same everywhere,
//! which is what journals ask embedded fonts for. Lines, fills, dashes and opacity are all that our figures use.

use std::fmt::Write as _;

use resvg::tiny_skia::{PathSegment, Transform};
use resvg::usvg::{self, FillRule, Group, LineCap, LineJoin, Node, Paint};

use super::PlotError;
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
#[derive(Default)]
struct Page {
    content: String,
    opacities: Vec<u8>,
}

impl Page {
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
                Node::Text(text) => self.group(text.flattened(), opacity),
                Node::Path(_) | Node::Image(_) => {}
            }
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

/// Draws the text of an SVG as a PDF of one page, as large as the drawing says.
///
/// # Errors
/// [`PlotError::NoFont`] if a character cannot be drawn, [`PlotError::Svg`] if the text cannot be read.
pub fn pdf(svg: &str) -> Result<Vec<u8>, PlotError> {
    let tree = complete_tree(svg)?;
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let mut page = Page::default();
    // From px downwards to points upwards.
    let _ = writeln!(page.content, "{} 0 0 -{} 0 {} cm", number(POINTS), number(POINTS), number(height));
    page.group(tree.root(), 1.0);
    let states: Vec<String> = page
        .opacities
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            let opacity = number(f32::from(*byte) / 255.0);
            format!("/G{at} << /ca {opacity} /CA {opacity} >>")
        })
        .collect();
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents 4 0 R /Resources << /ExtGState << {} >> >> >>",
            number(width),
            number(height),
            states.join(" ")
        ),
        format!("<< /Length {} >>\nstream\n{}\nendstream", page.content.len() + 1, page.content),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::with_capacity(objects.len());
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        let _ = writeln!(file, "{} 0 obj\n{object}\nendobj", at + 1);
    }
    let start = file.len();
    let _ = writeln!(file, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
    for place in places {
        let _ = writeln!(file, "{place:010} 00000 n ");
    }
    let _ =
        writeln!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF", objects.len() + 1);
    Ok(file.into_bytes())
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
        let file = String::from_utf8(pdf(svg.as_str()).unwrap()).unwrap();
        assert!(file.starts_with("%PDF-1.4") && file.ends_with("%%EOF\n"));
        let media = file.split("/MediaBox [0 0 ").nth(1).unwrap();
        let width: f64 = media.split(' ').next().unwrap().parse().unwrap();
        assert!((width - svg.width() * 0.75).abs() < 1.0, "{width}");
        // Every object stands where the table of places says.
        let table = file.split("0000000000 65535 f \n").nth(1).unwrap();
        for (at, line) in table.lines().take(4).enumerate() {
            let place: usize = line[..10].parse().unwrap();
            assert!(file[place..].starts_with(&format!("{} 0 obj", at + 1)));
        }
    }

    #[test]
    fn colours_and_numbers_are_written_as_pdf_reads_them() {
        assert_eq!((number(0.5), number(-0.0001), number(f32::NAN)), ("0.5".into(), "0".into(), "0".into()));
    }
}
