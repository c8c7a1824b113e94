/*
 * A task graph as a Python file that runs under plain Dask, without this page and without its package. The file has the
 * graph in JSON, and the source of the operations that it needs: those of the package for Dask (dask/src), whose modules
 * are put one after another.
 */
import checked from '../../../dask/src/dask_dagdeck/checked.py?raw';
import calls from '../../../dask/src/dask_dagdeck/operations/calls.py?raw';
import creation from '../../../dask/src/dask_dagdeck/operations/creation.py?raw';
import elements from '../../../dask/src/dask_dagdeck/operations/elements.py?raw';
import elementwise from '../../../dask/src/dask_dagdeck/operations/elementwise.py?raw';
import fused from '../../../dask/src/dask_dagdeck/operations/fused.py?raw';
import limits from '../../../dask/src/dask_dagdeck/operations/limits.py?raw';
import neighbours from '../../../dask/src/dask_dagdeck/operations/neighbours.py?raw';
import products from '../../../dask/src/dask_dagdeck/operations/products.py?raw';
import reductions from '../../../dask/src/dask_dagdeck/operations/reductions.py?raw';
import twin from '../../../dask/src/dask_dagdeck/operations/twin.py?raw';
import values from '../../../dask/src/dask_dagdeck/values.py?raw';

/** What all operations need, and the operations, each kind in a module. */
const COMMON = [checked, values, twin, limits];
const KINDS = [calls, creation, elements, products, neighbours, elementwise, reductions, fused];

/**
 * An attempt's number, where Dask's scheduler does not count them; and retries, which plain Dask lacks. A task ends with
 * the process that runs the file.
 */
const RETRIES = `\
_made = threading.local()


def attempt() -> int:
    """How many attempts of the task that this thread runs failed before this one."""
    return getattr(_made, "attempts", 0)


def stop_if_cancelled() -> None:
    """Nobody cancels a task here."""


@dataclass(frozen=True)
class Retrying:
    """An operation that is tried again when it fails."""

    operation: Callable[..., Any]
    retries: int

    def __dask_tokenize__(self) -> object:
        return self.operation, self.retries

    def __call__(self, *inputs: Any) -> Any:
        for attempts in range(self.retries + 1):
            _made.attempts = attempts
            try:
                return self.operation(*inputs)
            except TaskFailed:
                if attempts == self.retries:
                    raise
            finally:
                _made.attempts = 0
`;

const MAIN = `\
def key_of(text: str) -> Any:
    """A key as Dask has it: a text, or a name with the indices of a block."""
    return ast.literal_eval(text) if re.fullmatch(r"\\('[^'\\\\]*'(, (0|[1-9][0-9]{0,8}))+\\)", text) else text


def task_of(key: str, given: dict[str, Any]) -> Any:
    operation: Any = read(given["op"], key)
    if given.get("retries"):
        operation = Retrying(operation, given["retries"])
    return (operation, *map(key_of, given.get("args", [])))


document = json.loads(GRAPH)
graph = {key_of(key): task_of(key, given) for key, given in document["tasks"].items()}
targets = [key_of(key) for key in document["targets"]]

if __name__ == "__main__":
    if len(sys.argv) > 1:
        from distributed import Client

        with Client(sys.argv[1]) as client:
            # Workers import this file.
            client.upload_file(__file__)
            here = importlib.import_module(pathlib.Path(__file__).stem)
            results = client.get(here.graph, targets)
    else:
        results = dask.threaded.get(graph, targets)
    for key, value in zip(targets, results):
        print(key, value, sep="\\n")
`;

/** An import from another module of the package. */
const OWN_IMPORT = /^from \.\S* import (\([^)]*\)|.*)$\n?/gm;

/** Any other import, at the start of a line. */
const IMPORT = /^(?:from (?!\.)\S+ import .*|import .*)$\n?/gm;

/**
 * @param {string} json the graph (src/graph/json.rs)
 * @param {string} title what it is
 * @returns {string}
 */
export function pythonFile(json, title) {
  const used = namesIn(json);
  const needed = KINDS.filter((source) => namesOf(source).some((name) => used.has(name)));
  const sources = [...COMMON, ...needed];
  const imports = new Set(
    sources.flatMap((source) => [...source.matchAll(IMPORT)].map(([line]) => line.trim())),
  );
  for (const name of [
    'ast',
    'importlib',
    'json',
    'pathlib',
    're',
    'sys',
    'threading',
    'dask.threaded',
  ]) {
    imports.add(`import ${name}`);
  }
  imports.add('from dataclasses import dataclass');
  imports.delete('from __future__ import annotations');
  // Attempts are counted by operations, which come after.
  const [first, ...rest] = [...COMMON.map(bodyOf), RETRIES, ...needed.map(bodyOf)];
  return `\
"""${title.replaceAll('\\', '/').replaceAll('"', "'")}

A task graph, written by dagdeck. It needs dask and numpy:

    python FILE                            on the threads of this machine
    python FILE tcp://scheduler:8786       on a cluster
"""

from __future__ import annotations

${[...imports].toSorted().join('\n')}

${[first, ...rest].map((body) => body.trim()).join('\n\n\n')}


# In a raw string: JSON never has three quotation marks in a row.
GRAPH = r"""
${json.trim()}
"""


${MAIN}`;
}

/**
 * A module without its docstring and its imports. All is in one file now.
 *
 * @param {string} source
 */
function bodyOf(source) {
  return source
    .replace(/^"""[^]*?"""\n/, (text) => `# --- ${text.slice(3).split(/[.:]? *(?:\n|""")/)[0]}\n`)
    .replace(OWN_IMPORT, '')
    .replace(IMPORT, '')
    .replaceAll(/\bchecked\./g, '');
}

/**
 * The operations that a module defines.
 *
 * @param {string} source
 */
function namesOf(source) {
  const registered = [...source.matchAll(/\btwin\(\s*"([\w-]+)"/g)];
  const listed = [...source.matchAll(/^ {4}"(\w+)": np\./gm)];
  const reduced = /^REDUCTIONS = \(([^)]*)\)/m.exec(source)?.[1].match(/\w+/g) ?? [];
  return [...registered, ...listed].map(([, name]) => name).concat(reduced);
}

/**
 * The operations that a graph uses.
 *
 * @param {string} json
 * @returns {Set<string>}
 */
function namesIn(json) {
  const names = /** @type {Set<string>} */ (new Set());
  const look = (/** @type {unknown} */ op) => {
    if (typeof op === 'string') names.add(op);
    else if (typeof op === 'object' && op !== null) {
      for (const [name, parameters] of Object.entries(op)) {
        names.add(name);
        if (name === 'fused') for (const part of parameters) look(part.op);
      }
    }
  };
  for (const { op } of Object.values(JSON.parse(json).tasks)) look(op);
  return names;
}
