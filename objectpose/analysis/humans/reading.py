"""What a person reads on the terminal about people and networks."""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.humans.study import GROUPS, OWN
from objectpose.analysis.tables import printable, wrapped

_PEOPLE = {
    "humans_40ms": "people at 40 ms",
    "humans_150ms": "people at 150 ms",
    "humans_unlimited": "people without a limit",
}
_SHOWN = ("upright", "rotated")
_SURE = 0.95
_FAR_PP = 10.0
_FEWEST_WRONG = 10
_MOST_TOLD = 6
_CAUTION = (
    "The networks do not look for a while, so that a likeness is one of answers, not of how they came about. The "
    "rotated pictures are of two kinds, those that one further network named right and those that it named wrong; "
    "that choice alone makes other networks worse at the second kind, and is no fact about people. The intervals of a "
    "likeness draw objects again, not people."
)


def sentences(accuracy: pd.DataFrame, resemblance: pd.DataFrame, answers: pd.DataFrame, *, width: int = 100) -> str:
    """Return the findings about people and networks as plain text.

    Args:
        accuracy: of ``accuracy.group_accuracy``.
        resemblance: of ``resemblance.resemblance``.
        answers: of ``load.load_answers``, with the user's networks or without.
        width: columns to wrap at.
    """
    lines = []
    for group in GROUPS:
        own = accuracy[accuracy["group"] == group].set_index("pose")
        levels = [f"{own['mean_pct'][pose]:.1f} % {pose} (+-{own['half_ci'][pose]:.1f})" for pose in _SHOWN]
        lines.append(f"{_PEOPLE[group].capitalize()} choose right {' and '.join(levels)}.")
    missed = answers[(answers["kind"] == "human") & ~answers["valid"] & answers["group"].isin(GROUPS)]
    if len(missed):
        lines.append(f"{len(missed)} mis-clicks of people are in no accuracy.")
    scored = set(answers.loc[answers["group"] == OWN, "observer"])
    shown = resemblance[resemblance["network"].isin(scored)] if scored else resemblance
    names = list(dict.fromkeys(shown["network"]))
    lines += [_likeness(str(name), shown[shown["network"] == name]) for name in names[:_MOST_TOLD]]
    if len(names) > _MOST_TOLD:
        lines.append(f"{len(names) - _MOST_TOLD} more networks are in the table of likeness.")
    return "\n".join(wrapped(line, width, "  ") for line in [*lines, *_too_right(shown), _CAUTION])


def _likeness(network: str, rows: pd.DataFrame) -> str:
    near = rows.iloc[int(rows["distance_pp"].to_numpy().argmin())]
    people, share = _PEOPLE[str(near["group"])], float(near["nearest_share"])
    if near["distance_lo"] > _FAR_PP:
        verdict = f"its accuracies are far from those of all people, least far from {people}"
    elif share >= _SURE:
        verdict = f"its accuracies are nearest to those of {people}"
    else:
        verdict = f"its accuracies do not say which viewing time is the nearest ({people} are in front)"
    enough = rows[rows["n_people_wrong"] >= _FEWEST_WRONG]
    alike = enough[enough["kappa_lo"] > 0]
    names = ", ".join(f"{_PEOPLE[str(row['group'])]} ({row['kappa']:.2f})" for _, row in alike.iterrows())
    errors = (
        f"its errors fall on the same pictures more than by chance with {names}"
        if names
        else "its errors fall together with no group's beyond chance"
    )
    return (
        f"{printable(network)}: {verdict} ({near['distance_pp']:.1f} points away on average, 95 % "
        f"{near['distance_lo']:.1f} to {near['distance_hi']:.1f}, the nearest in {100 * share:.0f} % of resamplings); "
        f"{errors}."
    )


def _too_right(rows: pd.DataFrame) -> list[str]:
    """Return a sentence on each group that is wrong too seldom for its errors to be compared."""
    seldom = rows.drop_duplicates("group")
    seldom = seldom[seldom["n_people_wrong"] < _FEWEST_WRONG]
    return [
        f"{_PEOPLE[str(row['group'])].capitalize()} gave {row['n_people_wrong']} wrong answers to rotated pictures in "
        "all, too few to compare errors with."
        for _, row in seldom.iterrows()
    ]
