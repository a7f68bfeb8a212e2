from __future__ import annotations

import os
import zlib

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from PIL import Image
from synthetic import make_plan

from objectpose.analysis.contact import draw_contact_sheet, pick_pictures, save_contact_sheet
from objectpose.errors import ObjectPoseError

CONDITIONS = {"upright": "upright", "roll": "upright", "scaling": "upright", "so3": "upright"}


def plan_of(conditions=CONDITIONS, images=12, backgrounds=("flat", "bg1", "bg2"), **options):
    plan = make_plan(conditions, images=images, backgrounds=backgrounds, **options)
    number = plan["image_id"].str[-3:].astype(float)
    plan["sweep_deg"] = np.where(plan["condition"] == "roll", 360.0 * number / images, np.nan)
    plan["distance_deg"] = np.where(plan["condition"] == "upright", 4.0, 15.0 * number)
    plan["scale"] = np.where(plan["condition"] == "scaling", 0.2 + 0.8 * number / images, 1.0)
    return plan


def colour_of(image_id):
    return (np.random.default_rng(zlib.crc32(image_id.encode())).integers(40, 200, 3)).astype(np.uint8)


def plain(image_id):
    return np.broadcast_to(colour_of(image_id), (32, 32, 3)).astype(np.uint8)


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def assert_inside_and_apart(figure):
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    found = [(t.get_text(), t.get_window_extent(renderer)) for t in figure.findobj(Text) if t.get_text().strip()]
    for place, (name, box) in enumerate(found):
        assert box.x0 >= -1, name
        assert box.y0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        assert box.y1 <= figure.bbox.y1 + 1, name
        for other, other_box in found[place + 1 :]:
            wide = min(box.x1, other_box.x1) - max(box.x0, other_box.x0)
            high = min(box.y1, other_box.y1) - max(box.y0, other_box.y0)
            assert min(wide, high) < 2, (name, other)


def rolled(**options):
    plan = plan_of(**options)
    return plan[plan["condition"] == "roll"]


def test_a_row_shows_many_objects_every_background_and_the_whole_sweep():
    picked = pick_pictures(rolled(images=36))
    assert len(picked) == 8
    assert picked["image_id"].is_unique
    assert picked["object_id"].nunique() == 8
    assert picked["background"].nunique() == 3
    assert picked["sweep_deg"].is_monotonic_increasing
    assert picked["sweep_deg"].min() < 60
    assert picked["sweep_deg"].max() > 300
    assert picked["sweep_deg"].diff().max() <= 80


def test_few_objects_share_a_row_in_blocks_that_each_show_the_sweep():
    picked = pick_pictures(rolled(classes=("jeep", "tank"), images=36))
    assert picked["object_id"].tolist() == ["jeep/0"] * 4 + ["tank/0"] * 4
    for _, rows in picked.groupby("object_id"):
        assert rows["sweep_deg"].is_monotonic_increasing
        assert rows["sweep_deg"].max() - rows["sweep_deg"].min() > 200
        assert rows["background"].nunique() == 3


def test_scales_are_spread_where_nothing_is_swept():
    plan = plan_of(classes=("jeep",), backgrounds=("flat",), images=40)
    picked = pick_pictures(plan[plan["condition"] == "scaling"])
    assert picked["scale"].diff().dropna().between(0.075, 0.125).all()


def test_fewer_images_than_places_are_all_shown_once():
    for images in range(1, 9):
        rows = rolled(classes=("jeep",), images=images)
        assert sorted(pick_pictures(rows)["image_id"]) == sorted(rows["image_id"])
    uneven = pd.concat([rolled(classes=("jeep",), images=7), rolled(classes=("tank",), images=1)], ignore_index=True)
    assert pick_pictures(uneven)["image_id"].nunique() == 8


def test_rows_of_a_sheet_begin_with_different_objects():
    shown = {pick_pictures(rolled(), start=start)["object_id"].iat[0] for start in range(5)}
    assert len(shown) == 5


def test_sheet_names_condition_baseline_counts_object_background_and_pose(tmp_path):
    plan = plan_of({"upright_disc": "upright_disc", "image_rotation": "upright_disc", **CONDITIONS})
    asked = []

    def image_of(name):
        asked.append(name)
        return plain(name)

    figure = draw_contact_sheet(plan, image_of, "quick-0123456789ab")
    assert_inside_and_apart(figure)
    shown = texts(figure)
    assert len(asked) == len(set(asked)) == 6 * 8
    for text in ("quick-0123456789ab", "image_rotation", "against upright_disc", "its own baseline", "204 images",
                 "17 objects", "jeep/0", "bg2", "4\u00b0 from upright"):  # fmt: skip
        assert text in shown, text
    swept = plan.set_index("image_id").loc[[name for name in asked if name.startswith("roll-")]]
    for angle in swept["sweep_deg"]:
        assert f"at {angle:.4g}\u00b0" in shown
    assert any(text.startswith("0\u00b0 from upright, \u00d70.") or ", \u00d70." in text for text in shown)
    assert any("1,224 images of 17 objects before 3 backgrounds; 48 shown" in text.replace("\n", " ") for text in shown)


def test_pictures_stand_in_the_file_in_the_order_of_the_selection(tmp_path):
    plan = plan_of({"upright": "upright", "roll": "upright"})
    path = save_contact_sheet(plan, plain, tmp_path / "new" / "sheet.png", "quick")
    assert path == tmp_path / "new" / "sheet.png"
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB")).astype(int)
    at = []
    groups = [plan[plan["condition"] == name] for name in ("upright", "roll")]
    for start, rows in enumerate(groups):
        for name in pick_pictures(rows, start=start)["image_id"]:
            same = np.argwhere((pixels == colour_of(name)).all(axis=2))
            assert len(same) >= 200 * 200
            at.append(np.median(same, axis=0))
    at = np.array(at).reshape(2, 8, 2)
    assert (np.ptp(at[:, :, 0], axis=1) <= 1).all()
    assert at[0, 0, 0] < at[1, 0, 0]
    assert (np.diff(at[:, :, 1], axis=1) > 200).all()
    assert sorted(p.name for p in path.parent.iterdir()) == ["sheet.png"]
    again = save_contact_sheet(plan, plain, tmp_path / "again.png", "quick")
    assert again.read_bytes() == path.read_bytes()


def test_one_wide_picture(tmp_path):
    plan = plan_of({"upright": "upright"}, classes=("jeep",), images=1)
    wide = np.broadcast_to(np.array([90, 140, 60], np.uint8), (20, 60, 3))
    figure = draw_contact_sheet(plan, lambda name: wide, "one")
    assert_inside_and_apart(figure)
    save_contact_sheet(plan, lambda name: wide, tmp_path / "one.png", "one")
    with Image.open(tmp_path / "one.png") as opened:
        inside = np.argwhere((np.asarray(opened.convert("RGB")) == (90, 140, 60)).all(axis=2))
    high, across = np.ptp(inside, axis=0) + 1
    assert (high, across) == (67, 200)


@pytest.mark.parametrize("title", ["$x_1$", "name_" * 25, r"\frac{a}{b}"])
def test_titles_and_names_are_shown_as_they_are(title):
    plan = plan_of({title[:40]: title[:40]}, classes=(title,), images=2)
    figure = draw_contact_sheet(plan, plain, title)
    assert_inside_and_apart(figure)
    assert not any(text.get_parse_math() for text in figure.findobj(Text) if text.get_text())


def test_refusals(tmp_path):
    plan = plan_of()
    with pytest.raises(ObjectPoseError, match="no column sweep_deg"):
        draw_contact_sheet(plan.drop(columns="sweep_deg"), plain, "t")
    with pytest.raises(ObjectPoseError, match="no image"):
        draw_contact_sheet(plan.iloc[:0], plain, "t")
    with pytest.raises(ObjectPoseError, match="at least 1"):
        draw_contact_sheet(plan, plain, "t", per_condition=0)
    with pytest.raises(ObjectPoseError, match="expected uint8"):
        draw_contact_sheet(plan, lambda name: np.zeros((4, 4, 3)), "t")


@pytest.mark.skipif(os.name == "nt", reason="needs a folder in the place of a file")
def test_a_sheet_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("not a folder")
    with pytest.raises(ObjectPoseError, match="cannot be written"):
        save_contact_sheet(plan_of(), plain, tmp_path / "taken" / "sheet.png", "t")
