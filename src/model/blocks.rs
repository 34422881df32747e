//! Which items, or which other constructs, measure each construct, and what is wrong with such a block.

use std::collections::HashMap;

use super::document::{Name, Operator, Statement, Term};
use super::draft::Draft;
use super::{ConstructId, Kind, Nature, higher_order};

impl Draft<'_> {
    /// First pass: every left side of `=~` and `<~` is a construct.
    pub(super) fn constructs<'b>(&mut self, statements: impl Iterator<Item = &'b Statement>) {
        for statement in statements {
            let Some(kind) = kind_of(statement.operator) else { continue };
            for name in &statement.left {
                if let Some(&id) = self.construct_ids.get(&name.text) {
                    if self.constructs.get(id.index()).is_some_and(|construct| construct.kind != kind) {
                        let message = format!("`{}` is measured both by `=~` and by `<~`", name.text);
                        let problem = self.error(
                            "TP0122",
                            name.span.clone(),
                            message,
                            "defined before with the other operator",
                        );
                        self.problems.push(problem.hint(
                            "choose `=~` if the construct causes its items, `<~` if it is made of them",
                        ));
                    }
                    continue;
                }
                self.add(name.text.clone(), kind, Nature::Measured, name.span.clone());
            }
        }
    }

    /// Second pass: the items of every construct, then their numbers, block after block. Constructs on the right side are
    /// components of a construct of constructs.
    pub(super) fn blocks<'b>(&mut self, statements: impl Iterator<Item = &'b Statement> + Clone) {
        // Every term in the order of the text, with its construct.
        let mut terms: Vec<(usize, &Name)> = Vec::new();
        for statement in statements.filter(|statement| kind_of(statement.operator).is_some()) {
            let names: Vec<&Name> = statement.terms.iter().filter_map(|term| self.loading(term)).collect();
            for construct in &statement.left {
                let Some(&id) = self.construct_ids.get(&construct.text) else { continue };
                terms.extend(names.iter().map(|name| (id.index(), *name)));
            }
        }
        let blocks: Vec<Vec<&Name>> = (0..self.constructs.len())
            .map(|at| terms.iter().filter(|(of, _)| *of == at).map(|(_, name)| *name).collect())
            .collect();
        let wholes: Vec<bool> = (0..blocks.len()).map(|at| self.whole(at, &blocks)).collect();
        let mut owners: HashMap<&str, ConstructId> = HashMap::new();
        let mut items: Vec<Vec<&str>> = vec![Vec::new(); blocks.len()];
        for (at, name) in terms {
            if wholes.get(at) == Some(&true) {
                continue;
            }
            let id = ConstructId::new(at);
            if let Some(&owner) = owners.get(name.text.as_str()) {
                self.second_owner(name, id, owner);
                continue;
            }
            owners.insert(&name.text, id);
            items.get_mut(at).into_iter().for_each(|block| block.push(&name.text));
        }
        for (at, block) in items.into_iter().enumerate() {
            for name in block {
                self.add_item(name, ConstructId::new(at));
            }
        }
    }

    /// Whether the construct at `at` is one of constructs; these are then its components.
    fn whole(&mut self, at: usize, blocks: &[Vec<&Name>]) -> bool {
        let (id, block) = (ConstructId::new(at), blocks.get(at).map_or(&[] as &[&Name], Vec::as_slice));
        let own = self.name(id).to_owned();
        let (components, items): (Vec<&Name>, Vec<&Name>) =
            block.iter().partition(|name| name.text != own && self.construct_ids.contains_key(&name.text));
        if let (Some(item), true) = (items.iter().find(|item| item.text == own), items.len() > 1) {
            self.named_like_its_item(item);
        }
        if !components.is_empty() {
            if let Some(item) = items.first() {
                self.mixed(&own, &components, item);
            }
            let components = components.iter().map(|name| (name.text.clone(), name.span.clone()));
            higher_order::components(self, id, components.collect());
            return true;
        }
        let parts = repeated(at, blocks);
        if parts.is_empty() {
            return false;
        }
        // Repeated indicators, written out.
        self.repeats.push(own.clone());
        let span = items.first().map_or(0..0, |item| item.span.clone());
        let parts = parts.into_iter().map(|at| (self.name(ConstructId::new(at)).to_owned(), span.clone()));
        let parts = parts.collect();
        higher_order::components(self, id, parts);
        true
    }

    /// The item or construct that a term of `=~` or `<~` names.
    fn loading<'b>(&mut self, term: &'b Term) -> Option<&'b Name> {
        let name = self.plain(term)?;
        self.no_value(term);
        self.no_label(term, "a loading");
        Some(name)
    }

    /// One of several items has the name of its construct: which of the two is meant elsewhere?
    fn named_like_its_item(&mut self, item: &Name) {
        let message = format!("`{}` is the name of both a construct and one of its items", item.text);
        let problem = self.error("TP0126", item.span.clone(), message, "named like its construct");
        let hint = format!(
            "rename the construct; only a construct of a single item may have the item's name, `{0} =~ {0}`",
            item.text
        );
        self.problems.push(problem.hint(hint));
        self.incomplete = true;
    }

    /// A construct has both items and constructs on its right side.
    fn mixed(&mut self, own: &str, components: &[&Name], item: &Name) {
        let message = format!(
            "`{own}` is measured both by the construct `{}` and by the item `{}`",
            components.first().map_or("", |name| name.text.as_str()),
            item.text
        );
        let problem = self.error("TP0134", item.span.clone(), message, "an item beside constructs");
        let hint = format!(
            "measure a construct by this item alone, `{0} =~ {0}`, so that `{own}` has constructs only",
            item.text
        );
        self.problems.push(problem.hint(hint));
        self.incomplete = true;
    }

    /// An item stands in a block although it belongs to one.
    fn second_owner(&mut self, item: &Name, id: ConstructId, owner: ConstructId) {
        let name = &item.text;
        let problem = if id == owner {
            let message = format!("the item `{name}` stands twice in the block of `{}`", self.name(id));
            self.error("TP0124", item.span.clone(), message, "once is enough").hint("remove one of them")
        } else {
            let (owner, id) = (self.name(owner), self.name(id));
            let message = format!("the item `{name}` belongs to both `{owner}` and `{id}`");
            self.error("TP0123", item.span.clone(), message, &format!("already an item of `{owner}`"))
                .hint("an item measures one construct; remove it from one of the two")
                .hint(format!(
                    "for a construct of constructs name these, not their items: `{id} =~ {owner} + …`"
                ))
        };
        self.problems.push(problem);
    }
}

/// The positions of the blocks, at least two, that the block at `at` repeats item by item; empty if it has items of its own.
fn repeated(at: usize, blocks: &[Vec<&Name>]) -> Vec<usize> {
    let Some(own) = blocks.get(at) else { return Vec::new() };
    let inside = |block: &[&Name]| {
        !block.is_empty() && block.iter().all(|item| own.iter().any(|mine| mine.text == item.text))
    };
    let parts: Vec<(usize, usize)> = blocks
        .iter()
        .enumerate()
        .filter(|(other, block)| *other != at && block.len() < own.len() && inside(block))
        .map(|(other, block)| (other, block.len()))
        .collect();
    let whole = parts.len() > 1 && parts.iter().map(|(_, len)| len).sum::<usize>() == own.len();
    if whole { parts.into_iter().map(|(other, _)| other).collect() } else { Vec::new() }
}

/// The kind of construct that an operator defines.
fn kind_of(operator: Operator) -> Option<Kind> {
    match operator {
        Operator::Reflective => Some(Kind::Reflective),
        Operator::Composite => Some(Kind::Composite),
        Operator::Regression | Operator::Covariance | Operator::Definition => None,
    }
}
