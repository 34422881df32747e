//! The path diagram of a model that nobody has estimated yet.

use super::super::{Diagram, Edge, EdgeKind, Item, ItemArrows, Node, Shape};
use super::{DiagramOptions, hypothesis, label, title, wording};
use crate::model::{Construct, ConstructId, Kind, Mode as Weights, Model, Nature};

/// A model as it is written: constructs, items, paths with their hypotheses and expected signs, no numbers; the mode of the
/// options says nothing here. Composites have arrows from their items unless their weights are said to be correlations
/// (`#@ mode VEN A`).
///
/// Components of a construct of constructs are drawn with or without items.
pub fn model_diagram(model: &Model, options: DiagramOptions) -> Diagram {
    let mut diagram = Diagram {
        title: title(model, options.language),
        nodes: model.constructs().iter().map(|construct| node(model, construct, options)).collect(),
        show_items: options.items,
        language: options.language,
        lines: options.lines,
        ..Diagram::default()
    };
    for path in model.paths() {
        diagram.edges.push(Edge {
            from: path.from.index(),
            to: path.to.index(),
            label: hypothesis(path),
            ..Edge::default()
        });
    }
    for (at, whole) in model.constructs().iter().enumerate() {
        for part in whole.components().unwrap_or_default() {
            let Some(part) = model.find(part).map(ConstructId::index) else { continue };
            let (from, to) = if is_formative(whole) { (part, at) } else { (at, part) };
            diagram.edges.push(Edge { from, to, kind: EdgeKind::Dimension, ..Edge::default() });
        }
    }
    let products = model.constructs().iter().filter_map(|construct| {
        let at = diagram.nodes.iter().position(|node| node.name == construct.name)?;
        Some((at, construct.factors()?.to_vec()))
    });
    let products: Vec<_> = products.collect();
    diagram.fold_products(&products);
    diagram
}

/// Whether its items, or components, form it.
fn is_formative(construct: &Construct) -> bool {
    construct.kind == Kind::Composite
        && construct.mode.is_none_or(|mode| matches!(mode, Weights::B | Weights::Bnnls))
}

fn node(model: &Model, construct: &Construct, options: DiagramOptions) -> Node {
    let name = &construct.name;
    // An observed variable is its own item, and nothing measures a product.
    let measured = matches!(construct.nature, Nature::Measured);
    let items = construct.indicators.iter().filter(|_| measured).map(|id| {
        let item = &model.indicator(*id).name;
        let details = wording(model, item, options.language).unwrap_or_default();
        Item { name: item.clone(), details, ..Item::default() }
    });
    let single = construct.indicators.len() == 1 && construct.factors().is_none();
    Node {
        name: name.clone(),
        label: if options.labels { label(model, construct, options.language) } else { name.clone() },
        shape: match construct.kind {
            _ if single || matches!(construct.nature, Nature::Observed) => Shape::SingleItem,
            Kind::Reflective => Shape::Factor,
            Kind::Composite => Shape::Composite,
        },
        higher_order: construct.components().is_some(),
        arrows: if is_formative(construct) { ItemArrows::Formative } else { ItemArrows::Reflective },
        items: items.collect(),
        ..Node::default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::super::Theme;
    use super::super::{Mode, diagram};
    use super::*;
    use crate::pls::Pls;
    use crate::survey::Survey;

    const TEXT: &str = "NAV =~ NAV1 + NAV2 + NAV3\nPU <~ PU1 + PU2 + PU3\nPEOU =~ PEOU1 + PEOU2\n\
        DTT <~ DTT1 + DTT2\n#@ mode DTT A\nATT =~ ATT1 + ATT2\nTAM =~ PU + PEOU\n\
        ATT ~ TAM + DTT + TAM:DTT + age\nTAM ~ NAV\n#@ hypothesis H1 TAM ~ NAV +\n#@ label NAV Ease of finding one's way\n";

    #[test]
    fn a_model_is_drawn_as_it_is_written() {
        let model = Model::parse(TEXT).unwrap();
        let drawn = model_diagram(&model, DiagramOptions::default());
        let node = |name: &str| drawn.nodes.iter().find(|node| node.name == name).unwrap();
        assert_eq!(node("NAV").label, "Ease of finding one's way");
        assert!(node("TAM").higher_order && node("TAM").items.is_empty());
        assert_eq!((node("age").shape, node("age").items.len()), (Shape::SingleItem, 0));
        assert_eq!((node("PU").shape, node("PU").arrows), (Shape::Composite, ItemArrows::Formative));
        assert_eq!((node("DTT").shape, node("DTT").arrows), (Shape::Composite, ItemArrows::Reflective));
        assert_eq!(node("PU").items.len(), 3);
        let labels: Vec<&str> = drawn.edges.iter().map(|edge| edge.label.as_str()).collect();
        assert_eq!(labels.iter().filter(|label| **label == "H1 (+)").count(), 1, "{labels:?}");
        assert_eq!(drawn.edges.iter().filter(|edge| edge.kind == EdgeKind::Dimension).count(), 2);
        assert_eq!(drawn.moderations.len(), 1, "the product lies on its path");
        assert!(drawn.edges.iter().all(|edge| edge.value.is_none() && edge.significant.is_none()));
        for theme in [Theme::screen(), Theme::journal()] {
            assert_eq!(drawn.layout(&theme).unwrap().overlaps(), Vec::<String>::new());
        }
        let bare = model_diagram(&model, DiagramOptions { items: false, ..DiagramOptions::default() });
        let parts = |drawn: &Diagram| {
            drawn.nodes.iter().filter(|node| node.name == "PU" || node.name == "PEOU").count()
        };
        assert_eq!((parts(&drawn), parts(&bare)), (2, 2), "components stay without items");
        assert_eq!(bare.edges.len(), drawn.edges.len());
    }

    /// What an estimate draws of the model alone is the same picture.
    #[test]
    fn it_is_the_diagram_of_an_estimate_without_its_numbers() {
        let folder = env!("CARGO_MANIFEST_DIR");
        let model = Model::read(format!("{folder}/models/initial-trust.sem")).unwrap();
        let survey = Survey::read(format!("{folder}/data/initial-trust.csv")).unwrap();
        let fit = Pls::default().fit(&model, &survey).unwrap();
        for items in [true, false] {
            let options = DiagramOptions { mode: Mode::Model, items, ..DiagramOptions::default() };
            assert_eq!(model_diagram(&model, options), diagram(&fit, None, options));
        }
    }
}
