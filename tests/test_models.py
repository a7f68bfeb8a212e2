"""Names, groups and sources of networks; weights files found, refused or loaded."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
import timm
import torch
from huggingface_hub import constants
from PIL import Image
from safetensors.torch import save_file
from timm.data import create_transform, resolve_model_data_config

from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name, wordnet_id
from objectpose.models import adapter, registry
from objectpose.models.adapter import sources
from objectpose.models.recipe import Preprocess
from objectpose.models.zoo import parse_row, read_zoo, zoo

SMALL = "timm:resnet10t.c3_in1k"
VIT = "timm:vit_tiny_patch16_224.augreg_in21k_ft_in1k"


def names(*words):
    return [spec.name for spec in registry.resolve(list(words))]


def sentence(call, *args, **kwargs):
    with pytest.raises(ObjectPoseError) as caught:
        call(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def no_hub(monkeypatch, tmp_path):
    """An empty cache and a hub address at which nobody answers."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")


@pytest.fixture
def small(tmp_path):
    """A folder with a weights file of a small network, and that network."""
    network = timm.create_model(SMALL.removeprefix("timm:"))
    save_file(network.state_dict(), tmp_path / "resnet10t.c3_in1k.safetensors")
    return tmp_path, network.eval()


def test_names_groups_order_and_duplicates():
    assert names("offline") == ["efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2"]
    assert names("vit_b16", "offline", "vit_b16")[:2] == ["vit_b16", "efficientnet_lite0"]
    assert len(names("paper38")) == 38
    assert names("ResNet-50", "EffN-L2-NS", "SWAG-ViT-H14-512") == ["resnet50", "effnet_l2_ns", "swag_vit_h14_518"]
    assert len(registry.resolve(["vit_b16", "timm:vit_base_patch16_224.augreg_in21k_ft_in1k"])) == 1


def test_a_bare_timm_name_is_stored_with_its_tag():
    (spec,) = registry.resolve("timm:resnet50")
    assert spec.identifier == "resnet50.a1_in1k"
    assert registry.resolve(["timm:resnet50.a1_in1k", "timm:resnet50"]) == [spec]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("vit_b61", ["'vit_b61'", "vit_b16", "SOURCE:NAME"]),
        ("papper38", ["paper38"]),
        ("", ["efficientnet_lite0"]),
        ("tim:resnet50", ["'tim'", "timm", "package.module:function"]),
        ("imagenet_models:resnet50", ["'imagenet_models'", "timm, torchvision"]),
        ("timm:", ["names no network"]),
        ("timm:resnet5o", ["'resnet5o'", "resnet50"]),
        ("timm:resnet50.tv_in1", ["'tv_in1'", "resnet50.tv_in1k"]),
    ],
)
def test_what_cannot_be_resolved_ends_in_a_sentence(word, expected):
    text = sentence(registry.resolve, word)
    assert all(part in text for part in expected), text


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("timm:vit_base_patch16_224_sam", ["vit_base_patch16_224.sam_in1k"]),
        ("timm:efficientnet_b6", ["efficientnet_b6", "model.checkpoint"]),
        ("timm:volo_d4_448", ["1.15", "not supported"]),
    ],
)
def test_what_cannot_be_fed_ends_in_a_sentence(word, expected):
    text = sentence(lambda: registry.preparation_of(registry.resolve(word)[0]))
    assert all(part in text for part in expected), text


def test_a_network_without_a_head_is_refused():
    (spec,) = registry.resolve("timm:vit_small_patch14_dinov2", pretrained=False)
    assert "only features" in sentence(registry.load, spec, registry.locate(spec))


def test_a_larger_imagenet_is_mapped_to_the_thousand():
    (spec,) = registry.resolve("timm:vit_tiny_patch16_224.augreg_in21k", pretrained=False)
    classifier = registry.load(spec, registry.locate(spec))
    assert classifier.num_outputs == 21843
    found = classifier.outputs
    assert len(found.answers) == 1000 - len({int(i) for i in range(1000)} - set(found.answers.tolist()))
    synsets = timm.data.ImageNetInfo("imagenet-21k-goog").label_names()
    for place in (0, 500, len(found.answers) - 1):
        (output,) = found.outputs[place]
        assert synsets[output] == wordnet_id(int(found.answers[place]))
    assert len(found.ignored) + len(found.answers) == 21843


def test_no_name_is_refused():
    assert "offline" in sentence(registry.resolve, [])
    assert "3" in sentence(registry.resolve, [3])


def test_zoo_names_need_neither_torch_nor_timm():
    code = (
        "import sys, time; start = time.perf_counter()\n"
        "from objectpose.models import registry\n"
        "registry.resolve(['offline', 'paper38'])\n"
        "try: registry.resolve('vit_b61')\n"
        "except registry.ObjectPoseError: pass\n"
        "print(time.perf_counter() - start, 'timm' in sys.modules, 'torch' in sys.modules)"
    )
    seconds, *loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == ["False", "False"]
    assert float(seconds) < 1.0


def test_wrong_zoo_rows_are_refused():
    row = {"id": "timm:a.b", "groups": [], "data": ["in1k"], "loss": "l", "architecture": "a", "modality": "m"}
    row |= {"augmentation": "g", "parameters_m": 1, "gmacs": 1, "top1": 1}
    data = read_zoo().data

    def refused(**change):
        return sentence(parse_row, "x", {**row, **change}, data)

    assert parse_row("x", row, data).identifier == "a.b"
    assert "ftp:a" in refused(id="ftp:a")
    assert "'timm'" in refused(id="timm")
    assert "colour" in refused(colour=1)
    assert "'gmacs'" in refused(gmacs="many")
    assert "'paper'" in refused(paper=3)
    assert "in2k" in refused(data=["in2k"])
    assert "cannot be read" in refused(native="224")
    assert "top1" in sentence(parse_row, "x", {key: row[key] for key in row if key != "top1"}, data)


def test_paper2022_is_only_for_the_papers_networks():
    lite, vit = registry.resolve(["efficientnet_lite0", "vit_b16"])
    assert "efficientnet_lite0" in sentence(registry.preprocess_of, lite, "paper2022")
    assert "paper2022" in sentence(registry.preprocess_of, vit, "papr2022")
    assert registry.preprocess_of(vit).mean != registry.preprocess_of(vit, "paper2022").mean


@pytest.mark.parametrize("name", ["vit_b16", "timm:resnet50.tv_in1k"])
def test_without_a_network_one_sentence_says_what_works(no_hub, name, tmp_path):
    (spec,) = registry.resolve(name)
    start = time.perf_counter()
    text = sentence(registry.locate, spec, tmp_path)
    assert time.perf_counter() - start < 20
    for part in ("127.0.0.1:9", name, str(tmp_path / spec.identifier), "Hugging Face cache", "efficientnet_lite0"):
        assert part in text


def test_offline_mode_asks_nobody(no_hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in sentence(registry.locate, registry.resolve("vit_b16")[0])


def test_weights_outside_the_hub_give_their_address(no_hub):
    text = sentence(registry.locate, registry.resolve("timm:gcvit_tiny.in1k")[0])
    assert "gcvit_tiny_224_nvidia" in text


def test_a_folder_that_is_none_is_refused(tmp_path):
    assert "no folder" in sentence(registry.locate, zoo()["vit_b16"], tmp_path / "nowhere")


@pytest.mark.parametrize("name", [SMALL, VIT])
def test_a_local_file_gives_the_networks_own_logits(no_hub, tmp_path, name):
    (spec,) = registry.resolve(name)
    network = timm.create_model(spec.identifier).eval()
    save_file(network.state_dict(), tmp_path / f"{spec.identifier}.safetensors")
    classifier = registry.load(spec, registry.locate(spec, tmp_path))
    images = np.random.default_rng(0).integers(0, 256, (2, 317, 251, 3), dtype=np.uint8)
    transform = create_transform(**resolve_model_data_config(network), is_training=False)
    with torch.inference_mode():
        ready = torch.stack([transform(Image.fromarray(image)) for image in images])
        want = network(ready)
    assert want.std() > 0
    torch.testing.assert_close(classifier(images), want, rtol=1e-4, atol=1e-4 * float(want.abs().max()))
    assert "state_dict" not in classifier.module.pretrained_cfg


def test_a_pytorch_file_is_read_too(no_hub, small):
    folder, network = small
    (folder / "resnet10t.c3_in1k.safetensors").unlink()
    torch.save(network.state_dict(), folder / "resnet10t.c3_in1k.pth")
    (spec,) = registry.resolve(SMALL)
    loaded = registry.load(spec, registry.locate(spec, folder)).module.state_dict()
    assert all(torch.equal(value, loaded[key]) for key, value in network.state_dict().items())


class Payload:
    """Leaves a file behind if it is ever unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_file_that_carries_code_is_refused_and_not_run(no_hub, tmp_path):
    torch.save({"weight": Payload(tmp_path / "ran")}, tmp_path / "resnet10t.c3_in1k.pth")
    (spec,) = registry.resolve(SMALL)
    weights = registry.locate(spec, tmp_path)
    assert "more than tensors" in sentence(registry.load, spec, weights)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda raw: b"<!DOCTYPE html><html>Sign in</html>", "web page"),
        (lambda raw: b"", "empty"),
        (lambda raw: raw[: len(raw) // 2], "cannot be read"),
        (lambda raw: b"\x00" * 4096, "cannot be read"),
    ],
    ids=["web page", "empty", "truncated", "zeros"],
)
def test_damaged_files_are_refused(no_hub, small, damage, word):
    folder, _ = small
    path = folder / "resnet10t.c3_in1k.safetensors"
    path.write_bytes(damage(path.read_bytes()))
    (spec,) = registry.resolve(SMALL)
    text = sentence(lambda: registry.load(spec, registry.locate(spec, folder)))
    assert word in text
    assert str(path) in text


def test_the_file_of_another_network_is_refused(no_hub, small):
    folder, _ = small
    (folder / "resnet10t.c3_in1k.safetensors").rename(folder / "resnet14t.c3_in1k.safetensors")
    (spec,) = registry.resolve("timm:resnet14t.c3_in1k")
    assert "does not fit" in sentence(registry.load, spec, registry.locate(spec, folder))


def cache_as_the_hub_does(cache, source, blob_name):
    repository = cache / "models--timm--resnet10t.c3_in1k"
    for folder in ("blobs", "refs", "snapshots/abc"):
        (repository / folder).mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    blob = repository / "blobs" / blob_name
    blob.write_bytes(source.read_bytes())
    (repository / "snapshots" / "abc" / "model.safetensors").symlink_to(blob)


def test_a_cached_file_needs_no_network(no_hub, small):
    folder, _ = small
    (spec,) = registry.resolve(SMALL)
    source = folder / "resnet10t.c3_in1k.safetensors"
    digest = registry.locate(spec, folder).sha256
    cache_as_the_hub_does(folder / "cache", source, digest)
    assert registry.locate(spec).sha256 == digest


def test_a_cached_file_with_other_bytes_than_announced_is_refused(no_hub, small):
    folder, _ = small
    cache_as_the_hub_does(folder / "cache", folder / "resnet10t.c3_in1k.safetensors", "0" * 64)
    assert "sha256" in sentence(registry.locate, registry.resolve(SMALL)[0])


def test_class_names():
    assert [class_name(index) for index in (0, 846, 999)] == ["tench", "table lamp", "toilet tissue"]
    assert wordnet_id(847) == "n04389033"
    assert json.dumps([class_name(index) for index in range(1000)]).isascii()
    for index in (-1, 1000):
        assert "999" in sentence(class_name, index)
        assert "999" in sentence(wordnet_id, index)


def test_options_are_about_one_network(tmp_path):
    labels = tmp_path / "labels.txt"
    (spec,) = registry.resolve("timm:resnet18", {"checkpoint": "a/epoch_9.pth", "labels": str(labels)})
    assert (spec.name, spec.options.labels) == ("timm:resnet18@a/epoch_9", str(labels))
    mixed = registry.resolve(["vit_b16", {"name": "timm:resnet18", "checkpoint": "b.pth", "title": "mine"}])
    assert [spec.name for spec in mixed] == ["vit_b16", "mine"]
    assert "3 are named" in sentence(registry.resolve, "offline", {"checkpoint": "a.pth"})
    assert "prompts" in sentence(registry.resolve, "vit_b16", {"prompts": "single"})
    assert "checkpoint" in sentence(registry.resolve, [{"name": "vit_b16", "chekpoint": "a.pth"}])
    assert "text" in sentence(registry.resolve, [{"name": "vit_b16", "title": 3}])
    two = [{"name": "timm:resnet18", "checkpoint": f"{folder}/run/last.pth"} for folder in "ab"]
    assert "title" in sentence(registry.resolve, two)


def test_a_checkpoint_is_used_or_refused(tmp_path):
    text = sentence(registry.resolve, "efficientnet_lite0", {"checkpoint": "a.pth"})
    assert "timm:tf_efficientnet_lite0" in text


def test_a_recipe_of_the_users_own_comes_before_the_librarys():
    (spec,) = registry.resolve("vit_b16", {"preprocess": "224/232/bilinear/none"})
    assert registry.preprocess_of(spec) == Preprocess.parse("224/232/bilinear/none")
    assert "model.preprocess" in sentence(registry.preprocess_of, spec, "paper2022")


def test_untrained_networks_say_so_and_are_the_same_each_time():
    (spec,) = registry.resolve(SMALL, pretrained=False)
    assert spec.name.endswith("(untrained)")
    images = np.zeros((1, 40, 30, 3), np.uint8)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    first = registry.load(spec, registry.locate(spec))(images)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(registry.load(spec, registry.locate(spec))(images), first)
    assert registry.locate(spec).sha256 != registry.locate(registry.resolve(VIT, pretrained=False)[0]).sha256
    assert "checkpoint" in sentence(registry.resolve, SMALL, {"checkpoint": "a.pth"}, pretrained=False)
    assert "own weights" in sentence(registry.resolve, "a.b:build", pretrained=False)


SOURCE = """
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import Weights
from objectpose.models.adapter import Network
import torch

def exact_name(name): return name + ".exact"
def preparation(spec): return Preprocess.parse("8/8/bilinear/none")
def find(spec, weights_dir): return None
def locate(spec, weights_dir): return Weights(None, "0" * 64)
def recipe(spec, classes): return {"greeting": "hello"}
def build(spec, weights, classes):
    return Network(torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(192, 1000)), 1000)
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Return a function that installs a package with an entry point."""
    adapter._entry_points.cache_clear()
    adapter._foreign.cache_clear()
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(source, text, module):
        (tmp_path / f"{module}.py").write_text(text)
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{adapter.ENTRY_POINTS}]\n{source} = {module}\n")

    yield install
    adapter._entry_points.cache_clear()
    adapter._foreign.cache_clear()


def test_another_package_brings_a_source(installed):
    installed("lab", SOURCE, "lab_networks_a")
    assert "lab" in sources()
    (spec,) = registry.resolve("lab:net")
    assert (spec.name, registry.recipe_of(spec, "native")["greeting"]) == ("lab:net.exact", "hello")
    logits = registry.load(spec, registry.locate(spec))(np.zeros((2, 9, 9, 3), np.uint8))
    assert logits.shape == (2, 1000)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("def find(spec", "def find(spec, weights_dir): raise KeyError('x')\n\ndef found(spec", ["KeyError", "find"]),
        ("return Weights(", "1 / 0; return Weights(", ["ZeroDivisionError", "locate"]),
    ],
)
def test_what_a_source_raises_is_a_sentence(installed, old, new, words):
    assert old in SOURCE
    installed("lab", SOURCE.replace(old, new), f"lab_networks_{words[1]}")
    (spec,) = registry.resolve("lab:net")
    found = sentence(registry.find if words[1] == "find" else registry.locate, spec)
    assert all(word in found for word in ["'lab'", *words]), found


def test_a_source_that_passes_a_checkpoint_over_is_refused(installed, tmp_path):
    installed("lab", SOURCE, "lab_networks_passing")
    (spec,) = registry.resolve("lab:net", {"checkpoint": str(tmp_path / "a.pth")})
    assert "does not take model.checkpoint" in sentence(registry.locate, spec)


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("timm", SOURCE, ["'timm'", "ObjectPose itself"]),
        ("lab", "raise RuntimeError('no licence')", ["RuntimeError", "no licence"]),
        ("lab", SOURCE.replace("def recipe", "def recip"), ["lacks the functions recipe"]),
    ],
)
def test_a_source_that_cannot_be_used_is_refused(installed, source, text, words):
    module = f"lab_networks_{abs(hash(text))}_{source}"
    installed(source, text, module)
    found = sentence(registry.resolve, "lab:net")
    assert all(word in found for word in words), found
