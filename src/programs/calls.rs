//! Graphs of calls whose result is a number: what programs for a cluster are made of.

use super::{Job, Parameters};
use crate::{
    error::Result,
    graph::{Annotations, GraphBuilder},
    kernels::random,
    key::Key,
    operations::{Call, Function, Op},
    scalar::Scalar,
    scheduler::Outcome,
};

/// A graph of calls that is being built.
pub(super) struct Calls {
    graph: GraphBuilder,
    seed: u64,
    /// How long each input takes to load, in seconds.
    loads: Vec<f64>,
}

/// An argument of a call.
pub(super) enum Arg {
    /// A number.
    Number(Scalar),
    /// The value of another call.
    Value(Key),
}

impl Calls {
    /// A graph of the parameters `inputs`, the number of inputs, and `sleep`, the average time of a load in milliseconds.
    pub(super) fn new(parameters: &Parameters) -> Calls {
        let mean_s = parameters.integer("sleep") as f64 / 1e3;
        let mut loads = vec![0.0; parameters.integer("inputs")];
        random::chunk_generator(parameters.seed.into(), 0).random(&mut loads);
        loads.iter_mut().for_each(|draw| *draw *= 2.0 * mean_s);
        Calls { graph: GraphBuilder::new(), seed: parameters.seed, loads }
    }

    /// The numbers of the inputs.
    pub(super) fn inputs(&self) -> std::ops::Range<u32> {
        0..self.loads.len() as u32
    }

    /// Adds a call.
    pub(super) fn add(&mut self, key: Key, function: Function, args: Vec<Arg>) -> Key {
        let (mut numbers, mut needed) = (Vec::with_capacity(args.len()), Vec::new());
        for arg in args {
            numbers.push(match arg {
                Arg::Number(number) => Some(number),
                Arg::Value(key) => {
                    needed.push(key);
                    None
                }
            });
        }
        self.graph.task(key.clone(), Op::Call(Call { function, args: numbers.into() }.into()), needed);
        key
    }

    /// Adds the load of input `i`, which is `i`. An attempt fails with the probability `failing`.
    pub(super) fn load(&mut self, i: u32, failing: f64, retries: u8) -> Key {
        let key = |name: &str| Key::block(name, &[i]);
        let seconds = Arg::Number(Scalar::Float(self.loads[i as usize]));
        let sleep = vec![seconds, Arg::Number(Scalar::Int(i.into()))];
        if failing == 0.0 {
            return self.add(key("load"), Function::Sleep, sleep);
        }
        let seed = self.seed.wrapping_mul(4096).wrapping_add(u64::from(i)) as i64 & i64::MAX;
        let slept = self.add(key("sleep"), Function::Sleep, sleep);
        let flaky =
            vec![Arg::Value(slept), Arg::Number(Scalar::Float(failing)), Arg::Number(Scalar::Int(seed))];
        let load = self.add(key("load"), Function::Flaky, flaky);
        self.graph.annotate(load.clone(), Annotations { retries, ..Annotations::default() });
        load
    }

    /// Adds the sum of some calls, and wants it.
    pub(super) fn sum(mut self, calls: Vec<Key>) -> Result<Job> {
        let total = self.add("sum".into(), Function::Sum, calls.into_iter().map(Arg::Value).collect());
        self.wants(total)
    }

    /// Wants the value of one call, and of no other.
    pub(super) fn wants(mut self, call: Key) -> Result<Job> {
        self.graph.target(call);
        Ok(Job::figure(self.graph.build()?, number))
    }
}

fn number(outcome: &Outcome) -> f64 {
    let value = outcome.values.first().and_then(|value| value.as_ref().ok()?.as_array()?.item());
    value.map_or(f64::NAN, |number| match number {
        Scalar::Int(number) => number as f64,
        Scalar::Float(number) => number,
        Scalar::Bool(number) => f64::from(u8::from(number)),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::{
        Options, Plan, Scheduler,
        programs::{Answer, Given, GivenValue, program},
        scheduler::{self, Changes},
    };

    #[test]
    fn numbers_are_the_same_on_a_cluster() {
        let triangle = 63.0 * 64.0 / 2.0;
        for (name, given, expected) in [
            ("cluster-inc-add", vec![("failing", 0.0)], 2.0 * triangle),
            ("cluster-inc-add", vec![("failing", 20.0)], 2.0 * triangle),
            ("cluster-tree", vec![("split_every", 2.0)], triangle),
            ("cluster-tree", vec![("split_every", 5.0)], triangle),
            ("cluster-tree", vec![("inputs", 1.0)], 0.0),
            ("cluster-flaky", vec![("failing", 30.0), ("retries", 20.0)], triangle),
            ("cluster-kill", vec![("steps", 4.0), ("deaths", 2.0)], triangle + 4.0 * 64.0),
        ] {
            let given: Given = [("inputs", 64.0), ("sleep", 0.0)]
                .into_iter()
                .chain(given)
                .map(|(name, value)| (name.to_owned(), GivenValue::Number(value)))
                .collect();
            let job = program(name).unwrap().job(&given, 3).unwrap();
            assert_eq!(job.deaths.count > 0, name == "cluster-kill");
            for scheduler in [Scheduler::Sync, Scheduler::Cluster] {
                let changes = Changes { deaths: job.deaths, ..Changes::NONE };
                let options = Options { scheduler, workers: 3, changes, ..Options::default() };
                let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), options).unwrap();
                let answer = job.wanted.answer(&run.wait().unwrap()).unwrap();
                assert_eq!(answer, Answer::Number(expected), "{name} {given:?}");
            }
        }
    }

    #[test]
    fn a_load_that_always_fails_ends_the_run_with_its_error() {
        let given: Given = [("inputs", 2.0), ("sleep", 0.0), ("failing", 100.0), ("retries", 1.0)]
            .map(|(name, value)| (name.to_owned(), GivenValue::Number(value)))
            .into();
        let job = program("cluster-flaky").unwrap().job(&given, 0).unwrap();
        let options = Options { scheduler: Scheduler::Cluster, workers: 2, ..Options::default() };
        let mut run = scheduler::start(Arc::new(Plan::new(&job.graph)), options).unwrap();
        let error = run.wait().and_then(|outcome| outcome.values().map(drop)).unwrap_err().to_string();
        assert!(error.contains("load") && error.contains("failed"), "{error}");
    }
}
