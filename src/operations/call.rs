//! Named functions of numbers: what a delayed call runs, where Python takes any function.

use std::{
    borrow::Cow,
    ops::RangeInclusive,
    sync::atomic::{AtomicI64, Ordering::SeqCst},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    meta::Meta,
    operation::{Operation, form},
};
use crate::{
    block::Block,
    dtype::DType,
    error::Message,
    kernels::{self, Input, create, random::chunk_generator},
    scalar::Scalar,
    value::Value,
};

/// Parameters of [`Op::Call`](super::Op::Call).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The function.
    pub function: Function,
    /// Its arguments: numbers, and `None` for each input.
    pub args: Box<[Option<Scalar>]>,
}

/// A function of numbers, with Python's arithmetic; an `int` must fit `int64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Function {
    /// `x + 1`
    Inc,
    /// `x - 1`
    Dec,
    /// `2 * x`
    Double,
    /// `x + y`
    Add,
    /// The sum of all arguments, from left to right.
    Sum,
    /// `x`, of any kind.
    Identity,
    /// Sleeps for the given number of seconds and returns the second argument, if there is one.
    Sleep,
    /// Returns the first argument, but fails with the probability that is the second. The third is the seed: it
    /// determines which attempts fail.
    Flaky,
    /// The number of primes from `x` to `y` (excluded), by trial division.
    Primes,
    /// Adds an `int` to the counter of the process that runs it, and returns the sum: `counter += n`.
    Count,
}

/// The counter that [`Function::Count`] adds to. It is part of a process's memory: each process has its own.
static COUNTER: AtomicI64 = AtomicI64::new(0);

/// Adds `n` to the counter of this process. Returns the sum; 0 reads it.
pub(crate) fn count(n: i64) -> i64 {
    COUNTER.fetch_add(n, SeqCst).wrapping_add(n)
}

/// The longest sleep. A sleeping task cannot be interrupted: a cancelled run waits for it.
const MOST_SECONDS: f64 = 60.0;

/// The largest number that is looked at for primes: with a larger one, a mistake would compute for hours.
const MOST_PRIMES: u64 = 1 << 24;

impl Function {
    /// All functions.
    pub const ALL: [Function; 10] = [
        Function::Inc,
        Function::Dec,
        Function::Double,
        Function::Add,
        Function::Sum,
        Function::Identity,
        Function::Sleep,
        Function::Flaky,
        Function::Primes,
        Function::Count,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Function::Inc => "inc",
            Function::Dec => "dec",
            Function::Double => "double",
            Function::Add => "add",
            Function::Sum => "sum",
            Function::Identity => "identity",
            Function::Sleep => "sleep",
            Function::Flaky => "flaky",
            Function::Primes => "primes",
            Function::Count => "count",
        }
    }

    fn arity(self) -> RangeInclusive<usize> {
        match self {
            Function::Inc | Function::Dec | Function::Double | Function::Identity | Function::Count => 1..=1,
            Function::Add | Function::Primes => 2..=2,
            Function::Sum => 0..=usize::MAX,
            Function::Sleep => 1..=2,
            Function::Flaky => 3..=3,
        }
    }

    /// Which argument the function returns unchanged. `None` if it computes a number.
    fn returned(self) -> Option<usize> {
        match self {
            Function::Identity | Function::Flaky => Some(0),
            Function::Sleep => Some(1),
            _ => None,
        }
    }
}

impl Operation for Call {
    type Parameters = Call;

    form!(object "call");

    fn arity(call: &Call) -> RangeInclusive<usize> {
        let inputs = call.args.iter().filter(|arg| arg.is_none()).count();
        inputs..=inputs
    }

    fn check(Call { function, args }: &Call) -> Result<(), Message> {
        let (name, arity, given) = (function.name(), function.arity(), args.len());
        if !arity.contains(&given) {
            let (least, most) = (arity.start(), arity.end());
            let takes = if least == most { format!("{least}") } else { format!("{least} to {most}") };
            return Err(format!("{name} takes {takes} arguments, not {given}").into());
        }
        match (function, &**args) {
            (Function::Sleep, &[Some(seconds), ..]) => duration(seconds).map(drop),
            (Function::Flaky, &[_, probability, seed]) => {
                probability.map_or(Ok(0.0), share)?;
                seed.map_or(Ok(0), |seed| whole("seed", seed)).map(drop)
            }
            (Function::Primes, &[start, stop]) => {
                start.map_or(Ok(0), |start| whole("start", start))?;
                stop.map_or(Ok(0), limit).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn infer(Call { function, args }: &Call, inputs: &[&Meta]) -> Option<Meta> {
        let mut inputs = inputs.iter();
        let mut metas = Vec::with_capacity(args.len());
        for arg in args {
            metas.push(match arg {
                Some(number) => Meta::array(number.dtype(), &[]),
                None => (*inputs.next()?).clone(),
            });
        }
        if let Some(returned) = function.returned() {
            return Some(metas.into_iter().nth(returned).unwrap_or(Meta::None));
        }
        let mut dtype = DType::Int64;
        for meta in &metas {
            match meta.as_array()? {
                (own, []) if own.is_float() => dtype = DType::Float64,
                (_, []) => {}
                _ => return None,
            }
        }
        Some(Meta::array(dtype, &[]))
    }

    fn execute(
        Call { function, args }: &Call,
        inputs: &mut [Input<'_>],
        attempt: u8,
    ) -> Result<Value, Message> {
        let mut inputs = inputs.iter_mut();
        let mut values: Vec<Input<'_>> = Vec::with_capacity(args.len());
        for arg in args {
            values.push(match arg {
                Some(number) => Cow::Owned(value(*number)?),
                None => std::mem::take(inputs.next().ok_or("an input is missing")?),
            });
        }
        let number = |i: usize| match values[i].as_array().map(|block| (block.ndim(), block.item())) {
            Some((0, Some(number))) => Ok(number),
            _ => Err(Message::from(format!("argument {i} of {} must be a number", function.name()))),
        };
        match function {
            Function::Inc => value(add(number(0)?, Scalar::Int(1))?),
            Function::Dec => value(add(number(0)?, Scalar::Int(-1))?),
            Function::Double => value(add(number(0)?, number(0)?)?),
            Function::Add => value(add(number(0)?, number(1)?)?),
            Function::Sum => {
                value((0..values.len()).try_fold(Scalar::Int(0), |sum, i| add(sum, number(i)?))?)
            }
            Function::Primes => {
                let (start, stop) = (whole("start", number(0)?)?, limit(number(1)?)?);
                let count = kernels::primes(start, stop, || Ok::<_, Message>(()))?;
                value(Scalar::Int(count))
            }
            Function::Count => match integer(number(0)?) {
                Some(n) => value(Scalar::Int(count(n))),
                None => Err("count takes an integer".into()),
            },
            Function::Identity | Function::Sleep | Function::Flaky => {
                if *function == Function::Sleep {
                    std::thread::sleep(duration(number(0)?)?);
                }
                if *function == Function::Flaky {
                    let (probability, seed) = (share(number(1)?)?, whole("seed", number(2)?)?);
                    let mut draw = [0.0];
                    chunk_generator(seed.into(), attempt.into()).random(&mut draw);
                    if draw[0] < probability {
                        return Err(format!("attempt {} failed on purpose", u32::from(attempt) + 1).into());
                    }
                }
                let returned = function.returned().and_then(|place| values.get_mut(place));
                Ok(returned.map(std::mem::take).unwrap_or_default().into_owned())
            }
        }
    }

    // Without `count`, whose result depends on what ran before.
    fn examples() -> Vec<(Self::Parameters, Vec<Value>)> {
        let (one, none) = (Some(Scalar::Int(1)), Some(Scalar::Float(0.0)));
        let calls: [(Function, &[Option<Scalar>]); 9] = [
            (Function::Add, &[None, one]),
            (Function::Inc, &[None]),
            (Function::Dec, &[None]),
            (Function::Double, &[None]),
            (Function::Sum, &[None, one, one]),
            (Function::Identity, &[None]),
            (Function::Sleep, &[none, None]),
            (Function::Flaky, &[None, none, one]),
            (Function::Primes, &[None, Some(Scalar::Int(10))]),
        ];
        let call = |(function, args): (Function, &[Option<Scalar>])| {
            (Call { function, args: args.into() }, vec![Block::new(&[], vec![2i64]).into()])
        };
        calls.map(call).into()
    }
}

/// A number as the value of a task: an array without axes.
fn value(number: Scalar) -> Result<Value, Message> {
    Ok(create::full(&[], number, number.dtype())?.into())
}

fn duration(seconds: Scalar) -> Result<Duration, Message> {
    let seconds = seconds.as_f64();
    match (0.0..=MOST_SECONDS).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err(format!("seconds = {seconds}: must be between 0 and {MOST_SECONDS}").into()),
    }
}

fn share(probability: Scalar) -> Result<f64, Message> {
    let probability = probability.as_f64();
    match (0.0..=1.0).contains(&probability) {
        true => Ok(probability),
        false => Err(format!("probability = {probability}: must be between 0 and 1").into()),
    }
}

fn whole(name: &str, number: Scalar) -> Result<u64, Message> {
    let whole = integer(number).and_then(|number| u64::try_from(number).ok());
    whole.ok_or_else(|| format!("{name} = {number}: must be an integer of at least 0").into())
}

/// Where [`Function::Primes`] stops.
fn limit(stop: Scalar) -> Result<u64, Message> {
    match whole("stop", stop)? {
        stop if stop <= MOST_PRIMES => Ok(stop),
        stop => Err(format!("stop = {stop}: must be at most {MOST_PRIMES}").into()),
    }
}

/// Booleans are integers, as in Python.
fn integer(number: Scalar) -> Option<i64> {
    match number {
        Scalar::Bool(x) => Some(x.into()),
        Scalar::Int(x) => Some(x),
        Scalar::Float(_) => None,
    }
}

fn add(x: Scalar, y: Scalar) -> Result<Scalar, Message> {
    match (integer(x), integer(y)) {
        (Some(a), Some(b)) => match a.checked_add(b) {
            Some(sum) => Ok(Scalar::Int(sum)),
            None => Err(format!("{x} + {y} does not fit int64").into()),
        },
        _ => Ok(Scalar::Float(x.as_f64() + y.as_f64())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::{Op, execute};

    fn call(function: Function, args: &[Scalar], attempt: u8) -> Result<Value, Message> {
        let op = Op::Call(Call { function, args: args.iter().copied().map(Some).collect() }.into());
        op.check()?;
        let value = execute(&op, &mut [], attempt)?;
        assert_eq!(op.infer(&[]), Some(Meta::of(&value)), "{op:?}");
        Ok(value)
    }

    fn number(function: Function, args: &[Scalar]) -> Scalar {
        call(function, args, 0).unwrap().as_array().unwrap().item().unwrap()
    }

    #[test]
    fn numbers_add_as_in_python() {
        use Scalar::{Bool, Float, Int};
        assert_eq!(number(Function::Inc, &[Bool(true)]), Int(2));
        assert_eq!(number(Function::Dec, &[Float(0.5)]), Float(-0.5));
        assert_eq!(number(Function::Double, &[Int(-3)]), Int(-6));
        assert_eq!(number(Function::Add, &[Int(1), Float(2.0)]), Float(3.0));
        assert_eq!(number(Function::Sum, &[]), Int(0));
        assert_eq!(number(Function::Sum, &[Float(1e100), Int(1), Float(-1e100)]), Float(0.0));
        assert_eq!(number(Function::Identity, &[Bool(false)]), Bool(false));
        let error = call(Function::Inc, &[Int(i64::MAX)], 0).unwrap_err();
        assert_eq!(error, "9223372036854775807 + 1 does not fit int64");
    }

    #[test]
    fn a_flaky_call_fails_with_its_probability() {
        let fails = |seed, attempt| {
            call(Function::Flaky, &[Scalar::Int(7), Scalar::Float(0.3), Scalar::Int(seed)], attempt).is_err()
        };
        let failed = (0..1000).filter(|&seed| fails(seed, 0)).count();
        assert!((250..350).contains(&failed), "{failed}");
        let again = (0..1000).filter(|&seed| fails(seed, 0) && fails(seed, 1)).count();
        assert!((60..120).contains(&again), "attempts are independent: {again}");
        assert_eq!((fails(5, 3), fails(5, 3)), (fails(5, 3), fails(5, 3)));
    }

    #[test]
    fn a_sleep_returns_its_argument() {
        assert_eq!(call(Function::Sleep, &[Scalar::Int(0)], 0), Ok(Value::None));
        assert_eq!(number(Function::Sleep, &[Scalar::Float(0.0), Scalar::Int(4)]), Scalar::Int(4));
    }

    #[test]
    fn primes_are_counted() {
        assert_eq!(number(Function::Primes, &[Scalar::Int(0), Scalar::Int(100)]), Scalar::Int(25));
        let error = call(Function::Primes, &[Scalar::Int(0), Scalar::Float(3.0)], 0).unwrap_err();
        assert_eq!(error, "stop = 3.0: must be an integer of at least 0");
        let error = call(Function::Primes, &[Scalar::Int(0), Scalar::Int(1 << 40)], 0).unwrap_err();
        assert_eq!(error, "stop = 1099511627776: must be at most 16777216");
    }

    #[test]
    fn a_count_goes_on() {
        let before = count(0);
        assert_eq!(number(Function::Count, &[Scalar::Int(3)]), Scalar::Int(before + 3));
        assert_eq!(number(Function::Count, &[Scalar::Bool(true)]), Scalar::Int(before + 4));
        assert_eq!(count(-4), before);
        let error = call(Function::Count, &[Scalar::Float(1.0)], 0).unwrap_err();
        assert_eq!(error, "count takes an integer");
    }

    #[test]
    fn mistakes_are_reported_before_anything_runs() {
        let refused = |function, args: &[Scalar]| call(function, args, 0).unwrap_err().into_owned();
        assert_eq!(refused(Function::Add, &[Scalar::Int(1)]), "add takes 2 arguments, not 1");
        assert_eq!(refused(Function::Sleep, &[]), "sleep takes 1 to 2 arguments, not 0");
        assert_eq!(refused(Function::Sleep, &[Scalar::Int(61)]), "seconds = 61: must be between 0 and 60");
        let flaky = |probability: f64, seed| [Scalar::Int(1), probability.into(), Scalar::Int(seed)];
        assert_eq!(refused(Function::Flaky, &flaky(1.5, 0)), "probability = 1.5: must be between 0 and 1");
        assert_eq!(refused(Function::Flaky, &flaky(0.5, -1)), "seed = -1: must be an integer of at least 0");
    }
}
