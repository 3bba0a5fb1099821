//! When a log begins a new segment by time.

use super::*;

const NOW_MS: i64 = 1_700_000_000_000;
const HOUR_MS: i64 = 3_600_000;

fn stamped(base_offset: i64, timestamp: i64) -> Batch {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(&NewRecord { timestamp, value: Some(Bytes::from_static(b"value")), ..Default::default() });
    let mut batch = builder.build().unwrap();
    batch.header.base_offset = base_offset;
    batch
}

/// The base offsets of the segments after appends of one record each, with (timestamp, time of the append).
fn segments(name: &str, config: &LogConfig, appends: &[(i64, i64)]) -> Vec<i64> {
    let disk = Arc::new(MemoryDisk::new());
    let dir = PathBuf::from("/d").join(name);
    let mut log = Log::open(dir, disk, config.clone(), Uuid::ZERO, LastLife::default()).unwrap();
    for (offset, &(timestamp, now_ms)) in (0..).zip(appends) {
        log.append(&stamped(offset, timestamp), now_ms).unwrap();
    }
    log.segments.iter().map(Segment::base_offset).collect()
}

#[test]
fn old_records_share_a_segment_and_a_record_of_much_later_begins_one() {
    let config = LogConfig { segment_ms: HOUR_MS, ..LogConfig::default() };
    let at = |timestamp| (timestamp, NOW_MS);
    assert_eq!(segments("t-0", &config, &[at(1000), at(1001), at(1000 + HOUR_MS)]), [0]);
    assert_eq!(segments("t-0", &config, &[at(1000), at(1001 + HOUR_MS), at(1002 + HOUR_MS)]), [0, 1]);
    assert_eq!(segments("t-0", &config, &[at(1000), at(0)]), [0], "an older one begins none");
    assert_eq!(segments("t-0", &config, &[(1000, 0), (1001, 2 * HOUR_MS)]), [0], "nor does the clock");
}

#[test]
fn records_without_a_timestamp_are_timed_by_the_clock() {
    let config = LogConfig { segment_ms: HOUR_MS, ..LogConfig::default() };
    let appends = [(-1, NOW_MS), (-1, NOW_MS + HOUR_MS), (-1, NOW_MS + HOUR_MS + 1)];
    assert_eq!(segments("t-0", &config, &appends), [0, 2]);
}

#[test]
fn a_jitter_rolls_some_segments_earlier_and_always_the_same() {
    let config = LogConfig { segment_ms: HOUR_MS, segment_jitter_ms: HOUR_MS, ..LogConfig::default() };
    let rolled = || -> Vec<bool> {
        let half_an_hour_apart = [(1000, NOW_MS), (1000 + HOUR_MS / 2, NOW_MS)];
        (0..40).map(|n| segments(&format!("t-{n}"), &config, &half_an_hour_apart).len() == 2).collect()
    };
    let first = rolled();
    assert_eq!(first, rolled());
    let early = first.iter().filter(|&&early| early).count();
    assert!((8..32).contains(&early), "about half of 40: {early}");
}
