//! A leader and its followers by hand: no runtime, memory disks, a clock that moves when told.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::log::LastLife;
use crate::protocol::batch::{BatchBuilder, Codec, NewRecord};
use crate::seams::MemoryDisk;

fn now(ms: u64) -> Now {
    Now { mono: Duration::from_millis(ms), wall_ms: 1_000_000 + ms as i64 }
}

fn config() -> Arc<PartitionConfig> {
    PartitionConfig::of(&BrokerConfig::new(3, &[]).unwrap(), &BTreeMap::new()).into()
}

fn replica(me: i32) -> Partition {
    let disk = Arc::new(MemoryDisk::new());
    let log =
        Log::open(PathBuf::from("/p"), disk, LogConfig::default(), Uuid::ZERO, LastLife::default()).unwrap();
    Partition::new(me, log, 0, config())
}

fn image(leader: i32, epoch: i32, isr: &[i32]) -> PartitionImage {
    let replicas = vec![1, 2, 3];
    PartitionImage {
        replicas,
        isr: isr.to_vec(),
        leader,
        leader_epoch: epoch,
        partition_epoch: epoch,
        ..Default::default()
    }
}

fn produced(text: &str) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    builder.push(&NewRecord {
        timestamp: 1_000_000,
        value: Some(Bytes::from(text.to_owned())),
        ..Default::default()
    });
    builder.build().unwrap().to_bytes()
}

/// What a client sent is checked and appended.
fn append(to: &mut Partition, now: Now, records: Bytes, acks_all: bool) -> Result<Appended, AppendError> {
    match to.append_rules()?.check(now, records, Effort::Small)? {
        Checked::Batch(batch) => to.append(now, batch, acks_all),
        Checked::Large => panic!("too large to be checked at once"),
    }
}

/// One pull of `follower`, applied to it.
fn pull(leader: &mut Partition, follower: &mut Partition, at: u64) {
    let (position, epoch) = follower.position();
    let (_, followed) = leader.serve_pull(now(at), follower.me, position, epoch, Some(1 << 20)).unwrap();
    match followed {
        Followed::Batches(batches) => {
            follower.replicate(now(at), &batches, leader.high_watermark()).unwrap();
        }
        Followed::Diverged { epoch, end_offset } => follower.diverge(epoch, end_offset).unwrap(),
        Followed::OutOfRange { start_offset } => {
            follower.realign(start_offset, leader.log().end_offset()).unwrap();
        }
    }
}

#[test]
fn the_high_watermark_is_what_every_in_sync_replica_has() {
    let (mut one, mut two, mut three) = (replica(1), replica(2), replica(3));
    one.assume(now(0), &image(1, 0, &[1, 2, 3]).into(), config());
    append(&mut one, now(0), produced("a"), true).unwrap();
    assert_eq!(one.high_watermark(), 0);
    pull(&mut one, &mut two, 1);
    pull(&mut one, &mut two, 2);
    assert_eq!(one.high_watermark(), 0, "replica 3 has not pulled");
    pull(&mut one, &mut three, 3);
    pull(&mut one, &mut three, 4);
    assert_eq!(one.high_watermark(), 1);
    pull(&mut one, &mut two, 5);
    assert_eq!(two.high_watermark(), 1, "followers learn it with their next pull");
}

#[test]
fn a_new_leader_knows_no_end_until_its_followers_have_told_theirs() {
    let (mut one, mut two, mut three) = (replica(1), replica(2), replica(3));
    one.assume(now(0), &image(1, 0, &[1, 2, 3]).into(), config());
    append(&mut one, now(0), produced("a"), true).unwrap();
    pull(&mut one, &mut two, 1);
    pull(&mut one, &mut three, 1);
    pull(&mut one, &mut two, 2);
    pull(&mut one, &mut three, 2);
    assert_eq!((one.high_watermark(), one.lags_behind_its_epoch()), (1, false));
    // As after a restart in which it was not checkpointed: records are there, and nobody has pulled.
    one.high_watermark = 0;
    one.assume(now(3), &image(1, 1, &[1, 2, 3]).into(), config());
    assert_eq!((one.readable_end(false), one.lags_behind_its_epoch()), (0, true));
    two.assume(now(3), &image(1, 1, &[1, 2, 3]).into(), config());
    three.assume(now(3), &image(1, 1, &[1, 2, 3]).into(), config());
    pull(&mut one, &mut two, 4);
    assert!(one.lags_behind_its_epoch());
    pull(&mut one, &mut three, 4);
    assert_eq!((one.readable_end(false), one.lags_behind_its_epoch()), (1, false));
}

#[test]
fn too_few_in_sync_replicas_refuse_acks_all_and_stop_the_high_watermark() {
    let mut one = replica(1);
    one.assume(now(0), &image(1, 0, &[1]).into(), config());
    let refused = append(&mut one, now(0), produced("a"), true).unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotEnoughReplicas);
    append(&mut one, now(0), produced("a"), false).unwrap();
    assert_eq!(one.high_watermark(), 0, "strict min ISR: acks=1 data stays invisible too");
    one.assume(now(1), &PartitionImage { isr: vec![1, 2], ..image(1, 0, &[]) }.into(), config());
    assert_eq!(one.high_watermark(), 0, "replica 2 is in sync by the metadata but has not pulled yet");
}

#[test]
fn a_silent_follower_leaves_the_in_sync_replicas_and_a_caught_up_one_joins() {
    let (mut one, mut two) = (replica(1), replica(2));
    let lag = Duration::from_secs(5);
    one.assume(now(0), &image(1, 0, &[1, 2, 3]).into(), config());
    append(&mut one, now(0), produced("a"), true).unwrap();
    pull(&mut one, &mut two, 10);
    pull(&mut one, &mut two, 20);
    assert_eq!(one.isr_to_ask(now(4_000), lag, |_| true), None);
    assert_eq!(one.isr_to_ask(now(6_000), lag, |_| true), Some(vec![1, 2]));
    assert_eq!(one.isr_to_ask(now(7_000), lag, |_| true), None, "one question at a time");
    one.assume(now(7_000), &PartitionImage { partition_epoch: 1, ..image(1, 0, &[1, 2]) }.into(), config());
    assert_eq!(one.high_watermark(), 1);
    let mut three = replica(3);
    pull(&mut one, &mut three, 8_000);
    assert_eq!(one.isr_to_ask(now(8_000), lag, |_| true), None, "it has not reached the high watermark");
    pull(&mut one, &mut three, 8_100);
    assert_eq!(one.isr_to_ask(now(8_100), lag, |_| true), Some(vec![1, 2, 3]));
}

#[test]
fn a_follower_that_is_stuck_at_the_high_watermark_stays_out() {
    let (mut one, mut two) = (replica(1), replica(2));
    let lag = Duration::from_secs(5);
    one.assume(now(0), &image(1, 0, &[1]).into(), config());
    pull(&mut one, &mut two, 1);
    append(&mut one, now(2), produced("a"), false).unwrap();
    assert_eq!(one.high_watermark(), 0, "one replica in sync is too few");
    // Its disk refuses what it is given: it pulls from where it was, again and again.
    for at in [1_000, 4_000, 7_000, 9_000] {
        let (position, epoch) = two.position();
        one.serve_pull(now(at), 2, position, epoch, Some(1 << 20)).unwrap();
    }
    assert_eq!(one.isr_to_ask(now(9_000), lag, |_| true), None, "it would have to leave at once");
    pull(&mut one, &mut two, 9_100);
    pull(&mut one, &mut two, 9_200);
    assert_eq!(one.isr_to_ask(now(9_200), lag, |_| true), Some(vec![1, 2]));
}

#[test]
fn records_that_only_an_old_leader_had_are_cut_when_it_returns() {
    let (mut one, mut two) = (replica(1), replica(2));
    one.assume(now(0), &image(1, 0, &[1, 2]).into(), config());
    append(&mut one, now(0), produced("kept"), true).unwrap();
    pull(&mut one, &mut two, 1);
    append(&mut one, now(2), produced("lost"), false).unwrap();
    append(&mut one, now(2), produced("lost too"), false).unwrap();
    two.assume(now(3), &image(2, 1, &[2]).into(), config());
    append(&mut two, now(3), produced("new"), false).unwrap();
    one.assume(now(3), &image(2, 1, &[2]).into(), config());
    for at in 4..8 {
        pull(&mut two, &mut one, at);
    }
    assert_eq!(one.log().end_offset(), 2);
    assert_eq!(one.log().epochs(), two.log().epochs());
    let read = |p: &Partition| {
        let limits = crate::log::ReadLimits { bytes_max: 1 << 20, before: i64::MAX, at_least_one: true };
        p.log().read(0, limits).unwrap().chunk.unwrap().load().unwrap()
    };
    assert_eq!(read(&one), read(&two), "both logs are the same to the byte");
}

#[test]
fn what_no_client_may_send_is_refused_with_kafkas_code() {
    let mut one = replica(1);
    one.assume(now(0), &image(1, 0, &[1, 2]).into(), config());
    let mut flipped = produced("a").to_vec();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    assert_eq!(append(&mut one, now(0), flipped.into(), true).unwrap_err().code, ErrorCode::CorruptMessage);
    let two_batches = [produced("a"), produced("b")].concat();
    assert_eq!(
        append(&mut one, now(0), two_batches.into(), true).unwrap_err().code,
        ErrorCode::InvalidRecord
    );
    let big = produced(&"x".repeat(2 << 20));
    assert_eq!(append(&mut one, now(0), big, true).unwrap_err().code, ErrorCode::MessageTooLarge);
    let early = Now { wall_ms: 1_000_000 - 3_600_001, ..now(0) };
    assert_eq!(append(&mut one, early, produced("a"), true).unwrap_err().code, ErrorCode::InvalidTimestamp);
    let compact = Arc::new(LogConfig { compact: true, ..LogConfig::default() });
    one.config = Arc::new(PartitionConfig { log: compact, ..PartitionConfig::clone(&one.config) });
    let keyless = append(&mut one, now(0), produced("a"), true).unwrap_err();
    assert_eq!((keyless.code, keyless.records.len()), (ErrorCode::InvalidRecord, 1));
    assert_eq!(one.log().end_offset(), 0);
}

#[test]
fn a_replica_that_left_is_not_asked_back_until_it_pulls_again() {
    let (mut one, mut two, mut three) = (replica(1), replica(2), replica(3));
    let lag = Duration::from_secs(5);
    one.assume(now(0), &image(1, 0, &[1, 2, 3]).into(), config());
    append(&mut one, now(0), produced("a"), true).unwrap();
    for at in 1..3 {
        pull(&mut one, &mut two, at);
        pull(&mut one, &mut three, at);
    }
    assert_eq!(one.high_watermark(), 1);
    // Broker 3 dies; it had everything, and the controller takes it out.
    one.assume(now(2_500), &PartitionImage { partition_epoch: 1, ..image(1, 0, &[1, 2]) }.into(), config());
    assert_eq!(one.isr_to_ask(now(2_500), lag, |_| true), None, "nothing was heard of it since");
    append(&mut one, now(2_600), produced("b"), true).unwrap();
    pull(&mut one, &mut two, 2_700);
    pull(&mut one, &mut two, 2_800);
    assert_eq!(one.high_watermark(), 2);
    pull(&mut one, &mut three, 3_000);
    pull(&mut one, &mut three, 3_100);
    assert_eq!(one.isr_to_ask(now(3_100), lag, |_| true), Some(vec![1, 2, 3]), "it is back");
}

/// Broker 3 stops in order: it is taken out, and its last pull comes after that.
fn a_leader_whose_third_broker_stopped() -> (Partition, Partition) {
    let (mut one, mut two, mut three) = (replica(1), replica(2), replica(3));
    one.assume(now(0), &image(1, 0, &[1, 2, 3]).into(), config());
    append(&mut one, now(0), produced("a"), true).unwrap();
    for at in 1..3 {
        pull(&mut one, &mut two, at);
        pull(&mut one, &mut three, at);
    }
    one.assume(now(100), &PartitionImage { partition_epoch: 1, ..image(1, 0, &[1, 2]) }.into(), config());
    pull(&mut one, &mut three, 101);
    (one, two)
}

#[test]
fn a_stopped_broker_is_not_asked_back_for_its_last_pull() {
    let (mut one, _) = a_leader_whose_third_broker_stopped();
    assert_eq!(one.isr_to_ask(now(200), Duration::from_secs(5), |id| id != 3), None);
}

#[test]
fn what_waited_for_a_refused_replica_is_committed_at_the_refusal() {
    let (mut one, mut two) = a_leader_whose_third_broker_stopped();
    assert_eq!(one.isr_to_ask(now(200), Duration::from_secs(5), |_| true), Some(vec![1, 2, 3]));
    append(&mut one, now(201), produced("b"), true).unwrap();
    pull(&mut one, &mut two, 202);
    pull(&mut one, &mut two, 203);
    assert_eq!(one.high_watermark(), 1, "broker 3 would join and does not have it");
    assert!(!one.forget_asked(0), "an answer to an older question");
    assert!(one.forget_asked(1));
    assert_eq!(one.high_watermark(), 2);
}
