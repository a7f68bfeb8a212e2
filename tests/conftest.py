"""Fixtures that several test files share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from objectpose.analysis.humans.load import load_answers
from tests.human_study import REAL, write_clone, write_study

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


@pytest.fixture(scope="session", params=["generated", *(["real"] if REAL else [])])
def study(request, tmp_path_factory):
    """The human study's answer files: made up, and the real ones where OBJECTPOSE_HUMAN_DATA names them."""
    if request.param == "real":
        return Path(REAL)
    return write_study(tmp_path_factory.mktemp("study") / "data")


@pytest.fixture(scope="session")
def answers(study):
    """All answers of the human study; not to be changed."""
    return load_answers(study)


@pytest.fixture(scope="session")
def made_clone(tmp_path_factory):
    """A made-up clone of the study's repository with pictures; not to be changed."""
    folder = tmp_path_factory.mktemp("clone")
    return write_clone(folder / "unusual_poses", write_study(folder / "data"))
