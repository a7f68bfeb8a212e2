"""Sections of the report on answers that some part of it has nothing to say about."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from synthetic import CLASSES, make_evidence, make_judged, make_plan, make_predictions

from objectpose import evidence as evidences
from objectpose.errors import ObjectPoseError
from objectpose.evidence import gather
from objectpose.jobs import report
from objectpose.jobs.sections import differences, errors, hardest, leaderboard
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Report, Table, write_report

SHARES = {"a": {"upright": 0.9, "so3": 0.5}, "b": {"upright": 0.8, "so3": 0.6}}
BOTH = ("upright", "so3")
PARTS = {
    "all right": ({name: dict.fromkeys(BOTH, 1.0) for name in SHARES}, CLASSES[:4], BOTH),
    "all wrong": ({name: dict.fromkeys(BOTH, 0.0) for name in SHARES}, CLASSES[:4], BOTH),
    "one class": (SHARES, CLASSES[:1], BOTH),
    "one network": ({"a": SHARES["a"]}, CLASSES[:4], BOTH),
    "baselines only": (SHARES, CLASSES[:4], ("upright",)),
}


@pytest.mark.parametrize("part", PARTS)
def test_every_section_has_something_to_show_or_to_say(part, tmp_path):
    shares, classes, conditions = PARTS[part]
    plan = make_plan(conditions, classes=classes, images=4)
    judged = make_judged(plan.assign(sweep_deg=float("nan"), distance_deg=10.0), shares)
    sections = [make(make_evidence(judged), Output(tmp_path, "quick")) for make in report.SECTIONS]
    for section in sections:
        assert section.text or section.items, section.heading
        assert all(sentence.strip().endswith(".") for sentence in section.text)
        for item in section.items:
            assert not isinstance(item, Table) or len(item.frame), item.title
    page = write_report(Report("t", ["."], sections), tmp_path / "report", progress=False).read_text(encoding="utf-8")
    assert "This table has no rows" not in page
    names = [make.__module__.rpartition(".")[2] for make in report.SECTIONS]
    said = {name: " ".join(section.text) for name, section in zip(names, sections, strict=True)}
    words = {
        "all right": ("places", "No object loses accuracy"),
        "all wrong": ("places", "No object loses accuracy"),
        "one class": ("leaderboard", "With one class there is no interval"),
        "one network": ("differences", "one network only"),
        "baselines only": ("differences", "No condition is compared with a baseline"),
    }[part]
    assert words[1] in said[words[0]]


def test_one_network_has_its_power_and_several_their_pairs(tmp_path):
    judged = make_judged(make_plan(images=4), {"a": SHARES["a"]})
    one = differences.section(make_evidence(judged), Output(tmp_path, "quick"))
    assert [item.title for item in one.items] == ["What this data set could have shown"]
    assert "so3 (17 classes): a drop of" in " ".join(one.text)
    upright = make_judged(make_plan(("upright",), images=4), SHARES)
    only = differences.section(make_evidence(upright), Output(tmp_path, "quick"))
    assert [item.title for item in only.items] == ["Is the difference real?"]


def test_networks_without_a_common_class_still_have_their_accuracies(tmp_path):
    plan = make_plan(classes=CLASSES[:2], images=4)
    judged = make_judged(plan, SHARES)
    first = judged["class_name"] == CLASSES[0]
    judged.loc[(judged["model"] == "a") == first, ["correct", "correct5", "answer"]] = pd.NA
    section = leaderboard.section(make_evidence(judged), Output(tmp_path, "quick"))
    assert "no class in common" in section.text[0]
    assert [item.png.stem for item in section.items] == ["quick_accuracy_by_condition"]


def test_wrong_answers_of_one_condition_are_shown_and_all_are_written(tmp_path):
    judged = make_judged(make_plan(images=4), SHARES)
    section = errors.section(make_evidence(judged.assign(distance_deg=10.0)), Output(tmp_path, "quick"))
    table = next(item for item in section.items if item.title == "The same wrong answer?")
    assert set(table.frame["condition"]) == {"so3"}
    assert set(pd.read_csv(tmp_path / table.csv)["condition"]) == {"upright", "so3"}
    assert "beyond chance" in table.note


def test_hardest_objects_are_named_with_what_they_are_taken_for(tmp_path):
    evidence = make_evidence(make_judged(make_plan(images=4), SHARES))
    (objects,) = hardest.objects_of(evidence, Output(tmp_path, "quick"))
    assert 0 < len(objects.frame) <= hardest.MOST_HARDEST
    assert objects.frame["drop_pp"].is_monotonic_decreasing
    assert objects.frame["taken_for"].dropna().map(lambda name: isinstance(name, str) and not name.isdigit()).all()
    assert objects.note == "Means over 2 networks and so3."
    (worst,) = hardest.worst_of(evidence, Output(tmp_path, "quick"))
    assert len(worst.frame) == 4
    assert len(pd.read_csv(tmp_path / worst.csv)) == 4


def test_a_part_without_items_says_why_once_and_the_others_follow():
    def nothing():
        raise ObjectPoseError("Nothing here.")

    table = Table("t", pd.DataFrame())
    assert collect(nothing, lambda: [table], list, nothing) == (["Nothing here."], [table])


def test_a_table_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    output, old = Output(tmp_path, "quick"), pd.DataFrame({"a": [1]})
    path = tmp_path / output.table("t", old)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("objectpose.files.publish", full)
    with pytest.raises(ObjectPoseError, match=r"quick_t\.csv cannot be written \(No space left on device\)"):
        output.table("t", old.assign(b=2))
    assert [file.name for file in path.parent.iterdir()] == ["quick_t.csv"]
    pd.testing.assert_frame_equal(pd.read_csv(path), old)


def unit(name, pretrained=True):
    said = {"model": name, "source": "own", "identifier": name}
    return SimpleNamespace(
        name=name, pretrained=pretrained, preprocess="native", path=Path(name), classes=None, provenance=said
    )


@pytest.fixture
def stored(monkeypatch):
    """A data set whose answers come from frames: a dict of network and predictions."""
    plan = make_plan(classes=CLASSES[:4], images=4)
    answers = {"a": make_predictions(plan, SHARES["a"]), "b": make_predictions(plan, SHARES["b"], 1)}
    dataset = SimpleNamespace(plan=plan, of_catalogue=False, population="things")
    monkeypatch.setattr(evidences, "open_stored", lambda folder, classes: dataset)
    monkeypatch.setattr(evidences, "read_predictions", lambda path: answers[path.name])
    return SimpleNamespace(plan=plan, answers=answers, dataset=dataset)


def test_unusable_answers_are_named_and_the_rest_is_reported(stored):
    stored.answers["a"] = stored.answers["a"].iloc[3:]
    found = gather("quick-0123456789ab", [unit("a"), unit("b"), unit("c", False)], Path())
    assert set(found.judged["model"]) == {"b"}
    assert "no prediction for 3 of the 32 images" in found.missing["a"]
    assert "random weights" in found.missing["c"]


def test_a_data_set_without_usable_answers_is_a_sentence(stored):
    stored.answers["a"] = stored.answers["a"].assign(image_id=lambda rows: rows["image_id"] + "x")
    stored.answers["b"] = stored.answers["b"].iloc[3:]
    with pytest.raises(ObjectPoseError, match=r"a: 32 of the 32 predictions .* b has no prediction for 3"):
        gather("quick-0123456789ab", [unit("a"), unit("b")], Path())
    with pytest.raises(ObjectPoseError, match="random weights, of which there is no finding; evaluate trained ones"):
        gather("quick-0123456789ab", [unit("a", False), unit("b", False)], Path())


def test_a_condition_without_its_baseline_is_a_sentence(stored):
    stored.dataset.plan = stored.plan[stored.plan["condition"] == "so3"].reset_index(drop=True)
    for name, frame in stored.answers.items():
        stored.answers[name] = frame[frame["image_id"].str.startswith("so3")]
    found = gather("quick-0123456789ab", [unit("a"), unit("b")], Path())
    with pytest.raises(ObjectPoseError, match=r"'so3' of a on quick-.* is compared with 'upright', .* no image"):
        _ = found.summary
