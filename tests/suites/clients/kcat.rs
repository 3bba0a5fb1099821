//! kcat. It has no admin requests: its topics come to be when it produces to them, with `num.partitions`.

use std::collections::BTreeSet;

use suites::{Process, kafka};

use super::promise::{self, Client, Member, keyed_lines};
use super::{PARTITIONS, Three};

const TOPIC: &str = "orders";

struct Kcat {
    bootstrap: String,
}

impl Kcat {
    fn run(&self, args: &[&str], input: &str) -> Vec<String> {
        let output = kafka::kcat(&self.bootstrap, args, input).ok();
        output.lines().iter().map(|line| (*line).to_owned()).collect()
    }
}

impl Client for Kcat {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn create(&self) {
        self.produce("none", &[]);
        let listed = self.run(&["-L", "-t", TOPIC], "").join("\n");
        assert!(listed.contains(&format!("topic \"{TOPIC}\" with {PARTITIONS} partitions")), "{listed}");
        assert_eq!(listed.matches("replicas: ").count(), PARTITIONS as usize, "{listed}");
    }

    fn produce(&self, codec: &str, values: &[String]) {
        self.run(&["-P", "-t", TOPIC, "-K:", "-z", codec, "-X", "acks=all"], &keyed_lines(values));
    }

    fn by_assignment(&self) -> Vec<Vec<String>> {
        let read = |partition: i32| {
            self.run(&["-C", "-t", TOPIC, "-p", &partition.to_string(), "-o", "beginning", "-e"], "")
        };
        (0..PARTITIONS).map(read).collect()
    }

    fn join(&self, _name: &str) -> Box<dyn Member> {
        // Not quiet: it tells its assignments on stderr.
        let mut command = std::process::Command::new("kcat");
        command.args([
            "-u",
            "-b",
            &self.bootstrap,
            "-X",
            "auto.offset.reset=earliest",
            "-G",
            "readers",
            TOPIC,
        ]);
        Box::new(Reader { process: Process::start(&mut command) })
    }

    fn read_on(&self, _count: usize) -> Vec<String> {
        self.run(&["-X", "auto.offset.reset=earliest", "-e", "-G", "readers", TOPIC], "")
    }
}

struct Reader {
    process: Process,
}

impl Member for Reader {
    fn values(&self) -> BTreeSet<String> {
        self.process.stdout().into_iter().collect()
    }

    /// By its newest word: `% Group readers rebalanced (memberid …): assigned: orders [0], orders [1]`.
    fn assigned(&self) -> BTreeSet<i32> {
        let said = self.process.stderr();
        let newest = said.iter().rfind(|line| line.contains(" rebalanced "));
        let Some((_, list)) = newest.and_then(|line| line.split_once(": assigned: ")) else {
            return BTreeSet::new();
        };
        let indexes = list.split('[').skip(1).filter_map(|rest| rest.split(']').next());
        indexes.map(|index| index.parse().unwrap()).collect()
    }

    fn leave(self: Box<Self>) {
        self.process.terminate();
    }
}

#[test]
fn kcat_is_kept_every_promise() {
    if kafka::has_kcat() {
        let three = Three::new();
        promise::keep(&Kcat { bootstrap: three.bootstrap() }, three);
    }
}

#[test]
fn kcat_sees_repeated_headers_tombstones_and_empty_values_as_they_were() {
    if !kafka::has_kcat() {
        return;
    }
    let three = Three::new();
    let kcat = Kcat { bootstrap: three.bootstrap() };
    kcat.run(&["-P", "-t", "keyed", "-K:", "-H", "trace=1", "-H", "trace=2"], "a:1\n");
    kcat.run(&["-P", "-t", "keyed", "-K:", "-Z"], "a:\n");
    let read = kcat.run(&["-C", "-t", "keyed", "-e", "-f", "%k|%K|%S|%h\n"], "");
    assert_eq!(read, ["a|1|1|trace=1,trace=2", "a|1|-1|"]);
    three.end();
}
