//! Following a run, and ending it.

/// Someone who follows a run and may end it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Is told how many resamples each finished block held.
    pub progress: &'a (dyn Fn(usize) + Sync),
    /// Says whether to stop; what was finished by then is summarised.
    pub stop: &'a (dyn Fn() -> bool + Sync),
}

impl Default for Watch<'_> {
    fn default() -> Self {
        Self { progress: &|_| {}, stop: &|| false }
    }
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}
