//! The answers of a model in stages, and what they load on from stage to stage up to the constructs of the last.
//!
//! A model-implied correlation is one of answers, whatever the stages: the item of a component loads on it, the component
//! on its construct of constructs. Items that repeat others' and items of products carry no claim of their own and are
//! left out.

use super::conventions::ComponentSource;
use crate::model::{ItemSource, Kind};
use crate::pls::{Estimate, PlsFit, Stages};

/// A stage and one of its constructs.
type Node = (usize, usize);

/// One step up from an answer: the construct above, and the stage and item whose loading leads there.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Link {
    node: Node,
    loading: (usize, usize),
}

/// One answer and its chain of constructs, lowest first.
#[derive(Debug, Clone, PartialEq)]
struct Leaf {
    /// Position among the answers.
    answer: usize,
    chain: Vec<Link>,
}

/// The stages of a fit, the last one included.
pub(super) fn stages(fit: &PlsFit) -> Vec<&PlsFit> {
    fit.earlier().iter().chain(std::iter::once(fit)).collect()
}

/// What a model in stages claims of its answers; made once, used for the sample and every resample.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answers {
    leaves: Vec<Leaf>,
    /// Per stage and construct whether it is a composite.
    composite: Vec<Vec<bool>>,
    /// Answers whose errors correlate.
    correlated: Vec<(usize, usize)>,
    /// How many answers there are.
    pub(crate) count: usize,
}

impl Answers {
    /// The answers that the last stage explains.
    pub(crate) fn of(stages: &Stages) -> Self {
        let last = stages.stages.len() - 1;
        let constructs = stages.last().model.constructs();
        let mut leaves: Vec<Leaf> = (0..constructs.len())
            .filter(|&j| constructs[j].factors().is_none())
            .flat_map(|j| below(stages, last, j))
            .collect();
        leaves.sort_by_key(|leaf| leaf.answer);
        let composite = stages.stages.iter().map(|stage| {
            stage.model.constructs().iter().map(|construct| construct.kind == Kind::Composite).collect()
        });
        let correlated = stages.model.correlated_errors().iter().map(|(a, b)| (a.index(), b.index()));
        Self {
            leaves,
            composite: composite.collect(),
            correlated: correlated.collect(),
            count: stages.model.indicators().len(),
        }
    }

    /// Correlations implied for the answers, whose own are `s`: by the estimates of the stages, and the correlations `v` of
    /// the constructs of the last; components of composites correlate as `components` says.
    pub(crate) fn implied(
        &self,
        estimates: &[&Estimate],
        s: &[f64],
        (v, components): (&[f64], ComponentSource),
        sigma: &mut Vec<f64>,
    ) {
        let p = self.count;
        // An answer that nothing explains is as it is.
        sigma.clear();
        sigma.extend_from_slice(s);
        for (at, a) in self.leaves.iter().enumerate() {
            for b in &self.leaves[..at] {
                let r = self.correlation(estimates, s, (v, components), (a, b));
                sigma[a.answer * p + b.answer] = r;
                sigma[b.answer * p + a.answer] = r;
            }
        }
        for &(a, b) in &self.correlated {
            sigma[a * p + b] = s[a * p + b];
            sigma[b * p + a] = s[a * p + b];
        }
    }

    /// Implied correlation of two answers.
    fn correlation(
        &self,
        estimates: &[&Estimate],
        s: &[f64],
        (v, components): (&[f64], ComponentSource),
        (a, b): (&Leaf, &Leaf),
    ) -> f64 {
        if a.answer == b.answer {
            return 1.0;
        }
        let loading = |link: &Link| estimates[link.loading.0].loadings[link.loading.1];
        let along = |leaf: &Leaf, steps: usize| leaf.chain[..steps].iter().map(loading).product::<f64>();
        // The lowest construct above both.
        let met = a.chain.iter().enumerate().find_map(|(i, link)| {
            let j = b.chain.iter().position(|other| other.node == link.node)?;
            Some((i, j, link.node))
        });
        let Some((i, j, (stage, construct))) = met else {
            let k = self.composite.last().map_or(0, Vec::len);
            let top = |leaf: &Leaf| leaf.chain.last().map_or(0, |link| link.node.1);
            return along(a, a.chain.len()) * v[top(a) * k + top(b)] * along(b, b.chain.len());
        };
        if !self.composite[stage][construct] {
            return along(a, i + 1) * along(b, j + 1);
        }
        if i == 0 && j == 0 {
            return s[a.answer * self.count + b.answer];
        }
        // Components of a composite correlate as they do.
        let below = |leaf: &Leaf, at: usize| leaf.chain.get(at.wrapping_sub(1)).map(|link| link.node);
        match (below(a, i), below(b, j)) {
            (Some((stage, one)), Some((_, other))) => {
                let (k, estimate) = (self.composite[stage].len(), estimates[stage]);
                let r = match components {
                    ComponentSource::Constructs => &estimate.construct_correlations,
                    ComponentSource::Scores => &estimate.proxy_correlations,
                };
                along(a, i) * r[one * k + other] * along(b, j)
            }
            _ => f64::NAN,
        }
    }
}

fn below(stages: &Stages, stage: usize, construct: usize) -> Vec<Leaf> {
    let compiled = &stages.stages[stage];
    let block = &compiled.plan.blocks[construct];
    let whole = compiled.model.constructs()[construct].components().is_some();
    let mut found = Vec::new();
    for item in block.start..block.start + block.len {
        let link = Link { node: (stage, construct), loading: (stage, item) };
        match &compiled.sources[item] {
            // The items of a construct of constructs are others'.
            ItemSource::Answer(_) if whole => {}
            ItemSource::Answer(answer) => found.push(Leaf { answer: *answer, chain: vec![link] }),
            ItemSource::Score { stage: from, construct: part } => {
                for mut leaf in below(stages, *from, *part) {
                    if whole {
                        leaf.chain.push(link);
                    } else if let Some(top) = leaf.chain.last_mut() {
                        // The same construct by its own score.
                        top.node = link.node;
                    }
                    found.push(leaf);
                }
            }
            ItemSource::Product { .. } => {}
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use crate::Pls;
    use crate::model::Model;
    use crate::moments::Moments;

    #[test]
    fn a_second_order_factor_implies_products_of_all_loadings() {
        // Three components with loadings .8 on a factor, items with .9 on their component: Q and weights known.
        let p = 8;
        let group = |i: usize| i / 2;
        let r = |a: usize, b: usize| {
            if a == b {
                1.0
            } else if group(a) == group(b) {
                0.81
            } else if group(a) < 3 && group(b) < 3 {
                0.81 * 0.64
            } else {
                0.81 * 0.8 * 0.5
            }
        };
        let correlation: Vec<f64> = (0..p * p).map(|at| r(at / p, at % p)).collect();
        let items: Vec<String> = (0..p).map(|i| format!("x{i}")).collect();
        let moments = Moments { items, cases: 500, mean: vec![0.0; p], sd: vec![1.0; p], correlation };
        let text = "A =~ x0 + x1\nB =~ x2 + x3\nC =~ x4 + x5\nH =~ A + B + C\nY =~ x6 + x7\nY ~ H";
        let fit = Pls { consistent: true, tolerance: 1e-12, ..Pls::default() }
            .fit_moments(&Model::parse(text).unwrap(), moments)
            .unwrap();
        assert!((fit.estimate.paths[0] - 0.5).abs() < 1e-9, "{:?}", fit.estimate.paths);
        let implied = super::super::Implied::of(&fit, false, super::ComponentSource::Constructs);
        assert_eq!(implied.items.len(), p * p);
        for a in 0..p {
            for b in 0..p {
                assert!((implied.items[a * p + b] - r(a, b)).abs() < 1e-9, "{a} {b}");
            }
        }
    }
}
