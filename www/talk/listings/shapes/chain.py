needs = [[]] + [[i] for i in range(tasks - 1)]
