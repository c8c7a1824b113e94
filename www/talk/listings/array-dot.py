import dask.array as da

n = 1500
chunk = 500
seed = 0
scheduler = "threads"
workers = 4

rng = da.random.default_rng(seed)
z = rng.random((n, n), chunks=chunk)
total = z.dot(z.T).sum()
print(total.compute(scheduler=scheduler,
                    num_workers=workers))
