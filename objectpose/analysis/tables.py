"""Plain text tables of the terminal: accuracies by network and condition, and the hardest objects."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence

import pandas as pd
from tabulate import tabulate

from objectpose.analysis.conditions import ordered

MOST_BLOCKS = 6
SHORTEST_NETWORK = 8
BLANK = "\u2800"
"""Stands for a blank that tabulate would strip."""


def printable(name: object) -> str:
    """Return a name without control characters, which could steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(name))


def shortened(name: str, length: int) -> str:
    """Return the name, its middle replaced by dots where it is longer than ``length``.

    >>> shortened("timm:convnext_tiny.fb_in22k", 15)
    'timm:c..._in22k'
    """
    if len(name) <= length:
        return name
    half = (length - 3) // 2
    return name[: length - 3 - half] + "..." + name[len(name) - half :]


def wrapped(text: str, width: int, indent: str = "") -> str:
    """Return a paragraph in lines of at most ``width``, all but the first indented; names are never broken."""
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def accuracy_table(rows: pd.DataFrame, headline: str | None, width: int) -> str:
    """Return the table of accuracies and drops, names shortened where it would be wider than ``width``.

    Up to six networks have a line for each condition; more have one line each, the smallest drop first, with the
    drop of the headline's condition only.

    Args:
        rows: pooled rows of a summary with ``network``, in the order to show.
        headline: the condition whose drop a one-line network shows; None shows none.
        width: columns to fit into.
    """
    one_line = rows["network"].nunique() > MOST_BLOCKS
    for longest in range(max(len(name) for name in rows["network"]), SHORTEST_NETWORK - 1, -1):
        table = _line_a_network(rows, headline, longest) if one_line else _line_a_condition(rows, longest)
        if max(len(line) for line in table.splitlines()) <= width:
            break
    else:
        longest = SHORTEST_NETWORK
        table = _line_a_network(rows, headline, longest) if one_line else _line_a_condition(rows, longest)
    return table


def _line_a_condition(rows: pd.DataFrame, longest: int) -> str:
    """Return blocks of lines, one a network: its name, then its conditions."""
    several = rows.loc[rows["drop_pp"].notna(), "baseline"].nunique() > 1
    lines: list[list[str]] = []
    last = ""
    for _, row in rows.iterrows():
        if row["network"] != last:
            lines += [[], [shortened(row["network"], longest)]] if lines else [[shortened(row["network"], longest)]]
        last = row["network"]
        condition = 2 * BLANK + shortened(printable(row["condition"]), 19)
        against = [shortened(printable(row["baseline"]), 12)] if row["condition"] != row["baseline"] else [""]
        relative = row["relative_drop"]
        lines.append(
            [
                condition,
                *(against if several else []),
                with_limits(row["top1"], row["top1_lo"], row["top1_hi"]),
                f"{row['top5']:.1f}",
                with_limits(row["drop_pp"], row["drop_lo"], row["drop_hi"]),
                "" if math.isnan(relative) else whole(relative),
            ]
        )
    headers = [
        "network",
        *(["against"] if several else []),
        "right, %",
        "top-5",
        "drop, points",
        "lost, %",
    ]
    aligned = ["left"] * (len(headers) - 3) + ["right", "left", "right"]
    return _laid_out(lines, headers, aligned)


def _line_a_network(rows: pd.DataFrame, headline: str | None, longest: int) -> str:
    conditions = ordered(rows["condition"])
    top1 = rows.pivot(index="network", columns="condition", values="top1")
    drops = rows[rows["condition"] == headline].set_index("network")
    networks = list(drops.sort_values("drop_pp", kind="stable").index) if len(drops) else list(top1.index)
    networks += [name for name in top1.index if name not in networks]
    lines = []
    for network in networks:
        line = [shortened(network, longest)]
        line += ["" if pd.isna(value) else f"{value:.1f}" for value in top1.loc[network, conditions]]
        if headline is not None:
            limits = drops.loc[network, ["drop_pp", "drop_lo", "drop_hi"]] if network in drops.index else None
            line.append("" if limits is None else with_limits(*(float(value) for value in limits)))
        lines.append(line)
    fitting = 16 if len(conditions) <= 5 else 9
    headers = ["network", *(shortened(printable(name), fitting) for name in conditions)]
    headers += [] if headline is None else [f"drop {printable(headline)}"]
    return _laid_out(lines, headers, ["left"] + ["right"] * len(conditions) + ["left"] * (headline is not None))


def _laid_out(lines: Sequence[Sequence[str]], headers: Sequence[str], aligned: Sequence[str]) -> str:
    """Return a table without trailing blanks; an empty line separates blocks."""
    blank = [BLANK] + [""] * (len(headers) - 1)
    text = tabulate(
        [line or blank for line in lines],
        headers=list(headers),
        tablefmt="simple",
        disable_numparse=True,
        colalign=tuple(aligned),
    )
    return "\n".join(line.replace(BLANK, " ").rstrip() for line in text.splitlines())


def whole(value: float) -> str:
    """Return a number without decimals and without a minus before zero.

    >>> whole(-0.2)
    '0'
    """
    return f"{round(value):d}"


def with_limits(value: float, low: float, high: float) -> str:
    """Return ``value [low, high]`` with one decimal; nothing for NaN, the value alone without limits.

    >>> with_limits(94.12, 88.0, float("nan"))
    '94.1'
    """
    if math.isnan(value):
        return ""
    signs = [f"{number:.1f}".replace("-0.0", "0.0") for number in (value, low, high)]
    return signs[0] if math.isnan(low) or math.isnan(high) else f"{signs[0]} [{signs[1]}, {signs[2]}]"


def hardest_table(hardest: pd.DataFrame, name_of: Callable[[int], str], width: int) -> str:
    """Return the hardest objects as a title and a table.

    Args:
        hardest: of ``accuracy.hardest_objects``, at least one row.
        name_of: the name of a class index.
        width: columns to wrap the title at.
    """
    lines = []
    for _, row in hardest.iterrows():
        taken = "-"
        if not pd.isna(row["taken_for"]):
            name = printable(name_of(int(row["taken_for"])))
            taken = f"{shortened(name, 22)} ({row['taken_for_share']:.0f} % of errors)"
        lines.append(
            [
                shortened(printable(row["object_id"]), 28),
                f"{row['upright']:.0f}",
                f"{row['turned']:.0f}",
                f"{row['drop_pp']:.0f}",
                taken,
            ]
        )
    first = hardest.iloc[0]
    count = int(first["n_networks"])
    networks = "one network" if count == 1 else f"{count} networks"
    title = wrapped(f"Objects that lose most (mean over {networks} and {printable(first['conditions'])}):", width)
    headers = ["object", "upright, %", "turned, %", "drop, points", "most often taken for"]
    return title + "\n" + _laid_out(lines, headers, ["left", "right", "right", "right", "left"])


def sensitivity_table(table: pd.DataFrame, width: int) -> str:
    """Return the drops of ``sensitivity.sensitivity``, one line a network and one column a subset.

    Args:
        table: with ``network``, at least one row.
        width: columns to fit into; long names of networks are shortened.
    """
    subsets = list(dict.fromkeys(table["subset"]))
    cells = {
        (row["network"], row["subset"]): with_limits(row["drop_pp"], row["drop_lo"], row["drop_hi"])
        for _, row in table.iterrows()
    }
    networks = list(dict.fromkeys(table["network"]))
    for longest in range(max(SHORTEST_NETWORK, *map(len, networks)), SHORTEST_NETWORK - 1, -1):
        lines = [[shortened(n, longest), *(cells.get((n, subset), "") for subset in subsets)] for n in networks]
        text = _laid_out(lines, ["network", *subsets], ["left"] * (1 + len(subsets)))
        if max(len(line) for line in text.splitlines()) <= width:
            break
    return text


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a number and the word for it.

    >>> counted(1, "class", "classes"), counted(1200, "image")
    ('1 class', '1,200 images')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def span_of(values: pd.Series, one: str, many: str) -> str:
    """Return the smallest and the largest number of a column and the word for it.

    >>> span_of(pd.Series([3, 17]), "class", "classes"), span_of(pd.Series([1, 1]), "class", "classes")
    ('3 to 17 classes', '1 class')
    """
    low, high = int(values.min()), int(values.max())
    amount = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f"{amount} {one if high == 1 else many}"


def sizes_of(rows: pd.DataFrame) -> str:
    """Return how many classes, objects and pictures stand behind the rows of a frame, of those that it says.

    >>> sizes_of(pd.DataFrame({"n_classes": [17, 17], "n_images": [12, 1500]}))
    '17 classes, 12 to 1,500 pictures'
    """
    words = (("n_classes", "class", "classes"), ("n_objects", "object", "objects"), ("n_images", "picture", "pictures"))
    return ", ".join(span_of(rows[name], one, many) for name, one, many in words if name in rows.columns)
