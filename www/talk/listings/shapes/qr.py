n = max((tasks - 4) // 6, 1)
needs = [[] for i in range(n)]
needs += [[i] for i in range(n)]
needs += 2 * [[n + i] for i in range(n)]
needs += [range(3*n, 4*n), [4*n], [4*n + 1], [4*n + 1]]
needs += [[4*n + 2] for i in range(n)]
needs += [[2*n + i, 4*n + 4 + i] for i in range(n)]
