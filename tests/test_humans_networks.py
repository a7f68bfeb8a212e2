"""Networks scored on the study's pictures, and the files that are written about people and networks."""

import numpy as np
import pandas as pd
import pytest
from scipy.io import loadmat

from objectpose.analysis.humans import figures, published
from objectpose.analysis.humans.accuracy import group_accuracy, observer_accuracy
from objectpose.analysis.humans.findings import People, behind, find_people
from objectpose.analysis.humans.kappa import kappa_matrix, rotated_codes
from objectpose.analysis.humans.levels_figure import levels_chart
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.publish import write_people
from objectpose.analysis.humans.published import LEVELS, beside, fingerprint
from objectpose.analysis.humans.reading import sentences
from objectpose.analysis.humans.scoring import StudyChoices, as_observers, network_scores, study_choices
from objectpose.datasets.folder import open_folder
from objectpose.errors import ObjectPoseError
from objectpose.results.rows import prediction_table
from tests.human_study import NETWORKS, REAL, write_pictures

NAMES = ["tiny", "vit"]


@pytest.fixture(scope="module")
def plan(study, answers, tmp_path_factory):
    """Of a real folder of pictures with the study's names, opened with its alternatives."""
    folder = tmp_path_factory.mktemp("pictures")
    root = write_pictures(folder / "stimuli", answers, size_px=8)
    return open_folder(root, renders=folder / "renders", progress=False, alternatives=study).plan


def logits_of(plan, seed):
    logits = np.random.default_rng(seed).normal(size=(len(plan), 1000)).astype(np.float32)
    for row, targets in zip(logits, plan["targets"], strict=True):
        row[targets[0]] += 2
    return logits


def predicted(plan, logits, classes=None):
    columns = None if classes is None else np.asarray(classes, np.int32)
    kept = logits if classes is None else logits[:, classes]
    targets, others = ([list(cell) for cell in plan[name]] for name in ("targets", "alt_targets"))
    return prediction_table(list(plan["image_id"]), kept, targets, others, columns).to_pandas()


@pytest.fixture(scope="module")
def choices(plan):
    frames = [
        study_choices(plan, predicted(plan, logits_of(plan, seed)), model=name, preprocess="own")
        for seed, name in enumerate(NAMES)
    ]
    return StudyChoices(pd.concat(frames, ignore_index=True))


def test_two_way_and_top1(plan):
    logits = logits_of(plan, 0)
    shuffled = predicted(plan, logits).sample(frac=1, random_state=1)
    table = study_choices(plan, shuffled, model="tiny", preprocess="own").set_index(["class_id", "pose"])
    assert 10 < table["two_way"].sum() < 147
    for image, row in zip(plan.itertuples(), logits, strict=True):
        found = table.loc[(image.targets[0], image.condition)]
        assert found["alternative_id"] == image.alt_targets[0]
        assert found["two_way"] == (row[image.targets[0]] > row[image.alt_targets[0]])
        assert found["top1"] == (row.argmax() == image.targets[0])


def test_a_tie_counts_half(plan, answers):
    logits = logits_of(plan, 0)
    target, other = plan["targets"].iloc[0][0], plan["alt_targets"].iloc[0][0]
    logits[0, other] = logits[0, target]
    table = study_choices(plan, predicted(plan, logits), model="tiny", preprocess="own")
    assert table["two_way"].iloc[0] == 0.5
    row = as_observers(StudyChoices(table), answers).set_index(["class_id", "pose"])
    found = row.loc[(target, plan["condition"].iloc[0])]
    assert (found["correct"], found["valid"]) == (0.5, True)
    assert pd.isna(found["answer"])


def test_a_network_without_a_class_is_not_counted_wrong(plan, answers):
    target, other = plan["targets"].iloc[0][0], plan["alt_targets"].iloc[1][0]
    classes = [i for i in range(1000) if i not in (target, other)]
    table = study_choices(plan, predicted(plan, logits_of(plan, 0), classes), model="few", preprocess="own")
    without = (plan["targets"].str[0] == target).to_numpy()
    assert table.loc[without, ["two_way", "top1"]].isna().all(axis=None)
    assert np.isnan(table["two_way"].iloc[1])
    observed = as_observers(StudyChoices(table), answers)
    assert (~observed["valid"]).sum() == table["two_way"].isna().sum()
    scores = network_scores(StudyChoices(table)).set_index("pose")
    assert scores["n_two_way"]["upright"] == (table["two_way"].notna() & (table["pose"] == "upright")).sum()


def test_scores_of_networks_hold_no_people(choices):
    table = network_scores(choices)
    assert set(table["network"]) == {"tiny", "vit (scored here)"}  # the study has a vit of its own
    assert table["pose"].tolist()[:4] == ["upright", "rotated_correct", "rotated_incorrect", "rotated"]
    own = choices.frame[choices.frame["model"] == "tiny"]
    upright = own[own["pose"] == "upright"]
    row = table[(table["network"] == "tiny") & (table["pose"] == "upright")].iloc[0]
    assert row["two_way_pct"] == pytest.approx(100 * upright["two_way"].mean())
    assert row["top1_pct"] == pytest.approx(100 * upright["top1"].mean())
    assert (row["n_two_way"], row["n_top1"]) == (51, 51)
    rotated = table[table["network"] == "tiny"].set_index("pose")["two_way_pct"]
    assert rotated["rotated"] == pytest.approx((rotated["rotated_correct"] + rotated["rotated_incorrect"]) / 2)


def test_a_network_is_an_observer_of_the_same_tables(answers, choices):
    both = pd.concat([answers, as_observers(choices, answers)], ignore_index=True)
    accuracy = group_accuracy(observer_accuracy(both))
    without = group_accuracy(observer_accuracy(answers))
    assert accuracy.iloc[: len(without)].equals(without)  # the study's rows stay as they were
    assert accuracy["group"].drop_duplicates().tolist()[-2:] == ["tiny", "vit (scored here)"]
    codes = rotated_codes(both)
    assert codes.columns.tolist()[-2:] == ["tiny", "vit (scored here)"]
    matrix = kappa_matrix(codes, missed_is_wrong=True)
    assert matrix.iloc[:9, :9].equals(kappa_matrix(rotated_codes(answers), missed_is_wrong=True))


def test_answers_that_are_no_choices(plan):
    good = predicted(plan, logits_of(plan, 0))
    words = {"model": "tiny", "preprocess": "own"}
    with pytest.raises(ObjectPoseError, match=r"dataset\.alternatives=PATH"):
        study_choices(plan.assign(alt_targets=None), good, **words)
    with pytest.raises(ObjectPoseError, match="not to the human study's pictures"):
        study_choices(plan.assign(image_id="banana/" + plan["image_id"].str.replace("_", "-")), good, **words)
    with pytest.raises(ObjectPoseError, match="not to the human study's pictures"):
        study_choices(plan.assign(condition="upright"), good, **words)
    with pytest.raises(ObjectPoseError, match="lack the column alt_logit"):
        study_choices(plan, good.drop(columns="alt_logit"), **words)
    with pytest.raises(ObjectPoseError, match="not one to each picture"):
        study_choices(plan, good.iloc[1:], **words)
    with pytest.raises(ObjectPoseError, match=r"without dataset\.classes"):
        study_choices(plan.assign(targets=plan["targets"].map(lambda t: [t[0], 999])), good, **words)


def test_people_are_shown_beside_nothing_but_choices(plan, choices, answers, monkeypatch):
    thousand = pd.DataFrame({"model": ["tiny"], "preprocess": ["own"], "condition": ["upright"], "top1": [80.0]})
    with pytest.raises(ObjectPoseError, match="lack class_id, alternative_id, pose, two_way"):
        StudyChoices(thousand)
    with pytest.raises(ObjectPoseError, match="tiny has answers to 50 upright, 51"):
        StudyChoices(choices.frame.drop(choices.frame.index[choices.frame["pose"] == "upright"][:1]))
    other = choices.frame.assign(alternative_id=(choices.frame["alternative_id"] + 1) % 1000)
    with pytest.raises(ObjectPoseError, match="hold for no others"):
        beside(StudyChoices(other))
    if fingerprint(answers) != published.PICTURES_SHA256:
        with pytest.raises(ObjectPoseError, match="hold for no others"):
            beside(choices)
        monkeypatch.setattr(published, "PICTURES_SHA256", fingerprint(answers))
    table = beside(choices)
    assert table["observer"].drop_duplicates().tolist() == [
        "humans_40ms",
        "humans_150ms",
        "humans_unlimited",
        "tiny",
        "vit (scored here)",
    ]
    assert table.loc[table["observer"].str.startswith("humans"), "source"].str.contains("347c8b7a").all()
    assert "top1_pct" not in table
    sizes = table.set_index(["observer", "pose"])[["n_observers", "n_images"]]
    assert sizes.loc["humans_40ms"].to_numpy().tolist() == [[12, 51], [12, 51], [12, 45], [12, 96]]
    assert sizes.loc[("tiny", "rotated")].tolist() == [1, 96]
    axes = levels_chart(table).axes[0]
    drawn = [np.asarray(part.get_offsets())[:, 0] for part in axes.collections if len(part.get_offsets()) == 5]
    own = table[table["observer"] == "tiny"].set_index("pose")["two_way_pct"]
    assert [part[3] for part in drawn] == pytest.approx(own.iloc[:3].tolist())
    assert [text.get_text() for text in axes.get_yticklabels()][2:] == ["people, 40 ms", "tiny", "vit (scored here)"]
    with pytest.raises(ObjectPoseError, match="two-way scores of networks only"):
        levels_chart(table[table["observer"] == "humans_40ms"])
    with pytest.raises(ObjectPoseError, match="two-way scores of networks only"):
        levels_chart(thousand)


@pytest.mark.skipif(REAL is None, reason="OBJECTPOSE_HUMAN_DATA does not name the study's files")
def test_the_built_in_levels_are_those_of_the_files():
    answers = load_answers(REAL)
    assert fingerprint(answers) == published.PICTURES_SHA256
    table = group_accuracy(observer_accuracy(answers)).set_index(["group", "pose"])
    assert len(LEVELS) == 12
    for level in LEVELS:
        row = table.loc[(level.group, level.pose)]
        assert (level.mean_pct, level.half_ci) == (round(row["mean_pct"], 2), round(row["half_ci"], 2))


def test_pictures_of_another_study_do_not_join(choices, answers):
    frame = choices.frame
    stranger = next(i for i in range(1000) if i not in set(answers["class_id"]))
    moved = frame.assign(class_id=frame["class_id"].replace(frame["class_id"].iloc[0], stranger))
    with pytest.raises(ObjectPoseError, match=f"do not join with the study's files .such as class {stranger}"):
        as_observers(StudyChoices(moved), answers)
    other = frame.assign(alternative_id=(frame["alternative_id"] + 1) % 1000)
    with pytest.raises(ObjectPoseError, match="against other alternatives"):
        as_observers(StudyChoices(other), answers)


FIGURES = ("upright_and_rotated", "correct_and_incorrect", "kappa", "resemblance")
OF_STUDY = ("accuracy.csv", "tests.csv", "further_tests.csv", "kappa.csv", "kappa_valid.csv")
FURTHER = ("further_accuracy.csv", "further_kappa.csv", "further_kappa_valid.csv", "networks.csv")


def test_everything_is_written_with_networks_and_without(study, choices, tmp_path, monkeypatch):
    folder = tmp_path / "humans"
    answers = load_answers(study)
    files = write_people(find_people(answers, choices), tmp_path).values()
    drawn = {f"figures/{name}.{ending}" for name in FIGURES for ending in ("png", "pdf")}
    expected = {*OF_STUDY, *FURTHER, "resemblance.csv", "reading.txt", *drawn}
    assert {str(file.relative_to(folder)) for file in files} == expected
    assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} == expected
    of_study = {name: (folder / name).read_bytes() for name in OF_STUDY}
    names = [*NETWORKS, "group1", "group2", "group3", "group4"]
    square = pd.read_csv(folder / "kappa.csv", index_col=0)
    assert square.index.tolist() == square.columns.tolist() == names
    more = pd.read_csv(folder / "further_kappa.csv", index_col=0)
    assert more.index.tolist() == more.columns.tolist() == [*names, "tiny", "vit (scored here)"]
    assert more.iloc[:9, :9].equals(square)
    assert pd.read_csv(folder / "tests.csv")["test"].tolist() == [f"t{i}" for i in range(1, 18) if i != 6]
    accuracy = pd.read_csv(folder / "accuracy.csv")
    people = ["humans_40ms", "humans_150ms", "humans_unlimited"]
    assert accuracy["group"].drop_duplicates().tolist() == [*people, "networks", *NETWORKS]
    whole = group_accuracy(observer_accuracy(load_answers(study)))
    pd.testing.assert_frame_equal(accuracy, whole, check_dtype=False, rtol=1e-9)
    further = pd.read_csv(folder / "further_accuracy.csv")
    assert further["group"].drop_duplicates().tolist() == ["tiny", "vit (scored here)"]
    text = (folder / "reading.txt").read_text()
    assert "tiny: its accuracies" in text
    assert "beit" not in text  # the user's networks alone, where there are some

    monkeypatch.setattr(People, "figures", lambda _: {})  # they take the longest
    write_people(find_people(answers, None), tmp_path)
    assert not [name for name in FURTHER if (folder / name).exists()]  # of an earlier run
    assert {name: (folder / name).read_bytes() for name in OF_STUDY} == of_study
    assert "beit: its accuracies" in (folder / "reading.txt").read_text()


def test_what_stands_behind_each_row(study, answers, choices):
    people = find_people(answers, choices)
    table = behind(people).set_index(["group", "pose"])
    raw = loadmat(study / "subj_2_40.mat")["condi"]
    missed = [int(((raw[:, 6] == 0) & (raw[:, 2] == pose)).sum()) for pose in range(3)]
    assert missed == [1, 2, 1]
    assert table.loc["humans_40ms"].to_numpy().tolist() == [
        [12, 51, 12 * 17 - 1],
        [12, 51, 12 * 17 - 2],
        [12, 45, 12 * 15 - 1],
        [12, 96, 12 * 32 - 3],
    ]
    assert table.loc["networks"].to_numpy().tolist() == [[5, 51, 255], [5, 51, 255], [5, 45, 225], [5, 96, 480]]
    assert table.loc[("tiny", "rotated")].tolist() == [1, 96, 96]
    assert list(table.index) == list(people.everyone[["group", "pose"]].itertuples(index=False, name=None))


def test_what_is_said_of_likeness_is_cautious():
    def text(**changes):
        row = {"network": "n", "kappa": 0.2, "distance_pp": 12.0, "distance_lo": 5.0, "distance_hi": 20.0}
        row |= {"nearest_share": 0.99, "kappa_lo": 0.1, "n_people_wrong": 80, **changes}
        far = {"distance_pp": 40.0, "nearest_share": 0.0, "kappa_lo": -0.1}
        groups = [{"group": "humans_40ms", **row}, {"group": "humans_150ms", **row, **far}]
        levels = [
            {"group": group, "pose": pose, "mean_pct": 90.0, "half_ci": 1.0}
            for group in ("humans_40ms", "humans_150ms", "humans_unlimited")
            for pose in ("upright", "rotated")
        ]
        nobody = pd.DataFrame({"kind": ["human"], "valid": [True], "group": ["humans_40ms"], "observer": ["subj_1"]})
        return sentences(pd.DataFrame(levels), pd.DataFrame(groups), nobody, width=10_000)

    assert "nearest to those of people at 40 ms" in text()
    assert "more than by chance with people at 40 ms (0.20);" not in text(kappa_lo=-0.01)
    assert "do not say which viewing time" in text(nearest_share=0.8)
    assert "far from those of all people, least far from people at 40 ms" in text(distance_lo=11.0)
    seldom = text(n_people_wrong=4)
    assert "People at 40 ms gave 4 wrong answers to rotated pictures in all" in seldom
    assert "fall together with no group's beyond chance" in seldom


def test_bars_are_the_means_and_dots_the_observers(answers):
    observers = observer_accuracy(answers)
    axes = figures.upright_and_rotated(observers, seed=3).axes[0]
    table = group_accuracy(observers).set_index(["group", "pose"])["mean_pct"]
    heights = [bar.get_height() for bar in axes.patches if np.isfinite(bar.get_height())][:8]
    groups = ("networks", "humans_unlimited", "humans_150ms", "humans_40ms")
    assert heights == pytest.approx([table[group, pose] for group in groups for pose in ("upright", "rotated")])
    dots = [c.get_offsets() for c in axes.collections if len(c.get_offsets()) in (5, 12)]
    assert [len(part) for part in dots] == [5, 5, *[12] * 6]
    fast = observers[(observers["group"] == "humans_40ms") & (observers["pose"] == "rotated")]["accuracy_pct"]
    assert np.sort(np.asarray(dots[-1])[:, 1]) == pytest.approx(np.sort(fast))
    again = figures.upright_and_rotated(observers, seed=3).axes[0]
    assert np.array_equal(again.collections[0].get_offsets(), axes.collections[0].get_offsets())
    other = figures.upright_and_rotated(observers, seed=4).axes[0]
    assert not np.array_equal(other.collections[0].get_offsets(), axes.collections[0].get_offsets())


def test_no_figure_is_silently_empty(answers):
    observers = observer_accuracy(answers)
    with pytest.raises(ObjectPoseError, match="no observer in humans_150ms"):
        figures.correct_and_incorrect(observers[observers["group"] != "humans_150ms"])
    with pytest.raises(ObjectPoseError, match="expected a square"):
        figures.kappa_heatmap(pd.DataFrame(), left_out=False)
    with pytest.raises(ObjectPoseError, match="no network to compare"):
        figures.resemblance_chart(pd.DataFrame(columns=["network"]))


def test_the_heatmap_shows_each_pair_and_what_cannot_be_said():
    matrix = pd.DataFrame(
        [[1, 0.25, np.nan], [0.25, 1, -0.1], [np.nan, -0.1, 1]], index=list("abc"), columns=list("abc")
    )
    words = [text.get_text() for text in figures.kappa_heatmap(matrix, left_out=True).axes[0].texts]
    assert words == ["0.25", "n/a", "0.25", "-0.10", "n/a", "-0.10"]
