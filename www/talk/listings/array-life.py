import dask.array as da
import numpy as np

n = 512
chunk = 128
steps = 10
seed = 0
scheduler = "threads"
workers = 4

def life(board):
    near = sum(np.roll(board, (down, right), (0, 1))
               for down in (-1, 0, 1)
               for right in (-1, 0, 1)) - board
    return (near == 3) | board & (near == 2)

rng = da.random.default_rng(seed)
board = rng.random((n, n), chunks=chunk) < 0.3
board = board.astype("uint8")
for step in range(steps):
    board = board.map_overlap(life, 1, "periodic")
print(board.compute(scheduler=scheduler,
                    num_workers=workers))
