//! Graphs of any operations. Most of them fail when run.

use dagdeck::{
    Block, DType, GraphBuilder, Key, Op, Scalar, TaskGraph,
    graph::Annotations,
    operations::{
        self, Arange, Busy, Call, Choice, Cumsum, Distribution, Einsum, Eye, Full, Function, Heat, Histogram,
        Linspace, Mandelbrot, Mask, Matmul, Operands, Part, Percentile, Place, Random, Reduce, Reduction,
        Shape, Slice, Source, Stage, Take, Tensordot, Topk, Ufunc,
    },
};
use proptest::{
    prelude::*,
    sample::{Index, select},
};

/// Any number, special ones often.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(-0.0),
        Just(f64::MIN_POSITIVE / 2.0),
        any::<f64>(),
        (-10..10i32).prop_map(f64::from),
    ]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop::collection::vec(0..4usize, 0..4).prop_map(Shape::from_vec)
}

fn dtype() -> impl Strategy<Value = DType> {
    select(DType::ALL.to_vec())
}

/// Any Python number, special ones often.
fn scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        4 => number().prop_map(Scalar::Float),
        1 => any::<i64>().prop_map(Scalar::Int),
        4 => (-3..4i64).prop_map(Scalar::Int),
        1 => any::<bool>().prop_map(Scalar::Bool),
    ]
}

fn distribution() -> impl Strategy<Value = Distribution> {
    let scale = prop_oneof![Just(f64::NAN), 0.0..2.0];
    prop_oneof![
        Just(Distribution::Uniform),
        (-9.0..9.0, 0.0..9.0).prop_map(|(low, range)| Distribution::Between { low, high: low + range }),
        scale.clone().prop_map(|scale| Distribution::Exponential { scale }),
        (0.0..99.0).prop_map(|lam| Distribution::Poisson { lam }),
        (number(), scale).prop_map(|(loc, scale)| Distribution::Normal { loc, scale }),
        (0..9i64, 0..99i64, select(vec![DType::UInt8, DType::Int32, DType::Int64]))
            .prop_map(|(low, span, dtype)| Distribution::Integers { low, last: low + span, dtype }),
    ]
}

fn ufunc() -> impl Strategy<Value = Ufunc> {
    select(Ufunc::ALL.to_vec())
}

/// A function with some, but not only, numbers as operands.
fn mixed() -> impl Strategy<Value = Op> {
    let operands = [scalar(), scalar(), scalar()].prop_map(|scalars| scalars.map(Some));
    (ufunc(), operands, 0..7u8, any::<Index>()).prop_map(|(ufunc, mut operands, inputs, one)| {
        let operands = &mut operands[..ufunc.arity()];
        let one = one.index(operands.len());
        for (i, operand) in operands.iter_mut().enumerate() {
            if i == one || inputs >> i & 1 == 1 {
                *operand = None;
            }
        }
        Op::elementwise(ufunc, Operands::Mixed(operands.into()))
    })
}

/// A call of a function with the right number of arguments. It does not sleep for long.
fn call() -> impl Strategy<Value = Op> {
    let arg = || prop::option::of(scalar());
    let functions = vec![Function::Inc, Function::Dec, Function::Double, Function::Identity];
    prop_oneof![
        (select(functions), arg()).prop_map(|(function, arg)| (function, vec![arg])),
        (arg(), arg()).prop_map(|(x, y)| (Function::Add, vec![x, y])),
        prop::collection::vec(arg(), 0..4).prop_map(|args| (Function::Sum, args)),
        arg().prop_map(|arg| (Function::Sleep, vec![Some(Scalar::Float(0.0)), arg])),
        (arg(), 0.0..1.0, 0..9i64).prop_map(|(arg, share, seed)| {
            (Function::Flaky, vec![arg, Some(Scalar::Float(share)), Some(Scalar::Int(seed))])
        }),
    ]
    .prop_map(|(function, args)| Op::Call(Call { function, args: args.into() }.into()))
}

fn stage() -> impl Strategy<Value = Stage> {
    select(vec![Stage::Chunk, Stage::Combine, Stage::Aggregate])
}

fn reduce() -> impl Strategy<Value = Reduce> {
    let reduction = prop_oneof![
        8 => select(Reduction::ALL.to_vec()),
        1 => number().prop_map(|ddof| Reduction::Var { ddof })
    ];
    let axes = prop::sample::subsequence(vec![0u8, 1, 2, 3], 0..3).prop_shuffle();
    let place = (shape(), shape()).prop_map(|(offset, shape)| Place { offset, shape });
    (reduction, stage(), axes, any::<bool>(), prop::option::of(dtype()), place).prop_map(
        |(reduction, stage, axes, keepdims, dtype, place)| {
            let finds_place = matches!(reduction, Reduction::ArgMin | Reduction::ArgMax);
            let place = (finds_place && stage == Stage::Chunk).then_some(place);
            let dtype = dtype.filter(|&dtype| reduction.takes_dtype(dtype));
            Reduce { reduction, stage, axes: axes.into_iter().collect(), keepdims, dtype, place }
        },
    )
}

/// Any operation that makes a block from nothing.
fn creation() -> impl Strategy<Value = Op> {
    let full = (shape(), scalar(), dtype())
        .prop_map(|(shape, fill_value, dtype)| Op::Full(Full { shape, fill_value, dtype }.into()));
    let arange = (scalar(), scalar(), 0..9usize, dtype())
        .prop_map(|(start, step, len, dtype)| Op::Arange(Arange { start, step, len, dtype }.into()));
    let linspace = (number(), number(), 0..9usize, any::<bool>(), dtype()).prop_map(
        |(start, stop, num, endpoint, dtype)| {
            Op::Linspace(Linspace { start, stop, num, endpoint, dtype }.into())
        },
    );
    let eye = (0..4usize, 0..4usize, -5..5i64, dtype())
        .prop_map(|(rows, columns, k, dtype)| Op::Eye(Eye { rows, columns, k, dtype }.into()));
    let block = shape().prop_flat_map(|shape| {
        let size = shape.iter().product::<usize>();
        prop_oneof![
            prop::collection::vec(any::<i32>(), size).prop_map({
                let shape = shape.clone();
                move |elements| Op::Block(Block::new(&shape, elements).into())
            }),
            prop::collection::vec(any::<bool>(), size)
                .prop_map(move |elements| Op::Block(Block::new(&shape, elements).into())),
        ]
    });
    let random = (shape(), distribution(), any::<u64>(), any::<u32>()).prop_map(
        |(shape, distribution, seed, child)| Op::Random(Random { shape, distribution, seed, child }.into()),
    );
    let choice =
        (shape(), prop::option::of(0..9u32), any::<bool>(), any::<bool>(), any::<u64>(), any::<u32>())
            .prop_map(|(shape, a, p, replace, seed, child)| {
                Op::Choice(Choice { shape, a, p, replace, seed, child }.into())
            });
    prop_oneof![4 => full, 2 => arange, 2 => linspace, 1 => eye, 2 => block, 4 => random, 2 => choice]
}

/// Any operation that picks, moves or joins elements.
fn selection() -> impl Strategy<Value = Op> {
    let axes = (0..4u8).prop_flat_map(|ndim| Just((0..ndim).collect::<Vec<_>>()).prop_shuffle());
    let end = || prop::option::of(-5..5i64);
    let slice = (end(), end(), end()).prop_map(|(start, stop, step)| {
        operations::Index::Slice(Slice { start, stop, step: step.filter(|&step| step != 0) })
    });
    let index = prop_oneof![1 => (-3..3i64).prop_map(operations::Index::At), 4 => slice, 1 => Just(operations::Index::NewAxis)];
    let take = (0..3u8, prop::collection::vec(-3..3i64, 0..4))
        .prop_map(|(axis, indices)| Op::Take(Take { axis, indices: indices.into() }.into()));
    prop_oneof![
        axes.prop_map(|axes| Op::Transpose(Box::new(axes.into_iter().collect()))),
        shape().prop_map(|shape| Op::Reshape(shape.into())),
        prop::collection::vec(index, 0..4).prop_map(|indices| Op::Slice(Box::new(indices.into()))),
        take,
        prop::option::of(0..3u8).prop_map(|axis| Op::Mask(Mask { axis })),
        (0..3u8).prop_map(Op::Concatenate),
        prop::collection::vec(1..3usize, 0..3).prop_map(|grid| Op::Merge(Box::new(grid.into()))),
        (0..3u8).prop_map(Op::Item),
    ]
}

/// Any other operation on blocks.
fn computation() -> impl Strategy<Value = Op> {
    let axes = || prop::sample::subsequence(vec![0u8, 1, 2], 0..3);
    let tensordot = (axes(), axes(), any::<bool>()).prop_map(|(left, right, keepdims)| {
        let pairs = left.len().min(right.len());
        let [left, right] = [left, right].map(|axes| axes[..pairs].iter().copied().collect());
        Op::Tensordot(Tensordot { left, right, keepdims }.into())
    });
    let einsum = (
        select(vec!["ij,jk->ik", "ii->", "abc->ca", "i,i,i->i", "ab,ba->"]),
        any::<bool>(),
        prop::option::of(dtype()),
    )
        .prop_map(|(subscripts, keepdims, dtype)| {
            Op::Einsum(Einsum { subscripts: subscripts.into(), keepdims, dtype }.into())
        });
    let topk = (-3..4i64, 0..3u8, stage())
        .prop_map(|(k, axis, stage)| Op::Topk(Topk { k: if k == 0 { 4 } else { k }, axis, stage }.into()));
    let histogram = (1..9usize, -9.0..0.0, 0.5..9.0)
        .prop_map(|(bins, low, high)| Op::Histogram(Histogram { bins, low, high }.into()));
    let percentile = (prop::collection::vec(0.0..=100.0, 0..4), any::<bool>()).prop_map(|(q, chunk)| {
        let stage = if chunk { Stage::Chunk } else { Stage::Aggregate };
        Op::Percentile(Percentile { q: q.into(), stage }.into())
    });
    prop_oneof![
        2 => dtype().prop_map(Op::Astype),
        2 => (0..3u8, prop::option::of(dtype())).prop_map(|(axis, dtype)| Op::Cumsum(Cumsum { axis, dtype })),
        1 => topk,
        1 => histogram,
        1 => percentile,
        2 => tensordot,
        2 => einsum,
        2 => any::<bool>().prop_map(|keepdims| Op::Matmul(Matmul { keepdims })),
        1 => Just(Op::Alias),
        1 => Just(Op::Qr),
        1 => Just(Op::Svd),
        1 => Just(Op::Life),
        1 => number().prop_map(|rate| Op::Heat(Heat { rate })),
        1 => (0..99u32).prop_map(|max_iter| Op::Mandelbrot(Mandelbrot { max_iter })),
    ]
}

/// Any operation except a fused one; operations that have a value are more frequent.
fn single_op() -> BoxedStrategy<Op> {
    prop_oneof![
        1 => Just(Op::NoOp),
        1 => (0..100u64, 0..3u8).prop_map(|(steps, failures)| Op::Busy(Busy { steps, failures })),
        1 => ".{0,5}".prop_map(|message| Op::Panic(message.into())),
        2 => call(),
        16 => creation(),
        8 => ufunc().prop_map(|ufunc| Op::elementwise(ufunc, Operands::Inputs)),
        8 => mixed(),
        8 => selection(),
        8 => computation(),
        8 => reduce().prop_map(|reduce| Op::Reduce(reduce.into())),
    ]
    // On the stack, it would be too large for a test's thread.
    .boxed()
}

/// A few operations; each part takes inputs and earlier parts.
fn fused() -> impl Strategy<Value = Op> {
    let part = (single_op(), key(), prop::collection::vec((any::<bool>(), any::<Index>()), 4));
    prop::collection::vec(part, 1..4).prop_map(|parts| {
        let parts = parts.into_iter().enumerate().map(|(i, (op, key, sources))| {
            let wanted = (*op.arity().start()).max(sources.len().min(*op.arity().end()));
            let args = sources.iter().take(wanted).map(|(input, at)| match input {
                false if i > 0 => Source::Part(at.index(i) as u32),
                _ => Source::Input(at.index(4) as u32),
            });
            Part { key, args: args.collect(), op }
        });
        Op::Fused(operations::Fused { parts: parts.collect() }.into())
    })
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => "[a-z_]{1,5}-[0-9a-f]{1,4}".prop_map(Key::new),
        4 => ("[a-z]{1,5}", prop::collection::vec(any::<u32>(), 0..4))
            .prop_map(|(name, index)| Key::block(name, &index)),
        1 => ".{0,6}".prop_map(Key::new),
        1 => "[(]?[']?[a-z'), 0]{0,6}[)]?".prop_map(Key::new),
    ]
}

/// Graphs of any operations with the right number of arguments. Few of them run without an error.
pub fn graph() -> impl Strategy<Value = TaskGraph> {
    let op = prop_oneof![8 => single_op(), 1 => fused()];
    let annotations = (0..4u8, -1..2i32).prop_map(|(retries, priority)| Annotations { retries, priority });
    let annotations = prop_oneof![3 => Just(Annotations::default()), 1 => annotations];
    let task = (key(), op, prop::collection::vec(any::<Index>(), 4), annotations);
    let targets = prop::collection::vec(any::<Index>(), 1..4);
    (prop::collection::vec(task, 1..12), targets).prop_map(|(tasks, targets)| {
        let mut graph = GraphBuilder::new();
        let mut keys: Vec<Key> = Vec::new();
        for (key, op, args, annotations) in tasks {
            let arity = op.arity();
            let wanted = (*arity.start()).max((*arity.end()).min(args.len() - 1));
            if keys.contains(&key) || wanted > args.len() || (wanted > 0 && keys.is_empty()) {
                continue;
            }
            let args = args[..wanted].iter().map(|at| at.get(&keys).clone()).collect::<Vec<_>>();
            graph.task(key.clone(), op, args);
            graph.annotate(key.clone(), annotations);
            keys.push(key);
        }
        if keys.is_empty() {
            graph.task("no-op-0".into(), Op::NoOp, []);
            keys.push("no-op-0".into());
        }
        targets.iter().for_each(|at| graph.target(at.get(&keys).clone()));
        graph.build().unwrap()
    })
}
