//! How cost grows with cases, items and resamples: CPU time of all threads and peak memory of a bootstrap.
//!
//! `cargo bench --bench cost` prints the table of `benches/README.md`; `cargo bench --bench cost -- quick` a shorter one;
//! `-- example` the CPU time of the example's 10,000 resamples; `-- threads` the gain from a second core; `-- floor` the rate of the moment step alone, and fails if it has fallen.
//! `TRUSTPATH_VECTORS=avx2` takes narrower vectors.
//! Times are the smallest of three runs. Linux only: both numbers come from `/proc/self`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use trustpath::moments::kernel::{BLOCK, Batch, Kernel};
use trustpath::resample::Bootstrap;
use trustpath::survey::{Column, Survey, Values};
use trustpath::{Model, Pls};

/// Least share of what its instruction reaches that the moment step must reach at every size.
const FLOOR: f64 = 0.65;
/// How often the moment step and its instruction are timed in turns.
const TURNS: usize = 61;

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
    // The clock of a running thread stands from tick to tick, that of a sleeping one is right: all go to sleep.
    std::thread::sleep(Duration::from_millis(2));
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

/// The middle of some numbers.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Seconds that something takes.
fn seconds(work: impl FnOnce()) -> f64 {
    let clock = Instant::now();
    work();
    clock.elapsed().as_secs_f64()
}

/// Rate of the moment step at several sizes, billions of operations per second (a multiplication and an addition are
/// two), and its share of what its instruction reaches with all operands in registers.
///
/// Both are timed in turns of one or two milliseconds, and the middle of the shares counts: what else the machine does, and
/// how fast its clock is, meets both alike. Fails if a size falls below [`FLOOR`]: then the blocks no longer fit the
/// caches, or the kernel is not the one meant.
fn moment_step() -> bool {
    print("\n| n | p | Gop/s | registers only | share |");
    print("|---|---|---|---|---|");
    let mut sound = true;
    for (cases, items) in
        [(256, 24), (250, 24), (1_000, 24), (10_000, 24), (480, 44), (1_000, 44), (500, 100)]
    {
        let Some(share) = share_of_peak(cases, items) else { return false };
        sound = sound && (share.is_nan() || share >= FLOOR);
    }
    let (single, double) = (gemm::<f32>(), gemm::<f64>());
    print(&format!(
        "\nGEMM of 1,024³ on one core: {single:.0} Gop/s in single, {double:.0} in double precision"
    ));
    sound
}

/// The same at one size; not a number where this machine multiplies no bytes.
fn share_of_peak(cases: usize, items: usize) -> Option<f64> {
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
    let rounds = 1 + 500_000_000 / operations;
    let (mut rates, mut peaks, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let step = seconds(|| (0..rounds).for_each(|_| kernel.sums(&mut batch)));
        let rate = (operations * rounds) as f64 / step / 1e9;
        rates.push(rate);
        if let Some(peak) = peak::rate(operations * rounds) {
            peaks.push(peak);
            shares.push(rate / peak);
        }
    }
    if shares.is_empty() {
        print(&format!("| {cases} | {items} | {:.0} | – | – |", median(rates)));
        return Some(f64::NAN);
    }
    let share = median(shares);
    let (rate, peak) = (median(rates), median(peaks));
    print(&format!("| {cases} | {items} | {rate:.0} | {peak:.0} | {:.0} % |", 100.0 * share));
    Some(share)
}

/// What the instructions of the moment step reach when they wait for nothing.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code, reason = "vector instructions; nothing here touches memory")]
mod peak {
    use std::arch::asm;
    use std::arch::x86_64::{
        _mm256_add_epi16, _mm256_maddubs_epi16, _mm256_set1_epi16, _mm512_dpbusd_epi32, _mm512_set1_epi32,
    };
    use std::hint::black_box;

    use trustpath::stats::simd::Level;

    /// Sums that are added to in turns: enough to hide how long an instruction takes.
    const SUMS: usize = 12;

    /// Billions of operations per second over about so many; `None` where the machine has no such instruction.
    pub(super) fn rate(operations: usize) -> Option<f64> {
        let level = Level::best();
        let (bytes, run): (usize, unsafe fn(usize)) =
            if level == Level::Avx512 && is_x86_feature_detected!("avx512vnni") {
                (64, vnni)
            } else if level >= Level::Avx2 {
                (32, avx2)
            } else {
                return None;
            };
        let rounds = operations / (2 * bytes * SUMS);
        // SAFETY: the instructions have been found on this machine.
        let time = super::seconds(|| unsafe { run(rounds) });
        Some((2 * bytes * SUMS * rounds) as f64 / time / 1e9)
    }

    #[target_feature(enable = "avx512f,avx512vnni")]
    fn vnni(rounds: usize) {
        let (x, y) = (black_box(_mm512_set1_epi32(1)), black_box(_mm512_set1_epi32(2)));
        let mut sums = black_box([_mm512_set1_epi32(0); SUMS]);
        for _ in 0..rounds {
            for sum in &mut sums {
                *sum = _mm512_dpbusd_epi32(*sum, x, y);
            }
        }
        black_box(sums);
    }

    #[target_feature(enable = "avx2")]
    fn avx2(rounds: usize) {
        let (x, mut y) = (black_box(_mm256_set1_epi16(1)), black_box(_mm256_set1_epi16(2)));
        let mut sums = black_box([_mm256_set1_epi16(0); SUMS]);
        for _ in 0..rounds {
            for sum in &mut sums {
                // SAFETY: no instruction at all; `y` counts as changed, so that its product is made each time.
                unsafe { asm!("/* {0} */", inout(ymm_reg) y, options(nomem, nostack, preserves_flags)) };
                *sum = _mm256_add_epi16(*sum, _mm256_maddubs_epi16(x, y));
            }
        }
        black_box(sums);
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod peak {
    /// Not known here.
    pub(super) fn rate(_: usize) -> Option<f64> {
        None
    }
}

/// Rate of a general matrix product, billions of operations per second.
fn gemm<T: nalgebra::RealField + Copy>() -> f64 {
    const SIZE: usize = 1_024;
    let mut noise = Noise(5);
    let mut matrix = || nalgebra::DMatrix::<T>::from_fn(SIZE, SIZE, |_, _| nalgebra::convert(noise.next()));
    let (a, b, mut out) = (matrix(), matrix(), matrix());
    let least =
        (0..5).map(|_| seconds(|| out.gemm(T::one(), &a, &b, T::zero()))).fold(f64::INFINITY, f64::min);
    2.0 * (SIZE * SIZE * SIZE) as f64 / least / 1e9
}

/// CPU time of 10,000 resamples of the example inside the process on one thread, for the quantities of the aim (80 ms with
/// AVX2, 60 ms with AVX-512), for paths alone, and for all.
fn flagship() -> Option<()> {
    use trustpath::resample::Kind;
    const AIM: [Kind; 11] = [
        Kind::Path,
        Kind::Weight,
        Kind::Loading,
        Kind::TotalEffect,
        Kind::IndirectEffect,
        Kind::SpecificIndirect,
        Kind::Htmt,
        Kind::Alpha,
        Kind::RhoA,
        Kind::RhoC,
        Kind::RSquared,
    ];
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let model = Model::read(root.join("models/initial-trust.sem")).ok()?;
    let survey = Survey::read(root.join("data/initial-trust.csv")).ok()?;
    let fit = Pls::default().fit(&model, &survey).ok()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().ok()?;
    print("| recorded | CPU, ms: smallest | middle of 15 |");
    print("|---|---|---|");
    for (name, record) in [("quantities of the aim", &AIM[..]), ("paths", &AIM[..1]), ("all by default", &[])]
    {
        let bootstrap = Bootstrap { record: record.to_vec(), ..Bootstrap::default() };
        let mut times = Vec::new();
        for _ in 0..15 {
            let start = cpu();
            pool.install(|| bootstrap.run(&fit)).ok()?;
            times.push(1e3 * (cpu() - start));
        }
        let least = times.iter().copied().fold(f64::INFINITY, f64::min);
        print(&format!("| {name} | {least:.1} | {:.1} |", median(times)));
    }
    Some(())
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
    if std::env::args_os().any(|argument| argument == "example") {
        return if flagship().is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
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
