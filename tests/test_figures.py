from __future__ import annotations

import io
import os

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image
from synthetic import make_judged, make_plan, picture_of

from objectpose.analysis.accuracy import summarise
from objectpose.analysis.conditions import ORDER
from objectpose.analysis.figures import (
    accuracy_by_condition,
    contact_sheet,
    failure_sheet,
    pick_failures,
    save,
)
from objectpose.errors import ObjectPoseError

QUICK = ("upright", "tilt", "so3", "scaling", "scaling_rotation")
SHARE = dict(zip(QUICK, (0.95, 0.6, 0.4, 0.8, 0.3), strict=True))
HARD_NAMES = ("<script>alert(1)</script>", "$x_1$", r"\frac{a}{b} $", "name_" * 12)


def name_of(index):
    return f"thing {index}"


def pixels(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return np.asarray(Image.open(buffer).convert("RGB"))


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def boxes(figure):
    """Return the extents of all visible texts as drawn."""
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible()
    ]


def assert_inside_and_apart(figure):
    found = boxes(figure)
    frame = figure.bbox
    for name, box in found:
        assert box.x0 >= frame.x0 - 1, name
        assert box.x1 <= frame.x1 + 1, name
        assert box.y0 >= frame.y0 - 1, name
        assert box.y1 <= frame.y1 + 1, name
    for place, (name, box) in enumerate(found):
        for other, other_box in found[place + 1 :]:
            wide = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            high = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            rotated = "_" in name and "_" in other
            assert rotated or min(wide, high) < 2, (name, other)


def judged_of(conditions=QUICK, networks=("net",), images=3, share=None, **options):
    plan = make_plan(conditions, images=images, **options)
    return make_judged(plan, dict.fromkeys(networks, share or dict.fromkeys(conditions, 0.6)))


@pytest.mark.parametrize("count", [1, 3, 7, 12])
@pytest.mark.parametrize("conditions", [("upright",), QUICK, ORDER[:8]])
def test_accuracy_figure_is_legible(count, conditions):
    networks = [f"efficientnet_lite{number}" for number in range(count)]
    figure = accuracy_by_condition(summarise(judged_of(conditions, networks, images=1)))
    assert_inside_and_apart(figure)
    assert pixels(figure).std() > 5
    shown = [text.replace("\n", "") for text in texts(figure)]
    for name in (*networks, *conditions):
        assert name in shown


def test_accuracy_figure_draws_the_numbers_of_the_table():
    summary = summarise(judged_of(networks=("a", "b")))
    axes = accuracy_by_condition(summary).axes[0]
    for name, container in zip(("a", "b"), axes.containers, strict=True):
        rows = summary[summary["model"] == name].set_index("condition").loc[list(QUICK)]
        points, _, (bars,) = container.lines
        np.testing.assert_allclose(points.get_ydata(), rows["top1"])
        ends = np.array([segment[:, 1] for segment in bars.get_segments()])
        np.testing.assert_allclose(ends, rows[["top1_lo", "top1_hi"]])
    caption = " ".join(" ".join(texts(axes.figure)).split())
    assert "17 classes, 17 objects, 51 pictures a condition" in caption
    assert "95 % intervals over classes" in caption


def test_accuracy_figure_at_the_ceiling_and_with_one_class():
    ceiling = judged_of(share=dict.fromkeys(QUICK, 1.0))
    assert_inside_and_apart(accuracy_by_condition(summarise(ceiling)))
    single = accuracy_by_condition(summarise(judged_of(classes=("jeep",))))
    assert "No interval with one class" in " ".join(" ".join(texts(single)).split())


def test_accuracy_figure_refuses_nothing_and_two_data_sets():
    summary = summarise(judged_of())
    with pytest.raises(ObjectPoseError, match="0 data sets"):
        accuracy_by_condition(summary.iloc[:0])
    with pytest.raises(ObjectPoseError, match="2 data sets"):
        accuracy_by_condition(pd.concat([summary, summary.assign(dataset="other")]))


def test_figures_leave_matplotlibs_settings_alone():
    with mpl.rc_context({"font.size": 17.0, "text.usetex": False}):
        before = dict(mpl.rcParams)
        accuracy_by_condition(summarise(judged_of()))
        assert dict(mpl.rcParams) == before


def test_save_writes_equal_bytes(tmp_path):
    summary = summarise(judged_of())
    first = save(accuracy_by_condition(summary), tmp_path / "new" / "a.b")
    second = save(accuracy_by_condition(summary), tmp_path / "again")
    assert [path.name for path in first] == ["a.b.png", "a.b.pdf"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert first[1].read_bytes().startswith(b"%PDF")
    with Image.open(first[0]) as picture:
        assert picture.info["dpi"] == pytest.approx((150, 150), abs=0.1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.pdf", "again.png", "new"]


@pytest.mark.skipif(os.name == "nt", reason="needs a folder in the place of a file")
def test_save_into_a_file_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("not a folder")
    with pytest.raises(ObjectPoseError, match="cannot be written"):
        save(accuracy_by_condition(summarise(judged_of())), tmp_path / "taken" / "figure")


@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_are_shown_as_they_are(name, tmp_path):
    judged = judged_of(networks=(name,), classes=(name, "jeep"), share={**SHARE, "so3": 0.0})
    figure = accuracy_by_condition(summarise(judged))
    sheet = failure_sheet(pick_failures(judged, 2), picture_of, name_of=lambda index: name)
    grid = contact_sheet([picture_of("a")], [name])
    for one in (figure, sheet, grid):
        save(one, tmp_path / "figure")
        assert not any(text.get_parse_math() for text in one.findobj(Text) if text.get_text())
    if len(name) < 20:
        assert name in texts(figure)
        assert name in texts(grid)


def test_failures_are_one_a_class_and_do_not_depend_on_row_order():
    judged = judged_of(networks=("a", "b"), images=6)
    found = pick_failures(judged, 17, 0)
    assert found.rows["class_name"].nunique() == 17
    assert found.rows.groupby("case")["network"].agg(list).map(lambda names: names == ["a", "b"]).all()
    assert (~found.rows.groupby("case")["correct"].min().astype(bool)).all()
    assert "upright" not in set(found.rows["condition"])
    pd.testing.assert_frame_equal(found.rows, pick_failures(judged.sample(frac=1, random_state=3), 17, 0).rows)
    assert set(found.rows["image_id"]) != set(pick_failures(judged, 17, 1).rows["image_id"])
    assert "one random failure a class, seed 0" in found.rule


def test_failures_go_round_again_when_more_are_asked_for():
    found = pick_failures(judged_of(classes=("jeep", "tank"), images=10), 6)
    assert found.rows.groupby("class_name")["image_id"].nunique().tolist() == [3, 3]
    assert set(pick_failures(judged_of(), 6, conditions=["so3"]).rows["condition"]) == {"so3"}
    with pytest.raises(ObjectPoseError, match="at least 1"):
        pick_failures(judged_of(), 0)


def test_every_failure_of_a_class_can_be_drawn():
    judged = judged_of(classes=("jeep",), images=4)
    wrong = set(judged.loc[~judged["correct"].astype(bool) & (judged["condition"] != "upright"), "image_id"])
    drawn = {pick_failures(judged, 1, seed).rows["image_id"].iloc[0] for seed in range(60)}
    assert drawn == wrong


@pytest.mark.parametrize("networks", [("net",), ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")])
def test_failure_sheet_shows_pictures_and_answers(networks):
    failures = pick_failures(judged_of(networks=networks), 6)
    figure = failure_sheet(failures, picture_of, name_of=name_of)
    assert_inside_and_apart(figure)
    shown = texts(figure)
    assert len([axes for axes in figure.axes if axes.images]) == 6
    for row in failures.rows.itertuples():
        mark = "\u2713" if row.correct else "\u2717"
        assert any(f"{mark} thing {row.answer} ({100 * row.answer_prob:.0f} %)" in text for text in shown)
    np.testing.assert_array_equal(figure.axes[0].images[0].get_array(), picture_of(failures.rows["image_id"].iloc[0]))
    for name in networks:
        assert name in " ".join(shown)


def test_failure_sheet_without_failures_says_so():
    judged = judged_of(share=dict.fromkeys(QUICK, 1.0))
    figure = failure_sheet(pick_failures(judged), picture_of, name_of=name_of)
    assert "No picture was answered wrongly." in texts(figure)
    assert "204 pictures (not counting upright), 1 network." in " ".join(texts(figure))
    assert_inside_and_apart(figure)


def test_failure_sheet_with_a_class_left_out():
    judged = judged_of(networks=("a", "b"), classes=("jeep", "tank"), share=dict.fromkeys(QUICK, 0.0))
    gone = (judged["model"] == "a") & (judged["class_name"] == "jeep")
    judged.loc[gone, ["correct", "correct5", "answer", "answer_prob"]] = pd.NA
    figure = failure_sheet(pick_failures(judged, 2), picture_of, name_of=name_of)
    assert any("has no such class" in text for text in texts(figure))


def test_contact_sheet_keeps_order_and_shape():
    images = [picture_of(str(number), 40) for number in range(7)]
    images[3] = np.zeros((20, 60, 3), dtype=np.uint8)
    figure = contact_sheet(images, [f"picture {number}\nsecond line" for number in range(7)], 3, caption="Seven.")
    assert_inside_and_apart(figure)
    assert len(figure.axes) == 7
    box = figure.axes[3].get_window_extent()
    assert box.width / box.height == pytest.approx(3.0, rel=0.01)
    assert figure.axes[1].get_position().x0 > figure.axes[0].get_position().x0
    assert figure.axes[3].get_position().y0 < figure.axes[0].get_position().y0


@pytest.mark.parametrize(
    ("images", "labels", "columns"),
    [
        ([], [], 3),
        ([np.zeros((4, 4, 3), np.uint8)], [], 3),
        ([np.zeros((4, 4), np.uint8)], ["a"], 3),
        ([np.zeros((4, 4, 3), np.float32)], ["a"], 3),
        ([np.zeros((4, 4, 3), np.uint8)], ["a"], 0),
    ],
)
def test_contact_sheet_refuses_what_it_cannot_show(images, labels, columns):
    with pytest.raises(ObjectPoseError):
        contact_sheet(images, labels, columns)


def test_many_networks_are_counted_below_a_failure():
    networks = [f"n{number}" for number in range(9)]
    judged = judged_of(networks=networks, classes=("jeep", "tank"), images=4)
    gone = (judged["model"] == "n8") & (judged["class_name"] == "jeep")
    judged.loc[gone, ["correct", "correct5", "answer", "answer_prob"]] = pd.NA
    failures = pick_failures(judged, 4)
    figure = failure_sheet(failures, picture_of, name_of=name_of)
    assert_inside_and_apart(figure)
    shown = texts(figure)
    for _, group in failures.rows.groupby("case"):
        asked = group[group["correct"].notna()]
        right = asked[asked["correct"].astype(bool)]
        wrong = asked[~asked["correct"].astype(bool)]
        assert any(f"\u2713 {len(right)} of {len(asked)} right" in text for text in shown)
        index, count = wrong["answer"].value_counts().sort_index().idxmax(), wrong["answer"].value_counts().max()
        mean = 100 * wrong.loc[wrong["answer"] == index, "answer_prob"].astype(float).mean()
        assert any(f"\u2717 {count} \u00d7 thing {index} ({mean:.0f} %)" in text for text in shown)
    assert any("1 have no such class" in text for text in shown)
    assert "how many of 9 networks were right" in " ".join(" ".join(shown).split())
