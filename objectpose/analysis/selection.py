"""What was selected to make a data set, in sentences: which networks helped, and which drop to quote."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from objectpose.analysis.components import Components
from objectpose.analysis.tables import printable, sizes_of, span_of

MOST_REJECTED = 6
MEANING = {
    "default": "objects that the audit does not reject; quote this for a network that is no judge",
    "admitted by others": "those that every judge but the network itself admits; quote this for a judge",
    "no gate": "all objects of the data set, rejected or not",
    "not end-on": "the default without pictures whose silhouette is below half of the object's upright one",
}
"""What each of ``sensitivity.SUBSETS`` is."""


def judges_note(judges: Sequence[str], gated: bool) -> str:
    """Return which networks were asked when objects were made and admitted, and what that does; empty without one.

    Args:
        judges: their names.
        gated: whether objects that they reject are left out.
    """
    if not judges:
        return ""
    names = ", ".join(printable(name) for name in sorted(set(judges)))
    counted = (
        f"an object counts here only if networks named it upright ({names}), on views that are not among these "
        "pictures, or were never asked about it"
        if gated
        else f"objects count whether or not the judging networks ({names}) name them upright"
    )
    return (
        f"{counted}. Shapes, colours and views were chosen while asking these networks, so their upright accuracy is "
        "flattered, whichever objects are counted; other networks are the fair readers."
    )


def rejected_note(rejected: Sequence[str]) -> str:
    """Return which objects of the data set are left out because the audit does not admit them; empty without one."""
    if not rejected:
        return ""
    names = ", ".join(printable(name) for name in rejected[:MOST_REJECTED])
    names += ", ..." if len(rejected) > MOST_REJECTED else ""
    many = len(rejected) > 1
    return (
        f"{len(rejected)} object{'s' if many else ''} of the data set that the audit does not admit "
        f"{'are' if many else 'is'} left out ({names}); gate=none takes them in."
    )


def subset_lines(table: pd.DataFrame) -> list[str]:
    """Return what each subset of ``sensitivity.sensitivity`` is, how large it is, and for whom to quote it."""
    lines = []
    for subset, rows in table.groupby("subset", sort=False):
        lines.append(f"'{subset}' ({sizes_of(rows)}): {MEANING[str(subset)]}.")
    return lines


def spread_sentence(components: Sequence[Components], condition: str) -> str:
    """Return where the variance of being right lies; the mean over the networks."""
    networks = "" if len(components) == 1 else f"; mean over {len(components)} networks"
    classes = span_of(pd.Series([c.n_classes for c in components]), "class", "classes")
    shares = 100.0 * np.array([(c.classes, c.instances, c.poses) for c in components]).mean(axis=0)
    return (
        f"Of the variance of being right under {printable(condition)}, {shares[0]:.0f} % lies between classes, "
        f"{shares[1]:.0f} % between instances of a class and {shares[2]:.0f} % between poses of one instance "
        f"({classes} with several instances{networks})."
    )
