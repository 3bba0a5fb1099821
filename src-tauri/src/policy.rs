//! Who may change what. A connection that is read-only, or tagged production and not unlocked, takes no Write
//! and no Destructive operation. Every mutating function wants a [`Permit`], and only this file makes them.
//!
//! Invariant: a permit names its connection, operation and targets, ends after 60 s, and is used once.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::dto::{AppError, ClusterId, Env, ErrorCode, OpClass};
use crate::error::AppResult;

/// How long a permit is good for.
pub const PERMIT_LIFE: Duration = Duration::from_secs(60);

/// What the policy looks at.
#[derive(Clone, Debug)]
pub struct ConnectionFacts {
    pub id: ClusterId,
    pub name: String,
    pub environment: Env,
    pub read_only: bool,
}

mod sealed {
    pub trait Class {
        const CLASS: crate::dto::OpClass;
    }
}

/// A permit for operations that add or change.
#[derive(Debug)]
pub enum Write {}
/// A permit for operations that lose data.
#[derive(Debug)]
pub enum Destructive {}

impl sealed::Class for Write {
    const CLASS: OpClass = OpClass::Write;
}
impl sealed::Class for Destructive {
    const CLASS: OpClass = OpClass::Destructive;
}

/// The right to run one mutating function once. Not `Clone`; moved into the call.
#[derive(Debug)]
#[must_use = "a permit that is not spent allowed nothing"]
pub struct Permit<C> {
    connection: ClusterId,
    operation: &'static str,
    targets: [u8; 32],
    minted: Instant,
    class: PhantomData<C>,
}

impl ConnectionFacts {
    /// Errors: `read_only` when this connection takes no operation of that class.
    pub fn admit(&self, class: OpClass, operation: &str) -> AppResult<()> {
        match class {
            OpClass::Read | OpClass::Local => Ok(()),
            OpClass::Write | OpClass::Destructive => self.refuse_if_locked(operation),
        }
    }

    /// Mints a permit for `operation` on exactly `targets`.
    /// Errors: `read_only`, as [`ConnectionFacts::admit`].
    pub fn permit<C: sealed::Class>(
        &self,
        operation: &'static str,
        targets: &[String],
    ) -> AppResult<Permit<C>> {
        self.admit(C::CLASS, operation)?;
        Ok(Permit {
            connection: self.id,
            operation,
            targets: digest(targets),
            minted: Instant::now(),
            class: PhantomData,
        })
    }

    fn refuse_if_locked(&self, operation: &str) -> AppResult<()> {
        if self.read_only {
            return Err(AppError::new(
                format!("{operation} was not run"),
                format!("The connection “{}” is read-only.", self.name),
            )
            .code(ErrorCode::ReadOnly)
            .at_connection(self.id)
            .remedy("Turn off read-only in the connection's settings, if you may"));
        }
        if self.environment == Env::Prod {
            return Err(AppError::new(
                format!("{operation} was not run"),
                format!("“{}” is tagged production, and production connections are locked.", self.name),
            )
            .code(ErrorCode::ReadOnly)
            .at_connection(self.id)
            .remedy("If this is not production, change the connection's environment in its settings"));
        }
        Ok(())
    }
}

impl<C> Permit<C> {
    /// Uses the permit up, for this connection, operation and set of targets only.
    /// Errors: the permit is for something else, or older than [`PERMIT_LIFE`].
    pub fn spend(self, connection: ClusterId, operation: &str, targets: &[String]) -> AppResult<()> {
        self.spend_at(Instant::now(), connection, operation, targets)
    }

    fn spend_at(
        self,
        now: Instant,
        connection: ClusterId,
        operation: &str,
        targets: &[String],
    ) -> AppResult<()> {
        let matches =
            self.connection == connection && self.operation == operation && self.targets == digest(targets);
        if !matches {
            return Err(AppError::internal(
                format!("{operation} was not run"),
                format!("the permit was for {} on other targets", self.operation),
            ));
        }
        if now.saturating_duration_since(self.minted) > PERMIT_LIFE {
            return Err(AppError::new(
                format!("{operation} was not run"),
                "The permission for it is older than 60 s.",
            )
            .retriable());
        }
        Ok(())
    }
}

fn digest(targets: &[String]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for target in targets {
        hasher.update((target.len() as u64).to_be_bytes());
        hasher.update(target.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(environment: Env, read_only: bool) -> ConnectionFacts {
        ConnectionFacts { id: ClusterId(7), name: "orders".into(), environment, read_only }
    }

    fn targets(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn read_only_mints_no_permit() {
        let refused = facts(Env::Dev, true).permit::<Write>("createTopic", &targets(&["a"]));
        assert_eq!(refused.err().and_then(|error| error.code), Some(ErrorCode::ReadOnly));
    }

    #[test]
    fn production_is_locked_by_default() {
        let refused = facts(Env::Prod, false).permit::<Destructive>("deleteTopic", &targets(&["a"]));
        let error = refused.expect_err("production is locked");
        assert_eq!(error.code, Some(ErrorCode::ReadOnly));
        assert!(!error.remedies.is_empty());
    }

    #[test]
    fn a_permit_is_for_its_connection_operation_and_targets() {
        let mint = || facts(Env::Dev, false).permit::<Write>("createTopic", &targets(&["a"])).expect("open");
        assert!(mint().spend(ClusterId(7), "createTopic", &targets(&["a"])).is_ok());
        assert!(mint().spend(ClusterId(8), "createTopic", &targets(&["a"])).is_err());
        assert!(mint().spend(ClusterId(7), "addPartitions", &targets(&["a"])).is_err());
        assert!(mint().spend(ClusterId(7), "createTopic", &targets(&["a", ""])).is_err());
    }

    #[test]
    fn a_permit_ends_after_a_minute() {
        let permit = facts(Env::Dev, false).permit::<Write>("createTopic", &[]).expect("open");
        let later = Instant::now() + PERMIT_LIFE + Duration::from_secs(1);
        assert!(permit.spend_at(later, ClusterId(7), "createTopic", &[]).is_err());
    }
}
