"""The same scene drawn by pyrender without a window (EGL), with its metallic-roughness material."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("PYOPENGL_PLATFORM", "egl")

import pyrender

from objectpose.objects.mesh import Mesh
from objectpose.rendering.scene import CAMERA_Z, FOV_Y_DEG, SceneBatch


class PyrenderPeer:
    """One off-screen renderer that shows one textured mesh; each call of ``draw`` sets a pose and reads the picture.

    pyrender always takes 4 samples a pixel.

    Args:
        mesh: its first material's texture is used.
        size_px: height and width.
        background: RGB, 0..255.
    """

    def __init__(self, mesh: Mesh, size_px: int, background: tuple[int, int, int]) -> None:
        picture = np.ascontiguousarray(mesh.materials[0].texture)
        material = pyrender.MetallicRoughnessMaterial(
            baseColorTexture=pyrender.Texture(source=picture, source_channels="RGB"),
            metallicFactor=0.0,
            roughnessFactor=1.0,
        )
        surface = pyrender.Primitive(
            positions=mesh.vertices.astype(np.float32),
            normals=mesh.normals,
            texcoord_0=mesh.uvs,
            indices=mesh.faces,
            material=material,
        )
        self.scene = pyrender.Scene(bg_color=[*background, 255], ambient_light=[0.5, 0.5, 0.5])
        self.node = self.scene.add(pyrender.Mesh([surface]))
        camera = np.eye(4)
        camera[2, 3] = CAMERA_Z
        self.scene.add(pyrender.PerspectiveCamera(np.radians(FOV_Y_DEG), znear=0.1, zfar=1000.0), pose=camera)
        self.scene.add(pyrender.DirectionalLight(intensity=2.0), pose=_towards(np.array([0.3, 1.0, 1.0])))
        self.renderer = pyrender.OffscreenRenderer(size_px, size_px)

    def draw(self, rotation: NDArray[np.float64], translation: NDArray[np.float64], scale: float) -> NDArray[np.uint8]:
        """Return the picture of one pose, uint8 S x S x 3."""
        place = np.eye(4)
        place[:3, :3] = rotation * scale
        place[:3, 3] = translation
        self.scene.set_pose(self.node, place)
        picture, _ = self.renderer.render(self.scene)
        return np.asarray(picture)

    def draw_all(self, batch: SceneBatch) -> NDArray[np.uint8]:
        """Return the pictures of a batch, uint8 N x S x S x 3."""
        places = zip(batch.rotations, batch.translations, batch.scales, strict=True)
        return np.stack([self.draw(r, t, float(s)) for r, t, s in places])

    def close(self) -> None:
        """Free the context."""
        self.renderer.delete()


def _towards(direction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the pose of a light that shines from ``direction``: its -z points away from it."""
    back = direction / np.linalg.norm(direction)
    right = np.cross([0.0, 0.0, 1.0], back)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3, :3] = np.column_stack([right, np.cross(back, right), back])
    return pose
