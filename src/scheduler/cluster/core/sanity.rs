//! Whether everything that is known fits together: for tests, after every event.

use super::{super::state::State, Core, MOST_DEATHS, task::NOBODY};

impl Core {
    /// Checks every table against every other. O(tasks + edges + nodes).
    ///
    /// # Panics
    /// If something does not fit.
    pub fn sanity_check(&self) {
        let outline = &self.outline;
        let mut open = 0;
        let mut processing = vec![0; self.nodes.len()];
        let mut ahead = vec![0; self.nodes.len()];
        let mut queued = vec![0; self.nodes.len()];
        let mut held = vec![0; self.nodes.len()];
        let mut incoming = vec![0; self.nodes.len()];
        let mut queued_for_any = 0;
        let state = |task: u32| self.tasks[task as usize].state;
        for id in outline.tasks() {
            let task = &self.tasks[id as usize];
            let about = format!("task {id}: {task:?}");
            open += usize::from(task.is_wanted);
            if !self.is_cancelled {
                let active = outline.readers(id).iter().filter(|&&reader| state(reader).is_active()).count();
                let kept = task.is_kept && task.state != State::Erred;
                let wanted = usize::from(task.is_wanted || kept);
                assert_eq!(task.needed as usize, active + wanted, "needed of {about}");
                let gone = |&&reader: &&u32| matches!(state(reader), State::Erred | State::Forgotten);
                let left = outline.readers(id).len() - outline.readers(id).iter().filter(gone).count();
                assert_eq!(task.readers_left as usize, left, "readers left of {about}");
            }
            assert_eq!(task.state == State::Memory, !task.who_has.is_empty(), "holders of {about}");
            for (place, &node) in task.who_has.iter().enumerate() {
                assert!(self.is_alive(node), "a dead holder of {about}");
                assert!(!task.who_has[..place].contains(&node), "a holder twice of {about}");
                assert!(self.nodes[node as usize].holds.contains(&id), "node {node} does not know {about}");
                held[node as usize] += 1;
            }
            let missing = outline.inputs(id).iter().filter(|&&input| state(input) != State::Memory).count();
            match task.state {
                State::Waiting => {
                    assert_eq!(task.waiting_on as usize, missing, "waits: {about}");
                    assert!(missing > 0, "waits for nothing: {about}");
                }
                State::NoWorker => assert!(self.alive == 0 && missing == 0, "{about}"),
                State::Queued => {
                    assert!(missing == 0, "queued: {about}");
                    if task.node != NOBODY {
                        assert!(self.is_alive(task.node), "queued at a dead node: {about}");
                        queued[task.node as usize] += 1;
                        assert!(self.nodes[task.node as usize].queue.iter().any(|entry| entry.0.1 == id));
                    } else if task.deaths >= MOST_DEATHS - 1 {
                        assert!(self.suspects.contains(&id), "{about}");
                    } else {
                        queued_for_any += 1;
                        assert!(self.queue.iter().any(|entry| entry.0.1 == id), "{about}");
                    }
                }
                State::Processing => {
                    let node = &self.nodes[task.node as usize];
                    assert!(node.is_alive, "processing at a dead node: {about}");
                    assert_eq!(node.processing[task.place as usize], id, "{about}");
                    if task.is_ahead() {
                        ahead[task.node as usize] += 1;
                        assert_eq!(task.waiting_on as usize, missing, "sent ahead: {about}");
                        let is_made_there = |&input: &u32| {
                            let input = &self.tasks[input as usize];
                            input.state == State::Memory
                                || (input.state == State::Processing && input.node == task.node)
                        };
                        assert!(
                            outline.inputs(id).iter().all(is_made_there),
                            "sent ahead for nothing: {about}"
                        );
                        assert_eq!(task.thief, NOBODY, "sent ahead, and to be taken: {about}");
                    }
                    processing[task.node as usize] += 1;
                    if task.thief != NOBODY {
                        incoming[task.thief as usize] += 1;
                    }
                }
                State::Released | State::Memory | State::Erred | State::Forgotten => {}
            }
            assert!(!task.is_wanted || task.state != State::Erred, "the client waits for {about}");
            if task.state.is_active() {
                assert!(task.needed > 0, "nobody needs {about}");
                let has_erred = |&input: &u32| state(input) == State::Erred;
                assert!(!outline.inputs(id).iter().any(has_erred), "an input of {about} erred");
            }
            if !self.is_cancelled && task.state == State::Released {
                assert!(task.needed == 0, "needed, and released: {about}");
            }
        }
        assert_eq!(open, self.open, "open targets");
        assert_eq!(queued_for_any, self.queued, "queued for any node");
        for (id, node) in self.nodes.iter().enumerate() {
            let about = format!("node {id}: {node:?}");
            assert_eq!(node.processing.len(), processing[id], "processing of {about}");
            assert_eq!(node.ahead, ahead[id], "sent ahead to {about}");
            assert!(node.ahead == 0 || node.ahead < node.processing.len(), "ahead of nothing: {about}");
            assert_eq!(node.queued, queued[id], "queued for {about}");
            assert_eq!(node.held, held[id], "held by {about}");
            assert_eq!(node.incoming, incoming[id], "incoming of {about}");
            assert_eq!(self.crowded.contains(id as u32), node.is_crowded(), "crowded: {about}");
            assert_eq!(self.loads.contains(id as u32), node.takes_tasks(), "loads: {about}");
            if node.is_idle() {
                assert_eq!((node.queued, self.queued), (0, 0), "work waits, and a slot is free at {about}");
            }
            assert!(!node.is_alone || self.alone == Some(id as u32), "{about}");
        }
        assert_eq!(self.alive, self.nodes.iter().filter(|node| node.is_alive).count());
        assert!(
            self.fresh.is_empty()
                && self.hungry.is_empty()
                && self.leading.is_empty()
                && self.stack.is_empty()
        );
        assert!(self.has.iter().all(|&has| has == (0, 0)));
        let takes_none = self.nodes.iter().all(|node| !node.is_alive || node.is_paused);
        if takes_none && self.alive > 0 && !self.is_cancelled {
            let is_under_way = self.nodes.iter().any(|node| !node.processing.is_empty() || node.incoming > 0);
            assert!(is_under_way || self.queued == 0, "all nodes are paused, and none gets a task");
        }
        if self.alive > 0 && self.alone.is_none() && !takes_none {
            let waits = |&task: &u32| {
                let task = &self.tasks[task as usize];
                task.state == State::Queued && task.node == NOBODY && task.deaths >= MOST_DEATHS - 1
            };
            assert!(!self.suspects.iter().any(waits), "a suspect waits, and no node is set aside");
        }
    }
}
