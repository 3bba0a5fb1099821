//! Building [`AppError`]s: what failed, why, and what to do about it, in words a person can act on.

use crate::dto::{AppError, ClusterId, ErrorCode, KafkaError, Place, Remedy, RemedyAction};

/// The answer of everything the UI can ask for.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// An error without a code: the UI shows it and branches on nothing.
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        AppError {
            code: None,
            what: what.into(),
            why: why.into(),
            remedies: Vec::new(),
            kafka: None,
            at: Place::default(),
            retriable: false,
            detail: None,
        }
    }

    /// Something named in a request is not there.
    pub fn not_found(what: impl Into<String>, why: impl Into<String>) -> Self {
        AppError::new(what, why).code(ErrorCode::NotFound)
    }

    /// A request that cannot be read; `why` names the bad part.
    pub fn bad_request(op: &str, why: impl std::fmt::Display) -> Self {
        AppError::new(format!("The request for {op} cannot be read"), why.to_string())
    }

    /// Our own fault; `detail` goes to the log and the error block.
    pub fn internal(what: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        let mut error = AppError::new(what, "Something inside Headwater failed.");
        error.detail = Some(detail.to_string());
        error
    }

    pub fn code(mut self, code: ErrorCode) -> Self {
        self.code = Some(code);
        self
    }

    pub fn remedy(mut self, label: impl Into<String>) -> Self {
        self.remedies.push(Remedy { label: label.into(), action: None });
        self
    }

    pub fn remedy_route(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        let action = Some(RemedyAction::Route { href: href.into() });
        self.remedies.push(Remedy { label: label.into(), action });
        self
    }

    pub fn remedy_call(mut self, label: impl Into<String>, op: &str, request: serde_json::Value) -> Self {
        let action = Some(RemedyAction::Call { op: op.to_owned(), request });
        self.remedies.push(Remedy { label: label.into(), action });
        self
    }

    /// Marks the error as worth trying again, with a button for it.
    pub fn retriable(mut self) -> Self {
        self.retriable = true;
        self.remedies.push(Remedy { label: "Try again".to_owned(), action: Some(RemedyAction::Retry) });
        self
    }

    pub fn kafka(mut self, code: i32, name: impl Into<String>) -> Self {
        self.kafka = Some(KafkaError { code, name: name.into() });
        self
    }

    pub fn at_connection(mut self, connection: ClusterId) -> Self {
        self.at.connection = Some(connection);
        self
    }

    pub fn at_broker(mut self, broker: impl Into<String>) -> Self {
        self.at.broker = Some(broker.into());
        self
    }

    pub fn at_topic(mut self, topic: impl Into<String>) -> Self {
        self.at.topic = Some(topic.into());
        self
    }

    pub fn at_partition(mut self, partition: i32) -> Self {
        self.at.partition = Some(partition);
        self
    }

    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl std::error::Error for AppError {}
