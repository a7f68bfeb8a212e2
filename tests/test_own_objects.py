"""Own meshes: folders and archives, labels, identity before anything is built."""

import io
import os
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from objectpose.errors import ObjectPoseError
from objectpose.imagenet import classes_called, find_class
from objectpose.objects.archive import open_tree
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.entry import Library
from objectpose.objects.loading import LoadOptions, load_mesh, mesh_files
from objectpose.objects.own import own_objects
from objectpose.objects.symmetry import NONE, Symmetry
from objectpose.objects.targets import name_of, targets_of

TETRAHEDRON = "mtllib m.mtl\nv 0 0 0\nv 1 0 0\nv 0 2 0\nv 0 0 3\nvt 0 0\nvt 1 0\nvt 0 1\nusemtl m\n" + "".join(
    f"f {a}/1 {b}/2 {c}/3\n" for a, b, c in ((1, 3, 2), (1, 2, 4), (1, 4, 3), (2, 3, 4))
)
MTL = "newmtl m\nKd 1 1 1\nmap_Kd ../shared/wood.png\n"


def png(value=90):
    stream = io.BytesIO()
    Image.fromarray(np.full((2, 2, 3), value, np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path):
    """Return a folder of three meshes in two folders that share a texture."""
    root = tmp_path / "my meshes"
    for name in ("bench/one.obj", "bench/two.obj", "lamp/lamp.obj"):
        write(root / name, TETRAHEDRON)
        write((root / name).parent / "m.mtl", MTL)
    write(root / "shared" / "wood.png", png())
    write(root / "readme.txt", "nothing")
    write(root / ".hidden" / "three.obj", TETRAHEDRON)
    write(root / "__MACOSX" / "bench" / "._one.obj", "rubbish")
    return root


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


LABELS = "mesh,label\nbench/one.obj,park bench\ntwo,703\nlamp.obj,table lamp\n"


def entries(meshes, text=None, unlabelled="error", **options):
    labels = None if text is None else write(Path(meshes).parent / "labels.csv", text)
    return own_objects(Path(meshes), labels, LoadOptions(**options), unlabelled)


def said(*args, **options):
    with pytest.raises(ObjectPoseError) as error:
        entries(*args, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


# --- folders and archives ---


@pytest.mark.parametrize("suffix", [".zip", ".sh3f"])
def test_a_folder_and_its_archive_hold_the_same_objects(folder, suffix, tmp_path):
    archive = zipped(folder, tmp_path / f"meshes{suffix}")
    one, two = entries(folder, LABELS), entries(archive, LABELS)
    assert [entry.object_id for entry in one] == ["park_bench/0", "park_bench/1", "table_lamp/0"]
    assert one == two  # all but the function that builds, source hashes too
    for a, b in zip(one, two, strict=True):
        assert a.build().digest() == b.build().digest()
        assert a.build().materials[0].texture[0, 0].tolist() == [90, 90, 90]
    assert {path.name for path in tmp_path.iterdir()} == {f"meshes{suffix}", "labels.csv", "my meshes"}


def test_entries_travel_to_other_processes_and_build_centred_meshes(folder):
    entry = pickle.loads(pickle.dumps(entries(folder, LABELS)[0]))
    mesh = entry.build()
    np.testing.assert_allclose(mesh.vertices.min(axis=0), -mesh.vertices.max(axis=0))
    (folder / "bench" / "one.obj").unlink()
    with pytest.raises(ObjectPoseError, match=r"Object park_bench/0: .* no longer holds bench/one\.obj"):
        entry.build()


def test_a_single_file_finds_what_lies_beside_it(folder):
    assert [file.name for file in mesh_files(folder / "lamp" / "lamp.obj")] == ["lamp.obj"]
    (entry,) = entries(folder / "lamp" / "lamp.obj", "mesh,label\nlamp,846\n")
    assert (entry.object_id, entry.targets) == ("table_lamp_846/0", (846,))
    assert entry.build().materials[0].texture[0, 0].tolist() == [90, 90, 90]


def test_load_mesh_wants_one_mesh(folder, tmp_path):
    with pytest.raises(ObjectPoseError, match="holds 3 meshes, expected one"):
        load_mesh(folder)
    assert (
        len(load_mesh(zipped(folder / "lamp", tmp_path / "a.zip"), LoadOptions(missing_textures="colour")).faces) == 4
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p / "gone", "There is no file or folder"),
        (lambda p: write(p / "e" / "a.txt", "x").parent, "holds 1 files but no mesh"),
        (lambda p: (p / "e").mkdir() or p / "e", "holds no file"),
        (lambda p: write(p / "a.txt", "x"), "is no mesh file"),
        (lambda p: write(p / "e" / "b.sh3f", "x").parent, "holds archives but no mesh; give one of them, such as"),
        (lambda p: write(p / "a.zip", b"PK\3\4rubbish"), "not a readable zip archive"),
        (lambda p: packed(p, {"a/b.txt": b""}), "holds 1 files but no mesh"),
        (lambda p: packed(p, {"../a.obj": b"x"}), "leads out of the archive"),
        (lambda p: packed(p, {"a/..\\..\\a.obj": b"x"}), "leads out of the archive"),
        (lambda p: packed(p, {"/etc/a.obj": b"x"}), "leads out of the archive"),
        (lambda p: packed(p, {"C:\\a.obj": b"x"}), "leads out of the archive"),
        (lambda p: packed(p, {"a.obj": bytes(70 * 2**20)}), "times its size"),
    ],
)
def test_paths_that_cannot_be_used(make, words, tmp_path):
    path = make(tmp_path)
    sentence = said(path)
    assert words in sentence
    assert str(path) in sentence


def packed(folder, members):
    path = folder / "bad.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def test_archives_that_hide_something(folder, tmp_path):
    path = zipped(folder, tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("lamp/lamp.obj", "another")
    assert "two different files called 'lamp/lamp.obj'" in said(path)
    whole = zipped(folder, tmp_path / "b.zip").read_bytes()
    at = whole.index(b"lamp/lamp.obj") + 40  # within the compressed bytes
    write(tmp_path / "b.zip", whole[:at] + bytes(4) + whole[at + 4 :])
    assert "lamp.obj cannot be read" in said(tmp_path / "b.zip", LABELS)
    secret = bytearray(zipped(folder, tmp_path / "c.zip").read_bytes())
    for found in re.finditer(b"PK\1\2", bytes(secret)):
        secret[found.start() + 8] |= 1
    write(tmp_path / "c.zip", bytes(secret))
    assert "password" in said(tmp_path / "c.zip")


def test_nothing_outside_an_archive_is_read(folder, tmp_path):
    write(tmp_path / "secret.png", png())
    write(folder / "lamp" / "m.mtl", "newmtl m\nmap_Kd ../../secret.png\n")
    assert "names the texture" in said(zipped(folder, tmp_path / "a.zip"), LABELS)
    tree = open_tree(tmp_path / "a.zip")
    assert tree.find("../shared/WOOD.png", "lamp/lamp.obj") == "shared/wood.png"
    assert tree.find("D:\\pics\\wood.png", "lamp/lamp.obj") == "shared/wood.png"
    assert tree.find("..", "lamp/lamp.obj") is None


# --- identity ---


def test_the_hash_follows_everything_that_changes_a_mesh_and_nothing_else(folder):
    first = {entry.source_hash for entry in entries(folder, LABELS)}
    assert len(first) == 1  # three equal meshes
    (folder / "bench").rename(folder / "seats")
    labels = LABELS.replace("bench/one", "seats/one")

    def bench(**options):
        return next(e for e in entries(folder, labels, **options) if e.object_id == "park_bench/0").source_hash

    assert {bench(), bench(up="y"), bench(max_faces=99)} == first
    seen = set(first)
    for options in ({"up": "z"}, {"turn_deg": 5.0}, {"original_shading": True}, {"crease_deg": 1.0}):
        seen.add(bench(**options))
    assert len(seen) == 5
    contents = {
        "shared/wood.png": png(91),
        "seats/m.mtl": MTL + "Kd 1 0 0\n",
        "seats/one.obj": TETRAHEDRON + "#",
    }
    for name, content in contents.items():
        write(folder / name, content)
        seen.add(bench())
    assert len(seen) == 8


def test_what_is_wrong_with_a_file_is_said_before_anything_is_built(folder):
    write(folder / "lamp" / "lamp.obj", TETRAHEDRON + "f 1 2 3\n" * 100)
    assert "Object table_lamp/0: " in said(folder, LABELS, max_faces=50)
    assert "has 104 faces, more than max_faces=50" in said(folder, LABELS, max_faces=50)
    write(folder / "lamp" / "lamp.obj", "v 1 2 3\n")
    assert "has no face" in said(folder, LABELS)
    write(folder / "lamp" / "lamp.obj", TETRAHEDRON)
    write(folder / "shared" / "wood.png", "no picture")
    assert "wood.png is not a readable picture" in said(folder, LABELS)
    (folder / "shared" / "wood.png").unlink()
    assert "names the texture '../shared/wood.png'" in said(folder, LABELS)
    assert len(entries(folder, LABELS, missing_textures="colour")) == 3


# --- labels ---


def test_classes_are_found_by_index_synset_and_any_name():
    for label in ("703", "n03891251", "park bench", "Park_Bench", "parkbench", "PARK-BENCH"):
        assert targets_of(label) == (703,), label
    assert targets_of("army tank") == targets_of("Tank") == (847,)
    assert targets_of("table_lamp") == (846, 619)
    assert targets_of("846|lampshade") == (846, 619)
    assert targets_of("846") == (846,)
    assert find_class("jack-o'-lantern") == 607
    with pytest.raises(ObjectPoseError, match=r"called 'park bensch'; the nearest (is|are): .*park bench"):
        targets_of("park bensch")
    with pytest.raises(
        ObjectPoseError, match=r"'Crane' is the name of two .* 134 \(crane, n02012849\) or 517 \(crane, n03126707\)"
    ):
        targets_of("Crane")
    with pytest.raises(ObjectPoseError, match="no class 1000"):
        targets_of("1000")
    with pytest.raises(ObjectPoseError, match="no class 'n00000000'"):
        targets_of("n00000000")
    assert classes_called("maillot") == (638, 639)


def test_every_class_has_a_name_of_its_own():
    names = [name_of((index,)) for index in range(1000)]
    assert len(set(names)) == 1000
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in names)
    assert all(name_of(row.targets) == row.name for row in CATALOGUE.values())


def test_labels_from_the_names_of_files_and_folders(folder):
    (folder / "bench").rename(folder / "Park Bench")
    (folder / "lamp" / "lamp.obj").rename(folder / "lamp" / "TableLamp-07.obj")
    write(folder / "lamp" / "n04389033.obj", TETRAHEDRON)
    found = {entry.object_id: entry for entry in entries(folder)}
    assert list(found) == ["park_bench/0", "park_bench/1", "table_lamp/0", "tank/0"]
    assert found["table_lamp/0"].targets == (846, 619)
    assert found["table_lamp/0"].symmetry == Symmetry("y", 0)
    assert found["park_bench/0"].symmetry == NONE
    write(folder / "lamp" / "thing.obj", TETRAHEDRON)
    assert "Neither the file nor the folder of lamp/thing.obj" in said(folder)
    assert len(entries(folder, unlabelled="skip")) == 4
    (folder / "lamp" / "thing.obj").rename(folder / "lamp" / "crane.obj")
    assert "is the name of two" in said(folder)


def test_optional_columns(folder):
    text = (
        "\ufefflabel, mesh ,object,azimuth_deg,elevation_deg,up,turn_deg,symmetry\r\n"
        '"park bench",bench\\\\ONE.obj,bench/7,-20,5.5,z,90,2\r\n'.replace("\\\\", "\\")
        + "703,two,,,,,,\r\n\r\n"
        "table lamp,lamp,,,,auto,,1\r\n"
    )
    one, two, lamp = entries(folder, text)
    assert (one.object_id, one.class_name, one.instance) == ("bench/7", "bench", 7)
    assert (one.azimuth_deg, one.elevation_deg, one.symmetry) == (-20.0, 5.5, Symmetry("y", 2))
    np.testing.assert_allclose(np.ptp(one.build().vertices, axis=0), [2, 3, 1])
    assert (two.object_id, two.azimuth_deg, two.elevation_deg) == ("park_bench/0", 35.0, 20.0)
    np.testing.assert_allclose(np.ptp(two.build().vertices, axis=0), [1, 2, 3])
    assert lamp.symmetry == NONE
    assert one.source_hash != two.source_hash == lamp.source_hash


def test_numbers_go_around_given_ids(folder):
    text = "mesh,label,object\none,703,\ntwo,703,park_bench/0\nlamp,703,\n"
    assert [e.object_id for e in entries(folder, text)] == ["park_bench/1", "park_bench/0", "park_bench/2"]
    assert list(Library("meshes", entries(folder, text))) == ["park_bench/1", "park_bench/0", "park_bench/2"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LABELS + "one,703\n", "Line 5 of"),
        (LABELS + "bench/two.obj,703\n", "labels bench/two.obj again (first in line 3)"),
        (LABELS.replace("two,703\n", ""), "has no row for bench/two.obj"),
        (LABELS.replace("two,703", "bench/tow.obj,703"), "the nearest are: bench/two.obj"),
        (LABELS.replace("two", "m"), "names the mesh 'm', which is not there"),
        (LABELS.replace("703", ""), "has no label"),
        (LABELS.replace("703", "|"), "has the label '|'"),
        (LABELS.replace("703", "park bensch"), "Line 3 of"),
        (LABELS.replace("703", "crane"), "is the name of two ImageNet-1k classes"),
        (LABELS.replace("703", "7000"), "no class 7000"),
        ("mesh;label\none;703\n", "has the columns 'mesh;label', expected the columns mesh,label"),
        ("", "has no line, expected the columns mesh,label"),
        ("mesh,label,azimut\n", "the nearest is: azimuth_deg"),
        ("mesh,label,label\n", "it stands there twice"),
        (LABELS + "a,b,c\n", "has 3 values under 2 columns"),
        ('mesh,label\n"one', "not a readable csv"),
        (LABELS.replace("park", "p\xe4rk").encode("latin-1"), "is not in UTF-8"),
        ("mesh,label,object\none,703,Bench 1\n", "expected class/instance"),
        ("mesh,label,object\none,703,a/1\ntwo,703,a/1\nlamp,846,\n", "are both called 'a/1'"),
        (
            "mesh,label,object\none,703,a/1\ntwo,846,a/2\nlamp,846,\n",
            "of class 'a' but have the labels [703] and [846]",
        ),
        ("mesh,label,up\none,703,x\n", "has up 'x'"),
        ("mesh,label,symmetry\none,703,-1\n", "has the symmetry '-1'"),
        ("mesh,label,elevation_deg\none,703,100\n", "expected degrees from -90 to 90"),
        ("mesh,label,turn_deg\none,703,nan\n", "has turn_deg 'nan'"),
    ],
)
def test_bad_labels_are_one_sentence(folder, text, words):
    assert words in said(folder, text)


def test_a_stem_of_two_meshes_needs_its_path(folder):
    write(folder / "lamp" / "one.obj", TETRAHEDRON)
    assert "which is bench/one.obj or lamp/one.obj; write the path" in said(
        folder, LABELS.replace("bench/one.obj", "one")
    )
    assert len(entries(folder, LABELS, unlabelled="skip")) == 3
    assert "None of the 4 meshes" in said(folder, "mesh,label\n", unlabelled="skip")
    assert "unlabelled is 'leave'" in said(folder, LABELS, unlabelled="leave")
    with pytest.raises(ObjectPoseError, match="There is no labels file"):
        own_objects(folder, folder / "gone.csv")


# --- real meshes ---

TEXTURED = {"basketball", "mailbox", "minibus", "lawn_mower", "toaster", "park_bench"}
REAL = {
    "BlendSwap-CC-0.sh3f": {
        "forkLift": "forklift",
        "wheelbarrow": "wheelbarrow",
        "desklamp": "table lamp",
        "basketball": "basketball",
        "mofx_mailbox": "mailbox",
        "tableFan": "electric fan",
    },
    "BlendSwap-CC-BY.sh3f": {"foldingChair": "folding chair", "lamp": "table lamp", "ballonFoot": "soccer ball"},
    "Scopia.sh3f": {
        "wood_bank": "park bench",
        "toaster": "toaster",
        "bus": "minibus|trolleybus",
        "mower": "lawn mower",
    },
}


def furniture():
    """Return the folder of Debian's sweethome3d-furniture, or None."""
    place = Path(os.environ.get("OBJECTPOSE_FURNITURE", "/usr/share/sweethome3d/furniture"))
    return place if place.is_dir() else None


@pytest.mark.skipif(furniture() is None, reason="sweethome3d-furniture is not installed (OBJECTPOSE_FURNITURE unset)")
@pytest.mark.parametrize("archive", REAL)
def test_real_furniture_loads_upright_and_textured(archive, tmp_path):
    path = furniture() / archive
    rows = "".join(f"{name},{label}\n" for name, label in REAL[archive].items())
    found = own_objects(path, write(tmp_path / "labels.csv", "mesh,label\n" + rows), LoadOptions(), "skip")
    assert len(found) == len(REAL[archive])
    sizes = stated_sizes(path)
    for entry in found:
        mesh = entry.build()
        width, depth, height = sizes[entry.build.args[1]]
        extent = np.ptp(mesh.vertices, axis=0)
        # The catalogue of the archive states how large each thing is: x is its width, y its height, z its depth.
        stated = np.array([width, height, depth]) / max(width, height, depth)
        np.testing.assert_allclose(extent / extent.max(), stated, atol=0.02)
        if entry.class_name in TEXTURED:
            assert max(m.texture.size for m in mesh.materials) > 1000, entry.object_id


def stated_sizes(path):
    """Return width, depth and height in centimetres by model, from the catalogue inside an archive."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read("PluginFurnitureCatalog.properties").decode("latin-1")
    fields = {}
    for key, number, value in re.findall(r"^(model|width|depth|height)#(\d+)=(.*?)\s*$", text, re.MULTILINE):
        fields.setdefault(number, {})[key] = value
    return {
        row["model"].lstrip("/"): tuple(float(row[key]) for key in ("width", "depth", "height"))
        for row in fields.values()
    }
