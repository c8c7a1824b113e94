//! Who can send to whom, and when.

use super::parameters::Parameters;

/// The links of one node, which move one value after another. A link sends values in the order in which they are
/// requested, and receives them in the order in which their senders start.
#[derive(Clone, Copy, Debug, Default)]
struct Links {
    sends_until_ms: f64,
    receives_until_ms: f64,
    sent: u64,
    received: u64,
}

/// The links of all nodes, and of the client. Between them there is no limit.
#[derive(Debug)]
pub(super) struct Network {
    links: Vec<Links>,
    bytes_per_ms: f64,
    /// The number of bytes that were sent.
    pub(super) moved: u64,
}

impl Network {
    pub(super) fn new(parameters: &Parameters) -> Network {
        let links = vec![Links::default(); parameters.nodes as usize + 1];
        Network { links, bytes_per_ms: parameters.bytes_per_ms, moved: 0 }
    }

    /// The place of the client: after those of the nodes.
    pub(super) fn client(&self) -> usize {
        self.links.len() - 1
    }

    /// A value is requested from a place. Returns when that starts to send it: when it has sent all that was requested
    /// before.
    pub(super) fn send(&mut self, from: usize, bytes: u64, now_ms: f64) -> f64 {
        let sender = &mut self.links[from];
        let starts_ms = sender.sends_until_ms.max(now_ms);
        sender.sends_until_ms = starts_ms + bytes as f64 / self.bytes_per_ms;
        sender.sent += bytes;
        starts_ms
    }

    /// A value starts on its way to a place. Returns when all of it is there: when that has received all that started
    /// before.
    pub(super) fn receive(&mut self, to: usize, bytes: u64, now_ms: f64) -> f64 {
        let receiver = &mut self.links[to];
        receiver.receives_until_ms =
            receiver.receives_until_ms.max(now_ms) + bytes as f64 / self.bytes_per_ms;
        receiver.received += bytes;
        self.moved += bytes;
        receiver.receives_until_ms
    }

    /// A place has lost its node, and with it what that was still to send and to receive.
    pub(super) fn lose(&mut self, place: usize, now_ms: f64) {
        let bytes = |until_ms: f64| ((until_ms - now_ms).max(0.0) * self.bytes_per_ms).round() as u64;
        let links = &mut self.links[place];
        links.sent -= bytes(links.sends_until_ms).min(links.sent);
        links.received -= bytes(links.receives_until_ms).min(links.received);
        links.sends_until_ms = links.sends_until_ms.min(now_ms);
        links.receives_until_ms = links.receives_until_ms.min(now_ms);
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
        assert_eq!(network.send(0, 100, 5.0), 5.0);
        assert_eq!(network.receive(1, 100, 5.0), 15.0);
        assert_eq!(network.send(0, 100, 5.0), 15.0, "the sender is busy");
        assert_eq!(network.send(1, 100, 6.0), 6.0, "a node sends while it receives");
        assert_eq!(network.receive(2, 100, 6.0), 16.0, "the receiver has room meanwhile");
        assert_eq!(network.receive(2, 100, 15.0), 26.0, "the receiver is busy");
        assert_eq!((network.moved, network.busiest_ms(26.0)), (300, 20.0));
        assert_eq!(network.send(0, 100, 30.0), 30.0);
        network.lose(0, 35.0);
        assert_eq!(network.send(0, 100, 36.0), 36.0, "what the dead node was to send is gone");
        assert_eq!(network.busiest_ms(46.0), 35.0, "20 ms, 5 ms until it died, and 10 ms");
    }
}
