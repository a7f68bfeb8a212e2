"""A unit: one network with its weights, on one data set, under one recipe. Computed once, stored once, resumed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from objectpose.datasets.dataset import Dataset
from objectpose.datasets.plan import label_hash
from objectpose.models import registry
from objectpose.models.spec import ModelSpec, Weights
from objectpose.results.store import PredictionStore, unit_key

UNCACHED = "uncached"
"""Begin of the key of answers that another run must not take over; the rest is random."""


@dataclass(frozen=True)
class Unit:
    """The smallest thing that is computed.

    Attributes:
        spec: row of the zoo.
        weights: the file that is loaded, with its sha256.
        recipe: geometry, normalisation, precision: everything besides weights that can change a prediction.
        mode: ``native``, ``paper2022`` or ``paper2022_nocrop``.
        preprocess: what tables say of it: the mode, or the user's own recipe.
        key: first 8 hex digits of the hash over identifier, weights and recipe.
        store: where its rows go.
        label_hash: of the targets that its target columns are about.
    """

    spec: ModelSpec
    weights: Weights
    recipe: dict[str, Any]
    mode: str
    preprocess: str
    key: str
    store: PredictionStore
    label_hash: str

    @property
    def finished(self) -> Path | None:
        """The predictions file, or None while it has to be computed, as it always has where something is unhashed."""
        if not self.weights.cacheable:
            return None
        return self.store.find(self.spec.name, self.key, self.label_hash)

    @property
    def has_logits(self) -> bool:
        """Whether the stored predictions hold all logits."""
        path = self.finished
        return path is not None and "logits" in pq.read_schema(path).names


def make_unit(spec: ModelSpec, dataset: Dataset, results: Path, *, preprocess: str, weights_dir: Path | None) -> Unit:
    """Locate the weights of a network and return its unit on a data set; nothing is computed.

    Raises:
        ObjectPoseError: the weights cannot be had, or the network has no such preprocessing.
    """
    weights = registry.locate(spec, weights_dir)
    recipe = registry.recipe_of(spec, preprocess, dataset.classes)
    return Unit(
        spec=spec,
        weights=weights,
        recipe=recipe,
        mode=preprocess,
        preprocess=registry.preprocess_name(spec, preprocess),
        key=unit_key(f"{spec.source}:{spec.identifier}", weights.sha256, recipe)
        if weights.cacheable
        else f"{UNCACHED}-{secrets.token_hex(4)}",
        store=PredictionStore(results / "predictions" / dataset.name),
        label_hash=label_hash(dataset.plan, dataset.classes),
    )
