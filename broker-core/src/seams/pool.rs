//! Where slow work runs, so that it does not hold up a broker's thread.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// The nice value of those who yield: a tenth of a processor stays theirs when all are busy.
#[cfg(target_os = "linux")]
const YIELDING: i32 = 10;

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

    /// Starts long work that may take what others leave of the processors.
    pub fn start_aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        match self.place {
            // A thread of its own, waited for by one of the runtime's: those do other work next, and a thread may not
            // take itself more of the processors again.
            Place::Threads => self.start(|| {
                let ended = std::thread::scope(|scope| scope.spawn(|| yielding(work)).join());
                ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }),
            Place::Inline(_) => self.start(work),
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

/// Does `work` on this thread, which from now on yields to others. A system that does not do that for single threads is
/// asked for nothing.
fn yielding<T>(work: impl FnOnce() -> T) -> T {
    // To Linux "this process" is the thread that asks.
    #[cfg(target_os = "linux")]
    if let Err(err) = rustix::process::setpriority_process(None, YIELDING) {
        tracing::debug!(%err, "long work runs at the usual priority");
    }
    work()
}
