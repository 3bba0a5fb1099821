//! The http host: the UI in a browser, on loopback only. One address with a token is printed; the token becomes
//! a cookie; Host and Origin are checked on every request, so that no other page can get in.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Json, State};
use axum::http::StatusCode;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tracing::info;

use super::{Envelope, RpcRequest};
use crate::app::App;
use crate::commands::dispatch;
use crate::dto::AppError;
use crate::error::AppResult;

mod feeds;
mod guard;
mod pages;
mod session;

pub use feeds::run as run_feed;
pub use session::Session;

/// A record of 10 MiB as base64, and its key.
const BODY_LEN_MAX: usize = 32 << 20;

/// What every route gets.
#[derive(Clone)]
pub struct Site {
    app: Arc<App>,
    session: Arc<Session>,
    /// `127.0.0.1:PORT` and `localhost:PORT`: the only names this server answers to.
    names: Arc<[String; 2]>,
}

/// Serves until SIGINT or SIGTERM, then ends the app.
/// Errors: the port cannot be bound.
pub async fn serve(app: Arc<App>, port: u16) -> AppResult<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await.map_err(|error| {
        AppError::new(format!("Headwater cannot serve at {address}"), error.to_string())
            .remedy("Choose another --port, or 0 for any free one")
    })?;
    let bound = listener.local_addr().map_err(|error| AppError::internal("No address", error))?;
    let session = Arc::new(Session::new(bound.port()));
    let resuming = app.begin();
    // The one line on stdout; programs wait for it.
    println!("Headwater is at http://{bound}/?token={}", session.token());
    info!(address = %bound, "serving");
    let router = router(app.clone(), session, bound.port());
    let serving = axum::serve(listener, router).into_future();
    let outcome = tokio::select! {
        outcome = serving => outcome,
        () = told_to_end() => Ok(()),
    };
    let _ = resuming.await;
    app.end().await;
    outcome.map_err(|error| AppError::internal("Headwater stopped serving", error))
}

/// Returns all routes; also used by tests, with a port of their own.
pub fn router(app: Arc<App>, session: Arc<Session>, port: u16) -> Router {
    let names = Arc::new([format!("127.0.0.1:{port}"), format!("localhost:{port}")]);
    let site = Site { app, session, names };
    Router::new()
        .route("/api/session", post(session::exchange))
        .route("/api/rpc", post(rpc))
        .route("/api/feeds", get(feeds::connect))
        .fallback(get(pages::page))
        .layer(DefaultBodyLimit::max(BODY_LEN_MAX))
        .layer(middleware::from_fn_with_state(site.clone(), guard::check))
        .with_state(site)
}

async fn rpc(State(site): State<Site>, Json(request): Json<RpcRequest>) -> Response {
    let answer = dispatch::call(&site.app, &request.op, request.request, request.cancel_id).await;
    (StatusCode::OK, Json(Envelope::from(answer))).into_response()
}

/// Ends when the program is told to: SIGTERM, or Ctrl-C.
pub async fn told_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(test)]
mod tests;
