//! How figures look: fonts, sizes, colours.
//!
//! Sizes are CSS pixels (96 to the inch), so 12 px are 9 pt. A journal figure states its size in
//! millimetres and is never larger than [`Theme::max_width_mm`] and [`Theme::max_height_mm`]; when a drawing
//! needs more room, it is scaled down as a whole.

use super::fitted::LEGIBLE;

/// Millimetres per CSS pixel.
pub(crate) const MM_PER_PX: f64 = 25.4 / 96.0;

/// The bundled family first, then what usually draws Chinese on Linux, Windows and macOS.
const FAMILY: &str =
    "'DejaVu Sans', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', SimHei, sans-serif";

/// Fonts, sizes and colours of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    /// CSS font-family list.
    pub family: String,
    /// Size of construct names, axis titles and titles' base, in px.
    pub text: f64,
    /// Size of item names, coefficients, axis numbers and the legend, in px.
    pub small: f64,
    /// Size of the figure's title, in px.
    pub heading: f64,
    /// Whether colour may carry meaning in addition to pattern.
    pub colour: bool,
    /// The colours.
    pub palette: Palette,
    /// Largest width of the figure on paper; `None` gives the size in px.
    pub max_width_mm: Option<f64>,
    /// Largest height of the figure on paper.
    pub max_height_mm: Option<f64>,
    /// Whether the words of an SVG are written as outlines, which look the same on a machine without the fonts.
    pub outlines: bool,
}

/// Colours as CSS hexadecimal `#RRGGBB`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Text and significant lines.
    pub ink: String,
    /// Secondary text, not significant lines.
    pub muted: String,
    /// Grid lines and item borders.
    pub faint: String,
    /// Background, also of the plates under coefficients.
    pub paper: String,
    /// Outline and fill of a common factor.
    pub factor: [String; 2],
    /// Outline and fill of a composite.
    pub composite: [String; 2],
    /// Outline and fill of a single-item construct.
    pub single: [String; 2],
    /// Negative effects.
    pub negative: String,
    /// Points and bars.
    pub accent: String,
    /// Thresholds.
    pub limit: String,
    /// Ends of the scale of answers: lowest, middle, highest.
    pub scale: [String; 3],
}

fn pair(outline: &str, fill: &str) -> [String; 2] {
    [outline.to_owned(), fill.to_owned()]
}

impl Theme {
    /// For screens: Okabe-Ito colours, size in px.
    pub fn screen() -> Self {
        Self {
            family: FAMILY.to_owned(),
            text: 13.0,
            small: 11.0,
            heading: 16.0,
            colour: true,
            palette: Palette {
                ink: "#1A1A1A".to_owned(),
                muted: "#767676".to_owned(),
                faint: "#D9D9D9".to_owned(),
                paper: "#FFFFFF".to_owned(),
                factor: pair("#0072B2", "#EAF3F9"),
                composite: pair("#B07800", "#FDF4DF"),
                single: pair("#007A5A", "#E6F4EF"),
                // A shade darker than vermillion, so that small coefficients can be read.
                negative: "#C05300".to_owned(),
                accent: "#0072B2".to_owned(),
                limit: "#D55E00".to_owned(),
                scale: ["#D55E00".to_owned(), "#E6E6E6".to_owned(), "#0072B2".to_owned()],
            },
            max_width_mm: None,
            max_height_mm: None,
            outlines: false,
        }
    }

    /// For print: black and white, 9 pt, at most 174 mm wide (two columns of most journals).
    pub fn journal() -> Self {
        let black = "#000000";
        let white = "#FFFFFF";
        Self {
            family: FAMILY.to_owned(),
            text: 12.0,
            small: 10.67,
            heading: 13.33,
            colour: false,
            palette: Palette {
                ink: black.to_owned(),
                muted: "#6E6E6E".to_owned(),
                faint: "#CCCCCC".to_owned(),
                paper: white.to_owned(),
                factor: pair(black, white),
                composite: pair(black, white),
                single: pair(black, white),
                negative: black.to_owned(),
                accent: black.to_owned(),
                limit: black.to_owned(),
                scale: ["#4D4D4D".to_owned(), "#A6A6A6".to_owned(), "#F2F2F2".to_owned()],
            },
            max_width_mm: Some(174.0),
            max_height_mm: Some(234.0),
            outlines: true,
        }
    }
}

/// Pages below this width in px are narrow: a column of a journal.
const NARROW: f64 = 480.0;

impl Theme {
    /// Height in px that a figure may have as drawn, so that its letters can still be read when it is shrunk to the page.
    pub(crate) fn height(&self) -> f64 {
        let shrink = (LEGIBLE / 0.75 * 1.03 / (self.small * 0.9)).min(1.0);
        self.max_height_mm.map_or(f64::INFINITY, |mm| mm / MM_PER_PX / shrink)
    }

    /// Whether the page is a column rather than a whole page.
    pub(crate) fn is_narrow(&self) -> bool {
        self.max_width_mm.is_some_and(|mm| mm / MM_PER_PX < NARROW)
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::screen()
    }
}

/// Red, green and blue of `#RRGGBB`; black if it is not of that form.
pub(crate) fn rgb(colour: &str) -> (u8, u8, u8) {
    let part = |at: usize| {
        colour.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0)
    };
    (part(1), part(3), part(5))
}

/// The colour `share` of the way from one to the other.
pub(crate) fn blend(from: &str, to: &str, share: f64) -> String {
    let (a, b) = (rgb(from), rgb(to));
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let mix = |x: u8, y: u8| {
        let value = f64::from(x) + (f64::from(y) - f64::from(x)) * share;
        // Between two bytes by construction.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = value.round() as u8;
        byte
    };
    format!("#{:02X}{:02X}{:02X}", mix(a.0, b.0), mix(a.1, b.1), mix(a.2, b.2))
}

/// Whether white text reads better than black on this colour (relative luminance, WCAG 2).
pub(crate) fn is_dark(colour: &str) -> bool {
    let (r, g, b) = rgb(colour);
    let linear = |byte: u8| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) < 0.179
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_blend_and_contrast() {
        assert_eq!(blend("#000000", "#FFFFFF", 0.5), "#808080");
        assert_eq!(blend("#0072B2", "#D55E00", 0.0), "#0072B2");
        assert_eq!(rgb("nonsense"), (0, 0, 0));
        assert!(is_dark("#0072B2"));
        assert!(!is_dark("#F2F2F2"));
    }
}
