import time
from concurrent.futures import (
    ProcessPoolExecutor, ThreadPoolExecutor)
from math import isqrt

calls = 12
size = 50000
max_workers = 3

def is_prime(n):
    return n > 1 and all(
        n % d for d in range(2, isqrt(n) + 1))

def primes(start):
    return sum(map(
        is_prime, range(start, start + size)))

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
