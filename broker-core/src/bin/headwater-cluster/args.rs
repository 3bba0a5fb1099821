//! The command line.

use std::path::PathBuf;

use broker_core::ListenerConfig;
use clap::{ArgGroup, Args as ClapArgs, Parser, Subcommand};

use super::listeners::{self, Advertised};

/// An Apache Kafka compatible cluster in one process, ready in a tenth of a second.
#[derive(Debug, Parser)]
#[command(name = "headwater-cluster", version)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a cluster and run it until SIGTERM, Ctrl-C or `ctl shutdown`.
    Start(Start),
    /// Start a cluster on free ports, run COMMAND with KAFKA_BOOTSTRAP_SERVERS set, end with its exit code.
    Exec(Exec),
    /// Talk to a running cluster.
    Ctl(Ctl),
}

/// What a cluster is made from.
#[derive(Debug, ClapArgs)]
pub struct Shape {
    /// Number of brokers, 1 to 9.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=9))]
    pub brokers: u8,
    /// A broker config by Kafka's name, such as log.retention.ms=60000. May be given again.
    #[arg(long = "override", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub overrides: Vec<(String, String)>,
    /// A server.properties of a real Kafka: its broker configs and, for `start`, its listeners; --override and --listen
    /// go before it.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Topics that should be there, as YAML: `topics:`, each with name, partitions, replication_factor, configs.
    #[arg(long, value_name = "FILE")]
    pub init: Option<PathBuf>,
    /// Begin with a copy of this snapshot (`ctl snapshot`), in a directory that holds no cluster yet; the copy is a
    /// cluster with an id of its own.
    #[arg(long, value_name = "SNAPSHOT")]
    pub fork: Option<PathBuf>,
    /// How much the cluster may have on disk, such as 10GB or 500MiB: from there on writes are refused as on a full disk,
    /// until retention or somebody removes records.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_disk: Option<u64>,
    /// Racks of the brokers, in order, such as a,b,c: one for each.
    #[arg(long, value_delimiter = ',')]
    pub rack: Vec<String>,
}

#[derive(Debug, ClapArgs)]
#[command(group(ArgGroup::new("where").required(true).args(["data_dir", "ephemeral"])))]
pub struct Start {
    /// Where everything is kept.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Keep everything in memory (below /dev/shm), or in the directory for temporary files where TMPDIR names one or the
    /// system has no room for files in memory; it is removed at the end.
    #[arg(long)]
    pub ephemeral: bool,
    /// Listener of the first broker, by default PLAINTEXT://localhost:9092; the others follow on the next ports. Port 0
    /// takes any free ones. May be given again with another name: clients hear the addresses of the one they come to.
    #[arg(long, value_name = "NAME://HOST:PORT", value_parser = listeners::bound)]
    pub listen: Vec<ListenerConfig>,
    /// What clients of a listener (by default the first) are told instead of its host, or of host and first port, such
    /// as host.docker.internal.
    #[arg(long, value_name = "[NAME://]HOST[:PORT]", value_parser = listeners::advertised)]
    pub advertise: Vec<Advertised>,
    /// Take listeners and broker configs from KAFKA_* variables, and the cluster's id from CLUSTER_ID, as Kafka's
    /// container images do.
    #[arg(long, conflicts_with_all = ["listen", "advertise"])]
    pub from_env: bool,
    /// End when the process that started this one ends.
    #[arg(long)]
    pub exit_with_parent: bool,
    #[command(flatten)]
    pub shape: Shape,
}

#[derive(Debug, ClapArgs)]
pub struct Exec {
    #[command(flatten)]
    pub shape: Shape,
    /// The command and its arguments.
    #[arg(last = true, required = true)]
    pub command: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Ctl {
    /// The directory of the running cluster.
    #[arg(long, value_name = "DIR")]
    pub data_dir: PathBuf,
    #[command(subcommand)]
    pub action: Action,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// Print the state of every broker as JSON.
    Status,
    /// Stop a broker in order; its leaderships move first.
    Stop { broker: i32 },
    /// Kill a broker: no marker, no goodbye.
    Crash { broker: i32 },
    /// Start a stopped or crashed broker.
    Start { broker: i32 },
    /// Kill a broker and take from its files what was never synced. Only this may lose acknowledged records.
    Powercut { broker: i32 },
    /// Stop a broker where it stands, as SIGSTOP does; nobody gets an answer.
    Pause { broker: i32 },
    /// Let a paused broker go on.
    Resume { broker: i32 },
    /// Cut the link between two sides.
    Isolate {
        /// A broker's number, controller, or clients.
        a: String,
        /// The other side.
        b: String,
    },
    /// Make every message between brokers take this many milliseconds longer.
    Delay { milliseconds: u64 },
    /// Mend every link and take delays away.
    Heal,
    /// Play a fault on a broker's disk.
    Disk {
        broker: i32,
        /// The next write fails, the next sync fails, the disk is full, or has room again.
        fault: Fault,
    },
    /// Move the brokers' wall clock on by 90s, 15m, 12h or 7d: retention sees it, timeouts do not.
    Clock {
        #[arg(value_parser = duration)]
        by: u64,
    },
    /// Copy everything as it is at one moment into a new directory, while the cluster goes on.
    Snapshot { directory: PathBuf },
    /// Throw all data away, take that of a snapshot instead, and start again at the same addresses.
    Restore { snapshot: PathBuf },
    /// Throw all data away and start again at the same addresses.
    Reset,
    /// End the cluster in order.
    Shutdown,
}

/// What can go wrong on a disk.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Fault {
    FailWrite,
    FailSync,
    Full,
    Room,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        Some(_) | None => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Seconds in 90s, 15m, 12h or 7d.
fn duration(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is not a duration such as 90s, 15m, 12h or 7d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).ok_or_else(wrong)
}

/// Bytes, from a number with a unit.
fn size(text: &str) -> Result<u64, String> {
    match text.parse::<bytesize::ByteSize>() {
        Ok(size) if size.as_u64() > 0 => Ok(size.as_u64()),
        Ok(_) => Err("there must be room for something".to_owned()),
        Err(_) => Err("not a size such as 10GB, 500MiB or 1000000".to_owned()),
    }
}
