import multiprocessing

seen = []

def squares(limit):
    seen.append(limit)
    return sum(i * i for i in range(limit))

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        sums = pool.map(squares, [10, 100, 1000])
    print(sums)  # [285, 328350, 332833500]
    print(seen)  # []
