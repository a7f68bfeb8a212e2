"""Writes the tables and figures about people and networks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from objectpose.analysis.humans.accuracy import group_accuracy, observer_accuracy
from objectpose.analysis.humans.comparisons import FURTHER, compare
from objectpose.analysis.humans.figures import (
    correct_and_incorrect,
    kappa_heatmap,
    resemblance_chart,
    upright_and_rotated,
)
from objectpose.analysis.humans.kappa import kappa_matrix, rotated_codes
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.reading import sentences
from objectpose.analysis.humans.resemblance import resemblance
from objectpose.analysis.humans.scoring import StudyChoices, as_observers, network_scores
from objectpose.analysis.style import save
from objectpose.errors import ObjectPoseError
from objectpose.files import publish as move

FOLDER = "humans"


def write_humans(path: Path, results: Path, networks: pd.DataFrame | None = None, *, seed: int = 0) -> list[Path]:
    """Write what the human study's answers say, with networks of the user's beside them.

    Args:
        path: the study's folder ``data`` (``load.load_answers``).
        results: folder to write to; all files go to its folder ``humans``.
        networks: of ``scoring.study_choices``, concatenated over networks; None shows the study's own only.
        seed: of resampling and jitter.

    Returns:
        The files in the order to name them: ``accuracy.csv`` (group, pose, mean_pct, half_ci_study, half_ci),
        ``tests.csv`` (test, t, df, p, diff, lo, hi), ``further_tests.csv`` (likewise), ``kappa.csv`` and
        ``kappa_valid.csv`` (square, the first column names the rows), ``resemblance.csv``, ``networks.csv`` where
        there are networks, ``reading.txt``, and the figures as PNG.

    Raises:
        ObjectPoseError: the folder is not the study's, the networks' answers are not to its pictures, or a file cannot
            be written.
    """
    answers = load_answers(path)
    tables: dict[str, pd.DataFrame] = {}
    if networks is not None:
        choices = StudyChoices(networks)
        answers = pd.concat([answers, as_observers(choices, answers)], ignore_index=True)
        tables["networks"] = network_scores(choices)
    observers = observer_accuracy(answers)
    accuracy, likeness = group_accuracy(observers), resemblance(answers, seed=seed)
    codes = rotated_codes(answers)
    kappas = {
        "kappa": kappa_matrix(codes, missed_is_wrong=True),
        "kappa_valid": kappa_matrix(codes, missed_is_wrong=False),
    }
    tables = {
        "accuracy": accuracy,
        "tests": compare(observers),
        "further_tests": compare(observers, FURTHER),
        **{name: matrix.rename_axis(index="observer").reset_index() for name, matrix in kappas.items()},
        "resemblance": likeness,
        **tables,
    }
    folder = results / FOLDER
    written = [
        _write(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.10g", lineterminator="\n"))
        for name, table in tables.items()
    ]
    written.append(_write(folder / "reading.txt", sentences(accuracy, likeness, answers) + "\n"))
    drawn = {
        "upright_and_rotated": upright_and_rotated(observers, seed=seed),
        "correct_and_incorrect": correct_and_incorrect(observers, seed=seed),
        "kappa": kappa_heatmap(kappas["kappa"], left_out=False),
        "resemblance": resemblance_chart(likeness),
    }
    return written + [save(figure, folder / "figures" / name)[0] for name, figure in drawn.items()]


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
