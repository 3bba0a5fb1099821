//! Kafka's errors in words a person can act on.

use broker_core::protocol::ErrorCode as KafkaCode;
use rdkafka::error::KafkaError;

use super::wire::LinkError;
use crate::dto::{AppError, ErrorCode};

/// Returns what a failed exchange means for someone who wanted `what`.
pub fn explain_link(what: &str, error: &LinkError) -> AppError {
    let base = AppError::new(what, sentence(&error.to_string()));
    match error {
        LinkError::Connect { server, .. }
        | LinkError::Deadline { server }
        | LinkError::Broken { server, .. } => {
            base.code(ErrorCode::Unreachable).at_broker(server.to_string()).retriable()
        }
        LinkError::NoServer => base.code(ErrorCode::Unreachable).retriable(),
        LinkError::Malformed { server, .. } | LinkError::Unsupported { server, .. } => {
            base.at_broker(server.to_string())
        }
        LinkError::UnknownBroker { broker } => base.at_broker(broker.to_string()).retriable(),
    }
}

/// Returns what a code in an answer means; `message` is the broker's own words, if it gave any.
pub fn explain_code(what: &str, code: i16, message: Option<&str>) -> AppError {
    let known = KafkaCode::from_code(code);
    let name = known.map_or("UNKNOWN", KafkaCode::name);
    let why = match message.filter(|message| !message.is_empty()) {
        Some(message) => sentence(message),
        None => known.and_then(words).map_or_else(|| format!("Kafka answered {name}."), str::to_owned),
    };
    let mut error = AppError::new(what, why).kafka(i32::from(code), name);
    if known == Some(KafkaCode::UnknownTopicOrPartition) {
        error = error.code(ErrorCode::NotFound);
    }
    if known.is_some_and(KafkaCode::is_retriable) { error.retriable() } else { error }
}

/// Returns what an error of librdkafka means.
pub fn explain_rdkafka(what: &str, error: &KafkaError) -> AppError {
    let Some(code) = error.rdkafka_error_code() else {
        return AppError::new(what, sentence(&error.to_string()));
    };
    let number = code as i32;
    // Codes from 0 up are Kafka's own; librdkafka's are negative.
    if let Ok(kafka) = i16::try_from(number)
        && kafka > 0
    {
        return explain_code(what, kafka, None);
    }
    use rdkafka::error::RDKafkaErrorCode as Rd;
    #[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum with some 200 variants")]
    let (why, unreachable) = match code {
        Rd::MessageTimedOut => {
            ("The record was not acknowledged in time; it may or may not be written.", false)
        }
        Rd::AllBrokersDown | Rd::BrokerTransportFailure | Rd::Resolve => ("No broker answers.", true),
        Rd::UnknownPartition => ("There is no such partition.", false),
        Rd::UnknownTopic => ("There is no such topic.", false),
        _ => return AppError::new(what, sentence(&code.to_string())).kafka(number, format!("{code:?}")),
    };
    let error = AppError::new(what, why).kafka(number, format!("{code:?}")).retriable();
    if unreachable { error.code(ErrorCode::Unreachable) } else { error }
}

fn words(code: KafkaCode) -> Option<&'static str> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the rest say their Kafka name")]
    Some(match code {
        KafkaCode::TopicAlreadyExists => "A topic of that name exists already.",
        KafkaCode::UnknownTopicOrPartition => "There is no such topic or partition.",
        KafkaCode::InvalidReplicationFactor => "There are not that many brokers.",
        KafkaCode::InvalidTopicException => {
            "A topic name has 1 to 249 letters, digits, dots, dashes or underscores, and is not “.” or “..”."
        }
        KafkaCode::InvalidPartitions => "Kafka refuses that number of partitions.",
        KafkaCode::InvalidConfig => "Kafka refuses one of the settings.",
        KafkaCode::PolicyViolation => "The cluster's own policy refuses it.",
        KafkaCode::InvalidRecord => {
            "The broker refuses the record. A compacted topic takes none without a key."
        }
        KafkaCode::MessageTooLarge => "The record is larger than the topic takes (max.message.bytes).",
        KafkaCode::NotEnoughReplicas | KafkaCode::NotEnoughReplicasAfterAppend => {
            "Fewer replicas are in sync than min.insync.replicas asks for."
        }
        KafkaCode::LeaderNotAvailable | KafkaCode::NotLeaderOrFollower => {
            "The partition has no leader right now."
        }
        KafkaCode::TopicAuthorizationFailed
        | KafkaCode::GroupAuthorizationFailed
        | KafkaCode::ClusterAuthorizationFailed => "This user is not permitted to do it.",
        _ => return None,
    })
}

/// Returns `text` with a capital at its start and a full stop at its end.
pub fn sentence(text: &str) -> String {
    // The number of a system error says nothing that its words do not.
    let text = text.split(" (os error").next().unwrap_or(text).trim().trim_end_matches('.');
    // An address at the start stays as it is written.
    let word = text.split(' ').next().unwrap_or_default();
    if !word.chars().all(char::is_alphabetic) {
        return format!("{text}.");
    }
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", characters.as_str())
}
