//! Memory for new blocks. If there is none left, the task errs and the page keeps working.

use crate::{
    block::{Element, block_size},
    error::Message,
};

/// Uninitialised capacity for the elements of a block of this shape.
///
/// # Errors
/// If it is too large, or no memory is left for it.
pub(crate) fn room_for<T>(shape: &[usize]) -> Result<Vec<T>, Message> {
    let mut room = Vec::new();
    let reserved = room.try_reserve_exact(block_size(shape)?);
    reserved.map_err(|_| format!("no memory left for a block of shape {shape:?}"))?;
    Ok(room)
}

/// Equal elements for a block of this shape.
///
/// # Errors
/// As [`room_for`].
pub(crate) fn filled<T: Element>(shape: &[usize], fill_value: T) -> Result<Vec<T>, Message> {
    // The memory is requested and freed first: `vec!` aborts when no memory is left, but it gets zeroed memory
    // for free.
    let room: Vec<T> = room_for(shape)?;
    // Otherwise the compiler may remove the allocation and assume that it succeeds.
    drop(std::hint::black_box(room));
    Ok(vec![fill_value; block_size(shape)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_as_many_elements_as_its_shape_says() {
        assert_eq!(block_size(&[]), Ok(1));
        assert_eq!(block_size(&[3, 0, 4]), Ok(0));
        assert_eq!(filled(&[2, 3], 1.5), Ok(vec![1.5; 6]));
        assert!(block_size(&[1 << 20, 0, 1 << 20]).is_err());
        assert!(block_size(&[1; 65]).is_err());
    }
}
