"""SimCLR's ResNet-50, whose weights someone else published, and users' checkpoints by path and from the hub."""

import time

import pytest
import torch
from huggingface_hub import constants
from torchvision import models
from torchvision.transforms import CenterCrop, Compose, Resize, ToTensor

from objectpose import hub
from objectpose.models import file_adapter, registry
from objectpose.models.checkpoint_file import find_checkpoint, hub_reference, num_outputs
from objectpose.models.spec import ModelOptions, ModelSpec
from tests.web_server import serving_as_hub
from tests.weights_files import BROKEN, assert_same_logits, bomb, opened, pictures, randomised, sentence

FILE = "resnet50-1x.pth"
REPOSITORY = "lightly-ai/simclrv1-imagenet1k-resnet50-1x"


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture
def fake_hub(monkeypatch, tmp_path):
    with serving_as_hub(monkeypatch, tmp_path / "cache") as http:
        yield http


def resolved(name="simclr_resnet50", **options):
    (spec,) = registry.resolve(name, options)
    return spec


def loaded(spec, folder=None):
    return registry.load(spec, registry.locate(spec, folder))


def by_hand(images):
    """Return the inputs as the converter of SimCLR's weights makes them: colours from 0 to 1, not normalised."""
    transform = Compose([Resize(256), CenterCrop(224), ToTensor()])
    return torch.stack([transform(image) for image in opened(images)])


@pytest.fixture(scope="module")
def network():
    return randomised(models.resnet50, by_hand(pictures(seed=1)))


@pytest.fixture(scope="module")
def published(network, tmp_path_factory):
    """The file as its repository has it: the tensors under ``state_dict``."""
    path = tmp_path_factory.mktemp("published") / FILE
    torch.save({"state_dict": network.state_dict()}, path)
    return path


@pytest.mark.parametrize("name", ["simclr_resnet50.pth", FILE])
def test_logits_equal_those_of_resnet50_by_hand(network, published, tmp_path, name):
    (tmp_path / name).symlink_to(published)
    spec = resolved()
    assert registry.find(spec, tmp_path) == tmp_path / name
    classifier = loaded(spec, tmp_path)
    images = pictures()
    with torch.inference_mode():
        want = network(by_hand(images))
    assert_same_logits(classifier(images), want)


def test_it_is_fetched_from_the_hub_once(network, published, fake_hub):
    served = fake_hub.add(FILE, published.read_bytes(), REPOSITORY)
    for _ in range(2):
        classifier = loaded(resolved())
    assert all(torch.equal(value, classifier.module.state_dict()[key]) for key, value in network.state_dict().items())
    assert [method for method, _ in served.log].count("GET") == 1
    assert registry.find(resolved()).name == FILE


def test_without_a_network_one_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    start = time.perf_counter()
    text = sentence(registry.locate, resolved(), tmp_path)
    assert time.perf_counter() - start < 10
    for word in ("could not reach http://127.0.0.1:9", REPOSITORY, str(tmp_path / FILE), "efficientnet_lite0"):
        assert word in text
    monkeypatch.setattr(hub, "_asked", lambda url: pytest.fail("asked again"))
    sentence(registry.locate, resolved(), tmp_path)


@pytest.mark.parametrize("damage", BROKEN)
def test_damaged_files_are_refused(published, tmp_path, damage):
    change, word = BROKEN[damage]
    path = tmp_path / "simclr_resnet50.pth"
    path.write_bytes(change(published.read_bytes()))
    text = sentence(loaded, resolved(), tmp_path)
    assert word in text
    assert str(path) in text


def test_code_in_a_file_does_not_run(tmp_path):
    bomb(tmp_path / FILE, tmp_path / "ran")
    assert "harmful" in sentence(loaded, resolved(), tmp_path)
    assert not (tmp_path / "ran").exists()


def test_another_architecture_is_refused(tmp_path):
    torch.save({"state_dict": models.mobilenet_v3_small().state_dict()}, tmp_path / FILE)
    assert "does not fit simclr_resnet50" in sentence(loaded, resolved(), tmp_path)


def test_an_own_file_in_its_place(network, published, tmp_path):
    spec = resolved(checkpoint=str(published))
    assert spec.name == f"simclr_resnet50@{published.parent.name}/resnet50-1x"
    assert registry.find(spec, tmp_path) == published
    assert registry.preprocess_of(spec).short == "224/256/bilinear/none"
    assert registry.locate(spec, tmp_path).path == published
    missing = resolved(checkpoint=str(tmp_path / "nowhere.pth"))
    assert registry.find(missing) is None
    assert "nowhere.pth" in sentence(registry.locate, missing)


def test_it_can_be_built_without_weights():
    (spec,) = registry.resolve("simclr_resnet50", pretrained=False)
    classifier = registry.load(spec, registry.locate(spec))
    assert classifier.num_outputs == 1000
    assert registry.recipe_of(spec, "native")["preprocess"]["mean"] == [0.0, 0.0, 0.0]


def test_the_architecture_is_checked_by_its_source():
    assert file_adapter.exact_name("torchvision:resnet50") == "torchvision:resnet50"
    assert "resnet50" in sentence(file_adapter.exact_name, "torchvision:resnet5O")


def test_references_to_the_hub():
    assert hub_reference("weights/net.pth") is None
    assert hub_reference("hub:a/b/c.pth") == ("a/b", "c.pth")
    assert hub_reference("hub:a/b/c/d.pth@main") == ("a/b@main", "c/d.pth")
    for wrong in ("hub:", "hub:a/b", "hub:a/b/", "hub:a/b/../c", "hub:a/b/c@"):
        assert "hub:OWNER/NAME/FILE" in sentence(hub_reference, wrong)


@pytest.mark.parametrize("name", ["torchvision:resnet18", "timm:resnet10t.c3_in1k", "simclr_resnet50"])
def test_checkpoints_by_path_and_from_the_hub_are_read_alike(name, tmp_path, fake_hub):
    (untrained,) = registry.resolve(name, pretrained=False)
    network = registry.load(untrained, registry.locate(untrained)).module
    path = tmp_path / "mine.pth"
    torch.save(network.state_dict(), path)
    fake_hub.add("deep/mine.pth", path.read_bytes(), revision="v1")
    specs = [resolved(name, checkpoint=text) for text in (str(path), "hub:someone/net/deep/mine.pth@v1")]
    first, second = (loaded(spec) for spec in specs)
    assert first.weights.sha256 == second.weights.sha256
    for classifier in (first, second):
        state = classifier.module.state_dict()
        assert all(torch.equal(value, state[key]) for key, value in network.state_dict().items())
    assert find_checkpoint(specs[1]).name == "mine.pth"


def test_labels_count_where_the_weights_are_the_users_own(tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("cat\ndog\n")
    options = {"labels": str(labels)}
    spec = ModelSpec("net", "torchvision", "resnet18", options=ModelOptions(**options))
    own = ModelSpec("net", "torchvision", "resnet18", options=ModelOptions(**options, checkpoint="x.pth"))
    random = ModelSpec("net", "torchvision", "resnet18", options=ModelOptions(**options), pretrained=False)
    assert [num_outputs(one, 1000) for one in (spec, own, random)] == [1000, 2, 2]
