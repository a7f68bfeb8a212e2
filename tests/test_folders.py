"""Folders of pictures as data sets: every layout, bad input, the hash in the name, and a network on the result."""

import hashlib
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image
from scipy.io import savemat

from objectpose.datasets import index
from objectpose.datasets.folder import open_folder
from objectpose.datasets.original_names import CLASSES, read_name
from objectpose.datasets.plan import SCHEMA
from objectpose.engine.runner import RunOptions
from objectpose.engine.session import run_session
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import wordnet_id
from objectpose.models import registry
from objectpose.models.preprocess import geometry
from objectpose.models.recipe import HALF, Preprocess
from objectpose.objects.targets import targets_of_catalogue
from objectpose.rendering.paper import POSES
from objectpose.rendering.poses import distance_deg, object_rotation, to_matrix
from objectpose.results.store import read_predictions

STIMULI = os.environ.get("OBJECTPOSE_STIMULI")
"""The human study's folder of 147 pictures."""
HUMAN_DATA = os.environ.get("OBJECTPOSE_HUMAN_DATA")
"""The folder of its .mat files."""
A1 = {"airliner": [404], "barberchair": [423], "cannon": [471], "fireengine": [555], "foldingchair": [559],
      "forklift": [561], "garbagetruck": [569], "hammerhead": [4], "jeep": [609], "mountainbike": [671],
      "parkbench": [703], "rockingchair": [765], "shoppingcart": [791], "tablelamp": [846, 619], "tank": [847],
      "tractor": [866], "wheelbarrow": [428]}  # fmt: skip


def put(path, size=(20, 16), seed=0, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng([seed, *path.name.encode()]).integers(0, 256, (*size, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, **options)
    return pixels


def tree(root, *paths):
    for path in paths:
        put(root / path)
    return root


def found(root, tmp_path, **options):
    return open_folder(root, renders=tmp_path / "renders", progress=False, **options)


def row_of(dataset, part):
    (name,) = [i for i in dataset.plan["image_id"] if part in i]
    return dataset.plan.set_index("image_id").loc[name]


def fails(root, tmp_path, **options):
    with pytest.raises(ObjectPoseError) as caught:
        found(root, tmp_path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_original_calls_its_objects_so():
    assert {name: list(targets_of_catalogue(ours)) for name, ours in CLASSES.items()} == A1


MAIN = "Data/{0}/bg1/tank_{0}_360/images/tank_{1}_bg1_{2}.png"
TEN = "ObjectPose +-10/{0}/bg1/tank_{0}_360/images/tank_{1}_bg1_{2}.png"


@pytest.mark.parametrize(
    "ten",
    [TEN,
     "newdata/datavalidation/{0}/bg1/tank/images/tank_{1}_bg1_{2}.png",
     "mine/{0}/bg1/tank_{0}_360/images/tank_{1}_bg1_{2}.png"],
)  # fmt: skip
def test_sweeps_and_their_upright_root(tmp_path, ten):
    sweeps = [MAIN.format(pose, pose.lower(), j) for pose in ("ROLL", "PITCH", "YAW") for j in (0, 8, 90, 352)]
    upright = [ten.format(pose, pose.lower(), j) for pose in ("ROLL", "PITCH", "YAW") for j in (0, 10, 352)]
    dataset = found(tree(tmp_path / "set", *sweeps, *upright), tmp_path)
    plan = dataset.plan
    assert dataset.layout == "original"
    assert plan["condition"].value_counts().to_dict() == {"roll": 4, "pitch": 4, "yaw": 4, "upright": 9}
    assert set(plan["baseline"]) == {"upright"}
    swept = row_of(dataset, "Data/PITCH/bg1/tank_PITCH_360/images/tank_pitch_bg1_90")
    assert (swept["sweep_deg"], swept["pitch_deg"], swept["roll_deg"], swept["background"]) == (90, 90, 0, "bg1")
    assert swept["distance_deg"] == pytest.approx(90)
    assert (swept["object_id"], swept["class_name"], list(swept["targets"])) == ("tank/0", "tank", [847])
    still = row_of(dataset, ten.format("ROLL", "roll", 352))
    assert still["roll_deg"] == -8
    assert np.isnan(still["sweep_deg"])
    assert still["distance_deg"] == pytest.approx(8)
    small = row_of(dataset, "Data/ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_8.")
    assert (small["condition"], small["sweep_deg"]) == ("roll", 8)


def test_poses_follow_the_published_base_poses(tmp_path):
    names = ["YAW/bg1/airliner_YAW_360/images/airliner_yaw_bg1_90.png",
             "YAW/bg1/airliner_YAW_360/images/airliner_yaw_bg1_0.png",
             "IN_PLANE_ROLL/nobg/forklift_IN_PLANE_ROLL_360/images/forklift_in_plane_roll_nobg_30.png"]  # fmt: skip
    dataset = found(tree(tmp_path / "set", *names), tmp_path, upright="none")
    turned, straight = (row_of(dataset, f"yaw_bg1_{j}.")[["qw", "qx", "qy", "qz"]].to_numpy(float) for j in (90, 0))
    base = [to_matrix(object_rotation(18 + d, 0, 12)) for d in (0, 90)]
    np.testing.assert_allclose(to_matrix(turned), base[0].T @ base[1], atol=1e-12)
    np.testing.assert_allclose(straight, [1, 0, 0, 0], atol=1e-12)
    plane = row_of(dataset, "in_plane")
    view = to_matrix(POSES["forklift"].roll.at(0))
    about = to_matrix(object_rotation(0, 0, -30))  # the study turns this object the other way round
    turn = to_matrix(plane[["qw", "qx", "qy", "qz"]].to_numpy(float))
    np.testing.assert_allclose(view @ turn, about @ view, atol=1e-12)
    assert (plane["condition"], plane["sweep_deg"], plane["background"]) == ("in_plane", 30, "flat")
    assert plane["tz"] == -9
    assert np.isnan(plane["roll_deg"])


FREE = [
    # generator's folder, the evaluation's folder, condition and what the name says
    ("360/ROLLPITCH/bg2/jeep_ROLLPITCH_360/images/jeep_rollpitch_bg2_36_324.png",
     "ROLLPITCH/bg2/jeep_ROLLPITCH_360/images/jeep_rollpitch_bg2_36_324.png",
     "two_axes", {"pitch_deg": 36, "roll_deg": 324, "background": "bg2", "tz": -6.5}),
    ("rot_both360/ROLL/nobg/jeep_ROLL_360/rot_both_images/jeep_roll_46.png",
     "ROLL/nobg/jeep_ROLL_360/images/jeep_roll_46.png",
     "image_rotation",
     {"sweep_deg": 46, "image_rotation_deg": 46, "roll_deg": 0, "distance_deg": 0, "background": "flat"}),
    ("rot_both360/ROLL/bg1/jeep_ROLL_360/rot_both_images/jeep_roll_0.png",
     "ROLL/bg1/jeep_ROLL_360/images/jeep_roll_0.png",
     "upright_disc", {"image_rotation_deg": 0, "baseline": "upright_disc", "background": "bg1"}),
    ("360/IN_PLANE_ROLL/bg1/jeep_IN_PLANE_ROLL_360/images/jeep_in_plane_roll_bg1_90.png",
     "IN_PLANE_ROLL/bg1/jeep_IN_PLANE_ROLL_360/images/jeep_in_plane_roll_bg1_90.png",
     "in_plane", {"sweep_deg": 90, "background": "bg1"}),
    ("360/bg_rot/jeep_bg_rot_360/bg1/images/jeep_bg1_rot_2_358.png",
     "jeep_360/bg1/images/jeep_bg1_rot_2_358.png",
     "background_rotation", {"sweep_deg": 358, "background_rotation_deg": 358, "distance_deg": 0}),
    ("360/bg_rot/jeep_bg_rot_360/bg2/images/jeep_bg2_rot_2_0.png",
     "jeep_360/bg2/images/jeep_bg2_rot_2_0.png",
     "upright_disc", {"background_rotation_deg": 0, "background": "bg2"}),
    ("360/rot_rand_roll/ROLL/bg1/jeep_ROLL_360/images/jeep_roll_bg1_77_200_31.png",
     "ROLL/bg1/jeep_ROLL_360/images/jeep_roll_bg1_77_200_31.png",
     "incongruent", {"sweep_deg": 31, "roll_deg": 31, "background_rotation_deg": 200, "baseline": "upright_disc"}),
    ("360/rot_rand_roll/ROLL/nobg/jeep_ROLL_360/images/jeep_roll_nobg_77_200_31.png",
     "ROLL/nobg/jeep_ROLL_360/images/jeep_roll_nobg_77_200_31.png",
     "incongruent", {"sweep_deg": 31, "background_rotation_deg": 0, "background": "flat"}),
    ("360/three_axes_rotation/jeep_360/bg1/images/jeep_bg1_0.5235987755982988_1.5707963267948966_3.141592653589793.png",
     "jeep_360/bg1/images/jeep_bg1_0.5235987755982988_1.5707963267948966_3.141592653589793.png",
     "three_axes", {"yaw_deg": 30, "roll_deg": 90, "pitch_deg": 180}),
    ("360/scaling/jeep_scaling_360/nobg/images/jeep_nobg_scaling2_12.png",
     "jeep_360/nobg/images/jeep_nobg_scaling2_12.png",
     "scaling", {"tz": -12, "scale": 1, "distance_deg": 0, "background": "flat"}),
    ("360/scale_and_rot/jeep_360/bg2/images/jeep_bg2_29_120_300_9.png",
     "jeep_360/bg2/images/jeep_bg2_29_120_300_9.png",
     "scaling_rotation", {"yaw_deg": 29, "roll_deg": 120, "pitch_deg": 300, "tz": -9, "baseline": "scaling"}),
]  # fmt: skip


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("case", FREE, ids=lambda case: case[0].rpartition("/")[2])
def test_every_variant_of_the_original_in_both_its_folders(tmp_path, case, place):
    *paths, condition, says = case
    dataset = found(tree(tmp_path / "set", paths[place]), tmp_path, upright="none")
    assert dataset.layout == "original"
    row = row_of(dataset, paths[place])
    assert row["condition"] == condition
    for column, value in says.items():
        if column == "baseline" and condition != value:
            continue  # alone in its folder, it is compared with nothing
        assert row[column] == (value if isinstance(value, str) else pytest.approx(value))


def test_all_variants_side_by_side_keep_their_baselines(tmp_path):
    upright = [f"ObjectPose +-10/ROLL/{bg}/jeep_ROLL_360/images/jeep_roll_{bg}_0.png" for bg in ("bg1", "bg2", "nobg")]
    discs = [f"Image Rotation/ROLL/{bg}/jeep_ROLL_360/images/jeep_roll_0.png" for bg in ("bg1", "bg2", "nobg")]
    scales = [f"scaling/jeep_360/{bg}/images/jeep_{bg}_scaling2_9.png" for bg in ("bg1", "bg2", "nobg")]
    rest = [f"{case[2]}/{case[1]}" for case in FREE if case[2] != "upright_disc"]
    plan = found(tree(tmp_path / "set", *upright, *discs, *scales, *rest), tmp_path).plan
    pairs = dict(plan[["condition", "baseline"]].drop_duplicates().itertuples(index=False))
    assert pairs == {
        "upright": "upright", "upright_disc": "upright_disc", "two_axes": "upright", "image_rotation": "upright_disc",
        "in_plane": "upright", "background_rotation": "upright_disc", "incongruent": "upright_disc",
        "three_axes": "upright", "scaling": "upright", "scaling_rotation": "scaling",
    }  # fmt: skip
    assert pq.ParquetFile(next(tmp_path.glob("renders/*/plan.parquet"))).schema_arrow.equals(SCHEMA)
    assert plan["image_id"].is_unique


def test_only_sweeps_need_a_word_on_what_is_upright(tmp_path):
    names = [f"ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_{j}.png" for j in (0, 10, 12, 180, 350)]
    root = tree(tmp_path / "set", *names)
    sentence = fails(root, tmp_path)
    assert "lacks pictures of 'upright'" in sentence
    assert "dataset.upright=sweeps" in sentence
    twice = found(root, tmp_path, upright="sweeps")
    assert twice.plan["condition"].value_counts().to_dict() == {"roll": 5, "upright": 3}
    copy = row_of(twice, "roll_bg1_350.png#upright")
    assert (copy["roll_deg"], copy["baseline"]) == (-10, "upright")
    assert (twice.image(f"{names[4]}#upright") == twice.image(names[4])).all()
    alone = found(root, tmp_path, upright="none")
    assert set(alone.plan["baseline"]) == {"roll"}
    assert alone.name != twice.name
    tree(root, TEN.format("ROLL", "roll", 0))
    assert "upright pictures of its own" in fails(root, tmp_path, upright="sweeps")


def test_a_baseline_must_have_every_object_on_every_background(tmp_path):
    root = tree(tmp_path / "set", MAIN.format("ROLL", "roll", 90), TEN.format("ROLL", "roll", 0),
                "Data/ROLL/bg1/jeep_ROLL_360/images/jeep_roll_bg1_90.png",
                "ObjectPose +-10/ROLL/bg2/jeep_ROLL_360/images/jeep_roll_bg2_0.png")  # fmt: skip
    assert "for jeep/0 on bg1" in fails(root, tmp_path)
    tree(root, "ObjectPose +-10/ROLL/bg1/jeep_ROLL_360/images/jeep_roll_bg1_0.png")
    assert len(found(root, tmp_path)) == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ROLL/bg1/tnak_ROLL_360/images/tnak_roll_bg1_0.png", ["tnak", "the nearest is: tank"]),
        ("ROLL/bg1/tank_ROLL_360/images/holiday.png", ["holiday.png", "airliner_roll_bg1_42.png"]),
        ("ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_400.png", ["400", "0 to 360 degrees"]),
        ("tank_360/bg1/images/tank_bg1_30_90_180.png", ["30", "radians"]),
        ("ROLL/bg1/tank_ROLL_360/images/tank_roll_bg2_0.png", ["bg2", "lies in 'bg1'"]),
        ("ROLL/bg1/jeep_ROLL_360/images/tank_roll_bg1_0.png", ["tank", "jeep_ROLL_360"]),
        ("tank_roll_44.png", ["tells the background"]),
        ("x +-10/ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_90.png", ["90 degrees", "+-10"]),
        ("copy/ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_2.png", ["same picture", "tank_roll_bg1_2.png"]),
        ("tank_360/bg1/images/tank_bg1_scaling2_-3.png", ["depth -3"]),
    ],
)
def test_wrong_names_in_the_original_are_sentences(tmp_path, name, words):
    good = "ROLL/bg1/tank_ROLL_360/images/tank_roll_bg1_2.png"
    root = tree(tmp_path / "set", good, name)
    sentence = fails(root, tmp_path, layout="original", upright="none")
    assert all(word in sentence for word in words), sentence


def test_names_are_read_without_their_row_number():
    path = "so3/tank_360/bg1/images/tank_bg1_1.0_2.0_3.0_r000123.png"
    assert read_name(path).numbers == tuple(pytest.approx(math.degrees(v)) for v in (1, 2, 3))


def test_imagenetv2(tmp_path):
    dataset = found(tree(tmp_path / "set", "0/a.png", "847/x.jpeg", "847/y.PNG", "134/b.png"), tmp_path)
    assert dataset.layout == "imagenetv2"
    assert dataset.plan["class_name"].tolist() == ["tench", "crane_134", "tank", "tank"]
    assert dataset.plan["targets"].tolist() == [[0], [134], [847], [847]]
    assert dataset.plan["object_id"].tolist()[-2:] == ["tank/0", "tank/1"]
    assert set(dataset.plan["condition"]) == set(dataset.plan["baseline"]) == {"photo"}
    assert dataset.coverage is None
    assert len(found(dataset.path, tmp_path, layout="imagenetv2")) == 4
    assert "mean the same class" in fails(tree(dataset.path, "0847/z.png"), tmp_path)
    assert "'1000' in" in fails(tree(tmp_path / "more", "1000/z.png"), tmp_path, layout="imagenetv2")
    assert "in no class's folder" in fails(tree(tmp_path / "flat", "z.png"), tmp_path, layout="imagenetv2")


def test_co3d(tmp_path):
    root = tree(tmp_path / "set", "banana/images/1.jpg", "parkbench/images/1.jpg", "park_bench2/x.jpg")
    (root / "park_bench2/x.jpg").unlink()
    dataset = found(root, tmp_path)
    assert dataset.layout == "co3d"
    assert dataset.plan["class_name"].tolist() == ["banana", "park_bench"]
    assert dataset.plan["targets"].tolist() == [[954], [703]]
    tree(root, "banana/110_13/images/frame1.jpg", "banana/110_13/images/frame2.jpg", "banana/200_5/images/frame1.jpg")
    assert found(root, tmp_path).plan["instance"].tolist() == [0, 0, 1, 2, 0]
    sentence = fails(tree(root, "bananna/images/frame.jpg"), tmp_path, layout="co3d")
    assert "the nearest is: banana" in sentence
    assert "not where CO3D's pictures are" in fails(tree(tmp_path / "b", "banana/1.jpg"), tmp_path, layout="co3d")


def test_imagefolder_by_wordnet_id_and_by_name(tmp_path):
    names = [wordnet_id(847), "Park Bench", "jack_o_lantern", "banana", "lamp shade"]
    dataset = found(tree(tmp_path / "set", *(f"{name}/a/1.png" for name in names)), tmp_path)
    assert dataset.layout == "imagefolder"
    rows = dataset.plan.sort_values("class_name")
    assert rows["class_name"].tolist() == ["banana", "jack_o_lantern", "lampshade", "park_bench", "tank"]
    assert rows["targets"].tolist() == [[954], [607], [619], [703], [847]]
    assert "mean the same class" in fails(tree(dataset.path, "tank/1.png"), tmp_path)
    assert wordnet_id(134) in fails(tree(tmp_path / "b", "crane/1.png", "banana/1.png"), tmp_path)
    sentence = fails(tree(tmp_path / "c", "park_bnech/1.png", "banana/1.png"), tmp_path)
    assert "the nearest are: park bench" in sentence


def test_every_class_has_a_folder_and_a_name_of_its_own(tmp_path):
    root = tmp_path / "set"
    for i in range(1000):
        (root / str(i)).mkdir(parents=True)
        Image.new("L", (1, 1)).save(root / str(i) / "a.png")
    plan = found(root, tmp_path).plan
    assert plan["class_name"].nunique() == plan["object_id"].nunique() == 1000
    assert sorted(t for (t,) in plan["targets"]) == list(range(1000))


STUDY = ["404_0_350_0_0.png", "404_1_144_241_45.png", "404_2_294_342_270.png", "471_0_0_0_0.png"]


def test_stimuli_and_their_alternatives(tmp_path):
    root = tree(tmp_path / "set", *STUDY)
    dataset = found(root, tmp_path)
    assert dataset.layout == "stimuli"
    assert dataset.plan["condition"].tolist() == ["upright", "rotated_correct", "rotated_incorrect", "upright"]
    assert set(dataset.plan["baseline"]) == {"upright"}
    assert dataset.plan["alt_targets"].isna().all()
    row = row_of(dataset, "404_1")
    assert (row["pitch_deg"], row["yaw_deg"], row["roll_deg"]) == (144, 241, 45)
    assert row["distance_deg"] == pytest.approx(distance_deg(object_rotation(241, 144, 45)))
    assert row_of(dataset, "404_0")["distance_deg"] == pytest.approx(10)

    data = tmp_path / "mat"
    data.mkdir()
    table = np.array([[404, 895, 0, 1], [404, 812, 1, 1], [404, 657, 2, 0], [471, 764, 0, 1]], np.uint16)
    savemat(data / "vit.mat", {"data": table})
    savemat(data / "group1.mat", {"data": table[:, [0, 2, 3]]})  # for error consistency: no alternative
    trials = np.zeros((2, 11))
    trials[:, [0, 1, 3]] = [[404, 895, 0], [404, 657, 2]]
    savemat(data / "subj_11_unlim.mat", {"condi": trials})  # with the empty column of that one file
    twoway = found(root, tmp_path, alternatives=data)
    assert twoway.plan["alt_targets"].map(list).tolist() == [[895], [812], [657], [764]]
    assert twoway.name != dataset.name
    assert "say nothing of" in fails(root, tmp_path, alternatives=data / "subj_11_unlim.mat")
    assert "holds no trial" in fails(root, tmp_path, alternatives=data / "group1.mat")
    savemat(data / "wrong.mat", {"data": np.array([[404, 1, 0, 1]])})
    assert "remove the wrong one" in fails(root, tmp_path, alternatives=data)
    assert "no folder with the human study's" in fails(root, tmp_path, alternatives=tmp_path / "none.mat")
    (tmp_path / "names.xlsx").write_bytes(b"PK")
    assert "cannot be read as a MATLAB file" in fails(root, tmp_path, alternatives=tmp_path / "names.xlsx")


def test_stimuli_that_stand_twice_or_are_called_otherwise(tmp_path):
    root = tree(tmp_path / "set", *STUDY, "404_0_8_0_0.png")
    assert "both class 404 in pose 0" in fails(root, tmp_path)
    (root / "404_0_8_0_0.png").rename(root / "note.png")
    assert "none of the human study's" in fails(root, tmp_path, layout="stimuli")
    no_alternatives = tree(tmp_path / "b", "banana/1.png")
    savemat(tmp_path / "vit.mat", {"data": np.array([[404, 895, 0, 1]])})
    assert "only 'stimuli'" in fails(no_alternatives, tmp_path, alternatives=tmp_path / "vit.mat")
    assert "only 'original' has sweeps" in fails(no_alternatives, tmp_path, upright="sweeps")


@pytest.mark.skipif(STIMULI is None, reason="OBJECTPOSE_STIMULI does not name the human study's pictures")
def test_the_studys_own_pictures(tmp_path):
    dataset = found(Path(STIMULI), tmp_path, alternatives=HUMAN_DATA)
    assert dataset.layout == "stimuli"
    plan = dataset.plan
    assert plan["condition"].value_counts().to_dict() == {"upright": 51, "rotated_correct": 51, "rotated_incorrect": 45}
    assert plan["class_name"].nunique() == 51
    upright = plan[plan["condition"] == "upright"]
    assert upright["distance_deg"].max() <= 10 + 1e-6
    assert plan.loc[plan["condition"] != "upright", "distance_deg"].min() > 10
    assert (dataset.image(plan["image_id"].iloc[0])[0, 0] == (124, 116, 104)).all()
    if HUMAN_DATA is not None:
        assert plan["alt_targets"].map(len).eq(1).all()
        assert (plan["alt_targets"].map(lambda t: t[0]) != plan["targets"].map(lambda t: t[0])).all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": None}, "dataset.path is not set"),
        ({"path": "nowhere"}, "There is no folder"),
        ({"path": "empty"}, "holds no picture"),
        ({"path": "file.zip"}, "unpack"),
        ({"path": "odd"}, "looked for an export of this package"),
        ({"path": "odd", "layout": "orignal"}, "the nearest is: original"),
        ({"path": "odd", "upright": "sweep"}, "the nearest is: sweeps"),
        ({"path": "odd", "layout": "objectpose"}, "no finished export"),
        ({"path": "odd", "name": "a/b"}, "expected letters"),
    ],
)
def test_wrong_folders_are_sentences(tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty/.hidden").mkdir(parents=True)
    put(tmp_path / "empty/.hidden/a.png")
    (tmp_path / "file.zip").write_bytes(b"PK")
    tree(tmp_path / "odd", "holiday/a.png", "b.png")
    with pytest.raises(ObjectPoseError, match=words):
        open_folder(**options, progress=False)
    assert not (tmp_path / "renders").exists()


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_damaged_picture_is_named(tmp_path, ending):
    root = tree(tmp_path / "set", "banana/a.png", f"banana/b.{ending}")
    path = root / f"banana/b.{ending}"
    whole = path.read_bytes()
    path.write_bytes(b"no picture at all")
    assert f"b.{ending} cannot be read as a picture" in fails(root, tmp_path)
    path.write_bytes(b"")
    assert f"b.{ending} cannot be read as a picture" in fails(root, tmp_path)
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(ObjectPoseError, match=rf"b\.{ending} cannot be read as a picture"):
        found(root, tmp_path).image(f"banana/b.{ending}")


def test_a_huge_picture_is_named(tmp_path):
    root = tmp_path / "set/banana"
    root.mkdir(parents=True)
    Image.new("1", (10_000, 10_000)).save(root / "huge.png")
    assert "huge.png is too large" in fails(tmp_path / "set", tmp_path)


def test_every_kind_of_picture_becomes_rgb(tmp_path):
    folder = tmp_path / "set/banana"
    folder.mkdir(parents=True)
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(grey).save(folder / "grey.png")
    Image.fromarray(grey.astype(np.uint16) * 257).save(folder / "grey16.png")
    Image.fromarray(grey > 127).save(folder / "one_bit.png")
    palette = Image.fromarray(grey, "L").convert("P", palette=Image.Palette.ADAPTIVE)
    palette.save(folder / "palette.png")
    palette.save(folder / "see_through.png", transparency=0)
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(folder / "cmyk.jpg", quality=100)
    Image.fromarray(np.dstack([grey, grey, grey, np.where(grey > 127, 255, 0).astype(np.uint8)])).save(folder / "a.png")
    Image.fromarray(np.dstack([grey, np.full_like(grey, 128)])).save(folder / "la.png")
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "first.webp", save_all=True, append_images=frames[1:], lossless=True)
    dataset = found(tmp_path / "set", tmp_path)
    shown = {Path(i).name: dataset.image(i) for i in dataset.plan["image_id"]}
    assert all(p.dtype == np.uint8 and p.ndim == 3 and p.shape[2] == 3 for p in shown.values())
    three = np.repeat(grey[..., None], 3, axis=2)
    for name in ("grey.png", "grey16.png", "palette.png"):
        assert (shown[name] == three).all(), name
    assert (shown["one_bit.png"] == np.where(three > 127, 255, 0)).all()
    assert (shown["a.png"] == np.where(three > 127, three, np.array([124, 116, 103]))).all()
    assert np.abs(shown["la.png"] - (three / 2 + np.array([124, 116, 103]) / 2)).max() <= 1.5
    hidden = (shown["see_through.png"] != three).any(axis=2)
    assert hidden.sum() == 1
    assert (shown["see_through.png"][hidden] == (124, 116, 103)).all()
    assert np.abs(shown["cmyk.jpg"].astype(int) - (255, 0, 0)).max() <= 3
    assert (shown["first.webp"] == (255, 0, 0)).all()


def test_pixels_without_an_8_bit_meaning_are_refused(tmp_path):
    folder = tmp_path / "set/banana"
    folder.mkdir(parents=True)
    Image.fromarray(np.ones((4, 4), np.float32)).save(folder / "a.tif")
    assert "pixels of type 'F'" in fails(tmp_path / "set", tmp_path)


def test_the_orientation_of_a_photograph_is_applied(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # show it turned by 90 degrees clockwise
    pixels = put(tmp_path / "set/banana/a.png", size=(20, 16), exif=exif)
    shown = found(tmp_path / "set", tmp_path).image("banana/a.png")
    assert (shown == np.rot90(pixels, -1)).all()


def test_the_name_covers_paths_and_content_and_not_the_place(tmp_path):
    root = tree(tmp_path / "one", "banana/a.png", "banana/b.png")
    first = found(root, tmp_path, name="mine")
    assert first.name.startswith("mine-")
    assert len(first.name) == len("mine-") + 12
    copy = tree(tmp_path / "two", "banana/a.png", "banana/b.png")
    assert found(copy, tmp_path, name="mine").name == first.name
    assert found(copy, tmp_path).name.startswith("two-")
    (copy / "banana/b.png").rename(copy / "banana/c.png")
    assert found(copy, tmp_path, name="mine").name != first.name
    put(root / "banana/b.png", seed=1)
    changed = found(root, tmp_path, name="mine")
    assert changed.name != first.name
    assert {path.name for path in changed.folder.iterdir()} == {"plan.parquet", "index.parquet", "manifest.json"}
    manifest = json.loads((changed.folder / "manifest.json").read_text())
    assert manifest["counts"] == {"images": 2, "files": 2}
    sums = pq.read_table(changed.folder / "index.parquet").to_pandas().set_index("path")["sha256"]
    assert sums["banana/b.png"] == hashlib.sha256((root / "banana/b.png").read_bytes()).hexdigest()


def test_only_changed_files_are_read_again(tmp_path, monkeypatch):
    root = tree(tmp_path / "one", "banana/a.png", "banana/b.png")
    read = []
    inspect = index.inspect_picture
    monkeypatch.setattr(index, "inspect_picture", lambda data, where: (read.append(where.name), inspect(data, where)))
    first = found(root, tmp_path)
    assert sorted(read) == ["a.png", "b.png"]
    assert found(root, tmp_path).name == first.name
    assert len(read) == 4  # too young to be trusted: a change within the same tick of the clock would go unseen
    monkeypatch.setattr(time, "time_ns", lambda: 10_000_000_000 + time.clock_gettime_ns(time.CLOCK_REALTIME))
    found(root, tmp_path)
    del read[:]
    assert found(root, tmp_path).name == first.name
    assert read == []
    state = (root / "banana/a.png").stat()
    content = bytearray((root / "banana/a.png").read_bytes())
    put(root / "banana/a.png", seed=1)
    assert len(content) == (root / "banana/a.png").stat().st_size  # noise does not compress: the size says nothing
    os.utime(root / "banana/a.png", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert found(root, tmp_path).name != first.name
    assert read == ["a.png"]


def test_a_picture_that_changes_after_opening_is_noticed(tmp_path):
    root = tree(tmp_path / "one", "banana/a.png", "banana/b.png")
    dataset = found(root, tmp_path)
    put(root / "banana/a.png", seed=1)
    with pytest.raises(ObjectPoseError, match=r"a\.png was changed since it was indexed"):
        dataset.images(0, 2)[0]
    (root / "banana/b.png").unlink()
    with pytest.raises(ObjectPoseError, match=r"b\.png cannot be read any more"):
        dataset.images(0, 2)[1]


def test_links_are_followed_once(tmp_path):
    root = tree(tmp_path / "set", "banana/a.png", "banana/._a.png")
    (root / "tank").symlink_to(tree(tmp_path / "elsewhere", "x.png"))
    (root / "banana/round").symlink_to(root)
    assert found(root, tmp_path).plan["image_id"].tolist() == ["banana/a.png", "tank/x.png"]


def test_geometry_takes_pictures_of_different_sizes():
    spec = Preprocess.of_crop(24, 0.875, "bicubic", HALF, HALF)
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, (*size, 3), dtype=np.uint8) for size in [(40, 31), (24, 24), (31, 40), (40, 31)]]
    together = geometry(pictures, spec, threads=2)
    assert together.shape == (4, 24, 24, 3)
    for picture, one in zip(pictures, together, strict=True):
        assert (geometry(picture[None], spec)[0] == one).all()


def test_a_network_answers_on_pictures_of_different_sizes(tmp_path):
    root = tmp_path / "set"
    for number, size in enumerate([(300, 200), (120, 260), (224, 224), (64, 500), (333, 222)]):
        put(root / f"{('banana', 'tank')[number % 2]}/{number}.png", size=size)
    dataset = found(root, tmp_path)
    specs = registry.resolve("efficientnet_lite0")
    options = RunOptions("cpu", 2, progress=False)
    outcome = run_session(specs, dataset, tmp_path / "results", options, preprocess="native", weights_dir=None)
    assert outcome.failures == ()
    answers = read_predictions(outcome.finished[0].path)
    assert answers["image_id"].tolist() == dataset.plan["image_id"].tolist()
    assert answers["target_prob"].between(0, 1).all()
    assert outcome.finished[0].path.parent.name == dataset.name
    again = run_session(specs, found(root, tmp_path), tmp_path / "results", options, preprocess="native",
                        weights_dir=None)  # fmt: skip
    assert again.finished[0].cached
    (root / "banana/0.png").write_bytes((root / "banana/0.png").read_bytes()[:-4000])
    with pytest.raises(ObjectPoseError, match=r"0\.png"):
        run_session(specs, found(root, tmp_path), tmp_path / "results", options, preprocess="native", weights_dir=None)
