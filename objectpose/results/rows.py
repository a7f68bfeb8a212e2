"""The row of a predictions file: what one network answered to one image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TOP = 5
SCHEMA = pa.schema(
    [
        pa.field("image_id", pa.string(), nullable=False),
        pa.field("top5", pa.list_(pa.int32()), nullable=False),
        pa.field("top5_prob", pa.list_(pa.float32()), nullable=False),
        pa.field("target_prob", pa.float32()),
        pa.field("target_logit", pa.float32()),
        pa.field("alt_logit", pa.float32()),
    ]
)
"""``top5``: indices, best first, fewer where the network has fewer outputs; ``top5_prob``: their softmax
probabilities; ``target_prob`` and ``target_logit``: the largest within the image's target set; ``alt_logit``: the
largest within the other option's set, null where there is none. Where the network has no output for any of an image's
targets, ``top5`` is empty and the target's columns are null."""


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return exp(z - max z) / sum, computed in float64, as float32; shape N x C."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float32] = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


def prediction_table(
    image_ids: Sequence[str],
    logits: NDArray[np.float32],
    targets: Sequence[Sequence[int]],
    alt_targets: Sequence[Sequence[int] | None] | None = None,
    answers: NDArray[np.int32] | None = None,
    save_logits: bool = False,
) -> pa.Table:
    """Turn logits into rows of the predictions file.

    Args:
        image_ids: N ids.
        logits: float32 N x A; of equal logits the lower index comes first.
        targets: right indices of each image.
        alt_targets: indices of the other option of a two-alternative choice, or None.
        answers: int32, the class index of each column of ``logits``, ascending; None is 0, 1, 2, ...
        save_logits: add the column ``logits`` (list<float32>).

    Returns:
        A table with the columns of ``SCHEMA``.
    """
    probabilities = softmax(logits)
    indices = np.arange(logits.shape[1], dtype=np.int32) if answers is None else answers
    column = {int(index): place for place, index in enumerate(indices)}
    places = [[column[t] for t in row if t in column] for row in targets]
    others = [
        None if row is None else [column[t] for t in row if t in column]
        for row in (alt_targets if alt_targets is not None else [None] * len(targets))
    ]
    order = np.argsort(-logits, axis=1, kind="stable")[:, :TOP]
    rows = np.arange(len(logits))[:, None]

    def asked(values: NDArray[Any]) -> list[Any]:
        """Return the rows of those images of which the network has an output for a target, others empty."""
        return [row if place else row[:0] for row, place in zip(values, places, strict=True)]

    columns = {
        "image_id": pa.array(image_ids, pa.string()),
        "top5": pa.array(asked(indices[order]), pa.list_(pa.int32())),
        "top5_prob": pa.array(asked(probabilities[rows, order]), pa.list_(pa.float32())),
        "target_prob": pa.array(_largest(probabilities, places), pa.float32()),
        "target_logit": pa.array(_largest(logits, places), pa.float32()),
        "alt_logit": pa.array(_largest(logits, others), pa.float32()),
    }
    table = pa.table(columns, schema=SCHEMA)
    if save_logits:
        table = table.append_column("logits", pa.array(list(logits), pa.list_(pa.float32())))
    return table


def _largest(values: NDArray[np.float32], places: Sequence[Sequence[int] | None]) -> list[np.float32 | None]:
    """Return the largest value of each row within its places; None where it has none."""
    return [row[list(place)].max() if place else None for row, place in zip(values, places, strict=True)]
