//! Blocks: the pieces of an array that tasks work on.
//!
//! A [`Block`] is an n-dimensional array of one of the six [types](DType). Its data is reference-counted: clones and
//! views, made by transposing or slicing, share it.
//!
//! In JSON it is `{"shape": [2], "dtype": "int32", "data": "AQAAAAIAAAA="}`: base64 of the elements in C order, each
//! little-endian.

use std::fmt::{self, Debug, Formatter};

use ndarray::{ArcArray, ArrayD, IxDyn};
use smallvec::SmallVec;

use crate::{dtype::DType, error::Message, scalar::Scalar};

/// The length of each axis of a block.
pub type Shape = SmallVec<[usize; 2]>;

/// Axis numbers.
pub type Axes = SmallVec<[u8; 4]>;

/// Elements of one type, in the shape of a block.
pub type Elements<T> = ArcArray<T, IxDyn>;

/// One block of an array. Cloning and transposing share the data.
#[derive(Clone, PartialEq)]
pub enum Block {
    /// `bool`
    Bool(Elements<bool>),
    /// `uint8`
    UInt8(Elements<u8>),
    /// `int32`
    Int32(Elements<i32>),
    /// `int64`
    Int64(Elements<i64>),
    /// `float32`
    Float32(Elements<f32>),
    /// `float64`
    Float64(Elements<f64>),
}

/// `each_block!(block, elements => ...)`: the same code for each type that `block` may have.
macro_rules! each_block {
    ($block:expr, $elements:ident => $body:expr) => {
        match $block {
            $crate::Block::Bool($elements) => $body,
            $crate::Block::UInt8($elements) => $body,
            $crate::Block::Int32($elements) => $body,
            $crate::Block::Int64($elements) => $body,
            $crate::Block::Float32($elements) => $body,
            $crate::Block::Float64($elements) => $body,
        }
    };
}

/// `each_dtype!(dtype, T => ...)`: the same code with `T` the element type of `dtype`.
macro_rules! each_dtype {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            $crate::DType::Bool => {
                type $T = bool;
                $body
            }
            $crate::DType::UInt8 => {
                type $T = u8;
                $body
            }
            $crate::DType::Int32 => {
                type $T = i32;
                $body
            }
            $crate::DType::Int64 => {
                type $T = i64;
                $body
            }
            $crate::DType::Float32 => {
                type $T = f32;
                $body
            }
            $crate::DType::Float64 => {
                type $T = f64;
                $body
            }
        }
    };
}

pub(crate) use {each_block, each_dtype};

/// A type that elements can have.
pub trait Element: Copy + Default + PartialEq + Debug + Send + Sync + 'static {
    /// Its name.
    const DTYPE: DType;

    /// A block of elements of this type.
    fn into_block(elements: Elements<Self>) -> Block;

    /// The elements of a block if they have this type, else `None`.
    fn of(block: &Block) -> Option<&Elements<Self>>;

    /// The elements of a block if they have this type.
    fn from_block(block: Block) -> Option<Elements<Self>>;

    /// Writes elements, each little-endian, [`DType::size`] bytes. There must be room for all.
    fn write<'a>(elements: impl Iterator<Item = &'a Self>, bytes: &mut [u8]);

    /// Reads elements, each little-endian, and appends them.
    ///
    /// # Errors
    /// The bytes of one are not those of an element.
    fn read(bytes: &[u8], elements: &mut Vec<Self>) -> Result<(), Message>;

    /// Converts a number to this type, as NumPy's `astype` does.
    fn from_scalar(scalar: Scalar) -> Self;

    /// The element as a Python number: the result of `x.item()`.
    fn to_scalar(self) -> Scalar;
}

macro_rules! element {
    ($T:ty, $variant:ident, $check:expr, $read:expr, $write:expr, $from:expr, $to:expr) => {
        impl Element for $T {
            const DTYPE: DType = DType::$variant;

            fn into_block(elements: Elements<$T>) -> Block {
                Block::$variant(elements)
            }

            fn of(block: &Block) -> Option<&Elements<$T>> {
                match block {
                    Block::$variant(elements) => Some(elements),
                    _ => None,
                }
            }

            fn from_block(block: Block) -> Option<Elements<$T>> {
                match block {
                    Block::$variant(elements) => Some(elements),
                    _ => None,
                }
            }

            fn write<'a>(elements: impl Iterator<Item = &'a $T>, bytes: &mut [u8]) {
                let (bytes, _) = bytes.as_chunks_mut::<{ size_of::<$T>() }>();
                bytes.iter_mut().zip(elements).for_each(|(bytes, &x)| *bytes = $write(x));
            }

            fn read(bytes: &[u8], elements: &mut Vec<$T>) -> Result<(), Message> {
                $check(bytes)?;
                elements.extend(bytes.as_chunks().0.iter().map(|&bytes| $read(bytes)));
                Ok(())
            }

            fn from_scalar(scalar: Scalar) -> $T {
                $from(scalar)
            }

            fn to_scalar(self) -> Scalar {
                $to(self)
            }
        }

        impl From<Elements<$T>> for Block {
            fn from(elements: Elements<$T>) -> Block {
                Block::$variant(elements)
            }
        }

        impl From<ArrayD<$T>> for Block {
            fn from(elements: ArrayD<$T>) -> Block {
                Block::$variant(elements.into_shared())
            }
        }
    };
    ($T:ty, $variant:ident, $to:expr) => {
        element!(
            $T,
            $variant,
            |_| Ok::<(), Message>(()),
            <$T>::from_le_bytes,
            <$T>::to_le_bytes,
            |scalar| match scalar {
                Scalar::Bool(x) => x as u8 as $T,
                Scalar::Int(x) => x as $T,
                Scalar::Float(x) => x as $T,
            },
            $to
        );
    };
}

element!(
    bool,
    Bool,
    |bytes: &[u8]| match bytes.iter().max() {
        Some(&most) if most > 1 => Err(format!("data: a bool is 0 or 1, not {most}")),
        _ => Ok(()),
    },
    |[byte]: [u8; 1]| byte != 0,
    |x| [u8::from(x)],
    |scalar| match scalar {
        Scalar::Bool(x) => x,
        Scalar::Int(x) => x != 0,
        Scalar::Float(x) => x != 0.0,
    },
    Scalar::Bool
);
element!(u8, UInt8, |x| Scalar::Int(i64::from(x)));
element!(i32, Int32, |x| Scalar::Int(i64::from(x)));
element!(i64, Int64, Scalar::Int);
element!(f32, Float32, |x| Scalar::Float(f64::from(x)));
element!(f64, Float64, Scalar::Float);

/// The maximum number of elements of a block: 1 GiB of doubles, which is all the memory of a page.
const MAX_ELEMENTS: usize = 1 << 27;

/// The maximum number of axes of a block: NumPy's limit.
const MAX_NDIM: usize = 64;

/// The number of elements of a block of this shape.
///
/// # Errors
/// If it is too large. An axis of length 0 makes no difference: a sum over it would have as many elements as the
/// other axes.
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

/// How many bytes are passed on at a time: few enough for the cache.
pub(crate) const PIECE: usize = 1 << 15;

/// How many elements are computed in about the time that a task costs the scheduler.
const TINY: usize = 1024;

/// Whether a block of this shape is computed faster than a task is scheduled.
pub(crate) fn is_tiny(shape: &[usize]) -> bool {
    block_size(shape).is_ok_and(|size| size <= TINY)
}

/// Whether data of this length are those of a block of this shape and type.
fn check_data(shape: &[usize], dtype: DType, given: u64) -> Result<(), Message> {
    let wanted = block_size(shape)? * dtype.size();
    match given == wanted as u64 {
        true => Ok(()),
        false => Err(format!("data of {given} bytes: shape {shape:?} of {dtype} takes {wanted}").into()),
    }
}

impl Block {
    /// A block of these elements, in C order.
    ///
    /// # Panics
    /// If the number of elements does not match the shape.
    pub fn new<T: Element>(shape: &[usize], elements: Vec<T>) -> Block {
        let elements = ArrayD::from_shape_vec(IxDyn(shape), elements).expect("as many as the shape has");
        T::into_block(elements.into_shared())
    }

    /// A block of elements given as bytes: little-endian, in C order.
    ///
    /// # Errors
    /// If the number of bytes does not match the shape, the shape is too large, or a `bool` is not 0 or 1.
    pub fn from_bytes(shape: &[usize], dtype: DType, bytes: &[u8]) -> Result<Block, Message> {
        check_data(shape, dtype, bytes.len() as u64)?;
        Block::read(shape, dtype, |each| each(bytes))
    }

    /// A block of elements given as bytes, as [`from_bytes`](Block::from_bytes) takes them. `pieces` passes them on in pieces of
    /// whole elements.
    ///
    /// # Errors
    /// An element is invalid.
    ///
    /// # Panics
    /// If there are more or fewer than the shape takes.
    pub(crate) fn read(
        shape: &[usize],
        dtype: DType,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<(), Message>) -> Result<(), Message>,
    ) -> Result<Block, Message> {
        let len = block_size(shape)?;
        Ok(each_dtype!(dtype, T => {
            let mut elements = Vec::with_capacity(len);
            pieces(&mut |bytes| T::read(bytes, &mut elements))?;
            Block::new::<T>(shape, elements)
        }))
    }

    /// The same elements, which are in C order, in another shape. Shares the data.
    ///
    /// # Errors
    /// If the shape takes more elements, or fewer.
    ///
    /// # Panics
    /// If they are not in C order.
    pub(crate) fn with_shape(self, shape: &[usize]) -> Result<Block, Message> {
        check_data(shape, self.dtype(), self.bytes())?;
        Ok(each_block!(self, elements => {
            elements.into_shape_with_order(IxDyn(shape)).expect("as many elements, in C order").into()
        }))
    }

    /// The length of each axis.
    pub fn shape(&self) -> &[usize] {
        each_block!(self, elements => elements.shape())
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.shape().len()
    }

    /// The number of elements.
    #[inline]
    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The type of its elements.
    #[inline]
    pub fn dtype(&self) -> DType {
        match self {
            Block::Bool(_) => DType::Bool,
            Block::UInt8(_) => DType::UInt8,
            Block::Int32(_) => DType::Int32,
            Block::Int64(_) => DType::Int64,
            Block::Float32(_) => DType::Float32,
            Block::Float64(_) => DType::Float64,
        }
    }

    /// The memory that its elements take, in bytes. A view counts as if it owned them alone.
    #[inline]
    pub fn bytes(&self) -> u64 {
        (self.len() * self.dtype().size()) as u64
    }

    /// Whether its elements are in C order.
    pub(crate) fn is_in_c_order(&self) -> bool {
        each_block!(self, elements => elements.is_standard_layout())
    }

    /// Its elements in C order, each little-endian.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.len() * self.dtype().size()];
        self.write_to(&mut bytes);
        bytes
    }

    /// Writes its elements in C order, each little-endian, to as many [bytes](Block::bytes) as they take.
    pub(crate) fn write_to(&self, bytes: &mut [u8]) {
        each_block!(self, elements => match elements.as_slice() {
            Some(elements) => Element::write(elements.iter(), bytes),
            None => Element::write(elements.iter(), bytes),
        });
    }

    /// Passes its elements on as bytes, in pieces: little-endian, in C order.
    pub(crate) fn write_pieces(&self, each: &mut dyn FnMut(&[u8])) {
        let mut buffer = [0; PIECE];
        each_block!(self, elements => match elements.as_slice() {
            Some(elements) => for elements in elements.chunks(PIECE / self.dtype().size()) {
                let bytes = &mut buffer[..size_of_val(elements)];
                Element::write(elements.iter(), bytes);
                each(bytes);
            },
            None => {
                let mut bytes = vec![0; self.bytes() as usize];
                Element::write(elements.iter(), &mut bytes);
                each(&bytes);
            }
        });
    }

    /// Where its first element lies.
    pub(crate) fn address(&self) -> usize {
        each_block!(self, elements => elements.as_ptr().addr())
    }

    /// Its elements, if they are of type `T`.
    pub fn elements<T: Element>(&self) -> Option<&Elements<T>> {
        T::of(self)
    }

    /// The element of a block that has exactly one.
    pub fn item(&self) -> Option<Scalar> {
        each_block!(self, elements => match elements.len() {
            1 => elements.first().map(|&x| x.to_scalar()),
            _ => None,
        })
    }

    /// A view in which axis `i` is axis `axes[i]` of this block. Shares the data.
    ///
    /// # Panics
    /// If `axes` is not a permutation.
    #[must_use]
    pub fn permuted(self, axes: &[usize]) -> Block {
        each_block!(self, elements => elements.permuted_axes(IxDyn(axes)).into())
    }
}

impl Debug for Block {
    /// With its first elements only: there may be many.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let first: Vec<Scalar> =
            each_block!(self, elements => elements.iter().take(100).map(|x| x.to_scalar()).collect());
        write!(f, "Block({:?}, {}, {first:?})", self.shape(), self.dtype())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_brings_every_type_back() {
        let blocks = [
            Block::new(&[3], vec![true, false, true]),
            Block::new(&[2, 1], vec![1u8, 255]),
            Block::new(&[1], vec![i32::MIN]),
            Block::new(&[], vec![i64::MAX]),
            Block::new(&[2], vec![0.1f32, f32::INFINITY]),
            Block::new(&[0, 2], Vec::<f64>::new()),
        ];
        for block in blocks {
            let text = serde_json::to_string(&block).unwrap();
            assert_eq!(serde_json::from_str::<Block>(&text).unwrap(), block, "{text}");
        }
        let turned = Block::new(&[1, 2], vec![1i32, 2]).permuted(&[1, 0]);
        let text = r#"{"shape":[2,1],"dtype":"int32","data":"AQAAAAIAAAA="}"#;
        assert_eq!(serde_json::to_string(&turned).unwrap(), text);
    }

    #[test]
    fn data_that_do_not_fit_are_refused() {
        for (text, expected) in [
            (r#"{"shape":[2],"dtype":"u1","data":"AQ=="}"#, "data of 1 bytes: shape [2] of uint8 takes 2"),
            (r#"{"shape":[1],"dtype":"u1","data":"A"}"#, "data: "),
            (r#"{"shape":[99999999999],"dtype":"u1","data":""}"#, "shape [99999999999] is too large"),
        ] {
            let error = serde_json::from_str::<Block>(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn a_block_says_what_it_is() {
        let block = Block::new(&[2, 3], vec![1i32; 6]).permuted(&[1, 0]);
        assert_eq!((block.shape(), block.dtype(), block.bytes()), (&[3, 2][..], DType::Int32, 24));
        assert_eq!(Block::new(&[1, 1], vec![2.5f32]).item(), Some(Scalar::Float(2.5)));
        assert_eq!(block.item(), None);
    }
}
