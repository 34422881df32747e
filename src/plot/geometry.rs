//! Points, rectangles and cubic curves.

/// A point in px, y downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(crate) fn distance(self, other: Self) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// The point `share` of the way to another.
    pub(crate) fn towards(self, other: Self, share: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)
    }
}

/// An upright rectangle in px.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    pub(crate) fn centred(centre: Point, width: f64, height: f64) -> Self {
        Self { x: centre.x - width / 2.0, y: centre.y - height / 2.0, width, height }
    }

    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub(crate) fn grown(&self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }

    pub(crate) fn moved(&self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..*self }
    }

    /// Area shared with another rectangle.
    pub(crate) fn overlap(&self, other: &Self) -> f64 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        if w > 0.0 && h > 0.0 { w * h } else { 0.0 }
    }

    /// Whether the piece of a line between two points runs through it (Liang and Barsky, 1984).
    pub(crate) fn is_cut_by(&self, from: Point, to: Point) -> bool {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (step, room) in [
            (-dx, from.x - self.x),
            (dx, self.right() - from.x),
            (-dy, from.y - self.y),
            (dy, self.bottom() - from.y),
        ] {
            if step == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if step < 0.0 {
                enter = enter.max(room / step);
            } else {
                leave = leave.min(room / step);
            }
        }
        enter < leave
    }

    pub(crate) fn contains(&self, point: Point) -> bool {
        point.x >= self.x && point.x <= self.right() && point.y >= self.y && point.y <= self.bottom()
    }

    /// The smallest rectangle that holds both.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self {
            x,
            y,
            width: self.right().max(other.right()) - x,
            height: self.bottom().max(other.bottom()) - y,
        }
    }
}

/// One cubic Bézier segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cubic(pub(crate) [Point; 4]);

impl Cubic {
    /// A straight line.
    pub(crate) fn line(from: Point, to: Point) -> Self {
        Self([from, from.towards(to, 1.0 / 3.0), from.towards(to, 2.0 / 3.0), to])
    }

    pub(crate) fn at(&self, t: f64) -> Point {
        let [a, b, c, d] = self.0;
        let s = 1.0 - t;
        let (wa, wb, wc, wd) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
        Point::new(wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y)
    }
}

/// Points along a chain of curves, no further apart than about `step`.
pub(crate) fn sample(curves: &[Cubic], step: f64) -> Vec<Point> {
    let mut points: Vec<Point> = curves.first().map(|curve| curve.0[0]).into_iter().collect();
    for curve in curves {
        let [a, b, c, d] = curve.0;
        let length = a.distance(b) + b.distance(c) + c.distance(d);
        // Bounded and positive by construction.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (length / step).ceil().clamp(1.0, 400.0) as u32;
        for i in 1..=steps {
            points.push(curve.at(f64::from(i) / f64::from(steps)));
        }
    }
    points
}

/// Whether two pieces of lines cross.
pub(crate) fn meet(one: [Point; 2], other: [Point; 2]) -> bool {
    let side = |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    side(one[0], one[1], other[0]) * side(one[0], one[1], other[1]) < 0.0
        && side(other[0], other[1], one[0]) * side(other[0], other[1], one[1]) < 0.0
}

/// Whether a chain of points runs through a rectangle.
pub(crate) fn runs_through(points: &[Point], rect: &Rect) -> bool {
    points.windows(2).any(|pair| rect.is_cut_by(pair[0], pair[1]))
}

/// The smallest rectangle that holds all points, grown a little.
pub(crate) fn around(points: &[Point]) -> Rect {
    let Some(&first) = points.first() else { return Rect::default() };
    points
        .iter()
        .fold(Rect::centred(first, 1.0, 1.0), |all, &point| all.union(&Rect::centred(point, 1.0, 1.0)))
}

/// The point `share` of the way along a chain of points.
pub(crate) fn along(points: &[Point], share: f64) -> Point {
    let length: f64 = points.windows(2).map(|pair| pair[0].distance(pair[1])).sum();
    let mut left = length * share.clamp(0.0, 1.0);
    for pair in points.windows(2) {
        let step = pair[0].distance(pair[1]);
        if step >= left && step > 0.0 {
            return pair[0].towards(pair[1], left / step);
        }
        left -= step;
    }
    points.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_is_an_area() {
        let a = Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };
        assert_eq!(a.overlap(&a.moved(5.0, 5.0)), 25.0);
        assert_eq!(a.overlap(&a.moved(10.0, 0.0)), 0.0);
        assert_eq!(a.union(&a.moved(5.0, 0.0)).width, 15.0);
    }

    #[test]
    fn a_line_cuts_a_rectangle_or_passes_it() {
        let rect = Rect { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };
        let cut = |a: (f64, f64), b: (f64, f64)| rect.is_cut_by(Point::new(a.0, a.1), Point::new(b.0, b.1));
        assert!(
            cut((-5.0, 5.0), (15.0, 5.0)) && cut((2.0, 2.0), (3.0, 3.0)) && cut((-1.0, 4.0), (4.0, -1.0))
        );
        assert!(
            !cut((-5.0, 11.0), (15.0, 11.0))
                && !cut((-5.0, 5.0), (-1.0, 5.0))
                && !cut((-9.0, 4.0), (4.0, -9.0))
        );
        assert!(meet(
            [Point::new(0.0, 0.0), Point::new(4.0, 4.0)],
            [Point::new(0.0, 4.0), Point::new(4.0, 0.0)]
        ));
    }

    #[test]
    fn half_way_along_a_line_is_its_middle() {
        let line = Cubic::line(Point::new(0.0, 0.0), Point::new(10.0, 0.0));
        let points = sample(&[line], 1.0);
        assert!((along(&points, 0.5).x - 5.0).abs() < 1e-9);
        assert_eq!(along(&points, 1.0), Point::new(10.0, 0.0));
        assert_eq!(along(&[], 0.5), Point::default());
    }
}
