//! Kafka's own perf tools, as they are.

use suites::kafka;

use super::super::clusters::{Measured, one, three};
use super::super::load::{TOPIC, create_topic};

const RECORDS: u64 = 500_000;
const RECORD_BYTES: u64 = 1024;

pub fn measure() {
    if !kafka::has_java() {
        println!("java: left out, Java or Kafka's jars are not there");
        return;
    }
    println!(
        "kafka-producer-perf-test and kafka-consumer-perf-test, {RECORDS} records of {RECORD_BYTES} B, 6 partitions"
    );
    for (replicas, clusters) in [(1, one()), (3, three())] {
        for acks in ["1", "all"] {
            for (name, start) in &clusters {
                let cluster = start();
                create_topic(&cluster.bootstrap, 6, replicas);
                // The first run warms up both the tool's target and the files.
                produce(&cluster, acks);
                let cpu = cluster.cpu_seconds();
                let produced = produce(&cluster, acks);
                let produce_cpu = (cluster.cpu_seconds() - cpu) / gb();
                let cpu = cluster.cpu_seconds();
                let consumed = consume(&cluster);
                let consume_cpu = (cluster.cpu_seconds() - cpu) / gb();
                println!("  {replicas} replicas, acks={acks}, {name}");
                println!("    produce {produce_cpu:.2} CPU s/GB: {produced}");
                println!(
                    "    consume {consume_cpu:.2} CPU s/GB: {consumed}; peak {:.0} MB",
                    cluster.peak_mb()
                );
            }
        }
    }
}

fn gb() -> f64 {
    (RECORDS * RECORD_BYTES) as f64 / 1e9
}

/// The tool's last line: rates and percentiles of latency.
fn produce(cluster: &Measured, acks: &str) -> String {
    let (records, size) = (RECORDS.to_string(), RECORD_BYTES.to_string());
    let servers = format!("bootstrap.servers={}", cluster.bootstrap);
    let acks = format!("acks={acks}");
    let args = [
        "--topic",
        TOPIC,
        "--num-records",
        &records,
        "--record-size",
        &size,
        "--throughput",
        "-1",
        "--command-property",
        &servers,
        &acks,
        "batch.size=200000",
        "linger.ms=5",
    ];
    let output = kafka::java("org.apache.kafka.tools.ProducerPerformance", &args, "").ok();
    output.stdout.lines().last().unwrap_or_default().to_owned()
}

/// MB and records a second, without the time to join.
fn consume(cluster: &Measured) -> String {
    let records = RECORDS.to_string();
    let args = [
        "--bootstrap-server",
        &cluster.bootstrap,
        "--topic",
        TOPIC,
        "--num-records",
        &records,
        "--timeout",
        "60000",
    ];
    let output = kafka::java("org.apache.kafka.tools.ConsumerPerformance", &args, "").ok();
    let lines: Vec<Vec<&str>> = output.stdout.lines().map(|line| line.split(", ").collect()).collect();
    let at = |name: &str| {
        let (head, line) = (lines.first()?, lines.last()?);
        line.get(head.iter().position(|column| column.trim() == name)?).map(|figure| figure.trim().to_owned())
    };
    let figure = |name: &str| at(name).unwrap_or_else(|| panic!("{name} in {}", output.stdout));
    format!("{} MB/s, {} records/s fetched", figure("fetch.MB.sec"), figure("fetch.nMsg.sec"))
}
