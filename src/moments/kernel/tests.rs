//! The kernel against the definition.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts in tests"
)]

use proptest::prelude::*;

use super::*;
use crate::moments::Moments;
use crate::stats::real::{Lanes, Mask};

/// A small deterministic stream of numbers in 0..1.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn sample(cases: usize, items: usize, seed: u64, f: impl Fn(f64, f64) -> f64, missing: f64) -> Sample {
    let mut u = noise(seed);
    let mut columns = vec![Vec::new(); items];
    for _ in 0..cases {
        let common = u();
        for column in &mut columns {
            let x = f(common, u());
            column.push(if u() < missing { f64::NAN } else { x });
        }
    }
    Sample {
        items: (0..items).map(|i| format!("x{i}")).collect(),
        columns,
        origin: (0..cases).collect(),
        account: crate::survey::Account::default(),
        fingerprint: String::new(),
        weights: None,
    }
}

fn counts(cases: usize, rows: usize, seed: u64) -> Vec<Vec<u16>> {
    let mut u = noise(seed);
    (0..rows)
        .map(|_| {
            let mut row = vec![0; cases];
            for _ in 0..cases {
                row[((u() * cases as f64) as usize).min(cases - 1)] += 1;
            }
            row
        })
        .collect()
}

fn weights(row: &[u16]) -> Vec<f64> {
    row.iter().map(|c| f64::from(*c)).collect()
}

/// A batch of these rows, multiplied.
fn multiplied(kernel: &Kernel, rows: &[Vec<u16>], general: bool) -> Batch {
    let mut batch = Batch::default();
    kernel.open(&mut batch, rows.len(), general);
    for (at, row) in rows.iter().enumerate() {
        if general {
            kernel.enter_weights(&mut batch, at, &weights(row));
        } else {
            assert!(kernel.enter_counts(&mut batch, at, row));
        }
    }
    kernel.sums(&mut batch);
    batch
}

/// Moments of one row of a batch.
fn one(kernel: &Kernel, batch: &Batch, at: usize) -> Result<Resampled, Option<NoMoments>> {
    let mut out = Resampled::new(kernel.items());
    kernel.finish(batch, at, &mut out);
    match out.failed[0] {
        Some(why) => Err(Some(why)),
        None if out.doubtful => Err(None),
        None => Ok(out),
    }
}

/// The definition, on gathered rows: mean of the observed answers, two passes.
fn gathered(sample: &Sample, row: &[u16]) -> Moments {
    let rows: Vec<usize> =
        row.iter().enumerate().flat_map(|(i, &w)| std::iter::repeat_n(i, usize::from(w))).collect();
    let mut drawn = sample.clone();
    drawn.columns = sample.columns.iter().map(|c| rows.iter().map(|&i| c[i]).collect()).collect();
    drawn.origin = rows;
    Moments::of(&drawn)
}

fn check(sample: &Sample, tolerance: f64) {
    let mut kernel = Kernel::new(sample);
    let rows = counts(sample.cases(), 41, 99);
    let p = kernel.items();
    let mut slow = Resampled::new(p);
    let mut ways = vec![kernel.way, Way::Double];
    if kernel.whole {
        ways.push(Way::Single);
        ways.extend(Bytes::available().into_iter().map(Way::Bytes));
    }
    let mut first: Option<Vec<Vec<f64>>> = None;
    for way in ways {
        kernel.take(way);
        let batch = multiplied(&kernel, &rows, false);
        let mut all = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let fast = one(&kernel, &batch, at).unwrap();
            if way == Way::Double {
                kernel.naive(&weights(row), &mut slow).unwrap();
                let truth = gathered(sample, row);
                for (at, r) in truth.correlation.iter().enumerate() {
                    assert!((fast.correlation[at] - r).abs() < tolerance, "{} {r}", fast.correlation[at]);
                    assert!((slow.correlation[at] - r).abs() < tolerance);
                }
                for ((fast, slow), truth) in fast.sd.iter().zip(&slow.sd).zip(&truth.sd) {
                    assert!((fast / truth - 1.0).abs() < tolerance && (slow / truth - 1.0).abs() < tolerance);
                }
            }
            all.push(fast.correlation);
        }
        // Whole numbers give the same bits whatever multiplies them; so do lanes and single resamples.
        if kernel.whole {
            assert_eq!(first.get_or_insert_with(|| all.clone()), &all, "{way:?}");
        }
        for start in (0..32).step_by(LANES) {
            let mut lanes = Resampled::<Lanes>::new(p);
            kernel.finish(&batch, start, &mut lanes);
            let clear = |lane: usize| lanes.failed[lane].is_none() && !lanes.doubtful.holds(lane);
            assert!((0..LANES).all(clear));
            // Below the diagonal a block may have its own alone.
            let mut blocks = Resampled::<Lanes>::in_blocks(p, [2, p - 2]);
            kernel.finish(&batch, start, &mut blocks);
            for (at, (own, all)) in blocks.correlation.iter().zip(&lanes.correlation).enumerate() {
                let (a, b) = (at / p, at % p);
                let stands = a <= b || (a < 2) == (b < 2);
                assert!((0..LANES).all(|lane| if stands {
                    own.lane(lane).to_bits() == all.lane(lane).to_bits()
                } else {
                    own.lane(lane).is_nan()
                }));
            }
            for (lane, single) in all[start..start + LANES].iter().enumerate() {
                assert!(
                    lanes.correlation.iter().zip(single).all(|(l, s)| l.lane(lane).to_bits() == s.to_bits())
                );
            }
        }
    }
    // Rows of weights agree too.
    let batch = multiplied(&kernel, &rows, true);
    for (at, row) in rows.iter().enumerate() {
        let fast = one(&kernel, &batch, at).unwrap();
        let truth = gathered(sample, row);
        assert!(fast.correlation.iter().zip(&truth.correlation).all(|(a, b)| (a - b).abs() < tolerance));
    }
}

fn likert(common: f64, own: f64) -> f64 {
    ((common + own) * 3.5).floor().min(6.0) + 1.0
}

#[test]
fn moments_equal_the_definition() {
    check(&sample(120, 6, 1, likert, 0.0), 1e-13);
    check(&sample(121, 6, 2, likert, 0.1), 1e-13);
    check(&sample(2_503, 5, 3, likert, 0.02), 1e-12);
    check(&sample(90, 6, 4, |a, b| a + b, 0.0), 1e-12);
    check(&sample(91, 6, 5, |a, b| a + b, 0.15), 1e-12);
    // Means of a million, standard deviations of one: a deviation from the mean is exact (both are multiples of 2⁻³³ and
    // close together), so that no digit is lost.
    check(&sample(90, 6, 6, |a, b| 1e6 + 2.5 * (a + b), 0.0), 1e-12);
    check(&sample(90, 6, 7, |a, b| 1e6 + 2.5 * (a + b), 0.2), 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whole numbers, real numbers, and means of a million with standard deviations of one; complete or with holes.
    #[test]
    fn moments_of_any_answers_equal_the_definition(
        seed in 1_u64..10_000,
        cases in 60_usize..200,
        items in 2_usize..7,
        missing in prop_oneof![Just(0.0), 0.01..0.2_f64],
        kind in 0_usize..3,
    ) {
        let answer = |a: f64, b: f64| match kind {
            0 => likert(a, b),
            1 => a + b,
            _ => 1e6 + 2.5 * (a + b),
        };
        check(&sample(cases, items, seed, answer, missing), 1e-12);
    }
}

/// Rows that lack a case or two, by downdating, against the same rows multiplied out.
fn check_less(sample: &Sample, tolerance: f64) {
    let kernel = Kernel::new(sample);
    let cases = kernel.cases();
    let base: Vec<f64> = (0..cases).map(|i| [1.0, 2.0, 1.5][i % 3]).collect();
    let start = kernel.start(&base);
    let rows = 21;
    let (mut less, mut plain) = (Batch::default(), Batch::default());
    kernel.open_less(&mut less, rows);
    kernel.open(&mut plain, rows, true);
    for at in 0..rows {
        let lost = [(at, base[at]), ((at * 7 + 5) % cases, 0.5)];
        kernel.enter_less(&mut less, at, &start, |lose| lost.iter().for_each(|&(case, w)| lose(case, w)));
        let mut row = base.clone();
        for (case, w) in lost {
            row[case] -= w;
        }
        kernel.enter_weights(&mut plain, at, &row);
    }
    kernel.sums(&mut plain);
    for at in 0..rows {
        let (less, plain) = (one(&kernel, &less, at).unwrap(), one(&kernel, &plain, at).unwrap());
        let pairs = less.correlation.iter().zip(&plain.correlation).chain(less.sd.iter().zip(&plain.sd));
        pairs.for_each(|(a, b)| assert!((a - b).abs() < tolerance * b.abs().max(1.0), "{a} {b}"));
    }
}

#[test]
fn leaving_cases_out_by_downdating_equals_leaving_them_out() {
    check_less(&sample(60, 4, 31, likert, 0.0), 1e-14);
    check_less(&sample(61, 4, 32, likert, 0.2), 1e-13);
    check_less(&sample(600, 4, 33, |a, b| a + b, 0.0), 1e-12);
    check_less(&sample(599, 4, 34, |a, b| 1e6 + a + b, 0.1), 1e-12);
}

#[test]
fn large_whole_numbers_are_exact_too() {
    let data = sample(200, 3, 11, |a, b| ((a + b) * 5_000.0).floor(), 0.0);
    let kernel = Kernel::new(&data);
    assert_eq!(kernel.way, Way::Double);
    let rows = counts(200, 2, 3);
    let batch = multiplied(&kernel, &rows, false);
    let sum: f64 = kernel.encoded[0]
        .iter()
        .zip(&kernel.encoded[1])
        .zip(&rows[1])
        .map(|((x, y), w)| x * y * f64::from(*w))
        .sum();
    let column = kernel.columns.iter().position(|c| *c == (1, Some(0))).unwrap();
    assert_eq!(batch.real[column * batch.panel + 1], sum);
}

#[test]
fn whole_numbers_are_summed_exactly_in_any_order() {
    let forwards = sample(300, 4, 8, likert, 0.0);
    let mut backwards = forwards.clone();
    for column in &mut backwards.columns {
        column.reverse();
    }
    let rows = counts(300, 1, 5);
    let reversed: Vec<u16> = rows[0].iter().rev().copied().collect();
    let (a, b) = (Kernel::new(&forwards), Kernel::new(&backwards));
    assert!(a.is_exact());
    let (a, b) = (multiplied(&a, &rows, false), multiplied(&b, &[reversed], false));
    assert_eq!((a.whole, a.real), (b.whole, b.real));
}

#[test]
fn counts_too_large_for_bytes_are_refused() {
    let data = sample(300, 3, 8, likert, 0.0);
    let kernel = Kernel::new(&data);
    let mut batch = Batch::default();
    kernel.open(&mut batch, 1, false);
    let mut row = vec![0; 300];
    row[7] = 255;
    assert!(kernel.enter_counts(&mut batch, 0, &row));
    row[7] = 256;
    assert!(!kernel.enter_counts(&mut batch, 0, &row));
    for (times, fits) in [(255, true), (256, false), (600, false)] {
        kernel.open(&mut batch, 1, false);
        assert_eq!(kernel.enter_drawn(&mut batch, 0, |tally| (0..times).for_each(|_| tally.add(7))), fits);
    }
}

#[test]
fn cases_entered_one_by_one_are_the_row_of_their_counts() {
    let kernel = Kernel::new(&sample(203, 4, 8, likert, 0.1));
    let rows = counts(203, 70, 4);
    let expected = multiplied(&kernel, &rows, false);
    let mut batch = Batch::default();
    kernel.open(&mut batch, rows.len(), false);
    for (at, row) in rows.iter().enumerate() {
        assert!(kernel.enter_drawn(&mut batch, at, |tally| {
            for (case, times) in row.iter().enumerate() {
                (0..*times).for_each(|_| tally.add(case));
            }
        }));
    }
    kernel.sums(&mut batch);
    assert_eq!((&batch.whole, batch.most), (&expected.whole, expected.most));
    for (at, _) in rows.iter().enumerate() {
        let (one, other) = (one(&kernel, &batch, at).unwrap(), one(&kernel, &expected, at).unwrap());
        assert_eq!(one.correlation, other.correlation);
    }
}

#[test]
fn sums_that_could_overflow_are_refused_however_cases_come_to_count_more_than_once() {
    // Clusters of unequal size and given indices make counts that add up to more than the cases.
    let data = sample(71_000, 1, 21, |a, _| if a < 0.5 { 0.0 } else { 22.0 }, 0.0);
    let kernel = Kernel::new(&data);
    let mut batch = Batch::default();
    kernel.open(&mut batch, 1, false);
    if matches!(kernel.way, Way::Bytes(_)) {
        assert_eq!(kernel.largest, 121.0);
        // 71,000 · 255 · 121 is more than 2³¹.
        assert!(!kernel.enter_counts(&mut batch, 0, &vec![255; 71_000]));
        let mut row = vec![255; 71_000];
        row[69_000..].fill(0);
        assert!(kernel.enter_counts(&mut batch, 0, &row));
        kernel.sums(&mut batch);
        let square = |(x, w): (&f64, &u16)| x * x * f64::from(*w);
        let exact: f64 = kernel.encoded[0].iter().zip(&row).map(square).sum();
        assert_eq!(f64::from(batch.whole[PANEL]), exact);
    }
    // The same for what single precision holds exactly, 2²⁴.
    let mut kernel = Kernel::new(&sample(200, 1, 22, |a, _| (a * 500.0).floor(), 0.0));
    kernel.take(Way::Single);
    kernel.open(&mut batch, 1, false);
    assert!(200.0 * kernel.largest < 16_777_216.0 && 400.0 * kernel.largest > 16_777_216.0);
    assert!(kernel.enter_counts(&mut batch, 0, &[1; 200]));
    assert!(!kernel.enter_counts(&mut batch, 0, &[2; 200]));
}

#[test]
fn a_batch_forgets_the_kernel_before() {
    let answer = |common: f64, own: f64| (1.0 + 6.0 * (common + own) / 2.0).round();
    let mut batch = Batch::default();
    let rows = counts(40, 20, 7);
    // Missing everywhere, nowhere, in one item, at more places again.
    for (seed, missing, but) in [(1, 0.2, 9), (2, 0.0, 9), (3, 0.2, 1), (4, 0.1, 9)] {
        let mut sample = sample(40, 5, seed, answer, missing);
        for column in sample.columns.iter_mut().skip(but) {
            column.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = 4.0);
        }
        let kernel = Kernel::new(&sample);
        kernel.open(&mut batch, rows.len(), false);
        for (at, row) in rows.iter().enumerate() {
            assert!(kernel.enter_counts(&mut batch, at, row));
        }
        kernel.sums(&mut batch);
        for (at, row) in rows.iter().enumerate() {
            let found = one(&kernel, &batch, at).unwrap();
            let truth = gathered(&sample, row);
            let pairs = found.correlation.iter().zip(&truth.correlation);
            assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-12), "{seed} {at}");
        }
    }
}

#[test]
fn a_resample_without_variance_or_answers_is_named() {
    let mut data = sample(20, 3, 9, likert, 0.0);
    data.columns[1][0] = 3.0;
    data.columns[1][1] = 3.0;
    let kernel = Kernel::new(&data);
    let mut row = vec![0; 20];
    row[0] = 10;
    row[1] = 10;
    let rows = [row];
    let constant = (0..3).find(|&j| data.columns[j][0] == data.columns[j][1]);
    let found = one(&kernel, &multiplied(&kernel, &rows, false), 0).err();
    assert_eq!(found, constant.map(|j| Some(NoMoments::Constant(j))));
    // Weights are not known to be whole: the definition decides.
    assert_eq!(one(&kernel, &multiplied(&kernel, &rows, true), 0).err(), Some(None));
    let mut out = Resampled::new(3);
    assert_eq!(kernel.naive(&weights(&rows[0]), &mut out).err(), constant.map(NoMoments::Constant));
    data.columns[2][0] = f64::NAN;
    data.columns[2][1] = f64::NAN;
    let kernel = Kernel::new(&data);
    let found = one(&kernel, &multiplied(&kernel, &rows, false), 0).err();
    assert_eq!(found, Some(Some(NoMoments::Unanswered(2))));
}

#[test]
fn an_item_that_hardly_varies_is_left_to_the_definition() {
    // One outlier makes all of the item's variance, and the resample does not draw it.
    let mut data = sample(60, 2, 12, |a, b| a + b, 0.0);
    data.columns[0][5] = 1e7;
    let kernel = Kernel::new(&data);
    let mut row = vec![1; 60];
    row[5] = 0;
    row[6] = 2;
    assert_eq!(one(&kernel, &multiplied(&kernel, std::slice::from_ref(&row), false), 0).err(), Some(None));
    let mut out = Resampled::new(2);
    kernel.naive(&weights(&row), &mut out).unwrap();
    assert!((out.correlation[1] - gathered(&data, &row).correlation[1]).abs() < 1e-9);
}
