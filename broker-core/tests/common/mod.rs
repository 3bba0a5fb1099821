//! A walker that fills a message with seeded values, for the codec's oracles.

use broker_core::protocol::wire::{Field, FieldSpec, Message, Records, Scalar, Wire, WireError, v};
use broker_core::seams::Rng;
use bytes::{Bytes, BytesMut};

pub struct Fill {
    rng: Rng,
    version: i16,
    depth: u32,
}

impl Fill {
    /// A message of `version` whose fields are set from `seed`.
    pub fn message<M: Message>(seed: u64, version: i16) -> M {
        let mut fill = Self { rng: Rng::seeded(seed), version, depth: 0 };
        let mut message = M::default();
        message.wire(&mut fill).expect("filling cannot fail");
        message
    }

    fn text(&mut self) -> String {
        let len = self.rng.below(12);
        (0..len).map(|_| char::from(b'a' + self.rng.below(26) as u8)).collect()
    }

    fn is_null(&mut self, spec: &FieldSpec) -> bool {
        spec.nullable(self.version) && self.rng.below(4) == 0
    }

    fn blob(&mut self) -> Bytes {
        let len = self.rng.below(40) as usize;
        let mut out = BytesMut::with_capacity(len);
        for _ in 0..len {
            out.extend_from_slice(&[self.rng.next_u64() as u8]);
        }
        out.freeze()
    }
}

impl Wire for Fill {
    fn version(&self) -> i16 {
        self.version
    }

    fn scalar<T: Scalar>(&mut self, _: &FieldSpec, value: &mut T) -> Result<(), WireError> {
        let mut raw: Vec<u8> = (0..T::WIDTH).map(|_| self.rng.next_u64() as u8).collect();
        if T::TYPE == "bool" {
            raw = vec![self.rng.below(2) as u8];
        }
        *value = T::take(&raw);
        Ok(())
    }

    fn string(&mut self, spec: &FieldSpec, value: &mut Option<String>) -> Result<(), WireError> {
        *value = if self.is_null(spec) { None } else { Some(self.text()) };
        Ok(())
    }

    fn bytes(&mut self, spec: &FieldSpec, value: &mut Option<Bytes>) -> Result<(), WireError> {
        *value = if self.is_null(spec) { None } else { Some(self.blob()) };
        Ok(())
    }

    fn records(&mut self, spec: &FieldSpec, value: &mut Records) -> Result<(), WireError> {
        *value = if self.is_null(spec) { Records(None) } else { Records::from_bytes(self.blob()) };
        Ok(())
    }

    fn array<T: Field>(&mut self, spec: &FieldSpec, value: &mut Option<Vec<T>>) -> Result<(), WireError> {
        if self.is_null(spec) {
            *value = None;
            return Ok(());
        }
        let count = self.rng.below(if self.depth > 2 { 2 } else { 4 });
        self.depth += 1;
        let mut items = Vec::new();
        for _ in 0..count {
            let mut item = T::default();
            item.walk(self, &v(0))?;
            items.push(item);
        }
        self.depth -= 1;
        *value = Some(items);
        Ok(())
    }

    fn structure<T: Message>(&mut self, spec: &FieldSpec, value: &mut Option<T>) -> Result<(), WireError> {
        if self.is_null(spec) {
            *value = None;
            return Ok(());
        }
        let mut part = T::default();
        part.wire(self)?;
        *value = Some(part);
        Ok(())
    }

    fn tags<M: Message>(&mut self, message: &mut M) -> Result<(), WireError> {
        for spec in M::FIELDS {
            if let Some(tag) = spec.tag_in(self.version)
                && self.rng.below(2) == 0
            {
                message.wire_tag(self, tag)?;
            }
        }
        Ok(())
    }
}
