"""Charts of accuracy along an angle: around the full turn, and by distance from upright."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.projections.polar import PolarAxes

from objectpose.analysis.conditions import chosen, ordered, require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.style import (
    CAPTION_PT,
    INK,
    MARKERS,
    PALETTE,
    add_caption,
    cut_to_fit,
    house_style,
    legend_above,
    new_figure,
    well_filled,
    width_of,
    wrapped,
)
from objectpose.analysis.tables import sizes_of

MOST_LINES = len(PALETTE)
MOST_BANDS = 3
MOST_PANELS = 6
LEAST_BINS = 3
SPREAD = (0.1, 0.9)
"""Quantiles over networks of the band about the mean of many."""
LONGEST_NAME_IN = 3.4


@dataclass(frozen=True)
class Line:
    """One line of every panel.

    Attributes:
        name: as it stands in the legend.
        rows: ``condition, angle_deg, top1, low, high``; the limits are NaN where there is no band.
        colour: of line and band.
        marker: of the points; none where empty.
    """

    name: str
    rows: pd.DataFrame
    colour: str
    marker: str


def sweep_curves(curves: pd.DataFrame, *, conditions: Sequence[str] | None = None) -> Figure:
    """Draw accuracy around the full turn as lines, one panel a condition.

    Up to seven networks have a line each, up to three of them a band; of more there are the mean, the middle 80 % of
    the networks as a band, and the best and the worst network by name.

    Args:
        curves: of ``curves.angle_curve``, one data set.
        conditions: to draw; None means the first six in the order of tables.

    Raises:
        ObjectPoseError: no row, several data sets, an unknown condition or more than six.
    """

    def draw(axes: Axes, line: Line, rows: pd.DataFrame) -> None:
        _draw(axes, line, _closed(rows), 1.0)

    def frame(axes: Axes) -> None:
        _percent(axes)
        axes.set_xlim(0, 360)
        axes.set_xticks(range(0, 361, 90))

    return _panels(curves, conditions, draw, frame, "Across: the swept angle, degrees; 0 is upright.")


def sweep_polar(curves: pd.DataFrame, *, conditions: Sequence[str] | None = None) -> Figure:
    """Draw accuracy around the full turn in polar coordinates, upright at the top; otherwise as :func:`sweep_curves`.

    Args:
        curves: of ``curves.angle_curve``, one data set.
        conditions: to draw; None means the first six in the order of tables.

    Raises:
        ObjectPoseError: as :func:`sweep_curves`.
    """

    def draw(axes: Axes, line: Line, rows: pd.DataFrame) -> None:
        _draw(axes, line, _closed(rows), np.pi / 180.0)

    def frame(axes: Axes) -> None:
        assert isinstance(axes, PolarAxes)
        axes.set_theta_zero_location("N")
        axes.set_theta_direction(-1)
        axes.set_thetagrids(range(0, 360, 45), [f"{angle}\u00b0" for angle in range(0, 360, 45)], fontsize=8)
        axes.set_ylim(0, 100)
        axes.set_yticks([25, 50, 75, 100], ["", "50", "", "100"], fontsize=7.5)
        axes.set_rlabel_position(22.5)
        axes.grid(color="#DDDDDD", linewidth=0.8)

    note = "Around: the swept angle, 0 is upright; from the centre outwards: 0 to 100 %."
    return _panels(curves, conditions, draw, frame, note, polar=True)


def distance_curves(curves: pd.DataFrame, *, conditions: Sequence[str] | None = None) -> Figure:
    """Draw accuracy by distance from upright as lines, one panel a condition; otherwise as :func:`sweep_curves`.

    Args:
        curves: of ``curves.distance_curve``, one data set.
        conditions: to draw; None means the first six in the order of tables that show three distances or more.

    Raises:
        ObjectPoseError: as :func:`sweep_curves`.
    """

    def draw(axes: Axes, line: Line, rows: pd.DataFrame) -> None:
        _draw(axes, line, rows, 1.0)

    def frame(axes: Axes) -> None:
        _percent(axes)
        axes.set_xlim(0, 180)
        axes.set_xticks(range(0, 181, 45))

    note = "Across: the smallest angle that turns the thing upright again, degrees, its symmetry taken into account."
    return _panels(curves, conditions, draw, frame, note)


def _draw(axes: Axes, line: Line, rows: pd.DataFrame, unit: float) -> None:
    x = unit * rows["angle_deg"].to_numpy(float)
    if rows["low"].notna().any():
        axes.fill_between(x, rows["low"], rows["high"], color=line.colour, alpha=0.15, linewidth=0)
    axes.plot(
        x,
        rows["top1"].to_numpy(float),
        color=line.colour,
        marker=line.marker or None,
        markersize=4.0,
        linewidth=1.6,
        clip_on=False,
        label=line.name,
    )


def _percent(axes: Axes) -> None:
    axes.set_ylim(0, 100)
    axes.set_yticks(range(0, 101, 20))
    axes.grid()


def _closed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with the first one again a full turn later, where the turn is complete."""
    step = rows["angle_deg"].diff().min()
    first = rows.iloc[:1]
    if len(rows) < LEAST_BINS or first["angle_deg"].iloc[0] + 360.0 - rows["angle_deg"].iloc[-1] > step + 1e-6:
        return rows
    return pd.concat([rows, first.assign(angle_deg=first["angle_deg"] + 360.0)])


def _panels(
    curves: pd.DataFrame,
    conditions: Sequence[str] | None,
    draw: Callable[[Axes, Line, pd.DataFrame], None],
    frame: Callable[[Axes], None],
    note: str,
    *,
    polar: bool = False,
) -> Figure:
    names = _chosen(curves, conditions)
    rows = curves[curves["condition"].isin(names)]
    rows, sparse = well_filled(rows.assign(network=network_labels(curves).loc[rows.index]), ["network", "condition"])
    lines, said = _lines(rows)
    columns = min(len(names), 3)
    down = -(-len(names) // columns)
    side_in = 4.6 if len(names) == 1 else 3.1
    width_in = max(5.4, side_in * columns + 0.6)
    labels = [cut_to_fit(line.name, LONGEST_NAME_IN, 10.0, middle=True) for line in lines]
    longest_in = max(width_of(label, 10.0) for label in labels)
    across = max(1, min(len(lines), int(width_in / (longest_in + 0.65))))
    tall_in = side_in if polar else 0.75 * side_in
    left_out = curves["condition"].nunique() - len(names)
    more = f" {left_out} more condition{' is' if left_out == 1 else 's are'} not drawn." if left_out else ""
    caption = f"{note} {rows['dataset'].iloc[0]}: {sizes_of(rows)} a point.{sparse} {said}{more}"
    caption_in = 0.15 * (wrapped(caption, width_in - 0.3, CAPTION_PT).count("\n") + 1)
    with house_style():
        legend_in = 0.2 * -(-len(lines) // across)
        figure = new_figure(
            width_in, down * tall_in + (0.65 if polar else 1.0) + legend_in + caption_in, constrained=True
        )
        figure.get_layout_engine().set(w_pad=0.08)  # type: ignore[union-attr, call-arg]
        kind = {"projection": "polar"} if polar else {}
        shared = not polar
        grid = figure.subplots(down, columns, sharex=shared, sharey=shared, squeeze=False, subplot_kw=kind)
        for place, axes in enumerate(grid.ravel()):
            if place >= len(names):
                axes.set_visible(False)
                continue
            frame(axes)
            for line in lines:
                own = line.rows[line.rows["condition"] == names[place]].sort_values("angle_deg")
                if len(own):
                    draw(axes, line, own)
            axes.set_title(cut_to_fit(names[place], side_in - 0.3, 10.0), loc="left", fontsize=10)
            if not polar and place + columns >= len(names):
                axes.tick_params(labelbottom=True)
        handles = [
            Line2D([], [], color=line.colour, marker=line.marker or None, markersize=5, label=label)
            for line, label in zip(lines, labels, strict=True)
        ]
        legend_above(figure, handles, "Pictures named correctly (top-1), %", across)
        add_caption(figure, caption, width_in)
    return figure


def _chosen(curves: pd.DataFrame, conditions: Sequence[str] | None) -> list[str]:
    require_one(curves, "curves are")
    known = ordered(curves["condition"])
    bins = curves.groupby("condition")["angle_deg"].nunique()
    long = [name for name in known if bins[name] >= LEAST_BINS]
    return chosen(known if conditions is not None else long or known, conditions, MOST_PANELS)


def _lines(rows: pd.DataFrame) -> tuple[list[Line], str]:
    """Return the lines to draw, and a sentence about points and bands."""
    networks = list(dict.fromkeys(rows["network"]))
    nothing = rows["top1_lo"].isna().all()
    if len(networks) <= MOST_LINES:
        banded = len(networks) <= MOST_BANDS and not nothing
        hidden = {} if banded else {"top1_lo": np.nan, "top1_hi": np.nan}
        lines = [
            Line(
                network,
                rows[rows["network"] == network].assign(**hidden).rename(columns={"top1_lo": "low", "top1_hi": "high"}),
                PALETTE[place],
                MARKERS[place],
            )
            for place, network in enumerate(networks)
        ]
        if nothing:
            return lines, "Points: mean over classes; no interval with one class."
        return lines, "Points: mean over classes." + (" Bands: 95 % intervals over classes." if banded else "")
    place = ["condition", "angle_deg"]
    middle = rows.groupby(place)["top1"].agg(
        top1="mean", low=lambda values: values.quantile(SPREAD[0]), high=lambda values: values.quantile(SPREAD[1])
    )
    means = rows.groupby("network")["top1"].mean().sort_values(kind="stable")
    ends = [
        Line(
            f"{word}: {name}",
            rows[rows["network"] == name].assign(low=np.nan, high=np.nan),
            PALETTE[colour],
            MARKERS[colour],
        )
        for word, name, colour in (("best", means.index[-1], 0), ("worst", means.index[0], 1))
    ]
    lines = [Line(f"mean of {len(networks)} networks", middle.reset_index(), INK, ""), *ends]
    return lines, "Points: mean over classes. Band: the middle 80 % of the networks; best and worst by their mean."
