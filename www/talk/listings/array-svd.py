import dask.array as da

n = 20000
columns = 50
chunk = 2000
seed = 0
scheduler = "threads"
workers = 4

rng = da.random.default_rng(seed)
x = rng.random((n, columns),
               chunks=(chunk, columns))
u, s, v = da.linalg.svd(x)
print(s.compute(scheduler=scheduler,
                num_workers=workers))
