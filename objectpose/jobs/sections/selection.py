"""What was selected: which networks helped to make the data set, and how much the drop hangs on that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import pandas as pd

from objectpose.analysis.components import components_by_network, components_table
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.curves import with_and_without_end_on
from objectpose.analysis.selection import judges_note, rejected_note, spread_sentence, subset_lines
from objectpose.analysis.sensitivity import END_ON, SUBSETS, sensitivity
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

FOREIGN = (
    "The objects of this data set are not of the catalogue: no network helped to choose them, so that there is nothing "
    "to compare with other choices."
)
NO_DROP = "No condition is compared with a baseline, so that there is no drop that could hang on the choice of objects."
NO_SILHOUETTE = (
    "The silhouettes of the pictures are not known, so that views nearly end-on cannot be told from the others."
)
NO_INSTANCES = (
    "How much of the variance lies between instances of a class cannot be said: fewer than two classes have several "
    "instances with answers that differ."
)
KEYS = {
    "network": Column("network", "Network"),
    "condition": Column("condition", "Condition"),
    "end_on_pct": Column("end_on_pct", "Nearly end-on", "%", 1),
}
DROPS = ("drop_pp", "drop_lo", "drop_hi")
VIEWS = {"all": "Drop, all views", "not end-on": "Drop, not end-on"}
VARIANCE = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("n_classes", "Classes with several instances"),
    Column("classes_pct", "Between classes", "%", 0),
    Column("instances_pct", "Between instances", "%", 0),
    Column("poses_pct", "Between poses", "%", 0),
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return the drop on other choices of objects and views, with and without end-on views, and where variance lies."""
    said = notes(evidence)
    why, items = collect(*(partial(part, evidence, output, said) for part in (_subsets, _views, _variance)))
    return Section("Selection", [*said, *why], items)


def notes(evidence: Evidence) -> list[str]:
    """Return which networks helped to choose the objects, and which objects are left out."""
    if evidence.gate is None:
        return [FOREIGN]
    judges = judges_note(evidence.judges, evidence.gated) if evidence.judges else ""
    found = [judges, rejected_note(evidence.rejected)]
    return [note[0].upper() + note[1:] for note in found if note]


def _subsets(evidence: Evidence, output: Output, said: list[str]) -> list[Item]:
    if evidence.gate is None:
        return []
    if evidence.condition is None:
        said.append(NO_DROP)
        return []
    coverage = evidence.dataset.coverage
    if coverage is None:
        said.append(NO_SILHOUETTE)
        return []
    table = sensitivity(evidence.everything, evidence.gate, coverage, evidence.condition)
    csv = output.table("sensitivity", table)
    title = f"The drop under {evidence.condition} on other choices of objects and views"
    shown, columns = _beside(table, ["condition"], "subset", {name: f"Drop, {name}" for name in SUBSETS})
    return [Table(title, shown, " ".join(subset_lines(table)), columns[:1] + columns[2:], csv=csv)]


def _views(evidence: Evidence, output: Output, said: list[str]) -> list[Item]:
    coverage = evidence.dataset.coverage
    if coverage is None:
        if NO_SILHOUETTE not in said:
            said.append(NO_SILHOUETTE)
        return []
    table = with_and_without_end_on(evidence.judged, coverage)
    if table.empty:
        if NO_DROP not in said:
            said.append(NO_DROP)
        return []
    note = f"Nearly end-on: the silhouette is below {END_ON:.0%} of the object's upright one.".replace("%", " %")
    shown, columns = _beside(table, ["condition", "end_on_pct"], "views", VIEWS)
    return [Table("With and without views nearly end-on", shown, note, columns, csv=output.table("end_on", table))]


def _variance(evidence: Evidence, output: Output, said: list[str]) -> list[Item]:
    table = components_table(evidence.judged)
    if table.empty:
        said.append(NO_INSTANCES)
        return []
    components = components_by_network(evidence.judged, evidence.condition)
    if components and evidence.condition is not None:
        said.append(spread_sentence(components, evidence.condition))
    note = "Shares of the variance of being right, of a nested design class / instance / pose."
    return [Table("Where the variance lies", table, note, VARIANCE, csv=output.table("variance", table))]


def _beside(
    table: pd.DataFrame, keys: list[str], choice: str, headings: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Column]]:
    """Return one row a network (and key) with the drops of several choices beside each other, and its columns."""
    rows = table.assign(network=network_labels(table))
    index = ["network", *keys]
    shown = rows.drop_duplicates(index)[[*index, "n_classes", "n_objects"]].reset_index(drop=True)
    columns = [KEYS[name] for name in index]
    for name, heading in headings.items():
        own = rows.loc[rows[choice] == name, [*index, *DROPS]].rename(columns={d: f"{name} {d}" for d in DROPS})
        shown = shown.merge(own, on=index, how="left")
        columns.append(Column(f"{name} {DROPS[0]}", heading, "points", 1, f"{name} {DROPS[1]}", f"{name} {DROPS[2]}"))
    return shown, columns
