import operator, time
from concurrent.futures import (
    FIRST_COMPLETED, ThreadPoolExecutor, wait)

groups = 4
loads = 6
max_workers = 3

def load(x):
    time.sleep(0.03)
    return x

def listing(group):          # a call that submits calls
    first = group * loads
    return [executor.submit(load, x)
            for x in range(first, first + loads)]

with ThreadPoolExecutor(max_workers) as executor:
    pending = {executor.submit(listing, group)
               for group in range(groups)}
    numbers = []
    while pending:
        done, pending = wait(
            pending, return_when=FIRST_COMPLETED)
        for result in (future.result() for future in done):
            if isinstance(result, list):
                pending.update(result)
            else:
                numbers.append(result)
        while len(numbers) > 1:
            pending.add(executor.submit(
                operator.add, numbers.pop(), numbers.pop()))
print(numbers[0])
