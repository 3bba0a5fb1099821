//! The walker that prints a message as one line of text, for wire logs and the protocol inspector.

use std::fmt::Write as _;

use bytes::Bytes;

use super::{ELEMENT, Field, FieldSpec, Message, Records, Scalar, Wire, WireError};

/// Elements of an array that are printed before the rest is only counted.
const ELEMENTS_SHOWN: usize = 20;

/// Prints the fields that one version has. Opaque bytes and records are counted, never shown.
#[derive(Debug)]
pub struct Dump {
    text: String,
    version: i16,
}

impl Dump {
    /// `message` as text, such as `{topics: ["orders"], allow_auto_topic_creation: true}`.
    pub fn print<M: Message>(message: &mut M, version: i16) -> String {
        let mut dump = Self { text: String::from("{"), version };
        // Printing never refuses a value, so there is no error to report.
        let _ = message.wire(&mut dump);
        dump.close('}');
        dump.text
    }

    fn name(&mut self, spec: &FieldSpec) {
        if spec.name != ELEMENT.name {
            self.text.push_str(spec.name);
            self.text.push_str(": ");
        }
    }

    fn close(&mut self, bracket: char) {
        if self.text.ends_with(", ") {
            self.text.truncate(self.text.len() - 2);
        }
        self.text.push(bracket);
    }

    fn plain(&mut self, spec: &FieldSpec, value: std::fmt::Arguments<'_>) -> Result<(), WireError> {
        self.name(spec);
        let _ = write!(self.text, "{value}, ");
        Ok(())
    }
}

impl Wire for Dump {
    fn version(&self) -> i16 {
        self.version
    }

    fn scalar<T: Scalar>(&mut self, spec: &FieldSpec, value: &mut T) -> Result<(), WireError> {
        self.plain(spec, format_args!("{value:?}"))
    }

    fn string(&mut self, spec: &FieldSpec, value: &mut Option<String>) -> Result<(), WireError> {
        match value {
            Some(text) => self.plain(spec, format_args!("{text:?}")),
            None => self.plain(spec, format_args!("null")),
        }
    }

    fn bytes(&mut self, spec: &FieldSpec, value: &mut Option<Bytes>) -> Result<(), WireError> {
        match value {
            Some(bytes) => self.plain(spec, format_args!("<{} bytes>", bytes.len())),
            None => self.plain(spec, format_args!("null")),
        }
    }

    fn records(&mut self, spec: &FieldSpec, value: &mut Records) -> Result<(), WireError> {
        self.plain(spec, format_args!("<{} bytes of records>", value.len()))
    }

    fn array<T: Field>(&mut self, spec: &FieldSpec, value: &mut Option<Vec<T>>) -> Result<(), WireError> {
        let Some(items) = value else { return self.plain(spec, format_args!("null")) };
        self.name(spec);
        self.text.push('[');
        let more = items.len().saturating_sub(ELEMENTS_SHOWN);
        for item in items.iter_mut().take(ELEMENTS_SHOWN) {
            item.walk(self, &ELEMENT)?;
        }
        if more > 0 {
            let _ = write!(self.text, "and {more} more");
        }
        self.close(']');
        self.text.push_str(", ");
        Ok(())
    }

    fn structure<T: Message>(&mut self, spec: &FieldSpec, value: &mut Option<T>) -> Result<(), WireError> {
        let Some(part) = value else { return self.plain(spec, format_args!("null")) };
        self.name(spec);
        self.text.push('{');
        part.wire(self)?;
        self.close('}');
        self.text.push_str(", ");
        Ok(())
    }

    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError> {
        for spec in M::FIELDS {
            if let Some(tag) = spec.tag_in(self.version)
                && !message.tag_is_default(tag)
            {
                message.wire_tag(self, tag)?;
            }
        }
        Ok(())
    }
}
