//! Deleting records: the log start offset moves, on every replica that runs, before the answer goes out.
//! Source: Kafka `ReplicaManager.deleteRecords`, `DelayedDeleteRecords.scala`; KIP-107.

use std::rc::Rc;
use std::time::Duration;

use tokio::sync::Notify;

use super::Broker;
use crate::partition::PartitionId;
use crate::protocol::ErrorCode;

/// "Up to the high watermark" as an offset.
const TO_HIGH_WATERMARK: i64 = -1;

impl Broker {
    /// Moves the log start offset of each partition to the offset beside it (−1: its high watermark) and waits
    /// until every replica that runs has followed. Returns the low watermark of each.
    pub async fn delete_records(
        self: &Rc<Self>,
        wanted: &[(PartitionId, i64)],
        timeout: Duration,
    ) -> Vec<Result<i64, ErrorCode>> {
        let begun: Vec<Result<i64, ErrorCode>> =
            wanted.iter().map(|&(id, offset)| self.raise_start(id, offset)).collect();
        let waiter = Rc::new(Notify::new());
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            for &(id, _) in wanted {
                self.wait_on(id, &waiter);
            }
            let late = tokio::time::Instant::now() >= deadline;
            let states: Vec<Option<Result<i64, ErrorCode>>> = begun
                .iter()
                .zip(wanted)
                .map(|(begun, &(id, _))| match begun {
                    Err(code) => Some(Err(*code)),
                    Ok(target) => self.low_watermark(id, *target, late),
                })
                .collect();
            if states.iter().all(Option::is_some) {
                return states.into_iter().flatten().collect();
            }
            let _ = tokio::time::timeout_at(deadline, waiter.notified()).await;
        }
    }

    fn raise_start(self: &Rc<Self>, id: PartitionId, offset: i64) -> Result<i64, ErrorCode> {
        let mut partitions = self.partitions.borrow_mut();
        let Some(partition) = partitions.get_mut(&id) else {
            drop(partitions);
            return Err(self.why_not_leader(id));
        };
        partition.check_leader(-1)?;
        // The cluster's own topics are compacted: what they hold is its state.
        if !partition.log().config().delete {
            return Err(ErrorCode::PolicyViolation);
        }
        let target = if offset == TO_HIGH_WATERMARK { partition.high_watermark() } else { offset };
        if target < 0 || target > partition.high_watermark() {
            return Err(ErrorCode::OffsetOutOfRange);
        }
        let raised = partition.log_mut().raise_start(target);
        let followers = partition.followers();
        drop(partitions);
        if let Err(err) = raised {
            tracing::error!(broker = self.setup.id, partition = id.index, %err, "log start offset not stored");
            return Err(ErrorCode::KafkaStorageError);
        }
        for follower in followers {
            self.peer(follower).offer(id);
        }
        Ok(target)
    }

    /// The low watermark once it has reached `target`; `late` asks for an answer in any case.
    fn low_watermark(&self, id: PartitionId, target: i64, late: bool) -> Option<Result<i64, ErrorCode>> {
        let partitions = self.partitions.borrow();
        let Some(partition) = partitions.get(&id).filter(|partition| partition.is_leader()) else {
            return Some(Err(ErrorCode::NotLeaderOrFollower));
        };
        let low = partition.low_watermark(|broker| self.is_live(broker));
        if low >= target {
            return Some(Ok(low));
        }
        late.then_some(Err(ErrorCode::RequestTimedOut))
    }
}
