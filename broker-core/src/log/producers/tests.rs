//! Retries, gaps, epochs and transactions of producers, without a log.

use super::*;
use crate::protocol::batch::{BatchBuilder, Codec, NewRecord};

fn header(epoch: i16, first_sequence: i32, count: i32, base_offset: i64) -> BatchHeader {
    let mut builder = BatchBuilder::new(Codec::None).producer(7, epoch, first_sequence);
    for _ in 0..count {
        builder.push(&NewRecord::default());
    }
    let mut header = builder.build().unwrap().header;
    header.base_offset = base_offset;
    header
}

fn with_batches(count: i32) -> Producers {
    let mut producers = Producers::default();
    for n in 0..count {
        producers.update(&header(0, n * 2, 2, i64::from(n) * 2));
    }
    producers
}

#[test]
fn a_retry_of_the_last_five_answers_the_original_offset() {
    let producers = with_batches(7);
    for n in 2..7 {
        let check = producers.check(&header(0, n * 2, 2, 0));
        assert!(
            matches!(check, Ok(ProducerCheck::Duplicate { base_offset, .. }) if base_offset == i64::from(n) * 2)
        );
    }
    assert!(matches!(producers.check(&header(0, 2, 2, 0)), Err(SequenceError::OutOfOrder { .. })));
}

#[test]
fn gaps_and_old_epochs_are_refused_and_new_epochs_start_at_zero() {
    let mut producers = with_batches(1);
    assert_eq!(producers.check(&header(0, 4, 1, 0)), Err(SequenceError::OutOfOrder { got: 4, last: 1 }));
    assert_eq!(producers.check(&header(1, 3, 1, 0)), Err(SequenceError::OutOfOrder { got: 3, last: -1 }));
    assert_eq!(producers.check(&header(1, 0, 1, 0)), Ok(ProducerCheck::Append));
    producers.update(&header(1, 0, 1, 2));
    assert_eq!(producers.check(&header(0, 2, 1, 0)), Err(SequenceError::StaleEpoch { got: 0, known: 1 }));
}

#[test]
fn sequences_wrap_to_zero() {
    let mut producers = Producers::default();
    producers.update(&header(0, i32::MAX - 1, 2, 0));
    assert_eq!(producers.check(&header(0, 0, 1, 0)), Ok(ProducerCheck::Append));
}

#[test]
fn a_snapshot_gives_back_the_last_batch_and_a_damaged_one_nothing() {
    let producers = with_batches(3);
    let raw = producers.encode();
    let back = Producers::decode(&raw).unwrap();
    assert!(matches!(back.check(&header(0, 4, 2, 0)), Ok(ProducerCheck::Duplicate { base_offset: 4, .. })));
    assert_eq!(back.check(&header(0, 6, 1, 0)), Ok(ProducerCheck::Append));
    for at in 0..raw.len() {
        let mut damaged = raw.clone();
        damaged[at] ^= 1;
        assert_eq!(Producers::decode(&damaged), None, "bit flipped at {at}");
    }
}

fn transactional(first_sequence: i32, base_offset: i64) -> BatchHeader {
    let mut builder = BatchBuilder::new(Codec::None).producer(7, 0, first_sequence).transactional();
    builder.push(&NewRecord::default());
    let mut header = builder.build().unwrap().header;
    header.base_offset = base_offset;
    header
}

fn end(epoch: i16, committed: bool, offset: i64) -> (EndMarker, BatchHeader) {
    let marker = EndMarker { producer_id: 7, producer_epoch: epoch, committed, coordinator_epoch: 4 };
    let mut header = marker.to_batch(0).header;
    header.base_offset = offset;
    (marker, header)
}

#[test]
fn a_transaction_is_unstable_until_its_marker_is_committed() {
    let mut producers = Producers::default();
    producers.update(&transactional(0, 10));
    producers.update(&transactional(1, 12));
    assert_eq!(producers.first_unstable(13), Some(10));
    assert_eq!(producers.open_transaction(7, 0), Some(10));
    assert_eq!(producers.open_transaction(7, 1), None);
    let (marker, at) = end(0, false, 13);
    let aborted = producers.end_transaction(&marker, &at).unwrap();
    assert_eq!((aborted.first_offset, aborted.last_offset, aborted.last_stable_offset), (10, 13, 14));
    assert_eq!(producers.first_unstable(13), Some(10), "the marker lies at the high watermark");
    assert_eq!(producers.first_unstable(14), None);
    producers.settle(14);
    assert_eq!(producers.end_transaction(&marker, &at), None, "no transaction is open");
}

#[test]
fn a_marker_of_an_older_epoch_or_coordinator_is_refused() {
    let mut producers = Producers::default();
    producers.update(&transactional(0, 10));
    assert!(producers.check_marker(&end(0, true, 11).0, false).is_ok());
    assert!(matches!(
        producers.check_marker(&end(0, true, 11).0, true),
        Err(MarkerError::StaleEpoch { got: 0, known: 0 })
    ));
    let (marker, at) = end(1, true, 11);
    producers.check_marker(&marker, true).unwrap();
    producers.end_transaction(&marker, &at);
    producers.check_marker(&marker, true).unwrap();
    let late = EndMarker { coordinator_epoch: 3, ..marker };
    assert!(matches!(producers.check_marker(&late, true), Err(MarkerError::StaleCoordinator { .. })));
    assert_eq!(producers.check(&header(1, 0, 1, 0)), Ok(ProducerCheck::Append));
    assert!(producers.check(&header(1, 1, 1, 0)).is_err(), "after the bump sequences begin at 0");
}

#[test]
fn a_snapshot_keeps_the_open_transaction() {
    let mut producers = Producers::default();
    producers.update(&transactional(0, 10));
    let back = Producers::decode(&producers.encode()).unwrap();
    assert_eq!(back.first_unstable(99), Some(10));
    assert!(matches!(back.check(&header(0, 1, 1, 0)), Err(SequenceError::OpenTransaction { since: 10 })));
}

#[test]
fn the_silent_are_forgotten_but_for_an_open_transaction() {
    let mut producers = Producers::default();
    let mut early = header(0, 0, 1, 0);
    early.max_timestamp = 1_000;
    producers.update(&early);
    producers.expire(1_000);
    assert!(matches!(producers.check(&early), Ok(ProducerCheck::Duplicate { .. })), "it is known still");
    producers.expire(1_001);
    assert_eq!(producers.check(&early), Ok(ProducerCheck::Append), "nothing is known of it");
    producers.update(&transactional(0, 10));
    producers.expire(i64::MAX);
    assert_eq!(producers.first_unstable(13), Some(10));
}
