//! `GET /api/feeds`: one WebSocket carries all feeds of a page.

use std::collections::HashMap;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::super::FeedFrame;
use super::Site;
use crate::app::App;
use crate::commands::dispatch;
use crate::dto::AppError;
use std::sync::Arc;

const MESSAGE_LEN_MAX: usize = 256 << 10;
const FEEDS_MAX: usize = 256;
/// Messages on their way; a page that does not read slows its own feeds only.
const QUEUE_LEN: usize = 16;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum FromPage {
    Open {
        id: u64,
        feed: String,
        #[serde(default)]
        request: Value,
    },
    Close {
        id: u64,
    },
}

pub async fn connect(State(site): State<Site>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.max_message_size(MESSAGE_LEN_MAX).on_upgrade(move |socket| carry(site.app, socket))
}

async fn carry(app: Arc<App>, socket: WebSocket) {
    let (mut to_page, mut from_page) = socket.split();
    let (sender, mut queue) = mpsc::channel::<FeedFrame>(QUEUE_LEN);
    let mut open = HashMap::new();
    // Dropped with this function, and all feeds of the page with it.
    let mut feeds = JoinSet::new();
    loop {
        tokio::select! {
            message = from_page.next() => {
                let Some(Ok(message)) = message else { break };
                let Message::Text(text) = message else { continue };
                match serde_json::from_str(&text) {
                    Ok(FromPage::Open { id, feed, request }) if open.len() < FEEDS_MAX => {
                        let task = feeds.spawn(run(app.clone(), id, feed, request, sender.clone()));
                        if let Some(before) = open.insert(id, task) {
                            before.abort();
                        }
                    }
                    Ok(FromPage::Close { id }) => {
                        if let Some(task) = open.remove(&id) {
                            task.abort();
                        }
                    }
                    Ok(FromPage::Open { .. }) | Err(_) => break,
                }
            }
            Some(frame) = queue.recv() => {
                let Ok(text) = serde_json::to_string(&frame) else { break };
                if to_page.send(Message::Text(text.into())).await.is_err() {
                    break;
                }
            }
            Some(_) = feeds.join_next(), if !feeds.is_empty() => {}
        }
    }
}

/// Runs one feed until it ends or is closed.
pub async fn run(app: Arc<App>, id: u64, feed: String, request: Value, sender: mpsc::Sender<FeedFrame>) {
    let mut feed = match dispatch::open_feed(&app, &feed, request).await {
        Ok(feed) => feed,
        Err(err) => {
            let _ = sender.send(FeedFrame::Err { id, err }).await;
            return;
        }
    };
    while let Some(message) = feed.next().await {
        if sender.send(FeedFrame::new(id, message)).await.is_err() {
            return;
        }
    }
    let err = AppError::not_found("This is no longer followed", "What it was about is gone.");
    let _ = sender.send(FeedFrame::Err { id, err }).await;
}
