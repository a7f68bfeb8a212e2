"""Networks of the Hugging Face hub: recipes against transformers' own processors, strict weights, labels, own files."""

import hashlib
import json

import pytest
import torch
import transformers
from huggingface_hub import constants
from safetensors.torch import load_file, save_file
from timm.data import ImageNetInfo

from objectpose.classes import IMAGENET, Classes
from objectpose.imagenet import class_name, class_names, wordnet_id
from objectpose.models import huggingface_adapter, huggingface_network, registry
from objectpose.models.huggingface_known import KNOWN
from objectpose.models.huggingface_recipe import recipe_of
from objectpose.models.labels import map_outputs
from objectpose.models.preprocess import geometry, normalise
from tests.web_server import serving_as_hub
from tests.weights_files import BROKEN, WRAPPERS, assert_same_logits, bomb, opened, pictures, randomised, sentence

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 64, "patch_size": 16}
HALF = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
KINDS = {
    "vit": (
        transformers.ViTConfig(**SMALL, intermediate_size=64, num_labels=1000),
        transformers.ViTImageProcessorPil(size={"height": 64, "width": 64}),
    ),
    "beit": (
        transformers.BeitConfig(**SMALL, intermediate_size=64, use_relative_position_bias=True, num_labels=1000),
        transformers.BeitImageProcessorPil(size={"height": 64, "width": 64}, resample=2, **HALF),
    ),
    "dinov2": (
        transformers.Dinov2Config(**SMALL, num_labels=1000),
        transformers.BitImageProcessorPil(size={"shortest_edge": 76}, crop_size={"height": 64, "width": 64}),
    ),
    "convnext": (
        transformers.ConvNextConfig(hidden_sizes=[8, 16, 24, 32], depths=[1, 1, 2, 1], num_labels=1000),
        transformers.ConvNextImageProcessorPil(size={"shortest_edge": 64}, crop_pct=0.875),
    ),
}
RECIPES = {
    "vit": "64/squash/bilinear/half",
    "beit": "64/squash/bilinear/half",
    "dinov2": "64/76/bicubic/clip/floor",
    "convnext": "64/73/bicubic/half/floor",
}


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    """An empty cache, and a process that may not fetch anything."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="module")
def networks():
    return {
        kind: randomised(lambda config=config: transformers.AutoModelForImageClassification.from_config(config))
        for kind, (config, _) in KINDS.items()
    }


@pytest.fixture
def cached(tmp_path):
    """Put files into the cache as the hub's client does."""

    def put(repository, files):
        folder = tmp_path / "cache" / f"models--{repository.replace('/', '--')}"
        for part in ("blobs", "refs", "snapshots/abc"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "refs" / "main").write_text("abc")
        for name, content in files.items():
            data = json.dumps(content).encode() if isinstance(content, dict) else content
            blob = folder / "blobs" / hashlib.sha256(data).hexdigest()
            blob.write_bytes(data)
            link = folder / "snapshots" / "abc" / name
            link.unlink(missing_ok=True)
            link.symlink_to(blob)
        return folder / "snapshots" / "abc"

    return put


def saved(network, processor, folder):
    """Return the files of a repository as transformers writes them."""
    with huggingface_network._silent():
        network.save_pretrained(folder)
    processor.save_pretrained(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def resolved(name, **options):
    (spec,) = registry.resolve(f"huggingface:{name}", options)
    return spec


def loaded(spec, folder=None):
    return registry.load(spec, registry.locate(spec, folder))


def inner_state(classifier):
    return classifier.module.network.state_dict()


def same(state, network):
    return all(torch.equal(value, state[key]) for key, value in network.state_dict().items())


@pytest.mark.parametrize("kind", KINDS)
def test_logits_equal_those_of_transformers_own_pipeline(networks, cached, tmp_path, kind, capfd):
    network, processor = networks[kind], KINDS[kind][1]
    cached("someone/net", saved(network, processor, tmp_path / "saved"))
    classifier = loaded(resolved("someone/net"))
    assert classifier.preprocess.short == RECIPES[kind]
    images = pictures()
    inputs = processor(opened(images), return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        want = network(inputs).logits
    assert_same_logits(classifier(images), want)
    assert classifier.num_outputs == 1000
    assert "Loading weights" not in capfd.readouterr().err


PROCESSORS = [
    ("ViT", {}),
    ("ViT", {"size": 97, "resample": 0, "image_mean": [0.5, 0.4, 0.3], "image_std": 0.25}),
    ("ViT", {"size": {"shortest_edge": 161}, "crop_size": 128, "do_center_crop": True}),
    ("DeiT", {}),
    ("DeiT", {"size": {"height": 193, "width": 193}, "crop_size": 160}),
    ("Beit", {}),
    ("Beit", {"size": 192, "do_normalize": False}),
    ("Bit", {}),
    ("Bit", {"size": 192, "crop_size": 161, "resample": 2}),
    ("Bit", {"size": {"height": 192, "width": 192}, "do_center_crop": False}),
    ("CLIP", {}),
    ("CLIP", {"size": {"shortest_edge": 400}, "crop_size": {"height": 385, "width": 385}, "resample": 1}),
    ("Siglip", {}),
    ("ConvNext", {}),
    ("ConvNext", {"size": 192, "crop_pct": 0.9}),
    ("ConvNext", {"size": {"shortest_edge": 400}}),
    ("Levit", {}),
    ("Levit", {"size": 192, "crop_size": 160}),
    ("MobileNetV1", {}),
    ("MobileNetV2", {}),
    ("Segformer", {}),
    ("Pvt", {}),
]


@pytest.mark.parametrize(("kind", "values"), PROCESSORS, ids=[f"{kind}-{values}" for kind, values in PROCESSORS])
def test_recipes_do_what_transformers_processors_do(kind, values):
    processor = getattr(transformers, f"{kind}ImageProcessorPil").from_dict(dict(values))
    recipe = recipe_of({**values, "image_processor_type": f"{kind}ImageProcessorFast"}, "", "net")
    images = pictures()
    mine = normalise(torch.from_numpy(geometry(images, recipe)), recipe)
    theirs = processor(opened(images), return_tensors="pt")["pixel_values"]
    torch.testing.assert_close(mine, theirs, rtol=0, atol=2e-6)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"image_processor_type": "PoolFormerImageProcessor"}, "PoolFormerImageProcessor"),
        ({"image_processor_type": "MobileViTImageProcessor"}, "MobileViTImageProcessor"),
        ({"image_processor_type": "ViTImageProcessor", "rescale_factor": 1.0}, "rescale_factor is 1.0"),
        ({"image_processor_type": "ViTImageProcessor", "do_rescale": False}, "do_rescale is False"),
        ({"image_processor_type": "ViTImageProcessor", "do_resize": False}, "do_resize is False"),
        ({"image_processor_type": "ViTImageProcessor", "do_pad": True}, "do_pad is True"),
        ({"image_processor_type": "ViTImageProcessor", "resample": 5}, "resample is 5"),
        ({"image_processor_type": "ViTImageProcessor", "size": {"height": 3, "width": 4}}, "no square"),
        ({"image_processor_type": "ViTImageProcessor", "size": {"shortest_edge": 224}}, "without a crop"),
        ({"image_processor_type": "BitImageProcessor", "crop_size": 256}, "padded"),
        ({"image_processor_type": "SegformerImageProcessor", "do_center_crop": True}, "do_center_crop"),
        ({}, "of strange"),
    ],
)
def test_a_processor_without_a_recipe_is_named(values, word):
    text = sentence(recipe_of, values, "strange", "net")
    assert word in text
    assert "model.preprocess" in text


# As their repositories have them.
STATED = {
    "google/vit-large-patch16-384": (
        {"do_normalize": True, "do_resize": True, **HALF, "resample": 2, "size": 384},
        "384/squash/bilinear/half",
    ),
    "microsoft/beit-base-patch16-224": (
        {
            **{"crop_size": 224, "do_center_crop": False, "do_normalize": True, "do_resize": True},
            **{"feature_extractor_type": "BeitFeatureExtractor", **HALF, "resample": 2, "size": 224},
        },
        "224/squash/bilinear/half",
    ),
    "facebook/dinov2-base-imagenet1k-1-layer": (
        {
            **{"crop_size": {"height": 224, "width": 224}, "do_center_crop": True, "do_convert_rgb": True},
            **{"do_normalize": True, "do_rescale": True, "do_resize": True, "resample": 3},
            **{"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
            **{"image_processor_type": "BitImageProcessor", "rescale_factor": 0.00392156862745098},
            "size": {"shortest_edge": 256},
        },
        "224/256/bicubic/imagenet/floor",
    ),
}


@pytest.mark.parametrize("name", STATED)
def test_known_networks_need_no_hub_to_be_checked(cached, name):
    values, short = STATED[name]
    spec = resolved(name)
    assert registry.preprocess_of(spec).short == short
    cached(name, {"preprocessor_config.json": values, "config.json": dict(KNOWN[name].config)})
    assert registry.preprocess_of(spec).short == short
    cached(name, {"preprocessor_config.json": {**values, "resample": 0}})
    text = sentence(registry.preprocess_of, spec)
    assert short in text
    assert short.replace("bilinear", "nearest").replace("bicubic", "nearest") in text


PARAMETERS_M = {
    "google/vit-base-patch16-224": 86.6,
    "google/vit-large-patch16-384": 304.7,
    "microsoft/beit-base-patch16-224": 86.5,
    "microsoft/beit-large-patch16-224": 304.4,
    "facebook/dinov2-small-imagenet1k-1-layer": 22.8,
    "facebook/dinov2-base-imagenet1k-1-layer": 88.1,
    "facebook/dinov2-large-imagenet1k-1-layer": 306.4,
}


@pytest.mark.parametrize("name", PARAMETERS_M)
def test_known_networks_are_built_without_the_hub(name):
    (spec,) = registry.resolve(f"huggingface:{name}", pretrained=False)
    with torch.device("meta"):
        network = huggingface_adapter.build(spec, None, IMAGENET)
        size = registry.preprocess_of(spec).input_size_px
        assert network.module.eval()(torch.empty(1, 3, size, size)).shape == (1, 1000)
    count = sum(parameter.numel() for parameter in network.module.parameters())
    assert count / 1e6 == pytest.approx(PARAMETERS_M[name], abs=0.05)
    assert (network.outputs, network.labels) == (1000, None)


def test_a_known_network_that_the_hub_says_otherwise_of_is_refused(cached, tmp_path, networks):
    name = "google/vit-base-patch16-224"
    save_file(networks["vit"].state_dict(), tmp_path / "google--vit-base-patch16-224.safetensors")
    cached(name, {"config.json": {**KNOWN[name].config, "layer_norm_eps": 1e-6}})
    text = sentence(registry.locate, resolved(name), tmp_path)
    assert "layer_norm_eps = 1e-06" in text
    assert "1e-12" in text


def test_names():
    assert resolved("google/vit-large-patch16-384@v1").name == "huggingface:google/vit-large-patch16-384@v1"
    assert "google/vit-large-patch16-384" in sentence(registry.resolve, "huggingface:vit-large-patch16-384")
    assert "OWNER/NAME" in sentence(registry.resolve, "huggingface:a/b/c d")


def test_offline_the_sentences_say_what_to_do(tmp_path):
    text = sentence(registry.locate, resolved("google/vit-large-patch16-384"), tmp_path)
    for word in ("HF_HUB_OFFLINE", str(tmp_path / "google--vit-large-patch16-384.safetensors"), "efficientnet_lite0"):
        assert word in text
    text = sentence(registry.preparation_of, resolved("someone/net"))
    assert "preprocessor_config.json" in text
    assert "model.preprocess" in text
    assert registry.find(resolved("someone/net")) is None


@pytest.mark.parametrize("stem", ["google--vit-base-patch16-224", "mine"])
def test_a_file_in_weights_dir_is_found(tmp_path, stem):
    (tmp_path / f"{stem}.bin").write_bytes(b"x")
    spec = resolved("google/vit-base-patch16-224", title="mine")
    assert registry.find(spec, tmp_path) == tmp_path / f"{stem}.bin"


@pytest.fixture
def repository(networks, cached, tmp_path):
    """The small ViT as a repository in the cache; the folder of its files."""
    return cached("someone/net", saved(networks["vit"], KINDS["vit"][1], tmp_path / "saved"))


def test_a_pickle_of_tensors_with_older_names_is_read(networks, repository):
    state = load_file(repository / "model.safetensors")
    assert set(state) != set(networks["vit"].state_dict())
    (repository / "model.safetensors").unlink()
    torch.save(state, repository / "pytorch_model.bin")
    assert same(inner_state(loaded(resolved("someone/net"))), networks["vit"])


@pytest.mark.parametrize("older", [True, False], ids=["older names", "names of today"])
@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_an_own_checkpoint_is_taken_out_of_its_wrapping(networks, repository, tmp_path, wrapper, older):
    state = load_file(repository / "model.safetensors") if older else networks["vit"].state_dict()
    torch.save(WRAPPERS[wrapper](state), tmp_path / "mine.pth")
    classifier = loaded(resolved("someone/net", checkpoint=str(tmp_path / "mine.pth")))
    assert same(inner_state(classifier), networks["vit"])


def test_tensors_that_do_not_fit_are_counted(networks, repository, tmp_path):
    state = dict(networks["vit"].state_dict())
    del state["vit.layernorm.weight"]
    state["vit.extra"] = torch.zeros(1)
    state["classifier.weight"] = torch.zeros(7, 32)
    torch.save(state, tmp_path / "mine.pth")
    text = sentence(loaded, resolved("someone/net", checkpoint=str(tmp_path / "mine.pth")))
    assert "1 missing (vit.layernorm.weight)" in text
    assert "1 unexpected (vit.extra)" in text
    assert "1 mis-shaped (classifier.weight is 7 x 32, not 1000 x 32)" in text


def test_the_file_of_another_architecture_is_refused(networks, repository, tmp_path):
    torch.save(networks["convnext"].state_dict(), tmp_path / "mine.pth")
    text = sentence(loaded, resolved("someone/net", checkpoint=str(tmp_path / "mine.pth")))
    assert "missing" in text
    assert "unexpected" in text


@pytest.mark.parametrize("damage", BROKEN)
def test_damaged_files_are_refused(networks, repository, tmp_path, damage):
    change, word = BROKEN[damage]
    path = tmp_path / "someone--net.pth"
    torch.save(networks["vit"].state_dict(), path)
    path.write_bytes(change(path.read_bytes()))
    text = sentence(loaded, resolved("someone/net"), tmp_path)
    assert word in text
    assert str(path) in text


def test_code_in_a_file_does_not_run(repository, tmp_path):
    bomb(tmp_path / "bomb.pth", tmp_path / "ran")
    assert "harmful" in sentence(loaded, resolved("someone/net", checkpoint=str(tmp_path / "bomb.pth")))
    (repository / "model.safetensors").unlink()
    bomb(repository / "pytorch_model.bin", tmp_path / "ran")
    assert "harmful" in sentence(loaded, resolved("someone/net"))
    assert not (tmp_path / "ran").exists()


def test_cached_bytes_that_the_hub_did_not_announce_are_refused(repository):
    blob = (repository / "model.safetensors").resolve()
    blob.write_bytes(blob.read_bytes()[:-1] + b"x")
    assert "the hub announced" in sentence(registry.locate, resolved("someone/net"))


def test_a_network_without_a_head_is_refused(repository, cached):
    config = json.loads((repository / "config.json").read_text())
    cached("someone/net", {"config.json": {**config, "architectures": ["ViTModel"]}})
    text = sentence(loaded, resolved("someone/net"))
    assert "ViTModel" in text
    assert "no head" in text
    cached("someone/net", {"config.json": {**config, "model_type": "unheard"}})
    assert "unheard" in sentence(loaded, resolved("someone/net"))


def config_with(names):
    return transformers.ViTConfig(**SMALL, id2label=dict(enumerate(names)))


def test_labels_in_imagenets_order_are_recognised():
    usual = [", ".join(class_names(index)) for index in range(1000)]
    assert huggingface_network.labels(config_with(usual), known=False) is None
    assert huggingface_network.labels(config_with([wordnet_id(index) for index in range(1000)]), known=False) is None
    assert huggingface_network.labels(config_with([f"LABEL_{index}" for index in range(1000)]), known=False) is None
    other = usual[::-1]
    assert huggingface_network.labels(config_with(other), known=False) == other
    assert huggingface_network.labels(config_with(["cat", "dog"]), known=False) == ["cat", "dog"]


LARGER = {
    11221: "imagenet-21k-miil",
    11821: "imagenet-12k",
    21841: "imagenet-22k",
    21842: "imagenet-22k-ms",
    21843: "imagenet-21k-goog",
}


@pytest.mark.parametrize("outputs", LARGER)
def test_labels_of_a_larger_imagenet_are_its_ids(outputs):
    info = ImageNetInfo(LARGER[outputs])
    ids, names = info.label_names(), info.label_descriptions()
    names[::30] = ["a word of theirs"] * len(names[::30])
    assert huggingface_network.labels(config_with(names), known=False) == ids
    assert huggingface_network.labels(config_with(ids), known=False) == ids
    found = map_outputs(ids, IMAGENET, "x")
    assert all(ids[group[0]] == wordnet_id(index) for index, group in zip(found.answers, found.outputs, strict=True))
    shifted = names[1:] + names[:1]
    text = sentence(huggingface_network.labels, config_with(shifted), False, "someone/net")
    for word in ("someone/net", f"{outputs:,} outputs", "model.labels"):
        assert word in text
    own = Classes("own.txt", ("zebra", "benthos"))
    assert huggingface_network.labels(config_with(shifted), False, "someone/net", own) == shifted


def test_labels_numbered_with_holes_are_in_the_order_of_their_numbers():
    info = ImageNetInfo("imagenet-22k")
    numbers = [number for number in range(21843) if number not in (9205, 15027)]
    config = transformers.ViTConfig(**SMALL, id2label=dict(zip(numbers, info.label_descriptions(), strict=True)))
    assert huggingface_network.labels(config, known=False) == info.label_names()
    config = transformers.ViTConfig(**SMALL, id2label={0: "zebra", 2: "tank"})
    assert huggingface_network.labels(config, known=False) == ["zebra", "-"]


def test_a_background_before_imagenet_is_no_answer():
    names = ["background", *(", ".join(class_names(index)) for index in range(1000))]
    labels = huggingface_network.labels(config_with(names), known=False)
    assert labels == ["-", *(wordnet_id(index) for index in range(1000))]
    assert "1,001 outputs" in sentence(huggingface_network.labels, config_with(names[::-1]), False)


def test_labels_with_several_names_in_another_order_are_found(cached, tmp_path):
    names = [", ".join(class_names(index)) for index in range(999, -1, -1)]
    config = transformers.ViTConfig(**SMALL, intermediate_size=64, id2label=dict(enumerate(names)))
    network = randomised(lambda: transformers.AutoModelForImageClassification.from_config(config))
    cached("someone/net", saved(network, KINDS["vit"][1], tmp_path / "saved"))
    outputs = loaded(resolved("someone/net")).outputs
    # Nothing tells which crane is the bird.
    assert outputs.ignored == ("crane", "crane")
    assert outputs.answers.tolist() == [index for index in range(1000) if index not in (134, 517)]
    assert outputs.outputs == tuple((999 - index,) for index in outputs.answers)


def test_labels_of_the_users_come_before_labels_that_say_nothing(cached, tmp_path):
    config = transformers.ViTConfig(**SMALL, intermediate_size=64, num_labels=1203)
    network = randomised(lambda: transformers.AutoModelForImageClassification.from_config(config))
    cached("someone/net", saved(network, KINDS["vit"][1], tmp_path / "saved"))
    assert "1,203 outputs (such as LABEL_0" in sentence(loaded, resolved("someone/net"))
    (tmp_path / "labels.txt").write_text("tank\nzebra\n" + "-\n" * 1201)
    classifier = loaded(resolved("someone/net", labels=str(tmp_path / "labels.txt")))
    assert classifier.outputs.outputs == ((1,), (0,))


def test_a_network_with_its_own_labels_answers_what_it_can(tmp_path, cached):
    names = [class_name(207), "no such thing", class_name(281)]
    config = transformers.ViTConfig(**SMALL, intermediate_size=64, id2label=dict(enumerate(names)))
    network = randomised(lambda: transformers.AutoModelForImageClassification.from_config(config))
    cached("someone/net", saved(network, KINDS["vit"][1], tmp_path / "saved"))
    classifier = loaded(resolved("someone/net"))
    assert classifier.num_outputs == 3
    assert classifier.outputs.answers.tolist() == [207, 281]
    assert classifier.outputs.ignored == ("no such thing",)


def test_an_own_checkpoint_with_an_own_head(repository, tmp_path):
    network = transformers.ViTForImageClassification(
        transformers.ViTConfig(**SMALL, intermediate_size=64, num_labels=2)
    )
    torch.save(network.state_dict(), tmp_path / "two.pth")
    (tmp_path / "labels.txt").write_text("n02123045\nn02085620\n")
    options = {"checkpoint": str(tmp_path / "two.pth"), "labels": str(tmp_path / "labels.txt")}
    classifier = loaded(resolved("someone/net", **options))
    assert classifier.num_outputs == 2
    assert same(inner_state(classifier), network)


@pytest.fixture
def fake_hub(monkeypatch, tmp_path):
    with serving_as_hub(monkeypatch, tmp_path / "cache") as http:
        yield http


def test_everything_is_fetched_from_the_hub_once(networks, tmp_path, fake_hub):
    files = saved(networks["dinov2"], KINDS["dinov2"][1], tmp_path / "saved")
    served = {name: fake_hub.add(name, data) for name, data in files.items()}
    for _ in range(2):
        classifier = loaded(resolved("someone/net"))
    assert classifier.preprocess.short == RECIPES["dinov2"]
    assert same(inner_state(classifier), networks["dinov2"])
    assert {name: [method for method, _ in one.log].count("GET") for name, one in served.items()} == {
        "config.json": 1,
        "preprocessor_config.json": 1,
        "model.safetensors": 1,
    }


def test_a_hub_without_weights_is_a_sentence(tmp_path, fake_hub):
    fake_hub.add("config.json", json.dumps(KINDS["vit"][0].to_dict()).encode())
    text = sentence(loaded, resolved("someone/net", preprocess="64/squash/bilinear/half"), tmp_path)
    assert "model.safetensors, pytorch_model.bin" in text
    assert str(tmp_path / "someone--net.safetensors") in text
