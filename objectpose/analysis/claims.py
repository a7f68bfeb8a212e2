"""Claims of published studies, each held against estimates with 95 % intervals by a rule that is said beforehand.

- *One direction* (:func:`above`, :func:`below`): supported where the whole interval lies beyond the bound. A claim
  about all networks needs it of each of them; no correction for their number is due, because each can refute it.
- *No difference* (:func:`within`): supported where the whole interval lies within a margin on both sides of 0, a test
  of equivalence (Schuirmann 1987, "A comparison of the two one-sided tests procedure and the power approach", Journal
  of Pharmacokinetics and Biopharmaceutics 15; with 95 % instead of the usual 90 % it is the stricter one). The margin
  is half of the difference that the study sets the claim against.
- *A number* (:func:`reported`): supported where the interval holds it and reaches no further than a margin from it,
  because a wide interval holds any number.
- *No significant difference* (:func:`holds_zero`): supported where the interval holds 0. That is what such a sentence
  says and no more: a wide interval holds 0 as well, and no difference does not follow.

Otherwise a claim is *not supported*, and the table says whether the interval lies on the other side or is too wide to
tell. It is *not testable offline* where the networks, pictures or people that it speaks of are not among the answers.
A verdict is about other objects and other networks than the study's: it does not say whether the study was right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError

SUPPORTED = "supported"
NOT_SUPPORTED = "not supported"
NOT_TESTABLE = "not testable offline"
COLUMNS = ("claim", "source", "measured", "verdict", "because")
OBJECTPOSE = "Abbas and Deny, AAAI 2023"
HUMANS = "Ollikka et al., TMLR 2025"
RULE = (
    "Supported: the whole 95 % interval lies on the claimed side (in each network, where the claim is about all); for "
    "a claim of no difference, within a margin of half the difference that the study sets it against; for a number, "
    "around it and within that margin of it; for a claim of no significant difference, around 0, from which no "
    "difference does not follow. Not supported: otherwise; the last column says whether the interval lies elsewhere or "
    "is too wide to tell. Not testable offline: what the claim speaks of is not among the answers."
)


@dataclass(frozen=True)
class Claim:
    """What a study says.

    Attributes:
        words: the claim in one sentence.
        source: authors, where and when.
    """

    words: str
    source: str


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; limits are NaN where there is none.

    Attributes:
        name: what it is of, for example a network.
        value: the estimate.
        low: lower limit.
        high: upper limit.
        unit: of all three.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str = "points"

    def __str__(self) -> str:
        """Return value, unit, interval and name."""
        digits = 1 if self.unit in ("points", "%") else 2
        unit = f" {self.unit}" if self.unit else ""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return f"{self.value:.{digits}f}{unit}, no interval ({self.name})"
        return f"{self.value:.{digits}f}{unit} [{self.low:.{digits}f}, {self.high:.{digits}f}] ({self.name})"


@dataclass(frozen=True)
class Judgement:
    """A claim with what was measured and what follows.

    Attributes:
        claim: of a study.
        measured: the estimate that decides, with its interval, and how many there are.
        verdict: ``SUPPORTED``, ``NOT_SUPPORTED`` or ``NOT_TESTABLE``.
        because: the reason, in words.
    """

    claim: Claim
    measured: str
    verdict: str
    because: str


def estimates(
    frame: pd.DataFrame, value: str, low: str, high: str, *, name: str | Sequence[str] = "model", unit: str = "points"
) -> list[Estimate]:
    """Return one estimate a row of a table.

    Args:
        frame: any table of the analysis.
        value: column of the estimate.
        low: column of the lower limit.
        high: column of the upper limit.
        name: column or columns that say what a row is of; several are joined by commas.
        unit: of the numbers.
    """
    names = [name] if isinstance(name, str) else list(name)
    return [
        Estimate(", ".join(str(row[n]) for n in names), float(row[value]), float(row[low]), float(row[high]), unit)
        for _, row in frame.iterrows()
    ]


def above(claim: Claim, found: Sequence[Estimate], bound: float = 0.0, *, lacking: str = "") -> Judgement:
    """Judge a claim that every one of the estimates is above a bound; the lowest interval decides.

    Args:
        claim: of a study.
        found: estimates, of one unit; none makes the claim not testable.
        bound: that all are claimed to exceed.
        lacking: what is not among the answers though the claim speaks of it; empty where nothing is.

    >>> judgement = above(Claim("All lose", "me"), [Estimate("a", 5.0, 2.0, 8.0), Estimate("b", 3.0, -1.0, 7.0)])
    >>> judgement.verdict, judgement.measured
    ('not supported', '3.0 points [-1.0, 7.0] (b), of 2 the one nearest to 0')
    """
    return _one_sided(claim, found, bound, 1.0, lacking)


def below(claim: Claim, found: Sequence[Estimate], bound: float = 0.0, *, lacking: str = "") -> Judgement:
    """Judge a claim that every one of the estimates is below a bound; otherwise as :func:`above`."""
    return _one_sided(claim, found, bound, -1.0, lacking)


def within(claim: Claim, found: Sequence[Estimate], margin: float, *, lacking: str = "") -> Judgement:
    """Judge a claim that none of the estimates differs from 0 by more than a margin.

    Args:
        claim: of a study.
        found: estimates of differences.
        margin: half of the difference that the study sets the claim against, > 0.
        lacking: as in :func:`above`.

    Raises:
        ObjectPoseError: the margin is not a positive number.

    >>> within(Claim("No difference", "me"), [Estimate("a - b", 1.0, -2.0, 4.0)], 5.0).verdict
    'supported'
    """
    _check_margin(margin)

    def decide(judged: Sequence[Estimate]) -> tuple[Estimate, str, str]:
        widest = max(judged, key=lambda one: max(abs(one.low), abs(one.high)))
        limits = f"±{margin:.3g} {widest.unit}".rstrip()
        outside = [one for one in judged if one.low > margin or one.high < -margin]
        if outside:
            furthest = max(outside, key=lambda one: abs(one.value))
            return furthest, NOT_SUPPORTED, f"{_of(len(outside), judged)} as a whole beyond {limits}"
        across = [one for one in judged if one.low < -margin or one.high > margin]
        if across:
            return widest, NOT_SUPPORTED, f"{_of(len(across), judged)} partly beyond {limits}: too wide to tell"
        return widest, SUPPORTED, f"{_of(len(judged), judged)} within {limits}"

    return _judged(claim, found, decide, lacking, "furthest from 0")


def reported(claim: Claim, found: Estimate | None, number: float, margin: float, *, lacking: str = "") -> Judgement:
    """Judge a claim of a number.

    Args:
        claim: of a study.
        found: the estimate of the same quantity; None makes the claim not testable.
        number: that the study reports, in the estimate's unit.
        margin: how far from the number an interval that supports it may reach, > 0.
        lacking: as in :func:`above`.

    Raises:
        ObjectPoseError: the margin is not a positive number.

    >>> reported(Claim("It is 30", "me"), Estimate("a", 29.0, 1.0, 57.0), 30.0, 7.5).because
    'the interval holds 30 and reaches more than 7.5 from it: too wide to tell'
    """
    _check_margin(margin)

    def decide(judged: Sequence[Estimate]) -> tuple[Estimate, str, str]:
        (one,) = judged
        if one.low <= number <= one.high:
            if max(number - one.low, one.high - number) > margin:
                because = f"the interval holds {number:g} and reaches more than {margin:g} from it: too wide to tell"
                return one, NOT_SUPPORTED, because
            return one, SUPPORTED, f"the interval holds {number:g} and lies within ±{margin:g} of it"
        return one, NOT_SUPPORTED, f"the interval lies {'above' if one.low > number else 'below'} {number:g}"

    return _judged(claim, [] if found is None else [found], decide, lacking, "")


def holds_zero(claim: Claim, found: Sequence[Estimate], *, lacking: str = "") -> Judgement:
    """Judge a claim that no difference is significant; otherwise as :func:`above`."""

    def decide(judged: Sequence[Estimate]) -> tuple[Estimate, str, str]:
        apart = [one for one in judged if one.low > 0 or one.high < 0]
        nearest = min(judged, key=lambda one: min(-one.low, one.high))
        if apart:
            return nearest, NOT_SUPPORTED, f"{_of(len(apart), judged)} off 0"
        return nearest, SUPPORTED, f"{_of(len(judged), judged)} around 0"

    return _judged(claim, found, decide, lacking, "furthest from 0")


def untestable(claim: Claim, because: str) -> Judgement:
    """Return the judgement of a claim that no answer can speak to.

    Args:
        claim: of a study.
        because: what it would take.
    """
    return Judgement(claim, "", NOT_TESTABLE, because)


def claims_table(judgements: Sequence[Judgement]) -> pd.DataFrame:
    """Return judgements as a table with ``COLUMNS``.

    Raises:
        ObjectPoseError: there is none.
    """
    if not judgements:
        raise ObjectPoseError("No claim was judged, expected at least one.")
    rows = [(one.claim.words, one.claim.source, one.measured, one.verdict, one.because) for one in judgements]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _check_margin(margin: float) -> None:
    if not (math.isfinite(margin) and margin > 0):
        raise ObjectPoseError(f"The margin is {margin:g}, expected a positive number of the estimates' unit.")


def _one_sided(claim: Claim, found: Sequence[Estimate], bound: float, sign: float, lacking: str) -> Judgement:
    side, other = ("above", "below") if sign > 0 else ("below", "above")

    def decide(judged: Sequence[Estimate]) -> tuple[Estimate, str, str]:
        nearest = min(judged, key=lambda one: sign * ((one.low if sign > 0 else one.high) - bound))
        against = [one for one in judged if (one.high < bound if sign > 0 else one.low > bound)]
        if against:
            return nearest, NOT_SUPPORTED, f"{_of(len(against), judged)} {other} {bound:g}"
        unsure = [one for one in judged if one.low <= bound <= one.high]
        if unsure:
            return nearest, NOT_SUPPORTED, f"{_of(len(unsure), judged)} around {bound:g}: too wide to tell"
        return nearest, SUPPORTED, f"{_of(len(judged), judged)} {side} {bound:g}"

    return _judged(claim, found, decide, lacking, f"nearest to {bound:g}")


def _judged(
    claim: Claim,
    found: Sequence[Estimate],
    decide: Callable[[Sequence[Estimate]], tuple[Estimate, str, str]],
    lacking: str,
    which: str,
) -> Judgement:
    if len({one.unit for one in found}) > 1:
        raise ObjectPoseError(f"Estimates of several units were given for the claim '{claim.words}', expected one.")
    if not found:
        return untestable(claim, lacking or "there is no such answer")
    known = [one for one in found if math.isfinite(one.low) and math.isfinite(one.high)]
    if not known:
        measured = str(found[0]) if math.isfinite(found[0].value) else ""
        return Judgement(claim, measured, NOT_TESTABLE, lacking or "there is no interval")
    decisive, verdict, because = decide(known)
    measured = str(decisive) if len(known) == 1 else f"{decisive}, of {len(known)} the one {which}"
    if lacking:
        return Judgement(claim, measured, NOT_TESTABLE, lacking)
    if len(known) < len(found):
        because += f"; {len(found) - len(known)} without an interval left out"
    return Judgement(claim, measured, verdict, because)


def _of(number: int, judged: Sequence[Estimate]) -> str:
    if len(judged) == 1:
        return "the interval lies"
    return f"{number} of {counted(len(judged), 'interval')} {'lies' if number == 1 else 'lie'}"
