//! What is free, what is fixed, and where it stands in the matrices.

use std::fmt;

use nalgebra::DMatrix;
use serde::{Serialize, Serializer};

use super::structure::{Matrices, State};
use super::{Identification, Sem, SemError};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{ConstructId, Kind, Model, Nature};

/// What a parameter joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `A =~ x`: loading of x on A.
    Loading,
    /// `B ~ A`: path from A to B.
    Path,
    /// `a ~~ b`: covariance, or the variance of `a ~~ a`; of errors and disturbances where something explains both.
    Covariance,
    /// `q := …`: a defined quantity.
    Defined,
}

impl Operator {
    /// As it is written in a model file.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Loading => "=~",
            Self::Path => "~",
            Self::Covariance => "~~",
            Self::Defined => ":=",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl Serialize for Operator {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

/// A parameter and its estimate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Left side: the factor of a loading, the outcome of a path.
    pub lhs: String,
    /// What it joins.
    pub op: Operator,
    /// Right side: the item of a loading, the predictor of a path.
    pub rhs: String,
    /// Its label in the model file.
    pub label: Option<String>,
    /// Whether it was estimated.
    pub free: bool,
    /// The estimate, in units of the items.
    pub est: f64,
    /// Standard error; 0 if it is fixed, `None` if there is none.
    pub se: Option<f64>,
    /// Estimate / standard error.
    pub z: Option<f64>,
    /// Two-sided, by the normal distribution.
    pub pvalue: Option<f64>,
    /// Lower bound of the confidence interval.
    pub ci_lower: f64,
    /// Upper bound.
    pub ci_upper: f64,
    /// The estimate if constructs had variance 1.
    pub std_lv: f64,
    /// The estimate if constructs and items had variance 1.
    pub std_all: f64,
    /// Standard error of `std_all` (delta method).
    pub std_se: Option<f64>,
}

/// One of the four matrices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Λ: item × construct.
    Loading,
    /// B: outcome × predictor; also component × whole.
    Path,
    /// Ψ: construct × construct.
    Disturbance,
    /// Θ: item × item.
    Error,
}

/// What stands in an entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held {
    /// The free parameter at this position.
    Free(usize),
    /// A number.
    Fixed(f64),
}

/// An entry of a matrix; of symmetric ones, both at once.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) held: Held,
    pub(super) label: Option<String>,
    /// Whether it is part of the results; the unit loading of an observed variable on itself is not.
    pub(super) shown: bool,
}

/// All entries of a model.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) entries: Vec<Entry>,
    /// Number of free parameters.
    pub(super) free: usize,
    /// Number of observed predictors that are taken as given.
    pub(super) given_x: usize,
    /// Positions of these among the items.
    pub(super) x: Vec<usize>,
    items: usize,
    constructs: usize,
    /// Constructs that are columns of the data.
    pub(super) observed: Vec<bool>,
}

impl Layout {
    pub(super) fn new(sem: &Sem, model: &Model, observed: &DMatrix<f64>) -> Self {
        let mut layout = Self {
            entries: Vec::new(),
            free: 0,
            given_x: 0,
            x: Vec::new(),
            items: model.indicators().len(),
            constructs: model.constructs().len(),
            observed: model.constructs().iter().map(|c| c.nature == Nature::Observed).collect(),
        };
        layout.measure(sem, model, observed);
        for path in model.paths() {
            let held = layout.free();
            let label = path.label.clone();
            layout.put(Place::Path, path.to.index(), path.from.index(), held, label);
        }
        for &(a, b) in model.correlated_errors() {
            let held = layout.free();
            layout.put(Place::Error, a.index(), b.index(), held, None);
        }
        layout.vary(sem, model, observed);
        layout
    }

    /// Loadings of items and components, variances of errors.
    fn measure(&mut self, sem: &Sem, model: &Model, observed: &DMatrix<f64>) {
        let marker = sem.identification == Identification::Marker;
        for (j, construct) in model.constructs().iter().enumerate() {
            if let [only] = construct.indicators.as_slice() {
                let i = only.index();
                let reliability =
                    model.reliabilities().iter().find(|(id, _)| id.index() == j).map_or(1.0, |(_, r)| *r);
                self.put(Place::Loading, i, j, Held::Fixed(1.0), None);
                self.put(Place::Error, i, i, Held::Fixed((1.0 - reliability) * observed[(i, i)]), None);
                if construct.nature == Nature::Observed {
                    self.entries.iter_mut().rev().take(2).for_each(|entry| entry.shown = false);
                }
                continue;
            }
            for (at, item) in construct.indicators.iter().enumerate() {
                let held = if at == 0 && marker { Held::Fixed(1.0) } else { self.free() };
                self.put(Place::Loading, item.index(), j, held, None);
            }
            let components = construct.components().unwrap_or_default();
            for (at, component) in components.iter().filter_map(|name| model.find(name)).enumerate() {
                let held = if at == 0 && marker { Held::Fixed(1.0) } else { self.free() };
                self.put(Place::Path, component.index(), j, held, None);
            }
        }
        for (i, item) in model.indicators().iter().enumerate() {
            if model.construct(item.construct).indicators.len() > 1 {
                let held = self.free();
                self.put(Place::Error, i, i, held, None);
            }
        }
    }

    /// Variances and covariances of constructs and disturbances.
    fn vary(&mut self, sem: &Sem, model: &Model, observed: &DMatrix<f64>) {
        let constructs = model.constructs();
        let id = ConstructId::new;
        let explained = |j: usize| !model.predecessors(id(j)).is_empty() || model.whole_of(id(j)).is_some();
        let given = |j: usize| sem.fixed_x && constructs[j].nature == Nature::Observed && !explained(j);
        // The columns of observed predictors.
        self.x = (0..constructs.len())
            .filter(|&j| given(j))
            .filter_map(|j| constructs[j].indicators.first().map(|item| item.index()))
            .collect();
        self.given_x = self.x.len();
        let item = |j: usize| constructs[j].indicators.first().map_or(0, |item| item.index());
        for j in 0..constructs.len() {
            let factor = constructs[j].indicators.len() != 1;
            let held = if given(j) {
                Held::Fixed(observed[(item(j), item(j))])
            } else if factor && sem.identification == Identification::Variance {
                Held::Fixed(1.0)
            } else {
                self.free()
            };
            self.put(Place::Disturbance, j, j, held, None);
        }
        let last = |j: usize| !model.predecessors(id(j)).is_empty() && model.successors(id(j)).is_empty();
        for j in 0..constructs.len() {
            for k in 0..j {
                let stated = |&(a, b): &(ConstructId, ConstructId)| {
                    (a.index(), b.index()) == (j, k) || (a.index(), b.index()) == (k, j)
                };
                let both = (!explained(j) && !explained(k)) || (last(j) && last(k));
                if both || model.correlated_constructs().iter().any(stated) {
                    let held = if given(j) && given(k) {
                        Held::Fixed(observed[(item(j), item(k))])
                    } else {
                        self.free()
                    };
                    self.put(Place::Disturbance, k, j, held, None);
                }
            }
        }
    }

    fn put(&mut self, place: Place, row: usize, col: usize, held: Held, label: Option<String>) {
        self.entries.push(Entry { place, row, col, held, label, shown: true });
    }

    /// A new parameter.
    fn free(&mut self) -> Held {
        self.free += 1;
        Held::Free(self.free - 1)
    }

    pub(super) fn free_entries(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.entries.iter().filter_map(|entry| match entry.held {
            Held::Free(k) => Some((k, entry)),
            Held::Fixed(_) => None,
        })
    }

    pub(super) fn matrices(&self, free: &[f64]) -> Matrices {
        let (p, m) = (self.items, self.constructs);
        let mut matrices = Matrices {
            lambda: DMatrix::zeros(p, m),
            beta: DMatrix::zeros(m, m),
            psi: DMatrix::zeros(m, m),
            theta: DMatrix::zeros(p, p),
        };
        for &Entry { place, row, col, held, .. } in &self.entries {
            let value = match held {
                Held::Free(k) => free.get(k).copied().unwrap_or(0.0),
                Held::Fixed(value) => value,
            };
            match place {
                Place::Loading => matrices.lambda[(row, col)] = value,
                Place::Path => matrices.beta[(row, col)] = value,
                Place::Disturbance => {
                    matrices.psi[(row, col)] = value;
                    matrices.psi[(col, row)] = value;
                }
                Place::Error => {
                    matrices.theta[(row, col)] = value;
                    matrices.theta[(col, row)] = value;
                }
            }
        }
        matrices
    }

    pub(super) fn state(&self, free: &[f64]) -> Option<State> {
        State::of(self.matrices(free))
    }

    /// Under [`Identification::Variance`] nothing says which way a factor points: it is turned so that its loadings sum to
    /// more than 0.
    pub(super) fn oriented(
        &self,
        sem: &Sem,
        model: &Model,
        mut free: Vec<f64>,
        state: State,
    ) -> (Vec<f64>, State) {
        if sem.identification == Identification::Marker {
            return (free, state);
        }
        for j in 0..self.constructs {
            let measures = |e: &&Entry| e.place == Place::Loading && e.col == j || is_component(model, e, j);
            let value = |e: &Entry| match e.held {
                Held::Free(k) => free[k],
                Held::Fixed(value) => value,
            };
            let own: Vec<&Entry> = self.entries.iter().filter(measures).collect();
            let fixed = own.iter().any(|e| matches!(e.held, Held::Fixed(_)));
            if fixed || own.iter().map(|e| value(e)).sum::<f64>() >= 0.0 {
                continue;
            }
            let turns = |entry: &Entry| match entry.place {
                Place::Loading => entry.col == j,
                // What joins the construct to itself does not turn.
                Place::Path | Place::Disturbance => (entry.row == j) != (entry.col == j),
                Place::Error => false,
            };
            for (k, _) in self.free_entries().filter(|(_, entry)| turns(entry)) {
                free[k] = -free[k];
            }
        }
        let turned = self.state(&free).unwrap_or(state);
        (free, turned)
    }

    /// Whether an item has an error.
    pub(super) fn has_error(&self, item: usize) -> bool {
        let own = |e: &&Entry| e.place == Place::Error && e.row == item && e.col == item;
        self.entries.iter().find(own).is_some_and(|e| e.held != Held::Fixed(0.0))
    }

    /// Whether something explains a construct.
    pub(super) fn has_disturbance(&self, construct: usize) -> bool {
        self.entries.iter().any(|e| e.place == Place::Path && e.row == construct)
    }

    /// The parameters that a direction moves most.
    pub(super) fn named_in(&self, model: &Model, direction: &[f64]) -> Vec<String> {
        let most = direction.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        let mut names: Vec<String> = Vec::new();
        for (k, entry) in self.free_entries() {
            if direction.get(k).is_some_and(|x| x.abs() > 0.3 * most) && names.len() < 6 {
                let (lhs, op, rhs) = name(model, entry);
                names.push(format!("{lhs} {op} {rhs}"));
            }
        }
        names
    }
}

/// The two names and the operator of an entry.
pub(super) fn name(model: &Model, entry: &Entry) -> (String, Operator, String) {
    let construct = |j: usize| model.constructs()[j].name.clone();
    let item = |i: usize| model.indicators()[i].name.clone();
    let (row, col) = (entry.row, entry.col);
    match entry.place {
        Place::Loading => (construct(col), Operator::Loading, item(row)),
        Place::Path if is_component(model, entry, col) => (construct(col), Operator::Loading, construct(row)),
        Place::Path => (construct(row), Operator::Path, construct(col)),
        Place::Disturbance => (construct(row), Operator::Covariance, construct(col)),
        Place::Error => (item(row), Operator::Covariance, item(col)),
    }
}

/// Whether an entry is the loading of a component on its whole.
fn is_component(model: &Model, entry: &Entry, whole: usize) -> bool {
    entry.place == Place::Path
        && entry.col == whole
        && model.whole_of(ConstructId::new(entry.row)) == Some(ConstructId::new(whole))
}

/// The paths of the model, in its order.
pub(super) fn paths(model: &Model, matrices: &Matrices) -> Vec<f64> {
    model.paths().iter().map(|path| matrices.beta[(path.to.index(), path.from.index())]).collect()
}

/// What has no common factor cannot be estimated here.
pub(super) fn refuse(model: &Model) -> Result<(), SemError> {
    let mut problems = Vec::new();
    for construct in model.constructs() {
        let name = &construct.name;
        let problem = match &construct.nature {
            Nature::Product { .. } => Diagnostic::error(
                "TP1401",
                format!("`{name}` is a product of constructs, which has no items of its own"),
            )
            .hint("estimate it by PLS: `trustpath fit`, or `trustpath fit --consistent` for common factors"),
            Nature::HigherOrder { .. } if construct.kind == Kind::Composite => Diagnostic::error(
                "TP1401",
                format!("`{name}` is composed of constructs (`<~`), not reflected by them"),
            )
            .hint("estimate it by PLS, or write `=~` if it is a factor of second order"),
            Nature::Measured if construct.kind == Kind::Composite && construct.indicators.len() > 1 => {
                Diagnostic::error(
                    "TP1401",
                    format!("`{name}` is composed of its items (`<~`), not reflected by them"),
                )
                .hint("estimate it by PLS, or write `=~` if it is a common factor")
            }
            _ => continue,
        };
        problems.push(problem);
    }
    if problems.is_empty() { Ok(()) } else { Err(SemError::Invalid(Diagnostics(problems))) }
}
