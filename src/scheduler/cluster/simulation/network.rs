//! Who can send to whom, and when.

use super::parameters::Parameters;

/// The links of one node, which move values in the order in which they are requested. A link does not wait for the one at
/// the other end: what comes late leaves room for others.
#[derive(Clone, Copy, Debug, Default)]
struct Links {
    sends_until_ms: f64,
    receives_until_ms: f64,
    sent: u64,
    received: u64,
}

/// The links of all nodes. Between them there is no limit.
#[derive(Debug)]
pub(super) struct Network {
    links: Vec<Links>,
    bytes_per_ms: f64,
    /// The number of bytes that were sent.
    pub(super) moved: u64,
}

impl Network {
    pub(super) fn new(parameters: &Parameters) -> Network {
        let links = vec![Links::default(); parameters.nodes as usize];
        Network { links, bytes_per_ms: parameters.bytes_per_ms, moved: 0 }
    }

    /// A value is sent from one place to another. Returns when it is through: not before the link of either has moved
    /// everything that it was given before.
    pub(super) fn send(&mut self, from: usize, to: usize, bytes: u64, now_ms: f64) -> f64 {
        let ms = bytes as f64 / self.bytes_per_ms;
        let sender = &mut self.links[from];
        sender.sends_until_ms = sender.sends_until_ms.max(now_ms) + ms;
        sender.sent += bytes;
        let sent_ms = sender.sends_until_ms;
        let receiver = &mut self.links[to];
        receiver.receives_until_ms = receiver.receives_until_ms.max(now_ms) + ms;
        receiver.received += bytes;
        self.moved += bytes;
        sent_ms.max(receiver.receives_until_ms)
    }

    /// How long the busiest link has moved bytes until `now_ms`.
    pub(super) fn busiest_ms(&self, now_ms: f64) -> f64 {
        // What is still to be sent at the end is not part of the run.
        let over = |until_ms: f64| (until_ms - now_ms).max(0.0);
        let busy = self.links.iter().map(|links| {
            let sent_ms = links.sent as f64 / self.bytes_per_ms - over(links.sends_until_ms);
            let received_ms = links.received as f64 / self.bytes_per_ms - over(links.receives_until_ms);
            sent_ms.max(received_ms)
        });
        busy.fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_moves_no_more_than_it_can() {
        let parameters = Parameters { nodes: 3, bytes_per_ms: 10.0, ..Parameters::default() };
        let mut network = Network::new(&parameters);
        assert_eq!(network.send(0, 1, 100, 5.0), 15.0);
        assert_eq!(network.send(0, 2, 100, 5.0), 25.0, "the sender is busy");
        assert_eq!(network.send(1, 2, 100, 6.0), 25.0, "the receiver has room meanwhile");
        assert_eq!(network.send(1, 2, 100, 6.0), 35.0, "the receiver is busy");
        assert_eq!(network.send(2, 0, 100, 7.0), 17.0, "a node sends while it receives");
        assert_eq!((network.moved, network.busiest_ms(35.0)), (500, 30.0));
    }
}
