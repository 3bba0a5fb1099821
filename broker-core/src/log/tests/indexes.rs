//! Index files that are not what they were.

use super::*;
use crate::seams::Disk;

fn shifted(raw: &mut [u8]) {
    for entry in raw.chunks_exact_mut(8) {
        let position = u32::from_be_bytes(entry[4..].try_into().unwrap()) + 7;
        entry[4..].copy_from_slice(&position.to_be_bytes());
    }
}

#[test]
fn indexes_that_point_elsewhere_are_made_anew_and_no_log_is_called_damaged_for_them() {
    for clean in [false, true] {
        let disk = MemoryDisk::new();
        let mut log = open(&disk, false);
        fill(&mut log, 20);
        seal(&mut log, &disk);
        if clean {
            log.close().unwrap();
        }
        drop(log);
        let indexes = index_files(&disk);
        assert!(indexes.len() > 2, "{indexes:?}");
        let (one, other) = (disk.read(&indexes[0]).unwrap(), disk.read(&indexes[1]).unwrap());
        disk.replace(&indexes[0], &other).unwrap();
        disk.replace(&indexes[1], &one).unwrap();
        indexes.iter().skip(2).for_each(|path| disk.tamper(path, |raw| shifted(raw)));
        let log = open(&disk, clean);
        for from in (0..60).step_by(3) {
            assert_eq!(values(&log, from), expected(from..60), "from {from}, clean {clean}");
        }
    }
}
