//! Changes that only the controller may make, asked for and waited for on behalf of a client.

use std::rc::Rc;
use std::time::Duration;

use super::Broker;
use super::messages::{Change, Changed, MorePartitions, Outcome, PeerMessage, Quorum, ask};
use crate::controller::{
    ConfigChange, CreatedTopic, Election, FeatureUpdate, IsrChange, NewTopic, PRODUCER_ID_BLOCK,
    Reassignment, TopicError,
};
use crate::partition::PartitionId;
use crate::protocol::{ErrorCode, Uuid};
use crate::seams::CONTROLLER;

/// Pause before the controller is asked again after it gave no answer.
const ISR_RETRY: Duration = Duration::from_millis(100);

impl Broker {
    pub(super) async fn change(&self, change: Change) -> Result<Changed, ErrorCode> {
        let question = |reply| PeerMessage::Change(change, reply);
        let changed = ask(&self.setup.network, self.setup.id, CONTROLLER, question).await;
        changed.map_err(|_| ErrorCode::BrokerNotAvailable)
    }

    /// The same, answered once this broker's own metadata shows the change.
    async fn change_and_show(&self, change: Change) -> Result<Outcome, ErrorCode> {
        let Changed { offset, outcome } = self.change(change).await?;
        self.metadata_reaches(offset).await;
        Ok(outcome)
    }

    /// Creates topics, each with its own outcome.
    pub async fn create_topics(
        &self,
        topics: Vec<NewTopic>,
        validate_only: bool,
    ) -> Result<Vec<Result<CreatedTopic, TopicError>>, ErrorCode> {
        match self.change_and_show(Change::CreateTopics(topics, validate_only)).await? {
            Outcome::Created(results) => Ok(results),
            Outcome::Isr(_) | Outcome::Shutdown | Outcome::Done(_) | Outcome::ProducerIds(_) => {
                Err(ErrorCode::UnknownServerError)
            }
        }
    }

    /// Deletes topics by id, each with its own outcome.
    pub async fn delete_topics(&self, topics: Vec<Uuid>) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
        done(self.change_and_show(Change::DeleteTopics(topics)).await?)
    }

    /// Adds partitions, each topic with its own outcome.
    pub async fn create_partitions(
        &self,
        topics: Vec<MorePartitions>,
        validate_only: bool,
    ) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
        done(self.change_and_show(Change::CreatePartitions(topics, validate_only)).await?)
    }

    /// Changes configs, or only checks whether they could be changed; each resource with its own outcome.
    pub async fn alter_configs(
        &self,
        changes: Vec<ConfigChange>,
        validate_only: bool,
    ) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
        done(self.change_and_show(Change::Configs(changes, validate_only)).await?)
    }

    /// Elects leaders, each partition with its own outcome.
    pub async fn elect_leaders(
        &self,
        partitions: Vec<(String, i32)>,
        election: Election,
    ) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
        done(self.change_and_show(Change::Elect(partitions, election)).await?)
    }

    /// Finalizes features at other levels, or only checks whether they could be: all of them or none.
    pub async fn update_features(
        &self,
        updates: Vec<FeatureUpdate>,
        validate_only: bool,
    ) -> Result<Result<(), TopicError>, ErrorCode> {
        let done = done(self.change_and_show(Change::Features(updates, validate_only)).await?)?;
        done.into_iter().next().ok_or(ErrorCode::UnknownServerError)
    }

    /// Begins to move replicas, or calls a move off; each partition with its own outcome.
    pub async fn reassign(
        &self,
        moves: Vec<Reassignment>,
        any_factor: bool,
    ) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
        done(self.change_and_show(Change::Reassign(moves, any_factor)).await?)
    }

    /// How far the metadata log is, and who has read how much of it.
    pub async fn quorum(&self) -> Result<Quorum, ErrorCode> {
        let answer = ask(&self.setup.network, self.setup.id, CONTROLLER, PeerMessage::Quorum).await;
        answer.map_err(|_| ErrorCode::BrokerNotAvailable)
    }

    /// Hands over every leadership before this broker stops.
    pub async fn announce_stop(&self) -> Result<(), ErrorCode> {
        self.stopping.set(true);
        // Its own metadata will not show it: a fenced broker is told nothing more.
        self.change(Change::Shutdown(self.setup.id)).await.map(|_| ())
    }

    /// A producer id that nobody had before.
    pub async fn next_producer_id(&self) -> Result<i64, ErrorCode> {
        if let Some(id) = self.producer_ids.borrow_mut().next() {
            return Ok(id);
        }
        let changed = self.change(Change::ProducerIds(self.setup.id)).await;
        // As Kafka says it: clients ask again.
        match changed.map_err(|_| ErrorCode::CoordinatorLoadInProgress)?.outcome {
            Outcome::ProducerIds(first) => {
                let mut ids = self.producer_ids.borrow_mut();
                *ids = first..first + PRODUCER_ID_BLOCK;
                ids.next().ok_or(ErrorCode::UnknownServerError)
            }
            Outcome::Isr(_) | Outcome::Shutdown | Outcome::Done(_) | Outcome::Created(_) => {
                Err(ErrorCode::UnknownServerError)
            }
        }
    }

    /// Asks the controller for other in-sync replicas; the answer comes with the metadata.
    pub(super) fn ask_isr(self: &Rc<Self>, id: PartitionId, isr: Vec<i32>) {
        let Some(change) = self.partitions.borrow().get(&id).map(|partition| IsrChange {
            broker: self.setup.id,
            topic: id.topic,
            partition: id.index,
            leader_epoch: partition.image().leader_epoch,
            partition_epoch: partition.image().partition_epoch,
            isr,
        }) else {
            return;
        };
        let (broker, partition_epoch) = (Rc::clone(self), change.partition_epoch);
        // Ends with the controller's answer, with newer metadata, or with this broker's runtime.
        tokio::task::spawn_local(async move {
            // No answer says nothing: the change may stand, and who joined must count until that is known.
            let refusal = loop {
                let waits = broker.partitions.borrow().get(&id).is_some_and(|p| p.asks_at(partition_epoch));
                if !waits {
                    return;
                }
                match broker.change(Change::Isr(vec![change.clone()])).await {
                    Ok(Changed { outcome: Outcome::Isr(results), .. }) => {
                        break results.into_iter().find_map(Result::err);
                    }
                    Ok(_) => break None,
                    Err(_) => tokio::time::sleep(ISR_RETRY).await,
                }
            };
            // Accepted, or made before by a question whose answer was lost: the metadata that says so is on its way.
            if matches!(refusal, None | Some(ErrorCode::InvalidUpdateVersion)) {
                return;
            }
            let mut partitions = broker.partitions.borrow_mut();
            let advanced = partitions.get_mut(&id).is_some_and(|led| led.forget_asked(partition_epoch));
            drop(partitions);
            if advanced {
                broker.advanced(id, None);
            }
        });
    }
}

fn done(outcome: Outcome) -> Result<Vec<Result<(), TopicError>>, ErrorCode> {
    match outcome {
        Outcome::Done(results) => Ok(results),
        Outcome::Isr(_) | Outcome::Shutdown | Outcome::Created(_) | Outcome::ProducerIds(_) => {
            Err(ErrorCode::UnknownServerError)
        }
    }
}
