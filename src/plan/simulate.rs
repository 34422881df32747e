//! Draws answers from a population.
//!
//! Constructs without predictors and residuals are normal with the population's correlations; outcomes follow their
//! equations, interactions as products of the drawn values. Items of a factor are `y = λ η + e` with independent errors
//! (or stated error correlations); items of a composite correlate by the population's default, and the composite is
//! their weighted sum (`y = λ η + u − λ w'u`, `u` the items of the block, `λ = Σw`, `w'Σw = 1`). Every item is standard
//! normal and becomes an answer by thresholds: rounding to the scale, or stated shares. Last come reverse coding,
//! missing answers, straight-liners and careless cases.
//!
//! Case i is drawn from stream i of the seed: the first hundred of a thousand cases are those of a hundred.

use super::PlanError;
use super::causes::{Cause, Causes};
use super::draws::Draws;
use super::implied::Implied;
use super::items::{BlockPlan, ItemPlan, composite, factor, item_plan};
use super::population::{Group, Population};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::{Kind, Model};
use crate::survey::{Survey, SurveyError};

/// The most cases that are drawn at once.
const MOST: usize = 10_000_000;

/// How answers are drawn.
///
/// ```
/// use trustpath::plan::Simulate;
/// use trustpath::{Model, Pls};
///
/// let model = Model::parse("A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nB ~ A")?;
/// let drawn = Simulate { cases: 200, seed: 7, ..Simulate::default() }.run(&model)?;
/// let fit = Pls::default().fit(&model, &drawn.survey()?)?;
/// assert_eq!(fit.n(), 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Simulate {
    /// Number of cases.
    pub cases: usize,
    /// The seed alone decides.
    pub seed: u64,
    /// What is true; everything not stated takes a default.
    pub population: Population,
    /// Real numbers in place of answers on a scale: what the population would say if boxes were infinitely fine.
    pub continuous: bool,
}

impl Default for Simulate {
    fn default() -> Self {
        Self { cases: 300, seed: 1, population: Population::default(), continuous: false }
    }
}

/// Answers that were drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// The items, in the order of the model.
    pub items: Vec<String>,
    /// One row per case, NaN where the answer is missing.
    pub rows: Vec<Vec<f64>>,
    /// The group of each case, if the population has groups.
    pub groups: Option<Vec<String>>,
    /// What the population implies, for each group or for the one population.
    pub implied: Vec<Implied>,
    continuous: bool,
}

/// One group, ready to be drawn.
struct GroupPlan {
    name: String,
    /// Upper end of its share of the unit interval.
    upto: f64,
    implied: Implied,
    means: Vec<f64>,
    blocks: Vec<BlockPlan>,
    items: Vec<ItemPlan>,
}

impl Simulate {
    /// Draws answers to the items of a model.
    ///
    /// # Errors
    /// As [`Implied::of`]; besides TP1103 for shares that do not add to 1 and TP1107 for a number of cases out of range.
    pub fn run(&self, model: &Model) -> Result<Simulated, PlanError> {
        if self.cases == 0 || self.cases > MOST {
            return Err(Diagnostic::error("TP1107", format!("{} cases cannot be drawn", self.cases))
                .hint(format!("ask for 1 to {MOST}"))
                .into());
        }
        let causes = Causes::of(model)?;
        let single = [Group { share: 1.0, ..Group::default() }];
        let groups = if self.population.groups.is_empty() { &single[..] } else { &self.population.groups };
        let total: f64 = groups.iter().map(|group| group.share).sum();
        if (total - 1.0).abs() > 1e-6 || groups.iter().any(|group| !(0.0..=1.0).contains(&group.share)) {
            return Err(Diagnostic::error(
                "TP1103",
                format!("the shares of the groups add to {total}, not to 1"),
            )
            .hint("let `share` of the groups add to 1, such as 0.5 and 0.5")
            .into());
        }
        let mut plans = Vec::new();
        let mut upto = 0.0;
        for group in groups {
            upto += group.share;
            plans.push(self.group(model, &causes, group, upto)?);
        }
        let items = model.indicator_names();
        let mut rows = Vec::with_capacity(self.cases);
        let mut names = Vec::with_capacity(self.cases);
        for case in 0..self.cases {
            let mut draws = Draws::new(self.seed, case as u64);
            let at = draws.uniform();
            let Some(plan) = plans.iter().find(|plan| at < plan.upto).or(plans.last()) else { break };
            rows.push(self.case(plan, &mut draws, items.len()));
            names.push(plan.name.clone());
        }
        let groups = (!self.population.groups.is_empty()).then_some(names);
        let implied = plans.into_iter().map(|plan| plan.implied).collect();
        Ok(Simulated { items, rows, groups, implied, continuous: self.continuous })
    }

    fn group(
        &self,
        model: &Model,
        causes: &Causes,
        group: &Group,
        upto: f64,
    ) -> Result<GroupPlan, PlanError> {
        let own = self.population.of_group(group);
        let implied = Implied::of(model, &own)?;
        let names = causes.names();
        for key in group.means.keys() {
            if !names.contains(key) {
                let words =
                    format!("the group `{}` states a mean of `{key}`, which is no construct", group.name);
                let problem = Diagnostic::error("TP1102", words);
                return Err(match nearest(key, names.iter().map(String::as_str)) {
                    Some(near) => problem.hint(format!("did you mean `{near}`?")),
                    None => problem.hint(format!("the constructs are {}", names.join(", "))),
                }
                .into());
            }
        }
        let means = names.iter().map(|name| group.means.get(name).copied().unwrap_or(0.0)).collect();
        let all = model.indicator_names();
        let position = |name: &String| all.iter().position(|item| item == name);
        let mut items = Vec::new();
        for name in &all {
            items.push(item_plan(model, &own, name)?);
        }
        let mut blocks = Vec::new();
        for (construct, node) in causes.nodes.iter().enumerate() {
            let places: Vec<usize> = node.items.iter().filter_map(position).collect();
            if places.is_empty() {
                continue;
            }
            let errors = if node.kind == Kind::Composite && places.len() > 1 {
                composite(&own, &node.name, &node.items, &places, &mut items)?
            } else {
                factor(&own, &node.name, &node.items, &places, &mut items)?
            };
            blocks.push(BlockPlan { construct, items: places, errors });
        }
        Ok(GroupPlan { name: group.name.clone(), upto, implied, means, blocks, items })
    }

    fn case(&self, plan: &GroupPlan, draws: &mut Draws, items: usize) -> Vec<f64> {
        let who = &self.population.respondents;
        let kind = draws.uniform();
        let mut row = vec![f64::NAN; items];
        if kind < who.straight_liners {
            let at = draws.uniform();
            for (cell, item) in row.iter_mut().zip(&plan.items) {
                *cell = item.box_at(at);
            }
        } else if kind < who.straight_liners + who.careless {
            for (cell, item) in row.iter_mut().zip(&plan.items) {
                *cell = item.box_at(draws.uniform());
            }
        } else {
            let values = constructs(&plan.implied, &plan.means, draws);
            for block in &plan.blocks {
                let value = values[block.construct];
                let errors = block.draw(&plan.items, draws);
                for (&at, error) in block.items.iter().zip(errors) {
                    let item = &plan.items[at];
                    row[at] = item.answer(item.loading * value + error, self.continuous);
                }
            }
        }
        if who.missing > 0.0 {
            for cell in &mut row {
                if draws.uniform() < who.missing {
                    *cell = f64::NAN;
                }
            }
        }
        row
    }
}

/// Values of all constructs of one case.
fn constructs(implied: &Implied, means: &[f64], draws: &mut Draws) -> Vec<f64> {
    let mut values = vec![0.0; means.len()];
    let mut normal: Vec<f64> = Vec::new();
    let rows = implied.factor.len();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the root of a square count")]
    let k = (rows as f64).sqrt().round() as usize;
    for equation in &implied.equations {
        let mut value = 0.0;
        for (cause, b) in &equation.terms {
            value += b * match cause {
                Cause::One(from) => values[*from],
                Cause::Product(x, y) => {
                    let known =
                        implied.products.iter().find(|(c, d, _)| (c, d) == (x, y) || (d, c) == (x, y));
                    values[*x] * values[*y] - known.map_or(0.0, |(.., mean)| *mean)
                }
            };
        }
        if equation.residual > 0.0 {
            let at = normal.len();
            normal.push(draws.normal());
            let correlated: f64 =
                (0..=at).map(|b| implied.factor.get(at * k + b).copied().unwrap_or(0.0) * normal[b]).sum();
            value += equation.residual * correlated;
        }
        values[equation.construct] = value;
    }
    // Means are of the constructs as they are, not passed on along the paths.
    values.iter().zip(means).map(|(value, mean)| value + mean).collect()
}

impl Simulated {
    /// The answers as a CSV file: `id`, `group` if there are groups, then the items; missing answers are empty.
    pub fn csv(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let group = self.groups.as_ref().map(|_| "group");
        let head = ["id"].into_iter().chain(group).chain(self.items.iter().map(String::as_str));
        // Writing into memory does not fail.
        let _ = writer.write_record(head);
        for (at, row) in self.rows.iter().enumerate() {
            let group = self.groups.as_ref().map(|groups| groups.get(at).cloned().unwrap_or_default());
            let answers = row.iter().map(|value| match value {
                value if value.is_nan() => String::new(),
                value if self.continuous => format!("{value:.6}"),
                value => value.to_string(),
            });
            let _ = writer.write_record([(at + 1).to_string()].into_iter().chain(group).chain(answers));
        }
        writer.into_inner().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// The answers as a survey, as if the file had been read.
    ///
    /// # Errors
    /// Those of [`Survey::from_bytes`], such as a single column.
    pub fn survey(&self) -> Result<Survey, SurveyError> {
        Survey::from_bytes("simulated", self.csv().as_bytes())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::Pls;
    use crate::model::Codebook;
    use crate::moments::Moments;
    use crate::survey::{Sample, SampleSettings};

    fn population(text: &str) -> Population {
        Population::parse("p", text).unwrap()
    }

    fn moments(model: &Model, drawn: &Simulated) -> Moments {
        let sample = Sample::draw(model, &drawn.survey().unwrap(), &SampleSettings::default()).unwrap();
        Moments::of(&sample)
    }

    const MODEL: &str = "A =~ a1 + a2 + a3\nB =~ b1 + b2 + b3\nC =~ c1 + c2 + c3\nB ~ A\nC ~ A + B\n";

    #[test]
    fn the_seed_decides_and_more_cases_only_follow() {
        let model = Model::parse(MODEL).unwrap();
        let draw = |cases, seed| Simulate { cases, seed, ..Simulate::default() }.run(&model).unwrap();
        assert_eq!(draw(50, 3), draw(50, 3));
        assert_ne!(draw(50, 3).rows, draw(50, 4).rows);
        assert_eq!(draw(50, 3).rows, draw(80, 3).rows[..50]);
    }

    #[test]
    fn a_population_written_out_is_the_one_that_was_drawn_from() {
        let text = format!("{MODEL}\nS =~ s1\nC ~ S");
        let model = Model::parse(&text).unwrap();
        let draw =
            |population| Simulate { cases: 20, population, ..Simulate::default() }.run(&model).unwrap();
        let drawn = draw(Population::default());
        let written = Population::default().complete(&model).unwrap().to_toml();
        assert_eq!(draw(population(&written)).rows, drawn.rows, "{written}");
    }

    #[test]
    fn consistent_pls_finds_the_population_again() {
        let model = Model::parse(MODEL).unwrap();
        let truth =
            "[paths]\n\"B ~ A\" = 0.5\n\"C ~ A\" = -0.3\n\"C ~ B\" = 0.6\n[loadings]\na1 = 0.9\nC = 0.7\n";
        let cases = 20_000;
        let run = Simulate { cases, continuous: true, population: population(truth), ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &drawn.survey().unwrap()).unwrap();
        // Five standard errors of a correlation; loadings and disattenuated paths vary a little more.
        let error = 5.0 / (cases as f64).sqrt() * 1.5;
        for (path, value) in [(("A", "B"), 0.5), (("A", "C"), -0.3), (("B", "C"), 0.6)] {
            let found = fit.path_coefficients().get(path.0, path.1).unwrap();
            assert!((found - value).abs() < error, "{path:?}: {found}");
        }
        for (item, construct, value) in [("a1", "A", 0.9), ("a2", "A", 0.8), ("c3", "C", 0.7)] {
            let found = fit.loadings().get(item, construct).unwrap();
            assert!((found - value).abs() < error, "{item}: {found}");
        }
    }

    #[test]
    fn composites_are_what_they_are_made_of() {
        let model = Model::parse("V <~ v1 + v2 + v3\nT =~ t1 + t2 + t3\nT ~ V\n").unwrap();
        let truth = "[paths]\n\"T ~ V\" = 0.6\n[weights]\nv1 = 2\n[defaults]\ncorrelation = 0.2\n";
        let cases = 20_000;
        let run = Simulate { cases, continuous: true, population: population(truth), ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let m = moments(&model, &drawn);
        assert!((m.r(0, 1) - 0.2).abs() < 0.03, "{}", m.r(0, 1));
        let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &drawn.survey().unwrap()).unwrap();
        assert!((fit.path_coefficients().get("V", "T").unwrap() - 0.6).abs() < 0.05);
        let w = |item: &str| fit.weights().get(item, "V").unwrap();
        assert!((w("v1") / w("v2") - 2.0).abs() < 0.25 && (w("v2") / w("v3") - 1.0).abs() < 0.15);
    }

    #[test]
    fn errors_may_correlate() {
        let model = Model::parse(&format!("{MODEL}a1 ~~ a2\n")).unwrap();
        let truth = population("[correlations]\n\"a1 ~~ a2\" = 0.5\n");
        let run = Simulate { cases: 20_000, continuous: true, population: truth, ..Simulate::default() };
        let m = moments(&model, &run.run(&model).unwrap());
        // .8² + .5 × .36 = .82, and .64 without.
        assert!((m.r(0, 1) - 0.82).abs() < 0.02 && (m.r(0, 2) - 0.64).abs() < 0.03);
    }

    #[test]
    fn answers_have_the_stated_shares_and_reverse_coding() {
        let codebook = "item,min,max,reverse\na1,1,5,no\na2,1,5,yes\na3,1,5,no\n";
        let model = Model::parse(MODEL).unwrap().with_codebook(Codebook::parse("c", codebook).unwrap());
        let shares = [0.017, 0.057, 0.546, 0.323, 0.057];
        let truth = population("[items.a1]\nshares = [0.017, 0.057, 0.546, 0.323, 0.057]\n");
        let drawn = Simulate { cases: 20_000, population: truth, ..Simulate::default() }.run(&model).unwrap();
        for (at, share) in shares.iter().enumerate() {
            let count = drawn.rows.iter().filter(|row| row[0] == at as f64 + 1.0).count();
            assert!((count as f64 / 20_000.0 - share).abs() < 0.02, "{at}: {count}");
        }
        let r =
            |a: usize, b: usize| drawn.rows.iter().map(|row| (row[a] - 3.0) * (row[b] - 3.0)).sum::<f64>();
        assert!(r(0, 2) > 0.0 && r(1, 2) < r(0, 2));
        assert!(drawn.rows.iter().flatten().all(|answer| answer.fract() == 0.0));
    }

    #[test]
    fn respondents_miss_answers_and_tick_one_box() {
        let model = Model::parse(MODEL).unwrap();
        let truth = population("[respondents]\nmissing = 0.1\nstraight_liners = 0.2\n");
        let drawn = Simulate { cases: 5_000, population: truth, ..Simulate::default() }.run(&model).unwrap();
        let empty = drawn.rows.iter().flatten().filter(|answer| answer.is_nan()).count();
        assert!((empty as f64 / 45_000.0 - 0.1).abs() < 0.01);
        let lines = drawn.rows.iter().filter(|row| {
            let mut seen = row.iter().filter(|answer| !answer.is_nan());
            let first = seen.next();
            seen.all(|answer| Some(answer) == first)
        });
        assert!((lines.count() as f64 / 5_000.0 - 0.2).abs() < 0.03);
    }

    #[test]
    fn groups_differ_as_stated() {
        let model = Model::parse(MODEL).unwrap();
        let truth = population(
            "[paths]\n\"B ~ A\" = 0.7\n[[group]]\nname = \"x\"\nshare = 0.5\n[[group]]\nname = \"y\"\nshare = 0.5\n\
             means = { B = 1.0 }\npaths = { \"B ~ A\" = 0.0 }\n",
        );
        let run = Simulate { cases: 10_000, continuous: true, population: truth, ..Simulate::default() };
        let drawn = run.run(&model).unwrap();
        let of = |name: &str, at: usize| {
            let groups = drawn.groups.as_ref().unwrap();
            let chosen: Vec<f64> =
                drawn.rows.iter().zip(groups).filter(|(_, g)| *g == name).map(|(row, _)| row[at]).collect();
            chosen.iter().sum::<f64>() / chosen.len() as f64
        };
        // One standard deviation of B is .8 of an item's, whose standard deviation is 1.32.
        assert!((of("y", 3) - of("x", 3) - 0.8 * 1.32).abs() < 0.1);
        assert!((of("y", 0) - of("x", 0)).abs() < 0.1);
        assert_eq!(drawn.implied[1].correlations().get("A", "B"), Some(0.0));
    }

    #[test]
    fn a_fine_scale_is_used_from_end_to_end() {
        let mut model = Model::parse(MODEL).unwrap();
        let item = model.indicator_names()[0].clone();
        let text = format!("item,min,max\n{item},0,5000\n");
        model.codebook = crate::model::Codebook::parse("c.csv", &text).unwrap();
        let drawn = Simulate { cases: 300, ..Simulate::default() }.run(&model).unwrap();
        let column: Vec<f64> = drawn.rows.iter().map(|row| row[0]).collect();
        let mean = column.iter().sum::<f64>() / 300.0;
        assert!((mean - 3000.0).abs() < 300.0, "{mean}");
        assert!(column.iter().all(|x| (0.0..=5000.0).contains(x) && x.fract() == 0.0));
    }

    #[test]
    fn a_population_that_cannot_be_is_refused() {
        let model = Model::parse("A <~ a1 + a2\nB =~ b1 + b2\nB ~ A").unwrap();
        for (text, code) in [
            ("[weights]\na1 = 0\na2 = 0", "TP1105"),
            ("[[group]]\nname = \"g\"\nshare = 1.0\nmeans = { A = inf }", "TP1103"),
            ("[[group]]\nname = \"g\"\nshare = 1.0\nmeans = { A = nan }", "TP1103"),
        ] {
            let simulate = Simulate { population: population(text), ..Simulate::default() };
            let PlanError::Invalid(found) = simulate.run(&model).unwrap_err() else { panic!("{text}") };
            assert_eq!(found.0[0].code, code, "{text}");
        }
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let model = Model::parse(MODEL).unwrap();
        let none = Simulate { cases: 0, ..Simulate::default() }.run(&model).unwrap_err().to_string();
        assert!(none.contains("TP1107"), "{none}");
        for text in [
            "[items.a1]\nshares = [0.5, 0.5]\n",
            "[[group]]\nname = \"x\"\nshare = 0.4\n",
            "[items.a1]\nsd = 0\n",
        ] {
            let run = Simulate { population: population(text), ..Simulate::default() };
            let error = run.run(&model).unwrap_err().to_string();
            assert!(error.contains("TP1103"), "{text}: {error}");
        }
    }
}
