//! Long work: in a thread of its own, without the interpreter's lock; Ctrl-C ends it, progress is told now and then.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// How often signals and progress are looked at.
const BEAT: Duration = Duration::from_millis(50);

/// Told by the work how far it is, tells the work to stop.
#[derive(Debug, Default)]
pub struct Ticker {
    done: AtomicUsize,
    stop: AtomicBool,
}

/// What the work unwinds with when it is told to stop.
struct Stopped;

impl Ticker {
    /// So many steps more are done. Unwinds out of the work if it should stop: the library's loops have no other door.
    pub fn tick(&self, steps: usize) {
        self.done.fetch_add(steps, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            // Unlike `panic!`, this prints nothing.
            resume_unwind(Box::new(Stopped));
        }
    }
}

/// Runs `work`; `progress`, if given, is called with the steps done.
pub fn run<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Ticker) -> T + Send + 'static,
) -> PyResult<T> {
    let ticker = Arc::new(Ticker::default());
    let inner = Arc::clone(&ticker);
    let (sender, receiver) = channel();
    let receiver = Mutex::new(receiver);
    std::thread::Builder::new().name("trustpath".to_owned()).spawn(move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&inner)));
        // Nobody listens any more after Ctrl-C.
        let _ = sender.send(outcome);
    })?;
    let mut told = 0;
    loop {
        let answer = py.detach(|| match receiver.lock() {
            Ok(receiver) => receiver.recv_timeout(BEAT),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        });
        match answer {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("the computation broke off: please report this"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        let done = ticker.done.load(Ordering::Relaxed);
        let heard = py.check_signals().and_then(|()| match progress {
            Some(progress) if done > told => progress.call1((done,)).map(|_| ()),
            _ => Ok(()),
        });
        told = done;
        if let Err(interrupt) = heard {
            ticker.stop.store(true, Ordering::Relaxed);
            return Err(interrupt);
        }
    }
}
