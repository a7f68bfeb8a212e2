"""Command: the zoo as a table, and the card of a network. ``python -m objectpose.models --help`` tells the rest."""

from __future__ import annotations

import sys

from objectpose.config import run_command


def main() -> int:
    """Entry point; returns the exit code."""
    return run_command("models", "objectpose.jobs.zoo:run")


if __name__ == "__main__":
    sys.exit(main())
