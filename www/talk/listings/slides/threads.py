import threading
import time

pages = {}

def fetch(name):
    time.sleep(1)  # blocks, and lets go of the lock
    pages[name] = f"page {name}"

threads = [threading.Thread(target=fetch, args=(name,))
           for name in "abcd"]

start = time.perf_counter()
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
seconds = round(time.perf_counter() - start)
print(len(pages), "pages,", seconds, "s")  # 4 pages, 1 s
