"""From where an object is seen: the direction of the camera in the object's own frame, and accuracy over the sphere.

A vertex goes v -> R_view R_object v + t and the camera stands on the z axis, so that an object is seen from the
direction R_object^T R_view^T z of its own frame (+y up, +z its front). With R_view = Rx(elevation) Ry(azimuth) this is
(-sin(azimuth) cos(elevation), sin(elevation), cos(azimuth) cos(elevation)) where the object is upright. The direction
says nothing of the turn about the line of sight: pictures that differ in it alone share a direction.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.analysis.accuracy import UNIT, answered_rows
from objectpose.analysis.curves import rates
from objectpose.errors import ObjectPoseError

Floats = NDArray[np.float64]

VIEW_COLUMNS = ("object_id", "azimuth_deg", "elevation_deg")
CELL_COLUMNS = ("longitude_deg", "latitude_deg", "from_longitude", "to_longitude", "from_latitude", "to_latitude")
BANDS = 5


def view_directions(judged: pd.DataFrame, views: pd.DataFrame) -> pd.DataFrame:
    """Return from where each picture shows its object.

    Args:
        judged: with ``object_id`` and the unit quaternion of R_object, ``qw qx qy qz``.
        views: ``VIEW_COLUMNS``, one row an object: its canonical view, R_view.

    Returns:
        With the index of ``judged``: ``longitude_deg`` in (-180, 180], 0 before the object's front (+z) and 90 at its
        +x side; ``latitude_deg``, -90..90, 90 from above (+y).

    Raises:
        ObjectPoseError: a column is missing, a quaternion is not of unit length, or an object has no view or two.
    """
    for frame, columns in ((judged, ("object_id", "qw", "qx", "qy", "qz")), (views, VIEW_COLUMNS)):
        missing = [name for name in columns if name not in frame.columns]
        if missing:
            raise ObjectPoseError(f"Directions of view need the column {missing[0]}; give rendered data of objects.")
    if views["object_id"].duplicated().any():
        raise ObjectPoseError("An object has two canonical views, expected one; draw each data set by itself.")
    known = views.set_index(views["object_id"].astype(str))[["azimuth_deg", "elevation_deg"]].astype(float)
    ids = judged["object_id"].astype(str)
    lacking = sorted(set(ids) - set(known.index))
    if lacking:
        raise ObjectPoseError(
            f"{len(lacking)} objects have no canonical view (such as '{lacking[0]}'); add their rows."
        )
    quaternions = judged[["qw", "qx", "qy", "qz"]].to_numpy(np.float64)
    if len(quaternions) and not np.allclose(np.linalg.norm(quaternions, axis=1), 1.0, atol=1e-3):
        raise ObjectPoseError("A quaternion of the plan is not of unit length; render the data set again.")
    straight = _canonical(known)[known.index.get_indexer(pd.Index(ids))]
    w, v = quaternions[:, :1], -quaternions[:, 1:]
    once = np.cross(v, straight)
    x, y, z = (straight + 2.0 * (w * once + np.cross(v, once))).T
    return pd.DataFrame(
        {
            "longitude_deg": np.degrees(np.arctan2(x, z)),
            "latitude_deg": np.degrees(np.arcsin(np.clip(y, -1.0, 1.0))),
        },
        index=judged.index,
    )


def canonical_directions(views: pd.DataFrame) -> pd.DataFrame:
    """Return ``object_id, longitude_deg, latitude_deg``: from where each object is seen upright.

    Args:
        views: ``VIEW_COLUMNS``.
    """
    views = views.reset_index(drop=True)
    still = views.assign(qw=1.0, qx=0.0, qy=0.0, qz=0.0)
    return views[["object_id"]].join(view_directions(still, views))


def sphere_cells(bands: int = BANDS) -> pd.DataFrame:
    """Return cells of equal area that cover the sphere: bands of latitude, cut into cells of equal longitude.

    Bands of about equal height get as many cells as their area asks for; then their limits are moved so that all cells
    have the same area (a zonal equal-area partition as in Leopardi 2006, "A partition of the unit sphere into regions
    of equal area and small diameter", Electronic Transactions on Numerical Analysis 25; caps are cut like the other
    bands). The first cell of each band is centred before the object's front.

    Args:
        bands: how many, >= 2.

    Returns:
        ``CELL_COLUMNS`` in degrees, from south to north: the cell's middle (half of its area lies above and half
        below) and limits; ``to_longitude`` may exceed 180 where a cell lies across the back.

    Raises:
        ObjectPoseError: fewer than two bands.

    >>> len(sphere_cells(5))
    32
    """
    if bands < 2:
        raise ObjectPoseError(f"{bands} bands were asked for, expected 2 or more.")
    edges = np.sin(np.radians(np.linspace(-90.0, 90.0, bands + 1)))
    counts = np.maximum(3, np.rint(2.0 * math.pi * np.diff(edges) / math.radians(180.0 / bands) ** 2)).astype(int)
    heights = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum() * 2.0 - 1.0
    rows = []
    for count, south, north in zip(counts, heights[:-1], heights[1:], strict=True):
        width = 360.0 / count
        middle, low, high = (math.degrees(math.asin(min(1.0, h))) for h in ((south + north) / 2, south, north))
        for place in range(count):
            centre = (place * width + 180.0) % 360.0 - 180.0
            rows.append((centre, middle, centre - width / 2, centre + width / 2, low, high))
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def view_accuracy(judged: pd.DataFrame, views: pd.DataFrame, *, bands: int = BANDS, seed: int = 0) -> pd.DataFrame:
    """Return the accuracy of each network over the directions from which it sees objects, under each condition.

    Args:
        judged: frames of ``correctness.judge`` of one data set with ``qw qx qy qz``.
        views: ``VIEW_COLUMNS``, the canonical view of every object.
        bands: of :func:`sphere_cells`.
        seed: of the resampling.

    Returns:
        ``dataset, model, preprocess, condition, baseline, cell`` (row number in :func:`sphere_cells`),
        ``CELL_COLUMNS``, ``n_images, n_objects, n_classes, top1, top1_lo, top1_hi``: the mean over the classes in
        the cell in percent with its 95 % interval over classes (NaN with one class). Cells without an image have
        no row.

    Raises:
        ObjectPoseError: as :func:`view_directions`; no answer; fewer than two bands.
    """
    rows = answered_rows(judged)
    cells = sphere_cells(bands)
    place = cell_of(view_directions(rows, views), cells)
    table = rates(rows, {"cell": place}, seed)
    table = table.join(cells, on="cell")
    counts = ["n_images", "n_objects", "n_classes", "top1", "top1_lo", "top1_hi"]
    return table[[*UNIT, "condition", "baseline", "cell", *CELL_COLUMNS, *counts]]


def cell_of(directions: pd.DataFrame, cells: pd.DataFrame) -> pd.Series:
    """Return the row number of the cell of :func:`sphere_cells` that each direction lies in.

    Args:
        directions: ``longitude_deg`` and ``latitude_deg``.
        cells: of :func:`sphere_cells`.
    """
    bands = cells.reset_index().groupby("from_latitude", sort=True)
    south = np.array(sorted(cells["from_latitude"].unique()))
    first, count = bands["index"].min().to_numpy(), bands.size().to_numpy()
    band = np.clip(np.searchsorted(south, directions["latitude_deg"].to_numpy(float), side="right") - 1, 0, None)
    share = directions["longitude_deg"].to_numpy(float) / (360.0 / count[band])
    return pd.Series(first[band] + np.floor(share + 0.5).astype(int) % count[band], index=directions.index)


def _canonical(views: pd.DataFrame) -> Floats:
    """Return the unit vectors R_view^T z, N x 3."""
    azimuth, elevation = (np.radians(views[name].to_numpy(float)) for name in ("azimuth_deg", "elevation_deg"))
    return np.stack(
        [-np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)], axis=1
    )
