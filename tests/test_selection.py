"""What was selected: the drop on other choices, with and without end-on views, variance, and who helped to choose."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic import make_evidence, make_judged, make_plan

from objectpose.analysis.components import components_table, variance_components
from objectpose.analysis.curves import with_and_without_end_on
from objectpose.analysis.finding import terminal_table
from objectpose.analysis.selection import MEANING, judges_note, rejected_note
from objectpose.analysis.sensitivity import SUBSETS, sensitivity
from objectpose.jobs.sections import selection
from objectpose.jobs.sections.output import Output
from objectpose.objects import admission

SHARES = {"efficientnet_lite0": {"upright": 0.95, "so3": 0.4}, "other": {"upright": 0.9, "so3": 0.6}}
FLAT = "Shapes, colours and views were chosen while asking these networks"


@pytest.fixture(scope="module")
def judged():
    """Answers to admitted and rejected objects of the catalogue, two instances a class."""
    plan = make_plan(classes=("jeep", "tank", "violin", "banana"), images=8)
    instance = (plan["image_id"].str[-1].astype(int) % 2).astype(str)
    return make_judged(plan.assign(object_id=plan["class_name"] + "/" + instance), SHARES)


def coverage_of(judged, narrow=0.2):
    ids = judged["image_id"].drop_duplicates()
    share = np.where(ids.str.startswith("so3") & ids.str.endswith("3"), narrow, 1.0) * 0.3
    return pd.DataFrame({"image_id": ids, "coverage": share})


def test_drops_are_those_of_the_analysis_and_meanings_those_of_eval(judged, tmp_path):
    coverage = coverage_of(judged)
    evidence = make_evidence(judged, coverage=coverage, of_catalogue=True)
    section = selection.section(evidence, Output(tmp_path, "quick"))
    choice, views, variance = section.items
    table = sensitivity(judged, evidence.gate, coverage, "so3")
    assert set(table["subset"]) == set(SUBSETS)
    for _, row in table.iterrows():
        shown = choice.frame.set_index("network").loc[row["model"]]
        assert shown[f"{row['subset']} drop_pp"] == row["drop_pp"]
        assert shown[f"{row['subset']} drop_lo"] == row["drop_lo"]
    printed = " ".join(terminal_table(evidence.summary, sensitivity=table).split())
    for meaning in MEANING.values():
        assert meaning in choice.note
        assert meaning in printed
    both = with_and_without_end_on(evidence.judged, coverage)
    assert (both["end_on_pct"] > 0).all()
    for _, row in both.iterrows():
        own = views.frame.set_index(["network", "condition"]).loc[(row["model"], row["condition"])]
        assert own[f"{row['views']} drop_pp"] == row["drop_pp"]
        assert own["end_on_pct"] == row["end_on_pct"]
    assert len(variance.frame) == 4
    for item in section.items:
        assert len(pd.read_csv(tmp_path / item.csv)) >= len(item.frame)
        assert {c for column in item.columns for c in (column.name, column.lo, column.hi) if c} <= set(
            item.frame.columns
        )


def test_judges_are_named_and_what_they_reject(judged, tmp_path):
    evidence = make_evidence(judged, coverage=coverage_of(judged), of_catalogue=True)
    said = selection.section(evidence, Output(tmp_path, "quick")).text
    for judge in admission.judges():
        assert judge in said[0]
    assert FLAT in said[0]
    rejected = sorted(set(judged["object_id"]) - set(evidence.judged["object_id"]))
    assert bool(rejected) == any("does not admit" in sentence for sentence in said)
    ungated = make_evidence(judged, coverage=coverage_of(judged), of_catalogue=True, gated=False)
    assert "whether or not the judging networks" in selection.section(ungated, Output(tmp_path, "quick")).text[0]
    assert judges_note([], True) == rejected_note([]) == ""
    assert rejected_note(["a/0"]).startswith("1 object of the data set that the audit does not admit is left out (a/0)")
    assert "8 objects" in rejected_note([f"a/{i}" for i in range(8)])
    assert rejected_note([f"a/{i}" for i in range(8)]).count("a/") == 6


def test_other_data_sets_say_that_nothing_was_selected(judged, tmp_path):
    section = selection.section(make_evidence(judged), Output(tmp_path, "quick"))
    assert section.text[:2] == [selection.FOREIGN, selection.NO_SILHOUETTE]
    assert [item.title for item in section.items] == ["Where the variance lies"]
    rendered = selection.section(make_evidence(judged, coverage=coverage_of(judged)), Output(tmp_path, "quick"))
    assert selection.NO_SILHOUETTE not in rendered.text
    assert "With and without views nearly end-on" in [item.title for item in rendered.items]


def test_baselines_only_and_single_instances_are_said(judged, tmp_path):
    upright = judged[judged["condition"] == "upright"].assign(object_id=lambda rows: rows["class_name"] + "/0")
    evidence = make_evidence(upright, coverage=coverage_of(upright), of_catalogue=True)
    section = selection.section(evidence, Output(tmp_path, "quick"))
    assert section.text[-2:] == [selection.NO_DROP, selection.NO_INSTANCES]
    assert not section.items


def test_components_table_is_each_networks_own(judged):
    table = components_table(judged)
    assert len(table) == 4
    assert table[["classes_pct", "instances_pct", "poses_pct"]].sum(axis=1).to_numpy() == pytest.approx(100)
    row = table[(table["network"] == "other") & (table["condition"] == "so3")].iloc[0]
    own = variance_components(judged[(judged["model"] == "other") & (judged["condition"] == "so3")])
    assert (row["classes_pct"], row["poses_pct"]) == pytest.approx((100 * own.classes, 100 * own.poses))
    assert list(dict.fromkeys(table["condition"])) == ["upright", "so3"]
