"""Turntables: an object making a full turn about its up axis, then one about its front axis, as GIF or MP4."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Mesh
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.poses import object_rotation, to_matrix
from objectpose.rendering.scene import CAMERA_Z, FLAT_BACKGROUND, Light, SceneBatch, flat_background, framing_distance
from objectpose.video import check_format, save_frames

FRAMES = 72


def turntable_rotations(view: NDArray[np.float64], frames: int = FRAMES) -> NDArray[np.float64]:
    """Return the rotations ``R_view R_object`` of a turntable: one half of them a full yaw, the other a full roll.

    The last picture is one step before the first, so that the loop has no jump.

    Args:
        view: R_view, 3 x 3.
        frames: N, an even number >= 2.

    Returns:
        float64 N x 3 x 3.

    Raises:
        ObjectPoseError: an odd number of frames, or fewer than 2.

    >>> turntable_rotations(np.eye(3), 8)[1].round(3).tolist()  # a quarter turn about the up axis
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]
    """
    if frames < 2 or frames % 2:
        raise ObjectPoseError(f"A turntable of {frames} frames was asked for, expected an even number from 2.")
    angles = [720.0 * step / frames for step in range(frames // 2)]
    turns = [object_rotation(a, 0.0, 0.0) for a in angles] + [object_rotation(0.0, 0.0, a) for a in angles]
    return np.asarray(view @ to_matrix(np.stack(turns)), np.float64)


def save_turntable(
    mesh: Mesh,
    view: NDArray[np.float64],
    path: Path,
    *,
    backend: RenderBackend,
    light: Light | None = None,
    size_px: int = 320,
    frames: int = FRAMES,
    colour: tuple[int, int, int] = FLAT_BACKGROUND,
) -> Path:
    """Render and write the turntable of an object before a flat background.

    Args:
        mesh: of any size; it is centred and fitted.
        view: R_view, 3 x 3, how the object is seen upright.
        path: ends in ``.gif`` or ``.mp4``; its folder is made where it is missing.
        backend: what draws, for example ``get_backend("auto")``.
        light: the data set's; None takes the default.
        size_px: height and width.
        frames: an even number; see :func:`turntable_rotations`.
        colour: of the background.

    Returns:
        The path.

    Raises:
        ObjectPoseError: another ending, ``.mp4`` without the optional package, or a file that cannot be written.
    """
    check_format(path.suffix.removeprefix(".").lower())
    rotations = turntable_rotations(view, frames)
    scene = SceneBatch(
        mesh=mesh.fitted(),
        rotations=rotations,
        translations=np.tile([0.0, 0.0, CAMERA_Z - framing_distance(1.0)], (frames, 1)),
        scales=np.ones(frames),
        backgrounds=flat_background(size_px, colour),
        light=light if light is not None else Light(),
    )
    return save_frames(backend.render(scene).images, path)
