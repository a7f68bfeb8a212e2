"""The CPU renderer against pictures that can be computed by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Material, Mesh
from objectpose.rendering.backend import get_backend
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.mipmap import pyramid
from objectpose.rendering.poses import haar_rotation, to_matrix, view_rotation
from objectpose.rendering.scene import (
    HALF_HEIGHT_PER_DEPTH,
    Light,
    SceneBatch,
    flat_background,
    framing_distance,
)

WHITE = np.full((1, 1, 3), 255, np.uint8)
FULL = Light(ambient=1.0, diffuse=0.0, specular=0.0)


def mesh_of(vertices, faces, uvs=None, normals=None, texture=WHITE, two_sided=True, **material):
    vertices = np.asarray(vertices, np.float64)
    faces = np.asarray(faces, np.int32)
    uvs = np.zeros((len(vertices), 2)) if uvs is None else np.asarray(uvs)
    normals = np.tile([0.0, 0.0, 1.0], (len(vertices), 1)) if normals is None else np.asarray(normals)
    return Mesh(
        vertices,
        normals.astype(np.float32),
        uvs.astype(np.float32),
        faces,
        np.zeros(len(faces), np.int32),
        (Material(texture, **material),),
        two_sided,
    )


def sphere(subdivisions=6, **kwargs):
    ball = trimesh.creation.icosphere(subdivisions)
    return mesh_of(ball.vertices, ball.faces, normals=ball.vertices, two_sided=False, **kwargs)


def quad(half=1.0, z=0.0, **kwargs):
    corners = [[-half, -half, z], [half, -half, z], [half, half, z], [-half, half, z]]
    return mesh_of(corners, [[0, 1, 2], [0, 2, 3]], uvs=[[0, 0], [1, 0], [1, 1], [0, 1]], **kwargs)


def draw(mesh, depth, size=320, rotation=None, light=FULL, background=(0, 0, 0), scale=1.0, shift=(0, 0), **kwargs):
    """Draw one picture with the mesh's origin at ``depth`` before the camera."""
    batch = SceneBatch(
        mesh,
        np.eye(3)[None] if rotation is None else np.asarray(rotation)[None],
        np.array([[*shift, 2.0 - depth]], np.float64),
        np.array([scale], np.float64),
        flat_background(size, background),
        light,
        **kwargs,
    )
    rendered = CpuBackend(1).render(batch)
    return rendered.images[0], rendered.masks[0]


@pytest.mark.parametrize("size", [224, 320])
def test_area_of_a_sphere_is_its_perspective_silhouette(size):
    ball = sphere()
    depth = framing_distance(1.0)
    image, mask = draw(ball, depth, size)
    radius = 1.0 / math.sqrt(depth**2 - 1.0) / HALF_HEIGHT_PER_DEPTH * size / 2
    assert (image[..., 0] / 255).sum() == pytest.approx(math.pi * radius**2, rel=0.001)
    assert mask.sum() == pytest.approx(math.pi * radius**2, rel=0.005)
    rows = np.flatnonzero(mask.any(axis=1))
    assert (rows[-1] - rows[0] + 1) / size == pytest.approx(0.85, abs=2 / size)  # the framing rule


def test_corners_of_a_cube_lie_within_half_a_pixel():
    box = trimesh.creation.box((1.0, 1.0, 1.0))
    rotation = to_matrix(view_rotation(35, 25))
    size, depth = 320, 7.0
    image, _ = draw(mesh_of(box.vertices, box.faces), depth, size, rotation, supersampling=8)
    points = box.vertices @ rotation.T
    ndc = points[:, :2] / ((depth - points[:, 2:]) * HALF_HEIGHT_PER_DEPTH)
    x, y = (ndc[:, 0] + 1) * size / 2, (1 - ndc[:, 1]) * size / 2
    lit = image[..., 0] > 0
    columns, rows = np.flatnonzero(lit.any(axis=0)), np.flatnonzero(lit.any(axis=1))
    for lowest, got in ((x, columns), (y, rows)):
        assert abs(got[0] + 0.5 - lowest.min()) <= 0.5 + 1 / 8  # the outermost corner lies in the outermost lit pixel
        assert abs(got[-1] + 0.5 - lowest.max()) <= 0.5 + 1 / 8
    hull = shapely.MultiPoint(list(zip(x, y, strict=True))).convex_hull
    assert (image[..., 0] / 255).sum() == pytest.approx(hull.area, rel=0.0005)
    for px, py in list(hull.exterior.coords)[:-1]:  # every corner of the outline: half-lit surroundings
        near = image[round(py) - 2 : round(py) + 2, round(px) - 2 : round(px) + 2, 0]
        assert near.max() == 255
        assert near.min() == 0


def test_a_single_corner_is_where_the_projection_says():
    size, depth = 320, 8.0
    tip = np.array([0.31, 0.17, 0.4])
    mesh = mesh_of([tip, tip - [0.5, 0.5, 0.0], tip - [-0.02, 0.5, 0.0]], [[0, 1, 2]])
    image, _ = draw(mesh, depth, size, supersampling=8)
    lit = np.argwhere(image[..., 0] > 0)
    top = lit[lit[:, 0] == lit[:, 0].min()].mean(axis=0)
    expected_x = (1 + tip[0] / ((depth - tip[2]) * HALF_HEIGHT_PER_DEPTH)) * size / 2
    expected_y = (1 - tip[1] / ((depth - tip[2]) * HALF_HEIGHT_PER_DEPTH)) * size / 2
    assert abs(top[0] - expected_y) <= 0.75
    assert abs(top[1] + 0.5 - expected_x) <= 0.75


def test_checker_at_a_slant_is_perspective_correct():
    cells, size, depth = 8, 320, 6.0
    texture = np.kron((np.indices((cells, cells)).sum(axis=0) % 2) * 255, np.ones((32, 32))).astype(np.uint8)
    slanted = quad(texture=np.repeat(texture[..., None], 3, axis=2), max_level=0)
    rotation = to_matrix(view_rotation(0, -60))
    image, mask = draw(slanted, depth, size, rotation)
    # By hand: the ray through each pixel centre meets the plane; its cell says the colour.
    centre = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(centre * HALF_HEIGHT_PER_DEPTH, -centre * HALF_HEIGHT_PER_DEPTH)
    rays = np.stack([x, y, -np.ones_like(x)], axis=-1)
    normal, origin = rotation @ [0, 0, 1.0], np.array([0.0, 0.0, depth])
    reach = -(origin @ normal) / (rays @ normal)
    local = (rays * reach[..., None] + origin) @ rotation
    u, v = (local[..., 0] + 1) / 2, (local[..., 1] + 1) / 2
    inside = (u > 0) & (u < 1) & (v > 0) & (v < 1)
    cell_u, cell_v = u * cells, (1 - v) * cells
    expected = ((np.floor(cell_u) + np.floor(cell_v)) % 2) * 255
    border = np.minimum.reduce([abs(cell_u - cell_u.round()), abs(cell_v - cell_v.round())]) < 0.15
    sure = inside & mask & ~border
    assert sure.sum() > 3000
    wrong = abs(image[..., 0].astype(float) - expected) > 40
    assert (wrong & sure).sum() == 0
    assert abs(mask.sum() - inside.sum()) / inside.sum() < 0.01


def test_checker_head_on_is_exact():
    cells, size, depth = 8, 256, 6.0
    texture = np.kron((np.indices((cells, cells)).sum(axis=0) % 2) * 255, np.ones((64, 64))).astype(np.uint8)
    half = depth * HALF_HEIGHT_PER_DEPTH  # the square fills the frame, 32 pixels a cell
    image, mask = draw(quad(half, texture=np.repeat(texture[..., None], 3, axis=2), max_level=0), depth, size)
    assert mask.all()
    expected = np.kron((np.indices((cells, cells)).sum(axis=0) % 2) * 255, np.ones((32, 32)))
    assert (image[..., 0] == expected).mean() > 0.85  # all but the blend between cells
    inner = np.kron(np.ones((cells, cells)), np.pad(np.ones((28, 28)), 2)).astype(bool)
    assert (image[..., 0] == expected)[inner].all()


def test_see_through_surfaces_are_blended_from_far_to_near():
    def pane(z, value, opacity):
        return quad(0.5, z, texture=np.full((1, 1, 3), value, np.uint8), opacity=opacity)

    def drawn(*panes):
        joined = Mesh(
            np.concatenate([p.vertices for p in panes]),
            np.concatenate([p.normals for p in panes]),
            np.concatenate([p.uvs for p in panes]),
            np.concatenate([p.faces + 4 * i for i, p in enumerate(panes)]).astype(np.int32),
            np.repeat(np.arange(len(panes)), 2).astype(np.int32),
            tuple(p.materials[0] for p in panes),
        )
        image, mask = draw(joined, 8.0, 64, background=(100, 100, 100))
        return int(image[32, 32, 0]), bool(mask[32, 32])

    assert drawn(pane(0.0, 200, 0.4)) == (140, False)  # less than half of the light is stopped
    assert drawn(pane(0.0, 200, 0.6)) == (160, True)
    near, far, wall, hidden = pane(0.3, 200, 0.5), pane(0.1, 0, 0.5), pane(-0.1, 80, 1.0), pane(-0.3, 255, 0.9)
    for order in ((near, far, wall, hidden), (hidden, wall, far, near)):
        assert drawn(*order) == (120, True)  # (80 * 0.5 + 0) * 0.5 + 200 * 0.5


def test_alpha_map_cuts_out_and_leaves_no_fringe():
    texture = np.zeros((64, 64, 3), np.uint8)
    texture[:, 32:] = (0, 200, 0)  # black where it cannot be seen
    alpha = np.zeros((64, 64), np.uint8)
    alpha[:, 32:] = 255
    leaf = quad(0.5, texture=texture, alpha=alpha)
    image, mask = draw(leaf, 8.0, 64, background=(0, 200, 0))
    assert (image == np.array([0, 200, 0])).all()  # even the blend at the edge shows no black
    assert 0.4 < mask.sum() / draw(quad(0.5), 8.0, 64)[1].sum() < 0.6


def test_vertex_colours_and_factors_multiply_the_texture():
    square = quad(0.5, texture=np.full((1, 1, 3), 200, np.uint8), ambient=(1.0, 0.5, 0.0))
    colours = np.array([[0, 255, 255], [255, 255, 255], [255, 255, 255], [0, 255, 255]], np.uint8)
    image, _ = draw(replace(square, colours=colours), 8.0, 256)
    row = image[128].astype(int)
    lit = np.flatnonzero(row[:, 1] == 100)
    share = (lit - lit[0] + 0.5) / len(lit)
    assert np.abs(row[lit, 0] - 200 * share).max() <= 3  # a ramp from left to right
    assert (row[lit[1:-1], 2] == 0).all()


def test_lambert_ramp_on_a_sphere():
    light = Light(direction=(0.0, 0.0, 1.0), ambient=0.2, diffuse=0.7, specular=0.0)
    depth, size = 60.0, 320
    image, mask = draw(sphere(), depth, size, light=light, scale=6.0)
    centre = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(centre, -centre)
    rays = np.stack([x * HALF_HEIGHT_PER_DEPTH, y * HALF_HEIGHT_PER_DEPTH, -np.ones_like(x)], axis=-1)
    rays /= np.linalg.norm(rays, axis=-1, keepdims=True)
    along = -(rays[..., 2] * depth)
    square = along**2 - depth**2 + 36
    inner = mask & (square > 1.0)
    hit = rays * (along - np.sqrt(np.where(inner, square, 0)))[..., None] + [0, 0, depth]
    expected = 255 * (0.2 + 0.7 * np.clip(hit[..., 2] / 6, 0, 1))
    error = abs(image[..., 0] - expected)[inner]
    assert inner.sum() > 10_000
    assert error.mean() < 1.0
    assert np.percentile(error, 99) < 2.5


def test_highlight_follows_the_formula():
    light = Light(direction=(0.0, 0.0, 1.0), ambient=0.1, diffuse=0.4, specular=0.5)
    image, _ = draw(quad(texture=WHITE // 2, specular=0.6, shininess=10), 8.0, 33, light=light, supersampling=1)
    half = 127 / 255
    assert image[16, 16, 0] == pytest.approx(255 * ((0.1 + 0.4) * half + 0.5 * 0.6), abs=1)


def test_nearer_surface_hides_the_farther_whatever_the_order():
    front, back = quad(0.5, 0.3), quad(0.8, -0.3)
    for one, two, first in ((front, back, 1), (back, front, 0)):
        both = Mesh(
            np.concatenate([one.vertices, two.vertices]),
            np.concatenate([one.normals, two.normals]),
            np.concatenate([one.uvs, two.uvs]),
            np.concatenate([one.faces, two.faces + 4]).astype(np.int32),
            np.repeat([0, 1], 2).astype(np.int32),
            (Material(WHITE * (first == 1)), Material(WHITE * (first == 0))),
        )
        image, _ = draw(both, 8.0)
        assert image[160, 160, 0] == 255  # the front quad is white
        assert image[160, 75, 0] == 0


def test_neighbouring_triangles_leave_no_gap_and_do_not_overlap():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.uniform(-1, 1, (200, 2)), [[-1, -1], [-1, 1], [1, -1], [1, 1]]])
    from scipy.spatial import Delaunay

    flat = np.column_stack([points, np.zeros(len(points))])
    mesh = mesh_of(flat, Delaunay(points).simplices)
    image, mask = draw(mesh, 5.0, background=(255, 0, 0))
    assert mask.all()
    assert (image == 255).all()  # a gap would show the red background


@pytest.mark.parametrize("two_sided", [True, False])
def test_near_plane_cuts_and_what_lies_behind_the_camera_is_not_drawn(two_sided):
    floor = mesh_of(
        [[-50, -0.5, -100], [50, -0.5, -100], [50, -0.5, 100], [-50, -0.5, 100]],
        [[0, 2, 1], [0, 3, 2]],
        normals=np.tile([0, 1.0, 0], (4, 1)),
        two_sided=two_sided,
    )
    image, mask = draw(floor, 0.0, 320)
    # A floor half a unit below the camera: the horizon (its far edge at depth 100) lies almost at mid-height.
    horizon = (1 + 0.5 / 100 / HALF_HEIGHT_PER_DEPTH) * 160
    rows = np.flatnonzero(mask.all(axis=1))
    assert rows[0] == pytest.approx(horizon, abs=1)
    assert mask[math.ceil(horizon) :].all()
    assert not mask[:160].any()
    assert (image[~mask] == 0).all()


def test_a_mesh_behind_the_camera_is_not_visible():
    _, mask = draw(quad(), -3.0)
    assert not mask.any()


def test_culling_a_closed_mesh_changes_nothing():
    ball = sphere(4)
    one, _ = draw(ball, 9.0)
    two, _ = draw(replace(ball, two_sided=True), 9.0)
    assert (one == two).all()


def test_a_two_sided_face_is_lit_from_behind_too():
    light = Light(direction=(0, 0, 1), ambient=0.0, diffuse=1.0)
    turned = to_matrix(view_rotation(180, 0))
    assert draw(quad(), 8.0, light=light, rotation=turned)[0][160, 160, 0] == 255
    assert not draw(replace(quad(), two_sided=False), 8.0, light=light, rotation=turned)[1].any()


def test_no_aliasing_of_a_fine_checker_at_small_scale():
    fine = np.indices((512, 512)).sum(axis=0) % 2
    texture = np.repeat((fine * 255).astype(np.uint8)[..., None], 3, axis=2)
    image, mask = draw(quad(texture=texture), 8.0, 320, scale=0.2)
    inner = mask & np.roll(mask, 2, 0) & np.roll(mask, -2, 0) & np.roll(mask, 2, 1) & np.roll(mask, -2, 1)
    assert image[inner].std() < 3
    assert image[inner].mean() == pytest.approx(127.5, abs=3)


def test_wrap_and_clamp():
    texture = np.zeros((2, 2, 3), np.uint8)
    texture[:, 0] = 255  # left half white
    wide = replace(quad(texture=texture, max_level=0), uvs=np.array([[1, 0], [2, 0], [2, 1], [1, 1]], np.float32))
    repeat = replace(wide, materials=(replace(wide.materials[0], wrap=True),))
    assert draw(repeat, 8.0)[0][160, 110, 0] > 200
    assert draw(wide, 8.0)[0][160, 110, 0] == 0


def test_supersampling_averages_the_background_in():
    image, mask = draw(quad(0.5), 8.0, 320, background=(0, 0, 0))
    edge = image[160, :, 0]
    assert set(np.unique(edge)) <= {0, 64, 127, 128, 191, 192, 255}
    assert mask.sum() == pytest.approx((image[..., 0] > 127).sum(), rel=0.01)


def test_pictures_do_not_depend_on_threads_or_batch():
    rng = np.random.default_rng(1)
    rotations = np.stack([to_matrix(haar_rotation(rng)) for _ in range(6)])
    texture = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    ball = trimesh.creation.icosphere(3)
    mesh = mesh_of(
        ball.vertices, ball.faces, uvs=ball.vertices[:, :2] / 2 + 0.5, normals=ball.vertices, texture=texture
    )
    where = np.tile([0, 0, 2 - framing_distance(1.0)], (6, 1))
    batch = SceneBatch(mesh, rotations, where, np.ones(6), flat_background(96))
    one, two = CpuBackend(1).render(batch), CpuBackend(2).render(batch)
    assert one.images.tobytes() == two.images.tobytes()
    single = SceneBatch(mesh, rotations[3:4], where[3:4], np.ones(1), flat_background(96))
    assert (CpuBackend(1).render(single).images[0] == one.images[3]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 3.0))
def test_framing_shows_the_whole_object_whatever_the_pose_and_shape(seed, stretch):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(30, 3)) * [1, stretch, 1 / stretch]
    hull = trimesh.convex.convex_hull(points)
    vertices = hull.vertices - (hull.vertices.min(axis=0) + hull.vertices.max(axis=0)) / 2
    mesh = mesh_of(vertices, hull.faces)
    size = 64
    _, mask = draw(mesh, framing_distance(mesh.radius), size, to_matrix(haar_rotation(rng)))
    crop = round(size * (1 - 0.875) / 2)
    assert mask.any()
    assert not mask[:crop].any()
    assert not mask[-crop:].any()
    assert not mask[:, :crop].any()
    assert not mask[:, -crop:].any()


def test_pyramid_keeps_the_mean():
    texture = np.random.default_rng(0).integers(0, 256, (64, 32, 3), dtype=np.uint8)
    levels = pyramid(texture)
    assert levels[-1].shape == (1, 1, 3)
    assert abs(levels[-1][0, 0] - texture.mean(axis=(0, 1))).max() < 1


def test_bad_scenes_are_sentences():
    broken = quad()
    broken.vertices[0, 0] = np.nan
    with pytest.raises(ObjectPoseError, match="not finite"):
        draw(broken, 8.0)
    with pytest.raises(ObjectPoseError, match="not finite"):
        broken.validate("thing/0")
    with pytest.raises(ObjectPoseError, match="above 0"):
        draw(quad(), 8.0, scale=0.0)
    with pytest.raises(ObjectPoseError, match=r"render\.backend"):
        get_backend("opengl")
    with pytest.raises(ObjectPoseError, match=r"render\.threads"):
        get_backend("cpu", 0)
