//! Every request in every version, whole and mutated, over real connections to a cluster: it goes on as if nothing
//! had been, and takes no memory for what it was told.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod common;
#[path = "common/mutate.rs"]
mod mutate;
#[path = "common/seeds.rs"]
mod seeds;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use broker_core::protocol::api::{Request, RequestVisitor, visit_requests};
use broker_core::protocol::wire::Writer;
use broker_core::protocol::{ApiKey, header::RequestHeader};
use broker_core::seams::Rng;
use broker_core::{Cluster, ClusterConfig};
use bytes::Bytes;
use common::Fill;
use mutate::mutate;

const SEEDS: u64 = 8;
const MUTATIONS: u64 = 4;
/// How long an answer is waited for: many of these ask to wait for days.
const PATIENCE: Duration = Duration::from_millis(5);
/// What the whole process may grow by (KiB): the cluster and this test.
const GROWTH_MAX_KB: u64 = 64 << 10;

struct Attack {
    addresses: Vec<String>,
    seed: u64,
    sent: u64,
}

impl RequestVisitor for Attack {
    fn visit<Q: Request>(&mut self) {
        let (min, max) = Q::KEY.versions();
        for version in min..=max {
            let mut rng = Rng::seeded(self.seed ^ (u64::from(Q::KEY.code() as u16) << 16) ^ version as u64);
            let whole = request::<Q>(rng.next_u64(), version);
            self.send(&whole);
            for _ in 0..MUTATIONS {
                // The header stays, or most would end there.
                let body = mutate(&mut rng, &whole.slice(HEADER..));
                self.send(&Bytes::from([&whole[..HEADER], &body].concat()));
            }
        }
    }
}

/// Key, version, correlation id.
const HEADER: usize = 8;

fn request<Q: Request>(seed: u64, version: i16) -> Bytes {
    let header = RequestHeader {
        api_key: Q::KEY.code(),
        api_version: version,
        correlation_id: 7,
        client_id: Some("mutant".to_owned()),
    };
    let mut writer = Writer::new(version, false);
    header.write(&mut writer).unwrap();
    let mut body: Q = Fill::message(seed, version);
    body.wire(&mut writer).unwrap();
    let parts: Vec<Bytes> = writer.finish().iter().map(|chunk| chunk.load().unwrap()).collect();
    parts.concat().into()
}

impl Attack {
    fn send(&mut self, frame: &Bytes) {
        self.sent += 1;
        let address = &self.addresses[self.sent as usize % self.addresses.len()];
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let length = (frame.len() as u32).to_be_bytes();
        // A connection that is closed meanwhile is an answer too.
        if stream.write_all(&[&length[..], frame].concat()).is_ok() {
            let _ = stream.read(&mut [0; 4096]);
        }
    }
}

fn is_well(cluster: &Cluster) {
    for address in cluster.bootstrap().split(',') {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let header = RequestHeader {
            api_key: ApiKey::Metadata.code(),
            api_version: 1,
            correlation_id: 42,
            client_id: None,
        };
        let mut writer = Writer::new(1, false);
        header.write(&mut writer).unwrap();
        let mut frame = writer.finish()[0].load().unwrap().to_vec();
        frame.extend_from_slice(&(-1_i32).to_be_bytes());
        stream.write_all(&(frame.len() as u32).to_be_bytes()).unwrap();
        stream.write_all(&frame).unwrap();
        let mut head = [0; 8];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(head[4..], 42_i32.to_be_bytes());
    }
}

/// Resident memory of this process in KiB; 0 where the system does not tell.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn mutated_requests_leave_a_cluster_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(ClusterConfig::new(dir.path()).on_port(0)).unwrap();
    is_well(&cluster);
    let before = resident_kb();
    seeds::run(SEEDS, |seed| {
        let addresses = cluster.bootstrap().split(',').map(str::to_owned).collect();
        let mut attack = Attack { addresses, seed, sent: 0 };
        visit_requests(&mut attack);
        is_well(&cluster);
        let running = cluster.status().brokers.iter().all(|b| b.state == broker_core::BrokerState::Running);
        assert!(running, "{:?}", cluster.status().brokers);
    });
    let grown = resident_kb().saturating_sub(before);
    assert!(grown < GROWTH_MAX_KB, "memory grew by {grown} KiB");
    cluster.shutdown().unwrap();
}
