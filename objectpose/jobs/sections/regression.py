"""What changed since an older run of the same networks on the same pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from objectpose.analysis.correctness import network_labels
from objectpose.analysis.regression import regression_check, regression_sentences, unmatched
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence, older_run
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Column, Section, Table

COLUMNS = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("measure", "Of"),
    Column("older", "Then", "", 1),
    Column("newer", "Now", "", 1),
    Column("regression_pp", "Worse by", "points", 1, "low_pp", "high_pp"),
    Column("p", "p", "", 3),
    Column("q", "q", "", 3),
    Column("n_changed", "First answers changed"),
    Column("n_lost", "Right only then"),
    Column("n_gained", "Right only now"),
)
NOTE = (
    "Of top1: accuracy lost, of drop_pp: drop gained, so that more is worse. p: sign flips over classes; q: adjusted "
    "for all rows of a measure (Benjamini and Hochberg)."
)


@dataclass(frozen=True)
class Changes:
    """What changed on one data set.

    Attributes:
        table: of ``regression.regression_check``.
        said: a sentence a network, and what could not be compared.
    """

    table: pd.DataFrame
    said: list[str]


def since(older: Path, found: Sequence[Evidence], results: Path, renders: Path) -> tuple[dict[str, Changes], list[str]]:
    """Return what changed since an older run by the name of the data set, and a sentence about each it lacks.

    Args:
        older: results folder of the older run.
        found: answers of the newer run.
        results: its results folder.
        renders: folder of data sets.

    Raises:
        ObjectPoseError: none of the data sets can be compared.
    """
    if older.resolve() == results.resolve():
        raise ObjectPoseError(f"against={older} is the results folder that is reported; name that of an older run.")
    compared: dict[str, Changes] = {}
    notes = []
    for evidence in found:
        try:
            compared[evidence.name] = changes(evidence, older_run(older, evidence, renders))
        except ObjectPoseError as error:
            if len(found) == 1:
                raise
            notes.append(f"{evidence.name} is not compared: {error}")
    if not compared:
        raise ObjectPoseError(
            f"None of the {len(found)} data sets can be compared with the run in {older}: {' '.join(notes)}"
        )
    return compared, notes


def all_of(compared: Mapping[str, Changes]) -> pd.DataFrame | None:
    """Return the regression checks of all data sets; None without one."""
    tables = [found.table for found in compared.values()]
    return pd.concat(tables, ignore_index=True) if tables else None


def changes(evidence: Evidence, older: Evidence) -> Changes:
    """Return what changed between two runs.

    Raises:
        ObjectPoseError: no network in common.
    """
    table = regression_check(older.judged, evidence.judged)
    missing = [f"{network} of the older run is left out: {reason}" for network, reason in older.missing.items()]
    return Changes(table, [*regression_sentences(table), *unmatched(older.judged, evidence.judged), *missing])


def section(found: Changes, output: Output) -> Section:
    """Return the changes as a section of the report."""
    shown = found.table.assign(network=network_labels(found.table))
    item = Table("Then and now", shown, NOTE, COLUMNS, csv=output.table("regression", found.table))
    return Section("Against the older run", found.said, [item])
