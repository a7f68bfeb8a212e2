"""Expressions that fail a report."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic import CLASSES, make_judged, make_plan

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.regression import regression_check
from objectpose.analysis.threshold import COMPARISONS, MEASURES, Threshold, failures, parse_thresholds
from objectpose.errors import ObjectPoseError


@pytest.fixture(scope="module")
def judged():
    plan = make_plan(["upright", "yaw", "so3"], images=6, backgrounds=("a", "b"))
    return make_judged(
        plan, {"good": {"upright": 0.98, "yaw": 0.95, "so3": 0.85}, "bad": {"upright": 0.95, "yaw": 0.9, "so3": 0.2}}
    )


@pytest.fixture(scope="module")
def summary(judged):
    return summarise(judged)


@given(
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from(sorted(COMPARISONS)),
    st.decimals(-100, 100, places=2),
    st.sampled_from([None, "so3", "in_plane", "mine-2"]),
    st.sampled_from(["", " "]),
)
def test_what_is_written_is_what_is_read(measure, sign, limit, condition, blank):
    where = "" if condition is None else f"{condition}{blank}.{blank}"
    text = f"{blank}{where}{measure}{blank}{sign}{blank}{limit}{blank}%"
    expected = Threshold(measure, sign, float(limit), condition)
    assert parse_thresholds(text) == [expected]
    assert parse_thresholds(str(expected)) == [expected]


def test_lists_and_commas():
    assert len(parse_thresholds("drop_pp>40, top1<70")) == 2
    assert len(parse_thresholds(["drop_pp>40", "top1<70,so3.top5<=3"])) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", r"holds ''"),
        ("drop_pp", "expected .CONDITION"),
        ("drop_pp=40", "holds 'drop_pp=40'"),
        ("drop_pp==40", "holds"),
        ("drop_pp=>40", "holds"),
        ("drop_pp>40 or top1<3", "holds"),
        ("drop_pp>40>30", "'40>30'"),
        ("drop>40", "unknown measure 'drop'; .*drop_pp"),
        ("top1<nan", "'nan'"),
        ("top1<inf", "'inf'"),
        ("top1<1e3", "plain number"),
        ("top1<1_0", "plain number"),
        ("top1<0x10", "plain number"),
        ("top1<__import__('os')", "plain number"),
        ("a.b.top1<3", "holds"),
        ("40<drop_pp", "unknown measure '40'"),
        ("drop_pp>40,", "holds ''"),
    ],
)
def test_other_words_are_refused(text, words):
    with pytest.raises(ObjectPoseError, match=words):
        parse_thresholds(text)


def test_no_expression_is_refused():
    with pytest.raises(ObjectPoseError, match="no expression"):
        parse_thresholds([])
    with pytest.raises(ObjectPoseError, match="expected expressions"):
        parse_thresholds([40])  # type: ignore[list-item]


def ask(text, *frames):
    return [(found.network, found.condition) for found in failures(parse_thresholds(text), *frames)]


def test_failures_name_network_and_condition(summary):
    assert ask("so3.drop_pp>40", summary) == [("bad", "so3")]
    assert ask("drop_pp>40", summary) == [("bad", "so3")]
    assert ask("so3.drop_pp>99", summary) == []
    assert {name for name, _ in ask("top1<101", summary)} == {"good", "bad"}
    assert len(ask("top1<101", summary)) == 6
    value = summary.query("model == 'bad' and condition == 'so3' and background == 'all'")["drop_pp"].item()
    found = failures(parse_thresholds("so3.drop_pp>40"), summary)[0]
    assert found.value == value
    assert str(found) == f"bad on quick: so3.drop_pp is {value:.4g}, which fails so3.drop_pp>40."


def test_borders(summary):
    value = summary.query("model == 'bad' and condition == 'so3' and background == 'all'")["top1"].item()
    for sign, fails in (("<", False), ("<=", True), (">", False), (">=", True)):
        found = failures([Threshold("top1", sign, value, "so3")], summary)
        assert ("bad" in {failure.network for failure in found}) is fails


def test_single_backgrounds_do_not_count(summary):
    worse = summary.copy()
    worse.loc[worse["background"] != "all", "top1"] = 0.0
    assert ask("top1<1", worse) == []


def test_what_cannot_be_decided_is_an_error(summary):
    with pytest.raises(ObjectPoseError, match=r"condition 's03'.* so3"):
        ask("s03.drop_pp>40", summary)
    with pytest.raises(ObjectPoseError, match=r"under 'upright' \(it is a baseline\)"):
        ask("upright.drop_pp>40", summary)
    with pytest.raises(ObjectPoseError, match="older run"):
        ask("regression_pp>3", summary)
    with pytest.raises(ObjectPoseError, match="one class has no interval"):
        ask("top1_lo<3", summary.assign(top1_lo=np.nan))
    holes = summary.copy()
    holes.loc[(holes["model"] == "good") & (holes["condition"] == "so3"), "drop_pp"] = np.nan
    with pytest.raises(ObjectPoseError, match="good has no drop_pp under 'so3'"):
        ask("drop_pp>40", holes)
    with pytest.raises(ObjectPoseError, match="no result"):
        ask("top1<3", summary.iloc[:0])
    one = summarise(make_judged(make_plan(classes=CLASSES[:1]), {"n": {"upright": 0.9, "so3": 0.5}}))
    with pytest.raises(ObjectPoseError, match="one class has no interval"):
        ask("so3.drop_lo>3", one)


def test_regression(judged, summary):
    newer = judged.copy()
    hit = (newer["model"] == "good") & (newer["condition"] == "so3") & newer["image_id"].str[-1].isin(["0", "1"])
    newer.loc[hit, "correct"] = False
    regression = regression_check(judged, newer, permutations=99)
    assert ask("regression_pp>3", summary, regression) == [("good", "so3")]
    assert ask("so3.regression_lo>3", summary, regression) == [("good", "so3")]
    assert ask("upright.regression_pp>3", summary, regression) == []
    assert ask("regression_pp>90", summary, regression) == []
