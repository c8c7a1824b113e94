import dask.array as da
from dask.distributed import Client, LocalCluster

if __name__ == "__main__":
    cluster = LocalCluster(n_workers=2)
    with cluster, Client(cluster) as client:
        print(client.dashboard_link)  # http://...:8787/status

        x = da.ones((1000, 1000), chunks=250)
        print((x + x.T).sum().compute())  # 2000000.0

        future = client.submit(max, [3, 1, 2])
        print(future.result())  # 3
