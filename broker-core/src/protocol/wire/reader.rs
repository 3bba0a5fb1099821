//! The walker that decodes. It charges what it allocates to a budget, so that neither a claimed count nor a
//! flood of tiny elements can take more memory than the frame deserves.

use bytes::Bytes;

use super::{ELEMENT, Field, FieldSpec, Message, Records, Scalar, Wire, WireError};

/// Decoded heap that every frame may take, on top of twice its own length.
const BUDGET_BASE: usize = 16 << 20;

/// Decodes one frame at one version.
#[derive(Debug)]
pub struct Reader {
    frame: Bytes,
    position: usize,
    version: i16,
    flexible: bool,
    budget: usize,
    budget_left: usize,
}

impl Reader {
    /// A walk over `frame`, whose budget is 16 MiB plus twice its length.
    pub fn new(frame: Bytes, version: i16, flexible: bool) -> Self {
        let budget = BUDGET_BASE + 2 * frame.len();
        Self { frame, position: 0, version, flexible, budget, budget_left: budget }
    }

    /// Decodes a whole message; an error if bytes are left over.
    pub fn read<M: Message>(frame: Bytes, version: i16, flexible: bool) -> Result<M, WireError> {
        let mut reader = Self::new(frame, version, flexible);
        let mut message = M::default();
        message.wire(&mut reader)?;
        reader.finish()?;
        Ok(message)
    }

    /// Continues in the same frame at another version: the body behind its header.
    pub fn switch(&mut self, version: i16, flexible: bool) {
        self.version = version;
        self.flexible = flexible;
    }

    /// Errors if bytes are left.
    pub fn finish(&self) -> Result<(), WireError> {
        match self.left() {
            0 => Ok(()),
            left => Err(WireError::Trailing { left }),
        }
    }

    /// Bytes not read yet.
    pub fn left(&self) -> usize {
        self.frame.len() - self.position
    }

    /// Skips a tagged section whose fields nobody here knows.
    pub fn skip_tags(&mut self) -> Result<(), WireError> {
        self.tagged(|_, _| Ok(false))
    }

    /// Walks a tagged section; `visit` says whether it knows the tag. Unknown tags are skipped, as KIP-482 asks.
    fn tagged(
        &mut self,
        mut visit: impl FnMut(&mut Self, u32) -> Result<bool, WireError>,
    ) -> Result<(), WireError> {
        let count = self.uvarint("tagged fields")?;
        for _ in 0..count {
            let tag = self.uvarint("tag")?;
            let len = self.uvarint("tagged field")? as usize;
            let end = self.position.saturating_add(len);
            if end > self.frame.len() {
                return Err(WireError::Short { field: "tagged field", needed: len, left: self.left() });
            }
            if visit(self, tag)? && self.position != end {
                return Err(WireError::Length { field: "tagged field", length: len as i64 });
            }
            self.position = end;
        }
        Ok(())
    }

    fn take(&mut self, field: &'static str, len: usize) -> Result<Bytes, WireError> {
        let left = self.left();
        if len > left {
            return Err(WireError::Short { field, needed: len, left });
        }
        let slice = self.frame.slice(self.position..self.position + len);
        self.position += len;
        Ok(slice)
    }

    fn charge(&mut self, field: &'static str, bytes: usize) -> Result<(), WireError> {
        if bytes > self.budget_left {
            return Err(WireError::Budget { field, budget: self.budget });
        }
        self.budget_left -= bytes;
        Ok(())
    }

    /// An unsigned varint of at most 32 bits.
    pub fn uvarint(&mut self, field: &'static str) -> Result<u32, WireError> {
        let mut value: u64 = 0;
        for shift in (0..35).step_by(7) {
            let Some(&byte) = self.frame.get(self.position) else {
                return Err(WireError::Short { field, needed: 1, left: 0 });
            };
            self.position += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| WireError::Varint { field });
            }
        }
        Err(WireError::Varint { field })
    }

    /// A string whose bytes may be no text: U+FFFD stands for those that are none, as in Java.
    pub fn lossy_string(&mut self, spec: &FieldSpec) -> Result<Option<String>, WireError> {
        let raw = self.string_bytes(spec)?;
        Ok(raw.map(|raw| String::from_utf8_lossy(&raw).into_owned()))
    }

    fn string_bytes(&mut self, spec: &FieldSpec) -> Result<Option<Bytes>, WireError> {
        let Some(len) = self.length(spec, Width::I16)? else { return Ok(None) };
        let raw = self.take(spec.name, len)?;
        self.charge(spec.name, len)?;
        Ok(Some(raw))
    }

    /// A length: varint plus one when compact, otherwise `fixed` bytes wide; `None` is null.
    fn length(&mut self, spec: &FieldSpec, fixed: Width) -> Result<Option<usize>, WireError> {
        let length = match (self.flexible, fixed) {
            (true, _) => i64::from(self.uvarint(spec.name)?) - 1,
            (false, Width::I16) => i64::from(i16::take(&self.take(spec.name, 2)?)),
            (false, Width::I32) => i64::from(i32::take(&self.take(spec.name, 4)?)),
        };
        match usize::try_from(length) {
            Ok(length) => Ok(Some(length)),
            Err(_) if length == -1 && spec.nullable(self.version) => Ok(None),
            Err(_) => Err(WireError::Length { field: spec.name, length }),
        }
    }
}

#[derive(Clone, Copy)]
enum Width {
    I16,
    I32,
}

impl Wire for Reader {
    fn version(&self) -> i16 {
        self.version
    }

    fn scalar<T: Scalar>(&mut self, spec: &FieldSpec, value: &mut T) -> Result<(), WireError> {
        let left = self.left();
        let Some(raw) = self.frame.get(self.position..self.position + T::WIDTH) else {
            return Err(WireError::Short { field: spec.name, needed: T::WIDTH, left });
        };
        *value = T::take(raw);
        self.position += T::WIDTH;
        Ok(())
    }

    fn string(&mut self, spec: &FieldSpec, value: &mut Option<String>) -> Result<(), WireError> {
        *value = match self.string_bytes(spec)? {
            None => None,
            Some(raw) => {
                let text = std::str::from_utf8(&raw).map_err(|_| WireError::Utf8 { field: spec.name })?;
                Some(text.to_owned())
            }
        };
        Ok(())
    }

    fn bytes(&mut self, spec: &FieldSpec, value: &mut Option<Bytes>) -> Result<(), WireError> {
        *value = match self.length(spec, Width::I32)? {
            None => None,
            Some(len) => Some(self.take(spec.name, len)?),
        };
        Ok(())
    }

    fn records(&mut self, spec: &FieldSpec, value: &mut Records) -> Result<(), WireError> {
        let mut raw = None;
        self.bytes(spec, &mut raw)?;
        *value = raw.map(Records::from_bytes).unwrap_or_default();
        Ok(())
    }

    fn array<T: Field>(&mut self, spec: &FieldSpec, value: &mut Option<Vec<T>>) -> Result<(), WireError> {
        let Some(count) = self.length(spec, Width::I32)? else {
            *value = None;
            return Ok(());
        };
        // Every element takes at least one byte, so a count beyond what is left is a lie.
        if count > self.left() {
            return Err(WireError::Short { field: spec.name, needed: count, left: self.left() });
        }
        self.charge(spec.name, count.saturating_mul(size_of::<T>()))?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            let mut item = T::default();
            item.walk(self, &ELEMENT)?;
            items.push(item);
        }
        *value = Some(items);
        Ok(())
    }

    fn structure<T: Message>(&mut self, spec: &FieldSpec, value: &mut Option<T>) -> Result<(), WireError> {
        if spec.nullable(self.version) {
            let mut present: i8 = 1;
            self.scalar(spec, &mut present)?;
            if present < 0 {
                *value = None;
                return Ok(());
            }
        }
        let mut part = T::default();
        part.wire(self)?;
        *value = Some(part);
        Ok(())
    }

    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError> {
        if !self.flexible {
            return Ok(());
        }
        self.tagged(|reader, tag| message.wire_tag(reader, tag))
    }
}
