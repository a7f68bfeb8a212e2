"""Conditions: counts, ranges, independence of rows, and the sentences about wrong parameters."""

import numpy as np
import pytest

from objectpose.errors import ObjectPoseError
from objectpose.rendering.conditions import CONDITIONS, draw_poses, parameters_of, row_seed
from objectpose.rendering.poses import distance_deg, to_matrix


def drawn(name, object_id="tank/0", seed=0, **given):
    return draw_poses(name, parameters_of(name, given), seed=seed, object_id=object_id)


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
        ("upright", {"step_deg": 0}, "divisor of 10"),
        ("scaling", {"scale_min": 0}, "0 < min < max"),
        ("scaling", {"scale_min": 2}, "0 < min < max"),
    ],
)
def test_wrong_parameters_are_a_sentence(name, given, words):
    with pytest.raises(ObjectPoseError, match=words):
        parameters_of(name, given)
