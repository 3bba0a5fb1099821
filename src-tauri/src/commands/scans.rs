//! Scans: rows by window, records in full.

use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::feed::{Feed, Wake};
use crate::app::App;
use crate::dto::{
    Anchor, AppError, Empty, Offset, Payload, RawBytes, RawRequest, RecordFull, RecordHeader, RecordPart,
    RecordRow, RecordTemplate, RowId, RowRef, RowWindow, ScanRef, ScanState, SendHeader, StartScan,
    WindowRequest,
};
use crate::error::AppResult;
use crate::services::scans::Command;
use crate::services::scans::rows::{Row, Rows};
use crate::text::preview::{body, preview};

/// Rows of one window.
const WINDOW_MAX: usize = 2_000;
const RAW_LEN_MAX: usize = 10 << 20;
/// A form keeps its draft in the store, where a megabyte is the most for all of them.
const TEMPLATE_LEN_MAX: u64 = 256 << 10;

pub async fn start(app: &Arc<App>, request: StartScan) -> AppResult<ScanRef> {
    let connection = app.connections.get(request.cluster_id)?;
    // Said here rather than in the state, so that no tab opens for nothing.
    connection.client()?;
    Ok(ScanRef { scan_id: app.scans.start(connection, request)? })
}

pub async fn window(app: &Arc<App>, request: WindowRequest) -> AppResult<RowWindow> {
    let scan = app.scans.get(request.scan_id)?;
    let window = tokio::task::spawn_blocking(move || {
        scan.with_rows(|rows, revision| read_window(rows, revision, &request))
    });
    window.await.map_err(|error| AppError::internal("The rows could not be read", error))
}

/// Rows from `before` before the anchor to `after` from it on, the anchor's own row counted in `after`.
fn read_window(rows: &mut Rows, revision: u64, request: &WindowRequest) -> RowWindow {
    let count = rows.kept();
    let anchor = match request.anchor {
        Anchor::Record { partition, offset } => match rows.find(partition, offset.0) {
            Some(index) => index,
            None => return RowWindow { rows: Vec::new(), first_index: 0, count: count as u64, revision },
        },
        Anchor::End => count,
        Anchor::Index { index } => usize::try_from(index).unwrap_or(usize::MAX).min(count),
        // A row that was dropped was older than all that are kept.
        Anchor::Row { row_id } => rows.index_of(row_id).unwrap_or(0),
    };
    let before = (request.before as usize).min(WINDOW_MAX).min(anchor);
    let after = (request.after as usize).min(WINDOW_MAX - before);
    let first = anchor - before;
    let window = rows.window(first, before + after);
    RowWindow {
        rows: window.into_iter().map(|(id, row)| record_row(rows, id, &row)).collect(),
        first_index: first as u64,
        count: count as u64,
        revision,
    }
}

pub async fn record(app: &Arc<App>, request: RowRef) -> AppResult<RecordFull> {
    let scan = app.scans.get(request.scan_id)?;
    let full = tokio::task::spawn_blocking(move || {
        scan.with_rows(|rows, _| {
            let row = rows.row(request.row_id)?;
            let payload = rows.payload(&row)?;
            let headers = payload.headers().into_iter();
            Some(RecordFull {
                row: record_row(rows, request.row_id, &row),
                key: body(payload.key),
                value: body(payload.value),
                headers: headers.map(|(name, value)| RecordHeader { name, value: body(value) }).collect(),
                leader_epoch: Some(row.leader_epoch).filter(|epoch| *epoch >= 0),
            })
        })
    });
    full.await.map_err(|error| AppError::internal("The record could not be read", error))?.ok_or_else(gone)
}

/// Returns a record as it can be sent again.
/// Errors: it is larger than a form should hold.
pub async fn template(app: &Arc<App>, request: RowRef) -> AppResult<RecordTemplate> {
    let scan = app.scans.get(request.scan_id)?;
    scan.with_rows(|rows, _| {
        let row = rows.row(request.row_id).ok_or_else(gone)?;
        if row.bytes() > TEMPLATE_LEN_MAX {
            return Err(AppError::new("The record is not put in a form", "It is larger than 256 KiB.")
                .remedy("Save it and send it with another tool"));
        }
        let payload = rows.payload(&row).ok_or_else(gone)?;
        let headers = payload.headers().into_iter();
        Ok(RecordTemplate {
            partition: row.partition,
            key: to_send(payload.key),
            value: to_send(payload.value),
            headers: headers.map(|(name, value)| SendHeader { name, value: to_send(value) }).collect(),
        })
    })
}

/// Bytes as they can be typed: text where they are text, base64 where they are not.
fn to_send(bytes: Option<&[u8]>) -> Payload {
    match bytes.map(|bytes| (std::str::from_utf8(bytes), bytes)) {
        None => Payload::Null,
        Some((Ok(text), _)) => Payload::Text { text: text.to_owned() },
        Some((Err(_), bytes)) => Payload::Base64 { data: BASE64_STANDARD.encode(bytes) },
    }
}

pub async fn raw(app: &Arc<App>, request: RawRequest) -> AppResult<RawBytes> {
    let scan = app.scans.get(request.scan_id)?;
    scan.with_rows(|rows, _| {
        let row = rows.row(request.row_id).ok_or_else(gone)?;
        let payload = rows.payload(&row).ok_or_else(gone)?;
        let bytes = match request.part {
            RecordPart::Key => payload.key,
            RecordPart::Value => payload.value,
        };
        let bytes = bytes.unwrap_or_default();
        if bytes.len() > RAW_LEN_MAX {
            return Err(AppError::new("The bytes are not handed out", "They are more than 10 MiB."));
        }
        Ok(RawBytes { base64: BASE64_STANDARD.encode(bytes) })
    })
}

pub async fn pause(app: &Arc<App>, request: ScanRef) -> AppResult<Empty> {
    app.scans.command(request.scan_id, Command::Pause).map(|()| Empty {})
}

pub async fn resume(app: &Arc<App>, request: ScanRef) -> AppResult<Empty> {
    app.scans.command(request.scan_id, Command::Read).map(|()| Empty {})
}

pub async fn read_on(app: &Arc<App>, request: ScanRef) -> AppResult<Empty> {
    app.scans.read_on(request.scan_id).map(|()| Empty {})
}

pub async fn stop(app: &Arc<App>, request: ScanRef) -> AppResult<Empty> {
    app.scans.command(request.scan_id, Command::Stop).map(|()| Empty {})
}

pub async fn close(app: &Arc<App>, request: ScanRef) -> AppResult<Empty> {
    app.scans.close(request.scan_id).await;
    Ok(Empty {})
}

pub async fn feed(app: &Arc<App>, request: ScanRef) -> AppResult<Feed<ScanState>> {
    let scan = app.scans.get(request.scan_id)?;
    let changed = scan.subscribe();
    let scans = app.clone();
    Ok(Feed::new(Wake::Changed(changed), move || {
        // Asked by id each time, so that the feed does not keep a closed scan's rows.
        let state = scans.scans.get(request.scan_id).map(|scan| scan.state());
        async move { state }
    }))
}

fn record_row(rows: &Rows, row_id: RowId, row: &Row) -> RecordRow {
    let payload = rows.payload(row);
    let (key, value) = payload.map_or((None, None), |payload| (payload.key, payload.value));
    RecordRow {
        row_id,
        partition: row.partition,
        offset: Offset(row.offset),
        timestamp: row.timestamp,
        timestamp_type: row.timestamp_type,
        key: preview(key),
        value: preview(value),
        headers: row.headers,
        bytes: row.bytes(),
    }
}

fn gone() -> AppError {
    AppError::not_found("The record cannot be shown", "The row is no longer kept: newer ones took its place.")
}
