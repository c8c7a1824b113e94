//! How an operation is written: its name, or an object with the name and the parameters. See
//! [`graph::json`](crate::graph::json).
//!
//! Written for people: `"add"`, not `{"elementwise": ["add", "inputs"]}`. So the form's names are not those of
//! [`Op`]'s variants, and there is some code here instead of a derive.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, Error, MapAccess, value::MapAccessDeserializer},
    ser::SerializeMap,
};

use super::{Axes, Op, Operands, Reduce, Reduction, Stage, Ufunc, number::Number};

/// All names, in the order of [`Op`]'s variants.
const NAMES: [&str; 17] = [
    "no-op",
    "busy",
    "panic",
    "full",
    "arange",
    "random",
    "add",
    "sub",
    "mul",
    "truediv",
    "neg",
    "sqrt",
    "transpose",
    "sum",
    "mean",
    "var",
    "fused",
];

const UFUNCS: [Ufunc; 6] = [Ufunc::Add, Ufunc::Sub, Ufunc::Mul, Ufunc::TrueDiv, Ufunc::Neg, Ufunc::Sqrt];

impl Op {
    /// What it is called where it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Op::NoOp => "no-op",
            Op::Busy(_) => "busy",
            Op::Panic(_) => "panic",
            Op::Full(_) => "full",
            Op::Arange(_) => "arange",
            Op::Random(_) => "random",
            Op::Elementwise(ufunc, _) => ufunc.prefix(),
            Op::Transpose(_) => "transpose",
            Op::Reduce(reduce) => match reduce.reduction {
                Reduction::Sum => "sum",
                Reduction::Mean => "mean",
                Reduction::Var { .. } => "var",
            },
            Op::Fused(_) => "fused",
        }
    }
}

/// The operand that is a number, and on which side it stands.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Scalar {
    Left(Number),
    Right(Number),
}

/// One step of a reduction, whose name says which.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    stage: Stage,
    axes: Axes,
    #[serde(default)]
    keepdims: bool,
    /// Of a variance alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ddof: Option<Number>,
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.name();
        match self {
            Op::NoOp | Op::Elementwise(_, Operands::Inputs) => serializer.serialize_str(name),
            Op::Busy(busy) => named(serializer, name, busy),
            Op::Panic(message) => named(serializer, name, message),
            Op::Full(full) => named(serializer, name, full),
            Op::Arange(range) => named(serializer, name, range),
            Op::Random(random) => named(serializer, name, random),
            Op::Elementwise(_, Operands::ScalarLeft(x)) => named(serializer, name, &Scalar::Left(Number(*x))),
            Op::Elementwise(_, Operands::ScalarRight(y)) => {
                named(serializer, name, &Scalar::Right(Number(*y)))
            }
            Op::Transpose(axes) => named(serializer, name, axes),
            Op::Reduce(reduce) => {
                let Reduce { reduction, stage, ref axes, keepdims } = **reduce;
                let ddof = match reduction {
                    Reduction::Var { ddof } => Some(Number(ddof)),
                    _ => None,
                };
                named(serializer, name, &Step { stage, axes: axes.clone(), keepdims, ddof })
            }
            Op::Fused(fused) => named(serializer, name, fused),
        }
    }
}

/// `{"name": parameters}`
fn named<S: Serializer>(
    serializer: S,
    name: &str,
    parameters: &(impl Serialize + ?Sized),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, parameters)?;
    map.end()
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Op, D::Error> {
        deserializer.deserialize_any(OpVisitor)
    }
}

struct OpVisitor;

impl<'de> de::Visitor<'de> for OpVisitor {
    type Value = Op;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an operation, or an object with the name and the parameters")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Op, E> {
        match (name, ufunc(name)) {
            ("no-op", _) => Ok(Op::NoOp),
            (_, Some(ufunc)) => Ok(Op::Elementwise(ufunc, Operands::Inputs)),
            _ if NAMES.contains(&name) => Err(E::custom(format!(
                "{name} needs parameters: write {{\"{name}\": ...}} instead of \"{name}\""
            ))),
            _ => Err(unknown(name)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Op, A::Error> {
        let Name(name) = map.next_key()?.ok_or_else(|| A::Error::custom("an operation needs a name"))?;
        let op = match name {
            "busy" => Op::Busy(object(&mut map)?),
            "panic" => Op::Panic(map.next_value()?),
            "full" => Op::Full(Box::new(object(&mut map)?)),
            "arange" => Op::Arange(Box::new(object(&mut map)?)),
            "random" => Op::Random(Box::new(object(&mut map)?)),
            "transpose" => Op::Transpose(map.next_value()?),
            "sum" => reduce(Reduction::Sum, object(&mut map)?)?,
            "mean" => reduce(Reduction::Mean, object(&mut map)?)?,
            "var" => reduce(Reduction::Var { ddof: 0.0 }, object(&mut map)?)?,
            "fused" => Op::Fused(map.next_value()?),
            name => match ufunc(name) {
                Some(ufunc) => Op::Elementwise(
                    ufunc,
                    match map.next_value()? {
                        Scalar::Left(Number(x)) => Operands::ScalarLeft(x),
                        Scalar::Right(Number(y)) => Operands::ScalarRight(y),
                    },
                ),
                None => return Err(A::Error::custom(format!("{name} takes no parameters"))),
            },
        };
        match map.next_key::<Name>()? {
            None => Ok(op),
            Some(Name(second)) => {
                Err(A::Error::custom(format!("a task has one operation, not both {name} and {second}")))
            }
        }
    }
}

/// The parameters that follow a name.
fn object<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<T, A::Error> {
    let Object(parameters) = map.next_value()?;
    Ok(parameters)
}

/// A struct that is written as an object: what is derived would take a list as well.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// A name that there is.
struct Name(&'static str);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        struct NameVisitor;

        impl de::Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of an operation")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
                NAMES.into_iter().find(|&known| known == name).map(Name).ok_or_else(|| unknown(name))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

fn ufunc(name: &str) -> Option<Ufunc> {
    UFUNCS.into_iter().find(|ufunc| ufunc.prefix() == name)
}

fn reduce<E: Error>(reduction: Reduction, step: Step) -> Result<Op, E> {
    let Step { stage, axes, keepdims, ddof } = step;
    let reduction = match (reduction, ddof) {
        (Reduction::Var { .. }, Some(Number(ddof))) => Reduction::Var { ddof },
        (_, Some(_)) => return Err(E::custom("only var takes ddof")),
        (reduction, None) => reduction,
    };
    Ok(Op::Reduce(Reduce { reduction, stage, axes, keepdims }.into()))
}

fn unknown<E: Error>(name: &str) -> E {
    E::custom(format!("unknown operation '{}': there are {}", shown(name), NAMES.join(", ")))
}

/// As much of a text as belongs in a message.
pub(super) fn shown(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
