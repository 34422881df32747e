//! Who depends on whom in a model, higher-order constructs and interactions included, in an order in which data can be
//! drawn: causes first.

use std::collections::BTreeMap;

use super::PlanError;
use crate::diagnostic::Diagnostic;
use crate::model::{Item, Kind, Model, Operator, Sign};

/// What an effect comes from: one construct, or the product of two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    One(usize),
    Product(usize, usize),
}

impl Cause {
    /// As it stands in a model file.
    pub(super) fn name(&self, names: &[String]) -> String {
        let name = |at: &usize| names.get(*at).map_or("", String::as_str);
        match self {
            Self::One(a) => name(a).to_owned(),
            Self::Product(a, b) => format!("{}:{}", name(a), name(b)),
        }
    }

    fn parts(&self) -> Vec<usize> {
        match self {
            Self::One(a) => vec![*a],
            Self::Product(a, b) => vec![*a, *b],
        }
    }
}

/// A path into a construct.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Effect {
    pub(super) from: Cause,
    /// The sign that is expected; + where nothing is said.
    pub(super) sign: f64,
}

/// A construct with what it depends on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Paths into it, those from a higher-order construct to its dimensions not among them.
    pub(super) effects: Vec<Effect>,
    /// The higher-order factor it is a dimension of.
    pub(super) dimension_of: Vec<usize>,
    /// Its dimensions, if it is a construct of constructs.
    pub(super) dimensions: Vec<usize>,
    /// The composite that it is a part of, if paths explain that composite: then the whole is drawn first.
    pub(super) part_of: Option<usize>,
    /// Its items, if it has any.
    pub(super) items: Vec<String>,
}

/// All constructs of a model and the order in which they can be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Causes {
    pub(super) nodes: Vec<Node>,
    pub(super) order: Vec<usize>,
}

impl Causes {
    /// Reads them out of a model.
    pub(super) fn of(model: &Model) -> Result<Self, PlanError> {
        let mut nodes = Vec::new();
        let mut positions = BTreeMap::new();
        // An interaction counts as a construct of the model, but it is drawn as what it is.
        for construct in model.constructs().iter().filter(|construct| !construct.name.contains(':')) {
            positions.insert(construct.name.clone(), nodes.len());
            nodes.push(Node {
                name: construct.name.clone(),
                kind: construct.kind,
                effects: Vec::new(),
                dimension_of: Vec::new(),
                dimensions: Vec::new(),
                part_of: None,
                items: construct.indicators.iter().map(|&id| model.indicator(id).name.clone()).collect(),
            });
        }
        let sign = |from: &str, to: &str| {
            let ends = model.find(from).zip(model.find(to));
            let path = ends.and_then(|(from, to)| model.find_path(from, to));
            match path.and_then(|id| model.path(id).hypothesis.as_ref()).and_then(|h| h.sign) {
                Some(Sign::Negative) => -1.0,
                _ => 1.0,
            }
        };
        let statements = model.document().items.iter().filter_map(|item| match item {
            Item::Statement(statement) => Some(statement),
            Item::Annotation(_) => None,
        });
        for statement in statements {
            for to in statement.left.iter().filter_map(|name| positions.get(&name.text).copied()) {
                for term in &statement.terms {
                    let parts: Vec<usize> =
                        term.names.iter().filter_map(|name| positions.get(&name.text).copied()).collect();
                    if parts.len() != term.names.len() {
                        continue;
                    }
                    let names: Vec<&str> = term.names.iter().map(|name| name.text.as_str()).collect();
                    let Some(node) = nodes.get_mut(to) else { continue };
                    match (statement.operator, parts.as_slice()) {
                        (Operator::Regression, [from]) => {
                            let sign = sign(&names.join(":"), &node.name);
                            node.effects.push(Effect { from: Cause::One(*from), sign });
                        }
                        (Operator::Regression, [a, b]) => {
                            let sign = sign(&names.join(":"), &node.name);
                            node.effects.push(Effect { from: Cause::Product(*a, *b), sign });
                        }
                        (Operator::Regression, [_, _, _, ..]) => {
                            let text = term.to_string();
                            return Err(Diagnostic::error(
                                "TP1106",
                                format!(
                                    "data cannot be drawn from the interaction `{text}` of three constructs"
                                ),
                            )
                            .hint("leave it out of the model that is simulated")
                            .into());
                        }
                        (Operator::Reflective, [part]) => {
                            node.dimensions.push(*part);
                            if let Some(part) = nodes.get_mut(*part) {
                                part.dimension_of.push(to);
                            }
                        }
                        (Operator::Composite, [part]) => node.dimensions.push(*part),
                        _ => {}
                    }
                }
            }
        }
        for node in &mut nodes {
            if !node.dimensions.is_empty() {
                node.items.clear();
            }
        }
        for whole in 0..nodes.len() {
            if !nodes[whole].is_explained_composite() {
                continue;
            }
            for part in nodes[whole].dimensions.clone() {
                let node = &mut nodes[part];
                if !node.effects.is_empty() || !node.dimension_of.is_empty() || node.part_of.is_some() {
                    let (part, whole) = (node.name.clone(), nodes[whole].name.clone());
                    return Err(Diagnostic::error(
                        "TP1106",
                        format!(
                            "paths explain `{whole}` and its part `{part}`, which says the same thing twice"
                        ),
                    )
                    .hint("data can be drawn if the paths lead to the whole or to its parts, not to both")
                    .into());
                }
                node.part_of = Some(whole);
            }
        }
        let order = order(&nodes)?;
        Ok(Self { nodes, order })
    }

    /// Names of all constructs.
    pub(super) fn names(&self) -> Vec<String> {
        self.nodes.iter().map(|node| node.name.clone()).collect()
    }
}

impl Node {
    /// Whether it is made of constructs and paths lead to it.
    pub(super) fn is_explained_composite(&self) -> bool {
        self.kind == Kind::Composite && !self.dimensions.is_empty() && !self.effects.is_empty()
    }
}

/// What must be drawn before a construct.
fn before(nodes: &[Node], at: usize) -> Vec<usize> {
    let node = &nodes[at];
    let mut all: Vec<usize> = node.effects.iter().flat_map(|effect| effect.from.parts()).collect();
    all.extend(&node.dimension_of);
    if node.kind == Kind::Composite && !node.is_explained_composite() {
        all.extend(&node.dimensions);
    }
    if let Some(whole) = node.part_of {
        all.push(whole);
        // The last part is what the others leave of the whole.
        if let Some((last, others)) = nodes[whole].dimensions.split_last()
            && *last == at
        {
            all.extend(others);
        }
    }
    all
}

/// Causes before effects.
fn order(nodes: &[Node]) -> Result<Vec<usize>, PlanError> {
    let mut done = vec![false; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    while order.len() < nodes.len() {
        let next = (0..nodes.len()).find(|&at| {
            !done[at] && before(nodes, at).iter().all(|&cause| done.get(cause).copied().unwrap_or(true))
        });
        let Some(next) = next else {
            let left: Vec<&str> = nodes
                .iter()
                .zip(&done)
                .filter(|(_, done)| !**done)
                .map(|(node, _)| node.name.as_str())
                .collect();
            return Err(Diagnostic::error(
                "TP1106",
                format!("data cannot be drawn: the paths among {} go in a circle", left.join(", ")),
            )
            .hint("remove or turn one of these paths in the model that is simulated")
            .into());
        };
        done[next] = true;
        order.push(next);
    }
    Ok(order)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn a_whole_that_is_explained_comes_before_its_parts() {
        let parse = |text: &str| Causes::of(&Model::parse(text).unwrap());
        let model = "A =~ a1 + a2\nB =~ b1 + b2\nX =~ x1 + x2\nW <~ A + B\n";
        assert_eq!(parse(&format!("{model}W ~ X\n")).unwrap().order, [2, 3, 0, 1]);
        assert_eq!(parse(&format!("{model}X ~ W\n")).unwrap().order, [0, 1, 3, 2]);
    }

    #[test]
    fn causes_come_first_and_signs_follow_hypotheses() {
        let model = Model::parse(
            "C =~ c1 + c2\nB =~ b1 + b2\nA =~ a1 + a2\nC ~ B + A\nB ~ A\n#@ hypothesis H1 C ~ B -\n",
        )
        .unwrap();
        let causes = Causes::of(&model).unwrap();
        assert_eq!(causes.order, [2, 1, 0]);
        assert_eq!(causes.nodes[0].effects[0].sign, -1.0);
        assert_eq!(causes.nodes[0].effects[1].sign, 1.0);
    }
}
