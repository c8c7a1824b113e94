n = 2
while (n + 1)**2 * (n + 4) <= tasks:
    n += 1
k = max((tasks - n*n) // (n*n + 2*n), 2)
needs = [[] for block in range(2*n*k)]
for i in range(n):
    for j in range(n):
        first = len(needs)
        needs += [[i*k + l, n*k + n*l + j]
                  for l in range(k)]
        needs += [range(first, first + k)]
