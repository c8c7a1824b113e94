from concurrent.futures import ThreadPoolExecutor, as_completed
import time

def fetch(page):
    time.sleep(page / 4)
    return page * page

with ThreadPoolExecutor(max_workers=3) as pool:
    # in the order of the calls: [9, 1, 4]
    print(list(pool.map(fetch, [3, 1, 2])))

    futures = [pool.submit(fetch, page)
               for page in [3, 1, 2]]
    # as they finish: 1, 4, 9
    for future in as_completed(futures):
        print(future.result())
