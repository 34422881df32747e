//! Where the constructs of a model in stages are measured.

use super::fit::PlsFit;
use super::settings::Pls;
use crate::model::{Construct, HigherOrder, Interaction, Mode, Model};

/// A construct of constructs and its components.
type Whole = (String, Vec<String>);

impl Pls {
    /// How products of a model's constructs are estimated: as set, as the model says, or by moments if consistent.
    pub fn interaction_of(&self, model: &Model) -> Interaction {
        let usual = if self.consistent { Interaction::Moments } else { Interaction::TwoStage };
        self.interaction.or(model.about.interaction).unwrap_or(usual)
    }
}

impl PlsFit {
    /// The fit in which answers are items: the first stage, with every construct that items measure.
    pub fn first_stage(&self) -> &PlsFit {
        self.earlier().first().unwrap_or(self)
    }

    /// The products of the model, and how they were estimated; `None` without any.
    pub fn products(&self) -> Option<(Interaction, Vec<String>)> {
        let products = self.model.constructs().iter().filter(|construct| construct.factors().is_some());
        let names: Vec<String> = products.map(|construct| construct.name.clone()).collect();
        (!names.is_empty()).then(|| (self.settings.interaction_of(self.written()), names))
    }

    /// The constructs of constructs by approach, each with its components.
    pub fn wholes(&self) -> Vec<(HigherOrder, Vec<Whole>)> {
        let written = self.written();
        let mut found: Vec<(HigherOrder, Vec<Whole>)> = Vec::new();
        for construct in written.constructs() {
            let Some(parts) = construct.components() else { continue };
            let approach = written.approach(&construct.name, self.settings.higher_order);
            let whole = (construct.name.clone(), parts.to_vec());
            match found.iter_mut().find(|(known, _)| *known == approach) {
                Some((_, wholes)) => wholes.push(whole),
                None => found.push((approach, vec![whole])),
            }
        }
        found
    }

    /// Whether a construct is corrected for attenuation, in any stage.
    pub fn is_corrected(&self) -> bool {
        let stages = self.earlier().iter().chain([self]);
        stages.flat_map(|stage| &stage.plan.blocks).any(|block| block.corrected)
    }

    /// Stages before the last, by position, and the constructs there whose measurement the last does not show: components,
    /// and constructs that it knows by their scores only. Each stands once, in the last stage that weighs its items.
    pub fn measured_before(&self) -> Vec<(usize, Vec<usize>)> {
        let written = self.written();
        let items = |of: &PlsFit, name: &str| {
            of.model.find(name).map(|id| of.model.construct(id).indicators.len()).unwrap_or_default()
        };
        let mut seen: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (at, stage) in self.earlier().iter().enumerate().rev() {
            let hidden = |name: &str| {
                let Some(id) = written.find(name) else { return false };
                let here = self.model.find(name).map(|id| self.model.construct(id));
                // A whole is assessed where its components are its items, and not where it stands by its score.
                let by_score = |here: &Construct| match here.indicators.as_slice() {
                    [item] => self.model.indicator(*item).name == name,
                    _ => false,
                };
                let whole =
                    |here: &Construct| written.construct(id).components().is_some() && !by_score(here);
                match here {
                    None => written.whole_of(id).is_some(),
                    Some(here) => {
                        !whole(here) && here.factors().is_none() && items(self, name) < items(stage, name)
                    }
                }
            };
            let names = stage.constructs();
            let own: Vec<usize> =
                (0..names.len()).filter(|&j| hidden(&names[j]) && !seen.contains(&names[j])).collect();
            seen.extend(own.iter().map(|&j| names[j].clone()));
            if !own.is_empty() {
                found.push((at, own));
            }
        }
        found
    }

    /// Whether a construct is formed by its items: several of them with regression weights, in the last stage that weighs more
    /// than its score.
    pub fn is_formative(&self, name: &str) -> bool {
        let block = |fit: &PlsFit| {
            let block = &fit.plan.blocks[fit.model.find(name)?.index()];
            (block.len > 1).then_some(matches!(block.mode, Mode::B | Mode::Bnnls))
        };
        std::iter::once(self).chain(self.earlier().iter().rev()).find_map(block).unwrap_or(false)
    }

    /// Pairs of constructs that HTMT tells apart in the last stage: not by scores what an earlier stage tells apart by items.
    pub fn told_apart(&self) -> Vec<(usize, usize)> {
        let names = self.constructs();
        let before = self.measured_before();
        let known = |j: usize| {
            before.iter().any(|(at, own)| {
                let constructs = self.earlier()[*at].model.constructs();
                own.iter().any(|&own| constructs[own].name == names[j])
            })
        };
        let all = (0..names.len()).flat_map(|i| (i + 1..names.len()).map(move |j| (i, j)));
        all.filter(|&(i, j)| self.comparable(i, j) && !(known(i) && known(j))).collect()
    }

    /// The same of an earlier stage that measures the constructs `own`: pairs in which one of them stands. A whole that repeats
    /// its components' items there is told apart later.
    pub fn told_apart_before(&self, stage: usize, own: &[usize]) -> Vec<(usize, usize)> {
        let (Some(fit), Some(staged)) = (self.earlier().get(stage), &self.staged) else { return Vec::new() };
        let repeating: Vec<usize> = staged.stages.stages[stage].repeating().collect();
        let k = fit.plan.constructs();
        let all = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
        all.filter(|(i, j)| {
            (own.contains(i) || own.contains(j))
                && !repeating.contains(i)
                && !repeating.contains(j)
                && fit.comparable(*i, *j)
        })
        .collect()
    }

    /// Whether two constructs are to be told apart: a product is made of others, and a construct of constructs holds its
    /// components and theirs.
    pub fn comparable(&self, i: usize, j: usize) -> bool {
        let constructs = self.model.constructs();
        let (Some(one), Some(other)) = (constructs.get(i), constructs.get(j)) else { return false };
        let written = self.written();
        let holds = |whole: &str, part: &str| {
            let mut at = written.find(part);
            while let Some(up) = at.and_then(|id| written.whole_of(id)) {
                if written.construct(up).name == whole {
                    return true;
                }
                at = Some(up);
            }
            false
        };
        one.factors().is_none()
            && other.factors().is_none()
            && !holds(&one.name, &other.name)
            && !holds(&other.name, &one.name)
    }
}
