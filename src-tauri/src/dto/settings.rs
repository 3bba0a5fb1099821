//! What a person set for this program as a whole; looks are the UI's own matter.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppSettings {
    /// How often a cluster that is looked at is asked for its numbers, 1 to 5 seconds.
    pub look_every_sec: u32,
    /// How often the others are asked whether they are there, 5 to 300 seconds.
    pub idle_every_sec: u32,
    /// How much of a scan's records stays in memory, 16 to 1,024 MB; the rest lies in files until the scan is closed.
    pub scan_memory_mb: u32,
    /// Say it on the desktop when a cluster goes away and comes back while the window is not in front.
    pub notify: bool,
}
