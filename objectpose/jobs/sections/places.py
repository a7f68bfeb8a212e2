"""Where networks fail: by distance, angle, class and background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from objectpose.analysis.curves import angle_curve, by_background, distance_curve
from objectpose.analysis.shares import by_class
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, attempt
from objectpose.report_page import Item, Section, Table

TABLES: tuple[tuple[str, str, Callable[[pd.DataFrame], pd.DataFrame]], ...] = (
    ("distance", "By distance from upright", distance_curve),
    ("sweep", "Around the full turn", angle_curve),
    ("class", "By class", by_class),
    ("background", "By background", by_background),
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return accuracy by distance from upright, around the turn, by class and by background."""
    items: list[Item] = []
    said: list[str] = []
    for name, title, make in TABLES:
        why, made = attempt(partial(_table, evidence, output, name, title, make))
        said += why
        items += made
    return Section("Where it fails", said, items)


def _table(
    evidence: Evidence, output: Output, name: str, title: str, make: Callable[[pd.DataFrame], pd.DataFrame]
) -> list[Item]:
    frame = make(evidence.judged)
    return [Table(title, frame.drop(columns="dataset"), csv=output.table(name, frame))] if len(frame) else []
