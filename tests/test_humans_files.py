"""The human study's answer files: every quirk, and a sentence for every wrong file."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.io import loadmat, savemat

from objectpose.analysis.humans import fetched
from objectpose.analysis.humans.files import read_pooled
from objectpose.analysis.humans.load import COLUMNS, load_answers
from objectpose.analysis.humans.study import POOLS, POSES
from objectpose.errors import ObjectPoseError
from tests.human_study import NETWORKS, REAL, write_study
from tests.web_server import Served, serving


@pytest.fixture
def copy(study, tmp_path):
    shutil.copytree(study, tmp_path / "data")
    return tmp_path / "data"


def sentence(folder):
    with pytest.raises(ObjectPoseError) as caught:
        load_answers(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


def change(file, edit, name="condi"):
    table = loadmat(file)[name].astype(float)
    savemat(file, {name: edit(table)})


def cell(row, column, value):
    def edit(table):
        table[row, column] = value
        return table

    return edit


def test_every_answer_is_there_once(answers):
    assert tuple(answers.columns) == COLUMNS
    counts = answers.groupby("group").size().to_dict()
    assert counts == {
        "humans_40ms": 588,
        "humans_150ms": 588,
        "humans_unlimited": 588,
        "humans_unlimited_image_first": 588,
        "networks": 735,
    }
    assert not answers.duplicated(["group", "observer", "class_id", "pose"]).any()
    people = answers[answers["kind"] == "human"].groupby(["group", "observer", "pose"]).size().unstack()
    assert (people[list(POSES)] == [17, 17, 15]).all(axis=None)
    networks = answers[answers["kind"] == "network"].groupby(["observer", "pose"]).size().unstack()
    assert (networks[list(POSES)] == [51, 51, 45]).all(axis=None)


def test_each_row_says_what_the_file_says_whatever_its_place(study, answers):
    for subject, ending, group in ((1, "40", "humans_40ms"), (11, "unlim", "humans_unlimited_image_first")):
        table = loadmat(study / f"subj_{subject}_{ending}.mat")["condi"]
        if subject == 11:
            assert table.shape == (49, 11)  # the empty column
            table = table[:, [0, 1, *range(3, 11)]]
        own = answers[(answers["observer"] == f"subj_{subject}") & (answers["group"] == group)]
        own = own.set_index(["class_id", "pose"])
        for row in table:
            found = own.loc[(int(row[0]), POSES[int(row[2])])]
            assert found["alternative_id"] == row[1]
            assert [found["x_deg"], found["y_deg"], found["z_deg"]] == list(row[3:6])
            assert found["correct"] == (row[6] == row[7])
            assert found["answer"] == (row[0] if row[6] == row[7] else row[1])
            assert found["reaction_s"] == row[9]
            assert found["viewing_s"] == pytest.approx(row[8])
    for name in NETWORKS:
        own = answers[answers["observer"] == name].set_index(["class_id", "pose"])
        for row in loadmat(study / f"{name}.mat")["data"].astype(int):
            found = own.loc[(row[0], POSES[row[2]])]
            assert (found["correct"], found["alternative_id"]) == (row[3], row[1])
            assert np.isfinite(found["x_deg"])  # from people's files


def test_networks_have_four_ids_out_of_order(study):
    ids = loadmat(study / "beit.mat")["data"][:51, 0].astype(int)
    assert (np.diff(ids[:47]) > 0).all()
    assert ids[47] < ids[46]


def test_six_objects_lack_the_last_pose(answers):
    last = answers.loc[answers["pose"] == "rotated_incorrect", "class_id"].nunique()
    assert answers["class_id"].nunique() - last == 6


def test_misclicks_are_no_answers(answers):
    missed = answers[~answers["valid"]]
    found = missed.groupby(["observer", "group"])["pose"].apply(sorted).to_dict()
    assert found == {
        ("subj_2", "humans_40ms"): ["rotated_correct", "rotated_correct", "rotated_incorrect", "upright"],
        ("subj_1", "humans_unlimited_image_first"): ["rotated_correct"],
    }
    assert missed[["correct", "answer", "reaction_s"]].isna().all(axis=None)
    assert answers.loc[answers["valid"], ["correct", "answer"]].notna().all(axis=None)


def test_viewing_times(answers):
    seen = answers.groupby("group")["viewing_s"]
    assert seen.unique()["humans_40ms"] == pytest.approx([0.04])
    assert seen.unique()["humans_150ms"] == pytest.approx([0.15])
    assert seen.count()["humans_unlimited"] == 0  # the files' 0 is no time
    assert seen.count()["humans_unlimited_image_first"] == 587
    assert seen.min()["humans_unlimited_image_first"] > 0


def test_pooled_files_have_another_order_of_columns(study, answers):
    for name, subjects in POOLS.items():
        table = read_pooled(study / "groups_for_error_consistency" / f"{name}.mat")
        assert set(table[:, 1]) == {1, 2}
        own = answers[answers["observer"].isin([f"subj_{s}" for s in subjects]) & (answers["group"] == "humans_40ms")]
        own = own[own["pose"] != "upright"].set_index(["class_id", "pose"])["correct"].fillna(2)
        assert len(own) == 96
        assert all(own[(int(i), POSES[int(pose)])] == code for i, pose, code in table)


def test_models_without_an_answer(copy):
    table = loadmat(copy / "vit.mat")["data"].copy()
    table[[3, 60, 120], 3] = 2
    savemat(copy / "gemini_pro_answers.mat", {"data": table})
    answers = load_answers(copy)
    own = answers[answers["observer"] == "gemini_pro"]
    assert set(own["kind"]) == {"vlm"}
    assert (~own["valid"]).groupby(own["pose"]).sum().tolist() == [1, 1, 1]
    assert own["answer"].isna().sum() == 3


def test_hidden_files_and_the_repositorys_own_layout(copy, answers, tmp_path):
    (copy / "._subj_1_40.mat").write_bytes(b"\0\5\26\7")
    (copy / ".DS_Store").write_bytes(b"\0")
    repository = tmp_path / "unusual_poses"
    shutil.copytree(copy, repository / "data")
    (repository / "scripts").mkdir()
    pooled = "groups_for_error_consistency"
    shutil.move(repository / "data" / pooled, repository / "scripts" / pooled)
    assert load_answers(repository).equals(answers)
    change(repository / "scripts" / pooled / "group2.mat", cell(0, 2, 2), "data")
    assert "group2.mat does not say the same as the files of subj_4, subj_5, subj_6" in sentence(repository)
    shutil.rmtree(repository / "scripts")
    assert load_answers(repository).equals(answers)


def test_files_that_are_lacking_or_too_many(copy, tmp_path):
    assert "no folder" in sentence(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "has no file of the human study" in sentence(tmp_path / "empty")
    (copy / "subj_7_40.mat").rename(copy / "subj_7_400.mat")
    assert "the nearest are: subj_7_40" in sentence(copy)
    (copy / "subj_7_400.mat").unlink()
    assert "lacks 1 of the human study's 53 files (subj_7_40.mat)" in sentence(copy)


@pytest.mark.parametrize("kept", [0, 60, 130, 600])
def test_truncated_files(copy, kept):
    file = copy / "subj_3_40.mat"
    file.write_bytes(file.read_bytes()[:kept])
    text = sentence(copy)
    assert "subj_3_40.mat" in text
    assert "copy it from the study again" in text


def test_foreign_files(copy):
    savemat(copy / "subj_3_40.mat", {"results": np.zeros((49, 10))})
    assert "holds 'results' (49, 10), expected a variable 'condi'" in sentence(copy)
    (copy / "subj_3_40.mat").write_bytes(b"PK\3\4 a spreadsheet, really")
    assert "cannot be read as a MATLAB file" in sentence(copy)
    shutil.copy(copy / "groups_for_error_consistency" / "vit.mat", copy / "vit.mat")
    assert "holds 'data' (96, 3), expected a variable 'data' of 147 x 4 numbers" in sentence(copy)


WRONG = {
    "no row": (lambda t: t[:48], "48 rows"),
    "a pose": (cell(0, 2, 3.0), "poses 0, 1 and 2"),
    "a class": (cell(4, 0, 1000.0), "no ImageNet-1k index (0 to 999), or the two alike (first in row 5)"),
    "half a class": (cell(4, 1, 3.5), "no ImageNet-1k index"),
    "one key": (cell(2, 7, 0.0), "keys that are neither 1 and 2 nor both 0 (first in row 3)"),
    "another key": (cell(2, 6, 3.0), "keys"),
    "viewing": (cell(1, 8, 0.15), "a viewing time other than expected (0.04 s)"),
    "no time": (cell(1, 9, 0.0), "an answer without a response time"),
    "not a number": (cell(6, 4, np.nan), "not finite"),
    "angles": (cell(6, 4, 777.0), "other angles"),
}


@pytest.mark.parametrize("what", WRONG)
def test_numbers_that_cannot_be(copy, what):
    edit, expected = WRONG[what]
    change(copy / "subj_9_40.mat", edit)
    assert expected in sentence(copy)


def test_a_column_too_many_has_to_be_empty(copy):
    change(copy / "subj_11_unlim.mat", cell(3, 2, 1.0))
    assert "third is not empty" in sentence(copy)


def test_an_object_shown_twice(copy):
    def edit(table):
        same = np.flatnonzero(table[:, 2] == table[0, 2])
        table[same[1], :6] = table[0, :6]
        return table

    change(copy / "subj_9_40.mat", edit)
    assert "shown twice" in sentence(copy)


def test_ids_that_do_not_join(copy):
    known = set(loadmat(copy / "vit.mat")["data"][:, 0].astype(int))
    stranger = next(i for i in range(1000) if i not in known)
    change(copy / "subj_9_40.mat", cell(0, 0, float(stranger)))
    assert f"has an answer to class {stranger} in pose" in sentence(copy)


def test_alternatives_that_contradict(copy):
    def edit(table):
        table[0, 1] = (table[0, 1] + 1) % 1000
        return table

    change(copy / "swin.mat", edit, "data")
    assert "as the alternative of class" in sentence(copy)


def test_a_networks_answers(copy):
    change(copy / "swin.mat", cell(5, 3, 3.0), "data")
    assert "an answer other than 0, 1 and 2 (first in row 6)" in sentence(copy)
    change(copy / "swin.mat", lambda t: np.concatenate([t[:5, :], t[4:5, :], t[6:, :]]), "data")
    assert "a picture twice" in sentence(copy)


def test_pooled_answers_that_contradict(copy):
    file = copy / "groups_for_error_consistency" / "beit.mat"
    table = loadmat(file)["data"].astype(float)
    table[7, 2] = 1 - table[7, 2]
    savemat(file, {"data": table})
    assert "beit.mat does not say the same as beit.mat" in sentence(copy)


def test_the_study_is_fetched_file_by_file_and_checked(tmp_path, monkeypatch):
    from objectpose.files import sha256_of

    made = write_study(tmp_path / "made")
    hashes = {f"data/{file.name}": file for file in made.glob("*.mat")}
    hashes |= {f"scripts/{file.relative_to(made)}": file for file in (made / "groups_for_error_consistency").iterdir()}
    monkeypatch.setattr(fetched, "FILES", {path: sha256_of(file) for path, file in hashes.items()})
    with serving(monkeypatch) as server:
        monkeypatch.setattr(fetched, "ADDRESS", server.address)
        server.files |= {f"/{path}": Served(data=file.read_bytes()) for path, file in hashes.items()}
        folder = fetched.fetch_study(tmp_path / "got")
        assert load_answers(folder).equals(load_answers(made))
        asked = sum(len(served.log) for served in server.files.values())
        fetched.fetch_study(tmp_path / "got")
        assert sum(len(served.log) for served in server.files.values()) == asked
        server.files["/data/vit.mat"].data = b"MATLAB 5.0 of someone else"
        with pytest.raises(ObjectPoseError, match=r"The human study's vit.mat cannot be fetched: .*humans.path=PATH"):
            fetched.fetch_study(tmp_path / "other")


def test_the_pinned_hashes_are_of_all_files():
    names = [path.rpartition("/")[2] for path in fetched.FILES]
    assert len([name for name in names if name.startswith("subj_")]) == 48
    assert {f"{name}.mat" for name in (*NETWORKS, *POOLS)} <= set(names)
    assert all(len(sha256) == 64 for sha256 in fetched.FILES.values())
    assert fetched.COMMIT in fetched.ADDRESS


@pytest.mark.skipif(REAL is None, reason="OBJECTPOSE_HUMAN_DATA does not name the study's files")
def test_the_real_files_are_the_pinned_ones():
    from objectpose.files import sha256_of

    for path, sha256 in fetched.FILES.items():
        file = Path(REAL) / path.removeprefix("data/").removeprefix("scripts/")
        if file.is_file():
            assert sha256_of(file) == sha256, path
