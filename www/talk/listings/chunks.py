import dask.array as da

n = 4000
chunk = 500
seed = 0
scheduler = "threads"
workers = 4

rng = da.random.default_rng(seed)
x = rng.random((n, n), chunks=chunk)
print(x.sum().compute(
    scheduler=scheduler,
    num_workers=workers))
