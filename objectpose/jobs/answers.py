"""The answers of a session's networks, judged."""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.correctness import judge
from objectpose.datasets.dataset import Dataset
from objectpose.engine.session import Outcome
from objectpose.results.store import read_predictions


def judged_answers(outcome: Outcome, dataset: Dataset, name: str | None = None) -> pd.DataFrame:
    """Return the frames of ``correctness.judge`` of every network, concatenated.

    Args:
        outcome: of the session.
        dataset: that it ran over.
        name: of the data set in tables; None takes its own.
    """
    return pd.concat(
        [
            judge(
                dataset.plan,
                read_predictions(done.path),
                model=done.unit.spec.name,
                preprocess=done.unit.preprocess,
                dataset=name or dataset.name,
            )
            for done in outcome.finished
        ],
        ignore_index=True,
    )
