//! Free places for the coefficients: on their own path, clear of everything else, as near to the middle as possible.
//!
//! A coefficient first moves along its path. Where that has no free place, its plate becomes smaller; where that does not
//! help, it stands beside its path, with a thin line to it. If all fails, the layout spreads and tries again.

use super::geometry::{Point, Rect, along, around, meet, runs_through};
use super::layout::Layout;
use super::route::plate_size;
use super::theme::Theme;

/// Px of its own path that a plate leaves to see.
pub(super) const LEAST_IN_SIGHT: f64 = 14.0;
/// From this cost on a place is not free.
const TAKEN: f64 = 60.0;
/// Free space between a plate beside its path and that path.
const DISTANCES: [f64; 7] = [5.0, 11.0, 18.0, 27.0, 40.0, 58.0, 80.0];
/// The directions in which a plate may stand beside a place of its path.
const DIRECTIONS: [(f64, f64); 8] =
    [(0.0, -1.0), (0.0, 1.0), (-1.0, 0.0), (1.0, 0.0), (-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];

/// A place that a coefficient may take.
#[derive(Clone, Copy)]
struct Choice {
    /// What it costs apart from the other coefficients.
    cost: f64,
    plate: Rect,
    leader: Option<[Point; 2]>,
    shrunk: bool,
}

/// Length of a path outside of a plate.
pub(super) fn in_sight(points: &[Point], plate: &Rect) -> f64 {
    let middle = |pair: &[Point]| pair[0].towards(pair[1], 0.5);
    points.windows(2).filter(|pair| !plate.contains(middle(pair))).map(|pair| pair[0].distance(pair[1])).sum()
}

/// Whether a path turns sharply under a plate.
fn hides_a_corner(points: &[Point], plate: &Rect) -> bool {
    points.windows(3).filter(|three| plate.contains(three[1])).any(|three| {
        let (ax, ay) = (three[1].x - three[0].x, three[1].y - three[0].y);
        let (bx, by) = (three[2].x - three[1].x, three[2].y - three[1].y);
        ax * bx + ay * by < 0.5 * ax.hypot(ay) * bx.hypot(by)
    })
}

/// What coefficients must not cover.
struct Ground {
    boxes: Vec<Rect>,
    /// Paths, each with the rectangle around it and half its width.
    paths: Vec<(Vec<Point>, Rect, f64)>,
    arrows: Vec<[Point; 2]>,
}

impl Ground {
    fn of(layout: &Layout) -> Self {
        let mut boxes: Vec<Rect> = layout.nodes.iter().map(|node| node.rect.grown(3.0)).collect();
        boxes.extend(layout.items.iter().map(|item| item.rect.grown(2.0)));
        boxes.extend(layout.routes.iter().map(|route| route.head.grown(1.5)));
        let paths = layout.routes.iter();
        let paths = paths.map(|route| (route.points.clone(), around(&route.points), route.stroke / 2.0));
        Self { boxes, paths: paths.collect(), arrows: layout.items.iter().map(|item| item.arrow).collect() }
    }

    /// What a plate covers that it should not; `own` is the path that it may lie on.
    fn cost(&self, plate: &Rect, own: Option<usize>) -> f64 {
        let overlap = |other: &Rect| {
            let area = plate.overlap(other);
            if area > 0.0 { 100.0 + area } else { 0.0 }
        };
        let boxes: f64 = self.boxes.iter().map(overlap).sum();
        let paths = self.paths.iter().enumerate().filter(|(at, _)| Some(*at) != own);
        let covered = paths
            .filter(|(_, (points, bounds, half))| {
                let plate = plate.grown(1.5 + half);
                bounds.overlap(&plate) > 0.0 && runs_through(points, &plate)
            })
            .count();
        let arrows = self.arrows.iter().filter(|arrow| plate.is_cut_by(arrow[0], arrow[1])).count();
        boxes + 100.0 * (covered + arrows) as f64
    }

    /// Places along a path.
    fn on(&self, at: usize, size: (f64, f64), shrunk: bool) -> Vec<Choice> {
        let Some((points, ..)) = self.paths.get(at) else { return Vec::new() };
        let places = (0..=90_u32).map(|i| {
            let share = 0.05 + f64::from(i) * 0.01;
            let plate = Rect::centred(along(points, share), size.0, size.1);
            let mut cost = (share - 0.5).abs() * 1.2 + self.cost(&plate, Some(at));
            if hides_a_corner(points, &plate) {
                cost += 1.5;
            }
            if in_sight(points, &plate) < LEAST_IN_SIGHT + 2.0 {
                cost += 80.0;
            }
            Choice { cost: cost + if shrunk { 3.0 } else { 0.0 }, plate, leader: None, shrunk }
        });
        places.collect()
    }

    /// Places beside a path, from which a line leads to it.
    fn beside(&self, at: usize, size: (f64, f64)) -> Vec<Choice> {
        let Some((points, ..)) = self.paths.get(at) else { return Vec::new() };
        let mut choices = Vec::new();
        for i in 0..=28_u32 {
            let share = 0.08 + f64::from(i) * 0.03;
            let anchor = along(points, share);
            for (dx, dy) in DIRECTIONS {
                for distance in DISTANCES {
                    let centre = Point::new(
                        anchor.x + dx * (size.0 / 2.0 + distance),
                        anchor.y + dy * (size.1 / 2.0 + distance),
                    );
                    let plate = Rect::centred(centre, size.0, size.1);
                    let start = Point::new(
                        anchor.x.clamp(plate.x, plate.right()),
                        anchor.y.clamp(plate.y, plate.bottom()),
                    );
                    let cost = self.cost(&plate, None);
                    if cost > 0.0 {
                        continue;
                    }
                    let leader = [start, anchor];
                    let others = self.paths.iter().enumerate().filter(|(other, _)| *other != at);
                    let reach = around(&leader).grown(3.0);
                    let unclear = others.filter(|(_, (points, bounds, _))| {
                        bounds.overlap(&reach) > 0.0
                            && points.windows(2).any(|pair| {
                                meet(leader, [pair[0], pair[1]]) || pair[0].distance(anchor) < 5.0
                            })
                    });
                    if unclear.count() > 0 || self.boxes.iter().any(|other| other.is_cut_by(start, anchor)) {
                        continue;
                    }
                    let cost = 8.0 + start.distance(anchor) * 0.12 + (share - 0.5).abs() * 0.6;
                    choices.push(Choice { cost, plate, leader: Some(leader), shrunk: true });
                }
            }
        }
        choices
    }
}

/// What two coefficients cost each other.
fn clash(one: &Choice, other: &Choice) -> f64 {
    let area = one.plate.overlap(&other.plate.grown(2.0));
    let over = |leader: Option<[Point; 2]>, plate: &Rect| leader.is_some_and(|l| plate.is_cut_by(l[0], l[1]));
    let mut cost = if area > 0.0 { TAKEN + area } else { 0.0 };
    if over(one.leader, &other.plate) || over(other.leader, &one.plate) {
        cost += TAKEN;
    }
    if let (Some(a), Some(b)) = (one.leader, other.leader)
        && meet(a, b)
    {
        cost += TAKEN;
    }
    cost
}

/// Gives every coefficient the place that costs least beside those of the others, over and over until nothing moves.
fn settle(choices: &[Vec<Choice>], taken: &mut [Option<Choice>]) {
    let mut order: Vec<usize> = (0..choices.len()).filter(|&at| !choices[at].is_empty()).collect();
    // Paths with few good places choose first.
    let free = |at: usize| choices[at].iter().filter(|choice| choice.cost < 20.0).count();
    order.sort_by_key(|&at| (free(at), at));
    for _ in 0..8 {
        let mut moved = false;
        for &at in &order {
            let others: Vec<Choice> = taken
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .filter_map(|(_, choice)| *choice)
                .collect();
            let total =
                |choice: &Choice| choice.cost + others.iter().map(|other| clash(choice, other)).sum::<f64>();
            let best = choices[at].iter().map(|choice| (total(choice), *choice));
            let best = best.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, choice)| choice);
            moved |= best.map(|choice| choice.plate) != taken[at].map(|choice| choice.plate);
            taken[at] = best;
        }
        if !moved {
            break;
        }
    }
}

/// Coefficients whose place is not free.
fn stuck(taken: &[Option<Choice>]) -> Vec<usize> {
    let is_stuck = |at: usize, choice: &Choice| {
        let others = taken.iter().enumerate().filter(|(other, _)| *other != at);
        choice.cost >= TAKEN
            || others.filter_map(|(_, other)| *other).any(|other| clash(choice, &other) > 0.0)
    };
    let all = taken.iter().enumerate();
    all.filter_map(|(at, choice)| choice.filter(|choice| is_stuck(at, choice)).map(|_| at)).collect()
}

/// Moves every coefficient to the free place that is best: on its path near the middle, in small type, beside its path.
pub(crate) fn labels(theme: &Theme, layout: &mut Layout) {
    let ground = Ground::of(layout);
    let plates: Vec<Option<[(f64, f64); 2]>> = layout
        .routes
        .iter()
        .map(|route| {
            (!route.lines.is_empty())
                .then(|| [false, true].map(|shrunk| plate_size(&route.lines, theme, shrunk)))
        })
        .collect();
    let mut choices: Vec<Vec<Choice>> = plates
        .iter()
        .enumerate()
        .map(|(at, sizes)| sizes.map_or_else(Vec::new, |[large, _]| ground.on(at, large, false)))
        .collect();
    let mut taken: Vec<Option<Choice>> = vec![None; choices.len()];
    settle(&choices, &mut taken);
    for beside in [false, true] {
        // A coefficient given more places may drive out another, which is then stuck itself.
        let mut widened: Vec<usize> = Vec::new();
        for _ in 0..4 {
            let new: Vec<usize> = stuck(&taken).into_iter().filter(|at| !widened.contains(at)).collect();
            if new.is_empty() {
                break;
            }
            for &at in &new {
                let Some([_, small]) = plates[at] else { continue };
                let more = if beside { ground.beside(at, small) } else { ground.on(at, small, true) };
                choices[at].extend(more);
            }
            widened.extend(new);
            settle(&choices, &mut taken);
        }
    }
    for (route, choice) in layout.routes.iter_mut().zip(taken) {
        route.label = choice.map(|choice| choice.plate);
        route.leader = choice.and_then(|choice| choice.leader);
        route.shrunk = choice.is_some_and(|choice| choice.shrunk);
    }
}
