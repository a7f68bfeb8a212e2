"""The same scene drawn by PyTorch3D's own renderer and shader, one picture a call, as its tutorials do."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from pytorch3d.renderer import (
    BlendParams,
    DirectionalLights,
    FoVPerspectiveCameras,
    HardPhongShader,
    Materials,
    MeshRasterizer,
    MeshRenderer,
    RasterizationSettings,
    TexturesUV,
)
from pytorch3d.structures import Meshes

from objectpose.objects.mesh import Mesh
from objectpose.rendering.scene import CAMERA_Z, FOV_Y_DEG, SceneBatch


class Pytorch3dLoopPeer:
    """``MeshRenderer`` with ``HardPhongShader``, one face a sample, default bins; one sample a pixel.

    Args:
        mesh: its first material's texture is used.
        size_px: height and width.
        background: RGB, 0..255.
        device: ``cpu`` or ``cuda``.
    """

    def __init__(self, mesh: Mesh, size_px: int, background: tuple[int, int, int], device: str = "cpu") -> None:
        self.device = torch.device(device)
        self.vertices = torch.tensor(mesh.vertices, dtype=torch.float32, device=self.device)
        self.normals = torch.tensor(mesh.normals, dtype=torch.float32, device=self.device)
        self.faces = torch.tensor(mesh.faces, dtype=torch.int64, device=self.device)
        picture = torch.tensor(mesh.materials[0].texture, dtype=torch.float32, device=self.device) / 255.0
        uvs = torch.tensor(mesh.uvs, dtype=torch.float32, device=self.device)
        self.textures = TexturesUV(maps=[picture], faces_uvs=[self.faces], verts_uvs=[uvs], sampling_mode="bilinear")
        # PyTorch3D's camera looks along +z with x to the left: half a turn about y of the camera described in scene.
        turn = torch.diag(torch.tensor([-1.0, 1.0, -1.0])).to(self.device)[None]
        cameras = FoVPerspectiveCameras(
            znear=0.1, zfar=1000.0, fov=FOV_Y_DEG, R=turn, T=torch.tensor([[0.0, 0.0, CAMERA_Z]]), device=self.device
        )
        lights = DirectionalLights(
            direction=((0.3, 1.0, 1.0),),
            ambient_color=((0.5, 0.5, 0.5),),
            diffuse_color=((0.6, 0.6, 0.6),),
            specular_color=((0.0, 0.0, 0.0),),
            device=self.device,
        )
        self.renderer = MeshRenderer(
            MeshRasterizer(
                cameras,
                RasterizationSettings(image_size=size_px, blur_radius=0.0, faces_per_pixel=1, cull_backfaces=True),
            ),
            HardPhongShader(
                device=self.device,
                cameras=cameras,
                lights=lights,
                materials=Materials(device=self.device),
                blend_params=BlendParams(background_color=tuple(c / 255 for c in background)),
            ),
        )

    def draw(self, rotation: NDArray[np.float64], translation: NDArray[np.float64], scale: float) -> NDArray[np.uint8]:
        """Return the picture of one pose, uint8 S x S x 3."""
        turn = torch.tensor(rotation, dtype=torch.float32, device=self.device)
        shift = torch.tensor(translation, dtype=torch.float32, device=self.device)
        mesh = Meshes(
            verts=[scale * self.vertices @ turn.T + shift],
            faces=[self.faces],
            textures=self.textures,
            verts_normals=[self.normals @ turn.T],
        )
        with torch.no_grad():
            picture = self.renderer(mesh)[0, ..., :3].clamp(0.0, 1.0)
        return (picture * 255.0 + 0.5).to(torch.uint8).cpu().numpy()

    def draw_all(self, batch: SceneBatch) -> NDArray[np.uint8]:
        """Return the pictures of a batch, uint8 N x S x S x 3."""
        places = zip(batch.rotations, batch.translations, batch.scales, strict=True)
        return np.stack([self.draw(r, t, float(s)) for r, t, s in places])

    def close(self) -> None:
        """Nothing to free."""
