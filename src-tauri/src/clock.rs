//! The one place of the app that asks the system for the wall time and for random ids.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns now in milliseconds since the epoch.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Returns an id that cannot be guessed from another one. Below 2^53, so that it survives any JSON reader.
pub fn random_id() -> u64 {
    let number = getrandom::u64().expect("the operating system gives random bytes");
    (number >> 11) | 1
}

/// Returns 32 random bytes in hexadecimal: a session token.
pub fn random_token() -> String {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    crate::text::hex(&bytes)
}
