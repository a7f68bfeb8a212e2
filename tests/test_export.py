"""A rendered data set as PNG files in the original's layout, and back."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock
from PIL import Image

from objectpose.datasets import export
from objectpose.datasets.backgrounds import Backgrounds
from objectpose.datasets.export import export_original
from objectpose.datasets.folder import open_folder
from objectpose.datasets.original_names import original_paths
from objectpose.datasets.render import render_dataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.errors import ObjectPoseError
from objectpose.objects.catalogue import entry_of
from objectpose.objects.entry import Library
from objectpose.rendering.conditions import CONDITIONS, parameters_of
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.poses import conjugate, distance_deg, multiply, object_rotation

GIVEN = {"upright": {"step_deg": 5, "per_axis": 1}, "two_axes": {"step_deg": 120}, "upright_disc": {"count": 2}}
AXES = {"YAW": "yaw", "PITCH": "pitch", "ROLL": "roll"}
EVERY = tuple((name, parameters_of(name, GIVEN.get(name, {"count": 3}))) for name in CONDITIONS)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    spec = DatasetSpec("all", ("table_lamp/0", "park_bench/0", "bucket/1"), EVERY, image_size_px=32, supersampling=1,
                       backgrounds=Backgrounds(("flat", "bg1")))  # fmt: skip
    return render_dataset(spec, CpuBackend(2), tmp_path_factory.mktemp("renders"), progress=False)


@pytest.fixture(scope="module")
def exported(rendered, tmp_path_factory):
    return export_original(rendered, tmp_path_factory.mktemp("export") / "png", progress=False)


def opened(folder, tmp_path, **options):
    return open_folder(folder, renders=tmp_path / "renders", progress=False, **options)


def content_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.suffix != ".lock"}


def test_an_imported_export_has_equal_pixels_and_an_equal_plan(rendered, exported, tmp_path):
    dataset = opened(exported, tmp_path)
    assert dataset.layout == "objectpose"
    assert dataset.of_catalogue
    pd.testing.assert_frame_equal(dataset.plan, rendered.plan)
    pd.testing.assert_frame_equal(dataset.coverage, rendered.coverage)
    assert len(dataset) == len(rendered) > 300
    assert np.stack(list(dataset.images(0, len(dataset)))).tobytes() == rendered.images(0, len(rendered)).tobytes()
    name = rendered.plan["image_id"].iloc[77]
    assert (dataset.image(name) == rendered.image(name)).all()
    shutil.copytree(exported, tmp_path / "elsewhere" / exported.name)
    assert opened(tmp_path / "elsewhere" / exported.name, tmp_path).name == dataset.name


def test_the_export_reads_as_the_original(rendered, exported, tmp_path):
    pure = tmp_path / "pure"
    paths = original_paths(rendered.plan)
    for path in paths:
        if "bucket" not in path:  # the original has none
            (pure / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(exported / path, pure / path)
    theirs = opened(pure, tmp_path)
    assert theirs.layout == "original"
    ours = rendered.plan.assign(path=paths).set_index("path")
    both = theirs.plan.set_index("image_id").join(ours.add_suffix("_ours"))
    assert len(both) == (rendered.plan["class_name"] != "bucket").sum()
    turned = both["condition_ours"].isin(["image_rotation", "background_rotation"])
    straight = turned & (both["sweep_deg_ours"] == 0)  # without a turn they are their own baseline
    assert (both.loc[straight, "condition"] == "upright_disc").all()
    assert straight.any()
    both = both[~straight]
    for column in ("condition", "baseline", "class_name", "background", "background_rotation_deg"):
        assert (both[column] == both[f"{column}_ours"]).all(), column
    np.testing.assert_allclose(both["image_rotation_deg"], both["image_rotation_deg_ours"])
    np.testing.assert_allclose(both["sweep_deg"], both["sweep_deg_ours"])
    stated = both["condition"].isin(["upright", "upright_disc", "roll", "pitch", "yaw", "two_axes", "three_axes"])
    for axis in ("yaw_deg", "pitch_deg", "roll_deg"):
        np.testing.assert_allclose(both.loc[stated, axis], both.loc[stated, f"{axis}_ours"], atol=1e-7)
    assert (both["targets"] == both["targets_ours"]).all()
    free = both[both["condition"].isin(["so3", "tilt", "gate", "scaling_rotation"])]
    assert len(free) == 4 * 2 * 2 * 3  # conditions, objects, backgrounds, poses
    for _, row in free.iterrows():
        said = object_rotation(row["yaw_deg"], row["pitch_deg"], row["roll_deg"])
        ours = row[[f"q{axis}_ours" for axis in "wxyz"]].to_numpy(float)
        whole = row["condition"] == "scaling_rotation"  # written in whole degrees, cut off
        assert distance_deg(multiply(conjugate(said), ours)) < (3 if whole else 1e-6)
        if whole:
            near = 2 - row["tz_ours"]
            assert (2 - row["tz"]) * row["scale_ours"] == pytest.approx(near, rel=1e-6)


def test_an_export_of_own_objects_keeps_its_labels(tmp_path):
    mine = replace(entry_of("bucket/0"), object_id="table_lamp/7", class_name="table_lamp", instance=7, targets=(1, 2))
    spec = DatasetSpec("own", (mine.object_id,), (("upright", parameters_of("upright", {"step_deg": 10})),),
                       image_size_px=32, supersampling=1, library=Library("meshes", (mine,)))  # fmt: skip
    own = render_dataset(spec, CpuBackend(1), tmp_path, progress=False)
    dataset = opened(export_original(own, tmp_path / "png", progress=False), tmp_path)
    assert not dataset.of_catalogue
    assert set(map(tuple, dataset.plan["targets"])) == {(1, 2)}
    pd.testing.assert_frame_equal(dataset.plan, own.plan)
    assert (
        tmp_path / "png/ObjectPose +-10/ROLL/nobg/tablelamp-7_ROLL_360/images/tablelamp-7_roll_nobg_10.png"
    ).is_file()


def test_names_and_folders_are_the_originals(rendered):
    paths = original_paths(rendered.plan)
    assert len(set(paths)) == len(paths)
    for expected in (
        "Data/ROLL/bg1/parkbench_ROLL_360/images/parkbench_roll_bg1_120.png",
        *(f"ObjectPose +-10/{a}/nobg/tablelamp_{a}_360/images/tablelamp_{b}_nobg_0.png" for a, b in AXES.items()),
        "ObjectPose +-10/PITCH/nobg/tablelamp_PITCH_360/images/tablelamp_pitch_nobg_355.png",
        "Image Rotation/ROLL/nobg/parkbench_ROLL_360/images/parkbench_roll_240.png",
        "IN_PLANE_Rotation/IN_PLANE_ROLL/bg1/parkbench_IN_PLANE_ROLL_360/images/parkbench_in_plane_roll_bg1_0.png",
        "two_axes/ROLLPITCH/bg1/parkbench_ROLLPITCH_360/images/parkbench_rollpitch_bg1_240_120.png",
        "background_rotation/parkbench_360/bg1/images/parkbench_bg1_rot_2_120.png",
        "Data/ROLL/bg1/bucket-1_ROLL_360/images/bucket-1_roll_bg1_120.png",
    ):
        assert expected in paths
    tops = {path.partition("/")[0] for path in paths}
    assert tops == {"Data", "ObjectPose +-10", "Image Rotation", "IN_PLANE_Rotation", "two_axes", "background_rotation",
                    "incongruent", "three_axes_rotation", "scaling", "scale_and_rotation", "upright_disc", "so3",
                    "tilt", "gate"}  # fmt: skip


def test_rows_with_one_name_get_their_numbers(rendered):
    plan = pd.concat([rendered.plan.iloc[[50]]] * 3, ignore_index=True)
    first, second, third = original_paths(plan)
    assert second == first.replace(".png", "_r000001.png")
    assert third == first.replace(".png", "_r000002.png")


def test_other_libraries_see_the_same_pixels(rendered, exported):
    path = original_paths(rendered.plan)[123]
    with Image.open(exported / path) as image:
        assert (image.mode, image.size) == ("RGB", (32, 32))
        assert (np.asarray(image) == rendered.images(123, 124)[0]).all()


class Killed(BaseException):
    pass


def test_a_killed_export_is_gone_on_with(rendered, exported, tmp_path, monkeypatch):
    folder = tmp_path / "png"
    encode, made = export._png, []

    def some(picture):
        made.append(1)
        if len(made) > 150:
            raise Killed
        return encode(picture)

    with monkeypatch.context() as patched:
        patched.setattr(export, "_png", some)
        with pytest.raises(Killed):
            export_original(rendered, folder, progress=False)
    assert not (folder / "manifest.json").exists()
    with pytest.raises(ObjectPoseError, match="no finished export"):
        opened(folder, tmp_path, layout="objectpose")
    there = sorted(folder.rglob("*.png"))
    assert 50 < len(there) < len(rendered)
    there[3].write_bytes(there[3].read_bytes()[:100])  # as a machine that lost its power may leave it
    there[4].write_bytes(encode(np.zeros((32, 32, 3), np.uint8)))
    del made[:]
    monkeypatch.setattr(export, "_png", lambda picture: (made.append(1), encode(picture))[1])
    export_original(rendered, folder, progress=False)
    assert len(made) <= len(rendered) - len(there) + 2 + export._SAMPLE
    assert content_of(folder) == content_of(exported)
    del made[:]
    export_original(rendered, folder, progress=False)  # nothing to do
    assert made == []


def test_a_finished_export_that_lost_a_picture_is_mended(rendered, exported, tmp_path):
    folder = tmp_path / "png"
    shutil.copytree(exported, folder)
    lost = next(folder.rglob("*.png"))
    lost.unlink()
    with pytest.raises(ObjectPoseError, match="is missing from the export"):
        opened(folder, tmp_path)
    export_original(rendered, folder, progress=False)
    assert lost.is_file()
    assert content_of(folder) == content_of(exported)


@pytest.mark.parametrize("what", ["picture", "plan.parquet", "coverage.parquet"])
def test_a_changed_export_is_noticed(exported, tmp_path, what):
    folder = tmp_path / "png"
    shutil.copytree(exported, folder)
    path = next(folder.rglob("*.png")) if what == "picture" else folder / what
    if what == "picture":
        Image.new("RGB", (32, 32)).save(path)
    else:
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ObjectPoseError, match="changed after the export"):
        opened(folder, tmp_path)


def test_options_of_other_layouts_are_refused(exported, tmp_path):
    with pytest.raises(ObjectPoseError, match="a plan of its own"):
        opened(exported, tmp_path, upright="none")


def test_an_export_of_another_version_is_refused(exported, tmp_path):
    folder = tmp_path / "png"
    shutil.copytree(exported, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 99}))
    with pytest.raises(ObjectPoseError, match="version 99, expected 1"):
        opened(folder, tmp_path)


def test_foreign_folders_are_left_alone(rendered, exported, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("dear reader")
    with pytest.raises(ObjectPoseError, match="not empty and no export"):
        export_original(rendered, tmp_path / "full", progress=False)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["letter.txt"]
    with pytest.raises(ObjectPoseError, match="is a file"):
        export_original(rendered, tmp_path / "full/letter.txt", progress=False)
    with pytest.raises(ObjectPoseError, match="no export"):
        export_original(rendered, rendered.folder, progress=False)
    spec = DatasetSpec("other", ("table_lamp/0",), (("upright", parameters_of("upright", {"step_deg": 10})),),
                       image_size_px=32, supersampling=1)  # fmt: skip
    other = render_dataset(spec, CpuBackend(1), tmp_path, progress=False)
    with pytest.raises(ObjectPoseError, match=f"holds an export of {rendered.name}, not of {other.name}"):
        export_original(other, exported, progress=False)


def test_a_second_process_is_told_to_wait(rendered, tmp_path):
    (tmp_path / "png").mkdir()
    with FileLock(tmp_path / "png" / ".export.lock"), pytest.raises(ObjectPoseError, match="Another process"):
        export_original(rendered, tmp_path / "png", progress=False)


def test_no_space_is_refused_before_anything_is_written(rendered, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ObjectPoseError, match="GB are free"):
        export_original(rendered, tmp_path / "new", progress=False)
    assert not Path(tmp_path / "new").exists()
