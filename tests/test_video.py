from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from objectpose import video
from objectpose.datasets.turntable import save_turntable, turntable_rotations
from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Material, Mesh
from objectpose.rendering.backend import get_backend
from objectpose.rendering.poses import to_matrix, view_rotation
from objectpose.rendering.scene import CAMERA_Z, FLAT_BACKGROUND, SceneBatch, flat_background, framing_distance
from objectpose.video import check_format, one_palette, save_frames

VIEW = to_matrix(view_rotation(35.0, 20.0))


@pytest.fixture(scope="module")
def wedge():
    """A wedge with a texture of many colours, far from the origin and large."""
    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], [0, 0.6, 0], [0, 0.6, 1]], np.float64)
    faces = [[0, 1, 2], [0, 2, 3], [0, 4, 1], [3, 2, 5], [0, 3, 5], [0, 5, 4], [1, 4, 5], [1, 5, 2]]
    vertices = corners[np.array(faces).reshape(-1)] * 40 + 300
    across = [np.cross(b - a, c - a) for a, b, c in corners[np.array(faces)]]
    normals = np.repeat([n / np.linalg.norm(n) for n in across], 3, axis=0)
    rng = np.random.default_rng(0)
    return Mesh(
        vertices=vertices,
        normals=normals.astype(np.float32),
        uvs=np.tile([[0, 0], [1, 0], [1, 1]], (8, 1)).astype(np.float32),
        faces=np.arange(24, dtype=np.int32).reshape(8, 3),
        face_material=np.zeros(8, np.int32),
        materials=(Material(rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)),),
    )


@pytest.fixture(scope="module")
def backend():
    return get_backend("cpu")


class Forbidden:
    name = version = "none"

    def render(self, batch):
        raise AssertionError("nothing may be drawn before the arguments are checked")


def test_rotations_are_a_yaw_then_a_roll_and_close():
    rotations = turntable_rotations(VIEW, 72)
    assert rotations.shape == (72, 3, 3)
    np.testing.assert_allclose(rotations @ rotations.swapaxes(1, 2), np.broadcast_to(np.eye(3), (72, 3, 3)), atol=1e-12)
    np.testing.assert_allclose(rotations[[0, 36]], [VIEW, VIEW], atol=1e-12)
    np.testing.assert_allclose(rotations[:36] @ [0, 1, 0], np.tile(VIEW[:, 1], (36, 1)), atol=1e-12)
    np.testing.assert_allclose(rotations[36:] @ [0, 0, 1], np.tile(VIEW[:, 2], (36, 1)), atol=1e-12)
    following = np.roll(rotations, -1, axis=0)
    angles = np.degrees(np.arccos((np.trace(rotations.swapaxes(1, 2) @ following, axis1=1, axis2=2) - 1) / 2))
    np.testing.assert_allclose(angles, 10.0, atol=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 7, -2])
def test_odd_or_no_frames_are_refused(frames):
    with pytest.raises(ObjectPoseError, match="even number"):
        turntable_rotations(VIEW, frames)


def test_gif_shows_what_the_backend_draws(wedge, backend, tmp_path):
    path = save_turntable(wedge, VIEW, tmp_path / "new" / "wedge.0.gif", backend=backend, size_px=64, frames=12)
    scene = SceneBatch(
        mesh=wedge.fitted(),
        rotations=turntable_rotations(VIEW, 12),
        translations=np.tile([0, 0, CAMERA_Z - framing_distance(1.0)], (12, 1)),
        scales=np.ones(12),
        backgrounds=flat_background(64),
    )
    drawn = backend.render(scene)
    with Image.open(path) as opened:
        assert opened.n_frames == 12
        assert opened.info["loop"] == 0
        shown = []
        for number in range(12):
            opened.seek(number)
            assert opened.info["duration"] == video.FRAME_MS
            shown.append(np.asarray(opened.convert("RGB")))
    off = np.abs(np.stack(shown).astype(int) - drawn.images)
    assert drawn.masks.any(axis=(1, 2)).all()
    assert off[drawn.masks].mean() < 8
    border = np.stack(shown)[:, :3]
    assert (border == FLAT_BACKGROUND).all()
    assert [p.name for p in path.parent.iterdir()] == ["wedge.0.gif"]


def test_gif_has_one_table_of_colours(tmp_path):
    rng = np.random.default_rng(1)
    path = save_frames(rng.integers(0, 256, (5, 40, 40, 3), dtype=np.uint8), tmp_path / "noise.gif")
    data = path.read_bytes()
    assert data[:6] == b"GIF89a"
    assert data[10] & 0x80
    assert 2 << (data[10] & 7) == 256
    place, local, frames = 13 + 768, 0, 0
    while data[place] != 0x3B:
        if data[place] == 0x21:
            place += 2
        else:
            assert data[place] == 0x2C
            frames += 1
            local += data[place + 9] >> 7
            place += 11
        while data[place]:
            place += data[place] + 1
        place += 1
    assert (frames, local) == (5, 0)


def test_palette_is_exact_for_few_colours():
    rng = np.random.default_rng(2)
    colours = rng.choice(1 << 24, 256, replace=False)
    numbers = rng.integers(0, 256, (3, 20, 20))
    numbers[:, :10, :10] = 77
    packed = colours[numbers]
    images = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1).astype(np.uint8)
    indexed, palette = one_palette(images)
    np.testing.assert_array_equal(palette[indexed], images)
    assert (indexed[:, :10, :10] == 0).all()


def test_palette_keeps_the_background_and_gives_each_colour_one_number():
    ramp = np.stack(np.meshgrid(np.arange(64), np.arange(64)), axis=-1)
    images = np.stack([np.concatenate([ramp * 3, ramp[..., :1] + shift], axis=-1) for shift in range(4)]).astype(
        np.uint8
    )
    images[:, :30] = FLAT_BACKGROUND
    indexed, palette = one_palette(images)
    assert (palette[indexed[:, :30]] == FLAT_BACKGROUND).all()
    off = np.abs(palette[indexed].astype(int) - images)
    assert off.mean() < 5
    assert off.max() < 40
    packed = images.astype(int) @ [65536, 256, 1]
    pairs = np.unique(np.stack([packed.ravel(), indexed.ravel()]), axis=1)
    assert len(set(pairs[0])) == pairs.shape[1]


def test_mp4_plays(wedge, backend, tmp_path):
    reader = pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    path = save_turntable(wedge, VIEW, tmp_path / "wedge.mp4", backend=backend, size_px=65, frames=8)
    command = [reader.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    played = subprocess.run(command, capture_output=True, check=True)
    shown = np.frombuffer(played.stdout, np.uint8).reshape(-1, 66, 66, 3)
    assert b"h264" in played.stderr
    assert b"12.50 fps" in played.stderr
    assert len(shown) == 8
    assert np.abs(shown[:, :3].astype(int) - FLAT_BACKGROUND).mean() < 4
    assert shown[:, 20:45, 20:45].std() > 20
    assert [p.name for p in tmp_path.iterdir()] == ["wedge.mp4"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("a.mp4", r"pip install objectpose\[video\], or use video=gif"), ("a.giff", "'giff'; the nearest is: gif")],
)
def test_what_cannot_be_written_is_said_before_anything_is_drawn(name, sentence, wedge, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ObjectPoseError, match=sentence):
        save_turntable(wedge, VIEW, tmp_path / name, backend=Forbidden())
    assert not list(tmp_path.iterdir())
    check_format("gif")


@pytest.mark.skipif(os.name == "nt", reason="needs a folder in the place of a file")
def test_a_failed_write_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    images = np.zeros((2, 8, 8, 3), np.uint8)
    (tmp_path / "taken").write_text("not a folder")
    with pytest.raises(ObjectPoseError, match="cannot be written"):
        save_frames(images, tmp_path / "taken" / "a.gif")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(video, "publish", full)
    with pytest.raises(ObjectPoseError, match="No space left"):
        save_frames(images, tmp_path / "a.gif")
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]
