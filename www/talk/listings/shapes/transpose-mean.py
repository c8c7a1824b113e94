n = max(int((tasks * 3 / 13) ** 0.5), 1)
needs = [[] for i in range(n*n)]
needs += [[i] for i in range(n*n)]
needs += [[n*i + j, n*n + n*j + i]
          for i in range(n) for j in range(n)]
needs += [[2*n*n + i] for i in range(n*n)]
for j in range(n):
    row = range(3*n*n + j, 4*n*n, n)
    while len(row) > 1:
        first = len(needs)
        needs += [row[i:i + 4]
                  for i in range(0, len(row), 4)]
        row = range(first, len(needs))
