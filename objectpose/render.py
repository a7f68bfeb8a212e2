"""Command: render a data set. ``python -m objectpose.render --help`` tells the rest."""

from __future__ import annotations

import sys

from objectpose.config import run_command


def main() -> int:
    """Entry point; returns the exit code."""
    return run_command("render", "objectpose.jobs.render:run")


if __name__ == "__main__":
    sys.exit(main())
