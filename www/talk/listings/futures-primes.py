import time
from concurrent.futures import (
    ProcessPoolExecutor, ThreadPoolExecutor)

calls = 12
size = 50000
max_workers = 3

def primes(start):
    """How many primes are below start + size?"""
    return sum(
        all(n % d for d in range(2, int(n**0.5) + 1))
        for n in range(max(2, start), start + size))

def measure(executor):
    began = time.perf_counter()
    with executor:
        starts = range(0, calls * size, size)
        count = sum(executor.map(primes, starts))
    print(count, time.perf_counter() - began, "s")

if __name__ == "__main__":
    measure(ThreadPoolExecutor(1))
    measure(ThreadPoolExecutor(max_workers))
    measure(ProcessPoolExecutor(max_workers))
