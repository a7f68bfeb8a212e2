"""The house style of figures, and how a figure becomes files."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError

PALETTE: tuple[str, ...] = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito's colours without the yellow, which is too light on white."""

MARKERS: tuple[str, ...] = ("o", "s", "^", "D", "v", "P", "X")
"""One shape a network, so that colour is not the only difference."""

INK = "#222222"
QUIET = "#555555"
RIGHT = "#0072B2"
WRONG = "#D55E00"
TWO_SIDED = LinearSegmentedColormap.from_list("two_sided", [WRONG, "#F7F7F7", RIGHT])
"""Below and above chance, which is the middle."""
DPI = 150
CAPTION_PT = 8.0
LEAST_IMAGES = 5
"""Points of fewer pictures are mostly chance."""
LEAST_POINTS = 3

_SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "text.color": INK,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.edgecolor": "#999999",
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.8,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the house style inside a ``with`` block, whatever the user's matplotlib settings are.

    Dollar signs in names stay text: no mathematical typesetting.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)  # type: ignore[arg-type]
        yield


def new_figure(width_in: float, height_in: float, *, constrained: bool = False) -> Figure:
    """Return an empty figure that belongs to no window and to no global state.

    Args:
        width_in: inches.
        height_in: inches.
        constrained: True lets matplotlib place axes and legends.
    """
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, layout="constrained" if constrained else None)
    FigureCanvasAgg(figure)
    return figure


def legend_above(figure: Figure, handles: Sequence[Artist], title: str, columns: int) -> None:
    """Add a legend above all axes of a constrained figure, its title saying what is drawn.

    Args:
        figure: to add it to.
        handles: artists with labels.
        title: what the axes show.
        columns: of the legend.
    """
    figure.legend(
        handles=list(handles),
        loc="outside upper left",
        ncols=columns,
        columnspacing=1.4,
        title=title,
        title_fontsize=11,
        alignment="left",
    )


def wrapped(text: str, width_in: float, size_pt: float) -> str:
    """Return text broken into lines that fit a width in DejaVu Sans (mean advance 0.53 of the size).

    Args:
        text: one paragraph.
        width_in: inches.
        size_pt: font size in points.
    """
    return "\n".join(textwrap.wrap(text, max(10, int(width_in * 72.0 / (0.53 * size_pt)))))


def cut_to_fit(text: str, width_in: float, size_pt: float, *, bold: bool = False, middle: bool = False) -> str:
    """Return the text, its end or its middle replaced by an ellipsis where it is wider than ``width_in``.

    Args:
        text: one line.
        width_in: inches.
        size_pt: font size in points.
        bold: True measures bold letters.
        middle: True keeps both ends, which tell the names of networks apart.
    """

    def fits(candidate: str) -> bool:
        return width_of(candidate, size_pt, bold=bold) <= width_in

    if fits(text):
        return text

    def cut(kept: int) -> str:
        tail = kept // 2 if middle else 0
        return text[: kept - tail].rstrip() + "\u2026" + text[len(text) - tail :]

    kept = len(text) - 1
    while kept > 1 and not fits(cut(kept)):
        kept -= 1
    return cut(kept)


def width_of(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return the width in inches of one line of text in DejaVu Sans.

    Args:
        text: one line.
        size_pt: font size in points.
        bold: True measures bold letters.
    """
    font = FontProperties(family="DejaVu Sans", size=size_pt, weight="bold" if bold else "normal")
    width_pt, _, _ = text_to_path.get_text_width_height_descent(text, font, False)
    return float(width_pt) / 72.0


def well_filled(rows: pd.DataFrame, line: list[str], least: int = LEAST_IMAGES) -> tuple[pd.DataFrame, str]:
    """Return the points that enough pictures stand behind, and a sentence about the others.

    Args:
        rows: points of lines, with ``n_images``.
        line: columns that name a line; one that would be left with fewer than three points keeps all of them.
        least: pictures.
    """
    enough = rows["n_images"] >= least
    kept = enough | (enough.groupby([rows[name] for name in line]).transform("sum") < LEAST_POINTS)
    if kept.all():
        return rows, ""
    return rows[kept], f" Points of fewer than {least} pictures are left out where three others remain."


def whiskers(rows: pd.DataFrame, value: str, low: str, high: str) -> NDArray[np.float64]:
    """Return the 2 x N lengths of intervals below and above the values of a frame, 0 where there is none."""
    values = rows[value].to_numpy(float)
    ends = np.stack([values - rows[low].to_numpy(float), rows[high].to_numpy(float) - values])
    lengths: NDArray[np.float64] = np.nan_to_num(np.clip(ends, 0.0, None))
    return lengths


def even_ticks(axes: Axes) -> None:
    """Put ticks at round numbers of the horizontal axis, none beyond its ends, and fix the ends."""
    low, high = axes.get_xlim()
    axes.set_xticks(
        [tick for tick in MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= tick <= high]
    )
    axes.set_xlim(low, high)


def add_caption(figure: Figure, text: str, width_in: float) -> None:
    """Write a paragraph below a figure whose layout is constrained.

    Args:
        figure: of :func:`new_figure`.
        text: a paragraph.
        width_in: of the figure, inches.
    """
    figure.supxlabel(wrapped(text, width_in - 0.3, CAPTION_PT), x=0.01, ha="left", fontsize=CAPTION_PT, color=QUIET)


def save(figure: Figure, path_without_suffix: Path | str) -> tuple[Path, Path]:
    """Write a figure as PNG (150 dpi) and PDF; equal figures give equal bytes.

    Args:
        figure: to be written.
        path_without_suffix: ``results/figures/accuracy`` writes ``accuracy.png`` and ``accuracy.pdf``; its folder
            is made where it is missing.

    Returns:
        The two paths, PNG first.

    Raises:
        ObjectPoseError: the folder or a file cannot be written.
    """
    base = Path(path_without_suffix)
    paths = (base.with_name(base.name + ".png"), base.with_name(base.name + ".pdf"))
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
        for path in paths:
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            try:
                with house_style():
                    if path.suffix == ".png":
                        figure.savefig(part, format="png", dpi=DPI, metadata={"Software": None})
                    else:
                        nothing = dict.fromkeys(("Creator", "Producer", "CreationDate", "ModDate"))
                        figure.savefig(part, format="pdf", dpi=DPI, metadata=nothing)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ObjectPoseError(
            f"The figure {base} cannot be written ({reason}); choose a folder that you may write to."
        ) from error
    return paths
