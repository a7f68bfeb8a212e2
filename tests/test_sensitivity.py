"""The drop on other choices of objects and views, and where the variance of being right lies."""

import numpy as np
import pandas as pd
import pytest
from synthetic import CLASSES, make_judged, make_plan

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.components import variance_components
from objectpose.analysis.finding import terminal_table
from objectpose.analysis.sensitivity import COLUMNS, SUBSETS, Gate, end_on, sensitivity
from objectpose.errors import ObjectPoseError

OBJECTS = [f"{name}/0" for name in CLASSES]
ALL = frozenset(OBJECTS)
GATE = Gate({"a": ALL - {OBJECTS[0]}, "b": ALL - {OBJECTS[0], OBJECTS[1]}, "c": ALL - {OBJECTS[2]}}, ALL, 2)


@pytest.fixture(scope="module")
def judged():
    return make_judged(make_plan(), {"a": {"upright": 1.0, "so3": 0.5}, "z": {"upright": 1.0, "so3": 0.4}})


def whole(judged, share=0.2):
    return pd.DataFrame({"image_id": judged["image_id"].unique(), "coverage": share})


def test_gate_counts_votes_and_leaves_a_judges_own_out():
    ids = pd.Series(OBJECTS)
    assert ids[~GATE.default(ids)].tolist() == [OBJECTS[0]]
    assert ids[~GATE.by_others(ids, "a")].tolist() == OBJECTS[:3]  # b and c decide
    assert ids[~GATE.by_others(ids, "b")].tolist() == [OBJECTS[0], OBJECTS[2]]
    assert ids[~GATE.by_others(ids, "z")].tolist() == OBJECTS[:3]  # all three decide
    assert GATE.default(pd.Series(["mine/0"])).all()  # never audited
    assert GATE.by_others(pd.Series(["mine/0"]), "z").all()


def test_every_subset_is_the_summary_of_its_rows(judged):
    table = sensitivity(judged, GATE, whole(judged), "so3")
    assert list(table.columns) == list(COLUMNS)
    assert table["subset"].tolist() == [*SUBSETS, *SUBSETS]
    assert table["n_objects"].tolist() == [16, 14, 17, 16, 16, 14, 17, 16]
    chosen = judged[GATE.by_others(judged["object_id"], "a") & (judged["model"] == "a")]
    expected = summarise(chosen).set_index("condition").loc["so3"]
    row = table[(table["model"] == "a") & (table["subset"] == "admitted by others")].iloc[0]
    for name in ("n_images", "n_classes", "top1", "drop_pp", "drop_lo", "drop_hi"):
        assert row[name] == expected[name]
    assert row["baseline_top1"] == 100.0


def test_end_on_views_are_those_with_a_small_silhouette(judged):
    coverage = whole(judged)
    small = coverage["image_id"].str.startswith("so3-tank") & (coverage["image_id"].str[-1] == "3")
    coverage.loc[small, "coverage"] = 0.09
    narrow = end_on(judged, coverage)
    assert set(judged.loc[narrow, "image_id"]) == set(coverage.loc[small, "image_id"])
    coverage.loc[coverage["image_id"].str.startswith("so3-tank"), "coverage"] = 0.01
    table = sensitivity(judged, GATE, coverage, "so3")
    by_subset = table[table["model"] == "a"].set_index("subset")
    assert by_subset.loc["not end-on", "n_classes"] == 15  # all views of the tank are gone, and so is its baseline
    assert by_subset.loc["default", "n_classes"] == 16
    with pytest.raises(ObjectPoseError, match="coverage of image"):
        end_on(judged, coverage.iloc[1:])


def test_small_pictures_are_not_end_on_and_baselines_may_have_a_baseline():
    plan = make_plan({"upright": "upright", "scaling": "upright", "scaling_rotation": "scaling"})
    plan["scale"] = np.where(plan["condition"] == "upright", 1.0, 0.2 + 0.06 * plan["image_id"].str[-2:].astype(int))
    judged = make_judged(plan, {"a": {"upright": 1.0, "scaling": 0.8, "scaling_rotation": 0.3}})
    coverage = pd.DataFrame({"image_id": plan["image_id"], "coverage": 0.2 * plan["scale"] ** 2})
    assert not end_on(judged, coverage).any()
    for condition in ("scaling", "scaling_rotation"):
        table = sensitivity(judged, GATE, coverage, condition).set_index("subset")
        own = summarise(judged[GATE.default(judged["object_id"])]).set_index("condition").loc[condition]
        assert table.loc["default", "drop_pp"] == pytest.approx(own["drop_pp"])
        assert table.loc["not end-on", "drop_pp"] == table.loc["default", "drop_pp"]


def test_a_condition_that_is_not_there_is_a_sentence(judged):
    with pytest.raises(ObjectPoseError, match="'tilt'"):
        sensitivity(judged, GATE, whole(judged), "tilt")


def test_the_finding_shows_the_subsets_and_which_to_quote(judged):
    shown = judged[GATE.default(judged["object_id"])]
    table = sensitivity(judged, GATE, whole(judged), "so3")
    text = terminal_table(
        summarise(shown), None, table, admitted_by=["a", "b", "c"], rejected=[OBJECTS[0]], name_of=str
    )
    for part in (*SUBSETS, "quote this for a judge", "16 classes, 16 objects", "1 object of the data set", "gate=none"):
        assert part in text
    assert max(len(line) for line in text.splitlines()) <= 100


def nested(classes, instances, poses, spreads, seed=0):
    """Answers (real numbers, so that the truth is known) from the nested model with standard deviations ``spreads``."""
    rng = np.random.default_rng(seed)
    rows = []
    for c in range(classes):
        of_class = rng.normal(0, spreads[0])
        for i in range(instances + c % 2):
            level = of_class + rng.normal(0, spreads[1])
            rows += [(f"c{c}", f"c{c}/{i}", level + rng.normal(0, spreads[2])) for _ in range(poses + (c + i) % 3)]
    return pd.DataFrame(rows, columns=["class_name", "object_id", "correct"])


def test_variance_components_find_the_truth_in_an_unbalanced_design():
    found = variance_components(nested(1500, 2, 6, (2.0, 1.0, 3.0)))
    np.testing.assert_allclose([found.classes, found.instances, found.poses], np.array([4, 1, 9]) / 14, atol=0.025)
    assert found.n_classes == 1500


def test_variance_components_agree_with_a_balanced_analysis_by_hand():
    table = nested(6, 3, 4, (1.0, 1.0, 1.0), 5)
    table = table[table["object_id"].str[-1].isin(list("012"))].groupby("object_id").head(4)
    cube = np.stack(
        [np.stack([o["correct"] for _, o in c.groupby("object_id")]) for _, c in table.groupby("class_name")]
    )
    within = cube.var(axis=2, ddof=1).mean()
    instance = cube.mean(axis=2).var(axis=1, ddof=1).mean() - within / 4
    classes = cube.mean(axis=(1, 2)).var(ddof=1) - instance / 3 - within / 12
    parts = np.maximum([classes, instance, within], 0)
    found = variance_components(table)
    np.testing.assert_allclose([found.classes, found.instances, found.poses], parts / parts.sum(), atol=1e-9)


def test_variance_components_need_instances_and_answers():
    assert variance_components(nested(5, 1, 4, (1, 1, 1)).query("object_id.str.endswith('/0')")) is None
    alike = nested(4, 2, 4, (1, 1, 1)).assign(correct=1.0)
    assert variance_components(alike) is None
    with pytest.raises(ObjectPoseError, match="missing"):
        variance_components(alike.assign(correct=np.nan))
