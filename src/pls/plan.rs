//! A model compiled for the estimator: positions instead of names.

use std::sync::Arc;

use super::PlsError;
use super::settings::{Correction, Criterion, Disattenuate, Neighbours, Pls, SignRule, Weighting};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
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
    /// Whether its items reflect a common factor.
    pub reflective: bool,
    /// Its reliability, if that is given.
    pub reliability: Option<f64>,
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
    /// Per construct the instruments of its equation; none for ordinary least squares.
    pub instruments: Vec<Vec<usize>>,
    /// Pairs of constructs that correlate beyond the paths.
    pub correlated: Vec<(usize, usize)>,
    /// Whether the equations can be put into a causal order.
    pub recursive: bool,
    /// Where the weights come from.
    pub weighting: Weighting,
    /// What the loadings of Croon's correction are multiplied with; 1 but for another program's convention.
    pub factor_stretch: f64,
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
    /// Pairs of constructs, smaller first: those whose covariances the iteration needs, those of which it needs only the
    /// correlation, and those that stand in an equation together, instruments among them.
    pub(super) adjacent: Vec<(usize, usize)>,
    pub(super) beside: Vec<(usize, usize)>,
    pub(super) joined: Vec<(usize, usize)>,
    /// Per construct those that the first kind of pair joins it with, each with the place of the covariances of its items
    /// with their score among those of all such pairs.
    pub(super) neighbours: Vec<Vec<(usize, usize)>>,
}

impl Block {
    /// Takes a reliability found elsewhere.
    pub(super) fn bring(&mut self, reliability: f64) {
        self.reliability = Some(reliability);
        self.corrected = true;
        self.loadings_corrected = true;
    }
}

impl Plan {
    /// Compiles a model.
    ///
    /// # Errors
    /// [`PlsError::Invalid`] where a setting names an unknown item or construct, or is out of range.
    pub fn new(model: &Arc<Model>, settings: &Pls) -> Result<Self, PlsError> {
        check(model, settings)?;
        Ok(Self::compile(model, settings))
    }

    /// Compiles the model of a stage; its settings have been checked.
    pub(super) fn compile(model: &Model, settings: &Pls) -> Self {
        let any_factor = model.constructs().iter().any(|c| c.kind == Kind::Reflective);
        let blocks = model
            .constructs()
            .iter()
            .map(|construct| {
                let mode = mode_of(settings.weighting).or(settings.mode).or(construct.mode).unwrap_or(
                    match construct.kind {
                        Kind::Reflective => Mode::A,
                        Kind::Composite if construct.factors().is_some() => Mode::A,
                        Kind::Composite => settings.composite_mode,
                    },
                );
                let start = construct.indicators.first().map_or(0, |id| id.index());
                let len = construct.indicators.len();
                // The score of a single item is that item, whatever its neighbours are.
                let single = (len == 1).then(|| vec![1.0]);
                let fixed = settings.fixed_weights.get(&construct.name).cloned().or(single);
                let reflective = construct.kind == Kind::Reflective;
                let consistent = settings.consistent || settings.weighting == Weighting::GscaM;
                let multi = consistent && len > 1 && fixed.is_none();
                let given =
                    model.reliabilities().iter().find(|(id, _)| model.construct(*id).name == construct.name);
                let reliability =
                    settings.reliabilities.get(&construct.name).copied().or(given.map(|(_, value)| *value));
                let estimated = match (settings.weighting, settings.disattenuate) {
                    (Weighting::PlsPm, Disattenuate::Factors) => {
                        reflective && matches!(mode, Mode::A | Mode::B)
                    }
                    (Weighting::PlsPm, Disattenuate::AllModeA) => {
                        any_factor && matches!(mode, Mode::A | Mode::Unit)
                    }
                    (Weighting::Gsca, _) => false,
                    _ => reflective,
                };
                // What a product measures is exactly what it is.
                let estimated = estimated && construct.factors().is_none();
                let corrected = reliability.is_some() || (multi && estimated);
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
                    reflective,
                    reliability,
                    corrected,
                    loadings_corrected: corrected && (reflective || reliability.is_some()),
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
        let (mut predecessors, mut successors) = (
            of(&|path| (path.to.index(), path.from.index())),
            of(&|path| (path.from.index(), path.to.index())),
        );
        if model.paths().is_empty() {
            (predecessors, successors) = (vec![Vec::new(); blocks.len()], linked(model, blocks.len()));
        }
        let equations: Vec<Equation> = equations;
        let start = model
            .indicators()
            .iter()
            .map(|i| settings.start_weights.get(&i.name).copied().unwrap_or(1.0))
            .collect();
        let mut plan = Self {
            items: model.indicators().len(),
            predecessors,
            successors,
            instruments: instruments(model, settings, blocks.len()),
            correlated: model.correlated_constructs().iter().map(|(a, b)| (a.index(), b.index())).collect(),
            recursive: is_recursive(&equations),
            weighting: settings.weighting,
            factor_stretch: 1.0,
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
            adjacent: Vec::new(),
            beside: Vec::new(),
            joined: Vec::new(),
            neighbours: Vec::new(),
        };
        plan.find_pairs();
        plan
    }

    /// Which pairs of constructs the iteration and the equations need; to be found again where these change.
    pub(crate) fn find_pairs(&mut self) {
        let k = self.constructs();
        [&mut self.adjacent, &mut self.beside, &mut self.joined].into_iter().for_each(Vec::clear);
        self.neighbours = vec![Vec::new(); k];
        let mut place = 0;
        for (j, l) in (0..k).flat_map(|j| (j + 1..k).map(move |l| (j, l))) {
            let linked =
                |j: usize, l: usize| self.predecessors[j].contains(&l) || self.successors[j].contains(&l);
            let together = |from: &Vec<usize>| from.contains(&j) && from.contains(&l);
            if self.all_neighbours || linked(j, l) || linked(l, j) {
                self.adjacent.push((j, l));
                let (len_j, len_l) = (self.blocks[j].len, self.blocks[l].len);
                self.neighbours[l].push((j, place));
                self.neighbours[j].push((l, place + len_l));
                place += len_l + len_j;
            } else if self.scheme == Scheme::Path && self.predecessors.iter().any(together) {
                self.beside.push((j, l));
            }
            let stands = |equation: &Equation, x: usize| {
                x == equation.outcome
                    || equation.predictors.contains(&x)
                    || self.instruments.get(equation.outcome).is_some_and(|z| z.contains(&x))
            };
            if self.equations.iter().any(|equation| stands(equation, j) && stands(equation, l)) {
                self.joined.push((j, l));
            }
        }
    }

    /// Number of constructs.
    pub fn constructs(&self) -> usize {
        self.blocks.len()
    }
}

/// The mode that a weighting amounts to; `None` where modes are free to choose, or mean nothing.
fn mode_of(weighting: Weighting) -> Option<Mode> {
    match weighting {
        Weighting::Unit => Some(Mode::Unit),
        Weighting::Pca => Some(Mode::Pca),
        // Canonical weights are regression weights: of the other scores, or their best combination, on the block.
        Weighting::Sumcorr
        | Weighting::Maxvar
        | Weighting::Ssqcorr
        | Weighting::Minvar
        | Weighting::Genvar => Some(Mode::B),
        Weighting::Bartlett | Weighting::Regression | Weighting::GscaM => Some(Mode::A),
        Weighting::PlsPm | Weighting::Gsca => None,
    }
}

/// Neighbours in a model without paths: those that are said to correlate, or all if nothing is said.
fn linked(model: &Model, k: usize) -> Vec<Vec<usize>> {
    let mut links = vec![Vec::new(); k];
    for (a, b) in model.correlated_constructs() {
        links[a.index()].push(b.index());
        links[b.index()].push(a.index());
    }
    if model.correlated_constructs().is_empty() {
        links = (0..k).map(|j| (0..k).filter(|&l| l != j).collect()).collect();
    }
    links
}

/// Instruments per construct, those of the settings over those of the model.
fn instruments(model: &Model, settings: &Pls, k: usize) -> Vec<Vec<usize>> {
    let mut lists = vec![Vec::new(); k];
    for (outcome, names) in model.instruments() {
        lists[outcome.index()] = names.iter().map(|id| id.index()).collect();
    }
    for (outcome, names) in &settings.instruments {
        if let Some(id) = model.find(outcome) {
            lists[id.index()] = names.iter().filter_map(|name| Some(model.find(name)?.index())).collect();
        }
    }
    lists
}

/// What the chosen weighting cannot do with this model.
fn check_weighting(model: &Model, settings: &Pls, problems: &mut Vec<Diagnostic>) {
    let weighting = settings.weighting;
    let scores = matches!(weighting, Weighting::Bartlett | Weighting::Regression);
    if scores || weighting == Weighting::GscaM {
        for construct in
            model.constructs().iter().filter(|c| c.kind == Kind::Composite && c.indicators.len() > 1)
        {
            problems.push(
                Diagnostic::error(
                    "TP0406",
                    format!(
                        "`{weighting}` weights need common factors, and `{}` is a composite",
                        construct.name
                    ),
                )
                .hint(format!("measure it by `=~`: `{} =~ …`", construct.name))
                .hint("or choose another weighting, such as `pls-pm` or `pca`"),
            );
        }
    }
    let croon = scores || (settings.consistent && matches!(weighting, Weighting::Unit | Weighting::Pca));
    if croon && !model.correlated_errors().is_empty() {
        problems.push(
            Diagnostic::error(
                "TP0406",
                format!("correlated errors cannot be part of the factor models behind `{weighting}` weights"),
            )
            .hint("remove the lines `item ~~ item`, or choose the weighting `pls-pm`"),
        );
    }
    if !matches!(weighting, Weighting::PlsPm | Weighting::Unit | Weighting::Pca)
        && !settings.fixed_weights.is_empty()
    {
        problems.push(
            Diagnostic::error("TP0404", format!("weights cannot be given along with `{weighting}` weights"))
                .hint("give no weights, or choose the weighting `pls-pm`"),
        );
    }
    if weighting == Weighting::Gsca
        && model.paths().is_empty()
        && model.constructs().iter().all(|c| c.kind == Kind::Composite)
    {
        problems.push(
            Diagnostic::error(
                "TP0406",
                "`gsca` weights of composites follow from paths, and the model has none",
            )
            .hint("add paths, or choose a canonical weighting such as `maxvar`"),
        );
    }
    let iterates = weighting == Weighting::PlsPm;
    if iterates && model.paths().is_empty() {
        for (at, links) in linked(model, model.constructs().len()).iter().enumerate() {
            let name = &model.constructs()[at].name;
            if links.is_empty() {
                problems.push(
                    Diagnostic::error(
                        "TP0407",
                        format!("nothing is joined to `{name}`, so that it has no weights"),
                    )
                    .hint(format!(
                        "say what it correlates with: `{name} ~~ …`, or remove all such lines to join all"
                    ))
                    .hint("or choose a weighting that looks at blocks alone, such as `pca`"),
                );
            }
        }
    }
    for (name, value) in &settings.reliabilities {
        if model.find(name).is_none() {
            let mut problem = Diagnostic::error(
                "TP0408",
                format!("a reliability is given for `{name}`, which is no construct"),
            );
            if let Some(near) = nearest(name, model.constructs().iter().map(|c| c.name.as_str())) {
                problem = problem.hint(format!("did you mean `{near}`?"));
            }
            problems.push(problem);
        }
        if !(*value > 0.0 && *value <= 1.0) {
            problems.push(
                Diagnostic::error(
                    "TP0408",
                    format!("the reliability {value} given for `{name}` is impossible"),
                )
                .hint("give a number above 0 and up to 1, such as 0.85"),
            );
        }
    }
    for (outcome, names) in &settings.instruments {
        let all = std::iter::once(outcome).chain(names);
        for name in all.filter(|name| model.find(name).is_none()) {
            let mut problem = Diagnostic::error(
                "TP0409",
                format!("`{name}` stands among instruments, but is no construct"),
            );
            if let Some(near) = nearest(name, model.constructs().iter().map(|c| c.name.as_str())) {
                problem = problem.hint(format!("did you mean `{near}`?"));
            }
            problems.push(problem);
        }
        let predictors = model.find(outcome).map_or(0, |id| model.predecessors(id).len());
        if !names.is_empty() && (names.len() < predictors || predictors == 0 || names.contains(outcome)) {
            problems.push(
                Diagnostic::error(
                    "TP0409",
                    format!(
                        "{} instruments cannot identify the {predictors} paths into `{outcome}`",
                        names.len()
                    ),
                )
                .hint("name at least as many instruments as predictors, and not the outcome itself"),
            );
        }
    }
}

pub(super) fn check(model: &Model, settings: &Pls) -> Result<(), PlsError> {
    let mut problems = Vec::new();
    check_weighting(model, settings, &mut problems);
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
            problems.push(
                Diagnostic::error("TP0403", format!("no start weight can be set for `{item}`"))
                    .hint("name an item of the model, and a finite number"),
            );
        }
    }
    for (name, weights) in &settings.fixed_weights {
        let size = model.find(name).map(|id| {
            let construct = model.construct(id);
            construct.components().map_or(construct.indicators.len(), <[String]>::len)
        });
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

/// Whether every equation has its predictors explained before it, equations in their order.
fn is_recursive(equations: &[Equation]) -> bool {
    equations.iter().enumerate().all(|(at, equation)| {
        equations.iter().skip(at).all(|later| !equation.predictors.contains(&later.outcome))
    })
}
