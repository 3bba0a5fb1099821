//! How a coordinator's records are wrapped: a key begins with its type, a value with its version, both i16.
//! Source: Kafka `MessageUtil.toVersionPrefixedBytes`, `CoordinatorRecordSerde.java`.

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::protocol::wire::{Message, Reader, WireError, Writer};

/// `message` at `version` behind the number that names its type or version.
pub fn framed<M: Message>(
    number: i16,
    version: i16,
    flexible: bool,
    message: &mut M,
) -> Result<Bytes, WireError> {
    let body = Writer::write(message, version, flexible)?;
    let mut out = BytesMut::with_capacity(2 + body.len());
    out.put_i16(number);
    out.put_slice(&body);
    Ok(out.freeze())
}

/// The number in front and what follows it.
pub fn unframe(mut raw: Bytes) -> Result<(i16, Bytes), WireError> {
    if raw.len() < 2 {
        return Err(WireError::Short { field: "record version", needed: 2, left: raw.len() });
    }
    Ok((raw.get_i16(), raw))
}

/// The value in `raw`, whose versions are flexible from `flexible_since` on.
pub fn read_value<M: Message>(raw: Bytes, flexible_since: i16) -> Result<M, WireError> {
    let (version, body) = unframe(raw)?;
    Reader::read(body, version, version >= flexible_since)
}
