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
    /// Moved bytes between two lanes, or between a lane and the parent of the processes.
    Transfer = 4,
    /// Wrote a value as bytes.
    Serialize = 5,
    /// Read a value from bytes.
    Deserialize = 6,
    /// Ran a task that erred, and will be run again.
    Retry = 8,
    /// Did what a scheduler does between two tasks. The task is the one that follows.
    Overhead = 9,
    /// The value of the task is gone, and the task will run again: a mark. For schedulers whose workers can leave.
    Lost = 10,
    // Code 11 is the page's own. The rest is what threads of an interpreter do: see `interpreter`.
    /// Ran and held the interpreter's lock.
    Hold = 12,
    /// Waited for the interpreter's lock.
    LockWait = 13,
    /// Was woken because the lock was released, and found it taken again. A mark in live runs: a thread looks for less
    /// time than a browser's clock can tell.
    FalseAlarm = 14,
    /// Asked the holder of the lock to drop it: a mark.
    DropRequest = 15,
    /// Dropped the lock on request, and waited until another thread had taken it.
    ForcedSwitch = 16,
    /// Waited for something outside of the program, without the lock.
    Blocked = 17,
    /// Ran native code without the lock.
    Native = 18,
    /// Ran interpreted code in an interpreter that has no lock.
    LockFree = 19,
    /// Could run, but had no core.
    NoCore = 20,
    // What else happens to futures: see `futures`.
    /// Submitted the task: a mark.
    Submit = 21,
    /// Cancelled the task, which had not started: a mark.
    Cancel = 22,
    /// The task was sent to a node that is gone, and runs elsewhere: a mark.
    TakenBack = 23,
    /// Moved the value of the task from memory to a file.
    Spill = 24,
    /// Read the value of the task back from a file.
    Unspill = 25,
    /// The node takes no new tasks, since its values take this number of bytes: a mark.
    Pause = 26,
    /// The node takes tasks again: a mark.
    Resume = 27,
}

impl Action {
    /// Whether a task ran.
    pub fn is_busy(self) -> bool {
        use Action::*;
        matches!(self, Compute | Erred | Retry | Hold | Native | LockFree)
    }

    /// Whether each time that a thread begins it is counted, however short it is: a switch of the lock, for one.
    pub(crate) fn is_counted(self) -> bool {
        matches!(self, Action::Hold | Action::ForcedSwitch)
    }

    pub(super) fn from_code(code: u64) -> Action {
        match code {
            0 => Action::Compute,
            1 => Action::Erred,
            3 => Action::Steal,
            4 => Action::Transfer,
            5 => Action::Serialize,
            6 => Action::Deserialize,
            8 => Action::Retry,
            9 => Action::Overhead,
            10 => Action::Lost,
            12 => Action::Hold,
            13 => Action::LockWait,
            14 => Action::FalseAlarm,
            15 => Action::DropRequest,
            16 => Action::ForcedSwitch,
            17 => Action::Blocked,
            18 => Action::Native,
            19 => Action::LockFree,
            20 => Action::NoCore,
            21 => Action::Submit,
            22 => Action::Cancel,
            23 => Action::TakenBack,
            24 => Action::Spill,
            25 => Action::Unspill,
            26 => Action::Pause,
            27 => Action::Resume,
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
    /// The process of the lane had not started.
    NoProcess = 3,
    /// The process of the lane died, and what it did is not known.
    Died = 4,
    /// A node pauses, and has nowhere to spill values to.
    NoStorage = 5,
    /// A node pauses, since no more can be written to where it spills values.
    StorageFull = 6,
}

impl Reason {
    /// All reasons, by their numbers.
    pub const ALL: [Reason; 7] = [
        Reason::None,
        Reason::NoThread,
        Reason::NoTask,
        Reason::NoProcess,
        Reason::Died,
        Reason::NoStorage,
        Reason::StorageFull,
    ];

    /// The reason in words.
    pub fn text(self) -> &'static str {
        match self {
            Reason::None => "",
            Reason::NoThread => "waits for a thread",
            Reason::NoTask => "waits for a task",
            Reason::NoProcess => "its process starts",
            Reason::Died => "its process died",
            Reason::NoStorage => "the browser gives it no storage",
            Reason::StorageFull => "the browser's storage is full",
        }
    }

    pub(crate) fn from_code(code: u64) -> Reason {
        Reason::ALL.get(code as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_read_as_written() {
        use Action::*;
        let actions =
            [Compute, Erred, Idle, Steal, Retry, Overhead, Lost, Hold, LockWait, FalseAlarm, DropRequest];
        let others = [
            Transfer,
            Serialize,
            Deserialize,
            ForcedSwitch,
            Blocked,
            Native,
            LockFree,
            NoCore,
            Submit,
            Cancel,
            TakenBack,
            Spill,
            Unspill,
            Pause,
            Resume,
        ];
        for action in actions.into_iter().chain(others) {
            assert_eq!(Action::from_code(action as u64), action);
        }
    }

    #[test]
    fn reasons_are_listed_by_their_numbers() {
        for (code, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!((reason as usize, Reason::from_code(code as u64)), (code, reason));
        }
    }
}
