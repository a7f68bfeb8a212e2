"""From the study's folder to the files and the page about people, as a user gets them."""

import math
import shutil
import statistics
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.io import loadmat

from objectpose.analysis.humans import published
from objectpose.analysis.humans.findings import find_people
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.scoring import StudyChoices
from objectpose.config import HumansConfig, load_config
from objectpose.errors import ObjectPoseError
from objectpose.jobs import people as job
from objectpose.jobs.sections import people
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Report, write_report
from tests.human_study import NETWORKS, REAL, write_clone, write_study

POSES = ("upright", "rotated_correct", "rotated_incorrect", "rotated")
T11, T4, T22 = 2.200985160, 2.776445105, 2.073873068
"""97.5 % points of Student's distribution, from a printed table."""


def made_choices(answers, names=("tiny", "<b>$x_1$</b>")):
    """Choices of networks that are right on two pictures of three, on the pictures of a table of answers."""
    pictures = answers[answers["observer"] == "vit"][["class_id", "alternative_id", "pose"]].reset_index(drop=True)
    right = (pictures["class_id"] % 3 > 0).astype(float)
    frames = [pictures.assign(model=name, preprocess="native", two_way=right, top1=0.0) for name in names]
    return StudyChoices(pd.concat(frames, ignore_index=True))


def by_hand(study, kind):
    """Accuracies of observers by pose in percent, counted from the files without the package."""
    names = NETWORKS if kind == "networks" else kind
    found = []
    for name in names:
        content = loadmat(study / f"{name}.mat")
        shares = []
        for pose in (0, 1, 2):
            if "data" in content:
                told = [int(row[3]) for row in content["data"].tolist() if row[2] == pose]
            else:
                trials = [row[-8:] for row in content["condi"].tolist() if row[-8] == pose and row[-4] != 0]
                told = [int(row[4] == row[5]) for row in trials]
            shares.append(100 * told.count(1) / len(told))
        found.append([*shares, (shares[1] + shares[2]) / 2])
    return found


def columns_of(file):
    return pd.read_csv(file, nrows=0).columns.tolist()


def check_files(folder: Path, study: Path):
    """Compare the four files of the contract with numbers counted in another way."""
    assert columns_of(folder / "accuracy.csv") == ["group", "pose", "mean_pct", "half_ci_study", "half_ci"]
    assert columns_of(folder / "tests.csv") == ["test", "t", "df", "p", "diff", "lo", "hi"]
    fast = by_hand(study, [f"subj_{s}_40" for s in range(1, 13)])
    short = by_hand(study, [f"subj_{s}_150" for s in range(13, 25)])
    free = by_hand(study, [f"subj_{s}_unlim" for s in range(13, 25)])
    nets = by_hand(study, "networks")
    groups = {"humans_40ms": fast, "humans_150ms": short, "humans_unlimited": free, "networks": nets}
    table = pd.read_csv(folder / "accuracy.csv")
    assert table["group"].tolist() == [name for name in (*groups, *NETWORKS) for _ in POSES]
    assert table["pose"].tolist() == list(POSES) * 9
    rows = table.set_index(["group", "pose"])
    for name, observers in groups.items():
        study_m, right_m = (2.571, T4) if name == "networks" else (2.17881, T11)
        for place, pose in enumerate(POSES):
            values = [observer[place] for observer in observers]
            error = statistics.stdev(values) / math.sqrt(len(values))
            expected = (statistics.fmean(values), study_m * error, right_m * error)
            assert tuple(rows.loc[(name, pose)]) == pytest.approx(expected, abs=1e-6)
    for name, observer in zip(NETWORKS, nets, strict=True):
        assert rows.loc[name, "mean_pct"].tolist() == pytest.approx(observer, abs=1e-6)
        assert rows.loc[name, ["half_ci_study", "half_ci"]].isna().all(axis=None)

    tests = pd.read_csv(folder / "tests.csv").set_index("test")
    assert tests.index.tolist() == ["t1", "t2", "t3", "t4", "t5", *(f"t{i}" for i in range(7, 18))]
    assert tests["df"].tolist() == [22, 22, 11, 11, 11, 22, 15, 11, 22, 4, 4, 11, 11, 11, 10, 10]
    a, b = [row[3] for row in free], [row[3] for row in fast]
    diff = statistics.fmean(a) - statistics.fmean(b)
    error = math.sqrt((statistics.variance(a) + statistics.variance(b)) / 2 * (2 / 12))
    found = tests.loc["t1", ["t", "diff", "lo", "hi"]].tolist()
    assert found == pytest.approx([diff / error, diff, diff - T22 * error, diff + T22 * error], abs=1e-5)
    gaps = [row[0] - row[3] for row in nets]
    diff, error = statistics.fmean(gaps), statistics.stdev(gaps) / math.sqrt(5)
    found = tests.loc["t11", ["t", "diff", "lo", "hi"]].tolist()
    assert found == pytest.approx([diff / error, diff, diff - T4 * error, diff + T4 * error], abs=1e-5)
    women = [fast[s - 1][0] for s in (1, 6, 8, 9, 11, 12)]
    men = [fast[s - 1][0] for s in (2, 3, 4, 5, 7, 10)]
    assert tests["diff"]["t16"] == pytest.approx(statistics.fmean(men) - statistics.fmean(women), abs=1e-6)

    names = [*NETWORKS, "group1", "group2", "group3", "group4"]
    pooled = {n: loadmat(study / "groups_for_error_consistency" / f"{n}.mat")["data"][:, 2].tolist() for n in names}
    for file, dropped in (("kappa.csv", False), ("kappa_valid.csv", True)):
        matrix = pd.read_csv(folder / file, index_col=0)
        assert matrix.index.tolist() == matrix.columns.tolist() == names
        for first in names:
            assert matrix.loc[first, first] == 1
            for second in names:
                if first == second:
                    continue
                pairs = zip(pooled[first], pooled[second], strict=True)
                pairs = [pair for pair in pairs if not dropped or 2 not in pair]
                o, p, q = (
                    statistics.fmean(part) for part in zip(*[(i == j, i == 1, j == 1) for i, j in pairs], strict=True)
                )
                e = p * q + (1 - p) * (1 - q)
                assert matrix.loc[first, second] == pytest.approx((o - e) / (1 - e), abs=1e-6)


@pytest.fixture(scope="module")
def any_study(tmp_path_factory):
    """The real files where there are some, else made-up ones: whole commands are run on one study only."""
    return Path(REAL) if REAL else write_study(tmp_path_factory.mktemp("any") / "data")


def test_the_keys_on_people(study, tmp_path, monkeypatch, answers):
    assert job.study_answers(load_config("report", []).humans) is None
    config = load_config("report", [f"humans.path={study}"])
    assert job.study_answers(config.humans).equals(answers)
    assert job.provenance(config.humans) == {"human study": str(study.resolve())}
    with pytest.raises(ObjectPoseError, match="leave one of them out"):
        job.study_answers(load_config("report", [f"humans.path={study}", "humans.fetch=true"]).humans)
    with pytest.raises(ObjectPoseError, match=r"humans\.path is empty"):
        job.study_answers(HumansConfig(path=""))
    asked = []
    monkeypatch.setenv("OBJECTPOSE_CACHE", str(tmp_path))
    monkeypatch.setattr(job, "fetch_study", lambda folder: asked.append(folder) or study)
    assert job.study_answers(HumansConfig(fetch=True)).equals(answers)
    assert asked == [tmp_path / "human_study" / "347c8b7a"]
    with pytest.raises(ObjectPoseError, match=r"Unknown key 'humans'; .*humans\.path"):
        load_config("report", [f"humans={study}"])


def test_the_section_shows_everything_and_escapes_names(answers, study, tmp_path):
    choices = made_choices(answers)
    section = people.section(find_people(answers, choices), choices, tmp_path)
    check_files(tmp_path / "humans", study)
    html = write_report(Report("r", [], [section]), tmp_path / "report").read_text(encoding="utf-8")
    for words in (
        "two-way scores on these pictures only",
        "Upright and rotated",
        "The two kinds of rotated pictures",
        "The study&#x27;s sixteen tests",
        "people without a limit against people at 40 ms, rotated",
        "Kappa, mis-clicks counted wrong",
        "Kappa, mis-clicks left out",
        "Which viewing time does a network resemble?",
        "Networks that were scored here",
        "further data (CSV)",
        "&lt;b&gt;",
    ):
        assert words in html, words
    assert "<b>$x" not in html
    assert html.count(">PDF</a>") == 4


def test_published_levels_stand_beside_two_way_scores_only(answers, tmp_path, monkeypatch):
    choices = made_choices(answers)
    monkeypatch.setattr(published, "PICTURES_SHA256", published.fingerprint(answers))
    section = people.published_section(choices, Output(tmp_path, "human_stimuli"))
    html = write_report(Report("r", [], [section]), tmp_path / "report").read_text(encoding="utf-8")
    assert "people, 40 ms" in html
    assert "Observers" in html
    assert "347c8b7a" in html
    monkeypatch.setattr(published, "PICTURES_SHA256", "0" * 64)
    with pytest.raises(ObjectPoseError, match="hold for no others"):
        people.published_section(choices, Output(tmp_path, "human_stimuli"))
    assert job.sections(None, [], tmp_path) == []


@pytest.mark.slow
def test_from_a_clone_to_the_report(cli, any_study, tmp_path):
    study, answers = any_study, load_answers(any_study)
    clone = write_clone(tmp_path / "unusual_poses", study)
    done = cli("eval", "dataset=human_stimuli", f"dataset.path={clone}", "model=efficientnet_lite0", "progress=false")
    assert done.returncode == 0, done.stderr
    assert "147 pictures in all" in done.stdout
    done = cli("report", f"humans.path={clone}", "progress=false")
    assert done.returncode == 0, done.stderr
    assert "People at 40 ms choose right" in done.stdout
    assert "efficientnet_lite0: its accuracies" in done.stdout
    results = tmp_path / "results"
    check_files(results / "humans", study)
    page = (results / "report" / "index.html").read_text(encoding="utf-8")
    assert "Networks that were scored here" in page
    stored = pd.read_parquet(next((results / "predictions").glob("human_stimuli-*/*.parquet")))
    plan = pd.read_parquet(next((tmp_path / "renders").glob("human_stimuli-*")) / "plan.parquet")
    rows = stored.set_index("image_id").loc[plan["image_id"]]
    right = 100 * np.mean((rows["target_logit"] > rows["alt_logit"]).to_numpy()[plan["condition"] == "upright"])
    scores = pd.read_csv(results / "humans" / "networks.csv").set_index("pose")
    assert scores["two_way_pct"]["upright"] == pytest.approx(right, abs=1e-6)

    done = cli("report", "progress=false")  # without the study's files
    assert done.returncode == 0, done.stderr
    page = (results / "report" / "index.html").read_text(encoding="utf-8")
    of_study = published.fingerprint(answers) == published.PICTURES_SHA256
    assert ("Published levels of people beside two-way scores" in page) == of_study
    assert ("These are not the human study&#x27;s 147 pictures" in page) == (not of_study)


@pytest.mark.slow
def test_a_report_of_people_alone(cli, any_study, tmp_path):
    study = any_study
    done = cli("report", f"humans.path={study}", "progress=false")
    assert done.returncode == 0, done.stderr
    check_files(tmp_path / "results" / "humans", study)
    assert "vit: its accuracies" in done.stdout
    page = (tmp_path / "results" / "report" / "index.html").read_text(encoding="utf-8")
    assert "Leaderboard" not in page
    assert "Networks that were scored here" not in page
    done = cli("report", f"humans.path={study}", 'fail_if="top1<50"', "progress=false")
    assert done.returncode == 2
    assert "there are no networks' answers" in done.stderr
    broken = shutil.copytree(study, tmp_path / "broken")
    (broken / "subj_3_40.mat").write_bytes(b"MATLAB")
    done = cli("report", f"humans.path={broken}", "progress=false")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "subj_3_40.mat" in done.stderr
