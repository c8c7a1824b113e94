//! The scheduler, event by event.

use std::sync::Arc;

use dagdeck::{
    GraphBuilder, Op, Plan, TaskId,
    scheduler::cluster::{
        Command, Core, Event, Input, Inputs, NodeId, Outline, Placement, RunId, Settings, State,
    },
};

/// A core that is checked after every event, and the commands that followed from the last one.
struct Checked {
    core: Core,
    commands: Vec<Command>,
}

impl Checked {
    /// `edges`: for each task, what it depends on. The last task is the target.
    fn new(edges: &[&[u32]], gather: bool) -> Checked {
        let mut graph = GraphBuilder::new();
        let key = |task: u32| dagdeck::Key::block("t", &[task]);
        for (task, inputs) in edges.iter().enumerate() {
            graph.task(key(task as u32), Op::NoOp, inputs.iter().map(|&input| key(input)));
        }
        graph.target(key(edges.len() as u32 - 1));
        let plan = Plan::new(&graph.build().unwrap());
        let settings = Settings { placement: Placement::Earliest, gather };
        Checked { core: Core::new(Arc::new(Outline::new(&plan)), settings), commands: Vec::new() }
    }

    fn tell(&mut self, event: Event) -> &[Command] {
        self.core.on_event(event, 0.0);
        self.core.sanity_check();
        self.commands = self.core.commands().collect();
        &self.commands
    }

    fn join(&mut self, node: NodeId) -> &[Command] {
        self.tell(Event::Joined { node, slots: 1 })
    }

    fn finish(&mut self, node: NodeId, task: TaskId, run: RunId) -> &[Command] {
        self.tell(Event::Finished { node, task, run, ms: 10.0, bytes: 100 })
    }

    fn states(&self, tasks: u32) -> Vec<&'static str> {
        (0..tasks).map(|task| self.core.state(task).name()).collect()
    }
}

fn compute(node: NodeId, task: TaskId, run: RunId, inputs: &[(TaskId, RunId, NodeId)]) -> Command {
    let inputs = inputs.iter().map(|&(task, version, from)| Input { task, version, from }).collect();
    Command::Compute { node, task, run, inputs, stolen_from: None }
}

/// ```text
/// 0    1
///  \  /
///   2
/// ```
const JOIN: [&[u32]; 3] = [&[], &[], &[0, 1]];

#[test]
fn a_value_is_made_sent_to_the_client_and_forgotten() {
    let mut run = Checked::new(&JOIN, true);
    assert_eq!(run.states(3), ["no-worker", "no-worker", "waiting"]);
    assert_eq!(run.join(0), [compute(0, 0, 1, &[]), compute(0, 1, 2, &[])]);
    assert_eq!(run.states(3), ["processing", "processing", "waiting"]);
    assert_eq!(run.finish(0, 0, 1), []);
    assert_eq!(run.finish(0, 1, 2), [compute(0, 2, 3, &[(0, 1, 0), (1, 2, 0)])]);
    assert_eq!(run.states(3), ["memory", "memory", "processing"]);
    let free = |task, version| Command::Free { node: 0, task, version };
    let send = Command::Send { node: 0, task: 2, version: 3 };
    assert_eq!(run.finish(0, 2, 3), [send, free(0, 1), free(1, 2)]);
    assert_eq!(run.states(3), ["released", "released", "memory"]);
    assert_eq!(run.tell(Event::Received { task: 2 }), [free(2, 3), Command::Finished]);
    assert_eq!(run.states(3), ["forgotten"; 3]);
}

#[test]
fn a_target_may_stay_on_its_node() {
    let mut run = Checked::new(&[&[]], false);
    run.join(0);
    assert_eq!(run.finish(0, 0, 1), [Command::Finished]);
    assert_eq!((run.core.state(0), run.core.who_has(0)), (State::Memory, &[0][..]));
}

#[test]
fn what_a_lost_node_had_is_computed_again_from_what_it_depends_on() {
    let mut run = Checked::new(&[&[], &[0], &[1]], true);
    run.join(0);
    run.finish(0, 0, 1);
    run.finish(0, 1, 2);
    assert_eq!(run.states(3), ["released", "memory", "processing"]);
    assert_eq!(run.tell(Event::Lost { node: 0, died: Some("a fault".into()) }), []);
    assert_eq!(run.states(3), ["no-worker", "waiting", "waiting"]);
    assert_eq!(run.join(1), [compute(1, 0, 4, &[])]);
    assert_eq!(run.finish(0, 2, 3), [], "a late message of the lost node");
    assert_eq!(run.states(3), ["processing", "waiting", "waiting"]);
}

#[test]
fn a_repeated_message_changes_nothing() {
    let mut run = Checked::new(&JOIN, true);
    run.join(0);
    run.finish(0, 0, 1);
    assert_eq!(run.finish(0, 0, 1), []);
    assert_eq!(run.join(0), []);
    assert_eq!(run.states(3), ["memory", "processing", "waiting"]);
    let late = Event::Arrived { node: 0, task: 1, version: 7, bytes: 1, ms: 1.0 };
    assert_eq!(run.tell(late), [Command::Free { node: 0, task: 1, version: 7 }], "a copy of no known value");
}

#[test]
fn a_task_goes_where_its_larger_input_is() {
    let mut run = Checked::new(&JOIN, true);
    run.core.on_events([Event::Joined { node: 0, slots: 1 }, Event::Joined { node: 1, slots: 1 }], 0.0);
    let started: Vec<Command> = run.core.commands().collect();
    assert_eq!(started, [compute(0, 0, 1, &[]), compute(1, 1, 2, &[])]);
    run.tell(Event::Finished { node: 0, task: 0, run: 1, ms: 1.0, bytes: 10 });
    let finished = Event::Finished { node: 1, task: 1, run: 2, ms: 1.0, bytes: 10_000_000 };
    assert_eq!(run.tell(finished), [compute(1, 2, 3, &[(0, 1, 0), (1, 2, 1)])]);
}

#[test]
fn a_task_without_its_input_is_given_back_and_the_input_made_again() {
    let mut run = Checked::new(&[&[], &[0]], true);
    run.join(0);
    run.finish(0, 0, 1);
    let input = Input { task: 0, version: 1, from: 0 };
    let missing = Event::Missing { node: 0, task: 1, run: 2, input };
    let freed = Command::Free { node: 0, task: 0, version: 1 };
    assert_eq!(run.tell(missing), [freed, compute(0, 0, 3, &[])]);
    assert_eq!(run.states(2), ["processing", "waiting"]);
}

#[test]
fn an_idle_node_asks_for_a_task_that_has_not_started() {
    let mut run = Checked::new(&[&[], &[], &[], &[0, 1, 2]], true);
    assert_eq!(run.join(0).len(), 2, "one runs, one waits for it");
    // The third task waits in the scheduler, and goes to the new node. Then that node has nothing more to do.
    assert_eq!(run.join(1), [compute(1, 2, 3, &[])]);
    let asks = run.finish(1, 2, 3).to_vec();
    assert_eq!(asks, [Command::Withdraw { node: 0, task: 1, run: 2 }]);
    let refused = Event::Withdrawn { node: 0, task: 1, run: 2, granted: false };
    assert_eq!(run.tell(refused), [Command::Withdraw { node: 0, task: 0, run: 1 }]);
    let granted = Event::Withdrawn { node: 0, task: 0, run: 1, granted: true };
    let stolen = Command::Compute { node: 1, task: 0, run: 4, inputs: Inputs::new(), stolen_from: Some(0) };
    assert_eq!(run.tell(granted), [stolen]);
    assert_eq!(run.core.counts().steals, 1);
}

#[test]
fn the_next_idle_node_takes_what_the_first_would_have_to_fetch() {
    let mut run = Checked::new(&[&[], &[0], &[0], &[0], &[0], &[1, 2, 3, 4]], true);
    run.join(0);
    // Moving it would take ten seconds.
    run.tell(Event::Finished { node: 0, task: 0, run: 1, ms: 10.0, bytes: 1_000_000_000 });
    assert_eq!((run.join(1).len(), run.join(2).len()), (0, 0));
    let inputs = Inputs::from_iter([Input { task: 0, version: 1, from: 2 }]);
    let has_it = Event::Arrived { node: 2, task: 0, version: 1, bytes: 1_000_000_000, ms: 10_000.0 };
    let stolen = Command::Compute { node: 2, task: 3, run: 4, inputs, stolen_from: Some(0) };
    assert_eq!(run.tell(has_it)[0], stolen);
}

#[test]
fn an_error_goes_to_all_that_need_the_task_and_stops_the_rest() {
    let mut run = Checked::new(&JOIN, true);
    run.join(0);
    let erred = Event::Erred { node: 0, task: 0, run: 1, message: "no".into() };
    let withdraw = Command::Withdraw { node: 0, task: 1, run: 2 };
    assert_eq!(run.tell(erred), [withdraw, Command::Finished]);
    assert_eq!(run.states(3), ["erred", "forgotten", "erred"]);
    assert_eq!(run.core.error(2), Some((0, "no".into())));
}

#[test]
fn after_a_cancel_all_values_are_dropped() {
    let mut run = Checked::new(&JOIN, true);
    run.join(0);
    run.finish(0, 0, 1);
    let withdraw = Command::Withdraw { node: 0, task: 1, run: 2 };
    let free = |task, version| Command::Free { node: 0, task, version };
    assert_eq!(run.tell(Event::Cancel), [free(0, 1), withdraw, Command::Finished]);
    assert_eq!(run.finish(0, 1, 2), [free(1, 2)]);
    assert_eq!(run.states(3), ["forgotten"; 3]);
}

#[test]
fn a_paused_node_gets_no_tasks_unless_nothing_else_would_happen() {
    let mut run = Checked::new(&[&[], &[], &[], &[0, 1, 2]], true);
    run.join(0);
    run.join(1);
    assert_eq!(run.states(4), ["processing", "processing", "processing", "waiting"]);
    assert!(run.tell(Event::Paused { node: 0 }).is_empty(), "what it was sent goes on");
    run.finish(0, 0, 1);
    run.finish(0, 1, 2);
    run.tell(Event::Paused { node: 1 });
    // All are paused, and nothing is under way.
    let last = compute(0, 3, 4, &[(0, 1, 0), (1, 2, 0), (2, 3, 1)]);
    assert_eq!(run.finish(1, 2, 3), [last]);
    assert!(run.tell(Event::Resumed { node: 1 }).is_empty());
}

#[test]
fn tasks_that_a_paused_node_gives_back_go_to_others() {
    let mut run = Checked::new(&[&[], &[0]], true);
    run.join(0);
    let given_back = Event::Withdrawn { node: 0, task: 0, run: 1, granted: true };
    run.tell(Event::Paused { node: 0 });
    assert_eq!(run.tell(given_back), [compute(0, 0, 2, &[])], "there is no other");
    run.join(1);
    let given_back = Event::Withdrawn { node: 0, task: 0, run: 2, granted: true };
    assert_eq!(run.tell(given_back), [compute(1, 0, 3, &[])]);
}

/// ```text
/// 0 - 1 - 2 - 3 - 4
/// ```
const CHAIN: [&[u32]; 5] = [&[], &[0], &[1], &[2], &[3]];

/// A chain on two nodes, of which one has finished the first task, which took 1 ms, and has been sent the rest.
fn sent_ahead() -> Checked {
    let mut chain = Checked::new(&CHAIN, true);
    chain.join(0);
    chain.join(1);
    let first = Event::Finished { node: 0, task: 0, run: 1, ms: 1.0, bytes: 100 };
    const HERE: NodeId = Input::MADE_HERE;
    let rest = [
        compute(0, 1, 2, &[(0, 1, 0)]),
        compute(0, 2, 3, &[(1, 2, HERE)]),
        compute(0, 3, 4, &[(2, 3, HERE)]),
        compute(0, 4, 5, &[(3, 4, HERE)]),
    ];
    assert_eq!(chain.tell(first), rest, "the node gets the whole chain");
    assert_eq!(chain.core.counts().ahead, 3);
    assert_eq!(chain.states(5), ["memory", "processing", "processing", "processing", "processing"]);
    chain
}

#[test]
fn short_tasks_are_sent_ahead_to_the_node_that_makes_their_inputs() {
    let mut chain = sent_ahead();
    let free = |task, version| Command::Free { node: 0, task, version };
    for task in 1..4 {
        assert_eq!(chain.finish(0, task, task + 1), [free(task - 1, task)]);
    }
    let send = Command::Send { node: 0, task: 4, version: 5 };
    assert_eq!(chain.finish(0, 4, 5), [send, free(3, 4)]);
    // The node's message that the input is there may come later than that of the task.
    let mut chain = sent_ahead();
    let withdraw = Command::Withdraw { node: 0, task: 1, run: 2 };
    assert_eq!(chain.finish(0, 2, 3), [withdraw, free(0, 1)], "nobody needs 1 any more");
    assert_eq!(chain.finish(0, 1, 2), [free(1, 2)]);
    // Long ones gain nothing.
    let mut chain = Checked::new(&CHAIN, true);
    chain.join(0);
    assert_eq!(chain.finish(0, 0, 1), [compute(0, 1, 2, &[(0, 1, 0)])]);
    assert_eq!(chain.states(3), ["memory", "processing", "waiting"]);
}

#[test]
fn tasks_that_were_sent_ahead_wait_again_if_their_input_is_not_made() {
    // The node dies: the first task runs again elsewhere.
    let mut chain = sent_ahead();
    let again = [compute(1, 0, 6, &[]), compute(1, 1, 7, &[(0, 6, Input::MADE_HERE)])];
    let commands = chain.tell(Event::Lost { node: 0, died: None });
    assert_eq!(commands[..2], again, "with those that follow it");
    assert_eq!(chain.core.counts().ahead, 3 + 4);

    // It gives a task back: those that follow it, too.
    let mut chain = sent_ahead();
    chain.tell(Event::Paused { node: 0 });
    let commands = chain.tell(Event::Withdrawn { node: 0, task: 2, run: 3, granted: true });
    assert_eq!(commands, []);
    assert_eq!(chain.states(5), ["memory", "processing", "waiting", "waiting", "waiting"]);

    // An input is not where it should be.
    let mut chain = sent_ahead();
    let input = Input { task: 0, version: 1, from: 0 };
    chain.tell(Event::Missing { node: 0, task: 1, run: 2, input });
    assert_eq!(chain.core.counts().recomputed, 1);

    // It errs, and so do all that need it.
    let mut chain = sent_ahead();
    let commands = chain.tell(Event::Erred { node: 0, task: 1, run: 2, message: "no".into() });
    let withdrawn = commands.iter().filter(|command| matches!(command, Command::Withdraw { .. })).count();
    assert_eq!(withdrawn, 3);
    assert_eq!(chain.states(5), ["forgotten", "erred", "erred", "erred", "erred"]);
}

#[test]
fn a_task_of_which_another_node_has_an_input_is_not_sent_ahead() {
    /* 0 - 2
     *    /
     * 1 - 3 */
    let mut core = Checked::new(&[&[], &[], &[0, 1], &[1], &[2, 3]], true);
    core.join(0);
    core.join(1);
    let short = |node, task, run| Event::Finished { node, task, run, ms: 1.0, bytes: 100 };
    assert_eq!(core.states(2), ["processing", "processing"]);
    // Task 1 runs on the other node.
    assert_eq!(core.tell(short(0, 0, 1)), []);
    assert_eq!(core.states(3), ["memory", "processing", "waiting"]);
}
