//! The native module `_page`: output, and what Python may know of the page.

pub(crate) use _page::module_def;

#[rustpython_vm::pymodule]
mod _page {
    use rustpython_vm::{
        Py, PyPayload, PyResult, VirtualMachine,
        builtins::{PyStrRef, PyType},
        pyclass,
        types::Constructor,
    };

    use crate::output;

    /// The size of the memory, in bytes.
    #[pyfunction]
    fn memory_bytes() -> usize {
        core::arch::wasm32::memory_size(0) << 16
    }

    /// Random bytes of the browser, which nobody can predict.
    #[pyfunction]
    fn random_bytes(size: usize, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
        let mut bytes = vec![0; size];
        getrandom::fill(&mut bytes).map_err(|error| vm.new_os_error(error.to_string()))?;
        Ok(bytes)
    }

    /// A stream of text: `Stream(1)` is `sys.stdout`, `Stream(2)` is `sys.stderr`.
    #[pyattr]
    #[pyclass(name = "Stream", module = "_page")]
    #[derive(Debug, PyPayload)]
    struct Stream {
        number: u8,
    }

    impl Constructor for Stream {
        type Args = (u8,);

        fn py_new(_class: &Py<PyType>, (number,): (u8,), _vm: &VirtualMachine) -> PyResult<Self> {
            Ok(Stream { number })
        }
    }

    #[pyclass(with(Constructor))]
    impl Stream {
        #[pymethod]
        fn write(zelf: &Py<Self>, text: PyStrRef, vm: &VirtualMachine) -> PyResult<usize> {
            vm.allow_threads(|| output::write(zelf.number, text.as_bytes()));
            // A page that is slow to read makes us wait, so an interrupt may have come meanwhile.
            vm.check_signals()?;
            Ok(text.char_len())
        }

        #[pymethod]
        fn flush(_zelf: &Py<Self>) {
            output::flush();
        }

        #[pymethod]
        fn isatty(_zelf: &Py<Self>) -> bool {
            false
        }

        #[pygetset]
        fn encoding(_zelf: &Py<Self>) -> &'static str {
            "utf-8"
        }

        #[pygetset]
        fn errors(_zelf: &Py<Self>) -> &'static str {
            "strict"
        }
    }
}
