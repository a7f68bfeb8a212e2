"""A slow renderer that shares no line with the others: a ray a sample against every face, one at a time."""

from __future__ import annotations

import numpy as np

from objectpose.objects.mesh import rgb
from objectpose.rendering.scene import CAMERA_Z, HALF_HEIGHT_PER_DEPTH, LAYERS, NEAR, Rendered


def _bilinear(picture, u, v, wrap):
    height, width = picture.shape[:2]
    x, y = u * width - 0.5, (1 - v) * height - 0.5
    total = np.zeros((len(u), picture.shape[2]))
    for dx in (0, 1):
        for dy in (0, 1):
            column, row = np.floor(x).astype(int) + dx, np.floor(y).astype(int) + dy
            weight = (1 - abs(x - column)) * (1 - abs(y - row))
            column = column % width if wrap else column.clip(0, width - 1)
            row = row % height if wrap else row.clip(0, height - 1)
            total += weight[:, None] * picture[row, column]
    return total


def _shade(mesh, light, rotation, face, bary, rays):
    """Return colour 0..255 and opacity of rays that meet a face at barycentric coordinates."""
    material = mesh.materials[mesh.face_material[face]]
    corners = mesh.faces[face]
    u, v = (bary @ mesh.uvs[corners].astype(float)).T
    base = _bilinear(material.texture.astype(float), u, v, material.wrap)
    if mesh.colours is not None:
        base = base * (bary @ mesh.colours[corners].astype(float)) / 255
    normal = bary @ mesh.normals[corners].astype(float) @ rotation.T
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    a, b, c = mesh.vertices[corners] @ rotation.T
    front = -(rays @ np.cross(b - a, c - a)) > 0
    normal = np.where(front[:, None], normal, -normal)
    towards = np.array(light.direction) / np.linalg.norm(light.direction)
    lambert = np.clip(normal @ towards, 0, None)[:, None]
    mirrored = 2 * (normal @ towards)[:, None] * normal - towards
    glint = np.clip(-(rays * mirrored).sum(1) / np.linalg.norm(rays, axis=1), 0, None)[:, None] ** material.shininess
    ka, kd, ks = (np.array(rgb(f)) for f in (material.ambient, material.diffuse, material.specular))
    colour = (light.ambient * ka + light.diffuse * lambert * kd) * base + 255 * light.specular * ks * glint * (
        lambert > 0
    )
    alpha = np.full(len(u), material.opacity)
    if material.alpha is not None:
        alpha = alpha * _bilinear(material.alpha[..., None].astype(float), u, v, material.wrap)[:, 0] / 255
    return np.minimum(colour, 255), alpha, front


def ray_cast(batch):
    """Return what the formula of ``scene`` says, textures read at full size (so they must not be shrunk)."""
    size, fine, mesh = batch.size_px, batch.supersampling, batch.mesh
    side = size * fine
    centres = (np.arange(side) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(centres * HALF_HEIGHT_PER_DEPTH, -centres * HALF_HEIGHT_PER_DEPTH)
    rays = np.stack([x.ravel(), y.ravel(), -np.ones(side * side)], 1)
    images, masks = [], []
    for i, rotation in enumerate(batch.rotations):
        space = batch.scales[i] * mesh.vertices @ rotation.T + batch.translations[i] - [0, 0, CAMERA_Z]
        hits = [[] for _ in range(side * side)]
        for face, corners in enumerate(mesh.faces):
            a, b, c = space[corners]
            cross = np.cross(b - a, c - a)
            slope = rays @ cross
            with np.errstate(divide="ignore", invalid="ignore"):
                reach = (a @ cross) / slope
                point = rays * reach[:, None] - a
            whole = cross @ cross
            second = np.cross(point, c - a) @ cross / whole
            third = np.cross(b - a, point) @ cross / whole
            bary = np.stack([1 - second - third, second, third], 1)
            inside = (reach >= NEAR) & (bary >= 0).all(1) & np.isfinite(bary).all(1)
            if not inside.any():
                continue
            colour, alpha, front = _shade(mesh, batch.light, rotation, face, bary[inside], rays[inside])
            opaque = not mesh.materials[mesh.face_material[face]].see_through
            for k, sample in enumerate(np.flatnonzero(inside)):
                if mesh.two_sided or front[k]:
                    hits[sample].append((reach[sample], opaque, colour[k], alpha[k]))
        behind = batch.backgrounds[i if len(batch.backgrounds) > 1 else 0].astype(float)
        picture = behind.repeat(fine, 0).repeat(fine, 1).reshape(-1, 3)
        covered = np.zeros(side * side, bool)
        for sample, found in enumerate(hits):
            found.sort(key=lambda hit: hit[0])
            solid = next((hit for hit in found if hit[1]), None)
            before = [hit for hit in found if not hit[1] and (solid is None or hit[0] < solid[0])][:LAYERS]
            colour = picture[sample] if solid is None else solid[2]
            clear = 1.0
            for _, _, over, alpha in reversed(before):
                colour = (1 - alpha) * colour + alpha * over
                clear *= 1 - alpha
            picture[sample] = colour
            covered[sample] = solid is not None or clear <= 0.5
        grid = picture.reshape(size, fine, size, fine, 3).mean((1, 3))
        images.append(np.clip(np.floor(grid + 0.5), 0, 255).astype(np.uint8))
        masks.append(2 * covered.reshape(size, fine, size, fine).sum((1, 3)) >= fine * fine)
    return Rendered(np.stack(images), np.stack(masks))
