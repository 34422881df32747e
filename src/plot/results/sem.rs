//! The path diagram of a covariance-based model.

use super::super::{Diagram, Edge, EdgeKind, Item, Language, Node, Shape};
use super::{DiagramOptions, Mode, label, title, wording};
use crate::model::{Construct, Nature};
use crate::sem::{Operator, Parameter, SemFit};
use crate::stats::distribution::normal_two_sided;
use crate::table::{apa, apa_p, fixed, interval};

/// The standardised estimates of a covariance-based model as a path diagram: paths and loadings with stars by their
/// standardised estimate and its standard error (delta method), explained variance in the outcomes, fit below.
/// [`Mode::Intervals`] writes normal intervals under the coefficients.
pub fn sem_diagram(fit: &SemFit, options: DiagramOptions) -> Diagram {
    let drawing = Drawing { fit, options };
    let model = &fit.model;
    let mut diagram = Diagram {
        title: title(model, options.language),
        nodes: model.constructs().iter().map(|construct| drawing.node(construct)).collect(),
        show_items: options.items,
        note: drawing.note(),
        language: options.language,
        lines: options.lines,
        ..Diagram::default()
    };
    for path in model.paths() {
        let (from, to) = (&model.construct(path.from).name, &model.construct(path.to).name);
        let kind = EdgeKind::Path;
        diagram.edges.push(drawing.edge(
            (path.from.index(), path.to.index()),
            (to, Operator::Path, from),
            kind,
        ));
    }
    for (at, whole) in model.constructs().iter().enumerate() {
        for part in whole.components().unwrap_or_default() {
            let Some(id) = model.find(part) else { continue };
            let ends = (at, id.index());
            let key = (whole.name.as_str(), Operator::Loading, part.as_str());
            diagram.edges.push(drawing.edge(ends, key, EdgeKind::Dimension));
        }
    }
    diagram
}

struct Drawing<'a> {
    fit: &'a SemFit,
    options: DiagramOptions,
}

impl Drawing<'_> {
    /// Two-sided p of a standardised estimate.
    fn p(parameter: &Parameter) -> Option<f64> {
        let se = parameter.std_se.filter(|se| *se > 1e-12)?;
        Some(normal_two_sided(parameter.std_all / se))
    }

    fn judges(&self) -> bool {
        matches!(self.options.mode, Mode::Significance | Mode::Intervals)
    }

    fn significant(&self, parameter: &Parameter) -> Option<bool> {
        Self::p(parameter).filter(|_| self.judges()).map(|p| p < 1.0 - self.fit.settings.level)
    }

    fn stars(&self, parameter: &Parameter) -> &'static str {
        match (self.significant(parameter), Self::p(parameter)) {
            (Some(true), Some(p)) if p < 0.001 => "***",
            (Some(true), Some(p)) if p < 0.01 => "**",
            (Some(true), _) => "*",
            _ => "",
        }
    }

    fn node(&self, construct: &Construct) -> Node {
        let (options, model) = (self.options, &self.fit.model);
        let numbers = options.mode != Mode::Model;
        let name = &construct.name;
        // Items come first in the list, outcomes after them.
        let explained = self.fit.r_squared();
        let explained = explained.iter().filter(|(known, _)| known == name).last();
        let is_outcome = model.paths().iter().any(|path| model.construct(path.to).name == *name);
        let items: Vec<Item> = construct
            .indicators
            .iter()
            .map(|id| {
                let item = &model.indicator(*id).name;
                let parameter = self.fit.parameter(name, Operator::Loading, item);
                Item {
                    name: item.clone(),
                    value: parameter.map(|parameter| parameter.std_all).filter(|_| numbers),
                    significant: parameter.and_then(|parameter| self.significant(parameter)),
                    details: self.details(parameter, wording(model, item, options.language)),
                }
            })
            .collect();
        let observed = matches!(construct.nature, Nature::Observed);
        Node {
            name: name.clone(),
            label: if options.labels { label(model, construct, options.language) } else { name.clone() },
            shape: if observed || items.len() == 1 { Shape::SingleItem } else { Shape::Factor },
            higher_order: construct.components().is_some(),
            r_squared: explained.and_then(|(_, value)| value).filter(|_| numbers && is_outcome),
            // An observed variable is its own item.
            items: if observed { Vec::new() } else { items },
            ..Node::default()
        }
    }

    fn edge(&self, ends: (usize, usize), key: (&str, Operator, &str), kind: EdgeKind) -> Edge {
        let numbers = self.options.mode != Mode::Model;
        let parameter = self.fit.parameter(key.0, key.1, key.2);
        let estimate = parameter.filter(|_| numbers);
        let label = estimate.map_or_else(String::new, |parameter| {
            let first = format!("{}{}", apa(parameter.std_all, 2), self.stars(parameter));
            match self.interval(parameter).filter(|_| self.options.mode == Mode::Intervals) {
                Some((low, high)) => format!("{first}\n{}", interval(low, high, 2)),
                None => first,
            }
        });
        Edge {
            from: ends.0,
            to: ends.1,
            label,
            value: estimate.map(|parameter| parameter.std_all),
            significant: parameter.and_then(|parameter| self.significant(parameter)),
            kind,
            details: if numbers { self.details(parameter, None) } else { String::new() },
        }
    }

    /// Normal interval of a standardised estimate.
    fn interval(&self, parameter: &Parameter) -> Option<(f64, f64)> {
        let se = parameter.std_se?;
        let z = crate::stats::distribution::normal_quantile(0.5 + self.fit.settings.level / 2.0);
        Some((parameter.std_all - z * se, parameter.std_all + z * se))
    }

    /// Everything that is known of a parameter, line by line, after a first line of words.
    fn details(&self, parameter: Option<&Parameter>, first: Option<String>) -> String {
        let mut lines: Vec<String> = first.into_iter().collect();
        if let Some(parameter) = parameter {
            lines.push(format!("β = {}", apa(parameter.std_all, 3)));
            if let Some((low, high)) = self.interval(parameter) {
                lines.push(interval(low, high, 3));
            }
            lines.extend(Self::p(parameter).map(|p| format!("p {}", apa_p(p))));
            let se = parameter.se.filter(|_| parameter.free);
            let se = se.map_or_else(String::new, |se| format!(" (SE {})", fixed(se, 3)));
            lines.push(format!("b = {}{se}", fixed(parameter.est, 3)));
        }
        lines.join("\n")
    }

    fn note(&self) -> String {
        if self.options.mode == Mode::Model {
            return String::new();
        }
        let measures = &self.fit.measures;
        let mut words = Vec::new();
        let shown = |value: f64| fixed(value, 2);
        let mut fit = vec![format!("χ²({}) = {}", measures.df, shown(measures.chisq))];
        for (name, value) in [("CFI", measures.cfi), ("RMSEA", measures.rmsea), ("SRMR", measures.srmr)] {
            if value.is_finite() {
                fit.push(format!("{name} = {}", apa(value, 3)));
            }
        }
        let (end, comma) =
            if self.options.language == Language::Chinese { ("。", "，") } else { (". ", ", ") };
        words.push(fit.join(comma));
        words.push(match self.options.language {
            Language::English => "Standardised estimates, maximum likelihood".to_owned(),
            Language::Chinese => "标准化估计值，最大似然".to_owned(),
        });
        if self.judges() {
            let alpha = apa(1.0 - self.fit.settings.level, 2);
            words.push(format!("* p < {alpha}, ** p < .01, *** p < .001").replace(", ", comma));
        }
        format!("{}{}", words.join(end), end.trim_end())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::super::Theme;
    use super::*;
    use crate::model::Model;
    use crate::sem::Sem;
    use crate::survey::Survey;

    fn fit(text: &str) -> SemFit {
        let survey = Survey::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/initial-trust.csv")).unwrap();
        let model = Model::parse(text).unwrap();
        let mut settings = Sem::default();
        settings.data.missing = crate::survey::Missing::Listwise;
        settings.fit(&model, &survey).unwrap()
    }

    #[test]
    fn numbers_are_those_of_the_estimate_and_nothing_overlaps() {
        let found =
            fit("NAV =~ NAV1 + NAV2 + NAV3\nPU =~ PU1 + PU2 + PU3 + PU4\nPEOU =~ PEOU1 + PEOU2 + PEOU3\n\
             ATT =~ ATT1 + ATT2 + ATT3\nTAM =~ PU + PEOU\nTAM ~ NAV\nATT ~ TAM + age\n");
        let diagram = sem_diagram(&found, DiagramOptions::default());
        assert_eq!(diagram.edges.len(), 3 + 2);
        let path = found.parameter("ATT", Operator::Path, "TAM").unwrap();
        let edge = diagram.edges.iter().find(|edge| edge.label.starts_with(&apa(path.std_all, 2)));
        assert!(edge.is_some_and(|edge| edge.value == Some(path.std_all) && edge.label.ends_with("***")));
        let node = |name: &str| diagram.nodes.iter().find(|node| node.name == name).unwrap();
        assert!(
            node("TAM").higher_order
                && node("age").shape == Shape::SingleItem
                && node("age").items.is_empty()
        );
        assert_eq!(node("PU").items.len(), 4);
        assert!(node("ATT").r_squared.is_some() && node("PU").r_squared.is_none());
        assert_eq!(node("PU").items[0].significant, Some(true));
        assert!(
            diagram.note.contains("χ²(") && diagram.note.contains("CFI = ") && diagram.note.ends_with('.')
        );
        for theme in [Theme::screen(), Theme::journal()] {
            for mode in [Mode::Model, Mode::Estimates, Mode::Significance, Mode::Intervals] {
                let diagram = sem_diagram(&found, DiagramOptions { mode, ..DiagramOptions::default() });
                assert_eq!(diagram.layout(&theme).unwrap().overlaps(), Vec::<String>::new(), "{mode:?}");
                assert!(!diagram.svg(&theme).unwrap().as_str().contains("NaN"));
            }
        }
        let model = sem_diagram(&found, DiagramOptions { mode: Mode::Model, ..DiagramOptions::default() });
        assert!(model.note.is_empty() && model.edges.iter().all(|edge| edge.value.is_none()));
    }
}
