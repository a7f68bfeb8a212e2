from __future__ import annotations

import ast
import hashlib
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.rendering import canvas, indoors, outdoors, scenery, surfaces

SETTINGS = ("outdoor", "indoor")
GOLDEN = {"outdoor": "ab78cb7b069664be", "indoor": "61b3a51ba2fbe13e"}


def halved(picture):
    return picture.reshape(len(picture) // 2, 2, len(picture) // 2, 2, 3).mean(axis=(1, 3))


@pytest.fixture(scope="module")
def scenes():
    return {name: np.stack([scenery.scenery(name, seed, 160) for seed in range(40)]) for name in SETTINGS}


@pytest.mark.parametrize("size_px", [1, 2, 5, 97])
@pytest.mark.parametrize("setting", SETTINGS)
def test_any_size(setting, size_px):
    for seed in (0, 7, 2**63 - 1):
        picture = scenery.scenery(setting, seed, size_px)
        assert picture.shape == (size_px, size_px, 3)
        assert picture.dtype == np.uint8
        assert picture.flags["C_CONTIGUOUS"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_pictures_are_those_of_the_version(setting):
    """Pixels may change only together with SCENERY_VERSION: the hash of a data set covers nothing else of a scene."""
    assert scenery.SCENERY_VERSION == "1"
    total = hashlib.sha256()
    for seed in range(12):
        total.update(scenery.scenery(setting, seed, 96).tobytes())
    assert total.hexdigest()[:16] == GOLDEN[setting]


@pytest.mark.parametrize("module", [canvas, indoors, outdoors, scenery, surfaces])
def test_only_arithmetic_that_is_equal_on_every_machine(module):
    allowed = {
        "PCG64", "Generator", "abs", "arange", "asarray", "ascontiguousarray", "clip", "concatenate", "cumsum",
        "float32", "float64", "floor", "int32", "int64", "maximum", "minimum", "ones_like", "random", "searchsorted",
        "sqrt", "stack", "uint8", "zeros", "zeros_like",
    }  # fmt: skip
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    }
    assert named <= allowed
    assert not any(isinstance(node, ast.Pow | ast.MatMult) for node in ast.walk(tree))
    assert "math" not in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    reductions = {"sum", "mean", "std", "dot", "prod"}
    assert not reductions & {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_computed_in_single_precision():
    drawn = canvas.Canvas(40)
    rng = np.random.Generator(np.random.PCG64(0))
    for seed in range(12):
        rng = np.random.Generator(np.random.PCG64(seed))
        assert outdoors.outdoors(drawn, rng).dtype == np.float32
        assert indoors.indoors(drawn, rng).dtype == np.float32


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_same_scene_at_every_size(setting):
    off = []
    for seed in range(12):
        large, small = scenery.scenery(setting, seed, 320), scenery.scenery(setting, seed, 160)
        off.append(np.abs(halved(large) - small).mean())
    other = np.abs(halved(scenery.scenery(setting, 0, 320)) - scenery.scenery(setting, 1, 160)).mean()
    assert max(off) < 5.0 < other / 3
    assert np.mean(off) < 2.5


@pytest.mark.parametrize("setting", SETTINGS)
def test_statistics_of_photographs(scenes, setting):
    """Power falls with about the square of the frequency, and no scene is flat, black or burnt out."""
    size = scenes[setting].shape[1]
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    edges = np.geomspace(4 / size, 0.35, 9)
    window = np.hanning(size)[:, None] * np.hanning(size)
    slopes = []
    for picture in scenes[setting]:
        grey = picture.mean(axis=2)
        power = np.abs(np.fft.fft2((grey - grey.mean()) * window)) ** 2
        rings = [power[(frequency >= a) & (frequency < b)].mean() for a, b in itertools.pairwise(edges)]
        slopes.append(np.polyfit(np.log(np.sqrt(edges[1:] * edges[:-1])), np.log(rings), 1)[0])
        assert 40 < grey.mean() < 235
        assert grey.std() > 8
    assert -4.0 < np.median(slopes) < -1.8
    assert -6.0 < min(slopes) <= max(slopes) < -0.8


def test_scenes_differ(scenes):
    thumbs = np.concatenate([s.reshape(-1, 8, 20, 8, 20, 3).mean(axis=(2, 4)).reshape(40, -1) for s in scenes.values()])
    apart = np.abs(thumbs[:, None] - thumbs).mean(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 3
    assert np.median(apart[np.isfinite(apart)]) > 25


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_class_dominates_what_a_network_sees(scenes, setting):
    spec = registry.resolve("efficientnet_lite0")[0]
    network = registry.load(spec, registry.locate(spec))
    sure, answer = network(scenes[setting]).softmax(1).max(1)
    (_, most), *_ = Counter(answer.tolist()).most_common(1)
    assert most <= 16
    assert len(set(answer.tolist())) >= 12
    assert sure.median() < 0.3
    assert (sure > 0.5).float().mean() < 0.2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("outdoors", 0, 32), "Unknown setting of a scene 'outdoors'; the nearest"),
        (("outdoor", -1, 32), "seed of 0 or more"),
        (("indoor", 0, 0), "1 pixel"),
    ],
)
def test_refusals(arguments, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        scenery.scenery(*arguments)


def test_noise_does_not_depend_on_the_size():
    for blur in (0.0, 0.02):
        large, small = (canvas.Canvas(s).noise(5, (4.0, 6.0), 6, blur=blur) for s in (256, 128))
        assert np.abs(large.reshape(128, 2, 128, 2).mean(axis=(1, 3)) - small).max() < 0.25
    assert abs(float(large.mean())) < 0.5
    assert 0.5 < float(large.std()) < 1.6


def test_blur_keeps_the_level_and_softens():
    drawn = canvas.Canvas(64)
    picture = np.zeros((3, 64, 64), np.float32)
    picture[:, :, 32:] = 1.0
    soft = drawn.blurred(picture, 0.1)
    np.testing.assert_allclose(soft[:, 20], soft[:, 40], atol=1e-6)
    assert soft[0, 32, 0] == pytest.approx(0.0, abs=1e-6)
    assert soft[0, 32, -1] == pytest.approx(1.0, abs=1e-6)
    steps = np.diff(soft[0, 32])
    assert steps.min() >= -1e-6
    assert steps.max() < 0.12
    np.testing.assert_array_equal(drawn.blurred(picture, 0.05, until=0.4)[:, 40:], picture[:, 40:])


def test_floor_foreshortens():
    plane = canvas.Canvas(100).floor(0.3, 1.5, 0.5)
    assert plane.first == 50
    np.testing.assert_allclose(plane.away[:, 0] * (np.arange(50, 100) / 100 + 0.005 - 0.3), 1.5, rtol=1e-5)
    np.testing.assert_allclose(plane.across[:, -1] / plane.away[:, 0], 0.495 / 1.5, rtol=1e-5)
    np.testing.assert_allclose(plane.long / plane.wide, plane.away, rtol=1e-5)
