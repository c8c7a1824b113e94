from threading import Lock, Thread

threads = 4
increments = 4194304

counter = 0
lock = Lock()

def one():
    return 1

def unlocked():
    global counter
    for _ in range(increments):
        counter = counter + one()

def locked():
    global counter
    for _ in range(increments):
        with lock:
            counter += one()

for target in [unlocked, locked]:
    counter = 0
    workers = [Thread(target=target)
               for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    expected = threads * increments
    print(expected, counter, expected - counter)
