"""Makes benches/RESULTS.md of what `make bench` measured, and beside it peers.json, from which the page tells what Dask
needs for the same tasks. Standard library only.

    python3 benches/report.py target/bench benches/RESULTS.md

All of the text that says how something came out is made from the figures, so that it cannot disagree with them. A figure
that was not measured is a dash.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

SHAPES = "independent", "chain", "tree", "fork-join", "random-layered"

# The aims; the first five are checked for each shape.
AIM_UNTRACED_NS = 60
AIM_TRACED_NS = 110
AIM_TIMES_BELOW_DASK = 400
AIM_TIMES_NATIVE = 3
AIM_FLAT = 2
AIM_EFFICIENCY = 0.95
AIM_ORDER_NS = 500
AIM_MANDELBROT = 1.2
# Seconds, by the number of nodes.
AIM_CLUSTER = {1000: 10, 10_000: 60}
# The cluster in the page: microseconds per task, how many times as long Dask takes, GB/s, and by how much a simulation may be
# wrong.
AIM_NODES_US = 20
AIM_NODES_BELOW_DASK = 20
AIM_NODES_GB_PER_S = 1
AIM_NODES_PREDICTED = 0.2
# As fractions of Dask's time on NumPy; OpenBLAS has wider vectors than a browser.
AIM_ARRAYS = {
    "normal(4000, 4000).mean()": 0.7,
    "(x + x.T).mean(axis=0)": 0.7,
    "(y + y.T)[::2, 2000:].mean(axis=1)": 1.0,
    "x.dot(x.T).sum()": 4.0,
}

# Kernels whose operations per second are reported in the text.
RATED = "matmul", "peak"


class Native:
    """Measurements on the host, from criterion's files: nanoseconds per task, per kernel and per message."""

    def __init__(self, folder):
        self.figures = {}
        self.kernels = {}
        self.messages = {}
        for path in folder.glob("**/new/benchmark.json"):
            about = json.loads(path.read_text())
            median = json.loads(path.with_name("estimates.json").read_text())["median"]["point_estimate"]
            if about["group_id"] in ("kernels", "messages"):
                getattr(self, about["group_id"])[about["function_id"]] = median, about["throughput"]
            else:
                key = about["group_id"], about["function_id"], int(about["value_str"])
                self.figures[key] = median / about["throughput"]["Elements"]

    def get(self, group, shape, size):
        return self.figures.get((group, shape, size))

    def order(self):
        """The size of the graphs that were ordered, and the cost of each."""
        rows = {shape: (size, ns) for (group, shape, size), ns in self.figures.items() if group == "order"}
        return next(size for size, _ in rows.values()), {shape: ns for shape, (_, ns) in rows.items()}


class Figures:
    """Nanoseconds per task of everything that ran the no-op graphs, and all other measurements as they are."""

    def __init__(self, folder):
        self.native = Native(folder / "criterion")
        self.browser = json.loads((folder / "browser.json").read_text())
        self.arrays = json.loads((folder / "arrays.json").read_text())
        self.dask = json.loads((folder / "dask.json").read_text())
        self.processes = json.loads((folder / "processes.json").read_text())
        self.cluster = json.loads((folder / "cluster.json").read_text())
        self.nodes = json.loads((folder / "nodes.json").read_text())
        self.dask_cluster = json.loads((folder / "dask_cluster.json").read_text())
        self.pools = json.loads((folder / "process_pools.json").read_text())
        self.interpreter = json.loads((folder / "interpreter.json").read_text())
        self.cpython = json.loads((folder / "interpreter_lock.json").read_text())
        self.page = json.loads((folder / "dask_page.json").read_text())
        self.workers = self.browser["workers"]
        self.sizes = sorted({row["size"] for row in self.browser["no_op"]})
        self.runs = {(row["shape"], row["size"], row["way"]): row["ns"] for row in self.browser["no_op"]}
        self.pool = {(row["shape"], row["size"]): row["ns"] for row in self.browser["pool"]}
        self.dasks = {(row["shape"], row["size"], row["scheduler"]): row for row in self.dask["no_op"]}

    def in_browser(self, shape, size, way="threads"):
        return self.runs.get((shape, size, way))

    def in_dask(self, shape, size, scheduler="threaded", part="us"):
        row = self.dasks.get((shape, size, scheduler))
        return row and row[part] * 1e3

    def in_pool(self, shape, size):
        return self.pool.get((shape, size))


def ratio(above, below):
    return None if above is None or below is None else above / below


def number(value, digits=None):
    """Three significant digits, unless the number of decimals is given."""
    if value is None:
        return "–"
    if digits is None:
        digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def table(header, rows, words=1):
    """A Markdown table. The first `words` columns hold words, the others numbers."""
    lines = ["| " + " | ".join(header) + " |"]
    lines.append("|" + "".join(" --- |" if i < words else " ---: |" for i in range(len(header))))
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)


# --- Where the measurements were made


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def first_value(path, field):
    """The first value of a field in one of the kernel's tables."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return None
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), None)


def processor():
    return first_value("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def memory():
    total = first_value("/proc/meminfo", "MemTotal")
    return f"{int(total.split()[0]) / 2**20:.0f} GiB" if total else "unknown memory"


def commit(results):
    name = output("git", "rev-parse", "--short=10", "HEAD")
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", ".", f":!{results}")
    return (name or "unknown") + (", with changes" if changed else "")


def conditions(figures, results):
    versions = {"rustc": output("rustc", "--version").removeprefix("rustc ")}
    versions |= figures.browser["versions"] | figures.dask["versions"]
    return table(
        ["", ""],
        [
            ["machine", f"{processor()}, {os.cpu_count()} cores, {memory()}; {platform.system()} {platform.release()}"],
            ["versions", ", ".join(f"{name} {version}" for name, version in versions.items() if version)],
            ["dagdeck", f"commit {commit(results)}"],
            ["date", datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")],
        ],
        words=2,
    )


# --- Aims


def verdict(values, holds):
    """Whether a row of figures, one per shape, reaches its aim."""
    missed = [shape for shape, value in values.items() if value is not None and not holds(value)]
    if not any(value is not None for value in values.values()):
        return "not measured"
    return f"**not reached**: {', '.join(missed)}" if missed else "reached"


def worst(values):
    values = [value for value in values if value is not None]
    return max(values) if values else None


def aims_by_shape(figures):
    smallest, largest = figures.sizes[0], figures.sizes[-1]
    browser, native = figures.in_browser, figures.native.get

    def of_sizes(shape):
        return [ns for size in figures.sizes if (ns := browser(shape, size)) is not None]

    def times_native(shape):
        return worst(ratio(browser(shape, size), native("threads", shape, size)) for size in figures.sizes)

    def below_dask(shape):
        return ratio(figures.in_dask(shape, smallest), browser(shape, smallest))

    rows = [
        (
            f"a task of {largest:,}, no trace: at most {AIM_UNTRACED_NS} ns",
            lambda shape: browser(shape, largest),
            lambda ns: ns <= AIM_UNTRACED_NS,
        ),
        (
            f"a task of {largest:,}, traced: at most {AIM_TRACED_NS} ns",
            lambda shape: browser(shape, largest, "threads, traced"),
            lambda ns: ns <= AIM_TRACED_NS,
        ),
        (
            f"Dask's threaded scheduler takes at least {AIM_TIMES_BELOW_DASK} times as long, {smallest:,} tasks",
            below_dask,
            lambda times: times >= AIM_TIMES_BELOW_DASK,
        ),
        (
            f"at most {AIM_TIMES_NATIVE} times the native build, worst size",
            times_native,
            lambda times: times <= AIM_TIMES_NATIVE,
        ),
        (
            f"flat from {smallest:,} to {largest:,} tasks: slowest / fastest at most {AIM_FLAT}",
            lambda shape: ratio(max(of_sizes(shape)), min(of_sizes(shape))),
            lambda times: times <= AIM_FLAT,
        ),
    ]
    lines = []
    for aim, figure, holds in rows:
        values = {shape: figure(shape) for shape in SHAPES}
        lines.append([aim, *(number(value) for value in values.values()), verdict(values, holds)])
    return table(["in Chromium", *SHAPES, ""], lines)


def aims(figures):
    compared = figures.browser["workers_compared"]
    size, order = figures.native.order()
    reached = {True: "reached", False: "**not reached**"}
    dearest = max(order, key=order.get)
    rows = [
        [
            f"parallel efficiency of {figures.workers} workers, at least {AIM_EFFICIENCY}",
            number(efficiency(figures), 3),
            reached[efficiency(figures) >= AIM_EFFICIENCY],
        ],
        [
            f"the static order of {size:,} tasks (native): at most {AIM_ORDER_NS} ns per task, slowest shape ({dearest})",
            number(order[dearest]),
            reached[order[dearest] <= AIM_ORDER_NS],
        ],
    ]
    text = table(["", "figure", ""], rows)
    one, two = compared["runs"]
    note = (
        f"Efficiency is t1 / ({two['workers']} × t{two['workers']}), of {compared['tasks']:,} tasks of about "
        f"{compared['work']:,} µs, in alternating runs with one worker and with {two['workers']}. Makespans: "
        f"{number(one['makespan_ms'])} and {number(two['makespan_ms'])} ms. Time inside tasks: "
        f"{number(one['work_ms'])} and {number(two['work_ms'])} ms in total. With {two['workers']} workers each task took "
        f"{number(two['work_ms'] / one['work_ms'], 3)} times as long, which is due to the machine. Of "
        f"the workers' time, {number(busy(two) * 100, 1)} % was spent in tasks."
    )
    return text + "\n\n" + note


def efficiency(figures):
    one, two = figures.browser["workers_compared"]["runs"]
    return one["makespan_ms"] / (two["workers"] * two["makespan_ms"])


def busy(run):
    return run["work_ms"] / (run["workers"] * run["makespan_ms"])


# --- Tables


def each(figures):
    return ((shape, size) for shape in SHAPES for size in figures.sizes)


def costs(figures):
    rows = [
        [
            shape,
            f"{size:,}",
            number(figures.native.get("threads", shape, size)),
            number(figures.native.get("threads, traced", shape, size)),
            number(figures.native.get("sync", shape, size)),
            number(figures.in_browser(shape, size)),
            number(figures.in_browser(shape, size, "threads, traced")),
            number(figures.in_browser(shape, size, "sync")),
            number(figures.in_pool(shape, size)),
            number(figures.in_dask(shape, size)),
            number(figures.in_dask(shape, size, part="whole_us")),
            number(figures.in_dask(shape, size, "sync")),
        ]
        for shape, size in each(figures)
    ]
    header = ["shape", "tasks", "native", "traced", "sync", "Chromium", "traced", "sync"]
    return table([*header, "JS pool", "Dask threaded", "with preparation", "Dask sync"], rows)


def ratios(figures):
    def row(shape, size):
        browser, sync = figures.in_browser(shape, size), figures.in_browser(shape, size, "sync")
        traced = figures.in_browser(shape, size, "threads, traced")
        yield number(ratio(browser, figures.native.get("threads", shape, size)))
        yield number(ratio(traced, figures.native.get("threads, traced", shape, size)))
        yield number(ratio(figures.in_dask(shape, size), browser))
        yield number(ratio(figures.in_dask(shape, size, "sync"), sync))
        yield number(ratio(figures.in_pool(shape, size), browser))

    rows = [[shape, f"{size:,}", *row(shape, size)] for shape, size in each(figures)]
    header = ["Chromium / native", "the same, traced", "Dask threaded / Chromium", "Dask sync / Chromium sync"]
    return table(["shape", "tasks", *header, "JS pool / Chromium"], rows)


def microseconds(figures):
    rows = [
        [
            f"{row['size']:,}",
            number(row["untraced_ns"]),
            number(row["traced_ns"]),
            number(row["traced_ns"] - row["untraced_ns"], 0),
        ]
        for row in figures.browser["busy_us"]
    ]
    return table(["tasks", "no trace", "traced", "difference"], rows)


def order(figures):
    _, costs_ns = figures.native.order()
    cheapest_first = sorted(costs_ns.items(), key=lambda item: item[1])
    return table(["shape", "ns per task"], [[shape, number(ns)] for shape, ns in cheapest_first])


def arrays(figures):
    def verdict_of(value, aim):
        return f"{'reached' if value <= aim else '**not reached**'}: at most {aim}"

    rows = [
        [f"`{row['name']}`", number(row["ms"]), number(row["dask_ms"]), number(share), verdict_of(share, aim)]
        for row in figures.arrays["arrays"]
        for share, aim in [(row["ms"] / row["dask_ms"], AIM_ARRAYS[row["name"]])]
    ]
    set_ = figures.arrays["mandelbrot"]
    share = set_["ms"] / set_["native_ms"]
    rows.append(
        [
            f"Mandelbrot set, {set_['n']} × {set_['n']}, compared with the host",
            number(set_["ms"]),
            number(set_["native_ms"]),
            number(share),
            verdict_of(share, AIM_MANDELBROT),
        ]
    )
    return table(["", "Chromium, ms", "peer, ms", "ratio", ""], rows)


def rated(name, ns, throughput):
    """A time, and what it is as a rate."""
    ((unit, amount),) = throughput.items()
    return [name, number(ns / 1e3), number(amount / ns), "GB/s" if unit == "Bytes" else "elements/ns"]


def kernels(figures):
    rows = [
        rated(name, *measured) for name, measured in figures.native.kernels.items() if name not in RATED
    ]
    return table(["kernel", "µs", "", ""], rows)


def messages(figures):
    rows = [rated(name, *measured) for name, measured in figures.native.messages.items()]
    return table(["", "µs", "", ""], rows)


def processes(figures):
    ours = figures.processes
    shapes = ["independent", "tree", "chain"]
    us = {(row["start"], row["shape"]): row for row in ours["no_op"]}
    started = {row["start"]: row["ms"] for row in ours["start"]}
    rows = [
        [f"`processes`, {start}", *(number(us[start, shape]["us"]) for shape in shapes),
         number(statistics.median(us[start, shape]["us_after_start"] for shape in shapes)), number(started[start])]
        for start in started
    ]
    rows += [[row["name"], number(row["us"]), *["–"] * (len(shapes) + 1)] for row in figures.pools["pools"]]
    block = ours["block"]
    ways = [("serialize", "serialize"), ("down", "to a process"), ("up", "to the engine"), ("deserialize", "deserialize")]
    rates = ", ".join(f"{name} {number(block[key])}" for key, name in ways)
    pools = ", ".join(f"{row['name']} {number(row['gb_per_s'])}" for row in figures.pools["pools"])
    return f"""\
{table(["µs per task", *shapes, "after the start", "first process there, ms"], rows)}

A block of 8 MB, GB/s: {rates}. The same there and back, pickled, through Python's pools: {pools}."""


def cluster_page(figures):
    us = figures.page["us"]
    return table(["µs per task", *us], [["Dask's distributed", *map(number, us.values())]])


def cluster(figures):
    seconds = {(row["shape"], row["nodes"]): row["seconds"] for row in figures.cluster["seconds"]}
    shapes = list(dict.fromkeys(shape for shape, _ in seconds))
    rows = []
    for nodes, aim in AIM_CLUSTER.items():
        values = {shape: seconds.get((shape, nodes)) for shape in shapes}
        name = f"{nodes:,} nodes: at most {aim} s"
        rows.append([name, *map(number, values.values()), verdict(values, lambda value, aim=aim: value <= aim)])
    return table(["seconds", *shapes, ""], rows)


def nodes(figures):
    ours = {(row["shape"], row["nodes"]): row["us"] for row in figures.nodes["no_op"]}
    theirs = {(row["shape"], row["nodes"]): row["us"] for row in figures.dask_cluster["no_op"]}
    shapes = list(dict.fromkeys(shape for shape, _ in ours))
    rows = []
    for count in dict.fromkeys(count for _, count in ours):
        below = {shape: ratio(theirs.get((shape, count)), ours[shape, count]) for shape in shapes}
        name = "1 node" if count == 1 else f"{count} nodes"
        us = {shape: ours[shape, count] for shape in shapes}
        dasks = (number(theirs.get((shape, count))) for shape in shapes)
        rows += [
            [f"{name}, µs: at most {AIM_NODES_US}", *map(number, us.values()), verdict(us, lambda us: us <= AIM_NODES_US)],
            [f"Dask, {name}, µs", *dasks, ""],
            [f"Dask / {name}: at least {AIM_NODES_BELOW_DASK}", *map(number, below.values()),
             verdict(below, lambda times: times >= AIM_NODES_BELOW_DASK)],
        ]
    start_ms = statistics.median(row["start_ms"] for row in figures.nodes["no_op"])
    moves = figures.nodes["moves"]
    reached = "reached" if moves["gb_per_s"] >= AIM_NODES_GB_PER_S else "**not reached**"
    return f"""\
{table(["per task", *shapes, ""], rows)}

The first node is there {number(start_ms)} ms after the start of a run.

A block of {moves["mb"]:,.0f} MB between two nodes of the page: {number(moves["gb_per_s"])} GB/s from the request until the node
has the value ({reached}: at least {AIM_NODES_GB_PER_S}), {number(moves["moved_gb_per_s"])} GB/s until its bytes are there;
medians of {moves["count"]} transfers."""


def predicted(figures):
    compared = figures.nodes["compared"]
    rows, errors = [], []
    for row in compared["rows"]:
        errors.append(row["simulated_ms"] / row["real_ms"] - 1)
        ms = number(row["real_ms"], 0), number(row["simulated_ms"], 0)
        rows.append([row["shape"], number(row["work"], 0), *ms, f"{errors[-1]:+.0%}"])
    within = sum(abs(error) <= AIM_NODES_PREDICTED for error in errors)
    return f"""\
A decision takes {number(compared["decision_ms"] * 1000)} µs, a message {number(compared["latency_ms"] * 1000)} µs, and the first
node is there after {number(compared["start_ms"])} ms. The aim is a difference of at most {AIM_NODES_PREDICTED:.0%}. It is reached
in {within} of {len(errors)} runs; the largest difference is {max(errors, key=abs):+.0%}.

{table(["shape", "task, ms", "page, ms", "simulated, ms", "difference"], rows)}"""


def interpreter(figures):
    ours, theirs = figures.interpreter, figures.cpython

    def pair(name, one, two):
        return [name, number(one), number(two), number(ratio(one, two))]

    held, without, hashed = ours["count"], ours["count without"], ours["hash"]
    rows = [
        pair("counting", held["interval, 1 thread"], held["interval, 2 threads"]),
        pair("counting, no lock", without["none, 1 thread"], without["none, 2 threads"]),
        pair("counting, CPython", *theirs["count"]),
        pair("hash, which holds the lock", hashed["one thread"], hashed["2 threads, held"]),
        pair("hash, which releases it", hashed["one thread"], hashed["2 threads, nogil"]),
        pair("hash, pandas, which releases it", *theirs["hash"]),
    ]
    convoy = ours["convoy"]
    calls = [["calls alone", number(convoy.get("calls alone")), number(theirs["alone"])]]
    for row in theirs["convoy"]:
        name = f"interval {row['interval_ms']:g} ms"
        calls.append([name, number(convoy.get(name)), number(row["calls_per_s"])])
    calls.append(["no lock", number(convoy.get("no lock")), "–"])
    return f"""\
{table(["", "1 thread, ms", "2 threads, ms", "times as fast"], rows)}

Calls per second of a thread that makes short calls, beside one that counts:

{table(["", "here", "CPython"], calls)}"""


def products(figures):
    """The speed of matrix products, in 10^9 operations per second, and how close it is to the maximum."""
    rates = {name: amount["Elements"] / ns for name, (ns, amount) in figures.native.kernels.items() if name in RATED}
    matmul = figures.arrays["matmul"]
    browser = matmul["flops"] / matmul["ms"] / 1e6
    native, peak = rates["matmul"], rates.get("peak")
    text = (
        f"A product of matrices of {matmul['n']} × {matmul['n']} in blocks of 500, on one worker: {number(browser)} Gflop/s "
        f"in Chromium; one block on the host, {number(native)}."
    )
    if not peak:
        return text
    return text + (
        f" Multiplications and additions of two doubles, in enough registers to keep the processor busy, reach "
        f"{number(peak)} Gflop/s here, the maximum with 128-bit vectors: {number(100 * browser / peak, 0)} % of it in Chromium, "
        f"{number(100 * native / peak, 0)} % on the host."
    )


def report(figures, results):
    rounds, workers = figures.browser["rounds"], figures.workers
    order_size, _ = figures.native.order()
    once = sorted({row["size"] for row in figures.browser["pool"] if row["runs"] == 1})
    once_in_dask = sorted({(row["shape"], row["size"]) for row in figures.dask["no_op"] if row["runs"] == 1})
    once_text = "".join(
        [
            f" The pool's graphs of {', '.join(f'{size:,}' for size in once)} tasks ran once." if once else "",
            *(f" Dask's {shape} of {size:,} tasks ran once." for shape, size in once_in_dask),
        ]
    )
    return f"""\
# What it costs

Made by `make bench`: everything was measured in one go, on one machine, and `benches/report.py` wrote this text.

{conditions(figures, results)}

## The aims

{aims_by_shape(figures)}

{aims(figures)}

## Tasks that do nothing: nanoseconds per task

The makespan divided by the number of tasks, with {workers} workers except for sync. Building the graph and its plan
is not counted. Dask orders a graph and fills its tables in each run; that is not counted either, except in one column.
All run the same graphs, those of `src/graph/gallery`.

- **native**: the crate on the host, `benches/engine.rs` (criterion, 10 samples).
- **Chromium**: the built site, headless, `www/bench`; median of {rounds} runs after {rounds} that are not counted.
- **JS pool**: npm's workerpool in the same browser, {workers} workers, one message in each direction per task.
- **Dask**: the local schedulers, `benches/dask_overhead.py`.

A dash means: not measured, because it would take minutes.{once_text}

{costs(figures)}

## Ratios

Dask's time is without preparation.

{ratios(figures)}

## Tasks of about 1 µs, traced and untraced

No-op tasks share clock reads (see `src/trace/mod.rs`), so the traced figures above do not include one for each task.
The tasks here, independent ones of program `busy` with work of 1 µs, each read the clock. Makespan × {workers} workers /
tasks in ns, work included. The difference is the cost of tracing per task.

{microseconds(figures)}

## The static order

Native, for graphs of about {order_size:,} tasks. [`order.md`](order.md) shows how good the orders are.

{order(figures)}

## Arrays

The whole `compute` of an array in blocks of 500 × 500: its graph, its order and its run, on {workers} workers. Dask's
threaded scheduler on NumPy ({workers} threads, one thread per BLAS call) computes the same values. It takes turns with the
page (`www/bench/arrays.bench.js`), and so does the host's build, which runs the same Mandelbrot program. Medians of
{figures.arrays['rounds']} rounds after warm-up.

{arrays(figures)}

{products(figures)}

## Kernels

One block of 500 × 500 doubles (the Mandelbrot set: 256 × 256 points) on one core of the host, `benches/kernels.rs`.

{kernels(figures)}

## Processes

Tasks that do nothing, {figures.processes['workers']} processes, in Chromium: `www/bench/processes.bench.js`, medians of
{figures.processes['rounds']} runs. The start of the processes is counted, except where it says so. Python's pools have as
many processes, which run already, and {figures.pools['calls']:,} calls that are submitted at once: `benches/process_pools.py`.

{processes(figures)}

## A page on a Dask cluster

{figures.page['tasks']:,} tasks that do nothing on a scheduler and two workers of Dask, with no page, with one that watches,
and with one that runs the graph and is told of every task: `benches/dask_page.py`, medians of {figures.page['turns']} turns.

{cluster_page(figures)}

## A cluster in the page

{figures.nodes['tasks']:,} tasks that do nothing, with `scheduler: 'cluster'` in Chromium: `www/bench/nodes.bench.js`, medians of
{figures.nodes['rounds']} runs, from when the first node is there. Beside it Dask's `LocalCluster` with as many workers, which
run already, on the same graphs: `benches/dask_cluster.py`, medians of {figures.dask_cluster['rounds']} runs.

{nodes(figures)}

### How well a simulation predicts it

Graphs of about {figures.nodes['compared']['tasks']} tasks that sleep, on {figures.nodes['compared']['nodes']} nodes in the page:
medians of {figures.nodes['compared']['rounds']} runs. Beside them `cluster-simulate` with as many nodes, and parameters
that were measured in the same page with other runs.

{predicted(figures)}

## A simulated cluster

The time in which a run of {figures.cluster['tasks']:,} tasks on a cluster is simulated in Chromium, `www/bench/cluster.bench.js`,
with the program's default parameters: once each. How well the simulation predicts a real cluster is in `benches/cluster.md`.

{cluster(figures)}

## Interpreter lock

Threads under a lock like CPython's, live in Chromium: `www/bench/interpreter.bench.js`, medians of
{figures.interpreter['rounds']} runs. Beside them CPython {figures.cpython['python']} with pandas {figures.cpython['pandas']},
which has its lock always: `benches/interpreter_lock.py`. Both count as far, but a count here is not a loop of Python, so
compare how much faster two threads are, and how calls get fewer as the switch interval grows.

{interpreter(figures)}

## Messages

A block of 8 MiB and an operation in the binary form (`src/binary`), beside a plain copy of the block's elements, on the host,
`benches/kernels.rs`.

{messages(figures)}
"""


def peers(figures):
    """Dask's cost of a task that does nothing, by scheduler and shape, in the smallest graphs measured."""
    tasks = figures.sizes[0]

    def ns_per_task(scheduler):
        costs = {shape: figures.in_dask(shape, tasks, scheduler) for shape in SHAPES}
        return {shape: round(ns) for shape, ns in costs.items() if ns is not None}

    return {
        "name": "Dask",
        "versions": figures.dask["versions"],
        "machine": f"{processor()}, {os.cpu_count()} cores",
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "tasks": tasks,
        "nsPerTask": {"threads": ns_per_task("threaded"), "sync": ns_per_task("sync")},
    }


if __name__ == "__main__":
    folder, results = sys.argv[1:]
    figures = Figures(Path(folder))
    Path(results).write_text(report(figures, results))
    Path(results).with_name("peers.json").write_text(json.dumps(peers(figures), indent=2) + "\n")
