"""Command: how networks name the catalogue's objects upright. ``python -m objectpose.audit --help`` tells the rest."""

from __future__ import annotations

import sys

from objectpose.config import run_command


def main() -> int:
    """Entry point; returns the exit code."""
    return run_command("audit", "objectpose.jobs.audit:run")


if __name__ == "__main__":
    sys.exit(main())
