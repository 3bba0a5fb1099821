//! Request and response headers.
//! Source: Kafka RequestHeader.json (v1, v2), ResponseHeader.json (v0, v1).

use super::ApiKey;
use super::wire::{Field, FieldSpec, Reader, Wire, WireError, Writer, v};

/// What precedes every request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    /// The API key as sent; it may be one we do not serve.
    pub api_key: i16,
    /// The version as sent; it may be one we do not serve.
    pub api_version: i16,
    /// Echoed in the answer.
    pub correlation_id: i32,
    /// The client's name for itself.
    pub client_id: Option<String>,
}

const CLIENT_ID: FieldSpec = v(0).null(0).named("client_id");
const PLAIN: FieldSpec = v(0).named("request_header");

impl RequestHeader {
    /// Reads the header and leaves `reader` at the body, set to the body's version.
    /// Tagged header fields are read only for keys and versions that are served.
    pub fn read(reader: &mut Reader) -> Result<Self, WireError> {
        let (mut api_key, mut api_version, mut correlation_id) = (0_i16, 0_i16, 0_i32);
        reader.switch(1, false);
        api_key.walk(reader, &PLAIN)?;
        api_version.walk(reader, &PLAIN)?;
        correlation_id.walk(reader, &PLAIN)?;
        let client_id = reader.lossy_string(&CLIENT_ID)?;
        let served = ApiKey::from_code(api_key).filter(|api| api.serves(api_version));
        let flexible = served.is_some_and(|api| api.flexible(api_version));
        reader.switch(api_version, flexible);
        if flexible {
            reader.skip_tags()?;
        }
        Ok(Self { api_key, api_version, correlation_id, client_id })
    }

    /// Writes the header and leaves `writer` set to the body's version.
    pub fn write(&self, writer: &mut Writer) -> Result<(), WireError> {
        writer.switch(1, false);
        self.api_key.clone().walk(writer, &PLAIN)?;
        self.api_version.clone().walk(writer, &PLAIN)?;
        self.correlation_id.clone().walk(writer, &PLAIN)?;
        writer.string(&CLIENT_ID, &mut self.client_id.clone())?;
        let flexible = ApiKey::from_code(self.api_key).is_some_and(|api| api.flexible(self.api_version));
        if flexible {
            writer.uvarint(0);
        }
        writer.switch(self.api_version, flexible);
        Ok(())
    }
}
