//! Tasks that call functions of Python.

use std::{
    collections::VecDeque,
    fmt::{self, Debug, Formatter},
    ops::RangeInclusive,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI32, AtomicU64, Ordering::Relaxed},
    },
};

use dagdeck::{
    DType, Value,
    error::Message,
    foreign::{Foreign, Object},
    kernels::Input,
    operations::Callable,
};
use rustpython_vm::{
    PyObjectRef, PyPayload, VirtualMachine, builtins::PyBaseExceptionRef, signal::interrupt,
};

use crate::{
    native::Block,
    output,
    pool::{self, Held, with_vm},
};

/// The interrupts that the thread had seen that started the last run. Later ones are for its calls, too.
static SEEN: AtomicI32 = AtomicI32::new(0);

/// Called by the thread that starts a run.
pub fn begin_run() {
    SEEN.store(interrupt::seen(), Relaxed);
}

/// An argument of a call.
pub enum Argument {
    /// An object.
    Given(PyObjectRef),
    /// The value of the next input.
    Input,
}

/// A call of a function.
pub struct Call {
    /// Different for each call.
    number: u64,
    function: Held<(PyObjectRef, Vec<Argument>)>,
    inputs: usize,
    returns: Option<DType>,
}

impl Call {
    /// A call that returns any object.
    pub fn new(function: PyObjectRef, arguments: Vec<Argument>) -> Call {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let inputs = arguments.iter().filter(|argument| matches!(argument, Argument::Input)).count();
        let function = Held::new((function, arguments));
        Call { number: CALLS.fetch_add(1, Relaxed), function, inputs, returns: None }
    }

    /// A call that takes blocks and returns a block with the shape to which theirs are broadcast.
    pub fn of_blocks(function: PyObjectRef, blocks: usize, returns: DType) -> Call {
        let arguments = std::iter::repeat_with(|| Argument::Input).take(blocks).collect();
        Call { returns: Some(returns), ..Call::new(function, arguments) }
    }
}

impl Debug for Call {
    /// The names of arrays depend on it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Python function {}", self.number)
    }
}

impl Callable for Call {
    fn type_name(&self) -> &str {
        "Python function"
    }

    fn arity(&self) -> RangeInclusive<usize> {
        self.inputs..=self.inputs
    }

    fn returns(&self) -> Option<DType> {
        self.returns
    }

    fn call(&self, inputs: &mut [Input<'_>], _: u8) -> Result<Value, Message> {
        let is_in_pool = pool::is_inside();
        if is_in_pool {
            interrupt::begin_as(SEEN.load(Relaxed));
        }
        let called = with_vm(|vm| {
            let (function, arguments) = self.function.get();
            let mut inputs = inputs.iter();
            let arguments: Vec<PyObjectRef> = arguments
                .iter()
                .map(|argument| match argument {
                    Argument::Given(object) => object.clone(),
                    Argument::Input => object_of(inputs.next().expect("the graph checks the number"), vm),
                })
                .collect();
            function.call(arguments, vm).map(value_of).map_err(|exception| keep(exception).into())
        });
        if is_in_pool {
            output::flush();
        }
        called
    }
}

/// How many exceptions are kept. A run reports one of those of its tasks.
const MOST_KEPT: usize = 64;

/// The last exceptions, each with its number.
static RAISED: Mutex<VecDeque<(u64, Held<PyBaseExceptionRef>)>> = Mutex::new(VecDeque::new());

const EXCEPTION: &str = "Python exception ";

/// Keeps an exception until it is [taken](take). Returns the message of the task that raised it.
fn keep(exception: PyBaseExceptionRef) -> String {
    static EXCEPTIONS: AtomicU64 = AtomicU64::new(0);
    let number = EXCEPTIONS.fetch_add(1, Relaxed);
    let mut raised = RAISED.lock().unwrap_or_else(PoisonError::into_inner);
    raised.push_back((number, Held::new(exception)));
    let forgotten = if raised.len() > MOST_KEPT { raised.pop_front() } else { None };
    // Dropping it may run Python.
    drop(raised);
    drop(forgotten);
    format!("{EXCEPTION}{number}")
}

/// The exception that a message is about, if it is about one.
pub fn take(message: &str) -> Option<PyBaseExceptionRef> {
    let (_, number) = message.rsplit_once(EXCEPTION)?;
    let number: u64 = number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let mut raised = RAISED.lock().unwrap_or_else(PoisonError::into_inner);
    let place = raised.iter().position(|&(other, _)| other == number)?;
    let taken = raised.remove(place);
    drop(raised);
    taken.map(|(_, exception)| exception.get().clone())
}

/// An object of Python as the value of a task.
struct PythonObject(Held<PyObjectRef>);

impl Debug for PythonObject {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.type_name())
    }
}

impl Foreign for PythonObject {
    fn type_name(&self) -> &str {
        "Python object"
    }

    /// The scheduler cannot know what an object refers to.
    fn bytes(&self) -> u64 {
        0
    }
}

fn value_of(object: PyObjectRef) -> Value {
    match object.downcast_ref::<Block>() {
        Some(block) => block.block.clone().into(),
        None => Value::Foreign(Object::new(PythonObject(Held::new(object)))),
    }
}

/// The value of a task as an object of Python.
pub fn object_of(value: &Value, vm: &VirtualMachine) -> PyObjectRef {
    match value {
        Value::Array(block) => Block { block: (**block).clone() }.into_pyobject(vm),
        Value::Foreign(object) => match object.downcast_ref::<PythonObject>() {
            Some(PythonObject(held)) => held.get().clone(),
            None => vm.ctx.none(),
        },
        _ => vm.ctx.none(),
    }
}
