"""The section "Where it fails": what it draws and writes, and what it says where something is not in the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from synthetic import CLASSES, make_evidence
from test_place_figures import judged_of, views_of

from objectpose.datasets.views import canonical_views
from objectpose.jobs.sections import leaderboard, places
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Picture, Table


def test_every_picture_of_the_section_offers_its_data(tmp_path):
    judged = judged_of(["a", "b"], classes=CLASSES[:4])
    judged["object_id"] = judged["class_name"] + "/" + (judged["image_id"].str[-1].astype(int) % 2).astype(str)
    section = places.section(make_evidence(judged, views=views_of(judged)), Output(tmp_path, "quick"))
    assert not section.text
    pictures = [item for item in section.items if isinstance(item, Picture)]
    assert [picture.png.stem for picture in pictures] == [
        f"quick_{name}"
        for name in ("distance", "sweep", "sweep_polar", "class", "object", "scale_rotation", "interaction", "view")
    ]
    for picture in pictures:
        assert (tmp_path / picture.png).stat().st_size > 5000
        assert {path.suffix for path in picture.downloads.values()} == {".pdf", ".csv"}
        for path in picture.downloads.values():
            assert (tmp_path / path).stat().st_size > 100
    for table in (item for item in section.items if isinstance(item, Table)):
        assert len(pd.read_csv(tmp_path / table.csv)) == len(table.frame)


def test_what_is_not_in_the_data_is_said(tmp_path):
    judged = judged_of(images={"upright": 2, "roll": 8})
    section = places.section(make_evidence(judged.assign(sweep_deg=np.nan)), Output(tmp_path, "quick"))
    said = " ".join(section.text)
    for words in ("No condition of the data sweeps an angle", "varies the scale", "rendered data sets"):
        assert words in said
    assert len(section.text) == len(set(section.text)) == 3
    upright = judged_of(images={"upright": 2})
    section = places.section(make_evidence(upright, views=views_of(upright)), Output(tmp_path, "quick"))
    assert "shows objects from all sides" in " ".join(section.text)


def test_leaderboard_begins_with_its_bars(tmp_path):
    judged = judged_of(["a", "b"], images={"upright": 2, "so3": 4})
    for name in ("so3", "upright"):
        rows = judged if name == "so3" else judged[judged["condition"] == "upright"]
        first = leaderboard.section(make_evidence(rows), Output(tmp_path, "quick")).items[0]
        assert first.title == f"Who loses least under {name}"
        assert first.png.stem == "quick_leaderboard"
        assert "data (CSV)" in first.downloads


def test_canonical_views_are_those_of_the_manifest():
    inputs = {"framing": "catalogue", "objects": {"a/0": {"mesh": "0", "view": [60, 15]}, "b/0": {"view": [-35, 5.5]}}}
    found = canonical_views(inputs)
    assert found.to_numpy().tolist() == [["a/0", 60.0, 15.0], ["b/0", -35.0, 5.5]]
    assert canonical_views({**inputs, "framing": "paper"}) is None
    assert canonical_views({}) is None


@pytest.mark.parametrize("conditions", [("tilt", "three_axes"), ("tilt",)])
def test_the_most_even_condition_shows_directions(conditions, tmp_path):
    judged = pd.concat(
        [judged_of(images={"upright": 2, "so3": 8}).replace({"condition": {"so3": name}}) for name in conditions]
    )
    judged = judged.drop_duplicates(["image_id", "condition", "model"])
    section = places.section(make_evidence(judged, views=views_of(judged)), Output(tmp_path, "quick"))
    shown = pd.read_csv(tmp_path / "tables" / "quick_view.csv")["condition"]
    assert set(shown) == {conditions[-1]}
    assert "By direction of view" in [item.title for item in section.items]
