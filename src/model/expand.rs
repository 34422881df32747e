//! A model with products or constructs of constructs as a list of stages, each a plain model.
//!
//! A stage has blocks of items and paths like any model without products. Its items are answers, scores of an earlier
//! stage, or products ([`ItemSource`]); the last stage holds every path of the file.
//!
//! | approach | stages |
//! |---|---|
//! | `disjoint` | one per order: constructs of a higher order are replaced by their components in every path; then the components' scores are their items |
//! | `repeated`, `extended-repeated` | one: the items of the components stand in the higher block, too, and paths join both |
//! | `embedded` | repeated indicators; then every construct by scores |
//! | `saturated` | all constructs but the higher ones, each joined to each; then every construct by scores |
//!
//! Constructs of one model may differ in approach (`#@ higher-order TRUST repeated`), `saturated` apart, which is one of
//! whole models: each stands in every stage as its own approach has it there, and the general approach (`#@ higher-order
//! embedded`) decides whether all others enter later stages by scores or by their items.
//!
//! | interactions | |
//! |---|---|
//! | `two-stage`, `moments` | one more with a product of scores per product |
//! | `two-stage-scores` | the same, all constructs but unstandardised ones by scores |
//! | `product-indicator`, `orthogonal` | products of the last stage's items join it |

use super::graph::causal_order;
use super::stage::{ItemSource, Stage, Step};
use super::stage_draft::{Piece, StageDraft};
use super::{ConstructId, HigherOrder, Interaction, Kind, Model};

impl Model {
    /// The stages of the model under an approach to products; `higher_order` stands over what the model says of its constructs
    /// of constructs. A plain model is its own only stage.
    pub fn stages(&self, interaction: Interaction, higher_order: Option<HigherOrder>) -> Vec<Stage> {
        if !self.is_staged() {
            return vec![Stage::plain(self)];
        }
        let mut drafts = Expansion { model: self, over: higher_order }.linear();
        let last = drafts.len() - 1;
        let products: Vec<usize> =
            (0..self.constructs.len()).filter(|&at| self.constructs[at].factors().is_some()).collect();
        if !products.is_empty() {
            let mut draft = if interaction == Interaction::TwoStageScores {
                drafts[last].by_scores(self, last)
            } else {
                drafts[last].clone()
            };
            let alone = !matches!(interaction, Interaction::ProductIndicator | Interaction::Orthogonal);
            for product in products {
                draft.product(self, product, interaction, last);
            }
            if alone {
                draft.step = match interaction {
                    Interaction::Moments => Step::Moments { replace: false },
                    Interaction::MomentsReplace => Step::Moments { replace: true },
                    _ => Step::Pls,
                };
                drafts.push(draft);
            } else {
                drafts[last] = draft;
            }
        }
        let count = drafts.len();
        drafts.into_iter().enumerate().map(|(at, draft)| draft.build(self, at + 1 == count)).collect()
    }

    /// How a construct of constructs is estimated: as `over` says, else as the model says of it, else as of all.
    pub fn approach(&self, name: &str, over: Option<HigherOrder>) -> HigherOrder {
        over.unwrap_or_else(|| self.about.approach(name))
    }

    /// What cannot be estimated if `approach` holds for all constructs of constructs: messages, each with its hints.
    pub fn higher_order_clashes(&self, approach: HigherOrder) -> Vec<(String, Vec<String>)> {
        let clashes = super::higher_order::clashes(&self.constructs, &self.paths, |_| approach);
        clashes.into_iter().map(|clash| (clash.message, clash.hints)).collect()
    }

    /// 1 where items measure a construct, else one more than the highest order of its components.
    pub fn order(&self, id: ConstructId) -> usize {
        let parts = self.construct(id).components().unwrap_or_default();
        1 + parts.iter().filter_map(|part| self.find(part)).map(|part| self.order(part)).max().unwrap_or(0)
    }

    fn components_of(&self, at: usize) -> Vec<usize> {
        let parts = self.constructs[at].components().unwrap_or_default();
        parts.iter().filter_map(|part| Some(self.find(part)?.index())).collect()
    }
}
/// The stages without products.
struct Expansion<'a> {
    model: &'a Model,
    /// An approach over what the model says.
    over: Option<HigherOrder>,
}

impl Expansion<'_> {
    fn linear(&self) -> Vec<StageDraft> {
        let highest = (0..self.model.constructs.len()).map(|at| self.level(at)).max().unwrap_or(1);
        let mut stages: Vec<StageDraft> = (1..=highest).map(|level| self.stage(level)).collect();
        if highest > 1 && self.general() == HigherOrder::Saturated {
            stages[0] = self.saturated();
        }
        stages
    }

    /// The approach of the model as a whole, which decides how constructs that answers measure enter later stages: the one
    /// that is said of all, or that all constructs of constructs share, or `disjoint`.
    fn general(&self) -> HigherOrder {
        let said = self.over.or(self.model.about.higher_order);
        said.unwrap_or_else(|| {
            let mut all = (0..self.model.constructs.len())
                .filter(|&at| !self.model.components_of(at).is_empty())
                .map(|at| self.approach(at));
            let first = all.next().unwrap_or(HigherOrder::Disjoint);
            if all.all(|other| other == first) { first } else { HigherOrder::Disjoint }
        })
    }

    fn approach(&self, at: usize) -> HigherOrder {
        self.model.approach(&self.model.constructs[at].name, self.over)
    }

    /// The stage, from 1, in which a construct first stands for itself with its final items.
    fn level(&self, at: usize) -> usize {
        let parts = self.model.components_of(at);
        match self.approach(at) {
            _ if parts.is_empty() => 1,
            HigherOrder::Repeated | HigherOrder::ExtendedRepeated => 1,
            HigherOrder::Embedded => 2,
            HigherOrder::Disjoint | HigherOrder::Saturated => {
                1 + parts.into_iter().map(|part| self.level(part)).max().unwrap_or(0)
            }
        }
    }

    /// Whether a construct repeats the items of its components in this stage.
    fn repeats(&self, at: usize, level: usize) -> bool {
        !self.model.components_of(at).is_empty()
            && match self.approach(at) {
                HigherOrder::Repeated | HigherOrder::ExtendedRepeated => !self.by_scores(level),
                HigherOrder::Embedded => level == 1,
                HigherOrder::Disjoint | HigherOrder::Saturated => false,
            }
    }

    /// Whether the stage knows what was measured before by scores alone.
    fn by_scores(&self, level: usize) -> bool {
        level > 1 && matches!(self.general(), HigherOrder::Embedded | HigherOrder::Saturated)
    }

    fn is_product(&self, at: usize) -> bool {
        self.model.constructs[at].factors().is_some()
    }

    fn is_component(&self, at: usize) -> bool {
        self.model.whole_of(ConstructId::new(at)).is_some()
    }

    fn answers(&self, at: usize) -> Vec<Piece> {
        let items = &self.model.constructs[at].indicators;
        items
            .iter()
            .map(|&id| (self.model.indicator(id).name.clone(), ItemSource::Answer(id.index())))
            .collect()
    }

    /// The constructs below one that answers measure; itself if they measure it.
    fn measured(&self, at: usize) -> Vec<usize> {
        let parts = self.model.components_of(at);
        if parts.is_empty() {
            return vec![at];
        }
        parts.into_iter().flat_map(|part| self.measured(part)).collect()
    }

    /// What stands for a construct in a stage: itself, or its components.
    fn standing_for(&self, at: usize, level: usize) -> Vec<usize> {
        if self.level(at) <= level || self.repeats(at, level) {
            return vec![at];
        }
        self.model.components_of(at).into_iter().flat_map(|part| self.standing_for(part, level)).collect()
    }

    /// A construct, and its components where it repeats their items.
    fn with_components(&self, at: usize, level: usize) -> Vec<usize> {
        let mut all = vec![at];
        if self.repeats(at, level) {
            let parts = self.model.components_of(at).into_iter();
            all.extend(parts.flat_map(|part| self.with_components(part, level)));
        }
        all
    }

    /// A stage, from 1.
    fn stage(&self, level: usize) -> StageDraft {
        let mut draft = StageDraft::new();
        let roots =
            (0..self.model.constructs.len()).filter(|&at| !self.is_product(at) && !self.is_component(at));
        let standing = roots.flat_map(|at| self.standing_for(at, level));
        let mut visible: Vec<usize> = standing.flat_map(|at| self.with_components(at, level)).collect();
        visible.sort_unstable();
        for &at in &visible {
            let items = self.items(at, level, &mut draft);
            draft.blocks.push((at, items));
        }
        self.written_paths(&mut draft, |at| self.standing_for(at, level));
        // Paths of components that a later stage knows by their scores only belong to the earlier one.
        draft.paths.retain(|(from, to, _)| visible.contains(from) && visible.contains(to));
        self.link(&mut draft, level);
        draft
    }

    /// The items of a construct in a stage.
    fn items(&self, at: usize, level: usize, draft: &mut StageDraft) -> Vec<Piece> {
        let score = |part: usize, level: usize| {
            let construct = self.stage(level).position(part)?;
            Some((
                self.model.constructs[part].name.clone(),
                ItemSource::Score { stage: level - 1, construct },
            ))
        };
        let own = self.level(at);
        if self.repeats(at, level) {
            let name = &self.model.constructs[at].name;
            let answers = self.measured(at).into_iter().flat_map(|part| self.answers(part));
            answers.map(|(item, source)| (format!("{name}.{item}"), source)).collect()
        } else if own > 1 {
            // Its components stood in the stage below.
            self.model.components_of(at).into_iter().filter_map(|part| score(part, own - 1)).collect()
        } else if self.by_scores(level) {
            draft.carried.extend(self.stage(1).position(at).map(|construct| (at, (0, construct))));
            score(at, 1).into_iter().collect()
        } else {
            self.answers(at)
        }
    }

    fn written_paths(&self, draft: &mut StageDraft, stand: impl Fn(usize) -> Vec<usize>) {
        for (at, path) in self.model.paths.iter().enumerate() {
            let (from, to) = (path.from.index(), path.to.index());
            if self.is_product(from) {
                continue;
            }
            let (froms, tos) = (stand(from), stand(to));
            let itself = froms == [from] && tos == [to];
            for &from in &froms {
                for &to in &tos {
                    draft.path(from, to, itself.then_some(at));
                }
            }
        }
    }

    /// Joins constructs to the components whose items they repeat.
    fn link(&self, draft: &mut StageDraft, level: usize) {
        let model = self.model;
        let written = draft.paths.clone();
        for at in (0..model.constructs.len()).filter(|&at| self.repeats(at, level)) {
            if draft.position(at).is_none() {
                continue;
            }
            let parts = model.components_of(at);
            for &part in &parts {
                let turned =
                    written.iter().any(|&(from, to, _)| (from, to) == (at, part) || (from, to) == (part, at));
                match model.constructs[at].kind {
                    _ if turned => {}
                    Kind::Reflective => draft.path(at, part, None),
                    Kind::Composite => draft.path(part, at, None),
                }
                if self.approach(at) == HigherOrder::ExtendedRepeated
                    && model.constructs[at].kind == Kind::Composite
                {
                    for &(from, ..) in
                        written.iter().filter(|(from, to, _)| *to == at && !parts.contains(from))
                    {
                        draft.path(from, part, None);
                    }
                }
            }
        }
    }

    /// Everything but the higher constructs, each joined to all before it in causal order.
    fn saturated(&self) -> StageDraft {
        let mut draft = self.stage(1);
        let order = causal_order(&draft.clone().build(self.model, false).model);
        let at = |id: &ConstructId| draft.blocks.get(id.index()).map(|(at, _)| *at);
        let order: Vec<usize> = order.iter().filter_map(at).collect();
        draft.paths.clear();
        for (position, &to) in order.iter().enumerate() {
            for &from in &order[..position] {
                draft.path(from, to, None);
            }
        }
        draft
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::stage::Factor;
    use super::*;

    fn stages(text: &str) -> Vec<Stage> {
        let model = Model::parse(text).unwrap();
        model.stages(model.about.interaction.unwrap_or(Interaction::TwoStage), None)
    }

    fn paths(stage: &Stage) -> Vec<String> {
        let name = |id| stage.model.construct(id).name.clone();
        stage.model.paths().iter().map(|path| format!("{} {}", name(path.from), name(path.to))).collect()
    }

    const BASE: &str = "A =~ a1 + a2\nB =~ b1 + b2\nY =~ y1 + y2\n";

    #[test]
    fn a_plain_model_is_its_own_stage() {
        let stages = stages(&format!("{BASE}Y ~ A + B"));
        assert_eq!(stages.len(), 1);
        assert_eq!(stages[0].sources[5], ItemSource::Answer(5));
    }

    #[test]
    fn a_product_of_scores_needs_the_model_without_it() {
        let stages = stages(&format!("{BASE}Y ~ A + m*B + A:B\nd := 2*m"));
        assert_eq!(stages.len(), 2);
        assert_eq!(paths(&stages[0]), ["A Y", "B Y"]);
        assert_eq!(paths(&stages[1]), ["A Y", "B Y", "A:B Y"]);
        let scores = [0, 1].map(|construct| Factor::Score { stage: 0, construct });
        let product = ItemSource::Product { factors: scores.to_vec(), cleared_of: Vec::new() };
        assert_eq!(stages[1].sources.last(), Some(&product));
        assert_eq!(stages[1].model.definitions().len(), 1);
        assert!(stages[0].model.definitions().is_empty());
    }

    #[test]
    fn product_indicators_join_the_last_stage() {
        let stages = stages(&format!("#@ interaction orthogonal\n{BASE}Y ~ A + B + A:B + A:A"));
        assert_eq!(stages.len(), 1);
        let names = stages[0].model.indicator_names();
        assert_eq!(names[6..], ["a1:b1", "a1:b2", "a2:b1", "a2:b2", "a1:a1", "a1:a2", "a2:a2"]);
        let ItemSource::Product { cleared_of, .. } = &stages[0].sources[6] else { panic!() };
        assert_eq!(cleared_of, &[0, 1, 2, 3]);
    }

    #[test]
    fn components_stand_for_their_whole_order_by_order() {
        let text = format!("{BASE}H <~ A + B\nC =~ c\nT <~ H + C\nY ~ T");
        let stages = stages(&text);
        assert_eq!(
            stages.iter().map(paths).collect::<Vec<_>>(),
            [vec!["A Y", "B Y", "C Y"], vec!["H Y", "C Y"], vec!["T Y"]]
        );
        assert_eq!(stages[2].model.indicator_names(), ["y1", "y2", "H", "C"]);
        // The component of first order takes its score from the stage where its whole begins.
        assert_eq!(stages[2].sources[3], ItemSource::Score { stage: 1, construct: 2 });
    }

    #[test]
    fn repeated_indicators_link_components_by_the_kind_of_the_whole() {
        let text = |word: &str, sign: &str| {
            format!("#@ higher-order {word}\n{BASE}X =~ x1 + x2\nH {sign} A + B\nH ~ X\nY ~ H")
        };
        assert_eq!(paths(&stages(&text("repeated", "=~"))[0]), ["X H", "H Y", "H A", "H B"]);
        assert_eq!(paths(&stages(&text("repeated", "<~"))[0]), ["X H", "H Y", "A H", "B H"]);
        let extended = stages(&text("extended-repeated", "<~"));
        assert_eq!(paths(&extended[0]), ["X H", "H Y", "A H", "X A", "B H", "X B"]);
        let names = extended[0].model.indicator_names();
        assert_eq!(names[8..], ["H.a1", "H.a2", "H.b1", "H.b2"]);
        let embedded = stages(&text("embedded", "<~"));
        assert_eq!(embedded.len(), 2);
        assert_eq!(paths(&embedded[1]), ["X H", "H Y"]);
        assert_eq!(embedded[1].model.indicator_names(), ["Y", "X", "A", "B"]);
        assert_eq!(embedded[1].carried, [(0, (0, 2)), (1, (0, 3))]);
    }

    #[test]
    fn repeated_indicators_may_be_written_out() {
        let text = format!("{BASE}H <~ a1 + a2 + b1 + b2\nH ~ A + B\nY ~ H");
        let stages = stages(&text);
        assert_eq!(stages.len(), 1);
        assert_eq!(paths(&stages[0]), ["A H", "B H", "H Y"]);
    }
}
