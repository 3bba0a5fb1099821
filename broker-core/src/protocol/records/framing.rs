//! How a metadata record is wrapped in the value of its log record: frame version, api key, record version.
//! Source: Kafka `MetadataRecordSerde` / `AbstractApiMessageSerde`.

use bytes::Bytes;

use super::metadata::{
    BrokerRegistrationChangeRecord, ConfigRecord, FeatureLevelRecord, PartitionChangeRecord, PartitionRecord,
    ProducerIdsRecord, RegisterBrokerRecord, RemoveTopicRecord, TopicRecord,
};
use crate::protocol::wire::{Message, Reader, WireError, Writer};

const FRAME_VERSION: u32 = 1;

macro_rules! metadata_records {
    ($($key:literal v $version:literal ..= $max:literal $variant:ident $ty:ty;)*) => {
        /// A record of the metadata log.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "Kafka's own names")]
        pub enum MetadataRecord { $($variant($ty),)* }

        impl MetadataRecord {
            /// The framed record, ready to be the value of a log record.
            pub fn encode(&self) -> Result<Bytes, WireError> {
                match self.clone() { $(Self::$variant(mut record) => encode(&mut record, $key, $version),)* }
            }

            /// Decodes a framed record; `Ok(None)` for a record type this version does not use.
            pub fn decode(value: Bytes) -> Result<Option<Self>, WireError> {
                let mut reader = Reader::new(value, 0, true);
                let frame = reader.uvarint("frame version")?;
                if frame != FRAME_VERSION {
                    return Err(WireError::Length { field: "frame version", length: i64::from(frame) });
                }
                let key = reader.uvarint("record type")?;
                let version = reader.uvarint("record version")?;
                let record = match key {
                    $($key => {
                        let mut record = <$ty>::default();
                        reader.switch(check(version, $max)?, true);
                        record.wire(&mut reader)?;
                        Self::$variant(record)
                    })*
                    _ => return Ok(None),
                };
                reader.finish()?;
                Ok(Some(record))
            }
        }

        $(impl From<$ty> for MetadataRecord {
            fn from(record: $ty) -> Self { Self::$variant(record) }
        })*
    };
}

metadata_records! {
    0  v 3 ..= 4 RegisterBroker RegisterBrokerRecord;
    2  v 0 ..= 0 Topic TopicRecord;
    3  v 2 ..= 2 Partition PartitionRecord;
    4  v 0 ..= 0 Config ConfigRecord;
    5  v 2 ..= 2 PartitionChange PartitionChangeRecord;
    9  v 0 ..= 0 RemoveTopic RemoveTopicRecord;
    12 v 0 ..= 0 FeatureLevel FeatureLevelRecord;
    15 v 0 ..= 0 ProducerIds ProducerIdsRecord;
    17 v 1 ..= 3 BrokerRegistrationChange BrokerRegistrationChangeRecord;
}

fn check(version: u32, max: i16) -> Result<i16, WireError> {
    match i16::try_from(version) {
        Ok(version) if version <= max => Ok(version),
        _ => Err(WireError::Length { field: "record version", length: i64::from(version) }),
    }
}

fn encode<M: Message>(record: &mut M, key: u32, version: i16) -> Result<Bytes, WireError> {
    let mut writer = Writer::new(version, true);
    writer.uvarint(FRAME_VERSION);
    writer.uvarint(key);
    writer.uvarint(version as u32);
    record.wire(&mut writer)?;
    crate::protocol::wire::Records(Some(writer.finish())).to_bytes().map_err(|_| WireError::Short {
        field: "record",
        needed: 0,
        left: 0,
    })
}
