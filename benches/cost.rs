//! How cost grows with cases, items and resamples: CPU time of all threads and peak memory of a bootstrap.
//!
//! `cargo bench --bench cost` prints the table of `benches/README.md`; `cargo bench --bench cost -- quick` a shorter one;
//! `-- threads` the gain from a second core; `-- floor` the rate of the moment step alone, and fails if it has fallen. `TRUSTPATH_VECTORS=avx2` takes narrower vectors.
//! Times are the smallest of three runs. Linux only: both numbers come from `/proc/self`.

use std::process::ExitCode;
use std::time::Instant;

use trustpath::moments::kernel::{BLOCK, Batch, Kernel};
use trustpath::resample::Bootstrap;
use trustpath::survey::{Column, Survey, Values};
use trustpath::{Model, Pls};

/// Least share of its best rate that the moment step must reach at every size.
const FLOOR: f64 = 0.6;

/// Numbers in 0..1 that look random.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Constructs that are joined to each other by many chains of paths; more would multiply the specific indirect effects.
const GROUP: usize = 6;

/// Constructs of `size` items in groups, each with paths from the two before it in its group, the first of a group with one
/// from the first of the group before; answers 1 to 7, or real numbers.
fn example(cases: usize, items: usize, size: usize, whole: bool) -> Option<(Model, Survey)> {
    let constructs = items / size;
    let mut text = String::new();
    for j in 0..constructs {
        let names: Vec<String> = (0..size).map(|i| format!("c{j}i{i}")).collect();
        text.push_str(&format!("C{j} =~ {}\n", names.join(" + ")));
    }
    for j in 1..constructs {
        let first = j / GROUP * GROUP;
        let from = if j == first { j - GROUP..j - GROUP + 1 } else { first.max(j.saturating_sub(2))..j };
        let from: Vec<String> = from.map(|l| format!("C{l}")).collect();
        text.push_str(&format!("C{j} ~ {}\n", from.join(" + ")));
    }
    let mut noise = Noise(7);
    let mut columns = vec![Vec::with_capacity(cases); constructs * size];
    for _ in 0..cases {
        let mut before = 0.0;
        for j in 0..constructs {
            before = 0.6 * before + noise.next() - 0.5;
            for i in 0..size {
                let x = 4.0 + 3.0 * before + 2.0 * (noise.next() - 0.5);
                columns[j * size + i].push(Some(if whole { x.round().clamp(1.0, 7.0) } else { x }));
            }
        }
    }
    let named = columns.into_iter().enumerate().map(|(at, cells)| Column {
        name: format!("c{}i{}", at / size, at % size),
        values: Values::Numbers(cells),
    });
    Some((Model::parse(&text).ok()?, Survey::from_columns("<made up>", named.collect()).ok()?))
}

/// CPU seconds of all threads so far, those that have ended among them only if they are still listed: the pool's stay.
fn cpu() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return f64::NAN };
    let one = |thread: std::fs::DirEntry| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).unwrap_or_default();
        text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0)
    };
    threads.flatten().map(one).sum::<f64>() / 1e9
}

/// Peak memory in MiB since it was last forgotten.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
}

fn forget_peak() {
    // Where it cannot be reset, the peak is that of the largest run so far.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn row(cases: usize, items: usize, resamples: usize, whole: bool) -> Option<()> {
    let (model, survey) = example(cases, items, if items < 20 { 2 } else { 4 }, whole)?;
    let fit = Pls::default().fit(&model, &survey).ok()?;
    drop(survey);
    let bootstrap = Bootstrap { resamples, ..Bootstrap::default() };
    let (mut least, mut wall) = (f64::INFINITY, f64::INFINITY);
    forget_peak();
    let before = peak();
    for _ in 0..if cases * resamples > 1_000_000_000 { 1 } else { 3 } {
        let (start, clock) = (cpu(), Instant::now());
        bootstrap.run(&fit).ok()?;
        least = least.min(cpu() - start);
        wall = wall.min(clock.elapsed().as_secs_f64());
    }
    print(&format!(
        "| {} | {cases} | {items} | {resamples} | {:.1} | {:.1} | {:.0} |",
        if whole { "1 to 7" } else { "real" },
        least * 1e3,
        wall * 1e3,
        peak() - before
    ));
    Some(())
}

/// Rate of the moment step at several sizes, billions of operations per second (a multiplication and an addition are
/// two), and its share of the best of them: what the kernel reaches when everything stays in the first cache.
///
/// Fails if a size falls below [`FLOOR`]: then the blocks no longer fit the caches, or the kernel is not the one meant.
fn moment_step() -> bool {
    let rate = |cases: usize, items: usize| -> Option<f64> {
        let (model, survey) = example(cases, items, if items < 20 { 2 } else { 4 }, true)?;
        let fit = Pls::default().fit(&model, &survey).ok()?;
        let kernel = Kernel::new(fit.sample.as_ref()?);
        let mut batch = Batch::default();
        kernel.open(&mut batch, BLOCK, false);
        let mut noise = Noise(3);
        for at in 0..BLOCK {
            let row: Vec<u16> =
                (0..cases).map(|_| u16::from(noise.next() > 0.4) + u16::from(noise.next() > 0.6)).collect();
            if !kernel.enter_counts(&mut batch, at, &row) {
                return None;
            }
        }
        let operations = 2 * cases * BLOCK * (items + items * (items + 1) / 2);
        let rounds = 1 + 2_000_000_000 / operations;
        let mut best: f64 = 0.0;
        for _ in 0..8 {
            let start = cpu();
            for _ in 0..rounds {
                kernel.sums(&mut batch);
            }
            best = best.max((operations * rounds) as f64 / (cpu() - start) / 1e9);
        }
        Some(best)
    };
    let sizes = [(256, 24), (250, 24), (1_000, 24), (10_000, 24), (480, 44), (1_000, 44), (500, 100)];
    let rates: Vec<_> = sizes.iter().filter_map(|&(n, p)| Some((n, p, rate(n, p)?))).collect();
    let best = rates.iter().map(|(_, _, rate)| *rate).fold(0.0, f64::max);
    let (single, double) = (gemm::<f32>(), gemm::<f64>());
    print(&format!(
        "\nGEMM of 1,024³ on one core: {single:.0} Gop/s in single, {double:.0} in double precision"
    ));
    print("\n| n | p | Gop/s | share of the best |");
    print("|---|---|---|---|");
    for (n, p, rate) in &rates {
        print(&format!("| {n} | {p} | {rate:.0} | {:.0} % |", 100.0 * rate / best));
    }
    rates.iter().all(|(_, _, rate)| *rate >= FLOOR * best)
}

/// Rate of a general matrix product, billions of operations per second.
fn gemm<T: nalgebra::RealField + Copy>() -> f64 {
    const SIZE: usize = 1_024;
    let mut noise = Noise(5);
    let mut matrix = || nalgebra::DMatrix::<T>::from_fn(SIZE, SIZE, |_, _| nalgebra::convert(noise.next()));
    let (a, b, mut out) = (matrix(), matrix(), matrix());
    let mut best: f64 = 0.0;
    for _ in 0..5 {
        let start = cpu();
        out.gemm(T::one(), &a, &b, T::zero());
        best = best.max(2.0 * (SIZE * SIZE * SIZE) as f64 / (cpu() - start) / 1e9);
    }
    best
}

/// Wall time of the same bootstrap on one thread and on two, the smallest of several runs each, taken in turns.
fn threads() {
    print("\n| n | p | B | one thread, ms | two, ms | gain |");
    print("|---|---|---|---|---|---|");
    for (cases, items, resamples) in
        [(500, 24, 10_000), (500, 44, 10_000), (5_000, 24, 10_000), (500, 24, 100_000)]
    {
        let Some((model, survey)) = example(cases, items, 4, true) else { return };
        let Ok(fit) = Pls::default().fit(&model, &survey) else { return };
        let bootstrap = Bootstrap { resamples, ..Bootstrap::default() };
        let pools: Vec<_> = [1, 2]
            .into_iter()
            .filter_map(|count| rayon::ThreadPoolBuilder::new().num_threads(count).build().ok())
            .collect();
        let mut least = [f64::INFINITY; 2];
        for _ in 0..7 {
            for (pool, least) in pools.iter().zip(&mut least) {
                let clock = Instant::now();
                if pool.install(|| bootstrap.run(&fit)).is_err() {
                    return;
                }
                *least = least.min(clock.elapsed().as_secs_f64());
            }
        }
        let [one, two] = least.map(|seconds| seconds * 1e3);
        print(&format!("| {cases} | {items} | {resamples} | {one:.0} | {two:.0} | {:.2} |", one / two));
    }
}

#[allow(clippy::print_stdout, reason = "this is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}

fn main() -> ExitCode {
    if std::env::args_os().any(|argument| argument == "floor") {
        return if moment_step() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if std::env::args_os().any(|argument| argument == "threads") {
        threads();
        return ExitCode::SUCCESS;
    }
    let quick = std::env::args_os().any(|argument| argument == "quick");
    print("| answers | n | p | B | CPU, ms | wall, ms | memory, MiB |");
    print("|---|---|---|---|---|---|---|");
    let cases: &[usize] =
        if quick { &[100, 1_000, 10_000] } else { &[100, 300, 1_000, 3_000, 10_000, 100_000] };
    for &n in cases {
        row(n, 24, 10_000, true);
    }
    for n in [1_000, 10_000] {
        row(n, 24, 10_000, false);
    }
    if !quick {
        row(1_000_000, 24, 1_000, true);
    }
    for p in if quick { vec![12, 48] } else { vec![10, 12, 48, 100, 200] } {
        row(500, p, 10_000, true);
    }
    for b in if quick { vec![1_000, 5_000] } else { vec![1_000, 5_000, 20_000, 100_000] } {
        row(500, 24, b, true);
    }
    threads();
    if moment_step() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
