import threading
import time

pages = {}

def fetch(name):
    time.sleep(1)  # blocks, and releases the lock
    pages[name] = f"page {name}"

threads = [threading.Thread(target=fetch, args=(name,)) for name in "abcd"]

start = time.perf_counter()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
seconds = time.perf_counter() - start
print(len(pages), f"pages, {seconds:.0f} s")  # 4 pages, 1 s
