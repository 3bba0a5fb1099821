//! Calls that may be cancelled by the id their page gave them.

use std::collections::HashMap;
use std::sync::Mutex;

use tokio::sync::oneshot;

/// The calls under way that have an id.
#[derive(Debug, Default)]
pub struct Calls {
    under_way: Mutex<HashMap<String, oneshot::Sender<()>>>,
}

/// A call that may be cancelled.
#[derive(Debug)]
pub struct UnderWay<'a> {
    calls: &'a Calls,
    id: &'a str,
    cancelled: oneshot::Receiver<()>,
}

impl UnderWay<'_> {
    /// Returns when it is cancelled, and never otherwise.
    pub async fn cancelled(&mut self) {
        if (&mut self.cancelled).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.calls.lock().remove(self.id);
    }
}

impl Calls {
    /// Returns the call, known by this id as long as what is returned lives: a page may go without a word.
    pub fn register<'a>(&'a self, id: &'a str) -> UnderWay<'a> {
        let (sender, cancelled) = oneshot::channel();
        self.lock().insert(id.to_owned(), sender);
        UnderWay { calls: self, id, cancelled }
    }

    /// Cancels a call; one that ended already is no error.
    pub fn cancel(&self, id: &str) {
        if let Some(sender) = self.lock().remove(id) {
            let _ = sender.send(());
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<()>>> {
        self.under_way.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
