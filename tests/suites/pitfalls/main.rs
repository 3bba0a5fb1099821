//! The pitfalls of those who wrote Kafka again (each found in the trackers of other projects), asked by hand in
//! Kafka's protocol. Apache Kafka 4.3.1 goes through the same stories, so that they tell what is so and not what we
//! think; what a story expects of ours alone says so.
//!
//! Those that need a crash, a client library or a record on disk are in the other suites and in `broker-core`.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]
#![expect(clippy::indexing_slicing, reason = "an answer without its row fails the test")]

mod classic;
mod connection;
mod consumer;
mod fetching;
mod offsets;
mod producing;
mod sessions;
mod transactions;
mod waiting;

use suites::{Apache, Launcher, apache, kafka};

use suites::peer::Peer;

/// Plays a story on a cluster of ours that ends without a warning.
fn on_ours(story: fn(&Peer)) {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Launcher::start(dir.path(), &["--brokers", "3"]);
    story(&Peer::at(&cluster.bootstrap()));
    assert_eq!(cluster.shutdown(), Vec::<String>::new(), "an undeclared warning");
}

macro_rules! stories {
    ($($file:ident: $($story:ident)*;)*) => {
        $($(#[test] fn $story() { on_ours($file::$story) })*)*

        const ALL: &[(&str, fn(&Peer))] = &[$($((stringify!($story), $file::$story),)*)*];
    };
}

stories! {
    connection:
        acks_0_takes_no_answer
        an_error_of_acks_0_closes_the_connection
        answers_come_in_the_order_of_the_requests
        features_with_a_minimum_of_0_are_told_from_version_4_on
        every_version_of_produce_is_told
        an_internal_topic_is_made_once;
    fetching:
        a_batch_comes_whole_from_an_offset_within
        the_first_batch_comes_however_large
        the_end_of_an_empty_log_is_in_range
        an_error_fills_its_row_with_what_clients_can_read;
    sessions:
        what_did_not_change_is_left_out
        an_error_is_told_in_a_session
        a_topic_made_again_is_another_one
        sessions_and_epochs_that_are_not_known;
    waiting:
        an_idle_fetch_waits_as_long_as_it_may
        an_append_wakes_a_fetch
        a_commit_wakes_a_fetch_of_stable_bytes;
    producing:
        five_batches_are_known_again
        an_older_epoch_is_refused_as_such
        a_producer_goes_with_its_topic
        records_without_a_key_are_named
        a_topic_has_a_size_of_its_own
        a_record_of_tomorrow_is_refused;
    transactions:
        a_timeout_may_be_too_long
        an_end_may_be_said_twice_but_not_turned
        every_end_raises_the_epoch_in_version_5
        offsets_need_no_group
        a_write_outside_is_refused_within
        pending_offsets_are_unstable_until_the_end
        a_topic_made_again_does_not_hold_the_end_up
        aborted_transactions_are_told_in_order;
    classic:
        old_members_are_given_their_id_at_once
        a_leader_that_never_assigns_is_left_behind
        all_members_speak_the_protocol
        who_is_assigned_nothing_gets_no_bytes
        many_join_at_once
        a_static_member_takes_its_place;
    consumer:
        malformed_heartbeats_are_refused
        a_partition_is_given_up_before_it_is_given
        a_new_partition_raises_the_epoch
        regular_expressions_are_re2s;
    offsets:
        metadata_comes_back_as_it_was
        what_is_not_there_is_not_committed
        a_time_is_answered_with_the_record
        an_epoch_is_answered_with_its_end;
}

#[test]
fn apache_kafka_goes_through_the_same() {
    if !kafka::has_java() || !kafka::has_kcat() {
        return;
    }
    let mut cluster = Apache::start_with(3, apache::LAPTOP);
    let peer = Peer::at(&cluster.bootstrap());
    let played = ALL.iter().filter_map(|(name, story)| {
        let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| story(&peer)));
        ended.is_err().then_some(*name)
    });
    let failed: Vec<&str> = played.collect();
    assert_eq!(cluster.complaint(), None);
    assert_eq!(failed, Vec::<&str>::new());
}
