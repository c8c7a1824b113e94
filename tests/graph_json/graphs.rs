//! Graphs of any operations. Most of them fail when run.

use dagdeck::{
    GraphBuilder, Key, Op, TaskGraph,
    graph::Annotations,
    operations::{self, Part, Source},
};
use proptest::{prelude::*, sample::Index};

use crate::operations::op;

/// A few operations; each part takes inputs and earlier parts.
fn fused() -> impl Strategy<Value = Op> {
    let fits = |op: &Op| *op.arity().start() <= 4 && !matches!(op, Op::Fused(_));
    let single = op().prop_filter("a part takes few inputs and is not fused itself", fits);
    let part = (single, key(), prop::collection::vec((any::<bool>(), any::<Index>()), 4));
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
    let op = prop_oneof![8 => op(), 1 => fused()];
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
