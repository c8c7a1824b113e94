n = max(tasks * 7 // 15, 1)
needs = [[] for i in range(n)]
needs += [[i] for i in range(n)]
row = range(n, 2*n)
while len(row) > 1:
    n = len(needs)
    needs += [row[i:i + 8]
              for i in range(0, len(row), 8)]
    row = range(n, len(needs))
