//! Two estimates of one model in one diagram: groups side by side, or their difference.

use super::PlotError;
use super::diagram::{Diagram, Edge};
use crate::table::apa;

impl Diagram {
    /// Both estimates on each path, one under the other, each after the name of its group. A path is drawn as not
    /// significant if it is so in both; its width is that of the larger coefficient.
    ///
    /// # Errors
    /// [`PlotError::Input`] if the diagrams are not of one model.
    pub fn beside(&self, other: &Self, names: [&str; 2]) -> Result<Self, PlotError> {
        self.same_model(other)?;
        let mut both = self.clone();
        for (edge, (one, two)) in both.edges.iter_mut().zip(self.edges.iter().zip(&other.edges)) {
            edge.label = format!("{} {}\n{} {}", names[0], one.label, names[1], two.label);
            edge.value =
                [one.value, two.value].into_iter().flatten().max_by(|a, b| a.abs().total_cmp(&b.abs()));
            edge.significant = match (one.significant, two.significant) {
                (Some(false), Some(false)) => Some(false),
                (None, None) => None,
                _ => Some(true),
            };
            let part = |name: &str, edge: &Edge| format!("{name}: {}", edge.details.replace('\n', ", "));
            edge.details = format!("{}\n{}", part(names[0], one), part(names[1], two));
        }
        for (node, (one, two)) in both.nodes.iter_mut().zip(self.nodes.iter().zip(&other.nodes)) {
            node.r_squared = None;
            if let (Some(a), Some(b)) = (one.r_squared, two.r_squared) {
                node.details = format!("R² {} {}, {} {}", names[0], apa(a, 2), names[1], apa(b, 2));
            }
            node.items.iter_mut().for_each(|item| item.value = None);
        }
        Ok(both)
    }

    /// The difference of the coefficients (this minus the other) on each path; `significant` says for each path whether
    /// the difference is, where that was tested.
    ///
    /// # Errors
    /// [`PlotError::Input`] if the diagrams are not of one model, or `significant` is neither empty nor one per path.
    pub fn difference(&self, other: &Self, significant: &[Option<bool>]) -> Result<Self, PlotError> {
        self.same_model(other)?;
        if !significant.is_empty() && significant.len() != self.edges.len() {
            return Err(PlotError::Input(format!(
                "{} differences are judged, but there are {} paths",
                significant.len(),
                self.edges.len()
            )));
        }
        let mut both = self.clone();
        for (at, edge) in both.edges.iter_mut().enumerate() {
            let difference = match (edge.value, other.edges.get(at).and_then(|edge| edge.value)) {
                (Some(one), Some(two)) => Some(one - two),
                _ => None,
            };
            edge.significant = significant.get(at).copied().flatten();
            let star = if edge.significant == Some(true) { "*" } else { "" };
            edge.label = difference.map_or_else(String::new, |value| format!("Δ {}{star}", apa(value, 2)));
            edge.value = difference;
            edge.details = String::new();
        }
        for node in &mut both.nodes {
            node.r_squared = None;
            node.items.iter_mut().for_each(|item| item.value = None);
        }
        Ok(both)
    }

    fn same_model(&self, other: &Self) -> Result<(), PlotError> {
        let names = |diagram: &Self| diagram.nodes.iter().map(|node| node.name.clone()).collect::<Vec<_>>();
        let ends = |diagram: &Self| diagram.edges.iter().map(|edge| (edge.from, edge.to)).collect::<Vec<_>>();
        if names(self) == names(other) && ends(self) == ends(other) {
            Ok(())
        } else {
            Err(PlotError::Input("the two diagrams are not of one model".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    // Samples are valid by construction.
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::super::{Theme, samples};

    #[test]
    fn groups_stand_side_by_side_without_overlaps() {
        let one = samples::initial_trust(false);
        let mut two = one.clone();
        two.edges.iter_mut().for_each(|edge| edge.value = edge.value.map(|value| value / 2.0));
        for theme in [Theme::screen(), Theme::journal()] {
            let both = one.beside(&two, ["A", "B"]).unwrap();
            let layout = both.layout(&theme).unwrap();
            assert_eq!(layout.overlaps(), Vec::<String>::new());
            assert!(both.svg(&theme).unwrap().as_str().contains(">A "));
            let difference = one.difference(&two, &vec![Some(true); one.edges.len()]).unwrap();
            assert_eq!(difference.layout(&theme).unwrap().overlaps(), Vec::<String>::new());
            let half = one.edges[0].value.unwrap() / 2.0;
            assert_eq!(difference.edges[0].value, Some(one.edges[0].value.unwrap() - half));
        }
    }

    #[test]
    fn other_models_are_refused() {
        let (one, other) = (samples::two(false), samples::mobi(false));
        assert!(one.beside(&other, ["A", "B"]).is_err() && one.difference(&other, &[]).is_err());
        assert!(one.difference(&one, &[None, None]).is_err());
    }
}
