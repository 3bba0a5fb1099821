//! About the program, and what the UI keeps here.

use std::sync::Arc;

use tracing::warn;

use super::OPERATIONS;
use crate::app::App;
use crate::dto::{
    AppInfo, AppSettings, Capabilities, Empty, HostKind, OperationInfo, PageProblem, StateKey, StatePut,
    StateValue,
};
use crate::error::AppResult;

/// A page's report is cut to this many characters in the log.
const PROBLEM_CHARS_MAX: usize = 500;

pub async fn info(app: &Arc<App>, _: Empty) -> AppResult<AppInfo> {
    let operations = OPERATIONS.iter().map(|operation| OperationInfo {
        name: operation.name.to_owned(),
        class: operation.class,
        shape: operation.shape(),
    });
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: app.host,
        platform: std::env::consts::OS.to_owned(),
        capabilities: Capabilities {
            dialogs: false,
            windows: app.host == HostKind::Tauri,
            tray: app.tray(),
            notify: app.host == HostKind::Tauri,
        },
        data_dir: app.data_dir().display().to_string(),
        notices: app.notices(),
        operations: operations.collect(),
    })
}

pub async fn settings_get(app: &Arc<App>, _: Empty) -> AppResult<AppSettings> {
    Ok(app.settings.get())
}

pub async fn settings_put(app: &Arc<App>, request: AppSettings) -> AppResult<Empty> {
    app.settings.put(request)?;
    Ok(Empty {})
}

pub async fn state_get(app: &Arc<App>, request: StateKey) -> AppResult<StateValue> {
    Ok(StateValue { value: app.store.ui_state_get(&request.key)? })
}

pub async fn state_put(app: &Arc<App>, request: StatePut) -> AppResult<Empty> {
    app.store.ui_state_put(&request.key, &request.value)?;
    Ok(Empty {})
}

pub async fn page_problem(_: &Arc<App>, request: PageProblem) -> AppResult<Empty> {
    let visible = |character: char| if character.is_control() { ' ' } else { character };
    let detail: String = request.detail.chars().take(PROBLEM_CHARS_MAX).map(visible).collect();
    warn!(detail, "the page reports a problem");
    Ok(Empty {})
}
