//! Memory: how many bytes the values of a run hold, and the limit that they may not pass.
//!
//! Room is reserved before a task runs, from the shapes of its inputs, so that a value for which there is no room is
//! never made. It includes the values of the parts of a fused operation. Smaller buffers inside kernels are not counted,
//! and a view (a transposed block, one of a persisted array) counts like a copy.

use std::sync::atomic::{AtomicU64, Ordering::*};

use super::options::Options;
use crate::{kernels::Message, size::Size};

/// What the values of one run hold, and may beside those of arrays that are persisted.
#[derive(Debug)]
pub(super) struct Memory {
    limit: u64,
    persisted: u64,
    held: AtomicU64,
    /// The most that was held at once.
    peak: AtomicU64,
}

/// Room for a value that is not there yet. Dropped without one (its task erred), it is given back.
#[must_use]
pub(super) struct Reservation<'a> {
    memory: &'a Memory,
    bytes: u64,
}

impl Memory {
    pub(super) fn new(options: &Options) -> Memory {
        let Options { memory_limit: limit, persisted_bytes: persisted, .. } = *options;
        Memory { persisted, ..Memory::with_limit(limit) }
    }

    /// Of a node, which knows nothing of arrays that are persisted.
    pub(super) fn with_limit(limit: u64) -> Memory {
        Memory { limit, persisted: 0, held: AtomicU64::new(0), peak: AtomicU64::new(0) }
    }

    /// Keeps room for a number of bytes.
    ///
    /// # Errors
    /// There is not so much left; the message names the limit.
    pub(super) fn reserve(&self, bytes: u64) -> Result<Reservation<'_>, Message> {
        self.take(bytes)?;
        Ok(Reservation { memory: self, bytes })
    }

    /// Takes a number of bytes, which somebody has to [free](Memory::free).
    ///
    /// # Errors
    /// There is not so much left; the message names the limit.
    #[inline]
    pub(super) fn take(&self, bytes: u64) -> Result<(), Message> {
        if bytes > 0 {
            let room = self.limit.saturating_sub(self.persisted);
            let take = |held: u64| held.checked_add(bytes).filter(|&held| held <= room);
            let before = self.held.try_update(Relaxed, Relaxed, take);
            let held = before.map_err(|held| self.refusal(bytes, held))? + bytes;
            // A load is cheaper than an update, and mostly enough.
            if held > self.peak.load(Relaxed) {
                self.peak.fetch_max(held, Relaxed);
            }
        }
        Ok(())
    }

    /// Takes a number of bytes, whether or not there is room: for a value that is there.
    pub(super) fn hold(&self, bytes: u64) {
        let held = self.held.fetch_add(bytes, Relaxed) + bytes;
        self.peak.fetch_max(held, Relaxed);
    }

    /// Notes what is held now: in other memories.
    pub(super) fn set(&self, bytes: u64) {
        self.held.store(bytes, Relaxed);
        self.peak.fetch_max(bytes, Relaxed);
    }

    /// Takes over bytes that are held already and releases them when it is dropped.
    pub(super) fn adopt(&self, bytes: u64) -> Reservation<'_> {
        Reservation { memory: self, bytes }
    }

    #[cold]
    fn refusal(&self, bytes: u64, held: u64) -> Message {
        let [bytes, held, limit] = [bytes, held.saturating_add(self.persisted), self.limit].map(Size);
        let (of_them, or_dispose) = match self.persisted {
            0 => (String::new(), ""),
            persisted => {
                (format!(", {} of it by persisted arrays", Size(persisted)), ", dispose of persisted arrays")
            }
        };
        format!(
            "out of memory: it needs {bytes}, the memory limit is {limit}, and {held} are in use{of_them}. Use smaller \
             chunks or fewer workers{or_dispose}, or raise the limit"
        )
        .into()
    }

    /// Gives back what a value held.
    #[inline]
    pub(super) fn free(&self, bytes: u64) {
        if bytes > 0 {
            let before = self.held.fetch_sub(bytes, Relaxed);
            debug_assert!(before >= bytes, "{bytes} bytes are freed where {before} are held");
        }
    }

    /// What is held now.
    pub(super) fn held(&self) -> u64 {
        self.held.load(Relaxed)
    }

    /// The most that was held at once, with what persisted arrays hold: the least limit that is enough.
    pub(super) fn peak(&self) -> u64 {
        self.peak.load(Relaxed).saturating_add(self.persisted)
    }
}

impl Reservation<'_> {
    /// The size of the room.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Hands over `bytes` to the value that now exists; the rest is given back. If the forecast was too small, more is
    /// reserved.
    ///
    /// # Errors
    /// There is not enough left for that. All that was reserved is given back.
    #[inline]
    pub(super) fn keep(mut self, bytes: u64) -> Result<(), Message> {
        self.memory.take(bytes.saturating_sub(self.bytes))?;
        self.bytes = self.bytes.saturating_sub(bytes);
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.memory.free(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(memory_limit: u64, persisted_bytes: u64) -> Memory {
        Memory::new(&Options { memory_limit, persisted_bytes, ..Options::default() })
    }

    #[test]
    fn what_is_reserved_is_kept_or_given_back() {
        let memory = memory(100, 0);
        memory.reserve(60).unwrap().keep(50).unwrap();
        assert_eq!(memory.held(), 50);
        drop(memory.reserve(50).unwrap());
        assert_eq!(memory.held(), 50);
        memory.free(50);
        assert_eq!(memory.held(), 0);
    }

    #[test]
    fn a_value_larger_than_its_forecast_takes_more_room() {
        let memory = memory(100, 0);
        memory.reserve(10).unwrap().keep(60).unwrap();
        assert_eq!((memory.held(), memory.peak()), (60, 60));
        let error = memory.reserve(10).unwrap().keep(60).unwrap_err();
        assert!(
            error.starts_with("out of memory: it needs 50 B, the memory limit is 100 B, and 70 B are in use")
        );
        assert_eq!(memory.held(), 60);
        memory.free(60);
        assert_eq!(memory.held(), 0);
    }

    #[test]
    fn what_has_no_room_is_refused_and_nothing_is_taken() {
        let memory = memory(3 << 20, 0);
        memory.reserve(2 << 20).unwrap().keep(2 << 20).unwrap();
        for bytes in [2 << 20, u64::MAX] {
            let error = memory.reserve(bytes).err().expect("refused");
            assert!(error.contains("the memory limit is 3.00 MiB, and 2.00 MiB are in use."), "{error}");
        }
        assert_eq!(memory.held(), 2 << 20);
    }

    #[test]
    fn what_persisted_arrays_hold_is_no_room() {
        let memory = memory(3 << 20, 1 << 20);
        memory.reserve(2 << 20).unwrap().keep(2 << 20).unwrap();
        let error = memory.reserve(1).err().expect("refused");
        assert!(error.contains("and 3.00 MiB are in use, 1.00 MiB of it by persisted arrays."), "{error}");
        assert_eq!(memory.held(), 2 << 20);
    }
}
