//! The consumer protocol that clients put into the classic one: what a member subscribes to, and what it is assigned.
//! Bytes that are no such thing give nothing; they were never ours to check.
//! Source: Kafka `ConsumerProtocolSubscription.json`, `ConsumerProtocolAssignment.json`, versions 0–3.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Partitions by topic name.
pub type Named = Vec<(String, Vec<i32>)>;

/// What a member says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subscription {
    /// The version it is written in; assignments for the member are written in it too.
    pub version: i16,
    /// Topics by name.
    pub topics: Vec<String>,
    /// Partitions that it has (from version 1 on).
    pub owned: Named,
    /// Its rack (from version 3 on).
    pub rack: Option<String>,
}

impl Subscription {
    /// Reads it; `None` for bytes that are none.
    pub fn read(mut raw: Bytes) -> Option<Self> {
        let version = raw.try_get_i16().ok()?;
        let count = raw.try_get_i32().ok()?;
        let mut topics = Vec::new();
        for _ in 0..count {
            topics.push(text(&mut raw)?);
        }
        let user_data = raw.try_get_i32().ok()?;
        raw.advance(usize::try_from(user_data.max(0)).ok().filter(|&len| len <= raw.remaining())?);
        let mut read = Self { version, topics, ..Self::default() };
        if version >= 1 {
            read.owned = named(&mut raw)?;
        }
        if version >= 3 {
            let _generation = raw.try_get_i32().ok()?;
            read.rack = text(&mut raw);
        }
        Some(read)
    }
}

/// Reads an assignment; nothing from bytes that are none.
pub fn read_assignment(raw: Bytes) -> Named {
    try_read_assignment(raw).unwrap_or_default()
}

/// Reads an assignment; `None` for bytes that are none.
pub fn try_read_assignment(mut raw: Bytes) -> Option<Named> {
    let _version = raw.try_get_i16().ok()?;
    named(&mut raw)
}

/// Writes an assignment without user data.
pub fn write_assignment(version: i16, partitions: &Named) -> Bytes {
    let mut out = BytesMut::new();
    out.put_i16(version);
    out.put_i32(partitions.len() as i32);
    for (topic, numbers) in partitions {
        out.put_i16(topic.len() as i16);
        out.put_slice(topic.as_bytes());
        out.put_i32(numbers.len() as i32);
        numbers.iter().for_each(|&number| out.put_i32(number));
    }
    out.put_i32(-1);
    out.freeze()
}

fn text(raw: &mut Bytes) -> Option<String> {
    let len = usize::try_from(raw.try_get_i16().ok()?).ok()?;
    (len <= raw.remaining()).then(|| String::from_utf8_lossy(&raw.split_to(len)).into_owned())
}

fn named(raw: &mut Bytes) -> Option<Named> {
    let mut partitions = Vec::new();
    for _ in 0..raw.try_get_i32().ok()? {
        let topic = text(raw)?;
        let mut numbers = Vec::new();
        for _ in 0..raw.try_get_i32().ok()? {
            numbers.push(raw.try_get_i32().ok()?);
        }
        partitions.push((topic, numbers));
    }
    Some(partitions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_comes_back_and_a_cut_or_lying_one_gives_nothing() {
        let partitions = vec![("orders".to_owned(), vec![0, 5]), ("x".to_owned(), vec![])];
        let whole = write_assignment(1, &partitions);
        assert_eq!(read_assignment(whole.clone()), partitions);
        assert!(read_assignment(whole.slice(..9)).is_empty());
        assert!(read_assignment(Bytes::from_static(&[0, 1, 127, 255, 255, 255])).is_empty());
        assert_eq!(Subscription::read(Bytes::from_static(&[0, 1, 127, 255, 255, 255])), None);
        assert_eq!(Subscription::read(Bytes::from_static(&[0, 0, 0, 0, 0, 0, 127, 255, 255, 255])), None);
    }

    #[test]
    fn a_subscription_is_read_in_every_version() {
        let topics: &[u8] = &[0, 0, 0, 1, 0, 2, b'o', b'k', 255, 255, 255, 255];
        let owned: &[u8] = &[0, 0, 0, 1, 0, 2, b'o', b'k', 0, 0, 0, 1, 0, 0, 0, 7];
        let (generation, rack): (&[u8], &[u8]) = (&[0, 0, 0, 9], &[0, 1, b'r']);
        let parts = [&[][..], owned, generation, rack];
        for version in 0..4_u8 {
            let more = parts.get(..=usize::from(version)).unwrap().concat();
            let raw = [&[0, version][..], topics, &more].concat();
            let read = Subscription::read(raw.into()).unwrap();
            assert_eq!(read.topics, ["ok"]);
            assert_eq!(read.owned.len(), usize::from(version >= 1));
            assert_eq!(read.rack.as_deref(), (version == 3).then_some("r"));
        }
    }
}
