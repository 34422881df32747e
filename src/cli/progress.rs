//! A progress bar on standard error (share done, rate, time left, memory), and Ctrl-C.
//!
//! The first Ctrl-C ends a resampling after the resamples in hand; what was finished is reported, and the exit code is
//! 130. A second one ends the program at once.

use std::fmt::Write;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use trustpath::table::Language;

use super::console::Console;

/// Below this many steps per redraw the bar costs more than it tells.
const REDRAWS_PER_SECOND: u8 = 10;
/// Exit code of a program that Ctrl-C ended, as shells count it: 128 and the number of the signal.
pub(crate) const INTERRUPTED: u8 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();

/// From now on Ctrl-C asks to stop instead of killing the program.
pub(crate) fn catch_interrupts() {
    HANDLER.call_once(|| {
        // Without a handler Ctrl-C ends the program as it always does.
        let _ = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(INTERRUPTED));
            }
        });
    });
}

/// Whether Ctrl-C was pressed.
pub(crate) fn interrupted() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A bar of this many steps, or one that shows nothing; `memory` is what the recorded values take, in MiB, where it
/// may be much.
pub(crate) fn bar(steps: usize, console: &Console, what: &str, memory: Option<f64>) -> ProgressBar {
    if !console.shows_progress() {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND);
    let rate = |state: &ProgressState, out: &mut dyn Write| {
        // The bar is a courtesy: a rate that cannot be written is left out.
        let _ = write!(out, "{:.0}/s", state.per_sec());
    };
    let language = console.language();
    let left = match language {
        Language::English => "{eta} left",
        Language::Chinese => "剩余 {eta}",
    };
    let template = format!("{{prefix}} {{bar:30}} {{human_pos}}/{{human_len}}  {{rate}}  {left}  {{msg}}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target(Some(steps as u64), target)
        .with_style(style.with_key("rate", rate))
        .with_prefix(language.tell(what).into_owned())
        .with_message(memory.map_or(String::new(), |memory| format!("{:.0} MiB", memory.ceil())));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
