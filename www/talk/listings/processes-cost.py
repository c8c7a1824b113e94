import time
from concurrent.futures import ProcessPoolExecutor

calls = 8
max_workers = 3

def busy(data, loops):
    for _ in range(loops):
        pass

def measure(map, data, loops):
    began = time.perf_counter()
    list(map(busy, data, loops))
    return time.perf_counter() - began

def times_as_fast(pool, ms, kib):
    data = [bytes(kib << 10)] * calls
    loops = [int(ms / 1e3 / per_loop)] * calls
    return (measure(map, data, loops)
            / measure(pool.map, data, loops))

if __name__ == "__main__":
    many = 1_000_000
    per_loop = measure(map, [b""], [many]) / many
    with ProcessPoolExecutor(max_workers) as pool:
        # The first calls start the processes.
        measure(pool.map, [b""] * 8, [many] * 8)
        for ms in [10, 3, 1, 0.3, 0.1]:
            for kib in [1, 8, 64, 512, 4096]:
                times = times_as_fast(pool, ms, kib)
                print(f"{ms} ms {kib} KiB {times:.2g}")
