from __future__ import annotations

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from objectpose.analysis.statistics import (
    REPLICATES,
    class_interval,
    drop_interval,
    wilson_interval,
)
from objectpose.errors import ObjectPoseError


def load_coverage():
    path = Path(__file__).parents[1] / "benchmarks" / "interval_coverage.py"
    spec = importlib.util.spec_from_file_location("coverage_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.coverage


def classes(least=2, most=20):
    counts = st.integers(1, 30)
    one = counts.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.lists(one, min_size=least, max_size=most)


@pytest.mark.parametrize(("right", "images"), [(0, 5), (5, 5), (3, 10), (199, 204), (1, 1)])
def test_wilson_is_scipys(right, images):
    oracle = stats.binomtest(right, images).proportion_ci(0.95, method="wilson")
    assert wilson_interval(right / images, images) == pytest.approx((oracle.low, oracle.high), abs=1e-12)


def test_bootstrap_is_the_direct_one_over_classes():
    rng = np.random.default_rng(5)
    before, after = rng.integers(5, 13, 17) / 12, rng.integers(0, 13, 17) / 12
    images = np.full(17, 12)
    found = drop_interval(before, images, after, images, seed=3)
    other = np.random.default_rng(99)
    draws = np.array([other.integers(0, 17, 17) for _ in range(2 * REPLICATES)])
    means = before[draws].mean(axis=1) - after[draws].mean(axis=1)
    t = stats.t.ppf(0.975, 16)
    tail = stats.norm.cdf(-math.sqrt(17 / 16) * t)
    expected = 100 * np.quantile(means, [tail, 1 - tail])
    assert found.low_pp == pytest.approx(expected[0], abs=1.0)
    assert found.high_pp == pytest.approx(expected[1], abs=1.0)
    assert found.drop_pp == pytest.approx(100 * (before - after).mean())
    assert found.relative_pct == pytest.approx(100 * (before - after).mean() / before.mean())


def test_pairing_takes_what_classes_share_out_of_the_interval():
    shared = np.linspace(0.3, 1.0, 17)
    images = np.full(17, 200)
    paired = drop_interval(shared, images, shared - 0.2, images)
    crossed = drop_interval(shared, images, shared[::-1] - 0.2, images)
    assert paired.drop_pp == pytest.approx(crossed.drop_pp)
    assert paired.high_pp - paired.low_pp < 0.5 * (crossed.high_pp - crossed.low_pp)


def test_few_classes_are_wider_than_the_plain_percentile():
    values, images = np.array([0.2, 0.5, 0.6, 0.7, 0.9]), np.full(5, 40)
    found = class_interval(values, images)
    draws = np.random.default_rng(0).integers(0, 5, (20000, 5))
    plain = np.quantile(values[draws].mean(axis=1), [0.025, 0.975])
    assert found.high - found.low > 1.15 * (plain[1] - plain[0])


def test_a_class_weighs_the_same_whatever_its_images():
    assert class_interval([1.0, 0.0], [1000, 1]).accuracy == 0.5


@pytest.mark.parametrize("value", [0.0, 1.0, 0.5])
def test_equal_classes_still_have_a_width_at_least_that_of_their_images(value):
    found = class_interval(np.full(17, value), np.full(17, 12))
    low, high = wilson_interval(value, 204)
    assert found.low <= low
    assert found.high >= high
    drop = drop_interval(np.full(17, value), np.full(17, 12), np.full(17, value), np.full(17, 12))
    assert drop.drop_pp == 0
    assert drop.low_pp < -1 < 1 < drop.high_pp


def test_ragged_counts_trust_the_small_classes_no_more_than_their_images():
    even = class_interval(np.ones(4), [10, 10, 10, 10])
    ragged = class_interval(np.ones(4), [1, 1, 1, 37])
    assert ragged.low < even.low


@given(classes(), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_intervals_hold_the_estimate_and_forget_the_order(pairs, seed):
    right, images = np.array(pairs, dtype=float).T
    found = class_interval(right / images, images, seed=seed, replicates=200)
    assert 0 <= found.low <= found.accuracy <= found.high <= 1
    same = drop_interval(right / images, images, right / images, images, seed=seed, replicates=200)
    assert same.drop_pp == 0
    assert same.low_pp < 0 < same.high_pp
    assert class_interval(right / images, images, seed=seed, replicates=200) == found


@given(classes(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_a_drop_turned_round_is_a_gain(pairs, random):
    right, images = np.array(pairs, dtype=float).T
    other = np.array([random.randint(0, int(n)) for n in images]) / images
    there = drop_interval(right / images, images, other, images, replicates=200)
    back = drop_interval(other, images, right / images, images, replicates=200)
    assert there.drop_pp == pytest.approx(-back.drop_pp)
    assert there.low_pp == pytest.approx(-back.high_pp, abs=1e-9)


def test_one_class_has_no_interval():
    found = class_interval([0.8], [10])
    assert found.accuracy == 0.8
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    drop = drop_interval([0.8], [10], [0.2], [10])
    assert drop.drop_pp == pytest.approx(60)
    assert math.isnan(drop.low_pp)


def test_nothing_right_upright_has_no_relative_drop():
    assert math.isnan(drop_interval([0.0, 0.0], [5, 5], [0.0, 0.2], [5, 5]).relative_pct)


@pytest.mark.parametrize(
    ("accuracy", "images"),
    [([], []), ([0.5], [1, 2]), ([50.0, 60.0], [1, 2]), ([float("nan"), 1.0], [1, 2]), ([0.5, 0.5], [0, 3])],
)
def test_unusable_input_is_a_sentence(accuracy, images):
    with pytest.raises(ObjectPoseError):
        class_interval(accuracy, images)


def test_drop_needs_the_same_classes():
    with pytest.raises(ObjectPoseError, match="same classes"):
        drop_interval([0.5, 0.5], [1, 1], [0.5], [1])


def test_coverage_of_17_spread_classes():
    found = load_coverage()("spread", 17, repeats=600)
    assert 92 <= found["accuracy held, %"] <= 98
    assert 92 <= found["drop held, %"] <= 98


def test_coverage_of_17_classes_near_the_ceiling():
    found = load_coverage()("ceiling", 17, repeats=600)
    assert 91 <= found["accuracy held, %"] <= 98.5
    assert 92 <= found["drop held, %"] <= 98.5
