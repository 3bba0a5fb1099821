//! The Rust types a field may have, and the walk each takes.

use bytes::{BufMut, Bytes, BytesMut};

use super::{FieldSpec, Records, Scalar, Wire, WireError};

/// A type that can stand in a message.
pub trait Field: Default + PartialEq + std::fmt::Debug + Clone {
    /// Hands the value to the walker.
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError>;
}

/// A 16-byte id as Kafka writes it: topics, incarnations, directories.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// All zero: "no id".
    pub const ZERO: Self = Self([0; 16]);

    /// Whether this is [`Uuid::ZERO`].
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// Reads the 22 characters of Kafka's text form; `None` if they are not that.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bits: u32 = 0;
        let mut count = 0;
        let mut out = Vec::with_capacity(16);
        for byte in text.bytes() {
            let value = BASE64_URL.iter().position(|&b| b == byte)?;
            bits = (bits << 6) | value as u32;
            count += 6;
            if count >= 8 {
                count -= 8;
                out.push((bits >> count) as u8);
            }
        }
        Some(Self(out.try_into().ok()?))
    }
}

const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl std::fmt::Display for Uuid {
    /// Kafka's form: URL-safe base64 without padding, 22 characters.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = u128::from_be_bytes(self.0);
        let mut text = String::with_capacity(22);
        for index in 0..22 {
            let shift = 128 - 6 * (index + 1);
            let six = if shift >= 0 { value >> shift } else { value << -shift } & 63;
            text.extend(BASE64_URL.get(six as usize).map(|&byte| char::from(byte)));
        }
        f.write_str(&text)
    }
}

impl std::fmt::Debug for Uuid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

macro_rules! scalar {
    ($($ty:ty, $name:literal, $width:literal, $put:ident;)*) => {$(
        impl Scalar for $ty {
            const TYPE: &'static str = $name;
            const WIDTH: usize = $width;
            fn put(self, out: &mut BytesMut) { out.$put(self) }
            fn take(bytes: &[u8]) -> Self {
                let mut raw = [0; $width];
                raw.copy_from_slice(bytes);
                <$ty>::from_be_bytes(raw)
            }
        }
        impl Field for $ty {
            fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
                w.scalar(spec, self)
            }
        }
    )*};
}

scalar! {
    i8, "int8", 1, put_i8;
    i16, "int16", 2, put_i16;
    u16, "uint16", 2, put_u16;
    i32, "int32", 4, put_i32;
    u32, "uint32", 4, put_u32;
    i64, "int64", 8, put_i64;
    f64, "float64", 8, put_f64;
}

impl Scalar for bool {
    const TYPE: &'static str = "bool";
    const WIDTH: usize = 1;
    fn put(self, out: &mut BytesMut) {
        out.put_u8(u8::from(self));
    }
    fn take(bytes: &[u8]) -> Self {
        bytes.first().is_some_and(|&b| b != 0)
    }
}

impl Field for bool {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.scalar(spec, self)
    }
}

impl Scalar for Uuid {
    const TYPE: &'static str = "uuid";
    const WIDTH: usize = 16;
    fn put(self, out: &mut BytesMut) {
        out.put_slice(&self.0);
    }
    fn take(bytes: &[u8]) -> Self {
        let mut raw = [0; 16];
        raw.copy_from_slice(bytes);
        Self(raw)
    }
}

impl Field for Uuid {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.scalar(spec, self)
    }
}

/// Takes a never-null value through a walk made for nullable ones.
macro_rules! through_option {
    ($self:ident, $w:ident, $spec:ident, $method:ident) => {{
        let mut slot = Some(std::mem::take($self));
        let result = $w.$method($spec, &mut slot);
        *$self = slot.unwrap_or_default();
        result
    }};
}

impl Field for String {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        through_option!(self, w, spec, string)
    }
}

impl Field for Option<String> {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.string(spec, self)
    }
}

impl Field for Bytes {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        through_option!(self, w, spec, bytes)
    }
}

impl Field for Option<Bytes> {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.bytes(spec, self)
    }
}

impl Field for Records {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.records(spec, self)
    }
}

impl<T: Field> Field for Vec<T> {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        through_option!(self, w, spec, array)
    }
}

impl<T: Field> Field for Option<Vec<T>> {
    fn walk<W: Wire>(&mut self, w: &mut W, spec: &FieldSpec) -> Result<(), WireError> {
        w.array(spec, self)
    }
}

#[cfg(test)]
mod tests {
    use super::Uuid;

    #[test]
    fn uuid_text_is_kafkas_22_characters() {
        // Kafka's Uuid.METADATA_TOPIC_ID prints as this text.
        let metadata = Uuid([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(metadata.to_string(), "AAAAAAAAAAAAAAAAAAAAAQ");
        assert_eq!(Uuid::parse("AAAAAAAAAAAAAAAAAAAAAQ"), Some(metadata));
        let id = Uuid([255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 250]);
        assert_eq!(Uuid::parse(&id.to_string()), Some(id));
        assert_eq!(Uuid::parse("short"), None);
    }
}
