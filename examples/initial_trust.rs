//! From survey to verdicts, hypotheses and a report with figures: the main job as library calls.
//!
//! ```sh
//! cargo run --release --example initial_trust
//! ```

#![allow(clippy::print_stdout, reason = "an example shows its results")]

use std::path::Path;

use trustpath::document::Form;
use trustpath::plot::Theme;
use trustpath::report::{Context, Report};
use trustpath::survey::Screening;
use trustpath::{Assessment, Bootstrap, Conventions, Model, Pls, Survey};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::read("models/initial-trust.sem")?;
    let survey = Survey::read("data/initial-trust.csv")?;

    // Every construct is measured by `=~`: consistent PLS takes that as a common factor.
    let fit = Pls { consistent: true, ..Pls::default() }.fit(&model, &survey)?;
    let assessment = Assessment::of(&fit, Conventions::default());
    println!("{}", assessment.verdicts(&fit));
    println!("{}", assessment.reliability(&fit));

    let boot = Bootstrap { resamples: 1_000, seed: 42, ..Bootstrap::default() }.run(&fit)?;
    println!("{}", boot.paths());
    println!("{}", boot.specific_indirect_effects());

    // The document that `trustpath report` writes; another form takes another extension.
    let screening = Screening::read(&model, &survey, &fit.settings.data)?;
    let context = Context {
        model_file: "models/initial-trust.sem".into(),
        data_file: survey.file.clone(),
        dialect: survey.dialect.to_string(),
        command: "cargo run --release --example initial_trust".into(),
        ..Context::default()
    };
    let report = Report::of(&fit, &assessment, Some(&boot), Some(&screening), context).with_figures(
        &fit,
        &assessment,
        Some(&boot),
        &Theme::screen(),
    )?;
    for (file, bytes) in report.document(&[]).files(Path::new("report.html"), Form::Html)? {
        std::fs::write(&file, bytes)?;
        println!("wrote {}", file.display());
    }
    Ok(())
}
