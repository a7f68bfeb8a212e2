from __future__ import annotations

import re

import pandas as pd
import pytest
from synthetic import make_judged, make_plan

from objectpose.analysis.accuracy import hardest_objects, summarise
from objectpose.analysis.finding import terminal_table
from objectpose.errors import ObjectPoseError

QUICK = ("upright", "tilt", "so3", "scaling", "scaling_rotation")
SHARE = dict(zip(QUICK, (0.95, 0.6, 0.4, 0.8, 0.3), strict=True))
LITES = [f"efficientnet_lite{number}" for number in range(3)]


def name_of(index):
    return f"thing {index}, another word"


def text_of(judged, **options):
    return terminal_table(summarise(judged), hardest_objects(judged), name_of=name_of, **options)


@pytest.fixture(scope="module")
def judged():
    return make_judged(make_plan(QUICK, images=6), dict.fromkeys(LITES, SHARE))


def test_three_networks_and_five_conditions_fit_100_columns(judged):
    text = text_of(judged, admitted_by=LITES)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert text.isascii()
    for name in (*LITES, *QUICK):
        assert name in text


def test_the_first_sentence_says_what_the_table_says(judged):
    row = summarise(judged).set_index(["model", "condition"]).loc[(LITES[0], "so3")]
    upright = summarise(judged).set_index(["model", "condition"]).loc[(LITES[0], "upright"), "top1"]
    text = text_of(judged)
    sentence = " ".join(text.split("\nefficientnet_lite1")[0].split())
    assert sentence == (
        f"efficientnet_lite0 recognises {upright:.0f} % of the pictures upright and {row['top1']:.0f} % when "
        f"turned at random (so3): a drop of {row['drop_pp']:.0f} points, 95 % interval {row['drop_lo']:.0f} to "
        f"{row['drop_hi']:.0f}."
    )
    assert f"{row['drop_pp']:.1f} [{row['drop_lo']:.1f}, {row['drop_hi']:.1f}]" in text
    assert f"{row['top1']:.1f} [{row['top1_lo']:.1f}, {row['top1_hi']:.1f}]" in text


def test_counts_hardest_and_footnote_are_there(judged):
    text = " ".join(text_of(judged, admitted_by=LITES).split())
    assert "17 classes, 17 objects, 102 pictures a condition, 510 pictures in all" in text
    assert "Objects that lose most (mean over 3 networks and tilt, so3, scaling_rotation)" in text
    assert hardest_objects(judged)["object_id"].iloc[0] in text
    assert f"named it upright ({', '.join(LITES)})" in text
    assert "flattered" in text
    assert "procedural objects that networks name upright" in text
    assert "another word" not in text


def test_without_admission_there_is_no_footnote(judged):
    assert "flattered" not in text_of(judged)
    assert "(my chairs)" in " ".join(text_of(judged, population="my chairs").split())


def test_classes_left_out_are_named(judged):
    text = " ".join(text_of(judged, left_out={LITES[0]: ["tank", "jeep"]}).split())
    assert f"{LITES[0]} has no output for 2 classes (jeep, tank)" in text


def test_one_class_says_why_there_is_no_interval():
    judged = make_judged(make_plan(QUICK, classes=("jeep",)), {"net": SHARE})
    text = " ".join(text_of(judged).split())
    assert "With one class there is no interval" in text
    assert "nan" not in text
    assert re.search(r"\d \[", text) is None


def test_all_right_and_gains_read_well():
    plan = make_plan(QUICK, images=6)
    all_right = " ".join(text_of(make_judged(plan, {"net": dict.fromkeys(QUICK, 1.0)})).split())
    assert "no change in whole points" in all_right
    assert "Objects that lose most" not in all_right
    gain = text_of(make_judged(plan, {"net": {**SHARE, "upright": 0.0, "so3": 1.0}}))
    assert "a gain of 100 points" in " ".join(gain.split())


def test_only_a_baseline_has_a_sentence_without_a_drop():
    text = text_of(make_judged(make_plan(["upright"]), {"net": SHARE}))
    assert re.match(r"net recognises \d+ % of the pictures upright\.", text)


def test_many_networks_have_one_line_each():
    plan = make_plan(QUICK, classes=("jeep", "tank", "cannon"), images=4)
    names = [f"timm:a_rather_long_name_of_a_network_{number:02d}" for number in range(9)]
    text = text_of(make_judged(plan, dict.fromkeys(names, SHARE)))
    assert max(len(line) for line in text.splitlines()) <= 100
    table = text.split("\n\n")[1].splitlines()
    assert len(table) == 2 + 9
    assert text.startswith("Of 9 networks, ")


def test_long_names_and_several_baselines_fit():
    pairs = {"upright": "upright", "scaling": "upright", "scaling_rotation": "scaling"}
    plan = make_plan(pairs, images=4)
    text = text_of(make_judged(plan, {"timm:" + "very_long_" * 8 + "name": SHARE}))
    table = text.split("\n\n")[1]
    assert max(len(line) for line in table.splitlines()) <= 100
    assert "against" in table


def test_names_cannot_steer_the_terminal():
    plan = make_plan(QUICK, images=2, classes=("jeep", "\x1b[31mtank"))
    text = text_of(make_judged(plan, {"<script>\x1b[2J": SHARE}))
    assert "\x1b" not in text
    assert "<script>?[2J" in text


def test_two_data_sets_are_a_sentence(judged):
    other = summarise(judged).assign(dataset="other")
    with pytest.raises(ObjectPoseError, match="2 data sets"):
        terminal_table(pd.concat([summarise(judged), other]))
