"""Plans, hashes, shards: equal inputs give equal bytes, a killed render goes on, damage is noticed."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from objectpose.datasets import render as rendering
from objectpose.datasets.backgrounds import Backgrounds, disc
from objectpose.datasets.plan import SCHEMA, build_plan, count_rows, label_hash
from objectpose.datasets.render import dataset_folder, render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.errors import ObjectPoseError
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.symmetry import Symmetry
from objectpose.rendering.conditions import CONDITIONS, parameters_of
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.scene import Light

CPU = CpuBackend(2)
EVALUATED = tuple(name for name in CONDITIONS if name != "gate")


def conditions(**counts):
    return tuple(
        (name, parameters_of(name, {"step_deg": 10} if name == "upright" else {"count": counts.get(name, 3)}))
        for name in ("upright", *counts)
    )


def small(**changes):
    base = DatasetSpec("small", ("table_lamp/0", "park_bench/0"), conditions(tilt=4, so3=3), image_size_px=48)
    return replace(base, **changes)


def bytes_of(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != "lock"
    }


def test_plan_has_the_documented_columns_and_unique_ids():
    few = {n: {"count": 4} if "count" in CONDITIONS[n].uses and n != "upright" else {} for n in EVALUATED}
    spec = small(
        conditions=tuple((n, parameters_of(n, given)) for n, given in few.items()),
        backgrounds=Backgrounds(("flat", "bg1")),
    )
    plan = build_plan(spec)
    assert plan.schema.equals(SCHEMA)
    frame = plan.to_pandas()
    assert frame["image_id"].is_unique
    assert frame["condition"].value_counts().to_dict() == count_rows(spec)
    assert len(frame) == sum(count_rows(spec).values())
    assert (frame["tz"] < -5).all()
    q = frame[["qw", "qx", "qy", "qz"]].to_numpy()
    np.testing.assert_allclose(np.linalg.norm(q, axis=1), 1)
    assert frame.loc[frame["condition"] == "upright", "distance_deg"].max() <= 10 + 1e-6
    lamp = frame[frame["object_id"] == "table_lamp/0"]
    assert (lamp.loc[lamp["condition"] == "yaw", "distance_deg"] < 1e-5).all()  # any angle about its axis
    bench = frame[frame["object_id"] == "park_bench/0"]
    assert bench.loc[bench["condition"] == "yaw", "distance_deg"].max() > 90
    swept = ["roll", "pitch", "yaw", "in_plane", "image_rotation", "background_rotation", "incongruent"]
    assert frame["sweep_deg"].notna().eq(frame["condition"].isin(swept)).all()
    pairs = frame.pivot_table(index=["object_id", "condition"], columns="background", values="seed", aggfunc="sum")
    assert (pairs["flat"].dropna() == pairs["bg1"][pairs["flat"].notna()]).all()  # backgrounds share poses
    assert pairs["flat"].isna().sum() == 2  # a flat background is not turned
    assert list(frame["targets"].iloc[0]) == [846, 619]


def test_hash_covers_what_can_change_a_pixel_and_no_label(monkeypatch):
    base = small()
    changed = [
        small(seed=1),
        small(image_size_px=64),
        small(supersampling=1),
        small(light=Light(ambient=0.4)),
        small(appearance="untextured"),
        small(appearance="recoloured"),
        small(objects=("table_lamp/0",)),
        small(backgrounds=Backgrounds(("flat", "bg1"))),
        small(backgrounds=Backgrounds(colour=(0, 0, 0))),
        small(conditions=conditions(tilt=5, so3=3)),
    ]
    hashes = [spec.hash12(CPU) for spec in (base, *changed)]
    assert len(set(hashes)) == len(hashes)
    row = CATALOGUE["table_lamp"]
    monkeypatch.setitem(CATALOGUE, "table_lamp", replace(row, targets=(1, 2)))
    assert base.hash12(CPU) == hashes[0]
    monkeypatch.setitem(CATALOGUE, "table_lamp", replace(row, azimuth_deg=row.azimuth_deg + 1))
    assert base.hash12(CPU) != hashes[0]


def test_equal_specs_give_equal_bytes_and_coverage_is_measured(tmp_path):
    one = render_dataset(small(), CPU, tmp_path / "a", progress=False)
    two = render_dataset(small(), CpuBackend(1), tmp_path / "b", progress=False)
    assert bytes_of(one.folder) == bytes_of(two.folder)
    assert len(one) == 2 * (7 + 4 + 3)
    coverage = pq.read_table(one.folder / "coverage.parquet").to_pandas()
    assert coverage["image_id"].tolist() == one.plan["image_id"].tolist()
    assert coverage["coverage"].between(0.01, 0.7).all()
    assert not coverage["touches_border"].any()
    images = one.images(0, len(one))
    background = (images == np.array([124, 116, 103], np.uint8)).all(axis=3).mean(axis=(1, 2))
    np.testing.assert_allclose(1 - background, coverage["coverage"], atol=0.05)
    manifest = json.loads((one.folder / "manifest.json").read_text())
    assert manifest["counts"]["images"] == len(one)
    assert manifest["backend"] == {"name": "cpu", "version": CPU.version}


def test_appearances_share_silhouettes_and_differ_in_colour(tmp_path):
    usual, grey, painted = (
        render_dataset(small(appearance=name), CPU, tmp_path, progress=False)
        for name in ("textured", "untextured", "recoloured")
    )
    assert [d.name.rpartition("-")[0] for d in (usual, grey, painted)] == [
        "small",
        "small-untextured",
        "small-recoloured",
    ]
    for other in (grey, painted):
        pd.testing.assert_frame_equal(usual.coverage, other.coverage)
        assert (usual.plan["qw"] == other.plan["qw"]).all()
        assert np.abs(usual.images(0, 9).astype(int) - other.images(0, 9)).max() > 40

    def colourless(dataset):
        colours = dataset.images(0, len(dataset)).astype(int)
        on_object = (colours != np.array([124, 116, 103])).any(axis=3)
        return (np.ptp(colours, axis=3)[on_object] == 0).mean()

    assert colourless(grey) > 0.6  # all but the edges, which mix with the background
    assert colourless(usual) < 0.1


def test_images_across_shards(tmp_path, monkeypatch):
    whole = render_dataset(small(), CPU, tmp_path / "a", progress=False)
    monkeypatch.setattr(rendering, "SHARD_BYTES", 5 * 48 * 48 * 3)
    parts = render_dataset(small(), CPU, tmp_path / "b", progress=False)
    assert len(list(parts.folder.glob("images-*.npy"))) == 6
    for start, stop in ((0, 28), (3, 12), (4, 5), (27, 99), (28, 40)):
        assert parts.images(start, stop).tobytes() == whole.images(start, stop).tobytes()
    name = whole.plan["image_id"].iloc[17]
    assert (parts.image(name) == whole.image(name)).all()


def test_a_changed_shard_is_noticed(tmp_path):
    dataset = render_dataset(small(objects=("table_lamp/0",)), CPU, tmp_path, progress=False)
    shard = dataset.folder / "images-00000.npy"
    content = bytearray(shard.read_bytes())
    content[-1] ^= 1
    shard.write_bytes(bytes(content))
    with pytest.raises(ObjectPoseError, match=r"images-00000\.npy is missing or was changed"):
        RenderedDataset(dataset.folder)


def test_a_run_killed_at_its_very_end_goes_on(tmp_path, monkeypatch):
    expected = bytes_of(render_dataset(small(), CPU, tmp_path / "a", progress=False).folder)
    publish = rendering.publish

    def killed(temporary, final):
        if final.name == "manifest.json":
            raise KeyboardInterrupt
        publish(temporary, final)

    def killed_unlink(path, missing_ok=False):
        raise KeyboardInterrupt

    for target, attribute, replacement in ((rendering, "publish", killed), (Path, "unlink", killed_unlink)):
        with monkeypatch.context() as patched:
            patched.setattr(target, attribute, replacement)
            with pytest.raises(KeyboardInterrupt):
                render_dataset(small(), CPU, tmp_path / "b", progress=False)
    again = render_dataset(small(), CPU, tmp_path / "b", progress=False)
    assert bytes_of(again.folder) == expected


def test_symmetries_are_read_anew(tmp_path, monkeypatch):
    dataset = render_dataset(small(objects=("table_lamp/0",)), CPU, tmp_path, progress=False)
    about_its_axis = dataset.plan["distance_deg"]
    monkeypatch.setitem(CATALOGUE, "table_lamp", replace(CATALOGUE["table_lamp"], symmetry=Symmetry()))
    assert dataset_folder(small(objects=("table_lamp/0",)), CPU, tmp_path) == dataset.folder
    again = RenderedDataset(dataset.folder).plan["distance_deg"]
    assert (again >= about_its_axis - 1e-9).all()
    assert (again > about_its_axis + 5).any()


def test_labels_are_read_anew_and_change_the_label_hash(tmp_path, monkeypatch):
    dataset = render_dataset(small(objects=("table_lamp/0",)), CPU, tmp_path, progress=False)
    before = label_hash(dataset.plan)
    monkeypatch.setitem(CATALOGUE, "table_lamp", replace(CATALOGUE["table_lamp"], targets=(846,)))
    again = RenderedDataset(dataset.folder)
    assert again.plan["targets"].iloc[0] == [846]
    assert label_hash(again.plan) != before


@pytest.mark.slow
def test_kill_during_render_then_again_gives_the_same_bytes(tmp_path):
    words = ["dataset.objects=[table_lamp,park_bench]", "render.image_size=96", "dataset.conditions=[upright,tilt,so3]",
             "dataset.conditions.so3.count=400"]  # fmt: skip
    command = [sys.executable, "-c", "from objectpose.datasets import render; render.SHARD_BYTES = 1 << 21\n"
               "from objectpose.render import main; import sys; sys.exit(main())", *words]  # fmt: skip
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (whole,) = (tmp_path / "renders").glob("quick-*")
    expected = bytes_of(whole)
    shutil.rmtree(tmp_path / "renders")
    for finished in (1, 4):
        process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while len(list((tmp_path / "renders").glob(".quick-*/images-*.npy"))) < finished:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert not list((tmp_path / "renders").glob("quick-*"))  # nothing looks whole
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (again,) = (tmp_path / "renders").glob("quick-*")
    assert bytes_of(again) == expected


def test_a_second_process_is_told_to_wait(tmp_path):
    from filelock import FileLock

    spec = small()
    folder = dataset_folder(spec, CPU, tmp_path)
    with FileLock(tmp_path / f".{folder.name}.lock"), pytest.raises(ObjectPoseError, match="Another process"):
        render_dataset(spec, CPU, tmp_path, progress=False)


def test_no_space_is_refused_before_anything_is_drawn(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ObjectPoseError, match="GB are free"):
        render_dataset(small(), CPU, tmp_path / "new", progress=False)
    assert not (tmp_path / "new").exists()


def test_an_invisible_object_is_an_error_that_names_it(tmp_path):
    tiny = (("upright", parameters_of("upright", {"step_deg": 10})),
            ("scaling", parameters_of("scaling", {"count": 2, "scale_min": 1e-4, "scale_max": 2e-4})))  # fmt: skip
    with pytest.raises(ObjectPoseError, match="Nothing of table_lamp/0 in image"):
        render_dataset(small(objects=("table_lamp/0",), conditions=tiny), CPU, tmp_path, progress=False)


def test_an_object_through_the_near_plane_is_an_error_that_names_it(tmp_path):
    def spec(scale):
        scales = {"count": 2, "scale_min": scale, "scale_max": scale + 1}
        huge = (("upright", parameters_of("upright", {"count": 1})), ("scaling", parameters_of("scaling", scales)))
        return small(objects=("table_lamp/0",), conditions=huge)

    render_dataset(spec(5.0), CPU, tmp_path, progress=False)  # beyond the frame, but before the camera
    with pytest.raises(ObjectPoseError, match=r"table_lamp/0 in image .*scaling.* crosses the camera's near plane"):
        render_dataset(spec(20.0), CPU, tmp_path / "no", progress=False)
    assert not list((tmp_path / "no").glob("small-*"))


def with_backgrounds(**changes):
    turning = ("upright_disc", "image_rotation", "background_rotation", "incongruent")
    few = tuple((n, parameters_of(n, {"count": 4 if n != "upright_disc" else 1})) for n in turning)
    return small(objects=("refrigerator/0",), conditions=few, backgrounds=Backgrounds(("flat", "bg1")), **changes)


def test_turned_pictures_and_backgrounds_keep_to_the_disc(tmp_path):
    dataset = render_dataset(with_backgrounds(image_size_px=96), CPU, tmp_path, progress=False)
    outside = ~disc(96)
    assert (dataset.images(0, len(dataset))[:, outside] == np.array([124, 116, 103])).all()
    picture = {row.image_id: dataset.image(row.image_id).astype(int) for row in dataset.plan.itertuples()}
    straight = picture["refrigerator.0-upright_disc-bg1-0000"]
    assert (picture["refrigerator.0-image_rotation-bg1-0000"] == straight).all()
    assert (picture["refrigerator.0-background_rotation-bg1-0000"] == straight).all()
    half = picture["refrigerator.0-image_rotation-bg1-0002"]  # half a turn moves pixels and changes none
    assert np.abs(half[::-1, ::-1] - straight)[~outside].mean() < 0.5
    behind = picture["refrigerator.0-background_rotation-bg1-0001"]
    flat = picture["refrigerator.0-upright_disc-flat-0000"]
    on_object = (flat != np.array([124, 116, 103])).any(axis=2)
    inner = (
        on_object
        & np.roll(on_object, 1, 0)
        & np.roll(on_object, -1, 0)
        & np.roll(on_object, 1, 1)
        & np.roll(on_object, -1, 1)
    )
    assert (behind == straight).all(axis=2)[inner].mean() > 0.95  # the object stays
    assert (behind == straight).all(axis=2)[~on_object & ~outside].mean() < 0.2  # what is behind it does not
    shares = dataset.coverage.set_index("image_id")["coverage"]
    base = shares["refrigerator.0-upright_disc-flat-0000"]
    turned = shares[[i for i in shares.index if "image_rotation" in i]]
    np.testing.assert_allclose(turned, base, rtol=0.05)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"framing": "papr"}, "paper"),
        ({"objects": ()}, "at least one object"),
        ({"conditions": ()}, "at least one condition"),
        ({"objects": ("tank/0", "tank/0")}, "given twice"),
        ({"image_size_px": 0}, "16 to 4096"),
        ({"supersampling": 0}, "1 to 8"),
        ({"seed": -1}, ">= 0"),
        ({"objects": ("tnak/0",)}, "tank"),
        ({"objects": ("tank/a",)}, "whole number"),
        ({"conditions": (("so3", parameters_of("so3", {})),)}, "add 'upright'"),
    ],
)
def test_wrong_specs_are_sentences(changes, words):
    with pytest.raises(ObjectPoseError, match=words):
        small(**changes)


def test_objects_by_name():
    assert resolve_objects(["tank", "jeep/0", "tank/0"]) == ("tank/0", "jeep/0")
    assert resolve_objects(["tank/*", "jeep"]) == ("tank/0", "tank/1", "tank/2", "jeep/0")
    assert resolve_objects("reference") == tuple(f"{name}/0" for name in CATALOGUE)
    assert len(resolve_objects("all")) == sum(row.instances for row in CATALOGUE.values())
    with pytest.raises(ObjectPoseError, match="park_bench"):
        resolve_objects("park_bnech")


def test_plan_is_the_same_in_a_new_process(tmp_path):
    code = """
import hashlib
from objectpose.config import dataset_spec, load_config
from objectpose.datasets.plan import build_plan
config = load_config("eval", ["dataset.objects=[table_lamp]"])
plan = build_plan(dataset_spec(config.dataset, config.render)).to_pandas()
print(hashlib.sha256(plan.to_csv().encode()).hexdigest())
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert len(runs.pop().strip()) == 64


def test_frame_types_survive_the_disk(tmp_path):
    dataset = render_dataset(small(objects=("table_lamp/0",)), CPU, tmp_path, progress=False)
    assert isinstance(dataset.plan, pd.DataFrame)
    assert dataset.plan["targets"].map(type).eq(list).all()
