//! What a worker did, and why.

/// What a worker did during a slice. The numbers are part of the protocol with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Action {
    /// Ran a task.
    Compute = 0,
    /// Ran a task that erred.
    Erred = 1,
    /// Had no task to run.
    Idle = 2,
    /// Took the task from another worker: a mark.
    Steal = 3,
    /// Ran a task that erred, and will be run again. (Schedulers that move values have the numbers in between.)
    Retry = 8,
    /// Did what a scheduler does between two tasks. The task is the one that follows.
    Overhead = 9,
}

impl Action {
    /// Whether a task ran.
    pub fn is_busy(self) -> bool {
        matches!(self, Action::Compute | Action::Erred | Action::Retry)
    }

    pub(super) fn from_code(code: u64) -> Action {
        match code {
            0 => Action::Compute,
            1 => Action::Erred,
            3 => Action::Steal,
            8 => Action::Retry,
            9 => Action::Overhead,
            _ => Action::Idle,
        }
    }
}

/// Why a slice was as it was. The numbers are part of the protocol with the page, which gets [`Reason::ALL`] as texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Reason {
    /// There is nothing to say.
    #[default]
    None = 0,
    /// The worker waited for a thread, which did something else.
    NoThread = 1,
    /// The worker waited for a task.
    NoTask = 2,
}

impl Reason {
    /// All reasons, by their numbers.
    pub const ALL: [Reason; 3] = [Reason::None, Reason::NoThread, Reason::NoTask];

    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Reason::None => "",
            Reason::NoThread => "waits for a thread",
            Reason::NoTask => "waits for a task",
        }
    }

    pub(super) fn from_code(code: u64) -> Reason {
        Reason::ALL.get(code as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_listed_by_their_numbers() {
        for (code, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!((reason as usize, Reason::from_code(code as u64)), (code, reason));
        }
    }
}
