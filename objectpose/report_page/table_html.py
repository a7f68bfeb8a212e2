"""A table as HTML: numbers aligned, values with their intervals drawn, what is behind them said."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError
from objectpose.report_page.content import Column, Table
from objectpose.report_page.text import escaped, isolated, number

COUNTS = {"n_classes": ("class", "classes"), "n_objects": ("object", "objects"), "n_images": ("picture", "pictures")}
LABELS = {
    "model": "network",
    "top1": "right (top-1)",
    "top5": "right (top-5)",
    "relative_drop": "relative drop",
    "n_classes": "classes",
    "n_objects": "objects",
    "n_images": "pictures",
}
"""Headings of the columns of summaries, where the caller gives none."""

SAME = ("dataset", "preprocess")
"""Columns that say nothing where all their values are the same."""

LONG = 16
"""A table with more rows is folded and gets a box to filter it."""

HUGE = 200
"""Of a table with more rows the page holds the first ``LONG``; the others are read when somebody asks for them."""


def table_html(table: Table, anchor: str, csv: str, store: Callable[[Sequence[str]], str]) -> str:
    """Return a table with its title, note and download.

    Args:
        table: what to show.
        anchor: its id.
        csv: address of its file, relative to the page.
        store: writes the rows of a huge table into a file that the page reads later, and returns its address.

    Raises:
        ObjectPoseError: a column is not in the frame, or has only one limit.
    """
    frame = table.frame
    columns = list(table.columns) if table.columns is not None else columns_of(frame)
    _require(table.title, frame, columns)
    columns = [replace(column, decimals=_decimals(column, frame)) for column in columns]
    head = "".join(_heading(column, frame) for column in columns)
    scales = [_scale(column, frame) for column in columns]
    rows = [
        "<tr>"
        + "".join(
            _cell(column, scale, row, first=place == 0)
            for place, (column, scale) in enumerate(zip(columns, scales, strict=True))
        )
        + "</tr>\n"
        for row in frame.to_dict("records")
    ]
    later, cut = "", ""
    if len(rows) > HUGE:
        later = f' data-rows="{escaped(store(rows))}" data-count="{len(rows)}"'
        cut = f'<p class="behind cut">The first {LONG} of {len(rows):,} rows; all are in the CSV.</p>'
    body = "".join(rows[:LONG] if later else rows)
    if frame.empty:
        body = f'<tr><td colspan="{max(1, len(columns))}" class="empty">This table has no rows.</td></tr>'
    behind = _behind(frame, columns)
    said = f'<p class="behind">{escaped(behind)}</p>' if behind else ""
    note = f'<p class="note">{escaped(table.note)}</p>' if table.note else ""
    title = f"<h3>{escaped(table.title)}</h3>"
    before, after = (f"<details><summary>{title}</summary>", "</details>") if table.folded else (title, "")
    return f"""<div class="item table" id="{anchor}">
{before}{said}
<div class="scroll" tabindex="0" role="region" aria-label="{escaped(table.title)}">
<table class="sortable" data-long="{LONG}"{later}><thead><tr>{head}</tr></thead><tbody>
{body}</tbody></table></div>{cut}
<div class="under">{note}<p class="links"><a href="{escaped(csv)}" download>CSV</a></p></div>{after}
</div>
"""


def columns_of(frame: pd.DataFrame) -> list[Column]:
    """Return a column for each of a frame's, without counts and data sets that never differ; limits join their value.

    >>> columns_of(pd.DataFrame(columns=["model", "top1", "top1_lo", "top1_hi", "drop_pp", "drop_lo", "drop_hi"]))[2]
    Column(name='drop_pp', label='', unit='points', decimals=None, lo='drop_lo', hi='drop_hi')
    """
    names = [str(name) for name in frame.columns]
    joined: dict[str, tuple[str, str]] = {}
    for name in names:
        for base in (name, name.removesuffix("_pp"), name.removesuffix("_pct")):
            if f"{base}_lo" in names and f"{base}_hi" in names:
                joined[name] = (f"{base}_lo", f"{base}_hi")
    limits = {limit for pair in joined.values() for limit in pair}
    columns = []
    for name in names:
        if name in limits or (name in (*COUNTS, *SAME) and frame[name].nunique() <= 1):
            continue
        unit = "points" if name.endswith("_pp") else "%" if name in ("top1", "top5", "relative_drop") else ""
        unit = "%" if name.endswith("_pct") else unit
        lo, hi = joined.get(name, (None, None))
        columns.append(Column(name, unit=unit, lo=lo, hi=hi))
    return columns


def _require(title: str, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    for column in columns:
        if (column.lo is None) != (column.hi is None):
            raise ObjectPoseError(
                f"The column {column.name} of the table '{title}' has one limit, expected two or none."
            )
        for name in (column.name, column.lo, column.hi):
            if name is not None and name not in frame.columns:
                raise ObjectPoseError(
                    f"The table '{title}' has no column {name}; it has {', '.join(map(str, frame.columns))}."
                )


def _is_number(frame: pd.DataFrame, name: str) -> bool:
    return pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name])


def _heading(column: Column, frame: pd.DataFrame) -> str:
    plain = column.name.removesuffix("_pp").removesuffix("_pct").removesuffix("_deg").replace("_", " ")
    label = column.label or LABELS.get(column.name, plain)
    unit = column.unit or ("degrees" if column.name.endswith("_deg") else "")
    shown = f' <span class="unit">{escaped(unit)}</span>' if unit else ""
    kind = "num" if _is_number(frame, column.name) else "text"
    return f'<th scope="col" class="{kind}">{escaped(label)}{shown}</th>'


def _scale(column: Column, frame: pd.DataFrame) -> tuple[float, float] | None:
    """Return the ends of the axis that a column's intervals are drawn on; None draws none."""
    if column.lo is None or column.hi is None or frame.empty:
        return None
    values = frame[[column.name, column.lo, column.hi]].astype(float).to_numpy()
    finite = values[~pd.isna(values)]
    if not len(finite):
        return None
    low, high = min(0.0, float(finite.min())), max(0.0, float(finite.max()))
    if column.unit == "%" and low >= 0.0 and high <= 100.0:
        return 0.0, 100.0
    return (low, high) if high > low else None


def _cell(column: Column, scale: tuple[float, float] | None, row: dict[Any, Any], *, first: bool) -> str:
    value = row[column.name]
    tag, scope = ("th", ' scope="row"') if first else ("td", "")
    if isinstance(value, str) or not pd.api.types.is_scalar(value):
        return f'<{tag}{scope} class="text">{isolated(value)}</{tag}>'
    if pd.isna(value):
        return f'<{tag}{scope} class="num" data-v="">\u2013</{tag}>'
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return f'<{tag}{scope} class="text">{"yes" if value else "no"}</{tag}>'
    try:
        amount = float(value)
    except (TypeError, ValueError):
        return f'<{tag}{scope} class="text">{isolated(value)}</{tag}>'
    text = number(amount, column.decimals)
    if column.lo is None or column.hi is None:
        return f'<{tag}{scope} class="num" data-v="{amount!r}">{text}</{tag}>'
    low, high = (math.nan if pd.isna(row[name]) else float(row[name]) for name in (column.lo, column.hi))
    known = not (math.isnan(low) or math.isnan(high))
    limits = f"[{number(low, column.decimals)}, {number(high, column.decimals)}]" if known else "no interval"
    bar = _bar(amount, low if known else amount, high if known else amount, scale) if scale else ""
    return (
        f'<{tag}{scope} class="num iv" data-v="{amount!r}"><span class="val">{text}</span> '
        f'<span class="lim">{limits}</span>{bar}</{tag}>'
    )


def _decimals(column: Column, frame: pd.DataFrame) -> int | None:
    """Return the decimals of a whole column: where they were not said, two of shares, else one, none of counts."""
    if column.decimals is not None or not _is_number(frame, column.name):
        return column.decimals
    values = frame[column.name].dropna().astype(float)
    if column.lo is None and not (values % 1 != 0).any():
        return 0
    return 2 if not column.unit and len(values) and values.abs().max() <= 1 else 1


def _bar(value: float, low: float, high: float, scale: tuple[float, float]) -> str:
    start, end = scale

    def place(amount: float) -> str:
        return f"{100 * min(1.0, max(0.0, (amount - start) / (end - start))):.1f}%"

    return (
        f'<span class="bar" aria-hidden="true" style="--lo:{place(low)};--hi:{place(high)};--at:{place(value)};'
        f'--zero:{place(0.0)}"><i></i><b></b></span>'
    )


def _behind(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """Return how many classes, objects and pictures a row speaks of, where no column says it."""
    shown = {column.name for column in columns}
    parts = []
    for name, (one, many) in COUNTS.items():
        if name not in frame.columns or name in shown or frame[name].dropna().empty:
            continue
        low, high = int(frame[name].min()), int(frame[name].max())
        parts.append(counted(high, one, many) if low == high else f"{low:,} to {counted(high, one, many)}")
    return f"Behind each row: {', '.join(parts)}." if parts else ""
