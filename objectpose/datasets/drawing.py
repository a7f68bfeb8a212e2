"""Drawing some rows of a plan: backgrounds, the object before them, and what is done to the finished pictures."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from objectpose.datasets.backgrounds import disc, in_disc, turned
from objectpose.datasets.plan import placements
from objectpose.datasets.spec import DatasetSpec
from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Mesh
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.conditions import get_condition
from objectpose.rendering.poses import Quaternion, multiply, to_matrix
from objectpose.rendering.scene import CAMERA_Z, NEAR, Rendered, SceneBatch


class Artist:
    """Draws rows of one data set's plan.

    Args:
        spec: of the data set.
        backend: what draws.
    """

    def __init__(self, spec: DatasetSpec, backend: RenderBackend) -> None:
        self.spec = spec
        self.backend = backend
        self._views: tuple[str, dict[str, Quaternion]] = ("", {})

    def draw(self, rows: pd.DataFrame, mesh: Mesh) -> Rendered:
        """Return the pictures and silhouettes of rows that show one object.

        Args:
            rows: of the plan, all with the same ``object_id``.
            mesh: the object's, dressed and fitted.

        Raises:
            ObjectPoseError: nothing of the object is visible in a picture, or it reaches through the near plane.
        """
        scene = self._scene(rows, mesh)
        _check_near(rows, scene)
        drawn = self.backend.render(scene)
        images, masks = drawn.images, drawn.masks
        for i, (name, angle) in enumerate(zip(rows["condition"], rows["image_rotation_deg"], strict=True)):
            if angle % 360.0:
                images[i] = turned(images[i], float(angle))
                masks[i] = _turned_mask(masks[i], float(angle))
            if get_condition(str(name)).disc:
                images[i] = in_disc(images[i], self.spec.backgrounds.colour)
                masks[i] &= disc(self.spec.image_size_px)
        seen = masks.any(axis=(1, 2))
        if not seen.all():
            raise ObjectPoseError(
                f"Nothing of {_about(rows.iloc[int(np.flatnonzero(~seen)[0])])} is visible; mend the mesh or the pose."
            )
        return drawn

    def _scene(self, rows: pd.DataFrame, mesh: Mesh) -> SceneBatch:
        object_id, spec = str(rows["object_id"].iat[0]), self.spec
        if self._views[0] != object_id:
            self._views = (object_id, {name: place.view for name, place in placements(spec, object_id)})
        views = np.stack([self._views[1][str(name)] for name in rows["image_id"]])
        keys = [(str(b), float(a)) for b, a in zip(rows["background"], rows["background_rotation_deg"], strict=True)]
        pictures = {
            (name, angle): turned(spec.backgrounds.picture(object_id, name, spec.image_size_px, spec.seed), angle)
            for name, angle in dict.fromkeys(keys)
        }
        behind = [pictures[key] for key in (keys if len(pictures) > 1 else keys[:1])]
        return SceneBatch(
            mesh=mesh,
            rotations=to_matrix(multiply(views, rows[["qw", "qx", "qy", "qz"]].to_numpy(np.float64))),
            translations=rows[["tx", "ty", "tz"]].to_numpy(np.float64),
            scales=rows["scale"].to_numpy(np.float64),
            backgrounds=np.stack(behind),
            light=spec.light_on(object_id),
            supersampling=spec.supersampling,
        )


def _check_near(rows: pd.DataFrame, scene: SceneBatch) -> None:
    """Refuse poses in which a vertex lies nearer than the near plane, or behind it."""
    allowed = CAMERA_Z - NEAR
    near = scene.translations[:, 2] + scene.scales * scene.mesh.radius > allowed
    for i in np.flatnonzero(near):
        z = scene.scales[i] * (scene.mesh.vertices @ scene.rotations[i, 2]) + scene.translations[i, 2]
        if z.max() > allowed:
            behind = "lies behind" if z.min() > allowed else "crosses"
            raise ObjectPoseError(
                f"{_about(rows.iloc[int(i)])} {behind} the camera's near plane (z reaches {z.max():.3g}, expected "
                f"{allowed:g} at most); move it away or make it smaller."
            )


def _about(row: pd.Series) -> str:
    turn = [round(float(row[c]), 4) for c in ("qw", "qx", "qy", "qz")]
    where = f"tx {row['tx']:.3g}, ty {row['ty']:.3g}, tz {row['tz']:.3g}"
    return f"{row['object_id']} in image {row['image_id']} (scale {row['scale']:.3g}, {where}, rotation {turn})"


def _turned_mask(mask: NDArray[np.bool_], angle_deg: float) -> NDArray[np.bool_]:
    picture = Image.fromarray(mask.astype(np.uint8) * 255).rotate(angle_deg, Image.Resampling.BILINEAR)
    return np.asarray(picture) >= 128
