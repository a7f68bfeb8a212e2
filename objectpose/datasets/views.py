"""The canonical views of a rendered data set's objects, as its manifest notes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd


def canonical_views(inputs: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return how each object is seen upright, R_view = Rx(elevation) Ry(azimuth).

    Args:
        inputs: ``hash_inputs`` of a manifest; empty where there is none.

    Returns:
        ``object_id, azimuth_deg, elevation_deg``; None where an object has no view of its own, as with the paper's
        framing, whose views differ between conditions.
    """
    if inputs.get("framing") != "catalogue":
        return None
    rows = [(object_id, *said["view"]) for object_id, said in inputs["objects"].items()]
    return pd.DataFrame(rows, columns=["object_id", "azimuth_deg", "elevation_deg"])
