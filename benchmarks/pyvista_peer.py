"""The same scene drawn by pyvista (VTK), the peer that the CPU renderer is compared with."""

from __future__ import annotations

import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from objectpose.objects.mesh import Mesh
from objectpose.rendering.scene import CAMERA_Z, FOV_Y_DEG, SceneBatch


class PyvistaPeer:
    """One off-screen window that shows one textured mesh; each call of ``draw`` sets a pose and reads the picture.

    Args:
        mesh: its first material's texture is used.
        size_px: height and width of the window.
        background: RGB, 0..255.
        samples: of multisample anti-aliasing a pixel; 0 for none, which is jagged and VTK's fastest.
    """

    def __init__(self, mesh: Mesh, size_px: int, background: tuple[int, int, int], samples: int = 4) -> None:
        faces = np.column_stack([np.full(len(mesh.faces), 3), mesh.faces])
        data = pv.PolyData(mesh.vertices.astype(np.float32), faces.ravel())
        data.point_data["Normals"] = mesh.normals
        data.active_texture_coordinates = mesh.uvs
        texture = pv.Texture(np.ascontiguousarray(mesh.materials[0].texture))
        texture.mipmap = True
        texture.interpolate = True
        self.plotter = pv.Plotter(off_screen=True, window_size=[size_px, size_px], lighting="none")
        if samples:
            self.plotter.enable_anti_aliasing("msaa", multi_samples=samples)
        else:
            self.plotter.disable_anti_aliasing()
        self.plotter.set_background([c / 255 for c in background])
        light = pv.Light(light_type="scene light", position=(0.3, 1.0, 1.0), focal_point=(0, 0, 0))
        light.positional = False
        self.plotter.add_light(light)
        self.actor = self.plotter.add_mesh(
            data, texture=texture, ambient=0.5, diffuse=0.6, specular=0.0, smooth_shading=True, show_scalar_bar=False
        )
        self.plotter.camera.position = (0, 0, CAMERA_Z)
        self.plotter.camera.focal_point = (0, 0, 0)
        self.plotter.camera.up = (0, 1, 0)
        self.plotter.camera.view_angle = FOV_Y_DEG
        self.plotter.camera.clipping_range = (0.1, 1000.0)
        self.plotter.show(auto_close=False)

    def draw(self, rotation: NDArray[np.float64], translation: NDArray[np.float64], scale: float) -> NDArray[np.uint8]:
        """Return the picture of one pose, uint8 S x S x 3."""
        matrix = np.eye(4)
        matrix[:3, :3] = rotation * scale
        matrix[:3, 3] = translation
        self.actor.user_matrix = matrix
        self.plotter.camera.clipping_range = (0.1, 1000.0)
        self.plotter.render()
        return np.asarray(self.plotter.screenshot(return_img=True))[..., :3]

    def draw_all(self, batch: SceneBatch) -> NDArray[np.uint8]:
        """Return the pictures of a batch, uint8 N x S x S x 3."""
        places = zip(batch.rotations, batch.translations, batch.scales, strict=True)
        return np.stack([self.draw(r, t, float(s)) for r, t, s in places])

    def close(self) -> None:
        """Free the window."""
        self.plotter.close()
