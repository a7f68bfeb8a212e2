"""All that is found about people and networks, as tables, and which figures show it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis.humans.accuracy import group_accuracy, observer_accuracy
from objectpose.analysis.humans.comparisons import FURTHER, compare
from objectpose.analysis.humans.figures import (
    correct_and_incorrect,
    kappa_heatmap,
    resemblance_chart,
    upright_and_rotated,
)
from objectpose.analysis.humans.kappa import kappa_matrix, rotated_codes
from objectpose.analysis.humans.reading import sentences
from objectpose.analysis.humans.resemblance import resemblance
from objectpose.analysis.humans.scoring import StudyChoices, as_observers, network_scores
from objectpose.analysis.humans.study import COMPARED, GROUPS, NETWORKS, OWN, POSES, ROTATED


@dataclass(frozen=True)
class People:
    """What the study's answers say, with networks of the user's beside them or without.

    Attributes:
        answers: of ``load.load_answers``, with the rows of ``scoring.as_observers``.
        observers: of ``accuracy.observer_accuracy``.
        everyone: of ``accuracy.group_accuracy``, with all that are there.
        resemblance: of ``resemblance.resemblance``.
        tables: the tables to write, by name (:func:`find_people`).
        seed: of jitter.
    """

    answers: pd.DataFrame
    observers: pd.DataFrame
    everyone: pd.DataFrame
    resemblance: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    seed: int

    @property
    def networks(self) -> list[str]:
        """The user's networks."""
        return list(dict.fromkeys(self.answers.loc[self.answers["group"] == OWN, "observer"]))

    def text(self, width: int = 100) -> str:
        """Return the findings in sentences, wrapped at a width."""
        return sentences(self.everyone, self.resemblance, self.answers, width=width)

    def figures(self) -> dict[str, Figure]:
        """Draw the figures, by name."""
        matrix = self.tables.get("further_kappa", self.tables["kappa"]).set_index("observer")
        return {
            "upright_and_rotated": upright_and_rotated(self.observers, seed=self.seed),
            "correct_and_incorrect": correct_and_incorrect(self.observers, seed=self.seed),
            "kappa": kappa_heatmap(matrix, left_out=False),
            "resemblance": resemblance_chart(self.resemblance),
        }


def find_people(answers: pd.DataFrame, choices: StudyChoices | None = None, *, seed: int = 0) -> People:
    """Return all that the human study's answers say.

    The tables ``accuracy`` (of people and the study's networks), ``tests``, ``kappa`` and ``kappa_valid`` are of the
    study alone, whatever else is there; ``further_accuracy`` (of vision-language models and the user's networks),
    ``further_kappa``, ``further_kappa_valid`` (the study's with the user's networks) and ``networks`` (their scores)
    are there where these are. ``further_tests`` and ``resemblance`` always are.

    Args:
        answers: of ``load.load_answers``.
        choices: of the user's networks; None shows the study's own only.
        seed: of resampling and jitter.

    Raises:
        ObjectPoseError: the choices are not between the study's alternatives, or answers are lacking.
    """
    both = answers
    if choices is not None:
        both = pd.concat([answers, as_observers(choices, answers)], ignore_index=True)
    observers = observer_accuracy(both)
    everyone, likeness = group_accuracy(observers), resemblance(both, seed=seed)
    codes = rotated_codes(both)
    of_study = everyone["group"].isin([*GROUPS, COMPARED, *NETWORKS])
    tables = {
        "accuracy": everyone[of_study],
        "tests": compare(observers),
        "further_tests": compare(observers, FURTHER),
        **_kappas(rotated_codes(answers), ""),
        "resemblance": likeness,
    }
    if not of_study.all():
        tables["further_accuracy"] = everyone[~of_study]
    if choices is not None:
        tables |= {**_kappas(codes, "further_"), "networks": network_scores(choices)}
    return People(both, observers, everyone, likeness, tables, seed)


def _kappas(codes: pd.DataFrame, prefix: str) -> dict[str, pd.DataFrame]:
    matrices = {"kappa": True, "kappa_valid": False}
    return {
        f"{prefix}{name}": kappa_matrix(codes, missed_is_wrong=wrong).rename_axis(index="observer").reset_index()
        for name, wrong in matrices.items()
    }


def behind(people: People) -> pd.DataFrame:
    """Return how much stands behind each row of ``People.everyone``.

    Returns:
        ``group, pose, n_observers, n_images, n_answers``: observers with an accuracy, different pictures, and valid
        answers; the same rows in the same order.
    """
    answers = people.answers[people.answers["valid"]]
    rows = []
    for group, pose in people.everyone[["group", "pose"]].itertuples(index=False):
        own = answers[(answers["group"] if group in (*GROUPS, COMPARED) else answers["observer"]) == group]
        own = own[own["pose"].isin(POSES[1:] if pose == ROTATED else [pose])]
        pictures = own[["class_id", "pose"]].drop_duplicates()
        rows.append((group, pose, own["observer"].nunique(), len(pictures), len(own)))
    return pd.DataFrame(rows, columns=["group", "pose", "n_observers", "n_images", "n_answers"])
