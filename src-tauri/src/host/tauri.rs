//! The window: Tauri's IPC in the place of HTTP. Four commands, one window, no remote content.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tauri::ipc::Channel;
use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{AppHandle, Assets, Manager, Runtime, State, WindowEvent};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tracing::{info, warn};

use super::{Envelope, FeedFrame, http};
use crate::app::App;
use crate::assets;
use crate::commands::dispatch;
use crate::dto::AppError;
use crate::error::AppResult;
use crate::instance::Instance;

mod failed;
mod menu;
mod notices;
mod tray;
mod window_state;

pub use failed::show as show_failure;

/// Tauri puts a nonce of its own in this place and into the policy of the same response.
const STYLE_NONCE_PLACE: &str = "__TAURI_STYLE_NONCE__";
const QUEUE_LEN: usize = 16;
const FEEDS_MAX: usize = 256;

#[derive(Default)]
struct Feeds {
    open: Mutex<HashMap<u64, AbortHandle>>,
    /// Set by the first feed: the UI has drawn itself and listens.
    usable: AtomicBool,
}

/// Opens the window and returns when it was closed and the app has ended.
pub fn run(app: Arc<App>, runtime: &tokio::runtime::Runtime) -> AppResult<()> {
    prefer_plain_rendering();
    needs_display()?;
    let mut context = context();
    context.set_assets(Box::new(Ui));
    let inside = runtime.enter();
    let resuming = app.begin();
    let (data_dir, watched) = (app.data_dir().to_owned(), app.clone());
    let (store, keeper) = (app.store.clone(), window_state::Keeper::new(app.store.clone()));
    let listener = menu::Listener::default();
    let shell = tauri::Builder::default()
        .manage(app.clone())
        .manage(Feeds::default())
        .manage(listener.clone())
        .on_menu_event(move |_, event| listener.hear(&event))
        .invoke_handler(tauri::generate_handler![rpc, feed_open, feed_close, menu::menu_set])
        .on_window_event(move |window, event| {
            if let WindowEvent::Resized(_) | WindowEvent::Moved(_) | WindowEvent::CloseRequested { .. } =
                event
            {
                keeper.keep_soon(window);
            }
        })
        .setup(move |shell| {
            let handle = shell.handle().clone();
            tokio::spawn(async move {
                http::told_to_end().await;
                handle.exit(0);
            });
            if let Some(window) = shell.get_webview_window("main") {
                window_state::restore(&window, &store);
                window.show()?;
            }
            watched.set_tray(tray::begin(shell, &watched));
            notices::begin(shell.handle(), &watched);
            let handle = shell.handle().clone();
            shell.manage(Instance::listen(data_dir.as_path(), move || raise(&handle)));
            info!("window open");
            Ok(())
        })
        .build(context)
        .map_err(|error| AppError::new("The window did not open", error.to_string()))?;
    let code = shell.run_return(|_, _| {});
    drop(inside);
    info!(code, "window closed");
    runtime.block_on(async {
        let _ = resuming.await;
        app.end().await;
    });
    Ok(())
}

/// What the build knows of the program; it can be expanded once only.
fn context() -> tauri::Context {
    tauri::generate_context!()
}

/// Errors: there is no display, where the system's windows need one.
fn needs_display() -> AppResult<()> {
    #[cfg(target_os = "linux")]
    gtk::init().map_err(|_| {
        let named = ["WAYLAND_DISPLAY", "DISPLAY"].into_iter().filter_map(|name| {
            let place = std::env::var(name).ok().filter(|place| !place.is_empty())?;
            Some(format!("{name}={place} does not answer."))
        });
        let why = named.collect::<Vec<_>>().join(" ");
        let why = if why.is_empty() { "Neither DISPLAY nor WAYLAND_DISPLAY is set.".to_owned() } else { why };
        AppError::new("There is no display for the window", why)
            .remedy("Run headwater serve and open the printed address: the same in a browser")
    })?;
    Ok(())
}

/// Brings the window to the front, for a second launch.
fn raise(handle: &AppHandle) {
    let Some(window) = handle.get_webview_window("main") else {
        return;
    };
    let raised = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    match raised {
        Ok(()) => info!("window raised for a second launch"),
        Err(error) => warn!(%error, "window not raised"),
    }
}

/// Some drivers show an empty window with WebKit's DMABUF renderer, so it is off unless the person set it.
/// WebDriver's screenshots hang without it, so automation keeps it.
fn prefer_plain_rendering() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let automated = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    if cfg!(target_os = "linux") && !automated && std::env::var_os(SWITCH).is_none() {
        #[expect(
            unsafe_code,
            reason = "WebKit reads the switch from the environment and has no other way in"
        )]
        // SAFETY: runs before GTK and WebKit begin; the runtime's threads read no environment by then.
        unsafe {
            std::env::set_var(SWITCH, "1");
        }
    }
}

#[tauri::command(rename_all = "camelCase")]
async fn rpc(
    app: State<'_, Arc<App>>,
    op: String,
    request: Option<Value>,
    cancel_id: Option<String>,
) -> Result<Envelope, ()> {
    let answer = dispatch::call(&app, &op, request.unwrap_or_default(), cancel_id).await;
    Ok(Envelope::from(answer))
}

#[tauri::command]
async fn feed_open(
    app: State<'_, Arc<App>>,
    feeds: State<'_, Feeds>,
    id: u64,
    feed: String,
    request: Option<Value>,
    channel: Channel<FeedFrame>,
) -> Result<(), ()> {
    if !feeds.usable.swap(true, Ordering::Relaxed) {
        info!("window usable");
    }
    let (sender, mut queue) = mpsc::channel(QUEUE_LEN);
    let running = http::run_feed(app.inner().clone(), id, feed, request.unwrap_or_default(), sender);
    let task = tokio::spawn(async move {
        tokio::join!(running, async {
            while let Some(frame) = queue.recv().await {
                if channel.send(frame).is_err() {
                    break;
                }
            }
        });
    });
    let mut open = feeds.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    open.retain(|_, task| !task.is_finished());
    if open.len() >= FEEDS_MAX {
        task.abort();
    } else if let Some(before) = open.insert(id, task.abort_handle()) {
        before.abort();
    }
    Ok(())
}

#[tauri::command]
async fn feed_close(feeds: State<'_, Feeds>, id: u64) -> Result<(), ()> {
    let task = feeds.open.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(&id);
    if let Some(task) = task {
        task.abort();
    }
    Ok(())
}

/// The same files as the http host's, with the nonce left to Tauri.
struct Ui;

impl<R: Runtime> Assets<R> for Ui {
    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        match key.as_ref() {
            "/index.html" => Some(Cow::Owned(assets::index(STYLE_NONCE_PLACE).into_bytes())),
            path => assets::file(path),
        }
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}
