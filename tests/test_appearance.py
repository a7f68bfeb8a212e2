"""Appearances: the shape stays, grey is grey, other paint has other hues at the same lightness."""

import colorsys

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from objectpose.errors import ObjectPoseError
from objectpose.objects.appearance import APPEARANCES, GREY, as_appearance, dressed, repainted
from objectpose.objects.catalogue import build

RED_TRUCK = np.array([[[190, 20, 24], [235, 235, 235], [24, 24, 26], [120, 30, 30]]], np.uint8)
angles = st.floats(0, 360)
textures = st.binary(min_size=12, max_size=48).map(
    lambda data: np.frombuffer(data[: len(data) // 3 * 3], np.uint8).reshape(1, -1, 3)
)


def lightness(texture):
    """L of Oklab, written out a second time."""
    c = texture.reshape(-1, 3) / 255.0
    c = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    lms = np.stack(
        [
            0.4122214708 * c[:, 0] + 0.5363325363 * c[:, 1] + 0.0514459929 * c[:, 2],
            0.2119034982 * c[:, 0] + 0.6806995451 * c[:, 1] + 0.1073969566 * c[:, 2],
            0.0883024619 * c[:, 0] + 0.2817188376 * c[:, 1] + 0.6299787005 * c[:, 2],
        ]
    )
    return np.array([0.2104542553, 0.7936177850, -0.0040720468]) @ np.cbrt(lms)


@pytest.mark.parametrize("appearance", APPEARANCES)
def test_only_the_surface_changes(appearance):
    mesh = build("table_lamp/0")
    other = dressed(mesh, appearance, 3)
    for name in ("vertices", "normals", "uvs", "faces"):
        assert getattr(other, name) is getattr(mesh, name)
    other.validate("lamp")
    assert (other is mesh) == (appearance == "textured")


def test_untextured_is_one_matt_grey():
    grey = dressed(build("table_lamp/0"), "untextured")
    (material,) = grey.materials
    assert (material.texture == GREY).all()
    assert material.specular == 0


def test_recoloured_follows_the_seed_and_keeps_the_finish():
    mesh = build("table_lamp/0")
    one, again, two = (dressed(mesh, "recoloured", seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.materials[0].texture, again.materials[0].texture)
    assert not np.array_equal(one.materials[0].texture, two.materials[0].texture)
    assert [m.specular for m in one.materials] == [m.specular for m in mesh.materials]
    assert all(m.texture is one.materials[0].texture for m in one.materials)  # one atlas stays one


def test_red_paint_turns_and_tyres_stay_black():
    before, after = RED_TRUCK[0], repainted(RED_TRUCK, 140.0, 250.0)[0]
    hue = [[colorsys.rgb_to_hsv(*(c / 255.0))[0] for c in row] for row in (before, after)]
    assert 0.2 < (hue[1][0] - hue[0][0]) % 1.0 < 0.6  # red became green
    assert np.ptp(after[1].astype(int)) > 20  # white got a tint
    assert np.ptp(after[2].astype(int)) <= 6  # black stayed black
    assert abs((hue[1][0] - hue[1][3] + 0.5) % 1.0 - 0.5) < 0.1  # shades of one paint stay shades of one paint


@given(textures, angles, angles)
def test_lightness_stays(texture, turn_deg, tint_deg):
    painted = repainted(texture, turn_deg, tint_deg)
    assert painted.shape == texture.shape
    assert painted.dtype == np.uint8
    np.testing.assert_allclose(lightness(painted), lightness(texture), atol=0.012)


@given(textures)
@example(np.array([[[0, 0, 121]]], np.uint8))  # on the edge of what a screen can show
def test_a_full_turn_changes_only_what_gets_a_tint(texture):
    painted = repainted(texture, 360.0, 10.0)
    strong = np.ptp(texture.astype(int), axis=2) > 120
    assert np.abs(painted.astype(int) - texture)[strong].max(initial=0) <= 1


def test_unknown_appearance_is_a_sentence():
    with pytest.raises(ObjectPoseError, match="untextured"):
        as_appearance("untexturd")
