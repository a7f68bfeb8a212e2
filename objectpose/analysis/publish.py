"""Writes a finding: two tables, two pictures, and the text for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis import figures
from objectpose.analysis.accuracy import POOLED, SUMMARY_COLUMNS, UNIT, hardest_objects, summarise
from objectpose.analysis.components import components_by_network
from objectpose.analysis.correctness import left_out
from objectpose.analysis.finding import POPULATION, headline_condition, terminal_table
from objectpose.analysis.sensitivity import COLUMNS as SENSITIVITY_COLUMNS
from objectpose.analysis.sensitivity import Gate, sensitivity
from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.files import write_text

SHOWN_FAILURES = 12


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
    gate: Gate | None,
    coverage: pd.DataFrame | None,
    gated: bool = True,
    population: str = "procedural objects",
    classes: Classes = IMAGENET,
    untrained: Collection[str] = (),
) -> Published:
    """Write ``summary.csv``, ``sensitivity.csv`` and the pictures of one data set's answers, and return the finding.

    Rows of other data sets or networks that stand in the tables stay; rows of the same are replaced.

    Args:
        judged: frames of ``correctness.judge`` of one data set with all its objects, concatenated.
        image_of: returns an image by its id, uint8 H x W x 3.
        results: folder to write to.
        turned: the conditions that the hardest objects are looked for in: those compared with upright in which
            gravity does not hold.
        gate: which objects the judging networks admit; None where they were not asked, which leaves the
            sensitivity out.
        coverage: ``image_id`` and ``coverage`` of the data set; needed with a gate.
        population: what the classes are like, for the estimand.
        classes: the label space of targets and answers. One of the user's own stands behind the data set's name in the
            tables, so that accuracies among different classes are never rows of one comparison.
        gated: whether the finding is about the admitted objects only; the sensitivity always shows both.
        untrained: networks with random weights: they have their rows in the tables, and no part in what compares
            networks or is a mean over them.

    Raises:
        ObjectPoseError: a table exists and is not one of this version, or no object is admitted.
    """
    if not classes.is_imagenet:
        judged = judged.assign(dataset=judged["dataset"].astype(str) + f" ({classes.title} {classes.digest[:6]})")
    gated = gated and gate is not None
    shown = judged[gate.default(judged["object_id"])] if gate is not None and gated else judged
    if shown.empty:
        raise ObjectPoseError(
            f"The audit admits none of the {judged['object_id'].nunique()} objects of {judged['dataset'].iloc[0]}; "
            "add gate=none to see the answers all the same."
        )
    summary = summarise(shown)
    trained = shown[~shown["model"].isin(untrained)]
    hardest = hardest_objects(trained, 5, turned=turned) if len(trained) else None
    condition = headline_condition(summary[summary["background"] == POOLED])
    firmness = None
    if gate is not None and coverage is not None and condition is not None and len(trained):
        firmness = sensitivity(judged[~judged["model"].isin(untrained)], gate, coverage, condition)
    tables = [results / "summary.csv"]
    _merge(summary, tables[0], SUMMARY_COLUMNS)
    if firmness is not None:
        tables.append(results / "sensitivity.csv")
        _merge(firmness, tables[1], SENSITIVITY_COLUMNS)
    folder = results / "figures"
    pictures: list[Path] = []
    if len(trained):
        drawn = figures.accuracy_by_condition(summary[summary["model"].isin(trained["model"])])
        failures = figures.pick_failures(trained, SHOWN_FAILURES)
        sheet = figures.failure_sheet(failures, image_of, name_of=classes.name)
        pictures += figures.save(drawn, folder / "accuracy_by_condition")[:1]
        pictures += figures.save(sheet, folder / "failures")[:1]
    text = terminal_table(
        summary,
        hardest,
        firmness,
        components_by_network(trained, condition),
        admitted_by=gate.judges_of(shown["object_id"]) if gate else (),
        gated=gated,
        population=POPULATION if gated else population,
        rejected=sorted(set(judged["object_id"]) - set(shown["object_id"])),
        left_out=left_out(shown),
        classes=classes,
        untrained=untrained,
    )
    return Published(text, (*tables, *pictures))


def _merge(table: pd.DataFrame, path: Path, columns: Sequence[str]) -> None:
    """Write a table, keeping the rows of other units that stand in the file already."""
    rows = [table]
    if path.is_file():
        try:
            old = pd.read_csv(path)
        except ValueError:
            old = pd.DataFrame()
        if list(old.columns) != list(columns):
            raise ObjectPoseError(f"{path} is not a table of this version; move it away and run again.")
        new = pd.MultiIndex.from_frame(table[UNIT])
        rows.insert(0, old[~pd.MultiIndex.from_frame(old[UNIT]).isin(new)])
    merged = pd.concat([part for part in rows if len(part)], ignore_index=True)
    merged = merged.sort_values(UNIT, kind="stable", ignore_index=True)
    write_text(path, merged.to_csv(index=False, float_format="%.4f", lineterminator="\n"))
