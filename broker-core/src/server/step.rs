//! Buffers for what is on its way from a file to a socket. A broker's connections share the few that are free: one
//! that is in use belongs to one answer, and making one costs as much as the reading.

use std::cell::RefCell;

/// How much of a file is read at once.
pub(super) const STEP_BYTES: usize = 256 << 10;
/// So many free ones a thread keeps.
const KEPT: usize = 4;

thread_local! {
    static FREE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of [`STEP_BYTES`] with something old in it.
#[derive(Debug)]
pub(super) struct Step(Vec<u8>);

impl Step {
    /// A free one, or a new one.
    pub fn take() -> Self {
        let free = FREE.with_borrow_mut(Vec::pop);
        Self(free.unwrap_or_else(|| vec![0; STEP_BYTES]))
    }

    /// Its first `wanted` bytes, or all that it has.
    pub fn first(&mut self, wanted: usize) -> &mut [u8] {
        let len = wanted.min(self.0.len());
        self.0.get_mut(..len).unwrap_or_default()
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        // At the end of a thread its own are gone already.
        let _ = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            if free.len() < KEPT {
                free.push(buffer);
            }
        });
    }
}
