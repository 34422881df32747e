//! Free places for the coefficients: on their own path, clear of everything else, as near to the middle as possible.

use super::geometry::{Point, Rect, along};
use super::layout::Layout;
use super::route::plate_size;
use super::theme::Theme;

/// Moves every coefficient along its path to the place that is free and nearest to the middle.
pub(crate) fn labels(theme: &Theme, layout: &mut Layout) {
    let mut fixed: Vec<Rect> = layout.nodes.iter().map(|node| node.rect.grown(3.0)).collect();
    fixed.extend(layout.items.iter().map(|item| item.rect.grown(2.0)));
    fixed.extend(layout.routes.iter().map(|route| route.head.grown(1.5)));
    let arrows: Vec<Vec<Point>> = layout
        .items
        .iter()
        .map(|item| (0..=8_u32).map(|i| item.arrow[0].towards(item.arrow[1], f64::from(i) / 8.0)).collect())
        .collect();
    let sizes: Vec<Option<(f64, f64)>> = layout
        .routes
        .iter()
        .map(|route| (!route.lines.is_empty()).then(|| plate_size(&route.lines, theme)))
        .collect();
    // What a place costs apart from the other coefficients does not change.
    let candidates: Vec<Vec<(f64, Rect)>> = layout
        .routes
        .iter()
        .enumerate()
        .map(|(at, route)| {
            let Some((width, height)) = sizes[at] else { return Vec::new() };
            (0..=90_u32)
                .map(|i| {
                    let share = 0.05 + f64::from(i) * 0.01;
                    let rect = Rect::centred(along(&route.points, share), width, height);
                    let mut cost = (share - 0.5).abs() * 1.2;
                    cost += fixed.iter().map(|other| rect.overlap(other)).sum::<f64>() * 50.0;
                    for (other, route) in layout.routes.iter().enumerate() {
                        if other != at
                            && route
                                .points
                                .iter()
                                .any(|&point| rect.grown(2.5 + route.stroke / 2.0).contains(point))
                        {
                            cost += 2.5;
                        }
                    }
                    cost += arrows
                        .iter()
                        .filter(|points| points.iter().any(|&point| rect.contains(point)))
                        .count() as f64;
                    (cost, rect)
                })
                .collect()
        })
        .collect();
    let mut order: Vec<usize> = (0..candidates.len()).filter(|&at| !candidates[at].is_empty()).collect();
    // Paths with few good places choose first.
    let free = |at: usize| candidates[at].iter().filter(|(cost, _)| *cost < 2.0).count();
    order.sort_by_key(|&at| (free(at), at));
    for _ in 0..6 {
        let mut moved = false;
        for &at in &order {
            let best = candidates[at].iter().map(|&(cost, rect)| {
                let others: f64 = layout
                    .routes
                    .iter()
                    .enumerate()
                    .filter(|&(other, _)| other != at)
                    .filter_map(|(_, route)| route.label)
                    .map(|label| label.grown(2.0).overlap(&rect))
                    .sum();
                (cost + others * 50.0, rect)
            });
            let best = best.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, rect)| rect);
            moved |= best != layout.routes[at].label;
            layout.routes[at].label = best;
        }
        if !moved {
            break;
        }
    }
}
