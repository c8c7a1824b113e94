//! New blocks, and how large they may be: what is too large is an error of the task, not the end of the page.

use ndarray::{ArrayD, IxDyn};

use super::Message;

/// The most elements of a block: 1 GiB of doubles, which is all the memory of a page.
const MAX_ELEMENTS: usize = 1 << 27;

/// The most axes of a block: NumPy's limit.
const MAX_NDIM: usize = 64;

/// The number of elements of a block of this shape.
///
/// # Errors
/// It is too large. That an axis has no elements makes no difference: a sum over it would have as many as the others.
pub(crate) fn block_size(shape: &[usize]) -> Result<usize, Message> {
    if shape.len() > MAX_NDIM {
        return Err(format!("{} axes are too many: a block has at most {MAX_NDIM}", shape.len()).into());
    }
    let extent = shape.iter().try_fold(1, |size: usize, &length| size.checked_mul(length.max(1)));
    match extent {
        Some(extent) if extent <= MAX_ELEMENTS => Ok(shape.iter().product()),
        _ => Err(format!("shape {shape:?} is too large: a block has at most {MAX_ELEMENTS} elements").into()),
    }
}

/// A block in C order, filled with one number.
///
/// # Errors
/// It is too large, or there is no memory left for it.
pub(super) fn filled(shape: &[usize], fill_value: f64) -> Result<ArrayD<f64>, Message> {
    let size = block_size(shape)?;
    // Asked for and given back: `vec!` would end the program if there is none, but gets zeros for nothing.
    let mut probe = Vec::<f64>::new();
    probe.try_reserve_exact(size).map_err(|_| format!("no memory left for a block of shape {shape:?}"))?;
    // Else the compiler may take it away, and assume that it went well.
    drop(std::hint::black_box(probe));
    let data = vec![fill_value; size];
    Ok(ArrayD::from_shape_vec(IxDyn(shape), data).expect("the buffer was made for this shape"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_as_many_elements_as_its_shape_says() {
        assert_eq!(block_size(&[]), Ok(1));
        assert_eq!(block_size(&[3, 0, 4]), Ok(0));
        assert_eq!(filled(&[2, 3], 1.5).unwrap().sum(), 9.0);
        assert!(block_size(&[1 << 20, 0, 1 << 20]).is_err());
        assert!(block_size(&[1; 65]).is_err());
    }
}
