"""Mesh files of every format and of every oddity that exporters write, as meshes that can be drawn."""

import base64
import io
import json
import struct

import numpy as np
import pytest
import shapely
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from objectpose.errors import ObjectPoseError
from objectpose.objects.finishing import crease_normals, oriented
from objectpose.objects.formats.polygons import triangulate
from objectpose.objects.loading import LoadOptions, load_mesh
from objectpose.objects.mesh import rgb

CORNERS = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
QUADS = [(1, 2, 4, 3), (5, 7, 8, 6), (1, 5, 6, 2), (3, 4, 8, 7), (1, 3, 7, 5), (2, 6, 8, 4)]
"""A cube of six squares, counter-clockwise seen from outside, numbered from 1."""
V = "".join(f"v {x} {y} {z}\n" for x, y, z in CORNERS)
CUBE = V + "".join("f {} {} {} {}\n".format(*quad) for quad in QUADS)
SQUARE = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nusemtl m\nf 1/1 2/2 3/3 4/4\n"


def area_vectors(mesh):
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return np.cross(b - a, c - a) / 2.0


def volume(mesh):
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return float((a * np.cross(b, c)).sum() / 6.0)


def loaded(folder, text, name="a.obj", **options):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_mesh(path, LoadOptions(**options))


def said(folder, text, name="a.obj", **options):
    with pytest.raises(ObjectPoseError) as error:
        loaded(folder, text, name, **options)
    return str(error.value)


def material(folder, mtl, obj=SQUARE, **options):
    (folder / "a.mtl").write_text(mtl)
    return loaded(folder, obj, **options).materials[0]


def picture(folder, name, values, mode=None):
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(np.asarray(values, np.uint8))
    (image.convert(mode) if mode else image).save(folder / name)


# --- OBJ ---


SPELLINGS = {
    "triangles": V + "".join(f"f {a} {b} {c}\nf {a} {c} {d}\n" for a, b, c, d in QUADS),
    "negative": V + "".join("f {} {} {} {}\n".format(*(i - 9 for i in quad)) for quad in QUADS),
    "negative, in between": "".join(
        "".join("v {} {} {}\n".format(*CORNERS[i - 1]) for i in quad) + "f -4 -3 -2 -1\n" for quad in QUADS
    ),
    "mixed forms": V + "vt 0 0\nvn 5 0 0\n" + "f 1/1 2 4 3/1\nf 5/1/ 7 8// 6\n" + CUBE[len(V) :].split("\n", 2)[2],
    "windows": CUBE.replace("\n", "\r\n"),
    "tabs, blanks and comments": "# a\n\n" + CUBE.replace(" ", " \t ").replace("\nf", "  # tail\n  f"),
    "continued": CUBE.replace("f 1 2 4", "f 1 2 \\\n 4"),
    "old faces, lines, points, groups": "g a b\no c\ns 1\n" + CUBE.replace("f 1", "l 1 2\np 3\nfo 1"),
    "fourth coordinate": CUBE.replace("\nv", " 1.0\nv"),
    "no end of line": CUBE.rstrip("\n"),
    "stripped of what it names": CUBE.replace("f 1 2 4 3", "f 1/7/9 2/7/9 4/7/9 3/7/9"),
    "pairs beside faces": CUBE + "f 1 2\n",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_cube_is_the_same_cube(spelling, tmp_path):
    mesh, same = loaded(tmp_path, CUBE), loaded(tmp_path, SPELLINGS[spelling])
    assert len(same.faces) == 12
    assert len(same.vertices) == len(mesh.vertices) == 24
    assert volume(same) == pytest.approx(1.0)
    assert not same.two_sided
    order = [np.lexsort(np.concatenate([m.vertices, m.normals], axis=1).T) for m in (mesh, same)]
    np.testing.assert_array_equal(mesh.vertices[order[0]], same.vertices[order[1]])
    np.testing.assert_allclose(mesh.normals[order[0]], same.normals[order[1]], atol=1e-6)


def test_several_materials_and_their_faces(tmp_path):
    (tmp_path / "my colours.mtl").write_text(
        "newmtl red one\nKd 1 0 0\nnewmtl blue\nKd 0 0 1\nnewmtl unused\nKd 0 1 0\n"
    )
    faces = ["f {} {} {} {}".format(*quad) for quad in QUADS]
    text = "mtllib my colours.mtl\n" + V + "\n".join(["usemtl red one", *faces[:2], "usemtl blue", *faces[2:]])
    mesh = loaded(tmp_path, text)
    assert [m.texture.reshape(3).tolist() for m in mesh.materials] == [[255, 0, 0], [0, 0, 255]]
    assert np.bincount(mesh.face_material).tolist() == [4, 8]
    assert abs(area_vectors(mesh)[mesh.face_material == 0]).sum(axis=0).tolist() == [2, 0, 0]


def test_libraries_are_found_and_the_first_of_two_names_counts(tmp_path):
    (tmp_path / "one.mtl").write_text("newmtl m\nKd 1 0 0\n")
    (tmp_path / "TWO.MTL").write_text("newmtl m\nKd 0 1 0\nnewmtl n\nKd 0 0 1\n")
    mesh = loaded(tmp_path, "mtllib one.mtl two.mtl\n" + SQUARE + "usemtl n\nf 1 3 4\n")
    assert [m.texture.reshape(3).tolist() for m in mesh.materials] == [[255, 0, 0], [0, 0, 255]]


def test_without_a_library_a_mesh_is_grey_and_one_of_its_name_is_taken(tmp_path):
    assert loaded(tmp_path, "mtllib gone.mtl\n" + SQUARE).materials[0].texture.tolist() == [[[204, 204, 204]]]
    assert material(tmp_path, "newmtl m\nKd 0 0 1\n").texture.tolist() == [[[0, 0, 255]]]


def test_vertex_colours(tmp_path):
    text = CUBE.replace("v 0 0 0", "v 0 0 0 1 0.5 0").replace("v 1 1 1", "v 1 1 1 1.0 0 0 1")
    mesh = loaded(tmp_path, text)
    at = {tuple(v): c.tolist() for v, c in zip(mesh.vertices, mesh.colours, strict=True)}
    assert at[0, 0, 0] == [255, 128, 0]
    assert at[1, 0, 0] == [255, 255, 255]
    assert mesh.materials[0].texture.tolist() == [[[255, 255, 255]]]
    assert [1, 127, 0] in loaded(tmp_path, text.replace("0.5", "127")).colours.tolist()
    assert loaded(tmp_path, CUBE.replace("v 0 0 0", "v 0 0 0 1 1 1")).colours is None


# --- polygons ---


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(4, 90), st.booleans())
def test_concave_polygons_in_any_plane_are_covered_once(seed, count, straight):
    rng = np.random.default_rng(seed)
    angle = np.sort(rng.uniform(0, 2 * np.pi, count))
    flat = (rng.uniform(0.2, 1.0, count) * np.stack([np.cos(angle), np.sin(angle)])).T
    if straight:  # corners halfway along the edges, as neighbours of other sizes need them
        flat = np.stack([flat, (flat + np.roll(flat, -1, axis=0)) / 2], axis=1).reshape(-1, 2)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn[:, 0] *= np.sign(np.linalg.det(turn))
    points = np.concatenate([flat, np.zeros((len(flat), 1))], axis=1) @ turn.T * 1e-4 + 7.0
    triangles, owner = triangulate(points, np.array([len(flat)]))
    assert len(triangles) == len(flat) - 2
    assert (owner == 0).all()
    covers(flat, (points - 7.0) @ turn[:, :2] * 1e4, triangles)


def covers(ring, points, triangles):
    """Check that triangles of one orientation fill a polygon and that their rim is its rim, corner for corner."""
    polygon = shapely.Polygon(ring)
    if not polygon.is_valid:
        return
    (ax, ay), (bx, by), (cx, cy) = (points[triangles[:, k]].T for k in range(3))
    areas = ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2.0
    expected = shapely.area(polygon) * (1 if polygon.exterior.is_ccw else -1)
    assert (areas * np.sign(expected)).min() > -1e-7
    assert areas.sum() == pytest.approx(expected, rel=1e-6)
    pairs = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    edges, times = np.unique(pairs, axis=0, return_counts=True)
    border = {tuple(sorted((k, (k + 1) % len(ring)))) for k in range(len(ring))}
    assert {tuple(edge) for edge in edges[times == 1].tolist()} == border


@pytest.mark.parametrize("teeth", [2, 5, 11, 40])
def test_corners_on_straight_edges_are_kept(teeth):
    comb = [(float(k), 0.0) for k in range(2 * teeth + 1)] + [(2.0 * teeth, 1.0)]
    for k in range(teeth):
        right = 2 * (teeth - k) - 0.5
        comb += [(right, 1.0), (right, 3.0), (right - 1, 3.0), (right - 1, 2.0), (right - 1, 1.0)]
    flat = np.array([*comb, (0.0, 1.0)])
    for ring in (flat, flat[::-1]):
        points = np.concatenate([ring, np.zeros((len(ring), 1))], axis=1)
        triangles, _ = triangulate(points, np.array([len(ring)]))
        assert len(triangles) == len(ring) - 2
        covers(ring, ring, triangles)


def test_a_quadrilateral_with_a_notch_is_cut_inside(tmp_path):
    notch = "v 0 0 0\nv 4 0 0\nv 1 1 0\nv 0 4 0\n"
    for order in ("1 2 3 4", "2 3 4 1", "3 4 1 2", "4 1 2 3", "4 3 2 1"):
        mesh = loaded(tmp_path, f"{notch}f {order}\n")
        assert abs(area_vectors(mesh)[:, 2]).sum() == pytest.approx(4.0)


# --- winding and normals ---


def test_missing_normals_leave_a_box_sharp_and_a_ball_smooth(tmp_path):
    box = loaded(tmp_path, CUBE)
    np.testing.assert_allclose(np.abs(box.normals).max(axis=1), 1.0, atol=1e-6)
    assert len(loaded(tmp_path, CUBE, crease_deg=180).vertices) == 8
    ball = trimesh.creation.icosphere(subdivisions=3)
    ball.export(tmp_path / "ball.stl")
    mesh = load_mesh(tmp_path / "ball.stl", LoadOptions(up="y"))
    assert len(mesh.vertices) == len(ball.vertices)
    assert (mesh.normals * mesh.vertices).sum(axis=1).min() > 0.999
    flat = load_mesh(tmp_path / "ball.stl", LoadOptions(crease_deg=0))
    assert len(flat.vertices) == 3 * len(ball.faces)


def test_closed_meshes_are_turned_outwards_and_mended(tmp_path):
    inward = V + "".join("f {3} {2} {1} {0}\n".format(*quad) for quad in QUADS)
    torn = V + "".join(("f {3} {2} {1} {0}\n" if k % 2 else "f {} {} {} {}\n").format(*q) for k, q in enumerate(QUADS))
    for text in (CUBE, inward, torn):
        mesh = loaded(tmp_path, text)
        assert volume(mesh) == pytest.approx(1.0)
        assert not mesh.two_sided
        assert (area_vectors(mesh)[:, None, :] * mesh.normals[mesh.faces]).sum(axis=2).min() > 0


def test_random_flips_of_a_torus_are_all_found():
    torus = trimesh.creation.torus(2, 0.7)
    faces, rng = np.array(torus.faces, np.int64), np.random.default_rng(3)
    flipped = rng.random(len(faces)) < 0.4
    faces[flipped] = faces[flipped][:, ::-1]
    found, closed = oriented(np.array(torus.vertices), faces, np.ones(len(faces)))
    assert closed
    np.testing.assert_array_equal(found, flipped)


def test_two_bodies_are_each_turned_outwards_and_a_hole_makes_both_two_sided(tmp_path):
    far = V.replace("v 0", "v 8").replace("v 1", "v 9")
    second = "".join("f {} {} {} {}\n".format(*(i + 8 for i in quad[::-1])) for quad in QUADS)
    mesh = loaded(tmp_path, CUBE.replace("f", far + "f", 1) + second)
    assert volume(mesh) == pytest.approx(2.0)
    assert not mesh.two_sided
    assert loaded(tmp_path, CUBE.replace("f", far + "f", 1) + second.split("\n", 1)[1]).two_sided


def test_open_meshes_keep_the_side_that_their_normals_say(tmp_path):
    text = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nvn 0 0 {}\nf 1//1 2//1 3//1\nf 1//1 4//1 3//1\n"
    for sign in (1, -1):
        mesh = loaded(tmp_path, text.format(3 * sign))
        assert mesh.two_sided
        np.testing.assert_allclose(area_vectors(mesh), [[0, 0, sign / 2]] * 2)
        np.testing.assert_allclose(mesh.normals, [[0, 0, sign]] * 4)


def test_normals_against_the_winding_of_a_closed_mesh_are_turned(tmp_path):
    inward = (
        "".join(f"vn {x - 0.5} {y - 0.5} {z - 0.5}\n" for x, y, z in CORNERS).replace("vn ", "vn -").replace("--", "")
    )
    faces = "".join("f " + " ".join(f"{i}//{i}" for i in quad) + "\n" for quad in QUADS)
    mesh = loaded(tmp_path, V + inward + faces)
    assert volume(mesh) == pytest.approx(1.0)
    assert len(mesh.vertices) == 8 or (mesh.normals * (mesh.vertices - 0.5)).sum(axis=1).max() > 0
    assert (area_vectors(mesh)[:, None, :] * mesh.normals[mesh.faces]).sum(axis=2).sum(axis=1).min() > 0


def test_a_moebius_strip_and_fins_are_two_sided(tmp_path):
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rows = [
        [(2 + s * np.cos(a / 2)) * np.cos(a), s * np.sin(a / 2), (2 + s * np.cos(a / 2)) * np.sin(a)]
        for a in turn
        for s in (-1, 1)
    ]
    strip = "".join("v {} {} {}\n".format(*row) for row in rows)
    for k in range(24):
        a, b = 2 * k + 1, 2 * k + 2
        c, d = (2 * k + 4, 2 * k + 3) if k < 23 else (1, 2)
        strip += f"f {a} {b} {c} {d}\n"
    mesh = loaded(tmp_path, strip)
    assert mesh.two_sided
    assert len(mesh.faces) == 48
    fins = loaded(tmp_path, CUBE + "v 2 2 2\nf 1 2 9\n")
    assert fins.two_sided
    assert len(fins.faces) == 13


@pytest.mark.parametrize("seed", range(8))
def test_a_sheet_with_two_coincident_sides_keeps_them(seed, tmp_path):
    (tmp_path / "a.mtl").write_text("newmtl front\nKd 1 0 0\nnewmtl back\nKd 0 0 1\n")
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
    corners = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]) @ turn.T + 0.3
    text = "".join("v {!r} {!r} {!r}\n".format(*row) for row in corners.tolist())
    mesh = loaded(tmp_path, text + "usemtl front\nf 1 2 3 4\nusemtl back\nf 4 3 2 1\n")
    assert not mesh.two_sided
    front = area_vectors(mesh) @ np.cross(turn[:, 0], turn[:, 1]) > 0
    reds = np.array([m.texture[0, 0, 0] for m in mesh.materials])[mesh.face_material]
    np.testing.assert_array_equal(reds, np.where(front, 255, 0))


def test_degenerate_faces_are_dropped_but_small_ones_are_not(tmp_path):
    mesh = loaded(tmp_path, CUBE + "v 0.5 0 0\nf 1 9 5\nf 1 1 2\nf 3 3 3\n")
    assert len(mesh.faces) == 12
    screw = "".join(f"v {x * 1e-6 + 2} {y * 1e-6} {z * 1e-6}\n" for x, y, z in CORNERS)
    faces = "".join("f {} {} {} {}\n".format(*(i + 8 for i in quad)) for quad in QUADS)
    mesh = loaded(tmp_path, CUBE + screw + faces)
    assert len(mesh.faces) == 24
    assert not mesh.two_sided


@pytest.mark.parametrize("scale", [1e-27, 1e-3, 1e3, 1e27])
def test_no_step_knows_a_unit(scale, tmp_path):
    text = (
        "".join(f"v {x * scale!r} {y * scale!r} {z * scale!r}\n" for x, y, z in CORNERS) + "v 0 0 0\n" + CUBE[len(V) :]
    )
    one, other = loaded(tmp_path, CUBE).fitted(), loaded(tmp_path, text).fitted()
    np.testing.assert_array_equal(one.faces, other.faces)
    np.testing.assert_allclose(one.vertices, other.vertices, rtol=1e-9)
    np.testing.assert_allclose(one.normals, other.normals, atol=1e-6)
    assert one.two_sided == other.two_sided


def test_creases_far_from_the_origin_do_not_soften(tmp_path):
    far = "".join(f"v {x + 4e6} {y - 5e6} {z}\n" for x, y, z in CORNERS) + CUBE[len(V) :]
    mesh = loaded(tmp_path, far)
    assert len(mesh.vertices) == 24
    assert not mesh.two_sided
    places = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0.2]])
    roof = np.array([[0, 1, 2], [2, 1, 3]])
    assert len(np.unique(crease_normals(places, roof, 40).reshape(-1, 3).round(9), axis=0)) == 3
    assert len(np.unique(crease_normals(places, roof, 5).reshape(-1, 3).round(9), axis=0)) == 2


# --- axes ---


def test_up_and_turn(tmp_path):
    text = "v 0 0 0\nv 1 0 0\nv 0 2 0\nv 0 0 3\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"
    y = loaded(tmp_path, text)
    z = loaded(tmp_path, text, up="z")
    np.testing.assert_allclose(sorted(z.vertices.tolist()), sorted([x, k, -j] for x, j, k in y.vertices.tolist()))
    turned = loaded(tmp_path, text, turn_deg=90)
    np.testing.assert_allclose(np.ptp(turned.vertices, axis=0), [3, 2, 1])
    assert turned.vertices[:, 0].max() == pytest.approx(3)  # +z goes to +x: counter-clockwise seen from above
    both = loaded(tmp_path, text, up="z", turn_deg=180)
    np.testing.assert_allclose(
        sorted(both.vertices.round(9).tolist()), sorted([-x, k, j] for x, j, k in y.vertices.tolist())
    )
    for mesh in (y, z, turned, both):
        assert volume(mesh) == pytest.approx(1.0)


def test_stl_is_taken_for_z_up_and_all_others_for_y_up(tmp_path):
    box = trimesh.creation.box((1, 2, 3))
    for name, height in (("a.stl", 3), ("a.obj", 2), ("a.ply", 2), ("a.glb", 2), ("a.off", 3)):
        box.export(tmp_path / name)
        assert np.ptp(load_mesh(tmp_path / name).vertices[:, 1]) == pytest.approx(height), name


# --- MTL and textures ---


def test_a_texture_is_tinted_and_highlights_are_tempered(tmp_path):
    picture(tmp_path, "t.png", [[[200, 100, 50]] * 2] * 2)
    m = material(tmp_path, "newmtl m\nKa 0 0 0\nKd 0.5 1 0\nKs 1 1 1\nNs 900\nillum 2\nmap_Kd t.png\n")
    assert m.texture[0, 0].tolist() == [100, 100, 0]
    assert (m.ambient, m.diffuse, m.specular, m.shininess, m.wrap) == (1.0, 1.0, 0.25, 128.0, True)
    assert material(tmp_path, "newmtl m\nKd 0 0 0\nKs 1 1 1\nillum 1\nmap_Kd t.png\n").texture[0, 0].tolist() == [
        200,
        100,
        50,
    ]
    assert material(tmp_path, "newmtl m\nKs 1 1 1\nillum 1\n").specular == 0.0
    assert material(tmp_path, "newmtl m\nmap_Ka t.png\n").texture[0, 0].tolist() == [200, 100, 50]


def test_original_shading_keeps_the_library_s_numbers(tmp_path):
    picture(tmp_path, "t.png", [[[255, 0, 51]] * 2] * 2)
    m = material(tmp_path, "newmtl m\nKa .1 .2 .3\nKd .4 .5 .6\nKs 1 1 1\nNs 7\nmap_Kd t.png\n", original_shading=True)
    assert (m.ambient, m.diffuse, m.shininess) == ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6), 7.0)
    np.testing.assert_allclose(rgb(m.specular), [1.0, 0.0, 0.2])
    assert m.texture[0, 0].tolist() == [255, 0, 51]
    m = material(tmp_path, "newmtl m\nKa .1 .1 .1\nKd 0 .6 .2\nKs 1 1 1\nNs 7\n", original_shading=True)
    assert (m.ambient, m.diffuse, m.texture.tolist()) == (0.1, 1.0, [[[0, 153, 51]]])


def test_texture_statements_with_options(tmp_path):
    picture(tmp_path, "a wood.png", [[[200, 100, 50]] * 2] * 2)
    mtl = "newmtl m\nmap_Kd -s 2 3 1 -o 0.5 0 0 -mm 0 1 -clamp on -bm 1 a wood.png\n"
    (tmp_path / "a.mtl").write_text(mtl + "newmtl n\nmap_Kd a wood.png\n")
    mesh = loaded(tmp_path, SQUARE + "usemtl n\nf 1/1 3/3 4/4\n")
    assert [m.wrap for m in mesh.materials] == [False, True]
    first = mesh.uvs[np.unique(mesh.faces[mesh.face_material == 0])]
    assert sorted(map(tuple, first.tolist())) == [(0.5, 0), (0.5, 3), (2.5, 0), (2.5, 3)]
    second = mesh.uvs[np.unique(mesh.faces[mesh.face_material == 1])]
    assert sorted(map(tuple, second.tolist())) == [(0, 0), (0, 1), (1, 1)]


@pytest.mark.parametrize(
    "reference",
    [
        "Textures/Wood.PNG",
        "textures\\wood.png",
        "C:\\models\\wood.png",
        "/Users/me/wood.png",
        "wood.png",
        "./x/../wood.png",
    ],
)
def test_textures_are_found_as_other_machines_name_them(reference, tmp_path):
    picture(tmp_path / "mesh" / "Textures", "Wood.png", [[[200, 100, 50]]])
    (tmp_path / "mesh" / "a.mtl").write_text(f"newmtl m\nmap_Kd {reference}\n")
    if "extures" in reference:
        assert loaded(tmp_path / "mesh", SQUARE).materials[0].texture[0, 0].tolist() == [200, 100, 50]
    else:
        assert "names the texture" in said(tmp_path / "mesh", SQUARE)
        picture(tmp_path / "mesh", "WOOD.png", [[[1, 2, 3]]])
        assert loaded(tmp_path / "mesh", SQUARE).materials[0].texture[0, 0].tolist() == [1, 2, 3]


def test_a_missing_texture_is_a_sentence_or_the_colour(tmp_path):
    mtl = "newmtl m\nKd 0 0 1\nmap_Kd gone.png\n"
    (tmp_path / "a.mtl").write_text(mtl)
    sentence = said(tmp_path, SQUARE)
    assert "a.obj names the texture 'gone.png'" in sentence
    assert "missing_textures=colour" in sentence
    assert material(tmp_path, mtl, missing_textures="colour").texture.tolist() == [[[0, 0, 255]]]


def test_transparency_of_libraries(tmp_path):
    def opacity(words):
        return material(tmp_path, f"newmtl m\n{words}\nnewmtl n\n{words}\n").opacity

    assert opacity("d 0.25") == 0.25
    assert opacity("d -halo 0.25") == 0.25
    assert opacity("Tr 0.25") == 0.75
    assert opacity("d 1\nTr 1") == 1.0
    assert opacity("Tr 1") == 1.0  # else nothing at all would be seen
    picture(tmp_path, "t.png", [[[9, 9, 9, 255], [9, 9, 9, 0]]])
    picture(tmp_path, "cut.png", [[0, 255, 255, 255]] * 4)
    m = material(tmp_path, "newmtl m\nmap_Kd t.png\n")
    assert m.alpha.tolist() == [[255, 0]]
    assert m.see_through
    m = material(tmp_path, "newmtl m\nKd 1 0 0\nmap_d cut.png\n")
    assert m.alpha.tolist() == [[0, 255, 255, 255]] * 4
    assert m.texture.shape == (4, 4, 3)
    (tmp_path / "a.mtl").write_text("newmtl m\nd 0\n")
    assert "fully transparent" in said(tmp_path, SQUARE)
    (tmp_path / "a.mtl").write_text("newmtl m\nd 0\nnewmtl n\n")
    mesh = loaded(tmp_path, CUBE.replace("f", "usemtl m\nf", 1).replace("\nf 5", "\nusemtl n\nf 5"))
    assert len(mesh.faces) == 10
    assert mesh.two_sided
    (tmp_path / "a.mtl").write_text("newmtl m\nd 0.5\n")
    assert loaded(tmp_path, CUBE.replace("f", "usemtl m\nf", 1)).two_sided  # its far side is seen through the near one


GREY = np.array([[0, 64], [200, 255]], np.uint8)
PICTURES = [(mode, kind) for kind in ("png", "bmp", "tga") for mode in ("1", "L", "P", "RGB", "RGBA")]
PICTURES += [("LA", "png"), ("LA", "tga"), ("I;16", "png"), ("L", "jpg"), ("RGB", "jpg"), ("CMYK", "jpg")]


@pytest.mark.parametrize(("mode", "kind"), PICTURES)
def test_textures_of_every_mode(mode, kind, tmp_path):
    large = np.repeat(np.repeat(GREY, 8, axis=0), 8, axis=1)
    image = Image.fromarray(large)
    if mode == "I;16":
        image = Image.fromarray(large.astype(np.uint16) * 257)
    elif mode in ("LA", "RGBA"):
        image = image.convert(mode)
        image.putalpha(Image.fromarray(255 - large))
    else:
        image = image.quantize(4) if mode == "P" else image.convert("RGB").convert(mode, dither=0)
    image.save(tmp_path / f"t.{kind}")
    m = material(tmp_path, f"newmtl m\nmap_Kd t.{kind}\n")
    seen = m.texture[4::8, 4::8]
    expected = np.where(GREY < 128, 0, 255) if mode == "1" else GREY
    assert abs(seen.astype(int) - expected[..., None]).max() <= (3 if kind == "jpg" else 0)
    assert (m.alpha is not None) == (mode in ("LA", "RGBA") and kind != "bmp")
    if m.alpha is not None:
        np.testing.assert_array_equal(m.alpha[4::8, 4::8], 255 - GREY)


def test_an_unused_alpha_channel_hides_nothing(tmp_path):
    picture(tmp_path, "t.png", [[[9, 9, 9, 0], [9, 9, 9, 0]]])
    assert material(tmp_path, "newmtl m\nmap_Kd t.png\n").alpha is None


def test_large_textures_are_reduced_and_shared(tmp_path):
    picture(tmp_path, "t.png", np.full((4, 5000, 3), 77))
    (tmp_path / "a.mtl").write_text("newmtl m\nmap_Kd t.png\nnewmtl n\nmap_Kd t.png\n")
    mesh = loaded(tmp_path, SQUARE + "usemtl n\nf 1/1 3/3 4/4\n")
    assert mesh.materials[0].texture.shape == (3, 4096, 3)
    assert mesh.materials[0].texture is mesh.materials[1].texture


def bomb(width, height):
    """Return a PNG whose header promises more than its bytes hold."""
    import zlib

    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + b"\0\0\0\0IDAT"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture", "not a readable picture"),
        (b"", "not a readable picture"),
        (bomb(10_000, 10_000), "10000 x 10000 pixels, expected at most 64 megapixels"),
        (bomb(60_000, 60_000), "64 megapixels"),
        (bomb(8, 8), "not a readable picture"),
    ],
)
def test_unusable_textures_are_named(data, words, tmp_path):
    (tmp_path / "t.png").write_bytes(data)
    (tmp_path / "a.mtl").write_text("newmtl m\nmap_Kd t.png\n")
    sentence = said(tmp_path, SQUARE)
    assert words in sentence
    assert "t.png" in sentence


# --- PLY, STL, OFF ---


@pytest.mark.parametrize("name", ["a.ply", "b.ply", "a.stl", "b.stl", "a.off", "a.obj", "a.glb"])
def test_shapes_agree_with_another_reader(name, tmp_path):
    shape = trimesh.creation.torus(2, 0.5).subdivide()
    text = {"b.ply": {"encoding": "ascii"}, "b.stl": {"file_type": "stl_ascii"}}
    shape.export(tmp_path / name, **text.get(name, {}))
    mesh = load_mesh(tmp_path / name, LoadOptions(up="y"))
    theirs = trimesh.load_mesh(tmp_path / name)
    assert len(mesh.faces) == len(theirs.faces)
    assert volume(mesh) == pytest.approx(theirs.volume, rel=1e-6)
    np.testing.assert_allclose(mesh.vertices.min(axis=0), theirs.bounds[0], atol=1e-6)
    assert not mesh.two_sided


def ply(vertices, faces, order="", extra=(), face_extra=(), comments=()):
    """Return a PLY file; rows are tuples, ``extra`` and ``face_extra`` pairs of kind and name."""
    kinds = {"float": "f", "uchar": "B", "int": "i", "double": "d", "ushort": "H"}
    form = {"": "ascii", "<": "binary_little_endian", ">": "binary_big_endian"}[order]
    columns = [*(("float", axis) for axis in "xyz"), *extra]
    head = ["ply", f"format {form} 1.0", *comments, f"element vertex {len(vertices)}"]
    head += [f"property {kind} {name}" for kind, name in columns]
    head += [f"element face {len(faces)}", "property list uchar int vertex_indices"]
    head += [f"property {kind} {name}" for kind, name in face_extra]
    head = ("\n".join([*head, "end_header"]) + "\n").encode()
    if not order:
        rows = [" ".join(map(str, row)) for row in vertices]
        rows += [" ".join(map(str, (len(f), *f, *rest))) for f, *rest in faces]
        return head + ("\n".join(rows) + "\n").encode()
    body = b"".join(struct.pack(order + "".join(kinds[k] for k, _ in columns), *row) for row in vertices)
    for f, *rest in faces:
        body += struct.pack(f"{order}B{len(f)}i", len(f), *f)
        body += struct.pack(order + "".join(kinds[k] for k, _ in face_extra), *rest)
    return head + body


PENTAGON = [(0, 0, 0), (4, 0, 0), (4, 4, 0), (2, 1, 0), (0, 4, 0), (2, 2, 5)]
MIXED = [((0, 1, 2, 3, 4),), ((0, 5, 1),), ((1, 5, 2),)]


@pytest.mark.parametrize("order", ["", "<", ">"])
@pytest.mark.parametrize("faces", [MIXED, MIXED[::-1], [*MIXED[1:], MIXED[0], ((0, 4, 5),)]])
def test_ply_polygons_of_different_sizes(order, faces, tmp_path):
    mesh = loaded(tmp_path, ply(PENTAGON, faces, order), "a.ply")
    assert len(mesh.faces) == 2 + len(faces)
    flat = np.ptp(mesh.vertices[mesh.faces][..., 2], axis=1) == 0
    assert abs(area_vectors(mesh)[flat]).sum() == pytest.approx(shapely.area(shapely.Polygon(PENTAGON[:5])))


@pytest.mark.parametrize("order", ["", "<", ">"])
def test_ply_colours_normals_and_textures(order, tmp_path):
    colours = [("uchar", "red"), ("uchar", "green"), ("uchar", "blue")]
    rows = [(*v, 10 * k, 20, 30) for k, v in enumerate(PENTAGON)]
    mesh = loaded(tmp_path, ply(rows, MIXED, order, colours), "a.ply")
    at = {tuple(v): c.tolist() for v, c in zip(mesh.vertices, mesh.colours, strict=True)}
    assert at[2, 1, 0] == [30, 20, 30]
    painted = [(*face, 255, 0, 7 * k) for k, face in enumerate(MIXED)]
    mesh = loaded(tmp_path, ply(PENTAGON, painted, order, (), colours), "a.ply")
    assert sorted(np.unique(mesh.colours, axis=0).tolist()) == [[255, 0, 0], [255, 0, 7], [255, 0, 14]]
    picture(tmp_path, "My skin.png", [[[9, 8, 7]] * 2] * 2)
    extra = [("float", "nx"), ("float", "ny"), ("float", "nz"), ("float", "s"), ("float", "t")]
    rows = [(*v, 0.0, 0.0, 2.0, 0.25, 0.75) for v in PENTAGON]
    mesh = loaded(tmp_path, ply(rows, MIXED[:1], order, extra, (), ["comment TextureFile My skin.png"]), "a.ply")
    assert mesh.normals.tolist() == [[0, 0, 1]] * 5
    assert mesh.uvs.tolist() == [[0.25, 0.75]] * 5
    assert mesh.materials[0].texture[0, 0].tolist() == [9, 8, 7]
    floats = [("float", "red"), ("float", "green"), ("float", "blue")]
    mesh = loaded(tmp_path, ply([(*v, 0.5, 1.0, 0.0) for v in PENTAGON], MIXED, order, floats), "a.ply")
    assert mesh.colours[0].tolist() == [128, 255, 0]


# --- glTF ---


class Gltf:
    """Writes small glTF files."""

    def __init__(self):
        self.binary = b""
        self.root = {"asset": {"version": "2.0"}, "bufferViews": [], "accessors": [], "meshes": [], "nodes": []}

    def view(self, data):
        self.root["bufferViews"].append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)})
        self.binary += data + bytes(-len(data) % 4)
        return len(self.root["bufferViews"]) - 1

    def values(self, array, **fields):
        array = np.asarray(array)
        kinds = {"f": 5126, "H": 5123, "B": 5121, "I": 5125, "b": 5120}
        shape = "SCALAR" if array.ndim == 1 else {2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}[array.shape[1]]
        entry = {
            "bufferView": self.view(array.tobytes()),
            "componentType": kinds[array.dtype.char],
            "count": len(array),
        }
        self.root["accessors"].append(entry | {"type": shape} | fields)
        return len(self.root["accessors"]) - 1

    def mesh(self, attributes, indices=None, **fields):
        primitive = {"attributes": attributes} | ({} if indices is None else {"indices": indices}) | fields
        self.root["meshes"].append({"primitives": [primitive]})
        return len(self.root["meshes"]) - 1

    def bytes(self, kind="glb"):
        root = self.root | {"buffers": [{"byteLength": len(self.binary)}]}
        if kind == "data":
            root["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(self.binary).decode()
        elif kind == "side":
            root["buffers"][0]["uri"] = "my%20numbers.bin"
        text = json.dumps(root).encode()
        if kind != "glb":
            return text
        text += b" " * (-len(text) % 4)
        chunks = struct.pack("<I4s", len(text), b"JSON") + text
        chunks += struct.pack("<I4s", len(self.binary), b"BIN\0") + self.binary
        return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


TRIANGLES = [(a - 1, b - 1, c - 1) for p, q, r, s in QUADS for a, b, c in ((p, q, r), (p, r, s))]


def cube_gltf(**material):
    file = Gltf()
    attributes = {"POSITION": file.values(np.array(CORNERS, np.float32))}
    attributes["TEXCOORD_0"] = file.values(np.array([(x + z, y) for x, y, z in CORNERS], np.float32))
    file.mesh(attributes, file.values(np.array(TRIANGLES, np.uint16).ravel()), material=0)
    file.root |= {"nodes": [{"mesh": 0}], "materials": [material]}
    return file


def textured(file, values, **sampler):
    stream = io.BytesIO()
    Image.fromarray(np.asarray(values, np.uint8)).save(stream, "PNG")
    file.root |= {
        "images": [{"bufferView": file.view(stream.getvalue()), "mimeType": "image/png"}],
        "textures": [{"source": 0, "sampler": 0}],
        "samplers": [sampler],
    }
    return file


def test_gltf_as_one_file_with_data_or_with_a_file_beside(tmp_path):
    file = cube_gltf(pbrMetallicRoughness={"baseColorFactor": [1, 0.2158605, 0, 1]})
    one = loaded(tmp_path, file.bytes(), "a.glb")
    assert one.materials[0].texture.tolist() == [[[255, 128, 0]]]  # the factor is linear light
    assert volume(one) == pytest.approx(1.0)
    assert "'my numbers.bin', which is not there" in said(tmp_path, file.bytes("side"), "a.gltf")
    (tmp_path / "my numbers.bin").write_bytes(file.binary)
    for kind in ("data", "side"):
        assert loaded(tmp_path, file.bytes(kind), "a.gltf").digest() == one.digest()


def test_gltf_nodes_move_turn_mirror_and_repeat(tmp_path):
    file = cube_gltf()
    half = np.sqrt(0.5)
    file.root["nodes"] = [
        {"children": [1, 2], "translation": [10, 0, 0]},
        {"mesh": 0, "rotation": [0, 0, half, half], "scale": [3, 1, 1]},
        {"mesh": 0, "matrix": [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 5, 1]},
        {"mesh": 0, "translation": [999, 0, 0]},
    ]
    file.root |= {"scenes": [{"nodes": [3]}, {"nodes": [0]}], "scene": 1}
    mesh = loaded(tmp_path, file.bytes(), "a.glb")
    np.testing.assert_allclose(mesh.vertices.min(axis=0), [9, 0, 0], atol=1e-6)
    np.testing.assert_allclose(mesh.vertices.max(axis=0), [10, 3, 6], atol=1e-6)
    assert volume(mesh) == pytest.approx(4.0)  # the mirrored one is wound outwards too
    assert not mesh.two_sided
    file.root["nodes"][3]["children"] = [0]
    file.root["nodes"][0]["children"] = [3]
    assert "two parents" in said(tmp_path, file.bytes(), "a.glb")


def test_gltf_normals_follow_scales_and_mirrors(tmp_path):
    file = Gltf()
    slope = np.array([1, 1, 0]) / np.sqrt(2)
    attributes = {
        "POSITION": file.values(np.array([(0, 1, 0), (1, 0, 0), (0, 1, 1)], np.float32)),
        "NORMAL": file.values(np.array([slope] * 3, np.float32)),
    }
    file.mesh(attributes)
    for scale in ((2, 1, 1), (-2, 1, 1), (2, -1, -1)):
        file.root["nodes"] = [{"mesh": 0, "scale": scale}]
        mesh = loaded(tmp_path, file.bytes(), "a.glb")
        expected = np.array([1 / scale[0], 1 / scale[1], 0])
        np.testing.assert_allclose(mesh.normals, [expected / np.linalg.norm(expected)] * 3, atol=1e-6)
        assert (area_vectors(mesh) @ expected > 0).all()
        without = Gltf()
        without.mesh({"POSITION": without.values(np.array([(0, 1, 0), (1, 0, 0), (0, 1, 1)], np.float32)[::-1])})
        without.root["nodes"] = [{"mesh": 0, "scale": scale}]
        bare = loaded(tmp_path, without.bytes(), "b.glb")
        np.testing.assert_allclose(area_vectors(bare), area_vectors(mesh), atol=1e-6)


def test_gltf_strips_fans_and_sparse_values(tmp_path):
    corners = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)], np.float32)
    for mode, order in ((5, [0, 1, 2, 3]), (6, [0, 1, 3, 2]), (4, [0, 1, 3, 0, 3, 2])):
        file = Gltf()
        file.mesh({"POSITION": file.values(corners)}, file.values(np.array(order, np.uint8)), mode=mode)
        file.root["nodes"] = [{"mesh": 0}]
        np.testing.assert_allclose(area_vectors(loaded(tmp_path, file.bytes(), "a.glb")), [[0, 0, 0.5]] * 2)
    file = Gltf()
    position = file.values(corners)
    indices, values = (
        file.view(np.array([3], np.uint16).tobytes()),
        file.view(np.array([7, 7, 0], np.float32).tobytes()),
    )
    file.root["accessors"][position]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": indices, "componentType": 5123},
        "values": {"bufferView": values},
    }
    file.mesh({"POSITION": position}, mode=5)
    file.root["nodes"] = [{"mesh": 0}]
    assert loaded(tmp_path, file.bytes(), "a.glb").vertices.max() == 7


def test_gltf_wrap_modes(tmp_path):
    colours = [[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [9, 9, 9]]]
    material = {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}
    repeat = loaded(tmp_path, textured(cube_gltf(**material), colours).bytes(), "a.glb")
    clamp = loaded(tmp_path, textured(cube_gltf(**material), colours, wrapS=33071, wrapT=33071).bytes(), "a.glb")
    mirror = loaded(tmp_path, textured(cube_gltf(**material), colours, wrapS=33648).bytes(), "a.glb")
    assert [m.materials[0].wrap for m in (repeat, clamp, mirror)] == [True, False, True]
    assert sorted(set(repeat.uvs[:, 1].tolist())) == [0.0, 1.0]
    np.testing.assert_array_equal(repeat.materials[0].texture, colours)
    np.testing.assert_allclose(np.unique(mirror.uvs, axis=0), np.unique(repeat.uvs, axis=0) / 2)
    four = mirror.materials[0].texture
    np.testing.assert_array_equal(four[2:, :2], colours)  # lower left, where (u, v) / 2 reads
    np.testing.assert_array_equal(four[:2], four[:1:-1])
    np.testing.assert_array_equal(four[:, :2], four[:, :1:-1])


def test_gltf_texture_transforms_and_sets(tmp_path):
    transform = {"offset": [0.5, 0.0], "rotation": np.pi / 2, "scale": [2.0, 1.0]}
    reference = {"index": 0, "texCoord": 5, "extensions": {"KHR_texture_transform": transform | {"texCoord": 1}}}
    file = textured(cube_gltf(pbrMetallicRoughness={"baseColorTexture": reference}), [[[1, 2, 3]] * 2])
    second = file.values(np.tile(np.array([[0.25, 0.125]], np.float32), (8, 1)))
    file.root["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_1"] = second
    mesh = loaded(tmp_path, file.bytes(), "a.glb")
    # Khronos: offset + rotation (counter-clockwise, v downwards) * (scale * uv) = (0.5 + 0.125, -0.5).
    np.testing.assert_allclose(mesh.uvs, [[0.625, 1.5]] * len(mesh.uvs), atol=1e-6)


def test_gltf_alpha_modes(tmp_path):
    def look(mode, values=None, alpha=1.0, **fields):
        pbr = {"baseColorFactor": [1, 1, 1, alpha]} | ({} if values is None else {"baseColorTexture": {"index": 0}})
        file = cube_gltf(pbrMetallicRoughness=pbr, alphaMode=mode, **fields)
        mesh = loaded(tmp_path, (file if values is None else textured(file, values)).bytes(), "a.glb")
        assert mesh.two_sided == mesh.materials[0].see_through
        return mesh.materials[0]

    half = [[[9, 9, 9, 100], [9, 9, 9, 200]]]
    assert look("OPAQUE", half, 0.5).opacity == 1.0
    assert look("OPAQUE", half).alpha is None
    assert look("BLEND", half, 0.5).alpha.tolist() == [[100, 200]]
    assert look("BLEND", half, 0.5).opacity == 0.5
    assert look("MASK", half).alpha.tolist() == [[0, 255]]
    assert look("MASK", half, alphaCutoff=0.2).alpha.tolist() == [[255, 255]]
    assert look("MASK", None, 0.6).opacity == 1.0
    assert "fully transparent" in said(
        tmp_path, cube_gltf(pbrMetallicRoughness={"baseColorFactor": [1, 1, 1, 0.1]}, alphaMode="MASK").bytes(), "a.glb"
    )


@pytest.mark.parametrize("kind", [np.float32, np.uint8, np.uint16])
def test_gltf_vertex_colours_are_linear_light(kind, tmp_path):
    file = cube_gltf()
    full = 1.0 if kind is np.float32 else float(np.iinfo(kind).max)
    light = np.tile(np.array([[1.0, 0.2158605, 0.0, 1.0]]) * full, (8, 1)).astype(kind)
    attributes = file.root["meshes"][0]["primitives"][0]["attributes"]
    attributes["COLOR_0"] = file.values(light, normalized=kind is not np.float32)
    mesh = loaded(tmp_path, file.bytes(), "a.glb")
    assert abs(mesh.colours.astype(int) - [255, 128, 0]).max() <= 1


def test_gltf_skins_stand_at_rest(tmp_path):
    file = cube_gltf()
    attributes = file.root["meshes"][0]["primitives"][0]["attributes"]
    attributes["JOINTS_0"] = file.values(np.zeros((8, 4), np.uint8))
    attributes["WEIGHTS_0"] = file.values(np.tile(np.array([[1, 0, 0, 0]], np.float32), (8, 1)))
    inverse = np.eye(4, dtype=np.float32)
    inverse[:3, 3] = (0, -1, 0)
    file.root["skins"] = [{"joints": [1], "inverseBindMatrices": file.values(inverse.T.reshape(1, 16).copy())}]
    file.root["nodes"] = [
        {"mesh": 0, "skin": 0, "translation": [500, 0, 0]},
        {"scale": [2, 2, 2], "translation": [0, 0, 3]},
    ]
    mesh = loaded(tmp_path, file.bytes(), "a.glb")
    np.testing.assert_allclose([mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)], [[0, -2, 3], [2, 0, 5]])


def test_gltf_of_other_kinds_is_refused_in_words(tmp_path):
    file = cube_gltf()
    file.root["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    assert "KHR_draco_mesh_compression" in said(tmp_path, file.bytes(), "a.glb")
    file.root.pop("extensionsRequired")
    file.root["asset"] = {"version": "1.0"}
    assert "version is 1.0" in said(tmp_path, file.bytes(), "a.glb")
    assert "whole file" in said(tmp_path, cube_gltf().bytes()[:-9], "a.glb")


# --- what cannot be drawn ---


NAN = CUBE.replace("v 1 1 1", "v nan 1 1")
BAD = {
    "empty": ("a.obj", "", "has no face"),
    "no face": ("a.obj", V + "l 1 2\n", "has no face"),
    "nan": ("a.obj", NAN, "Vertex 8 of"),
    "infinite": ("a.obj", NAN.replace("nan", "inf"), "is not finite"),
    "degenerate": ("a.obj", V + "f 1 1 2\nf 3 4 3\n", "degenerate"),
    "a line": ("a.obj", "v 0 0 0\nv 1 0 0\nv 2 0 0\nf 1 2 3\n", "degenerate"),
    "one point": ("a.obj", "v 1 1 1\nv 1 1 1\nv 1 1 1\nf 1 2 3\n", "degenerate"),
    "index": ("a.obj", CUBE + "f 1 2 99\n", "names vertex 99, but there are 8"),
    "vt": ("a.obj", CUBE + "vt 0 0\nf 1/2 2/1 3/1\n", "names vt 2, but there are 1"),
    "zero": ("a.obj", CUBE + "f 0 1 2\n", "count from 1"),
    "far back": ("a.obj", CUBE + "f -1 -2 -99\n", "count from 1"),
    "word": ("a.obj", CUBE + "v 1 two 3\n", "Line 15 of"),
    "corner": ("a.obj", CUBE + "f 1 2 x\n", "has the corner 'x'"),
    "huge": ("a.obj", CUBE.replace("v 1 1 1", "v 1e200 1 1"), "expected sizes"),
    "utf-16": ("a.obj", CUBE.encode("utf-16"), "UTF-16"),
    "uv": ("a.obj", "mtllib t.mtl\n" + SQUARE.replace("vt 1 1", "vt 1e9 1"), "texture coordinate"),
    "no ply": ("a.ply", "hello", "no readable PLY header"),
    "ply of points": ("a.ply", ply(PENTAGON, []), "has no face"),
    "ply count": ("a.ply", ply(PENTAGON, MIXED).replace(b"vertex 6", b"vertex 99999999999"), "more than its"),
    "ply faces": ("a.ply", ply(PENTAGON, MIXED).replace(b"face 3", b"face 99999999999"), "more than max_faces"),
    "ply index": ("a.ply", ply(PENTAGON, [((0, 1, 77),)], "<"), "outside 0..5"),
    "ply cut": ("a.ply", ply(PENTAGON, MIXED, "<")[:-9], "more than its|cannot be read"),
    "stl": ("a.stl", b"solid\nendsolid\n", "has no face"),
    "stl cut": ("a.stl", bytes(80) + struct.pack("<I", 1000) + bytes(70), "has no face"),
    "glb": ("a.glb", b"glTF" + bytes(30), "version"),
    "gltf": ("a.gltf", "[1]", "holds no object"),
    "json": ("a.gltf", "{", "cannot be read as glTF"),
    "deep": ("a.gltf", "[" * 100_000, "cannot be read as glTF"),
    "other": ("a.fbx", "?", "is no mesh file"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_named_in_one_sentence(case, tmp_path):
    picture(tmp_path, "t.png", [[[1, 2, 3]] * 2])
    (tmp_path / "t.mtl").write_text("newmtl m\nmap_Kd t.png\n")
    name, text, words = BAD[case]
    sentence = said(tmp_path, text, name)
    assert any(word in sentence for word in words.split("|")), sentence
    assert str(tmp_path / name) in sentence
    assert "\n" not in sentence


def test_a_mesh_of_too_many_faces_is_refused_before_memory_is_spent(tmp_path):
    import tracemalloc

    for name, text in (
        ("a.obj", V + "f 1 2 3 4 5 6 7 8\n" * 1_000_000),
        ("a.ply", ply(PENTAGON, MIXED).replace(b"face 3", b"face 10000000")),
        ("a.stl", bytes(80) + struct.pack("<I", 400_000) + bytes(50 * 400_000)),
    ):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        del text
        tracemalloc.start()
        with pytest.raises(ObjectPoseError, match=r"more than max_faces=200,000"):
            load_mesh(tmp_path / name, LoadOptions(max_faces=200_000))
        assert tracemalloc.get_traced_memory()[1] < 40e6, name
        tracemalloc.stop()
    assert "6 triangles" in said(tmp_path, V + "f 1 2 4 3 7 8 6 5\n", max_faces=5)  # one face, cut into six


def test_options_are_checked():
    for wrong in ({"up": "x"}, {"max_faces": 0}, {"crease_deg": 200}, {"missing_textures": "no"}, {"turn_deg": np.inf}):
        with pytest.raises(ObjectPoseError, match=next(iter(wrong))):
            LoadOptions(**wrong)
