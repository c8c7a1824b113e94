import dask.array as da

n = 4000
chunk = 500
seed = 0
scheduler = "threads"
workers = 4

rng = da.random.default_rng(seed)
y = rng.random((n, n), chunks=chunk)
z = (y + y.T)[::2, n // 2:].mean(axis=1)
print(z.compute(scheduler=scheduler,
                num_workers=workers))
