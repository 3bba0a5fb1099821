//! Headwater's app process. Operations are listed once in [`commands`]; two hosts ([`host`]) carry them to the
//! same UI, in a window or in a browser. See the README of this folder for the layers.
#![expect(
    clippy::result_large_err,
    reason = "an AppError is made once, on its way to a screen, and says much"
)]

use std::path::PathBuf;
use std::sync::Arc;

pub mod app;
pub mod assets;
pub mod bindings;
pub mod charts;
pub mod clock;
pub mod commands;
pub mod data_dir;
pub mod dto;
pub mod error;
pub mod host;
pub mod instance;
pub mod kafka;
pub mod logging;
pub mod policy;
pub mod services;
pub mod store;
pub mod text;

use app::App;
use dto::{AppError, HostKind};
use error::AppResult;

/// Threads of the app's own runtime; blocking work has threads of its own.
const RUNTIME_THREADS: usize = 2;

/// Opens the window and returns when it was closed. Where one is open already, that one comes to the front.
#[cfg(feature = "desktop")]
pub fn run_window(data_dir: Option<PathBuf>) -> AppResult<()> {
    let path = place_of_data(data_dir)?;
    let (app, runtime) = match open(HostKind::Tauri, path.clone()) {
        Err(error) if error.code == Some(dto::ErrorCode::DataDirLocked) => {
            let pid = instance::raise_first(&path).ok_or(error)?;
            eprintln!("headwater: its window (pid {pid}) is open already and was brought to the front");
            return Ok(());
        }
        opened => opened.inspect_err(host::tauri::show_failure)?,
    };
    tauri::async_runtime::set(runtime.handle().clone());
    host::tauri::run(app, &runtime)
}

/// Without the feature `desktop` there is no window.
#[cfg(not(feature = "desktop"))]
pub fn run_window(_: Option<PathBuf>) -> AppResult<()> {
    Err(AppError::new("There is no window in this build", "It was built without the feature desktop.")
        .remedy("Run headwater serve and open the printed address"))
}

/// Serves the UI on loopback and returns when the program is told to end.
pub fn run_serve(data_dir: Option<PathBuf>, port: u16) -> AppResult<()> {
    let (app, runtime) = open(HostKind::Http, place_of_data(data_dir)?)?;
    runtime.block_on(host::http::serve(app, port))
}

/// Writes the TypeScript bindings into the source tree.
pub fn write_bindings() -> AppResult<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(bindings::BINDINGS_PATH);
    std::fs::write(&path, bindings::generate())
        .map_err(|error| AppError::new("The bindings were not written", error.to_string()))
}

fn place_of_data(data_dir: Option<PathBuf>) -> AppResult<PathBuf> {
    data_dir.or_else(app::default_data_dir).ok_or_else(|| {
        AppError::new("There is no place for data", "Neither HOME nor XDG_DATA_HOME is set.")
            .remedy("Name one with --data-dir DIR")
    })
}

fn open(host: HostKind, path: PathBuf) -> AppResult<(Arc<App>, tokio::runtime::Runtime)> {
    let data_dir = data_dir::DataDir::open(path)?;
    logging::begin(data_dir.path());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(RUNTIME_THREADS)
        .thread_name("headwater")
        .enable_all()
        .build()
        .map_err(|error| AppError::internal("Headwater cannot start", error))?;
    let app = {
        let _inside = runtime.enter();
        App::open(host, data_dir)?
    };
    Ok((app, runtime))
}

/// Returns a length as the numbers that DTOs carry.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
