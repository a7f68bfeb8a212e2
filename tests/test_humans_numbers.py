"""Accuracies, tests, error consistency and resemblance, each against another route from the raw files."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.io import loadmat
from sklearn.metrics import cohen_kappa_score

from objectpose.analysis.humans.accuracy import group_accuracy, half_widths, observer_accuracy
from objectpose.analysis.humans.comparisons import FURTHER, STUDY, compare, t_test
from objectpose.analysis.humans.kappa import kappa, kappa_matrix, rotated_codes
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.resemblance import resemblance
from objectpose.errors import ObjectPoseError
from tests.human_study import NETWORKS, REAL

POSES = ("upright", "rotated_correct", "rotated_incorrect", "rotated")


@pytest.fixture(scope="module")
def observers(answers):
    return observer_accuracy(answers)


@pytest.fixture(scope="module")
def raw(study):
    """N x 4 accuracies by group, counted from the files without the package."""

    def person(name):
        table = loadmat(study / f"{name}.mat")["condi"]
        pose, side, pressed = table[:, -8], table[:, -4], table[:, -3]
        shares = [np.mean((side == pressed)[(pose == p) & (side > 0)]) for p in range(3)]
        return [100 * share for share in (*shares, (shares[1] + shares[2]) / 2)]

    def network(name):
        table = loadmat(study / f"{name}.mat")["data"].astype(int)
        shares = [np.sum(table[table[:, 2] == p, 3] == 1) / n for p, n in enumerate((51, 51, 45))]
        return [100 * share for share in (*shares, (shares[1] + shares[2]) / 2)]

    return {
        "humans_40ms": np.array([person(f"subj_{s}_40") for s in range(1, 13)]),
        "humans_150ms": np.array([person(f"subj_{s}_150") for s in range(13, 25)]),
        "humans_unlimited": np.array([person(f"subj_{s}_unlim") for s in range(13, 25)]),
        "image_first": np.array([person(f"subj_{s}_unlim") for s in range(1, 13)]),
        "networks": np.array([network(name) for name in NETWORKS]),
    }


def test_accuracies(observers, raw):
    table = group_accuracy(observers)
    assert table.columns.tolist() == ["group", "pose", "mean_pct", "half_ci_study", "half_ci"]
    groups = ["humans_40ms", "humans_150ms", "humans_unlimited", "networks", *NETWORKS]
    assert table["group"].drop_duplicates().tolist() == groups
    assert table["pose"].tolist() == list(POSES) * len(groups)
    rows = table.set_index(["group", "pose"])
    for group in groups[:4]:
        values = raw[group]
        factor = 2.571 if group == "networks" else 2.17881
        for place, pose in enumerate(POSES):
            row = rows.loc[(group, pose)]
            low, high = stats.t.interval(0.95, len(values) - 1, 0, stats.sem(values[:, place]))
            assert row["mean_pct"] == pytest.approx(values[:, place].mean(), abs=1e-9)
            assert row["half_ci"] == pytest.approx((high - low) / 2, abs=1e-9)
            assert row["half_ci_study"] == pytest.approx(factor * stats.sem(values[:, place]), abs=1e-9)
    for name, values in zip(NETWORKS, raw["networks"], strict=True):
        assert rows.loc[name, "mean_pct"].tolist() == pytest.approx(values.tolist(), abs=1e-9)
        assert rows.loc[name, ["half_ci_study", "half_ci"]].isna().all(axis=None)


def test_misclicks_leave_the_denominator(observers):
    own = observers[(observers["observer"] == "subj_2") & (observers["group"] == "humans_40ms")].set_index("pose")
    assert own["n_valid"].to_dict() == {
        "upright": 16,
        "rotated_correct": 15,
        "rotated_incorrect": 14,
        "rotated": 29,
    }
    mean = own["accuracy_pct"][["rotated_correct", "rotated_incorrect"]].mean()
    assert own["accuracy_pct"]["rotated"] == pytest.approx(mean)


def test_the_sixteen_tests(observers, raw):
    table = compare(observers)
    assert table.columns.tolist() == ["test", "t", "df", "p", "diff", "lo", "hi"]
    fast, short, free, nets = (raw[k] for k in ("humans_40ms", "humans_150ms", "humans_unlimited", "networks"))
    women = [0, 5, 7, 8, 10, 11]
    men = [1, 2, 3, 4, 6, 9]
    two, pair = stats.ttest_ind, stats.ttest_rel
    expected = {
        "t1": two(free[:, 3], fast[:, 3]),
        "t2": two(short[:, 3], fast[:, 3]),
        "t3": pair(free[:, 3], short[:, 3]),
        "t4": pair(fast[:, 0], fast[:, 3]),
        "t5": pair(short[:, 0], short[:, 3]),
        "t7": two(free[:, 0], fast[:, 0]),
        "t8": two(free[:, 3], nets[:, 3]),
        "t9": pair(free[:, 0], free[:, 3]),
        "t10": two(short[:, 0], fast[:, 0]),
        "t11": pair(nets[:, 0], nets[:, 3]),
        "t12": pair(nets[:, 1], nets[:, 2]),
        "t13": pair(fast[:, 1], fast[:, 2]),
        "t14": pair(short[:, 1], short[:, 2]),
        "t15": pair(free[:, 1], free[:, 2]),
        "t16": two(fast[men, 0], fast[women, 0]),
        "t17": two(fast[men, 3], fast[women, 3]),
    }
    assert table["test"].tolist() == list(expected)
    for row in table.itertuples():
        oracle = expected[row.test]
        interval = oracle.confidence_interval(0.95)
        assert (row.t, row.df, row.p) == pytest.approx((oracle.statistic, oracle.df, oracle.pvalue), rel=1e-9)
        assert (row.lo, row.hi) == pytest.approx((interval.low, interval.high), abs=1e-9)
        assert row.diff == pytest.approx((row.lo + row.hi) / 2)
    assert {c.name: c.paired for c in STUDY} == {name: result.df in (4, 11) for name, result in expected.items()}


def test_whether_the_unlimited_groups_can_be_pooled(observers, raw):
    table = compare(observers, FURTHER)
    for row, place in zip(table.itertuples(), (0, 3), strict=True):
        oracle = stats.ttest_ind(raw["image_first"][:, place], raw["humans_unlimited"][:, place])
        assert (row.t, row.p) == pytest.approx((oracle.statistic, oracle.pvalue))


@pytest.mark.skipif(REAL is None, reason="OBJECTPOSE_HUMAN_DATA does not name the study's files")
def test_the_studys_remark_on_subjects_without_a_limit_holds_upright_only():
    table = compare(observer_accuracy(load_answers(REAL)), FURTHER).set_index("test")
    assert table["t"].round(2).tolist() == [-1.52, -3.68]
    assert table["p"].round(4).tolist() == [0.1434, 0.0013]


def test_kappa_of_the_study(study, answers):
    """By the study's rule from its pooled files, and from the subjects' files."""
    names = [*NETWORKS, "group1", "group2", "group3", "group4"]
    folder = study / "groups_for_error_consistency"
    pooled = {name: loadmat(folder / f"{name}.mat")["data"][:, 2].astype(int) for name in names}
    codes = rotated_codes(answers)
    matrix = kappa_matrix(codes, missed_is_wrong=True)
    valid = kappa_matrix(codes, missed_is_wrong=False)
    assert matrix.columns.tolist() == matrix.index.tolist() == names
    assert codes.isna().sum().to_dict() == {**dict.fromkeys(names, 0), "group1": 3}
    for i in names:
        for j in names:
            if i == j:
                assert matrix.loc[i, i] == valid.loc[i, i] == 1
                continue
            a, b = pooled[i], pooled[j]
            p, q = np.mean(a == 1), np.mean(b == 1)
            e = p * q + (1 - p) * (1 - q)
            assert matrix.loc[i, j] == pytest.approx((np.mean(a == b) - e) / (1 - e), abs=1e-12)
            kept = (a != 2) & (b != 2)
            assert valid.loc[i, j] == pytest.approx(cohen_kappa_score(a[kept], b[kept]), abs=1e-12)


BITS = st.integers(2, 60).flatmap(
    lambda n: st.tuples(*[arrays(np.float64, n, elements=st.sampled_from([0.0, 1.0]))] * 2)
)


@given(BITS)
def test_kappa_is_cohens(pair):
    a, b = pair
    found = kappa(a, b, missed_is_wrong=True)
    assert kappa(b, a, missed_is_wrong=True) == pytest.approx(found, nan_ok=True)
    assert kappa(1 - a, 1 - b, missed_is_wrong=True) == pytest.approx(found, nan_ok=True)
    if len(set(a)) == 1 and len(set(b)) == 1 and a[0] == b[0]:
        assert np.isnan(found)  # not 1 and not 0
    else:
        assert found == pytest.approx(cohen_kappa_score(a, b))
        assert -1 - 1e-12 <= found <= 1 + 1e-12


@given(BITS, st.data())
def test_kappa_without_misclicks_is_that_of_the_others(pair, data):
    a, b = pair
    missed = data.draw(arrays(np.bool_, len(a)))
    assume(not missed.all())
    found = kappa(np.where(missed, np.nan, a), b, missed_is_wrong=False)
    assert found == pytest.approx(kappa(a[~missed], b[~missed], missed_is_wrong=True), nan_ok=True)
    as_study = kappa(np.where(missed, np.nan, a), b, missed_is_wrong=True)
    wrong = kappa(np.where(missed, 0.0, a), b, missed_is_wrong=True)
    assert np.isnan(as_study) or np.isnan(wrong) or as_study <= wrong + 1e-12  # a mis-click agrees with nobody


def test_a_tie_agrees_by_half():
    assert kappa([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], missed_is_wrong=False) == pytest.approx(0)
    assert kappa([0.5, 1, 0, 1], [1, 1, 0, 0], missed_is_wrong=False) == pytest.approx((2.5 / 4 - 0.5) / 0.5)


def test_kappa_needs_the_same_pictures(answers):
    with pytest.raises(ObjectPoseError, match="expected as many on both sides"):
        kappa([1, 0], [1, 0, 1], missed_is_wrong=True)
    assert np.isnan(kappa([np.nan], [1], missed_is_wrong=False))
    both_missed = kappa([np.nan, 1, 0], [np.nan, 1, 0], missed_is_wrong=True)
    assert both_missed == pytest.approx(1)  # equal codes, as in the study
    lost = answers.drop(answers.index[(answers["observer"] == "vit") & (answers["pose"] == "rotated_correct")][0])
    with pytest.raises(ObjectPoseError, match="vit has 95 answers to 95 of the study's 96 rotated pictures"):
        rotated_codes(lost)


VALUES = arrays(np.float64, st.integers(2, 15), elements=st.floats(0, 100, width=32))


@given(VALUES, VALUES)
def test_t_of_two_samples(a, b):
    assume(min(np.ptp(a), np.ptp(b)) > 1e-3)  # scipy warns of a constant sample
    found, oracle = t_test(a, b, paired=False), stats.ttest_ind(a, b)
    assert (found.t, found.df, found.p) == pytest.approx((oracle.statistic, oracle.df, oracle.pvalue), abs=1e-9)
    interval = oracle.confidence_interval()
    assert (found.lo, found.hi) == pytest.approx((interval.low, interval.high), abs=1e-7)


@given(VALUES, st.data())
def test_t_of_pairs(a, data):
    b = data.draw(arrays(np.float64, len(a), elements=st.floats(0, 100, width=32)))
    assume(np.ptp(a - b) > 1e-3)
    found, oracle = t_test(a, b, paired=True), stats.ttest_rel(a, b)
    assert (found.t, found.df, found.p) == pytest.approx(
        (oracle.statistic, oracle.df, oracle.pvalue), rel=1e-6, abs=1e-9
    )
    interval = oracle.confidence_interval()
    assert (found.lo, found.hi) == pytest.approx((interval.low, interval.high), abs=1e-7)


def test_t_without_a_spread():
    assert np.isnan(t_test([1, 1], [1, 1], paired=True).t)
    surely = t_test([2, 2], [1, 1], paired=False)
    assert (surely.t, surely.p, surely.lo, surely.hi) == (np.inf, 0, 1, 1)
    with pytest.raises(ObjectPoseError, match="as many on both"):
        t_test([1, 2], [1, 2, 3], paired=True)
    with pytest.raises(ObjectPoseError, match="not finite"):
        t_test([1, np.nan], [1, 2], paired=False)
    assert np.isnan(half_widths([80.0], 2.0)).all()


def test_a_lacking_subject_is_named(observers):
    with pytest.raises(ObjectPoseError, match="humans_40ms lacks subj_9"):
        compare(observers[(observers["observer"] != "subj_9")], STUDY[-1:])


def test_resemblance_by_hand(answers):
    table = resemblance(answers, replicates=50).set_index(["network", "group"])
    means = group_accuracy(observer_accuracy(answers)).set_index(["group", "pose"])["mean_pct"]
    for (network, group), row in table.iterrows():
        gaps = [means[network, pose] - means[group, pose] for pose in POSES[:3]]
        assert row["distance_pp"] == pytest.approx(np.abs(gaps).mean())
        assert row["rotated_diff_pp"] == pytest.approx(means[network, "rotated"] - means[group, "rotated"])
        own = answers[(answers["observer"] == network) & (answers["pose"] != "upright")]
        people = answers[(answers["group"] == group) & (answers["pose"] != "upright") & answers["valid"]]
        both = people.merge(own, on=["class_id", "pose"], suffixes=("", "_network"))
        assert row["kappa"] == pytest.approx(cohen_kappa_score(both["correct"], both["correct_network"]))
        p, q = both["correct"].mean(), both["correct_network"].mean()
        e = p * q + (1 - p) * (1 - q)
        assert row["kappa_most"] == pytest.approx((1 - abs(p - q) - e) / (1 - e))
        assert row["distance_lo"] <= row["distance_hi"]
        assert row["n_objects"] == 51
        assert row["n_people_wrong"] == (people["correct"] == 0).sum()
    shares = table.groupby("network")[["nearest_share", "most_alike_share"]].sum()
    assert shares.to_numpy() == pytest.approx(1)


def test_a_network_that_answers_as_people_do_is_found(answers):
    """A network whose answer to each picture is that of a person at 150 ms."""
    people = answers[(answers["group"] == "humans_150ms") & answers["valid"]]
    copied = people.drop_duplicates(["class_id", "pose"]).assign(observer="copy", kind="own", group="own_networks")
    table = resemblance(pd.concat([answers, copied]), replicates=300).set_index(["network", "group"]).loc["copy"]
    assert table["distance_pp"].idxmin() == "humans_150ms"
    assert table["kappa"].idxmax() == "humans_150ms"
    assert table["kappa_lo"]["humans_150ms"] > 0


def test_resemblance_is_seeded(answers):
    first, again, other = (resemblance(answers, seed=seed, replicates=100) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
    with pytest.raises(ObjectPoseError, match="no network or not every group"):
        resemblance(answers[answers["kind"] == "human"])


def test_an_interval_over_objects_is_about_as_wide_as_theory_says(answers):
    """The spread of a network's rotated accuracy over objects, against the formula for the mean of two ratios."""
    wide = resemblance(answers, replicates=4000)
    row = wide[(wide["network"] == "vit") & (wide["group"] == "humans_unlimited")].iloc[0]
    own = answers[(answers["observer"] == "vit") & (answers["pose"] != "upright")]
    people = answers[(answers["group"] == "humans_unlimited") & (answers["pose"] != "upright")]
    share = people.groupby(["class_id", "pose"])["correct"].mean()
    gap = own.set_index(["class_id", "pose"])["correct"] - share
    centred = gap - gap.groupby("pose").transform("mean")
    weight = 100 / (2 * gap.groupby("pose").transform("size"))
    by_object = (centred * weight).groupby("class_id").sum()
    error = np.sqrt((by_object**2).sum())
    assert row["rotated_diff_hi"] - row["rotated_diff_lo"] == pytest.approx(2 * 1.96 * error, rel=0.12)
