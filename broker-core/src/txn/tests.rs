//! The rules of transactions, state by state, without a broker.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::protocol::ErrorCode;
use crate::seams::Now;

const ID: &str = "payments";

fn now(ms: u64) -> Now {
    Now { mono: Duration::from_millis(ms), wall_ms: 1_000_000 + ms as i64 }
}

fn shard() -> Shard {
    Shard::new(TxnConfig { timeout_max_ms: 900_000, id_expiration_ms: 604_800_000 })
}

/// Asks and, if something is to be written, writes it.
fn ask(shard: &mut Shard, at: u64, event: Event) -> Answer {
    let decision = shard.handle(now(at), ID, event, Some(at as i64 + 100));
    if let Some(value) = decision.next {
        shard.apply(now(at), TxnRecord { id: ID.to_owned(), value: Some(value) });
    }
    decision.answer
}

fn init(shard: &mut Shard, at: u64) -> Answer {
    ask(shard, at, Event::Init { timeout_ms: 1000, expected: None })
}

fn partition(index: i32) -> BTreeSet<TxnPartition> {
    BTreeSet::from([("orders".to_owned(), index)])
}

fn add(shard: &mut Shard, producer: Producer) -> Answer {
    ask(shard, 1, Event::Add { producer, partitions: partition(0) })
}

fn end(shard: &mut Shard, producer: Producer, committed: bool, bumps: bool) -> Answer {
    ask(shard, 2, Event::End { producer, committed, bumps })
}

fn complete(shard: &mut Shard) {
    let value = shard.complete(now(3), ID);
    assert!(value.is_some(), "something was decided");
    shard.apply(now(3), TxnRecord { id: ID.to_owned(), value });
}

fn state(shard: &Shard) -> TxnState {
    shard.get(ID).unwrap().state
}

#[test]
fn a_transaction_of_an_old_client_goes_round() {
    let mut shard = shard();
    let first = init(&mut shard, 0).unwrap();
    assert_eq!(first, Producer { id: 100, epoch: 0 });
    add(&mut shard, first).unwrap();
    assert_eq!(end(&mut shard, first, true, false), Ok(first));
    assert_eq!(state(&shard), TxnState::PrepareCommit);
    assert_eq!(add(&mut shard, first), Err(ErrorCode::ConcurrentTransactions), "markers are pending");
    assert_eq!(end(&mut shard, first, true, false), Err(ErrorCode::ConcurrentTransactions));
    assert_eq!(end(&mut shard, first, false, false), Err(ErrorCode::InvalidTxnState));
    complete(&mut shard);
    assert_eq!(end(&mut shard, first, true, false), Ok(first), "the answer was lost");
    assert_eq!(end(&mut shard, first, false, false), Err(ErrorCode::InvalidTxnState));
    add(&mut shard, first).unwrap();
    assert_eq!(shard.get(ID).unwrap().partitions, partition(0));
}

#[test]
fn the_epoch_of_a_new_client_rises_with_every_end_and_a_delayed_one_hits_nothing_else() {
    let mut shard = shard();
    let first = init(&mut shard, 0).unwrap();
    add(&mut shard, first).unwrap();
    let second = end(&mut shard, first, true, true).unwrap();
    assert_eq!(second, Producer { epoch: 1, ..first });
    assert_eq!(shard.get(ID).unwrap().marker(7).producer_epoch, 1, "markers carry the new epoch");
    assert_eq!(end(&mut shard, first, true, true), Err(ErrorCode::ConcurrentTransactions));
    assert_eq!(
        end(&mut shard, second, false, true),
        Err(ErrorCode::ConcurrentTransactions),
        "an empty abort"
    );
    complete(&mut shard);
    assert_eq!(end(&mut shard, first, true, true), Ok(second), "a retry is answered again");
    assert_eq!(end(&mut shard, first, false, true), Err(ErrorCode::InvalidTxnState));
    add(&mut shard, second).unwrap();
    assert_eq!(end(&mut shard, first, true, true), Err(ErrorCode::ProducerFenced), "the next one stays open");
    assert_eq!(state(&shard), TxnState::Ongoing);
}

#[test]
fn an_empty_abort_raises_the_epoch_and_an_empty_commit_is_refused() {
    let mut shard = shard();
    let first = init(&mut shard, 0).unwrap();
    assert_eq!(end(&mut shard, first, true, true), Err(ErrorCode::InvalidTxnState));
    assert_eq!(end(&mut shard, first, false, false), Err(ErrorCode::InvalidTxnState));
    assert_eq!(end(&mut shard, first, false, true), Ok(Producer { epoch: 1, ..first }));
    complete(&mut shard);
    assert_eq!(state(&shard), TxnState::CompleteAbort);
}

#[test]
fn a_second_instance_fences_the_first_and_aborts_what_it_left_open() {
    let mut shard = shard();
    let zombie = init(&mut shard, 0).unwrap();
    add(&mut shard, zombie).unwrap();
    assert_eq!(init(&mut shard, 1), Err(ErrorCode::ConcurrentTransactions));
    assert_eq!(state(&shard), TxnState::PrepareAbort);
    assert_eq!(shard.get(ID).unwrap().marker(0).producer_epoch, 1);
    complete(&mut shard);
    let second = init(&mut shard, 4).unwrap();
    assert_eq!(second.epoch, 2);
    assert_eq!(add(&mut shard, zombie), Err(ErrorCode::ProducerFenced));
    assert_eq!(end(&mut shard, zombie, true, false), Err(ErrorCode::ProducerFenced));
    let other = Producer { id: 5, ..second };
    assert_eq!(add(&mut shard, other), Err(ErrorCode::InvalidProducerIdMapping));
}

#[test]
fn a_bump_asked_for_twice_happens_once() {
    let mut shard = shard();
    let first = init(&mut shard, 0).unwrap();
    let again = Event::Init { timeout_ms: 1000, expected: Some(first) };
    let second = ask(&mut shard, 1, again.clone()).unwrap();
    assert_eq!(second.epoch, 1);
    assert_eq!(ask(&mut shard, 2, again), Ok(second));
    let third = ask(&mut shard, 3, Event::Init { timeout_ms: 1000, expected: Some(second) }).unwrap();
    assert_eq!(third.epoch, 2);
    let late = ask(&mut shard, 4, Event::Init { timeout_ms: 1000, expected: Some(first) });
    assert_eq!(late, Err(ErrorCode::ProducerFenced));
}

#[test]
fn epochs_that_run_out_lead_to_a_new_id() {
    let mut shard = shard();
    let producer = Producer { id: 9, epoch: i16::MAX - 1 };
    let value = Some(Transaction::new(producer, 1000, 0));
    shard.apply(now(0), TxnRecord { id: ID.to_owned(), value });
    add(&mut shard, producer).unwrap();
    let next = end(&mut shard, producer, true, true).unwrap();
    assert_eq!(next, Producer { id: 102, epoch: 0 });
    assert_eq!(shard.get(ID).unwrap().marker(0).producer_epoch, i16::MAX);
    complete(&mut shard);
    assert_eq!(end(&mut shard, producer, true, true), Ok(next));
    add(&mut shard, next).unwrap();
}

#[test]
fn what_stays_open_too_long_is_aborted_but_not_because_the_machine_slept() {
    let mut shard = shard();
    let producer = init(&mut shard, 0).unwrap();
    add(&mut shard, producer).unwrap();
    assert!(shard.tick(now(900)).is_empty());
    assert!(shard.tick(now(60_000)).is_empty(), "59 s were slept away");
    let due = shard.tick(now(61_000));
    assert_eq!(due.len(), 1);
    let value = due.into_iter().next().unwrap();
    assert_eq!(value.value.as_ref().unwrap().state, TxnState::PrepareAbort);
    assert_eq!(
        end(&mut shard, producer, true, false),
        Err(ErrorCode::ConcurrentTransactions),
        "being written"
    );
    shard.apply(now(61_001), value);
    assert_eq!(end(&mut shard, producer, true, false), Err(ErrorCode::ProducerFenced));
}

#[test]
fn a_wall_clock_that_jumps_ends_no_open_transaction() {
    let mut shard = shard();
    let producer = init(&mut shard, 0).unwrap();
    add(&mut shard, producer).unwrap();
    let jumped = |ms| Now { wall_ms: now(ms).wall_ms + 3_600_000, ..now(ms) };
    let more = Event::Add { producer, partitions: partition(1) };
    let value = shard.handle(jumped(10), ID, more, None).next;
    assert!(value.is_some(), "the second partition is written");
    shard.apply(jumped(10), TxnRecord { id: ID.to_owned(), value });
    assert!(shard.tick(jumped(900)).is_empty());
    assert_eq!(shard.tick(jumped(1_100)).len(), 1);
}

#[test]
fn ids_nobody_uses_are_forgotten_and_timeouts_are_bounded() {
    let mut shard = shard();
    init(&mut shard, 0).unwrap();
    let week = 604_800_001;
    let due = shard.tick(Now { mono: Duration::from_millis(1), wall_ms: 1_000_000 + week });
    assert_eq!(due, vec![TxnRecord { id: ID.to_owned(), value: None }]);
    for timeout_ms in [0, -1, 900_001] {
        let refused = ask(&mut shard, 2, Event::Init { timeout_ms, expected: None });
        assert_eq!(refused, Err(ErrorCode::InvalidTransactionTimeout));
    }
}

#[test]
fn records_come_back_as_they_were_written() {
    let mut value = Transaction::new(Producer { id: 9, epoch: 3 }, 1000, 5);
    value.state = TxnState::PrepareCommit;
    value.partitions = partition(4);
    value.next = Some(Producer { id: 10, epoch: 0 });
    value.bumps = true;
    let record = TxnRecord { id: ID.to_owned(), value: Some(value) };
    let raw = record.encode(0, 2).unwrap();
    assert_eq!(TxnRecord::decode(raw.key.clone().unwrap(), raw.value).unwrap(), Some(record));
    let mut plain = Transaction::new(Producer { id: 9, epoch: 3 }, 1000, 5);
    plain.partitions = partition(4);
    plain.state = TxnState::Ongoing;
    let old = TxnRecord { id: ID.to_owned(), value: Some(plain) };
    let written = old.encode(0, 0).unwrap();
    assert_eq!(written.value.as_ref().unwrap()[..2], [0, 0], "the version before flexible records");
    assert_eq!(TxnRecord::decode(written.key.unwrap(), written.value).unwrap(), Some(old));
    let gone = TxnRecord { id: ID.to_owned(), value: None };
    assert_eq!(TxnRecord::decode(raw.key.unwrap(), None).unwrap(), Some(gone));
}
