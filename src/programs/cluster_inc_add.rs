//! `inc`, `dec` and `add` of many numbers that take a while to load: work for a cluster whose nodes come and go.

use super::{Build, Job, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Wanted};
use crate::{
    error::Result,
    graph::{Annotations, GraphBuilder},
    kernels::random,
    key::Key,
    operations::{Call, Function, Op},
    scalar::Scalar,
    scheduler::Outcome,
};

pub(super) const PROGRAM: Program = Program {
    name: "cluster-inc-add",
    title: "Work for a cluster",
    summary: "Each input takes a while to load. Then come inc, dec and add, and the sum of all. It is always the same.",
    parameters: &[
        Parameter {
            name: "inputs",
            label: "inputs",
            help: "The number of inputs. Each leads to four tasks.",
            kind: ParameterKind::Integer { min: 1, max: 4096, default: 256, scale: Scale::Log2 },
        },
        Parameter {
            name: "sleep",
            label: "sleep, ms",
            help: "How long it takes to load an input, on average. It may take up to twice as long.",
            kind: ParameterKind::Integer { min: 0, max: 1000, default: 80, scale: Scale::Linear },
        },
        Parameter {
            name: "failing",
            label: "failing, %",
            help: "The percentage of attempts to load an input that fail. Each input is tried up to six times.",
            kind: ParameterKind::Integer { min: 0, max: 90, default: 0, scale: Scale::Linear },
        },
    ],
    result: ResultSchema::measured("sum", ""),
    build: Build::Graph(build),
};

const RETRIES: u8 = 5;

fn build(parameters: &Parameters) -> Result<Job> {
    let inputs = parameters.integer("inputs") as u32;
    let (mean_s, failing) =
        (parameters.integer("sleep") as f64 / 1e3, parameters.integer("failing") as f64 / 100.0);
    let mut draws = vec![0.0; inputs as usize];
    random::chunk_generator(parameters.seed.into(), 0).random(&mut draws);
    let mut graph = GraphBuilder::new();
    let call = |function, args: &[Option<Scalar>]| Op::Call(Call { function, args: args.into() }.into());
    let mut sums = Vec::new();
    for (i, draw) in (0..inputs).zip(draws) {
        let key = |name: &str| Key::block(name, &[i]);
        let number = Scalar::Int(i.into());
        let seconds = Scalar::Float(2.0 * draw * mean_s);
        if failing > 0.0 {
            let seed =
                Scalar::Int(parameters.seed.wrapping_mul(4096).wrapping_add(u64::from(i)) as i64 & i64::MAX);
            graph.task(key("sleep"), call(Function::Sleep, &[Some(seconds), Some(number)]), []);
            let flaky = call(Function::Flaky, &[None, Some(Scalar::Float(failing)), Some(seed)]);
            graph.task(key("load"), flaky, [key("sleep")]);
            graph.annotate(key("load"), Annotations { retries: RETRIES, ..Annotations::default() });
        } else {
            graph.task(key("load"), call(Function::Sleep, &[Some(seconds), Some(number)]), []);
        }
        graph.task(key("inc"), call(Function::Inc, &[None]), [key("load")]);
        graph.task(key("dec"), call(Function::Dec, &[None]), [key("load")]);
        graph.task(key("add"), call(Function::Add, &[None, None]), [key("inc"), key("dec")]);
        sums.push(key("add"));
    }
    let args = vec![None; sums.len()];
    graph.task("sum".into(), call(Function::Sum, &args), sums);
    graph.target("sum".into());
    Ok(Job { graph: graph.build()?, wanted: Wanted::Figure(sum) })
}

fn sum(outcome: &Outcome) -> f64 {
    let value = outcome.values.first().and_then(|value| value.as_ref().ok()?.as_array()?.item());
    value.map_or(f64::NAN, |sum| match sum {
        Scalar::Int(sum) => sum as f64,
        Scalar::Float(sum) => sum,
        Scalar::Bool(sum) => f64::from(u8::from(sum)),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        Options, Plan, Scheduler,
        programs::{Answer, Given, GivenValue},
        scheduler,
    };

    #[test]
    fn the_sum_is_the_same_on_a_cluster() {
        for failing in [0.0, 20.0] {
            let given: Given = [("inputs", 64.0), ("sleep", 0.0), ("failing", failing)]
                .map(|(name, value)| (name.to_owned(), GivenValue::Number(value)))
                .into_iter()
                .collect();
            let job = PROGRAM.job(&given, 3).unwrap();
            for scheduler in [Scheduler::Sync, Scheduler::Cluster] {
                let options = Options { scheduler, workers: 3, ..Options::default() };
                let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), options).unwrap();
                let answer = job.wanted.answer(&run.wait().unwrap()).unwrap();
                assert_eq!(answer, Answer::Number(2.0 * (63.0 * 64.0 / 2.0)));
            }
        }
    }
}
