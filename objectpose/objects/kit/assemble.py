"""The last step of modelling: parts become one mesh with one atlas."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from objectpose.errors import ObjectPoseError
from objectpose.objects.kit.atlas import MAX_LEVEL, bake
from objectpose.objects.kit.normals import corner_normals, face_normals, on_grid
from objectpose.objects.kit.part import Part, join
from objectpose.objects.mesh import Material, Mesh


def assemble(parts: Part | Iterable[Part], seed: int, two_sided: bool = False) -> Mesh:
    """Turn parts into one mesh: normals, one atlas, one material a finish.

    Args:
        parts: a part or several, in metres, +y up and +z the front.
        seed: of the texture noise.
        two_sided: True only where a part is not closed.

    Returns:
        A mesh that has passed ``validate``; equal parts and seeds give equal bytes.

    Raises:
        ObjectPoseError: no part, or the charts do not fit into the largest atlas.
    """
    patches = (parts if isinstance(parts, Part) else join(parts)).patches
    if not patches:
        raise ObjectPoseError("An object was assembled from no part, expected at least one; add a part.")
    vertices = on_grid(np.concatenate([p.vertices for p in patches]))
    starts = np.cumsum([0, *(len(p.vertices) for p in patches)])
    sizes = [len(p.faces) for p in patches]
    owner = np.repeat(np.arange(len(patches)), sizes)
    faces = np.concatenate([p.faces for p in patches]) + starts[owner][:, None]
    area = np.linalg.norm(face_normals(vertices, faces), axis=1)
    kept = area > 1e-13 * area.max()
    faces, owner = faces[kept], owner[kept]
    group = np.repeat(np.arange(len(patches)), np.diff(starts))
    normals = corner_normals(vertices, faces, group, np.array([p.crease_deg for p in patches])[owner])

    first: dict[tuple[int, int], int] = {}
    number = [first.setdefault((id(p.chart), id(p.texture)), i) for i, p in enumerate(patches)]
    members = sorted(set(number))
    diameter = float(on_grid(np.linalg.norm(np.ptp(vertices, axis=0))))
    atlas = bake(
        [patches[i].chart for i in members],
        [patches[i].texture for i in members],
        [patches[i].crease_deg for i in members],
        diameter,
        seed,
    )
    uv_of = dict(zip(members, atlas.uvs, strict=True))
    uvs = np.concatenate([uv_of[n] for n in number])

    corner = faces.ravel()
    rounded = np.rint(normals.reshape(-1, 3) * 4096.0).astype(np.int64) + 4096
    key = ((corner * 8193 + rounded[:, 0]) * 8193 + rounded[:, 1]) * 8193 + rounded[:, 2]
    _, chosen, inverse = np.unique(key, return_index=True, return_inverse=True)

    finishes = list(dict.fromkeys(p.texture.finish for p in patches))
    index = np.array([finishes.index(p.texture.finish) for p in patches], np.int32)
    mesh = Mesh(
        vertices=vertices[corner[chosen]],
        normals=on_grid(normals.reshape(-1, 3)[chosen]).astype(np.float32),
        uvs=on_grid(uvs[corner[chosen]]).astype(np.float32),
        faces=inverse.reshape(-1, 3).astype(np.int32),
        face_material=index[owner],
        materials=tuple(
            Material(atlas.image, f.ambient, f.diffuse, f.specular, f.shininess, max_level=MAX_LEVEL) for f in finishes
        ),
        two_sided=two_sided,
    )
    mesh.validate("an object")
    return mesh
