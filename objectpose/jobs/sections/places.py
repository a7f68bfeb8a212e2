"""Where networks fail: by distance, angle, class, background, size and direction of view."""

from __future__ import annotations

from functools import partial

from objectpose.analysis.accuracy import by_object
from objectpose.analysis.curve_figures import distance_curves, sweep_curves, sweep_polar
from objectpose.analysis.curves import angle_curve, by_background, distance_curve, scale_rotation
from objectpose.analysis.heatmap_figures import condition_heatmap
from objectpose.analysis.interaction import interaction
from objectpose.analysis.scale_figures import interaction_chart, scale_rotation_curves
from objectpose.analysis.shares import by_class
from objectpose.analysis.view_figures import view_map
from objectpose.analysis.views import view_accuracy
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence
from objectpose.jobs.sections import hardest
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Item, Section, Table

ALL_SIDES = ("so3", "three_axes", "tilt")
"""Conditions that show objects from all sides, the most even one first."""


def section(evidence: Evidence, output: Output) -> Section:
    """Return accuracy by distance from upright, around the turn, by class, background, size and direction of view."""
    parts = (
        hardest.objects_of,
        hardest.worst_of,
        _distance,
        _sweep,
        _class,
        _background,
        _size,
        _interaction,
        _view,
    )
    return Section("Where it fails", *collect(*(partial(part, evidence, output) for part in parts)))


def _distance(evidence: Evidence, output: Output) -> list[Item]:
    frame = distance_curve(evidence.judged)
    csv = output.table("distance", frame)
    return [
        output.picture("distance", "By distance from upright", distance_curves(frame), csv),
        Table("The numbers by distance", frame.drop(columns="dataset"), csv=csv, folded=True),
    ]


def _sweep(evidence: Evidence, output: Output) -> list[Item]:
    frame = angle_curve(evidence.judged)
    csv = output.table("sweep", frame)
    return [
        output.picture("sweep", "Around the full turn", sweep_curves(frame), csv),
        output.picture("sweep_polar", "Around the full turn, as a circle", sweep_polar(frame), csv),
        Table("The numbers around the turn", frame.drop(columns="dataset"), csv=csv, folded=True),
    ]


def _class(evidence: Evidence, output: Output) -> list[Item]:
    frame = by_class(evidence.judged)
    csv = output.table("class", frame)
    items: list[Item] = [output.picture("class", "Classes under each condition", condition_heatmap(frame), csv)]
    if evidence.judged["object_id"].nunique() > evidence.judged["class_name"].nunique():
        objects = by_object(evidence.judged)
        figure = condition_heatmap(objects, rows="object_id")
        items.append(output.picture("object", "Objects under each condition", figure, output.table("object", objects)))
    return [*items, Table("The numbers by class", frame.drop(columns="dataset"), csv=csv, folded=True)]


def _background(evidence: Evidence, output: Output) -> list[Item]:
    if evidence.judged["background"].nunique() < 2:
        return []
    frame = by_background(evidence.judged)
    return [Table("By background", frame.drop(columns="dataset"), csv=output.table("background", frame))]


def _size(evidence: Evidence, output: Output) -> list[Item]:
    frame = scale_rotation(evidence.judged, width_deg=180.0)
    finer = scale_rotation(evidence.judged)
    data = {"data (CSV)": output.table("scale", frame), "by distance too (CSV)": output.table("scale_rotation", finer)}
    return [output.picture("scale_rotation", "By size, upright and rotated", scale_rotation_curves(frame), data)]


def _interaction(evidence: Evidence, output: Output) -> list[Item]:
    names = set(evidence.judged["condition"])
    if not {"scaling", "scaling_rotation"} <= names:
        return []
    frame = interaction(evidence.judged)
    csv = output.table("interaction", frame)
    return [
        output.picture("interaction", "Smaller and rotated at once", interaction_chart(frame), csv),
        Table("The numbers of smaller and rotated", frame.drop(columns="dataset"), csv=csv, folded=True),
    ]


def _view(evidence: Evidence, output: Output) -> list[Item]:
    views = evidence.dataset.views
    if views is None:
        raise ObjectPoseError(
            "From where objects are seen is known of rendered data sets with dataset.framing=catalogue only."
        )
    shown = [name for name in ALL_SIDES if (evidence.judged["condition"] == name).any()]
    if not shown:
        raise ObjectPoseError("No condition of the data shows objects from all sides; render so3 to see them by view.")
    rows = evidence.judged[evidence.judged["condition"] == shown[0]]
    frame = view_accuracy(rows, views)
    seen = views[views["object_id"].isin(rows["object_id"])]
    note = "Front, top and sides are the object's own, whatever its pose."
    return [
        output.picture("view", "By direction of view", view_map(frame, views=seen), output.table("view", frame), note)
    ]
