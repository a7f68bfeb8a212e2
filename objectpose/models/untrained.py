"""Networks with random weights: for smoke tests and speed, never for a finding."""

from __future__ import annotations

import hashlib

from objectpose.classes import Classes
from objectpose.models.adapter import Network, adapter
from objectpose.models.spec import ModelSpec, Weights

SEED = 0
"""Of torch's generator while a network is made."""


def random_weights(spec: ModelSpec) -> Weights:
    """Return what stands for the random weights of a network: a hash of its name and the seed."""
    text = f"untrained\n{spec.source}:{spec.identifier}\n{SEED}"
    return Weights(None, hashlib.sha256(text.encode()).hexdigest())


def untrained(spec: ModelSpec, classes: Classes) -> Network:
    """Build a network with random weights, the same each time; the caller's random numbers are left alone."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return adapter(spec.source).build(spec, None, classes)
