//! How much the brokers of a cluster may still append, shared by their disks. Appends count it down at once; what was
//! removed is found when the directory is measured again.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Below this part of the whole it is scarce.
const SCARCE: u64 = 8;

/// The room of a cluster, shared by all clones; without a limit by default.
#[derive(Debug, Clone, Default)]
pub struct Room(Option<Arc<Limit>>);

#[derive(Debug)]
struct Limit {
    bytes_max: u64,
    left: AtomicI64,
}

impl Room {
    /// Room for so many bytes.
    pub fn of(bytes_max: u64) -> Self {
        let left = AtomicI64::new(i64::try_from(bytes_max).unwrap_or(i64::MAX));
        Self(Some(Arc::new(Limit { bytes_max, left })))
    }

    /// Takes room for an append. Error: there is none, of the kind that a full disk gives.
    pub fn take(&self, bytes: usize) -> io::Result<()> {
        let Some(limit) = &self.0 else { return Ok(()) };
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        if limit.left.fetch_sub(bytes, Ordering::Relaxed) >= bytes {
            return Ok(());
        }
        limit.left.fetch_add(bytes, Ordering::Relaxed);
        let text =
            format!("the cluster has the {} bytes on disk that it may have (--max-disk)", limit.bytes_max);
        Err(io::Error::new(io::ErrorKind::StorageFull, text))
    }

    /// So many bytes are in use.
    pub fn measured(&self, used: u64) {
        if let Some(limit) = &self.0 {
            let left = i64::try_from(limit.bytes_max.saturating_sub(used)).unwrap_or(i64::MAX);
            limit.left.store(left, Ordering::Relaxed);
        }
    }

    /// Whether it should be measured often.
    pub fn is_scarce(&self) -> bool {
        self.0.as_ref().is_some_and(|limit| {
            let left = u64::try_from(limit.left.load(Ordering::Relaxed)).unwrap_or(0);
            left < limit.bytes_max / SCARCE
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_take_room_until_there_is_none_and_a_measure_gives_it_back() {
        let room = Room::of(800);
        room.take(750).unwrap();
        assert!(room.is_scarce());
        assert_eq!(room.take(51).unwrap_err().kind(), io::ErrorKind::StorageFull);
        room.take(50).unwrap();
        assert_eq!(room.take(1).unwrap_err().kind(), io::ErrorKind::StorageFull);
        room.measured(100);
        assert!(!room.is_scarce());
        room.take(700).unwrap();
        room.measured(u64::MAX);
        assert!(room.take(1).is_err() && room.is_scarce());
        Room::default().take(usize::MAX).unwrap();
    }
}
