//! Writes the samples where a person can look at them: `cargo test --lib plot::look -- --ignored`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may fail, and a person reads what it says"
)]

use super::diagram::{Diagram, Flow};
use super::{Svg, Theme, samples};

fn write(name: &str, svg: &Svg) {
    let folder = std::env::temp_dir().join("trustpath-plots");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.svg")), svg.as_str()).unwrap();
    #[cfg(feature = "png")]
    std::fs::write(folder.join(format!("{name}.png")), super::png(svg, 1.5).unwrap()).unwrap();
}

#[test]
#[ignore = "for the eye, not for the machine"]
fn diagrams() {
    for (name, diagram) in samples::all() {
        write(&format!("{name}-screen"), &diagram.svg(&Theme::screen()).unwrap());
        write(&format!("{name}-journal"), &diagram.svg(&Theme::journal()).unwrap());
        let bare = Diagram { show_items: false, direction: Flow::TopToBottom, ..diagram.clone() };
        write(&format!("{name}-bare-down"), &bare.svg(&Theme::screen()).unwrap());
        let down = Diagram { direction: Flow::TopToBottom, ..diagram.clone() };
        write(&format!("{name}-down"), &down.svg(&Theme::screen()).unwrap());
        let corners = Diagram { show_items: false, lines: super::Lines::Orthogonal, ..diagram.clone() };
        write(&format!("{name}-corners"), &corners.svg(&Theme::screen()).unwrap());
        let across = Diagram { show_items: false, direction: Flow::LeftToRight, ..diagram };
        write(&format!("{name}-bare"), &across.svg(&Theme::journal()).unwrap());
    }
}

#[test]
#[ignore = "for the eye, not for the machine"]
fn small() {
    for (name, diagram) in samples::all() {
        for mm in [84.0, 174.0] {
            let theme = Theme { max_width_mm: Some(mm), ..Theme::journal() };
            let (diagram, given) = diagram.fitted(&theme, true).unwrap();
            let layout = diagram.layout(&theme).unwrap();
            let svg = diagram.svg(&theme).unwrap();
            let (w, h, letters) = (layout.width, layout.height, svg.smallest_letters());
            println!("{name} {mm} mm: {letters:.2} pt, {w:.0} × {h:.0}, {:?} {given:?}", layout.direction);
            write(&format!("small-{name}-{mm}"), &svg);
        }
    }
}

#[test]
#[ignore = "for the eye, not for the machine"]
fn plates() {
    use super::samples::Plates;
    for (name, diagram) in samples::all() {
        for plates in [Plates::Intervals, Plates::FourGroups] {
            for lines in [super::Lines::Curved, super::Lines::Orthogonal] {
                let diagram = samples::with_plates(diagram.clone(), plates);
                let diagram = Diagram { show_items: false, lines, ..diagram };
                let layout = diagram.layout(&Theme::screen()).unwrap();
                let beside = layout.routes.iter().filter(|route| route.leader.is_some()).count();
                let shrunk = layout.routes.iter().filter(|route| route.shrunk).count();
                let (w, h) = (layout.width, layout.height);
                println!(
                    "{name} {plates:?} {lines:?}: {w:.0} × {h:.0}, {beside} beside, {shrunk} in small type"
                );
                write(
                    &format!("plates-{name}-{plates:?}-{lines:?}"),
                    &diagram.svg(&Theme::screen()).unwrap(),
                );
            }
        }
    }
}

#[test]
#[ignore = "for the eye, not for the machine"]
fn charts() {
    use super::{
        Distribution, Distributions, answers, bootstrap, forest, heat, htmt, interaction, johnson_neyman,
        loadings, patterns, surface,
    };
    let names =
        ["PU → ATT", "PEOU → ATT", "Trust propensity → trust motivation (trusting intention)", "ATT → MOT"];
    let centres = [0.31, 0.02, 0.55, -0.12];
    let draws: Vec<Vec<f64>> = centres.iter().map(|&centre| bootstrap::tests::draws(centre, 0.05)).collect();
    let panels = names.iter().zip(&draws).zip(centres).map(|((name, draws), centre)| Distribution {
        name: (*name).to_owned(),
        draws,
        estimate: centre,
        low: centre - 0.1,
        high: centre + 0.1,
    });
    let distributions = Distributions {
        title: "Bootstrap distributions".to_owned(),
        panels: panels.collect(),
        ..Default::default()
    };
    let column = Theme { max_width_mm: Some(84.0), ..Theme::journal() };
    for (suffix, theme) in [("screen", Theme::screen()), ("journal", Theme::journal()), ("column", column)] {
        write(&format!("loadings-{suffix}"), &loadings::tests::sample().svg(&theme).unwrap());
        write(&format!("htmt-{suffix}"), &htmt::tests::sample().svg(&theme).unwrap());
        write(&format!("eleven-{suffix}"), &htmt::tests::eleven().svg(&theme).unwrap());
        write(&format!("answers-{suffix}"), &answers::tests::sample().svg(&theme).unwrap());
        write(&format!("bootstrap-{suffix}"), &distributions.svg(&theme).unwrap());
        write(&format!("forest-{suffix}"), &forest::tests::sample().svg(&theme).unwrap());
        write(&format!("heat-{suffix}"), &heat::tests::sample().svg(&theme).unwrap());
        write(&format!("patterns-{suffix}"), &patterns::tests::sample().svg(&theme).unwrap());
        write(&format!("slopes-{suffix}"), &interaction::tests::sample().svg(&theme).unwrap());
        write(&format!("johnson-neyman-{suffix}"), &johnson_neyman::tests::sample().svg(&theme).unwrap());
        write(&format!("surface-{suffix}"), &surface::tests::sample().svg(&theme).unwrap());
    }
}
