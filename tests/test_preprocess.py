"""Pictures to inputs: byte for byte what the libraries' own evaluation transforms give."""

import json
from dataclasses import replace

import numpy as np
import pytest
import timm
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from timm.data import create_transform, resolve_data_config
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.preprocess import geometry, normalise
from objectpose.models.spec import HALF, IMAGENET_MEAN, IMAGENET_STD, Preprocess
from objectpose.models.zoo import parse_preprocess, zoo

SIZES = [(317, 411), (411, 317), (320, 320), (256, 256), (224, 224), (97, 130), (641, 500)]
IMAGENET = (IMAGENET_MEAN, IMAGENET_STD)
# What the weights want, written down here a second time: px, crop, resize, filter, (mean, std).
KNOWN = {
    "efficientnet_lite0": (224, 256, "short_side", "bicubic", (HALF, HALF)),
    "efficientnet_lite1": (240, 272, "short_side", "bicubic", (HALF, HALF)),
    "efficientnet_lite2": (260, 292, "short_side", "bicubic", (HALF, HALF)),
    "resnet50": (224, 256, "short_side", "bilinear", IMAGENET),
    "vit_b16": (224, 248, "short_side", "bicubic", (HALF, HALF)),
    "convit_s": (224, 256, "short_side", "bicubic", IMAGENET),
    "beit_b16": (224, 248, "short_side", "bicubic", (HALF, HALF)),
}
# The same for the paper's code (its A5 table of networks).
PAPER = {
    "resnet50": (224, 256, "short_side", "bilinear", IMAGENET),
    "vit_b16": (224, 248, "short_side", "bicubic", IMAGENET),
    "convit_s": (224, 224, "short_side", "bilinear", IMAGENET),
    "beit_b16": (224, 224, "squash", "bilinear", (HALF, HALF)),
}


def pictures(height, width, count=2, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8)


def facts(spec):
    return (spec.input_size_px, spec.resize_px, spec.resize, spec.interpolation, (spec.mean, spec.std))


def timm_transform(name):
    spec = zoo()[name]
    tag = f"tf_{name}.in1k" if spec.source == "offline" else spec.identifier
    return create_transform(**resolve_data_config(pretrained_cfg=timm.get_pretrained_cfg(tag).to_dict()))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", KNOWN)
def test_inputs_equal_timms_own(name, size):
    images = pictures(*size)
    spec = registry.preprocess_of(zoo()[name])
    ours = normalise(torch.from_numpy(geometry(images, spec)), spec)
    transform = timm_transform(name)
    theirs = torch.stack([transform(Image.fromarray(image)) for image in images])
    assert torch.equal(ours, theirs)


def test_every_row_of_the_zoo_has_known_values():
    assert set(KNOWN) == set(zoo())
    assert {name: facts(registry.preprocess_of(spec)) for name, spec in zoo().items()} == KNOWN


def test_every_row_of_the_paper_has_known_values():
    rows = registry.resolve("paper38")
    assert {spec.name: facts(registry.preprocess_of(spec, "paper2022")) for spec in rows} == PAPER


def by_torchvision(images, spec):
    filters = {"bilinear": InterpolationMode.BILINEAR, "bicubic": InterpolationMode.BICUBIC}
    size = spec.resize_px if spec.resize == "short_side" else (spec.resize_px, spec.resize_px)
    transform = Compose([Resize(size, filters[spec.interpolation]), CenterCrop(spec.input_size_px)])
    return np.stack([np.asarray(transform(Image.fromarray(image))) for image in images])


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 200),
    width=st.integers(1, 200),
    size=st.integers(1, 96),
    crop=st.sampled_from([0.5, 0.8, 0.875, 0.89, 0.9, 1.0]),
    interpolation=st.sampled_from(["bilinear", "bicubic"]),
    resize=st.sampled_from(["short_side", "squash"]),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=3, width=2, size=2, crop=0.5, interpolation="bilinear", resize="short_side", seed=0)
@example(height=80, width=50, size=1, crop=0.025, interpolation="bicubic", resize="squash", seed=0)
@example(height=104, width=65, size=1, crop=0.01923, interpolation="bicubic", resize="squash", seed=0)
def test_geometry_equals_torchvision_on_pillow(height, width, size, crop, interpolation, resize, seed):
    if resize == "short_side" and max(height, width) > 20 * min(height, width):
        return
    spec = Preprocess(size, crop, interpolation, HALF, HALF, resize)
    images = pictures(height, width, 1, seed)
    np.testing.assert_array_equal(geometry(images, spec), by_torchvision(images, spec))


@settings(max_examples=60, deadline=None)
@given(
    eighths=st.integers(1, 24),
    eight=st.integers(1, 16),
    crop=st.sampled_from([0.3, 0.5, 0.875, 0.9]),
    interpolation=st.sampled_from(["bilinear", "bicubic"]),
)
@example(eighths=10, eight=32, crop=0.875, interpolation="bicubic")
def test_the_short_way_through_the_crop_of_squares_changes_no_byte(eighths, eight, crop, interpolation):
    size = max(1, int(8 * eight * crop))
    spec = Preprocess(size, size / (8 * eight), interpolation, HALF, HALF)
    images = pictures(eighths * eight, eighths * eight, 1)
    np.testing.assert_array_equal(geometry(images, spec), by_torchvision(images, spec))


def test_squash_shows_all_of_a_wide_picture():
    image = np.zeros((1, 50, 200, 3), np.uint8)
    image[:, :, :5] = 255
    assert geometry(image, parse_preprocess("40/squash/bilinear/half"))[0, :, 0].min() > 200
    assert geometry(image, parse_preprocess("40/1.0/bilinear/half")).max() == 0


def test_threads_change_no_byte():
    spec = registry.preprocess_of(zoo()["efficientnet_lite1"])
    images = pictures(150, 201, count=7)
    np.testing.assert_array_equal(geometry(images, spec, threads=3), geometry(images, spec))


def test_no_picture_gives_no_input():
    spec = registry.preprocess_of(zoo()["efficientnet_lite0"])
    assert geometry(pictures(10, 10, count=0), spec).shape == (0, 224, 224, 3)


def test_normalise_is_channels_last_and_exact():
    spec = Preprocess(16, 1.0, "bilinear", IMAGENET_MEAN, IMAGENET_STD)
    values = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16, 1).expand(1, 16, 16, 3).contiguous()
    inputs = normalise(values, spec)
    assert inputs.dtype == torch.float32
    assert inputs.is_contiguous(memory_format=torch.channels_last)
    want = (np.arange(256).reshape(1, 1, 16, 16) / 255 - np.reshape(IMAGENET_MEAN, (1, 3, 1, 1))) / np.reshape(
        IMAGENET_STD, (1, 3, 1, 1)
    )
    np.testing.assert_allclose(inputs.numpy(), want, rtol=0, atol=5e-7)


def test_normalise_leaves_its_input_alone():
    batch = torch.from_numpy(pictures(8, 8))
    before = batch.clone()
    normalise(batch, Preprocess(8, 1.0, "bilinear", HALF, HALF))
    assert torch.equal(batch, before)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"crop_pct": 0.0}, ["0.0", "at most 1"]),
        ({"crop_pct": 1.2}, ["1.2", "at most 1"]),
        ({"input_size_px": 0}, ["0 px"]),
        ({"interpolation": "lanczos"}, ["lanczos", "bilinear, bicubic"]),
        ({"resize": "pad"}, ["pad", "short_side, squash"]),
        ({"std": (0.5, 0.0, 0.5)}, ["std above 0"]),
        ({"mean": (0.5, 0.5)}, ["three numbers"]),
    ],
)
def test_values_out_of_range_are_refused(change, words):
    with pytest.raises(ObjectPoseError) as caught:
        replace(Preprocess(224, 0.875, "bicubic", HALF, HALF), **change)
    assert all(word in str(caught.value) for word in words)


def test_the_canonical_form_tells_all_recipes_apart():
    base = Preprocess(224, 0.875, "bicubic", HALF, HALF)
    others = [
        replace(base, input_size_px=225),
        replace(base, crop_pct=0.9),
        replace(base, interpolation="bilinear"),
        replace(base, mean=IMAGENET_MEAN),
        replace(base, std=IMAGENET_STD),
        replace(base, resize="squash"),
    ]
    texts = [json.dumps(spec.canonical()) for spec in (base, *others)]
    assert len(set(texts)) == len(texts)
    assert list(base.canonical()) == sorted(base.canonical())


@pytest.mark.parametrize(
    "text", ["224/0.9/bicubic", "224/0.9/bicubic/clip", "x/0.9/bicubic/half", "224/y/bicubic/half"]
)
def test_a_misspelt_recipe_of_the_zoo_is_refused(text):
    with pytest.raises(ObjectPoseError, match="cannot be read"):
        parse_preprocess(text)
