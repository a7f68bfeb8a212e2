from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import cohen_kappa_score
from synthetic import make_judged, make_plan
from torchmetrics.functional.classification import binary_cohen_kappa

from objectpose.analysis.bootstrap import REPLICATES, limits, share_limits, sum_limits
from objectpose.analysis.consistency import (
    clustering_order,
    consistency_by_condition,
    kappa,
    kappa_matrix,
    kappa_pairs,
    square,
)
from objectpose.analysis.draws import class_draws
from objectpose.analysis.observers import answers_of
from objectpose.errors import ObjectPoseError


def load_benchmark():
    path = Path(__file__).parents[1] / "benchmarks" / "consistency.py"
    spec = importlib.util.spec_from_file_location("consistency_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(observers=2, most=60, missing=False):
    values = st.sampled_from([0.0, 1.0, np.nan] if missing else [0.0, 1.0])
    return st.lists(st.tuples(*[values] * observers), min_size=1, max_size=most).map(np.array)


def random_answers(rng, images, observers, missing=0.0):
    correct = (rng.normal(size=(images, 1)) + rng.normal(size=(images, observers)) + 0.3 > 0).astype(float)
    correct[rng.random(correct.shape) < missing] = np.nan
    return correct


@pytest.mark.parametrize("seed", range(25))
def test_kappa_is_scikit_learns_and_torchmetrics(seed):
    rng = np.random.default_rng(seed)
    correct = random_answers(rng, int(rng.integers(5, 400)), 4)
    names = list("abcd")
    matrix = kappa_matrix(correct, names)
    for i in range(4):
        for j in range(i):
            expected = cohen_kappa_score(correct[:, i], correct[:, j])
            assert matrix.loc[names[i], names[j]] == pytest.approx(expected, abs=1e-12)
            first, second = (torch.tensor(correct[:, k]).int() for k in (i, j))
            assert matrix.loc[names[i], names[j]] == pytest.approx(float(binary_cohen_kappa(first, second)), abs=1e-5)


@settings(max_examples=300, deadline=None)
@given(answers())
def test_kappa_lies_between_its_bounds_and_is_symmetric(both):
    found, swapped = kappa(both[:, 0], both[:, 1]), kappa(both[:, 1], both[:, 0])
    np.testing.assert_equal(tuple(vars(found).values()), tuple(vars(swapped).values()))
    mean = both.mean(axis=0)
    assert found.observed == pytest.approx((both[:, 0] == both[:, 1]).mean())
    assert found.expected == pytest.approx(mean.prod() + (1 - mean).prod())
    if mean[0] == mean[1] and mean[0] in (0.0, 1.0):
        assert np.isnan([found.kappa, found.lowest, found.highest]).all()
        assert found.expected == 1.0
    else:
        assert -1.0 <= found.lowest <= found.kappa <= found.highest <= 1.0
        assert found.kappa == pytest.approx((found.observed - found.expected) / (1 - found.expected), abs=1e-9)
        if 0 < mean[0] < 1 and mean[0] == mean[1]:
            assert found.highest == 1.0


@settings(max_examples=100, deadline=None)
@given(answers(most=12))
def test_bounds_are_reached_by_some_arrangement(both):
    found = kappa(both[:, 0], both[:, 1])
    aligned = kappa(np.sort(both[:, 0]), np.sort(both[:, 1]))
    opposed = kappa(np.sort(both[:, 0]), np.sort(both[:, 1])[::-1])
    np.testing.assert_equal(aligned.kappa, found.highest)
    np.testing.assert_equal(opposed.kappa, found.lowest)


@settings(max_examples=100, deadline=None)
@given(answers(4, missing=True), st.randoms())
def test_matrix_is_symmetric_and_follows_any_order(correct, random):
    names = ["d", "a", "c", "b"]
    matrix = kappa_matrix(correct, names)
    np.testing.assert_array_equal(matrix, matrix.T)
    np.testing.assert_array_equal(np.diag(matrix), 1.0)
    rows, columns = list(range(len(correct))), [0, 1, 2, 3]
    random.shuffle(rows)
    random.shuffle(columns)
    other = kappa_matrix(correct[rows][:, columns], [names[column] for column in columns])
    pd.testing.assert_frame_equal(other.loc[names, names], matrix)
    assert clustering_order(matrix) == clustering_order(other)
    assert sorted(clustering_order(matrix)) == sorted(names)
    for i in range(4):
        for j in range(i):
            asked = ~np.isnan(correct[:, [i, j]]).any(axis=1)
            value = kappa(correct[asked, i], correct[asked, j]).kappa
            np.testing.assert_equal(matrix.iat[i, j], value)


def test_sign_is_kept_and_undefined_is_nan():
    assert kappa([1, 1, 0, 0], [0, 0, 1, 1]).kappa == -1.0
    assert np.isnan(kappa([1, 1, 1], [1, 1, 1]).kappa)
    assert np.isnan(kappa([0, 0], [0, 0]).kappa)
    assert kappa([1, 1, 1], [1, 0, 1]).kappa == 0.0
    assert np.isnan(list(vars(kappa([1, np.nan], [np.nan, 0])).values())).all()


def test_pairs_agree_with_the_matrix_and_count_what_both_answered():
    rng = np.random.default_rng(3)
    correct = random_answers(rng, 170, 5, missing=0.2)
    classes = np.repeat(list("abcdefghijklmnopq"), 10)
    correct[classes == "c", 0] = np.nan
    names = [f"n{k}" for k in range(5)]
    pairs = kappa_pairs(correct, names, classes, replicates=200)
    pd.testing.assert_frame_equal(square(pairs), kappa_matrix(correct, names))
    row = pairs.iloc[0]
    asked = ~np.isnan(correct[:, :2]).any(axis=1)
    assert (row["n_images"], row["n_classes"]) == (asked.sum(), 16)
    assert row["accuracy_a"] == pytest.approx(correct[asked, 0].mean())
    assert (pairs["kappa_lo"] <= pairs["kappa"]).all()
    assert (pairs["kappa"] <= pairs["kappa_hi"]).all()


def test_interval_is_the_hull_of_a_direct_bootstrap_and_jackknife():
    rng = np.random.default_rng(8)
    correct = random_answers(rng, 20 * 15, 2)
    code = np.repeat(np.arange(20), 15)
    correct[code < 4] = rng.random((60, 2)) < 0.1
    row = kappa_pairs(correct, ["a", "b"], [f"{number:02d}" for number in code]).iloc[0]
    draws = class_draws(20, replicates=REPLICATES)
    direct = [cohen_kappa_score(*np.repeat(correct, draw[code].astype(int), axis=0).T) for draw in draws]
    low, high = limits(np.array(direct)[:, None], 20)
    without = np.array([cohen_kappa_score(*correct[code != k].T) for k in range(20)])
    half = 2.093024 * np.sqrt(19 / 20 * ((without - row["kappa"]) ** 2).sum())
    assert row["kappa_lo"] == pytest.approx(min(low[0], row["kappa"] - half), abs=1e-6)
    assert row["kappa_hi"] == pytest.approx(max(high[0], row["kappa"] + half), abs=1e-6)


def test_interval_is_over_classes_not_pictures():
    rng = np.random.default_rng(0)
    hard = np.repeat(rng.random(17) < 0.5, 200)[:, None]
    correct = (rng.random((3400, 2)) < np.where(hard, 0.2, 0.9)).astype(float)
    classes = np.repeat(np.arange(17), 200).astype(str)
    by_class = kappa_pairs(correct, ["a", "b"], classes).iloc[0]
    by_picture = kappa_pairs(correct, ["a", "b"], np.arange(3400).astype(str), replicates=300).iloc[0]
    assert by_class["kappa"] == by_picture["kappa"]
    assert (by_class["kappa_hi"] - by_class["kappa_lo"]) > 2 * (by_picture["kappa_hi"] - by_picture["kappa_lo"])


def test_no_interval_where_there_is_too_little():
    rng = np.random.default_rng(2)
    correct = random_answers(rng, 120, 2)
    assert kappa_pairs(correct, ["a", "b"], ["jeep"] * 120)[["kappa_lo", "kappa_hi"]].isna().all(axis=None)
    classes = np.repeat(np.arange(12), 10).astype(str)
    rare = np.ones((120, 2))
    rare[[0, 15], [0, 1]] = 0.0
    perfect = correct.copy()
    perfect[:, 0] = 1.0
    for one in (rare, perfect):
        row = kappa_pairs(one, ["a", "b"], classes).iloc[0]
        assert np.isfinite(row["kappa"])
        assert np.isnan(row["kappa_lo"])
        assert np.isnan(row["kappa_hi"])


def test_errors_in_four_classes_are_too_few_and_in_five_enough():
    classes = np.repeat([f"{number:02d}" for number in range(12)], 10)
    for count, known in ((4, False), (5, True)):
        correct = np.ones((120, 2))
        for place in range(count):
            correct[10 * place, :] = 0.0
            correct[10 * place + 1, place % 2] = 0.0
        for answers_given in (correct, 1.0 - correct):
            row = kappa_pairs(answers_given, ["a", "b"], classes).iloc[0]
            assert np.isfinite(row["kappa_lo"]) == known


def test_limits_are_expanded_percentiles():
    values = np.random.default_rng(0).normal(size=(2000, 2))
    values[:50, 1] = np.nan
    low, high = limits(values, [8, 17])
    for column, classes in ((0, 8), (1, 17)):
        tail = stats.norm.cdf(-np.sqrt(classes / (classes - 1)) * stats.t.ppf(0.975, classes - 1))
        expected = np.nanquantile(values[:, column], [tail, 1 - tail])
        assert (low[column], high[column]) == pytest.approx(tuple(expected))
    values[:101, 1] = np.nan
    assert np.isnan(limits(values, 17)[0]).tolist() == [False, True]


def test_total_agreement_has_a_width():
    rng = np.random.default_rng(2)
    one = random_answers(rng, 120, 1)
    row = kappa_pairs(np.hstack([one, one]), ["a", "b"], np.repeat(np.arange(12), 10).astype(str)).iloc[0]
    assert row["kappa"] == row["kappa_hi"] == 1.0
    assert 0.8 < row["kappa_lo"] < 1.0


def test_order_puts_families_together_and_bears_nan():
    rng = np.random.default_rng(4)
    family = rng.normal(size=(600, 3))
    correct = np.concatenate(
        [(family[:, [k]] + 0.4 * rng.normal(size=(600, 4)) > 0).astype(float) for k in range(3)], axis=1
    )
    names = [f"{'xyz'[k // 4]}{k % 4}" for k in range(12)]
    order = clustering_order(kappa_matrix(correct, names))
    runs = [name[0] for place, name in enumerate(order) if place == 0 or name[0] != order[place - 1][0]]
    assert sorted(runs) == ["x", "y", "z"]
    assert clustering_order(kappa_matrix(np.ones((5, 4)), list("dbca")))[0] in "abcd"
    assert clustering_order(kappa_matrix(np.ones((5, 2)), list("ba"))) == ["a", "b"]


def test_by_condition_takes_judged_answers():
    judged = make_judged(
        make_plan(("upright", "so3")), {"b": {"upright": 1.0, "so3": 0.5}, "a": {"upright": 1.0, "so3": 0.3}}
    )
    judged.loc[(judged["model"] == "a") & (judged["class_name"] == "jeep"), "correct"] = pd.NA
    table = consistency_by_condition(judged, replicates=100)
    assert table["condition"].tolist() == ["upright", "so3"]
    assert table["n_classes"].tolist() == [16, 16]
    assert np.isnan(table["kappa"][0])
    shuffled = consistency_by_condition(judged.sample(frac=1, random_state=1), replicates=100)
    pd.testing.assert_frame_equal(table, shuffled)
    turned = judged[(judged["condition"] == "so3") & (judged["class_name"] != "jeep")]
    one, other = (turned[turned["model"] == name]["correct"].astype(float).to_numpy() for name in "ab")
    assert table["kappa"][1] == pytest.approx(cohen_kappa_score(one, other))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: kappa([1, 0], [1]), "one length"),
        (lambda: kappa([1, 2], [1, 0]), "An answer is 2"),
        (lambda: kappa(["yes", "no"], ["no", "no"]), "not numbers"),
        (lambda: kappa_matrix([[1, 0]], ["a"]), "1 names"),
        (lambda: kappa_matrix([[1, 0]], ["a", "a"]), "called 'a'"),
        (lambda: kappa_matrix([1, 0], ["a"]), "images x observers"),
        (lambda: kappa_pairs([[1], [0]], ["a"], ["x", "y"]), "at least two"),
        (lambda: kappa_pairs([[1, 0]], ["a", "b"], ["x", "y"]), "2 classes"),
        (lambda: answers_of(pd.concat([make_judged(make_plan(), {"a": {"upright": 1, "so3": 1}})] * 2)), "twice"),
        (
            lambda: consistency_by_condition(make_judged(make_plan(), {"a": {"upright": 1, "so3": 1}}).iloc[:0]),
            "no answer",
        ),
        (lambda: consistency_by_condition(make_judged(make_plan(), {"a": {"upright": 1, "so3": 1}})), "at least two"),
    ],
)
def test_wrong_input_is_a_sentence(call, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        call()


def test_several_data_sets_are_refused():
    judged = make_judged(make_plan(), {"a": {"upright": 1, "so3": 1}})
    with pytest.raises(ObjectPoseError, match="2 data sets"):
        answers_of(pd.concat([judged, judged.assign(dataset="other")]))


def test_share_limits_keep_a_width_at_the_ends_and_hold_the_share():
    counts = np.full((17, 3), 10.0)
    hits = counts * [0.0, 1.0, 0.5]
    low, high = share_limits(hits, counts)
    assert low[0] == 0.0
    assert 0.0 < high[0] < 0.1
    assert high[1] == 1.0
    assert 0.9 < low[1] < 1.0
    assert low[2] < 0.5 < high[2]
    one = np.zeros((17, 1))
    one[3] = 10.0
    assert np.isnan(share_limits(one, one)).all()


def test_columns_in_blocks_are_the_same(monkeypatch):
    rng = np.random.default_rng(0)
    sums = [rng.random((9, 30)), rng.random((9, 30)) + 0.5]
    whole = sum_limits(lambda a, b: a / b, sums, 9)
    monkeypatch.setattr("objectpose.analysis.bootstrap.COLUMNS_AT_ONCE", 7)
    np.testing.assert_allclose(sum_limits(lambda a, b: a / b, sums, 9), whole)


def test_fifty_networks_take_seconds():
    correct, classes = load_benchmark().random_answers(27_540, 47, 17)
    start = time.perf_counter()
    pairs = kappa_pairs(correct, [str(k) for k in range(47)], classes)
    assert time.perf_counter() - start < 10  # about 1.2 s on two idle cores
    assert len(pairs) == 1081


@pytest.mark.parametrize("name", ["spread", "interaction"])
def test_interval_holds_the_truth(name):
    found = load_benchmark().coverage(name, 17, repeats=200)
    assert found["held, %"] >= 90
    assert found["no interval, %"] == 0
