//! The report of a covariance-based model: the same order, from a [`SemFit`].

mod fit;
mod hypotheses;
mod measurement;

use super::method::{VERSION, sample_sentence};
use super::words::{percent, thousands};
use super::{Context, Light, Purpose, Report, Section, SectionId, appendix, references, screening, verdicts};
use crate::assess::{Tally, Thresholds};
use crate::document::{Exhibit, Figure};
use crate::model::Path;
use crate::plot::results::{DiagramOptions, sem_diagram};
use crate::plot::{PlotError, Theme};
use crate::sem::TotalVariance::Implied;
use crate::sem::{Finding, Identification, Information, Likelihood, Operator, Parameter, Sem, SemFit};
use crate::survey::{Missing, Screening};
use crate::table::{Cell, Column, Table};

/// So many of the largest residuals and modification indices are shown.
const MOST: usize = 10;
/// Larger tables are folded.
const MOST_ROWS: usize = 16;

impl Report {
    /// Gathers the report of a covariance-based model; `thresholds` judge it.
    pub fn of_sem(
        fit: &SemFit,
        thresholds: &Thresholds,
        screening: Option<&Screening>,
        context: Context,
    ) -> Self {
        let context = if context.blind { context.without_names() } else { context };
        let m = Material { fit, thresholds, screening, context: &context };
        let words = |bad: bool| {
            let found = fit.findings.iter().filter(|finding| Finding::is_inadmissible(finding) == bad);
            found.map(ToString::to_string).collect()
        };
        let sections: Vec<Section> = SectionId::ALL
            .into_iter()
            .map(|id| match id {
                SectionId::Verdict => m.verdict(),
                SectionId::Data => m.data(),
                SectionId::Reflective => m.measurement(),
                SectionId::Fit => m.fit(),
                SectionId::Structure => m.structure(),
                SectionId::Appendix => m.appendix(),
                SectionId::Diagram
                | SectionId::Method
                | SectionId::Formative
                | SectionId::Components
                | SectionId::Effects => Section::new(id),
            })
            .map(|mut section: Section| {
                section.exhibits.retain(|exhibit| !exhibit.table.rows.is_empty());
                section
            })
            .collect();
        let lights = m.lights();
        let mut summary = verdicts::summary(&lights);
        summary.extend(m.hypotheses_in_sentences());
        let mut report = Self {
            strip: m.strip(),
            problems: words(true),
            remarks: words(false),
            lights,
            summary,
            method: m.method(),
            sections,
            ..Self::about(&fit.model.about, &context)
        };
        report.references = references::of(&report, vec!["Bollen 1989", "Jöreskog 1973"]);
        report.context = context;
        report
    }

    /// Draws the path diagram of a covariance-based model, without its items and with them.
    ///
    /// # Errors
    /// [`PlotError`] if it cannot be drawn.
    pub fn with_sem_figures(self, fit: &SemFit, theme: &Theme) -> Result<Self, PlotError> {
        let mut report = self;
        for (items, id, title) in [
            (false, "path-diagram", "Structural model"),
            (true, "path-diagram-items", "Constructs with their items"),
        ] {
            let options =
                DiagramOptions { items, language: report.context.language, ..DiagramOptions::default() };
            let diagram = sem_diagram(fit, options);
            let figure = Figure {
                id: id.to_owned(),
                title: title.to_owned(),
                caption: if items {
                    "Standardised loadings stand beside the items."
                } else {
                    "Standardised path coefficients."
                }
                .to_owned(),
                svg: diagram.svg(theme)?.to_string(),
                paper: diagram.for_paper(theme)?.map(|svg| svg.to_string()),
                file: None,
            };
            report = report.with_figure(SectionId::Diagram, figure);
        }
        Ok(report)
    }
}

/// Named values that may not exist.
type Values = Vec<(String, Option<f64>)>;

/// Everything the sections are made of.
struct Material<'a> {
    fit: &'a SemFit,
    thresholds: &'a Thresholds,
    screening: Option<&'a Screening>,
    context: &'a Context,
}

impl Material<'_> {
    fn name(&self, id: crate::model::ConstructId) -> &str {
        &self.fit.model.construct(id).name
    }

    fn parameter(&self, path: &Path) -> Option<&Parameter> {
        self.fit.parameter(self.name(path.to), Operator::Path, self.name(path.from))
    }

    /// Whether p is below the level's complement.
    fn is_clear(&self, parameter: &Parameter) -> bool {
        parameter.pvalue.is_some_and(|p| p < 1.0 - self.fit.settings.level)
    }

    fn loadings(&self) -> impl Iterator<Item = &Parameter> {
        self.fit.parameters.iter().filter(|p| p.op == Operator::Loading)
    }

    /// Constructs that have error of measurement, with omega and AVE.
    fn reliabilities(&self) -> Vec<(String, f64, f64)> {
        let constructs = self.fit.model.constructs().iter();
        constructs
            .filter_map(|construct| {
                let (omega, ave) = self.fit.reliability(&construct.name, Implied)?;
                Some((construct.name.clone(), omega, ave))
            })
            .collect()
    }

    /// Explained variance of the outcomes among the constructs.
    fn explained(&self) -> Vec<(String, f64)> {
        // Items come first in the list, outcomes after them.
        let all = self.fit.r_squared();
        let outcomes = self.fit.model.endogenous().into_iter().map(|id| self.name(id).to_owned());
        outcomes
            .filter_map(|name| {
                let found = all.iter().filter(|(known, _)| *known == name).last();
                Some((name.clone(), found?.1?))
            })
            .collect()
    }

    fn strip(&self) -> Vec<(String, String)> {
        let fit = self.fit;
        let mut strip = vec![("n".to_owned(), thousands(fit.n))];
        let mut add = |name: &str, value: String| strip.push((name.to_owned(), value));
        if let Some(sample) = &fit.sample {
            let treatment = sample.account.missing.map_or("", Missing::word);
            add("missing", format!("{} ({treatment})", thousands(sample.account.cells_missing)));
        }
        add("engine", "CB-SEM, maximum likelihood".to_owned());
        add("intervals", format!("{} % normal", percent(fit.settings.level, 1)));
        add("trustpath", VERSION.to_owned());
        if let Some(sample) = &fit.sample {
            add("data fingerprint", sample.fingerprint.clone());
        }
        strip
    }

    fn lights(&self) -> Vec<Light> {
        let measures = &self.fit.measures;
        let one = |name: &str, value: f64| (name.to_owned(), value.is_finite().then_some(value));
        let ratio = measures.chisq / measures.df.max(1) as f64;
        let found = self.reliabilities();
        let lines: Vec<(&'static str, Values, bool)> = vec![
            ("C01", vec![one("CFI", measures.cfi), one("TLI", measures.tli)], true),
            ("C02", vec![one("RMSEA", if measures.df > 0 { measures.rmsea } else { f64::NAN })], false),
            ("C03", vec![one("SRMR", measures.srmr)], false),
            ("C04", vec![one("χ² / df", if measures.df > 0 { ratio } else { f64::NAN })], false),
            ("R01", self.items().iter().map(|p| (p.rhs.clone(), Some(p.std_all))).collect(), true),
            ("R04", found.iter().map(|(name, omega, _)| (name.clone(), Some(*omega))).collect(), true),
            ("R07", found.iter().map(|(name, _, ave)| (name.clone(), Some(*ave))).collect(), true),
            ("R08", self.htmt_pairs().into_iter().map(|(.., name, value)| (name, value)).collect(), false),
            ("S06", self.explained().into_iter().map(|(name, value)| (name, Some(value))).collect(), true),
        ];
        let table = |id: &str| match id {
            "R01" => "sem_loadings",
            "R04" | "R07" => "sem_constructs",
            _ => "",
        };
        let mut lights: Vec<Light> = lines
            .into_iter()
            .map(|(id, values, lowest)| {
                let tally = Tally::of(self.thresholds, id, &values, lowest);
                let light = verdicts::light(id, tally.verdict, tally.words, tally.worst);
                if table(id).is_empty() { light } else { Light { table: table(id).to_owned(), ..light } }
            })
            .collect();
        lights.extend(verdicts::careless(self.screening));
        verdicts::sort(&mut lights);
        lights
    }

    /// Loadings of constructs with several items.
    fn items(&self) -> Vec<&Parameter> {
        let several = |name: &str| {
            let found = self.fit.model.constructs().iter().find(|construct| construct.name == name);
            found.is_some_and(|construct| construct.indicators.len() > 1)
        };
        self.loadings().filter(|p| several(&p.lhs)).collect()
    }

    fn data(&self) -> Section {
        let mut section = Section::new(SectionId::Data);
        section.intro.push(self.fit.sample.as_ref().map_or_else(
            || {
                "The model was estimated from a table of covariances; there are no answers to screen."
                    .to_owned()
            },
            |sample| screening::account(sample, self.context),
        ));
        let found = self.screening.map(|s| screening::exhibits(s, self.context.language, self.thresholds));
        section.exhibits = found.unwrap_or_default();
        section
    }

    fn appendix(&self) -> Section {
        let mut section = Section::new(SectionId::Appendix);
        section.exhibits.extend(appendix::wording(&self.fit.model, self.context.blind));
        section.exhibits.push(Exhibit::new(self.fit.covariances_table()).fixed().folded_beyond(MOST_ROWS));
        let mut settings = appendix::settings_table();
        // Plain data of words and numbers: turning it into JSON cannot fail.
        let json = |value: &Sem| serde_json::to_value(value).unwrap_or_default();
        appendix::add_settings(
            &mut settings,
            "estimation",
            &json(&self.fit.settings),
            &json(&Sem::default()),
        );
        appendix::drop_empty(&mut settings);
        section.exhibits.push(Exhibit::new(settings).grouped("part").fixed());
        section.exhibits.push(self.manifest());
        section
    }

    fn manifest(&self) -> Exhibit {
        let mut table = Table::new(
            "manifest",
            "Manifest",
            vec![Column::words("what", "What"), Column::words("value", "Value")],
        );
        let context = self.context;
        let fingerprint = self.fit.sample.as_ref().map_or("", |sample| sample.fingerprint.as_str());
        for (name, value) in [
            ("software", format!("trustpath {VERSION}").as_str()),
            ("created", &context.created),
            ("model file", &context.model_file),
            ("data file", &context.data_file),
            ("read as", &context.dialect),
            ("data fingerprint", fingerprint),
            ("cases", &thousands(self.fit.n)),
            ("iterations", &self.fit.iterations.to_string()),
            ("parameters", &self.fit.n_free_parameters().to_string()),
            ("command to repeat", &context.command),
        ] {
            if !value.is_empty() {
                table.push(vec![Cell::text(name), Cell::text(value)]);
            }
        }
        Exhibit::new(table).fixed()
    }

    /// The paragraph for the Method section.
    fn method(&self) -> String {
        let fit = self.fit;
        let wishart = match fit.settings.likelihood {
            Likelihood::Normal => "",
            Likelihood::Wishart => " (Wishart likelihood, divisor n − 1)",
        };
        let information = match fit.settings.information {
            Information::Expected => "expected",
            Information::Observed => "observed",
        };
        let unit = match fit.settings.identification {
            Identification::Marker => "Constructs take their unit from their first item, whose loading is 1.",
            Identification::Variance => {
                "Constructs take their unit from a variance of 1, their own or that of their disturbance."
            }
        };
        let ended = if fit.converged {
            format!("The search converged after {} steps.", fit.iterations)
        } else {
            format!("The search did NOT converge within {} steps.", fit.iterations)
        };
        let mut text = vec![format!(
            "The model was estimated with trustpath {VERSION} as a model of common factors from covariances (CB-SEM; Jöreskog, \
             1973; Bollen, 1989), by maximum likelihood{wishart} with standard errors from {information} information."
        )];
        text.push(ended);
        text.push(unit.to_owned());
        text.extend(self.context.purpose.map(|purpose| {
            match purpose {
                Purpose::Prediction => super::method::PREDICTION,
                Purpose::Explanation => super::method::EXPLANATION,
            }
            .to_owned()
        }));
        text.push(match &fit.sample {
            Some(sample) => sample_sentence(sample, fit.n),
            None => format!(
                "The estimate rests on a table of covariances of {} items from n = {} cases.",
                fit.sample_covariance().rows().len(),
                thousands(fit.n)
            ),
        });
        text.push(format!(
            "Intervals of {} % and two-sided p-values rest on the normal distribution of the estimates.",
            percent(fit.settings.level, 1)
        ));
        text.push(format!("Model fit: {}.", self.fit_in_words()));
        text.join(" ")
    }
}
