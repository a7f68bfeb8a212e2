"""The contact sheet of a data set: a row of pictures a condition, to look at before any network is asked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from objectpose.analysis.conditions import ordered
from objectpose.analysis.style import DPI, INK, QUIET, cut_to_fit, house_style, new_figure, wrapped
from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError
from objectpose.files import publish

Picture = NDArray[np.uint8]

PER_CONDITION = 8
"""Pictures beside each other."""
_COLUMNS = (
    "image_id",
    "object_id",
    "condition",
    "baseline",
    "background",
    "sweep_deg",
    "distance_deg",
    "scale",
)
_CELL_PX = 200
_GAP_PX = 14
_EDGE_PX = 26
_HEAD_PX = 270
_LINE_PX = 23
_TITLE_PX = 56
_TEXT_PT = 7.5
_HEAD_PT = 9.5
_TITLE_PT = 14.0


def save_contact_sheet(
    plan: pd.DataFrame,
    image_of: Callable[[str], Picture],
    path: Path,
    title: str,
    *,
    per_condition: int = PER_CONDITION,
) -> Path:
    """Write a PNG with a row of pictures for each condition of a data set.

    At the left of a row stand the condition, its baseline and how many images it has; below each picture its object,
    its background, and its angle and scale. Equal input gives equal bytes.

    Args:
        plan: one row an image, with the columns of ``datasets.plan.SCHEMA``.
        image_of: from an ``image_id`` to uint8 H x W x 3; only the pictures that are shown are asked for.
        path: of the PNG; its folder is made where it is missing.
        title: first line of the sheet, for example the data set's name.
        per_condition: pictures a row at most, >= 1.

    Returns:
        The path.

    Raises:
        ObjectPoseError: no image or a column is missing, a picture is not uint8 H x W x 3, or the file cannot be
            written.
    """
    figure = draw_contact_sheet(plan, image_of, title, per_condition=per_condition)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with house_style():
                figure.savefig(part, format="png", dpi=DPI, metadata={"Software": None})
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ObjectPoseError(
            f"The contact sheet {path} cannot be written ({error.strerror or error}); choose a folder that you may "
            "write to."
        ) from error
    return path


def pick_pictures(rows: pd.DataFrame, count: int = PER_CONDITION, start: int = 0) -> pd.DataFrame:
    """Choose images of one condition, spread over its objects, backgrounds and poses.

    Objects are taken evenly over their order in the plan, each with a block of pictures; backgrounds follow in turn;
    poses are the middles of equal parts of the sweep (of the scale or the distance from upright, where nothing is
    swept); of a baseline they begin with the straight one. The choice is not random.

    Args:
        rows: of the plan, one condition.
        count: how many at most, >= 1.
        start: number of the object and of the background to begin with, so that rows of a sheet show different ones.

    Returns:
        Rows of the plan, in the order to show.
    """
    rows = rows.reset_index(drop=True)
    count = min(count, len(rows))
    straight = bool((rows["condition"] == rows["baseline"]).all())
    key = next((name for name in ("sweep_deg", "scale") if rows[name].nunique() > 1), "distance_deg")
    rows = rows.sort_values(key, kind="stable", na_position="last")
    objects = list(dict.fromkeys(rows.sort_index()["object_id"]))
    backgrounds = list(dict.fromkeys(rows.sort_index()["background"]))
    slots = [objects[(start + (place * len(objects)) // count) % len(objects)] for place in range(count)]
    chosen: list[int] = []
    for place, name in enumerate(slots):
        own = rows["object_id"] == name
        behind = rows["background"] == backgrounds[(start + place) % len(backgrounds)]
        block = [other for other, slot in enumerate(slots) if slot == name]
        turn, turns = (block.index(place), len(block)) if len(block) > 1 else (place, count)
        share = (turn + 0.5) / turns
        if straight:  # of a baseline the straight pose of each object is worth most
            share = block.index(place) / len(block)
        for pool in (rows.index[own & behind], rows.index[own], rows.index):
            middle = int(share * len(pool))
            free = [at for at, row in enumerate(pool) if row not in chosen]
            if free:
                chosen.append(int(pool[min(free, key=lambda at: abs(at - middle))]))
                break
    return rows.loc[chosen]


def draw_contact_sheet(
    plan: pd.DataFrame, image_of: Callable[[str], Picture], title: str, *, per_condition: int = PER_CONDITION
) -> Figure:
    """Draw what :func:`save_contact_sheet` writes, with the same arguments and errors."""
    missing = [name for name in _COLUMNS if name not in plan.columns]
    if missing or len(plan) == 0:
        what = f"no column {', '.join(missing)}" if missing else "no image"
        raise ObjectPoseError(f"The plan has {what}, so that no contact sheet can be drawn; render the data set again.")
    if per_condition < 1:
        raise ObjectPoseError(f"{per_condition} pictures a condition were asked for, expected at least 1.")
    plan = plan.reset_index(drop=True)
    groups = [plan[plan["condition"] == name] for name in ordered(plan["condition"])]
    picked = [pick_pictures(rows, per_condition, start) for start, rows in enumerate(groups)]
    across = max(5, *(len(rows) for rows in picked))
    row_px = _CELL_PX + 3 * _LINE_PX + _GAP_PX + 8
    width = 2 * _EDGE_PX + _HEAD_PX + across * (_CELL_PX + _GAP_PX) - _GAP_PX
    caption = wrapped(_caption(plan, picked, per_condition), (width - 2 * _EDGE_PX) / DPI, _TEXT_PT)
    height = 2 * _EDGE_PX + _TITLE_PX + len(groups) * row_px + (caption.count("\n") + 1) * _LINE_PX
    sheet = np.full((height, width, 3), 255, np.uint8)
    with house_style():
        figure = new_figure(width / DPI, height / DPI)

        def write(text: str, left: int, top: int, points: float, room_px: int, colour: str, bold: bool = False) -> None:
            figure.text(
                left / width,
                1 - top / height,
                cut_to_fit(text, room_px / DPI, points, bold=bold),
                fontsize=points,
                color=colour,
                fontweight="bold" if bold else "normal",
                va="top",
            )

        write(title, _EDGE_PX, _EDGE_PX, _TITLE_PT, width - 2 * _EDGE_PX, INK, True)
        for number, (rows, shown) in enumerate(zip(groups, picked, strict=True)):
            top = _EDGE_PX + _TITLE_PX + number * row_px
            for line, text in enumerate(_heading(rows)):
                points = _TEXT_PT if line else _HEAD_PT
                below = top + (8 + line * _LINE_PX + 8 if line else 0)
                write(text, _EDGE_PX, below, points, _HEAD_PX - _GAP_PX, QUIET if line else INK, not line)
            for place, (_, row) in enumerate(shown.iterrows()):
                left = _EDGE_PX + _HEAD_PX + place * (_CELL_PX + _GAP_PX)
                _paste(sheet, image_of(str(row["image_id"])), left, top)
                for line, text in enumerate((str(row["object_id"]), str(row["background"]), _pose(row))):
                    below = top + _CELL_PX + 8 + line * _LINE_PX
                    write(text, left, below, _TEXT_PT, _CELL_PX, QUIET if line else INK, not line)
        figure.text(
            _EDGE_PX / width, _EDGE_PX / height, caption, fontsize=_TEXT_PT, color=QUIET, va="bottom", linespacing=1.4
        )
        figure.add_axes((0.0, 0.0, 1.0, 1.0), zorder=-2).set_axis_off()  # notebooks do not show a figure without axes
        figure.figimage(sheet, 0, 0, origin="upper", zorder=-1)
    return figure


def _heading(rows: pd.DataFrame) -> tuple[str, ...]:
    condition, baseline = str(rows["condition"].iat[0]), str(rows["baseline"].iat[0])
    against = "its own baseline" if baseline == condition else f"against {baseline}"
    numbers = f"{counted(len(rows), 'image')}"
    return condition, against, numbers, counted(rows["object_id"].nunique(), "object")


def _caption(plan: pd.DataFrame, picked: Sequence[pd.DataFrame], per_condition: int) -> str:
    shown = sum(len(rows) for rows in picked)
    return (
        f"{counted(len(plan), 'image')} of {counted(plan['object_id'].nunique(), 'object')} before "
        f"{counted(plan['background'].nunique(), 'background')}; {shown:,} shown, {per_condition} a condition at most, "
        "spread over objects, backgrounds and poses. Angles are those of the sweep, or the distance from upright; "
        "\u00d7 is the scale."
    )


def _pose(row: pd.Series) -> str:
    swept = row["sweep_deg"]
    angle = f"{float(row['distance_deg']):.0f}\u00b0 from upright" if pd.isna(swept) else f"at {float(swept):.4g}\u00b0"
    return angle if abs(float(row["scale"]) - 1.0) < 5e-3 else f"{angle}, \u00d7{float(row['scale']):.2f}"


def _paste(sheet: Picture, picture: Picture, left: int, top: int) -> None:
    """Put a picture of any shape into its cell, its longer side as long as the cell's."""
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
        raise ObjectPoseError(f"A picture is {picture.dtype} of shape {picture.shape}, expected uint8 H x W x 3.")
    longer = max(picture.shape[:2])
    high, wide = (max(1, round(_CELL_PX * side / longer)) for side in picture.shape[:2])
    fitted = Image.fromarray(np.ascontiguousarray(picture)).resize((wide, high), Image.Resampling.LANCZOS)
    down, right = top + (_CELL_PX - high) // 2, left + (_CELL_PX - wide) // 2
    sheet[down : down + high, right : right + wide] = np.asarray(fitted)
