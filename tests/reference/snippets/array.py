# what an array says about itself
import dask.array as da
x = da.ones((40, 30), chunks=(10, 15))
print(x)
print(x.shape, x.dtype, x.chunks, x.numblocks, x.chunksize, x.npartitions, x.ndim, x.size, x.nbytes, len(x))
print(x.T, x[0], x.sum(), (x > 0), x.mean(axis=1))

# operators and reductions
import dask.array as da
x = da.arange(12, chunks=5).reshape((3, 4))
print((x + 1).compute(), (2 * x - x / 2).sum().compute(), (x % 2 == 0).compute(), (-x).min().compute(), abs(x).max().compute())
print(x.sum(axis=0).compute(), x.mean().compute(), x.std(axis=1).compute(), x.var().compute(), x.argmax().compute())
print((x @ x.T).compute(), x.dot(x.T).sum().compute(), (x**2).compute(), (x // 5).compute(), ((x > 2) & (x < 7)).sum().compute())

# results are NumPy's
import dask.array as da
import numpy as np
x = da.linspace(0, 1, 5, chunks=2)
value = x.compute()
print(repr(value), type(value).__name__, repr(x.sum().compute()), x.sum().compute() / 2)
print(np.sqrt(x), np.sqrt(x).compute(), np.ones(5) + x, np.asarray(x), float(x.sum()), np.mean(x).compute())

# random numbers are Dask's
import dask.array as da
rng = da.random.default_rng(42)
print(rng.normal(size=(4, 4), chunks=2).compute())
print(rng.random((3,), chunks=3).compute(), rng.integers(0, 10, size=5, chunks=5).compute(), rng.uniform(1, 2, size=2, chunks=2).compute())
print(rng.poisson(3, size=6, chunks=3).compute(), rng.exponential(size=2, chunks=2).compute(), rng.normal(10, 2, (2, 2), chunks=1).compute())
print(rng.permutation(5).compute(), rng.choice(10, size=4, chunks=2).compute(), rng.integers(5, size=3, chunks=3, endpoint=True).compute())

# slices and masks
import dask.array as da
x = da.arange(20, chunks=6).reshape((4, 5))
print(x[1].compute(), x[:, ::2].compute(), x[-1, -1].compute(), x[x > 15].compute(), x[[0, 2]].compute(), x[None].shape, x[..., 0].compute())

# chunks
import dask.array as da
x = da.zeros((10, 10), chunks=4)
print(x.chunks, x.rechunk(5).chunks, x.rechunk((10, 2)).chunks, x.rechunk({0: 10}).chunks, x.rechunk(-1).numblocks)
print(da.ones((10, 10), chunks=((3, 7), (5, 5))).chunks, da.ones(10).chunks, da.ones((6, 6), chunks=(2, -1)).chunks)

# from NumPy and back
import dask.array as da
import numpy as np
x = da.from_array(np.arange(10), chunks=4)
print(x, x.chunks, x.compute(), da.from_array([1, 2, 3], chunks=2).sum().compute(), da.asarray(np.eye(2)).compute())

# joining
import dask.array as da
x = da.ones((2, 2), chunks=1)
print(da.concatenate([x, 2 * x], axis=1).compute(), da.stack([x, x]).shape, da.where(x > 0, x, 5).sum().compute())
print(da.maximum(x, 2).compute(), da.einsum("ij,jk->ik", x, x).compute(), da.tensordot(x, x, axes=1).compute(), da.full((2,), 7, chunks=1).compute())

# linear algebra
import dask.array as da
x = da.random.default_rng(1).random((60, 3), chunks=(20, 3))
q, r = da.linalg.qr(x)
u, s, v = da.linalg.svd(x)
print(q.shape, r.shape, bool(abs(q.dot(r) - x).max().compute() < 1e-12), s.compute().round(6), da.linalg.norm(x).compute().round(6))

# other functions
import dask.array as da
x = da.arange(10, chunks=4)
print(x.cumsum(axis=0).compute(), da.diff(x).compute(), da.flip(x, 0).compute(), x.topk(3).compute(), da.unique(x % 3).compute())
print(x.clip(2, 5).compute(), x.astype("float32").dtype, da.sqrt(x).sum().compute(), da.exp(x)[0].compute(), da.percentile(x * 1.0, 50).compute())
h, edges = da.histogram(x, bins=2, range=[0, 10])
print(h.compute(), edges, da.eye(3, chunks=2).compute(), da.zeros_like(x).sum().compute(), da.nanmean(x * 1.0).compute())

# several at once, and kept
import dask
import dask.array as da
x = da.random.default_rng(3).random((100,), chunks=10)
low, high = dask.compute(x.min(), x.max())
print(low < high, dask.compute(x.sum() > 0, [x.size, {"a": (x * 0).sum()}], 5))
kept = x.persist()
print(kept, kept.sum().compute() == x.sum().compute(), dask.persist(x)[0].chunks == x.chunks)

# schedulers
import dask
import dask.array as da
x = da.ones((8, 8), chunks=2)
print(x.sum().compute(scheduler="threads", num_workers=2), x.sum().compute(scheduler="synchronous"), x.sum().compute(scheduler="sync"))
with dask.config.set(scheduler="single-threaded"):
    print(x.sum().compute(), dask.config.get("scheduler"))
dask.config.set(num_workers=2)
print(x.sum().compute(), dask.is_dask_collection(x), dask.is_dask_collection(1))

# graphs
import dask
import dask.array as da
x = da.ones((1000, 1000), chunks=500)
total = (x + x.T).sum()
graph = dict(total.dask)
print(len(graph), *dask.get(graph, total.__dask_keys__()), len(x.__dask_keys__()), total.name.rsplit("-", 1)[0])

# functions of blocks
import dask.array as da
import numpy as np
x = da.arange(8, chunks=3)
print(x.map_blocks(lambda block: block * 2 + 1).compute(), da.map_blocks(np.sqrt, x * 1.0).compute(), x.map_blocks(np.add, 1).dtype)
def near(block):
    return np.roll(block, 1) + np.roll(block, -1)
print(x.map_overlap(near, 1, "periodic").compute(), x.map_overlap(near, 1, 0).compute(), x.map_overlap(near, 1, "nearest").dtype)
def scaled(a, b, factor=1):
    return factor * (a + b)
print(da.map_blocks(scaled, x, x[:, None], factor=3, dtype="int64").sum().compute())
print(x.map_blocks(near), x.map_overlap(near, 1, "reflect"))

# an exception in a function of blocks
import dask.array as da
def broken(block):
    raise LookupError("no such block")
da.ones(4, chunks=2).map_blocks(broken, dtype=float).compute()

# errors: shapes
import dask.array as da
da.ones(3, chunks=3) + da.ones(4, chunks=4)

# errors: truth
import dask.array as da
bool(da.ones(3, chunks=3))

# errors: scheduler
import dask.array as da
da.ones(3, chunks=3).compute(scheduler="nothing")

# errors: index
import dask.array as da
da.ones(3, chunks=3)[7]
