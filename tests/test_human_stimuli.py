"""The human study's pictures by the path of a clone: what is found beside them, and a sentence for what is wrong."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from scipy.io import loadmat, savemat

from objectpose.config import RenderConfig, load_config
from objectpose.datasets.folder import open_folder
from objectpose.datasets.human_study import SIZE_PX, study_parts
from objectpose.datasets.layouts import POSES
from objectpose.datasets.object_names import WORDS
from objectpose.datasets.stored import open_stored
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name
from objectpose.jobs.source import source_of

STIMULI = os.environ.get("OBJECTPOSE_STIMULI")


@pytest.fixture
def clone(made_clone, tmp_path):
    return shutil.copytree(made_clone, tmp_path / "unusual_poses")


def sentence(*words):
    with pytest.raises(ObjectPoseError) as caught:
        study_parts(*words)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def picture(clone, place=0):
    return sorted((clone / "stimuli_exp").glob("*.png"))[place]


def opened(path, renders, **words):
    return open_folder(path, "human_study", "human_stimuli", renders, progress=False, **words)


def test_the_path_of_a_clone_is_enough(made_clone, tmp_path):
    dataset = opened(made_clone, tmp_path)
    assert dataset.name.startswith("human_stimuli-")
    plan = dataset.plan
    assert plan["condition"].value_counts().to_dict() == {POSES[0]: 51, POSES[1]: 51, POSES[2]: 45}
    assert dataset.image(plan["image_id"].iloc[0]).shape == (SIZE_PX, SIZE_PX, 3)
    for row in loadmat(made_clone / "data" / "vit.mat")["data"].astype(int):
        own = plan[(plan["targets"].str[0] == row[0]) & (plan["condition"] == POSES[row[2]])]
        assert own["alt_targets"].map(list).tolist() == [[row[1]]]
    again = open_stored(dataset.folder)
    assert again.plan.equals(plan)
    for folder in (made_clone / "stimuli_exp", made_clone / "scripts" / ".." / "stimuli_exp"):
        assert opened(folder, tmp_path).name == dataset.name
    explicit = opened(made_clone, tmp_path, alternatives=made_clone / "data" / "vit.mat")
    assert explicit.name == dataset.name


def test_the_config_needs_a_path_and_nothing_else(made_clone, tmp_path):
    config = load_config("eval", ["dataset=human_stimuli", f"dataset.path={made_clone}"])
    found = source_of(config.dataset, RenderConfig(), tmp_path, False)
    assert "layout stimuli" in found.about()
    assert found.dataset.name.startswith("human_stimuli-")
    config = load_config("eval", ["dataset=human_stimuli"])
    with pytest.raises(ObjectPoseError, match=r"give a clone of github\.com/BRAIN-Aalto/unusual_poses"):
        source_of(config.dataset, RenderConfig(), tmp_path, False)
    config = load_config("eval", ["dataset=human_stimuli", f"dataset.path={made_clone}", "dataset.seed=3"])
    with pytest.raises(ObjectPoseError, match=r"dataset\.seed cannot say anything; use dataset=human_stimuli"):
        source_of(config.dataset, RenderConfig(), tmp_path, False)


def test_the_list_of_names_says_the_same(clone):
    alternatives = study_parts(clone)[1]
    shutil.rmtree(clone / "data")
    assert study_parts(clone)[1] == alternatives
    cells = [cell.value for row in load_workbook(clone / "object_names.xlsx").active.iter_rows() for cell in row]
    assert "cructh" in cells  # the study's typo
    assert any(cell and cell.endswith(" ") for cell in cells)


def test_words_of_the_list_are_names_of_their_classes():
    assert {word: class_name(index) for word, index in WORDS.items()} == {
        "crane": class_name(517),
        "cructh": "crutch",
        "gong": class_name(577),
        "harp": "harp",
        "missile": class_name(744),
    }


def test_lists_of_names_that_cannot_be_used(clone, monkeypatch):
    shutil.rmtree(clone / "data")
    names = clone / "object_names.xlsx"
    book = load_workbook(names)
    good = names.read_bytes()

    def spoil(edit):
        book = load_workbook(names)
        edit(book.active)
        book.save(names)
        text = sentence(clone)
        names.write_bytes(good)
        return text

    assert "has 146 pairs of names below its first row, but there are 147 pictures" in spoil(
        lambda sheet: sheet.delete_rows(9)
    )
    assert "Row 5 of" in spoil(lambda sheet: sheet.cell(5, 2, "no such thing"))
    moved = spoil(lambda sheet: (sheet.delete_rows(3), sheet.append(["banana", "hammer"])))
    assert "the rows stand in the order of the pictures' names" in moved
    assert book.active.max_row == 148
    names.write_bytes(good[:500])
    assert "cannot be read as a list of names" in sentence(clone)
    Workbook().save(names)
    assert "has 0 pairs of names" in sentence(clone)
    names.write_bytes(good)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "pip install openpyxl, or give the study's folder 'data' with dataset.alternatives=PATH" in sentence(clone)
    names.unlink()
    assert "there is neither the study's folder 'data' with .mat files nor object_names.xlsx" in sentence(clone)


def test_a_picture_that_is_missing(clone):
    file = picture(clone, 3)
    file.unlink()
    assert f"lacks 1 of the human study's 147 pictures ({file.name})" in sentence(clone)
    shutil.rmtree(clone / "data")
    assert "expected the human study's 51, 51 and 45" in sentence(clone)
    for left in (clone / "stimuli_exp").glob("*.png"):
        left.unlink()
    assert "holds none of the human study's pictures" in sentence(clone)


def test_hidden_files_are_passed_over_and_others_are_not(clone):
    whole = study_parts(clone)
    for name in (".DS_Store", "._404_0_350_0_0.png", ".git"):
        (clone / "stimuli_exp" / name).write_bytes(b"\0")
    (clone / "data" / "._subj_1_40.mat").write_bytes(b"\0\5\26\7")
    (clone / "stimuli_exp" / "__MACOSX").mkdir()
    assert study_parts(clone) == whole
    for name in ("Thumbs.db", "notes.txt", "404_0_350_0_0.jpg", "404_3_0_0_0.png", "4_0_1.2.3_0_0.png", "note.png"):
        extra = clone / "stimuli_exp" / name
        extra.write_bytes(b"\0")
        assert f"{name} is none of the human study's pictures" in sentence(clone)
        extra.unlink()
    (clone / "stimuli_exp" / "more").mkdir()
    assert "more is none of the human study's pictures" in sentence(clone)


def test_a_picture_too_many(clone):
    file = picture(clone)
    target, _, rest = file.name.partition("_")
    twice = file.with_name(file.name.replace("_0_0.png", "_0_1.png"))
    shutil.copy(file, twice)
    assert f"are both class {target} in pose 0; keep the study's" in sentence(clone)
    twice.unlink()
    known = set(loadmat(clone / "data" / "vit.mat")["data"][:, 0].astype(int))
    stranger = next(i for i in range(1000) if i not in known)
    shutil.copy(file, file.with_name(f"{stranger}_{rest}"))
    assert "says nothing of 1 of the 148 pictures in" in sentence(clone)
    file.unlink()
    text = sentence(clone)
    assert "do not join: they are other classes or poses" in text
    assert file.name in text


def test_a_picture_of_another_size_or_of_none(clone):
    file = picture(clone, 7)
    Image.new("RGB", (500, 499)).save(file)
    assert f"{file.name} has 500 x 499 pixels, expected the human study's 500 x 500" in sentence(clone)
    file.write_bytes(b"a web page")
    assert f"{file.name} cannot be read as a picture" in sentence(clone)


def test_angles_that_differ(clone):
    file = picture(clone, 1)
    parts = file.stem.split("_")
    parts[3] = f"{(float(parts[3]) + 1) % 360:g}"
    moved = file.rename(file.with_name("_".join(parts) + ".png"))
    text = sentence(clone)
    assert f"{moved.name} has other angles in its name than class" in text
    assert file.stem.partition("_")[2].partition("_")[2] in text
    study_parts(clone, clone / "data" / "vit.mat")  # a network's file has no angles

    moved.rename(file)
    table = next((f, loadmat(f)["condi"]) for f in sorted((clone / "data").glob("subj_*_40.mat")))
    table[1][0, 3] += 1
    savemat(table[0], {"condi": table[1]})
    assert "as the angles of class" in sentence(clone)


def test_alternatives_of_too_few_pictures(clone):
    assert "says nothing of 98 of the 147 pictures" in sentence(clone, clone / "data" / "subj_3_40.mat")
    table = loadmat(clone / "data" / "vit.mat")["data"]
    few = clone.parent / "few.mat"
    savemat(few, {"data": table[:100]})
    assert "says nothing of 47" in sentence(clone, few)
    savemat(few, {"data": np.array([["a", "b", "c", "d"]])})
    assert "holds no trial of the human study" in sentence(clone, few)


def test_a_folder_that_is_not_the_studys(tmp_path, clone):
    assert "There is no folder" in sentence(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "has neither a folder stimuli_exp nor pictures of the human study" in sentence(tmp_path / "empty")
    assert "neither a folder stimuli_exp" in sentence(clone / "data")


@pytest.mark.skipif(STIMULI is None, reason="OBJECTPOSE_STIMULI does not name the human study's pictures in a clone")
def test_the_studys_own_list_of_names_agrees_with_its_answers(tmp_path):
    clone = Path(STIMULI).resolve().parent
    pictures, alternatives = study_parts(Path(STIMULI))
    (tmp_path / "stimuli_exp").symlink_to(pictures.resolve())
    shutil.copy(clone / "object_names.xlsx", tmp_path)
    assert study_parts(tmp_path)[1] == alternatives
