//! Files that leave the window. A page names a file, never a place: it goes to the folder for downloads, and
//! nothing that is there is written over.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::app::App;
use crate::data_dir::owner_only;
use crate::dto::{AppError, FileSaved, HostKind, SaveFile};
use crate::error::AppResult;

const WHAT: &str = "The file was not saved";
const NAME_LEN_MAX: usize = 120;
const SAME_NAME_MAX: u32 = 1_000;

pub async fn save(app: &Arc<App>, request: SaveFile) -> AppResult<FileSaved> {
    if app.host != HostKind::Tauri {
        return Err(AppError::new(WHAT, "In a browser the page downloads it itself."));
    }
    let folder = downloads().unwrap_or_else(|| app.data_dir().join("exports"));
    let bytes = content(&request)?;
    let saved = tokio::task::spawn_blocking(move || write_new(&folder, &request.name, &bytes));
    let path = saved.await.map_err(|error| AppError::internal(WHAT, error))??;
    Ok(FileSaved { path: path.display().to_string() })
}

fn content(request: &SaveFile) -> AppResult<Vec<u8>> {
    if !request.base64 {
        return Ok(request.text.clone().into_bytes());
    }
    BASE64_STANDARD.decode(&request.text).map_err(|error| AppError::bad_request("file.save", error))
}

/// Writes a file under a name that is still free: `name.csv`, else `name (2).csv` and so on.
fn write_new(folder: &Path, name: &str, bytes: &[u8]) -> AppResult<PathBuf> {
    let (stem, extension) = checked_name(name)?;
    let failed = |error: std::io::Error| {
        AppError::new(WHAT, crate::kafka::errors::sentence(&error.to_string()))
            .detail(folder.display().to_string())
            .remedy("Check the folder for space and permissions")
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    for number in 1..=SAME_NAME_MAX {
        let numbered = if number == 1 {
            format!("{stem}.{extension}")
        } else {
            format!("{stem} ({number}).{extension}")
        };
        let path = folder.join(numbered);
        let mut options = OpenOptions::new();
        // Made anew or not at all, so a link that lies there is not followed.
        options.write(true).create_new(true);
        owner_only(&mut options);
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(bytes).map_err(failed)?;
                return Ok(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Err(AppError::new(WHAT, "There are 1,000 files of that name already."))
}

/// Splits a name into stem and extension; what could lead elsewhere becomes a dash.
fn checked_name(name: &str) -> AppResult<(String, String)> {
    let plain = |character: char| character.is_alphanumeric() || " ._-()".contains(character);
    let safe: String = name.chars().map(|one| if plain(one) { one } else { '-' }).collect();
    match safe.trim_matches(['.', ' ']).rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && safe.len() <= NAME_LEN_MAX => {
            Ok((stem.to_owned(), extension.to_owned()))
        }
        Some(_) | None => {
            Err(AppError::new(WHAT, "A file's name has 1 to 120 characters and says its kind."))
        }
    }
}

fn downloads() -> Option<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = from(if cfg!(target_os = "windows") { "USERPROFILE" } else { "HOME" })?;
    Some(from("XDG_DOWNLOAD_DIR").unwrap_or_else(|| home.join("Downloads"))).filter(|folder| folder.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over_and_no_name_leads_elsewhere() {
        let dir = tempfile::tempdir().expect("temp dir");
        let first = write_new(dir.path(), "history.csv", b"one").expect("saved");
        let second = write_new(dir.path(), "history.csv", b"two").expect("saved");
        assert_eq!(second, dir.path().join("history (2).csv"));
        assert_eq!(std::fs::read(first).expect("read"), b"one");
        let odd = write_new(dir.path(), "../../etc/x\u{202e}\0.csv", b"three").expect("saved");
        assert_eq!(odd.parent(), Some(dir.path()));
        for name in ["", ".", "..", "plain", &"x".repeat(200)] {
            assert!(write_new(dir.path(), name, b"").is_err(), "{name}");
        }
    }

    #[test]
    fn bytes_come_as_base64_and_text_as_it_is() {
        let file = |text: &str, base64| SaveFile { name: "x.png".to_owned(), text: text.to_owned(), base64 };
        assert_eq!(content(&file("iVBORw==", true)).expect("bytes"), b"\x89PNG");
        assert_eq!(content(&file("iVBORw==", false)).expect("text"), b"iVBORw==");
        assert!(content(&file("not base64", true)).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_not_followed() {
        let dir = tempfile::tempdir().expect("temp dir");
        let target = dir.path().join("target");
        std::os::unix::fs::symlink(&target, dir.path().join("a.csv")).expect("link");
        write_new(dir.path(), "a.csv", b"x").expect("saved beside it");
        assert!(!target.exists());
    }
}
