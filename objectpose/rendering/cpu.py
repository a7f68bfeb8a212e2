"""The CPU renderer: one picture a thread, drawn by the kernels of ``kernel``."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Mesh
from objectpose.rendering import kernel
from objectpose.rendering.mipmap import texture_table
from objectpose.rendering.recent import Recent
from objectpose.rendering.scene import Rendered, SceneBatch


def _arrays(mesh: Mesh) -> tuple[Any, ...]:
    """Return what the kernel reads of a mesh, in the order of its arguments."""
    table = texture_table(mesh.materials)
    colours = np.empty((0, 3)) if mesh.colours is None else mesh.colours / np.float32(255)
    return (
        np.ascontiguousarray(mesh.vertices, np.float64),
        np.ascontiguousarray(mesh.normals, np.float32),
        np.ascontiguousarray(mesh.uvs, np.float32),
        np.ascontiguousarray(colours, np.float32),
        np.ascontiguousarray(mesh.faces, np.int32),
        np.ascontiguousarray(mesh.face_material, np.int32),
        not mesh.two_sided,
        table.texels,
        table.alphas,
        table.offsets,
        table.sizes,
        table.last_level,
        table.wrap,
        table.factors,
        table.opacity,
        table.see_through,
    )


class CpuBackend:
    """The embedded default: needs neither a GPU nor a display; the reference of the other backends.

    Args:
        threads: pictures drawn at the same time; None takes one a processor this process may use. The pictures do
            not depend on it.
    """

    name = "cpu"
    version = "1"
    pictures_a_call = 16

    def __init__(self, threads: int | None = None) -> None:
        if threads is not None and threads < 1:
            raise ObjectPoseError(f"render.threads is {threads}; expected a whole number >= 1, or null.")
        self.threads = threads or len(os.sched_getaffinity(0))
        self._arrays_of = Recent(_arrays)

    def render(self, batch: SceneBatch) -> Rendered:
        """Draw every pose of the batch; see ``RenderBackend``."""
        mesh, count, size = batch.mesh, len(batch.rotations), batch.size_px
        if not np.isfinite(mesh.vertices).all():
            raise ObjectPoseError("A vertex of the mesh is not finite; mend the mesh.")
        arrays = self._arrays_of(mesh)
        light = np.asarray(batch.light.direction, np.float64)
        light = light / np.linalg.norm(light)
        levels = np.array([batch.light.ambient, batch.light.diffuse, batch.light.specular], np.float64)
        images = np.empty((count, size, size, 3), np.uint8)
        masks = np.empty((count, size, size), np.bool_)

        draw_one: Any = kernel.draw

        def draw(i: int) -> None:
            draw_one(
                *arrays,
                np.ascontiguousarray(batch.rotations[i], np.float64),
                np.ascontiguousarray(batch.translations[i], np.float64),
                float(batch.scales[i]),
                light,
                levels,
                batch.supersampling,
                batch.backgrounds[i if len(batch.backgrounds) > 1 else 0],
                images[i],
                masks[i],
            )

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(draw, range(count)))
        return Rendered(images, masks)
