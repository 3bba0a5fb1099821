//! Groups: ConsumerGroupCommand with every way to reset offsets, GroupsCommand, and the commands for the kinds of
//! groups that are not served.

use std::time::Duration;

use suites::{Process, wait_for};

use super::Here;

const GROUPS: &str = "ConsumerGroupCommand";
const LONG: Duration = Duration::from_secs(60);

#[test]
fn groups_are_listed_described_reset_and_deleted_by_tools() {
    let Some(mut here) = Here::start() else { return };
    here.create("orders", "1:2:3,2:3:1");
    for partition in [0, 1] {
        here.produce("orders", partition, &"x\n".repeat(20));
    }
    resets(&mut here);
    an_idle_group(&mut here);
    let members: Vec<Process> =
        ["classic", "consumer"].iter().flat_map(|protocol| join_twice(&here, protocol)).collect();
    a_busy_group(&mut here, "classic", "range");
    a_busy_group(&mut here, "consumer", "uniform");
    busy_lists(&mut here);
    unsupported(&mut here);
    drop(members);
    deletes(&mut here);
    here.shutdown();
}

/// A plan to reset the offsets of the group idle in both partitions, as the tool prints it.
fn reset(here: &mut Here, args: &str, wanted: [i64; 2]) {
    let rows = [0, 1].map(|partition| format!("idle orders {partition} {}", wanted[partition]));
    let said = here.tools.says(GROUPS, &format!("--reset-offsets --group idle {args}"), 0, &["NEW-OFFSET"]);
    // Which row comes first depends on the topic's name; the table ends after two.
    let table = said.split("NEW-OFFSET ").nth(1).unwrap();
    let [one, other] = [0, 1].map(|first| format!("{} {}", rows[first], rows[1 - first]));
    assert!(table == one || table == other, "{args}: {said}");
}

/// The tool ends with 0 whatever it says.
fn resets(here: &mut Here) {
    let warning = "WARN: No action will be performed as the --execute option is missing.";
    here.tools.says(GROUPS, "--reset-offsets --group idle --topic orders --to-earliest", 0, &[warning]);
    let none = "GroupIdNotFoundException";
    here.tools.says(GROUPS, "--describe --group idle", 0, &[none]);
    reset(here, "--topic orders --to-offset 7 --execute", [7, 7]);
    let one = "--reset-offsets --group idle --execute --topic";
    here.tools.says(GROUPS, &format!("{one} orders:0 --shift-by 3"), 0, &["NEW-OFFSET idle orders 0 10"]);
    here.tools.says(GROUPS, &format!("{one} orders:0 --shift-by -100"), 0, &["NEW-OFFSET idle orders 0 0"]);
    here.tools.says(GROUPS, &format!("{one} orders:1 --to-offset 99"), 0, &["NEW-OFFSET idle orders 1 20"]);
    let empty = "Warn: Partition 0 from topic orders is empty. Falling back to latest known offset.";
    for (mode, wanted) in [
        ("--to-current", [0, 20]),
        ("--to-earliest", [0, 0]),
        ("--to-latest", [20, 20]),
        ("--to-offset 5", [5, 5]),
        ("--to-datetime 2020-01-01T00:00:00.000", [0, 0]),
        ("--to-datetime 2099-01-01T00:00:00.000Z", [20, 20]),
        ("--by-duration PT1H", [0, 0]),
        ("--by-duration PT0S", [20, 20]),
        ("--shift-by 4", [4, 20]),
    ] {
        reset(here, &format!("--topic orders {mode} --dry-run"), wanted);
    }
    here.tools.says(
        GROUPS,
        "--reset-offsets --group idle --topic orders --by-duration PT0S --dry-run",
        0,
        &[empty],
    );
    reset(here, "--all-topics --to-current --dry-run", [0, 20]);
    let export = "--reset-offsets --group idle --all-topics --to-offset 5 --dry-run --export";
    let csv = here.tools.says(GROUPS, export, 0, &["orders,0,5", "orders,1,5"]);
    assert_eq!(csv.split(' ').count(), 2, "{csv}");
    let csv = here.file("offsets.csv", "orders,0,11\norders,1,12\n");
    reset(here, &format!("--all-topics --from-file {csv} --execute"), [11, 12]);
    here.tools.says(
        GROUPS,
        "--reset-offsets --all-groups --topic orders --to-earliest --dry-run",
        0,
        &["idle orders 0 0", "idle orders 1 0"],
    );
    let failed = "Error: Executing consumer group command failed due to";
    let missing = format!("{failed} The partitions \"orders-7\" do not exist");
    here.tools.says(GROUPS, &format!("{one} orders:7 --to-earliest"), 0, &[&missing]);
    let missing = format!("{failed} This server does not host this topic-partition.");
    here.tools.says(GROUPS, &format!("{one} nope --to-earliest"), 0, &[&missing]);
}

fn an_idle_group(here: &mut Here) {
    let tools = &mut here.tools;
    let idle = "Consumer group 'idle' has no active members.";
    let rows = "idle orders 0 11 20 9 - - - idle orders 1 12 20 8 - - -";
    tools.says(GROUPS, "--describe --group idle", 0, &[rows, idle]);
    let rows = "idle orders 0 - 11 20 9 - - - idle orders 1 - 12 20 8 - - -";
    tools.says(GROUPS, "--describe --group idle --offsets --verbose", 0, &["LEADER-EPOCH", rows, idle]);
    tools.says(GROUPS, "--describe --group idle --state", 0, &[" - Empty 0 ", idle]);
    tools.says(GROUPS, "--describe --all-groups --state", 0, &[" - Empty 0 ", idle]);
    tools.says(GROUPS, "--describe --group idle --members --verbose", 0, &["TARGET-ASSIGNMENT", idle]);
    for (args, wanted) in [
        ("--list", "idle"),
        ("--list --state", "GROUP STATE idle Empty"),
        ("--list --state Empty", "GROUP STATE idle Empty"),
        ("--list --type", "GROUP TYPE idle Classic"),
        ("--list --type consumer --state stable", "GROUP TYPE STATE"),
    ] {
        assert_eq!(tools.says(GROUPS, args, 0, &[]), wanted, "{args}");
    }
    tools.says(GROUPS, "--list --state nonsense", 1, &["Invalid state list 'nonsense'."]);
    let delete = |group: &str, topic: &str| format!("--delete-offsets --group {group} --topic {topic}");
    let done =
        "Request succeeded for deleting offsets from group idle. TOPIC PARTITION STATUS orders 1 Successful";
    tools.says(GROUPS, &delete("idle", "orders:1"), 0, &[done]);
    let partial = "Error: Encountered some partition-level error";
    let unknown = "orders 7 Error: org.apache.kafka.common.errors.UnknownTopicOrPartitionException";
    tools.says(GROUPS, &delete("idle", "orders:7"), 0, &[partial, unknown]);
    tools.says(GROUPS, &delete("nope", "orders"), 0, &["Error: The group id does not exist."]);
    let left = tools.says(GROUPS, "--describe --group idle", 0, &["idle orders 0 11 20 9"]);
    assert!(!left.contains("idle orders 1"), "{left}");
}

fn join_twice(here: &Here, protocol: &str) -> Vec<Process> {
    let join = |name| {
        let args = format!(
            "--topic orders --group {protocol} --command-property group.protocol={protocol} \
             --command-property client.id={name}"
        );
        here.beside("consumer.ConsoleConsumer", &args)
    };
    vec![join("m1"), join("m2")]
}

fn a_busy_group(here: &mut Here, group: &str, assignor: &str) {
    let tools = &mut here.tools;
    let args = format!("--describe --group {group}");
    let stable = format!("{assignor} Stable 2");
    wait_for(&format!("{group} to be stable"), LONG, || {
        tools.says(GROUPS, &format!("{args} --state"), 0, &[]).contains(&stable).then_some(())
    });
    // A member of each partition; every one with its name, and one partition.
    let rows = tools.says(GROUPS, &format!("{args} --offsets"), 0, &["CONSUMER-ID HOST CLIENT-ID"]);
    assert_eq!(
        (rows.matches("/127.0.0.1 m1").count(), rows.matches("/127.0.0.1 m2").count()),
        (1, 1),
        "{rows}"
    );
    tools.says(GROUPS, &format!("{args} --members"), 0, &["/127.0.0.1 m1 1", "/127.0.0.1 m2 1"]);
    let verbose = tools.says(GROUPS, &format!("{args} --members --verbose"), 0, &["orders:0", "orders:1"]);
    let targets = if group == "consumer" { 2 } else { 1 };
    assert_eq!(verbose.matches("orders:0").count(), targets, "{verbose}");
    let head = "STATE GROUP-EPOCH TARGET-ASSIGNMENT-EPOCH #MEMBERS";
    tools.says(GROUPS, &format!("{args} --state --verbose"), 0, &[head]);
    let active = format!(
        "Error: Assignments can only be reset if the group '{group}' is inactive, but the current state is Stable."
    );
    let reset = format!("--reset-offsets --group {group} --topic orders --to-earliest --execute");
    tools.says(GROUPS, &reset, 0, &[&active]);
    let full = format!(
        "* Group '{group}' could not be deleted due to: org.apache.kafka.common.errors.GroupNotEmpty"
    );
    tools.says(GROUPS, &format!("--delete --group {group}"), 0, &[&full]);
    let subscribed = "orders 0 Error: org.apache.kafka.common.errors.GroupSubscribedToTopicException";
    tools.says(GROUPS, &format!("--delete-offsets --group {group} --topic orders"), 0, &[subscribed]);
}

fn busy_lists(here: &mut Here) {
    let head = "GROUP TYPE PROTOCOL";
    let (idle, classic, consumer) =
        (" idle Classic", " classic Classic consumer", " consumer Consumer consumer");
    for (tool, args, wanted) in [
        (GROUPS, "--list --state", "GROUP STATE idle Empty classic Stable consumer Stable".to_owned()),
        (
            GROUPS,
            "--list --type consumer --state stable",
            "GROUP TYPE STATE consumer Consumer Stable".to_owned(),
        ),
        ("GroupsCommand", "--list", format!("{head}{idle}{classic}{consumer}")),
        ("GroupsCommand", "--list --consumer", format!("{head}{idle}{classic}{consumer}")),
        ("GroupsCommand", "--list --group-type classic", format!("{head}{idle}{classic}")),
        ("GroupsCommand", "--list --protocol consumer", format!("{head}{classic}{consumer}")),
        ("GroupsCommand", "--list --share", head.to_owned()),
    ] {
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        let said = here.tools.says(tool, args, 0, &[]);
        assert_eq!(sorted(&said), sorted(&wanted), "{args}: {said}");
    }
    here.tools.says(
        "GroupsCommand",
        "--list --group-type nonsense",
        1,
        &["--group-type must be a valid group type."],
    );
}

/// Nothing to list; what asks for more hears that the broker does not serve it (SKIPPED.md).
fn unsupported(here: &mut Here) {
    for (tool, kind, code) in [("ShareGroupCommand", "share", 0), ("StreamsGroupCommand", "streams", 1)] {
        let tools = &mut here.tools;
        assert_eq!(tools.says(tool, "--list", 0, &[]), "");
        assert_eq!(tools.says(tool, "--list --state", 0, &[]), "GROUP STATE");
        let missing = format!("The node does not support {}_GROUP_DESCRIBE", kind.to_uppercase());
        let failed = format!("Error: Executing {kind} group command failed due to");
        tools.says(tool, "--describe --group idle", code, &[&failed, &missing]);
        let other = format!("Error: Deletion of some {kind} groups failed: * Group 'idle'");
        tools.says(tool, "--delete --group idle", 0, &[&other]);
    }
}

fn deletes(here: &mut Here) {
    let done = "Deletion of requested consumer groups ('idle') was successful.";
    here.tools.says(GROUPS, "--delete --group idle", 0, &[done]);
    let gone = |group: &str| {
        format!("* Group '{group}' could not be deleted due to: org.apache.kafka.common.errors.GroupId")
    };
    here.tools.says(GROUPS, "--delete --group idle --group nope", 0, &[&gone("idle"), &gone("nope")]);
}
