import time
from concurrent.futures import (
    CancelledError, ThreadPoolExecutor, as_completed)

downloads = 16
wait = 40
max_workers = 3

def download(page):
    time.sleep(wait / 1e3 * (1 + page * 3 % 5))
    if page == 2:
        raise OSError("HTTP Error 404: Not Found")
    return 1000 + 137 * page

executor = ThreadPoolExecutor(max_workers)
pages = {executor.submit(download, page): page
         for page in range(downloads)}
list(pages)[-1].cancel()
for future in as_completed(pages):
    try:
        said = future.result()
    except (CancelledError, OSError) as error:
        said = repr(error)
    print(f"page-{pages[future]}", said)
executor.shutdown()
