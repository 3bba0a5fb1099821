//! Trying to connect, stage by stage, so that a failure says where and why.

use std::sync::Arc;
use std::time::Instant;

use futures_util::future::join_all;
use tokio::sync::Mutex;

use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{
    AdvertisedStage, AppError, ClusterId, DiagnoseRequest, Diagnosis, JobRef, ServerStages, Stage, StageName,
    StageState, Verdict,
};
use crate::error::AppResult;
use crate::kafka::KafkaClient;
use crate::kafka::bootstrap::{self, Server};
use crate::kafka::listing::Listing;
use crate::kafka::probe;
use crate::services::jobs::JobHandle;

/// Servers that are tried; the first ones are enough to know.
const SERVERS_MAX: usize = 8;
const ADVERTISED_MAX: usize = 64;

pub async fn diagnose(app: &Arc<App>, job: JobHandle, request: DiagnoseRequest) -> AppResult<Diagnosis> {
    let mut servers = bootstrap::parse(&request.bootstrap)?;
    servers.truncate(SERVERS_MAX);
    let board = Board::new(job, &servers);
    let tried = servers.iter().enumerate().map(|(at, server)| try_server(&board, at, server));
    let mut failures = Vec::new();
    let mut answering = Vec::new();
    for (server, outcome) in servers.iter().zip(join_all(tried).await) {
        match outcome {
            Ok(release) => {
                board.change(|diagnosis| diagnosis.kafka = Some(release)).await;
                answering.push(server.clone());
            }
            Err(error) => failures.push(error),
        }
    }
    if answering.is_empty() {
        let error = failures.into_iter().next();
        return Ok(board.finish(Verdict::Failed, error).await);
    }
    let listing = match list(&board, &servers, &answering).await {
        Ok(listing) => listing,
        Err(error) => return Ok(board.finish(Verdict::Failed, Some(error)).await),
    };
    let known = listing.kafka_cluster_id.as_deref().and_then(|id| app.connections.leading_to(id));
    board.change(|diagnosis| diagnosis.known = known).await;
    let unreachable = try_advertised(&board, &listing).await;
    let error = advertised_error(&listing, &unreachable);
    let all_away = !listing.brokers.is_empty() && unreachable.len() == listing.brokers.len();
    let verdict = if all_away { Verdict::Failed } else { Verdict::Ok };
    Ok(board.finish(verdict, error).await)
}

pub async fn feed(app: &Arc<App>, request: JobRef) -> AppResult<Feed<Diagnosis>> {
    app.jobs.partial(request.job_id)?;
    let reader = app.clone();
    Ok(Feed::new(Wake::Changed(app.jobs.subscribe()), move || {
        let partial = reader.jobs.partial(request.job_id);
        async move { read_partial(partial?) }
    }))
}

fn read_partial(partial: Option<serde_json::Value>) -> AppResult<Diagnosis> {
    let Some(partial) = partial else {
        return Err(AppError::new("The diagnosis has not begun", "It will in a moment.").retriable());
    };
    serde_json::from_value(partial)
        .map_err(|_| AppError::not_found("This is no diagnosis", "The job is about something else."))
}

/// The diagnosis as it grows; each change is published.
struct Board {
    job: JobHandle,
    diagnosis: Mutex<Diagnosis>,
}

impl Board {
    fn new(job: JobHandle, servers: &[Server]) -> Board {
        let stage = |name| Stage { name, state: StageState::Pending, detail: String::new(), ms: None };
        let names = [StageName::Name, StageName::Tcp, StageName::ApiVersions, StageName::Metadata];
        let servers = servers.iter().map(|server| ServerStages {
            address: server.to_string(),
            stages: names.into_iter().map(stage).collect(),
        });
        let diagnosis = Diagnosis {
            servers: servers.collect(),
            advertised: Vec::new(),
            verdict: Verdict::Running,
            error: None,
            cluster_id: None,
            known: None,
            kafka: None,
        };
        job.publish(&diagnosis);
        Board { job, diagnosis: Mutex::new(diagnosis) }
    }

    async fn change(&self, change: impl FnOnce(&mut Diagnosis)) {
        let mut diagnosis = self.diagnosis.lock().await;
        change(&mut diagnosis);
        self.job.publish(&*diagnosis);
    }

    async fn stage(
        &self,
        server: usize,
        name: StageName,
        state: StageState,
        detail: &str,
        begun: Option<Instant>,
    ) {
        self.change(|diagnosis| {
            let stages = diagnosis.servers.get_mut(server).map(|server| &mut server.stages);
            let stage = stages.and_then(|stages| stages.iter_mut().find(|stage| stage.name == name));
            if let Some(stage) = stage {
                stage.state = state;
                stage.detail = detail.to_owned();
                stage.ms = begun.map(elapsed_ms);
            }
        })
        .await;
    }

    async fn finish(self, verdict: Verdict, error: Option<AppError>) -> Diagnosis {
        let mut diagnosis = self.diagnosis.into_inner();
        for server in &mut diagnosis.servers {
            for stage in server.stages.iter_mut().filter(|stage| stage.state == StageState::Pending) {
                stage.state = StageState::Skipped;
            }
        }
        diagnosis.verdict = verdict;
        diagnosis.error = error;
        diagnosis
    }
}

/// Runs one stage, showing its begin and its end.
async fn stage<T>(
    board: &Board,
    server: usize,
    name: StageName,
    work: impl Future<Output = AppResult<T>>,
    detail: impl FnOnce(&T) -> String,
) -> AppResult<T> {
    let begun = Instant::now();
    board.stage(server, name, StageState::Running, "", None).await;
    let outcome = work.await;
    match &outcome {
        Ok(value) => board.stage(server, name, StageState::Ok, &detail(value), Some(begun)).await,
        Err(error) => board.stage(server, name, StageState::Failed, &error.why, Some(begun)).await,
    }
    outcome
}

/// Returns the release whose protocol the server speaks.
async fn try_server(board: &Board, at: usize, server: &Server) -> AppResult<String> {
    let addresses = stage(board, at, StageName::Name, probe::resolve(server), |found| {
        found.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ")
    })
    .await?;
    let stream = stage(board, at, StageName::Tcp, probe::connect(server, &addresses), |stream| {
        stream.peer_addr().map(|address| format!("Connected to {address}")).unwrap_or_default()
    })
    .await?;
    let asking = probe::ask_versions(server, stream);
    let versions = stage(board, at, StageName::ApiVersions, asking, probe::release_name).await?;
    Ok(probe::release_name(&versions))
}

async fn list(board: &Board, servers: &[Server], answering: &[Server]) -> AppResult<Listing> {
    let client = KafkaClient::new(ClusterId(0), &bootstrap::join(answering))?;
    let begun = Instant::now();
    let listing = client.listing().await;
    for (at, server) in servers.iter().enumerate().filter(|(_, server)| answering.contains(server)) {
        let (state, detail) = match &listing {
            Ok(listing) => (
                StageState::Ok,
                counted(listing.brokers.len(), "broker") + ", " + &counted(listing.topics.len(), "topic"),
            ),
            Err(error) => (StageState::Failed, format!("{server}: {}", error.why)),
        };
        board.stage(at, StageName::Metadata, state, &detail, Some(begun)).await;
    }
    let listing = listing?;
    let id = listing.kafka_cluster_id.clone();
    board.change(|diagnosis| diagnosis.cluster_id = id).await;
    Ok(listing)
}

/// Returns the brokers whose advertised address cannot be reached from here.
async fn try_advertised(board: &Board, listing: &Listing) -> Vec<Server> {
    let tries = listing.brokers.iter().take(ADVERTISED_MAX).map(|broker| async move {
        let begun = Instant::now();
        let reached = match probe::resolve(&broker.address).await {
            Ok(addresses) => probe::connect(&broker.address, &addresses).await,
            Err(error) => Err(error),
        };
        let (state, detail) = match &reached {
            Ok(_) => (StageState::Ok, "Reachable from here".to_owned()),
            Err(error) => (StageState::Failed, error.why.clone()),
        };
        let stage = Stage { name: StageName::Advertised, state, detail, ms: Some(elapsed_ms(begun)) };
        let row = AdvertisedStage { broker: broker.id, address: broker.address.to_string(), stage };
        board.change(|diagnosis| diagnosis.advertised.push(row)).await;
        reached.err().map(|_| broker.address.clone())
    });
    let unreachable = join_all(tries).await.into_iter().flatten().collect();
    board.change(|diagnosis| diagnosis.advertised.sort_by_key(|row| row.broker)).await;
    unreachable
}

fn advertised_error(listing: &Listing, unreachable: &[Server]) -> Option<AppError> {
    let first = unreachable.first()?;
    let what = format!(
        "{} of {} brokers cannot be reached at their own address",
        unreachable.len(),
        listing.brokers.len()
    );
    let why = format!(
        "The bootstrap server answers, but Kafka tells clients to go on to {first}, which cannot be reached from here."
    );
    Some(
        AppError::new(what, why)
            .at_broker(first.to_string())
            .remedy("Set advertised.listeners of the brokers to an address that this machine can reach")
            .remedy("With containers: advertise localhost and the published port, or add a second listener")
            .remedy(format!(
                "For a try on this machine only: let {} point to the broker in the hosts file",
                first.host
            ))
            .retriable(),
    )
}

fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

fn elapsed_ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests;
