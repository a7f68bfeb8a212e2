from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from synthetic import make_judged, make_plan
from torchmetrics.functional.classification import binary_calibration_error, multiclass_calibration_error

from objectpose.analysis.abstention import aurc, risk, risk_coverage
from objectpose.analysis.bootstrap import REPLICATES
from objectpose.analysis.calibration import (
    bins_of,
    calibration_error,
    calibration_floor,
    expected_calibration_error,
    reliability,
)
from objectpose.analysis.confidence import confidence_table, reliability_table, risk_coverage_table
from objectpose.analysis.draws import class_draws
from objectpose.errors import ObjectPoseError

SHARE = {"upright": 0.95, "so3": 0.4}


def load_coverage():
    path = Path(__file__).parents[1] / "benchmarks" / "calibration.py"
    spec = importlib.util.spec_from_file_location("calibration_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.coverage


def some(seed, images=300, classes=17):
    rng = np.random.default_rng(seed)
    confidence = rng.beta(2, 1, images)
    correct = (rng.random(images) < confidence**2).astype(float)
    return confidence, correct, rng.integers(0, classes, images).astype(str)


def answered(most=40):
    grid = st.integers(0, 20).map(lambda k: k / 20)
    return st.lists(st.tuples(grid, st.integers(0, 1)), min_size=1, max_size=most).map(
        lambda rows: np.array(rows, float).T
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("bins", [1, 5, 15])
def test_equal_width_is_torchmetrics(seed, bins):
    """torchmetrics has [low, high) bins and takes the larger of two probabilities, so no confidence lies on an edge."""
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(6, 0.4), 300)
    labels = rng.integers(0, 6, 300)
    expected = multiclass_calibration_error(torch.tensor(probabilities), torch.tensor(labels), 6, bins, "l1")
    confidence, correct = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    found = expected_calibration_error(confidence, correct, bins=bins, rule="equal-width")
    assert found == pytest.approx(float(expected), abs=1e-6)
    binary = binary_calibration_error(torch.tensor(confidence), torch.tensor(correct).int(), bins, "l1")
    assert found == pytest.approx(float(binary), abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(answered(), st.integers(1, 20), st.randoms())
def test_ece_does_not_depend_on_order_and_is_bounded(rows, bins, random):
    confidence, correct = rows
    order = list(range(len(confidence)))
    random.shuffle(order)
    for rule in ("equal-mass", "equal-width"):
        found = expected_calibration_error(confidence, correct, bins=bins, rule=rule)
        other = expected_calibration_error(confidence[order], correct[order], bins=bins, rule=rule)
        assert found == pytest.approx(other, abs=1e-12)
        assert abs(confidence.mean() - correct.mean()) - 1e-12 <= found <= 1.0
        table = reliability(confidence, correct, ["x"] * len(confidence), bins=bins, rule=rule)
        weights = table["n_images"] / len(confidence)
        assert (weights * (table["accuracy"] - table["confidence"]).abs()).sum() == pytest.approx(found, abs=1e-12)
        assert (table["n_images"] > 0).all()
        place = bins_of(confidence, bins, rule)
        assert ((place >= 0) & (place < bins)).all()
        assert all(len(set(place[confidence == value])) == 1 for value in confidence)
        assert (np.diff(place[np.argsort(confidence, kind="stable")]) >= 0).all()


@pytest.mark.parametrize(("images", "bins"), [(300, 15), (17, 5), (4, 10)])
def test_equal_mass_bins_differ_by_one_at_most(images, bins):
    counts = np.bincount(bins_of(np.random.default_rng(0).random(images), bins), minlength=bins)
    assert counts.max() - counts.min() <= 1


def test_equal_width_edges_belong_to_the_lower_bin():
    assert bins_of([0.0, 0.2, 0.2001, 1.0], 5, "equal-width").tolist() == [0, 0, 1, 4]


def test_floor_is_what_a_calibrated_network_shows():
    rng = np.random.default_rng(0)
    confidence = rng.beta(3, 1, 400)
    simulated = [expected_calibration_error(confidence, rng.random(400) < confidence) for _ in range(500)]
    assert calibration_floor(confidence) == pytest.approx(np.mean(simulated), rel=0.05)
    assert calibration_floor([1.0, 1.0]) == 0.0


@pytest.mark.parametrize("seed", range(10))
def test_error_has_its_interval_around_it(seed):
    confidence, correct, classes = some(seed)
    for rule in ("equal-mass", "equal-width"):
        found = calibration_error(confidence, correct, classes, rule=rule)
        assert 0.0 <= found.low <= found.error <= found.high <= 1.0
        assert found.error == expected_calibration_error(confidence, correct, rule=rule)
    assert np.isnan(calibration_error(confidence, correct, ["jeep"] * len(correct)).low)


def test_interval_of_the_error_is_corrected_for_bias():
    rng = np.random.default_rng(5)
    confidence, code = rng.beta(2, 1, 400), np.arange(400) % 16
    correct = (rng.random(400) < confidence - 0.1).astype(float)
    found = calibration_error(confidence, correct, [f"{number:02d}" for number in code])
    place = bins_of(confidence)

    def error(weight):
        return np.abs(np.bincount(place, weight * (correct - confidence))).sum() / weight.sum()

    bias = np.mean([error(draw[code]) for draw in class_draws(16, replicates=REPLICATES)]) - found.error
    without = np.array([error((code != number).astype(float)) for number in range(16)])
    half = stats.t.ppf(0.975, 15) * np.sqrt(15 / 16 * ((without - found.error) ** 2).sum())
    assert bias > 0.005
    assert (found.low, found.high) == pytest.approx((found.error - bias - half, found.error - bias + half))


@pytest.mark.parametrize("process", ["calibrated", "class effect", "overconfident"])
def test_interval_of_the_error_holds_the_truth(process):
    assert load_coverage()(process, 17, 12, repeats=150)["held, %"] >= 88


@settings(max_examples=200, deadline=None)
@given(answered(8))
def test_aurc_is_the_mean_over_orders_of_ties(rows):
    confidence, correct = rows
    rng = np.random.default_rng(0)
    areas = []
    for _ in range(400 if len(set(confidence)) < len(confidence) else 1):
        order = np.lexsort((rng.random(len(confidence)), -confidence))
        areas.append(((1 - correct[order]).cumsum() / np.arange(1, len(order) + 1)).mean())
    assert aurc(confidence, correct) == pytest.approx(
        np.mean(areas), abs=5 * np.std(areas) / np.sqrt(len(areas)) + 1e-9
    )


def test_aurc_of_a_confidence_that_says_nothing_is_the_share_of_errors():
    assert aurc(np.full(50, 0.5), np.arange(50) % 5 > 0) == pytest.approx(0.2)


@pytest.mark.parametrize("seed", range(10))
def test_risk_lies_between_best_and_its_limits(seed):
    confidence, correct, classes = some(seed)
    found = risk(confidence, correct, classes)
    assert found.best - 1e-12 <= found.area
    assert found.low <= found.area <= found.high
    assert found.error == pytest.approx(1 - correct.mean())
    assert found.best == pytest.approx(aurc(correct * 0.5 + 0.3 + np.arange(len(correct)) * 1e-6, correct), abs=1e-12)
    perfect = risk(confidence, np.ones(len(correct)), classes)
    assert (perfect.area, perfect.low) == (0.0, 0.0)
    assert 0.0 < perfect.high < 0.1
    alone = risk(confidence, correct, ["jeep"] * len(correct))
    assert np.isnan([alone.low, alone.high]).all()


def test_curve_counts_what_is_at_least_as_sure():
    confidence, correct, classes = some(1)
    curve = risk_coverage(confidence, correct, classes)
    for row in curve.itertuples():
        held = confidence >= row.threshold
        assert (row.coverage, row.accuracy) == pytest.approx((held.mean(), correct[held].mean()))
        assert (row.n_images, row.n_classes) == (held.sum(), len(set(classes[held])))
    assert curve["coverage"].iloc[-1] == 1.0
    assert (curve["coverage"].diff().dropna() > 0).all()
    assert (curve["accuracy_lo"].fillna(0) <= curve["accuracy"]).all()
    tied = risk_coverage(np.full(10, 0.5), np.ones(10), list("ab") * 5)
    assert tied["coverage"].tolist() == [1.0]


def test_table_by_condition_is_the_plain_means():
    judged = make_judged(make_plan(("upright", "so3")), {"a": SHARE, "b": {"upright": 1.0, "so3": 0.3}})
    judged.loc[(judged["model"] == "b") & (judged["class_name"] == "jeep"), ["correct", "answer", "answer_prob"]] = (
        pd.NA
    )
    table = confidence_table(judged, replicates=300).set_index(["model", "condition"])
    for (model, condition), row in table.iterrows():
        rows = judged[(judged["model"] == model) & (judged["condition"] == condition) & judged["correct"].notna()]
        right = rows["correct"].astype(bool)
        assert row["n_images"] == len(rows)
        assert row["confidence_right"] == pytest.approx(100 * rows.loc[right, "answer_prob"].astype(float).mean())
        if not right.all():
            assert row["confidence_wrong"] == pytest.approx(100 * rows.loc[~right, "answer_prob"].astype(float).mean())
        gap = rows["answer_prob"].astype(float).mean() - right.mean()
        assert row["overconfidence"] == pytest.approx(100 * gap)
        assert row["overconfidence_lo"] <= row["overconfidence"] <= row["overconfidence_hi"]
        assert row["ece_width"] == pytest.approx(
            100 * expected_calibration_error(rows["answer_prob"].astype(float), right, rule="equal-width")
        )
    assert table.loc[("b", "so3"), "n_classes"] == 16
    assert np.isnan(table.loc[("b", "upright"), "confidence_wrong"])
    assert np.isnan(table.loc[("b", "so3"), "wrong_change"])
    assert np.isnan(table.loc[("a", "upright"), "right_change"])
    both = table.loc["a", "confidence_right"]
    assert table.loc[("a", "so3"), "right_change"] == pytest.approx(both["so3"] - both["upright"])
    assert table.loc[("a", "so3"), "right_change_lo"] <= table.loc[("a", "so3"), "right_change"]
    pd.testing.assert_frame_equal(
        confidence_table(judged, replicates=300),
        confidence_table(judged.sample(frac=1, random_state=0), replicates=300),
    )


def test_change_is_against_the_same_objects_and_backgrounds():
    judged = make_judged(make_plan(("upright", "so3"), backgrounds=("plain", "photo")), {"a": SHARE})
    part = judged[
        (judged["condition"] == "upright") | ((judged["background"] == "photo") & (judged["class_name"] != "jeep"))
    ]
    row = confidence_table(part, replicates=50).set_index("condition").loc["so3"]
    before = judged[
        (judged["condition"] == "upright") & (judged["background"] == "photo") & (judged["class_name"] != "jeep")
    ]
    before = before[before["correct"].astype(bool)]["answer_prob"].astype(float).mean()
    assert row["right_change"] == pytest.approx(row["confidence_right"] - 100 * before)


def test_curves_of_networks_name_their_condition():
    judged = make_judged(make_plan(("upright", "so3")), {"a": SHARE, "b": SHARE})
    for table in (reliability_table(judged, replicates=50), risk_coverage_table(judged, replicates=50)):
        assert table.groupby(["network", "condition"], sort=False).ngroups == 4
        assert set(table["condition_images"]) == {204}
        assert set(table["condition_classes"]) == {17}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: bins_of([], 3), "at least one"),
        (lambda: bins_of([1.2], 3), "outside 0..1"),
        (lambda: bins_of([np.nan], 3), "outside 0..1"),
        (lambda: bins_of([0.5], 0), "0 bins"),
        (lambda: bins_of([0.5], 3, "equal-weight"), "the nearest is: equal-width|nearest are"),
        (lambda: expected_calibration_error([0.5], [1, 0]), "one of each"),
        (lambda: expected_calibration_error([0.5], [np.nan]), "neither right nor wrong"),
        (lambda: calibration_error([0.5], [1], ["a", "b"]), "2 classes"),
    ],
)
def test_wrong_input_is_a_sentence(call, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        call()


def test_answers_without_a_probability_are_named():
    judged = make_judged(make_plan(), {"a": SHARE})
    judged.loc[3, "answer_prob"] = pd.NA
    with pytest.raises(ObjectPoseError, match="no probability for 1 images"):
        confidence_table(judged)
    with pytest.raises(ObjectPoseError, match="no answer"):
        confidence_table(judged.assign(correct=pd.NA))
