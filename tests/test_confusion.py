from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from synthetic import make_judged, make_plan

from objectpose.analysis.confusion import stability, stability_summary, taken_for
from objectpose.analysis.wrong_answers import agreement_by_condition, wrong_answer_agreement
from objectpose.errors import ObjectPoseError

SHARE = {"upright": 0.95, "so3": 0.4}


def judged_at(angles, answers, correct, *, angle="distance_deg", name="net", class_name="jeep"):
    count = len(angles)
    frame = pd.DataFrame(
        {
            "image_id": [f"{name}-{class_name}-{k}" for k in range(count)],
            "dataset": "quick",
            "model": name,
            "preprocess": "own",
            "condition": "so3",
            "baseline": "upright",
            "background": "plain",
            "class_name": class_name,
            "object_id": f"{class_name}/0",
            "distance_deg": np.nan,
            "sweep_deg": np.nan,
            "answer": pd.array(answers, dtype="Int64"),
            "correct": pd.array(correct, dtype="boolean"),
        }
    )
    return frame.assign(**{angle: np.asarray(angles, float)})


def random_judged(seed=0, networks=("a", "b")):
    judged = make_judged(make_plan(("upright", "so3"), images=20), dict.fromkeys(networks, SHARE))
    rng = np.random.default_rng(seed)
    judged["answer"] = judged["answer"].mask(~judged["correct"], pd.Series(rng.integers(900, 904, len(judged))))
    angle = dict(zip(judged["image_id"].unique(), rng.uniform(0, 180, judged["image_id"].nunique()), strict=True))
    return judged.assign(distance_deg=judged["image_id"].map(angle), sweep_deg=np.nan)


def test_counts_by_hand():
    judged = judged_at([0, 10, 29.9, 30, 180], [609, 7, 7, 8, 9], [True, False, False, False, False])
    table = taken_for(judged)
    assert table[["from_deg", "to_deg", "answer", "n", "n_errors", "n_images"]].to_numpy().tolist() == [
        [0, 30, 7, 2, 2, 3],
        [30, 60, 8, 1, 1, 1],
        [150, 180, 9, 1, 1, 1],
    ]
    assert table["share_of_errors"].tolist() == [1.0, 1.0, 1.0]
    assert table["share_of_images"].tolist() == pytest.approx([2 / 3, 1.0, 1.0])


def test_a_bin_without_an_error_has_one_row_without_an_answer():
    table = taken_for(judged_at([10, 40], [609, 7], [True, False]))
    assert table["answer"].isna().tolist() == [True, False]
    assert table["n"].tolist() == [0, 1]
    assert np.isnan(table["share_of_errors"][0])


def test_sweeps_go_round_and_distances_do_not():
    judged = judged_at([-10, 350, 360, 0], [1, 1, 2, 2], [False] * 4, angle="sweep_deg")
    table = taken_for(judged, angle="sweep_deg")
    assert table[["from_deg", "answer", "n"]].to_numpy().tolist() == [[0, 2, 2], [330, 1, 2]]
    outside = taken_for(judged_at([-10, 100], [1, 2], [False, False]))
    assert outside["n_images"].sum() == 1


def test_pictures_without_angle_or_answer_do_not_count():
    judged = judged_at([10, np.nan, 20], [1, 2, None], [False, False, None])
    assert taken_for(judged)["n_images"].tolist() == [1]


def test_counts_add_up_and_do_not_depend_on_row_order():
    judged = random_judged()
    table = taken_for(judged)
    cells = table.drop_duplicates(["network", "condition", "class_name", "from_deg"])
    assert cells["n_images"].sum() == len(judged)
    assert cells["n_errors"].sum() == table["n"].sum() == (~judged["correct"].astype(bool)).sum()
    keys = ["network", "condition", "class_name", "from_deg"]
    shares = table.groupby(keys)["share_of_errors"].sum(min_count=1).dropna()
    np.testing.assert_allclose(shares, 1.0)
    pd.testing.assert_frame_equal(table, taken_for(judged.sample(frac=1, random_state=2)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=14))
def test_stability_is_the_share_of_equal_pairs(rows):
    angles, answers = [15 + 60 * bin_ for bin_, _ in rows], [answer for _, answer in rows]
    found = stability(judged_at(angles, answers, [False] * len(rows))).iloc[0]
    pairs = list(combinations(rows, 2))
    for name, together in (("same_within", True), ("same_across", False)):
        alike = [one[1] == other[1] for one, other in pairs if (one[0] == other[0]) == together]
        np.testing.assert_allclose(found[name], np.mean(alike) if alike else np.nan)
    counts = {answer: answers.count(answer) for answer in sorted(set(answers))}
    assert found["top_answer"] == max(counts, key=counts.get)
    assert found["top_share"] == max(counts.values()) / len(rows)
    assert (found["n_answers"], found["n_errors"]) == (len(counts), len(rows))


def test_stability_tells_a_wrong_answer_that_stays_from_one_that_changes():
    angles = np.tile([15, 75, 135], 4)
    staying = judged_at(angles, [7] * 12, [False] * 12, class_name="jeep")
    changing = judged_at(angles, np.tile([7, 8, 9], 4), [False] * 12, class_name="tank")
    right = judged_at(angles, [609] * 12, [True] * 12, class_name="forklift")
    table = stability(pd.concat([staying, changing, right], ignore_index=True)).set_index("class_name")
    assert table["same_within"].tolist()[1:] == [1.0, 1.0]
    assert table.loc["jeep", "same_across"] == 1.0
    assert table.loc["tank", "same_across"] == 0.0
    assert pd.isna(table.loc["forklift", "top_answer"])
    summary = stability_summary(table.reset_index()).iloc[0]
    assert (summary["n_classes"], summary["n_errors"], summary["same_across"]) == (2, 24, 0.5)
    assert summary["same_across_lo"] <= 0.5 <= summary["same_across_hi"]
    alone = stability_summary(stability(staying)).iloc[0]
    assert np.isnan(alone["same_within_lo"])
    none = stability_summary(stability(right)).iloc[0]
    assert none["n_classes"] == 0
    assert np.isnan(none["same_within"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"angle": "distance"}, "the nearest is: distance_deg"),
        ({"edges": [0.0, 0.0, 90.0]}, "do not rise"),
        ({"edges": [0.0]}, "at least two"),
        ({"angle": "sweep_deg"}, "No answered picture has a 'sweep_deg'"),
        ({"edges": [170.0, 175.0]}, "from 170 to 175"),
    ],
)
def test_wrong_angles_are_a_sentence(options, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        taken_for(judged_at([10, 40], [1, 2], [False, False]), **options)


def direct(answer, correct, classes, i, j):
    both = (correct[:, i] == 0) & (correct[:, j] == 0)
    same, chance = 0, 0.0
    for name in sorted(set(classes[both])):
        one, other = answer[both & (classes == name), i], answer[both & (classes == name), j]
        same += (one == other).sum()
        chance += sum((one == a).mean() * (other == a).sum() for a in set(one))
    count = both.sum()
    return count, same / count, chance / count


@pytest.mark.parametrize("seed", range(15))
def test_agreement_is_the_direct_count(seed):
    rng = np.random.default_rng(seed)
    answer = rng.integers(0, 5, (150, 4)).astype(float)
    answer[:, 1] = np.where(rng.random(150) < 0.4, answer[:, 0], answer[:, 1])
    correct = (rng.random((150, 4)) < 0.4).astype(float)
    correct[rng.random((150, 4)) < 0.1] = np.nan
    answer[np.isnan(correct)] = np.nan
    classes = rng.integers(0, 6, 150).astype(str)
    table = wrong_answer_agreement(answer, correct, list("abcd"), classes, replicates=100)
    for row, (i, j) in zip(table.itertuples(), combinations(range(4), 2), strict=True):
        count, same, chance = direct(answer, correct, classes, i, j)
        assert (row.n_images, row.same, row.chance) == pytest.approx((count, same, chance))
        assert row.kappa == pytest.approx((same - chance) / (1 - chance))
        assert row.kappa_lo <= row.kappa <= row.kappa_hi
        assert row.same_lo <= row.same <= row.same_hi


@pytest.mark.parametrize("seed", range(5))
def test_with_one_class_it_is_scikit_learns_kappa(seed):
    rng = np.random.default_rng(seed)
    answer = rng.integers(0, 4, (80, 2)).astype(float)
    row = wrong_answer_agreement(answer, np.zeros((80, 2)), ["a", "b"], ["jeep"] * 80).iloc[0]
    assert row["kappa"] == pytest.approx(cohen_kappa_score(answer[:, 0], answer[:, 1]), abs=1e-12)
    assert np.isnan([row["kappa_lo"], row["same_hi"]]).all()


def test_chance_is_within_classes():
    """Two networks with one wrong answer a class agree always, and their classes leave no room for more."""
    classes = np.repeat(["jeep", "tank"], 20)
    answer = np.repeat([[1.0], [2.0]], 20, axis=0) * np.ones((1, 2))
    row = wrong_answer_agreement(answer, np.zeros((40, 2)), ["a", "b"], classes).iloc[0]
    assert (row["same"], row["chance"]) == (1.0, 1.0)
    assert np.isnan(row["kappa"])


def test_independent_answers_are_at_chance_and_copies_at_one():
    rng = np.random.default_rng(1)
    answer = rng.integers(0, 10, (4000, 2)).astype(float)
    answer = np.column_stack([answer, answer[:, 0]])
    table = wrong_answer_agreement(answer, np.zeros((4000, 3)), list("abc"), np.arange(4000).astype(str).astype("U1"))
    assert table["kappa"].iloc[0] == pytest.approx(0.0, abs=0.03)
    assert table["kappa"].iloc[1] == 1.0
    assert table["kappa_lo"].iloc[0] < 0 < table["kappa_hi"].iloc[0]


def test_agreement_by_condition_takes_judged_answers():
    judged = random_judged()
    table = agreement_by_condition(judged, replicates=100)
    assert table["condition"].tolist() == ["upright", "so3"]
    pd.testing.assert_frame_equal(table, agreement_by_condition(judged.sample(frac=1, random_state=4), replicates=100))
    nothing = agreement_by_condition(
        judged.assign(correct=pd.array([True] * len(judged), dtype="boolean")), replicates=20
    )
    assert nothing["n_images"].tolist() == [0, 0]
    assert nothing[["same", "chance", "kappa", "kappa_lo", "same_lo"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("answer", "correct", "names", "sentence"),
    [
        ([[1.0, 1.0]], [[0.0]], ["a", "b"], "images x observers"),
        ([[1.0]], [[0.0]], ["a"], "at least two"),
        ([[np.nan, 1.0]], [[0.0, 0.0]], ["a", "b"], "not known"),
    ],
)
def test_wrong_answers_input_is_a_sentence(answer, correct, names, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        wrong_answer_agreement(answer, correct, names, ["jeep"])


def test_many_networks_take_seconds():
    rng = np.random.default_rng(0)
    answer = rng.integers(0, 60, (27_540, 47)).astype(float)
    correct = (rng.random((27_540, 47)) < 0.5).astype(float)
    start = time.perf_counter()
    wrong_answer_agreement(answer, correct, [str(k) for k in range(47)], (np.arange(27_540) % 17).astype(str))
    assert time.perf_counter() - start < 15  # about 1.6 s on two idle cores
