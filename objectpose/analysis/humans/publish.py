"""Writes the tables and figures about people and networks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from objectpose.analysis.humans.findings import People, find_people
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.scoring import StudyChoices
from objectpose.analysis.style import save
from objectpose.errors import ObjectPoseError
from objectpose.files import publish as move

FOLDER = "humans"
READING = "reading.txt"
_ONLY_SOMETIMES = ("further_accuracy", "further_kappa", "further_kappa_valid", "networks")


def write_humans(path: Path, results: Path, networks: pd.DataFrame | None = None, *, seed: int = 0) -> list[Path]:
    """Write what the human study's answers say, with networks of the user's beside them.

    Args:
        path: the study's folder ``data`` (``load.load_answers``).
        results: folder to write to.
        networks: of ``scoring.study_choices``, concatenated over networks; None shows the study's own only.
        seed: of resampling and jitter.

    Returns:
        The files of :func:`write_people`, in the order to name them.

    Raises:
        ObjectPoseError: the folder is not the study's, the networks' answers are not to its pictures, or a file cannot
            be written.
    """
    choices = None if networks is None else StudyChoices(networks)
    return list(write_people(find_people(load_answers(path), choices, seed=seed), results).values())


def write_people(people: People, results: Path) -> dict[str, Path]:
    """Write what was found about people, into the folder ``humans`` of a results folder.

    Args:
        people: of ``findings.find_people``.
        results: folder to write to.

    Returns:
        The files by name: ``accuracy.csv`` (group, pose, mean_pct, half_ci_study, half_ci), ``tests.csv`` (test, t, df,
        p, diff, lo, hi), ``further_tests.csv`` (likewise), ``kappa.csv`` and ``kappa_valid.csv`` (square, the first
        column names the rows), ``resemblance.csv``; where there are networks of the user's or vision-language models
        ``further_accuracy.csv``, ``further_kappa.csv``, ``further_kappa_valid.csv`` and ``networks.csv``, which are
        removed where there are none; ``reading.txt``; and each figure as PNG and PDF.

    Raises:
        ObjectPoseError: a file cannot be written.
    """
    folder = results / FOLDER
    written = {
        f"{name}.csv": _write(
            folder / f"{name}.csv", table.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        )
        for name, table in people.tables.items()
    }
    for name in _ONLY_SOMETIMES:
        if name not in people.tables:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    written[READING] = _write(folder / READING, people.text() + "\n")
    for name, figure in people.figures().items():
        written |= {path.name: path for path in save(figure, folder / "figures" / name)}
    return written


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.writing")
        temporary.write_text(text, encoding="utf-8", newline="\n")
        move(temporary, path)
    except OSError as error:
        raise ObjectPoseError(
            f"{path} cannot be written ({error.strerror or error}); choose a folder that you may write to."
        ) from error
    return path
