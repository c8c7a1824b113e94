//! The operations that an expression can name.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    call::Call,
    signature::Signature,
    values::{
        AXIS, BOOL, BOUNDARY, CHUNKS, DRAWS, DTYPE, Drawn, FLOAT, FLOATS, INDEX, INT, INTS, Item, ORDER,
        PAIRS, Pairs, RANGE, Reader, SCALAR, SEED, SHAPE, SIZE, WORD,
    },
};
use crate::{
    block::Block,
    collections::{
        array::{
            self as da, Array, BlockFunction, Indexer, Operand, Over, Overlap, Span,
            linalg::{norm, qr, svd},
            random::{Generator, Integers, Population, default_rng},
        },
        chunks::ChunkSpec,
    },
    dtype::DType,
    error::{Error, Result},
    operations::Ufunc,
    scalar::Scalar,
};

/// An operation: its name, its parameters as [`Signature::parse`] reads them, and what makes its array.
struct Operation {
    name: &'static str,
    parameters: &'static str,
    make: fn(&Call<'_>) -> Result<Array>,
}

/// The functions of each element, by NumPy's names.
pub(super) const UFUNCS: &[(&str, Ufunc)] = &[
    ("negative", Ufunc::Neg),
    ("positive", Ufunc::Pos),
    ("absolute", Ufunc::Abs),
    ("sqrt", Ufunc::Sqrt),
    ("square", Ufunc::Square),
    ("exp", Ufunc::Exp),
    ("expm1", Ufunc::Expm1),
    ("log", Ufunc::Log),
    ("log1p", Ufunc::Log1p),
    ("log2", Ufunc::Log2),
    ("log10", Ufunc::Log10),
    ("sin", Ufunc::Sin),
    ("cos", Ufunc::Cos),
    ("tan", Ufunc::Tan),
    ("arcsin", Ufunc::Arcsin),
    ("arccos", Ufunc::Arccos),
    ("arctan", Ufunc::Arctan),
    ("sinh", Ufunc::Sinh),
    ("cosh", Ufunc::Cosh),
    ("tanh", Ufunc::Tanh),
    ("floor", Ufunc::Floor),
    ("ceil", Ufunc::Ceil),
    ("rint", Ufunc::Rint),
    ("trunc", Ufunc::Trunc),
    ("sign", Ufunc::Sign),
    ("reciprocal", Ufunc::Reciprocal),
    ("isnan", Ufunc::IsNan),
    ("isinf", Ufunc::IsInf),
    ("isfinite", Ufunc::IsFinite),
    ("logical_not", Ufunc::LogicalNot),
    ("invert", Ufunc::Invert),
    ("add", Ufunc::Add),
    ("subtract", Ufunc::Sub),
    ("multiply", Ufunc::Mul),
    ("divide", Ufunc::TrueDiv),
    ("floor_divide", Ufunc::FloorDiv),
    ("remainder", Ufunc::Mod),
    ("power", Ufunc::Pow),
    ("maximum", Ufunc::Maximum),
    ("minimum", Ufunc::Minimum),
    ("fmax", Ufunc::Fmax),
    ("fmin", Ufunc::Fmin),
    ("hypot", Ufunc::Hypot),
    ("arctan2", Ufunc::Arctan2),
    ("logical_and", Ufunc::LogicalAnd),
    ("logical_or", Ufunc::LogicalOr),
    ("logical_xor", Ufunc::LogicalXor),
    ("bitwise_and", Ufunc::And),
    ("bitwise_or", Ufunc::Or),
    ("bitwise_xor", Ufunc::Xor),
    ("left_shift", Ufunc::Lshift),
    ("right_shift", Ufunc::Rshift),
    ("greater", Ufunc::Gt),
    ("greater_equal", Ufunc::Ge),
    ("less", Ufunc::Lt),
    ("less_equal", Ufunc::Le),
    ("equal", Ufunc::Eq),
    ("not_equal", Ufunc::Ne),
    ("where", Ufunc::Where),
];

const REDUCE: &str = "self; axis, keepdims, split_every";
const REDUCE_AS: &str = "self; axis, keepdims, split_every, dtype";
const REDUCE_DDOF: &str = "self; axis, keepdims, split_every, dtype, ddof";

/// All other operations.
const OPERATIONS: &[Operation] = &[
    op("ones", "| shape; chunks, dtype", |call| {
        da::ones(&call.need("shape", SHAPE)?, chunks(call)?, dtype(call)?)
    }),
    op("zeros", "| shape; chunks, dtype", |call| {
        da::zeros(&call.need("shape", SHAPE)?, chunks(call)?, dtype(call)?)
    }),
    op("full", "| shape, fill_value; chunks, dtype", |call| {
        let (shape, value) = (call.need("shape", SHAPE)?, call.need("fill_value", SCALAR)?);
        da::full(&shape, value, chunks(call)?, call.get("dtype", DTYPE)?)
    }),
    op("arange", "| start, stop, step; chunks, dtype", |call| {
        let given = |name| call.get(name, SCALAR);
        let (start, stop) = match (given("start")?, given("stop")?) {
            (start, Some(stop)) => (start.unwrap_or(Scalar::Int(0)), stop),
            (Some(stop), None) => (Scalar::Int(0), stop),
            (None, None) => return Err(Error::invalid("stop is missing")),
        };
        let step = given("step")?.unwrap_or(Scalar::Int(1));
        da::arange(Span { start, stop, step }, chunks(call)?, call.get("dtype", DTYPE)?)
    }),
    op("linspace", "| start, stop, num; endpoint, chunks, dtype", |call| {
        let (start, stop) = (call.need("start", FLOAT)?, call.need("stop", FLOAT)?);
        let num = call.get("num", SIZE)?.unwrap_or(50);
        let endpoint = call.get("endpoint", BOOL)?.unwrap_or(true);
        da::linspace(start, stop, num, endpoint, chunks(call)?, dtype(call)?)
    }),
    op("eye", "| N, M; k, chunks, dtype", |call| {
        let n = call.need("N", SIZE)?;
        let (m, k) = (call.get("M", SIZE)?.unwrap_or(n), call.get("k", INT)?.unwrap_or(0));
        da::eye(n, m, k, chunks(call)?, dtype(call)?)
    }),
    op("from_array", "; shape, dtype, data, chunks", |call| {
        let (shape, dtype) = (call.need("shape", SHAPE)?, call.need("dtype", DTYPE)?);
        let data = STANDARD.decode(call.need("data", WORD)?);
        let data = data.map_err(|error| Error::invalid(format!("data: must be base64: {error}")))?;
        da::from_block(&Block::from_bytes(&shape, dtype, &data).map_err(Error::invalid)?, chunks(call)?)
    }),
    op("random", "; size, chunks, seed, after", |call| generator(call)?.random(&drawn(call)?, chunks(call)?)),
    op("uniform", "| low, high; size, chunks, seed, after", |call| {
        let (low, high) = (call.get("low", FLOAT)?.unwrap_or(0.0), call.get("high", FLOAT)?.unwrap_or(1.0));
        generator(call)?.uniform(low, high, &drawn(call)?, chunks(call)?)
    }),
    op("standard_normal", "; size, chunks, seed, after", |call| {
        generator(call)?.standard_normal(&drawn(call)?, chunks(call)?)
    }),
    op("normal", "| loc, scale; size, chunks, seed, after", |call| {
        let (loc, scale) = (call.get("loc", FLOAT)?.unwrap_or(0.0), call.get("scale", FLOAT)?.unwrap_or(1.0));
        generator(call)?.normal(loc, scale, &drawn(call)?, chunks(call)?)
    }),
    op("standard_exponential", "; size, chunks, seed, after", |call| {
        generator(call)?.standard_exponential(&drawn(call)?, chunks(call)?)
    }),
    op("exponential", "| scale; size, chunks, seed, after", |call| {
        let scale = call.get("scale", FLOAT)?.unwrap_or(1.0);
        generator(call)?.exponential(scale, &drawn(call)?, chunks(call)?)
    }),
    op("poisson", "| lam; size, chunks, seed, after", |call| {
        generator(call)?.poisson(call.get("lam", FLOAT)?.unwrap_or(1.0), &drawn(call)?, chunks(call)?)
    }),
    op("integers", "| low, high; endpoint, dtype, size, chunks, seed, after", |call| {
        // A single number is the end.
        let (low, high) = match (call.need("low", INT)?, call.get("high", INT)?) {
            (low, Some(high)) => (low, high),
            (high, None) => (0, high),
        };
        let endpoint = call.get("endpoint", BOOL)?.unwrap_or(false);
        let dtype = call.get("dtype", DTYPE)?.unwrap_or(DType::Int64);
        let integers = Integers { low, high, endpoint, dtype };
        generator(call)?.integers(integers, &drawn(call)?, chunks(call)?)
    }),
    op("choice", "| [a]; size, replace, [p], chunks, seed, after", |call| {
        let population = match call.operand("a")? {
            Some(Operand::Array(elements)) => Population::Elements(elements),
            _ => Population::Integers(call.need("a", INT)?),
        };
        let replace = call.get("replace", BOOL)?.unwrap_or(true);
        generator(call)?.choice(population, replace, probabilities(call)?, &drawn(call)?, chunks(call)?)
    }),
    op("permutation", "| [x]; seed, after", |call| {
        let x = match call.operand("x")? {
            Some(Operand::Array(x)) => x,
            _ => {
                let (start, stop, step) = (0.into(), call.need("x", INT)?.into(), 1.into());
                da::arange(Span { start, stop, step }, ChunkSpec::default(), None)?
            }
        };
        generator(call)?.permutation(&x)
    }),
    op("clip", "self, min, max", |call| da::ufunc(Ufunc::Clip, &call.args)),
    op("astype", "self | dtype", |call| call.array(0)?.astype(call.need("dtype", DTYPE)?)),
    op("sum", REDUCE_AS, |call| call.array(0)?.sum(over(call)?)),
    op("prod", REDUCE_AS, |call| call.array(0)?.prod(over(call)?)),
    op("mean", REDUCE_AS, |call| call.array(0)?.mean(over(call)?)),
    op("std", REDUCE_DDOF, |call| call.array(0)?.std(over(call)?)),
    op("var", REDUCE_DDOF, |call| call.array(0)?.var(over(call)?)),
    op("min", REDUCE, |call| call.array(0)?.min(over(call)?)),
    op("max", REDUCE, |call| call.array(0)?.max(over(call)?)),
    op("argmin", REDUCE, |call| call.array(0)?.argmin(over(call)?)),
    op("argmax", REDUCE, |call| call.array(0)?.argmax(over(call)?)),
    op("any", REDUCE, |call| call.array(0)?.any(over(call)?)),
    op("all", REDUCE, |call| call.array(0)?.all(over(call)?)),
    op("nansum", REDUCE_AS, |call| call.array(0)?.nansum(over(call)?)),
    op("nanmean", REDUCE_AS, |call| call.array(0)?.nanmean(over(call)?)),
    op("cumsum", "self; axis, dtype", |call| {
        let axis = call.get("axis", INT)?.map(|axis| axis as isize);
        call.array(0)?.cumsum(axis, call.get("dtype", DTYPE)?)
    }),
    op("diff", "self | n, axis, [prepend], [append]", |call| {
        let (n, axis) = (call.get("n", INT)?.unwrap_or(1), axis(call)?.unwrap_or(-1));
        call.array(0)?.diff_with(n, axis, call.operand("prepend")?, call.operand("append")?)
    }),
    op("flip", "self | axis", |call| call.array(0)?.flip(&call.get("axis", AXIS)?.unwrap_or_default())),
    op("topk", "self | k; axis", |call| call.array(0)?.topk(call.need("k", INT)?, axis(call)?.unwrap_or(-1))),
    op("unique", "x", |call| call.array(0)?.unique()),
    op("unique_counts.values", "x", |call| Ok(call.array(0)?.unique_counts()?.0)),
    op("unique_counts.counts", "x", |call| Ok(call.array(0)?.unique_counts()?.1)),
    op("histogram", "x; bins, range", |call| {
        let (bins, [low, high]) = (call.need("bins", SIZE)?, call.need("range", RANGE)?);
        call.array(0)?.histogram(bins, low, high)
    }),
    op("percentile", "self | q", |call| {
        let result = call.array(0)?.percentile(&call.need("q", FLOATS)?)?;
        // For one number, the result is one number.
        if call.get("q", FLOAT).is_ok() { result.reshape(&[]) } else { Ok(result) }
    }),
    op("transpose", "self | axes", |call| match call.get("axes", INTS)? {
        None => Ok(call.array(0)?.t()),
        Some(axes) => {
            call.array(0)?.transpose(&axes.into_iter().map(|axis| axis as isize).collect::<Vec<_>>())
        }
    }),
    op("reshape", "self | shape", |call| call.array(0)?.reshape(&call.need("shape", INTS)?)),
    op("ravel", "self", |call| call.array(0)?.ravel()),
    op("concatenate", "...arrays; axis", |call| da::concatenate(&call.arrays()?, axis(call)?.unwrap_or(0))),
    op("stack", "...arrays; axis", |call| da::stack(&call.arrays()?, axis(call)?.unwrap_or(0))),
    op("rechunk", "self | chunks", |call| call.array(0)?.rechunk(chunks(call)?)),
    op("slice", "...arrays; index", |call| call.array(0)?.slice(&index(call)?)),
    op("dot", "self, y", |call| call.array(0)?.dot(call.array(1)?)),
    op("matmul", "self, y", |call| call.array(0)?.matmul(call.array(1)?)),
    op("tensordot", "self, y; axes", |call| {
        let (left, right) = (call.array(0)?, call.array(1)?);
        match call.get("axes", PAIRS)?.unwrap_or(Pairs::Last(2)) {
            Pairs::Named(of_left, of_right) => left.tensordot(right, &of_left, &of_right),
            Pairs::Last(n) if n <= left.ndim() && n <= right.ndim() => {
                let n = n as isize;
                left.tensordot(right, &(-n..0).collect::<Vec<_>>(), &(0..n).collect::<Vec<_>>())
            }
            Pairs::Last(n) => Err(Error::invalid(format!("axes = {n}: an array has fewer axes"))),
        }
    }),
    op("einsum", "...operands; subscripts, dtype, split_every", |call| {
        let split_every = call.get("split_every", SIZE)?;
        da::einsum(&call.need("subscripts", WORD)?, &call.arrays()?, call.get("dtype", DTYPE)?, split_every)
    }),
    op("qr.q", "x", |call| Ok(qr(call.array(0)?)?.0)),
    op("qr.r", "x", |call| Ok(qr(call.array(0)?)?.1)),
    op("svd.u", "x", |call| Ok(svd(call.array(0)?)?.0)),
    op("svd.s", "x", |call| Ok(svd(call.array(0)?)?.1)),
    op("svd.vh", "x", |call| Ok(svd(call.array(0)?)?.2)),
    op("norm", "x; ord, axis, keepdims", |call| {
        let axis = call.get("axis", AXIS)?.unwrap_or_default();
        norm(call.array(0)?, call.get("ord", ORDER)?, &axis, call.get("keepdims", BOOL)?.unwrap_or(false))
    }),
    op("map_blocks", "...arrays; func, rate, max_iter", |call| {
        da::map_blocks(function(call)?, &call.arrays()?)
    }),
    op("map_overlap", "x; func, depth, boundary, rate, max_iter", |call| {
        let depth = call.get("depth", SHAPE)?.unwrap_or_default();
        let boundary = call.get("boundary", BOUNDARY)?.unwrap_or_default();
        call.array(0)?.map_overlap(function(call)?, &Overlap { depth, boundary })
    }),
    op("persisted", "; id", |call| {
        let id = call.need("id", SEED)?;
        call.held.find(id).ok_or_else(|| Error::invalid(format!("id = {id}: no such array is held here")))
    }),
];

const fn op(name: &'static str, parameters: &'static str, make: fn(&Call<'_>) -> Result<Array>) -> Operation {
    Operation { name, parameters, make }
}

/// The parameters of a function of each element.
fn of_each_element(ufunc: Ufunc) -> &'static str {
    match (ufunc, ufunc.arity()) {
        (Ufunc::Where, _) => "condition, x, y",
        (_, 1) => "self",
        _ => "self, y",
    }
}

/// All operations.
pub fn operations() -> impl Iterator<Item = Signature> {
    let ufuncs = UFUNCS.iter().map(|&(name, ufunc)| Signature::parse(name, of_each_element(ufunc)));
    ufuncs.chain(OPERATIONS.iter().map(|operation| Signature::parse(operation.name, operation.parameters)))
}

/// The array of one node.
pub(super) fn make(call: &Call<'_>) -> Result<Array> {
    made(call).map_err(|error| error.within(call.op))
}

fn made(call: &Call<'_>) -> Result<Array> {
    if let Some(&(name, ufunc)) = UFUNCS.iter().find(|(name, _)| *name == call.op) {
        Signature::parse(name, of_each_element(ufunc)).check(call)?;
        return da::ufunc(ufunc, &call.args);
    }
    let Some(operation) = OPERATIONS.iter().find(|operation| operation.name == call.op) else {
        let names = operations().map(|operation| operation.name).collect::<Vec<_>>().join(", ");
        return Err(Error::invalid(format!("unknown operation: use one of {names}")));
    };
    Signature::parse(operation.name, operation.parameters).check(call)?;
    (operation.make)(call)
}

fn chunks(call: &Call<'_>) -> Result<ChunkSpec> {
    Ok(call.get("chunks", CHUNKS)?.unwrap_or_default())
}

fn dtype(call: &Call<'_>) -> Result<DType> {
    Ok(call.get("dtype", DTYPE)?.unwrap_or_default())
}

fn axis(call: &Call<'_>) -> Result<Option<isize>> {
    Ok(call.get("axis", INT)?.map(|axis| axis as isize))
}

fn over(call: &Call<'_>) -> Result<Over> {
    Ok(Over {
        axis: call.get("axis", AXIS)?.unwrap_or_default(),
        keepdims: call.get("keepdims", BOOL)?.unwrap_or(false),
        split_every: call.get("split_every", SIZE)?,
        dtype: call.get("dtype", DTYPE)?,
        ddof: call.get("ddof", FLOAT)?.unwrap_or(0.0),
    })
}

/// The generator after its previous draws.
fn generator(call: &Call<'_>) -> Result<Generator> {
    let mut generator = default_rng(call.need("seed", SEED)?);
    for drawn in call.get("after", DRAWS)?.unwrap_or_default() {
        let skipped = match drawn {
            Drawn::Array(size, chunks) => generator.skip(&size, chunks),
            Drawn::Permutation(rows) => generator.skip_permutation(rows),
        };
        skipped.map_err(|error| error.within("after"))?;
    }
    Ok(generator)
}

/// An index, with the operands that are masks.
fn index(call: &Call<'_>) -> Result<Vec<Indexer>> {
    let masks = 1..call.args.len();
    let mut left: Vec<usize> = masks.clone().collect();
    let item = |item: Item| match item {
        Item::Index(index) => Ok(index),
        Item::Mask(operand) if masks.contains(&operand) => {
            left.retain(|&other| other != operand);
            Ok(Indexer::Mask(call.array(operand)?.clone()))
        }
        Item::Mask(operand) => Err(Error::invalid(format!("index: there is no mask args[{operand}]"))),
    };
    let index = call.need("index", INDEX)?.into_iter().map(item).collect::<Result<_>>()?;
    match left.first() {
        None => Ok(index),
        Some(operand) => Err(Error::invalid(format!("args[{operand}] is in no place of the index"))),
    }
}

/// The probabilities of a choice: an array, or a list of numbers.
fn probabilities(call: &Call<'_>) -> Result<Option<Array>> {
    if let Ok(Some(Operand::Array(p))) = call.operand("p") {
        return Ok(Some(p));
    }
    let Some(p) = call.get("p", FLOATS)? else { return Ok(None) };
    if (p.iter().sum::<f64>() - 1.0).abs() > 1e-7 {
        return Err(Error::invalid("probabilities do not sum to 1"));
    }
    da::from_block(&Block::new(&[p.len()], p), ChunkSpec::default()).map(Some)
}

fn drawn(call: &Call<'_>) -> Result<Vec<usize>> {
    call.need("size", SHAPE)
}

/// The function of blocks with this name, and its parameters.
fn function(call: &Call<'_>) -> Result<BlockFunction> {
    let name = call.need("func", WORD)?;
    let taken: &[&str] = match &*name {
        "heat" => &["rate"],
        "mandelbrot" => &["max_iter"],
        _ => &[],
    };
    let unknown =
        |parameter: &&str| call.given().any(|given| given == *parameter) && !taken.contains(parameter);
    if let Some(parameter) = ["rate", "max_iter"].into_iter().find(unknown) {
        return Err(Error::invalid(format!("func = '{name}': takes no {parameter}")));
    }
    match &*name {
        "life" => Ok(BlockFunction::Life),
        "heat" => Ok(BlockFunction::Heat { rate: call.get("rate", FLOAT)?.unwrap_or(0.2) }),
        "mandelbrot" => {
            let read =
                Reader { read: |value| u32::try_from(value.as_u64()?).ok(), expected: "a whole number" };
            Ok(BlockFunction::Mandelbrot { max_iter: call.need("max_iter", read)? })
        }
        name => match UFUNCS.iter().find(|(known, ufunc)| *known == name && ufunc.arity() == 1) {
            Some(&(_, ufunc)) => Ok(BlockFunction::Ufunc(ufunc)),
            None => {
                let unary = UFUNCS.iter().filter(|(_, ufunc)| ufunc.arity() == 1).map(|(name, _)| *name);
                let names = unary.collect::<Vec<_>>().join(", ");
                let name = crate::error::shown(name);
                Err(Error::invalid(format!(
                    "func = '{name}': no such function of blocks: use one of life, heat, mandelbrot, {names}"
                )))
            }
        },
    }
}
