//! Bytes with some of them changed.

use broker_core::seams::Rng;
use bytes::Bytes;

/// Flips, overwrites, cuts or stretches some bytes, with a liking for what lengths are made of.
pub fn mutate(rng: &mut Rng, bytes: &[u8]) -> Bytes {
    let mut out = bytes.to_vec();
    for _ in 0..=rng.below(3) {
        if out.is_empty() {
            break;
        }
        let at = rng.below(out.len() as u64) as usize;
        match rng.below(5) {
            0 => out[at] ^= 1 << rng.below(8),
            1 => out[at] = [0, 1, 0x7f, 0x80, 0xff][rng.below(5) as usize],
            2 => out.truncate(at),
            3 => out.insert(at, rng.next_u64() as u8),
            _ => {
                let end = (at + 4).min(out.len());
                out[at..end].fill([0, 0x7f, 0xff][rng.below(3) as usize]);
            }
        }
    }
    out.into()
}
