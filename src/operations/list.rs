//! The macro that makes [`Op`](super::Op) from the list of operations, with all that asks an operation for something.

/// `Op::Variant(parameters)`, or `Op::Variant` if it has none.
macro_rules! pattern {
    ($variant:ident, $parameters:ident) => {
        Op::$variant
    };
    ($variant:ident, $parameters:ident, $payload:ty) => {
        Op::$variant($parameters)
    };
}

/// The parameters that the pattern has bound, or `()`.
macro_rules! bound {
    ($parameters:ident) => {
        &()
    };
    ($parameters:ident, $payload:ty) => {
        $parameters
    };
}

/// An `Op` of parameters.
macro_rules! variant {
    ($variant:ident, $parameters:expr) => {{
        let () = $parameters;
        Op::$variant
    }};
    ($variant:ident, $parameters:expr, $payload:ty) => {
        Op::$variant($parameters.into())
    };
}

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $variant:ident $(($payload:ty))?: $operation:ty,)*) => {
        /// What a task does.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Op {
            $($(#[doc = $doc])+ $variant $(($payload))?,)*
        }

        impl Op {
            /// The name in JSON.
            pub fn name(&self) -> &'static str {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::name(bound!(parameters $(, $payload)?))
                    })*
                }
            }

            /// The numbers of inputs that it takes.
            ///
            /// ```
            /// use dagdeck::{Op, operations::{Operands, Ufunc}};
            ///
            /// assert_eq!(Op::elementwise(Ufunc::Add, Operands::Inputs).arity(), 2..=2);
            /// assert_eq!(Op::elementwise(Ufunc::Add, Operands::right(1.0)).arity(), 1..=1);
            /// assert!(Op::NoOp.arity().contains(&7));
            /// ```
            pub fn arity(&self) -> RangeInclusive<usize> {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::arity(bound!(parameters $(, $payload)?))
                    })*
                }
            }

            /// Whether it costs less to run it again than to keep its value: a view of its input, or a tiny block.
            pub fn cheap(&self) -> bool {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::cheap(bound!(parameters $(, $payload)?))
                    })*
                }
            }

            /// Checks its parameters.
            ///
            /// # Errors
            /// One makes no sense, whatever the inputs are.
            pub fn check(&self) -> Result<(), Message> {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::check(bound!(parameters $(, $payload)?))
                    })*
                }
            }

            /// What is known of the value before the operation runs. `None` if it will refuse the inputs.
            pub(crate) fn infer(&self, inputs: &[&Meta]) -> Option<Meta> {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::infer(bound!(parameters $(, $payload)?), inputs)
                    })*
                }
            }

            /// The most bytes that the kernel allocates besides the value; 0 if the size of an input is unknown.
            fn scratch(&self, inputs: &[&Meta]) -> u64 {
                if !inputs.iter().all(|input| input.is_known()) {
                    return 0;
                }
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::scratch(bound!(parameters $(, $payload)?), inputs)
                    })*
                }
            }

            /// The names of all operations in JSON.
            pub fn names() -> impl Iterator<Item = &'static str> {
                [$(<$operation as Operation>::NAMES),*].into_iter().flatten().copied()
            }

            /// Operations of each kind that can be written, with inputs that they take: for tests.
            pub fn examples() -> Vec<(Op, Vec<Value>)> {
                let mut all = Vec::new();
                $(all.extend(<$operation as Operation>::examples().into_iter().map(|(parameters, inputs)| {
                    (variant!($variant, parameters $(, $payload)?), inputs)
                }));)*
                all
            }

            /// The names of each family, what it does, and how many of the examples are its own.
            #[cfg(test)]
            fn families() -> Vec<(&'static [&'static str], &'static str, usize)> {
                vec![$((
                    <$operation as Operation>::NAMES,
                    concat!($($doc),+),
                    <$operation as Operation>::examples().len(),
                )),*]
            }
        }

        /// Computes the value of a task from those of its dependencies. `attempt` counts from 0: a failed task may be
        /// retried.
        ///
        /// # Errors
        /// Inputs that the operation cannot take: too few, of the wrong kind, or of shapes that do not fit. Owned
        /// inputs may be used up even then.
        ///
        /// # Panics
        /// [`Op::Panic`] does, as any kernel with a bug would; schedulers turn that into an error of the task.
        pub fn execute(op: &Op, inputs: &mut [Input<'_>], attempt: u8) -> Result<Value, Message> {
            match op {
                $(pattern!($variant, parameters $(, $payload)?) => {
                    <$operation>::execute(bound!(parameters $(, $payload)?), inputs, attempt)
                })*
            }
        }

        impl Named for Op {
            fn names() -> impl Iterator<Item = &'static str> {
                Op::names()
            }

            fn bare(name: &str) -> Option<Op> {
                $(if <$operation as Operation>::NAMES.contains(&name) {
                    return <$operation>::bare(name).map(|parameters| variant!($variant, parameters $(, $payload)?));
                })*
                None
            }

            fn read<'de, A: MapAccess<'de>>(name: &'static str, map: &mut A) -> Result<Op, A::Error> {
                $(if <$operation as Operation>::NAMES.contains(&name) {
                    let parameters = <$operation as Operation>::read(name, map)?;
                    return Ok(variant!($variant, parameters $(, $payload)?));
                })*
                unreachable!("the name is one of the list")
            }
        }

        impl Serialize for Op {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(pattern!($variant, parameters $(, $payload)?) => {
                        <$operation>::write(bound!(parameters $(, $payload)?), serializer)
                    })*
                }
            }
        }
    };
}

pub(super) use {bound, operations, pattern, variant};
