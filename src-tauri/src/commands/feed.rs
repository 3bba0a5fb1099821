//! A feed: a value that is read again when it may have changed. The host sends it when it did change,
//! at most ten times a second; each message is the full new value.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use tokio::sync::watch;
use tokio::time::Instant;

use super::registry::unwritten;
use crate::error::AppResult;
use crate::services::settings::Settings;

/// The shortest time between two messages of one feed.
pub const MESSAGE_GAP: Duration = Duration::from_millis(100);

type Reading<T> = Pin<Box<dyn Future<Output = AppResult<T>> + Send>>;

/// A value as JSON: written once, however large it is, then compared and sent as it stands.
#[derive(Clone, Debug)]
pub struct Written(Arc<RawValue>);

impl Written {
    fn new<T: Serialize>(value: &T) -> AppResult<Written> {
        Ok(Written(Arc::from(to_raw_value(value).map_err(unwritten)?)))
    }

    /// Returns it as a tree.
    #[cfg(test)]
    pub fn tree(&self) -> serde_json::Value {
        serde_json::from_str(self.0.get()).expect("it was written as JSON")
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Written) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// When a feed is read again.
pub enum Wake {
    Every(Duration),
    /// As often as a cluster is asked for its numbers.
    Look(Arc<Settings>),
    /// On each change, and when the sender is gone the feed ends.
    Changed(watch::Receiver<u64>),
}

/// A typed feed, as a command answers it.
pub struct Feed<T> {
    wake: Wake,
    read: Box<dyn Fn() -> Reading<T> + Send + Sync>,
}

impl<T: Serialize + Send + 'static> Feed<T> {
    pub fn new<F, Fut>(wake: Wake, read: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = AppResult<T>> + Send + 'static,
    {
        Feed { wake, read: Box::new(move || Box::pin(read())) }
    }

    pub fn erase(self) -> AnyFeed {
        let read = self.read;
        AnyFeed {
            wake: self.wake,
            read: Box::new(move || {
                let reading = read();
                Box::pin(async move { Written::new(&reading.await?) })
            }),
            last: None,
            revision: 0,
            earliest: Instant::now(),
        }
    }
}

/// A feed as a host drives it.
pub struct AnyFeed {
    wake: Wake,
    read: Box<dyn Fn() -> Reading<Written> + Send + Sync>,
    last: Option<AppResult<Written>>,
    revision: u64,
    earliest: Instant,
}

/// One message of a feed.
#[derive(Debug)]
pub struct FeedMessage {
    pub revision: u64,
    pub value: AppResult<Written>,
}

impl AnyFeed {
    /// Returns the next message; `None` when the thing it is about is gone.
    pub async fn next(&mut self) -> Option<FeedMessage> {
        loop {
            if self.last.is_some() && !self.wait().await {
                return None;
            }
            tokio::time::sleep_until(self.earliest).await;
            if let Wake::Changed(changed) = &mut self.wake {
                changed.borrow_and_update();
            }
            let value = (self.read)().await;
            self.earliest = Instant::now() + MESSAGE_GAP;
            if self.last.as_ref() == Some(&value) {
                continue;
            }
            self.last = Some(value.clone());
            self.revision += 1;
            return Some(FeedMessage { revision: self.revision, value });
        }
    }

    async fn wait(&mut self) -> bool {
        match &mut self.wake {
            Wake::Every(period) => {
                tokio::time::sleep(*period).await;
                true
            }
            Wake::Look(settings) => {
                tokio::time::sleep(settings.look_every()).await;
                true
            }
            Wake::Changed(changed) => changed.changed().await.is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn changes_in_a_row_are_one_message_and_no_change_is_none() {
        let (changed, seen) = watch::channel(0u64);
        let value = Arc::new(AtomicU64::new(1));
        let reader = value.clone();
        let feed = Feed::new(Wake::Changed(seen), move || {
            let now = reader.load(Ordering::SeqCst);
            async move { Ok(now) }
        });
        let mut feed = feed.erase();
        let begun = Instant::now();
        assert_eq!(
            feed.next().await.map(|message| (message.revision, message.value)),
            Some((1, Written::new(&1)))
        );
        for number in 2..=50 {
            value.store(number, Ordering::SeqCst);
            changed.send_modify(|revision| *revision += 1);
        }
        assert_eq!(
            feed.next().await.map(|message| (message.revision, message.value)),
            Some((2, Written::new(&50)))
        );
        assert!(begun.elapsed() >= MESSAGE_GAP);
        changed.send_modify(|revision| *revision += 1);
        drop(changed);
        assert!(feed.next().await.is_none(), "the same value is not sent again, and the feed ends");
    }
}
