//! About the program itself, and the UI's own state.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::OpClass;

#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    pub version: String,
    pub host: HostKind,
    pub platform: String,
    pub capabilities: Capabilities,
    pub data_dir: String,
    /// What went wrong at the start and was got over; sentences.
    pub notices: Vec<String>,
    pub operations: Vec<OperationInfo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HostKind {
    Tauri,
    Http,
}

/// What this host can do beyond a browser page.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct Capabilities {
    pub dialogs: bool,
    pub windows: bool,
    pub tray: bool,
    pub notify: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OperationInfo {
    pub name: String,
    pub class: OpClass,
    pub shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Shape {
    Call,
    Job,
    Feed,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct StateKey {
    pub key: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct StateValue {
    pub value: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct StatePut {
    pub key: String,
    pub value: String,
}

/// A policy violation or uncaught error that the page saw.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct PageProblem {
    pub detail: String,
}

/// A text for a file. The page says its name; where it goes is not the page's to say.
#[derive(Clone, Deserialize, TS)]
pub struct SaveFile {
    pub name: String,
    pub text: String,
    /// The text is Base64, of a file that is no text.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub base64: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct FileSaved {
    pub path: String,
}

/// One of the program's own files or folders.
#[derive(Clone, Debug, Serialize, TS)]
pub struct FilePlace {
    pub what: String,
    pub path: String,
    pub bytes: u64,
}

/// A report for whoever helps, to be read before it leaves the machine.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SupportReport {
    pub text: String,
}
