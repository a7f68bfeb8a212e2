"""The answers of a session's networks, judged."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from objectpose.analysis.correctness import judge
from objectpose.datasets.dataset import Dataset
from objectpose.engine.session import Finished, Outcome
from objectpose.results.provenance import shown_name as name_in_tables
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
                model=shown_name(done),
                preprocess=done.unit.preprocess,
                dataset=name or dataset.name,
            )
            for done in outcome.finished
        ],
        ignore_index=True,
    )


def provenance(done: Finished) -> dict[str, Any]:
    """Return what is stored beside the predictions of a unit."""
    return dict(json.loads(done.path.with_suffix(".json").read_text(encoding="utf-8")))


def shown_name(done: Finished) -> str:
    """Return what tables call a network that is finished."""
    return name_in_tables(provenance(done))
