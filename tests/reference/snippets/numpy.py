# arrays and their text
import numpy as np
x = np.arange(12).reshape(3, 4)
print(x)
print(repr(x))
print(repr(x / 3), x.dtype, x.shape, x.ndim, x.size, x.nbytes, x.itemsize)
print(repr(x.astype("float32")), repr(x.astype(np.uint8)), repr(x > 5))

# numbers with a type
import numpy as np
print(repr(np.float64(0.5)), repr(np.int64(3)), repr(np.float32(0.1)), repr(np.bool_(True)))
print(np.float64(0.5) + 1, np.int64(3) / 2, repr(np.int64(3) * 2), repr(np.float32(1) / 3))
print(repr(np.arange(3).sum()), repr(np.arange(3).mean()), repr(np.arange(3)[1]))
print(f"{np.float64(3.14159):.2f} {np.arange(4).mean():.3f} {np.int64(5):03d}")
print(isinstance(np.float64(1), float), float(np.float32(0.5)), int(np.int64(7)), bool(np.bool_(False)))
print(np.float64(2) < 3, np.int64(2) == 2, np.int64(7) // 2, np.int64(7) % 4, divmod(np.int64(7), 2))
print(abs(np.int64(-3)), -np.float64(1), round(np.float64(2.567), 1), hash(np.int64(5)) == hash(5))

# large and small numbers
import numpy as np
print(np.array([1e-10, 1.0, 1e10]))
print(np.array([0.1, 0.25, 100.0]), np.array([1e300, 1e-300]))
print(np.array([1.5, np.nan, np.inf, -np.inf]), np.array([0.0, -0.0]))
print(np.array([123456789, -1]), np.array([1 / 3, 2 / 3]))
print(np.array(0.1), repr(np.array(0.1)), repr(np.array([])), np.float32(1e7), np.float64(1e16))

# long arrays
import numpy as np
print(np.arange(2000))
print(np.arange(10000).reshape(100, 100))
print(repr(np.arange(3000) / 7))
print(np.arange(40) * 1000)
print(np.ones((2, 3, 4)))
with np.printoptions(precision=3, suppress=True):
    print(np.arange(5) / 7)
with np.printoptions(threshold=6, edgeitems=1):
    print(np.arange(10))

# making arrays
import numpy as np
print(np.zeros(3), np.ones((2, 2), dtype=int), np.full(2, 7), np.eye(2), np.identity(2))
print(np.linspace(0, 1, 5), np.arange(1, 2, 0.25), np.arange(5, 0, -2))
print(np.array([[1, 2], [3, 4.5]]), np.array([True, False]), np.array((1, 2)), np.array(range(3)))
print(np.zeros_like([1, 2]), np.full_like(np.ones(2), 5), np.asarray([1, 2]) is not None)
print(np.array([1, 2], dtype="float32").dtype, np.array([1, True]).dtype, np.array([np.float32(1)]).dtype)
a, b = np.meshgrid([1, 2, 3], [4, 5])
print(a, b)

# operators
import numpy as np
x = np.array([1, 2, 3])
print(x + 1, 1 - x, x * x, x / 2, x // 2, x % 2, x**2, 2**x, -x, abs(-x), ~x)
print(x + [1, 1, 1], x & 1, x | 4, x ^ 1, x << 1, x >> 1)
print(x < 2, x == [1, 0, 3], x != 2, (x > 1) & (x < 3))
print(np.array([1.0, 0.0]) * 2, 1 / np.array([2.0, 4.0]), x @ x, np.ones((2, 3)) @ x)
x += 10
print(x)
y = x
y *= 2
print(x, y is x)

# broadcasting
import numpy as np
print(np.arange(3)[:, None] * np.arange(4), np.ones((2, 1)) + np.ones((1, 3)))
print((np.arange(3) + np.float32(0.5)).dtype, (np.arange(3, dtype="uint8") + 1).dtype)
print(np.broadcast_to(np.arange(3), (2, 3)), np.outer([1, 2], [3, 4]))

# functions of each element
import numpy as np
x = np.array([0.0, 0.5, 1.0])
print(np.sqrt(x), np.exp(x), np.log1p(x), np.sin(x), np.cos(x), np.arctan2(x, 1))
print(np.maximum(x, 0.5), np.minimum(x, [1, 0, 0]), np.floor(x * 3), np.sign(x - 0.5), np.isnan(x))
print(np.where(x > 0.4, x, -1), np.clip(x, 0.2, 0.8), np.round(x * 1.23456, 2), np.hypot(3, 4))
print(repr(np.sqrt(4)), np.add(1, 2), np.sqrt([1, 4]), np.power(2, 3), np.logical_and([True, False], True))
print(np.add.reduce([1, 2, 3]), np.multiply.outer([1, 2], [3, 4]), np.sqrt)

# reductions
import numpy as np
x = np.arange(12).reshape(3, 4)
print(x.sum(), x.sum(0), x.sum(axis=1), x.mean(), x.std(), x.var(axis=0), x.min(), x.max(1))
print(x.prod(), x[1:].argmax(), x.argmin(axis=0), (x > 3).any(), (x >= 0).all(), x.sum(keepdims=True))
print(np.sum(x), np.mean(x, axis=0), np.mean([1, 2, 4]), np.std([1, 2, 3, 4], ddof=1), np.median([3, 1, 2]))
print(np.cumsum(x), x.cumsum(axis=0), np.diff([1, 4, 9]), np.nansum([1, np.nan]), np.percentile([1.0, 2.0, 3.0], 50))
print(max(x[0]), sum(x[:, 0]), len(x), np.count_nonzero(x), np.unique([3, 1, 3]))

# indexing
import numpy as np
x = np.arange(20).reshape(4, 5)
print(x[1], x[-1, -1], x[1:3], x[:, ::2], x[::-1, 0], x[..., 1], x[None].shape, x[:, None].shape)
print(x[[0, 2]], x[x > 15], x[x % 7 == 0], x[[True, False, False, True]], x[np.array([1, 1])][:, 0])
print([int(v) for v in x[0]], [row.sum() for row in x], x.tolist()[0], x[2, 3].item(), 7 in x)

# assigning
import numpy as np
x = np.zeros((3, 4))
x[1] = 5
x[0, 0] = 1
x[:, 3] = [7, 8, 9]
x[x == 5] = -1
x[2, ::2] += 0.5
print(x)
y = np.arange(3)
y[1] = 2.7
print(y)

# shapes
import numpy as np
x = np.arange(6)
print(x.reshape(2, 3), x.reshape(3, -1).shape, x.reshape((2, 3)).T, np.transpose(x.reshape(1, 2, 3), (2, 0, 1)).shape)
print(np.concatenate([x, [9]]), np.stack([x, x]).shape, np.vstack([[1, 2], [3, 4]]), np.hstack([[1, 2], [3]]))
print(x.reshape(2, 3).ravel(), x[None].squeeze().shape, np.expand_dims(x, 0).shape, np.flip(x), np.roll(x, 2))
print(np.roll(x.reshape(2, 3), 1, axis=1), np.roll(x.reshape(2, 3), (1, 1), (0, 1)), np.tile([1, 2], 2), np.repeat([1, 2], 2))
print(np.sort([3, 1, 2]), np.argsort([3, 1, 2]), np.nonzero([0, 1, 2])[0], np.swapaxes(x.reshape(2, 3), 0, 1).shape)

# linear algebra
import numpy as np
x = np.array([[3.0, 4.0], [0.0, 5.0]])
print(np.linalg.norm(x[0]), x.dot(x), np.dot([1, 2], [3, 4]), np.einsum("ij,jk->ik", x, x), np.tensordot(x, x, 1))
q, r = np.linalg.qr(x)
print(np.allclose(q @ r, x), np.round(np.linalg.svd(x, compute_uv=False), 6), np.array_equal(x, x))

# counting
import numpy as np
counts, edges = np.histogram([1, 2, 2, 3, 4, 10], bins=3)
print(counts, edges)
print(np.unique([1, 2, 2], return_counts=True)[1], np.isclose(0.1 + 0.2, 0.3), np.pi, np.inf, np.e)

# types
import numpy as np
print(np.dtype("float64"), np.dtype(float) == np.float64, np.ones(1).dtype == "float64", repr(np.dtype(np.int32)))
print(np.ones(1).dtype.kind, np.dtype("int32").itemsize, np.finfo(float).eps, np.iinfo("int32").max)
print(np.array([1.7, -1.7]).astype(int), np.array([0, 2]).astype(bool), np.array([300]).astype("uint8"))

# division by zero
import numpy as np
with np.errstate(all="ignore"):
    print(np.array([1.0, 0.0, -1.0]) / 0, np.float64(1) / 0, np.log(np.array([0.0])), np.sqrt(np.array([-1.0])))

# errors: shapes
import numpy as np
np.arange(3) + np.arange(4)

# errors: reshape
import numpy as np
np.arange(12).reshape(5, 2)

# errors: a ragged list
import numpy as np
np.array([[1, 2], [3]])

# errors: truth
import numpy as np
if np.arange(3):
    pass

# errors: index
import numpy as np
np.arange(3)[5]

# errors: too many indices
import numpy as np
np.arange(3)[0, 0]

# errors: a number from an array
import numpy as np
float(np.arange(3))

# errors: casting in place
import numpy as np
x = np.arange(3)
x /= 2

# errors: axis
import numpy as np
np.arange(3).sum(axis=1)
