n = max(int((tasks + 1) ** 0.5) - 1, 2)
needs = [[] for i in range(n)]
needs += [[i] for i in range(n) for j in range(n)]
needs += [range(n + j, n + n*n, n) for j in range(n)]
