"""From where objects are seen: directions against scipy's rotations, cells of equal area, accuracies in cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from synthetic import CLASSES, make_judged, make_plan

from objectpose.analysis.statistics import class_interval
from objectpose.analysis.views import (
    canonical_directions,
    cell_of,
    sphere_cells,
    view_accuracy,
    view_directions,
)
from objectpose.errors import ObjectPoseError
from objectpose.rendering.poses import to_matrix, view_rotation

SHARE = {"upright": 0.95, "so3": 0.5}


def views_of(ids, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "object_id": ids,
            "azimuth_deg": rng.uniform(-180, 180, len(ids)),
            "elevation_deg": rng.uniform(-40, 90, len(ids)),
        }
    )


def judged_of(networks=("one",), images=12, classes=CLASSES, share=SHARE):
    plan = make_plan(("upright", "so3"), images=images, classes=classes)
    turns = Rotation.random(len(plan), random_state=0).as_quat(scalar_first=True)
    turned = (plan["condition"] == "so3").to_numpy()
    plan[["qw", "qx", "qy", "qz"]] = np.where(turned[:, None], turns, [1.0, 0.0, 0.0, 0.0])
    return make_judged(plan, dict.fromkeys(networks, share))


def vectors(directions):
    longitude, latitude = (np.radians(directions[name].to_numpy()) for name in ("longitude_deg", "latitude_deg"))
    flat = np.cos(latitude)
    return np.stack([flat * np.sin(longitude), np.sin(latitude), flat * np.cos(longitude)], axis=1)


def test_directions_are_those_of_the_inverse_rotation():
    judged = judged_of()
    views = views_of(sorted(set(judged["object_id"])))
    found = vectors(view_directions(judged, views))
    known = views.set_index("object_id").loc[judged["object_id"]]
    r_object = Rotation.from_quat(judged[["qw", "qx", "qy", "qz"]].to_numpy(), scalar_first=True)
    r_view = Rotation.from_euler("yx", known[["azimuth_deg", "elevation_deg"]].to_numpy(), degrees=True)
    np.testing.assert_allclose(found, (r_view * r_object).inv().apply([0.0, 0.0, 1.0]), atol=1e-9)


def test_the_view_is_that_of_the_renderer():
    views = views_of(["a/0", "b/0", "c/0"])
    matrices = [to_matrix(view_rotation(row.azimuth_deg, row.elevation_deg)) for row in views.itertuples()]
    np.testing.assert_allclose(
        vectors(canonical_directions(views)), [m.T @ [0.0, 0.0, 1.0] for m in matrices], atol=1e-12
    )
    assert canonical_directions(views.set_index(pd.Index([7, 7, 9])))["object_id"].tolist() == ["a/0", "b/0", "c/0"]


@pytest.mark.parametrize(
    ("axis", "angle", "longitude", "latitude"),
    [("y", 0, 0, 0), ("y", 90, -90, 0), ("y", -90, 90, 0), ("x", 90, None, 90), ("x", -90, None, -90), ("z", 70, 0, 0)],
)
def test_a_thing_turned_to_its_side_is_seen_from_there(axis, angle, longitude, latitude):
    q = Rotation.from_euler(axis, angle, degrees=True).as_quat(scalar_first=True)
    judged = pd.DataFrame([dict(zip(("object_id", "qw", "qx", "qy", "qz"), ("a", *q), strict=True))])
    found = view_directions(judged, pd.DataFrame({"object_id": ["a"], "azimuth_deg": [0.0], "elevation_deg": [0.0]}))
    assert found["latitude_deg"].iloc[0] == pytest.approx(latitude, abs=1e-5)
    if longitude is not None:
        assert found["longitude_deg"].iloc[0] == pytest.approx(longitude, abs=1e-6)


@given(st.integers(2, 15))
def test_cells_have_one_area_and_cover_the_sphere(bands):
    cells = sphere_cells(bands)
    heights = np.sin(np.radians(cells["to_latitude"])) - np.sin(np.radians(cells["from_latitude"]))
    areas = heights * np.radians(cells["to_longitude"] - cells["from_longitude"])
    np.testing.assert_allclose(areas, 4 * np.pi / len(cells), rtol=1e-9)
    assert cells["from_latitude"].nunique() == bands
    middle = cells.groupby("from_latitude")["longitude_deg"].first()
    assert (middle == 0).all()
    assert cells["longitude_deg"].between(-180, 180).all()


@given(st.integers(2, 9), st.floats(-180, 180), st.floats(-90, 90))
def test_every_direction_lies_in_its_cell(bands, longitude, latitude):
    cells = sphere_cells(bands)
    place = cell_of(pd.DataFrame({"longitude_deg": [longitude], "latitude_deg": [latitude]}), cells).iloc[0]
    cell = cells.iloc[place]
    assert cell["from_latitude"] - 1e-9 <= latitude <= cell["to_latitude"] + 1e-9
    turned = [longitude + turn for turn in (-360, 0, 360)]
    assert any(cell["from_longitude"] - 1e-6 <= angle <= cell["to_longitude"] + 1e-6 for angle in turned)


def test_uniform_rotations_fill_cells_evenly():
    turns = Rotation.random(30_000, random_state=1).as_quat(scalar_first=True)
    judged = pd.DataFrame(turns, columns=["qw", "qx", "qy", "qz"]).assign(object_id="a/0")
    cells = sphere_cells(5)
    counts = cell_of(view_directions(judged, views_of(["a/0"])), cells).value_counts()
    assert len(counts) == len(cells)
    expected = 30_000 / len(cells)
    assert (((counts - expected) ** 2) / expected).sum() < 70  # chi square of 31 degrees: 99.99 % at 68


def test_accuracies_are_means_over_the_classes_in_a_cell():
    judged = judged_of(("one", "two"), images=40)
    views = views_of(sorted(set(judged["object_id"])))
    table = view_accuracy(judged, views, bands=3)
    cells = sphere_cells(3)
    place = cell_of(view_directions(judged, views), cells)
    row = table[(table["model"] == "two") & (table["condition"] == "so3")].iloc[4]
    own = judged[(judged["model"] == "two") & (judged["condition"] == "so3") & (place == row["cell"])]
    shares = own["correct"].astype(float).groupby(own["class_name"]).agg(["mean", "size"])
    expected = class_interval(shares["mean"], shares["size"])
    assert (row["n_images"], row["n_classes"]) == (len(own), len(shares))
    assert row[["top1", "top1_lo", "top1_hi"]].tolist() == pytest.approx(
        [100 * expected.accuracy, 100 * expected.low, 100 * expected.high]
    )
    assert row["longitude_deg"] == cells["longitude_deg"].iloc[row["cell"]]
    counts = table.groupby(["model", "condition"])["n_images"].sum()
    assert (counts == 17 * 40).all()


def test_what_has_no_direction_is_a_sentence():
    judged = judged_of(images=1)
    views = views_of(sorted(set(judged["object_id"])))
    with pytest.raises(ObjectPoseError, match="1 objects have no canonical view"):
        view_accuracy(judged, views.iloc[1:])
    with pytest.raises(ObjectPoseError, match="need the column qw"):
        view_accuracy(judged.drop(columns="qw"), views)
    with pytest.raises(ObjectPoseError, match="two canonical views"):
        view_accuracy(judged, pd.concat([views, views]))
    with pytest.raises(ObjectPoseError, match="unit length"):
        view_accuracy(judged.assign(qw=2.0), views)
    with pytest.raises(ObjectPoseError, match="2 or more"):
        sphere_cells(1)
