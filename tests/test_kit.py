from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from objectpose.errors import ObjectPoseError
from objectpose.objects.families.household import table_lamp
from objectpose.objects.kit import (
    Part,
    Texture,
    Variant,
    aerofoil,
    arc,
    assemble,
    bar,
    box,
    checker,
    cloth,
    cone,
    cylinder,
    ellipse,
    ellipsoid,
    extrude,
    faired,
    fbm,
    frustum,
    glass,
    gradient,
    hull,
    lathe,
    leather,
    lift,
    loft,
    metal,
    mirror,
    paint,
    patches,
    pipe,
    plain,
    plastic,
    plate,
    prism,
    rectangle,
    resample,
    rgb,
    ring,
    rod,
    rounded,
    rounded_rect,
    row,
    rubber,
    spline,
    spoked_wheel,
    strip,
    stripes,
    sweep,
    symmetric,
    torus,
    tube,
    value_noise,
    wheel,
    window,
    wing,
    wood,
)
from objectpose.objects.kit.normals import merged
from objectpose.objects.mesh import Mesh

RED = paint("#c8202a")
ELL = [(0, 0), (2, 0), (2, 1), (1, 1), (1, 2), (0, 2)]
ELL_WITH_STRAIGHT_POINTS = [(0, 0), (0.5, 0), (1, 0), (2, 0), (2, 1), (1, 1), (1, 1.3), (1, 1.5), (1, 2), (0, 2)]
SOLIDS: dict[str, Part] = {
    "box": box((1.0, 2.0, 0.5), RED),
    "sharp box": box((1.0, 2.0, 0.5), RED, bevel=0.0),
    "cylinder": cylinder(0.5, 1.0, RED, "x"),
    "cone": cone(0.5, 1.0, RED),
    "frustum": frustum(0.5, 0.2, 1.0, RED, "z"),
    "pipe": pipe(0.5, 0.4, 1.0, RED),
    "ellipsoid": ellipsoid((1.0, 2.0, 3.0), RED),
    "torus": torus(1.0, 0.3, RED),
    "lathe": lathe([(0.0, 0.0), (1.0, 0.0), (0.5, 0.5), (0.2, 1.0)], RED),
    "lathe downward": lathe([(0.2, 1.0), (0.5, 0.5), (1.0, 0.0)], RED),
    "tube": tube(rounded([(0, 0, 0), (1, 0, 0), (1, 1, 0), (1, 1, 1)], 0.2), 0.05, RED),
    "tube with round ends": tube([(0, 0, 0), (1, 0, 0), (1, 1, 0)], (0.05, 0.1, 0.02), RED, round_ends=True),
    "closed tube": tube(lift(ellipse(1.0), "xz"), 0.05, RED, closed=True),
    "rod": rod((0, 0, 0), (0, 1, 0), 0.1, RED),
    "bar": bar((0, 0, 0), (1, 1, 1), (0.1, 0.2), RED),
    "sweep": sweep(rectangle(0.2, 0.1), lift(arc(1.0, 0, 180), "zy"), RED),
    "sweep of a section that changes": sweep(
        [rounded_rect(w, 0.1, 0.02) for w in (0.2, 0.1, 0.3)], [(0, 0, 0), (1, 0, 0), (1, 1, 0)], RED, up=(0, 0, 1)
    ),
    "strip": strip(arc(1.0, 0, 180), 0.2, 0.1, RED),
    "wing": wing([(0.0, 0.0, 1.0, -1.0, 0.3), (2.0, 0.1, 0.2, -0.8, 0.1), (2.2, 0.5, -0.2, -0.9, 0.05, 80.0)], RED),
    "fin": loft([aerofoil((0, y, 0.4 - y), (0, 0.9 * y, -0.4), 0.1 - 0.04 * y, (1, 0, 0)) for y in (0, 1)], RED, 4),
    "faired": faired(
        [(2.0, 0.1, 0.2), (0.0, 1.0, 0.5), (-2.0, 0.8, 0.5)],
        lambda m: symmetric([(0, -m[1]), (m[0], 0), (0, m[1])]),
        np.linspace(-2.0, 2.0, 9),
        RED,
    ),
    "window": window(1.0, [(0, 0), (1, 0), (0.8, 0.6), (0, 0.6)], glass(), RED),
    "loft": loft([(rounded_rect(1, 1, 0.2), 0.0), (ellipse(2.0), 1.0), (ellipse(1e-4), 2.0)], RED, smooth=4),
    "loft of unequal counts": loft([(rounded_rect(1, 1, 0.2), 0.0), (rectangle(0.5, 0.5), 1.0)], RED),
    "loft of clockwise sections": loft([(ellipse(1.0, 0.4)[::-1], 0.0), (ellipse(0.5, 0.1)[::-1], 2.0)], RED, smooth=3),
    "loft backwards": loft([(ellipse(1.0, 0.4), 2.0), (ellipse(0.5, 0.1), 0.0)], RED),
    "extrude": extrude(ELL, 0.1, RED, holes=[ellipse(0.4) + 0.5]),
    "extrude clockwise": extrude(ELL[::-1], 0.1, RED),
    "extrude with straight points": extrude(ELL_WITH_STRAIGHT_POINTS, 0.1, RED),
    "extrude with straight points and a hole": extrude(
        resample(rectangle(3, 3), 24, closed=True), 0.1, RED, [resample(rectangle(1, 1), 12, closed=True)]
    ),
    "extrude of resampled points": extrude(resample(rectangle(1, 1), 40, closed=True), 0.1, RED, bevel=0.0),
    "plate": plate((1.0, 2.0), 0.02, RED, 0.1, "y"),
    "prism": prism(6, 0.5, 1.0, RED),
    "hull": hull([(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)], RED),
    "wheel": wheel(0.5, 0.25, spokes=5),
    "tractor wheel": wheel(0.8, 0.4, treads=18, tread_depth=0.06, lugs=True),
    "bicycle wheel": spoked_wheel(0.33, 0.05),
    "cannon wheel": spoked_wheel(0.6, 0.08, flat=True, spokes=12, spoke_radius=0.02, hub_radius=0.1, hub_width=0.3),
}


def surfaces(part: Part) -> list[trimesh.Trimesh]:
    """One trimesh a solid, its vertices merged by position and no triangle left out but those of no extent."""
    out = []
    for patch in part.patches:
        number = merged(patch.vertices, np.zeros(len(patch.vertices), np.int64))
        _, first = np.unique(number, return_index=True)
        out.append(trimesh.Trimesh(patch.vertices[first], number[patch.faces], process=False))
    return out


def assert_closed_and_outward(part: Part) -> None:
    for index, surface in enumerate(surfaces(part)):
        assert surface.is_watertight, index
        assert surface.is_winding_consistent, index
        assert surface.volume > 0.0, index


def volume(part: Part) -> float:
    return sum(float(surface.volume) for surface in surfaces(part))


def sampled(mesh: Mesh, image: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """Bilinear texture read; texel (i, j) stands at u = (j + .5) / W, v = 1 - (i + .5) / H."""
    height, width = image.shape[:2]
    x, y = uv[:, 0] * width - 0.5, (1.0 - uv[:, 1]) * height - 0.5
    j, i = np.floor(x).astype(int), np.floor(y).astype(int)
    fx, fy = (x - j)[:, None], (y - i)[:, None]

    def at(row_: np.ndarray, col: np.ndarray) -> np.ndarray:
        return image[np.clip(row_, 0, height - 1), np.clip(col, 0, width - 1)].astype(float)

    top = at(i, j) * (1 - fx) + at(i, j + 1) * fx
    return top * (1 - fy) + (at(i + 1, j) * (1 - fx) + at(i + 1, j + 1) * fx) * fy


def halved(image: np.ndarray) -> np.ndarray:
    h, w = image.shape[0] // 2, image.shape[1] // 2
    return image.reshape(h, 2, w, 2, 3).astype(float).mean(axis=(1, 3))


def digest(mesh: Mesh) -> str:
    arrays = (mesh.vertices, mesh.normals, mesh.uvs, mesh.faces, mesh.face_material, mesh.materials[0].texture)
    return hashlib.sha256(b"".join(np.ascontiguousarray(a).tobytes() for a in arrays)).hexdigest()


@pytest.mark.parametrize("name", SOLIDS)
def test_solid_is_closed_and_outward(name: str) -> None:
    assert_closed_and_outward(SOLIDS[name])


@pytest.mark.parametrize("name", SOLIDS)
def test_solid_assembles_with_normals_and_uvs_in_range(name: str) -> None:
    mesh = assemble(SOLIDS[name], 0)
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-5)
    assert mesh.uvs.min() > 0.0
    assert mesh.uvs.max() < 1.0
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    for k in range(3):
        assert (np.einsum("ij,ij->i", flat, mesh.normals[mesh.faces[:, k]]) > 0.0).all()


def test_convex_solids_have_normals_that_point_away_from_the_centre() -> None:
    for name in ("box", "cylinder", "ellipsoid", "prism"):
        mesh = assemble(SOLIDS[name], 0).centred()
        assert ((mesh.normals * mesh.vertices).sum(axis=1) > 0.0).all(), name


def test_volumes_follow_the_formulas() -> None:
    assert volume(box((1.0, 2.0, 3.0), RED, bevel=0.0)) == pytest.approx(6.0)
    assert volume(cylinder(0.5, 2.0, RED, segments=128, bevel=0.0)) == pytest.approx(np.pi / 2.0, rel=1e-3)
    assert volume(ellipsoid(2.0, RED, 96)) == pytest.approx(4.0 / 3.0 * np.pi, rel=3e-3)
    assert volume(cone(1.0, 3.0, RED, segments=128)) == pytest.approx(np.pi, rel=1e-3)
    assert volume(torus(1.0, 0.4, RED, segments=96, sides=48)) == pytest.approx(2 * np.pi**2 * 0.04, rel=1e-2)
    assert volume(extrude(ELL, 0.5, RED, holes=[rectangle(0.5, 0.5) + 0.5], bevel=0.0)) == pytest.approx(0.5 * 2.75)
    assert volume(tube([(0, 0, 0), (0, 0, 3)], 0.5, RED, 64)) == pytest.approx(0.75 * np.pi, rel=3e-3)


def test_bent_tube_keeps_its_thickness() -> None:
    straight = tube([(0, 0, 0), (1, 0, 0), (1, 1, 0)], 0.1, RED, 4)
    square_side = 0.1 * np.sqrt(2.0)
    assert volume(straight) == pytest.approx(2.0 * square_side**2, rel=1e-6)


def test_a_bevel_takes_off_little_and_shades_the_sides_flat() -> None:
    mesh = assemble(box((1.0, 1.0, 1.0), RED), 0)
    assert 0.98 < volume(box((1.0, 1.0, 1.0), RED)) < 1.0
    on_front = np.isclose(mesh.vertices[:, 2], 0.5)
    assert (mesh.normals[on_front] @ (0.0, 0.0, 1.0) > 0.99).all()


def test_crease_normals_of_a_sharp_box_are_those_of_its_sides() -> None:
    mesh = assemble(box((1.0, 1.0, 1.0), RED, bevel=0.0), 0)
    assert len(mesh.vertices) == 24
    np.testing.assert_allclose(np.abs(mesh.normals).max(axis=1), 1.0, atol=1e-6)
    smooth = assemble(box((1.0, 1.0, 1.0), RED, bevel=0.0).creased(180.0), 0)
    np.testing.assert_allclose(np.abs(smooth.normals), 1.0 / np.sqrt(3.0), atol=0.2)


def test_crease_normals_of_a_sphere_are_radial() -> None:
    mesh = assemble(ellipsoid(2.0, RED, 48), 0)
    assert ((mesh.normals * mesh.vertices).sum(axis=1) > 0.998).all()


def test_seams_do_not_show_in_the_normals() -> None:
    mesh = assemble(cylinder(1.0, 1.0, RED, bevel=0.0), 0)
    side = np.abs(mesh.normals[:, 1]) < 0.5
    place = np.round(mesh.vertices[side], 6)
    _, inverse = np.unique(place, axis=0, return_inverse=True)
    for k in range(int(inverse.max()) + 1):
        assert np.ptp(mesh.normals[side][inverse.ravel() == k], axis=0).max() < 1e-5


def test_copies_share_one_chart_and_other_textures_do_not() -> None:
    slat = box((1.0, 0.02, 0.1), RED)
    one, many = assemble(slat, 0), assemble(ring(row(slat, 3, (0, 0, 0.2)).moved(y=1.0), 4, "z"), 0)
    assert len(many.uvs) == 12 * len(one.uvs)
    assert len(np.unique(many.uvs, axis=0)) == len(np.unique(one.uvs, axis=0))
    two = assemble(slat + slat.moved(y=1.0).textured(paint("#20c82a")), 0)
    assert len(np.unique(two.uvs, axis=0)) == 2 * len(np.unique(one.uvs, axis=0))
    varied = assemble(slat + slat.moved(y=1.0).varied(1), 0)
    assert len(np.unique(varied.uvs, axis=0)) == 2 * len(np.unique(one.uvs, axis=0))


def test_scaled_copies_of_a_row_go_on_sharing() -> None:
    cube, size = box((1.0, 1.0, 1.0), RED), (1.0, 2.0, 1.0)
    one, many = assemble(cube.scaled(size), 0), assemble(row(cube, 3, (2, 0, 0)).scaled(size), 0)
    assert len(many.uvs) == 3 * len(one.uvs)
    assert len(np.unique(many.uvs, axis=0)) == len(np.unique(one.uvs, axis=0))


def test_plain_textures_share_a_swatch_a_colour() -> None:
    mesh = assemble(
        [ellipsoid(1.0, plain("#102030")), cone(1.0, 1.0, plain("#102030")), box((1, 1, 1), plain("#ffffff"))], 0
    )
    assert len(np.unique(mesh.uvs, axis=0)) == 2
    colours = sampled(mesh, mesh.materials[0].texture, mesh.uvs)
    assert set(map(tuple, colours.round().astype(int).tolist())) == {(16, 32, 48), (255, 255, 255)}


@pytest.mark.parametrize("size", [(2.0, 2.0, 2.0), (-1.0, 1.0, 1.0), (-1.0, -2.0, 1.0), (-1.0, -1.0, -1.0)])
def test_scaling_keeps_faces_outward(size: tuple[float, float, float]) -> None:
    part = SOLIDS["loft"].scaled(size)
    assert_closed_and_outward(part)
    assert volume(part) == pytest.approx(abs(np.prod(size)) * volume(SOLIDS["loft"]))


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_mirror_keeps_faces_outward_and_the_chart(axis: str) -> None:
    part = SOLIDS["lathe"].moved(3.0, 3.0, 3.0)
    both = mirror(part, axis)  # type: ignore[arg-type]
    assert_closed_and_outward(both)
    assert volume(both) == pytest.approx(2.0 * volume(part))
    assert both.patches[0].chart is both.patches[1].chart
    np.testing.assert_allclose(both.bounds.sum(axis=0)["xyz".index(axis)], 0.0, atol=1e-12)


@given(st.sampled_from(["x", "y", "z"]), st.floats(-720.0, 720.0))
@settings(max_examples=30, deadline=None)
def test_turning_keeps_volume_and_turns_back(axis: str, angle_deg: float) -> None:
    part = SOLIDS["hull"]
    turned = part.turned(axis, angle_deg)  # type: ignore[arg-type]
    assert volume(turned) == pytest.approx(volume(part))
    back = turned.turned(axis, -angle_deg)  # type: ignore[arg-type]
    np.testing.assert_allclose(back.patches[0].vertices, part.patches[0].vertices, atol=1e-9)


def test_cylinders_and_cones_point_along_their_axis() -> None:
    for axis, index in (("x", 0), ("y", 1), ("z", 2)):
        patch = cone(0.2, 2.0, RED, axis).patches[0]  # type: ignore[arg-type]
        tip = patch.vertices[np.argmax(patch.vertices[:, index])]
        np.testing.assert_allclose(tip, np.eye(3)[index], atol=1e-12)


def test_frustum_takes_the_radius_at_each_end() -> None:
    patch = frustum(0.5, 0.2, 1.0, RED, bevel=0.0).patches[0]
    radius = np.hypot(patch.vertices[:, 0], patch.vertices[:, 2])
    assert radius[patch.vertices[:, 1] < 0].max() == pytest.approx(0.5)
    assert radius[patch.vertices[:, 1] > 0].max() == pytest.approx(0.2)


def everywhere(colour: str) -> Texture:
    """One colour that the atlas does not know to be uniform."""
    value = rgb(colour)
    return Texture(lambda position, _n, _s: np.broadcast_to(value, position.shape))


def test_gutters_keep_neighbours_out_of_three_mip_levels() -> None:
    red, other = everywhere("#ff0000"), everywhere("#00ff00")
    parts = [box((1.0 + 0.1 * k, 0.3, 0.7), red).moved(x=3.0 * k) for k in range(5)]
    parts += [torus(0.5, 0.1, red).moved(y=2), extrude(ELL, 0.2, red).moved(y=4), wheel(0.5, 0.2, red, red, bolts=0)]
    parts += [cylinder(0.1 * k, 0.7, other).moved(z=2.0 * k) for k in range(1, 9)]
    mesh = assemble(parts, 0)
    assert all(m.max_level == 3 and m.texture is mesh.materials[0].texture for m in mesh.materials)
    red_faces = mesh.faces[: sum(len(p.faces) for part in parts[:-8] for p in part.patches)]
    weights = np.random.Generator(np.random.PCG64(5)).dirichlet((0.4, 0.4, 0.4), size=(len(red_faces), 4))
    uv = np.einsum("fsk,fkd->fsd", weights, mesh.uvs[red_faces]).reshape(-1, 2)
    uv = np.concatenate([uv, mesh.uvs[red_faces].reshape(-1, 2)])
    image: np.ndarray = mesh.materials[0].texture
    for level in range(4):
        colour = sampled(mesh, image, uv)
        np.testing.assert_allclose(
            colour, np.broadcast_to((255.0, 0.0, 0.0), colour.shape), atol=0.6, err_msg=str(level)
        )
        image = halved(image)


def test_the_atlas_shows_each_place_its_own_colour() -> None:
    seen = Texture(lambda position, _n, _s: position + 0.5)
    part = (
        cylinder(0.4, 0.9, seen)
        + box((0.8, 0.9, 0.7), seen)
        + extrude(ellipse(0.9, 0.6), 0.2, seen, [rectangle(0.2, 0.2)])
    )
    mesh = assemble(part, 0)
    weights = np.random.Generator(np.random.PCG64(6)).dirichlet((1.0, 1.0, 1.0), size=len(mesh.faces))
    uv = np.einsum("fk,fkd->fd", weights, mesh.uvs[mesh.faces])
    place = np.einsum("fk,fkd->fd", weights, mesh.vertices[mesh.faces])
    error = np.abs(sampled(mesh, mesh.materials[0].texture, uv) / 255.0 - (place + 0.5))
    assert np.quantile(error, 0.95) < 0.006
    assert error.max() < 0.03


def test_texels_are_about_square_however_a_solid_lies() -> None:
    for size in ((2.0, 0.3, 0.2), (0.3, 2.0, 0.2), (0.2, 0.3, 2.0)):
        mesh = assemble(box(size, RED, bevel=0.0), 0)
        place, at = mesh.vertices[mesh.faces], mesh.uvs[mesh.faces] * 512.0
        length = np.linalg.norm(np.roll(place, 1, axis=1) - place, axis=2)
        texels = np.linalg.norm(np.roll(at, 1, axis=1) - at, axis=2)
        density = texels / length
        assert density.max() / density.min() < 1.25, size


def test_texture_is_evaluated_where_the_solid_was_built_unless_settled() -> None:
    high = gradient(plain("#000000"), plain("#ffffff"), "y", 0.9, 1.1)
    block = box((0.2, 0.2, 0.2), high, bevel=0.0).moved(y=2.0)
    assert assemble(block, 0).materials[0].texture.max() == 0
    assert assemble(block.settled(), 0).materials[0].texture.max() == 255


def test_mirrored_solid_alone_gives_its_texture_outward_normals() -> None:
    upward = Texture(lambda _p, normal, _s: np.repeat(normal[:, 1:2] > 0.9, 3, axis=1).astype(float))
    plain_box = box((1.0, 1.0, 1.0), upward, bevel=0.0)
    for part in (plain_box.mirrored("x"), plain_box.scaled((-1.0, 1.0, 1.0)), plain_box.mirrored("x").settled()):
        mesh = assemble(part, 0)
        up = np.unique(mesh.faces[(mesh.normals[mesh.faces][:, :, 1] > 0.9).all(axis=1)])
        assert sampled(mesh, mesh.materials[0].texture, mesh.uvs[up]).min() == 255.0


def test_one_material_a_finish() -> None:
    mesh = assemble([box((1, 1, 1), paint("#ff0000")), box((1, 1, 1), paint("#00ff00")), box((1, 1, 1), rubber())], 0)
    assert len(mesh.materials) == 2
    assert mesh.face_material.tolist() == [0] * 88 + [1] * 44


TEXTURES = {
    "paint": paint("#c8202a"),
    "plastic": plastic("#2040c0"),
    "rubber": rubber(),
    "leather": leather(),
    "metal": metal(),
    "brushed": metal(brushed="x"),
    "glass": glass(),
    "wood": wood(axis="z"),
    "cloth": cloth(),
    "stripes": stripes(RED, rubber(), "x", 0.1),
    "checker": checker(RED, rubber(), 0.1),
    "patches": patches(RED, rubber(), 0.1),
}


@pytest.mark.parametrize("name", TEXTURES)
def test_textures_are_finite_vary_and_follow_the_seed(name: str) -> None:
    texture = TEXTURES[name]
    random = np.random.Generator(np.random.PCG64(1))
    position, normal = random.uniform(-1, 1, (500, 3)), random.normal(size=(500, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    colour = texture.colour(position, normal, 3)
    assert colour.shape == (500, 3)
    assert np.isfinite(colour).all()
    assert colour.min() >= 0.0
    assert colour.max() <= 1.3
    assert colour.std(axis=0).max() > 1e-3
    np.testing.assert_array_equal(colour, texture.colour(position, normal, 3))
    assert not np.array_equal(colour, texture.colour(position, normal, 4))


def test_patches_cover_about_the_share_asked_for() -> None:
    position = np.random.Generator(np.random.PCG64(1)).uniform(-5, 5, (20000, 3))
    for share in (0.25, 0.5, 0.75):
        colour = patches(plain("#000000"), plain("#ffffff"), 0.3, share).colour(position, position, 0)
        assert colour.mean() == pytest.approx(share, abs=0.12)


def test_noise_range_mean_continuity_and_value() -> None:
    points = np.random.Generator(np.random.PCG64(2)).uniform(-50, 50, (40000, 3))
    for noise in (value_noise(points, 7), fbm(points, 7, 4)):
        assert noise.dtype == np.float32
        assert 0.0 <= noise.min() < 0.2
        assert 0.8 < noise.max() <= 1.0
        assert noise.mean() == pytest.approx(0.5, abs=0.02)
    step = np.abs(value_noise(points + 1e-3, 7) - value_noise(points, 7))
    assert step.max() < 0.01
    assert not np.array_equal(value_noise(points, 7), value_noise(points, 8))


def hashed(x: int, y: int, z: int, seed: int) -> float:
    """The hash of the lattice in whole numbers of Python."""
    low = 0xFFFFFFFF
    key = (x * 0x8DA6B343 & low) ^ (y * 0xD8163841 & low) ^ (z * 0xCB1AB31F & low)
    key ^= seed * 0x9E3779B1 + 0x7F4A7C15 & low
    key ^= key >> 16
    key = key * 0x85EBCA6B & low
    key ^= key >> 13
    key = key * 0xC2B2AE35 & low
    key ^= key >> 16
    return (key >> 8) / 2.0**24


def test_noise_at_the_lattice_is_the_hash() -> None:
    lattice = np.array([[0, 0, 0], [1, 2, 3], [-1, -2, -3], [100000, -7, 5]])
    for seed in (0, 12, -3):
        expected = [hashed(*(int(v) for v in point), seed) for point in lattice]
        np.testing.assert_array_equal(value_noise(lattice.astype(float), seed), np.float32(expected))


def test_equal_bytes_twice_and_in_a_new_process() -> None:
    code = "from test_kit import digest, table_lamp; print(digest(table_lamp(0)))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment(), timeout=120
    )
    assert digest(table_lamp(0)) == digest(table_lamp(0)) == other.stdout.strip()


def _environment() -> dict[str, str]:
    here = Path(__file__).parent
    return {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}", "PYTHONHASHSEED": "77"}


def test_table_lamp_is_closed_upright_and_varies_with_the_seed() -> None:
    mesh = table_lamp(0)
    assert not mesh.two_sided
    assert 5000 < len(mesh.faces) < 40000
    assert 0.5 < np.ptp(mesh.vertices[:, 1]) < 0.7
    assert digest(mesh) != digest(table_lamp(1))


def test_symmetric_outlines_have_points_on_the_axis_once() -> None:
    assert symmetric([(0, 0), (2, 1), (0, 3)]).tolist() == [[0, 0], [2, 1], [0, 3], [-2, 1]]
    assert symmetric([(1, 0, 5), (2, 1, 6)]).tolist() == [[1, 0, 5], [2, 1, 6], [-2, 1, 6], [-1, 0, 5]]
    assert symmetric([(1, 0), (0, 1), (2, 1)])[:, 0].tolist() == [1, 0, 2, -2, 0, -1]


def test_an_aerofoil_has_the_chord_and_thickness_asked_for() -> None:
    ring_ = aerofoil((1.0, 2.0, 3.0), (1.0, 2.0, -1.0), 0.5, (2.0, 0.0, 0.0), steps=40)
    assert ring_.shape == (80, 3)
    assert np.ptp(ring_, axis=0) == pytest.approx([0.5, 0.0, 4.0], abs=1e-3)
    assert ring_.mean(axis=0)[:2] == pytest.approx([1.0, 2.0])


def test_a_faired_body_passes_its_table_without_overshoot() -> None:
    part = faired([(1.0, 0.5), (0.0, 1.0), (-1.0, 1.0)], lambda m: ellipse(2.0 * m[0]), np.linspace(-1, 1, 9), RED)
    points = np.concatenate([p.vertices for p in part.patches])
    radius = np.hypot(points[:, 0], points[:, 1])
    assert radius.max() == pytest.approx(1.0)
    assert radius[points[:, 2] == 1.0].max() == pytest.approx(0.5)


def test_curves() -> None:
    circle = spline(ellipse(2.0, count=12), 60, closed=True)
    np.testing.assert_allclose(np.linalg.norm(circle, axis=1), 1.0, atol=5e-3)
    through = spline([(0, 0), (1, 2), (3, 1)], 200)
    assert np.linalg.norm(through - (1, 2), axis=1).min() < 0.02
    np.testing.assert_allclose(through[[0, -1]], [(0, 0), (3, 1)], atol=1e-12)
    assert len(rounded([(0, 0), (1, 0), (1, 1)], 0.2, steps=3)) == 6
    np.testing.assert_allclose(np.linalg.norm(np.diff(resample([(0, 0), (4, 0)], 5), axis=0), axis=1), 1.0)


def test_bad_input_is_a_sentence() -> None:
    with pytest.raises(ObjectPoseError, match="six hexadecimal digits"):
        paint("red")
    with pytest.raises(ObjectPoseError, match="three numbers > 0"):
        box((1.0, 0.0, 1.0), RED)
    with pytest.raises(ObjectPoseError, match="r >= 0"):
        lathe([(-1.0, 0.0), (1.0, 1.0)], RED)
    with pytest.raises(ObjectPoseError, match="distinct neighbours"):
        tube([(0, 0, 0), (0, 0, 0), (1, 0, 0)], 0.1, RED)
    with pytest.raises(ObjectPoseError, match="distinct neighbours"):
        spline([(0, 0), (0, 0)], 5)
    with pytest.raises(ObjectPoseError, match="at least 2"):
        loft([(ellipse(1.0), 0.0)], RED)
    with pytest.raises(ObjectPoseError, match="two different axes"):
        lift([(0, 0)], "xx")
    with pytest.raises(ObjectPoseError, match="no part"):
        assemble([], 0)
    with pytest.raises(ObjectPoseError, match="not finite"):
        assemble(box((1, 1, 1), Texture(lambda p, _n, _s: p * np.nan)), 0)


def draws(seed: int, name: str = "tank") -> tuple[float, float, str, str]:
    v = Variant(name, seed)
    return v.near(2.0, 0.1), v.between(0.5, 0.2, 0.9), v.pick("a", "b", "c"), v.pick("x", "y")


def test_the_reference_variant_draws_nothing() -> None:
    assert draws(0) == draws(0, "jeep") == (2.0, 0.5, "a", "x")


@given(st.integers(1, 10_000))
def test_variants_stay_in_range_and_repeat(seed: int) -> None:
    near, between, _, _ = draws(seed)
    assert 1.8 <= near <= 2.2
    assert 0.2 <= between <= 0.9
    assert draws(seed) == draws(seed)


def test_variants_differ_by_seed_name_and_call() -> None:
    assert len({draws(seed)[0] for seed in range(50)}) == 50
    assert draws(1)[:2] != draws(1, "jeep")[:2]
    v = Variant("tank", 3)
    assert v.near(2.0) != v.near(2.0)


def test_every_option_comes_once_in_each_block_of_seeds() -> None:
    for name in ("tank", "jeep", "airliner"):
        for block in range(5):
            assert {draws(3 * block + k, name)[2] for k in range(3)} == {"a", "b", "c"}
            assert {draws(2 * block + k, name)[3] for k in range(2)} == {"x", "y"}


def test_wrong_draws_are_sentences() -> None:
    with pytest.raises(ObjectPoseError, match="smaller number first"):
        Variant("tank", 1).between(1.0, 2.0, 0.5)
    with pytest.raises(ObjectPoseError, match="no option"):
        Variant("tank", 1).pick()
