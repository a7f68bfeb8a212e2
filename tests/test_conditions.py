"""Conditions: counts, ranges, independence of rows, and the sentences about wrong parameters."""

import numpy as np
import pytest

from objectpose.errors import ObjectPoseError
from objectpose.rendering.conditions import CONDITIONS, draw_poses, parameters_of, row_seed
from objectpose.rendering.poses import axis_angle, distance_deg, multiply, to_matrix, view_rotation
from objectpose.rendering.rules import Subject

VIEW = view_rotation(60, 12)


def drawn(name, object_id="tank/0", seed=0, photo=True, **given):
    subject = Subject(object_id, VIEW, photo)
    return draw_poses(name, parameters_of(name, given), seed=seed, subject=subject)


def test_upright_is_one_axis_at_a_time_within_ten_degrees():
    poses = drawn("upright")
    assert len(poses) == 31
    assert len({tuple(p.rotation) for p in poses}) == 31
    for pose in poses:
        angles = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        assert sum(a != 0 for a in angles) <= 1
        assert distance_deg(pose.rotation) == pytest.approx(max(map(abs, angles)), abs=1e-6)
        assert distance_deg(pose.rotation) <= 10 + 1e-6


def test_upright_with_a_count_is_a_choice_from_the_grid_with_the_straight_pose():
    grid = {tuple(p.rotation) for p in drawn("upright")}
    four, nine = drawn("upright", count=4), drawn("upright", count=9)
    assert [tuple(p.rotation) for p in four] == [tuple(p.rotation) for p in nine[:4]]
    assert tuple(four[0].rotation) == (1, 0, 0, 0)
    chosen = {tuple(p.rotation) for p in nine}
    assert len(chosen) == 9
    assert chosen <= grid
    assert chosen != {tuple(p.rotation) for p in drawn("upright", "jeep/0", count=9)}
    with pytest.raises(ObjectPoseError, match="31 poses"):
        parameters_of("upright", {"count": 32})


@pytest.mark.parametrize(("name", "axis"), [("yaw", 1), ("pitch", 0), ("roll", 2)])
def test_sweeps_turn_about_their_own_axis(name, axis):
    poses = drawn(name, count=36)
    assert [p.sweep_deg for p in poses] == [10.0 * i for i in range(36)]
    fixed = np.eye(3)[axis]
    for pose in poses:
        np.testing.assert_allclose(to_matrix(pose.rotation) @ fixed, fixed, atol=1e-12)


def test_the_original_counts_the_straight_pose_once_an_axis():
    poses = drawn("upright", per_axis=1)
    assert len(poses) == 33
    assert [p.turn for p in poses] == ["yaw"] * 11 + ["pitch"] * 11 + ["roll"] * 11
    assert sum(distance_deg(p.rotation) < 1e-9 for p in poses) == 3
    assert {tuple(p.rotation) for p in poses} == {tuple(p.rotation) for p in drawn("upright")}


def test_in_plane_turns_about_the_line_of_sight_after_the_view():
    for pose in drawn("in_plane", count=8):
        expected = multiply(axis_angle("z", pose.sweep_deg), VIEW)
        np.testing.assert_allclose(to_matrix(multiply(VIEW, pose.rotation)), to_matrix(expected), atol=1e-12)
        assert distance_deg(pose.rotation) == pytest.approx(min(pose.sweep_deg, 360 - pose.sweep_deg), abs=1e-6)


def test_picture_and_background_are_turned_while_the_object_stays():
    images, behind = drawn("image_rotation"), drawn("background_rotation")
    assert [p.image_rotation_deg for p in images] == [2.0 * i for i in range(180)]
    assert [p.background_rotation_deg for p in behind] == [2.0 * i for i in range(180)]
    for pose in (*images, *behind):
        assert tuple(pose.rotation) == (1, 0, 0, 0)
        assert not (pose.image_rotation_deg and pose.background_rotation_deg)
    assert drawn("background_rotation", photo=False) == []  # it would show nothing


def test_incongruent_object_and_background_are_far_apart():
    poses = drawn("incongruent", count=400)
    for pose in poses:
        angles = (pose.roll_deg, pose.background_rotation_deg)
        assert all(10 <= a <= 350 and a == int(a) for a in angles)
        assert 45 <= abs(angles[0] - angles[1]) <= 315
    assert min(min(p.roll_deg, 360 - p.roll_deg) for p in poses) < 20
    flat = drawn("incongruent", count=400, photo=False)
    assert [p.roll_deg for p in flat] == [p.roll_deg for p in poses]
    assert {p.background_rotation_deg for p in flat} == {0.0}


def test_two_axes_is_the_grid_of_the_original():
    poses = drawn("two_axes")
    assert {(p.pitch_deg, p.roll_deg) for p in poses} == {(36.0 * i, 36.0 * j) for i in range(10) for j in range(10)}
    assert len(poses) == 100
    assert {p.yaw_deg for p in poses} == {0.0}
    assert len(drawn("two_axes", step_deg=90)) == 16


def test_three_axes_is_uniform_in_euler_angles():
    poses = drawn("three_axes", count=4000)
    for name in ("yaw_deg", "pitch_deg", "roll_deg"):
        angles = np.array([getattr(p, name) for p in poses])
        assert (angles == angles.astype(int)).all()
        assert angles.min() < 5
        assert angles.max() > 354
        assert np.histogram(angles, 8, (0, 360))[0].min() > 400
    # Uniform Euler angles crowd the poles: |sin(pitch)| is not uniform, as it would be over SO(3).
    assert (np.abs(np.sin(np.deg2rad([p.pitch_deg for p in poses]))) > 0.9).mean() > 0.2


def test_tilt_has_one_angle_a_stratum():
    distances = [distance_deg(p.rotation) for p in drawn("tilt", count=18)]
    assert [int(d // 10) for d in distances] == list(range(18))


def test_scaling_rotation_shares_the_scales_of_scaling():
    scaled, turned = drawn("scaling", count=20), drawn("scaling_rotation", count=20)
    assert [p.scale for p in scaled] == [p.scale for p in turned]
    assert all(0.2 <= p.scale <= 1 for p in scaled)
    assert max(distance_deg(p.rotation) for p in scaled) <= 10 + 1e-9
    assert min(p.scale for p in scaled) < 0.25
    assert max(p.scale for p in scaled) > 0.95


def test_rows_do_not_depend_on_other_rows_or_objects():
    few, many = drawn("so3", count=3), drawn("so3", count=9)
    assert all((a.rotation == b.rotation).all() for a, b in zip(few, many, strict=False))
    assert not np.allclose(few[0].rotation, drawn("so3", object_id="jeep/0", count=3)[0].rotation)
    assert not np.allclose(few[0].rotation, drawn("so3", seed=1, count=3)[0].rotation)


def test_gate_views_are_not_the_evaluations_views():
    gate = {tuple(p.rotation.round(9)) for p in drawn("gate", count=50)}
    for poses in (drawn("upright"), drawn("scaling", count=50)):
        assert gate.isdisjoint({tuple(p.rotation.round(9)) for p in poses})


def test_row_seeds_are_fixed_for_good():
    assert row_seed(0, "so3", "tank/0", 0) == 6494221254467247860


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=lambda c: c.name)
def test_every_condition_has_a_baseline_that_exists_and_unit_rotations(condition):
    assert condition.baseline in CONDITIONS
    given = {"count": 7} if "count" in condition.uses else {}
    for pose in drawn(condition.name, **given):
        assert np.linalg.norm(pose.rotation) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("uprihgt", {}, "upright"),
        ("so3", {"cuont": 3}, "count"),
        ("so3", {"count": 0}, "whole number >= 1"),
        ("so3", {"count": 2.5}, "whole number >= 1"),
        ("tilt", {"count": -3}, "whole number >= 1"),
        ("upright", {"step_deg": 3}, "divisor of 10"),
        ("two_axes", {"step_deg": 7}, "divisor of 360"),
        ("two_axes", {"count": 7}, "step_deg"),
        ("upright", {"per_axis": 2}, "0 or 1"),
        ("upright_disc", {"count": 40}, "31 poses"),
        ("upright", {"step_deg": 0}, "divisor of 10"),
        ("scaling", {"scale_min": 0}, "0 < min < max"),
        ("scaling", {"scale_min": 2}, "0 < min < max"),
    ],
)
def test_wrong_parameters_are_a_sentence(name, given, words):
    with pytest.raises(ObjectPoseError, match=words):
        parameters_of(name, given)
