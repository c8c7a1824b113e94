needs = [[] for i in range(tasks)]
