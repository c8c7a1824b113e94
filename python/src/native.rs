//! The native module `_dagdeck`: dagdeck's arrays and schedulers, as `dask` and `numpy` in `lib/` use them.

pub(crate) use _dagdeck::{Block, module_def};

#[rustpython_vm::pymodule]
mod _dagdeck {
    use std::slice;

    use dagdeck::{
        DType, GraphBuilder, Key, Op, Scalar, Scheduler, TaskGraph, Value,
        collections::{
            AxisSpec, ChunkSpec, UNKNOWN,
            array::{
                Array, Boundary, Overlap, from_block as array_from_block, graph as graph_of, held,
                map_function,
            },
            expression,
        },
        operations::ForeignFunction,
    };
    use rustpython_vm::{
        AsObject, Py, PyObject, PyObjectRef, PyPayload, PyRef, PyResult, VirtualMachine,
        builtins::{PyBaseExceptionRef, PyDict, PyFloat, PyInt, PyList, PyStr, PyStrRef, PyTuple, PyType},
        convert::ToPyObject,
        pyclass,
        types::Constructor,
    };
    use serde_json::{Map, Value as Json};

    use crate::{
        calls::{Argument, Call, object_of, take},
        pool, run,
    };

    /// A lazy array: `dask.array.Array` without its methods.
    #[pyattr]
    #[pyclass(name = "Collection", module = "_dagdeck")]
    #[derive(Debug, PyPayload)]
    struct Collection {
        array: Array,
    }

    #[pyclass]
    impl Collection {
        #[pygetset]
        fn name(zelf: &Py<Self>) -> String {
            zelf.array.name().to_owned()
        }

        #[pygetset]
        fn shape(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
            lengths(&zelf.array.shape(), vm)
        }

        #[pygetset]
        fn chunks(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
            let axes = zelf.array.chunks().axes().map(|axis| lengths(axis, vm)).collect();
            vm.ctx.new_tuple(axes).into()
        }

        #[pygetset]
        fn dtype(zelf: &Py<Self>) -> &'static str {
            zelf.array.dtype().name()
        }

        /// As dagdeck describes it: `dask.array<sum, shape=(), dtype=float64, chunksize=()>`.
        #[pygetset]
        fn text(zelf: &Py<Self>) -> String {
            zelf.array.to_string()
        }
    }

    /// The elements of an array: `numpy.ndarray` without its methods. They do not change.
    #[pyattr]
    #[pyclass(name = "Block", module = "_dagdeck")]
    #[derive(Debug, PyPayload)]
    pub(crate) struct Block {
        pub(crate) block: dagdeck::Block,
    }

    impl Constructor for Block {
        type Args = (PyObjectRef, PyStrRef, PyObjectRef);

        /// `Block(shape, dtype, elements)`: numbers in C order.
        fn py_new(
            _class: &Py<PyType>,
            (shape, dtype, elements): Self::Args,
            vm: &VirtualMachine,
        ) -> PyResult<Self> {
            let shape: Vec<usize> = vm.extract_elements_with(&shape, |length| length.try_into_value(vm))?;
            let dtype = dtype_of(&dtype, vm)?;
            let scalars = vm.extract_elements_with(&elements, |element| scalar(&element, vm))?;
            let size: usize = shape.iter().product();
            if size != scalars.len() {
                let given = scalars.len();
                return Err(vm.new_value_error(format!("{given} elements do not fill the shape {shape:?}")));
            }
            Ok(Block { block: filled(&shape, dtype, &scalars) })
        }
    }

    #[pyclass(with(Constructor))]
    impl Block {
        #[pygetset]
        fn shape(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
            lengths(zelf.block.shape(), vm)
        }

        #[pygetset]
        fn dtype(zelf: &Py<Self>) -> &'static str {
            zelf.block.dtype().name()
        }

        /// All elements as numbers, in C order.
        #[pymethod]
        fn elements(zelf: &Py<Self>, vm: &VirtualMachine) -> PyObjectRef {
            let numbers = match &zelf.block {
                dagdeck::Block::Bool(elements) => numbers(elements.iter().copied(), vm),
                dagdeck::Block::UInt8(elements) => numbers(elements.iter().copied(), vm),
                dagdeck::Block::Int32(elements) => numbers(elements.iter().copied(), vm),
                dagdeck::Block::Int64(elements) => numbers(elements.iter().copied(), vm),
                dagdeck::Block::Float32(elements) => numbers(elements.iter().map(|&x| f64::from(x)), vm),
                dagdeck::Block::Float64(elements) => numbers(elements.iter().copied(), vm),
            };
            vm.ctx.new_list(numbers).into()
        }

        /// The element of a block that has exactly one.
        #[pymethod]
        fn item(zelf: &Py<Self>, vm: &VirtualMachine) -> PyResult {
            match zelf.block.item() {
                Some(Scalar::Bool(x)) => Ok(x.to_pyobject(vm)),
                Some(Scalar::Int(x)) => Ok(x.to_pyobject(vm)),
                Some(Scalar::Float(x)) => Ok(x.to_pyobject(vm)),
                None => {
                    Err(vm
                        .new_value_error("can only convert an array of size 1 to a Python scalar".to_owned()))
                }
            }
        }

        /// A copy in which the elements at `places` (`int64`, counted in C order) are `values`, which have its type and as
        /// many elements, or one.
        #[pymethod]
        fn put(
            zelf: &Py<Self>,
            places: PyRef<Block>,
            values: PyRef<Block>,
            vm: &VirtualMachine,
        ) -> PyResult<Block> {
            let refused = || vm.new_value_error("the values do not fit the places".to_owned());
            let places = places.block.elements::<i64>().ok_or_else(refused)?;
            macro_rules! put {
                ($elements:ident, $variant:ident) => {{
                    let dagdeck::Block::$variant(values) = &values.block else { return Err(refused()) };
                    if values.len() != 1 && values.len() != places.len() {
                        return Err(refused());
                    }
                    let mut all: Vec<_> = $elements.iter().copied().collect();
                    for (&place, &value) in places.iter().zip(values.iter().cycle()) {
                        *usize::try_from(place)
                            .ok()
                            .and_then(|place| all.get_mut(place))
                            .ok_or_else(refused)? = value;
                    }
                    dagdeck::Block::new(zelf.block.shape(), all)
                }};
            }
            let block = match &zelf.block {
                dagdeck::Block::Bool(elements) => put!(elements, Bool),
                dagdeck::Block::UInt8(elements) => put!(elements, UInt8),
                dagdeck::Block::Int32(elements) => put!(elements, Int32),
                dagdeck::Block::Int64(elements) => put!(elements, Int64),
                dagdeck::Block::Float32(elements) => put!(elements, Float32),
                dagdeck::Block::Float64(elements) => put!(elements, Float64),
            };
            Ok(Block { block })
        }
    }

    /// The number of cores, and the largest number of workers of a run.
    #[pyfunction]
    fn workers() -> (usize, usize) {
        (pool::cores(), pool::size())
    }

    /// Creates the threads of the pool, so that the first run finds them.
    #[pyfunction]
    fn start_pool(vm: &VirtualMachine) {
        pool::start(vm);
    }

    /// All operations: for each its name, whether it is a method, its operands, the keywords that may be given by their
    /// place, and the other keywords.
    #[pyfunction]
    fn operations(vm: &VirtualMachine) -> PyObjectRef {
        let words = |words: &[&str]| -> PyObjectRef {
            vm.ctx.new_tuple(words.iter().map(|word| vm.ctx.new_str(*word).into()).collect()).into()
        };
        let operation = |signature: expression::Signature| -> PyObjectRef {
            let parts = vec![
                vm.ctx.new_str(signature.name).into(),
                signature.is_method.to_pyobject(vm),
                words(&signature.operands),
                words(&signature.positional),
                words(&signature.named),
            ];
            vm.ctx.new_tuple(parts).into()
        };
        vm.ctx.new_list(expression::operations().map(operation).collect()).into()
    }

    /// The array that an operation makes. Operands and keywords are numbers, text, lists, dictionaries, blocks and
    /// collections.
    #[pyfunction]
    fn collection(
        name: PyStrRef,
        operands: PyObjectRef,
        keywords: PyRef<PyDict>,
        vm: &VirtualMachine,
    ) -> PyResult<Collection> {
        Ok(Collection { array: applied(&name, &operands, &keywords, vm)? })
    }

    /// The elements of the array that an operation makes, at once and on this thread.
    #[pyfunction]
    fn evaluate(
        name: PyStrRef,
        operands: PyObjectRef,
        keywords: PyRef<PyDict>,
        vm: &VirtualMachine,
    ) -> PyResult<Block> {
        let array = applied(&name, &operands, &keywords, vm)?;
        let [block] = computed(slice::from_ref(&array), Scheduler::Sync, 1, vm)?
            .try_into()
            .expect("one for each array");
        Ok(Block { block })
    }

    /// A block as an array with these lengths of chunks along each axis.
    #[pyfunction]
    fn from_block(block: PyRef<Block>, chunks: PyObjectRef, vm: &VirtualMachine) -> PyResult<Collection> {
        let axis = |axis: PyObjectRef| {
            vm.extract_elements_with(&axis, |length| length.try_into_value(vm)).map(AxisSpec::Lengths)
        };
        let chunks = ChunkSpec::Axes(vm.extract_elements_with(&chunks, axis)?);
        let array = array_from_block(&block.block, chunks).map_err(|error| raised(&error, "", vm))?;
        Ok(Collection { array })
    }

    /// The elements of some arrays.
    #[pyfunction]
    fn compute(
        arrays: Vec<PyRef<Collection>>,
        scheduler: PyStrRef,
        workers: usize,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<PyObjectRef>> {
        let arrays: Vec<Array> = arrays.iter().map(|collection| collection.array.clone()).collect();
        let blocks = computed(&arrays, scheduler_of(&scheduler, vm)?, workers, vm)?;
        Ok(blocks.into_iter().map(|block| Block { block }.into_pyobject(vm)).collect())
    }

    /// Some arrays with the same names, whose blocks are computed.
    #[pyfunction]
    fn persist(
        arrays: Vec<PyRef<Collection>>,
        scheduler: PyStrRef,
        workers: usize,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<PyObjectRef>> {
        let arrays: Vec<Array> = arrays.iter().map(|collection| collection.array.clone()).collect();
        let values = values(&arrays, scheduler_of(&scheduler, vm)?, workers, vm)?;
        let mut values = &values[..];
        let mut persisted = Vec::with_capacity(arrays.len());
        for array in &arrays {
            let blocks;
            (blocks, values) = values.split_at(array.chunks().blocks());
            let array = held(array.name(), array.chunks().clone(), array.dtype(), blocks)
                .map_err(|error| raised(&error, "", vm))?;
            persisted.push(Collection { array }.into_pyobject(vm));
        }
        Ok(persisted)
    }

    /// The tasks of some arrays: for each its key, the places of the tasks that it depends on, and whether it is a target.
    #[pyfunction]
    fn graph(
        arrays: Vec<PyRef<Collection>>,
        optimized: bool,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<PyObjectRef>> {
        let arrays: Vec<Array> = arrays.iter().map(|collection| collection.array.clone()).collect();
        let graph = graph_of(&arrays, optimized).map_err(|error| raised(&error, "", vm))?;
        let task = |task: u32| -> PyObjectRef {
            let dependencies =
                graph.dependencies().row(task).iter().map(|&task| task.to_pyobject(vm)).collect();
            let parts = vec![
                vm.ctx.new_str(graph.key(task).to_string()).into(),
                vm.ctx.new_tuple(dependencies).into(),
                graph.targets().contains(&task).to_pyobject(vm),
            ];
            vm.ctx.new_tuple(parts).into()
        };
        Ok(graph.tasks().map(task).collect())
    }

    /// Applies a function of blocks to the blocks of some arrays, which are broadcast.
    #[pyfunction]
    fn map_blocks(
        name: PyStrRef,
        function: PyObjectRef,
        arrays: Vec<PyRef<Collection>>,
        dtype: PyStrRef,
        vm: &VirtualMachine,
    ) -> PyResult<Collection> {
        let arrays: Vec<Array> = arrays.iter().map(|collection| collection.array.clone()).collect();
        let call = Call::of_blocks(function, arrays.len(), dtype_of(&dtype, vm)?);
        let array = map_function(&name.to_string(), ForeignFunction::new(call), &arrays);
        Ok(Collection { array: array.map_err(|error| raised(&error, "", vm))? })
    }

    /// Applies a function to the blocks of an array, which are extended by some elements of their neighbours. `beyond` is what
    /// lies beyond the edges: a word of Dask's, or a number.
    #[pyfunction]
    fn map_overlap(
        name: PyStrRef,
        function: PyObjectRef,
        array: PyRef<Collection>,
        depth: Vec<usize>,
        beyond: PyObjectRef,
        dtype: PyStrRef,
        vm: &VirtualMachine,
    ) -> PyResult<Collection> {
        let boundary = match beyond.downcast_ref::<PyStr>().map(|word| word.to_string()).as_deref() {
            None => Boundary::Constant(scalar(&beyond, vm)?),
            Some("none") => Boundary::None,
            Some("periodic") => Boundary::Periodic,
            Some("reflect") => Boundary::Reflect,
            Some("nearest") => Boundary::Nearest,
            Some(other) => return Err(vm.new_value_error(format!("unknown boundary '{other}'"))),
        };
        let call = ForeignFunction::new(Call::of_blocks(function, 1, dtype_of(&dtype, vm)?));
        let array = array.array.map_overlap_function(&name.to_string(), call, &Overlap { depth, boundary });
        Ok(Collection { array: array.map_err(|error| raised(&error, "", vm))? })
    }

    /// Calls functions as tasks: each is `(key, function, arguments, places)`, where `places[i]` is the place of the task
    /// whose value is argument `i`, or -1 if the argument itself is. Returns the values of the tasks at the places `targets`.
    #[pyfunction]
    fn run_calls(
        tasks: PyObjectRef,
        targets: Vec<usize>,
        scheduler: PyStrRef,
        workers: usize,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<PyObjectRef>> {
        let mut builder = GraphBuilder::new();
        let mut keys: Vec<Key> = Vec::new();
        for task in vm.extract_elements_with(&tasks, Ok)? {
            let (key, call, inputs) = call(&task, vm)?;
            let missing = || vm.new_value_error("a task must come after those that it depends on".to_owned());
            let input = |&input: &usize| keys.get(input).cloned().ok_or_else(missing);
            let inputs = inputs.iter().map(input).collect::<PyResult<Vec<_>>>()?;
            builder.task(key.clone(), Op::Foreign(ForeignFunction::new(call)), inputs);
            keys.push(key);
        }
        for &target in &targets {
            builder.target(keys[target].clone());
        }
        let graph = builder.build().map_err(|error| raised(&error, "", vm))?;
        let outcome = run::run(&graph, scheduler_of(&scheduler, vm)?, workers, vm)?;
        let values = outcome.and_then(|outcome| outcome.values()).map_err(|error| raised(&error, "", vm))?;
        // The graph has each target once.
        let place =
            |&target: &usize| graph.targets().iter().position(|&task| *graph.key(task) == keys[target]);
        let value = |target| match place(target) {
            Some(place) => object_of(&values[place], vm),
            None => vm.ctx.none(),
        };
        Ok(targets.iter().map(value).collect())
    }

    /// Reads a task of [`run_calls`]: its key, its call, and the places of its inputs.
    fn call(task: &PyObject, vm: &VirtualMachine) -> PyResult<(Key, Call, Vec<usize>)> {
        let parts = vm.extract_elements_with(task, Ok)?;
        let [key, function, arguments, places] = <[PyObjectRef; 4]>::try_from(parts)
            .map_err(|_| vm.new_type_error("a task has four parts".to_owned()))?;
        let key: PyStrRef = key.try_into_value(vm)?;
        let places: Vec<isize> = vm.extract_elements_with(&places, |place| place.try_into_value(vm))?;
        let arguments = vm.extract_elements_with(&arguments, Ok)?;
        let argument = |(object, &place): (PyObjectRef, &isize)| match place < 0 {
            true => Argument::Given(object),
            false => Argument::Input,
        };
        let arguments = arguments.into_iter().zip(&places).map(argument).collect();
        let inputs = places.iter().filter_map(|&place| usize::try_from(place).ok()).collect();
        Ok((Key::from(key.to_string().as_str()), Call::new(function, arguments), inputs))
    }

    /// The values of the blocks of some arrays.
    fn values(
        arrays: &[Array],
        scheduler: Scheduler,
        workers: usize,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<Value>> {
        let values = |graph: &TaskGraph| {
            Ok(run::run(graph, scheduler, workers, vm)?.and_then(|outcome| outcome.values()))
        };
        match graph_of(arrays, true) {
            Ok(graph) => values(&graph)?.map_err(|error| raised(&error, "", vm)),
            Err(error) => Err(raised(&error, "", vm)),
        }
    }

    fn computed(
        arrays: &[Array],
        scheduler: Scheduler,
        workers: usize,
        vm: &VirtualMachine,
    ) -> PyResult<Vec<dagdeck::Block>> {
        let values = values(arrays, scheduler, workers, vm)?;
        let mut values = &values[..];
        let assemble = |array: &Array| {
            let blocks;
            (blocks, values) = values.split_at(array.chunks().blocks());
            array.assemble(blocks).map_err(|error| raised(&error, "", vm))
        };
        arrays.iter().map(assemble).collect()
    }

    fn applied(
        name: &Py<PyStr>,
        operands: &PyObject,
        keywords: &Py<PyDict>,
        vm: &VirtualMachine,
    ) -> PyResult<Array> {
        let mut arrays = Vec::new();
        let name = name.to_string();
        let mut node = Map::new();
        for (keyword, value) in keywords.items_vec() {
            let keyword: PyStrRef = keyword.try_into_value(vm)?;
            node.insert(keyword.to_string(), json(&value, &mut arrays, vm)?);
        }
        node.insert("args".to_owned(), json(operands, &mut arrays, vm)?);
        node.insert("op".to_owned(), Json::String(name.clone()));
        expression::apply(&node, &arrays).map_err(|error| raised(&error, &name, vm))
    }

    fn reference(array: Array, arrays: &mut Vec<Array>) -> Json {
        arrays.push(array);
        serde_json::json!({ "array": arrays.len() - 1 })
    }

    /// An object as JSON. Arrays in it become `{"array": i}`.
    fn json(object: &PyObject, arrays: &mut Vec<Array>, vm: &VirtualMachine) -> PyResult<Json> {
        if vm.is_none(object) {
            return Ok(Json::Null);
        }
        if let Some(collection) = object.downcast_ref::<Collection>() {
            return Ok(reference(collection.array.clone(), arrays));
        }
        if let Some(block) = object.downcast_ref::<Block>() {
            let whole = ChunkSpec::All(AxisSpec::Whole);
            let array = array_from_block(&block.block, whole).map_err(|error| raised(&error, "", vm))?;
            return Ok(reference(array, arrays));
        }
        if let Some(text) = object.downcast_ref::<PyStr>() {
            return Ok(Json::String(text.to_string()));
        }
        if let Some(dict) = object.downcast_ref::<PyDict>() {
            let item = |(name, value): (PyObjectRef, PyObjectRef)| {
                let name: PyStrRef = name.try_into_value(vm)?;
                Ok((name.to_string(), json(&value, arrays, vm)?))
            };
            return dict.items_vec().into_iter().map(item).collect::<PyResult<Map<_, _>>>().map(Json::Object);
        }
        if object.downcast_ref::<PyList>().is_some() || object.downcast_ref::<PyTuple>().is_some() {
            let items = vm.extract_elements_with(object, Ok)?;
            return items.iter().map(|item| json(item, arrays, vm)).collect::<PyResult<_>>().map(Json::Array);
        }
        Ok(serde_json::to_value(scalar(object, vm)?).expect("numbers are JSON"))
    }

    /// A number of Python: `bool`, `int` or `float`, or of a class that inherits from one of them.
    fn scalar(object: &PyObject, vm: &VirtualMachine) -> PyResult<Scalar> {
        if object.class().is(vm.ctx.types.bool_type) {
            return Ok(Scalar::Bool(object.to_owned().is_true(vm)?));
        }
        if let Some(int) = object.downcast_ref::<PyInt>() {
            return int.try_to_primitive(vm).map(Scalar::Int);
        }
        if let Some(float) = object.downcast_ref::<PyFloat>() {
            return Ok(Scalar::Float(float.to_f64()));
        }
        let name = object.class().name().to_string();
        Err(vm.new_type_error(format!("a number is needed, not {name}")))
    }

    fn filled(shape: &[usize], dtype: DType, scalars: &[Scalar]) -> dagdeck::Block {
        use dagdeck::block::Element;
        fn of<T: Element>(shape: &[usize], scalars: &[Scalar]) -> dagdeck::Block {
            dagdeck::Block::new(shape, scalars.iter().map(|&scalar| T::from_scalar(scalar)).collect())
        }
        match dtype {
            DType::Bool => of::<bool>(shape, scalars),
            DType::UInt8 => of::<u8>(shape, scalars),
            DType::Int32 => of::<i32>(shape, scalars),
            DType::Int64 => of::<i64>(shape, scalars),
            DType::Float32 => of::<f32>(shape, scalars),
            DType::Float64 => of::<f64>(shape, scalars),
        }
    }

    fn numbers<T: ToPyObject>(numbers: impl Iterator<Item = T>, vm: &VirtualMachine) -> Vec<PyObjectRef> {
        numbers.map(|number| number.to_pyobject(vm)).collect()
    }

    /// Lengths as a tuple; NaN if they are unknown.
    fn lengths(lengths: &[usize], vm: &VirtualMachine) -> PyObjectRef {
        let length = |&length: &usize| match length {
            UNKNOWN => f64::NAN.to_pyobject(vm),
            length => length.to_pyobject(vm),
        };
        vm.ctx.new_tuple(lengths.iter().map(length).collect()).into()
    }

    fn dtype_of(name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult<DType> {
        name.to_string().parse().map_err(|error: dagdeck::Error| vm.new_type_error(error.to_string()))
    }

    fn scheduler_of(name: &Py<PyStr>, vm: &VirtualMachine) -> PyResult<Scheduler> {
        name.to_string().parse().map_err(|error: dagdeck::Error| raised(&error, "", vm))
    }

    /// An error as the exception that NumPy and Dask raise. Their messages do not begin with the operation.
    fn raised(error: &dagdeck::Error, operation: &str, vm: &VirtualMachine) -> PyBaseExceptionRef {
        let text = error.to_string();
        if let Some(exception) = take(&text) {
            return exception;
        }
        let text =
            text.strip_prefix(operation).and_then(|text| text.strip_prefix(": ")).unwrap_or(&text).to_owned();
        let says = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
        if says(&["out of bounds", "out of range", "oo many indices"]) {
            vm.new_index_error(text)
        } else if says(&["unexpected keyword argument", " operands but ", " is missing"]) {
            vm.new_type_error(text)
        } else {
            vm.new_value_error(text)
        }
    }
}
