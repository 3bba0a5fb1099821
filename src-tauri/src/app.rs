//! App: the handles every operation gets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tracing::info;

use crate::data_dir::DataDir;
use crate::dto::{ClusterId, HostKind};
use crate::error::AppResult;
use crate::policy::ConnectionFacts;
use crate::services::calls::Calls;
use crate::services::connections::Connections;
use crate::services::embedded::EmbeddedCluster;
use crate::services::jobs::Jobs;
use crate::services::plans::Plans;
use crate::services::scans::Scans;
use crate::services::settings::Settings;
use crate::services::shop::SampleShop;
use crate::store::Store;

/// Everything that lives as long as the program.
#[derive(Debug)]
pub struct App {
    pub host: HostKind,
    pub store: Arc<Store>,
    pub settings: Arc<Settings>,
    pub connections: Connections,
    pub embedded: EmbeddedCluster,
    pub shop: SampleShop,
    pub scans: Scans,
    pub jobs: Jobs,
    pub plans: Plans,
    pub calls: Calls,
    data_dir: DataDir,
    /// The desktop shows our icon in its tray.
    tray: AtomicBool,
}

impl App {
    /// Opens the data directory and reads what is stored there.
    /// Errors: `data_dir_locked` when another Headwater uses it; the directory or the store cannot be used.
    pub fn open(host: HostKind, data_dir: DataDir) -> AppResult<Arc<App>> {
        let store = Arc::new(Store::open(&data_dir.path().join("headwater.db"))?);
        let settings = Arc::new(Settings::load(store.clone()));
        let spill_dir = data_dir.make_private("spill")?;
        Ok(Arc::new(App {
            host,
            connections: Connections::load(store.clone(), settings.clone())?,
            embedded: EmbeddedCluster::new(data_dir.path().join("local"), store.clone()),
            shop: SampleShop::new(store.clone()),
            scans: Scans::new(spill_dir, settings.clone()),
            jobs: Jobs::default(),
            plans: Plans::default(),
            calls: Calls::default(),
            store,
            settings,
            data_dir,
            tray: AtomicBool::new(false),
        }))
    }

    /// Begins what runs by itself: looking at the connections, and the local cluster if it ran before.
    pub fn begin(self: &Arc<App>) -> tokio::task::JoinHandle<()> {
        self.connections.watch_all();
        let app = self.clone();
        tokio::spawn(async move {
            if app.embedded.resume(&app.connections).await {
                app.shop.reopen(&app.connections).await;
            }
        })
    }

    /// Ends what runs by itself; the local cluster is stopped cleanly.
    pub async fn end(&self) {
        info!("ending");
        self.jobs.stop_all();
        self.scans.close_all().await;
        self.shop.close().await;
        self.connections.stop().await;
        self.embedded.stop_for_exit().await;
    }

    pub fn tray(&self) -> bool {
        self.tray.load(Ordering::Relaxed)
    }

    pub fn set_tray(&self, there: bool) {
        self.tray.store(there, Ordering::Relaxed);
    }

    /// What went wrong at the start and was got over, in sentences.
    pub fn notices(&self) -> Vec<String> {
        let damaged = self.store.set_aside().map(|kept| {
            format!(
                "The file with connections, history and settings was damaged. It is kept as {}, and a new one was begun.",
                kept.display()
            )
        });
        damaged.into_iter().collect()
    }

    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    pub fn policy_facts(&self, connection: ClusterId) -> AppResult<ConnectionFacts> {
        self.connections.facts(connection)
    }
}

/// Returns the data directory of this person, by the platform's custom.
pub fn default_data_dir() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(target_os = "windows") {
        from("APPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")))
    };
    base.map(|base| base.join("headwater"))
}
