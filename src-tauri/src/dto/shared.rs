//! Ids that cross as branded decimal strings, and the three wrappers every answer about a cluster uses:
//! [`Seen`] (when, and what is missing), [`Cell`] (a value, or why there is none).

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::{Config, TS};

use super::AppError;

macro_rules! branded {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map($name).map_err(|_| {
                    de::Error::custom(concat!("expected a ", stringify!($name), " as a decimal string"))
                })
            }
        }

        impl TS for $name {
            type WithoutGenerics = Self;
            type OptionInnerType = Self;

            fn name(_: &Config) -> String {
                stringify!($name).to_owned()
            }
            fn inline(_: &Config) -> String {
                concat!("string & { readonly __brand: \"", stringify!($name), "\" }").to_owned()
            }
            fn decl(cfg: &Config) -> String {
                format!("type {} = {};", Self::name(cfg), Self::inline(cfg))
            }
            fn decl_concrete(cfg: &Config) -> String {
                Self::decl(cfg)
            }
            fn output_path() -> Option<PathBuf> {
                Some(PathBuf::from("bindings.ts"))
            }
        }
    )*};
}

branded! {
    /// A position in a partition.
    Offset(i64);
    /// A row of a scan; it never changes while the row is kept.
    RowId(u64);
    /// A scan and its rows.
    ScanId(u64);
    /// A job, from start to result.
    JobId(u64);
    /// A plan that may be applied.
    PlanId(u64);
    /// A connection in this app (not Kafka's cluster id).
    ClusterId(u64);
    /// An applied plan in the journal.
    JournalId(u64);
}

/// What an operation may touch: nothing of anybody's, our own store, or a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OpClass {
    Read,
    Local,
    Write,
    Destructive,
}

/// The request of an operation that needs nothing, and the answer of one that has nothing to say.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct Empty {}

/// A value about a cluster, when it was seen, and what it lacks.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Seen<T> {
    pub value: T,
    /// Milliseconds since the epoch.
    pub as_of: i64,
    pub missing: Vec<Missing>,
}

/// One part of an answer that could not be had, and why.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    pub scope: String,
    pub reason: String,
}

/// One cell: still being asked, known, not to be had here, or failed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum Cell<T> {
    Pending,
    Value { value: T },
    Unavailable { reason: String },
    Failed { error: AppError },
}

impl<T> Cell<T> {
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Cell::Unavailable { reason: reason.into() }
    }

    /// What an ask came to.
    pub fn of(answer: Result<T, AppError>) -> Self {
        answer.map_or_else(|error| Cell::Failed { error }, |value| Cell::Value { value })
    }

    pub fn value(&self) -> Option<&T> {
        match self {
            Cell::Value { value } => Some(value),
            Cell::Pending | Cell::Unavailable { .. } | Cell::Failed { .. } => None,
        }
    }
}

impl<T> From<T> for Cell<T> {
    fn from(value: T) -> Self {
        Cell::Value { value }
    }
}
