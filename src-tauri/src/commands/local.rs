//! The local cluster.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tracing::warn;

use super::dispatch;
use super::feed::{Feed, Wake};
use super::registry::{Touched, Touches};
use crate::app::App;
use crate::dto::{
    AppError, Empty, LocalBroker, LocalFault, LocalLogLine, LocalOptions, LocalPanel, LocalPreview,
    LocalReset, LocalSetting, LocalStarted, OpClass,
};
use crate::error::AppResult;
use crate::logging::local_log::LOCAL_LOG;
use crate::services::connections::LOCAL_ID;
use crate::services::embedded::{BrokerFault, FAULT, RESET, WHOLE_CLUSTER, resource};

const PANEL_EVERY: Duration = Duration::from_millis(1_000);

/// What must be typed before the local cluster's data is deleted.
const RESET_CONFIRMATION: &str = "Local";

/// The brokers run inside this app, where no other program reaches them.
pub(super) const NO_COMMAND: &str = "";

impl Touches for LocalReset {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec![WHOLE_CLUSTER.to_owned()],
            title: "Reset the local cluster".to_owned(),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

impl Touches for LocalBroker {
    fn touched(&self, _: &App, operation: &str) -> AppResult<Touched> {
        let fault = BrokerFault::ALL.into_iter().find(|fault| fault.operation() == operation);
        let fault = fault.ok_or_else(|| AppError::internal("No such fault", operation))?;
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec![resource(self.broker)],
            title: fault.title(self.broker),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

impl Touches for LocalFault {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(Touched {
            connection: LOCAL_ID,
            resources: vec![self.resource()],
            title: self.title(),
            command: NO_COMMAND.to_owned(),
            journaled: true,
        })
    }
}

pub async fn preview(app: &Arc<App>, request: LocalOptions) -> AppResult<LocalPreview> {
    app.embedded.preview(request.brokers, request.base_port).await
}

pub async fn start(app: &Arc<App>, request: LocalOptions) -> AppResult<LocalStarted> {
    let ran = app.embedded.is_running();
    let started = app.embedded.start(&app.connections, request.clone()).await?;
    if !ran {
        note(app, "local.start", format!("Start the local cluster with {} brokers", started.brokers));
    }
    // The cluster is there in any case; what hinders the shop is said by the shop.
    let opening = app.clone();
    tokio::spawn(async move {
        if request.shop == Some(true) {
            let opened = dispatch::call(&opening, "shop.open", json!({}), None).await;
            if let Err(error) = opened {
                warn!(%error, "sample shop not opened");
            }
        } else {
            opening.shop.reopen(&opening.connections).await;
        }
    });
    Ok(started)
}

pub async fn restart(app: &Arc<App>, request: LocalOptions) -> AppResult<LocalStarted> {
    let (started, before) = app.embedded.restart(&app.connections, request).await?;
    let after = app.store.local_cluster()?;
    let changes = before.zip(after).map(|(before, after)| before.differences(&after)).unwrap_or_default();
    let title = match changes.is_empty() {
        true => "Restart the local cluster".to_owned(),
        false => format!("Restart the local cluster: {}", changes.join(", ")),
    };
    note(app, "local.restart", title);
    let opening = app.clone();
    tokio::spawn(async move { opening.shop.reopen(&opening.connections).await });
    Ok(started)
}

pub async fn panel_feed(app: &Arc<App>, _: Empty) -> AppResult<Feed<LocalPanel>> {
    let reader = app.clone();
    Ok(Feed::new(Wake::Every(PANEL_EVERY), move || {
        let app = reader.clone();
        async move { app.embedded.panel().await }
    }))
}

pub async fn settings(app: &Arc<App>, _: Empty) -> AppResult<Vec<LocalSetting>> {
    app.embedded.settings()
}

pub async fn log_feed(_: &Arc<App>, _: Empty) -> AppResult<Feed<Vec<LocalLogLine>>> {
    Ok(Feed::new(Wake::Changed(LOCAL_LOG.subscribe()), || {
        let lines = LOCAL_LOG.lines();
        async move { Ok(lines) }
    }))
}

pub async fn stop(app: &Arc<App>, _: Empty) -> AppResult<Empty> {
    let ran = app.embedded.is_running();
    app.shop.close().await;
    app.embedded.stop(&app.connections).await?;
    if ran {
        note(app, "local.stop", "Stop the local cluster".to_owned());
    }
    Ok(Empty {})
}

/// Writes to the history what was done to the whole cluster, which is no change to anything in it.
pub(super) fn note(app: &App, operation: &str, title: String) {
    let touched = Touched {
        connection: LOCAL_ID,
        resources: vec![WHOLE_CLUSTER.to_owned()],
        title,
        command: NO_COMMAND.to_owned(),
        journaled: true,
    };
    if let Err(error) = app.store.journal_operation(OpClass::Local, operation, &touched, None) {
        warn!(%error, "journal entry not written");
    }
}

pub async fn reset(app: &Arc<App>, request: LocalReset) -> AppResult<Empty> {
    if request.confirm != RESET_CONFIRMATION {
        return Err(AppError::new("The local cluster was not reset", "What was typed is not “Local”."));
    }
    let permit = app.policy_facts(LOCAL_ID)?.permit(RESET, &[WHOLE_CLUSTER.to_owned()])?;
    app.shop.forget().await?;
    app.embedded.reset(permit, &app.connections).await?;
    Ok(Empty {})
}

pub async fn stop_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    play(app, BrokerFault::Stop, request).await
}

pub async fn start_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    play(app, BrokerFault::Start, request).await
}

pub async fn crash_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    play(app, BrokerFault::Crash, request).await
}

pub async fn pause_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    play(app, BrokerFault::Pause, request).await
}

pub async fn resume_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    play(app, BrokerFault::Resume, request).await
}

pub async fn power_cut_broker(app: &Arc<App>, request: LocalBroker) -> AppResult<Empty> {
    let permit =
        app.policy_facts(LOCAL_ID)?.permit(BrokerFault::PowerCut.operation(), &[resource(request.broker)])?;
    app.embedded.cut_power(permit, request.broker).await?;
    Ok(outdate(app))
}

pub async fn fault(app: &Arc<App>, request: LocalFault) -> AppResult<Empty> {
    let permit = app.policy_facts(LOCAL_ID)?.permit(FAULT, &[request.resource()])?;
    app.embedded.set_condition(permit, request).await?;
    Ok(outdate(app))
}

async fn play(app: &App, fault: BrokerFault, request: LocalBroker) -> AppResult<Empty> {
    let permit = app.policy_facts(LOCAL_ID)?.permit(fault.operation(), &[resource(request.broker)])?;
    app.embedded.play(permit, fault, request.broker).await?;
    Ok(outdate(app))
}

pub(super) fn outdate(app: &App) -> Empty {
    if let Ok(connection) = app.connections.get(LOCAL_ID) {
        connection.outdate();
    }
    Empty {}
}
