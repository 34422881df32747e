//! Path diagrams and charts, drawn as SVG.
//!
//! Every figure is a plain struct of numbers and names with a method `svg(&Theme)`; nothing here knows how
//! the numbers were estimated. A figure is a pure function of its input: the same struct gives the same
//! bytes, so figures can be compared, cached and put under version control.
//!
//! Conventions:
//!
//! - All text is escaped; every figure carries a title and a description for readers who cannot see it.
//! - Nothing is told by colour alone: lines also differ by dash pattern and width, cells by border and
//!   symbol. [`Theme::journal`] needs no colour at all.
//! - Numbers are set as the American Psychological Association sets them (`.31`, `−.05`).
//! - Colours are those of Okabe and Ito (2008), which people with colour-vision deficiencies can tell apart.
//!
//! [`Diagram`] is the path diagram; [`Loadings`], [`Forest`], [`Htmt`], [`Heat`], [`Distributions`], [`Answers`] and
//! [`Patterns`] are charts, and [`Slopes`], [`JohnsonNeyman`] and [`Surface`] show an interaction. With the feature
//! `png`, `png()` turns any of them into pixels, and `pdf()` into a page.

mod answers;
mod arrange;
mod block;
mod blocks;
mod bootstrap;
mod chart;
mod diagram;
mod dot;
mod draw;
mod fitted;
#[cfg(feature = "png")]
mod fonts;
mod forest;
mod geometry;
mod groups;
mod heat;
mod htmt;
mod interaction;
mod johnson_neyman;
mod key;
mod layers;
mod layout;
mod legend;
mod loadings;
mod measure;
mod moderate;
mod orthogonal;
#[cfg(feature = "png")]
mod outlines;
mod patterns;
#[cfg(feature = "png")]
mod pdf;
mod place;
mod plane;
#[cfg(feature = "png")]
mod png;
pub mod results;
mod route;
mod rows;
mod shape;
mod surface;
mod svg;
mod theme;
mod tikz;
mod triangle;
mod words;

#[cfg(test)]
mod look;
#[cfg(test)]
mod samples;

pub use crate::table::Language;
pub use answers::{AnswerGroup, AnswerItem, Answers};
pub use arrange::Arrangement;
pub use bootstrap::{Distribution, Distributions};
pub use diagram::{Diagram, Edge, EdgeKind, Flow, Item, ItemArrows, Lines, Moderation, Node, Shape};
pub use fitted::{Concession, LEGIBLE};
pub use forest::{Forest, ForestGroup, ForestRow};
pub use geometry::{Point, Rect};
pub use groups::{Judged, group_keys};
pub use heat::Heat;
pub use htmt::{Htmt, HtmtCell};
pub use interaction::{SlopeLine, Slopes};
pub use johnson_neyman::{JohnsonNeyman, SlopeBand};
pub use layout::{ItemBox, Layout, NodeBox, Route};
pub use loadings::{Loading, LoadingGroup, Loadings};
#[cfg(feature = "png")]
pub use outlines::outlined;
pub use patterns::{Pattern, Patterns};
#[cfg(feature = "png")]
pub use pdf::pdf;
#[cfg(feature = "png")]
pub use png::{Raster, has_font, missing_glyphs, png, rasterise};
pub use surface::Surface;
pub use svg::Svg;
pub use theme::{Palette, Theme};

/// Why a figure cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// The input contradicts itself: an edge to a node that is not there, counts that do not match.
    #[error("{0}")]
    Input(String),
    /// There is nothing to draw.
    #[error("the figure `{0}` has nothing to draw")]
    Empty(String),
    /// The drawing backend refused.
    #[error("the figure could not be drawn: {0}")]
    Backend(String),
    /// The SVG text is not one that can be rasterised.
    #[error("the SVG could not be read: {0}")]
    Svg(String),
    /// No installed font can draw these characters.
    #[error("no available font can draw `{characters}`; {hint}")]
    NoFont {
        /// The characters, each once, in order of appearance.
        characters: String,
        /// How to mend it.
        hint: String,
    },
    /// The requested raster is empty or too large.
    #[error("a raster of {width} × {height} pixels cannot be made; choose another scale")]
    Size {
        /// Width in pixels.
        width: u64,
        /// Height in pixels.
        height: u64,
    },
}
