"""Data sets in a label space of the user's own: meshes, folders, the catalogue, stored plans, and what is shown."""

import hashlib
import json
import re

import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat
from test_folders import fails, found, put, tree
from test_own_objects import TETRAHEDRON, write

from objectpose import imagenet
from objectpose.analysis import figures
from objectpose.analysis.correctness import judge
from objectpose.analysis.publish import publish
from objectpose.analysis.sheets import failure_sheet
from objectpose.classes import IMAGENET, Classes, read_classes
from objectpose.config import DatasetConfig, RenderConfig, check_found
from objectpose.config.data import dataset_spec
from objectpose.datasets import index
from objectpose.datasets.export import export_original
from objectpose.datasets.folder import open_folder
from objectpose.datasets.plan import label_hash
from objectpose.datasets.render import dataset_folder, open_rendered, render_dataset
from objectpose.datasets.rendered import RenderedDataset
from objectpose.datasets.spec import DatasetSpec
from objectpose.errors import ObjectPoseError
from objectpose.jobs.source import source_of
from objectpose.objects.catalogue import CATALOGUE
from objectpose.objects.entry import Library
from objectpose.objects.own import own_objects
from objectpose.objects.symmetry import NONE, Symmetry
from objectpose.objects.targets import name_of, require_catalogue, targets_of_catalogue
from objectpose.rendering.conditions import parameters_of
from objectpose.rendering.cpu import CpuBackend

KINDS = Classes("kinds.txt", ("Robot vacuum", "e-scooter", "Claw (machine)"))
FEW = (("upright", parameters_of("upright", {"count": 2})), ("so3", parameters_of("so3", {"count": 2})))
CPU = CpuBackend(2)
MAIN = "Data/ROLL/bg1/{0}_ROLL_360/images/{0}_roll_bg1_{1}.png"


def sentence(call, *arguments, **options):
    with pytest.raises(ObjectPoseError) as caught:
        call(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def targets(dataset):
    return {name: list(rows.iloc[0]) for name, rows in dataset.plan.groupby("object_id", sort=False)["targets"]}


@pytest.fixture
def meshes(tmp_path):
    """Return a folder with three meshes."""
    for number, name in enumerate(("one", "two", "three")):
        write(tmp_path / "things" / f"{name}.obj", TETRAHEDRON.replace("0 2 0", f"0 {2 + number} 0").split("\n", 1)[1])
    return tmp_path / "things"


LABELS = "mesh,label,symmetry\none,robot_vacuum,\ntwo,E SCOOTER,\nthree,claw machine|0,4\n"


def own(meshes, classes, text=LABELS):
    labels = write(meshes.parent / "labels.csv", text)
    return own_objects(meshes, labels, classes=classes)


def own_spec(meshes, classes=KINDS, text=LABELS):
    entries = own(meshes, classes, text)
    library = Library("meshes", entries, classes)
    return DatasetSpec("own", tuple(library), FEW, 32, 1, library=library, classes=classes)


# --- lists ---


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\nb\nA!\n", "Line 3 of"),
        ("a\n\nb\n", "Line 2 of the class list"),
        ("a\n", "has one class"),
        ("", "is empty"),
        ("# only\n\n", "is empty"),
        ("a\n---\n", "has no letter or digit"),
        ("a\nk\xe4fer\n".encode("latin-1"), "is not in UTF-8"),
    ],
)
def test_a_bad_list_is_one_sentence_whatever_the_data_set_is(tmp_path, meshes, text, words):
    tree(tmp_path / "photos", "a/1.png")
    path = write(tmp_path / "kinds.txt", text)
    for config in (
        DatasetConfig(name="quick", conditions={"upright": {}}, classes=str(path)),
        DatasetConfig(name="custom", conditions={"upright": {}}, meshes=str(meshes), classes=str(path)),
        DatasetConfig(name="folder", path=str(tmp_path / "photos"), classes=str(path)),
    ):
        assert words in sentence(source_of, config, RenderConfig(backend="cpu"), tmp_path / "renders", False)


def test_every_class_of_a_list_has_a_name_of_its_own():
    odd = Classes("odd.txt", ("a", "b", "A or B", "K\xe4fer", "2 (new)"))
    sets = [(0,), (1,), (2,), (0, 1), (3,), (4,), (1, 4)]
    names = [name_of(one, odd) for one in sets]
    assert names == ["a", "b", "a_or_b", "a_or_b_0_1", "k\xe4fer", "2_new", "b_or_2_new"]
    assert name_of((0,), Classes("same.txt", ("x\xb2y", "x-\xb2y", "x \xb2y"))) == "x\xb2y"
    assert len({name_of((i,), Classes("same.txt", ("a\xdfb", "a b", "a.b"))) for i in range(3)}) == 3


# --- own meshes ---


def test_own_meshes_are_labelled_in_the_list(meshes):
    entries = {entry.object_id: entry for entry in own(meshes, KINDS)}
    assert {name: entry.targets for name, entry in entries.items()} == {
        "robot_vacuum/0": (0,),
        "claw_machine_or_robot_vacuum/0": (2, 0),
        "e_scooter/0": (1,),
    }
    assert entries["claw_machine_or_robot_vacuum/0"].symmetry == Symmetry("y", 4)
    assert [e.targets for e in own(meshes, KINDS, "mesh,label\none,2\ntwo,1\nthree,0\n")] == [(2,), (0,), (1,)]
    seven = Classes("digits.txt", ("seven", "7", "6"))
    assert own(meshes, seven, "mesh,label\none,7\ntwo,0\nthree,6\n")[0].targets == (1,)


def test_files_and_folders_are_named_after_classes_of_the_list(meshes):
    (meshes / "one.obj").rename(meshes / "E-scooter_03.obj")
    (meshes / "RobotVacuum").mkdir()
    (meshes / "two.obj").rename(meshes / "RobotVacuum" / "7.obj")
    (meshes / "three.obj").rename(meshes / "claw machine.obj")
    assert [(e.object_id, e.targets) for e in own_objects(meshes, None, classes=KINDS)] == [
        ("e_scooter/0", (1,)),
        ("robot_vacuum/0", (0,)),
        ("claw_machine/0", (2,)),
    ]
    (meshes / "claw machine.obj").rename(meshes / "claw mashine.obj")
    said = sentence(own_objects, meshes, None, classes=KINDS)
    assert "named after a class of kinds.txt" in said
    assert "the nearest is: Claw (machine)" in said
    (meshes / "claw mashine.obj").rename(meshes / "tank.obj")  # a class of ImageNet-1k only
    assert "tank.obj" in sentence(own_objects, meshes, None, classes=KINDS)
    assert "E-scooter_03.obj" in sentence(own_objects, meshes, None)  # a class of the list only


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("robot vacum", "Line 2 of .* kinds.txt has no class called 'robot vacum'; the nearest is: Robot vacuum"),
        ("park bench", "no class called 'park bench'; valid are: Claw .machine., Robot vacuum, e-scooter"),
        ("n03891251", "no class called 'n03891251'"),
        ("3", "kinds.txt has no class 3; give an index from 0 to 2"),
        ("", "has no label; write the name of a class of kinds.txt"),
        ("|", r"has the label '\|'; write the name of a class of kinds.txt"),
    ],
)
def test_a_label_that_the_list_lacks_is_one_sentence(meshes, label, words):
    said = sentence(own, meshes, KINDS, f"mesh,label\none,{label}\ntwo,1\nthree,2\n")
    assert re.search(words, said), said


def test_wordnet_ids_and_the_catalogues_symmetries_hold_where_the_list_has_the_name(meshes):
    lights = Classes("lights.txt", ("torch", "Table Lamp", "jack-o'-lantern", "goblet"))
    table = "mesh,label,object\none,n04380533,\ntwo,goblet,\nthree,torch,balloon/0\n"
    one, three, two = own(meshes, lights, table)
    assert (one.object_id, one.targets, one.symmetry) == ("table_lamp/0", (1,), Symmetry("y", 0))
    assert (two.object_id, two.targets, two.symmetry) == ("goblet/0", (3,), Symmetry("y", 0))
    assert (three.object_id, three.symmetry) == ("balloon/0", NONE)  # called after another class than its label


def test_a_library_knows_its_label_space(meshes):
    entries = own(meshes, KINDS)
    with pytest.raises(ObjectPoseError, match=r"pair\.txt has no class 2"):
        Library("meshes", entries, Classes("pair.txt", ("a", "b")))
    library = Library("meshes", entries, KINDS)
    with pytest.raises(ObjectPoseError, match=r"labelled in kinds\.txt, the data set is about ImageNet-1k"):
        DatasetSpec("own", tuple(library), FEW, 32, 1, library=library)


def test_a_config_takes_own_meshes_and_a_list(meshes, tmp_path):
    write(meshes / "labels.csv", LABELS)
    kinds = write(tmp_path / "kinds.txt", "# mine\n" + "\n".join(KINDS.names) + "\n")
    config = DatasetConfig(
        name="custom", objects="all", conditions={"upright": {}}, meshes=str(meshes), classes=str(kinds)
    )
    spec = dataset_spec(config, RenderConfig(backend="cpu"))
    assert spec.classes == read_classes(kinds) == KINDS
    assert [spec.entry(name).targets for name in spec.objects] == [(0,), (2, 0), (1,)]
    config.classes = None
    assert "ImageNet-1k has no class called 'robot_vacuum'" in sentence(dataset_spec, config, RenderConfig())


# --- stored data sets ---


def test_meshes_of_a_list_are_never_taken_for_imagenet(meshes, tmp_path):
    spec = own_spec(meshes)
    dataset = render_dataset(spec, CPU, tmp_path / "renders", progress=False)
    assert dataset.classes == KINDS
    assert targets(dataset) == {
        "robot_vacuum/0": [0],
        "claw_machine_or_robot_vacuum/0": [2, 0],
        "e_scooter/0": [1],
    }
    assert dataset.manifest["classes"] == {"title": "kinds.txt", "digest": KINDS.digest}
    assert targets(RenderedDataset(dataset.folder, classes=KINDS)) == targets(dataset)
    assert "whose labels are classes of kinds.txt, not of ImageNet-1k" in sentence(RenderedDataset, dataset.folder)
    turned = Classes("kinds.txt", KINDS.names[::-1])
    assert "another list called kinds.txt" in sentence(RenderedDataset, dataset.folder, classes=turned)
    # With the labels at hand the same pictures are judged anew.
    again = own_spec(meshes, turned, LABELS.replace("claw machine|0", "claw machine|2"))
    assert dataset_folder(again, CPU, tmp_path / "renders") == dataset.folder
    anew = open_rendered(again, dataset.folder)
    assert targets(anew) == {"robot_vacuum/0": [2], "claw_machine_or_robot_vacuum/0": [0, 2], "e_scooter/0": [1]}
    assert label_hash(anew.plan, turned) != label_hash(dataset.plan, KINDS)


def test_meshes_that_were_rendered_before_there_were_lists_are_imagenets(meshes, tmp_path):
    for number, name in enumerate(("tank", "toaster", "violin")):
        (meshes / f"{('one', 'two', 'three')[number]}.obj").rename(meshes / f"{name}.obj")
    library = Library("meshes", own_objects(meshes, None))
    spec = DatasetSpec("own", tuple(library), FEW, 32, 1, library=library)
    dataset = render_dataset(spec, CPU, tmp_path / "renders", progress=False)
    manifest = json.loads((dataset.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest.pop("classes") == {"title": "ImageNet-1k", "digest": "ImageNet-1k"}
    (dataset.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert targets(RenderedDataset(dataset.folder)) == {"tank/0": [847], "toaster/0": [859], "violin/0": [889]}
    said = sentence(RenderedDataset, dataset.folder, classes=KINDS)
    assert "classes of ImageNet-1k, not of kinds.txt; leave out dataset.classes" in said


def test_an_export_of_own_meshes_needs_their_list(meshes, tmp_path):
    dataset = render_dataset(own_spec(meshes), CPU, tmp_path / "renders", progress=False)
    export_original(dataset, tmp_path / "png", progress=False)
    again = open_folder(tmp_path / "png", renders=tmp_path / "renders", classes=KINDS, progress=False)
    pd.testing.assert_frame_equal(again.plan, dataset.plan)
    assert again.classes == KINDS
    assert "classes of kinds.txt, not of ImageNet-1k; give that list, as in dataset.classes=kinds.txt" in fails(
        tmp_path / "png", tmp_path
    )
    # An export after a change of the list says what is right now.
    turned = Classes("kinds.txt", KINDS.names[::-1])
    spec = own_spec(meshes, turned, LABELS.replace("claw machine|0", "claw machine|2"))
    export_original(open_rendered(spec, dataset.folder), tmp_path / "png", progress=False)
    anew = open_folder(tmp_path / "png", renders=tmp_path / "renders", classes=turned, progress=False)
    assert targets(anew)["robot_vacuum/0"] == [2]
    assert anew.name == again.name
    assert "another list called kinds.txt" in fails(tmp_path / "png", tmp_path, classes=KINDS)


# --- the catalogue ---


def test_any_name_of_a_target_finds_the_class():
    own = Classes("own.txt", ("lampshade", "washing machine", "U-boat", "ship", "tank", "table lamp"))
    assert [targets_of_catalogue(name, own) for name in ("table_lamp", "washer", "submarine", "tank", "jeep")] == [
        (5, 0), (1,), (2,), (4,), ()
    ]  # fmt: skip
    assert targets_of_catalogue("table_lamp") == (846, 619)
    by_id = Classes("ids.txt", tuple(imagenet.wordnet_id(index) for index in reversed(range(1000))))
    by_name = Classes("names.txt", tuple(CATALOGUE))
    for number, row in enumerate(CATALOGUE.values()):
        assert targets_of_catalogue(row.name, by_id) == tuple(999 - index for index in row.targets)
        assert targets_of_catalogue(row.name, by_name) == (number,)


def test_classes_that_the_list_lacks_are_named():
    own = Classes("own.txt", ("tank", "Toaster", "bird"))
    require_catalogue(("tank", "toaster", "no_such_row"), own)
    said = sentence(require_catalogue, ("violin", "tank", "jeep", "toaster"), own)
    assert said == (
        "own.txt has no class for 2 of the 4 classes of the catalogue that are asked for (violin, jeep); choose others "
        "with dataset.objects=[tank,toaster] or add lines, one for each missing class."
    )
    assert "82 of the 84 classes" in sentence(require_catalogue, CATALOGUE, own)
    config = DatasetConfig(name="quick", objects=["tank", "violin"], conditions={"upright": {}})
    assert dataset_spec(config, RenderConfig(backend="cpu")).classes is IMAGENET
    with pytest.raises(ObjectPoseError, match=r"own\.txt has no class for 1 of the 2"):
        DatasetSpec("quick", ("tank/0", "violin/0"), FEW, 32, 1, classes=own)


def test_the_catalogues_pictures_are_the_same_and_their_targets_the_lists(tmp_path):
    objects = ("table_lamp/0", "violin/1")
    lights = Classes("lights.txt", ("fiddle", "torch", "lampshade", "table lamp"))
    plain = DatasetSpec("small", objects, FEW, 32, 1)
    spec = DatasetSpec("small", objects, FEW, 32, 1, classes=lights)
    first = render_dataset(spec, CPU, tmp_path / "a", progress=False)
    assert targets(first) == {"table_lamp/0": [3, 2], "violin/1": [0]}
    second = render_dataset(plain, CPU, tmp_path / "b", progress=False)
    assert second.name == first.name
    assert targets(second) == {"table_lamp/0": [846, 619], "violin/1": [889]}
    for path in second.folder.iterdir():
        assert path.read_bytes() == (first.folder / path.name).read_bytes(), path.name
    # Either is opened in any label space; predictions for one are not taken for the other's.
    assert targets(RenderedDataset(first.folder)) == targets(second)
    assert targets(RenderedDataset(second.folder, classes=lights)) == targets(first)
    hashes = {label_hash(first.plan, lights), label_hash(second.plan), label_hash(first.plan)}
    other = Classes("lights.txt", ("fiddle", "candle", "lampshade", "table lamp"))
    assert len(hashes | {label_hash(first.plan, other)}) == 4
    lines = (f"{row.image_id}:{','.join(map(str, row.targets))}" for row in second.plan.itertuples())
    assert label_hash(second.plan) == hashlib.sha256("\n".join(lines).encode()).hexdigest()  # as ever for ImageNet-1k
    assert "no class for 1 of the 2" in sentence(RenderedDataset, first.folder, classes=Classes("x", ("violin", "b")))
    # So does an export, whichever it was made in.
    export_original(first, tmp_path / "png", progress=False)
    assert targets(found(tmp_path / "png", tmp_path)) == targets(second)
    assert targets(found(tmp_path / "png", tmp_path, classes=lights)) == targets(first)
    assert found(tmp_path / "png", tmp_path, classes=lights).of_catalogue
    assert "no class for 2 of the 2" in fails(tmp_path / "png", tmp_path, classes=KINDS)


def test_a_class_that_left_the_catalogue_is_not_judged_in_a_list(tmp_path, monkeypatch):
    names = Classes("names.txt", ("tank", "violin"))
    spec = DatasetSpec("small", ("tank/0", "violin/0"), FEW, 32, 1, classes=names)
    dataset = render_dataset(spec, CPU, tmp_path, progress=False)
    monkeypatch.setattr("objectpose.datasets.plan.CATALOGUE", {k: v for k, v in CATALOGUE.items() if k != "tank"})
    assert targets(RenderedDataset(dataset.folder))["tank/0"] == [847]
    assert "tank/0 whose labels are classes of ImageNet-1k" in sentence(RenderedDataset, dataset.folder, classes=names)


# --- folders ---


def test_folders_are_called_after_classes_of_the_list(tmp_path, monkeypatch):
    root = tree(tmp_path / "set", "robot-vacuum/a.png", "E_Scooter/b.png", "E_Scooter/c.png")
    dataset = found(root, tmp_path, classes=KINDS)
    assert dataset.layout == "imagefolder"
    assert dataset.classes == KINDS
    assert targets(dataset) == {"e_scooter/0": [1], "e_scooter/1": [1], "robot_vacuum/0": [0]}
    assert "kinds.txt" not in fails(root, tmp_path)  # ImageNet-1k has none of them
    turned = found(root, tmp_path, classes=Classes("kinds.txt", KINDS.names[::-1]))
    assert turned.name == dataset.name  # the same pictures
    assert targets(turned)["robot_vacuum/0"] == [2]
    assert targets(dataset)["robot_vacuum/0"] == [0]
    assert targets(found(root, tmp_path, classes=KINDS))["robot_vacuum/0"] == [0]
    monkeypatch.setattr(index, "_SETTLED_NS", -(10**12))  # no file is read again
    longer = found(root, tmp_path, classes=Classes("longer.txt", (*KINDS.names, "kettle")))
    assert targets(longer)["robot_vacuum/0"] == [0]
    manifest = json.loads((dataset.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["classes"] == {"title": "longer.txt", "digest": longer.classes.digest}
    put(root / "claw-mashine" / "a.png")
    said = fails(root, tmp_path, classes=KINDS)
    assert "The folder 'claw-mashine'" in said
    assert "the nearest is: Claw (machine)" in said
    said = fails(tree(tmp_path / "other", "tank/a.png"), tmp_path, classes=KINDS)
    assert "folders called by a name of kinds.txt" in said
    both = tree(tmp_path / "both", "robot vacuum/a.png", "robot_vacuum/b.png")
    assert "mean the same class" in fails(both, tmp_path, classes=KINDS)


def test_numbers_of_folders_are_never_guessed(tmp_path):
    root = tree(tmp_path / "set", "0/a.png", "2/b.png")
    said = fails(root, tmp_path, classes=KINDS)
    assert "dataset.layout=imagefolder if these are the lines of kinds.txt" in said
    assert targets(found(root, tmp_path, classes=KINDS, layout="imagefolder")) == {
        "robot_vacuum/0": [0],
        "claw_machine/0": [2],
    }
    assert "shows 'tench', class 0 of ImageNet-1k, for which kinds.txt has no name" in fails(
        root, tmp_path, classes=KINDS, layout="imagenetv2"
    )
    fish = Classes("fish.txt", ("great white shark", "Tinca tinca", "eel"))
    assert targets(found(root, tmp_path, classes=fish, layout="imagenetv2")) == {
        "tinca_tinca/0": [1],
        "great_white_shark/0": [0],
    }
    digits = Classes("digits.txt", ("2", "1", "0"))
    assert targets(found(root, tmp_path, classes=digits)) == {"0/0": [2], "2/0": [0]}


def test_wordnet_ids_of_folders_are_looked_up_by_name(tmp_path):
    root = tree(tmp_path / "set", f"{imagenet.wordnet_id(847)}/a.png", f"{imagenet.wordnet_id(889)}/a.png")
    own = Classes("own.txt", ("fiddle", "tank"))
    assert targets(found(root, tmp_path, classes=own)) == {"tank/0": [1], "fiddle/0": [0]}
    assert f"'{imagenet.wordnet_id(889)}'" in fails(root, tmp_path, classes=Classes("o.txt", ("lyre", "tank")))


def test_a_name_of_two_imagenet_classes_says_nothing(tmp_path):
    root = tree(tmp_path / "set", "517/a.png")
    machines = Classes("machines.txt", ("crane", "digger"))
    assert "shows 'crane', class 517" in fails(root, tmp_path, classes=machines, layout="imagenetv2")


def test_layouts_named_after_imagenet_need_the_names(tmp_path):
    sweeps = tree(tmp_path / "sweeps", *(MAIN.format(name, j) for name in ("tank", "tablelamp") for j in (0, 90)))
    own = Classes("own.txt", ("lampshade", "army tank", "banana", "hot dog", "airliner", "warplane"))
    dataset = found(sweeps, tmp_path, classes=own, upright="sweeps")
    assert dataset.layout == "original"
    assert targets(dataset) == {"table_lamp/0": [0], "tank/0": [1]}
    assert "no class for 2 of the 2" in fails(sweeps, tmp_path, classes=KINDS)

    photos = tree(tmp_path / "photos", "banana/images/1.jpg", "hotdog/images/1.jpg")
    dataset = found(photos, tmp_path, classes=own)
    assert dataset.layout == "co3d"
    assert targets(dataset) == {"banana/0": [2], "hotdog/0": [3]}
    assert "shows 'hotdog', class 934" in fails(photos, tmp_path, classes=Classes("o.txt", ("banana", "apple")))

    study = tree(tmp_path / "study", "404_0_350_0_0.png", "404_1_144_241_45.png")
    savemat(tmp_path / "vit.mat", {"data": np.array([[404, 895, 0, 1], [404, 895, 1, 1]])})
    dataset = found(study, tmp_path, classes=own, alternatives=tmp_path / "vit.mat")
    assert dataset.layout == "stimuli"
    assert targets(dataset) == {"airliner/0": [4]}
    assert dataset.plan["alt_targets"].map(list).tolist() == [[5], [5]]
    fewer = Classes("o.txt", ("airliner", "ship"))
    assert targets(found(study, tmp_path, classes=fewer)) == {"airliner/0": [0]}
    said = fails(study, tmp_path, classes=fewer, alternatives=tmp_path / "vit.mat")
    assert "The alternative of" in said
    assert "shows 'warplane', class 895" in said


def test_a_config_takes_a_folder_and_a_list(tmp_path):
    root = tree(tmp_path / "set", "robot vacuum/a.png")
    kinds = write(tmp_path / "kinds.txt", "\n".join(KINDS.names))
    config = DatasetConfig(name="folder", path=str(root), classes=str(kinds))
    check_found(config)
    source = source_of(config, RenderConfig(), tmp_path / "renders", False)
    assert source.classes == source.open(False).classes == KINDS


# --- what is shown ---


def test_names_are_those_of_the_list(tmp_path, monkeypatch):
    names = ("robot vacuum", "e-scooter", "claw machine")
    root = tmp_path / "set"
    for name in names:
        for number in range(4):
            put(root / name / f"{number}.png", size=(48, 48))
    dataset = found(root, tmp_path, classes=KINDS)
    plan = dataset.plan.assign(condition=["upright", "upright", "so3", "so3"] * 3, baseline="upright")
    plan["object_id"] = plan["class_name"] + "/0"
    answer = {"upright": lambda t: t, "so3": lambda t: 1}
    top5 = [[answer[c](t[0]), 2] for c, t in zip(plan["condition"], plan["targets"], strict=True)]
    predictions = pd.DataFrame({"image_id": plan["image_id"], "top5": top5, "top5_prob": [[0.9, 0.1]] * len(plan)})
    judged = judge(plan, predictions, model="net", preprocess="native", dataset=dataset.name)
    sheets = []

    def sheet(*arguments, **options):
        sheets.append(failure_sheet(*arguments, **options))
        return sheets[-1]

    monkeypatch.setattr(figures, "failure_sheet", sheet)
    options = {"results": tmp_path / "results", "turned": ["so3"], "gate": None, "coverage": None}
    done = publish(judged, image_of=dataset.image, classes=KINDS, **options)
    assert "\u2717 e-scooter (90 %)" in {text.get_text() for text in sheets[0].texts}
    text = " ".join(done.text.split())
    assert "e-scooter (100 % of errors)" in text
    assert "Answers are among the 3 classes of kinds.txt" in text
    assert "With 3 classes top-5 is always right." in text
    assert "goldfish" not in text  # class 1 of ImageNet-1k
    publish(judged, image_of=dataset.image, **options)
    table = pd.read_csv(tmp_path / "results" / "summary.csv")
    assert sorted(set(table["dataset"])) == [dataset.name, f"{dataset.name} (kinds.txt {KINDS.digest[:6]})"]
