from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from synthetic import CLASSES, make_judged, make_plan
from test_figures import HARD_NAMES, assert_inside_and_apart, pixels, texts

from objectpose.analysis.confidence import reliability_table, risk_coverage_table
from objectpose.analysis.confidence_figures import reliability_diagram, risk_coverage_diagram
from objectpose.analysis.confusion import taken_for
from objectpose.analysis.consistency import clustering_order, consistency_by_condition, square
from objectpose.analysis.error_figures import confusion_by_angle, kappa_heatmap
from objectpose.errors import ObjectPoseError

CONDITIONS = ("upright", "so3")


def judged_of(count, *, share=0.5, classes=CLASSES, names=None, images=3):
    names = names or [f"efficientnet_lite{number}" for number in range(count)]
    plan = make_plan(CONDITIONS, images=images, classes=classes)
    judged = make_judged(plan, {name: {"upright": 1.0, "so3": share} for name in names})
    rng = np.random.default_rng(0)
    angle = dict(zip(plan["image_id"], rng.uniform(0, 180, len(plan)), strict=True))
    return judged.assign(distance_deg=judged["image_id"].map(angle), sweep_deg=np.nan)


def caption(figure):
    return " ".join(" ".join(texts(figure)).split())


def one(table, condition="so3"):
    return table[table["condition"] == condition]


@pytest.mark.parametrize("count", [2, 3, 13, 40])
def test_kappa_heatmap_shows_the_matrix_in_its_order(count):
    pairs = one(consistency_by_condition(judged_of(count), replicates=50))
    figure = kappa_heatmap(pairs)
    assert pixels(figure).std() > 5
    axes = figure.axes[0]
    matrix = square(pairs)
    order = clustering_order(matrix)
    assert [label.get_text() for label in axes.get_yticklabels()] == order
    assert [label.get_text() for label in axes.get_xticklabels()] == order
    drawn = np.ma.filled(axes.images[0].get_array().astype(float), np.nan)
    expected = matrix.loc[order, order].to_numpy(copy=True)
    np.fill_diagonal(expected, np.nan)
    np.testing.assert_allclose(drawn, expected)
    assert "17 classes" in caption(figure)
    assert "51 pictures" in caption(figure)
    strongest = np.nanmax(np.abs(expected))
    assert axes.images[0].get_clim()[1] == next(end for end in (0.25, 0.5, 1.0) if strongest <= end)
    if count <= 12:
        assert f"{matrix.iloc[0, 1]:.2f}" in texts(figure)
    assert_inside_and_apart(figure)


def test_kappa_heatmap_says_what_has_no_kappa():
    figure = kappa_heatmap(one(consistency_by_condition(judged_of(3), replicates=50), "upright"))
    assert "No pair has a kappa" in caption(figure)
    assert len(figure.axes[0].patches) == 6
    judged = judged_of(3)
    judged.loc[(judged["model"] == "efficientnet_lite0") & (judged["condition"] == "so3"), "correct"] = True
    mixed = kappa_heatmap(one(consistency_by_condition(judged, replicates=50)))
    assert "Dotted: one of both is always right" in caption(mixed)
    assert "(2 pairs)" in caption(mixed)
    few = kappa_heatmap(one(consistency_by_condition(judged_of(2, classes=("jeep",), images=30), replicates=50)))
    assert "No intervals" in caption(few)


def test_kappa_heatmap_takes_an_order_and_refuses_another():
    pairs = one(consistency_by_condition(judged_of(3), replicates=50))
    names = ["efficientnet_lite2", "efficientnet_lite0", "efficientnet_lite1"]
    figure = kappa_heatmap(pairs, order=names)
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == names
    with pytest.raises(ObjectPoseError, match="order names other"):
        kappa_heatmap(pairs, order=names[:2])
    with pytest.raises(ObjectPoseError, match="no pair"):
        kappa_heatmap(pairs.iloc[:0])
    with pytest.raises(ObjectPoseError, match="twice"):
        kappa_heatmap(consistency_by_condition(judged_of(3), replicates=50))


@pytest.mark.parametrize("count", [1, 3])
def test_confusion_bars_add_up_to_the_counts(count):
    counts = one(taken_for(judged_of(count, images=8)))
    figure = confusion_by_angle(counts)
    assert pixels(figure).std() > 5
    assert_inside_and_apart(figure)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 12
    assert "The 12 of 17 classes" in caption(figure)
    for axes in shown:
        name = axes.get_legend().get_title().get_text()
        own = counts[counts["class_name"] == name].drop_duplicates(["network", "from_deg"])
        heights = {}
        for bar in axes.patches:
            heights[bar.get_x()] = heights.get(bar.get_x(), 0.0) + bar.get_height()
        np.testing.assert_allclose(list(heights.values()), 100.0)
        right = [bar.get_height() for bar in axes.containers[0]]
        sums = own.groupby("from_deg")[["n_errors", "n_images"]].sum()
        np.testing.assert_allclose(right, 100 * (1 - sums["n_errors"] / sums["n_images"]))


def test_confusion_of_one_right_class_and_wrong_frames():
    judged = judged_of(1, share=1.0, classes=("jeep",))
    figure = confusion_by_angle(one(taken_for(judged)))
    assert "no error" in texts(figure)
    assert_inside_and_apart(figure)
    with pytest.raises(ObjectPoseError, match="2 values of 'condition'"):
        confusion_by_angle(taken_for(judged))
    with pytest.raises(ObjectPoseError, match="0 data sets"):
        confusion_by_angle(taken_for(judged).iloc[:0])


@pytest.mark.parametrize("count", [1, 3, 9])
@pytest.mark.parametrize(
    ("table", "draw", "x"),
    [
        (reliability_table, reliability_diagram, "confidence"),
        (risk_coverage_table, risk_coverage_diagram, "coverage"),
    ],
)
def test_confidence_figures_draw_the_curves(count, table, draw, x):
    curves = table(judged_of(count), replicates=50)
    figure = draw(curves)
    assert pixels(figure).std() > 5
    assert_inside_and_apart(figure)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == count
    first = curves[(curves["network"] == "efficientnet_lite0") & (curves["condition"] == "so3")]
    first = first[first["coverage"] >= 0.05] if x == "coverage" else first
    line = shown[0].lines[-1]
    np.testing.assert_allclose(line.get_xdata(), 100 * first[x])
    np.testing.assert_allclose(line.get_ydata(), 100 * first["accuracy"])
    assert "17 classes, 51 pictures a condition" in caption(figure)
    assert ("Bands" in caption(figure)) == (count <= 4)


def test_confidence_figures_choose_conditions():
    curves = reliability_table(judged_of(2), replicates=50)
    figure = reliability_diagram(curves, conditions=["so3"])
    assert "1 more condition is not drawn" in caption(figure)
    assert "upright" not in texts(figure)
    with pytest.raises(ObjectPoseError, match="the nearest is: so3"):
        reliability_diagram(curves, conditions=["so33"])
    with pytest.raises(ObjectPoseError, match="0 data sets"):
        risk_coverage_diagram(risk_coverage_table(judged_of(1), replicates=50).iloc[:0])
    with pytest.raises(ObjectPoseError, match="0 conditions"):
        reliability_diagram(curves, conditions=[])
    many = pd.concat([curves.assign(condition=f"c{number}") for number in range(9)])
    assert "2 more conditions" in caption(reliability_diagram(many))


@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_are_shown_as_they_are(name):
    judged = judged_of(0, names=[name, "net"], classes=(name, *CLASSES[:2]))
    figures = [
        kappa_heatmap(one(consistency_by_condition(judged, replicates=50))),
        confusion_by_angle(one(taken_for(judged)), name_of=lambda index: name),
        reliability_diagram(reliability_table(judged, replicates=50)),
        risk_coverage_diagram(risk_coverage_table(judged, replicates=50)),
    ]
    for figure in figures:
        assert not any(text.get_parse_math() for text in figure.findobj(Text) if text.get_text())
        assert_inside_and_apart(figure)
        assert any(text.startswith(name[:8]) for text in texts(figure))
