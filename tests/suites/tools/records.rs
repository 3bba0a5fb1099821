//! Records counted, cut off, compared and pushed through: GetOffsetShell, DeleteRecordsCommand, LogDirsCommand,
//! ReplicaVerificationTool, ProducerPerformance, ConsumerPerformance, EndToEndLatency, VerifiableProducer and
//! VerifiableConsumer.

use std::time::Duration;

use serde_json::Value;
use suites::wait_for;

use super::Here;

const OFFSETS: &str = "GetOffsetShell";
const DELETE: &str = "DeleteRecordsCommand";
const DIRS: &str = "LogDirsCommand";

#[test]
fn tools_find_and_delete_records() {
    let Some(mut here) = Here::start() else { return };
    here.create("orders", "1:2:3,2:3:1,3:1:2");
    here.produce("orders", 0, "a\nb\nc\nd\n");
    here.produce("orders", 1, "e\nf\n");
    delete_records(&mut here);
    offsets(&mut here);
    log_dirs(&mut here);
    replicas_are_equal(&here);
    here.shutdown();
}

fn offsets(here: &mut Here) {
    let (all, starts) = ("orders:0:4 orders:1:2 orders:2:0", "orders:0:2 orders:1:2 orders:2:0");
    for (args, wanted) in [
        ("--topic orders", all),
        ("--topic orders --time -1", all),
        ("--topic orders --time latest", all),
        ("--topic orders --time -2", starts),
        ("--topic orders --time earliest", starts),
        ("--topic orders --time -4", starts),
        ("--topic orders --time earliest-local", starts),
        // There is no tiered storage, here or in a Kafka as it comes.
        ("--topic orders --time -5", ""),
        ("--topic orders --time latest-tiered", ""),
        ("--topic orders --time -6", ""),
        ("--topic orders --time earliest-pending-upload", ""),
        ("--topic orders --time 0", "orders:0:2"),
        ("--topic orders --time 99999999999999", ""),
        ("--topic orders --partitions 0,7", "orders:0:4"),
        ("--topic-partitions orders:1-2,__.*:0", "orders:1:2"),
        ("--exclude-internal-topics", all),
    ] {
        assert_eq!(here.tools.says(OFFSETS, args, 0, &[]), wanted, "{args}");
    }
    here.produce("orders", 2, "g\n");
    for time in ["-3", "max-timestamp"] {
        let newest = here.tools.says(OFFSETS, &format!("--topic orders --time {time}"), 0, &["orders:2:0"]);
        assert!(newest.starts_with("orders:0:"), "{newest}");
    }
    let nothing = "Could not match any topic-partitions with the specified filters";
    here.tools.says(OFFSETS, "--topic nope", 1, &[nothing]);
    here.tools.says(OFFSETS, "--topic orders --time soon", 1, &["Malformed time argument soon."]);
}

fn delete_records(here: &mut Here) {
    let mut delete = |name: &str, rows: &str, code: i32, wanted: &[&str]| {
        let file = here.file(name, &format!(r#"{{"version":1,"partitions":[{rows}]}}"#));
        here.tools.says(DELETE, &format!("--offset-json-file {file}"), code, wanted);
    };
    let row = |topic: &str, partition: i32, offset: i64| {
        format!(r#"{{"topic":"{topic}","partition":{partition},"offset":{offset}}}"#)
    };
    let rows = [row("orders", 0, 2), row("orders", 1, -1)].join(",");
    let wanted = ["partition: orders-0 low_watermark: 2", "partition: orders-1 low_watermark: 2"];
    delete("delete.json", &rows, 0, &wanted);
    let beyond = "partition: orders-0 error: org.apache.kafka.common.errors.OffsetOutOfRangeException";
    delete("beyond.json", &row("orders", 0, 99), 0, &[beyond]);
    let twice = [row("orders", 0, 3), row("orders", 0, 3)].join(",");
    delete("twice.json", &twice, 1, &["Offset json file contains duplicate topic partitions: orders-0"]);
}

fn log_dirs(here: &mut Here) {
    let said = here.tools.says(DIRS, "--describe --topic-list orders", 0, &["from brokers 1,2,3"]);
    let json: Value = serde_json::from_str(&said[said.find('{').unwrap()..]).unwrap();
    for broker in json["brokers"].as_array().unwrap() {
        let dir = &broker["logDirs"][0];
        let path = here.dir.path().join("cluster").join(format!("broker-{}", broker["broker"]));
        assert_eq!((dir["logDir"].as_str(), &dir["error"]), (path.to_str(), &Value::Null));
        for replica in dir["partitions"].as_array().unwrap() {
            let name = replica["partition"].as_str().unwrap();
            let bytes = path.join(name).join("00000000000000000000.log").metadata().unwrap().len();
            assert_eq!((&replica["size"], &replica["offsetLag"]), (&bytes.into(), &0.into()), "{name}");
        }
    }
    assert_eq!(json["brokers"].as_array().unwrap().len(), 3);
    here.tools.says(DIRS, "--describe --broker-list 2", 0, &["from brokers 2 "]);
    let unknown = "The given brokers do not exist from --broker-list: 7. Current existent brokers: 1,2,3";
    here.tools.says(DIRS, "--describe --broker-list 7,1", 1, &[unknown]);
}

/// It reads every replica as a follower would, and compares what it reads.
fn replicas_are_equal(here: &Here) {
    let bootstrap = here.cluster.bootstrap();
    let args = ["--broker-list", &bootstrap, "--topics-include", "orders", "--report-interval-ms", "500"];
    let class = "org.apache.kafka.tools.ReplicaVerificationTool";
    let tool = suites::Process::start(&mut suites::kafka::java_command(class, &args));
    let equal = "max lag is 0 for partition orders-";
    wait_for("a report on the replicas", Duration::from_secs(60), || {
        tool.stdout().iter().any(|line| line.contains(equal)).then_some(())
    });
    let lines = tool.stdout();
    assert!(lines[0].contains("verification process is started"), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("doesn't match")), "{lines:?}");
}

#[test]
fn benchmarks_and_verifiable_clients_count_what_they_moved() {
    let Some(mut here) = Here::start() else { return };
    performance(&mut here);
    latency(&mut here);
    verifiable(&mut here);
    here.shutdown();
}

fn performance(here: &mut Here) {
    here.create("perf", "1:2:3");
    let (producer, consumer) = ("ProducerPerformance", "ConsumerPerformance");
    let sends = "--topic perf --record-size 100 --throughput -1 --num-records";
    let metric = "producer-metrics:record-send-total:{client-id=perf-producer-client} : 500.000";
    let args = format!("{sends} 500 --print-metrics --command-property acks=all");
    here.tools.says(producer, &args, 0, &["500 records sent,", metric]);
    let args = format!("{sends} 100 --transactional-id perf --transaction-duration-ms 20");
    here.tools.says(producer, &args, 0, &["100 records sent,"]);
    let offsets = here.tools.says(OFFSETS, "--topic perf", 0, &[]);
    let end: i64 = offsets.rsplit(':').next().unwrap().parse().unwrap();
    assert!(end > 600, "600 records, and a marker behind each transaction: {end}");
    let big = "--topic perf --record-size 2000000 --throughput -1 --num-records 1 \
               --command-property max.request.size=9000000 buffer.memory=99000000";
    here.tools.says(producer, big, 0, &["RecordTooLargeException: batch of 2000074 bytes"]);
    let head = "start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec,";
    here.tools.says(consumer, "--topic perf --num-records 600 --timeout 20000", 0, &[head, ", 600, "]);
    let early =
        "WARNING: Exiting before consuming the expected number of records: timeout (1500 ms) exceeded.";
    here.tools.says(consumer, "--topic perf --num-records 9000 --timeout 1500", 0, &[early, ", 600, "]);
}

fn latency(here: &mut Here) {
    let tool = "EndToEndLatency";
    let args = "--topic trips --num-records 200 --record-size 20 --producer-acks";
    let made =
        r#"Topic "trips" does not exist. Will create topic with 1 partition(s) and replication factor = 1"#;
    here.tools.says(tool, &format!("{args} all"), 0, &[made, "Avg latency: ", "Percentiles: 50th = "]);
    here.tools.says(OFFSETS, "--topic trips", 0, &["trips:0:200"]);
    let refused = "Latency testing requires synchronous acknowledgement.";
    here.tools.says(tool, &format!("{args} 0"), 1, &[refused]);
}

fn verifiable(here: &mut Here) {
    let producer =
        here.beside("VerifiableProducer", "--topic sums --max-messages 50 --acks -1 --value-prefix 7");
    wait_for("the producer's verdict", Duration::from_secs(60), || {
        let verdict = r#""sent":50,"acked":50,"#;
        producer
            .stdout()
            .iter()
            .any(|line| line.contains("tool_data") && line.contains(verdict))
            .then_some(())
    });
    let acked = producer.stdout();
    let acked = acked.iter().filter(|line| line.contains("producer_send_success")).count();
    assert_eq!(acked, 50);
    let slow = here.file("slow.properties", "fetch.max.wait.ms=2000\n");
    for protocol in ["classic", "consumer"] {
        let args = format!(
            "--topic sums --group-id of-{protocol} --group-protocol {protocol} --max-messages 50 \
             --reset-policy earliest --command-config {slow}"
        );
        let output = here.tools.run("VerifiableConsumer", &args).ok();
        let events: Vec<Value> =
            output.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of = |name: &str| events.iter().filter(|event| event["name"] == name).collect::<Vec<_>>();
        let read: i64 = of("records_consumed").iter().filter_map(|event| event["count"].as_i64()).sum();
        assert_eq!(read, 50, "{output:?}");
        let committed = of("offsets_committed");
        assert_eq!(committed.last().unwrap()["offsets"][0]["offset"], 50, "{output:?}");
        // Its last fetch is of nothing: that one is answered at once, and only the one before has waited.
        let at = |name: &str| of(name).last().unwrap()["timestamp"].as_i64().unwrap();
        let closing_ms = at("shutdown_complete") - at("partitions_revoked");
        assert!(closing_ms < 3500, "{closing_ms} ms: {output:?}");
    }
    let described = here.tools.says("ConsumerGroupCommand", "--describe --group of-classic", 0, &[]);
    assert!(described.contains("of-classic sums 0 50 50 0 - - -"), "{described}");
}
