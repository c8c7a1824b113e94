width = max(int(tasks ** 0.5), 2)
needs = [[]]
for _ in range(max((tasks - 1) // (width + 1), 1)):
    n = len(needs)
    needs += [[n - 1] for i in range(width)]
    needs += [range(n, n + width)]
