"""Charts of ranks, angles, classes, sizes and directions: they carry the numbers of their frames and stay legible."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon
from matplotlib.text import Text
from synthetic import CLASSES
from test_figures import HARD_NAMES, assert_inside_and_apart, texts

from objectpose.analysis.accuracy import by_object
from objectpose.analysis.curve_figures import distance_curves, sweep_curves, sweep_polar
from objectpose.analysis.curves import angle_curve, distance_curve, scale_rotation
from objectpose.analysis.heatmap_figures import condition_cells, condition_heatmap
from objectpose.analysis.interaction import interaction
from objectpose.analysis.leaderboard import leaderboard
from objectpose.analysis.ranking_figures import leaderboard_bars
from objectpose.analysis.scale_figures import interaction_chart, scale_rotation_curves
from objectpose.analysis.shares import by_class
from objectpose.analysis.style import cut_to_fit, well_filled
from objectpose.analysis.view_figures import view_map
from objectpose.analysis.views import sphere_cells, view_accuracy
from objectpose.errors import ObjectPoseError

IMAGES = {"upright": 2, "roll": 8, "pitch": 8, "so3": 8, "scaling": 4, "scaling_rotation": 4}
TURNED = ("so3", "scaling_rotation")


def judged_of(networks=("one",), *, classes=CLASSES, share=0.6, images=IMAGES):
    """Return judged answers with every pose column; accuracies differ by network and class unless they are 0 or 1."""
    rng = np.random.default_rng(0)
    rows = []
    for condition, count in images.items():
        for name in classes:
            for number in range(count):
                q = rng.normal(size=4) if condition in TURNED else np.array([1.0, 0.0, 0.0, 0.0])
                q /= np.linalg.norm(q)
                sweep = number * 360.0 / count if condition in ("roll", "pitch") else np.nan
                far = np.degrees(2 * np.arccos(min(1.0, abs(q[0])))) if np.isnan(sweep) else min(sweep, 360 - sweep)
                scale = 0.2 + 0.8 * (number + 0.5) / count if condition.startswith("scaling") else 1.0
                baseline = "scaling" if condition == "scaling_rotation" else "upright"
                rows.append(
                    (
                        f"{name}-{condition}-{number}",
                        f"{name}/0",
                        name,
                        condition,
                        baseline,
                        "flat",
                        sweep,
                        far,
                        *q,
                        scale,
                    )
                )
    columns = "image_id object_id class_name condition baseline background sweep_deg distance_deg qw qx qy qz scale"
    plan = pd.DataFrame(rows, columns=columns.split())
    parts = []
    for place, network in enumerate(networks):
        chance = share if share in (0.0, 1.0) else share + 0.3 * (place + 1) / len(networks) - 0.15
        right = pd.array(rng.random(len(plan)) < chance, dtype="boolean")
        parts.append(plan.assign(dataset="quick", model=network, preprocess="own", correct=right, correct5=right))
        parts[-1]["answer"] = pd.array(np.where(right, 404, 900 + place), dtype="Int64")
    return pd.concat(parts, ignore_index=True)


def views_of(judged):
    ids = sorted(set(judged["object_id"]))
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {"object_id": ids, "azimuth_deg": rng.uniform(10, 60, len(ids)), "elevation_deg": rng.uniform(5, 30, len(ids))}
    )


def drawn(judged):
    """Return every figure of this module from one set of answers."""
    board, views = leaderboard(judged), views_of(judged)
    return {
        "leaderboard": leaderboard_bars(board, condition="so3"),
        "leaderboard of the baseline": leaderboard_bars(board, condition="upright"),
        "sweep": sweep_curves(angle_curve(judged, width_deg=45)),
        "polar": sweep_polar(angle_curve(judged, width_deg=45)),
        "distance": distance_curves(distance_curve(judged, width_deg=30)),
        "classes": condition_heatmap(by_class(judged)),
        "objects": condition_heatmap(by_object(judged), rows="object_id"),
        "scale": scale_rotation_curves(scale_rotation(judged, width_deg=180)),
        "scale and distance": scale_rotation_curves(scale_rotation(judged, width_deg=45)),
        "interaction": interaction_chart(interaction(judged)),
        "views": view_map(view_accuracy(judged[judged["condition"] == "so3"], views, bands=3), views=views),
    }


def caption(figure):
    return " ".join(" ".join(texts(figure)).split())


@pytest.mark.parametrize(
    ("networks", "classes", "share"),
    [
        (["efficientnet_lite0"], CLASSES, 0.6),
        (list(HARD_NAMES), [*HARD_NAMES, *CLASSES[:4]], 0.6),
        ([f"timm:convnext_tiny.fb_in22k_ft_in1k_{number}" for number in range(12)], CLASSES[:4], 0.6),
        (["a", "b"], CLASSES[:1], 0.6),
        (["a", "b"], CLASSES[:3], 0.0),
        (["a"], CLASSES[:3], 1.0),
    ],
)
def test_figures_are_legible_and_say_what_is_behind_them(networks, classes, share):
    before = dict(mpl.rcParams)
    for name, figure in drawn(judged_of(networks, classes=classes, share=share)).items():
        assert_inside_and_apart(figure)
        named = [text for text in figure.findobj(Text) if not text.get_text().replace("\u2212", "").isdecimal()]
        assert not any(text.get_parse_math() for text in named if text.get_visible() and text.get_text()), name
        said = caption(figure)
        assert "quick" in said, name
        assert "class" in said, name
        assert "picture" in said, name
        assert "object" in said, name
    assert dict(mpl.rcParams) == before


@pytest.mark.slow
def test_figures_of_fifty_networks_and_84_classes_are_legible():
    networks = [f"timm:convnext_tiny.fb_in22k_ft_in1k_{number}" for number in range(50)]
    images = {name: min(count, 4) for name, count in IMAGES.items()}
    judged = judged_of(networks, classes=[f"class_{number}" for number in range(84)], images=images)
    for name, figure in drawn(judged).items():
        assert_inside_and_apart(figure)
        assert figure.get_figheight() < 20, name


def test_leaderboard_bars_carry_the_board():
    board = leaderboard(judged_of(["a", "b", "c"]))
    rows = board[board["condition"] == "so3"]
    before = board[board["condition"] == "upright"].set_index("network").loc[rows["network"]]
    figure = leaderboard_bars(board, condition="so3")
    left, right = figure.axes
    bars = [
        [bar.get_width() for bar in container.patches] for container in (*left.containers[1::2], right.containers[1])
    ]
    np.testing.assert_allclose(bars[0], before["top1"])
    np.testing.assert_allclose(bars[1], rows["top1"])
    np.testing.assert_allclose(bars[2], rows["drop_pp"])
    lines = next(part for part in right.collections if isinstance(part, LineCollection))
    ends = [segment[:, 0] for segment in lines.get_segments()]
    np.testing.assert_allclose(ends, rows[["drop_lo", "drop_hi"]])
    assert [label.get_text() for label in left.get_yticklabels()] == rows["network"].tolist()
    for row in rows.itertuples():
        assert f"{row.rank_drop} ({row.rank_drop_lo}\u2013{row.rank_drop_hi})" in texts(figure)
    assert "17 classes, 17 objects, 136 pictures" in caption(figure)


def test_leaderboard_without_ranks_says_why():
    judged = judged_of(["a", "b"])
    gone = (judged["model"] == "a") & (judged["class_name"] == "tank")
    judged.loc[gone, ["correct", "correct5"]] = pd.NA
    figure = leaderboard_bars(leaderboard(judged), condition="so3")
    assert "\u2013" in texts(figure)
    assert "1 network lacks classes" in caption(figure)
    alone = leaderboard_bars(leaderboard(judged_of()), condition="so3")
    assert not any("Rank" in text for text in texts(alone))
    one_class = leaderboard_bars(leaderboard(judged_of(["a", "b"], classes=["tank"])), condition="so3")
    assert "No interval with one class" in caption(one_class)


@pytest.mark.parametrize(("draw", "unit"), [(sweep_curves, 1.0), (sweep_polar, np.pi / 180)])
def test_sweeps_carry_the_curve_and_close_the_turn(draw, unit):
    curve = angle_curve(judged_of(["a", "b"]), width_deg=45)
    figure = draw(curve)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["roll", "pitch"]
    for axes in figure.axes:
        condition = axes.get_title(loc="left")
        for line, network in zip([line for line in axes.lines if len(line.get_xdata())], ["a", "b"], strict=True):
            own = curve[(curve["condition"] == condition) & (curve["model"] == network)]
            np.testing.assert_allclose(line.get_xdata(), unit * np.array([*own["angle_deg"], 360.0]))
            np.testing.assert_allclose(line.get_ydata(), [*own["top1"], own["top1"].iloc[0]])
        assert len(axes.collections) == 2


def test_a_turn_with_a_gap_is_not_closed():
    curve = angle_curve(judged_of(), width_deg=45)
    line = sweep_curves(curve[curve["angle_deg"] < 270]).axes[0].lines[0]
    assert line.get_xdata().max() < 270


def test_many_networks_are_a_mean_with_the_best_and_the_worst():
    networks = [f"n{number}" for number in range(9)]
    curve = distance_curve(judged_of(networks), width_deg=45)
    figure = distance_curves(curve, conditions=["so3"])
    means = curve[curve["condition"] == "so3"].groupby("model")["top1"].mean()
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == ["mean of 9 networks", f"best: {means.idxmax()}", f"worst: {means.idxmin()}"]
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata())]
    own, _ = well_filled(curve[curve["condition"] == "so3"], ["model"])
    np.testing.assert_allclose(lines[0].get_ydata(), own.groupby("angle_deg")["top1"].mean())
    np.testing.assert_allclose(lines[2].get_ydata(), own[own["model"] == means.idxmin()]["top1"])
    assert "4 more conditions are not drawn" not in caption(figure)
    assert "5 more conditions are not drawn" in caption(figure)


def test_curves_choose_conditions():
    curve = distance_curve(judged_of(), width_deg=30)
    shown = [axes.get_title(loc="left") for axes in distance_curves(curve).axes]
    assert "upright" not in shown
    assert {"roll", "so3"} <= set(shown)
    with pytest.raises(ObjectPoseError, match="the nearest is: so3"):
        distance_curves(curve, conditions=["so33"])
    with pytest.raises(ObjectPoseError, match="0 conditions"):
        distance_curves(curve, conditions=[])
    with pytest.raises(ObjectPoseError, match="2 data sets"):
        distance_curves(pd.concat([curve, curve.assign(dataset="other")]))


def test_sparse_points_are_left_out_where_others_remain():
    rows = pd.DataFrame({"network": "a", "n_images": [1, 5, 6, 7]})
    kept, said = well_filled(rows, ["network"])
    assert kept["n_images"].tolist() == [5, 6, 7]
    assert "fewer than 5 pictures" in said
    few, nothing = well_filled(rows.iloc[:3], ["network"])
    assert (len(few), nothing) == (3, "")


def test_names_of_networks_keep_both_ends():
    name = "timm:convnext_tiny.fb_in22k_ft_in1k_38"
    short = cut_to_fit(name, 1.4, 8.0, middle=True)
    assert short.startswith("timm:")
    assert short.endswith("_38")
    assert cut_to_fit(name, 9.0, 8.0, middle=True) == name


@pytest.mark.parametrize("rows", ["class_name", "object_id"])
def test_heatmap_rows_are_ordered_by_their_drop(rows):
    judged = judged_of(["a", "b"])
    table = by_class(judged) if rows == "class_name" else by_object(judged)
    cells = condition_cells(table, rows=rows)
    wide = (
        judged.assign(right=100 * judged["correct"].astype(float))
        .groupby([rows, "condition", "model"])["right"]
        .mean()
        .groupby([rows, "condition"])
        .mean()
        .unstack()
    )
    turned = ["roll", "pitch", "so3", "scaling"]
    drops = pd.concat(
        [wide["upright"] - wide[name] for name in turned] + [wide["scaling"] - wide["scaling_rotation"]], axis=1
    )
    drop = drops.mean(axis=1)
    shown = cells.drop_duplicates("row").set_index("row")["mean_drop_pp"]
    pd.testing.assert_series_equal(shown.sort_index(), drop.sort_index(), check_names=False)
    assert shown.is_monotonic_decreasing
    figure = condition_heatmap(table, rows=rows)
    axes = figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == shown.index.tolist()
    heads = [label.get_text() for label in axes.get_xticklabels()]
    assert heads == ["upright", "scaling", "roll", "pitch", "so3", "scaling_rotation"]
    np.testing.assert_allclose(axes.images[0].get_array(), wide.loc[names, heads])


def test_heatmap_of_one_network_and_of_the_hardest_rows():
    judged = judged_of(["a", "b"])
    one = condition_cells(by_class(judged), network="b")
    pd.testing.assert_frame_equal(one, condition_cells(by_class(judged[judged["model"] == "b"])))
    few = condition_heatmap(by_class(judged), most_rows=3)
    assert len(few.axes[0].get_yticklabels()) == 3
    assert "The 3 of 17 rows that lose most" in caption(few)
    upright = by_class(judged[judged["condition"] == "upright"])
    assert not any("drop" in text for text in texts(condition_heatmap(upright)))
    with pytest.raises(ObjectPoseError, match="no network 'c'"):
        condition_cells(by_class(judged), network="c")
    with pytest.raises(ObjectPoseError, match="no rows by 'object_id'"):
        condition_cells(by_class(judged), rows="object_id")
    with pytest.raises(ObjectPoseError, match="0 data sets"):
        condition_heatmap(by_class(judged).iloc[:0])
    with pytest.raises(ObjectPoseError, match="at least 1"):
        condition_heatmap(by_class(judged), most_rows=0)


def test_a_cell_without_pictures_is_a_dash():
    judged = judged_of()
    gone = (judged["class_name"] == "tank") & (judged["condition"] == "pitch")
    figure = condition_heatmap(by_class(judged[~gone]))
    assert "\u2013" in texts(figure)
    assert_inside_and_apart(figure)


def test_scale_curves_carry_the_table():
    table = scale_rotation(judged_of(["a", "b"]), width_deg=180)
    figure = scale_rotation_curves(table)
    for axes, network in zip(figure.axes, ["a", "b"], strict=True):
        assert axes.get_title(loc="left") == network
        for container, condition in zip(axes.containers, ["scaling", "scaling_rotation"], strict=True):
            own = table[(table["model"] == network) & (table["condition"] == condition)]
            np.testing.assert_allclose(container.lines[0].get_ydata(), own["top1"])
            ends = [segment[:, 1] for segment in container.lines[2][0].get_segments()]
            np.testing.assert_allclose(ends, own[["top1_lo", "top1_hi"]])
    names = [f"n{number}" for number in range(5)]
    many = scale_rotation(judged_of(names), width_deg=180)
    mean = scale_rotation_curves(many).axes[0]
    assert mean.get_title(loc="left") == "mean of 5 networks"
    own = many[many["condition"] == "scaling"]
    np.testing.assert_allclose(mean.containers[0].lines[0].get_ydata(), own.groupby("scale_from")["top1"].mean())
    with pytest.raises(ObjectPoseError, match="lines are too many"):
        scale_rotation_curves(scale_rotation(judged_of(), width_deg=15))


def test_interaction_chart_carries_the_contrasts():
    table = interaction(judged_of(["a", "b", "c"]))
    pooled = table[table["scales"] == "all"].sort_values("interaction_pp")
    left, right = interaction_chart(table).axes
    np.testing.assert_allclose(right.containers[0].lines[0].get_xdata(), pooled["interaction_pp"])
    ends = [segment[:, 0] for segment in right.containers[0].lines[2][0].get_segments()]
    np.testing.assert_allclose(ends, pooled[["interaction_lo", "interaction_hi"]])
    for container, name in zip(left.containers, ("drop_rotation_pp", "drop_scaling_pp", "drop_both_pp"), strict=True):
        np.testing.assert_allclose(container.lines[0].get_xdata(), pooled[name])
    total = next(line for line in left.lines if line.get_label() == "sum of the two")
    np.testing.assert_allclose(total.get_xdata(), pooled["drop_rotation_pp"] + pooled["drop_scaling_pp"])
    above = int((pooled["interaction_lo"] > 0).sum())
    assert f"more than the sum for {above} of 3 networks" in caption(left.figure)


def test_view_map_colours_cells_by_accuracy_and_leaves_sparse_ones_grey():
    judged = judged_of(["a", "b"], images={"upright": 2, "so3": 24})
    judged = judged[judged["condition"] == "so3"]
    views = views_of(judged)
    cells = view_accuracy(judged, views, bands=3)
    least = int(cells["n_images"].median())
    figure = view_map(cells, views=views, least_images=least)
    colours = mpl.colormaps["viridis"]
    for axes, network in zip(figure.axes, ["a", "b"], strict=False):
        own = cells[(cells["model"] == network) & (cells["n_images"] >= least)]
        patches = [patch for patch in axes.patches if isinstance(patch, Polygon)]
        parts = [2 if row.to_longitude > 180 or row.from_longitude < -180 else 1 for row in own.itertuples()]
        assert len(patches) == sum(parts)
        expected = np.repeat([colours(value / 100) for value in own["top1"]], parts, axis=0)
        np.testing.assert_allclose([patch.get_facecolor() for patch in patches], expected)
    assert f"fewer than {least} pictures" in texts(figure)
    assert {"front", "top", "bottom", "back"} <= set(texts(figure))


def test_a_map_of_few_pictures_is_not_empty():
    judged = judged_of(classes=["tank"])
    judged = judged[judged["condition"] == "so3"]
    figure = view_map(view_accuracy(judged, views_of(judged)))
    assert len(figure.axes[0].patches) > 3
    assert "no picture" in texts(figure)


@pytest.mark.parametrize("bands", [4, 5])
def test_cells_of_the_map_lie_where_they_should(bands):
    cells = sphere_cells(bands).assign(
        dataset="d", model="m", preprocess="own", condition="so3", n_images=50, n_objects=5, n_classes=5, top1=50.0
    )
    cells["cell"] = cells.index
    figure = view_map(cells)
    figure.canvas.draw()
    box = figure.axes[0].get_window_extent()
    area = 0.0
    for patch in figure.axes[0].patches:
        outline = figure.axes[0].transData.transform_path(patch.get_path())  # with the projection's curves
        x, y = outline.vertices.T
        area += abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2
    assert area == pytest.approx(np.pi * box.width * box.height / 4, rel=0.02)


def test_view_map_refuses_several_conditions():
    judged = judged_of()
    cells = view_accuracy(judged, views_of(judged))
    with pytest.raises(ObjectPoseError, match="values of 'condition'"):
        view_map(cells)
    with pytest.raises(ObjectPoseError, match="0 data sets"):
        view_map(cells.iloc[:0])
