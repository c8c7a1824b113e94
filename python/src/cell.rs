//! The interpreter, and the cells that run in its `__main__`.

use std::cell::OnceCell;

use ruff_python_ast::Stmt;
use ruff_python_parser::parse_module;
use rustpython_vm::{
    Interpreter, PyResult, Settings, VirtualMachine,
    builtins::{PyBaseExceptionRef, PyModuleDef},
    compiler::Mode,
    frozen::FrozenModule,
    scope::Scope,
    signal::interrupt,
    wasm_thread::set_spawner,
};

use crate::{native, output, page, pool, processes, stack, threads};

/// The standard library, without what needs files, processes and sockets: standard-library.txt has the list.
const STANDARD_LIBRARY: &rustpython_compiler_core::frozen::FrozenLib = rustpython_derive::py_freeze!(
    dir = "../../target/python/vendor/Lib",
    crate_name = "rustpython_compiler_core"
);

/// Modules of our own.
const OWN_LIBRARY: &rustpython_compiler_core::frozen::FrozenLib =
    rustpython_derive::py_freeze!(dir = "../lib", crate_name = "rustpython_compiler_core");

struct Python {
    interpreter: Interpreter,
    /// The names of `__main__`.
    main: Scope,
}

thread_local!(static PYTHON: OnceCell<Python> = const { OnceCell::new() });

fn with_python<R>(f: impl FnOnce(&VirtualMachine, &Scope) -> R) -> R {
    PYTHON.with(|python| {
        let python = python.get().expect("the worker calls start() first");
        python.interpreter.enter(|vm| f(vm, &python.main))
    })
}

pub fn start(cores: usize, process: u32) -> Result<(), String> {
    processes::begin(process);
    set_spawner(threads::spawn);
    stack::bound();
    pool::set_cores(cores);
    let mut settings = Settings::default();
    settings.install_signal_handlers = false;
    let builder = Interpreter::builder(settings);
    let mut modules: Vec<&'static PyModuleDef> = rustpython_stdlib::stdlib_module_defs(&builder.ctx);
    modules.push(page::module_def(&builder.ctx));
    modules.push(native::module_def(&builder.ctx));
    modules.push(processes::module_def(&builder.ctx));
    let frozen =
        |library: &'static rustpython_compiler_core::frozen::FrozenLib| -> Vec<(&'static str, FrozenModule)> {
            library.into_iter().collect()
        };
    let interpreter = builder
        .add_native_modules(&modules)
        .add_frozen_modules(frozen(STANDARD_LIBRARY))
        .add_frozen_modules(frozen(OWN_LIBRARY))
        .build();
    let main = interpreter.enter(|vm| {
        begin(vm, cores).and_then(|()| vm.new_scope_with_main()).map_err(|error| text_of(vm, &error))
    })?;
    PYTHON.with(|python| {
        assert!(python.set(Python { interpreter, main }).is_ok(), "the worker calls start() once");
    });
    Ok(())
}

pub fn run(source: &str, name: &str, interrupts: i32) -> Option<String> {
    interrupt::begin_as(interrupts);
    processes::note_cell(name, source);
    let raised = with_python(|vm, main| {
        let error = run_in(vm, main, source, name).err()?;
        // Earlier interrupts must not cut the traceback short.
        interrupt::begin();
        vm.print_exception(&error);
        Some(last_line(&text_of(vm, &error)))
    });
    output::flush();
    raised
}

fn begin(vm: &VirtualMachine, cores: usize) -> PyResult<()> {
    vm.import("_start", 0)?;
    vm.import("os", 0)?.set_attr("_cores", vm.new_pyobj(cores), vm)
}

pub fn warm_up() {
    with_python(|vm, _| {
        for module in ["traceback", "linecache", "tokenize"] {
            // Whoever needs it gets the exception.
            let _ = vm.import(module, 0);
        }
    });
}

/// Runs a cell. The value of its last statement, if that is an expression, is shown as Python's console shows it.
fn run_in(vm: &VirtualMachine, main: &Scope, source: &str, name: &str) -> PyResult<()> {
    let has_value =
        parse_module(source).is_ok_and(|module| matches!(module.syntax().body.last(), Some(Stmt::Expr(_))));
    let mode = if has_value { Mode::BlockExpr } else { Mode::Exec };
    let code = vm.compile(source, mode, name).map_err(|error| error.into_pyexception(vm, Some(source)))?;
    // Without it, tracebacks lack the lines of the cell.
    vm.register_code_in_linecache(&code, source)?;
    let value = vm.run_code_obj(code, main.clone())?;
    if has_value {
        vm.sys_module.get_attr("displayhook", vm)?.call((value,), vm)?;
    }
    Ok(())
}

/// The exception as Python prints it, without the lines of source.
fn text_of(vm: &VirtualMachine, error: &PyBaseExceptionRef) -> String {
    let mut text = String::new();
    // Writing to a string does not fail.
    let _ = vm.write_exception(&mut text, error);
    text
}

fn last_line(text: &str) -> String {
    text.trim_end().lines().next_back().unwrap_or_default().to_owned()
}
