"""Rotations: the algebra, the convention of the axes, uniformity, distances under symmetry."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.transform import Rotation

from objectpose.errors import ObjectPoseError
from objectpose.objects.symmetry import BALL, Symmetry
from objectpose.rendering import poses

angles = st.floats(-360, 360)
seeds = st.integers(0, 2**32 - 1)


def haar(seed):
    return poses.haar_rotation(np.random.default_rng(seed))


def to_scipy(q):
    return Rotation.from_quat(np.roll(q, -1))


@given(angles, angles, angles)
def test_object_rotation_is_yaw_pitch_roll_as_in_the_original(yaw, pitch, roll):
    ours = poses.to_matrix(poses.object_rotation(yaw, pitch, roll))
    y, x, z = (math.radians(a) for a in (yaw, pitch, roll))
    r_yaw = np.array([[math.cos(y), 0, math.sin(y)], [0, 1, 0], [-math.sin(y), 0, math.cos(y)]])
    r_pitch = np.array([[1, 0, 0], [0, math.cos(x), -math.sin(x)], [0, math.sin(x), math.cos(x)]])
    r_roll = np.array([[math.cos(z), -math.sin(z), 0], [math.sin(z), math.cos(z), 0], [0, 0, 1]])
    np.testing.assert_allclose(ours, r_yaw @ r_pitch @ r_roll, atol=1e-12)


@given(seeds, seeds)
def test_product_agrees_with_matrices_and_scipy(one, two):
    p, q = haar(one), haar(two)
    product = poses.to_matrix(poses.multiply(p, q))
    np.testing.assert_allclose(product, poses.to_matrix(p) @ poses.to_matrix(q), atol=1e-12)
    np.testing.assert_allclose(product, (to_scipy(p) * to_scipy(q)).as_matrix(), atol=1e-12)


def test_view_rotation_looks_from_above_and_keeps_height_at_any_yaw():
    view = poses.to_matrix(poses.view_rotation(0, 30))
    assert (view @ [0, 1, 0])[2] > 0  # the top leans to the camera
    for yaw in (0, 77, 180):
        turned = view @ poses.to_matrix(poses.object_rotation(yaw, 0, 0))
        np.testing.assert_allclose(turned @ [0, 1, 0], view @ [0, 1, 0], atol=1e-12)
    side = poses.to_matrix(poses.view_rotation(90, 0))
    np.testing.assert_allclose(side @ [0, 0, 1], [1, 0, 0], atol=1e-12)  # the front points right


def test_haar_rotations_have_the_angle_density_of_so3():
    q = np.stack([haar(seed) for seed in range(4000)])
    angle = np.array([poses.distance_deg(row) for row in q])
    cdf = lambda deg: (np.radians(deg) - np.sin(np.radians(deg))) / np.pi  # noqa: E731
    assert stats.kstest(angle, cdf).pvalue > 0.001
    assert 0.04 < (angle < 60).mean() < 0.08
    turned = poses.to_matrix(q) @ np.array([0.0, 0.0, 1.0])
    assert np.abs(turned.mean(axis=0)).max() < 0.04


symmetries = st.builds(Symmetry, st.sampled_from("xyz"), st.integers(0, 12), st.booleans())


def group(symmetry, steps):
    """The rotations of a symmetry by scipy; ``steps`` of them for any angle."""
    count = symmetry.fold or steps
    turns = [Rotation.from_euler(symmetry.axis, 360.0 * k / count, degrees=True) for k in range(count)]
    across = {"x": "y", "y": "z", "z": "x"}[symmetry.axis]
    return turns + [turn * Rotation.from_euler(across, 180, degrees=True) for turn in turns if symmetry.flip]


@given(seeds, symmetries)
def test_distance_is_the_smallest_over_the_symmetry_group(seed, symmetry):
    q = haar(seed)
    by_hand = min(np.degrees((to_scipy(q) * turn).magnitude()) for turn in group(symmetry, 360))
    ours = poses.distance_deg(q, symmetry)
    assert 0 <= ours <= 180
    assert ours <= by_hand + 1e-6
    assert ours == pytest.approx(by_hand, abs=1e-6 if symmetry.fold else 0.7)


@given(seeds, symmetries, st.integers(0, 1000))
def test_a_symmetry_rotation_changes_no_distance(seed, symmetry, choice):
    q = haar(seed)
    members = group(symmetry, 37)
    x, y, z, w = members[choice % len(members)].as_quat()
    moved = poses.distance_deg(poses.multiply(q, np.array([w, x, y, z])), symmetry)
    assert moved == pytest.approx(poses.distance_deg(q, symmetry), abs=1e-5)


def test_every_rotation_of_a_ball_is_upright():
    assert poses.distance_deg(haar(3), BALL) == 0
    assert str(BALL) == "full"
    with pytest.raises(ObjectPoseError, match="fold -1"):
        Symmetry("y", -1)
