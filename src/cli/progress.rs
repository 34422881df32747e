//! A progress bar on standard error: share done, rate, time left.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Below this many steps per redraw the bar costs more than it tells.
const REDRAWS_PER_SECOND: u8 = 10;

/// A bar of this many steps, or one that shows nothing.
pub(crate) fn bar(steps: usize, shown: bool, what: &'static str) -> ProgressBar {
    if !shown {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND);
    let bar = ProgressBar::with_draw_target(Some(steps as u64), target).with_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    match ProgressStyle::with_template("{prefix} {bar:30} {human_pos}/{human_len}  {rate}  {eta} left") {
        Ok(style) => bar.with_style(style.with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            // The bar is a courtesy: a rate that cannot be written is left out.
            let _ = write!(out, "{:.0}/s", state.per_sec());
        })),
        Err(_) => bar,
    }
}
