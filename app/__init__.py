"""The running program: the only package that sees all the others."""

import os

# No matrix here is worth a pool of threads, and making one takes as long as all else of numpy, in both processes at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
