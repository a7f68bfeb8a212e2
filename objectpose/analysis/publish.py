"""Writes a finding: the summary table, two pictures, and the text for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis import figures
from objectpose.analysis.accuracy import SUMMARY_COLUMNS, UNIT, hardest_objects, summarise
from objectpose.analysis.correctness import left_out
from objectpose.analysis.finding import terminal_table
from objectpose.errors import ObjectPoseError
from objectpose.files import publish as move

SHOWN_FAILURES = 12
MOST_NETWORKS_ON_A_SHEET = 4


@dataclass(frozen=True)
class Published:
    """What was written.

    Attributes:
        text: the finding as plain text, at most 100 columns wide.
        files: table and pictures, in the order to name them.
    """

    text: str
    files: tuple[Path, ...]


def publish(
    judged: pd.DataFrame,
    *,
    image_of: Callable[[str], NDArray[np.uint8]],
    results: Path,
    turned: Sequence[str],
    admitted_by: Sequence[str],
) -> Published:
    """Write ``summary.csv`` and the pictures of one data set's answers, and return the finding.

    Rows of other data sets or networks that stand in ``summary.csv`` stay; rows of the same are replaced.

    Args:
        judged: frames of ``correctness.judge`` of one data set, concatenated.
        image_of: returns an image by its id, uint8 H x W x 3.
        results: folder to write to.
        turned: the conditions that the hardest objects are looked for in: those compared with upright in which
            gravity does not hold.
        admitted_by: the networks that helped to admit the objects.

    Raises:
        ObjectPoseError: ``summary.csv`` exists and is not a summary.
    """
    summary = summarise(judged)
    hardest = hardest_objects(judged, 5, turned=turned)
    table = results / "summary.csv"
    _merge(summary, table)
    folder = results / "figures"
    drawn = figures.accuracy_by_condition(summary)
    accuracy_png, _ = figures.save(drawn, folder / "accuracy_by_condition")
    shown = list(dict.fromkeys(judged["model"]))[:MOST_NETWORKS_ON_A_SHEET]
    failures = figures.pick_failures(judged[judged["model"].isin(shown)], SHOWN_FAILURES)
    failures_png, _ = figures.save(figures.failure_sheet(failures, image_of), folder / "failures")
    text = terminal_table(summary, hardest, admitted_by=admitted_by, left_out=left_out(judged))
    return Published(text, (table, accuracy_png, failures_png))


def _merge(summary: pd.DataFrame, path: Path) -> None:
    rows = [summary]
    if path.is_file():
        try:
            old = pd.read_csv(path)
        except ValueError:
            old = pd.DataFrame()
        if list(old.columns) != list(SUMMARY_COLUMNS):
            raise ObjectPoseError(f"{path} is not a summary of this version; move it away and run again.")
        new = pd.MultiIndex.from_frame(summary[UNIT])
        rows.insert(0, old[~pd.MultiIndex.from_frame(old[UNIT]).isin(new)])
    merged = pd.concat([part for part in rows if len(part)], ignore_index=True)
    merged = merged.sort_values(UNIT, kind="stable", ignore_index=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.writing")
    merged.to_csv(temporary, index=False, float_format="%.4f", lineterminator="\n")
    move(temporary, path)
