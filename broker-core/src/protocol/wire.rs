//! How every message is described: one `wire` walk per message, taken by four walkers.
//!
//! [`Reader`] decodes, [`Writer`] encodes, [`Dump`] prints for the protocol inspector, [`Schema`] lists the
//! fields so that a test can compare them with Kafka's own message definitions. A message is written down
//! once with [`message!`], so the four cannot drift apart.
//! Source: Kafka `clients/src/main/resources/common/message/README.md`; KIP-482 (tagged fields).

mod dump;
mod field;
mod reader;
mod records;
mod schema;
mod writer;

pub use dump::Dump;
pub use field::{Field, Uuid};
pub use reader::Reader;
pub use records::{Chunk, ReadAt, Records};
pub use schema::{Schema, SchemaField};
pub use writer::Writer;

/// Why bytes are not the message they claim to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The frame ends inside a field.
    #[error("{field} needs {needed} bytes but {left} are left")]
    Short {
        /// The field being read.
        field: &'static str,
        /// Bytes the field asks for.
        needed: usize,
        /// Bytes that are left.
        left: usize,
    },
    /// A length is negative, or null stands where it may not.
    #[error("{field} has invalid length {length}")]
    Length {
        /// The field being read.
        field: &'static str,
        /// The length as read.
        length: i64,
    },
    /// A variable-length integer does not end within its type.
    #[error("{field} is not a valid varint")]
    Varint {
        /// The field being read.
        field: &'static str,
    },
    /// A string is not UTF-8.
    #[error("{field} is not valid UTF-8")]
    Utf8 {
        /// The field being read.
        field: &'static str,
    },
    /// Decoding would take more memory than the frame's budget allows.
    #[error("{field} would take the decoded message past its budget of {budget} bytes")]
    Budget {
        /// The field being read.
        field: &'static str,
        /// The budget of this frame in bytes.
        budget: usize,
    },
    /// Bytes are left after the last field.
    #[error("{left} bytes are left after the last field")]
    Trailing {
        /// How many bytes.
        left: usize,
    },
    /// A null value in a version that knows no null, met while writing.
    #[error("{field} is null, which version {version} cannot say")]
    Null {
        /// The field being written.
        field: &'static str,
        /// The version being written.
        version: i16,
    },
}

/// In which versions a field exists, may be null, and under which tag it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// Kafka's field name in snake case.
    pub name: &'static str,
    since: i16,
    until: i16,
    null_since: i16,
    tag: Option<u32>,
}

/// A field that exists from version `since` on.
pub const fn v(since: i16) -> FieldSpec {
    FieldSpec { name: "", since, until: i16::MAX, null_since: i16::MAX, tag: None }
}

impl FieldSpec {
    /// The last version that has the field.
    pub const fn until(mut self, until: i16) -> Self {
        self.until = until;
        self
    }

    /// From which version on the field may be null.
    pub const fn null(mut self, since: i16) -> Self {
        self.null_since = since;
        self
    }

    /// The field travels in the tagged section under `tag`.
    pub const fn tag(mut self, tag: u32) -> Self {
        self.tag = Some(tag);
        self
    }

    /// The same, carrying its name; used by [`message!`].
    pub const fn named(mut self, name: &'static str) -> Self {
        // A field that Rust has a word for is written r#match.
        self.name = match name.as_bytes() {
            [b'r', b'#', ..] => name.split_at(2).1,
            _ => name,
        };
        self
    }

    /// Whether `version` has this field.
    pub const fn exists(&self, version: i16) -> bool {
        self.since <= version && version <= self.until
    }

    /// Whether the field lies among the positional fields of `version`.
    pub const fn in_body(&self, version: i16) -> bool {
        self.exists(version) && self.tag.is_none()
    }

    /// The field's tag if `version` has it as a tagged field.
    pub const fn tag_in(&self, version: i16) -> Option<u32> {
        if self.exists(version) { self.tag } else { None }
    }

    /// Whether `version` allows null here.
    pub const fn nullable(&self, version: i16) -> bool {
        self.null_since <= version
    }
}

/// The field specification of an array element: nameless, never null.
pub(crate) const ELEMENT: FieldSpec = v(0).named("element");

/// A described structure: a whole message or a part of one.
pub trait Message: Field {
    /// The fields in wire order.
    const FIELDS: &'static [FieldSpec];
    /// Visits the positional fields of the walker's version, then the tagged section.
    fn wire<W: Wire>(&mut self, w: &mut W) -> Result<(), WireError>;
    /// Visits the field under `tag`; false if this version has none.
    fn wire_tag<W: Wire>(&mut self, w: &mut W, tag: u32) -> Result<bool, WireError>;
    /// Whether the field under `tag` has its default value and is therefore left out.
    fn tag_is_default(&self, tag: u32) -> bool;
}

/// One walk over a message: what is done with each kind of field.
pub trait Wire: Sized {
    /// The message version of this walk.
    fn version(&self) -> i16;
    /// A fixed-width or varying integer, a boolean, a float or a uuid.
    fn scalar<T: Scalar>(&mut self, spec: &FieldSpec, value: &mut T) -> Result<(), WireError>;
    /// A string; `None` is null.
    fn string(&mut self, spec: &FieldSpec, value: &mut Option<String>) -> Result<(), WireError>;
    /// Opaque bytes; `None` is null.
    fn bytes(&mut self, spec: &FieldSpec, value: &mut Option<bytes::Bytes>) -> Result<(), WireError>;
    /// Record batches, spliced rather than copied.
    fn records(&mut self, spec: &FieldSpec, value: &mut Records) -> Result<(), WireError>;
    /// An array; `None` is null.
    fn array<T: Field>(&mut self, spec: &FieldSpec, value: &mut Option<Vec<T>>) -> Result<(), WireError>;
    /// A structure inside another; `None` is null.
    fn structure<T: Message>(&mut self, spec: &FieldSpec, value: &mut Option<T>) -> Result<(), WireError>;
    /// The tagged section that ends every flexible structure.
    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError>;
}

/// A value of fixed width, big-endian on the wire.
pub trait Scalar: Copy + Default + PartialEq + std::fmt::Debug {
    /// Kafka's name of the type, as in its message definitions.
    const TYPE: &'static str;
    /// Bytes on the wire.
    const WIDTH: usize;
    /// Writes the value.
    fn put(self, out: &mut bytes::BytesMut);
    /// Reads the value from exactly [`Self::WIDTH`] bytes.
    fn take(bytes: &[u8]) -> Self;
}

/// Describes messages: `field: Type [v(0)…] = default`, in wire order.
/// Generates the struct, its defaults and the one walk that all walkers take.
macro_rules! message {
    ($( $(#[$meta:meta])* pub struct $name:ident {
        $( $(#[$fmeta:meta])* $field:ident : $ty:ty [ $spec:expr ] $(= $default:expr)? ),* $(,)?
    } )*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name { $( $(#[$fmeta])* pub $field: $ty, )* }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $crate::protocol::wire::message!(@default $($default)?), )* }
            }
        }

        impl $crate::protocol::wire::Message for $name {
            const FIELDS: &'static [$crate::protocol::wire::FieldSpec] = &[ $( $spec.named(stringify!($field)), )* ];

            fn wire<W: $crate::protocol::wire::Wire>(&mut self, w: &mut W)
                -> Result<(), $crate::protocol::wire::WireError>
            {
                $( {
                    const SPEC: $crate::protocol::wire::FieldSpec = $spec.named(stringify!($field));
                    if SPEC.in_body(w.version()) {
                        $crate::protocol::wire::Field::walk(&mut self.$field, w, &SPEC)?;
                    }
                } )*
                w.tags(self)
            }

            fn wire_tag<W: $crate::protocol::wire::Wire>(&mut self, w: &mut W, tag: u32)
                -> Result<bool, $crate::protocol::wire::WireError>
            {
                $( {
                    const SPEC: $crate::protocol::wire::FieldSpec = $spec.named(stringify!($field));
                    if SPEC.tag_in(w.version()) == Some(tag) {
                        $crate::protocol::wire::Field::walk(&mut self.$field, w, &SPEC)?;
                        return Ok(true);
                    }
                } )*
                let _ = tag;
                Ok(false)
            }

            fn tag_is_default(&self, tag: u32) -> bool {
                let default = Self::default();
                $( {
                    const SPEC: $crate::protocol::wire::FieldSpec = $spec.named(stringify!($field));
                    if SPEC.tag_in(SPEC.first()) == Some(tag) { return self.$field == default.$field; }
                } )*
                let _ = (tag, default);
                true
            }
        }

        impl $crate::protocol::wire::Field for $name {
            fn walk<W: $crate::protocol::wire::Wire>(
                &mut self, w: &mut W, spec: &$crate::protocol::wire::FieldSpec,
            ) -> Result<(), $crate::protocol::wire::WireError> {
                let mut slot = Some(std::mem::take(self));
                let result = w.structure(spec, &mut slot);
                *self = slot.unwrap_or_default();
                result
            }
        }

        impl $crate::protocol::wire::Field for Option<$name> {
            fn walk<W: $crate::protocol::wire::Wire>(
                &mut self, w: &mut W, spec: &$crate::protocol::wire::FieldSpec,
            ) -> Result<(), $crate::protocol::wire::WireError> {
                w.structure(spec, self)
            }
        }
    )*};
    (@default) => { Default::default() };
    (@default $default:expr) => { $default };
}
pub(crate) use message;

impl FieldSpec {
    /// The first version that has the field.
    pub const fn first(&self) -> i16 {
        self.since
    }
}
