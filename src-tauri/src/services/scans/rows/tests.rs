//! Rows in order, live, trimmed, and by the million.

use super::*;

fn record(partition: i32, offset: i64, timestamp: i64) -> Record {
    Record {
        partition,
        offset,
        timestamp,
        timestamp_type: TimestampType::Create,
        leader_epoch: 3,
        key: (offset % 2 == 0).then(|| Bytes::from(format!("k{offset}"))),
        value: Some(Bytes::from(format!("v{partition}-{offset}"))),
        headers: vec![("trace".into(), Some(Bytes::from_static(b"x"))), ("none".into(), None)],
    }
}

fn rows(limit: usize, keep: Keep) -> (Rows, tempfile::TempDir) {
    let dir = tempfile::tempdir().expect("temp dir");
    (Rows::new(limit, keep, Payloads::new(dir.path().to_owned(), 64 << 20)), dir)
}

fn offsets(rows: &mut Rows) -> Vec<i64> {
    let all = rows.kept();
    rows.window(0, all).into_iter().map(|(_, row)| row.offset).collect()
}

#[test]
fn rows_of_several_partitions_are_ordered_by_time() {
    let (mut rows, _dir) = rows(10, Keep::All);
    for (partition, offset, timestamp) in [(0, 1, 10), (0, 2, 30), (1, 3, 20), (1, 4, 10)] {
        rows.push(&record(partition, offset, timestamp)).expect("kept");
    }
    assert_eq!(offsets(&mut rows), [1, 4, 3, 2]);
    rows.push(&record(2, 5, 15)).expect("kept");
    assert_eq!(offsets(&mut rows), [1, 4, 5, 3, 2]);
}

#[test]
fn a_row_weighs_what_its_record_carries() {
    let (mut rows, _dir) = rows(10, Keep::All);
    rows.push(&record(0, 2, 10)).expect("kept");
    let (_, row) = rows.window(0, 1)[0];
    // k2, v0-2, and the headers trace=x and none.
    assert_eq!((row.bytes(), rows.bytes), (2 + 4 + 6 + 4, 16));
}

#[test]
fn ids_stay_while_rows_move() {
    let (mut rows, _dir) = rows(10, Keep::All);
    rows.push(&record(0, 1, 50)).expect("kept");
    let (id, _) = rows.window(0, 1)[0];
    rows.push(&record(1, 2, 10)).expect("kept");
    assert_eq!(rows.index_of(id), Some(1));
    assert_eq!(rows.row(id).map(|row| row.offset), Some(1));
}

#[test]
fn a_record_is_found_by_its_place_while_it_is_kept() {
    let (mut rows, _dir) = rows(3, Keep::Newest);
    for (partition, offset, timestamp) in [(0, 7, 10), (1, 7, 30), (0, 8, 20), (1, 8, 40)] {
        rows.push(&record(partition, offset, timestamp)).expect("kept");
    }
    assert_eq!(rows.find(1, 7), Some(1));
    assert_eq!(rows.find(0, 8), Some(0));
    assert_eq!(rows.find(0, 7), None, "the oldest was let go");
    assert_eq!(rows.find(2, 7), None);
}

#[test]
fn newest_rows_of_all_partitions_are_kept() {
    let (mut rows, _dir) = rows(2, Keep::Newest);
    for (partition, offset, timestamp) in [(0, 1, 10), (0, 2, 20), (1, 3, 30), (1, 4, 40)] {
        rows.push(&record(partition, offset, timestamp)).expect("kept");
    }
    assert_eq!(rows.kept(), 2);
    assert_eq!(offsets(&mut rows), [3, 4]);
    assert_eq!(rows.dropped_oldest, 0);
}

#[test]
fn what_is_beyond_the_limit_leaves_memory_while_it_is_read() {
    let (mut rows, _dir) = rows(10, Keep::Newest);
    for offset in 0..100_000 {
        rows.push(&record((offset % 3) as i32, offset, offset)).expect("kept");
        assert!(rows.all.len() <= 2 * 10 + TRIM_SLACK + 1);
    }
    rows.go_live();
    assert_eq!(offsets(&mut rows), (99_990..100_000).collect::<Vec<_>>());
    assert_eq!(rows.dropped_oldest, 0);
}

#[test]
fn live_rows_follow_by_arrival_and_push_the_oldest_out() {
    let (mut rows, _dir) = rows(3, Keep::Newest);
    for (offset, timestamp) in [(1, 20), (2, 10)] {
        rows.push(&record(0, offset, timestamp)).expect("kept");
    }
    rows.go_live();
    for (offset, timestamp) in [(3, 5), (4, 1)] {
        rows.push(&record(0, offset, timestamp)).expect("kept");
    }
    assert_eq!(offsets(&mut rows), [1, 3, 4]);
    for offset in 5..8 {
        rows.push(&record(0, offset, 0)).expect("kept");
    }
    assert_eq!(offsets(&mut rows), [5, 6, 7]);
    assert_eq!(rows.dropped_oldest, 4);
    let (id, _) = rows.window(1, 1)[0];
    assert_eq!(rows.index_of(id), Some(1));
    assert_eq!(rows.index_of(RowId(0)), None);
}

#[test]
fn payloads_come_back_with_null_and_headers() {
    let (mut rows, _dir) = rows(3, Keep::Newest);
    rows.push(&record(0, 1, 0)).expect("kept");
    let (_, row) = rows.window(0, 1)[0];
    let payload = rows.payload(&row).expect("there");
    assert_eq!((payload.key, payload.value), (None, Some(&b"v0-1"[..])));
    assert_eq!(payload.headers(), [("trace".into(), Some(&b"x"[..])), ("none".into(), None)]);
}

#[test]
fn two_million_rows_are_ordered_and_found() {
    let (mut rows, _dir) = rows(2_000_000, Keep::All);
    let mut record = record(0, 0, 0);
    record.headers.clear();
    for offset in 0..2_000_000i64 {
        record.offset = offset;
        record.partition = (offset % 6) as i32;
        record.timestamp = offset ^ 0xff;
        rows.push(&record).expect("kept");
    }
    let window = rows.window(1_999_990, 100);
    assert_eq!(window.len(), 10);
    let (id, _) = window[3];
    assert_eq!(rows.index_of(id), Some(1_999_993));
}
