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

use super::{Axes, Op, Operands, Place, Reduce, Reduction, Stage, Ufunc};
use crate::{dtype::DType, error::shown, number::Number, scalar::Scalar};

/// The names of operations that are neither a [`Ufunc`] nor a [`Reduction`], in the order of [`Op`]'s variants.
const NAMES: [&str; 29] = [
    "no-op",
    "busy",
    "panic",
    "alias",
    "full",
    "arange",
    "linspace",
    "eye",
    "block",
    "random",
    "astype",
    "transpose",
    "reshape",
    "getitem",
    "take",
    "concatenate",
    "merge",
    "cumsum",
    "topk",
    "histogram",
    "percentile",
    "tensordot",
    "matmul",
    "qr",
    "svd",
    "item",
    "life",
    "heat",
    "mandelbrot",
];

/// The name of several operations as one.
const FUSED: &str = "fused";

/// All names.
fn names() -> impl Iterator<Item = &'static str> {
    let ufuncs = Ufunc::ALL.iter().map(|ufunc| ufunc.prefix());
    let reductions = Reduction::ALL.into_iter().map(Reduction::name);
    NAMES.into_iter().chain(ufuncs).chain(reductions).chain([FUSED])
}

impl Op {
    /// What it is called where it is written.
    pub fn name(&self) -> &'static str {
        match self {
            Op::NoOp => "no-op",
            Op::Busy(_) => "busy",
            Op::Panic(_) => "panic",
            Op::Alias => "alias",
            Op::Full(_) => "full",
            Op::Arange(_) => "arange",
            Op::Linspace(_) => "linspace",
            Op::Eye(_) => "eye",
            Op::Block(_) => "block",
            Op::Random(_) => "random",
            Op::Elementwise(ufunc, _) => ufunc.prefix(),
            Op::Astype(_) => "astype",
            Op::Transpose(_) => "transpose",
            Op::Reshape(_) => "reshape",
            Op::Slice(_) => "getitem",
            Op::Take(_) => "take",
            Op::Concatenate(_) => "concatenate",
            Op::Merge(_) => "merge",
            Op::Reduce(reduce) => reduce.reduction.name(),
            Op::Cumsum(_) => "cumsum",
            Op::Topk(_) => "topk",
            Op::Histogram(_) => "histogram",
            Op::Percentile(_) => "percentile",
            Op::Tensordot(_) => "tensordot",
            Op::Matmul(_) => "matmul",
            Op::Qr => "qr",
            Op::Svd => "svd",
            Op::Item(_) => "item",
            Op::Life => "life",
            Op::Heat(_) => "heat",
            Op::Mandelbrot(_) => "mandelbrot",
            Op::Fused(_) => FUSED,
        }
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dtype: Option<DType>,
    /// Of argmin and argmax alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.name();
        match self {
            Op::NoOp | Op::Alias | Op::Elementwise(_, Operands::Inputs) | Op::Qr | Op::Svd | Op::Life => {
                serializer.serialize_str(name)
            }
            Op::Busy(busy) => named(serializer, name, busy),
            Op::Panic(message) => named(serializer, name, message),
            Op::Full(full) => named(serializer, name, full),
            Op::Arange(range) => named(serializer, name, range),
            Op::Linspace(range) => named(serializer, name, range),
            Op::Eye(eye) => named(serializer, name, eye),
            Op::Block(block) => named(serializer, name, block),
            Op::Random(random) => named(serializer, name, random),
            Op::Elementwise(_, Operands::Mixed(operands)) => named(serializer, name, operands),
            Op::Astype(dtype) => named(serializer, name, dtype),
            Op::Transpose(axes) => named(serializer, name, axes),
            Op::Reshape(shape) | Op::Merge(shape) => named(serializer, name, shape),
            Op::Slice(indices) => named(serializer, name, indices),
            Op::Take(take) => named(serializer, name, take),
            Op::Concatenate(axis) => named(serializer, name, axis),
            Op::Reduce(reduce) => {
                let Reduce { reduction, stage, axes, keepdims, dtype, place } = (**reduce).clone();
                let ddof = match reduction {
                    Reduction::Var { ddof } => Some(Number(ddof)),
                    _ => None,
                };
                named(serializer, name, &Step { stage, axes, keepdims, ddof, dtype, place })
            }
            Op::Cumsum(cumsum) => named(serializer, name, cumsum),
            Op::Topk(topk) => named(serializer, name, topk),
            Op::Histogram(histogram) => named(serializer, name, histogram),
            Op::Percentile(percentile) => named(serializer, name, percentile),
            Op::Tensordot(tensordot) => named(serializer, name, tensordot),
            Op::Matmul(matmul) => named(serializer, name, matmul),
            Op::Item(item) => named(serializer, name, item),
            Op::Heat(heat) => named(serializer, name, heat),
            Op::Mandelbrot(mandelbrot) => named(serializer, name, mandelbrot),
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
            ("alias", _) => Ok(Op::Alias),
            ("qr", _) => Ok(Op::Qr),
            ("svd", _) => Ok(Op::Svd),
            ("life", _) => Ok(Op::Life),
            (_, Some(ufunc)) => Ok(Op::Elementwise(ufunc, Operands::Inputs)),
            _ if names().any(|known| known == name) => Err(E::custom(format!(
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
            "linspace" => Op::Linspace(Box::new(object(&mut map)?)),
            "eye" => Op::Eye(Box::new(object(&mut map)?)),
            "block" => Op::Block(Box::new(object(&mut map)?)),
            "random" => Op::Random(Box::new(object(&mut map)?)),
            "astype" => Op::Astype(map.next_value()?),
            "transpose" => Op::Transpose(map.next_value()?),
            "reshape" => Op::Reshape(map.next_value()?),
            "getitem" => Op::Slice(map.next_value()?),
            "take" => Op::Take(Box::new(object(&mut map)?)),
            "concatenate" => Op::Concatenate(map.next_value()?),
            "merge" => Op::Merge(map.next_value()?),
            "cumsum" => Op::Cumsum(object(&mut map)?),
            "topk" => Op::Topk(Box::new(object(&mut map)?)),
            "histogram" => Op::Histogram(Box::new(object(&mut map)?)),
            "percentile" => Op::Percentile(Box::new(object(&mut map)?)),
            "tensordot" => Op::Tensordot(Box::new(object(&mut map)?)),
            "matmul" => Op::Matmul(object(&mut map)?),
            "item" => Op::Item(map.next_value()?),
            "heat" => Op::Heat(object(&mut map)?),
            "mandelbrot" => Op::Mandelbrot(object(&mut map)?),
            FUSED => Op::Fused(map.next_value()?),
            name => match (ufunc(name), reduction(name)) {
                (Some(ufunc), _) => {
                    let operands: Box<[Option<Scalar>]> = map.next_value()?;
                    Op::Elementwise(ufunc, Operands::Mixed(operands))
                }
                (_, Some(reduction)) => reduce(reduction, object(&mut map)?)?,
                _ => return Err(A::Error::custom(format!("{name} takes no parameters"))),
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
                names().find(|&known| known == name).map(Name).ok_or_else(|| unknown(name))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

fn ufunc(name: &str) -> Option<Ufunc> {
    Ufunc::ALL.iter().copied().find(|ufunc| ufunc.prefix() == name)
}

fn reduction(name: &str) -> Option<Reduction> {
    Reduction::ALL.into_iter().find(|reduction| reduction.name() == name)
}

fn reduce<E: Error>(reduction: Reduction, step: Step) -> Result<Op, E> {
    let Step { stage, axes, keepdims, ddof, dtype, place } = step;
    let reduction = match (reduction, ddof) {
        (Reduction::Var { .. }, Some(Number(ddof))) => Reduction::Var { ddof },
        (_, Some(_)) => return Err(E::custom("only var takes ddof")),
        (reduction, None) => reduction,
    };
    Ok(Op::Reduce(Reduce { reduction, stage, axes, keepdims, dtype, place }.into()))
}

fn unknown<E: Error>(name: &str) -> E {
    let names: Vec<_> = names().collect();
    E::custom(format!("unknown operation '{}': use one of {}", shown(name), names.join(", ")))
}
