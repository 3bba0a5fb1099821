//! The newest log lines of the local cluster, for the screen that shows them as they come.

use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::{LazyLock, Mutex, MutexGuard};

use tokio::sync::watch;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::clock::now_ms;
use crate::dto::{LocalLogLevel, LocalLogLine};

const LINES_MAX: usize = 1_000;
const LINE_CHARS_MAX: usize = 1_000;
/// Who speaks of the local cluster.
const SPEAKERS: [&str; 3] = ["broker_core", "headwater::services::embedded", "headwater::services::shop"];

/// The lines. There is one log in a process, as there is one subscriber.
pub static LOCAL_LOG: LazyLock<LocalLog> = LazyLock::new(LocalLog::default);

/// See the module.
#[derive(Debug)]
pub struct LocalLog {
    lines: Mutex<VecDeque<LocalLogLine>>,
    changed: watch::Sender<u64>,
}

impl Default for LocalLog {
    fn default() -> Self {
        LocalLog { lines: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

impl LocalLog {
    /// Returns the lines, the oldest first.
    pub fn lines(&self) -> Vec<LocalLogLine> {
        self.lock().iter().cloned().collect()
    }

    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn add(&self, mut line: LocalLogLine) {
        let mut lines = self.lock();
        line.number = lines.back().map_or(1, |last| last.number + 1);
        while lines.len() >= LINES_MAX {
            lines.pop_front();
        }
        lines.push_back(line);
        drop(lines);
        self.changed.send_modify(|revision| *revision += 1);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<LocalLogLine>> {
        self.lines.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Picks the lines of the local cluster out of everything that is logged.
pub struct LocalLogLayer;

impl<S: Subscriber> Layer<S> for LocalLogLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target();
        if !SPEAKERS.iter().any(|speaker| target.starts_with(speaker)) {
            return;
        }
        let level = match *event.metadata().level() {
            Level::ERROR => LocalLogLevel::Error,
            Level::WARN => LocalLogLevel::Warn,
            Level::INFO => LocalLogLevel::Info,
            Level::DEBUG | Level::TRACE => return,
        };
        let mut words = Words::default();
        event.record(&mut words);
        let text = format!("{}{}", words.message, words.fields).chars().take(LINE_CHARS_MAX).collect();
        LOCAL_LOG.add(LocalLogLine { number: 0, at: now_ms(), level, broker: words.broker, text });
    }
}

/// An event as one line: its message, then its fields; the broker stands apart.
#[derive(Default)]
struct Words {
    message: String,
    fields: String,
    broker: Option<i32>,
}

impl Visit for Words {
    fn record_i64(&mut self, field: &Field, value: i64) {
        match field.name() {
            "broker" => self.broker = i32::try_from(value).ok(),
            _ => self.record_debug(field, &value),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            name => drop(write!(self.fields, ", {name} {value}")),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        // Writing to a String cannot fail.
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => drop(write!(self.fields, ", {name} {value:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn lines_of_the_local_cluster_are_kept_with_their_broker_and_others_are_not() {
        let subscriber = tracing_subscriber::registry().with(LocalLogLayer);
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "broker_core::cluster", broker = 2, path = %"a", "canary: not handed over");
            tracing::warn!(target: "headwater::kafka", "canary: somebody else's");
            tracing::debug!(target: "broker_core::cluster", "canary: too quiet");
        });
        let lines = LOCAL_LOG.lines().into_iter().filter(|line| line.text.starts_with("canary"));
        let seen: Vec<_> = lines.map(|line| (line.level, line.broker, line.text)).collect();
        assert_eq!(seen, [(LocalLogLevel::Warn, Some(2), "canary: not handed over, path a".to_owned())]);
    }
}
