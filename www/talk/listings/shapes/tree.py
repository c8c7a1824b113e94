needs = [[j for j in (2*i + 1, 2*i + 2) if j < tasks]
         for i in range(tasks)]
