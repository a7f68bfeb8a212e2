from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import make_judged, make_plan, make_predictions

from objectpose.analysis.accuracy import SUMMARY_COLUMNS, by_object, hardest_objects, summarise
from objectpose.analysis.conditions import losing_uprightness
from objectpose.analysis.correctness import judge, left_out, network_labels
from objectpose.errors import ObjectPoseError

SHARE = {"upright": 0.9, "so3": 0.4, "tilt": 0.6, "scaling": 0.8, "scaling_rotation": 0.3, "yaw": 0.9}
FOUR = ("airliner", "cannon", "jeep", "tank")


def ask(plan, predictions):
    return judge(plan, predictions, model="net", preprocess="own", dataset="quick")


def table(plan, rights):
    """Predictions that are right exactly where ``rights`` says so."""
    rows = [
        {"image_id": row.image_id, "top5": [row.targets[0] if right else 999, 998], "top5_prob": [0.7, 0.1]}
        for row, right in zip(plan.itertuples(), rights, strict=True)
    ]
    return pd.DataFrame(rows)


def test_judge_takes_any_target_and_the_first_answer():
    plan = make_plan(["upright"], classes=FOUR[:1], images=4)
    plan["targets"] = [[846, 619]] * 4
    predictions = pd.DataFrame(
        {
            "image_id": list(plan["image_id"])[::-1],
            "top5": [np.array([619, 1]), [1, 846, 2, 3, 4], [1, 2, 3, 4, 5], [846]],
            "top5_prob": [[0.6, 0.1], [0.5, 0.2, 0.1, 0.1, 0.1], [0.2] * 5, [1.0]],
        }
    )
    judged = ask(plan, predictions).iloc[::-1]
    assert judged["correct"].tolist() == [True, False, False, True]
    assert judged["correct5"].tolist() == [True, True, False, True]
    assert judged["answer"].tolist() == [619, 1, 1, 846]
    assert judged["answer_prob"].tolist() == [0.6, 0.5, 0.2, 1.0]


def test_judge_follows_the_plans_present_targets():
    plan = make_plan(["upright"], classes=FOUR, images=2)
    predictions = table(plan, [True] * 8)
    assert ask(plan, predictions)["correct"].all()
    assert not ask(plan.assign(targets=[[1]] * 8), predictions)["correct"].any()


def test_judge_survives_parquet(tmp_path):
    plan = make_plan(["upright"], classes=FOUR, images=2)
    predictions = table(plan, [True, False] * 4)
    for name, frame in (("plan", plan), ("predictions", predictions)):
        frame.to_parquet(tmp_path / f"{name}.parquet")
    back = ask(pd.read_parquet(tmp_path / "plan.parquet"), pd.read_parquet(tmp_path / "predictions.parquet"))
    assert back["correct"].tolist() == [True, False] * 4


def test_partial_predictions_are_named():
    plan = make_plan(["upright"], classes=FOUR, images=3)
    with pytest.raises(ObjectPoseError, match="no prediction for 2 of the 12 images"):
        ask(plan, table(plan, [True] * 12).iloc[2:])


def test_no_prediction_at_all_is_an_error():
    plan = make_plan(["upright"], classes=FOUR, images=3)
    with pytest.raises(ObjectPoseError, match="no prediction for 12 of the 12"):
        ask(plan, table(plan, [True] * 12).iloc[:0])


def test_foreign_predictions_are_named():
    plan = make_plan(["upright"], classes=FOUR, images=3)
    with pytest.raises(ObjectPoseError, match=r"3 of the 12 predictions .* does not have"):
        ask(plan.iloc[3:], table(plan, [True] * 12))


def test_doubled_ids_are_named():
    plan = make_plan(["upright"], classes=FOUR, images=3)
    predictions = table(plan, [True] * 12)
    with pytest.raises(ObjectPoseError, match="1 image ids more than once"):
        ask(plan, pd.concat([predictions, predictions.iloc[:1]]))
    with pytest.raises(ObjectPoseError, match="plan of quick holds 1"):
        ask(pd.concat([plan, plan.iloc[:1]]), predictions)


def test_missing_columns_and_targets_are_named():
    plan = make_plan(["upright"], classes=FOUR, images=3)
    with pytest.raises(ObjectPoseError, match="lacks the column top5"):
        ask(plan, table(plan, [True] * 12).drop(columns="top5"))
    with pytest.raises(ObjectPoseError, match="has no target"):
        ask(plan.assign(targets=[[]] * 12), table(plan, [True] * 12))


@pytest.mark.parametrize("null", [True, False])
def test_a_class_without_output_is_left_out_and_named(null):
    plan = make_plan(["upright", "so3"], classes=FOUR, images=3)
    predictions = table(plan, [True] * 24)
    lacking = plan["class_name"].eq("cannon").to_numpy()
    if null:
        predictions["top5"] = [None if gone else cell for cell, gone in zip(predictions["top5"], lacking, strict=True)]
    else:
        predictions = predictions[~lacking]
    judged = ask(plan, predictions)
    assert left_out(judged) == {"net": ["cannon"]}
    summary = summarise(judged)
    assert summary["n_classes"].tolist() == [3, 3]
    assert summary["top1"].tolist() == [100.0, 100.0]
    assert "cannon/0" not in set(by_object(judged)["object_id"])


def test_summary_by_hand():
    plan = make_plan(["upright", "so3"], classes=FOUR, images=2)
    rights = [True] * 7 + [False] + [True, False, False, False, True, True, False, False]
    summary = summarise(ask(plan, table(plan, rights)))
    assert tuple(summary.columns) == SUMMARY_COLUMNS
    upright, so3 = summary.to_dict("records")
    assert (upright["condition"], upright["baseline"], upright["background"]) == ("upright", "upright", "all")
    assert (upright["n_images"], upright["n_objects"], upright["n_classes"]) == (8, 4, 4)
    assert upright["top1"] == 87.5
    assert np.isnan(upright["drop_pp"])
    assert so3["top1"] == 37.5
    assert so3["drop_pp"] == 50.0
    assert so3["relative_drop"] == pytest.approx(100 * 50 / 87.5)
    assert so3["drop_lo"] < 50 < so3["drop_hi"]


def test_ragged_classes_weigh_the_same():
    plan = make_plan(["upright"], classes=FOUR[:2], images=10)
    rights = [True] * 10 + [False] * 10
    keep = [*range(10), 10]
    judged = ask(plan.iloc[keep], table(plan, rights).iloc[keep])
    assert summarise(judged)["top1"].item() == 50.0


def test_baseline_is_restricted_to_the_conditions_objects():
    plan = make_plan(["upright", "so3"], classes=FOUR, images=2)
    keep = ~((plan["condition"] == "so3") & (plan["class_name"] == "tank"))
    rights = [True] * 6 + [False] * 2 + [True] * 8
    predictions = table(plan, rights)
    summary = summarise(ask(plan[keep], predictions[keep.to_numpy()]))
    assert summary.set_index("condition").loc["so3", "drop_pp"] == 0.0


def test_a_condition_with_objects_of_its_own_is_an_error():
    plan = make_plan(["upright", "so3"], classes=FOUR, images=2)
    keep = ~((plan["condition"] == "upright") & (plan["class_name"] == "tank"))
    with pytest.raises(ObjectPoseError, match="tank/0"):
        summarise(ask(plan[keep], table(plan, [True] * 16)[keep.to_numpy()]))


def test_a_missing_baseline_is_a_sentence():
    plan = make_plan({"so3": "upright"}, classes=FOUR, images=2)
    with pytest.raises(ObjectPoseError, match="'so3' of net on quick is compared with 'upright'"):
        summarise(ask(plan, table(plan, [True] * 8)))


def test_two_baselines_are_a_sentence():
    plan = make_plan(["upright", "scaling", "so3"], classes=FOUR, images=2)
    plan.loc[plan.index[-1], "baseline"] = "scaling"
    with pytest.raises(ObjectPoseError, match="baselines scaling, upright"):
        summarise(ask(plan, table(plan, [True] * 24)))


def test_no_answers_is_a_sentence():
    with pytest.raises(ObjectPoseError, match="no answer"):
        summarise(make_judged(make_plan(classes=FOUR, images=1), {"a": SHARE}).iloc[:0])


def test_backgrounds_have_rows_only_where_there_are_several():
    plan = make_plan(["upright", "so3"], classes=FOUR, images=4, backgrounds=("forest", "plain"))
    summary = summarise(make_judged(plan, {"a": SHARE}))
    assert summary["background"].tolist() == ["all", "all", "forest", "forest", "plain", "plain"]
    assert summary["n_images"].tolist() == [16, 16, 8, 8, 8, 8]
    pooled = summary[summary["background"] == "all"].set_index("condition")["top1"]
    single = summary[summary["background"] != "all"].groupby("condition")["top1"].mean()
    assert pooled.to_dict() == pytest.approx(single.to_dict())
    with pytest.raises(ObjectPoseError, match="called 'all'"):
        summarise(make_judged(make_plan(classes=FOUR, images=1, backgrounds=("all",)), {"a": SHARE}))


@given(st.integers(0, 2**31))
@settings(max_examples=8, deadline=None)
def test_shuffled_rows_change_nothing(seed):
    plan = make_plan(["upright", "so3", "tilt"], classes=FOUR, images=4, backgrounds=("a", "b"))
    judged = make_judged(plan, {"one": SHARE, "two": SHARE})
    shuffled = judged.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(summarise(judged), summarise(shuffled))
    pd.testing.assert_frame_equal(by_object(judged), by_object(shuffled))
    pd.testing.assert_frame_equal(hardest_objects(judged, 4), hardest_objects(shuffled, 4))


def test_equal_answers_in_baseline_and_condition_have_no_drop():
    plan = make_plan(["upright", "so3"], classes=FOUR, images=6)
    rights = list(np.random.default_rng(0).random(24) < 0.6)
    row = summarise(ask(plan, table(plan, rights * 2))).set_index("condition").loc["so3"]
    assert row["drop_pp"] == 0
    assert row["relative_drop"] == 0
    assert row["drop_lo"] < 0 < row["drop_hi"]


def test_all_right_has_width_and_no_hardest_object():
    plan = make_plan(["upright", "so3"], images=6)
    judged = make_judged(plan, {"a": dict.fromkeys(SHARE, 1.0)})
    summary = summarise(judged)
    assert (summary["top1"] == 100).all()
    assert (summary["top1_lo"] < 99).all()
    assert (summary["top1_hi"] == 100).all()
    assert hardest_objects(judged).empty


def test_one_class_has_nan_limits():
    summary = summarise(make_judged(make_plan(classes=FOUR[:1]), {"a": SHARE}))
    assert summary[["top1_lo", "top1_hi", "drop_lo", "drop_hi"]].isna().all(axis=None)
    assert summary["drop_pp"].notna().sum() == 1


def test_hardest_objects_by_hand():
    plan = make_plan(["upright", "so3", "scaling"], classes=FOUR, images=2)
    upright = [True] * 8
    so3 = [True, True, False, False, True, False, True, True]
    scaling = [False] * 8
    found = hardest_objects(ask(plan, table(plan, upright + so3 + scaling)), 3)
    assert found["object_id"].tolist() == ["cannon/0", "jeep/0"]
    assert found["drop_pp"].tolist() == [100.0, 50.0]
    assert found["upright"].tolist() == [100.0, 100.0]
    assert found["turned"].tolist() == [0.0, 50.0]
    assert found["n_upright"].tolist() == [2, 2]
    assert found["n_turned"].tolist() == [2, 2]
    assert found["taken_for"].tolist() == [999, 999]
    assert set(found["conditions"]) == {"so3"}


def test_hardest_objects_averages_networks_and_takes_named_conditions():
    plan = make_plan(["upright", "so3", "yaw"], classes=FOUR, images=4)
    judged = make_judged(plan, {"one": SHARE, "two": {**SHARE, "so3": 0.1}})
    found = hardest_objects(judged, 4)
    table_ = by_object(judged)
    wide = table_.pivot(index=["model", "object_id"], columns="condition", values="top1")
    drops = (wide["upright"] - wide["so3"]).groupby("object_id").mean()
    for row in found.itertuples():
        assert row.drop_pp == pytest.approx(drops[row.object_id])
    assert set(hardest_objects(judged, 4, turned=["yaw", "so3"])["conditions"]) == {"yaw, so3"}
    with pytest.raises(ObjectPoseError, match="the nearest is: yaw"):
        hardest_objects(judged, turned=["jaw"])


def test_conditions_that_lose_uprightness_are_read_off_the_poses():
    plan = make_plan(["upright", "so3", "yaw", "scaling", "image_rotation"], classes=FOUR, images=2)
    half = np.radians(120) / 2
    plan.loc[plan["condition"] == "yaw", ["qw", "qx", "qy", "qz"]] = [np.cos(half), 0.0, np.sin(half), 0.0]
    plan.loc[plan["condition"] == "image_rotation", "image_rotation_deg"] = 300.0
    assert losing_uprightness(plan) == ["image_rotation", "so3"]
    with pytest.raises(ObjectPoseError, match="'turned'"):
        losing_uprightness(plan.drop(columns="qx"))


def test_networks_with_two_preprocessings_stay_apart():
    plan = make_plan(classes=FOUR, images=2)
    own, paper = (make_judged(plan, {"a": SHARE}, preprocess=name) for name in ("own", "paper2022"))
    both = pd.concat([own, paper])
    assert len(summarise(both)) == 4
    assert set(network_labels(both)) == {"a (own)", "a (paper2022)"}


def test_predictions_do_not_depend_on_their_order():
    plan = make_plan(classes=FOUR, images=5)
    predictions = make_predictions(plan, SHARE)
    pd.testing.assert_frame_equal(ask(plan, predictions), ask(plan, predictions.sample(frac=1, random_state=1)))


def test_taken_for_is_the_most_frequent_wrong_answer_and_the_lowest_of_equals():
    plan = make_plan(["upright", "so3"], classes=FOUR[:2], images=5)
    predictions = table(plan, [True] * 10 + [False] * 10)
    answers = [7, 9, 9, 9, 8, 12, 11, 12, 11, 5]
    predictions.loc[10:, "top5"] = pd.Series([[answer] for answer in answers], index=range(10, 20))
    found = hardest_objects(ask(plan, predictions)).set_index("object_id")
    assert found["taken_for"].to_dict() == {"airliner/0": 9, "cannon/0": 11}
    assert found["taken_for_share"].to_dict() == {"airliner/0": 60.0, "cannon/0": 40.0}


def test_instances_lie_inside_their_class():
    """A second instance with the same answers is no second class: the interval does not shrink as with new classes."""
    plan = make_plan(["upright", "so3"], images=12)
    rights = np.random.default_rng(4).random(len(plan)) < np.where(plan["condition"] == "upright", 0.95, 0.5)
    twin = plan.assign(image_id=plan["image_id"] + "b", object_id=plan["class_name"] + "/1", instance=1)
    both = pd.concat([plan, twin], ignore_index=True)
    one = summarise(ask(plan, table(plan, rights))).set_index("condition").loc["so3"]
    two = summarise(ask(both, table(both, [*rights, *rights]))).set_index("condition").loc["so3"]
    assert (one["n_classes"], one["n_objects"], two["n_classes"], two["n_objects"]) == (17, 17, 17, 34)
    assert two["top1"] == pytest.approx(one["top1"])
    assert two["drop_pp"] == pytest.approx(one["drop_pp"])
    spread = one["top1_hi"] - one["top1_lo"]
    assert two["top1_hi"] - two["top1_lo"] > 0.85 * spread  # new classes would make it 0.7 of that
