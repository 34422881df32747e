//! Several estimates of one model in one diagram: groups side by side, or the difference of two.

use super::PlotError;
use super::diagram::Diagram;
use super::measure::{Weight, width};
use crate::table::apa;

/// What is known of the difference on one arrow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judged {
    /// Whether the difference is other than 0, where that was tested.
    pub significant: Option<bool>,
    /// Stars, if any.
    pub stars: String,
    /// Further numbers, line by line.
    pub details: String,
}

/// One arrow's part in a diagram: of a path, or of a moderator.
struct Arrow<'a> {
    label: &'a str,
    value: Option<f64>,
    significant: Option<bool>,
    details: &'a str,
}

/// What an arrow is to say.
struct Said {
    label: String,
    value: Option<f64>,
    significant: Option<bool>,
    details: String,
}

/// Widest name of a group, in px of 11 px type, that still stands beside a coefficient.
const SHORT: f64 = 52.0;

/// What groups are called beside a coefficient: their names if these are short words, else A, B, C and so on, which a note
/// has to explain.
pub fn group_keys(names: &[String]) -> Vec<String> {
    let short =
        |name: &String| name.chars().any(char::is_alphabetic) && width(name, 11.0, Weight::Regular) <= SHORT;
    if names.iter().all(short) {
        return names.to_vec();
    }
    let letters: Vec<char> = ('A'..='Z').collect();
    (0..names.len()).map(|at| letters.get(at).map_or_else(|| (at + 1).to_string(), char::to_string)).collect()
}

impl Diagram {
    /// The estimates of several groups on each path: two short ones in one line in the order of the groups (`.31*** / .22*`),
    /// others under each other, each after the key of its group. A path is drawn as not significant if it is so in all groups; its width is that of the largest coefficient. Constructs show the R² of
    /// all groups, items no numbers.
    ///
    /// # Errors
    /// [`PlotError::Input`] if there is no group, or the diagrams are not of one model.
    pub fn beside(groups: &[(&str, &Self)]) -> Result<Self, PlotError> {
        let Some((_, first)) = groups.first() else {
            return Err(PlotError::Input("there is no group".to_owned()));
        };
        for (_, other) in groups {
            first.same_model(other)?;
        }
        let mut all = (*first).clone();
        all.speak(|at| {
            let arrows: Vec<(&str, Arrow<'_>)> =
                groups.iter().filter_map(|(key, diagram)| Some((*key, diagram.arrow(at)?))).collect();
            let labels = arrows.iter().filter(|(_, arrow)| !arrow.label.is_empty());
            let short = groups.len() == 2 && arrows.iter().all(|(_, arrow)| !arrow.label.contains('\n'));
            let label: Vec<String> = labels
                .map(|(key, arrow)| {
                    let words = arrow.label.replace('\n', " ");
                    if short { words } else { format!("{key} {words}") }
                })
                .collect();
            // An arrow looks like the groups in which it is significant; where their signs differ, like none of them.
            let clear: Vec<f64> = arrows
                .iter()
                .filter(|(_, arrow)| arrow.significant == Some(true))
                .filter_map(|(_, arrow)| arrow.value)
                .collect();
            let mixed = clear.iter().any(|b| *b > 0.0) && clear.iter().any(|b| *b < 0.0);
            let values: Vec<f64> = if clear.is_empty() {
                arrows.iter().filter_map(|(_, arrow)| arrow.value).collect()
            } else {
                clear.iter().map(|b| if mixed { b.abs() } else { *b }).collect()
            };
            let judged: Vec<bool> = arrows.iter().filter_map(|(_, arrow)| arrow.significant).collect();
            let details: Vec<String> = arrows
                .iter()
                .filter(|(_, arrow)| !arrow.details.is_empty())
                .map(|(key, arrow)| format!("{key}: {}", arrow.details.replace('\n', ", ")))
                .collect();
            Said {
                label: label.join(if short { " / " } else { "\n" }),
                value: values.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs())),
                significant: (!judged.is_empty()).then(|| judged.contains(&true)),
                details: details.join("\n"),
            }
        });
        for (at, node) in all.nodes.iter_mut().enumerate() {
            let explained: Option<Vec<String>> = groups
                .iter()
                .map(|(_, diagram)| Some(apa(diagram.nodes.get(at)?.r_squared.filter(|r| r.is_finite())?, 2)))
                .collect();
            node.r_squared = None;
            node.explained = explained.map_or_else(String::new, |each| format!("R² = {}", each.join(" / ")));
            node.items.iter_mut().for_each(|item| item.value = None);
        }
        Ok(all)
    }

    /// The difference of the coefficients (this minus the other) on each path; `judged` says for each path, then for each
    /// moderation, what is known of the difference; empty if nothing was tested.
    ///
    /// # Errors
    /// [`PlotError::Input`] if the diagrams are not of one model, or `judged` is neither empty nor one per arrow.
    pub fn difference(&self, other: &Self, judged: &[Judged]) -> Result<Self, PlotError> {
        self.same_model(other)?;
        let arrows = self.edges.len() + self.moderations.len();
        if !judged.is_empty() && judged.len() != arrows {
            return Err(PlotError::Input(format!(
                "{} differences are judged, but there are {arrows} paths",
                judged.len()
            )));
        }
        let mut both = Self { measure: "Δ".to_owned(), ..self.clone() };
        both.speak(|at| {
            let value = |diagram: &Self| diagram.arrow(at).and_then(|arrow| arrow.value);
            let difference = value(self).zip(value(other)).map(|(one, two)| one - two);
            let known = judged.get(at).cloned().unwrap_or_default();
            Said {
                label: difference
                    .map_or_else(String::new, |value| format!("Δ {}{}", apa(value, 2), known.stars)),
                value: difference,
                significant: known.significant,
                details: known.details,
            }
        });
        for (node, other) in both.nodes.iter_mut().zip(&other.nodes) {
            let finite = |r: Option<f64>| r.filter(|r| r.is_finite());
            node.explained = finite(node.r_squared)
                .zip(finite(other.r_squared))
                .map_or_else(String::new, |(one, two)| format!("ΔR² = {}", apa(one - two, 2)));
            node.r_squared = None;
            node.items.iter_mut().for_each(|item| item.value = None);
        }
        Ok(both)
    }

    /// An arrow: paths first, then moderations.
    fn arrow(&self, at: usize) -> Option<Arrow<'_>> {
        if let Some(edge) = self.edges.get(at) {
            let (value, significant) = (edge.value, edge.significant);
            return Some(Arrow { label: &edge.label, value, significant, details: &edge.details });
        }
        let moderation = self.moderations.get(at - self.edges.len())?;
        let (value, significant) = (moderation.value, moderation.significant);
        Some(Arrow { label: &moderation.label, value, significant, details: &moderation.details })
    }

    /// Lets every arrow say something else.
    fn speak(&mut self, say: impl Fn(usize) -> Said) {
        let paths = self.edges.len();
        for (at, edge) in self.edges.iter_mut().enumerate() {
            let said = say(at);
            (edge.label, edge.value) = (said.label, said.value);
            (edge.significant, edge.details) = (said.significant, said.details);
        }
        for (at, moderation) in self.moderations.iter_mut().enumerate() {
            let said = say(paths + at);
            (moderation.label, moderation.value) = (said.label, said.value);
            (moderation.significant, moderation.details) = (said.significant, said.details);
        }
    }

    fn same_model(&self, other: &Self) -> Result<(), PlotError> {
        let names = |diagram: &Self| diagram.nodes.iter().map(|node| node.name.clone()).collect::<Vec<_>>();
        let ends = |diagram: &Self| {
            let paths = diagram.edges.iter().map(|edge| (edge.from, edge.to));
            let moderations = diagram.moderations.iter().map(|m| (m.moderator, m.edge));
            paths.chain(moderations).collect::<Vec<_>>()
        };
        if names(self) == names(other) && ends(self) == ends(other) {
            Ok(())
        } else {
            Err(PlotError::Input("the diagrams are not of one model".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{Theme, samples};
    use super::*;

    fn halved(diagram: &Diagram) -> Diagram {
        let mut two = diagram.clone();
        two.edges.iter_mut().for_each(|edge| edge.value = edge.value.map(|value| value / 2.0));
        two.moderations.iter_mut().for_each(|arrow| arrow.value = arrow.value.map(|value| value / 2.0));
        two
    }

    #[test]
    fn groups_stand_side_by_side_without_overlaps() {
        for one in [samples::initial_trust(false), samples::moderated(false), samples::mobi(true)] {
            let two = halved(&one);
            for theme in [Theme::screen(), Theme::journal()] {
                let both = Diagram::beside(&[("women", &one), ("men", &two)]).unwrap();
                let layout = both.layout(&theme).unwrap();
                assert_eq!(layout.overlaps(), Vec::<String>::new());
                assert!(both.svg(&theme).unwrap().as_str().contains(" / "));
                let arrows = one.edges.len() + one.moderations.len();
                let judged = vec![Judged { significant: Some(true), ..Judged::default() }; arrows];
                let difference = one.difference(&two, &judged).unwrap();
                assert_eq!(difference.layout(&theme).unwrap().overlaps(), Vec::<String>::new());
                let half = one.edges[0].value.unwrap() / 2.0;
                assert_eq!(difference.edges[0].value, Some(one.edges[0].value.unwrap() - half));
                if let (Some(arrow), Some(before)) = (difference.moderations.first(), one.moderations.first())
                {
                    assert_eq!(arrow.value, before.value.map(|value| value - value / 2.0));
                    assert_eq!(both.moderations[0].label, format!("{0} / {0}", before.label));
                }
            }
        }
    }

    #[test]
    fn three_groups_and_their_explained_variance() {
        let one = samples::initial_trust(false);
        let two = halved(&one);
        let three = Diagram::beside(&[("A", &one), ("B", &two), ("C", &one)]).unwrap();
        assert_eq!(three.edges[0].label.lines().count(), 3);
        let layout = three.layout(&Theme::screen()).unwrap();
        assert_eq!(layout.overlaps(), Vec::<String>::new());
        let shown: Vec<String> = layout.nodes.iter().filter_map(|node| node.r_squared.clone()).collect();
        assert_eq!(shown.len(), one.nodes.iter().filter(|node| node.r_squared.is_some()).count());
        assert!(shown.iter().all(|text| text.starts_with("R² = .") && text.matches(" / ").count() == 2));
        assert!(three.svg(&Theme::screen()).unwrap().as_str().contains(&shown[0]));
        assert!(three.dot().contains(&shown[0]) && three.tikz(&Theme::journal()).unwrap().contains(" / "));
    }

    #[test]
    fn a_path_is_grey_only_if_it_is_so_in_every_group() {
        let mut one = samples::two(false);
        let mut two = one.clone();
        one.edges[0].significant = Some(false);
        let is = |one: &Diagram, two: &Diagram| {
            Diagram::beside(&[("A", one), ("B", two)]).unwrap().edges[0].significant
        };
        assert_eq!(is(&one, &two), Some(true));
        two.edges[0].significant = Some(false);
        assert_eq!(is(&one, &two), Some(false));
    }

    #[test]
    fn an_arrow_looks_like_the_groups_in_which_it_is_significant() {
        let (mut one, mut two) = (samples::two(false), samples::two(false));
        (one.edges[0].value, one.edges[0].significant) = (Some(-0.5), Some(false));
        (two.edges[0].value, two.edges[0].significant) = (Some(0.3), Some(true));
        let value =
            |one: &Diagram, two: &Diagram| Diagram::beside(&[("A", one), ("B", two)]).unwrap().edges[0].value;
        assert_eq!(value(&one, &two), Some(0.3));
        one.edges[0].significant = Some(true);
        assert_eq!(value(&one, &two), Some(0.5), "signs differ: like neither");
    }

    #[test]
    fn short_words_stand_for_themselves() {
        let keys =
            |names: &[&str]| group_keys(&names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(keys(&["women", "men"]), ["women", "men"]);
        assert_eq!(keys(&["女", "男"]), ["女", "男"]);
        assert_eq!(keys(&["1", "2"]), ["A", "B"]);
        assert_eq!(keys(&["secondary school", "university"]), ["A", "B"]);
        let many: Vec<String> = (0..28).map(|at| at.to_string()).collect();
        assert_eq!(group_keys(&many)[25..], ["Z", "27", "28"]);
    }

    #[test]
    fn other_models_are_refused() {
        let (one, other) = (samples::two(false), samples::mobi(false));
        assert!(Diagram::beside(&[("A", &one), ("B", &other)]).is_err() && Diagram::beside(&[]).is_err());
        assert!(one.difference(&other, &[]).is_err());
        assert!(one.difference(&one, &[Judged::default(), Judged::default()]).is_err());
    }
}
