"""Names, groups and sources of networks; weights files found, refused or loaded."""

import json
import subprocess
import sys
import time

import pytest
import timm
import torch
from huggingface_hub import constants
from safetensors.torch import save_file

from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name, wordnet_id
from objectpose.models import registry
from objectpose.models.preprocess import normalise
from objectpose.models.zoo import parse_row, zoo

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
    assert set(names("paper38")) == {"resnet50", "vit_b16", "convit_s", "beit_b16"}
    assert registry.resolve("resnet50") == registry.resolve(["resnet50", "timm:resnet50.tv_in1k"])


def test_a_bare_timm_name_is_stored_with_its_tag():
    (spec,) = registry.resolve("timm:resnet50")
    assert spec.identifier == "resnet50.a1_in1k"
    assert registry.resolve(["timm:resnet50.a1_in1k", "timm:resnet50"]) == [spec]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("vit_b61", ["'vit_b61'", "vit_b16", "timm:NAME"]),
        ("papper38", ["paper38"]),
        ("", ["efficientnet_lite0"]),
        ("torchvision:resnet50", ["torchvision:resnet50", "not supported", "timm:NAME", "offline"]),
        ("open_clip:ViT-B-16:openai", ["not supported", "timm:NAME"]),
        ("my_pkg.my_mod:build", ["callable", "my_pkg.my_mod:build", "not supported"]),
        ("timm:", ["names no network"]),
        ("timm:resnet5o", ["'resnet5o'", "resnet50"]),
        ("timm:resnet50.tv_in1", ["'tv_in1'", "resnet50.tv_in1k"]),
        ("timm:vit_base_patch16_224_sam", ["vit_base_patch16_224.sam_in1k"]),
        ("timm:vit_base_patch16_224.augreg_in21k", ["21843", "1000", "in1k"]),
        ("timm:vit_base_patch14_dinov2", ["no class outputs"]),
        ("timm:volo_d4_448", ["1.15", "not supported"]),
    ],
)
def test_what_cannot_be_resolved_ends_in_a_sentence(word, expected):
    text = sentence(registry.resolve, word)
    assert all(part in text for part in expected), text


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


@pytest.mark.parametrize("name", list(zoo()))
def test_zoo_rows_are_true(name):
    spec = zoo()[name]
    architecture = f"tf_{name}" if spec.source == "offline" else spec.identifier
    if spec.source == "timm":
        assert timm.is_model_pretrained(spec.identifier)
        assert registry.resolve(f"timm:{spec.identifier}")[0].identifier == spec.identifier
    with torch.device("meta"):
        network = timm.create_model(architecture)
    count = sum(parameter.numel() for parameter in network.parameters())
    assert spec.card.parameters_m == pytest.approx(count / 1e6, abs=0.05)


def test_wrong_zoo_rows_are_refused():
    row = {"source": "timm", "id": "a.b", "groups": [], "data": "d", "images": 1, "loss": "l", "architecture": "a"}
    row |= {"modality": "m", "augmentation": "g", "parameters_m": 1, "gmacs": 1, "top1": 1}
    assert parse_row("x", row).identifier == "a.b"
    assert "'x'" in sentence(parse_row, "x", {**row, "source": "ftp"})
    assert "colour" in sentence(parse_row, "x", {**row, "colour": 1})
    assert "top1" in sentence(parse_row, "x", {key: row[key] for key in row if key != "top1"})
    assert "'images'" in sentence(parse_row, "x", {**row, "images": "many"})


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
    size = classifier.preprocess.input_size_px
    images = torch.randint(0, 256, (2, size, size, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        want = network(normalise(images, classifier.preprocess).contiguous())
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
    assert "cannot be read" in sentence(registry.load, spec, weights)
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
