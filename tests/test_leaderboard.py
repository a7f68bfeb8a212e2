"""Ranks with intervals, ties, and the worst class and angle."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic import CLASSES, make_judged, make_plan, make_predictions

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.comparison import compare
from objectpose.analysis.correctness import judge
from objectpose.analysis.leaderboard import COLUMNS, leaderboard, rank_intervals
from objectpose.errors import ObjectPoseError

SHARES = {
    "good": {"upright": 0.97, "so3": 0.9},
    "fair": {"upright": 0.9, "so3": 0.55},
    "poor": {"upright": 0.88, "so3": 0.2},
}


def posed(plan):
    number = plan["image_id"].str[-3:].astype(int)
    return plan.assign(sweep_deg=np.nan, distance_deg=number * 15.0)


@pytest.fixture(scope="module")
def judged():
    plan = posed(make_plan(images=12))
    table = make_judged(plan, SHARES)
    twin = table[table["model"] == "fair"].assign(model="twin")
    return pd.concat([table, twin], ignore_index=True)


@pytest.fixture(scope="module")
def board(judged):
    return leaderboard(judged)


def test_rows_are_the_summarys_with_the_smallest_drop_first(judged, board):
    assert tuple(board.columns) == COLUMNS
    assert board["condition"].tolist() == ["upright"] * 4 + ["so3"] * 4
    so3 = board[board["condition"] == "so3"]
    assert so3["drop_pp"].is_monotonic_increasing
    assert so3["network"].tolist() == ["good", "fair", "twin", "poor"]
    summary = summarise(judged).set_index(["model", "condition"])
    for _, row in board.iterrows():
        expected = summary.loc[(row["model"], row["condition"])]
        for name in ("top1", "top1_lo", "top1_hi", "top5", "drop_pp", "drop_lo", "drop_hi", "n_images", "n_classes"):
            assert row[name] == pytest.approx(expected[name], nan_ok=True)


def test_ties_are_said_and_share_ranks(board):
    so3 = board[board["condition"] == "so3"].set_index("network")
    assert so3["rank_drop"].tolist() == [1, 2, 2, 4]
    assert so3.loc["fair", "tied_with"] == "twin"
    assert so3.loc["good", "tied_with"] == ""
    for name in ("rank_drop", "rank_top1"):
        limits = so3.loc[["fair", "twin"], [f"{name}_lo", f"{name}_hi"]].to_numpy().tolist()
        assert limits == [[2, 3], [2, 3]]
        assert so3.loc["good", [f"{name}_lo", f"{name}_hi"]].tolist() == [1, 1]
    assert board.loc[board["condition"] == "upright", "rank_drop"].isna().all()


def test_level_networks_are_those_whose_difference_holds_zero(judged, board):
    so3 = board[board["condition"] == "so3"].set_index("network")
    assert so3.loc["fair", "level_with"] == "twin"
    assert so3.loc["good", "level_with"] == ""
    upright = board[board["condition"] == "upright"].set_index("network")
    pairs = compare(judged, permutations=0).query("condition == 'upright' and measure == 'top1'")
    level = pairs[(pairs["low_pp"] <= 0) & (pairs["high_pp"] >= 0)]
    names = {*level.loc[level["first"] == "poor", "second"], *level.loc[level["second"] == "poor", "first"]}
    assert set(filter(None, upright.loc["poor", "level_with"].split(", "))) == names


def test_worst_class_and_angle(judged, board):
    row = board[(board["condition"] == "so3") & (board["network"] == "poor")].iloc[0]
    part = judged[(judged["condition"] == "so3") & (judged["model"] == "poor")]
    by_class = 100 * part["correct"].astype(float).groupby(part["class_name"]).mean()
    assert row["worst_class_top1"] == by_class.min()
    assert row["worst_class"] == by_class.idxmin()
    assert row["worst_class_images"] == 12
    bins = 100 * part["correct"].astype(float).groupby([part["distance_deg"] // 30, part["class_name"]]).mean()
    means = bins.groupby(level=0).mean()
    assert row["worst_angle"] == "distance_deg"
    assert row["worst_angle_top1"] == pytest.approx(means.min())
    assert row["worst_from_deg"] == 30 * means.idxmin()
    assert row["worst_to_deg"] == row["worst_from_deg"] + 30
    assert row["worst_angle_images"] == 34


def test_swept_angles_come_before_distances():
    plan = posed(make_plan(images=12))
    plan["sweep_deg"] = plan["distance_deg"].where(plan["condition"] == "so3") * 2
    board = leaderboard(make_judged(plan, {"good": SHARES["good"]})).set_index("condition")
    assert board.loc["so3", "worst_angle"] == "sweep_deg"
    assert board.loc["upright", "worst_angle"] == "distance_deg"


def test_networks_that_lack_classes_are_shown_without_a_rank():
    plan = make_plan(images=3)
    whole = make_judged(plan, SHARES)
    predictions = make_predictions(plan, SHARES["good"], 9)[~plan["class_name"].isin(CLASSES[:3]).to_numpy()]
    few = judge(plan, predictions, model="few", preprocess="own", dataset="quick")
    board = leaderboard(pd.concat([whole, few])).set_index(["condition", "network"])
    assert board.loc[("so3", "few"), "n_lacking"] == 3
    assert pd.isna(board.loc[("so3", "few"), "rank_drop"])
    assert board.loc["so3"].drop("few")["rank_drop"].notna().all()
    assert board["worst_angle"].isna().all()  # the plan has no angles


def test_one_network_and_one_class():
    alone = leaderboard(make_judged(make_plan(), {"good": SHARES["good"]}))
    assert alone[["rank_top1", "rank_top1_lo", "rank_top1_hi"]].eq(1).all(axis=None)
    assert (alone["level_with"] == "").all()
    one = leaderboard(make_judged(make_plan(classes=CLASSES[:1]), SHARES))
    assert one["rank_top1"].notna().all()
    assert one["rank_top1_lo"].isna().all()
    assert one["level_with"].isna().all()
    with pytest.raises(ObjectPoseError, match="one class"):
        rank_intervals(np.ones((1, 3)))


def test_all_right_is_one_big_tie():
    perfect = dict.fromkeys(("upright", "so3"), 1.0)
    board = leaderboard(make_judged(make_plan(images=2), {"a": perfect, "b": perfect, "c": perfect}))
    assert board["rank_top1"].eq(1).all()
    assert board["rank_top1_hi"].eq(3).all()
    assert set(board.loc[board["network"] == "a", "tied_with"]) == {"b, c"}


@given(st.integers(0, 2**31), st.integers(2, 12), st.integers(1, 6))
@settings(max_examples=20, deadline=None)
def test_ranks_lie_in_their_intervals_and_follow_the_networks(seed, classes, networks):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 7, (classes, networks)) / 6
    rank, low, high = rank_intervals(values)
    assert ((low >= 1) & (low <= rank) & (rank <= high) & (high <= networks)).all()
    order = rng.permutation(networks)
    for one, other in zip(rank_intervals(values[:, order]), (rank, low, high), strict=True):
        assert one.tolist() == other[order].tolist()
    doubled = rank_intervals(np.concatenate([values, values[:, :1]], axis=1))
    assert [limit[0] for limit in doubled] == [limit[-1] for limit in doubled]


def test_a_lead_that_one_class_makes_is_open_where_it_is_not_drawn():
    values = np.full((30, 2), 0.5)
    values[0, 0] = 0.6  # not drawn in 36 % of the resamples, which are ties then
    rank, low, high = rank_intervals(values)
    assert (rank.tolist(), low.tolist(), high.tolist()) == ([1, 2], [1, 1], [2, 2])


def test_angles_that_show_few_classes_are_not_the_worst():
    plan = posed(make_plan({"so3": "so3"}, images=6))
    judged = make_judged(plan, {"n": {"so3": 1.0}})
    judged.loc[judged["class_name"] == "tank", "distance_deg"] = 179.0
    judged.loc[judged["class_name"] == "tank", ["correct", "correct5"]] = False
    row = leaderboard(judged).iloc[0]
    assert row["worst_angle_top1"] == 100.0
    assert row["worst_to_deg"] <= 90
    assert row["worst_class"] == "tank"


def test_rank_intervals_are_the_direct_bootstrap():
    rng = np.random.default_rng(4)
    values = rng.normal(0, 1, (60, 6)) + np.linspace(0.4, 0, 6)
    _, low, high = rank_intervals(values)
    draws = np.random.default_rng(77).integers(0, 60, (8000, 60))
    means = values[draws].mean(axis=1)
    ranks = (-means).argsort(axis=1).argsort(axis=1) + 1
    assert np.abs(np.quantile(ranks, 0.025, axis=0) - low).max() <= 1
    assert np.abs(np.quantile(ranks, 0.975, axis=0) - high).max() <= 1
    assert (high - low).max() >= 2
