//! The run's token, good once, and the cookie it is exchanged for.

use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Json, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::Site;
use crate::clock::random_token;

/// The secrets of this run.
pub struct Session {
    token: String,
    token_used: AtomicBool,
    cookie: String,
    /// Cookies are shared by all ports of a host, so the name carries the port.
    cookie_name: String,
}

#[derive(Deserialize)]
pub struct Exchange {
    token: String,
}

impl Session {
    pub fn new(port: u16) -> Session {
        Session {
            token: random_token(),
            token_used: AtomicBool::new(false),
            cookie: random_token(),
            cookie_name: format!("headwater-{port}"),
        }
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether a request carries this run's cookie.
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.cookie_name && same(value, &self.cookie))
    }

    fn set_cookie(&self) -> String {
        format!("{}={}; Path=/; HttpOnly; SameSite=Strict", self.cookie_name, self.cookie)
    }
}

/// `POST /api/session`: the token for a cookie. A page that has the cookie already may ask again.
pub async fn exchange(State(site): State<Site>, headers: HeaderMap, Json(body): Json<Exchange>) -> Response {
    if site.session.admits(&headers) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let right = same(&body.token, &site.session.token);
    if !right || site.session.token_used.swap(true, Ordering::SeqCst) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    (StatusCode::NO_CONTENT, [(SET_COOKIE, site.session.set_cookie())]).into_response()
}

/// Compares in a time that does not depend on where the texts differ.
fn same(given: &str, expected: &str) -> bool {
    let (given, expected) = (given.as_bytes(), expected.as_bytes());
    let difference = given.iter().zip(expected).fold(0, |seen, (one, other)| seen | (one ^ other));
    given.len() == expected.len() && difference == 0
}
