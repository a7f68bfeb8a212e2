"""Weights files of training scripts: wrappers taken off, nothing loaded in silence, no code run."""

import argparse
import copy
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file
from torch import nn

from objectpose.errors import ObjectPoseError
from objectpose.models import registry
from objectpose.models.checkpoint import fit, read_state

NAME = "timm:resnet10t.c3_in1k"


def sentence(call, *args, **kwargs):
    with pytest.raises(ObjectPoseError) as caught:
        call(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(3)
    return timm.create_model("resnet10t").eval()


def loaded(path, labels=None):
    (spec,) = registry.resolve(NAME, {"checkpoint": str(path), "labels": labels})
    return registry.load(spec, registry.locate(spec)).module


def other(state):
    return {key: torch.zeros_like(value) for key, value in state.items()}


def prefixed(prefix, state):
    return {prefix + key: value for key, value in state.items()}


WRAPPERS = {
    "bare": lambda state: state,
    "state_dict": lambda state: {"state_dict": state, "epoch": 3, "optimizer": {"lr": 0.1}},
    "DataParallel": lambda state: {"model": prefixed("module.", state), "arch": "resnet10t"},
    "torch.compile in Lightning": lambda state: {"state_dict": prefixed("model._orig_mod.", state)},
    "moving average first": lambda state: {"state_dict": other(state), "state_dict_ema": state},
    "moving average of a wrapper": lambda state: {"model": other(state), "model_ema": prefixed("module.", state)},
}


WRAPPERS["torch.optim.swa_utils"] = lambda state: {
    "model": other(state),
    "model_ema": {"n_averaged": torch.tensor(7), **prefixed("module.", state)},
}
WRAPPERS["torchvision's reference script"] = lambda state: {
    "model": prefixed("module.", state),
    "args": argparse.Namespace(lr=0.1, out=Path("runs/1")),
    "best": np.float64(71.2),
    "step": np.int64(9),
}


@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_what_training_scripts_save_is_read(network, tmp_path, wrap):
    torch.save(wrap(network.state_dict()), tmp_path / "last.pth")
    found = loaded(tmp_path / "last.pth").state_dict()
    assert all(torch.equal(value, found[key]) for key, value in network.state_dict().items())


def test_a_head_of_another_size_needs_labels(network, tmp_path):
    small = copy.deepcopy(network)
    small.reset_classifier(3)
    save_file(small.state_dict(), tmp_path / "three.safetensors")
    text = sentence(loaded, tmp_path / "three.safetensors")
    for words in ("has 3 outputs, where 1000 are expected", "fc.bias is 3, not 1000", "model.labels"):
        assert words in text, text
    (tmp_path / "labels.txt").write_text("tank\njeep\nforklift\n")
    assert loaded(tmp_path / "three.safetensors", str(tmp_path / "labels.txt")).fc.weight.shape == (3, 512)


def test_what_is_missing_unexpected_and_mis_shaped_is_named(tmp_path):
    module = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    state = {
        "0.weight": torch.zeros(3, 2),
        "0.bias": torch.zeros(4),
        "1.weight": torch.zeros(1, 3),
        "2.bias": torch.ones(1),
    }
    text = sentence(fit, module, state, tmp_path / "a.pth", "mine")
    for words in ("of its 4 tensors", "1 missing (1.bias)", "1 unexpected (2.bias)", "0.bias is 4, not 3", "mine"):
        assert words in text, text
    assert module[0].weight.abs().sum() > 0


def test_an_old_names_file_is_renamed_by_timm_but_never_resized(tmp_path):
    vit = timm.create_model("vit_tiny_patch16_224", img_size=224)
    state = vit.state_dict()
    smaller = {**state, "pos_embed": torch.zeros(1, 1 + 36, 192)}
    torch.save(smaller, tmp_path / "small.pth")
    (spec,) = registry.resolve("timm:vit_tiny_patch16_224", {"checkpoint": str(tmp_path / "small.pth")})
    assert "pos_embed is 1 x 37 x 192, not 1 x 197 x 192" in sentence(registry.load, spec, registry.locate(spec))


class Payload:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_with_code_is_refused_and_not_run(tmp_path):
    torch.save({"state_dict": {"fc.weight": Payload(tmp_path / "ran")}}, tmp_path / "bomb.pth")
    text = sentence(loaded, tmp_path / "bomb.pth")
    assert "more than tensors" in text
    assert "state_dict()" in text
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.pth", b"<!DOCTYPE html><html>", "web page"),
        ("pointer.pth", b"version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer"),
        ("none.pth", b"", "empty"),
        ("zeros.pth", b"\x00" * 4096, "damaged"),
        ("zeros.safetensors", b"\x00" * 4096, "damaged"),
    ],
)
def test_what_is_no_weights_file_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    assert words in sentence(loaded, tmp_path / name)


def test_a_file_of_the_old_format_is_refused_wherever_it_is_cut(tmp_path):
    torch.save({"a": torch.zeros(3)}, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    raw = (tmp_path / "old.pth").read_bytes()
    for length in range(1, len(raw) - 12, 3):
        (tmp_path / "cut.pth").write_bytes(raw[:length])
        sentence(read_state, tmp_path / "cut.pth", "mine")


def test_a_truncated_file_is_refused(network, tmp_path):
    torch.save(network.state_dict(), tmp_path / "whole.pth")
    raw = (tmp_path / "whole.pth").read_bytes()
    (tmp_path / "half.pth").write_bytes(raw[: len(raw) // 2])
    assert "damaged" in sentence(loaded, tmp_path / "half.pth")


def test_a_file_without_tensors_is_refused(tmp_path):
    torch.save({"epoch": 3, "lr": 0.1}, tmp_path / "a.pth")
    assert "epoch, lr" in sentence(read_state, tmp_path / "a.pth", "mine")
    torch.save([torch.zeros(2)], tmp_path / "b.pth")
    assert "list" in sentence(read_state, tmp_path / "b.pth", "mine")


def test_a_checkpoint_of_another_architecture_is_refused(tmp_path):
    torch.save(timm.create_model("resnet14t").state_dict(), tmp_path / "other.pth")
    assert "unexpected" in sentence(loaded, tmp_path / "other.pth")


def test_a_path_that_is_no_file_is_refused(tmp_path):
    assert "no weights file" in sentence(loaded, tmp_path / "nowhere.pth")
    assert "folder" in sentence(loaded, tmp_path)
