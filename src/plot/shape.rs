//! Outlines of constructs: how large they must be for their text, where lines meet them.

use super::diagram::Shape;
use super::geometry::{Point, Rect};
use super::svg::Element;

/// One line of text inside a shape: half its width, and its top and bottom measured from the centre.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) half: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// How far a hexagon's slanted sides reach inwards.
fn inset(width: f64, height: f64) -> f64 {
    (height * 0.3).min(width / 4.0)
}

/// Width and height of the smallest comfortable shape around these lines.
pub(crate) fn fit(shape: Shape, lines: &[Line], pad: f64) -> (f64, f64) {
    let half_text = lines.iter().map(|line| line.bottom.max(-line.top)).fold(0.0, f64::max);
    let widest = lines.iter().map(|line| line.half).fold(0.0, f64::max);
    match shape {
        Shape::SingleItem => (2.0 * (widest + pad), 2.0 * (half_text + pad * 0.7)),
        Shape::Composite => {
            let half_height = half_text + pad * 0.8;
            let height = 2.0 * half_height;
            let reach = lines
                .iter()
                .map(|line| line.half + height * 0.3 * line.bottom.abs().max(line.top.abs()) / half_height)
                .fold(0.0, f64::max);
            (2.0 * (reach + pad * 0.6), height)
        }
        Shape::Factor => {
            let half_height = half_text * 1.3 + pad * 0.6;
            let reach = lines
                .iter()
                .map(|line| {
                    let y = line.bottom.abs().max(line.top.abs()) / half_height;
                    line.half / (1.0 - y * y).max(0.05).sqrt()
                })
                .fold(0.0, f64::max);
            (2.0 * (reach + pad * 0.75), 2.0 * half_height)
        }
    }
}

/// Distance from the centre to the border along one axis, at an offset from the centre on the other.
pub(crate) fn reach(shape: Shape, rect: &Rect, offset: f64, horizontal: bool) -> f64 {
    let (half, cross) = if horizontal {
        (rect.width / 2.0, rect.height / 2.0)
    } else {
        (rect.height / 2.0, rect.width / 2.0)
    };
    let share = if cross > 0.0 { (offset.abs() / cross).min(1.0) } else { 0.0 };
    match shape {
        Shape::SingleItem => half,
        Shape::Factor => half * (1.0 - share * share).sqrt(),
        Shape::Composite => {
            let inset = inset(rect.width, rect.height);
            if horizontal {
                half - inset * share
            } else if offset.abs() <= cross - inset || inset <= 0.0 {
                half
            } else {
                half * (cross - offset.abs()).max(0.0) / inset
            }
        }
    }
}

/// Where the straight line from the centre towards a point leaves the shape.
pub(crate) fn clip(shape: Shape, rect: &Rect, towards: Point) -> Point {
    let centre = rect.centre();
    let inside = |share: f64| {
        let point = centre.towards(towards, share);
        let (dx, dy) = ((point.x - centre.x).abs(), (point.y - centre.y).abs());
        dy <= rect.height / 2.0 && dx <= reach(shape, rect, dy, true)
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if inside(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    centre.towards(towards, high)
}

/// The outline as an element without colours.
pub(crate) fn outline(shape: Shape, rect: &Rect) -> Element {
    let centre = rect.centre();
    match shape {
        Shape::Factor => Element::new("ellipse")
            .num("cx", centre.x)
            .num("cy", centre.y)
            .num("rx", rect.width / 2.0)
            .num("ry", rect.height / 2.0),
        Shape::SingleItem => Element::rect(*rect).num("rx", 6.0),
        Shape::Composite => {
            let inset = inset(rect.width, rect.height);
            let points = [
                (rect.x, centre.y),
                (rect.x + inset, rect.y),
                (rect.right() - inset, rect.y),
                (rect.right(), centre.y),
                (rect.right() - inset, rect.bottom()),
                (rect.x + inset, rect.bottom()),
            ];
            let text: Vec<String> = points
                .iter()
                .map(|(x, y)| format!("{},{}", super::svg::number(*x), super::svg::number(*y)))
                .collect();
            Element::new("polygon").attr("points", &text.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_inside_its_shape() {
        let lines = [
            Line { half: 40.0, top: -22.0, bottom: -6.0 },
            Line { half: 30.0, top: -6.0, bottom: 10.0 },
            Line { half: 20.0, top: 10.0, bottom: 22.0 },
        ];
        for shape in [Shape::Factor, Shape::Composite, Shape::SingleItem] {
            let (width, height) = fit(shape, &lines, 8.0);
            let rect = Rect { x: 0.0, y: 0.0, width, height };
            for line in lines {
                for y in [line.top, line.bottom] {
                    assert!(y.abs() < height / 2.0);
                    assert!(reach(shape, &rect, y, true) > line.half, "{shape:?}");
                }
            }
        }
    }

    #[test]
    fn lines_end_on_the_border() {
        let rect = Rect { x: 0.0, y: 0.0, width: 100.0, height: 40.0 };
        for shape in [Shape::Factor, Shape::Composite, Shape::SingleItem] {
            let right = clip(shape, &rect, Point::new(500.0, 20.0));
            assert!((right.x - 100.0).abs() < 1e-6 && (right.y - 20.0).abs() < 1e-6, "{shape:?}");
            let up = clip(shape, &rect, Point::new(50.0, -500.0));
            assert!(up.y.abs() < 1e-6, "{shape:?} {up:?}");
            assert!(reach(shape, &rect, 19.9, true) <= 50.0);
        }
    }
}
