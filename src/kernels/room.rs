//! Memory for new blocks. If there is none, the task errs; the page goes on.

use crate::{
    block::{Element, block_size},
    error::Message,
};

/// Memory for the elements of a block of this shape, none of which is there yet.
///
/// # Errors
/// It is too large, or there is no memory left for it.
pub(super) fn room_for<T>(shape: &[usize]) -> Result<Vec<T>, Message> {
    let mut room = Vec::new();
    let reserved = room.try_reserve_exact(block_size(shape)?);
    reserved.map_err(|_| format!("no memory left for a block of shape {shape:?}"))?;
    Ok(room)
}

/// The elements of a block of this shape in C order, all the same.
///
/// # Errors
/// As [`room_for`].
pub(super) fn filled<T: Element>(shape: &[usize], fill_value: T) -> Result<Vec<T>, Message> {
    // Asked for and given back: `vec!` would end the program if there is none, but gets zeros for nothing.
    let room: Vec<T> = room_for(shape)?;
    // Else the compiler may take it away, and assume that it went well.
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
