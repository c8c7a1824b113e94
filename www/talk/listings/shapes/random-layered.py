width = int(tasks ** 0.5)
needs = [[] for i in range(width)]
for i in range(width, tasks):
    end = i // width * width
    needs += [[random.randrange(end - width, end)
               for _ in range(random.randint(1, 3))]]
