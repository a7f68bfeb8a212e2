"""Two networks on the same images, two runs of one network, and what the data could have shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.power import TTestPower
from synthetic import CLASSES, make_judged, make_plan, make_predictions

from objectpose.analysis.accuracy import POOLED, summarise
from objectpose.analysis.comparison import COLUMNS, compare
from objectpose.analysis.correctness import judge
from objectpose.analysis.power import classes_needed, drop_power, power_line, smallest_difference
from objectpose.analysis.regression import regression_check
from objectpose.analysis.shares import by_class
from objectpose.analysis.significance import benjamini_hochberg, mcnemar_p, sign_flip_p
from objectpose.errors import ObjectPoseError

SHARES = {
    "strong": {"upright": 0.95, "so3": 0.8, "yaw": 0.9},
    "weak": {"upright": 0.9, "so3": 0.35, "yaw": 0.85},
    "third": {"upright": 0.7, "so3": 0.5, "yaw": 0.6},
}


@pytest.fixture(scope="module")
def judged():
    return make_judged(make_plan(["upright", "yaw", "so3"], backgrounds=("a", "b")), SHARES)


@pytest.fixture(scope="module")
def table(judged):
    return compare(judged, permutations=999)


def row_of(table, **keys):
    chosen = table
    for name, value in keys.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_classes_mean_the_summary(judged):
    classes, summary = by_class(judged), summarise(judged)
    pooled = summary[summary["background"] == POOLED].set_index(["model", "condition"])
    grouped = classes.groupby(["model", "condition"])
    assert grouped["top1"].mean().to_dict() == pytest.approx(pooled["top1"].to_dict())
    drops = grouped["drop_pp"].mean().dropna().to_dict()
    assert drops == pytest.approx(pooled["drop_pp"].dropna().to_dict())
    assert grouped["n_images"].sum().to_dict() == pooled["n_images"].to_dict()
    assert classes.loc[classes["condition"] == "upright", "n_baseline"].eq(0).all()
    assert list(dict.fromkeys(classes["condition"])) == ["upright", "yaw", "so3"]


@given(st.integers(0, 2**31))
@settings(max_examples=6, deadline=None)
def test_classes_of_ragged_data_mean_the_summary(seed):
    """Rows gone at random: the classes still compare with the baseline of the same objects and backgrounds."""
    plan = make_plan(["upright", "so3"], classes=CLASSES[:5], images=8, backgrounds=("a", "b", "c"))
    judged = make_judged(plan, {"n": {"upright": 0.8, "so3": 0.4}})
    rng = np.random.default_rng(seed)
    keep = (judged["condition"] == "upright") | (rng.random(len(judged)) < 0.4) & (judged["background"] != "c")
    keep &= ~((judged["condition"] == "so3") & (judged["class_name"] == CLASSES[0]))
    part = judged[keep]
    row = summarise(part).query("background == 'all' and condition == 'so3'").iloc[0]
    own = by_class(part).query("condition == 'so3'")
    assert own["drop_pp"].mean() == pytest.approx(row["drop_pp"])
    assert len(own) == row["n_classes"]


def test_classes_name_objects_that_the_baseline_lacks(judged):
    gone = (judged["condition"] == "upright") & (judged["class_name"] == "tank")
    with pytest.raises(ObjectPoseError, match=r"has 1 objects .* 'tank/0'"):
        by_class(judged[~gone])


def test_every_pair_condition_and_measure_has_a_row(table):
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 3 * (3 + 2)
    assert table["condition"].drop_duplicates().tolist() == ["upright", "yaw", "so3"]
    assert not ((table["condition"] == "upright") & (table["measure"] == "drop_pp")).any()
    assert (table["n_classes"] == 17).all()
    assert (table["n_images"] == 204).all()


def test_a_row_is_made_of_its_parts(judged, table):
    summary = summarise(judged).query("background == 'all'").set_index(["model", "condition"])
    for measure in ("top1", "drop_pp"):
        row = row_of(table, first="strong", second="weak", condition="so3", measure=measure)
        assert row["first_value"] == pytest.approx(summary.loc[("strong", "so3"), measure])
        assert row["difference_pp"] == pytest.approx(row["first_value"] - row["second_value"])
        assert row["low_pp"] < row["difference_pp"] < row["high_pp"]
        values = by_class(judged).query("condition == 'so3'").pivot(index="class_name", columns="model", values=measure)
        differences = values["strong"] - values["weak"]
        assert row["p"] == sign_flip_p(differences, permutations=999)[0]
        assert row["sd_pp"] == pytest.approx(differences.std(ddof=1))
    accuracy = row_of(table, first="strong", second="weak", condition="so3", measure="top1")
    rows = judged[judged["condition"] == "so3"].pivot(index="image_id", columns="model", values="correct").astype(bool)
    only_first = int((rows["strong"] & ~rows["weak"]).sum())
    only_second = int((~rows["strong"] & rows["weak"]).sum())
    assert (accuracy["n_only_first"], accuracy["n_only_second"]) == (only_first, only_second)
    assert accuracy["mcnemar_p_images"] == mcnemar_p([only_first], [only_second])[0]
    assert accuracy["p"] == 0.001  # the smallest of 999 flips
    assert accuracy["p_smallest"] == 0.001


def test_p_values_are_adjusted_within_a_measure(table):
    for _, part in table.groupby("measure"):
        assert part["q"].tolist() == pytest.approx(benjamini_hochberg(part["p"]).tolist())
        assert (part["q"] >= part["p"]).all()


def test_chosen_pairs_measures_and_no_test(judged):
    found = compare(judged, pairs=[("weak", "strong")], measures=("drop_pp",), permutations=0)
    assert found[["first", "second"]].drop_duplicates().to_numpy().tolist() == [["weak", "strong"]]
    assert set(found["measure"]) == {"drop_pp"}
    assert found[["p", "q", "p_smallest"]].isna().all(axis=None)
    assert (found.loc[found["condition"] == "so3", "difference_pp"] > 0).all()  # the weak one loses more


def test_turned_round_and_shuffled(judged):
    one = compare(judged, pairs=[("strong", "weak")], permutations=99)
    other = compare(judged.sample(frac=1, random_state=0), pairs=[("weak", "strong")], permutations=99)
    assert other["difference_pp"].tolist() == pytest.approx((-one["difference_pp"]).tolist())
    assert other["p"].tolist() == one["p"].tolist()


def test_networks_that_lack_classes_are_compared_on_common_ones():
    plan = make_plan(["upright", "so3"], images=4)
    parts = []
    for seed, (model, lacking) in enumerate({"whole": [], "few": ["tank", "jeep"], "other": ["cannon"]}.items()):
        predictions = make_predictions(plan, {"upright": 0.9, "so3": 0.5}, seed)
        predictions = predictions[~plan["class_name"].isin(lacking).to_numpy()]
        parts.append(judge(plan, predictions, model=model, preprocess="own", dataset="quick"))
    found = compare(pd.concat(parts), permutations=99).query("condition == 'so3' and measure == 'top1'")
    counts = {frozenset((row["first"], row["second"])): row["n_classes"] for _, row in found.iterrows()}
    assert counts == {
        frozenset(("whole", "few")): 15,
        frozenset(("whole", "other")): 16,
        frozenset(("few", "other")): 14,
    }


def test_bad_input_is_a_sentence(judged):
    with pytest.raises(ObjectPoseError, match="one network only"):
        compare(judged[judged["model"] == "weak"])
    with pytest.raises(ObjectPoseError, match=r"Unknown network 'strog'; .*strong"):
        compare(judged, pairs=[("strog", "weak")])
    with pytest.raises(ObjectPoseError, match="Unknown measure 'drop'"):
        compare(judged, measures=("drop",))
    with pytest.raises(ObjectPoseError, match=r"no row for the image .* expected one"):
        compare(judged.iloc[1:])
    with pytest.raises(ObjectPoseError, match="2 rows for the image"):
        compare(pd.concat([judged, judged.iloc[:1]]))
    other = judged.assign(background=judged["background"].where(judged["model"] != "weak", "c"))
    with pytest.raises(ObjectPoseError, match="two versions of the data"):
        compare(other)
    with pytest.raises(ObjectPoseError, match="no class in common"):
        compare(
            judged.assign(correct=judged["correct"].where((judged["model"] == "weak") ^ (judged["class_name"] < "h")))
        )


def test_one_class_and_all_right():
    plan = make_plan(classes=CLASSES[:1])
    found = compare(make_judged(plan, {"a": SHARES["strong"], "b": SHARES["weak"]}))
    assert found[["low_pp", "high_pp", "p", "q", "sd_pp"]].isna().all(axis=None)
    assert found["difference_pp"].notna().all()
    perfect = dict.fromkeys(("upright", "so3"), 1.0)
    found = compare(make_judged(make_plan(images=3), {"a": perfect, "b": perfect}), permutations=99)
    assert (found["difference_pp"] == 0).all()
    assert (found["p"] == 1).all()
    assert ((found["low_pp"] < 0) & (found["high_pp"] > 0)).all()


def test_the_same_run_twice_has_no_regression(judged):
    found = regression_check(judged, judged.sample(frac=1, random_state=1), permutations=99)
    assert len(found) == 3 * (3 + 2)
    assert (found["regression_pp"] == 0).all()
    assert (found["p"] == 1).all()
    assert found.loc[found["measure"] == "top1", ["n_changed", "n_lost", "n_gained"]].eq(0).all(axis=None)
    assert found.loc[found["measure"] == "drop_pp", "n_changed"].isna().all()


def test_a_worse_run_is_a_regression(judged):
    newer = judged.copy()
    hit = (newer["model"] == "strong") & (newer["condition"] == "so3") & newer["correct"].astype(bool)
    hit &= newer["image_id"].str[-1].isin(list("02468"))
    newer.loc[hit, ["correct", "correct5", "answer"]] = [False, False, 1]
    found = regression_check(judged, newer, permutations=999)
    top1 = row_of(found, model="strong", condition="so3", measure="top1")
    drop = row_of(found, model="strong", condition="so3", measure="drop_pp")
    assert top1["regression_pp"] == pytest.approx(drop["regression_pp"]) == pytest.approx(top1["older"] - top1["newer"])
    assert 0 < top1["low_pp"] < top1["regression_pp"] < top1["high_pp"]
    assert drop["low_pp"] < drop["regression_pp"] < drop["high_pp"]
    assert (top1["n_changed"], top1["n_lost"], top1["n_gained"]) == (hit.sum(), hit.sum(), 0)
    assert top1["p"] < 0.01
    others = found[(found["model"] != "strong") | (found["condition"] != "so3")]
    assert (others["regression_pp"] == 0).all()


def test_runs_without_a_common_network_are_a_sentence(judged):
    weak, strong = (judged[judged["model"] == name] for name in ("weak", "strong"))
    with pytest.raises(ObjectPoseError, match=r"older one holds weak, the newer one strong"):
        regression_check(weak, strong)
    part = regression_check(judged, strong, permutations=99)
    assert set(part["model"]) == {"strong"}


@pytest.mark.parametrize(("sd", "classes"), [(15.0, 17), (8.0, 84), (30.0, 3), (1.0, 2), (20.0, 60)])
def test_smallest_difference_is_statsmodels(sd, classes):
    effect = TTestPower().solve_power(nobs=classes, alpha=0.05, power=0.8, alternative="two-sided")
    assert smallest_difference(sd, classes) == pytest.approx(float(effect) * sd, rel=1e-4)


@pytest.mark.parametrize(("sd", "difference"), [(15.0, 5.0), (30.0, 2.0), (10.0, 9.0), (3.0, 30.0)])
def test_classes_needed_is_statsmodels(sd, difference):
    needed = classes_needed(sd, difference)
    if needed > 4:  # statsmodels has NaN below
        assert TTestPower().power(difference / sd, nobs=needed, alpha=0.05) >= 0.8
        assert TTestPower().power(difference / sd, nobs=needed - 1, alpha=0.05) < 0.8
    assert smallest_difference(sd, needed) <= difference + 1e-6


def test_power_of_a_data_set(judged, table):
    found = drop_power(judged)
    assert found["condition"].tolist() == ["yaw", "so3"]
    assert set(found["kind"]) == {"between networks"}
    drops = table[(table["measure"] == "drop_pp") & (table["condition"] == "so3")]
    row = row_of(found, condition="so3")
    assert row["n_pairs"] == 3
    assert row["sd_pp"] == pytest.approx(drops["sd_pp"].median())
    assert row["smallest_best_pp"] <= row["smallest_pp"] <= row["smallest_worst_pp"]
    assert row["smallest_pp"] == pytest.approx(smallest_difference(row["sd_pp"], 17))
    line = power_line(row)
    assert f"{row['smallest_pp']:.1f} points" in line
    assert f"about {row['classes_for_target']} classes" in line


def test_power_of_one_network_one_class_and_no_spread(judged):
    alone = drop_power(judged[judged["model"] == "weak"])
    assert set(alone["kind"]) == {"from zero"}
    assert "a drop of" in power_line(alone.iloc[0])
    one = drop_power(make_judged(make_plan(classes=CLASSES[:1]), {"a": SHARES["weak"], "b": SHARES["third"]}))
    assert np.isnan(one["smallest_pp"].item())
    assert "one class shows no spread" in power_line(one.iloc[0])
    same = drop_power(make_judged(make_plan(), dict.fromkeys("ab", dict.fromkeys(("upright", "so3"), 1.0))))
    assert "all classes lose the same" in power_line(same.iloc[0])
    with pytest.raises(ObjectPoseError, match="two classes"):
        smallest_difference(5.0, 1)
