"""NumPy's ziggurat tables as Rust: writes src/kernels/random/ziggurat_tables.rs.

    pip install -r tests/reference/requirements.txt
    python tests/reference/ziggurat_tables.py

They are read from the static library in NumPy's wheel (numpy/random/lib/libnpyrandom.a). Each is found by what it must
contain: 256 consecutive numbers that rise or fall as the method requires and end at its r. Recomputing them does not
reproduce NumPy's bits: they come from a recurrence in double precision whose last bits depend on the math library.
"""

import pathlib
import struct

import numpy as np

R = 3.6541528853610088  # where the tail begins
M = 2.0**52

library = pathlib.Path(np.__file__).parent / "random" / "lib" / "libnpyrandom.a"
data = library.read_bytes()


def find(form, fits):
    # Members of an archive start at even addresses and have no further padding.
    rows = (struct.unpack_from(f"<256{form}", data, at) for at in range(0, len(data) - 2048, 2))
    found = {row for row in rows if fits(row)}
    assert len(found) == 1, f"{len(found)} tables fit"
    return found.pop()


width = find("d", lambda w: w[255] == R / M and all(w[i] < w[i + 1] for i in range(1, 255)) and w[1] > 0)
height = find("d", lambda f: f[0] == 1 and 0.00126 < f[255] < 0.001261 and all(f[i] > f[i + 1] for i in range(255)))
accept = find("Q", lambda k: k[1] == 0 and abs(k[0] - R / width[0]) < 2 and abs(k[255] - width[254] / width[255] * M) < 2)

rows = "".join(f"    ({k}, {w!r}, {f!r}),\n" for k, w, f in zip(accept, width, height))
out = pathlib.Path(__file__).parents[2] / "src" / "kernels" / "random" / "ziggurat_tables.rs"
out.write_text(
    "//! The ziggurat's 256 layers, equal to NumPy's to the last bit.\n"
    "//!\n"
    f"//! Written by `tests/reference/ziggurat_tables.py` from NumPy {np.__version__} (BSD-3-Clause), whose\n"
    "//! `ziggurat_constants.h` holds the same numbers. Not computed here, because the recurrence that made them\n"
    "//! rounds differently with every math library.\n"
    "\n"
    "/// For each layer: the bound below which a 52-bit draw is accepted at once, the layer's width as a multiple of 2^-52,\n"
    "/// and the density at its edge.\n"
    "#[rustfmt::skip]\n"
    "#[allow(clippy::excessive_precision)]\n"
    f"pub(super) static LAYERS: [(u64, f64, f64); 256] = [\n{rows}];\n"
)
print(f"{out}: {out.stat().st_size} bytes")
