//! `trustpath report MODEL DATA -o report.html`: everything in one file.

use clap::Args;
use trustpath::diagnostic::Diagnostic;
use trustpath::plot::results::{self, DiagramOptions};
use trustpath::plot::{Language, PlotError, Svg, Theme};
use trustpath::report::{Context, Figure, Report as Pages, SectionId};
use trustpath::survey::{Sample, Screening};

use super::bootstrap::{warn_of_inadmissible, warn_of_interruption};
use super::fit::verdict;
use super::inputs::{Data, Estimation, Inputs};
use super::page::Page;
use super::plot::undrawn;
use super::resampling::Resampling;
use super::{Console, Failure, Outcome};

const EXAMPLES: &str = "\
Examples:
  trustpath report model.sem answers.csv -o report.html
  trustpath report model.sem answers.csv --consistent --seed 7 -o report.html
  trustpath report model.sem --correlations table.csv --n 350 -o report.html";

/// Write everything into one HTML file: verdicts, hypotheses, figures, tables, settings
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Report {
    #[command(flatten)]
    inputs: Inputs,
    /// Title of the report [default: the model's]
    #[arg(long, value_name = "WORDS", help_heading = "Report")]
    title: Option<String>,
    /// No bootstrap: estimates without significance
    #[arg(long, help_heading = "Report")]
    no_bootstrap: bool,
    /// Exit with 1 if the weights did not settle or the estimate is inadmissible
    #[arg(long, help_heading = "Report")]
    strict: bool,
    #[command(flatten)]
    estimation: Estimation,
    #[command(flatten)]
    resampling: Resampling,
}

impl Report {
    pub(crate) fn run(&self, console: &Console) -> Result<Outcome, Failure> {
        console.protect(&self.inputs.files(), None)?;
        let target = console.target(&["html"])?;
        let mut job = self.inputs.open(&self.estimation)?;
        if let Some(title) = &self.title {
            job.model.about.title = Some(title.clone());
        }
        let fit = job.fit()?;
        let assessment = job.assess(&fit);
        Page::warn_of(console, &assessment);
        let bootable = fit.sample.is_some() && !self.no_bootstrap;
        let boot = if bootable { Some(self.resampling.run(&fit, &job.data, console)?) } else { None };
        if let Some(boot) = &boot {
            warn_of_inadmissible(console, boot);
            warn_of_interruption(console, boot);
        }
        let screening = match &job.data {
            Data::Answers(survey) => {
                let settings = trustpath::survey::SampleSettings {
                    missing: trustpath::survey::Missing::Mean,
                    ..job.settings.data.clone()
                };
                let sample = Sample::draw(&job.model, survey, &settings)?;
                Some(Screening::of(&job.model, survey, &sample))
            }
            Data::Table { .. } => None,
        };
        let context = Context {
            data_file: job.data.file().to_owned(),
            model_file: job.model_file.clone(),
            dialect: job.data.dialect(),
            command: command_line(),
            created: String::new(),
        };
        let mut report = Pages::of(&fit, &assessment, boot.as_ref(), screening.as_ref(), context);
        let theme = Theme::screen();
        let language = Language::English;
        let mut add = |section, id: &str, title: &str, caption: &str, svg: Result<Svg, PlotError>| {
            match svg {
                Ok(svg) => {
                    let figure = Figure {
                        id: id.to_owned(),
                        title: title.to_owned(),
                        caption: caption.to_owned(),
                        svg: svg.to_string(),
                    };
                    report = report.clone().with_figure(section, figure);
                    Ok(())
                }
                // A model of single items has no loadings to show, for instance.
                Err(PlotError::Empty(_)) => Ok(()),
                Err(error) => Err(undrawn(&error)),
            }
        };
        // The structure first, large enough to read; then everything.
        for (items, id, title, caption) in [
            (false, "path-diagram", "Structural model", "Standardised path coefficients."),
            (true, "path-diagram-items", "Whole model", "Loadings or weights stand beside the items."),
        ] {
            let options = DiagramOptions { items, ..DiagramOptions::default() };
            let diagram = results::diagram(&fit, boot.as_ref(), options);
            add(SectionId::Diagram, id, title, caption, diagram.svg(&theme))?;
        }
        if let Some(answers) = fit.sample.as_ref().and_then(|s| results::answers(&fit.model, s, language)) {
            let caption = "Shares of answers, (r) after reverse coding; missing answers at the right.";
            add(SectionId::Data, "answers", "Answers", caption, answers.svg(&theme))?;
        }
        let loadings = results::loadings(&fit, boot.as_ref(), language);
        add(
            SectionId::Reflective,
            "loadings-chart",
            "Loadings",
            "Hollow points lie below .708.",
            loadings.svg(&theme),
        )?;
        let htmt = results::htmt(&fit, &assessment, boot.as_ref(), language);
        add(
            SectionId::Reflective,
            "htmt-chart",
            "HTMT",
            "Heterotrait-monotrait ratios of correlations.",
            htmt.svg(&theme),
        )?;
        if let Some(boot) = &boot {
            let distributions = results::distributions(boot, language);
            let caption = "Estimates, intervals and zero among the resampled path coefficients.";
            add(
                SectionId::Structure,
                "distributions",
                "Bootstrap distributions",
                caption,
                distributions.svg(&theme),
            )?;
        }
        let html = report
            .to_html()
            .map_err(|error| Failure::from(Diagnostic::error("TP0006", error.to_string())))?;
        match target {
            Some((file, _)) => console.write_file(file, &html)?,
            None => console.write(&html)?,
        }
        Ok(verdict(self.strict, &fit, &assessment))
    }
}

/// What was typed, quoted where a shell would need it.
fn command_line() -> String {
    let quoted = std::env::args().skip(1).map(|word| {
        let plain = word.chars().all(|c| c.is_alphanumeric() || "-_./=,:%+@".contains(c));
        if plain && !word.is_empty() { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
    });
    std::iter::once("trustpath".to_owned()).chain(quoted).collect::<Vec<_>>().join(" ")
}
