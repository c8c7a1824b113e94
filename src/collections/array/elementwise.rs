//! Functions of each element, with broadcasting: Dask's `elemwise`.

use smallvec::SmallVec;

use super::{
    Array,
    align::{align, broadcast_labels},
    axes::{normalize_axes, op_axes},
};
use crate::{
    collections::{
        chunks::broadcast_shapes,
        nodes::{Blockwise, Labels, Layer, in_order},
    },
    dtype::DType,
    error::{Error, Result},
    operations::{Op, Operands, Ufunc},
    scalar::Scalar,
};

/// An operand of a function of each element.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array.
    Array(Array),
    /// A number; arrays determine the type of the result.
    Scalar(Scalar),
}

impl From<&Array> for Operand {
    fn from(array: &Array) -> Operand {
        Operand::Array(array.clone())
    }
}

impl<S: Into<Scalar>> From<S> for Operand {
    fn from(scalar: S) -> Operand {
        Operand::Scalar(scalar.into())
    }
}

/// Applies `ufunc` to each element of the operands, broadcast to each other.
///
/// # Errors
/// If shapes do not broadcast, the function does not support the types, or the number of operands is wrong or none of
/// them is an array.
pub fn ufunc(ufunc: Ufunc, operands: &[Operand]) -> Result<Array> {
    match (mirrored(ufunc), operands) {
        // Python calls the method of the array, which is on the right.
        (Some(ufunc), [x @ Operand::Scalar(_), y]) => {
            named_ufunc(ufunc.prefix(), ufunc, &[y.clone(), x.clone()])
        }
        (None, [Operand::Array(x), min, max]) if ufunc == Ufunc::Clip => {
            // A bound beyond the limits of the type has no effect.
            let limits = x.dtype().limits().filter(|_| x.dtype() != DType::Bool);
            let (least, most) = limits.unwrap_or((i64::MIN, i64::MAX));
            let (min, max) = (min.map_int(|min| min.max(least)), max.map_int(|max| max.min(most)));
            named_ufunc(ufunc.prefix(), ufunc, &[x.into(), min, max])
        }
        _ => named_ufunc(ufunc.prefix(), ufunc, operands),
    }
}

/// The equivalent comparison with swapped operands.
fn mirrored(ufunc: Ufunc) -> Option<Ufunc> {
    match ufunc {
        Ufunc::Gt => Some(Ufunc::Lt),
        Ufunc::Ge => Some(Ufunc::Le),
        Ufunc::Lt => Some(Ufunc::Gt),
        Ufunc::Le => Some(Ufunc::Ge),
        Ufunc::Eq | Ufunc::Ne => Some(ufunc),
        _ => None,
    }
}

/// Like [`ufunc`], under another name.
pub(super) fn named_ufunc(prefix: &str, ufunc: Ufunc, operands: &[Operand]) -> Result<Array> {
    if operands.len() != ufunc.arity() {
        let (takes, given) = (ufunc.arity(), operands.len());
        return Err(Error::invalid(format!("takes {takes} operands but {given} were given")));
    }
    let arrays: Vec<Array> = operands.iter().filter_map(Operand::array).cloned().collect();
    if arrays.is_empty() {
        return Err(Error::invalid("one operand must be an array"));
    }
    let scalars: Box<[Option<Scalar>]> = operands.iter().map(Operand::scalar).collect();
    let operands = match scalars.iter().any(Option::is_some) {
        true => Operands::Mixed(scalars),
        false => Operands::Inputs,
    };
    check_types(ufunc, &operands, &arrays)?;
    elementwise(prefix, &arrays, Op::elementwise(ufunc, operands))
}

/// An operation on corresponding blocks of arrays that are broadcast to each other.
pub(super) fn elementwise(prefix: &str, arrays: &[Array], op: Op) -> Result<Array> {
    let shapes: Vec<Vec<usize>> = arrays.iter().map(Array::shape).collect();
    let out = broadcast_labels(broadcast_shapes(&shapes)?.len());
    let labels: SmallVec<[Labels; 2]> = arrays.iter().map(|array| broadcast_labels(array.ndim())).collect();
    let aligned = align(arrays, &labels)?;
    let chunks = aligned.chunks(&out);
    let layer = Layer::Blockwise(Blockwise { out, inputs: labels, op: Box::new(op) });
    Array::new(prefix, chunks, aligned.arrays, layer)
}

/// Checks that NumPy has the function for these types.
pub(super) fn check_types(ufunc: Ufunc, operands: &Operands, arrays: &[Array]) -> Result<()> {
    let dtypes: SmallVec<[DType; 3]> = arrays.iter().map(Array::dtype).collect();
    operands.signature(ufunc, &dtypes).map(drop).map_err(Error::invalid)
}

impl Operand {
    pub(super) fn array(&self) -> Option<&Array> {
        match self {
            Operand::Array(array) => Some(array),
            Operand::Scalar(_) => None,
        }
    }

    /// The same operand, with `f` applied if it is an integer.
    fn map_int(&self, f: impl FnOnce(i64) -> i64) -> Operand {
        match self {
            &Operand::Scalar(Scalar::Int(x)) => f(x).into(),
            _ => self.clone(),
        }
    }

    fn scalar(&self) -> Option<Scalar> {
        match self {
            Operand::Array(_) => None,
            Operand::Scalar(scalar) => Some(*scalar),
        }
    }
}

/// `x` where the condition holds, `y` elsewhere: `da.where`.
///
/// # Errors
/// As for [`ufunc`].
pub fn where_(condition: impl Into<Operand>, x: impl Into<Operand>, y: impl Into<Operand>) -> Result<Array> {
    ufunc(Ufunc::Where, &[condition.into(), x.into(), y.into()])
}

macro_rules! unary {
    ($($(#[$doc:meta])* $method:ident $ufunc:ident,)*) => {
        /// Functions of each element. They fail if NumPy does not support the array's type.
        #[allow(clippy::missing_errors_doc)]
        impl Array {
            $($(#[$doc])* pub fn $method(&self) -> Result<Array> {
                ufunc(Ufunc::$ufunc, &[self.into()])
            })*
        }
    };
}

unary! {
    /// `-x`
    negative Neg,
    /// `+x`
    positive Pos,
    /// `abs(x)`
    absolute Abs,
    /// `~x`
    invert Invert,
    /// The square root.
    sqrt Sqrt,
    /// `x * x`
    square Square,
    /// `1 / x`
    reciprocal Reciprocal,
    /// -1, 0 or 1.
    sign Sign,
    /// e to the power x.
    exp Exp,
    /// `exp(x) - 1`, exact for small x.
    expm1 Expm1,
    /// The natural logarithm.
    log Log,
    /// The natural logarithm of `1 + x`, exact for small x.
    log1p Log1p,
    /// The logarithm to base 2.
    log2 Log2,
    /// The logarithm to base 10.
    log10 Log10,
    /// The sine.
    sin Sin,
    /// The cosine.
    cos Cos,
    /// The tangent.
    tan Tan,
    /// The inverse of the sine.
    arcsin Arcsin,
    /// The inverse of the cosine.
    arccos Arccos,
    /// The inverse of the tangent.
    arctan Arctan,
    /// The hyperbolic sine.
    sinh Sinh,
    /// The hyperbolic cosine.
    cosh Cosh,
    /// The hyperbolic tangent.
    tanh Tanh,
    /// The largest integer not above.
    floor Floor,
    /// The smallest integer not below.
    ceil Ceil,
    /// The nearest integer towards 0.
    trunc Trunc,
    /// The nearest integer; ties go to the even one.
    rint Rint,
    /// Whether it is NaN.
    isnan IsNan,
    /// Whether it is infinite.
    isinf IsInf,
    /// Whether it is neither NaN nor infinite.
    isfinite IsFinite,
    /// Whether it is 0.
    logical_not LogicalNot,
}

macro_rules! binary {
    ($($(#[$doc:meta])* $method:ident $ufunc:ident,)*) => {
        /// Functions of two operands. They fail if the shapes do not broadcast, or if NumPy does not support the
        /// types.
        #[allow(clippy::missing_errors_doc)]
        impl Array {
            $($(#[$doc])* pub fn $method(&self, other: impl Into<Operand>) -> Result<Array> {
                ufunc(Ufunc::$ufunc, &[self.into(), other.into()])
            })*
        }
    };
}

binary! {
    /// `x + y`
    add Add,
    /// `x - y`
    subtract Sub,
    /// `x * y`
    multiply Mul,
    /// `x / y`
    divide TrueDiv,
    /// `x // y`
    floor_divide FloorDiv,
    /// `x % y`
    remainder Mod,
    /// `x ** y`
    power Pow,
    /// The larger; NaN if either is NaN.
    maximum Maximum,
    /// The smaller; NaN if either is NaN.
    minimum Minimum,
    /// The larger; if one is NaN, the other.
    fmax Fmax,
    /// The smaller; if one is NaN, the other.
    fmin Fmin,
    /// The square root of `x**2 + y**2`.
    hypot Hypot,
    /// The angle of the point `(other, x)`.
    arctan2 Arctan2,
    /// `x > y`
    greater Gt,
    /// `x >= y`
    greater_equal Ge,
    /// `x < y`
    less Lt,
    /// `x <= y`
    less_equal Le,
    /// `x == y`
    equal Eq,
    /// `x != y`
    not_equal Ne,
    /// Whether both are nonzero.
    logical_and LogicalAnd,
    /// Whether at least one is nonzero.
    logical_or LogicalOr,
    /// Whether exactly one is nonzero.
    logical_xor LogicalXor,
    /// `x & y`
    bitwise_and And,
    /// `x | y`
    bitwise_or Or,
    /// `x ^ y`
    bitwise_xor Xor,
    /// `x << y`
    left_shift Lshift,
    /// `x >> y`
    right_shift Rshift,
}

impl Array {
    /// Limits elements to the range from `min` to `max`; `None` means no bound.
    ///
    /// # Errors
    /// As for [`ufunc`], and if neither bound is given.
    pub fn clip(&self, min: Option<Operand>, max: Option<Operand>) -> Result<Array> {
        match (min, max) {
            (Some(min), Some(max)) => ufunc(Ufunc::Clip, &[self.into(), min, max]),
            (Some(min), None) => named_ufunc("clip", Ufunc::Maximum, &[self.into(), min]),
            (None, Some(max)) => named_ufunc("clip", Ufunc::Minimum, &[self.into(), max]),
            (None, None) => Err(Error::invalid("One of max or min must be given")),
        }
    }

    /// The same numbers as another type, or the array itself if it has that type.
    ///
    /// # Errors
    /// Users cannot cause errors.
    pub fn astype(&self, dtype: DType) -> Result<Array> {
        match dtype == self.dtype() {
            true => Ok(self.clone()),
            false => elementwise("astype", std::slice::from_ref(self), Op::Astype(dtype)),
        }
    }

    /// The array with its axes in reverse order: `x.T`.
    pub fn t(&self) -> Array {
        let axes: Vec<usize> = (0..self.ndim()).rev().collect();
        self.permuted(&axes).expect("an array turned has as many blocks")
    }

    /// Axis `i` of the result is axis `axes[i]` of this one.
    ///
    /// # Errors
    /// If `axes` is not a permutation of this array's axes.
    pub fn transpose(&self, axes: &[isize]) -> Result<Array> {
        if axes.len() != self.ndim() {
            return Err(Error::invalid("axes don't match array"));
        }
        let axes = normalize_axes(axes, self.ndim())?;
        match axes.iter().copied().eq(0..self.ndim()) {
            true => Ok(self.clone()),
            false => self.permuted(&axes),
        }
    }

    fn permuted(&self, axes: &[usize]) -> Result<Array> {
        let input = in_order(self.ndim());
        let out = axes.iter().map(|&axis| input[axis]).collect();
        let op = Box::new(Op::Transpose(op_axes(axes).into()));
        let layer = Layer::Blockwise(Blockwise { out, inputs: SmallVec::from_elem(input, 1), op });
        Array::new("transpose", self.chunks().permuted(axes), [self.clone()], layer)
    }
}
