//! A model compiled for the estimator: positions instead of names.

use std::sync::Arc;

use super::PlsError;
use super::settings::{Correction, Criterion, Disattenuate, Neighbours, Pls, SignRule};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Kind, Mode, Model, Scheme};

/// A block of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// First item.
    pub start: usize,
    /// Number of items.
    pub len: usize,
    /// How its weights are found.
    pub mode: Mode,
    /// Given weights, if any.
    pub fixed: Option<Vec<f64>>,
    /// Whether its correlations are corrected for attenuation.
    pub corrected: bool,
    /// Whether its loadings are, too.
    pub loadings_corrected: bool,
    /// Item that fixes the sign, as a position within the block.
    pub dominant: Option<usize>,
    /// Pairs of positions within the block whose errors may correlate, smaller first.
    pub correlated: Vec<(usize, usize)>,
}

/// One structural equation.
#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    /// The outcome.
    pub outcome: usize,
    /// Its predictors.
    pub predictors: Vec<usize>,
    /// For each predictor the position of its path in the model.
    pub paths: Vec<usize>,
}

/// Everything the estimator asks of a model, in positions.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Number of items.
    pub items: usize,
    /// One block per construct, items contiguous.
    pub blocks: Vec<Block>,
    /// Constructs with a path into this one.
    pub predecessors: Vec<Vec<usize>>,
    /// Constructs this one has a path into.
    pub successors: Vec<Vec<usize>>,
    /// The equations, outcomes in causal order.
    pub equations: Vec<Equation>,
    /// Number of paths.
    pub paths: usize,
    /// Per chain of at least two paths, the paths it runs along.
    pub chains: Vec<Vec<usize>>,
    /// Inner weighting scheme.
    pub scheme: Scheme,
    /// Starting weights.
    pub start: Vec<f64>,
    /// Stopping rule.
    pub criterion: Criterion,
    /// Its tolerance.
    pub tolerance: f64,
    /// Most iterations.
    pub max_iterations: usize,
    /// Orientation.
    pub sign: SignRule,
    /// Whether all other constructs are neighbours.
    pub all_neighbours: bool,
    /// How the consistent correction is found.
    pub correction: Correction,
}

impl Plan {
    /// Compiles a model.
    ///
    /// # Errors
    /// [`PlsError::Invalid`] where a setting names an unknown item or construct, or is out of range.
    pub fn new(model: &Arc<Model>, settings: &Pls) -> Result<Self, PlsError> {
        check(model, settings)?;
        let any_factor = model.constructs().iter().any(|c| c.kind == Kind::Reflective);
        let blocks = model
            .constructs()
            .iter()
            .map(|construct| {
                let mode = settings.mode.or(construct.mode).unwrap_or(match construct.kind {
                    Kind::Reflective => Mode::A,
                    Kind::Composite => settings.composite_mode,
                });
                let start = construct.indicators.first().map_or(0, |id| id.index());
                let len = construct.indicators.len();
                let fixed = settings.fixed_weights.get(&construct.name).cloned();
                let reflective = construct.kind == Kind::Reflective;
                let multi = settings.consistent && len > 1 && fixed.is_none();
                let corrected = multi
                    && match settings.disattenuate {
                        Disattenuate::Factors => reflective && matches!(mode, Mode::A | Mode::B),
                        Disattenuate::AllModeA => any_factor && matches!(mode, Mode::A | Mode::Unit),
                    };
                let correlated = model
                    .correlated_errors()
                    .iter()
                    .map(|(a, b)| (a.index().min(b.index()), a.index().max(b.index())))
                    .filter(|(a, b)| *a >= start && *b < start + len)
                    .map(|(a, b)| (a - start, b - start))
                    .collect();
                Block {
                    start,
                    len,
                    mode,
                    fixed,
                    corrected,
                    loadings_corrected: corrected && reflective,
                    dominant: construct.dominant.map(|id| id.index().saturating_sub(start)),
                    correlated,
                }
            })
            .collect::<Vec<_>>();
        let of = |edges: &dyn Fn(&crate::model::Path) -> (usize, usize)| {
            let mut lists = vec![Vec::new(); blocks.len()];
            for path in model.paths() {
                let (at, other) = edges(path);
                lists[at].push(other);
            }
            lists
        };
        let equations = model
            .endogenous()
            .into_iter()
            .map(|outcome| {
                let into = model.paths().iter().enumerate().filter(|(_, path)| path.to == outcome);
                let (paths, predictors) = into.map(|(at, path)| (at, path.from.index())).unzip();
                Equation { outcome: outcome.index(), predictors, paths }
            })
            .collect();
        let start = model
            .indicators()
            .iter()
            .map(|i| settings.start_weights.get(&i.name).copied().unwrap_or(1.0))
            .collect();
        Ok(Self {
            items: model.indicators().len(),
            predecessors: of(&|path| (path.to.index(), path.from.index())),
            successors: of(&|path| (path.from.index(), path.to.index())),
            blocks,
            equations,
            paths: model.paths().len(),
            chains: model
                .chains()
                .iter()
                .map(|chain| chain.paths(model).into_iter().map(crate::model::PathId::index).collect())
                .collect(),
            scheme: settings.scheme.or(model.about.scheme).unwrap_or(Scheme::Path),
            start,
            criterion: settings.criterion,
            tolerance: settings.tolerance,
            max_iterations: settings.max_iterations,
            sign: settings.sign,
            all_neighbours: settings.neighbours == Neighbours::All,
            correction: settings.correction,
        })
    }

    /// Number of constructs.
    pub fn constructs(&self) -> usize {
        self.blocks.len()
    }
}

fn check(model: &Model, settings: &Pls) -> Result<(), PlsError> {
    let mut problems = Vec::new();
    if !(settings.tolerance > 0.0 && settings.tolerance < 1.0) {
        problems.push(
            Diagnostic::error("TP0401", format!("a tolerance of {} makes no sense", settings.tolerance))
                .hint("choose a small positive number, such as 1e-7"),
        );
    }
    if settings.max_iterations == 0 {
        problems.push(
            Diagnostic::error("TP0402", "at least one iteration is needed").hint("the field uses 3000"),
        );
    }
    let items = model.indicator_names();
    for (item, weight) in &settings.start_weights {
        if !items.contains(item) || !weight.is_finite() {
            problems.push(Diagnostic::error("TP0403", format!("no start weight can be set for `{item}`")));
        }
    }
    for (name, weights) in &settings.fixed_weights {
        let size = model.find(name).map(|id| model.construct(id).indicators.len());
        if size != Some(weights.len())
            || weights.iter().any(|w| !w.is_finite())
            || weights.iter().all(|w| *w == 0.0)
        {
            problems.push(
                Diagnostic::error("TP0404", format!("the given weights do not fit the construct `{name}`"))
                    .hint("give one finite weight per item of the construct, not all zero"),
            );
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(PlsError::Invalid(Diagnostics(problems))) }
}
