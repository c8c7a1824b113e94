//! Where a node puts values that its memory has no room for: one file, in which every value has an extent.

use std::collections::BTreeMap;

/// A file that only this node uses. Its methods return when they are done.
pub trait Storage: Send {
    /// Writes bytes from `at` on. The file grows if that is beyond its end.
    ///
    /// # Errors
    /// What the system says, for instance that the disk is full.
    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), String>;

    /// Reads the bytes from `at` on.
    ///
    /// # Errors
    /// What the system says, for instance that the file ends before.
    fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), String>;

    /// Cuts the file to this length.
    fn truncate(&mut self, length: u64);
}

/// A file in memory: for the host, which has one memory for all nodes.
impl Storage for Vec<u8> {
    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), String> {
        let (at, end) = (at as usize, at as usize + bytes.len());
        self.resize(end.max(self.len()), 0);
        self[at..end].copy_from_slice(bytes);
        Ok(())
    }

    fn read(&mut self, at: u64, bytes: &mut [u8]) -> Result<(), String> {
        let from = self.get(at as usize..at as usize + bytes.len()).ok_or("the file is too short")?;
        bytes.copy_from_slice(from);
        Ok(())
    }

    fn truncate(&mut self, length: u64) {
        Vec::truncate(self, length as usize);
    }
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    at: u64,
    length: u64,
}

impl Extent {
    pub(super) fn len(self) -> u64 {
        self.length
    }
}

/// A file, and which parts of it are in use.
pub(super) struct File {
    storage: Box<dyn Storage>,
    /// The unused parts before the end: where each begins, and its length. No two of them meet.
    gaps: BTreeMap<u64, u64>,
    end: u64,
}

impl File {
    pub(super) fn new(storage: Box<dyn Storage>) -> File {
        File { storage, gaps: BTreeMap::new(), end: 0 }
    }

    /// Writes bytes to the first place where they fit.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<Extent, String> {
        let length = bytes.len() as u64;
        let gap = self.gaps.iter().find(|&(_, &gap)| gap >= length).map(|(&at, &gap)| (at, gap));
        let at = gap.map_or(self.end, |(at, _)| at);
        self.storage.write(at, bytes)?;
        match gap {
            Some((at, gap)) => {
                self.gaps.remove(&at);
                if gap > length {
                    self.gaps.insert(at + length, gap - length);
                }
            }
            None => self.end += length,
        }
        Ok(Extent { at, length })
    }

    /// The bytes of an extent.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn read(&mut self, Extent { at, length }: Extent) -> Result<Vec<u8>, String> {
        let mut bytes = vec![0; length as usize];
        self.storage.read(at, &mut bytes)?;
        Ok(bytes)
    }

    /// Gives an extent back. The file ends behind the last that is in use.
    pub(super) fn free(&mut self, Extent { mut at, mut length }: Extent) {
        if let Some(after) = self.gaps.remove(&(at + length)) {
            length += after;
        }
        let before = self.gaps.range(..at).next_back().map(|(&before, &gap)| (before, gap));
        if let Some((before, gap)) = before.filter(|&(before, gap)| before + gap == at) {
            self.gaps.remove(&before);
            (at, length) = (before, gap + length);
        }
        if at + length == self.end {
            self.end = at;
            self.storage.truncate(at);
        } else {
            self.gaps.insert(at, length);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> u64 {
        self.end
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn extents_are_used_again_and_the_file_shrinks() {
        let mut file = File::new(Box::<Vec<u8>>::default());
        let [a, b, c, d] = [10, 20, 30, 40].map(|length| file.add(&vec![length as u8; length]).unwrap());
        assert_eq!(file.len(), 100);
        file.free(b);
        let small = file.add(&[7; 15]).unwrap();
        assert_eq!(small, Extent { at: 10, length: 15 }, "in the gap");
        file.free(small);
        file.free(c);
        assert_eq!(file.add(&[8; 50]).unwrap(), Extent { at: 10, length: 50 }, "gaps that meet are one");
        assert_eq!((file.read(a).unwrap(), file.read(d).unwrap()), (vec![10; 10], vec![40; 40]));
        file.free(Extent { at: 10, length: 50 });
        file.free(d);
        assert_eq!(file.len(), 10);
        file.free(a);
        assert_eq!((file.len(), file.gaps.len()), (0, 0));
    }
}
