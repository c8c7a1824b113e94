import dask.array as da
import numpy as np

n = 512
chunk = 128
steps = 10
seed = 0
scheduler = "threads"
workers = 4

def heat(plate, rate):
    around = sum(np.roll(plate, shift, axis)
                 for shift in (-1, 1) for axis in (0, 1))
    return plate + rate * (around - 4 * plate)

rng = da.random.default_rng(seed)
hot = rng.random((n, n), chunks=chunk) < 0.01
plate = hot * 100.0
for step in range(steps):
    plate = plate.map_overlap(heat, 1, 0, rate=0.2)
print(plate.compute(scheduler=scheduler,
                    num_workers=workers))
