"""The objects that lose most, and each network's worst class and angle: a part of the section on places."""

from __future__ import annotations

from objectpose.analysis.accuracy import hardest_objects
from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Column, Item, Table

MOST_HARDEST = 10
HARDEST = (
    Column("object_id", "Object"),
    Column("class_name", "Class"),
    Column("upright", "Right upright", "%", 0),
    Column("turned", "Right turned", "%", 0),
    Column("drop_pp", "Drop", "points", 0),
    Column("taken_for", "Most often taken for"),
    Column("taken_for_share", "Of the wrong answers", "%", 0),
    Column("n_upright", "Answers upright"),
    Column("n_turned", "Answers turned"),
)
WORST = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("worst_class", "Worst class"),
    Column("worst_class_top1", "Right there", "%", 0),
    Column("worst_class_images", "Of pictures"),
    Column("worst_angle", "Angle of"),
    Column("worst_from_deg", "From", "degrees", 0),
    Column("worst_to_deg", "To", "degrees", 0),
    Column("worst_angle_top1", "Right there", "%", 0),
    Column("worst_angle_images", "Of pictures"),
)
WORST_COLUMNS = ("dataset", "network", *(column.name for column in WORST[1:]))
WORST_NOTE = (
    "The worst of many is below its own long-run accuracy, the more so the fewer pictures it has. Sweep: the angle "
    "of the turn; distance: from upright."
)


def objects_of(evidence: Evidence, output: Output) -> list[Item]:
    """Return the objects that lose most when turned.

    Raises:
        ObjectPoseError: none loses anything.
    """
    turning = evidence.turning
    if not turning:
        return []
    objects = hardest_objects(evidence.judged, MOST_HARDEST, turned=turning)
    if objects.empty:
        raise ObjectPoseError("No object loses accuracy when it is turned.")
    objects = objects.assign(taken_for=evidence.named(objects["taken_for"]))
    first = objects.iloc[0]
    note = f"Means over {counted(int(first['n_networks']), 'network')} and {first['conditions']}."
    return [Table("Objects that lose most", objects, note, HARDEST, csv=output.table("hardest", objects))]


def worst_of(evidence: Evidence, output: Output) -> list[Item]:
    """Return each network's worst class and angle under each condition."""
    worst = evidence.board[list(WORST_COLUMNS)]
    csv = output.table("worst", worst)
    somewhere = worst["worst_class"].where(worst["worst_class_top1"] < 100)
    shown = worst.assign(worst_class=somewhere, worst_angle=worst["worst_angle"].str.removesuffix("_deg"))
    return [Table("Worst class and angle", shown, WORST_NOTE, WORST, csv=csv, folded=True)]
