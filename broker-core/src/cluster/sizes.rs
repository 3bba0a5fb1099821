//! Bytes on disk, by topic.

use std::collections::BTreeMap;
use std::path::Path;

use crate::seams::Disk;

/// Returns the bytes of a broker's partitions, and adds those of each topic to `topics`.
pub fn add(disk: &dyn Disk, broker_dir: &Path, topics: &mut BTreeMap<String, u64>) -> u64 {
    let mut total = 0;
    for name in disk.list(broker_dir).unwrap_or_default() {
        let Some(topic) = topic_of(&name) else { continue };
        let bytes = disk.size_below(&broker_dir.join(&name));
        *topics.entry(topic.to_owned()).or_default() += bytes;
        total += bytes;
    }
    total
}

/// The topic of a partition's directory such as `orders-0`.
fn topic_of(name: &str) -> Option<&str> {
    let (topic, partition) = name.rsplit_once('-')?;
    partition.parse::<u32>().is_ok().then_some(topic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seams::RealDisk;

    #[test]
    fn topics_are_added_up_over_partitions_and_brokers() {
        let dir = tempfile::tempdir().unwrap();
        let files = [("1/a-b-0", 3), ("1/a-b-1", 4), ("2/a-b-0", 3), ("2/meta.properties", 5)];
        for (path, bytes) in files {
            std::fs::create_dir_all(dir.path().join(path)).unwrap();
            std::fs::write(dir.path().join(path).join("0.log"), vec![0; bytes]).unwrap();
        }
        let mut topics = BTreeMap::new();
        assert_eq!(add(&RealDisk, &dir.path().join("1"), &mut topics), 7);
        assert_eq!(add(&RealDisk, &dir.path().join("2"), &mut topics), 3);
        assert_eq!(topics, BTreeMap::from([("a-b".to_owned(), 10)]));
    }
}
