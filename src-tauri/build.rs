//! Reads tauri.conf.json and declares the window's commands, so that the capability file must name them.
//! Says how the UI is built when it is not there.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-env-changed=TAURI_CONFIG");
    if !Path::new("../ui/dist/index.html").exists() {
        println!(
            "cargo:warning=ui/dist is missing, so the program shows a page that says so. \
             Run `npm --prefix ui ci && npm --prefix ui run build`, then build again."
        );
    }
    if env::var_os("CARGO_FEATURE_DESKTOP").is_some() {
        let commands =
            tauri_build::AppManifest::new().commands(&["rpc", "feed_open", "feed_close", "menu_set"]);
        let attributes = tauri_build::Attributes::new().app_manifest(commands);
        tauri_build::try_build(attributes).expect("tauri.conf.json and capabilities/ are valid");
        // The program carries the UI itself (src/assets.rs), so Tauri's macro is given an empty folder.
        let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
        let empty = Path::new(&out).join("no-assets");
        std::fs::create_dir_all(&empty).expect("OUT_DIR is writable");
        let config = format!("{{\"build\":{{\"frontendDist\":{:?}}}}}", empty.display().to_string());
        println!("cargo:rustc-env=TAURI_CONFIG={config}");
    }
}
