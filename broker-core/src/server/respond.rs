//! Writes an answer: small pieces are gathered, file ranges are read in steps of at most 256 KiB, so that a slow
//! reader holds no more than that.

use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::protocol::Chunk;

const STEP_BYTES: usize = 256 << 10;
/// Pieces below this size are copied together; larger ones are written as they are.
const GATHER_BELOW: usize = 32 << 10;

/// Writes the length of `chunks` and then the chunks. `TimedOut` if the reader takes nothing for `patience`.
pub(super) async fn write(
    out: &mut (impl AsyncWrite + Unpin),
    chunks: &[Chunk],
    patience: Duration,
) -> std::io::Result<()> {
    let out = &mut Out { inner: out, patience };
    let total: usize = chunks.iter().map(Chunk::len).sum();
    let length = i32::try_from(total).map_err(|_| std::io::Error::other("answer above 2 GiB"))?;
    let mut gathered = BytesMut::with_capacity(4 + total.min(STEP_BYTES));
    gathered.extend_from_slice(&length.to_be_bytes());
    for chunk in chunks {
        match chunk {
            Chunk::Bytes(bytes) if bytes.len() < GATHER_BELOW => gathered.extend_from_slice(bytes),
            Chunk::Bytes(bytes) => {
                out.flush(&mut gathered).await?;
                out.write_all(bytes).await?;
            }
            Chunk::File { file, position, len } => {
                let mut done = 0;
                while done < *len {
                    if gathered.len() >= STEP_BYTES {
                        out.flush(&mut gathered).await?;
                    }
                    let step = (len - done).min(STEP_BYTES - gathered.len());
                    let start = gathered.len();
                    gathered.resize(start + step, 0);
                    let room = gathered.get_mut(start..).unwrap_or_default();
                    file.read_exact_at(room, position + done as u64)?;
                    done += step;
                }
            }
        }
        if gathered.len() >= STEP_BYTES {
            out.flush(&mut gathered).await?;
        }
    }
    out.flush(&mut gathered).await
}

struct Out<'a, W> {
    inner: &'a mut W,
    patience: Duration,
}

impl<W: AsyncWrite + Unpin> Out<'_, W> {
    async fn flush(&mut self, gathered: &mut BytesMut) -> std::io::Result<()> {
        self.write_all(gathered).await?;
        gathered.clear();
        Ok(())
    }

    async fn write_all(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let written = tokio::time::timeout(self.patience, self.inner.write(bytes)).await??;
            if written == 0 {
                return Err(std::io::ErrorKind::WriteZero.into());
            }
            bytes = bytes.get(written..).unwrap_or_default();
        }
        Ok(())
    }
}
