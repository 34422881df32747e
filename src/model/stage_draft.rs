//! A stage under construction, in terms of the model as written.

use super::stage::{Factor, ItemSource, Stage, Step};
use super::{
    Codebook, Construct, ConstructId, Definition, Document, Indicator, IndicatorId, Interaction, Model, Path,
};

/// An item of a stage: its name and source.
pub(super) type Piece = (String, ItemSource);

/// A stage in terms of the model as written.
#[derive(Debug, Clone)]
pub(super) struct StageDraft {
    /// Constructs by position in the written model, with their items.
    pub(super) blocks: Vec<(usize, Vec<Piece>)>,
    /// Predictor, outcome, and the written path if it is one.
    pub(super) paths: Vec<(usize, usize, Option<usize>)>,
    pub(super) carried: Vec<(usize, (usize, usize))>,
    pub(super) step: Step,
}

impl StageDraft {
    pub(super) fn new() -> Self {
        Self { blocks: Vec::new(), paths: Vec::new(), carried: Vec::new(), step: Step::Pls }
    }

    /// The stage after this one, number `at`, in which every construct stands by its score, unless it keeps its units.
    pub(super) fn by_scores(&self, model: &Model, at: usize) -> Self {
        let mut next = Self { paths: self.paths.clone(), ..Self::new() };
        for (position, (construct, items)) in self.blocks.iter().enumerate() {
            let own = &model.constructs[*construct];
            if own.raw {
                next.blocks.push((*construct, items.clone()));
                continue;
            }
            let score = ItemSource::Score { stage: at, construct: position };
            next.blocks.push((*construct, vec![(own.name.clone(), score)]));
            next.carried.push((*construct, (at, position)));
        }
        next
    }

    pub(super) fn position(&self, construct: usize) -> Option<usize> {
        self.blocks.iter().position(|(at, _)| *at == construct)
    }

    pub(super) fn path(&mut self, from: usize, to: usize, written: Option<usize>) {
        if from != to && !self.paths.iter().any(|(f, t, _)| (*f, *t) == (from, to)) {
            self.paths.push((from, to, written));
        }
    }

    /// Positions of a construct's items in the stage.
    pub(super) fn items(&self, construct: usize) -> std::ops::Range<usize> {
        let before = self.blocks.iter().take_while(|(at, _)| *at != construct);
        let start = before.map(|(_, items)| items.len()).sum();
        let len = self.blocks.iter().find(|(at, _)| *at == construct).map_or(0, |(_, items)| items.len());
        start..start + len
    }

    /// Adds a product, its items and its paths.
    pub(super) fn product(&mut self, model: &Model, product: usize, approach: Interaction, linear: usize) {
        let construct = &model.constructs[product];
        let factors: Vec<usize> = construct
            .factors()
            .unwrap_or_default()
            .iter()
            .filter_map(|name| Some(model.find(name)?.index()))
            .collect();
        let raw = |at: usize| model.constructs[at].raw;
        let scores = !matches!(approach, Interaction::ProductIndicator | Interaction::Orthogonal);
        let pieces = if scores {
            let list = factors.iter().filter_map(|&at| {
                if raw(at) {
                    return Some(Factor::Raw(self.items(at).start));
                }
                Some(Factor::Score { stage: linear, construct: self.position(at)? })
            });
            let source = ItemSource::Product { factors: list.collect(), cleared_of: Vec::new() };
            vec![(construct.name.clone(), source)]
        } else {
            let mut own: Vec<usize> = factors.iter().flat_map(|&at| self.items(at)).collect();
            own.sort_unstable();
            own.dedup();
            let cleared_of = if approach == Interaction::Orthogonal { own } else { Vec::new() };
            self.combinations(&factors)
                .into_iter()
                .map(|items| {
                    let names: Vec<&str> = items.iter().map(|&(_, item)| self.item_name(item)).collect();
                    let factor = |&(at, item): &(usize, usize)| {
                        if raw(at) { Factor::Raw(item) } else { Factor::Item(item) }
                    };
                    let factors = items.iter().map(factor).collect();
                    (names.join(":"), ItemSource::Product { factors, cleared_of: cleared_of.clone() })
                })
                .collect()
        };
        self.blocks.push((product, pieces));
        for (at, path) in model.paths.iter().enumerate().filter(|(_, path)| path.from.index() == product) {
            self.path(product, path.to.index(), Some(at));
        }
    }

    fn item_name(&self, item: usize) -> &str {
        self.blocks.iter().flat_map(|(_, items)| items).nth(item).map_or("", |(name, _)| name.as_str())
    }

    /// One item of each factor in every combination; a factor to a power gives each set of its items once.
    fn combinations(&self, factors: &[usize]) -> Vec<Vec<(usize, usize)>> {
        let mut all: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
        for &factor in factors {
            let mut longer = Vec::new();
            for chosen in &all {
                // Items of the same construct in ascending order only.
                let least = chosen.iter().filter(|(at, _)| *at == factor).map(|(_, item)| *item).max();
                for item in self.items(factor).filter(|item| least.is_none_or(|least| *item >= least)) {
                    let mut next = chosen.clone();
                    next.push((factor, item));
                    longer.push(next);
                }
            }
            all = longer;
        }
        all
    }

    /// The stage as a model. The last one carries what was said about paths.
    pub(super) fn build(self, written: &Model, last: bool) -> Stage {
        let mut constructs: Vec<Construct> = Vec::new();
        let mut indicators: Vec<Indicator> = Vec::new();
        let mut sources = Vec::new();
        // Where a construct, and an item that is an answer, went.
        let mut place = vec![None; written.constructs.len()];
        let mut item_place = vec![None; written.indicators.len()];
        for (position, (at, pieces)) in self.blocks.iter().enumerate() {
            place[*at] = Some(ConstructId::new(position));
            let old = &written.constructs[*at];
            let mut new = Construct { indicators: Vec::new(), dominant: None, ..old.clone() };
            for (name, source) in pieces {
                let id = IndicatorId::new(indicators.len());
                let mut scale = None;
                if let ItemSource::Answer(item) = *source {
                    let answer = &written.indicators[item];
                    scale = answer.scale;
                    // A repeated item does not stand for itself.
                    if answer.construct.index() == *at {
                        item_place[item] = Some(id);
                        new.dominant =
                            new.dominant.or(old.dominant.filter(|d| d.index() == item).map(|_| id));
                    }
                }
                new.indicators.push(id);
                indicators.push(Indicator {
                    name: name.clone(),
                    construct: ConstructId::new(position),
                    scale,
                });
                sources.push(source.clone());
            }
            constructs.push(new);
        }
        let of = |id: ConstructId| place[id.index()];
        let paths: Vec<Path> = self
            .paths
            .iter()
            .filter_map(|&(from, to, path)| {
                let said = path.filter(|_| last).and_then(|at| written.paths.get(at));
                Some(Path {
                    from: place[from]?,
                    to: place[to]?,
                    label: said.and_then(|path| path.label.clone()),
                    hypothesis: said.and_then(|path| path.hypothesis.clone()),
                })
            })
            .collect();
        let both = |(a, b): &(ConstructId, ConstructId)| Some((of(*a)?, of(*b)?));
        let errors =
            |(a, b): &(IndicatorId, IndicatorId)| Some((item_place[a.index()]?, item_place[b.index()]?));
        let position =
            |path: usize| self.paths.iter().position(|(_, _, at)| *at == Some(path)).unwrap_or(usize::MAX);
        let definitions = written.definitions.iter().filter(|_| last).map(|definition| Definition {
            formula: definition.formula.relocated(&position),
            ..definition.clone()
        });
        let carried =
            self.carried.iter().filter_map(|&(at, from)| Some((place[at]?.index(), from))).collect();
        let model = Model {
            about: written.about.clone(),
            codebook: if last { written.codebook.clone() } else { Codebook::default() },
            paths,
            correlated_errors: written.correlated_errors.iter().filter_map(errors).collect(),
            correlated_constructs: written.correlated_constructs.iter().filter_map(both).collect(),
            reliabilities: written.reliabilities.iter().filter_map(|(id, r)| Some((of(*id)?, *r))).collect(),
            instruments: written
                .instruments
                .iter()
                .filter_map(|(id, list)| {
                    Some((of(*id)?, list.iter().map(|z| of(*z)).collect::<Option<Vec<_>>>()?))
                })
                .collect(),
            definitions: definitions.collect(),
            used: Vec::new(),
            document: Document::default(),
            constructs,
            indicators,
        };
        Stage { model, sources, step: self.step, carried }
    }
}
