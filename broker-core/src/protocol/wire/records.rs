//! Record batches inside a message: a list of chunks, so that neither a produced batch nor a fetched one is
//! copied on its way between frame, log and socket.

use std::sync::Arc;

use bytes::Bytes;

/// A source of bytes that the connection reads while it writes the answer (a log segment).
pub trait ReadAt: Send + Sync + std::fmt::Debug {
    /// Fills `buf` from byte `position`; an error if fewer bytes are there.
    fn read_exact_at(&self, buf: &mut [u8], position: u64) -> std::io::Result<()>;
}

/// A piece of an answer.
#[derive(Debug, Clone)]
pub enum Chunk {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A range of a file, read only when the socket has room for it.
    File {
        /// The file.
        file: Arc<dyn ReadAt>,
        /// First byte.
        position: u64,
        /// Number of bytes.
        len: usize,
    },
}

impl Chunk {
    /// Bytes in this chunk.
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::File { len, .. } => *len,
        }
    }

    /// Whether the chunk holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes, read from the file if they lie there.
    pub fn load(&self) -> std::io::Result<Bytes> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::File { file, position, len } => {
                let mut buf = vec![0; *len];
                file.read_exact_at(&mut buf, *position)?;
                Ok(buf.into())
            }
        }
    }
}

/// The records field of a message; `None` is null on the wire.
#[derive(Debug, Clone, Default)]
pub struct Records(pub Option<Vec<Chunk>>);

impl Records {
    /// Records held in one piece of memory.
    pub fn from_bytes(bytes: Bytes) -> Self {
        Self(Some(vec![Chunk::Bytes(bytes)]))
    }

    /// No records, said as an empty set rather than null (librdkafka refuses null in Fetch).
    pub fn empty() -> Self {
        Self(Some(Vec::new()))
    }

    /// Bytes in all chunks.
    pub fn len(&self) -> usize {
        self.0.iter().flatten().map(Chunk::len).sum()
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes in one piece; without a copy when they are one chunk in memory.
    pub fn to_bytes(&self) -> std::io::Result<Bytes> {
        let chunks = self.0.as_deref().unwrap_or_default();
        if let [only] = chunks {
            return only.load();
        }
        let mut all = Vec::with_capacity(self.len());
        for chunk in chunks {
            all.extend_from_slice(&chunk.load()?);
        }
        Ok(all.into())
    }
}

impl PartialEq for Records {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_none() == other.0.is_none()
            && matches!((self.to_bytes(), other.to_bytes()), (Ok(a), Ok(b)) if a == b)
    }
}
