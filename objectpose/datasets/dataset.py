"""What the rest of the package asks of a data set, rendered or found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from objectpose.classes import Classes

Picture = NDArray[np.uint8]
Pictures = NDArray[np.uint8] | Sequence[Picture]
"""Pictures of one size as uint8 N x H x W x 3, or a sequence of uint8 H x W x 3 of any sizes."""


class Dataset(Protocol):
    """A plan and its images: row i of the plan is image i."""

    @property
    def name(self) -> str:
        """``<name>-<hash12>``, as it stands in tables and in the folder of its predictions."""

    @property
    def folder(self) -> Path:
        """``renders/<name>-<hash12>``."""

    @property
    def plan(self) -> pd.DataFrame:
        """One row an image, with the columns of ``plan.SCHEMA``."""

    @property
    def classes(self) -> Classes:
        """The label space: what targets and answers are indices of."""

    @property
    def coverage(self) -> pd.DataFrame | None:
        """``image_id``, ``coverage``, ``touches_border``; None where no silhouette is known."""

    @property
    def views(self) -> pd.DataFrame | None:
        """``object_id``, ``azimuth_deg``, ``elevation_deg`` of R_view; None where objects have no one view."""

    @property
    def of_catalogue(self) -> bool:
        """Whether its objects are the catalogue's, so that its admission gate is about them."""

    @property
    def population(self) -> str:
        """What its classes are like, in words."""

    def keeps_upright(self, condition: str) -> bool:
        """Return whether gravity holds under a condition."""

    def __len__(self) -> int:
        """Return the number of images."""

    def images(self, start: int, stop: int) -> Pictures:
        """Return images start..stop-1, clipped to those there are."""

    def image(self, image_id: str) -> Picture:
        """Return one image by its id as uint8 H x W x 3."""
