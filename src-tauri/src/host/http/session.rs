//! The run's token and the cookie it is exchanged for.
//!
//! The token is good as long as the process runs: who lost the cookie, or takes a second browser, opens the
//! printed address once more. Being good once would keep nobody out. Other pages cannot read the token: it stands
//! on this program's stdout only, the page takes it out of its address before anything is drawn, and sends no
//! referrer. They cannot use one either: the exchange, like all else, wants this server's own Host and Origin
//! (guard.rs), and the cookie is HttpOnly and SameSite=Strict. Who reads the terminal or the browser's profile of
//! this account reads the cookie there too. A new process has a new token and a new cookie.

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
        Session { token: random_token(), cookie: random_token(), cookie_name: format!("headwater-{port}") }
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
    if !same(&body.token, &site.session.token) {
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
