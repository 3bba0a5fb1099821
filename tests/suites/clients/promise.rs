//! What every client is promised, said once for those that a test here can hold by the hand.

use std::collections::BTreeSet;
use std::time::Duration;

use suites::wait_for;

use super::{CODECS, PARTITIONS, Three};

/// Records of one codec, and of one step of the rebalance: enough that every partition gets some by their keys.
const RECORDS: usize = 40;
/// A member may start a JVM, and a group waits for its members.
const JOINED: Duration = Duration::from_secs(60);

/// A client program. Each of these panics if the client says that something failed.
pub trait Client {
    /// The topic that it makes.
    fn topic(&self) -> &'static str;
    /// Makes it, with [`PARTITIONS`] and three replicas.
    fn create(&self);
    /// Produces values, each under a key of its own, acknowledged by all.
    fn produce(&self, codec: &str, values: &[String]);
    /// Everything in the topic by manual assignment: the values of each partition.
    fn by_assignment(&self) -> Vec<Vec<String>>;
    /// Starts a member of the group; it reads until it is ended.
    fn join(&self, name: &str) -> Box<dyn Member>;
    /// Reads `count` records in the group and leaves it.
    fn read_on(&self, count: usize) -> Vec<String>;
}

/// A running member of the group.
pub trait Member {
    /// The values it has read so far.
    fn values(&self) -> BTreeSet<String>;
    /// The partitions it has now.
    fn assigned(&self) -> BTreeSet<i32>;
    /// Leaves the group in order.
    fn leave(self: Box<Self>);
}

/// The values that a step produces.
fn values(step: &str) -> Vec<String> {
    (0..RECORDS).map(|n| format!("{step}-{n}")).collect()
}

/// The key of the `n`th value.
pub fn key(n: usize) -> String {
    format!("key-{n}")
}

/// Values as lines that console tools read: key, colon, value.
pub fn keyed_lines(values: &[String]) -> String {
    values.iter().enumerate().map(|(n, value)| format!("{}:{value}\n", key(n))).collect()
}

pub fn keep(client: &dyn Client, three: Three) {
    client.create();
    let mut sent = BTreeSet::new();
    for codec in CODECS {
        let values = values(codec);
        client.produce(codec, &values);
        sent.extend(values);
    }
    assigned_partitions_hold_everything_once(client, &sent);
    rebalance(client, &sent);
    let three = three.restart(client.topic());
    let after = values("after");
    client.produce("none", &after);
    let read: BTreeSet<String> = client.read_on(RECORDS).into_iter().collect();
    assert_eq!(read, after.into_iter().collect(), "the group reads on where it had committed");
    three.end();
}

fn assigned_partitions_hold_everything_once(client: &dyn Client, sent: &BTreeSet<String>) {
    let partitions = client.by_assignment();
    assert_eq!(partitions.len(), PARTITIONS as usize);
    assert!(partitions.iter().all(|values| !values.is_empty()), "keys spread: {partitions:?}");
    let read: Vec<String> = partitions.into_iter().flatten().collect();
    assert_eq!(read.len(), sent.len(), "nothing is there twice");
    assert_eq!(read.into_iter().collect::<BTreeSet<_>>(), *sent);
}

/// One member reads all; a second takes its share of partitions and records; it leaves, and the first has all again.
fn rebalance(client: &dyn Client, sent: &BTreeSet<String>) {
    let every: BTreeSet<i32> = (0..PARTITIONS).collect();
    let one = client.join("one");
    sees(&*one, "every record", sent);
    assert_eq!(one.assigned(), every);

    let two = client.join("two");
    wait_for("a share for both members", JOINED, || {
        let (first, second) = (one.assigned(), two.assigned());
        let shared = !first.is_empty() && !second.is_empty() && first.is_disjoint(&second);
        (shared && &first | &second == every).then_some(())
    });
    let both = values("both");
    client.produce("none", &both);
    let both: BTreeSet<String> = both.into_iter().collect();
    wait_for("the records, by both members", JOINED, || {
        both.is_subset(&(&one.values() | &two.values())).then_some(())
    });
    for (member, other) in [(&one, &two), (&two, &one)] {
        let share = both.difference(&other.values()).count();
        assert!(share > 0, "a member has records of its own: {:?}", member.values());
    }

    two.leave();
    wait_for("all partitions for the one that stays", JOINED, || (one.assigned() == every).then_some(()));
    let alone = values("alone");
    client.produce("none", &alone);
    sees(&*one, "what came when it was alone", &alone.into_iter().collect());
    one.leave();
}

fn sees(member: &dyn Member, what: &str, wanted: &BTreeSet<String>) {
    wait_for(what, JOINED, || wanted.is_subset(&member.values()).then_some(()));
}
