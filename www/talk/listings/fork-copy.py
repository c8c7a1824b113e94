from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

method = "both"
value = 42

counter = 0

def add(n):
    global counter
    counter += n
    return counter

def both_sides(child):
    global counter
    counter = value
    yield child.submit(add, 0).result()
    yield child.submit(add, 1).result()
    yield counter
    counter = 7
    yield child.submit(add, 0).result()

def run(name):
    context = get_context(name)
    with ProcessPoolExecutor(1, context) as child:
        print(name, *both_sides(child))

if __name__ == "__main__":
    for name in ["fork", "spawn"]:
        if method in [name, "both"]:
            run(name)
