//! The walker that lists the fields of a version, for the comparison with Kafka's message definitions.

use bytes::Bytes;

use super::{ELEMENT, Field, FieldSpec, Message, Records, Scalar, Wire, WireError};

/// A field as one version has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaField {
    /// Kafka's name in snake case.
    pub name: String,
    /// Kafka's type name; `[]` before the element type of an array, `struct` for a structure.
    pub kind: String,
    /// Whether null is allowed.
    pub nullable: bool,
    /// The tag, for a tagged field.
    pub tag: Option<u32>,
    /// The fields of the structure, or of the array's elements.
    pub fields: Vec<SchemaField>,
}

/// Lists fields in wire order, tagged ones last.
#[derive(Debug)]
pub struct Schema {
    version: i16,
    fields: Vec<SchemaField>,
    tag: Option<u32>,
}

impl Schema {
    /// The fields that `version` of `M` has.
    pub fn of<M: Message>(version: i16) -> Vec<SchemaField> {
        let mut schema = Self { version, fields: Vec::new(), tag: None };
        // Listing never refuses a value, so there is no error to report.
        let _ = M::default().wire(&mut schema);
        schema.fields
    }

    fn push(&mut self, spec: &FieldSpec, kind: String, fields: Vec<SchemaField>) -> Result<(), WireError> {
        self.fields.push(SchemaField {
            name: spec.name.to_owned(),
            kind,
            nullable: spec.nullable(self.version),
            tag: self.tag,
            fields,
        });
        Ok(())
    }

    fn nested(&self) -> Self {
        Self { version: self.version, fields: Vec::new(), tag: None }
    }
}

impl Wire for Schema {
    fn version(&self) -> i16 {
        self.version
    }

    fn scalar<T: Scalar>(&mut self, spec: &FieldSpec, _: &mut T) -> Result<(), WireError> {
        self.push(spec, T::TYPE.to_owned(), Vec::new())
    }

    fn string(&mut self, spec: &FieldSpec, _: &mut Option<String>) -> Result<(), WireError> {
        self.push(spec, "string".to_owned(), Vec::new())
    }

    fn bytes(&mut self, spec: &FieldSpec, _: &mut Option<Bytes>) -> Result<(), WireError> {
        self.push(spec, "bytes".to_owned(), Vec::new())
    }

    fn records(&mut self, spec: &FieldSpec, _: &mut Records) -> Result<(), WireError> {
        self.push(spec, "records".to_owned(), Vec::new())
    }

    fn array<T: Field>(&mut self, spec: &FieldSpec, _: &mut Option<Vec<T>>) -> Result<(), WireError> {
        let mut element = self.nested();
        T::default().walk(&mut element, &ELEMENT)?;
        let element = element.fields.pop();
        let (kind, fields) = element.map(|e| (e.kind, e.fields)).unwrap_or_default();
        self.push(spec, format!("[]{kind}"), fields)
    }

    fn structure<T: Message>(&mut self, spec: &FieldSpec, _: &mut Option<T>) -> Result<(), WireError> {
        let mut inner = self.nested();
        T::default().wire(&mut inner)?;
        self.push(spec, "struct".to_owned(), inner.fields)
    }

    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError> {
        for spec in M::FIELDS {
            if let Some(tag) = spec.tag_in(self.version) {
                self.tag = Some(tag);
                message.wire_tag(self, tag)?;
                self.tag = None;
            }
        }
        Ok(())
    }
}
