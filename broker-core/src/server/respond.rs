//! Writes answers: small pieces are gathered, file ranges are read in steps of at most 256 KiB, so that a slow
//! reader holds no more than that.

use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::step::{STEP_BYTES, Step};
use crate::protocol::Chunk;
use crate::protocol::wire::ReadAt;

/// Pieces below this size are copied together; larger ones are written as they are.
const GATHER_BELOW: usize = 32 << 10;

/// The way back to a client. Answers are gathered until somebody flushes, so that those of requests that came
/// together go together: for small ones the call to the system is most of the work, on both sides.
#[derive(Debug)]
pub(super) struct Answers<W> {
    out: W,
    gathered: BytesMut,
    patience: Duration,
}

impl<W: AsyncWrite + Unpin> Answers<W> {
    /// Every call that writes fails with `TimedOut` if the reader takes nothing for `patience`.
    pub fn new(out: W, patience: Duration) -> Self {
        Self { out, gathered: BytesMut::new(), patience }
    }

    /// Whether there is something to flush.
    pub fn holds_some(&self) -> bool {
        !self.gathered.is_empty()
    }

    /// Adds the length of `chunks` and then the chunks; writes what is more than is gathered.
    pub async fn put(&mut self, chunks: &[Chunk]) -> std::io::Result<()> {
        let total: usize = chunks.iter().map(Chunk::len).sum();
        let length = i32::try_from(total).map_err(|_| std::io::Error::other("answer above 2 GiB"))?;
        self.gathered.extend_from_slice(&length.to_be_bytes());
        for chunk in chunks {
            match chunk {
                Chunk::Bytes(bytes) if bytes.len() < GATHER_BELOW => self.gathered.extend_from_slice(bytes),
                Chunk::Bytes(bytes) => {
                    self.flush().await?;
                    self.write_all(bytes).await?;
                }
                Chunk::File { file, position, len } if *len < GATHER_BELOW => {
                    let start = self.gathered.len();
                    self.gathered.resize(start + len, 0);
                    file.read_exact_at(self.gathered.get_mut(start..).unwrap_or_default(), *position)?;
                }
                Chunk::File { file, position, len } => self.put_file(&**file, *position, *len).await?,
            }
            if self.gathered.len() >= STEP_BYTES / 2 {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Writes a range of a file, after what is gathered and together with it.
    async fn put_file(&mut self, file: &dyn ReadAt, mut position: u64, len: usize) -> std::io::Result<()> {
        let mut step = Step::take();
        let mut left = len;
        while left > 0 {
            // Taken, not cleared: whoever is said nothing holds no memory.
            let head = std::mem::take(&mut self.gathered);
            let part = step.first(head.len() + left);
            let (before, range) = part.split_at_mut(head.len());
            before.copy_from_slice(&head);
            file.read_exact_at(range, position)?;
            position += range.len() as u64;
            left -= range.len();
            self.write_all(part).await?;
        }
        Ok(())
    }

    /// Writes what is gathered. May be dropped and called again.
    pub async fn flush(&mut self) -> std::io::Result<()> {
        while !self.gathered.is_empty() {
            let written = write(&mut self.out, &self.gathered, self.patience).await?;
            self.gathered.advance(written);
        }
        // Whoever is said nothing holds no memory.
        self.gathered = BytesMut::new();
        Ok(())
    }

    async fn write_all(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let written = write(&mut self.out, bytes, self.patience).await?;
            bytes = bytes.get(written..).unwrap_or_default();
        }
        Ok(())
    }
}

async fn write(
    out: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    patience: Duration,
) -> std::io::Result<usize> {
    let written = tokio::time::timeout(patience, out.write(bytes)).await??;
    if written == 0 { Err(std::io::ErrorKind::WriteZero.into()) } else { Ok(written) }
}
