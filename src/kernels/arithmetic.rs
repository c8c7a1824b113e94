//! Functions of each element, for each type: plain loops over slices, which the compiler vectorises.
//!
//! The semantics are NumPy's: integers wrap, a division of integers by zero gives zero, quotients and remainders have
//! the signs of Python's `//` and `%`, `maximum` and `minimum` return NaN if either operand is NaN. `bool` adds with
//! "or" and multiplies with "and".

use super::convert::Convert;
use super::ufunc::Ufunc;
use crate::block::Element;

/// `f` of each element.
pub(super) type Unary<T, R> = fn(&[T], &mut [R]);

/// `f` of each pair of elements.
pub(super) type Binary<T, R> = fn(&[T], &[T], &mut [R]);

/// The functions of a type. `None` if the type has no such function; [`Ufunc::signature`] does not ask for it then.
pub(crate) trait Arithmetic: Convert {
    fn unary(ufunc: Ufunc) -> Option<Unary<Self, Self>>;
    fn binary(ufunc: Ufunc) -> Option<Binary<Self, Self>>;

    const ZERO: Self;
    const ONE: Self;
    /// The lower and upper bounds of all values.
    const LEAST: Self;
    const MOST: Self;

    fn plus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;

    /// Whether it is less than 0.
    fn is_negative(self) -> bool;

    /// The smaller and the larger of two; NaN if either is NaN.
    fn smaller(self, other: Self) -> Self;
    fn larger(self, other: Self) -> Self;
    fn is_nan(self) -> bool;
}

#[inline(always)]
fn map<T: Copy, R>(x: &[T], out: &mut [R], f: impl Fn(T) -> R) {
    for (out, &x) in out.iter_mut().zip(x) {
        *out = f(x);
    }
}

#[inline(always)]
fn zip<T: Copy, R>(x: &[T], y: &[T], out: &mut [R], f: impl Fn(T, T) -> R) {
    for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
        *out = f(x, y);
    }
}

/// A table of functions: `name => |x| ...`.
macro_rules! table {
    ($ufunc:expr, unary { $($name:ident => $f:expr,)* }) => {
        match $ufunc {
            $(Ufunc::$name => Some(|x, out| map(x, out, $f)),)*
            _ => None,
        }
    };
    ($ufunc:expr, binary { $($name:ident => $f:expr,)* }) => {
        match $ufunc {
            $(Ufunc::$name => Some(|x, y, out| zip(x, y, out, $f)),)*
            _ => None,
        }
    };
}

/// Tests of two elements.
pub(crate) fn comparison<T: Arithmetic + PartialOrd>(ufunc: Ufunc) -> Option<Binary<T, bool>> {
    table!(ufunc, binary {
        Gt => |x, y| x > y,
        Ge => |x, y| x >= y,
        Lt => |x, y| x < y,
        Le => |x, y| x <= y,
        Eq => |x, y| x == y,
        Ne => |x, y| x != y,
    })
}

/// Tests of one element. Anything but a float is finite.
pub(crate) fn test<T: Arithmetic>(ufunc: Ufunc) -> Option<Unary<T, bool>> {
    table!(ufunc, unary {
        IsNan => |x: T| x.is_nan(),
        IsInf => |x: T| !x.is_nan() && is_infinite(x),
        IsFinite => |x: T| !x.is_nan() && !is_infinite(x),
    })
}

#[inline(always)]
fn is_infinite<T: Element>(x: T) -> bool {
    T::DTYPE.is_float() && x.to_scalar().as_f64().is_infinite()
}

/// Python's `x % y` of floats: with the sign of `y`, also where it is zero.
macro_rules! floored_remainder {
    ($T:ident, $x:expr, $y:expr) => {{
        let (x, y): ($T, $T) = ($x, $y);
        let remainder = x % y;
        if remainder == 0.0 {
            (0.0 as $T).copysign(y)
        } else if (y < 0.0) != (remainder < 0.0) {
            remainder + y
        } else {
            remainder
        }
    }};
}

macro_rules! floats {
    ($T:ident) => {
        impl Arithmetic for $T {
            const ZERO: $T = 0.0;
            const ONE: $T = 1.0;
            const LEAST: $T = $T::NEG_INFINITY;
            const MOST: $T = $T::INFINITY;

            #[inline(always)]
            fn plus(self, other: $T) -> $T {
                self + other
            }

            #[inline(always)]
            fn times(self, other: $T) -> $T {
                self * other
            }

            fn unary(ufunc: Ufunc) -> Option<Unary<$T, $T>> {
                table!(ufunc, unary {
                    Neg => |x: $T| -x,
                    Pos => |x: $T| x,
                    Abs => |x: $T| x.abs(),
                    Sqrt => |x: $T| x.sqrt(),
                    Square => |x: $T| x * x,
                    Reciprocal => |x: $T| 1.0 / x,
                    Sign => |x: $T| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else if x == 0.0 { 0.0 } else { x },
                    Exp => |x: $T| x.exp(),
                    Expm1 => |x: $T| x.exp_m1(),
                    Log => |x: $T| x.ln(),
                    Log1p => |x: $T| x.ln_1p(),
                    Log2 => |x: $T| x.log2(),
                    Log10 => |x: $T| x.log10(),
                    Sin => |x: $T| x.sin(),
                    Cos => |x: $T| x.cos(),
                    Tan => |x: $T| x.tan(),
                    Arcsin => |x: $T| x.asin(),
                    Arccos => |x: $T| x.acos(),
                    Arctan => |x: $T| x.atan(),
                    Sinh => |x: $T| x.sinh(),
                    Cosh => |x: $T| x.cosh(),
                    Tanh => |x: $T| x.tanh(),
                    Floor => |x: $T| x.floor(),
                    Ceil => |x: $T| x.ceil(),
                    Trunc => |x: $T| x.trunc(),
                    Rint => |x: $T| x.round_ties_even(),
                })
            }

            fn binary(ufunc: Ufunc) -> Option<Binary<$T, $T>> {
                table!(ufunc, binary {
                    Add => |x: $T, y: $T| x + y,
                    Sub => |x: $T, y: $T| x - y,
                    Mul => |x: $T, y: $T| x * y,
                    TrueDiv => |x: $T, y: $T| x / y,
                    FloorDiv => |x: $T, y: $T| {
                        if y == 0.0 {
                            return x / y;
                        }
                        let remainder = x % y;
                        let below = remainder != 0.0 && (y < 0.0) != (remainder < 0.0);
                        let quotient = (x - remainder) / y - if below { 1.0 } else { 0.0 };
                        // Rounding may have moved it slightly off an integer.
                        if quotient == 0.0 { (0.0 as $T).copysign(x / y) } else { quotient.round() }
                    },
                    Mod => |x: $T, y: $T| floored_remainder!($T, x, y),
                    Pow => |x: $T, y: $T| x.powf(y),
                    Maximum => |x: $T, y: $T| x.larger(y),
                    Minimum => |x: $T, y: $T| x.smaller(y),
                    Fmax => |x: $T, y: $T| if x >= y || y.is_nan() { x } else { y },
                    Fmin => |x: $T, y: $T| if x <= y || y.is_nan() { x } else { y },
                    Hypot => |x: $T, y: $T| x.hypot(y),
                    Arctan2 => |x: $T, y: $T| x.atan2(y),
                })
            }

            #[inline(always)]
            fn is_negative(self) -> bool {
                self < 0.0
            }

            #[inline(always)]
            fn smaller(self, other: $T) -> $T {
                if self <= other || self.is_nan() { self } else { other }
            }

            #[inline(always)]
            fn larger(self, other: $T) -> $T {
                if self >= other || self.is_nan() { self } else { other }
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                $T::is_nan(self)
            }
        }
    };
}

floats!(f32);
floats!(f64);

macro_rules! integers {
    ($T:ident, $absolute:expr, $sign:expr) => {
        impl Arithmetic for $T {
            const ZERO: $T = 0;
            const ONE: $T = 1;
            const LEAST: $T = $T::MIN;
            const MOST: $T = $T::MAX;

            #[inline(always)]
            fn plus(self, other: $T) -> $T {
                self.wrapping_add(other)
            }

            #[inline(always)]
            fn times(self, other: $T) -> $T {
                self.wrapping_mul(other)
            }

            fn unary(ufunc: Ufunc) -> Option<Unary<$T, $T>> {
                table!(ufunc, unary {
                    Neg => |x: $T| x.wrapping_neg(),
                    Pos => |x: $T| x,
                    Abs => $absolute,
                    Invert => |x: $T| !x,
                    Square => |x: $T| x.wrapping_mul(x),
                    Reciprocal => |x: $T| if x == 0 { 0 } else { (1 as $T).wrapping_div(x) },
                    Sign => $sign,
                    Floor => |x: $T| x,
                    Ceil => |x: $T| x,
                    Trunc => |x: $T| x,
                })
            }

            fn binary(ufunc: Ufunc) -> Option<Binary<$T, $T>> {
                table!(ufunc, binary {
                    Add => |x: $T, y: $T| x.wrapping_add(y),
                    Sub => |x: $T, y: $T| x.wrapping_sub(y),
                    Mul => |x: $T, y: $T| x.wrapping_mul(y),
                    FloorDiv => |x: $T, y: $T| {
                        if y == 0 {
                            return 0;
                        }
                        let (quotient, remainder) = (x.wrapping_div(y), x.wrapping_rem(y));
                        let below = remainder != 0 && Arithmetic::is_negative(remainder) != Arithmetic::is_negative(y);
                        quotient.wrapping_sub(<$T>::from(below))
                    },
                    Mod => |x: $T, y: $T| {
                        if y == 0 {
                            return 0;
                        }
                        let remainder = x.wrapping_rem(y);
                        let below = remainder != 0 && Arithmetic::is_negative(remainder) != Arithmetic::is_negative(y);
                        if below { remainder.wrapping_add(y) } else { remainder }
                    },
                    Pow => |x: $T, y: $T| {
                        let (mut power, mut base, mut exponent) = (1 as $T, x, y);
                        while exponent > 0 {
                            if exponent & 1 == 1 {
                                power = power.wrapping_mul(base);
                            }
                            base = base.wrapping_mul(base);
                            exponent >>= 1;
                        }
                        power
                    },
                    Maximum => |x: $T, y: $T| x.max(y),
                    Minimum => |x: $T, y: $T| x.min(y),
                    Fmax => |x: $T, y: $T| x.max(y),
                    Fmin => |x: $T, y: $T| x.min(y),
                    And => |x: $T, y: $T| x & y,
                    Or => |x: $T, y: $T| x | y,
                    Xor => |x: $T, y: $T| x ^ y,
                    // A shift by the number of bits or more, or by a negative number, leaves only the sign.
                    Lshift => |x: $T, y: $T| u32::try_from(y).ok().and_then(|y| x.checked_shl(y)).unwrap_or(0),
                    Rshift => |x: $T, y: $T| {
                        let shifted = u32::try_from(y).ok().and_then(|y| x.checked_shr(y));
                        shifted.unwrap_or((0 as $T).wrapping_sub(<$T>::from(Arithmetic::is_negative(x))))
                    },
                })
            }

            #[inline(always)]
            #[allow(unused_comparisons, reason = "one of the types has no sign")]
            fn is_negative(self) -> bool {
                self < 0
            }

            #[inline(always)]
            fn smaller(self, other: $T) -> $T {
                self.min(other)
            }

            #[inline(always)]
            fn larger(self, other: $T) -> $T {
                self.max(other)
            }

            #[inline(always)]
            fn is_nan(self) -> bool {
                false
            }
        }
    };
}

integers!(u8, |x: u8| x, |x: u8| u8::from(x > 0));
integers!(i32, |x: i32| x.wrapping_abs(), |x: i32| x.signum());
integers!(i64, |x: i64| x.wrapping_abs(), |x: i64| x.signum());

impl Arithmetic for bool {
    const ZERO: bool = false;
    const ONE: bool = true;
    const LEAST: bool = false;
    const MOST: bool = true;

    #[inline(always)]
    fn plus(self, other: bool) -> bool {
        self | other
    }

    #[inline(always)]
    fn times(self, other: bool) -> bool {
        self & other
    }

    fn unary(ufunc: Ufunc) -> Option<Unary<bool, bool>> {
        table!(ufunc, unary {
            Invert => |x: bool| !x,
            LogicalNot => |x: bool| !x,
            Abs => |x: bool| x,
            Floor => |x: bool| x,
            Ceil => |x: bool| x,
            Trunc => |x: bool| x,
        })
    }

    fn binary(ufunc: Ufunc) -> Option<Binary<bool, bool>> {
        match ufunc {
            Ufunc::Add | Ufunc::Maximum | Ufunc::Fmax | Ufunc::Or | Ufunc::LogicalOr => {
                Some(|x, y, out| zip(x, y, out, |x, y| x | y))
            }
            Ufunc::Mul | Ufunc::Minimum | Ufunc::Fmin | Ufunc::And | Ufunc::LogicalAnd => {
                Some(|x, y, out| zip(x, y, out, |x, y| x & y))
            }
            Ufunc::Xor | Ufunc::LogicalXor => Some(|x, y, out| zip(x, y, out, |x, y| x ^ y)),
            _ => None,
        }
    }

    fn is_negative(self) -> bool {
        false
    }

    #[inline(always)]
    fn smaller(self, other: bool) -> bool {
        self & other
    }

    #[inline(always)]
    fn larger(self, other: bool) -> bool {
        self | other
    }

    fn is_nan(self) -> bool {
        false
    }
}

/// `x` within bounds; a bound that is NaN gives NaN.
pub(crate) fn clip<T: Arithmetic>(x: &[T], low: &[T], high: &[T], out: &mut [T]) {
    for (((out, &x), &low), &high) in out.iter_mut().zip(x).zip(low).zip(high) {
        *out = x.larger(low).smaller(high);
    }
}

/// `x` where the condition holds, else `y`.
pub(crate) fn choose<T: Copy>(condition: &[bool], x: &[T], y: &[T], out: &mut [T]) {
    for (((out, &condition), &x), &y) in out.iter_mut().zip(condition).zip(x).zip(y) {
        *out = if condition { x } else { y };
    }
}
