n = max(tasks * 7 // 46, 1)
needs = [[] for i in range(n)]
needs += [[i] for i in range(n)]
needs += 4 * [[n + i] for i in range(n)]
for j in range(4):
    row = range((2 + j) * n, (3 + j) * n)
    while len(row) > 1:
        first = len(needs)
        needs += [row[i:i + 8]
                  for i in range(0, len(row), 8)]
        row = range(first, len(needs))
