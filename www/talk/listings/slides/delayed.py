from dask import delayed

@delayed
def load(day):
    return range(day)

@delayed
def clean(rows):
    return [row for row in rows if row % 2]

@delayed
def total(parts):
    return sum(map(sum, parts))

parts = [clean(load(day)) for day in range(5)]
answer = total(parts)
print(len(answer.dask), "tasks")  # 11 tasks
print(answer.compute())  # 6
