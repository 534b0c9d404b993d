"""The running program: the only package that sees all the others."""

import os

# No matrix here is worth a pool of threads, and making one takes as long as all else of numpy, in both processes at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Memory of large arrays that was given back stays with the process: glibc learns from the first large block that is freed that the next
# will be wanted too. Memory fresh from the system costs several times what is done with it.
_largest = bytes(16 << 20)
del _largest
