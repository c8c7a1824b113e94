//! pandas' hash of strings on several threads: the loop that unpacks the strings holds the lock, the loop that hashes
//! them may release it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use super::{
    Build, Cell, Column, Parameter, ParameterKind, Parameters, Program, ResultSchema, Scale, Table, Threads,
    threads::threads,
};
use crate::{
    error::Result,
    interpreter::{Native, Piece, Policy, Program as Pieces, Run, Section},
    kernels::hash_str,
    trace::Action,
};

/// The number of parts into which each thread's strings are split.
const PARTS: usize = 16;

const COLUMNS: [Column; 5] = [
    Column::new("section", "section"),
    Column::new("threads", "threads"),
    Column::measured("time", "time", "ms"),
    Column::measured("held", "lock held", "ms"),
    Column::measured("released", "native", "ms"),
];

pub(super) const PROGRAM: Program = Program {
    name: "nogil-hash",
    title: "Hashing without the lock",
    summary: "pandas’ hash of strings. Each thread unpacks its strings, which needs the lock, and hashes them, which \
              does not. Threads are only faster if the second loop releases the lock.",
    parameters: &[
        threads(2),
        Parameter {
            name: "strings",
            label: "strings",
            help: "The number of strings that all threads hash together.",
            kind: ParameterKind::Integer { min: 1 << 10, max: 1 << 21, default: 1 << 20, scale: Scale::Log2 },
        },
    ],
    result: ResultSchema::named("hashes"),
    build: Build::Threads(build),
};

/// The strings, as the objects of a column. They are made when the first run starts: a program that is only drawn needs
/// none.
type Objects = Arc<OnceLock<Vec<Arc<str>>>>;

/// What one thread has of its current part, and what it has computed.
#[derive(Default)]
struct Thread {
    /// The strings of the part that it has unpacked. pandas keeps references to them, too.
    unpacked: Vec<Arc<str>>,
    /// The sum of its hashes, modulo 2^64.
    sum: u64,
}

/// The threads of a section, each behind a lock for which nobody else waits.
struct Hashing {
    objects: Objects,
    threads: Vec<Mutex<Thread>>,
}

impl Hashing {
    fn thread(&self, thread: usize) -> MutexGuard<'_, Thread> {
        self.threads[thread].lock().expect("nothing panics while it holds this lock")
    }

    /// The loop that needs the lock: it counts references.
    fn unpack(&self, thread: usize, part: usize) {
        let objects = self.objects.get().expect("they are made before the run starts");
        let (parts, all) = (self.threads.len() * PARTS, objects.len());
        let part = thread * PARTS + part;
        let Thread { unpacked, .. } = &mut *self.thread(thread);
        unpacked.clear();
        unpacked.extend_from_slice(&objects[part * all / parts..(part + 1) * all / parts]);
    }

    /// The loop that does not need it.
    fn hash(&self, thread: usize) {
        let Thread { unpacked, sum } = &mut *self.thread(thread);
        *sum = unpacked.iter().map(|text| hash_str(text)).fold(*sum, u64::wrapping_add);
    }

    fn sum(&self) -> u64 {
        (0..self.threads.len()).map(|thread| self.thread(thread).sum).fold(0, u64::wrapping_add)
    }
}

fn build(parameters: &Parameters) -> Result<Threads> {
    let (several, strings) = (parameters.integer("threads"), parameters.integer("strings"));
    let objects = Objects::default();
    let ways = [
        (1, true, "one thread".to_owned()),
        (several, true, format!("{several} threads, held")),
        (several, false, format!("{several} threads, nogil")),
    ];
    let (sections, hashings): (Vec<_>, Vec<_>) = ways
        .into_iter()
        .map(|(threads, keeps_lock, label)| section(&objects, threads, keeps_lock, label))
        .unzip();
    let prepare = move || {
        let url = |i| format!("https://example.org/customers/{i:07}/orders").into();
        objects.get_or_init(|| (0..strings).map(url).collect());
    };
    Ok(Threads::live(sections, move |run| table(run, &hashings)).preparing(prepare))
}

fn section(objects: &Objects, threads: usize, keeps_lock: bool, label: String) -> (Section, Arc<Hashing>) {
    let hashing =
        Hashing { objects: objects.clone(), threads: (0..threads).map(|_| Mutex::default()).collect() };
    let hashing = Arc::new(hashing);
    // How long a piece takes is not known before it runs.
    let pieces = [Piece::Native { ns: 0, keeps_lock: true }, Piece::Native { ns: 0, keeps_lock }];
    let pieces = Pieces::uniform(threads, &pieces.repeat(PARTS));
    let native = {
        let hashing = hashing.clone();
        Native::new(move |thread, piece| match piece % 2 {
            0 => hashing.unpack(thread, piece / 2),
            _ => hashing.hash(thread),
        })
    };
    (Section { native: Some(native), ..Section::new(label, Policy::INTERVAL, pieces) }, hashing)
}

fn table(run: &Run, hashings: &[Arc<Hashing>]) -> Table {
    let mut table = Table::new(&COLUMNS);
    for (section, timeline, _) in run.sections() {
        let spent = |action| {
            let ms: f64 = (0..timeline.threads()).map(|thread| timeline.time_ms(thread, action)).sum();
            Cell::Number(ms)
        };
        table.rows.push(vec![
            Cell::Text(section.label.clone()),
            (timeline.threads() as u64).into(),
            timeline.makespan_ms().into(),
            spent(Action::Hold),
            spent(Action::Native),
        ]);
    }
    table.add_speed_up(|_, row| row == 0);
    let sums = hashings.iter().map(|hashing| Cell::Text(format!("{:016x}", hashing.sum())));
    table.add(Column::new("sum", "sum of the hashes"), sums);
    table
}
