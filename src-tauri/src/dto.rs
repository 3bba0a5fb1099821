//! What crosses between the app process and its UI: plain data with serde and ts-rs, and nothing else.
//! Rust owns these shapes; `ui/src/ipc/bindings.ts` is generated from them.

pub mod app;
pub mod charts;
pub mod cluster_views;
pub mod clusters;
pub mod diagnosis;
pub mod error;
pub mod groups;
pub mod jobs;
pub mod local;
pub mod plans;
pub mod produce;
pub mod scans;
pub mod settings;
pub mod shared;
pub mod shop;
pub mod snapshots;

pub use app::*;
pub use charts::*;
pub use cluster_views::*;
pub use clusters::*;
pub use diagnosis::*;
pub use error::*;
pub use groups::*;
pub use jobs::*;
pub use local::*;
pub use plans::*;
pub use produce::*;
pub use scans::*;
pub use settings::*;
pub use shared::*;
pub use shop::*;
pub use snapshots::*;
