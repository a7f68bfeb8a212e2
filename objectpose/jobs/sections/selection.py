"""What was selected: which networks helped to make the data set, and how much the drop hangs on that."""

from __future__ import annotations

from functools import partial

from objectpose.analysis.components import components_by_network, components_table
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.curves import with_and_without_end_on
from objectpose.analysis.selection import judges_note, rejected_note, spread_sentence, subset_lines
from objectpose.analysis.sensitivity import END_ON, sensitivity
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, attempt
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
SUBSETS = (
    Column("network", "Network"),
    Column("subset", "Objects and views"),
    Column("n_classes", "Classes"),
    Column("n_objects", "Objects"),
    Column("n_images", "Pictures"),
    Column("baseline_top1", "Right before", "%", 1),
    Column("top1", "Right", "%", 1),
    Column("drop_pp", "Drop", "points", 1, "drop_lo", "drop_hi"),
)
VIEWS = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("views", "Views"),
    Column("n_images", "Pictures"),
    Column("end_on_pct", "Nearly end-on", "%", 1),
    Column("top1", "Right", "%", 1, "top1_lo", "top1_hi"),
    Column("drop_pp", "Drop", "points", 1, "drop_lo", "drop_hi"),
)
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
    items: list[Item] = []
    for make in (_subsets, _views, _variance):
        why, made = attempt(partial(make, evidence, output, said))
        said += why
        items += made
    return Section("What was selected", said, items)


def notes(evidence: Evidence) -> list[str]:
    """Return which networks helped to choose the objects, and which objects are left out."""
    gate = evidence.gate
    if gate is None:
        return [FOREIGN]
    rejected = sorted(set(evidence.everything["object_id"]) - set(evidence.judged["object_id"]))
    asked = evidence.judged["object_id"].isin(gate.audited).any()
    found = [judges_note(sorted(gate.admitting), evidence.gated) if asked else "", rejected_note(rejected)]
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
    shown = table.assign(network=network_labels(table))
    return [Table(title, shown, " ".join(subset_lines(table)), SUBSETS, csv=csv)]


def _views(evidence: Evidence, output: Output, said: list[str]) -> list[Item]:
    coverage = evidence.dataset.coverage
    if coverage is None:
        if NO_SILHOUETTE not in said:
            said.append(NO_SILHOUETTE)
        return []
    table = with_and_without_end_on(evidence.judged, coverage)
    if table.empty:
        return []
    note = f"Nearly end-on: the silhouette is below {END_ON:.0%} of the object's upright one.".replace("%", " %")
    shown = table.assign(network=network_labels(table))
    return [Table("With and without views nearly end-on", shown, note, VIEWS, csv=output.table("end_on", table))]


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
