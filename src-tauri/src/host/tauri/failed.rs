//! What a window shows when the program could not begin: who starts it from a menu sees no terminal.

use std::borrow::Cow;

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{Assets, LogicalSize, Manager, Runtime};
use tracing::warn;

use super::{STYLE_NONCE_PLACE, context, needs_display, prefer_plain_rendering};
use crate::dto::AppError;

const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 320.0;

/// Shows the error until its window is closed. Without a display there is nothing but the terminal.
pub fn show(error: &AppError) {
    prefer_plain_rendering();
    if needs_display().is_err() {
        return;
    }
    let mut context = context();
    context.set_assets(Box::new(Page(page(error))));
    let shell = tauri::Builder::default()
        .setup(|shell| {
            if let Some(window) = shell.get_webview_window("main") {
                window.set_min_size(None::<LogicalSize<f64>>)?;
                window.set_size(LogicalSize::new(WIDTH, HEIGHT))?;
                window.show()?;
            }
            Ok(())
        })
        .build(context);
    match shell {
        Ok(shell) => {
            shell.run_return(|_, _| {});
        }
        Err(error) => warn!(%error, "the failure was not shown"),
    }
}

fn page(error: &AppError) -> String {
    let remedies = error.remedies.iter().map(|remedy| format!("<li>{}</li>", escaped(&remedy.label)));
    let detail = error.detail.as_deref().map(|detail| format!("<pre>{}</pre>", escaped(detail)));
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Headwater</title>\
         <style nonce=\"{STYLE_NONCE_PLACE}\">{STYLE}</style></head>\
         <body><div id=\"root\"><main role=\"alert\"><h1>{}</h1><p>{}</p><ul>{}</ul>{}</main></div></body></html>",
        escaped(&error.what),
        escaped(&error.why),
        remedies.collect::<String>(),
        detail.unwrap_or_default(),
    )
}

const STYLE: &str = ":root{color-scheme:light dark}\
    body{margin:28px 32px;font:13px/20px system-ui,sans-serif;color:#1a1d23;background:#fff}\
    h1{margin:0 0 8px;font-size:16px;line-height:24px}p{margin:0 0 8px}ul{margin:0;padding-left:20px}\
    pre{white-space:pre-wrap;overflow-wrap:anywhere;font:12px/18px monospace;color:#5a6272}\
    @media (prefers-color-scheme:dark){body{color:#e6e8ec;background:#16181d}pre{color:#9aa3b2}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The one page there is.
struct Page(String);

impl<R: Runtime> Assets<R> for Page {
    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        (key.as_ref() == "/index.html").then_some(Cow::Borrowed(self.0.as_bytes()))
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_says_is_text_and_nothing_else() {
        let error = AppError::new("<b>no</b>", "a & b").remedy("<script>").detail("/home/\"x\"");
        let page = page(&error);
        assert!(
            page.contains("<h1>&lt;b&gt;no&lt;/b&gt;</h1><p>a &amp; b</p><ul><li>&lt;script&gt;</li></ul>")
        );
        assert!(page.contains("<pre>/home/&quot;x&quot;</pre>"));
    }
}
