//! The logs of all replicas of a partition, compared.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::machine::Node;
use crate::protocol::batch::Batch;
use crate::seams::Disk;

/// Replicas of a topic that is not compacted are the same to the byte.
pub fn compare(nodes: &[Node]) {
    let all: Vec<_> = nodes.iter().map(records_of).collect();
    for (other, node) in all.iter().zip(nodes.iter()).skip(1) {
        for (dir, bytes) in &all[0] {
            let found = other.get(dir);
            let at = bytes.iter().zip(found.into_iter().flatten()).position(|(a, b)| a != b);
            let lens = (bytes.len(), found.map(Vec::len));
            assert!(
                found == Some(bytes),
                "{dir} of brokers 1 and {} differ at {at:?} of {lens:?}:\n{}\n{}",
                node.id,
                batches_in(bytes),
                batches_in(found.map_or(&[], |found| found)),
            );
        }
    }
}

/// First and last offset of each batch, and the epoch it was written in.
fn batches_in(bytes: &[u8]) -> String {
    let mut raw = Bytes::copy_from_slice(bytes);
    let mut found = Vec::new();
    while let Ok(batch) = Batch::split_unchecked(&mut raw) {
        let header = batch.header;
        found.push(format!("{}-{}@{}", header.base_offset, header.last_offset(), header.leader_epoch));
    }
    found.join(" ")
}

/// Of each partition's directory, the bytes of its records.
fn records_of(node: &Node) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::<String, Vec<u8>>::new();
    for file in node.disk.files() {
        let dir = file.parent().and_then(|dir| dir.file_name()).map(|dir| dir.to_string_lossy().into_owned());
        let is_log = file.extension().is_some_and(|extension| extension == "log");
        let dir = dir.filter(|dir| is_log && !dir.ends_with("-stray") && !dir.starts_with("__"));
        if let Some(dir) = dir {
            found.entry(dir).or_default().extend(node.disk.read(&file).unwrap_or_default());
        }
    }
    found
}
