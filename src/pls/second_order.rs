//! Constructs of constructs under consistent PLS.
//!
//! Their items are scores `h_i` of the components, each with its reliability `Q_i²`. Of a **common factor** of components
//! the correction of the stage has seen to the correlations; its loadings on the components themselves are those on their
//! scores divided by `Q_i`. A **composite** of common factors has weights on components that scores only approximate: the
//! reliability of its score is `w'S*w`, `S*` the correlations of the component scores with their reliabilities in the
//! diagonal; with it the stage is corrected once more, and weights and loadings of the components follow from the
//! corrected correlations `P` of the components, `v = P⁻¹q`, `w = v/√(v'Pv)`, `λ = Pw` (Van Riel, Henseler, Kemény &
//! Sasovova 2017, doi:10.1108/IMDS-07-2016-0286).

use super::estimate::Failure;
use super::plan::Plan;
use super::stages::{CompiledStage, StageResult, Stages};
use crate::model::{Kind, Mode};
use crate::stats::linear;

/// Corrects the constructs of constructs of a stage that has been estimated.
pub(super) fn finish(
    stages: &Stages,
    stage: &CompiledStage,
    plan: &Plan,
    before: &[StageResult],
    result: &mut StageResult,
) -> Result<(), Failure> {
    let root = |&(from, construct): &(usize, usize)| before[from].estimate.reliability_roots[construct];
    let attenuated =
        |components: &[(usize, usize)]| components.iter().any(|part| (root(part) - 1.0).abs() > 0.0);
    let wholes = || stage.wholes.iter().filter(|(_, components)| attenuated(components));
    if wholes().next().is_none() {
        return Ok(());
    }
    let q = plan.items;
    let composite = |j: usize| {
        stage.model.constructs()[j].kind == Kind::Composite && plan.blocks[j].reliability.is_none()
    };
    // Reliabilities of the composites, then the correction once more with them.
    let mut again = None;
    for (j, components) in wholes().filter(|(j, _)| composite(*j)) {
        let block = &plan.blocks[*j];
        let w = &result.estimate.weights[block.start..block.start + block.len];
        let mut reliability = 0.0;
        for a in 0..block.len {
            for b in 0..block.len {
                let s = if a == b {
                    root(&components[a]).powi(2)
                } else {
                    result.correlation[(block.start + a) * q + block.start + b]
                };
                reliability += w[a] * w[b] * s;
            }
        }
        if reliability.is_nan() || reliability <= 0.0 {
            return Err(Failure::NoReliability(*j));
        }
        again.get_or_insert_with(|| plan.clone()).blocks[*j].bring(reliability);
    }
    if let Some(plan) = &again {
        result.estimate.correct(plan, &result.correlation)?;
        result.estimate.regress(plan)?;
        result.score_weights = Some(result.estimate.weights.clone());
    }
    for (j, components) in wholes() {
        let block = &plan.blocks[*j];
        let own = block.start..block.start + block.len;
        for (loading, part) in result.estimate.loadings[own.clone()].iter_mut().zip(components) {
            *loading /= root(part);
        }
        if !composite(*j) || block.mode != Mode::B {
            continue;
        }
        let from = components.first().map_or(0, |part| part.0);
        let k = stages.stages[from].plan.constructs();
        let p: Vec<f64> = components
            .iter()
            .flat_map(|a| components.iter().map(move |b| (a.1, b.1)))
            .map(|(a, b)| before[from].estimate.construct_correlations[a * k + b])
            .collect();
        let size = block.len;
        let mut v = result.estimate.loadings[own.clone()].to_vec();
        if !linear::eliminate(&mut p.clone(), size, &mut v) {
            return Err(Failure::CollinearBlock(*j));
        }
        let along = |v: &[f64], a: usize| (0..size).map(|b| p[a * size + b] * v[b]).sum::<f64>();
        let length = (0..size).map(|a| v[a] * along(&v, a)).sum::<f64>().sqrt();
        if length.is_nan() || length <= 0.0 {
            return Err(Failure::NoVariance(*j));
        }
        for v in &mut v {
            *v /= length;
        }
        for a in 0..size {
            result.estimate.loadings[block.start + a] = along(&v, a);
        }
        result.estimate.weights[own].copy_from_slice(&v);
    }
    Ok(())
}
