"""The rotations that leave a thing looking the same, so that turning it by one of them does not count as unusual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from objectpose.errors import ObjectPoseError

Axis = Literal["x", "y", "z"]


@dataclass(frozen=True)
class Symmetry:
    """A group of rotations about the object's origin; a mirror plane contains no rotation and is not one.

    Attributes:
        axis: the main axis of symmetry, in the object's frame.
        fold: n for rotations by 360 / n degrees about the axis (1: none), 0 for any angle about it.
        flip: True where half a turn about an axis across the main one changes nothing either (a dumbbell's two ends).
            With a fold that axis is the next one in the order x, y, z, x.
        full: True for a ball: every rotation changes nothing.
    """

    axis: Axis = "y"
    fold: int = 1
    flip: bool = False
    full: bool = False

    def __post_init__(self) -> None:
        if self.axis not in ("x", "y", "z") or self.fold < 0:
            raise ObjectPoseError(
                f"A symmetry has the axis '{self.axis}' and the fold {self.fold}, expected x, y or z and a whole "
                "number >= 0 (1: none, 0: any angle)."
            )

    def __str__(self) -> str:
        """Return it in words.

        >>> str(Symmetry("y", 4)), str(Symmetry("x", 0, flip=True)), str(Symmetry())
        ('4-fold about y', 'any angle about x, either end', 'none')
        """
        if self.full:
            return "full"
        if self.fold == 1:
            return "either end" if self.flip else "none"
        turns = f"any angle about {self.axis}" if self.fold == 0 else f"{self.fold}-fold about {self.axis}"
        return turns + (", either end" if self.flip else "")


NONE = Symmetry()
BALL = Symmetry(full=True)
