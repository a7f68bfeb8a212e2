"""Design choices as figures, sentences and a section of the report; names beside points."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from synthetic import make_evidence, make_judged, make_plan
from test_factors import cards, summary

from objectpose.analysis.choice_figures import drop_by_choice
from objectpose.analysis.factors import CARD_COLUMNS, by_factor, factor_table
from objectpose.analysis.point_labels import name_points
from objectpose.analysis.robustness import (
    drop_regression,
    effective_robustness,
    effective_sentence,
    logits,
    regression_sentence,
    robustness_line,
)
from objectpose.analysis.scatter_figures import drop_against_data, turned_against_upright
from objectpose.analysis.style import new_figure
from objectpose.errors import ObjectPoseError
from objectpose.jobs.sections import choices
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Picture, Table


def table_of(networks, without=0, **options):
    return factor_table(summary(networks, **options), cards(networks - without)).assign(dataset="quick")


def drawn(table):
    line = robustness_line(table)
    return (
        drop_by_choice(table, by_factor(table)),
        drop_against_data(table, drop_regression(table)),
        turned_against_upright(effective_robustness(table, line), line),
    )


def words_of(figure):
    axes = figure.axes[0]
    texts = [*figure.texts, *axes.texts, *axes.get_yticklabels(), *axes.get_xticklabels()]
    legends = [text for legend in figure.legends for text in legend.get_texts()]
    return [text.get_text() for text in (*texts, *legends)]


@pytest.mark.parametrize(("networks", "without"), [(1, 0), (3, 1), (12, 0), (50, 3)])
def test_texts_lie_in_the_figure_and_apart(networks, without):
    for figure in drawn(table_of(networks, without)):
        renderer = figure.canvas.get_renderer()
        figure.draw(renderer)
        whole = figure.bbox.padded(1)
        axes = figure.axes[0]
        low, high = sorted(axes.get_xlim())
        ticks = [t.label1 for t in axes.xaxis.get_major_ticks() if low <= t.get_loc() <= high]
        for text in (*figure.texts, *axes.texts, *axes.get_yticklabels(), *ticks):
            box = text.get_window_extent(renderer)
            assert whole.containsx(box.x0), text
            assert whole.containsx(box.x1), text
            assert whole.containsy(box.y0), text
            assert whole.containsy(box.y1), text
        names = [Text.get_window_extent(text, renderer) for text in axes.texts]
        for place, box in enumerate(names):
            assert not any(Bbox.intersection(box, other) for other in names[:place])
        said = " ".join(" ".join(words_of(figure)).split())
        assert f"{networks} network" in said
        assert "84 classes, 84 objects, 1,008 pictures" in said
        assert ("without a card" in said) == bool(without)


def test_points_are_the_networks():
    table = table_of(12)
    choice, data, turned = drawn(table)
    x, y = (np.concatenate(values) for values in zip(*(line.get_data() for line in dots(turned)), strict=True))
    upright, after = logits(table)
    assert np.sort(x) == pytest.approx(np.sort(upright))
    assert np.sort(y) == pytest.approx(np.sort(after))
    drops = np.concatenate([line.get_ydata() for line in dots(data)])
    assert np.sort(drops) == pytest.approx(np.sort(table["drop_pp"]))
    shown = [line.get_xdata()[0] for line in choice.axes[0].get_lines() if line.get_marker() == "D"]
    assert sorted(shown) == pytest.approx(sorted(by_factor(table)["drop_pp"]))
    labels = " ".join(words_of(choice))
    for level in ("under 2 million (2)", "transformer (6)", "mixing of images (3)"):
        assert level in labels


def dots(figure):
    return [line for line in figure.axes[0].get_lines() if not line.get_label().startswith("_")]


def test_line_is_drawn_only_where_there_is_one():
    few, many = table_of(5), table_of(20)
    assert "No line: too few networks (5; expected at least 10)" in " ".join(" ".join(words_of(drawn(few)[2])).split())
    line = robustness_line(many).iloc[0]
    figure = drawn(many)[2]
    solid = [
        one for one in figure.axes[0].get_lines() if one.get_label().startswith("_") and one.get_linestyle() == "-"
    ]
    x, y = solid[0].get_data()
    assert y == pytest.approx(line["intercept"] + line["slope"] * x)


def test_many_networks_name_the_outliers_only():
    table = table_of(50)
    table.loc[7, "turned_top1"] = 1.0
    named = {text.get_text() for text in drawn(table)[2].axes[0].texts}
    assert "n07" in named
    assert 2 <= len(named) <= 8
    assert len(drawn(table_of(6))[2].axes[0].texts) == 6


def test_names_are_text():
    table = table_of(12).assign(model=[f"$x_{i}$ <b>" for i in range(12)])
    figure = drawn(table)[2]
    figure.canvas.draw()
    assert "$x_1$ <b>" in {text.get_text() for text in figure.axes[0].texts}


def test_all_right_all_wrong_and_equal():
    for upright, turned in ((100.0, 100.0), (0.0, 0.0), (80.0, 80.0)):
        table = table_of(12)
        table[["upright_top1", "turned_top1", "drop_pp"]] = [upright, turned, upright - turned]
        for figure in drawn(table):
            figure.canvas.draw()


def test_other_frames_are_a_sentence():
    two = pd.concat([table_of(3), table_of(3).assign(condition="tilt")])
    for draw in (lambda: drop_by_choice(two, by_factor(two)), lambda: drop_against_data(two, drop_regression(two))):
        with pytest.raises(ObjectPoseError, match="2 values of 'condition'"):
            draw()
    own = table_of(3, without=3)
    with pytest.raises(ObjectPoseError, match="No network has a card"):
        drop_by_choice(own, by_factor(own))
    with pytest.raises(ObjectPoseError, match="No network has a card"):
        drop_against_data(own, drop_regression(own))


def test_names_keep_off_each_other_and_those_without_room_are_left_out():
    figure = new_figure(2.0, 2.0)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    x = y = np.full(40, 0.5)
    names = [f"network {place}" for place in range(40)]
    written = name_points(axes, x, y, names, range(40))
    assert 4 < len(written) < 40
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    boxes = [Text.get_window_extent(text, renderer) for text in axes.texts]  # without the line to the point
    frame = axes.get_window_extent(renderer).padded(2)
    for place, box in enumerate(boxes):
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1
        assert not any(Bbox.intersection(box, other) for other in boxes[:place])


def test_sentences_say_what_the_numbers_are():
    chosen = cards(48)
    size = np.log10(chosen["data_images"].to_numpy(float))
    rng = np.random.default_rng(4)
    told = factor_table(summary(48, lambda up: 100 - 6 * size - 0.3 * up + rng.normal(0, 0.5, 48)), chosen)
    text = regression_sentence(drop_regression(told))
    assert "which is told from 0" in text
    assert "differs by -6." in text or "differs by -5.9" in text
    blank = factor_table(summary(48), chosen)
    assert "which is not told from 0" in regression_sentence(drop_regression(blank))
    assert "cannot be said: too few networks (3" in regression_sentence(drop_regression(table_of(3)))
    table = table_of(12)
    table.loc[5, "turned_top1"] = 99.0
    effective = effective_robustness(table, robustness_line(table))
    text = effective_sentence(effective)
    assert "the most is kept by n05 (+" in text
    worst = effective.loc[effective["effective_pp"].idxmin(), "model"]
    assert f"the least by {worst} (-" in text
    few = table_of(3)
    assert "too few networks (3" in effective_sentence(effective_robustness(few, robustness_line(few)))


def networks(count, preprocess=("native",)):
    plan = make_plan(classes=("jeep", "tank", "cannon"), images=4)
    shares = {f"n{i:02d}": {"upright": 0.95 - 0.01 * i, "so3": 0.3 + 0.03 * i} for i in range(count)}
    return pd.concat([make_judged(plan, shares, preprocess=kind) for kind in preprocess], ignore_index=True)


def test_three_networks_say_nothing_and_are_listed(tmp_path):
    section = choices.section(make_evidence(networks(3), cards=cards(3)), Output(tmp_path, "quick"))
    assert len(section.text) == 1
    assert section.text[0].startswith("Nothing can be said about design choices with 3 networks of the zoo")
    (table,) = section.items
    assert sorted(table.frame["model"]) == ["n00", "n01", "n02"]
    assert len(pd.read_csv(tmp_path / table.csv)) == 3


def test_twelve_networks_have_figures_with_their_data(tmp_path):
    judged = networks(12, ("paper2022", "native"))
    section = choices.section(make_evidence(judged, cards=cards(11)), Output(tmp_path, "quick"))
    said = " ".join(section.text)
    for words in ("equal upright accuracy", "the most is kept by", "1 network without a card", "count once here"):
        assert words in said
    pictures = [item for item in section.items if isinstance(item, Picture)]
    assert [p.png.stem for p in pictures] == [
        "quick_drop_by_choice",
        "quick_drop_against_data",
        "quick_effective_robustness",
    ]
    for item in section.items:
        if isinstance(item, Table):
            assert len(pd.read_csv(tmp_path / item.csv)) >= len(item.frame) > 0
            assert {column.name for column in item.columns} <= set(item.frame.columns)
        else:
            assert all((tmp_path / path).stat().st_size > 100 for path in item.downloads.values())
    listed = section.items[-1].frame
    assert len(listed) == 12
    assert set(listed["preprocess"]) == {"native"}


def test_own_networks_and_baselines_only_are_said(tmp_path):
    own = choices.section(make_evidence(networks(2)), Output(tmp_path, "quick"))
    assert "with 0 networks of the zoo" in own.text[0]
    assert set(CARD_COLUMNS[1:]) <= set(own.items[0].frame.columns)
    judged = networks(2)
    only = choices.section(make_evidence(judged[judged["condition"] == "upright"]), Output(tmp_path, "quick"))
    assert "no drop" in only.text[0]
    assert not only.items
