//! The window's size and place, kept a moment after they changed and used at the next start where a screen still
//! shows them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tauri::{PhysicalPosition, PhysicalSize, Runtime, WebviewWindow, Window};
use tracing::warn;

use crate::store::Store;

const KEY: &str = "window";
/// So much of the title bar must lie on a screen, or the window would be out of reach.
const REACHABLE_PX: i32 = 100;
const RESTED_AFTER: Duration = Duration::from_millis(400);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
    maximized: bool,
}

/// A screen: its corner and its size.
type Screen = (PhysicalPosition<i32>, PhysicalSize<u32>);

impl Place {
    fn reachable(&self, screens: &[Screen]) -> bool {
        let end = |start: i32, length: u32| start.saturating_add(i32::try_from(length).unwrap_or(i32::MAX));
        screens.iter().any(|(corner, size)| {
            let across = end(self.x, self.width).min(end(corner.x, size.width)) - self.x.max(corner.x);
            across >= REACHABLE_PX && self.y >= corner.y && self.y < end(corner.y, size.height) - REACHABLE_PX
        })
    }
}

/// Puts the window where it was. A place on a screen that is gone is not used.
pub(super) fn restore<R: Runtime>(window: &WebviewWindow<R>, store: &Store) {
    let Some(place) = stored(store) else {
        return;
    };
    let monitors = window.available_monitors().unwrap_or_default();
    let screens: Vec<Screen> = monitors.iter().map(|one| (*one.position(), *one.size())).collect();
    let set = || -> tauri::Result<()> {
        window.set_size(PhysicalSize::new(place.width, place.height))?;
        if place.reachable(&screens) {
            window.set_position(PhysicalPosition::new(place.x, place.y))?;
        }
        if place.maximized {
            window.maximize()?;
        }
        Ok(())
    };
    if let Err(error) = set() {
        warn!(%error, "the window's place was not restored");
    }
}

/// Writes the place down once the window has rested for a moment.
pub(super) struct Keeper {
    store: Arc<Store>,
    changes: Arc<AtomicU64>,
}

impl Keeper {
    pub(super) fn new(store: Arc<Store>) -> Keeper {
        Keeper { store, changes: Arc::default() }
    }

    pub(super) fn keep_soon<R: Runtime>(&self, window: &Window<R>) {
        let change = self.changes.fetch_add(1, Ordering::SeqCst) + 1;
        let (window, store, changes) = (window.clone(), self.store.clone(), self.changes.clone());
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(RESTED_AFTER).await;
            if changes.load(Ordering::SeqCst) == change {
                keep(&window, &store);
            }
        });
    }
}

/// What a maximized window covers is not its size, so the last one stays.
fn keep<R: Runtime>(window: &Window<R>, store: &Store) {
    let read = || -> tauri::Result<Place> {
        let (at, size) = (window.outer_position()?, window.inner_size()?);
        let maximized = window.is_maximized()?;
        let now = Place { x: at.x, y: at.y, width: size.width, height: size.height, maximized };
        Ok(match stored(store).filter(|_| maximized) {
            Some(before) => Place { maximized, ..before },
            None => now,
        })
    };
    let kept = read().map_err(|error| error.to_string()).and_then(|place| {
        let text = serde_json::to_string(&place).map_err(|error| error.to_string())?;
        store.ui_state_put(KEY, &text).map_err(|error| error.to_string())
    });
    if let Err(error) = kept {
        warn!(error, "the window's place was not kept");
    }
}

fn stored(store: &Store) -> Option<Place> {
    serde_json::from_str(&store.ui_state_get(KEY).ok()??).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_only_where_a_screen_shows_its_title_bar() {
        let screens = [
            (PhysicalPosition::new(0, 0), PhysicalSize::new(1920, 1080)),
            (PhysicalPosition::new(-1280, 0), PhysicalSize::new(1280, 800)),
        ];
        let at = |x: i32, y: i32| Place { x, y, width: 1280, height: 800, maximized: false };
        for (place, expected) in [
            (at(100, 100), true),
            (at(-1200, 0), true),
            (at(1900, 100), false),
            (at(5_000, 0), false),
            (at(100, -40), false),
            (at(100, 1_070), false),
            (at(i32::MIN, i32::MIN), false),
        ] {
            assert_eq!(place.reachable(&screens), expected, "{place:?}");
        }
        assert!(!at(0, 0).reachable(&[]));
    }
}
