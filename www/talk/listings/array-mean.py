import dask.array as da

n = 4000
chunk = 500
seed = 0
scheduler = "threads"
workers = 4

rng = da.random.default_rng(seed)
x = rng.normal(size=(n, n), chunks=chunk)
mean = (x + x.T).mean(axis=0)
print(mean.compute(scheduler=scheduler,
                   num_workers=workers))
