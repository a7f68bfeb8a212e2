"""Scenes on which every backend has to draw the same picture, and the comparison itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import trimesh

from objectpose.objects.catalogue import CATALOGUE, build
from objectpose.objects.mesh import Material, Mesh
from objectpose.rendering.poses import haar_rotation, multiply, to_matrix, view_rotation
from objectpose.rendering.scene import (
    FLAT_BACKGROUND,
    HALF_HEIGHT_PER_DEPTH,
    Light,
    SceneBatch,
    flat_background,
    framing_distance,
)

RNG = np.random.default_rng(5)
NOISE = RNG.integers(0, 256, (64, 96, 3), dtype=np.uint8)
SIZE = 112


def scene(mesh, size=SIZE, seed=0, count=2, scale=1.0, shift=(0.0, 0.0), depth=None, **kwargs):
    """Return ``count`` Haar-uniform poses of a mesh."""
    rng = np.random.default_rng(seed)
    turns = np.stack([to_matrix(haar_rotation(rng)) for _ in range(count)])
    away = framing_distance(mesh.radius) if depth is None else depth
    kwargs.setdefault("backgrounds", flat_background(size, FLAT_BACKGROUND))
    return SceneBatch(mesh, turns, np.tile([*shift, 2.0 - away], (count, 1)), np.full(count, scale), **kwargs)


def of_catalogue(name, size=SIZE):
    """Return an object in its canonical view and in a random pose."""
    row, mesh = CATALOGUE[name], build(f"{name}/0")
    rng = np.random.default_rng(sum(map(ord, name)))
    turns = np.stack([np.array([1.0, 0, 0, 0]), haar_rotation(rng)])
    rotations = to_matrix(multiply(view_rotation(row.azimuth_deg, row.elevation_deg), turns))
    where = np.tile([0.0, 0.0, 2.0 - framing_distance(mesh.radius)], (2, 1))
    return SceneBatch(mesh, rotations, where, np.ones(2), flat_background(size))


def ball(subdivisions, material=None, two_sided=False, bumps=0.15):
    """Return a lumpy sphere with texture coordinates."""
    sphere = trimesh.creation.icosphere(subdivisions)
    unit = np.asarray(sphere.vertices)
    sphere.vertices = unit * (1 + bumps * np.sin(9 * unit[:, :1]) * np.sin(7 * unit[:, 1:2]))
    uv = np.stack([np.arctan2(unit[:, 0], unit[:, 2]) / (2 * np.pi) + 0.5, unit[:, 1] / 2 + 0.5], axis=1)
    return Mesh(
        np.asarray(sphere.vertices, np.float64),
        np.asarray(sphere.vertex_normals, np.float32),
        (2.5 * uv).astype(np.float32),
        np.asarray(sphere.faces, np.int32),
        np.zeros(len(sphere.faces), np.int32),
        (material or Material(NOISE, wrap=True),),
        two_sided,
    )


def joined(*meshes):
    """Return one mesh of several."""
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    owners = np.cumsum([0, *(len(m.materials) for m in meshes)])
    return Mesh(
        np.concatenate([m.vertices for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.uvs for m in meshes]),
        np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=False)]).astype(np.int32),
        np.concatenate([m.face_material + o for m, o in zip(meshes, owners, strict=False)]).astype(np.int32),
        tuple(material for m in meshes for material in m.materials),
        any(m.two_sided for m in meshes),
    )


def coloured():
    mesh = ball(3)
    return replace(mesh, colours=((mesh.normals + 1) * 127).astype(np.uint8))


def many_materials():
    mesh = ball(4)
    materials = (
        Material(NOISE, ambient=(0.9, 0.5, 0.2), diffuse=(0.3, 0.8, 1.0), wrap=True),
        Material(NOISE[:8, :8], specular=(0.9, 0.7, 0.1), shininess=40.0),
        Material(np.full((1, 1, 3), 200, np.uint8), specular=0.5, shininess=5.0),
    )
    return replace(mesh, materials=materials, face_material=(np.arange(len(mesh.faces)) // 40 % 3).astype(np.int32))


def glass():
    core = ball(2)
    shell = ball(3, Material(NOISE, opacity=0.35, wrap=True, specular=0.4), two_sided=True)
    inner = ball(3, Material(NOISE[::-1].copy(), opacity=0.6), two_sided=True)
    return joined(replace(core, vertices=0.4 * core.vertices), replace(inner, vertices=0.7 * inner.vertices), shell)


def cut_out():
    alpha = np.kron(np.indices((8, 12)).sum(axis=0) % 2 * 215 + 40, np.ones((8, 8))).astype(np.uint8)
    lattice = ball(3, Material(NOISE, wrap=True, alpha=alpha), two_sided=True)
    core = ball(2)
    return joined(lattice, replace(core, vertices=0.6 * core.vertices))


def sheet(cells=4):
    """Return a flat square of cells x cells x 2 triangles, many of whose edges go through the middles of samples."""
    line = np.linspace(-1, 1, cells + 1)
    x, y = np.meshgrid(line, line)
    vertices = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], 1)
    corner = np.arange((cells + 1) ** 2).reshape(cells + 1, cells + 1)
    a, b, c, d = corner[:-1, :-1].ravel(), corner[:-1, 1:].ravel(), corner[1:, 1:].ravel(), corner[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)]).astype(np.int32)
    normals = np.tile([0.0, 0.0, 1.0], (len(vertices), 1)).astype(np.float32)
    uvs = (vertices[:, :2] / 2 + 0.5).astype(np.float32)
    return Mesh(vertices, normals, uvs, faces, np.zeros(len(faces), np.int32), (Material(NOISE),))


def head_on(**kwargs):
    flat = scene(sheet(), count=1, depth=2.0 / HALF_HEIGHT_PER_DEPTH, **kwargs)
    return replace(flat, rotations=np.eye(3)[None])


def strip():
    """Return a floor that begins far away and ends behind the camera."""
    floor = sheet(2)
    places = floor.vertices @ np.array([[0.3, 0, 0], [0, 0, -6.0], [0, 1, 0]]) - [0, 0.25, 0]
    straight = scene(replace(floor, vertices=places), count=1, depth=1.0)
    return replace(straight, rotations=np.eye(3)[None])


def torn():
    """Return an open, non-manifold mesh: holes, doubled faces, a fin that three faces share, stray triangles."""
    mesh = ball(3, two_sided=True)
    faces = np.concatenate([mesh.faces[::3], mesh.faces[:60], mesh.faces[:40, ::-1]])
    fin = np.array([[a, b, (a + 300) % len(mesh.vertices)] for a, b, _ in mesh.faces[:30]])
    faces = np.concatenate([faces, fin]).astype(np.int32)
    return replace(mesh, faces=faces, face_material=np.zeros(len(faces), np.int32))


def hundred_thousand():
    mesh = ball(6)
    keep = np.concatenate([mesh.faces, mesh.faces[:18_080]])
    return replace(mesh, faces=keep, face_material=np.zeros(len(keep), np.int32))


SPECIAL = {
    "vertex colours": lambda: scene(coloured()),
    "several materials, RGB factors, highlights": lambda: scene(many_materials()),
    "see-through shells": lambda: scene(glass()),
    "alpha map": lambda: scene(cut_out()),
    "open and non-manifold": lambda: scene(torn()),
    "100,000 faces": lambda: scene(hundred_thousand(), count=1),
    "small": lambda: scene(ball(4), scale=0.2),
    "close, beyond the frame": lambda: scene(ball(4), depth=3.0),
    "far off the centre": lambda: scene(ball(4), shift=(1.1, -0.9)),
    "one sample a pixel": lambda: scene(ball(4), supersampling=1),
    "nine samples a pixel": lambda: scene(ball(4), supersampling=3),
    "before pictures": lambda: scene(
        glass(), backgrounds=np.random.default_rng(1).integers(0, 256, (2, SIZE, SIZE, 3), dtype=np.uint8)
    ),
    "strong light from the side": lambda: scene(many_materials(), light=Light((-1.0, 0.1, 0.2), 0.1, 1.4, 2.0)),
    "no light at all but ambient": lambda: scene(ball(4), light=Light(ambient=0.3, diffuse=0.0, specular=0.0)),
    "an odd size": lambda: scene(ball(4), size=97),
    "edges through samples": head_on,
    "edges through samples, one a pixel": lambda: head_on(supersampling=1),
    "a floor through the near plane": strip,
    "through the near plane": lambda: scene(ball(3, two_sided=True), depth=0.9),
}
SCENES = SPECIAL | {name: (lambda name=name: of_catalogue(name)) for name in CATALOGUE}


def eroded(mask):
    """Return a mask without the pixels that touch its edge."""
    padded = np.pad(mask, 1)
    return mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]


def assert_same_pictures(ours, theirs):
    """Compare two renderings by the tolerances of the documentation: silhouettes, then colours inside them."""
    for one, two, mask, other in zip(ours.images, theirs.images, ours.masks, theirs.masks, strict=True):
        union = mask | other
        assert union.any()
        assert (mask & other).sum() / union.sum() >= 0.995
        inside = eroded(union)
        if not inside.any():
            continue
        difference = np.abs(one.astype(int) - two)[inside]
        assert difference.mean() <= 2.0
        assert np.percentile(difference, 99) <= 8.0
        outside = ~union
        assert np.abs(one.astype(int) - two)[outside].mean() <= 2.0 if outside.any() else True
