//! The menu bar, out of the UI's one table of actions: what is chosen in it is told to the page, which does it.
//! A Mac always has one; elsewhere it is there if the person wants it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use tauri::ipc::Channel;
use tauri::menu::{AboutMetadata, IsMenuItem, Menu, MenuEvent, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, State, Wry};
use tracing::warn;

const ITEMS_MAX: usize = 200;
const WORDS_LEN_MAX: usize = 200;
/// Before the ids of the page's actions, so that they are never those of the tray.
const PREFIX: &str = "page:";

/// A menu of the bar.
#[derive(Deserialize)]
pub struct Group {
    title: String,
    items: Vec<Item>,
}

/// One action.
#[derive(Deserialize)]
pub struct Item {
    id: String,
    label: String,
    /// Such as `CmdOrCtrl+K`.
    accelerator: Option<String>,
    enabled: bool,
}

/// Where choices are told.
#[derive(Default, Clone)]
pub struct Listener(Arc<Mutex<Option<Channel<String>>>>);

impl Listener {
    /// Tells the page of a choice in its menus; others are not for it.
    pub fn hear(&self, event: &MenuEvent) {
        let Some(id) = event.id().as_ref().strip_prefix(PREFIX) else {
            return;
        };
        let told = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
            .map(|page| page.send(id.to_owned()));
        if let Some(Err(error)) = told {
            warn!(%error, "the page was not told of a choice in the menu");
        }
    }
}

/// Shows these menus; none of them takes the bar away.
#[tauri::command]
pub fn menu_set(
    handle: AppHandle,
    listener: State<'_, Listener>,
    groups: Vec<Group>,
    channel: Channel<String>,
) {
    *listener.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(channel);
    let shown = if groups.is_empty() {
        handle.remove_menu().map(drop)
    } else {
        bar(&handle, &groups).and_then(|bar| handle.set_menu(bar)).map(drop)
    };
    if let Err(error) = shown {
        warn!(%error, "the menu bar was not changed");
    }
}

fn bar(handle: &AppHandle, groups: &[Group]) -> tauri::Result<Menu<Wry>> {
    let bar = Menu::new(handle)?;
    if cfg!(target_os = "macos") {
        bar.append(&own_menu(handle)?)?;
    }
    let mut left = ITEMS_MAX;
    for (at, group) in groups.iter().enumerate() {
        let menu = Submenu::new(handle, cut(&group.title), true)?;
        for item in group.items.iter().take(left) {
            let accelerator = item.accelerator.as_deref();
            let id = format!("{PREFIX}{}", item.id);
            // A key that this system does not know leaves the item without one.
            let made = MenuItem::with_id(handle, &id, cut(&item.label), item.enabled, accelerator)
                .or_else(|_| MenuItem::with_id(handle, &id, cut(&item.label), item.enabled, None::<&str>))?;
            menu.append(&made)?;
        }
        left = left.saturating_sub(group.items.len());
        bar.append(&menu)?;
        if at == 0 {
            bar.append(&edit_menu(handle)?)?;
        }
    }
    Ok(bar)
}

/// A Mac's first menu.
fn own_menu(handle: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    let about = PredefinedMenuItem::about(handle, None, Some(AboutMetadata::default()))?;
    let line = PredefinedMenuItem::separator(handle)?;
    let services = PredefinedMenuItem::services(handle, None)?;
    let hide = PredefinedMenuItem::hide(handle, None)?;
    let others = PredefinedMenuItem::hide_others(handle, None)?;
    let quit = PredefinedMenuItem::quit(handle, None)?;
    let items: [&dyn IsMenuItem<Wry>; 6] = [&about, &line, &services, &hide, &others, &quit];
    Submenu::with_items(handle, "Headwater", true, &items)
}

/// On a Mac the keys for copy and paste are those of this menu.
fn edit_menu(handle: &AppHandle) -> tauri::Result<Submenu<Wry>> {
    let cut = PredefinedMenuItem::cut(handle, None)?;
    let copy = PredefinedMenuItem::copy(handle, None)?;
    let paste = PredefinedMenuItem::paste(handle, None)?;
    let all = PredefinedMenuItem::select_all(handle, None)?;
    if cfg!(target_os = "macos") {
        let undo = PredefinedMenuItem::undo(handle, None)?;
        let redo = PredefinedMenuItem::redo(handle, None)?;
        return Submenu::with_items(handle, "Edit", true, &[&undo, &redo, &cut, &copy, &paste, &all]);
    }
    Submenu::with_items(handle, "Edit", true, &[&cut, &copy, &paste, &all])
}

fn cut(words: &str) -> String {
    words.chars().take(WORDS_LEN_MAX).collect()
}
