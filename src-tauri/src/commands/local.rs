//! The local cluster.

use std::sync::Arc;

use super::registry::{Touched, Touches};
use crate::app::App;
use crate::dto::{AppError, Empty, LocalBroker, LocalOptions, LocalPreview, LocalReset, LocalStarted};
use crate::error::AppResult;
use crate::policy::{Permit, Write};
use crate::services::connections::LOCAL_ID;
use crate::services::embedded::{CRASH_BROKER, RESET, START_BROKER, STOP_BROKER, resource};

/// What must be typed before the local cluster's data is deleted.
const RESET_CONFIRMATION: &str = "Local";

/// The brokers run inside this app, where no other program reaches them.
const NO_COMMAND: &str = "";

impl Touches for LocalReset {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec!["cluster Local".to_owned()],
            title: "Reset the local cluster".to_owned(),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

impl Touches for LocalBroker {
    fn touched(&self, _: &App, operation: &str) -> AppResult<Touched> {
        let verb = match operation {
            STOP_BROKER => "Stop",
            START_BROKER => "Start",
            _ => "Crash",
        };
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec![resource(self.broker)],
            title: format!("{verb} broker {}", self.broker),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

pub async fn preview(app: &Arc<App>, request: LocalOptions) -> AppResult<LocalPreview> {
    app.embedded.preview(request.brokers, request.base_port).await
}

pub async fn start(app: &Arc<App>, request: LocalOptions) -> AppResult<LocalStarted> {
    app.embedded.start(&app.connections, request.brokers, request.base_port).await
}

pub async fn stop(app: &Arc<App>, _: Empty) -> AppResult<Empty> {
    app.embedded.stop(&app.connections).await?;
    Ok(Empty {})
}

pub async fn reset(app: &Arc<App>, request: LocalReset) -> AppResult<Empty> {
    if request.confirm != RESET_CONFIRMATION {
        return Err(AppError::new("The local cluster was not reset", "What was typed is not “Local”."));
    }
    let permit = app.policy_facts(LOCAL_ID)?.permit(RESET, &["cluster Local".to_owned()])?;
    app.embedded.reset(permit, &app.connections).await?;
    Ok(Empty {})
}

pub async fn stop_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    app.embedded.stop_broker(permit(app, STOP_BROKER, &request)?, request.broker).await?;
    Ok(outdate(app))
}

pub async fn start_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    app.embedded.start_broker(permit(app, START_BROKER, &request)?, request.broker).await?;
    Ok(outdate(app))
}

pub async fn crash_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    app.embedded.crash_broker(permit(app, CRASH_BROKER, &request)?, request.broker).await?;
    Ok(outdate(app))
}

fn permit(app: &App, operation: &'static str, request: &LocalBroker) -> AppResult<Permit<Write>> {
    app.policy_facts(LOCAL_ID)?.permit(operation, &[resource(request.broker)])
}

fn outdate(app: &App) -> Empty {
    if let Ok(connection) = app.connections.get(LOCAL_ID) {
        connection.outdate();
    }
    Empty {}
}
