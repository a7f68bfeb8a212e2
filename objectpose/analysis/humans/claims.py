"""What the human study claims, held against its own answer files by the rule of ``analysis.claims``."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from objectpose.analysis.claims import (
    HUMANS,
    Claim,
    Estimate,
    Judgement,
    above,
    estimates,
    holds_zero,
    untestable,
    within,
)
from objectpose.analysis.humans.accuracy import accuracies, observer_accuracy
from objectpose.analysis.humans.comparisons import FURTHER, STUDY, Comparison, Side, compare, t_test
from objectpose.analysis.humans.drops import rotation_drops
from objectpose.analysis.humans.kappa import rotated_codes
from objectpose.analysis.humans.published import LEVELS
from objectpose.analysis.humans.study import COMPARED, NETWORKS, POOLS, ROTATED, VLMS
from objectpose.analysis.kappa_groups import kappa_contrasts

REPOSITORY = "README of github.com/BRAIN-Aalto/unusual_poses"
LACKING = "needs the study's answer files (OBJECTPOSE_HUMAN_DATA)"
HIDDEN = "answers do not show how they came about"
NO_MODELS = "needs the answer files of the vision-language models, which may be lacking from the folder"
ROBUST = "gemini"
_FAST, _SHORT, _FREE = "humans_40ms", "humans_150ms", "humans_unlimited"
_PEOPLE = "people at 40 ms"

EXCEL = Claim("People with unlimited time recognise objects in unusual poses as well as upright ones", HUMANS)
AHEAD = Claim("People with unlimited time recognise rotated objects better than networks do", HUMANS)
BRITTLE = Claim("Networks (SWAG, ViT, Swin, BEiT, ConvNeXt) are brittle: each loses on rotated objects", HUMANS)
MODELS = Claim("Vision-language models other than Gemini lose accuracy on rotated objects", HUMANS)
GEMINI = Claim("Gemini is robust: it loses little on rotated objects", HUMANS)
TIME = Claim("The less time people have, the fewer rotated objects they recognise", HUMANS)
LEVEL = Claim("At 40 ms people are at the level of the networks on rotated objects", HUMANS)
NEEDED = Claim("Extra time is needed for unusual poses in particular: rotation costs more where time is short", HUMANS)
MINDS = Claim("Additional mental processes take place in the extra time", HUMANS)
NETWORKS_ALIKE = Claim("Errors differ: networks err more like each other than like people at 40 ms", HUMANS)
PEOPLE_ALIKE = Claim("Errors differ: people at 40 ms err more like each other than like networks", HUMANS)
MECHANISMS = Claim("People and networks rely on different mechanisms", HUMANS)
POOLED_UPRIGHT = Claim(
    "Subjects 1 to 12 and 13 to 24 do not differ significantly without a limit (upright)", REPOSITORY
)
POOLED_ROTATED = Claim(
    "Subjects 1 to 12 and 13 to 24 do not differ significantly without a limit (rotated)", REPOSITORY
)


def judge_claims(answers: pd.DataFrame | None, *, seed: int = 0) -> list[Judgement]:
    """Return the study's claims with what its answers say of them.

    Accuracies are those of ``accuracy.observer_accuracy``: intervals of people and of the networks together are over
    observers (Student's), those of a single network or model and of kappa over objects. A claim of no difference has
    half of the difference that it is set against as its margin: half of the networks' drop where people or Gemini are
    said not to drop, half of the distance between people without a limit and networks where people at 40 ms are said
    to have come down to networks.

    Args:
        answers: of ``load.load_answers``; None judges by the means that come with the package what these can tell.
        seed: of draws.
    """
    if answers is None:
        return _by_levels()
    observers = observer_accuracy(answers)
    tests = _by_name(compare(observers))
    further = _by_name(compare(observers, FURTHER))
    fast = Comparison("fast", Side(_FAST, ROTATED), Side(COMPARED, ROTATED), False)
    level = _estimate(compare(observers, (fast,)).iloc[0], "people at 40 ms - networks")
    lost = tests["t11"].value
    drops = rotation_drops(answers, seed=seed)
    names = ("drop_pp", "drop_lo", "drop_hi")
    networks = estimates(drops[drops["group"] == COMPARED], *names, name="observer")
    vlms = drops[drops["group"] == VLMS]
    robust = vlms["observer"].str.startswith(ROBUST)
    none = NO_MODELS if vlms.empty else ""
    alike = _alike(answers, seed)
    return [
        within(EXCEL, [tests["t9"]], lost / 2),
        above(AHEAD, [tests["t8"]]),
        above(BRITTLE, networks),
        above(MODELS, estimates(vlms[~robust], *names, name="observer"), lacking=none),
        within(GEMINI, estimates(vlms[robust], *names, name="observer"), lost / 2, lacking=none),
        above(TIME, [tests["t1"], tests["t2"], tests["t3"]]),
        within(LEVEL, [level], tests["t8"].value / 2),
        above(NEEDED, [_cost_of_haste(observers)]),
        untestable(MINDS, HIDDEN),
        above(NETWORKS_ALIKE, alike[:1]),
        above(PEOPLE_ALIKE, alike[1:]),
        untestable(MECHANISMS, HIDDEN),
        holds_zero(POOLED_UPRIGHT, [further["image_first_upright"]]),
        holds_zero(POOLED_ROTATED, [further["image_first_rotated"]]),
    ]


def _by_levels() -> list[Judgement]:
    """Judge by means of independent groups, whose half widths are combined by squares."""
    level = {(one.group, one.pose): one for one in LEVELS}

    def apart(first: str, second: str, name: str) -> Estimate:
        a, b = level[first, ROTATED], level[second, ROTATED]
        difference, half = a.mean_pct - b.mean_pct, math.hypot(a.half_ci, b.half_ci)
        return Estimate(name, difference, difference - half, difference + half)

    time = [apart(_FREE, _FAST, "no limit - 40 ms"), apart(_SHORT, _FAST, "150 ms - 40 ms")]
    before = (EXCEL, AHEAD, BRITTLE, MODELS, GEMINI)
    after = (LEVEL, NEEDED, MINDS, NETWORKS_ALIKE, PEOPLE_ALIKE, MECHANISMS, POOLED_UPRIGHT, POOLED_ROTATED)
    return [
        *(untestable(claim, LACKING) for claim in before),
        above(TIME, time),
        *(untestable(claim, HIDDEN if claim in (MINDS, MECHANISMS) else LACKING) for claim in after),
    ]


def _by_name(tests: pd.DataFrame) -> dict[str, Estimate]:
    words = {one.name: f"{_side(one.first, one)} - {_side(one.second, one)}" for one in (*STUDY, *FURTHER)}
    return {str(row["test"]): _estimate(row, words[str(row["test"])]) for _, row in tests.iterrows()}


def _side(side: Side, of: Comparison) -> str:
    """Return what distinguishes a side: the pose where both are of one group, else the group."""
    name = side.pose if of.first.group == of.second.group else side.group
    return name.replace("humans_", "").replace("_", " ")


def _estimate(row: pd.Series, name: str) -> Estimate:
    return Estimate(name, float(row["diff"]), float(row["lo"]), float(row["hi"]))


def _cost_of_haste(observers: pd.DataFrame) -> Estimate:
    """Return how much more rotation costs people at 40 ms than people without a limit."""
    lost = [
        (accuracies(observers, group, "upright") - accuracies(observers, group, ROTATED)).to_numpy(np.float64)
        for group in (_FAST, _FREE)
    ]
    found = t_test(*lost, paired=False)
    return Estimate("drop at 40 ms - drop without a limit", found.diff, found.lo, found.hi)


def _alike(answers: pd.DataFrame, seed: int) -> list[Estimate]:
    """Return how much more alike networks, and people, err among themselves than with the others."""
    codes = rotated_codes(answers)
    group_of = dict.fromkeys(NETWORKS, "networks") | dict.fromkeys(POOLS, _PEOPLE)
    mixed = ("networks", _PEOPLE)
    table = kappa_contrasts(
        codes.to_numpy(np.float64),
        list(codes.columns),
        codes.index.get_level_values(0).astype(str).tolist(),
        group_of,
        [(("networks", "networks"), mixed), ((_PEOPLE, _PEOPLE), mixed)],
        seed=seed,
    )
    table = table.assign(name=table["first"] + " - " + table["second"])
    return estimates(table, "difference", "low", "high", name="name", unit="kappa")
