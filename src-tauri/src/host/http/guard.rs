//! Who may ask: only this server's own pages (Host and Origin), and for the API only with the cookie.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Site;

const SESSION_PATH: &str = "/api/session";

/// Refuses a foreign Host (DNS rebinding), a foreign Origin (another page), and the API without a session.
pub async fn check(State(site): State<Site>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let Some(host) = text(headers, &HOST).filter(|host| site.names.iter().any(|name| name == host)) else {
        return (StatusCode::FORBIDDEN, "This server answers to its own address only.").into_response();
    };
    let path = request.uri().path();
    let api = path.starts_with("/api/");
    let origin = text(headers, &ORIGIN);
    let own_origin = origin.map(|origin| origin.strip_prefix("http://") == Some(host));
    // Browsers send an Origin with every POST and WebSocket; a page of our own never lacks it there.
    let needs_origin = api || request.method() != Method::GET;
    if own_origin == Some(false) || (needs_origin && own_origin.is_none()) {
        return (StatusCode::FORBIDDEN, "Only this server's own pages may ask.").into_response();
    }
    if api && path != SESSION_PATH && !site.session.admits(headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(request).await
}

fn text<'a>(headers: &'a HeaderMap, name: &axum::http::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
