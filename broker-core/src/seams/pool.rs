//! Where slow work runs, so that it does not hold up a broker's thread.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// The pool of the brokers of one cluster.
#[derive(Debug, Clone)]
pub struct Pool {
    place: Place,
    large: Arc<Semaphore>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Threads,
    Inline(Duration),
}

impl Pool {
    /// Threads of the runtime that asks.
    pub fn threads() -> Self {
        Self { place: Place::Threads, large: Arc::new(Semaphore::new(1)) }
    }

    /// The thread that asks, after a pause: one order of events for one seed.
    pub fn inline(pause: Duration) -> Self {
        Self { place: Place::Inline(pause), large: Arc::new(Semaphore::new(1)) }
    }

    /// Starts `work`; its result comes with the handle. Must be called on a broker's thread.
    pub fn start<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match self.place {
            Place::Threads => tokio::task::spawn_blocking(work),
            Place::Inline(pause) => tokio::task::spawn_local(async move {
                tokio::time::sleep(pause).await;
                work()
            }),
        }
    }

    /// The result of work that takes much memory: of all who share this pool, one at a time runs such work, in the
    /// order in which they asked. `None` if it panicked. It runs to its end even if nobody waits for it any more.
    pub async fn run_large<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let turn = Arc::clone(&self.large).acquire_owned().await.ok()?;
        let result = self.start(move || {
            let _turn = turn;
            work()
        });
        result.await.ok()
    }
}
