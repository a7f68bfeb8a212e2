"""Command: stored answers to a report. ``python -m objectpose.report --help`` tells the rest."""

from __future__ import annotations

import sys

from objectpose.config import run_command


def main() -> int:
    """Entry point; returns the exit code."""
    return run_command("report", "objectpose.jobs.report:run")


if __name__ == "__main__":
    sys.exit(main())
