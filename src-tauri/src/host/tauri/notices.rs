//! Notifications of the desktop: a cluster went away, or answers again, while the window is not in front.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tauri::{AppHandle, Manager};
use tracing::{info, warn};

use crate::app::App;
use crate::dto::{ClusterId, ClusterState, ClusterSummary};

/// A cluster that comes and goes is spoken of no more often.
const EACH_AT_MOST: Duration = Duration::from_secs(60);

/// Watches the clusters and says what changed.
pub(super) fn begin(handle: &AppHandle, app: &Arc<App>) {
    let (handle, app, mut changed) = (handle.clone(), app.clone(), app.connections.subscribe());
    tauri::async_runtime::spawn(async move {
        let mut news = News::default();
        loop {
            let told = news.take(Instant::now(), &app.connections.summaries());
            let wanted = !told.is_empty() && app.settings.get().notify && !in_front(&handle);
            for words in told.into_iter().filter(|_| wanted) {
                tell(words).await;
            }
            if changed.changed().await.is_err() {
                return;
            }
        }
    });
}

fn in_front(handle: &AppHandle) -> bool {
    handle.get_webview_window("main").is_some_and(|window| window.is_focused().unwrap_or(false))
}

async fn tell(words: String) {
    let shown = tauri::async_runtime::spawn_blocking(move || {
        notify_rust::Notification::new().appname("Headwater").summary("Headwater").body(&words).show()
    });
    match shown.await {
        Ok(Ok(_)) => {}
        // A desktop without notifications has none; the window says the same.
        Ok(Err(error)) => info!(%error, "no notification"),
        Err(error) => warn!(%error, "notification not shown"),
    }
}

/// What was last said of each cluster.
#[derive(Default)]
struct News {
    away: HashMap<ClusterId, bool>,
    told: HashMap<ClusterId, Instant>,
}

impl News {
    /// Returns what is new, in words. A cluster that is seen for the first time is no news.
    fn take(&mut self, now: Instant, clusters: &[ClusterSummary]) -> Vec<String> {
        self.away.retain(|id, _| clusters.iter().any(|one| one.cluster_id == *id));
        let mut words = Vec::new();
        for cluster in clusters {
            let away = match cluster.state {
                ClusterState::Unreachable => true,
                ClusterState::Connected | ClusterState::Stopped => false,
                ClusterState::Starting | ClusterState::Connecting => continue,
            };
            let before = self.away.insert(cluster.cluster_id, away);
            if before.is_none_or(|before| before == away) || cluster.state == ClusterState::Stopped {
                continue;
            }
            let last = self.told.get(&cluster.cluster_id);
            if last.is_some_and(|at| now.duration_since(*at) < EACH_AT_MOST) {
                continue;
            }
            self.told.insert(cluster.cluster_id, now);
            words.push(match (away, cluster.problem.as_deref()) {
                (true, Some(problem)) => format!("{} is unreachable. {problem}", cluster.name),
                (true, None) => format!("{} is unreachable.", cluster.name),
                (false, _) => format!("{} answers again.", cluster.name),
            });
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::{ClusterKind, Env};

    fn cluster(state: ClusterState) -> [ClusterSummary; 1] {
        [ClusterSummary {
            cluster_id: ClusterId(7),
            name: "staging".to_owned(),
            kind: ClusterKind::Remote,
            environment: Env::Staging,
            read_only: false,
            bootstrap: String::new(),
            state,
            since: 0,
            started_at: None,
            problem: (state == ClusterState::Unreachable).then(|| "No broker answers.".to_owned()),
            last_seen: None,
            brokers: None,
            topics: None,
        }]
    }

    #[test]
    fn going_away_and_coming_back_are_news_and_the_first_sight_is_none() {
        let (mut news, begin) = (News::default(), Instant::now());
        let mut at = |seconds, state| news.take(begin + Duration::from_secs(seconds), &cluster(state));
        assert!(at(0, ClusterState::Connecting).is_empty());
        assert!(at(1, ClusterState::Connected).is_empty());
        assert_eq!(at(2, ClusterState::Unreachable), ["staging is unreachable. No broker answers."]);
        assert!(at(3, ClusterState::Unreachable).is_empty());
        assert_eq!(at(70, ClusterState::Connected), ["staging answers again."]);
        assert!(at(71, ClusterState::Unreachable).is_empty(), "no more than once a minute");
        assert!(at(200, ClusterState::Stopped).is_empty(), "who stops it knows");
    }
}
