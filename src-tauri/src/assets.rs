//! The built UI inside the program, the same for both hosts, and its content security policy.
//! Debug builds read the files from disk, so that a new UI build needs no compile.

use std::borrow::Cow;

use rust_embed::RustEmbed;

/// What index.html has in the place of the nonce of this response.
pub const NONCE_PLACE: &str = "__CSP_NONCE__";

const MISSING_PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Headwater</title>\
<p>The UI is not built. Run <code>npm --prefix ui ci && npm --prefix ui run build</code>, \
then build Headwater again.</p></html>";

#[derive(RustEmbed)]
#[folder = "../ui/dist/"]
#[allow_missing = true]
struct Files;

/// Returns a file of the built UI.
pub fn file(path: &str) -> Option<Cow<'static, [u8]>> {
    Files::get(path.trim_start_matches('/')).map(|file| file.data)
}

/// Returns index.html with its nonce put in, or a page that says how the UI is built.
pub fn index(nonce: &str) -> String {
    match file("index.html") {
        Some(bytes) => String::from_utf8_lossy(&bytes).replace(NONCE_PLACE, nonce),
        None => MISSING_PAGE.to_owned(),
    }
}

/// Returns the policy of the http host's pages: everything from here, styles also with this nonce.
pub fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Returns the media type of a file by its name.
pub fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}
