"""Pictures to inputs: byte for byte what the libraries' own evaluation transforms give."""

import json
from dataclasses import replace

import numpy as np
import open_clip
import pytest
import timm
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from timm.data import create_transform, resolve_data_config
from torchvision.models import get_model_weights
from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Normalize, Resize, ToTensor

from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.preprocess import OwnTransform, geometry, normalise, prepare
from objectpose.models.recipe import HALF, IMAGENET_MEAN, IMAGENET_STD, NORMALISATIONS, Preprocess
from objectpose.models.zoo import group, zoo

SIZES = [(317, 411), (411, 317), (97, 130), (320, 320)]
FILTERS = {
    "nearest": InterpolationMode.NEAREST,
    "bilinear": InterpolationMode.BILINEAR,
    "bicubic": InterpolationMode.BICUBIC,
    "lanczos": InterpolationMode.LANCZOS,
}


def pictures(height, width, count=2, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), dtype=np.uint8)


def ours(images, spec):
    return normalise(torch.from_numpy(geometry(images, spec)), spec)


def theirs(images, transform):
    return torch.stack([transform(Image.fromarray(image)) for image in images])


def library_transform(spec):
    """Return the evaluation transform that a network's own library makes for exactly its weights."""
    if spec.source in ("offline", "timm"):
        tag = f"tf_{spec.identifier}.in1k" if spec.source == "offline" else spec.identifier
        return create_transform(**resolve_data_config(pretrained_cfg=timm.get_pretrained_cfg(tag).to_dict()))
    if spec.source == "torchvision":
        name, member = spec.identifier.split(":")
        return get_model_weights(name)[member].transforms()
    name, tag = spec.identifier.split(":")
    config = {
        key: open_clip.get_pretrained_cfg(name, tag)[key] for key in ("mean", "std", "interpolation", "resize_mode")
    }
    size = open_clip.get_model_config(name)["vision_cfg"]["image_size"]
    config = open_clip.transform.PreprocessCfg(size=size, **config)
    return open_clip.transform.image_transform_v2(config, is_train=False)


IN_LIBRARIES = [name for name, spec in zoo().items() if spec.source in ("offline", "timm", "torchvision", "open_clip")]


@pytest.mark.parametrize("name", IN_LIBRARIES)
def test_inputs_equal_those_of_the_networks_own_library(name):
    spec = zoo()[name]
    recipe = registry.preprocess_of(spec)
    for number, size in enumerate(SIZES if recipe.input_size_px <= 256 else SIZES[:1]):
        images = pictures(*size, count=1, seed=number)
        assert torch.equal(ours(images, recipe), theirs(images, library_transform(spec))), (name, size)


@pytest.mark.parametrize("mode", ["native", "paper2022", "paper2022_nocrop"])
def test_every_recipe_of_the_paper_equals_torchvision_on_pillow(mode):
    recipes = {registry.preprocess_of(spec, mode) for spec in group("paper_all")}
    assert len(recipes) > 5
    for recipe in recipes:
        images = pictures(211, 317, count=1)
        side = recipe.resize_px if recipe.resize == "short_side" else (recipe.resize_px, recipe.resize_px)
        steps = [Resize(side, FILTERS[recipe.interpolation]), CenterCrop(recipe.input_size_px), ToTensor()]
        transform = Compose([*steps, Normalize(recipe.mean, recipe.std)])
        assert torch.equal(ours(images, recipe), theirs(images, transform)), recipe.short


def by_torchvision(images, spec):
    size = spec.resize_px if spec.resize == "short_side" else (spec.resize_px, spec.resize_px)
    transform = Compose([Resize(size, FILTERS[spec.interpolation]), CenterCrop(spec.input_size_px)])
    return np.stack([np.asarray(transform(Image.fromarray(image))) for image in images])


@settings(max_examples=60, deadline=None)
@given(
    height=st.integers(1, 200),
    width=st.integers(1, 200),
    size=st.integers(1, 96),
    crop=st.sampled_from([0.5, 0.8, 0.875, 0.89, 0.9, 1.0]),
    interpolation=st.sampled_from(list(FILTERS)),
    resize=st.sampled_from(["short_side", "squash"]),
    seed=st.integers(0, 2**32 - 1),
)
@example(height=3, width=2, size=2, crop=0.5, interpolation="bilinear", resize="short_side", seed=0)
@example(height=80, width=50, size=1, crop=0.025, interpolation="bicubic", resize="squash", seed=0)
@example(height=104, width=65, size=1, crop=0.01923, interpolation="bicubic", resize="squash", seed=0)
def test_geometry_equals_torchvision_on_pillow(height, width, size, crop, interpolation, resize, seed):
    if resize == "short_side" and max(height, width) > 20 * min(height, width):
        return
    spec = Preprocess.of_crop(size, crop, interpolation, HALF, HALF, resize)
    images = pictures(height, width, 1, seed)
    np.testing.assert_array_equal(geometry(images, spec), by_torchvision(images, spec))


@settings(max_examples=60, deadline=None)
@given(
    eighths=st.integers(1, 24),
    eight=st.integers(1, 16),
    crop=st.sampled_from([0.3, 0.5, 0.875, 0.9]),
    interpolation=st.sampled_from(list(FILTERS)),
)
@example(eighths=10, eight=32, crop=0.875, interpolation="bicubic")
def test_the_short_way_through_the_crop_of_squares_changes_no_byte(eighths, eight, crop, interpolation):
    size = max(1, int(8 * eight * crop))
    spec = Preprocess(size, 8 * eight, interpolation, HALF, HALF)
    images = pictures(eighths * eight, eighths * eight, 1)
    np.testing.assert_array_equal(geometry(images, spec), by_torchvision(images, spec))


def test_squash_shows_all_of_a_wide_picture():
    image = np.zeros((1, 50, 200, 3), np.uint8)
    image[:, :, :5] = 255
    assert geometry(image, Preprocess.parse("40/squash/bilinear/half"))[0, :, 0].min() > 200
    assert geometry(image, Preprocess.parse("40/1.0/bilinear/half")).max() == 0


def test_threads_change_no_byte():
    spec = registry.preprocess_of(zoo()["efficientnet_lite1"])
    images = pictures(150, 201, count=7)
    np.testing.assert_array_equal(geometry(images, spec, threads=3), geometry(images, spec))


def test_no_picture_gives_no_input():
    spec = registry.preprocess_of(zoo()["efficientnet_lite0"])
    assert geometry(pictures(10, 10, count=0), spec).shape == (0, 224, 224, 3)


def test_normalise_is_channels_last_and_exact():
    spec = Preprocess(16, 16, "bilinear", IMAGENET_MEAN, IMAGENET_STD)
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
    normalise(batch, Preprocess(8, 8, "bilinear", HALF, HALF))
    assert torch.equal(batch, before)


BASE = Preprocess(224, 256, "bicubic", HALF, HALF)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"input_size_px": 0}, ["0 px"]),
        ({"resize_px": 0}, ["0 px"]),
        ({"interpolation": "hamming"}, ["hamming", "bilinear, bicubic"]),
        ({"resize": "pad"}, ["pad", "short_side, squash"]),
        ({"std": (0.5, 0.0, 0.5)}, ["std above 0"]),
        ({"mean": (0.5, 0.5)}, ["three numbers"]),
    ],
)
def test_values_out_of_range_are_refused(change, words):
    with pytest.raises(ObjectPoseError) as caught:
        replace(BASE, **change)
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("crop", [0.0, 1.2])
def test_a_crop_out_of_range_is_refused(crop):
    with pytest.raises(ObjectPoseError, match="at most 1"):
        Preprocess.of_crop(224, crop, "bicubic", HALF, HALF)


def test_the_canonical_form_tells_all_recipes_apart():
    others = [
        replace(BASE, input_size_px=225),
        replace(BASE, resize_px=248),
        replace(BASE, interpolation="bilinear"),
        replace(BASE, mean=IMAGENET_MEAN),
        replace(BASE, std=IMAGENET_STD),
        replace(BASE, resize="squash"),
    ]
    for form in (lambda one: json.dumps(one.canonical()), lambda one: one.short, lambda one: one.words):
        texts = [form(spec) for spec in (BASE, *others)]
        assert len(set(texts)) == len(texts)
    assert list(BASE.canonical()) == sorted(BASE.canonical())


@settings(max_examples=100)
@given(
    size=st.integers(1, 600),
    more=st.integers(0, 100),
    interpolation=st.sampled_from(list(FILTERS)),
    norm=st.sampled_from([*NORMALISATIONS.values(), ((0.1, 1 / 3, 0.3), (1.0, 2.0, 0.25))]),
    resize=st.sampled_from(["short_side", "squash"]),
)
def test_what_is_written_in_short_reads_back(size, more, interpolation, norm, resize):
    spec = Preprocess(size, max(2, size + more), interpolation, *norm, resize)
    assert Preprocess.parse(spec.short) == spec


@pytest.mark.parametrize(
    "text",
    [
        "224/0.9/bicubic",
        "224/0.9/bicubic/clips",
        "x/0.9/bicubic/half",
        "224/y/bicubic/half",
        "224/0.9/bicubic/0.5,0.5,0.5,1,1",
    ],
)
def test_a_misspelt_recipe_is_refused(text):
    with pytest.raises(ObjectPoseError, match=r"cannot be read|three numbers|is unknown; expected imagenet"):
        Preprocess.parse(text)


def own(function):
    return OwnTransform(function, "own")


def test_an_own_transform_is_applied_to_each_picture_in_order():
    images = pictures(20, 30, count=5)
    want = theirs(images, ToTensor())
    assert torch.equal(prepare(images, own(ToTensor()), threads=3), want)
    assert torch.equal(prepare(images, own(ToTensor())), want)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda picture: 1 / 0, ["ZeroDivisionError", "30 x 20 px"]),
        (lambda picture: picture, ["Image", "3 x H x W"]),
        (lambda picture: torch.zeros(3, 4), ["(3, 4)"]),
        (lambda picture: torch.zeros(3, 4, 4, dtype=torch.uint8), ["uint8", "ToTensor"]),
        (lambda picture: torch.zeros(3, 4, 1 + int(np.asarray(picture)[0, 0, 0] > 127)), ["different shapes"]),
    ],
)
def test_an_own_transform_that_does_not_give_inputs_is_refused(function, words):
    images = pictures(20, 30, count=4)
    images[0, 0, 0, 0], images[1, 0, 0, 0] = 0, 255
    with pytest.raises(ObjectPoseError) as caught:
        prepare(images, own(function))
    assert all(word in str(caught.value) for word in words), caught.value
