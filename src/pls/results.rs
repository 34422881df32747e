//! What a fit holds, by the names of the field: weights, loadings, paths and correlations as matrices, R², scores.

use std::collections::BTreeMap;

use super::fit::{Convergence, PlsFit};
use super::settings::Divisor;
use crate::model::{ConstructId, Formula, Mode, Scale};
use crate::table::{Matrix, Vector};

impl PlsFit {
    /// Path coefficients in standard deviations of both constructs, in the model's order of paths.
    pub fn standardised_paths(&self) -> Vec<f64> {
        let scale = |id: ConstructId| self.scales.get(id.index()).copied().unwrap_or(1.0);
        let paths = self.model.paths().iter().zip(&self.estimate.paths);
        paths.map(|(path, b)| b * scale(path.from) / scale(path.to)).collect()
    }

    /// Quantities defined in the model file (`ab := a*b`).
    pub fn definitions(&self) -> Vector {
        let definitions = self.model.definitions();
        let values = Formula::values(definitions.iter().map(|d| &d.formula), &self.estimate.paths);
        Vector::from_pairs(definitions.iter().map(|d| d.name.clone()).zip(values))
    }

    /// How the iteration ended.
    pub fn convergence(&self) -> Convergence {
        Convergence {
            converged: self.estimate.converged,
            iterations: self.estimate.iterations,
            change: self.estimate.change,
        }
    }

    /// Names of the constructs.
    pub fn constructs(&self) -> Vec<String> {
        self.model.construct_names()
    }

    /// Position of the construct that item `i` belongs to.
    pub fn block_of(&self, i: usize) -> usize {
        self.plan.blocks.iter().position(|b| (b.start..b.start + b.len).contains(&i)).unwrap_or(0)
    }

    fn block_matrix(&self, values: &[f64]) -> Matrix {
        let mut matrix = Matrix::zeros(self.moments.items.clone(), self.constructs());
        for (i, value) in values.iter().enumerate() {
            matrix.set(i, self.block_of(i), *value);
        }
        matrix
    }

    /// A square matrix over the constructs.
    pub fn construct_matrix(&self, values: &[f64]) -> Matrix {
        let k = self.plan.constructs();
        Matrix::from_fn(self.constructs(), self.constructs(), |i, j| values[i * k + j])
    }

    /// Outer weights, items × constructs, of unit-variance scores; 0 outside the own block.
    pub fn weights(&self) -> Matrix {
        self.block_matrix(&self.estimate.weights)
    }

    /// Loadings, items × constructs; 0 outside the own block. Corrected for common factors under consistent PLS.
    pub fn loadings(&self) -> Matrix {
        self.block_matrix(&self.estimate.loadings)
    }

    /// Correlations of every item with every score.
    pub fn cross_loadings(&self) -> Matrix {
        let k = self.plan.constructs();
        Matrix::from_fn(self.moments.items.clone(), self.constructs(), |i, j| self.estimate.cross[i * k + j])
    }

    /// Path coefficients, predictor × outcome; 0 where there is no path.
    pub fn path_coefficients(&self) -> Matrix {
        let mut matrix = Matrix::zeros(self.constructs(), self.constructs());
        for (path, b) in self.model.paths().iter().zip(&self.estimate.paths) {
            matrix.set(path.from.index(), path.to.index(), *b);
        }
        matrix
    }

    /// R² of every construct with a path into it.
    pub fn r_squared(&self) -> Vector {
        let names = self.constructs();
        Vector::from_pairs(
            self.plan
                .equations
                .iter()
                .zip(&self.estimate.r_squared)
                .map(|(e, r)| (names[e.outcome].clone(), *r)),
        )
    }

    /// Adjusted R²: `1 − (1 − R²)(n − 1)/(n − k − 1)`.
    pub fn adj_r_squared(&self) -> Vector {
        let names = self.constructs();
        let n = self.n() as f64;
        Vector::from_pairs(self.plan.equations.iter().zip(&self.estimate.r_squared).map(|(e, r)| {
            let degrees = n - e.predictors.len() as f64 - 1.0;
            let adjusted = if degrees > 0.0 { 1.0 - (1.0 - r) * (n - 1.0) / degrees } else { f64::NAN };
            (names[e.outcome].clone(), adjusted)
        }))
    }

    /// Correlations of the constructs; those of the scores, unless corrected.
    pub fn construct_correlations(&self) -> Matrix {
        self.construct_matrix(&self.estimate.construct_correlations)
    }

    /// Correlations of the scores.
    pub fn proxy_correlations(&self) -> Matrix {
        self.construct_matrix(&self.estimate.proxy_correlations)
    }

    /// Standardised construct scores, cases × constructs, `None` without answers. Missing answers count as
    /// the item's mean.
    pub fn scores(&self) -> Option<Vec<Vec<f64>>> {
        let sample = self.quantified.as_ref().or(self.sample.as_ref())?;
        let n = sample.cases() as f64;
        let stretch = match self.settings.score_divisor {
            Divisor::SampleSize1 => 1.0,
            Divisor::SampleSize => (n / (n - 1.0)).sqrt(),
        };
        let mut scores = vec![vec![0.0; sample.cases()]; self.plan.constructs()];
        for (i, column) in sample.columns.iter().enumerate() {
            let j = self.block_of(i);
            let weights = self.score_weights.as_ref().unwrap_or(&self.estimate.weights);
            let weight = weights[i] * stretch / self.moments.sd[i];
            for (score, x) in scores[j].iter_mut().zip(column) {
                if !x.is_nan() {
                    *score += weight * (x - self.moments.mean[i]);
                }
            }
        }
        Some(scores)
    }

    /// Per item whose scale is not numeric under non-metric PLS, its answers and what each was quantified as.
    pub fn quantifications(&self) -> Option<BTreeMap<String, Vec<(f64, f64)>>> {
        let (sample, quantified) = (self.sample.as_ref()?, self.quantified.as_ref()?);
        let scaled = self
            .model
            .indicators()
            .iter()
            .filter(|item| matches!(item.scale, Some(Scale::Nominal | Scale::Ordinal)));
        Some(
            scaled
                .filter_map(|item| {
                    let at = sample.items.iter().position(|name| *name == item.name)?;
                    let answers = sample.columns.get(at)?.iter().zip(quantified.columns.get(at)?);
                    let mut pairs: Vec<(f64, f64)> =
                        answers.filter(|(x, _)| !x.is_nan()).map(|(x, q)| (*x, *q)).collect();
                    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
                    pairs.dedup_by(|a, b| a.0 == b.0);
                    Some((item.name.clone(), pairs))
                })
                .collect(),
        )
    }

    /// The instruments of each outcome that has any: those of the settings over those of the model file.
    pub fn instruments(&self) -> Vec<(String, Vec<String>)> {
        let model = self.written();
        let name = |id: ConstructId| model.construct(id).name.clone();
        let mut all: Vec<(String, Vec<String>)> = model
            .instruments()
            .iter()
            .map(|(outcome, list)| (name(*outcome), list.iter().map(|id| name(*id)).collect()))
            .collect();
        for (outcome, list) in &self.settings.instruments {
            match all.iter_mut().find(|(known, _)| known == outcome) {
                Some((_, own)) => own.clone_from(list),
                None => all.push((outcome.clone(), list.clone())),
            }
        }
        all.retain(|(_, list)| !list.is_empty());
        all
    }

    /// The mode each construct was estimated with.
    pub fn modes(&self) -> Vec<Mode> {
        self.plan.blocks.iter().map(|block| block.mode).collect()
    }
}
