//! The main job on the flagship model (43 items, 11 constructs, 480 respondents): one estimate from the matrix of
//! answers, and 10,000 bootstrap resamples of every quantity.
//!
//! Targets: an estimate under 1 ms, the bootstrap under 1 s on two cores.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use trustpath::moments::kernel::{BLOCK, Batch, Kernel};
use trustpath::survey::Sample;
use trustpath::{Assessment, Bootstrap, Conventions, Model, Pls, Survey};

fn example() -> Option<(Model, Survey)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).ok()?;
    let survey = Survey::read(root.join("data/initial-trust.csv")).ok()?;
    Some((model, survey))
}

fn estimate(c: &mut Criterion) {
    let Some((model, survey)) = example() else { return };
    let pls = Pls::default();
    let Ok(sample) = Sample::draw(&model, &survey, &pls.data) else { return };
    c.bench_function("estimate from the answers", |b| {
        b.iter(|| pls.fit_sample(black_box(&model), black_box(sample.clone())));
    });
    let Ok(fit) = pls.fit_sample(&model, sample) else { return };
    c.bench_function("assess", |b| b.iter(|| Assessment::of(black_box(&fit), Conventions::default())));
    c.bench_function("read the survey", |b| {
        b.iter(|| Survey::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/initial-trust.csv")));
    });
}

/// The moment step alone: sums of 128 resamples, in which every case counts 0, 1 or 2 times.
fn moments(c: &mut Criterion) {
    let Some((model, survey)) = example() else { return };
    let Ok(sample) = Sample::draw(&model, &survey, &Pls::default().data) else { return };
    c.bench_function("encode the answers", |b| b.iter(|| Kernel::new(black_box(&sample))));
    let kernel = Kernel::new(&sample);
    let mut batch = Batch::default();
    kernel.open(&mut batch, BLOCK, false);
    let mut row = vec![0_u16; kernel.cases()];
    for at in 0..BLOCK {
        row.iter_mut()
            .enumerate()
            .for_each(|(i, w)| *w = u16::from((i * (at + 7)) % 3 > 0) + u16::from(i % 2 == 0));
        if !kernel.enter_counts(&mut batch, at, &row) {
            return;
        }
    }
    c.bench_function("sums of 128 resamples", |b| b.iter(|| kernel.sums(black_box(&mut batch))));
}

fn bootstrap(c: &mut Criterion) {
    let Some((model, survey)) = example() else { return };
    let mut group = c.benchmark_group("10,000 resamples");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, consistent) in [("PLS", false), ("consistent PLS", true)] {
        let Ok(fit) = (Pls { consistent, ..Pls::default() }).fit(&model, &survey) else { continue };
        let settings = Bootstrap::default();
        group.bench_function(name, |b| b.iter(|| settings.run(black_box(&fit))));
    }
    group.finish();
}

criterion_group!(benches, estimate, moments, bootstrap);
criterion_main!(benches);
