//! Transactions as event-sourced machines, one shard per partition of `__transaction_state`.
//!
//! An event yields at most one record: the whole next state of its transaction. While that is being written the
//! transaction refuses everything else with CONCURRENT_TRANSACTIONS; once committed it goes to [`Shard::apply`],
//! the same function that replays it at start. A transaction that is decided (PrepareCommit, PrepareAbort) is
//! carried out by its host, which writes the markers and then completes it.
//! Source: Kafka `TransactionCoordinator.scala`, `TransactionMetadata.java`; KIP-98, KIP-360, KIP-890.

mod records;
mod rules;
mod shard;
mod transaction;

pub use records::TxnRecord;
pub use rules::{Answer, Decision, Event};
pub use shard::{Shard, TxnConfig};
pub use transaction::{Producer, Transaction, TxnPartition, TxnState};

#[cfg(test)]
mod tests;
