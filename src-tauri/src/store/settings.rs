//! The program's settings, as one text beside what the UI keeps.

use super::{Store, failed_json};
use crate::dto::AppSettings;
use crate::error::AppResult;

const KEY: &str = "settings";

impl Store {
    /// Errors: the text is none of ours.
    pub fn settings(&self) -> AppResult<Option<AppSettings>> {
        let stored = self.ui_state_get(KEY)?;
        stored.map(|text| serde_json::from_str(&text).map_err(failed_json)).transpose()
    }

    pub fn settings_put(&self, settings: &AppSettings) -> AppResult<()> {
        self.ui_state_put(KEY, &serde_json::to_string(settings).map_err(failed_json)?)
    }
}
