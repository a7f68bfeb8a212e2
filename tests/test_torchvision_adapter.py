"""Networks of torchvision: names, recipes, files found or refused, and the library's own answers."""

import re

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import save_file
from torchvision import models

from objectpose.classes import IMAGENET
from objectpose.models import registry, torchvision_adapter
from objectpose.models.preprocess import geometry, normalise
from tests.weights_files import BROKEN, WRAPPERS, assert_same_logits, bomb, opened, pictures, randomised, sentence

NAME, TAG = "mobilenet_v3_small", "IMAGENET1K_V1"
FILENAME = "mobilenet_v3_small-047dcff4.pth"


@pytest.fixture(autouse=True)
def empty_downloads(monkeypatch, tmp_path):
    """No downloads of torch's, and a process that may not fetch any."""
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="module")
def network():
    return randomised(lambda: models.get_model(NAME, weights=None), theirs(f"{NAME}:{TAG}", pictures(seed=1)))


def theirs(identifier, images):
    """Return the inputs that torchvision's own transform makes."""
    name, tag = identifier.split(":")
    transform = models.get_model_weights(name)[tag].transforms()
    return torch.stack([transform(image) for image in opened(images)])


def resolved(name=f"torchvision:{NAME}:{TAG}", **options):
    (spec,) = registry.resolve(name, options)
    return spec


def loaded(spec, folder=None):
    return registry.load(spec, registry.locate(spec, folder))


def same_state(module, network):
    mine = module.state_dict()
    return all(torch.equal(value, mine[key]) for key, value in network.state_dict().items())


def test_names():
    assert resolved("torchvision:resnet50:imagenet1k_v1").identifier == "resnet50:IMAGENET1K_V1"
    assert resolved("torchvision:resnet50:DEFAULT").identifier == "resnet50:IMAGENET1K_V2"
    assert resolved("torchvision:vit_h_14:IMAGENET1K_SWAG_E2E_V1").name == "torchvision:vit_h_14:IMAGENET1K_SWAG_E2E_V1"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("torchvision:resnet5O", ["'resnet5O'", "resnet50"]),
        ("torchvision:resnet50:IMAGENET1K_V3", ["'IMAGENET1K_V3'", "IMAGENET1K_V1", "IMAGENET1K_V2"]),
        ("torchvision:fasterrcnn_resnet50_fpn", ["does not classify"]),
        ("torchvision:quantized_resnet50", ["does not classify", "resnet50"]),
        ("torchvision:r3d_18", ["does not classify"]),
        ("torchvision:vgg16:IMAGENET1K_FEATURES", ["only features", "IMAGENET1K_V1"]),
    ],
)
def test_what_is_no_classifier_ends_in_a_sentence(name, words):
    text = sentence(registry.resolve, name)
    assert all(word in text for word in words), text


def test_a_name_without_weights_lists_them():
    spec = resolved("torchvision:resnet50")
    for call in (registry.preparation_of, registry.locate):
        text = sentence(call, spec)
        assert "torchvision:resnet50:IMAGENET1K_V1, torchvision:resnet50:IMAGENET1K_V2" in text
        assert "model.checkpoint" in text


CLASSIFYING = [
    (name, member.name)
    for name in models.list_models(module=models)
    for member in models.get_model_weights(name)
    if member.meta["categories"]
]


def test_every_weights_entry_has_a_recipe_and_a_hash():
    assert len(CLASSIFYING) > 100
    for name, tag in CLASSIFYING:
        spec = resolved(f"torchvision:{name}:{tag}")
        stated = models.get_model_weights(name)[tag].transforms()
        recipe = registry.preprocess_of(spec)
        assert (recipe.input_size_px, recipe.resize_px) == (stated.crop_size[0], stated.resize_size[0])
        assert (recipe.mean, recipe.std) == (tuple(stated.mean), tuple(stated.std))
        assert recipe.interpolation == stated.interpolation.value
        _, filename, prefix = torchvision_adapter._address(spec)
        assert re.fullmatch(r".+-[0-9a-f]{8,}\.pth", filename)
        assert f"-{prefix}." in filename


RECIPES = {"resnet50:IMAGENET1K_V2", "efficientnet_b1:IMAGENET1K_V1", "efficientnet_v2_l:IMAGENET1K_V1"}


@pytest.mark.parametrize("identifier", sorted(RECIPES))
def test_inputs_equal_torchvisions_own(identifier):
    recipe = registry.preprocess_of(resolved(f"torchvision:{identifier}"))
    images = pictures()
    assert torch.equal(normalise(torch.from_numpy(geometry(images, recipe)), recipe), theirs(identifier, images))


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
def test_logits_equal_those_of_torchvisions_own_pipeline(network, tmp_path, suffix):
    path = tmp_path / f"{NAME}_{TAG}{suffix}"
    save_file(network.state_dict(), path) if suffix == ".safetensors" else torch.save(network.state_dict(), path)
    classifier = loaded(resolved(), tmp_path)
    images = pictures()
    with torch.inference_mode():
        want = network(theirs(f"{NAME}:{TAG}", images))
    assert_same_logits(classifier(images), want)
    assert classifier.num_outputs == 1000


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_an_own_checkpoint_is_taken_out_of_its_wrapping(network, tmp_path, wrapper):
    path = tmp_path / "mine.pth"
    torch.save(WRAPPERS[wrapper](network.state_dict()), path)
    classifier = loaded(resolved(f"torchvision:{NAME}", checkpoint=str(path)))
    assert same_state(classifier.module, network)
    assert registry.preprocess_of(classifier.spec).short == "224/256/bilinear/imagenet"


def test_an_own_checkpoint_with_an_own_head(tmp_path):
    network = randomised(lambda: models.get_model(NAME, weights=None, num_classes=3))
    torch.save(network.state_dict(), tmp_path / "three.pth")
    (tmp_path / "labels.txt").write_text("n02123045\nn02085620\n-\n")
    options = {"checkpoint": str(tmp_path / "three.pth"), "labels": str(tmp_path / "labels.txt")}
    classifier = loaded(resolved(f"torchvision:{NAME}", **options))
    assert classifier.num_outputs == 3
    assert classifier.outputs.answers.tolist() == [151, 281]
    text = sentence(loaded, resolved(f"torchvision:{NAME}", checkpoint=options["checkpoint"]))
    assert "has 3 outputs, where 1000 are expected (classifier.3.weight is 3 x 1024, not 1000 x 1024)" in text
    assert "model.labels=FILE" in text


def test_the_file_of_another_architecture_is_refused(network, tmp_path):
    torch.save(network.state_dict(), tmp_path / "mine.pth")
    text = sentence(loaded, resolved("torchvision:resnet18", checkpoint=str(tmp_path / "mine.pth")))
    assert re.search(r"\d+ missing .*\d+ unexpected", text)


@pytest.mark.parametrize("damage", BROKEN)
def test_damaged_files_are_refused(network, tmp_path, damage):
    change, word = BROKEN[damage]
    path = tmp_path / f"{NAME}_{TAG}.pth"
    torch.save(network.state_dict(), path)
    path.write_bytes(change(path.read_bytes()))
    text = sentence(loaded, resolved(), tmp_path)
    assert word in text
    assert str(path) in text


def test_code_in_a_file_does_not_run(tmp_path):
    bomb(tmp_path / "bomb.pth", tmp_path / "ran")
    text = sentence(loaded, resolved(f"torchvision:{NAME}", checkpoint=str(tmp_path / "bomb.pth")))
    assert "may be harmful" in text
    assert not (tmp_path / "ran").exists()


def test_a_missing_checkpoint_is_named(tmp_path):
    spec = resolved(f"torchvision:{NAME}", checkpoint=str(tmp_path / "nowhere.pth"))
    assert registry.find(spec) is None
    assert str(tmp_path / "nowhere.pth") in sentence(registry.locate, spec)


def test_files_are_found_in_their_order(tmp_path):
    spec = resolved()
    downloads = tmp_path / "hub" / "checkpoints"
    downloads.mkdir(parents=True)
    for path in (downloads / FILENAME, tmp_path / FILENAME, tmp_path / f"{NAME}_{TAG}.pth"):
        path.write_bytes(b"x")
        assert registry.find(spec, tmp_path) == path
    assert registry.find(spec) == downloads / FILENAME


@pytest.mark.parametrize("place", ["weights_dir", "downloads"])
def test_a_file_under_the_servers_name_must_have_its_hash(network, tmp_path, place):
    folder = tmp_path if place == "weights_dir" else tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / FILENAME)
    text = sentence(registry.locate, resolved(), tmp_path)
    assert str(folder / FILENAME) in text
    assert "047dcff4" in text
    assert "delete" in text


def test_without_a_network_the_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr("objectpose.download.reachable", lambda origin: False)
    text = sentence(registry.locate, resolved(), tmp_path)
    for word in ("could not reach download.pytorch.org", str(tmp_path / FILENAME), "efficientnet_lite0"):
        assert word in text


def test_offline_the_sentence_says_what_to_do(tmp_path):
    text = sentence(registry.locate, resolved(), tmp_path)
    assert "HF_HUB_OFFLINE" in text
    assert str(tmp_path / FILENAME) in text


OLD = [  # names that tensors had when the files were published, and an architecture of that kind
    ("densenet121", r"(denselayer\d+)\.(norm|conv)([12])\.", r"\1.\2.\3."),
    ("vit_b_32", r"mlp\.0\.", "mlp.linear_1."),
    ("vit_b_32", r"mlp\.3\.", "mlp.linear_2."),
]


@pytest.mark.parametrize(("name", "pattern", "old"), OLD)
def test_files_with_older_names_fit(name, pattern, old):
    with torch.device("meta"):
        wanted = models.get_model(name, weights=None).state_dict()
    published = {re.sub(pattern, old, key): value for key, value in wanted.items()}
    assert published.keys() != wanted.keys()
    assert torchvision_adapter._renamed(published).keys() == wanted.keys()


def test_a_file_with_older_names_is_loaded(tmp_path):
    network = models.get_model("densenet121", weights=None)
    _, pattern, old = OLD[0]
    torch.save({re.sub(pattern, old, key): value for key, value in network.state_dict().items()}, tmp_path / "old.pth")
    classifier = loaded(resolved("torchvision:densenet121", checkpoint=str(tmp_path / "old.pth")))
    assert same_state(classifier.module, network)


@pytest.mark.parametrize("name", ["mnasnet0_5", "squeezenet1_1", "shufflenet_v2_x0_5"])
def test_peculiar_networks_load(name, tmp_path):
    network = randomised(lambda: models.get_model(name, weights=None))
    torch.save(dict(network.state_dict()), tmp_path / "mine.pth")
    classifier = loaded(resolved(f"torchvision:{name}", checkpoint=str(tmp_path / "mine.pth")))
    assert same_state(classifier.module, network)


def test_networks_with_side_heads_answer_as_torchvisions_published_ones(tmp_path):
    options = {"aux_logits": True, "transform_input": True, "init_weights": False}
    inputs = theirs("googlenet:IMAGENET1K_V1", images := pictures())
    published = randomised(lambda: models.get_model("googlenet", weights=None, **options), inputs)
    torch.save(published.state_dict(), tmp_path / "mine.pth")
    classifier = loaded(resolved("torchvision:googlenet", checkpoint=str(tmp_path / "mine.pth")))
    with torch.inference_mode():
        want = published(inputs)
        published.transform_input = False
        other = published(inputs)
    assert_same_logits(classifier(images), want)
    assert (other - want).abs().max() > 1e-3 * want.abs().max()


def test_the_papers_largest_networks_are_built():
    for name in ("swag_vit_l16_512", "swag_vit_h14_518"):
        (spec,) = registry.resolve(name, pretrained=False)
        with torch.device("meta"):
            network = torchvision_adapter.build(spec, None, IMAGENET)
            size = registry.preprocess_of(spec).input_size_px
            assert network.module.eval()(torch.empty(1, 3, size, size)).shape == (1, 1000)


def test_untrained_networks_need_no_tag_and_repeat():
    (spec,) = registry.resolve(f"torchvision:{NAME}", pretrained=False)
    first, second = (registry.load(spec, registry.locate(spec)) for _ in range(2))
    assert same_state(first.module, second.module)
