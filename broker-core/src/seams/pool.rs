//! Where slow disk work runs, so that it does not hold up a broker's thread.

use std::time::Duration;

use tokio::task::JoinHandle;

/// The pool of one broker.
#[derive(Debug, Clone, Copy, Default)]
pub enum Pool {
    /// Threads of the broker's runtime.
    #[default]
    Threads,
    /// The broker's own thread, after a pause: one order of events for one seed.
    Inline(Duration),
}

impl Pool {
    /// Starts `work`; its result comes with the handle. Must be called on a broker's thread.
    pub fn start<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match self {
            Self::Threads => tokio::task::spawn_blocking(work),
            Self::Inline(pause) => tokio::task::spawn_local(async move {
                tokio::time::sleep(pause).await;
                work()
            }),
        }
    }
}
