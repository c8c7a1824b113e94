//! What an interpreter and the page say to each other about processes and channels. The page keeps the channels: queues
//! of messages that any interpreter may put down and take. A message that cannot be given yet is given when it comes.
//!
//! Both directions are streams of bytes in a [`Ring`]. Numbers are little-endian.
//!
//! ```text
//! to the page     kind u32, request u32, subject u64, length u32, then the bytes
//! from the page   request u32, status u32, length u32, then the bytes
//! ```

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering::*},
    },
};

use crate::ring::{LONGEST, Ring};

/// What the page is asked for. `www/src/python/processes.js` has the same numbers.
#[derive(Clone, Copy)]
#[repr(u32)]
pub enum Kind {
    /// Puts the bytes at the end of the channel `subject`.
    Put = 1,
    /// Puts the bytes back at the front.
    PutBack = 2,
    /// Takes the first message. The answer comes when there is one. The bytes are a time limit in milliseconds (f64), or
    /// empty if there is none.
    Take = 3,
    /// Gives up the `Take` with this request. It is answered in any case: with its message, or as given up.
    GiveUp = 4,
    /// The number of messages in the channel.
    Count = 5,
    /// Starts a process that begins with the channel `subject`, and puts its exit code into the next one. Answered with its number.
    Start = 6,
    /// Ends the process `subject`; the bytes are its exit code.
    End = 7,
}

/// An answer of the page.
pub struct Answer {
    /// 0, or why there is none.
    pub status: u32,
    pub bytes: Vec<u8>,
}

/// The status of a request that was given up.
pub const GIVEN_UP: u32 = 1;

const HEADER: usize = 12;

/// How long a thread sleeps before it looks for interrupts.
const LOOK_EVERY_NS: i64 = 50_000_000;

static TO_PAGE: Ring = Ring::new();
static FROM_PAGE: Ring = Ring::new();

/// Held by the thread that writes into the ring.
static WRITING: Mutex<()> = Mutex::new(());

struct Received {
    /// What has arrived and is not a whole answer yet.
    stream: Vec<u8>,
    /// Answers that nobody has taken, by request.
    answers: BTreeMap<u32, Answer>,
}

static RECEIVED: Mutex<Received> = Mutex::new(Received { stream: Vec::new(), answers: BTreeMap::new() });

static NEXT_REQUEST: AtomicU32 = AtomicU32::new(1);

/// Where the page finds the rings: to the page, and from it.
pub fn addresses() -> [usize; 2] {
    [TO_PAGE.address(), FROM_PAGE.address()]
}

/// Asks the page for something. Returns the number of the request.
pub fn ask(kind: Kind, subject: u64, bytes: &[u8]) -> u32 {
    let request = NEXT_REQUEST.fetch_add(1, Relaxed);
    send(kind, request, subject, bytes);
    request
}

/// Gives up a request for a message.
pub fn give_up(request: u32) {
    send(Kind::GiveUp, request, 0, &[]);
}

fn send(kind: Kind, request: u32, subject: u64, bytes: &[u8]) {
    let mut header = Vec::with_capacity(20);
    header.extend((kind as u32).to_le_bytes());
    header.extend(request.to_le_bytes());
    header.extend(subject.to_le_bytes());
    header.extend((bytes.len() as u32).to_le_bytes());
    let (first, rest) = bytes.split_at(bytes.len().min(LONGEST));
    let _writing = lock(&WRITING);
    TO_PAGE.put(&header, first);
    rest.chunks(LONGEST).for_each(|piece| TO_PAGE.put(&[], piece));
}

/// The answer to a request, if it is there. Waits for it for a short while, so that the caller can look for interrupts.
pub fn answer(request: u32) -> Option<Answer> {
    let seen = FROM_PAGE.written();
    if let Some(answer) = take(request) {
        return Some(answer);
    }
    FROM_PAGE.wait(seen, LOOK_EVERY_NS);
    take(request)
}

fn take(request: u32) -> Option<Answer> {
    let mut received = lock(&RECEIVED);
    let Received { stream, answers } = &mut *received;
    FROM_PAGE.take(stream);
    let mut read = 0;
    while let Some(header) = stream.get(read..read + HEADER) {
        let [number, status, length] =
            [0, 4, 8].map(|at| u32::from_le_bytes(header[at..at + 4].try_into().expect("four bytes")));
        let Some(bytes) = stream.get(read + HEADER..read + HEADER + length as usize) else { break };
        answers.insert(number, Answer { status, bytes: bytes.to_vec() });
        read += HEADER + length as usize;
    }
    stream.drain(..read);
    answers.remove(&request)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
