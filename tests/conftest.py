"""Fixtures that several test files share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("objectpose", deadline=None)  # shared machines stall now and then
settings.load_profile("objectpose")

REPO = Path(__file__).resolve().parent.parent


class CommandLine:
    """Runs ``python -m objectpose.<command>`` in a folder of its own, as a user would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, command: str, *words: str, timeout: float = 300, **environment: str):
        return subprocess.run(
            [sys.executable, "-m", f"objectpose.{command}", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, "HF_HUB_OFFLINE": "1", **environment},
        )


@pytest.fixture
def cli(tmp_path):
    return CommandLine(tmp_path)
