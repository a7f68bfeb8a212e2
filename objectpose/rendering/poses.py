"""Rotations as unit quaternions, scalar first; angles in degrees; right-handed axes.

The convention of the package (and of the original renderer): ``R_object = Ry(yaw) Rx(pitch) Rz(roll)``, so that roll
is applied first, and ``R_view = Rx(elevation) Ry(azimuth)``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from objectpose.objects.symmetry import NONE, Axis, Symmetry

Quaternion = NDArray[np.float64]
IDENTITY: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
_AXIS_ORDER: tuple[Axis, ...] = ("x", "y", "z")
_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


def axis_angle(axis: Axis | NDArray[np.float64], angle_deg: float) -> Quaternion:
    """Return the rotation by ``angle_deg`` about an axis (a name, or a unit vector of shape (3,)).

    >>> [round(float(c), 4) for c in axis_angle("y", 90)]
    [0.7071, 0.0, 0.7071, 0.0]
    """
    unit = np.asarray(_AXES[axis] if isinstance(axis, str) else axis, np.float64)
    half = math.radians(angle_deg) / 2.0
    return np.concatenate(([math.cos(half)], math.sin(half) * unit))


def multiply(left: Quaternion, right: Quaternion) -> Quaternion:
    """Return the Hamilton product: the rotation ``right`` followed by ``left``; shapes (..., 4) broadcast."""
    w1, x1, y1, z1 = np.moveaxis(np.asarray(left, np.float64), -1, 0)
    w2, x2, y2, z2 = np.moveaxis(np.asarray(right, np.float64), -1, 0)
    return np.stack(
        [
            w1 * w2 - x1 * x2 - y1 * y2 - z1 * z2,
            w1 * x2 + x1 * w2 + y1 * z2 - z1 * y2,
            w1 * y2 - x1 * z2 + y1 * w2 + z1 * x2,
            w1 * z2 + x1 * y2 - y1 * x2 + z1 * w2,
        ],
        axis=-1,
    )


def conjugate(q: Quaternion) -> Quaternion:
    """Return the inverse of unit quaternions, shape (..., 4)."""
    inverse: Quaternion = np.asarray(q, np.float64) * np.array([1.0, -1.0, -1.0, -1.0])
    return inverse


def object_rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> Quaternion:
    """Return ``R_object = Ry(yaw) Rx(pitch) Rz(roll)``."""
    return multiply(axis_angle("y", yaw_deg), multiply(axis_angle("x", pitch_deg), axis_angle("z", roll_deg)))


def view_rotation(azimuth_deg: float, elevation_deg: float) -> Quaternion:
    """Return ``R_view = Rx(elevation) Ry(azimuth)``, the canonical view of a class."""
    return multiply(axis_angle("x", elevation_deg), axis_angle("y", azimuth_deg))


def haar_rotation(rng: np.random.Generator) -> Quaternion:
    """Draw a rotation uniformly (Haar measure): four normal numbers, normalised (Marsaglia 1972); w >= 0."""
    q: Quaternion = rng.standard_normal(4)
    q /= np.linalg.norm(q)
    return q if q[0] >= 0 else -q


def random_axis(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw a unit vector uniformly from the sphere; shape (3,)."""
    axis: NDArray[np.float64] = rng.standard_normal(3)
    return axis / np.linalg.norm(axis)


def to_matrix(q: Quaternion) -> NDArray[np.float64]:
    """Return rotation matrices (..., 3, 3) of unit quaternions (..., 4)."""
    w, x, y, z = np.moveaxis(np.asarray(q, np.float64), -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def distance_deg(q: Quaternion, symmetry: Symmetry = NONE) -> float:
    """Return the geodesic distance of a rotation from upright, reduced by a rotational symmetry.

    It is the smallest angle of ``R G`` over the symmetry group G: rotations by 360 k / fold degrees about the axis,
    or all angles about it where the fold is 0, each also followed by half a turn across the axis where ``flip`` is
    set. For all angles the minimum of 2 acos |cos(t/2) w - sin(t/2) q_a| over t is 2 acos sqrt(w^2 + q_a^2).

    Args:
        q: unit quaternion, shape (4,).
        symmetry: of the object, in its own frame.

    Returns:
        Degrees in [0, 180]; 0 for every rotation of a ball.

    >>> round(distance_deg(axis_angle("y", 90), Symmetry("y", 4)), 6)
    0.0
    >>> round(distance_deg(object_rotation(70, 0, 30), Symmetry("y", 0)), 6)
    30.0
    >>> round(distance_deg(axis_angle("z", 170), Symmetry("x", 0, flip=True)), 6)
    10.0
    """
    if symmetry.full:
        return 0.0
    across = _AXIS_ORDER[(_AXIS_ORDER.index(symmetry.axis) + 1) % 3]
    turned = [q, multiply(q, axis_angle(across, 180.0))] if symmetry.flip else [q]
    return min(_distance_about(one, symmetry) for one in turned)


def _distance_about(q: Quaternion, symmetry: Symmetry) -> float:
    w, along = float(q[0]), float(q[1 + _AXIS_ORDER.index(symmetry.axis)])
    across = math.sqrt(max(0.0, float(np.dot(q, q)) - w * w - along * along))
    if symmetry.fold == 0:
        return math.degrees(2.0 * math.atan2(across, math.hypot(w, along)))
    best = 180.0
    for k in range(symmetry.fold):
        half = math.pi * k / symmetry.fold
        real = w * math.cos(half) - along * math.sin(half)
        imaginary = math.hypot(across, w * math.sin(half) + along * math.cos(half))
        best = min(best, math.degrees(2.0 * math.atan2(imaginary, abs(real))))
    return best
