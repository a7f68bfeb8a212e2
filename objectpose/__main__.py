"""``python -m objectpose`` names the commands."""

from __future__ import annotations

import sys

from objectpose.config import COMMANDS


def main() -> int:
    """Print the first line of every command's help."""
    print("ObjectPose: how much worse does an image classifier get when an object is not upright?\n")
    for schema in COMMANDS.values():
        print("  " + (schema.__doc__ or "").splitlines()[0])
    print("\nEach of them explains itself with --help.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
