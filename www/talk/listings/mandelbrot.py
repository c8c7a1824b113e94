import dask.array as da
import numpy as np

n = 600
chunk = 100
max_iter = 200
scheduler = "threads"
workers = 4

def mandelbrot(re, im, max_iter):
    x = y = count = 0 * (re + im)
    with np.errstate(all="ignore"):
        for i in range(max_iter):
            count = count + (x * x + y * y <= 4)
            x, y = x * x - y * y + re, 2 * x * y + im
    return count.astype("int32")

re = da.linspace(-2, 0.5, n, chunks=chunk)
im = da.linspace(-1.25, 1.25, n, chunks=chunk)
image = da.map_blocks(mandelbrot,
                      re, im[:, None],
                      max_iter=max_iter,
                      dtype="int32")
print(image.compute(scheduler=scheduler,
                    num_workers=workers))
