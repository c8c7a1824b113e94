//! Lists of axes and of lengths.

use smallvec::SmallVec;

/// The length of each axis of a block.
pub type Shape = SmallVec<[usize; 2]>;

/// Axis numbers.
pub type Axes = SmallVec<[u8; 4]>;
