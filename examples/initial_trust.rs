//! From survey to verdicts, hypotheses and a figure: the main job as a library call.
//!
//! ```sh
//! cargo run --release --example initial_trust
//! ```

#![allow(clippy::print_stdout, reason = "an example shows its results")]

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
    Ok(())
}
