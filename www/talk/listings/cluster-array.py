import dask.array as da
from dask.distributed import Client

array = "mean"
n = 2000
chunk = 500
columns = 50
seed = 0
nodes = 4

client = Client(
    n_workers=nodes,
    processes=False,
    threads_per_worker=1,
)
rng = da.random.default_rng(seed)
if array == "mean":
    x = rng.normal(size=(n, n), chunks=chunk)
    result = (x + x.T).mean(axis=0)
else:
    x = rng.random((n, columns),
                   chunks=(chunk, columns))
    q, r = da.linalg.qr(x)
    result = abs(q.dot(r) - x).max()
print(result.compute())
client.close()
