"""Verdicts on claims follow the rule that is said, and the estimates that they rest on agree with other routes."""

import math

import numpy as np
import pandas as pd
import pytest
from human_study import REAL, write_study
from hypothesis import given
from hypothesis import strategies as st
from synthetic import make_judged, make_plan

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.choice_effects import choice_effects
from objectpose.analysis.claims import (
    COLUMNS,
    NOT_SUPPORTED,
    NOT_TESTABLE,
    SUPPORTED,
    Claim,
    Estimate,
    above,
    below,
    claims_table,
    estimates,
    holds_zero,
    reported,
    untestable,
    within,
)
from objectpose.analysis.contrasts import between_conditions, mean_drop
from objectpose.analysis.humans import claims as human
from objectpose.analysis.humans.accuracy import observer_accuracy
from objectpose.analysis.humans.comparisons import compare
from objectpose.analysis.humans.drops import rotation_drops
from objectpose.analysis.humans.kappa import kappa_matrix, rotated_codes
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.study import NETWORKS, POOLS, VLM_FILES
from objectpose.analysis.kappa_groups import group_kappas, kappa_contrasts
from objectpose.analysis.shares import by_class
from objectpose.errors import ObjectPoseError

CLAIM = Claim("A claim", "A study")
limits = st.tuples(st.floats(-50, 50), st.floats(0, 30), st.floats(0, 30))


def of(low, high, name="a", unit="points"):
    return Estimate(name, (low + high) / 2, low, high, unit)


@given(st.lists(limits, min_size=1, max_size=5), st.floats(-20, 20))
def test_one_direction_needs_every_interval(found, bound):
    rows = [of(middle - left, middle + right) for middle, left, right in found]
    assert (above(CLAIM, rows, bound).verdict == SUPPORTED) == all(row.low > bound for row in rows)
    assert (below(CLAIM, rows, bound).verdict == SUPPORTED) == all(row.high < bound for row in rows)
    mirrored = [of(-row.high, -row.low) for row in rows]
    assert above(CLAIM, rows, bound).verdict == below(CLAIM, mirrored, -bound).verdict


@given(st.lists(limits, min_size=1, max_size=5), st.floats(0.5, 20))
def test_no_difference_needs_every_interval_inside_the_margin(found, margin):
    rows = [of(middle - left, middle + right) for middle, left, right in found]
    inside = all(row.low >= -margin and row.high <= margin for row in rows)
    assert (within(CLAIM, rows, margin).verdict == SUPPORTED) == inside


@pytest.mark.parametrize(
    ("judgement", "verdict", "words"),
    [
        (above(CLAIM, [of(1, 3)]), SUPPORTED, "the interval lies above 0"),
        (above(CLAIM, [of(1, 3), of(-3, -1)]), NOT_SUPPORTED, "1 of 2 intervals lies below 0"),
        (above(CLAIM, [of(1, 3), of(-1, 1)]), NOT_SUPPORTED, "too wide to tell"),
        (below(CLAIM, [of(1, 3)]), NOT_SUPPORTED, "above 0"),
        (within(CLAIM, [of(-1, 8)], 5), NOT_SUPPORTED, "too wide to tell"),
        (within(CLAIM, [of(6, 8)], 5), NOT_SUPPORTED, "as a whole beyond ±5 points"),
        (reported(CLAIM, of(25, 31), 29.5, 7.5), SUPPORTED, "holds 29.5 and lies within ±7.5"),
        (reported(CLAIM, of(20, 31), 29.5, 7.5), NOT_SUPPORTED, "too wide to tell"),
        (reported(CLAIM, of(28, 38), 29.5, 7.5), NOT_SUPPORTED, "too wide to tell"),
        (reported(CLAIM, of(20, 29), 29.5, 7.5), NOT_SUPPORTED, "below 29.5"),
        (reported(CLAIM, None, 29.5, 7.5), NOT_TESTABLE, "no such answer"),
        (reported(CLAIM, of(20, 30), 29.5, 7.5, lacking="needs 38"), NOT_TESTABLE, "needs 38"),
        (holds_zero(CLAIM, [of(-9, 1)]), SUPPORTED, "around 0"),
        (holds_zero(CLAIM, [of(-9, 1), of(-9, -1)]), NOT_SUPPORTED, "1 of 2 intervals lies off 0"),
        (above(CLAIM, []), NOT_TESTABLE, "no such answer"),
        (above(CLAIM, [], lacking="needs people"), NOT_TESTABLE, "needs people"),
        (above(CLAIM, [Estimate("a", 3, math.nan, math.nan)]), NOT_TESTABLE, "no interval"),
        (above(CLAIM, [Estimate("a", math.nan, math.nan, math.nan)], lacking="too few"), NOT_TESTABLE, "too few"),
        (untestable(CLAIM, "by eye"), NOT_TESTABLE, "by eye"),
    ],
)
def test_verdicts_and_reasons(judgement, verdict, words):
    assert judgement.verdict == verdict
    assert words in judgement.because
    assert list(claims_table([judgement]).columns) == list(COLUMNS)


def test_the_number_that_decides_is_shown():
    judgement = above(CLAIM, [of(4, 8, "far"), of(1, 5, "near"), of(2, 30, "wide")])
    assert judgement.measured == "3.0 points [1.0, 5.0] (near), of 3 the one nearest to 0"
    assert within(CLAIM, [of(-1, 2, "a"), of(-4, 1, "b")], 5).measured.startswith("-1.5 points [-4.0, 1.0] (b)")


def test_what_could_not_be_estimated_is_not_shown():
    assert above(CLAIM, [Estimate("a", math.nan, math.nan, math.nan)]).measured == ""


def test_an_estimate_without_an_interval_is_counted():
    judgement = above(CLAIM, [of(1, 3), Estimate("b", 3, math.nan, math.nan)])
    assert judgement.verdict == SUPPORTED
    assert judgement.because.endswith("1 without an interval left out")


@pytest.mark.parametrize("margin", [0.0, -1.0, math.nan, math.inf])
def test_a_margin_is_a_positive_number(margin):
    with pytest.raises(ObjectPoseError, match="positive number"):
        within(CLAIM, [of(1, 2)], margin)
    with pytest.raises(ObjectPoseError, match="positive number"):
        reported(CLAIM, of(1, 2), 1.5, margin)


def test_units_are_not_mixed_and_some_claim_is_judged():
    with pytest.raises(ObjectPoseError, match="several units"):
        above(CLAIM, [of(1, 2), of(1, 2, unit="kappa")])
    with pytest.raises(ObjectPoseError, match="No claim"):
        claims_table([])


@pytest.fixture(scope="module")
def judged():
    plan = make_plan({"upright": "upright", "so3": "upright", "in_plane": "upright"})
    easy, hard = {"upright": 0.95, "so3": 0.4, "in_plane": 0.6}, {"upright": 0.9, "so3": 0.2, "in_plane": 0.5}
    return make_judged(plan, {"easy": easy, "hard": hard})


def test_the_mean_drop_is_that_of_the_networks_drops(judged):
    means = mean_drop(judged).set_index("condition")
    drops = summarise(judged).groupby("condition")["drop_pp"].mean()
    for condition in ("so3", "in_plane"):
        row = means.loc[condition]
        assert row["drop_pp"] == pytest.approx(drops[condition])
        assert row["drop_lo"] < row["drop_pp"] < row["drop_hi"]
        assert row["n_networks"] == 2
    with pytest.raises(ObjectPoseError, match="compared with a baseline"):
        mean_drop(judged[judged["condition"] == "upright"])


def test_one_condition_against_another_is_the_difference_of_drops(judged):
    table = between_conditions(judged, "in_plane", "so3").set_index("model")
    classes = by_class(judged).pivot(index=["model", "class_name"], columns="condition", values="drop_pp")
    wanted = (classes["so3"] - classes["in_plane"]).groupby(level="model").mean()
    for model, row in table.iterrows():
        assert row["difference_pp"] == pytest.approx(wanted[model])
        assert row["low_pp"] < row["difference_pp"] < row["high_pp"]
    with pytest.raises(ObjectPoseError, match="so3"):
        between_conditions(judged, "in_plane", "so4")


def test_estimates_take_rows_of_tables(judged):
    rows = summarise(judged)
    rows = rows[rows["condition"] == "so3"]
    found = estimates(rows, "drop_pp", "drop_lo", "drop_hi", name=["model", "condition"])
    assert [one.name for one in found] == ["easy, so3", "hard, so3"]
    assert [one.value for one in found] == rows["drop_pp"].tolist()


def made_up_zoo(effect_pp, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for place in range(40):
        size = [6.1, 7.1, 8.6, 9.2][place % 4]
        transformer = place % 2 == 0 if place < 20 else rng.random() < 0.5
        rows.append(
            {
                "dataset": "quick",
                "condition": "so3",
                "drop_pp": 80.0 - 5.0 * size + effect_pp * transformer + rng.normal(0, 1),
                "log10_data": size,
                "data_family": f"family {place % 8}",
                "loss kind": "supervised",
                "architecture": "transformer" if transformer else "convolution",
                "modality": "image-text" if size == 8.6 else "image",
                "augmentation kind": "none",
            }
        )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("effect_pp", [0.0, 8.0])
def test_a_choice_is_judged_at_equal_training_data(effect_pp):
    effects = choice_effects(made_up_zoo(effect_pp)).set_index("factor")
    row = effects.loc["architecture"]
    sign = 1.0 if row["level"] == "transformer" else -1.0
    assert row["low_pp"] < sign * effect_pp < row["high_pp"]
    assert row["high_pp"] - row["low_pp"] < 5.0
    assert effects.loc["loss", "note"] == "all networks have the level supervised"
    rows = effects.loc[["architecture"]].reset_index()
    found = estimates(rows, "difference_pp", "low_pp", "high_pp", name="level")
    assert within(CLAIM, found, 4.0).verdict == (NOT_SUPPORTED if effect_pp else SUPPORTED)


def test_levels_that_a_claim_speaks_of_are_compared_with_each_other():
    zoo = made_up_zoo(8.0)
    zoo = pd.concat([zoo, zoo.assign(architecture="mlp", drop_pp=zoo["drop_pp"] + 40.0)], ignore_index=True)
    all_levels = choice_effects(zoo).set_index("factor").loc[["architecture"]]
    assert set(all_levels["reference"]) == {"mlp"}
    row = choice_effects(zoo, {"architecture": ["convolution", "transformer"]}).set_index("factor").loc["architecture"]
    assert {row["level"], row["reference"]} == {"convolution", "transformer"}
    sign = 1.0 if row["level"] == "transformer" else -1.0
    assert row["low_pp"] < sign * 8.0 < row["high_pp"]


def test_an_estimate_that_is_none_is_not_shown():
    nothing = Estimate("log10_data", math.nan, math.nan, math.nan)
    assert below(CLAIM, [nothing], lacking="too few networks").measured == ""


def test_few_networks_say_nothing_of_choices():
    effects = choice_effects(made_up_zoo(0.0).head(3))
    assert effects["difference_pp"].isna().all()
    assert effects["note"].str.startswith("too few networks").all()


def test_kappas_of_groups_are_means_over_pairs():
    rng = np.random.default_rng(3)
    shared, names = rng.random((200, 1)) < 0.6, ["a1", "a2", "a3", "b1", "b2", "c"]
    correct = np.where(rng.random((200, 6)) < [0.8, 0.8, 0.8, 0.2, 0.2, 0.5], shared, rng.random((200, 6)) < 0.6)
    correct = correct.astype(float)
    correct[0, 0] = np.nan
    classes = [f"class {place % 20}" for place in range(200)]
    group_of = {name: name[0] for name in names if name != "c"}
    table = group_kappas(correct, names, classes, group_of).set_index(["group_a", "group_b"])
    from objectpose.analysis.consistency import kappa_matrix as of_pairs

    single = of_pairs(correct, names)
    wanted = {
        ("a", "a"): [single.loc["a1", "a2"], single.loc["a1", "a3"], single.loc["a2", "a3"]],
        ("a", "b"): [single.loc[a, b] for a in ("a1", "a2", "a3") for b in ("b1", "b2")],
        ("b", "b"): [single.loc["b1", "b2"]],
    }
    assert set(table.index) == set(wanted)
    for pair, values in wanted.items():
        row = table.loc[pair]
        assert row["kappa"] == pytest.approx(np.mean(values))
        assert row["n_pairs"] == len(values)
        assert row["kappa_lo"] < row["kappa"] < row["kappa_hi"]
    apart = kappa_contrasts(correct, names, classes, group_of, [(("a", "a"), ("b", "a"))]).iloc[0]
    assert apart["difference"] == pytest.approx(table.loc[("a", "a"), "kappa"] - table.loc[("a", "b"), "kappa"])
    assert apart["low"] > 0
    with pytest.raises(ObjectPoseError, match="no pairs of a with d"):
        kappa_contrasts(correct, names, classes, group_of, [(("a", "a"), ("a", "d"))])
    with pytest.raises(ObjectPoseError, match="at least two"):
        group_kappas(correct, names, classes, {"a1": "a"})
    with pytest.raises(ObjectPoseError, match="images x observers"):
        group_kappas(correct, names[:5], classes, group_of)


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    return load_answers(REAL or write_study(tmp_path_factory.mktemp("study") / "data"))


def test_drops_of_networks_are_the_studys_accuracies(answers):
    drops = rotation_drops(answers).set_index("observer")
    accuracy = observer_accuracy(answers).pivot(index=["group", "observer"], columns="pose", values="accuracy_pct")
    for name in NETWORKS:
        own = accuracy.loc[("networks", name)]
        assert drops.loc[name, "drop_pp"] == pytest.approx(own["upright"] - own["rotated"])
        assert drops.loc[name, "drop_lo"] < drops.loc[name, "drop_pp"] < drops.loc[name, "drop_hi"]
    with pytest.raises(ObjectPoseError, match="no network"):
        rotation_drops(answers[answers["kind"] == "human"])


def test_the_human_studys_claims_rest_on_its_tests(answers):
    judged = {one.claim: one for one in human.judge_claims(answers)}
    assert len(judged) == 14
    tests = compare(observer_accuracy(answers)).set_index("test")
    ahead = tests.loc["t8"]
    assert f"{ahead['diff']:.1f} points [{ahead['lo']:.1f}, {ahead['hi']:.1f}]" in judged[human.AHEAD].measured
    assert judged[human.AHEAD].verdict == (SUPPORTED if ahead["lo"] > 0 else NOT_SUPPORTED)
    for claim in (human.MINDS, human.MECHANISMS):
        assert judged[claim].verdict == NOT_TESTABLE
    codes = rotated_codes(answers)
    kappas = kappa_matrix(codes, missed_is_wrong=False)
    mixed = np.nanmean(kappas.loc[list(NETWORKS), list(POOLS)].to_numpy())
    among = kappas.loc[list(NETWORKS), list(NETWORKS)].to_numpy()[np.triu_indices(len(NETWORKS), 1)]
    assert judged[human.NETWORKS_ALIKE].measured.startswith(f"{np.nanmean(among) - mixed:.2f} kappa")
    models = set(answers["observer"]) & set(VLM_FILES.values())
    assert (judged[human.MODELS].verdict == NOT_TESTABLE) == (not models)


def test_without_the_study_its_claims_are_named_and_the_means_are_used():
    judged = {one.claim: one for one in human.judge_claims(None)}
    assert len(judged) == 14
    assert judged[human.TIME].verdict == SUPPORTED
    assert "of 2" in judged[human.TIME].measured
    others = [one for claim, one in judged.items() if claim != human.TIME]
    assert {one.verdict for one in others} == {NOT_TESTABLE}
    assert any("OBJECTPOSE_HUMAN_DATA" in one.because for one in others)


@pytest.mark.skipif(not REAL, reason="the human study's files are not here")
def test_the_real_study_supports_and_does_not_support_these(answers):
    judged = {one.claim: one.verdict for one in human.judge_claims(answers)}
    assert {claim for claim, verdict in judged.items() if verdict == SUPPORTED} == {
        human.EXCEL,
        human.AHEAD,
        human.BRITTLE,
        human.TIME,
        human.LEVEL,
        human.NEEDED,
        human.NETWORKS_ALIKE,
        human.POOLED_UPRIGHT,
    } | ({human.MODELS, human.GEMINI} & {claim for claim, verdict in judged.items() if verdict == SUPPORTED})
    assert judged[human.PEOPLE_ALIKE] == judged[human.POOLED_ROTATED] == NOT_SUPPORTED
