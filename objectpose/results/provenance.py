"""Where a result comes from: code, packages, machine."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 2
"""Of the provenance; what an earlier one describes is computed anew."""
PACKAGES = (
    "objectpose",
    "torch",
    "torchvision",
    "timm",
    "open_clip_torch",
    "transformers",
    "numpy",
    "pillow",
    "numba",
    "pyarrow",
)


def shown_name(stored: Mapping[str, Any]) -> str:
    """Return what tables call a network: one that chose among fewer classes than asked says among how many.

    Args:
        stored: the provenance of its answers.

    >>> shown_name({"model": "mine", "answers": 5, "asked": 1000})
    'mine (5-way)'
    """
    few = stored["answers"] < stored["asked"]
    return str(stored["model"]) + (f" ({stored['answers']}-way)" if few else "")


def package_versions() -> dict[str, str | None]:
    """Return the installed version of each package that can change a result; None where one is missing."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    return versions


@cache
def source_revision() -> dict[str, Any]:
    """Return ``{"commit": ..., "dirty": ...}`` of the checkout this package runs from; None outside of one."""
    here = Path(__file__).resolve().parent

    def git(*words: str) -> str | None:
        try:
            done = subprocess.run(["git", "-C", str(here), *words], capture_output=True, text=True, timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    if git("ls-files", "--error-unmatch", str(Path(__file__).resolve())) is None:
        return {"commit": None, "dirty": None}
    status = git("status", "--porcelain", "--untracked-files=no")
    return {"commit": git("rev-parse", "HEAD"), "dirty": None if status is None else bool(status)}
