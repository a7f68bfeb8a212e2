"""Tests of the tests: sign flips, adjusted p values, McNemar, and the interval of a paired difference."""

from __future__ import annotations

import importlib.util
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from objectpose.analysis.difference import (
    Answers,
    accuracy_differences,
    drop_differences,
    paired_score_interval,
)
from objectpose.analysis.significance import (
    EXACT_CLASSES,
    benjamini_hochberg,
    mcnemar_p,
    sign_flip_p,
    smallest_p,
)
from objectpose.analysis.statistics import class_interval, class_intervals, wilson_interval
from objectpose.errors import ObjectPoseError

TWELFTHS = st.integers(-12, 12).map(lambda n: n / 12)
PAIR = np.array([0]), np.array([1])


def brute_force(differences):
    observed = abs(sum(differences))
    flips = [
        abs(sum(s * d for s, d in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    return float(np.mean([value >= observed - 1e-9 for value in flips]))


def load_errors():
    path = Path(__file__).parents[1] / "benchmarks" / "comparison_errors.py"
    spec = importlib.util.spec_from_file_location("comparison_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.errors


@given(st.lists(TWELFTHS, min_size=2, max_size=9))
@settings(max_examples=60, deadline=None)
def test_sign_flips_are_the_brute_force_ones(differences):
    assert sign_flip_p(differences)[0] == pytest.approx(brute_force(differences), abs=1e-12)


def test_sign_flips_are_scipys():
    values = np.random.default_rng(3).normal(0.4, 1.0, 12)
    oracle = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    )
    assert sign_flip_p(values)[0] == pytest.approx(oracle.pvalue, abs=1e-12)


def test_columns_are_single_tests_and_random_flips_come_near_the_exact_ones(monkeypatch):
    values = np.round(np.random.default_rng(0).normal(0.1, 0.25, (16, 5)) * 12) / 12
    exact = sign_flip_p(values)
    assert exact.tolist() == [sign_flip_p(values[:, i])[0] for i in range(5)]
    monkeypatch.setattr("objectpose.analysis.significance.EXACT_CLASSES", 15)
    random = sign_flip_p(values, permutations=49_999)
    assert random == pytest.approx(exact, abs=0.01)
    assert (random != exact).any()
    assert (random == sign_flip_p(values, permutations=49_999)).all()
    assert (random != sign_flip_p(values, permutations=49_999, seed=1)).any()


def test_random_flips_never_give_zero_and_count_the_data_themselves():
    values = np.ones(40)
    assert sign_flip_p(values, permutations=999)[0] == 1 / 1000 == smallest_p(40, 999)
    assert sign_flip_p(np.zeros(40), permutations=99)[0] == 1.0
    assert sign_flip_p(np.ones(EXACT_CLASSES))[0] == smallest_p(EXACT_CLASSES) == 2 / 2**16


@given(st.lists(TWELFTHS, min_size=2, max_size=20), st.floats(0.01, 50), st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_sign_flips_forget_order_direction_and_unit(differences, factor, seed):
    values = np.array(differences)
    p = sign_flip_p(values[:16])
    shuffled = np.random.default_rng(seed).permutation(values[:16])
    assert sign_flip_p(-factor * shuffled) == pytest.approx(p)


def test_one_class_has_no_p_and_no_class_is_an_error():
    assert np.isnan(sign_flip_p([0.5])[0])
    assert np.isnan(smallest_p(1))
    for bad in ([], [np.nan, 1.0]):
        with pytest.raises(ObjectPoseError, match="finite numbers"):
            sign_flip_p(bad)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=80, deadline=None)
def test_adjusted_p_values_are_statsmodels(p):
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


def test_missing_p_values_do_not_count():
    assert benjamini_hochberg([0.01, np.nan, 0.04]).tolist() == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert np.isnan(benjamini_hochberg([np.nan])).all()
    with pytest.raises(ObjectPoseError, match="outside"):
        benjamini_hochberg([1.5])


@given(st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=60, deadline=None)
def test_mcnemar_is_statsmodels(only_first, only_second):
    oracle = mcnemar([[5, only_first], [only_second, 5]], exact=True).pvalue
    assert mcnemar_p([only_first], [only_second])[0] == pytest.approx(oracle, abs=1e-12)


def newcombe(a, b, c, d, z):
    """The published recipe on counts, step by step."""
    n = a + b + c + d
    (l1, u1), (l2, u2) = wilson_interval((a + b) / n, n, z), wilson_interval((a + c) / n, n, z)
    p1, p2 = (a + b) / n, (a + c) / n
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    cross = a * d - b * c
    phi = 0.0 if margins == 0 else (max(cross - n / 2, 0) if cross > 0 else cross) / margins**0.5
    low = p1 - p2 - ((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2) ** 0.5
    high = p1 - p2 + ((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2) ** 0.5
    return low, high


@given(st.lists(st.integers(0, 40), min_size=4, max_size=4).filter(lambda cells: sum(cells) > 0))
@settings(max_examples=80, deadline=None)
def test_paired_interval_is_newcombes(cells):
    a, b, c, d = cells
    n = sum(cells)
    found = paired_score_interval(np.array([(a + b) / n]), np.array([(a + c) / n]), np.array([a / n]), n, 1.96)
    assert [float(limit[0]) for limit in found] == pytest.approx(newcombe(a, b, c, d, 1.96), abs=1e-9)


def test_paired_interval_of_the_textbook():
    """Altman et al. 2000, table 6.2: 14, 5, 0 and 22 of 41 patients, difference .122 with .011 to .226."""
    found = paired_score_interval(np.array([19 / 41]), np.array([14 / 41]), np.array([14 / 41]), 41, 1.959964)
    assert [round(float(limit[0]), 3) for limit in found] == [0.011, 0.226]


def answers(rights, images=6):
    rights = np.asarray(rights, dtype=float)
    return Answers(rights, np.repeat(np.arange(rights.shape[1] // images), images))


def test_difference_by_hand():
    first, second = [1, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 1]
    table = answers([first, second], images=2)
    found = accuracy_differences(table, *PAIR)
    assert found.by_class[:, 0].tolist() == [0.5, 0.0, -0.5]
    assert found.first[0] == pytest.approx(0.5)
    assert found.second[0] == pytest.approx(0.5)
    assert found.low[0] < 0 < found.high[0]


@given(st.integers(0, 2**31), st.integers(2, 8))
@settings(max_examples=25, deadline=None)
def test_differences_turn_round_and_hold_the_mean(seed, classes):
    rng = np.random.default_rng(seed)
    before, after = (answers((rng.random((2, classes * 6)) < rng.random()).astype(float)) for _ in range(2))
    for one, other in (
        (accuracy_differences(after, *PAIR), accuracy_differences(after, *PAIR[::-1])),
        (drop_differences(before, after, *PAIR), drop_differences(before, after, *PAIR[::-1])),
    ):
        mean = one.by_class.mean(axis=0)
        assert one.low[0] <= mean[0] <= one.high[0]
        assert other.by_class == pytest.approx(-one.by_class)
        assert (other.low[0], other.high[0]) == pytest.approx((-one.high[0], -one.low[0]), abs=0.02)


def test_pairing_over_images_narrows_the_interval_of_alike_networks():
    rng = np.random.default_rng(1)
    base = (rng.random(17 * 6) < 0.5).astype(float)
    twin = base.copy()
    twin[::20] = 1 - twin[::20]
    stranger = rng.permutation(base.reshape(17, 6), axis=1).ravel()
    near = accuracy_differences(answers([base, twin]), *PAIR)
    far = accuracy_differences(answers([base, stranger]), *PAIR)
    assert far.by_class == pytest.approx(0)  # as many right in every class
    assert near.high[0] - near.low[0] < far.high[0] - far.low[0]


def test_equal_networks_keep_a_little_width_and_one_class_has_none():
    rng = np.random.default_rng(1)
    base = (rng.random(17 * 6) < 0.8).astype(float)
    found = accuracy_differences(answers([base, base]), *PAIR)
    assert found.low[0] < 0 < found.high[0]
    single = accuracy_differences(answers([base[:6], base[:6]]), *PAIR)
    assert np.isnan([single.low[0], single.high[0]]).all()


def test_intervals_of_many_groups_are_the_single_ones():
    rng = np.random.default_rng(2)
    groups = [(rng.integers(0, 13, k) / 12, rng.integers(1, 13, k)) for k in (1, 5, 17, 5, 2)]
    together = class_intervals(groups)
    for (accuracy, images), found in zip(groups, together, strict=True):
        alone = class_interval(accuracy, images)
        assert [found.accuracy, found.low, found.high] == pytest.approx(
            [alone.accuracy, alone.low, alone.high], nan_ok=True
        )


def test_intervals_of_hundreds_of_groups_are_the_single_ones():
    rng = np.random.default_rng(2)
    groups = [(rng.integers(0, 13, 6) / 12, np.full(6, 12)) for _ in range(300)]
    alone = class_interval(*groups[299])
    assert class_intervals(groups)[299].low == pytest.approx(alone.low)


def test_under_interaction_sign_flips_keep_their_level_and_mcnemar_does_not():
    found = load_errors()("interaction", 17, images=12, repeats=300, seed=1)
    assert found["sign flips, accuracy, %"] <= 9
    assert found["sign flips, drop, %"] <= 9
    assert found["McNemar, %"] > 12
    assert found["accuracy held, %"] >= 91
    assert found["drop held, %"] >= 91
