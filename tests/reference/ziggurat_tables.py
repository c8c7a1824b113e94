"""NumPy's ziggurat tables as Rust: writes src/kernels/random/ziggurat_tables.rs.

    pip install -r tests/reference/requirements.txt
    python tests/reference/ziggurat_tables.py

They are read from the static library in NumPy's wheel (numpy/random/lib/libnpyrandom.a). Each is found by what it must
contain: 256 consecutive numbers that rise or fall as the method requires and end at its r. There are three for the
normal distribution, and three for the exponential one. Recomputing them does not
reproduce NumPy's bits: they come from a recurrence in double precision whose last bits depend on the math library.
"""

import math
import pathlib
import struct

import numpy as np

library = pathlib.Path(np.__file__).parent / "random" / "lib" / "libnpyrandom.a"
data = library.read_bytes()


def find(form, fits):
    # Members of an archive start at even addresses and have no further padding.
    rows = (struct.unpack_from(f"<256{form}", data, at) for at in range(0, len(data) - 2048, 2))
    found = {row for row in rows if fits(row)}
    assert len(found) == 1, f"{len(found)} tables fit"
    return found.pop()


def layers(r, m, density):
    """The layers of a density whose tail begins at `r`, with places that are multiples of 1 / `m`."""
    end, near = density(r), m / 2**50
    width = find("d", lambda w: w[255] == r / m and all(w[i] < w[i + 1] for i in range(1, 255)) and w[1] > 0)
    height = find(
        "d", lambda f: f[0] == 1 and abs(f[255] / end - 1) < 1e-9 and all(f[i] > f[i + 1] for i in range(255))
    )
    accept = find(
        "Q",
        lambda k: k[1] == 0 and abs(k[0] - r / width[0]) < near and abs(k[255] - width[254] / width[255] * m) < near,
    )
    return "".join(f"    ({k}, {w!r}, {f!r}),\n" for k, w, f in zip(accept, width, height))


normal = layers(3.6541528853610088, 2.0**52, lambda x: math.exp(-x * x / 2))
exponential = layers(7.69711747013104972, 2.0**53, lambda x: math.exp(-x))
out = pathlib.Path(__file__).parents[2] / "src" / "kernels" / "random" / "ziggurat_tables.rs"
out.write_text(
    "//! The 256 layers of each ziggurat, equal to NumPy's to the last bit.\n"
    "//!\n"
    f"//! Written by `tests/reference/ziggurat_tables.py` from NumPy {np.__version__} (BSD-3-Clause), whose\n"
    "//! `ziggurat_constants.h` holds the same numbers. Not computed here, because the recurrence that made them\n"
    "//! rounds differently with every math library.\n"
    "\n"
    "/// The normal distribution. For each layer: the bound below which a 52-bit draw is accepted at once, the layer's\n"
    "/// width as a multiple of 2^-52, and the density at its edge.\n"
    "#[rustfmt::skip]\n"
    "#[allow(clippy::excessive_precision)]\n"
    f"pub(super) static NORMAL: [(u64, f64, f64); 256] = [\n{normal}];\n"
    "\n"
    "/// The exponential distribution, with draws of 53 bits.\n"
    "#[rustfmt::skip]\n"
    "#[allow(clippy::excessive_precision)]\n"
    f"pub(super) static EXPONENTIAL: [(u64, f64, f64); 256] = [\n{exponential}];\n"
)
print(f"{out}: {out.stat().st_size} bytes")
