import dask
import dask.array as da

x = da.ones((1000, 1000), chunks=500)
total = (x + x.T).sum()  # a collection
graph = dict(total.dask)  # its graph: a dictionary
keys = total.__dask_keys__()  # the tasks whose values we want
print(len(graph), "tasks")  # 17 tasks
print(*dask.get(graph, keys))  # 2000000.0
