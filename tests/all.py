"""Every check there is, the quick ones first: ``./run test``. Words after it go to pytest."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "--no-cache", "--quiet", "."],
    "layout of code": [PYTHON, "-m", "ruff", "format", "--no-cache", "--quiet", "--check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "arrows": [PYTHON, "-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"],
}


def main() -> int:
    """Runs the checks, then the tests; the exit status is that of the first check that fails."""
    for name, command in CHECKS.items():
        print(f"-- {name}", flush=True)
        if status := subprocess.run(command, cwd=ROOT, check=False).returncode:
            print(f"{name}: failed", file=sys.stderr)
            return status
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores Ctrl-C, and so would what tests start
    print("-- tests", flush=True)
    return subprocess.run([PYTHON, "-m", "pytest", "-n", "2", "-q", *sys.argv[1:]], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
