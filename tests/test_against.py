"""Two runs compared: the sentences, the section, what cannot be compared, and the command."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from synthetic import make_evidence, make_judged, make_plan

from objectpose import evidence as evidences
from objectpose.analysis.regression import regression_check, regression_sentences, unmatched
from objectpose.analysis.threshold import failures, of_regression, parse_thresholds
from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.evidence import older_run
from objectpose.files import sha256_of
from objectpose.jobs.sections import regression
from objectpose.jobs.sections.output import Output

SHARES = {"good": {"upright": 0.95, "so3": 0.7}, "bad": {"upright": 0.9, "so3": 0.3}}


@pytest.fixture(scope="module")
def judged():
    return make_judged(make_plan(images=4), SHARES)


def spoilt(judged, network="good", condition="so3", ends="01"):
    """Return answers of which those to some pictures have become wrong."""
    newer = judged.copy()
    hit = (newer["model"] == network) & (newer["condition"] == condition) & newer["image_id"].str[-1].isin(list(ends))
    hit &= newer["correct"].astype(bool)
    newer.loc[hit, ["correct", "correct5", "answer"]] = [False, False, 1]
    return newer, int(hit.sum())


def test_a_sentence_a_network(judged):
    newer, lost = spoilt(judged)
    table = regression_check(judged, newer, permutations=99)
    bad, good = regression_sentences(table)
    assert bad == "bad: none of 136 first answers changed."
    row = table[(table["model"] == "good") & (table["condition"] == "so3") & (table["measure"] == "top1")].iloc[0]
    assert good.startswith(
        f"good: {lost} of 136 first answers changed; most under so3, with {row['older']:.1f} % right"
    )
    assert f"{row['regression_pp']:.1f} points lost (95 % interval {row['low_pp']:.1f} to {row['high_pp']:.1f})" in good
    back = regression_sentences(regression_check(newer, judged, permutations=99))[1]
    assert f"{row['regression_pp']:.1f} points gained (95 % interval {row['low_pp']:.1f} to" in back
    one = judged["class_name"] == "tank"
    alone = regression_sentences(regression_check(judged[one], newer[one], permutations=99))[1]
    assert "interval" not in alone


def test_other_wrong_answers_are_a_change_without_a_loss(judged):
    newer = judged.copy()
    wrong = (newer["model"] == "bad") & ~newer["correct"].astype(bool)
    newer.loc[wrong, "answer"] = 2
    said = regression_sentences(regression_check(judged, newer, permutations=99))
    assert f"bad: {wrong.sum()} of 136 first answers changed" in said[0]
    assert "no point lost" in said[0]


def test_networks_of_one_run_are_named(judged):
    good, bad = (judged[judged["model"] == name] for name in ("good", "bad"))
    assert unmatched(judged, judged) == []
    assert unmatched(judged, good) == ["Only the older run holds bad, which is not compared."]
    assert unmatched(good, pd.concat([judged, bad.assign(model="c")])) == [
        "Only the newer run holds bad, c, which are not compared."
    ]


def test_section_shows_the_check_and_what_is_left_out(judged, tmp_path):
    newer, _ = spoilt(judged)
    older = make_evidence(judged[judged["model"] == "good"])
    older.missing["torn"] = "it was."
    found = regression.changes(make_evidence(newer), older)
    section = regression.section(found, Output(tmp_path, "quick"))
    assert section.heading == "Against the older run"
    assert section.text == found.said
    assert section.text[1:] == [
        "Only the newer run holds bad, which is not compared.",
        "torn of the older run is left out: it was.",
    ]
    (table,) = section.items
    assert {column.name for column in table.columns} <= set(table.frame.columns)
    written = pd.read_csv(tmp_path / table.csv)
    assert written["regression_pp"].to_numpy() == pytest.approx(table.frame["regression_pp"].to_numpy(), abs=1e-3)
    assert [str(f.condition) for f in failures(parse_thresholds("regression_pp>3"), pd.DataFrame(), found.table)] == [
        "so3"
    ]


def test_expressions_about_an_older_run_are_known():
    thresholds = parse_thresholds("drop_pp>3, regression_pp>3, so3.regression_lo>0")
    assert [str(one) for one in of_regression(thresholds)] == ["regression_pp>3", "so3.regression_lo>0"]
    with pytest.raises(ObjectPoseError, match="against=FOLDER"):
        failures(of_regression(thresholds), pd.DataFrame())


def unit(dataset, classes=IMAGENET):
    return SimpleNamespace(dataset=dataset, classes=classes, name="n", pretrained=True)


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ([], ["no answers", "older run"]),
        ([unit("quick-aaaaaaaaaaaa")], ["quick-aaaaaaaaaaaa", "quick-0123456789ab", "versions of one data set"]),
        ([unit("paper-bbbbbbbbbbbb")], ["paper-bbbbbbbbbbbb", "not quick-0123456789ab", "same pictures"]),
        ([unit("quick-0123456789ab", Classes("mine", ("a", "b")))], ["mine", "ImageNet-1k", "same classes"]),
    ],
    ids=["nothing", "another version", "another data set", "other classes"],
)
def test_what_cannot_be_compared_is_a_sentence(judged, units, words, tmp_path, monkeypatch):
    monkeypatch.setattr(evidences, "stored_units", lambda folder: (units, []))
    with pytest.raises(ObjectPoseError) as error:
        older_run(tmp_path / "old", make_evidence(judged), tmp_path)
    assert all(word in str(error.value) for word in words), str(error.value)


def test_of_several_data_sets_those_without_an_older_run_are_named(judged, tmp_path, monkeypatch):
    def answer(folder, newer, renders):
        if newer.name.startswith("other"):
            raise ObjectPoseError("The older run lacks it.")
        return make_evidence(judged)

    monkeypatch.setattr(regression, "older_run", answer)
    first, second = make_evidence(judged), make_evidence(judged)
    object.__setattr__(second, "name", "other-0123456789ab")
    old, new = tmp_path / "old", tmp_path / "new"
    found, notes = regression.since(old, [first, second], new, tmp_path)
    assert list(found) == [first.name]
    assert notes == ["other-0123456789ab is not compared: The older run lacks it."]
    assert len(regression.all_of(found)) == len(found[first.name].table)
    assert regression.all_of({}) is None
    with pytest.raises(ObjectPoseError, match="lacks it"):
        regression.since(old, [second], new, tmp_path)
    with pytest.raises(ObjectPoseError, match=r"None of the 2 data sets .*lacks it"):
        regression.since(old, [second, second], new, tmp_path)
    with pytest.raises(ObjectPoseError, match="is the results folder that is reported"):
        regression.since(new, [first], tmp_path / "old" / ".." / "new", tmp_path)


def rewrite(path, change):
    """Change the answers of a stored unit as a run with other weights would have stored them."""
    table = pq.read_table(path)
    frame = change(table.to_pandas())
    pq.write_table(pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False), path)
    beside = path.with_suffix(".json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), "parquet_sha256": sha256_of(path)}))


@pytest.mark.slow
def test_the_command_compares_with_an_older_run(cli, tmp_path):
    small = ("dataset.objects=[tank,jeep,violin,banana]", "render.image_size=64", "progress=false")
    done = cli("eval", "model=[efficientnet_lite0,efficientnet_lite1]", *small)
    assert done.returncode == 0, done.stderr
    shutil.copytree(tmp_path / "results", tmp_path / "old")
    same = cli("report", "against=old", 'fail_if="regression_pp>3"', "progress=false")
    assert same.returncode == 0, same.stderr
    assert "efficientnet_lite0: none of 48 first answers changed." in same.stdout
    plan = pd.read_parquet(next((tmp_path / "renders").glob("quick-*/plan.parquet"))).set_index("image_id")["targets"]
    older = next((tmp_path / "old").glob("predictions/*/efficientnet_lite0-*.parquet"))
    right = [[int(plan[name][0]), 1, 2, 3, 4] for name in pd.read_parquet(older)["image_id"]]
    rewrite(older, lambda frame: frame.assign(top5=right))
    next((tmp_path / "old").glob("predictions/*/efficientnet_lite1-*.json")).unlink()
    worse = cli("report", "against=old", 'fail_if="regression_pp>3"', "progress=false")
    assert worse.returncode == 3, worse.stderr
    assert "which fails regression_pp>3" in worse.stderr
    page = (tmp_path / "results" / "report" / "index.html").read_text(encoding="utf-8")
    assert "Against the older run" in page
    assert "Only the newer run holds efficientnet_lite1, which is not compared." in worse.stdout
    table = pd.read_csv(tmp_path / "results" / "tables" / "quick_regression.csv")
    assert set(table["model"]) == {"efficientnet_lite0"}
    top1 = table[table["measure"] == "top1"]
    assert (top1["older"] == 100).all()
    assert top1["regression_pp"].to_numpy() == pytest.approx((100 - top1["newer"]).to_numpy(), abs=1e-3)
    for words, said in (
        (("against=nowhere",), "no answers below nowhere/predictions"),
        (("against=results",), "is the results folder that is reported"),
        (('fail_if="regression_pp>3"',), "against=FOLDER"),
    ):
        done = cli("report", *words, "progress=false")
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
