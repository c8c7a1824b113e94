width = max(int(tasks ** 0.5), 2)
needs = [[] for i in range(width)]
for step in range(1, max(tasks // width, 2)):
    row = range((step - 1) * width, step * width)
    needs += [row[max(i - 1, 0):i + 2]
              for i in range(width)]
