//! The walker that encodes. Its result is a list of chunks: small fields are collected in one buffer, records
//! are spliced in as they are.

use bytes::{BufMut, Bytes, BytesMut};

use super::{Chunk, ELEMENT, Field, FieldSpec, Message, Records, Scalar, Wire, WireError};

/// Encodes one message at one version.
#[derive(Debug, Default)]
pub struct Writer {
    chunks: Vec<Chunk>,
    current: BytesMut,
    version: i16,
    flexible: bool,
}

impl Writer {
    /// An empty message.
    pub fn new(version: i16, flexible: bool) -> Self {
        Self { version, flexible, ..Self::default() }
    }

    /// Encodes `message` into one piece of memory.
    pub fn write<M: Message>(message: &mut M, version: i16, flexible: bool) -> Result<Bytes, WireError> {
        let mut writer = Self::new(version, flexible);
        message.wire(&mut writer)?;
        let records = Records(Some(writer.finish()));
        records.to_bytes().map_err(|_| WireError::Short { field: "records", needed: records.len(), left: 0 })
    }

    /// Continues at another version: the body behind its header.
    pub fn switch(&mut self, version: i16, flexible: bool) {
        self.version = version;
        self.flexible = flexible;
    }

    /// The chunks in order.
    pub fn finish(mut self) -> Vec<Chunk> {
        self.cut();
        self.chunks
    }

    fn cut(&mut self) {
        if !self.current.is_empty() {
            self.chunks.push(Chunk::Bytes(self.current.split().freeze()));
        }
    }

    /// An unsigned varint.
    pub fn uvarint(&mut self, mut value: u32) {
        while value >= 0x80 {
            self.current.put_u8((value as u8) | 0x80);
            value >>= 7;
        }
        self.current.put_u8(value as u8);
    }

    /// A length, or null; `wide` chooses four bytes over two where the version is not compact.
    fn length(&mut self, spec: &FieldSpec, length: Option<usize>, wide: bool) -> Result<(), WireError> {
        if length.is_none() && !spec.nullable(self.version) {
            return Err(WireError::Null { field: spec.name, version: self.version });
        }
        let too_long = |len: usize| WireError::Length { field: spec.name, length: len as i64 };
        match (self.flexible, length) {
            (true, None) => self.uvarint(0),
            (true, Some(len)) => {
                let len = u32::try_from(len).ok().and_then(|len| len.checked_add(1)).ok_or(too_long(len))?;
                self.uvarint(len);
            }
            (false, None) if wide => self.current.put_i32(-1),
            (false, None) => self.current.put_i16(-1),
            (false, Some(len)) if wide => {
                self.current.put_i32(i32::try_from(len).map_err(|_| too_long(len))?);
            }
            (false, Some(len)) => self.current.put_i16(i16::try_from(len).map_err(|_| too_long(len))?),
        }
        Ok(())
    }
}

impl Wire for Writer {
    fn version(&self) -> i16 {
        self.version
    }

    fn scalar<T: Scalar>(&mut self, _: &FieldSpec, value: &mut T) -> Result<(), WireError> {
        value.put(&mut self.current);
        Ok(())
    }

    fn string(&mut self, spec: &FieldSpec, value: &mut Option<String>) -> Result<(), WireError> {
        self.length(spec, value.as_ref().map(String::len), false)?;
        self.current.put_slice(value.as_deref().unwrap_or_default().as_bytes());
        Ok(())
    }

    fn bytes(&mut self, spec: &FieldSpec, value: &mut Option<Bytes>) -> Result<(), WireError> {
        self.length(spec, value.as_ref().map(Bytes::len), true)?;
        self.current.put_slice(value.as_deref().unwrap_or_default());
        Ok(())
    }

    fn records(&mut self, spec: &FieldSpec, value: &mut Records) -> Result<(), WireError> {
        self.length(spec, value.0.as_ref().map(|_| value.len()), true)?;
        if !value.is_empty() {
            self.cut();
            self.chunks.extend(value.0.iter().flatten().filter(|chunk| !chunk.is_empty()).cloned());
        }
        Ok(())
    }

    fn array<T: Field>(&mut self, spec: &FieldSpec, value: &mut Option<Vec<T>>) -> Result<(), WireError> {
        self.length(spec, value.as_ref().map(Vec::len), true)?;
        for item in value.iter_mut().flatten() {
            item.walk(self, &ELEMENT)?;
        }
        Ok(())
    }

    fn structure<T: Message>(&mut self, spec: &FieldSpec, value: &mut Option<T>) -> Result<(), WireError> {
        if spec.nullable(self.version) {
            self.current.put_i8(if value.is_some() { 1 } else { -1 });
        }
        match value {
            Some(part) => part.wire(self),
            None if spec.nullable(self.version) => Ok(()),
            None => Err(WireError::Null { field: spec.name, version: self.version }),
        }
    }

    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError> {
        if !self.flexible {
            return Ok(());
        }
        let mut tags: Vec<u32> = M::FIELDS.iter().filter_map(|spec| spec.tag_in(self.version)).collect();
        tags.retain(|&tag| !message.tag_is_default(tag));
        tags.sort_unstable();
        self.uvarint(tags.len() as u32);
        for tag in tags {
            let mut inner = Self::new(self.version, true);
            message.wire_tag(&mut inner, tag)?;
            self.uvarint(tag);
            self.uvarint(inner.current.len() as u32);
            self.current.put_slice(&inner.current);
        }
        Ok(())
    }
}
