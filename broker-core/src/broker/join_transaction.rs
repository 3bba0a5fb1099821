//! Before a producer's first batch of a transaction is appended here, its coordinator must know that the
//! transaction writes here, or no marker would ever end it.
//! Source: Kafka `AddPartitionsToTxnManager.java`, `VerificationGuard.java`; KIP-890.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use super::Broker;
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;
use crate::txn::{Event, Producer};

/// First pause while markers of the transaction before are still on their way; each is twice the last.
const RETRY: Duration = Duration::from_millis(1);
/// Pauses, 127 ms together: about `add.partitions.to.txn.retry.backoff.max.ms`.
const RETRIES: u32 = 7;

/// A partition that a transaction writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The partition.
    pub id: PartitionId,
    /// Its topic's name.
    pub topic: String,
}

/// Says that the partition may be written to as long as no marker has come meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guard {
    id: PartitionId,
    producer: Producer,
    last_marker: Option<i64>,
}

impl Broker {
    /// Makes sure that the transaction knows these partitions. `adds` says that naming them adds them
    /// (`transaction.version` 2); older clients have added them before.
    pub async fn join_transaction(
        self: &Rc<Self>,
        transactional_id: &str,
        producer: Producer,
        partitions: &[Joining],
        adds: bool,
    ) -> Result<Vec<Guard>, ErrorCode> {
        let mut guards = Vec::new();
        let mut named = BTreeSet::new();
        for joining in partitions {
            let (open, last_marker) = self.marks(joining.id, producer);
            if !open {
                named.insert((joining.topic.clone(), joining.id.index));
            }
            guards.push(Guard { id: joining.id, producer, last_marker });
        }
        if named.is_empty() {
            return Ok(guards);
        }
        let mut tries = 0;
        loop {
            let partitions = named.clone();
            let event = if adds {
                Event::Add { producer, partitions }
            } else {
                Event::Verify { producer, partitions }
            };
            match self.transact_anywhere(transactional_id, event).await {
                // Once added, the markers of the transaction before are all written, and this one's carry an epoch
                // that refuses what comes late.
                Ok(_) if adds => return Ok(Vec::new()),
                Ok(_) => return Ok(guards),
                Err(ErrorCode::ConcurrentTransactions) if adds && tries < RETRIES => {
                    tokio::time::sleep(RETRY * 2_u32.pow(tries)).await;
                    tries += 1;
                }
                // The code that producers know of a place where they write.
                Err(ErrorCode::ProducerFenced) => return Err(ErrorCode::InvalidProducerEpoch),
                Err(code) => return Err(code),
            }
        }
    }

    /// Whether what a guard says still holds.
    pub fn holds(&self, guard: &Guard) -> bool {
        let (open, last_marker) = self.marks(guard.id, guard.producer);
        open || last_marker == guard.last_marker
    }

    /// Whether the producer of a newer epoch has written to a partition here, or its transaction was ended by one.
    pub fn is_fenced(&self, id: PartitionId, producer: Producer) -> bool {
        let partitions = self.partitions.borrow();
        let producers = partitions.get(&id).map(|partition| partition.log().producers());
        producers.is_some_and(|producers| producers.check_epoch(producer.id, producer.epoch).is_err())
    }

    /// Whether the producer's transaction is open in a partition, and the offset of its last marker there.
    fn marks(&self, id: PartitionId, producer: Producer) -> (bool, Option<i64>) {
        let partitions = self.partitions.borrow();
        let Some(partition) = partitions.get(&id) else { return (false, None) };
        let producers = partition.log().producers();
        (
            producers.open_transaction(producer.id, producer.epoch).is_some(),
            producers.last_marker(producer.id),
        )
    }
}
