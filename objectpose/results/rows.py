"""The row of a predictions file: what one network answered to one image."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

TOP = 5
SCHEMA = pa.schema(
    [
        pa.field("image_id", pa.string(), nullable=False),
        pa.field("top5", pa.list_(pa.int32()), nullable=False),
        pa.field("top5_prob", pa.list_(pa.float32()), nullable=False),
        pa.field("target_prob", pa.float32(), nullable=False),
        pa.field("target_logit", pa.float32(), nullable=False),
        pa.field("alt_logit", pa.float32()),
    ]
)
"""``top5``: indices, best first, fewer where the network has fewer outputs; ``top5_prob``: their softmax
probabilities; ``target_prob`` and ``target_logit``: the largest within the image's target set; ``alt_logit``: the
largest within the other option's set, null where there is none."""


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
    save_logits: bool = False,
) -> pa.Table:
    """Turn logits into rows of the predictions file.

    Args:
        image_ids: N ids.
        logits: float32 N x C; of equal logits the lower index comes first.
        targets: right indices of each image.
        alt_targets: indices of the other option of a two-alternative choice, or None.
        save_logits: add the column ``logits`` (list<float32>).

    Returns:
        A table with the columns of ``SCHEMA``.
    """
    probabilities = softmax(logits)
    order = np.argsort(-logits, axis=1, kind="stable")[:, :TOP].astype(np.int32)
    rows = np.arange(len(logits))[:, None]
    alternatives = alt_targets if alt_targets is not None else [None] * len(targets)
    columns = {
        "image_id": pa.array(image_ids, pa.string()),
        "top5": pa.array(list(order), pa.list_(pa.int32())),
        "top5_prob": pa.array(list(probabilities[rows, order]), pa.list_(pa.float32())),
        "target_prob": pa.array([p[list(t)].max() for p, t in zip(probabilities, targets, strict=True)], pa.float32()),
        "target_logit": pa.array([z[list(t)].max() for z, t in zip(logits, targets, strict=True)], pa.float32()),
        "alt_logit": pa.array(
            [None if t is None else z[list(t)].max() for z, t in zip(logits, alternatives, strict=True)], pa.float32()
        ),
    }
    table = pa.table(columns, schema=SCHEMA)
    if save_logits:
        table = table.append_column("logits", pa.array(list(logits), pa.list_(pa.float32())))
    return table
