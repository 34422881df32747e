//! Figures whose words are outlines: they look the same on a machine without their fonts. What the figure says stays in its
//! title and description.

use resvg::usvg::{Indent, WriteOptions};

use super::png::complete_tree;
use super::svg::number;
use super::{PlotError, Svg};

/// The text of a figure with outlines in place of words, of the fonts that the raster uses.
///
/// # Errors
/// [`PlotError::NoFont`] if a character cannot be drawn, [`PlotError::Svg`] if the text cannot be read.
pub fn outlined(svg: &Svg) -> Result<String, PlotError> {
    let text = svg.as_str();
    let unread = || PlotError::Svg("it does not begin with its title and description".to_owned());
    let tree = complete_tree(text)?;
    let options = WriteOptions { indent: Indent::None, ..WriteOptions::default() };
    let drawing = tree.to_string(&options);
    let drawing =
        drawing.split_once('>').and_then(|(_, rest)| rest.rsplit_once("</svg>")).ok_or_else(unread)?.0;
    // The opening tag, in whose units the drawing no longer is, then title and description.
    let (root, rest) = text.split_once('>').ok_or_else(unread)?;
    let said = rest.split_once("</desc>").ok_or_else(unread)?.0;
    let (before, after) = root.split_once("viewBox=\"").ok_or_else(unread)?;
    let (_, after) = after.split_once('"').ok_or_else(unread)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let view = format!("0 0 {} {}", number(f64::from(width)), number(f64::from(height)));
    Ok(format!("{before}viewBox=\"{view}\"{after}>{said}</desc>\n{drawing}</svg>\n"))
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{Theme, rasterise, samples};
    use super::*;

    #[test]
    fn outlines_look_like_the_words() {
        let svg = samples::second_order(false).svg(&Theme::journal()).unwrap();
        let text = outlined(&svg).unwrap();
        assert!(!text.contains("<text") && text.contains("<path") && text.contains("role=\"img\""));
        assert!(text.contains("<title id=") && text.contains("Path diagram: 6 constructs"));
        let tag = |text: &str, name: &str| {
            text.split_once(&format!(" {name}=\""))
                .and_then(|(_, rest)| rest.split_once('"'))
                .map(|found| found.0.to_owned())
        };
        assert_eq!(tag(&text, "width"), tag(svg.as_str(), "width"));
        // Pixel by pixel, but for rounding at edges.
        let [a, b] = [svg.as_str(), &text].map(|text| {
            let raster = rasterise(text, 1.0).unwrap();
            resvg::tiny_skia::Pixmap::decode_png(&raster.bytes).unwrap()
        });
        assert_eq!((a.width(), a.height()), (b.width(), b.height()));
        let differ =
            a.pixels().iter().zip(b.pixels()).filter(|(a, b)| a.red().abs_diff(b.red()) > 60).count();
        assert!(differ * 500 < a.pixels().len(), "{differ} of {}", a.pixels().len());
    }
}
