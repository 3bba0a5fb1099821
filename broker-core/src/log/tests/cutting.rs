//! What is left of a log that is cut.

use super::*;

#[test]
fn truncation_forgets_records_and_epochs() {
    let disk = MemoryDisk::new();
    let mut log = open(&disk, false);
    fill(&mut log, 20);
    log.append(&batch(60, 3, 4), 0).unwrap();
    for offset in [62, 60, 31, 3, 0] {
        log.truncate_to(offset).unwrap();
        let end = offset / 3 * 3;
        assert_eq!(log.end_offset(), end);
        assert_eq!(values(&log, 0), expected(0..end));
        assert_eq!(log.epochs().latest() == Some(4), end > 60);
    }
    log.append(&batch(0, 3, 5), 0).unwrap();
    assert_eq!(values(&open(&disk, false), 0), expected(0..3));
}

/// What a reader or a leader can learn of a log.
fn state(log: &Log) -> (i64, Vec<String>, Option<i32>, Vec<AbortedTxn>, Vec<ProducerState>) {
    let end = log.end_offset();
    let aborted = log.aborted(0, end);
    (end, values(log, 0), log.epochs().latest(), aborted, log.producers().list())
}

/// As a log with aborted transactions, two epochs and many segments is before it is cut.
fn to_be_cut(disk: &MemoryDisk) -> Log {
    let mut log = open(disk, false);
    fill_aborted(&mut log);
    log.append(&batch(60, 3, 4), 0).unwrap();
    log.take_seals().into_iter().for_each(|seal| seal.run(disk).unwrap());
    log
}

#[test]
fn a_cut_that_fails_half_way_leaves_what_the_files_say_and_can_be_made_again() {
    for offset in [0, 8, 31, 61] {
        let whole = {
            let mut log = to_be_cut(&MemoryDisk::new());
            log.truncate_to(offset).unwrap();
            state(&log)
        };
        for refused in 0.. {
            let disk = MemoryDisk::new();
            let mut log = to_be_cut(&disk);
            disk.fail_next(Fault::Refuse(refused));
            if log.truncate_to(offset).is_ok() {
                assert!(refused > 3, "cutting at {offset} takes some changes");
                break;
            }
            assert!(!log.is_offline());
            assert_eq!(state(&log), state(&open(&disk, false)), "change {refused} of cutting at {offset}");
            log.truncate_to(offset).unwrap();
            assert_eq!(state(&log), whole, "made again after change {refused} of cutting at {offset}");
        }
    }
}
