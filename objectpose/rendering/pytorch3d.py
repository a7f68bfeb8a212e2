"""The PyTorch3D backend: many pictures a call, on a CUDA device or on the CPU.

PyTorch3D settles visibility (``faces_per_pixel=1`` without blur, at ``supersampling`` times the size; a second pass
finds the nearest see-through layers). Shading is done here on the samples that hit something: corners are
interpolated perspective-correctly from the screen positions, textures read trilinearly at the level of their exact
screen derivatives, and the formula of ``scene`` applied, so that the pictures are those of the CPU renderer. Vertices
are snapped to 1/256 of a sample as there.

On CUDA the rasteriser sorts faces into bins of a fixed capacity and draws incomplete pictures, without an error, where
one overflows. Here the faces of every bin are counted first and the capacity set to that number; where it would need
too much memory the bins are made smaller, and at last left out, which is slower and cannot overflow. Of faces that
coincide exactly, CUDA may show one or the other from run to run.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import torch

from objectpose.device import pick_device
from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Mesh
from objectpose.rendering.mipmap import texture_table
from objectpose.rendering.recent import Recent
from objectpose.rendering.scene import LAYERS, NEAR, Rendered, SceneBatch
from objectpose.rendering.shader import Samples, Surface, shade
from objectpose.rendering.tiles import bins, boxes_of, in_tile, on_screen, touched

BYTES_A_SAMPLE = 420
"""Measured peak of the working memory a sample of the supersampled picture, for the size of a chunk."""
CPU_BYTES = 1 << 30
BIN_BYTES = 1 << 29
TILE = 32


@dataclass(frozen=True, eq=False)
class _Prepared:
    """A mesh on the device: positions V x 3, faces F x 3 split into opaque and see-through ones, and its surface."""

    vertices: torch.Tensor
    solid: torch.Tensor
    glass: torch.Tensor
    surface: Surface


class Pytorch3dBackend:
    """Draws batches with PyTorch3D.

    Args:
        device: ``auto`` (CUDA where it is usable), ``cpu``, ``cuda`` or ``cuda:N``.

    Raises:
        ObjectPoseError: PyTorch3D is not installed, or the device is not there.
    """

    name = "pytorch3d"

    def __init__(self, device: str = "auto") -> None:
        try:
            from pytorch3d.renderer.mesh import rasterize_meshes
            from pytorch3d.structures import Meshes
        except ImportError as error:
            raise ObjectPoseError(
                f"render.backend=pytorch3d needs PyTorch3D, which cannot be imported ({error}); build it as "
                "the README says, or use render.backend=cpu."
            ) from None
        self.device = pick_device(device, "render.device")
        self.version = f"1-{importlib.metadata.version('pytorch3d')}-{self.device.type}"
        self.pictures_a_call = 256 if self.device.type == "cuda" else 16
        self._rasterise, self._meshes = rasterize_meshes, Meshes
        self._prepared = Recent(self._prepare)
        self._try()

    def _try(self) -> None:
        """Draw one triangle, so that a build that lacks this device is noticed before any work."""
        place = torch.tensor([[0.0, 0.0, 1.0], [8.0, 0.0, 1.0], [0.0, 8.0, 1.0]], device=self.device)
        triangle = self._meshes(verts=[place / 8.0], faces=[torch.tensor([[0, 1, 2]], device=self.device)])
        try:
            self._rasterise(triangle, image_size=8, faces_per_pixel=1, bin_size=0)
        except RuntimeError as error:
            raise ObjectPoseError(
                f"PyTorch3D cannot draw on {self.device} ({str(error).splitlines()[0]}); build it for this device as "
                "the README says, or use render.device=cpu."
            ) from None

    def render(self, batch: SceneBatch) -> Rendered:
        """Draw every pose of the batch; see ``RenderBackend``."""
        return self.render_many([batch])[0]

    def render_many(self, batches: Sequence[SceneBatch]) -> list[Rendered]:
        """Draw several batches; those of one size and one kind of sides are drawn together, whatever their meshes.

        Raises:
            ObjectPoseError: a vertex is not finite, or the device's memory does not hold one picture.
        """
        groups: dict[tuple[int, int, bool], list[int]] = {}
        for number, batch in enumerate(batches):
            if not np.isfinite(batch.mesh.vertices).all():
                raise ObjectPoseError("A vertex of the mesh is not finite; mend the mesh.")
            key = (batch.size_px, batch.supersampling, batch.mesh.two_sided)
            groups.setdefault(key, []).append(number)
        result: list[Rendered] = [Rendered(np.empty(0, np.uint8), np.empty(0, np.bool_))] * len(batches)
        for (size, supersampling, two_sided), members in groups.items():
            jobs = [(number, i) for number in members for i in range(len(batches[number].rotations))]
            images = np.empty((len(jobs), size, size, 3), np.uint8)
            masks = np.empty((len(jobs), size, size), np.bool_)
            start, step = 0, self._chunk(size * supersampling)
            while start < len(jobs):
                chosen = jobs[start : start + step]
                try:
                    drawn = self._draw(batches, chosen, two_sided)
                except torch.OutOfMemoryError:
                    drawn = None  # what it held is let go before the next try
                if drawn is None:
                    if len(chosen) == 1:
                        raise ObjectPoseError(
                            f"The memory of {self.device} does not hold one picture of {size} px; make it smaller, "
                            "lower render.supersampling, or use render.backend=cpu."
                        )
                    torch.cuda.empty_cache()
                    step = len(chosen) // 2
                    continue
                images[start : start + len(chosen)] = drawn[0].cpu().numpy()
                masks[start : start + len(chosen)] = drawn[1].cpu().numpy()
                start += len(chosen)
            begin = 0
            for number in members:
                end = begin + len(batches[number].rotations)
                result[number] = Rendered(images[begin:end], masks[begin:end])
                begin = end
        return result

    def _chunk(self, samples: int) -> int:
        """Return how many pictures of samples x samples fit into half of the free memory."""
        free = torch.cuda.mem_get_info(self.device)[0] // 2 if self.device.type == "cuda" else CPU_BYTES
        numbered = 2**31 // (3 * LAYERS)  # the rasteriser counts the numbers of a chunk in 32 bits
        return max(1, int(min(numbered, free // BYTES_A_SAMPLE) // (samples * samples)))

    def _prepare(self, mesh: Mesh) -> _Prepared:
        table = texture_table(mesh.materials)
        faces = torch.from_numpy(np.ascontiguousarray(mesh.faces, np.int64)).to(self.device)
        glass = torch.from_numpy(table.see_through[mesh.face_material]).to(self.device)
        return _Prepared(
            torch.from_numpy(np.ascontiguousarray(mesh.vertices, np.float64)).to(self.device),
            torch.nonzero(~glass).ravel(),
            torch.nonzero(glass).ravel(),
            Surface.of(mesh, faces, table, self.device),
        )

    def _tensor(self, values: Any, dtype: torch.dtype = torch.float64) -> torch.Tensor:
        return torch.as_tensor(np.asarray(values), dtype=dtype, device=self.device)

    def _draw(
        self, batches: Sequence[SceneBatch], jobs: Sequence[tuple[int, int]], two_sided: bool
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return pictures uint8 P x S x S x 3 and masks bool P x S x S of (batch, pose) pairs."""
        first = batches[jobs[0][0]]
        size, fine = first.size_px, first.supersampling
        samples = size * fine
        prepared = [self._prepared(batches[number].mesh) for number, _ in jobs]
        rotations = self._tensor(np.stack([batches[n].rotations[i] for n, i in jobs]))
        shifts = self._tensor(np.stack([batches[n].translations[i] for n, i in jobs]))
        scales = self._tensor([batches[n].scales[i] for n, i in jobs])
        places: list[torch.Tensor] = []
        for mesh, poses in groupby(range(len(jobs)), key=lambda job: prepared[job]):
            some = list(poses)
            turned = torch.einsum("pij,vj->pvi", rotations[some], mesh.vertices)
            places += on_screen(scales[some, None, None] * turned + shifts[some, None], samples)
        behind = np.stack([batches[n].backgrounds[i if len(batches[n].backgrounds) > 1 else 0] for n, i in jobs])
        colour = self._tensor(behind, torch.float32)
        colour = colour.repeat_interleave(fine, dim=1).repeat_interleave(fine, dim=2)
        depth = torch.full(colour.shape[:3], torch.inf, device=self.device)
        hit = torch.zeros(colour.shape[:3], dtype=torch.bool, device=self.device)
        lights = [batches[n].light for n, _ in jobs]

        def samples_of(where: torch.Tensor, face: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return shade([mesh.surface for mesh in prepared], places, rotations, lights, Samples(where, face, samples))

        solid = [mesh.solid for mesh in prepared]
        if any(len(faces) for faces in solid):
            face, z = self._visible(places, prepared, solid, samples, 1, not two_sided)
            where = torch.nonzero(face[..., 0] >= 0)
            picture, row, column = where.unbind(1)
            colour[picture, row, column] = samples_of(where, face[picture, row, column, 0])[0]
            depth[picture, row, column] = z[picture, row, column, 0]
            hit[picture, row, column] = True
        glass = [mesh.glass for mesh in prepared]
        if any(len(faces) for faces in glass):
            face, z = self._visible(places, prepared, glass, samples, LAYERS, not two_sided)
            clear = torch.ones(colour.shape[:3], device=self.device)
            for layer in range(LAYERS - 1, -1, -1):
                where = torch.nonzero((face[..., layer] >= 0) & (z[..., layer] < depth))
                picture, row, column = where.unbind(1)
                over, share = samples_of(where, face[picture, row, column, layer])
                under = colour[picture, row, column]
                colour[picture, row, column] = under + share[:, None] * (over - under)
                clear[picture, row, column] *= 1.0 - share
            hit |= clear <= 0.5
        blocks = (len(jobs), size, fine, size, fine)
        images = (colour.view(*blocks, 3).mean(dim=(2, 4)) + 0.5).clamp_(0, 255).to(torch.uint8)
        masks = 2 * hit.view(blocks).sum(dim=(2, 4)) >= fine * fine
        return images, masks

    def _visible(
        self,
        places: Sequence[torch.Tensor],
        prepared: Sequence[_Prepared],
        chosen: Sequence[torch.Tensor],
        samples: int,
        layers: int,
        cull: bool,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the nearest faces of each sample, P x S x S x layers, and their depths; -1 where there are fewer.

        Args:
            places: x, y in samples and depth of every vertex, V x 3 a picture.
            prepared: the mesh of each picture.
            chosen: which of its faces are looked at.
            samples: height and width.
            layers: how many faces a sample.
            cull: leave out faces seen from behind.
        """
        faces = [mesh.surface.faces[some] for mesh, some in zip(prepared, chosen, strict=True)]
        boxes = [boxes_of(place, corner, samples) for place, corner in zip(places, faces, strict=True)]
        clipped = NEAR if bool((torch.cat(list(places))[:, 2] < NEAR).any()) else None
        fixed: dict[str, Any] = {
            "blur_radius": 0.0,
            "faces_per_pixel": layers,
            "perspective_correct": True,
            "cull_backfaces": cull,
            "z_clip_value": clipped,
        }
        starts = torch.tensor([0, *np.cumsum([len(some) for some in chosen])], device=self.device)
        lists = torch.cat([*chosen, chosen[0].new_zeros(1)])
        if self.device.type == "cuda":
            ndc = [in_tile(place, place.new_zeros(2), samples) for place in places]
            width, capacity = bins(boxes, samples, BIN_BYTES)
            capacity *= 1 if clipped is None else 2
            found, z, _, _ = self._rasterise(
                self._meshes(verts=ndc, faces=faces),
                image_size=samples,
                bin_size=width,
                max_faces_per_bin=max(1, capacity),
                **fixed,
            )
        else:
            found, z = self._by_tiles(places, faces, boxes, starts, samples, fixed)
        return torch.where(found >= 0, lists[found.clamp_min(0)], -1), torch.where(found >= 0, z, torch.inf)

    def _by_tiles(
        self,
        places: Sequence[torch.Tensor],
        faces: Sequence[torch.Tensor],
        boxes: Sequence[torch.Tensor],
        starts: torch.Tensor,
        samples: int,
        fixed: dict[str, Any],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return faces (numbered through all pictures) and depths, P x S x S x layers, drawn tile by tile.

        The rasteriser has no bins on the CPU and tries every face at every sample. Here each tile is a picture of its
        own that knows only the faces that may touch it.
        """
        side = 1 + (samples - 1) // TILE
        pieces, owners, tiles = [], [], []
        for number, (place, corner, box) in enumerate(zip(places, faces, boxes, strict=True)):
            face, tile = touched(box, TILE, side)
            origin = torch.stack([tile % side, tile // side], 1).to(place.dtype) * TILE
            pieces.append(in_tile(place[corner[face]], origin[:, None], TILE))
            owners.append(face + starts[number])
            tiles.append(tile + number * side * side)
        corners, owner, tile = torch.cat(pieces), torch.cat(owners), torch.cat(tiles)
        order = torch.argsort(tile, stable=True)
        used, counts = torch.unique_consecutive(tile[order], return_counts=True)
        layers = fixed["faces_per_pixel"]
        found = torch.full((len(places) * side * side, TILE, TILE, layers), -1, dtype=torch.int64)
        depth = torch.full(found.shape, torch.inf)
        if len(used):
            parts = torch.split(corners[order].reshape(-1, 3), (3 * counts).tolist())
            triples = [torch.arange(len(part)).view(-1, 3) for part in parts]
            packed, z, _, _ = self._rasterise(
                self._meshes(verts=list(parts), faces=triples), image_size=TILE, bin_size=0, **fixed
            )
            found[used] = torch.where(packed >= 0, owner[order][packed.clamp_min(0)], -1)
            depth[used] = z
        shape = (len(places), side, side, TILE, TILE, layers)
        whole = (len(places), side * TILE, side * TILE, layers)
        found, depth = (grid.view(shape).transpose(2, 3).reshape(whole) for grid in (found, depth))
        return found[:, :samples, :samples], depth[:, :samples, :samples]
