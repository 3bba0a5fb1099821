//! The sample shop of the local cluster.

use std::sync::Arc;
use std::time::Duration;

use super::feed::{Feed, Wake};
use super::registry::{Touched, Touches};
use crate::app::App;
use crate::dto::{Empty, ShopOpen, ShopRemove, ShopStatus};
use crate::error::AppResult;
use crate::services::connections::LOCAL_ID;
use crate::services::shop::topic_names;

const STATUS_EVERY: Duration = Duration::from_millis(1_000);

fn touched(title: &str) -> Touched {
    Touched {
        connection: LOCAL_ID,
        resources: topic_names().into_iter().map(|name| format!("topic {name}")).collect(),
        title: title.to_owned(),
        command: String::new(),
        journaled: true,
    }
}

impl Touches for ShopOpen {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(touched("Open the sample shop"))
    }
}

impl Touches for ShopRemove {
    fn touched(&self, _: &App, _: &str) -> AppResult<Touched> {
        Ok(touched("Remove the sample shop"))
    }
}

pub async fn open(app: &Arc<App>, _: ShopOpen) -> AppResult<Empty> {
    app.shop.open(&app.connections).await?;
    Ok(Empty {})
}

pub async fn remove(app: &Arc<App>, _: ShopRemove) -> AppResult<Empty> {
    app.shop.remove(&app.connections).await?;
    Ok(Empty {})
}

pub async fn pause(app: &Arc<App>, _: Empty) -> AppResult<Empty> {
    app.shop.pause(true)?;
    Ok(Empty {})
}

pub async fn resume(app: &Arc<App>, _: Empty) -> AppResult<Empty> {
    app.shop.pause(false)?;
    Ok(Empty {})
}

pub async fn feed(app: &Arc<App>, _: Empty) -> AppResult<Feed<ShopStatus>> {
    let reader = app.clone();
    Ok(Feed::new(Wake::Every(STATUS_EVERY), move || {
        let status = reader.shop.status();
        async move { status }
    }))
}
