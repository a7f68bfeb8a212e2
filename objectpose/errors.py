"""The one error type that a command turns into a sentence on stderr and exit code 2."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ObjectPoseError(Exception):
    """Something the user can mend: the message says what was found, what was expected and what to do."""


def nearest(name: str, known: Iterable[str], count: int = 3) -> str:
    """Return the known names nearest to ``name`` as the end of an error sentence.

    Args:
        name: what the user wrote.
        known: all valid names.
        count: how many names to suggest at the most.

    Returns:
        For example ``"the nearest are: vit_b16, vit_l16"``; all names when none is near.

    >>> nearest("vit_b61", ["vit_b16", "resnet50"])
    'the nearest is: vit_b16'
    """
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=count, cutoff=0.5)
    if not near:
        return "valid are: " + ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return ("the nearest is: " if len(near) == 1 else "the nearest are: ") + ", ".join(near)
