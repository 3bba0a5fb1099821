//! Mutated input for every decoder: nothing panics, nothing takes more than its budget. A short run is part of
//! `check`; `cargo xtask fuzz SECONDS` goes on for as long as told and prints the seed of what falls.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up should fall where it stands")]

mod common;
#[path = "common/mutate.rs"]
mod mutate;
#[path = "common/seeds.rs"]
mod seeds;

use broker_core::group::GroupRecord;
use broker_core::protocol::api::{Request, RequestVisitor, visit_requests};
use broker_core::protocol::batch::{Batch, BatchBuilder, Codec, NewRecord, RecordIter, validate};
use broker_core::protocol::records::framing::MetadataRecord;
use broker_core::protocol::wire::{Message, Reader, Writer};
use broker_core::seams::Rng;
use bytes::Bytes;
use common::Fill;
use mutate::mutate;

/// A short run is this many seeds; a long one is bounded by time.
const SEEDS: u64 = 60;

fn run(each: impl FnMut(u64)) {
    seeds::run(SEEDS, each);
}

struct Mutate {
    seed: u64,
}

impl RequestVisitor for Mutate {
    fn visit<Q: Request>(&mut self) {
        let (min, max) = Q::KEY.versions();
        for version in min..=max {
            let flexible = Q::KEY.flexible(version);
            one::<Q>(self.seed, version, flexible);
            one::<Q::Response>(self.seed, version, flexible);
        }
    }
}

fn one<M: Message>(seed: u64, version: i16, flexible: bool) {
    let mut rng = Rng::seeded(seed ^ 0xf00d);
    let mut message: M = Fill::message(seed, version);
    let bytes = Writer::write(&mut message, version, flexible).unwrap();
    for _ in 0..8 {
        // Whether it is still the message or an error is all the same; a panic or an endless walk is not.
        let _ = Reader::read::<M>(mutate(&mut rng, &bytes), version, flexible);
    }
}

#[test]
fn mutated_messages_are_errors_or_messages() {
    run(|seed| visit_requests(&mut Mutate { seed }));
}

#[test]
fn mutated_batches_are_errors_or_batches() {
    run(|seed| {
        let mut rng = Rng::seeded(seed);
        let codec = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd][rng.below(5) as usize];
        let mut builder = BatchBuilder::new(codec);
        for n in 0..rng.below(20) {
            let value = Some(Bytes::from(vec![n as u8; rng.below(200) as usize]));
            let headers = vec![("h".to_owned(), None)];
            builder.push(&NewRecord { timestamp: n as i64, key: value.clone(), value, headers });
        }
        let bytes = builder.build().unwrap().to_bytes();
        for _ in 0..40 {
            let mut mutated = mutate(&mut rng, &bytes);
            let Ok(batch) = Batch::split_unchecked(&mut mutated) else { continue };
            if let Ok(data) = batch.decompressed() {
                let _ = validate(&batch.header, &data, true);
                for record in RecordIter::new(&data, batch.header.records_count).flatten() {
                    let _ = record.headers();
                }
            }
        }
    });
}

#[test]
fn mutated_records_of_internal_logs_are_errors_or_records() {
    run(|seed| {
        let mut rng = Rng::seeded(seed);
        let topic = broker_core::protocol::records::metadata::PartitionRecord {
            replicas: vec![1, 2, 3],
            isr: vec![1],
            ..Fill::message(seed, 1)
        };
        let metadata = MetadataRecord::from(topic).encode().unwrap();
        let group = GroupRecord::Group { group: "g".into(), value: Some(Fill::message(seed, 3)) };
        let group = group.encode(1).unwrap();
        let (key, value) = (group.key.unwrap(), group.value.unwrap());
        for _ in 0..40 {
            let _ = MetadataRecord::decode(mutate(&mut rng, &metadata));
            let _ = GroupRecord::decode(mutate(&mut rng, &key), Some(mutate(&mut rng, &value)));
        }
    });
}
