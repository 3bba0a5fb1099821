//! TransactionsCommand: transactions listed, described, ended by hand, and found where nobody will end them.

use std::time::Duration;

use suites::wait_for;

use super::{Here, TOPICS};

const TRANSACTIONS: &str = "TransactionsCommand";
const LONG: Duration = Duration::from_secs(60);
const HANGING: &str =
    "Topic Partition ProducerId ProducerEpoch CoordinatorEpoch StartOffset LastTimestamp Duration(min)";
const PRODUCERS: &str = "ProducerId ProducerEpoch LatestCoordinatorEpoch LastSequence LastTimestamp CurrentTransactionStartOffset";

#[test]
fn transactions_are_ended_by_tools_even_when_their_coordinator_forgot_them() {
    let Some(mut here) = Here::start() else { return };
    here.create("orders", "1:2:3");
    left_open(&mut here, "one");
    described(&mut here);
    refused(&mut here);
    terminated(&mut here);
    hanging(&mut here);
    here.shutdown();
}

/// A producer that is killed amid its transaction, with records in it.
fn left_open(here: &mut Here, id: &str) {
    let args = format!(
        "--topic orders --num-records 100000 --record-size 10 --throughput 50 --transactional-id {id} \
         --transaction-duration-ms 600000 --command-property transaction.timeout.ms=600000"
    );
    let producer = here.beside("ProducerPerformance", &args);
    wait_for("an open transaction", LONG, || open_at(here));
    drop(producer);
}

/// Where the open transaction of the topic's only partition begins.
fn open_at(here: &mut Here) -> Option<i64> {
    let said =
        here.tools.says(TRANSACTIONS, "describe-producers --topic orders --partition 0", 0, &[PRODUCERS]);
    let rows: Vec<&str> = said.strip_prefix(PRODUCERS)?.split_whitespace().collect();
    rows.chunks(6).find_map(|row| row.get(5)?.parse().ok())
}

fn described(here: &mut Here) {
    let tools = &mut here.tools;
    let head = "TransactionalId Coordinator ProducerId TransactionState";
    for args in ["list", "list --duration-filter 1", "list --transactional-id-pattern o.*"] {
        let said = tools.says(TRANSACTIONS, args, 0, &[head, " one "]);
        assert!(said.ends_with(" Ongoing"), "{said}");
    }
    for args in ["list --duration-filter 99999999", "list --transactional-id-pattern nope.*"] {
        assert_eq!(tools.says(TRANSACTIONS, args, 0, &[]), head, "{args}");
    }
    let said = tools.says(TRANSACTIONS, "describe --transactional-id one", 0, &[" one ", " Ongoing 600000 "]);
    assert!(said.ends_with(" orders-0"), "{said}");
    // Followers know the producers too, and whoever looks for hanging transactions asks each broker.
    for broker in [1, 2, 3] {
        let args = format!("describe-producers --topic orders --partition 0 --broker-id {broker}");
        let said = tools.says(TRANSACTIONS, &args, 0, &[PRODUCERS]);
        assert!(said.ends_with(" 0"), "it began at offset 0: {said}");
    }
    // It is long, but its coordinator knows it.
    for place in ["--topic orders", "--broker-id 1", "--broker-id 2", "--broker-id 3"] {
        let args = format!("find-hanging --max-transaction-timeout 0 {place}");
        assert_eq!(tools.says(TRANSACTIONS, &args, 0, &[]), HANGING, "{args}");
    }
}

fn refused(here: &mut Here) {
    let tools = &mut here.tools;
    let unknown =
        "DescribeTransactions request for transactionalId `nope` failed because the ID could not be found.";
    tools.says(TRANSACTIONS, "describe --transactional-id nope", 1, &[unknown]);
    let scope = "The `find-hanging` command requires either --topic or --broker-id";
    tools.says(TRANSACTIONS, "find-hanging", 1, &[scope]);
    let nothing = "Could not find any open transactions starting at offset 77 on partition orders-0";
    tools.says(TRANSACTIONS, "abort --topic orders --partition 0 --start-offset 77", 1, &[nothing]);
}

fn terminated(here: &mut Here) {
    let tools = &mut here.tools;
    assert_eq!(tools.says(TRANSACTIONS, "forceTerminateTransaction --transactionalId one", 0, &[]), "");
    // Fenced like a producer that begins anew: aborted, then empty.
    wait_for("the transaction to end", LONG, || {
        let said = tools.says(TRANSACTIONS, "list", 0, &[" one "]);
        said.ends_with(" Empty").then_some(())
    });
    assert_eq!(open_at(here), None);
}

/// The topic of the coordinators is gone, and with it what they knew.
fn hanging(here: &mut Here) {
    left_open(here, "two");
    let start = open_at(here).unwrap();
    here.tools.says(TOPICS, "--delete --topic __transaction_state", 0, &[]);
    let row = format!(" {start} ");
    for place in ["--topic orders", "--broker-id 1"] {
        let args = format!("find-hanging --max-transaction-timeout 0 {place}");
        let said = wait_for("the transaction to hang", LONG, || {
            let said = here.tools.says(TRANSACTIONS, &args, 0, &[HANGING]);
            (said != HANGING).then_some(said)
        });
        assert!(said.contains(" orders 0 ") && said.contains(&row), "{said}");
    }
    let args = format!("abort --topic orders --partition 0 --start-offset {start}");
    assert_eq!(here.tools.says(TRANSACTIONS, &args, 0, &[]), "");
    assert_eq!(open_at(here), None);
    let none = "find-hanging --max-transaction-timeout 0 --topic orders";
    assert_eq!(here.tools.says(TRANSACTIONS, none, 0, &[]), HANGING);
    let again = "Could not find any open transactions starting at offset";
    here.tools.says(TRANSACTIONS, &args, 1, &[again]);
}
