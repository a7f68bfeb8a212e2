"""What rotation and a smaller size cost together: the frame against sums by hand, and its intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from synthetic import CLASSES, make_judged, make_plan

from objectpose.analysis.interaction import CONTRASTS, INTERACTION_COLUMNS, contrast_intervals, interaction
from objectpose.analysis.statistics import drop_interval
from objectpose.errors import ObjectPoseError

FOUR = ("upright", "so3", "scaling", "scaling_rotation")
SHARE = dict(zip(FOUR, (0.95, 0.6, 0.8, 0.3), strict=True))


def judged_of(networks=("one", "two"), *, conditions=FOUR, classes=CLASSES, images=8, share=SHARE):
    plan = make_plan(conditions, images=images, classes=classes)
    number = plan["image_id"].str[-3:].astype(int)
    scale = np.where(plan["condition"].str.startswith("scaling"), 0.2 + 0.8 * (number + 0.5) / images, 1.0)
    return make_judged(plan.assign(scale=scale), dict.fromkeys(networks, share))


def by_hand(judged, lower=0.0, upper=2.0):
    """Return the four accuracies, percent, of one network, in the order of FOUR."""
    found = []
    for condition in FOUR:
        rows = judged[judged["condition"] == condition]
        if condition.startswith("scaling"):
            rows = rows[(rows["scale"] >= lower) & (rows["scale"] < upper)]
        found.append(100 * np.mean([own["correct"].astype(float).mean() for _, own in rows.groupby("class_name")]))
    return found


def test_contrast_is_that_of_the_four_accuracies():
    judged = judged_of()
    table = interaction(judged)
    assert tuple(table.columns) == INTERACTION_COLUMNS
    assert table.groupby("model")["scales"].agg(list).tolist() == 2 * [
        ["all", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 0.8", "0.8 to 1"]
    ]
    assert set(table["full_size"]) == {"upright, so3"}
    for row in table.itertuples():
        own = judged[judged["model"] == row.model]
        limits = {} if row.scales == "all" else {"lower": row.scale_from, "upper": row.scale_to}
        a, b, c, d = by_hand(own, **limits)
        assert [row.upright_top1, row.rotated_top1, row.small_top1, row.small_rotated_top1] == pytest.approx(
            [a, b, c, d]
        )
        assert row.drop_rotation_pp == pytest.approx(a - b)
        assert row.drop_scaling_pp == pytest.approx(a - c)
        assert row.drop_both_pp == pytest.approx(a - d)
        assert row.interaction_pp == pytest.approx((a - d) - ((a - b) + (a - c)))
        for name in CONTRASTS:
            assert getattr(row, f"{name}_lo") < getattr(row, f"{name}_pp") < getattr(row, f"{name}_hi")
    assert table["n_images"].iloc[0] == 4 * 17 * 8
    assert table["n_images"].iloc[1] == 2 * 17 * 8 + 2 * 17 * 2


def test_two_classes_by_hand():
    plan = make_plan(FOUR, classes=("jeep", "tank"), images=2)
    plan["scale"] = np.where(plan["condition"].str.startswith("scaling"), 0.5, 1.0)
    right = {"upright": [1, 1, 1, 1], "so3": [1, 1, 1, 0], "scaling": [1, 1, 1, 1], "scaling_rotation": [0, 0, 1, 0]}
    judged = make_judged(plan, {"n": SHARE})
    judged["correct"] = pd.array([bool(v) for name in FOUR for v in right[name]], dtype="boolean")
    row = interaction(judged).iloc[0]
    assert row["scales"] == "all"
    assert row["drop_rotation_pp"] == pytest.approx(25.0)
    assert row["drop_scaling_pp"] == pytest.approx(0.0)
    assert row["drop_both_pp"] == pytest.approx(75.0)
    assert row["interaction_pp"] == pytest.approx(50.0)
    assert len(interaction(judged)) == 1


def test_without_full_sized_conditions_the_largest_bin_is_full_size():
    judged = judged_of(("one",), conditions={"scaling": "scaling", "scaling_rotation": "scaling"})
    table = interaction(judged, scale_edges=(0.2, 0.6, 1.0))
    assert table["full_size"].tolist() == ["scale 0.6 to 1"] * 2
    assert table["scales"].tolist() == ["all", "0.2 to 0.6"]
    large = judged[judged["scale"] >= 0.6].groupby("condition")["correct"].agg(lambda v: 100 * v.astype(float).mean())
    small = judged[judged["scale"] < 0.6].groupby("condition")["correct"].agg(lambda v: 100 * v.astype(float).mean())
    drop_small, drop_large = (v["scaling"] - v["scaling_rotation"] for v in (small, large))
    assert table["interaction_pp"].tolist() == pytest.approx([drop_small - drop_large] * 2)


def test_only_objects_of_all_four_cells_count():
    judged = judged_of(("one",))
    gone = (judged["condition"] == "scaling_rotation") & (judged["class_name"] == "tank")
    table = interaction(judged[~gone])
    assert (table["n_classes"] == 16).all()
    pd.testing.assert_frame_equal(table, interaction(judged[judged["class_name"] != "tank"]))
    shuffled = interaction(judged.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, interaction(judged))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_right_and_all_wrong_have_wide_enough_intervals(share):
    row = interaction(judged_of(("one",), share=dict.fromkeys(FOUR, share))).iloc[0]
    assert row["interaction_pp"] == 0
    assert row["interaction_lo"] < 0 < row["interaction_hi"]


def test_one_class_has_no_interval():
    row = interaction(judged_of(("one",), classes=("jeep",))).iloc[0]
    assert np.isfinite(row["interaction_pp"])
    assert np.isnan(row["interaction_lo"])
    assert np.isnan(row["drop_both_hi"])


def test_what_cannot_be_contrasted_is_a_sentence():
    judged = judged_of(("one",))
    with pytest.raises(ObjectPoseError, match="no answers under scaling_rotation"):
        interaction(judged[judged["condition"] != "scaling_rotation"])
    with pytest.raises(ObjectPoseError, match="no answers under three_axes"):
        interaction(judged, full_size=("upright", "three_axes"))
    with pytest.raises(ObjectPoseError, match=r"outside 0\.5\.\.1"):
        interaction(judged, scale_edges=(0.5, 1.0))
    flat = judged[judged["condition"].str.startswith("scaling")].assign(scale=1.0)
    with pytest.raises(ObjectPoseError, match="one scale only"):
        interaction(flat)
    with pytest.raises(ObjectPoseError, match="no size both inside and below"):
        interaction(judged[judged["condition"].str.startswith("scaling")], scale_edges=(0.2, 1.0))
    apart = judged.assign(object_id=judged["object_id"] + judged["condition"])
    with pytest.raises(ObjectPoseError, match="No object of one"):
        interaction(apart)


@given(arrays(np.float64, (6, 2), elements=st.floats(0, 1)), st.integers(1, 40))
def test_a_contrast_of_two_cells_is_a_drop(shares, images):
    counts = np.full((6, 2), float(images))
    found = contrast_intervals(shares, counts, np.array([[1.0, -1.0], [-1.0, 1.0]]))
    drop = drop_interval(shares[:, 0], counts[:, 0], shares[:, 1], counts[:, 1])
    assert 100 * found[0] == pytest.approx([drop.drop_pp, drop.low_pp, drop.high_pp], abs=1e-6)
    assert found[1] == pytest.approx(-found[0][[0, 2, 1]], abs=1e-3)


def test_interval_holds_the_interaction_of_random_classes():
    rng = np.random.default_rng(0)
    weights = np.array([CONTRASTS["interaction"]], np.float64)
    held = 0
    for _ in range(60):
        effect = rng.normal(0.1, 0.15, (20, 1)) * np.array([[0.0, 0.0, 0.0, -1.0]])
        chance = np.clip(np.array([0.9, 0.6, 0.75, 0.55]) + rng.normal(0, 0.05, (20, 4)) + effect, 0, 1)
        shares = rng.binomial(15, chance) / 15
        _, low, high = contrast_intervals(shares, np.full((20, 4), 15.0), weights)[0]
        truth = (0.6 + 0.75 - 0.9 - 0.55) + 0.1
        held += low <= truth <= high
    assert held / 60 >= 0.88
