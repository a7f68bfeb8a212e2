"""Networks as points: drop against training data, and turned against upright accuracy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray
from scipy.special import logit

from objectpose.analysis.choice_figures import CAPTION_PT, set_around, what_is_behind
from objectpose.analysis.conditions import require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.factors import DATA_SIZES
from objectpose.analysis.point_labels import name_points
from objectpose.analysis.robustness import logits
from objectpose.analysis.style import INK, MARKERS, PALETTE, QUIET, cut_to_fit, house_style, new_figure, wrapped
from objectpose.errors import ObjectPoseError

NO_CARD = "not in the zoo"
SIGNALS = ("supervised", "weakly or semi-supervised", "self-supervised", "image-text")
ALL_NAMED = 12
"""Up to this many networks have their names; of more only those that lie furthest from the line."""
NAMED_A_SIDE = 4
PERCENTS = (
    (0.1, 0.5, 1, 2, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 99, 99.5, 99.9),
    (0.1, 0.2, 0.5, 1, 2, *range(5, 96, 5), 98, 99, 99.5, 99.8, 99.9),
    (0.1, 0.2, 0.5, 1, *range(2, 99, 2), 99, 99.5, 99.8, 99.9),
    (0.1, 0.2, 0.5, *range(1, 100), 99.5, 99.8, 99.9),
    tuple(number / 5 for number in range(1, 500)),
)
"""Round percentages for ticks, from coarse to fine."""
LEAST_TICKS = 4


def drop_against_data(table: pd.DataFrame, regression: pd.DataFrame) -> Figure:
    """Draw each network's drop against how many pictures its largest training set holds.

    Args:
        table: of ``factors.factor_table``, one data set and condition; networks without a card are not drawn.
        regression: of ``robustness.drop_regression`` of that table; its line is drawn where it has one.

    Raises:
        ObjectPoseError: several data sets or conditions, or no network with a card.
    """
    require_one(table, "networks are", ("dataset", "condition"))
    known = table[table["data_images"].notna()].reset_index(drop=True)
    if known.empty:
        raise ObjectPoseError("No network has a card that says what it learnt from; evaluate networks of the zoo.")
    terms = regression.set_index("term")["coefficient"]
    slope = regression[regression["term"] == "log10_data"].iloc[0]
    log_images = known["log10_data"].to_numpy(float)
    drops = known["drop_pp"].to_numpy(float)
    x = log_images + _sideways(log_images)
    kinds = [*SIGNALS, *sorted(set(known["loss kind"].astype(str)) - set(SIGNALS))]
    if np.isfinite(slope["coefficient"]):
        mean = float(known["upright_top1"].mean())
        said = (
            f"Line: regression at the mean upright accuracy ({mean:.0f} %); {slope['coefficient']:+.1f} points for ten "
            f"times the pictures, 95 % interval {slope['low']:+.1f} to {slope['high']:+.1f} ({slope['intervals']})."
        )
    else:
        said = f"No line: {slope['note']}."
    caption = f"{what_is_behind(table)} Networks with as many training pictures are set a little apart. {said}"
    with house_style():
        figure, axes = _square(caption, "Drop against training data, by training signal")
        drawn = None
        for number, kind in enumerate(kinds):
            own = (known["loss kind"].astype(str) == kind).to_numpy()
            if own.any():
                _dots(axes, x[own], drops[own], number, kind)
        span = np.array([log_images.min() - 0.1, log_images.max() + 0.1])
        if np.isfinite(slope["coefficient"]):
            line = terms["constant"] + terms["log10_data"] * span + terms["upright_top1"] * mean
            axes.plot(span, line, color=INK, linewidth=1.4, zorder=2)
            steps = np.linspace(span[0], span[1], 60)
            drawn = (steps, np.interp(steps, span, line))
        axes.set_xlim(span[0] - 0.25, span[1] + 0.25)
        axes.margins(y=0.08)
        ticks = np.arange(np.floor(span[0]), np.ceil(span[1]) + 1)
        axes.set_xticks([tick for tick in ticks if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _pictures(10**value)))
        axes.set_xlabel("pictures in the largest training set", fontsize=9)
        axes.set_ylabel(f"drop under {table['condition'].iloc[0]}, points", fontsize=9)
        axes.grid()
        _legend(figure, axes)
        axes.set_ylim(*axes.get_ylim())
        order = np.argsort(-np.abs(drops - np.median(drops)), kind="stable")
        few = len(known) <= ALL_NAMED
        chosen = order if few else [*np.argsort(drops, kind="stable")[:3], *np.argsort(-drops, kind="stable")[:3]]
        name_points(axes, x, drops, _names(known), [int(place) for place in chosen], line=drawn)
    return figure


def turned_against_upright(effective: pd.DataFrame, line: pd.DataFrame) -> Figure:
    """Draw accuracy under a condition against upright accuracy, both as logits, with the line through the networks.

    The dashed line is where nothing would be lost. Named are the networks furthest above and below the line.

    Args:
        effective: of ``robustness.effective_robustness``, one data set and condition.
        line: of ``robustness.robustness_line``; drawn where it has one.

    Raises:
        ObjectPoseError: several data sets or conditions.
    """
    require_one(effective, "networks are", ("dataset", "condition"))
    own_line = line[(line["dataset"] == effective["dataset"].iloc[0])]
    own_line = own_line[own_line["condition"] == effective["condition"].iloc[0]]
    fitted = own_line.iloc[0]
    x, y = logits(effective)
    if np.isfinite(fitted["slope"]):
        said = (
            f"Line: slope {fitted['slope']:.2f}, 95 % interval {fitted['slope_lo']:.2f} to {fitted['slope_hi']:.2f} "
            f"({fitted['intervals']}); R2 {fitted['r2']:.2f}."
        )
    else:
        said = f"No line: {fitted['note']}."
    sizes = effective["data size"].astype(object).where(effective["data size"].notna(), NO_CARD)
    pad_x, pad_y = (0.12 * max(float(np.ptp(values)), 0.8) for values in (x, y))
    across, up = (x.min() - pad_x, x.max() + pad_x), (y.min() - pad_y, y.max() + pad_y)
    dashed = "; dashed: nothing lost" if max(across[0], up[0]) < min(across[1], up[1]) else ""
    caption = f"{what_is_behind(effective)} Both axes are logits{dashed}. {said}"
    with house_style():
        figure, axes = _square(caption, "Turned against upright accuracy, by pictures of training data")
        for number, size in enumerate([*(name for _, name in DATA_SIZES), NO_CARD]):
            own = (sizes == size).to_numpy()
            if own.any():
                _dots(axes, x[own], y[own], number, size)
        axes.set_xlim(*across)
        axes.set_ylim(*up)
        ends, drawn = across, None
        axes.plot(ends, ends, color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        if np.isfinite(fitted["slope"]):
            steps = np.linspace(ends[0], ends[1], 60)
            drawn = (steps, fitted["intercept"] + fitted["slope"] * steps)
            axes.plot(*drawn, color=INK, linewidth=1.4, zorder=2)
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            axis.set_major_locator(FixedLocator(_percent_ticks(*limits)))
            axis.set_minor_locator(NullLocator())
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 / (1 + np.exp(-value)):.4g}"))
        axes.set_xlabel("right upright, %", fontsize=9)
        axes.set_ylabel(f"right under {effective['condition'].iloc[0]}, %", fontsize=9)
        axes.grid()
        _legend(figure, axes)
        away = effective["effective_logit"].to_numpy(float)
        if len(effective) <= ALL_NAMED:
            chosen = np.arange(len(effective))
        else:
            order = np.argsort(away, kind="stable")
            chosen = np.stack([order[::-1][:NAMED_A_SIDE], order[:NAMED_A_SIDE]], axis=1).ravel()
        name_points(axes, x, y, _names(effective), [int(place) for place in chosen], line=drawn)
    return figure


def _names(table: pd.DataFrame) -> list[str]:
    return [cut_to_fit(name, 2.0, 8.0) for name in network_labels(table)]


def _dots(axes: Axes, x: NDArray[np.float64], y: NDArray[np.float64], number: int, label: str) -> None:
    axes.plot(
        x,
        y,
        linestyle="none",
        marker=MARKERS[number % len(MARKERS)],
        markersize=6,
        color=PALETTE[number % len(PALETTE)],
        alpha=0.8,
        markeredgecolor="white",
        markeredgewidth=0.5,
        label=label,
        zorder=3,
    )


def _square(caption: str, title: str) -> tuple[Figure, Axes]:
    """Return a figure with one panel, its title above and its caption below."""
    width_in = 7.2
    text = wrapped(caption, width_in - 0.2, CAPTION_PT)
    below_in = 0.62 + 0.15 * (text.count("\n") + 1)
    height_in = below_in + 4.6 + 0.75
    figure = new_figure(width_in, height_in)
    axes = figure.add_axes((0.75 / width_in, below_in / height_in, (width_in - 1.2) / width_in, 4.6 / height_in))
    set_around(figure, title, text)
    return figure, axes


def _legend(figure: Figure, axes: Axes) -> None:
    width_in, height_in = figure.get_size_inches()
    handles, labels = axes.get_legend_handles_labels()
    drawn = [h for h in handles if isinstance(h, Line2D)]
    figure.legend(
        drawn,
        labels,
        loc="upper left",
        bbox_to_anchor=(0.02 / width_in, 1 - 0.3 / height_in),
        ncols=len(labels),
        fontsize=8.5,
        handletextpad=0.1,
        columnspacing=1.1,
        borderaxespad=0.2,
    )


def _sideways(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shifts that set equal values apart."""
    shift = np.zeros(len(values))
    for value in np.unique(values):
        same = np.flatnonzero(values == value)
        if len(same) > 1:
            order = (np.arange(len(same)) * 7) % len(same) if len(same) % 7 else np.arange(len(same))
            shift[same] = (order / (len(same) - 1) - 0.5) * min(0.24, 0.05 * len(same))
    return shift


def _pictures(count: float) -> str:
    """Return a number of pictures in words.

    >>> _pictures(1e6), _pictures(1e9)
    ('1 million', '1 billion')
    """
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if count >= size:
            return f"{count / size:.0f} {word}"
    return f"{count:,.0f}"


def _percent_ticks(low: float, high: float) -> list[float]:
    """Return the logits of round percentages between two limits, not too near each other."""
    chosen: list[float] = []
    for percents in PERCENTS:
        chosen = []
        for value in logit(np.array(percents) / 100):
            if low <= value <= high and (not chosen or value - chosen[-1] > 0.06 * (high - low)):
                chosen.append(float(value))
        if len(chosen) >= LEAST_TICKS:
            break
    return chosen
