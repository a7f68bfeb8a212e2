"""Command: networks over a data set, then the finding. ``python -m objectpose.eval --help`` tells the rest."""

from __future__ import annotations

import sys

from objectpose.config import run_command


def main() -> int:
    """Entry point; returns the exit code."""
    return run_command("eval", "objectpose.jobs.evaluate:run")


if __name__ == "__main__":
    sys.exit(main())
