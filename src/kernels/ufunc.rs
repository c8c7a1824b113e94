//! Functions applied to each element: what there is, how many operands each takes, and the types that NumPy gives
//! them.

use smallvec::SmallVec;

use crate::{
    dtype::DType::{self, *},
    error::Message,
    scalar::Scalar,
};

macro_rules! ufuncs {
    ($($(#[$doc:meta])* $variant:ident $name:literal $arity:literal $class:ident,)*) => {
        /// A function applied to each element. Its name is that of Python's operator if there is one, as in Dask's
        /// keys; else NumPy's word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Ufunc {
            $($(#[$doc])* $variant,)*
        }

        impl Ufunc {
            /// All of them.
            pub const ALL: &[Ufunc] = &[$(Ufunc::$variant),*];

            /// The prefixes of all of them.
            pub(crate) const NAMES: &[&str] = &[$($name),*];

            /// How many operands it takes.
            pub fn arity(self) -> usize {
                match self {
                    $(Ufunc::$variant => $arity,)*
                }
            }

            /// The prefix that Dask gives to its tasks.
            pub fn prefix(self) -> &'static str {
                match self {
                    $(Ufunc::$variant => $name,)*
                }
            }

            fn class(self) -> Class {
                match self {
                    $(Ufunc::$variant => Class::$class,)*
                }
            }
        }
    };
}

/// Which types a function takes and gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Any, and gives the same.
    Same,
    /// Numbers; `bool` becomes a small integer.
    Number,
    /// Numbers; not `bool`.
    NotBool,
    /// Floats; integers become `float64`.
    Float,
    /// Any, and gives `bool`.
    Test,
    /// Any, each by itself, and gives `bool`.
    Logic,
    /// Integers and `bool`, and gives the same.
    Bits,
    /// Integers; `bool` becomes a small one.
    Shift,
    /// A `bool`, then any two.
    Choice,
}

ufuncs! {
    /// `x + y`
    Add "add" 2 Same,
    /// `x - y`
    Sub "sub" 2 NotBool,
    /// `x * y`
    Mul "mul" 2 Same,
    /// `x / y`
    TrueDiv "truediv" 2 Float,
    /// `x // y`
    FloorDiv "floordiv" 2 Number,
    /// `x % y`
    Mod "mod" 2 Number,
    /// `x ** y`
    Pow "pow" 2 Number,
    /// The larger, or a NaN.
    Maximum "maximum" 2 Same,
    /// The smaller, or a NaN.
    Minimum "minimum" 2 Same,
    /// The larger, or the one that is no NaN.
    Fmax "fmax" 2 Same,
    /// The smaller, or the one that is no NaN.
    Fmin "fmin" 2 Same,
    /// The square root of `x**2 + y**2`.
    Hypot "hypot" 2 Float,
    /// The angle of the point `(y, x)`.
    Arctan2 "arctan2" 2 Float,
    /// `x > y`
    Gt "gt" 2 Test,
    /// `x >= y`
    Ge "ge" 2 Test,
    /// `x < y`
    Lt "lt" 2 Test,
    /// `x <= y`
    Le "le" 2 Test,
    /// `x == y`
    Eq "eq" 2 Test,
    /// `x != y`
    Ne "ne" 2 Test,
    /// Whether both are other than 0.
    LogicalAnd "logical_and" 2 Logic,
    /// Whether one is other than 0.
    LogicalOr "logical_or" 2 Logic,
    /// Whether one of them, not both, is other than 0.
    LogicalXor "logical_xor" 2 Logic,
    /// `x & y`
    And "and_" 2 Bits,
    /// `x | y`
    Or "or_" 2 Bits,
    /// `x ^ y`
    Xor "xor" 2 Bits,
    /// `x << y`
    Lshift "lshift" 2 Shift,
    /// `x >> y`
    Rshift "rshift" 2 Shift,
    /// `x` where the condition is met, else `y`: `where(condition, x, y)`.
    Where "where" 3 Choice,
    /// Not below the second, not above the third.
    Clip "clip" 3 Same,
    /// `-x`
    Neg "neg" 1 NotBool,
    /// `+x`
    Pos "positive" 1 NotBool,
    /// `abs(x)`
    Abs "abs" 1 Same,
    /// `~x`
    Invert "invert" 1 Bits,
    /// The square root.
    Sqrt "sqrt" 1 Float,
    /// `x * x`
    Square "square" 1 Number,
    /// `1 / x`
    Reciprocal "reciprocal" 1 Number,
    /// -1, 0 or 1.
    Sign "sign" 1 NotBool,
    /// e to the power x.
    Exp "exp" 1 Float,
    /// The same less 1, exact for small x.
    Expm1 "expm1" 1 Float,
    /// The natural logarithm.
    Log "log" 1 Float,
    /// That of `1 + x`, exact for small x.
    Log1p "log1p" 1 Float,
    /// The logarithm to base 2.
    Log2 "log2" 1 Float,
    /// The logarithm to base 10.
    Log10 "log10" 1 Float,
    /// The sine.
    Sin "sin" 1 Float,
    /// The cosine.
    Cos "cos" 1 Float,
    /// The tangent.
    Tan "tan" 1 Float,
    /// The inverse of the sine.
    Arcsin "arcsin" 1 Float,
    /// The inverse of the cosine.
    Arccos "arccos" 1 Float,
    /// The inverse of the tangent.
    Arctan "arctan" 1 Float,
    /// The hyperbolic sine.
    Sinh "sinh" 1 Float,
    /// The hyperbolic cosine.
    Cosh "cosh" 1 Float,
    /// The hyperbolic tangent.
    Tanh "tanh" 1 Float,
    /// The largest integer not above.
    Floor "floor" 1 Same,
    /// The smallest integer not below.
    Ceil "ceil" 1 Same,
    /// The integer next to it towards 0.
    Trunc "trunc" 1 Same,
    /// The nearest integer, the even one of two.
    Rint "rint" 1 Float,
    /// Whether it is NaN.
    IsNan "isnan" 1 Test,
    /// Whether it is infinite.
    IsInf "isinf" 1 Test,
    /// Whether it is neither.
    IsFinite "isfinite" 1 Test,
    /// Whether it is 0.
    LogicalNot "logical_not" 1 Logic,
}

/// The types of a function's operands and of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// To what the operands are converted first. The condition of `where` is always `bool`.
    pub operands: DType,
    /// What comes out.
    pub result: DType,
}

impl Ufunc {
    /// The types for these operands, arrays by their type, by NumPy's rules.
    ///
    /// # Errors
    /// What NumPy refuses: `-` of `bool`, `~` of floats, an integer that the arrays' type cannot hold.
    ///
    /// ```
    /// use dagdeck::{DType, operations::Ufunc};
    ///
    /// let half = Ufunc::TrueDiv.signature(&[DType::Int32], &[2.into()])?;
    /// assert_eq!(half.result, DType::Float64);
    /// # Ok::<(), dagdeck::error::Message>(())
    /// ```
    pub fn signature(self, arrays: &[DType], scalars: &[Scalar]) -> Result<Signature, Message> {
        let common = DType::result_type(arrays, scalars);
        let same = |dtype| Ok(Signature { operands: dtype, result: dtype });
        match (self.class(), common) {
            (Class::NotBool, Bool) => Err(self.no_bool()),
            (Class::Bits | Class::Shift, Float32 | Float64) => Err(self.no_floats()),
            (Class::Number | Class::Shift, Bool) => same(UInt8),
            (Class::Float, _) => same(common.inexact()),
            (Class::Test, _) => {
                // Python's integers are compared as they are, also those that the arrays cannot hold.
                let fit = scalars.iter().all(|scalar| scalar.fits(common));
                Ok(Signature { operands: if fit { common } else { Int64 }, result: Bool })
            }
            (Class::Logic, _) => Ok(Signature { operands: Bool, result: Bool }),
            _ => same(common),
        }
    }

    /// The function of this prefix.
    pub(crate) fn named(name: &str) -> Option<Ufunc> {
        Ufunc::ALL.iter().copied().find(|ufunc| ufunc.prefix() == name)
    }

    /// Whether it gives `bool` of operands that it takes as they are.
    pub(crate) fn is_test(self) -> bool {
        self.class() == Class::Test
    }

    /// Whether its first operand is a condition, whatever its type.
    pub(crate) fn takes_condition(self) -> bool {
        self.class() == Class::Choice
    }

    /// NumPy's word, for messages.
    fn word(self) -> &'static str {
        match self {
            Ufunc::And => "bitwise_and",
            Ufunc::Or => "bitwise_or",
            Ufunc::Xor => "bitwise_xor",
            Ufunc::Lshift => "left_shift",
            Ufunc::Rshift => "right_shift",
            other => other.prefix(),
        }
    }

    fn no_bool(self) -> Message {
        match self {
            Ufunc::Sub => {
                "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` \
                           operator, or the logical_xor function instead."
                    .into()
            }
            Ufunc::Neg => {
                "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or \
                           the logical_not function instead."
                    .into()
            }
            _ => format!("ufunc '{}' did not contain a loop with signature matching types bool", self.word())
                .into(),
        }
    }

    fn no_floats(self) -> Message {
        format!(
            "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any \
             supported types according to the casting rule ''safe''",
            self.word()
        )
        .into()
    }
}

/// Where the operands of a [`Ufunc`] come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Operands {
    /// Each is an input.
    Inputs,
    /// Some are numbers; the others, `None`, are the inputs in their order.
    Mixed(Box<[Option<Scalar>]>),
}

impl Operands {
    /// This number, then an input: `1 - x`.
    pub fn left(scalar: impl Into<Scalar>) -> Operands {
        Operands::Mixed([Some(scalar.into()), None].into())
    }

    /// An input, then this number: `x - 1`.
    pub fn right(scalar: impl Into<Scalar>) -> Operands {
        Operands::Mixed([None, Some(scalar.into())].into())
    }

    /// How many of them are inputs.
    pub(crate) fn inputs(&self, ufunc: Ufunc) -> usize {
        match self {
            Operands::Inputs => ufunc.arity(),
            Operands::Mixed(operands) => operands.iter().filter(|operand| operand.is_none()).count(),
        }
    }

    /// The types of `ufunc` of these operands, for inputs of these types.
    ///
    /// # Errors
    /// NumPy refuses them.
    pub(crate) fn signature(&self, ufunc: Ufunc, mut inputs: &[DType]) -> Result<Signature, Message> {
        let scalars: SmallVec<[Scalar; 3]> = self.scalars().collect();
        let mut scalars = &scalars[..];
        if ufunc.takes_condition() {
            // The type of the condition, which is the first operand, does not matter.
            match self {
                Operands::Mixed(operands) if operands.first().is_some_and(Option::is_some) => {
                    scalars = &scalars[1..];
                }
                _ => inputs = inputs.get(1..).unwrap_or_default(),
            }
        }
        let signature = ufunc.signature(inputs, scalars)?;
        match scalars.iter().find(|scalar| !scalar.fits(signature.operands)) {
            // For `where`, integers wrap around.
            Some(scalar) if !ufunc.takes_condition() => {
                Err(format!("Python integer {scalar} out of bounds for {}", signature.operands).into())
            }
            _ => Ok(signature),
        }
    }

    /// Those that are numbers.
    pub(crate) fn scalars(&self) -> impl Iterator<Item = Scalar> {
        let operands: &[Option<Scalar>] = match self {
            Operands::Inputs => &[],
            Operands::Mixed(operands) => operands,
        };
        operands.iter().flatten().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What NumPy 2.4 says, but for the types that are not here (see [`DType`]).
    #[test]
    fn types_are_numpys() {
        let int = Scalar::Int(2);
        for (ufunc, arrays, scalars, operands, result) in [
            (Ufunc::Add, &[Bool, Bool][..], &[][..], Bool, Bool),
            (Ufunc::Add, &[UInt8], &[int], UInt8, UInt8),
            (Ufunc::TrueDiv, &[Int32, Float32], &[], Float64, Float64),
            (Ufunc::TrueDiv, &[Float32], &[int], Float32, Float32),
            (Ufunc::FloorDiv, &[Bool, Bool], &[], UInt8, UInt8),
            (Ufunc::Gt, &[Int64, Float32], &[], Float64, Bool),
            (Ufunc::LogicalAnd, &[Float64, UInt8], &[], Bool, Bool),
            (Ufunc::Floor, &[Int32], &[], Int32, Int32),
            (Ufunc::Rint, &[Int32], &[], Float64, Float64),
            (Ufunc::IsNan, &[Float32], &[], Float32, Bool),
            (Ufunc::Clip, &[UInt8], &[Scalar::Float(0.5)], Float64, Float64),
        ] {
            let signature = ufunc.signature(arrays, scalars);
            assert_eq!(signature, Ok(Signature { operands, result }), "{ufunc:?} {arrays:?}");
        }
        assert!(Ufunc::Sub.signature(&[Bool, Bool], &[]).unwrap_err().starts_with("numpy boolean subtract"));
        assert!(
            Ufunc::Invert.signature(&[Float64], &[]).unwrap_err().starts_with("ufunc 'invert' not supported")
        );
        assert!(Ufunc::Sign.signature(&[Bool], &[]).is_err());
    }

    #[test]
    fn no_two_have_the_same_name() {
        let mut names: Vec<_> = Ufunc::ALL.iter().map(|ufunc| ufunc.prefix()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Ufunc::ALL.len());
    }
}
