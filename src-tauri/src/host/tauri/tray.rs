//! The tray: how the worst cluster is, and the local one's start and stop. Where the desktop has no tray the window
//! has everything that is here.

use std::sync::Arc;

use serde_json::json;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{App as Shell, AppHandle, Wry};
use tracing::{info, warn};

use crate::app::App;
use crate::commands::dispatch;
use crate::dto::{ClusterKind, ClusterState, ClusterSummary};

const SHOW: &str = "show";
const START: &str = "start";
const STOP: &str = "stop";
const QUIT: &str = "quit";

struct Tray {
    icon: TrayIcon,
    state: MenuItem<Wry>,
    start: MenuItem<Wry>,
    stop: MenuItem<Wry>,
}

/// Puts the icon into the tray and keeps it up to date. Returns whether there is one.
pub(super) fn begin(shell: &Shell, app: &Arc<App>) -> bool {
    // The library behind the icon is looked for when it is first used, and its absence is a panic.
    let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| make(shell, app)));
    let tray = match made {
        Ok(Ok(tray)) => tray,
        Ok(Err(error)) => {
            info!(%error, "no tray icon");
            return false;
        }
        Err(_) => {
            info!("no tray icon: its library is missing");
            return false;
        }
    };
    let (watched, mut changed) = (app.clone(), app.connections.subscribe());
    tauri::async_runtime::spawn(async move {
        loop {
            tell(&tray, &watched.connections.summaries());
            if changed.changed().await.is_err() {
                return;
            }
        }
    });
    true
}

fn make(shell: &Shell, app: &Arc<App>) -> tauri::Result<Tray> {
    let state = MenuItem::with_id(shell, "state", "No cluster", false, None::<&str>)?;
    let start = MenuItem::with_id(shell, START, "Start local cluster", true, None::<&str>)?;
    let stop = MenuItem::with_id(shell, STOP, "Stop local cluster", false, None::<&str>)?;
    let show = MenuItem::with_id(shell, SHOW, "Show Headwater", true, None::<&str>)?;
    let quit = MenuItem::with_id(shell, QUIT, "Quit Headwater", true, None::<&str>)?;
    let line = || PredefinedMenuItem::separator(shell);
    let menu = Menu::with_items(shell, &[&show, &line()?, &state, &start, &stop, &line()?, &quit])?;
    let app = app.clone();
    let mut builder = TrayIconBuilder::with_id("headwater").menu(&menu).tooltip("Headwater");
    if let Some(icon) = shell.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    let icon =
        builder.on_menu_event(move |handle, event| act(handle, &app, event.id().as_ref())).build(shell)?;
    Ok(Tray { icon, state, start, stop })
}

fn act(handle: &AppHandle, app: &Arc<App>, id: &str) {
    let operation = match id {
        SHOW => return super::raise(handle),
        QUIT => return handle.exit(0),
        START => "local.start",
        STOP => "local.stop",
        _ => return,
    };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = dispatch::call(&app, operation, json!({}), None).await {
            warn!(operation, %error, "asked in the tray, not done");
        }
    });
}

fn tell(tray: &Tray, clusters: &[ClusterSummary]) {
    let words = words(clusters);
    let local = clusters.iter().find(|one| one.kind == ClusterKind::Local).map(|one| one.state);
    let stopped = matches!(local, None | Some(ClusterState::Stopped));
    let told = tray
        .state
        .set_text(&words)
        .and_then(|()| tray.start.set_enabled(stopped))
        .and_then(|()| tray.stop.set_enabled(!stopped))
        .and_then(|()| tray.icon.set_tooltip(Some(format!("Headwater: {words}"))));
    if let Err(error) = told {
        warn!(%error, "the tray was not told");
    }
}

/// Returns the worst of all clusters in a few words.
fn words(clusters: &[ClusterSummary]) -> String {
    let named = |state: ClusterState| clusters.iter().filter(move |one| one.state == state);
    let away: Vec<&str> = named(ClusterState::Unreachable).map(|one| one.name.as_str()).collect();
    match away.as_slice() {
        [] => {}
        [one] => return format!("{one} is unreachable"),
        many => return format!("{} clusters are unreachable", many.len()),
    }
    if let Some(troubled) = clusters.iter().find(|one| one.problem.is_some()) {
        return format!("{} has trouble", troubled.name);
    }
    match named(ClusterState::Connected).count() {
        0 if clusters.is_empty() => "No cluster".to_owned(),
        0 => "No cluster is connected".to_owned(),
        1 => "1 cluster is healthy".to_owned(),
        many => format!("{many} clusters are healthy"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::{ClusterId, Env};

    fn cluster(name: &str, state: ClusterState) -> ClusterSummary {
        ClusterSummary {
            cluster_id: ClusterId(1),
            name: name.to_owned(),
            kind: ClusterKind::Remote,
            environment: Env::Dev,
            read_only: false,
            bootstrap: String::new(),
            state,
            since: 0,
            started_at: None,
            problem: None,
            last_seen: None,
            brokers: None,
            topics: None,
        }
    }

    #[test]
    fn the_worst_is_said() {
        let fine = cluster("a", ClusterState::Connected);
        let away = cluster("b", ClusterState::Unreachable);
        let troubled = ClusterSummary { problem: Some("x".into()), ..cluster("c", ClusterState::Connected) };
        assert_eq!(words(&[]), "No cluster");
        assert_eq!(words(&[cluster("a", ClusterState::Stopped)]), "No cluster is connected");
        assert_eq!(words(std::slice::from_ref(&fine)), "1 cluster is healthy");
        assert_eq!(words(&[fine.clone(), troubled.clone()]), "c has trouble");
        assert_eq!(words(&[fine.clone(), troubled, away.clone()]), "b is unreachable");
        assert_eq!(words(&[away.clone(), fine, away]), "2 clusters are unreachable");
    }
}
