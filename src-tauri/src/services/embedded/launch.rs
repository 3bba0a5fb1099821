//! The local cluster is started, or started otherwise.

use std::sync::Arc;

use tracing::info;

use super::start::{self, StartWish, begin};
use super::{EmbeddedCluster, Running, blocking, checked_brokers, first_port, started};
use crate::clock::now_ms;
use crate::dto::{AppError, ClusterState, LocalOptions, LocalStarted};
use crate::error::AppResult;
use crate::services::connections::{Connections, LOCAL_ID};
use crate::store::local_cluster::{BASE_PORT_USUAL, LocalClusterRow};

const NOT_RESTARTED: &str = "The local cluster was not restarted";

impl EmbeddedCluster {
    /// Starts the cluster, or says that it runs. What is not said is as it was at the last start, ports too: programs know
    /// them. At the first start the usual ones are taken, or the next free ones.
    pub async fn start(&self, connections: &Connections, options: LocalOptions) -> AppResult<LocalStarted> {
        let _one_at_a_time = self.changing.lock().await;
        if let Some(running) = self.running() {
            return Ok(started(&running));
        }
        self.launch(connections, self.wish(options)?).await
    }

    /// Stops the cluster and starts it otherwise. What cannot be is refused before; if it does not start then, it goes
    /// on as it was. Returns what it is like now, and how it was before.
    pub async fn restart(
        &self,
        connections: &Connections,
        options: LocalOptions,
    ) -> AppResult<(LocalStarted, Option<LocalClusterRow>)> {
        let _one_at_a_time = self.changing.lock().await;
        let before = self.store.local_cluster()?;
        let wish = self.wish(options)?;
        start::check(&self.data_dir, &wish)
            .map_err(|error| AppError { what: NOT_RESTARTED.to_owned(), ..error })?;
        let ran = self.is_running();
        self.forget_running(connections)?;
        self.shut_down().await?;
        let error = match self.launch(connections, wish).await {
            Ok(started) => return Ok((started, before)),
            Err(error) => error,
        };
        if let Some(before) = before.filter(|_| ran) {
            let as_before = StartWish::from(&before);
            self.launch(connections, as_before).await.map_err(|_| error.clone())?;
            return Err(error.detail("It runs again as it did before."));
        }
        Err(error)
    }

    /// What is asked for, and the rest as at the last start.
    fn wish(&self, options: LocalOptions) -> AppResult<StartWish> {
        let last = self.store.local_cluster()?;
        let brokers = checked_brokers(options.brokers.or(last.as_ref().map(|row| row.brokers)))?;
        let last = last.as_ref().map(StartWish::from);
        let last = last.unwrap_or(StartWish { brokers, ..StartWish::default() });
        Ok(StartWish {
            brokers,
            base_port: options.base_port.or(last.base_port),
            overrides: options.overrides.unwrap_or(last.overrides),
            containers: options.containers.unwrap_or(last.containers),
            disk_max: options.disk_max.unwrap_or(last.disk_max),
        })
    }

    async fn launch(&self, connections: &Connections, wish: StartWish) -> AppResult<LocalStarted> {
        let connection = connections.local()?;
        connection.set_state(ClusterState::Starting, None);
        let data_dir = self.data_dir.clone();
        let asked = wish.clone();
        let begun = blocking(move || begin(&data_dir, &asked)).await?;
        let cluster = match begun {
            Ok(cluster) => Arc::new(cluster),
            Err(error) => {
                connection.set_state(ClusterState::Stopped, Some(error.why.clone()));
                return Err(error.at_connection(LOCAL_ID));
            }
        };
        let running = Running {
            ready_ms: cluster.ready_in().as_secs_f64() * 1_000.0,
            since: now_ms(),
            containers_open: wish.containers && start::container_host() == start::EVERY_ADDRESS,
            cluster,
        };
        let bootstrap = running.cluster.bootstrap();
        info!(bootstrap, ready_ms = running.ready_ms, "local cluster started");
        *self.lock() = Some(running.clone());
        self.store.local_cluster_put(&LocalClusterRow {
            brokers: wish.brokers,
            base_port: first_port(&bootstrap).or(wish.base_port).unwrap_or(BASE_PORT_USUAL),
            running: true,
            overrides: wish.overrides,
            containers: wish.containers,
            disk_max: i64::try_from(wish.disk_max).unwrap_or(i64::MAX),
        })?;
        connections.set_bootstrap(&connection, &bootstrap)?;
        connection.set_started(running.since);
        connection.touch();
        Ok(started(&running))
    }
}
