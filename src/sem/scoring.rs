//! Fisher's scoring: Newton steps with the expected curvature, shortened until `F` falls.

use nalgebra::DMatrix;

use super::Sem;
use super::likelihood::{discrepancy, expected, gradient};
use super::parameters::Layout;
use super::structure::State;

/// Where the search ended.
pub(super) struct Minimum {
    pub(super) free: Vec<f64>,
    pub(super) state: State,
    pub(super) iterations: usize,
    pub(super) converged: bool,
}

/// Searches from `start`; `None` if that implies impossible covariances.
pub(super) fn minimise(
    sem: &Sem,
    layout: &Layout,
    observed: &DMatrix<f64>,
    start: Vec<f64>,
) -> Option<Minimum> {
    let mut free = start;
    let mut state = layout.state(&free)?;
    let mut value = discrepancy(observed, &state);
    // Added to the curvature's diagonal where a step leads nowhere (Levenberg).
    let mut damping = 0.0;
    for iterations in 0..sem.max_iterations {
        let slope = gradient(layout, observed, &state);
        let curvature = expected(layout, &state);
        let scale = curvature.diagonal().max().max(f64::MIN_POSITIVE);
        let damped = DMatrix::from_fn(layout.free, layout.free, |i, j| {
            let own = if i == j { damping * curvature[(i, i)].max(1e-10 * scale) } else { 0.0 };
            curvature[(i, j)] + own
        });
        let Some(cholesky) = damped.cholesky() else {
            damping = next(damping);
            if damping > 1e6 {
                return Some(Minimum { free, state, iterations, converged: false });
            }
            continue;
        };
        let step = -cholesky.solve(&slope);
        // Twice the gain that a quadratic F would bring.
        let decrement = -slope.dot(&step);
        if decrement < sem.tolerance {
            return Some(Minimum { free, state, iterations, converged: true });
        }
        let mut moved = None;
        let mut length = 1.0;
        while length > 1e-6 {
            let there: Vec<f64> = free.iter().zip(step.iter()).map(|(x, d)| x + length * d).collect();
            if let Some(state) = layout.state(&there) {
                let new = discrepancy(observed, &state);
                // Near the minimum F is flat to its last digit: the step counts, not the gain.
                if decrement < 1e-10 || new < value - 1e-4 * length * decrement {
                    moved = Some((there, state, new));
                    break;
                }
            }
            length *= 0.5;
        }
        if let Some((there, reached, new)) = moved {
            (free, state, value) = (there, reached, new);
            damping = if length == 1.0 { damping * 0.1 } else { damping };
            if damping < 1e-8 {
                damping = 0.0;
            }
        } else {
            damping = next(damping);
            if damping > 1e6 {
                return Some(Minimum { free, state, iterations, converged: false });
            }
        }
    }
    Some(Minimum { free, state, iterations: sem.max_iterations, converged: false })
}

fn next(damping: f64) -> f64 {
    if damping == 0.0 { 1e-6 } else { damping * 10.0 }
}
