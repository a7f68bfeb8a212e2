"""The strip of pictures at the top: one object as it turns, and how many networks know it."""

from __future__ import annotations

from math import floor

import numpy as np
import pandas as pd

from objectpose.report_page.answer_files import SUFFIX
from objectpose.report_page.kept import RIGHT, SEQUENCE, WRONG, Kept
from objectpose.report_page.text import isolated

FRAMES = 8


def typical(kept: Kept) -> pd.DataFrame | None:
    """Return the rows of the most typical sequence with ``n_right`` and ``n_asked``; None where nothing was answered.

    Typical is the sequence whose share of right answers is nearest to the mean over all sequences of conditions that
    are compared with another; those that sweep an angle are preferred.

    Args:
        kept: the data set.
    """
    rows = kept.rows
    if not kept.networks:
        return None
    right = np.array([[mark == RIGHT for mark in one.marks] for one in kept.networks.values()])
    asked = np.array([[mark in (RIGHT, WRONG) for mark in one.marks] for one in kept.networks.values()])
    frame = rows.assign(n_right=right.sum(axis=0), n_asked=asked.sum(axis=0))
    turned = frame[(frame["condition"] != frame["baseline"]) & (frame["n_asked"] > 0)]
    if turned.empty:
        return None
    turned = turned[turned["swept"]] if turned["swept"].any() else turned
    sums = turned.groupby(SEQUENCE, sort=False).agg(
        right=("n_right", "sum"), asked=("n_asked", "sum"), size=("n_right", "size")
    )
    sums = sums[sums["size"] >= min(FRAMES, sums["size"].max())]
    shares = sums["right"] / sums["asked"]
    object_id, condition, background = (shares - shares.mean()).abs().idxmin()
    own: pd.DataFrame = turned[
        (turned["object_id"] == object_id) & (turned["condition"] == condition) & (turned["background"] == background)
    ]
    return own


def film_html(kept: Kept, own: pd.DataFrame) -> str:
    """Return a strip of up to ``FRAMES`` pictures of a sequence, evenly over it.

    Args:
        kept: the data set.
        own: of :func:`typical`.
    """
    count = min(FRAMES, len(own))
    frames = []
    for step in range(count):
        place = (step * len(own)) // count
        row = own.iloc[place]
        angle = row["angle_deg"] if row["swept"] else row["distance_deg"]
        label = "" if np.isnan(angle) else f"{floor(round(angle, 1) + 0.5)}\u00b0"  # as the explorer rounds
        share = 100 * row["n_right"] / row["n_asked"]
        state = "yes" if row["n_right"] == row["n_asked"] else "no" if row["n_right"] == 0 else "some"
        sign = {"yes": "\u2713", "no": "\u2717", "some": "\u25d0"}[state]
        count_text = f"{sign} {row['n_right']} of {row['n_asked']}"
        jump = f"#set={kept.key}&amp;picture={own.index[place]}"
        frames.append(
            f'<li><a href="{jump}"><img src="{row["file"]}{SUFFIX}" alt="" '
            f'width="160" height="160"><span class="deg">{label}</span>'
            f'<span class="mark {state}" style="--share:{share:.0f}%">{count_text}</span></a></li>'
        )
    networks = "one network" if len(kept.networks) == 1 else f"{len(kept.networks)} networks"
    first = own.iloc[0]
    said = (
        f"{isolated(first['object_id'])} under {isolated(first['condition'])}: how many of {networks} name it. Chosen "
        "by a rule: its share of right answers is nearest to the mean. Each picture opens in the pose explorer."
    )
    return f'<figure class="film"><ol>{"".join(frames)}</ol><figcaption>{said}</figcaption></figure>'
