//! The four codecs, each with a cap on what it may give back.
//! gzip is RFC 1952; snappy is raw (librdkafka) or in xerial's frames (Java); lz4 is the frame format; zstd.

use std::io::{Read, Write};

use bytes::Bytes;

use super::BatchError;

/// Decompressed bytes that one batch may have. Kafka sets no bound; 1 MiB batches never come near it.
pub const DECOMPRESSED_MAX: usize = 100 << 20;
/// Of them, so many take some milliseconds: a broker's thread decompresses no more at a time.
pub const DECOMPRESSED_AT_ONCE: usize = 4 << 20;

const XERIAL_MAGIC: &[u8] = &[0x82, b'S', b'N', b'A', b'P', b'P', b'Y', 0];
/// Magic, version and compatible version.
const XERIAL_HEADER: usize = 16;
const XERIAL_BLOCK: usize = 32 << 10;

/// How the records of a batch are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// snappy.
    Snappy,
    /// lz4 frames.
    Lz4,
    /// zstd.
    Zstd,
}

impl Codec {
    /// The codec of a batch's attribute bits.
    pub fn from_bits(bits: i16) -> Option<Self> {
        Some(match bits {
            0 => Self::None,
            1 => Self::Gzip,
            2 => Self::Snappy,
            3 => Self::Lz4,
            4 => Self::Zstd,
            _ => return None,
        })
    }

    /// The attribute bits.
    pub fn bits(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Gzip => 1,
            Self::Snappy => 2,
            Self::Lz4 => 3,
            Self::Zstd => 4,
        }
    }
}

impl std::fmt::Display for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "uncompressed",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        })
    }
}

/// The decompressed bytes; an error past `limit`.
pub fn decompress(codec: Codec, data: &Bytes, limit: usize) -> Result<Bytes, BatchError> {
    match codec {
        Codec::None => Ok(data.clone()),
        Codec::Gzip => read_capped(codec, flate2::read::MultiGzDecoder::new(&data[..]), limit),
        Codec::Lz4 => read_capped(codec, lz4_flex::frame::FrameDecoder::new(&data[..]), limit),
        Codec::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(&data[..]);
            read_capped(codec, decoder.map_err(|err| broken(codec, &err))?, limit)
        }
        Codec::Snappy => snappy(data, limit),
    }
}

fn broken(codec: Codec, err: &dyn std::fmt::Display) -> BatchError {
    BatchError::Compression { codec, reason: err.to_string() }
}

fn read_capped(codec: Codec, reader: impl Read, limit: usize) -> Result<Bytes, BatchError> {
    let mut out = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut out).map_err(|err| broken(codec, &err))?;
    if out.len() > limit { Err(BatchError::Bomb { limit }) } else { Ok(out.into()) }
}

fn snappy(data: &[u8], limit: usize) -> Result<Bytes, BatchError> {
    if !data.starts_with(XERIAL_MAGIC) {
        return snappy_block(data, limit, limit).map(Bytes::from);
    }
    let cut = || broken(Codec::Snappy, &"xerial frame is cut off");
    let mut rest = data.get(XERIAL_HEADER..).ok_or_else(cut)?;
    let mut out = Vec::new();
    while let Some((len, tail)) = rest.split_first_chunk::<4>() {
        let len = u32::from_be_bytes(*len) as usize;
        let block = tail.get(..len).ok_or_else(cut)?;
        out.extend_from_slice(&snappy_block(block, limit.saturating_sub(out.len()), limit)?);
        rest = tail.get(len..).unwrap_or_default();
    }
    if rest.is_empty() { Ok(out.into()) } else { Err(cut()) }
}

/// One raw block, of which `room` is left of the limit of the whole. Its length prefix is checked before anything is
/// reserved for it.
fn snappy_block(block: &[u8], room: usize, limit: usize) -> Result<Vec<u8>, BatchError> {
    let len = snap::raw::decompress_len(block).map_err(|err| broken(Codec::Snappy, &err))?;
    if len > room {
        return Err(BatchError::Bomb { limit });
    }
    snap::raw::Decoder::new().decompress_vec(block).map_err(|err| broken(Codec::Snappy, &err))
}

/// `data` compressed by `codec` at Kafka's default level.
pub fn compress(codec: Codec, data: &[u8]) -> Result<Vec<u8>, BatchError> {
    compress_at(codec, None, data)
}

/// The same at a level of the codec's own scale; lz4 and snappy have none here.
pub fn compress_at(codec: Codec, level: Option<i32>, data: &[u8]) -> Result<Vec<u8>, BatchError> {
    let failed = |err: std::io::Error| broken(codec, &err);
    match codec {
        Codec::None => Ok(data.to_vec()),
        Codec::Gzip => {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), gzip_level(level));
            out.write_all(data).map_err(failed)?;
            out.finish().map_err(failed)
        }
        Codec::Lz4 => {
            let mut out = lz4_flex::frame::FrameEncoder::new(Vec::new());
            out.write_all(data).map_err(failed)?;
            out.finish().map_err(|err| broken(codec, &err))
        }
        Codec::Zstd => {
            let level = level.unwrap_or(zstd::DEFAULT_COMPRESSION_LEVEL);
            zstd::stream::encode_all(data, level).map_err(failed)
        }
        Codec::Snappy => {
            let mut out = XERIAL_MAGIC.to_vec();
            out.extend_from_slice(&1_i32.to_be_bytes());
            out.extend_from_slice(&1_i32.to_be_bytes());
            for block in data.chunks(XERIAL_BLOCK) {
                let packed =
                    snap::raw::Encoder::new().compress_vec(block).map_err(|err| broken(codec, &err))?;
                out.extend_from_slice(&(packed.len() as u32).to_be_bytes());
                out.extend_from_slice(&packed);
            }
            Ok(out)
        }
    }
}

fn gzip_level(level: Option<i32>) -> flate2::Compression {
    level.and_then(|level| u32::try_from(level).ok()).map_or_else(Default::default, flate2::Compression::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_codec_gives_back_what_it_took() {
        let data: Vec<u8> = (0..100_000_u32).flat_map(|n| (n / 7).to_be_bytes()).collect();
        for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
            let packed = Bytes::from(compress(codec, &data).unwrap());
            assert_eq!(decompress(codec, &packed, data.len()).unwrap(), data, "{codec}");
            let bomb = decompress(codec, &packed, data.len() - 1);
            assert!(
                codec == Codec::None || matches!(bomb, Err(BatchError::Bomb { .. })),
                "{codec}: {bomb:?}"
            );
            for cut in [0, 1, packed.len() / 2, packed.len() - 1] {
                // A cut stream is an error or gives no more than was put in (lz4 may only miss its end mark).
                if let Ok(out) = decompress(codec, &packed.slice(..cut), data.len()) {
                    assert!(out.len() <= data.len(), "{codec} cut at {cut}");
                }
            }
        }
    }

    #[test]
    fn raw_snappy_of_librdkafka_is_read_too() {
        let packed = Bytes::from(snap::raw::Encoder::new().compress_vec(b"raw block").unwrap());
        assert_eq!(decompress(Codec::Snappy, &packed, 100).unwrap(), &b"raw block"[..]);
    }
}
