"""Accuracy by angle, distance, background, scale and view."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import CLASSES, make_judged, make_plan

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.curves import (
    angle_curve,
    by_background,
    distance_curve,
    scale_rotation,
    with_and_without_end_on,
)
from objectpose.analysis.statistics import class_interval, drop_interval
from objectpose.errors import ObjectPoseError

SHARE = {"upright": 0.9, "roll": 0.5, "so3": 0.4, "scaling_rotation": 0.3}


def with_poses(plan):
    number = plan["image_id"].str[-3:].astype(int)
    count = number.max() + 1
    sweep = np.where(plan["condition"] == "roll", number * 360.0 / count, np.nan)
    distance = np.where(plan["condition"] == "upright", 3.0, number * 180.0 / (count - 1))
    scale = np.where(plan["condition"] == "scaling_rotation", 0.2 + 0.8 * number / (count - 1), 1.0)
    return plan.assign(sweep_deg=sweep, distance_deg=distance, scale=scale)


@pytest.fixture(scope="module")
def judged():
    plan = with_poses(make_plan(["upright", "roll", "so3", "scaling_rotation"], backgrounds=("a", "b")))
    return make_judged(plan, {"one": SHARE, "two": SHARE})


def test_angle_curve_has_the_upright_pose_in_the_middle_of_its_first_bin(judged):
    curve = angle_curve(judged, width_deg=60)
    one = curve[curve["model"] == "one"]
    assert set(curve["condition"]) == {"roll"}
    assert one["angle_deg"].tolist() == [0, 60, 120, 180, 240, 300]
    assert (one["from_deg"].iloc[0], one["to_deg"].iloc[0]) == (-30, 30)
    sweep = judged["sweep_deg"]
    rows = judged[(judged["model"] == "one") & ((sweep < 30) | (sweep >= 330)) & (judged["condition"] == "roll")]
    shares = rows["correct"].astype(float).groupby(rows["class_name"]).agg(["mean", "size"])
    expected = class_interval(shares["mean"], shares["size"])
    first = one.iloc[0]
    assert (first["n_images"], first["n_classes"], first["n_objects"]) == (len(rows), 17, 17)
    assert first[["top1", "top1_lo", "top1_hi"]].tolist() == pytest.approx(
        [100 * expected.accuracy, 100 * expected.low, 100 * expected.high]
    )


@given(st.sampled_from([5, 7.5, 15, 30, 45, 90]), st.integers(-3, 3))
@settings(max_examples=8, deadline=None)
def test_bins_hold_every_image_once_whatever_the_turn(judged, width, turns):
    part = judged[judged["model"] == "one"]
    curve = angle_curve(part.assign(sweep_deg=part["sweep_deg"] + 360.0 * turns), width_deg=width)
    assert curve["n_images"].sum() == part["sweep_deg"].notna().sum()
    assert curve["angle_deg"].between(0, 360, inclusive="left").all()
    pd.testing.assert_frame_equal(curve, angle_curve(part, width_deg=width))
    far = distance_curve(part, width_deg=width)
    assert far["n_images"].sum() == len(part)
    assert (far["to_deg"] <= 180).all()


def test_distance_curve_by_hand():
    plan = make_plan(["so3"], classes=CLASSES[:2], images=4).assign(distance_deg=[0.0, 45.0, 90.0, 180.0] * 2)
    judged = make_judged(plan, {"n": {"so3": 0.5}}).assign(
        correct=pd.array([True, True, False, False, True, False, True, False], dtype="boolean")
    )
    curve = distance_curve(judged, width_deg=45)
    assert curve["from_deg"].tolist() == [0, 45, 90, 135]
    assert curve["angle_deg"].tolist() == [22.5, 67.5, 112.5, 157.5]
    assert curve["top1"].tolist() == [100, 50, 50, 0]
    assert (curve["n_classes"] == 2).all()


def test_scale_rotation_holds_every_image_of_the_conditions_that_scale(judged):
    table = scale_rotation(judged, width_deg=90)
    assert set(table["condition"]) == {"scaling_rotation"}
    part = judged[(judged["condition"] == "scaling_rotation") & (judged["model"] == "one")]
    one = table[table["model"] == "one"]
    assert one["n_images"].sum() == len(part)
    row = one[(one["scale_from"] == 0.8) & (one["from_deg"] == 90)].iloc[0]
    inside = part[(part["scale"] >= 0.8) & (part["distance_deg"] >= 90)]
    assert row["n_images"] == len(inside)
    assert row["top1"] == pytest.approx(100 * inside.groupby("class_name")["correct"].mean().astype(float).mean())
    assert (row["scale_to"], row["to_deg"]) == (1.0, 180)


def test_backgrounds_are_compared_with_the_others(judged):
    table = by_background(judged)
    row = table[(table["model"] == "one") & (table["condition"] == "so3") & (table["background"] == "a")].iloc[0]
    summary = summarise(judged).set_index(["model", "condition", "background"]).loc[("one", "so3", "a")]
    assert row[["top1", "top1_lo", "top1_hi"]].tolist() == pytest.approx(
        summary[["top1", "top1_lo", "top1_hi"]].tolist()
    )
    part = judged[(judged["model"] == "one") & (judged["condition"] == "so3")]
    shares = part["correct"].astype(float).groupby([part["background"], part["class_name"]]).agg(["mean", "size"])
    a, b = shares.loc["a"], shares.loc["b"]
    expected = drop_interval(a["mean"], a["size"], b["mean"], b["size"])
    assert row[["versus_others_pp", "versus_lo", "versus_hi"]].tolist() == pytest.approx(
        [expected.drop_pp, expected.low_pp, expected.high_pp]
    )
    alone = by_background(judged[judged["background"] == "a"])
    assert alone["versus_others_pp"].isna().all()


def test_without_end_on_views(judged):
    coverage = pd.DataFrame({"image_id": judged["image_id"].unique(), "coverage": 0.2})
    coverage["coverage"] *= coverage["image_id"].map(
        judged.drop_duplicates("image_id").set_index("image_id")["scale"] ** 2
    )
    small = coverage["image_id"].str.startswith("so3") & coverage["image_id"].str[-1].isin(["0", "1", "2"])
    coverage.loc[small, "coverage"] *= 0.4
    table = with_and_without_end_on(judged, coverage)
    assert table.loc[table["condition"] != "so3", "end_on_pct"].eq(0).all()
    so3 = table[(table["model"] == "two") & (table["condition"] == "so3")].set_index("views")
    assert so3["end_on_pct"].tolist() == pytest.approx([100 * 5 / 12] * 2)
    assert so3["n_images"].tolist() == [204, 204 * 7 // 12]
    left = judged[~judged["image_id"].isin(coverage.loc[small, "image_id"])]
    expected = summarise(left).query("model == 'two' and condition == 'so3' and background == 'all'").iloc[0]
    for name in ("top1", "drop_pp", "drop_lo", "drop_hi"):
        assert so3.loc["not end-on", name] == expected[name]
    assert "upright" not in set(table["condition"])


def test_bad_input_is_a_sentence(judged):
    with pytest.raises(ObjectPoseError, match="divisor of 360"):
        angle_curve(judged, width_deg=50)
    with pytest.raises(ObjectPoseError, match="divisor of 180"):
        distance_curve(judged, width_deg=0)
    with pytest.raises(ObjectPoseError, match="sweeps an angle"):
        angle_curve(judged[judged["condition"] != "roll"])
    with pytest.raises(ObjectPoseError, match="no column sweep_deg"):
        angle_curve(judged.drop(columns="sweep_deg"))
    with pytest.raises(ObjectPoseError, match="varies the scale"):
        scale_rotation(judged[judged["condition"] == "so3"])
    with pytest.raises(ObjectPoseError, match=r"scale outside 0.5..1 .*0.2"):
        scale_rotation(judged, scale_edges=(0.5, 1.0))
    with pytest.raises(ObjectPoseError, match="rising numbers"):
        scale_rotation(judged, scale_edges=(1.0, 0.2))
    with pytest.raises(ObjectPoseError, match="known distance"):
        distance_curve(judged.assign(distance_deg=np.nan))


def test_one_class_has_no_limits(judged):
    curve = angle_curve(judged[judged["class_name"] == "tank"], width_deg=90)
    assert curve["top1"].notna().all()
    assert curve[["top1_lo", "top1_hi"]].isna().all(axis=None)
