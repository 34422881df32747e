//! Arrows of moderators: from a construct onto the path that it changes.
//!
//! Estimation knows an interaction as a construct `A:B` with a path of its own; a reader knows it as an arrow from the
//! moderator onto the path of the predictor. [`Diagram::fold_products`] turns the one into the other.

use super::diagram::{Diagram, Edge, EdgeKind, Moderation};
use super::geometry::{Cubic, Point, Rect, along, sample};
use super::layout::{NodeBox, Route};
use super::route::{finished, label_size, stroke};
use super::shape;
use super::theme::Theme;

/// Places along a path at which an arrow may end, best first.
const PLACES: [f64; 7] = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];

impl Diagram {
    /// Draws products of two constructs onto the path that they change: `A:B → Y` becomes an arrow from B onto A → Y (from A
    /// onto B → Y if A has no path of its own), `A:A → Y` one from A onto its own path. Products of three constructs, and
    /// those without such a path, stay as they are. Products are given by position with the names of their factors.
    pub(super) fn fold_products(&mut self, products: &[(usize, Vec<String>)]) {
        let mut folded = Vec::new();
        for (product, factors) in products {
            let at = |name: &String| self.nodes.iter().position(|node| node.name == *name);
            let [Some(a), Some(b)] = factors.iter().map(at).collect::<Vec<_>>()[..] else { continue };
            // The path that a product's path lies on, and what changes it.
            let onto = |edge: &Edge| {
                let path = |from: usize| {
                    self.edges.iter().position(|other| other.from == from && other.to == edge.to)
                };
                path(a).map(|at| (at, b)).or_else(|| path(b).map(|at| (at, a)))
            };
            let own: Vec<&Edge> = self.edges.iter().filter(|edge| edge.from == *product).collect();
            let targets: Option<Vec<(usize, usize)>> = own.iter().map(|edge| onto(edge)).collect();
            let reached = self.edges.iter().any(|edge| edge.to == *product);
            let Some(targets) = targets.filter(|targets| !targets.is_empty() && !reached) else { continue };
            self.moderations.extend(own.into_iter().zip(targets).map(|(edge, (path, moderator))| {
                Moderation {
                    moderator,
                    edge: path,
                    label: edge.label.clone(),
                    value: edge.value,
                    significant: edge.significant,
                    details: edge.details.clone(),
                }
            }));
            folded.push(*product);
        }
        self.without(&folded);
    }

    /// Takes nodes and their paths out, and renumbers the rest.
    pub(super) fn without(&mut self, gone: &[usize]) {
        let kept: Vec<bool> =
            self.edges.iter().map(|edge| !gone.contains(&edge.from) && !gone.contains(&edge.to)).collect();
        let node = |at: usize| at - gone.iter().filter(|&&other| other < at).count();
        for moderation in &mut self.moderations {
            moderation.edge -= kept.iter().take(moderation.edge).filter(|&&kept| !kept).count();
            moderation.moderator = node(moderation.moderator);
        }
        let mut at = 0;
        self.edges.retain(|_| {
            at += 1;
            kept.get(at - 1).copied().unwrap_or(true)
        });
        for edge in &mut self.edges {
            edge.from = node(edge.from);
            edge.to = node(edge.to);
        }
        let mut at = 0;
        self.nodes.retain(|_| {
            at += 1;
            !gone.contains(&(at - 1))
        });
    }
}

/// One arrow per moderation, each to the free place that it reaches on the shortest way.
pub(super) fn routes(diagram: &Diagram, theme: &Theme, nodes: &[NodeBox], paths: &[Route]) -> Vec<Route> {
    let mut taken: Vec<Point> = Vec::new();
    let mut routes = Vec::with_capacity(diagram.moderations.len());
    for moderation in &diagram.moderations {
        let (Some(node), Some(place), Some(path)) = (
            diagram.nodes.get(moderation.moderator),
            nodes.get(moderation.moderator),
            paths.get(moderation.edge),
        ) else {
            continue;
        };
        let ends = diagram.edges.get(moderation.edge).map_or([usize::MAX; 2], |edge| [edge.from, edge.to]);
        let best = PLACES
            .iter()
            .map(|&share| along(&path.points, share))
            .map(|target| {
                let (from, curves) =
                    arrow(node.shape, &place.rect, target, ends.contains(&moderation.moderator));
                let points = sample(&curves, 6.0);
                let hit = |rect: &Rect| points.iter().any(|&point| rect.contains(point));
                let blocked = nodes
                    .iter()
                    .enumerate()
                    .filter(|(at, other)| *at != moderation.moderator && hit(&other.rect.grown(3.0)))
                    .count();
                let near = taken.iter().filter(|other| other.distance(target) < 26.0).count();
                let crossed = paths
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != moderation.edge)
                    .filter(|(_, other)| {
                        other.points.iter().any(|point| points.iter().any(|p| p.distance(*point) < 4.0))
                    })
                    .count();
                let cost = from.distance(target)
                    + 400.0 * blocked as f64
                    + 300.0 * near as f64
                    + 30.0 * crossed as f64;
                (cost, target, curves)
            })
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, target, curves)) = best else { continue };
        taken.push(target);
        let lines = label_size(&moderation.label, theme).0;
        routes.push(finished(curves, stroke(EdgeKind::Path, moderation.value), lines));
    }
    routes
}

/// A straight arrow, or an arc where the moderator is an end of the path itself (a quadratic effect).
fn arrow(shape: super::Shape, rect: &Rect, target: Point, own: bool) -> (Point, Vec<Cubic>) {
    if !own {
        let from = shape::clip(shape, rect, target);
        return (from, vec![Cubic::line(from, target)]);
    }
    let centre = rect.centre();
    let above = Point::new(centre.x + (target.x - centre.x) * 0.35, rect.y - rect.height * 0.9);
    let from = shape::clip(shape, rect, above);
    let curve = Cubic([from, above, Point::new(target.x, above.y.min(target.y - 30.0)), target]);
    (from, vec![curve])
}

#[cfg(test)]
mod tests {
    use super::super::{Theme, samples};
    use super::*;

    #[test]
    fn products_become_arrows_onto_their_path() {
        let mut diagram = samples::moderated(false);
        diagram.moderations.clear();
        // ATT:SN → INT and ATT:ATT → INT beside ATT, SN, RISK → INT.
        for name in ["ATT:SN", "ATT:ATT", "ATT:SN:RISK"] {
            diagram.nodes.push(super::super::Node { name: name.to_owned(), ..Default::default() });
            let from = diagram.nodes.len() - 1;
            diagram.edges.push(Edge { from, to: 3, label: name.to_owned(), ..Edge::default() });
        }
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        diagram.fold_products(&[
            (4, names(&["ATT", "SN"])),
            (5, names(&["ATT", "ATT"])),
            (6, names(&["ATT", "SN", "RISK"])),
        ]);
        assert_eq!((diagram.nodes.len(), diagram.edges.len()), (5, 4));
        let found: Vec<(usize, usize, &str)> =
            diagram.moderations.iter().map(|m| (m.moderator, m.edge, m.label.as_str())).collect();
        assert_eq!(found, [(1, 0, "ATT:SN"), (0, 0, "ATT:ATT")]);
        assert_eq!(diagram.edges[3].from, 4);
        assert!(diagram.svg(&Theme::screen()).is_ok());
    }
}
