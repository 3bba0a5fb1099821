//! Calls that may be cancelled by the id their page gave them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Mutex;

use tokio::sync::oneshot;

/// The calls under way that have an id.
#[derive(Debug, Default)]
pub struct Calls {
    under_way: Mutex<HashMap<String, oneshot::Sender<()>>>,
}

impl Calls {
    /// Returns a future that ends when the call is cancelled, and never otherwise.
    pub fn register(&self, id: &str) -> impl Future<Output = ()> + Send + use<> {
        let (sender, receiver) = oneshot::channel();
        self.lock().insert(id.to_owned(), sender);
        async move {
            if receiver.await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    pub fn forget(&self, id: &str) {
        self.lock().remove(id);
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
