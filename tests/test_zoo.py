"""The zoo's table: every row is what its library has, and every network of the paper is fed as the paper's code did."""

import csv
import re
from functools import cache
from pathlib import Path

import open_clip
import pytest
import timm
from timm.data import resolve_data_config
from torchvision.models import get_model_weights

from benchmarks import zoo_cost
from objectpose.imagenet import bare
from objectpose.models import registry, zoo
from objectpose.models.recipe import NORMALISATIONS, Preprocess

LOSSES = {
    "supervised",
    "supervised head",
    "weakly supervised",
    "semi-weakly supervised",
    "noisy student",
    "distillation",
    "self-distillation",
    "self-supervised contrastive",
    "masked image modelling",
    "masked image-text modelling",
    "contrastive image-text",
    "sigmoid image-text",
    "captioning",
}
# What the preprocessors of the Hugging Face hub state, and the file of SimCLR: not in any installed library.
STATED = {
    "google/vit-large-patch16-384": "384/squash/bilinear/half",
    "facebook/dinov2-small-imagenet1k-1-layer": "224/256/bicubic/imagenet/floor",
    "facebook/dinov2-base-imagenet1k-1-layer": "224/256/bicubic/imagenet/floor",
    "facebook/dinov2-large-imagenet1k-1-layer": "224/256/bicubic/imagenet/floor",
    "torchvision:resnet50": "224/256/bilinear/none",
}
NAMES = list(zoo.zoo())
PROMPTS = ("openai80", "pose12")


def paper_networks():
    with (Path(__file__).parent / "paper_networks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


PAPER = paper_networks()
each_paper_network = pytest.mark.parametrize("row", PAPER, ids=[row["paper"] for row in PAPER])
each_row = pytest.mark.parametrize("name", NAMES)


def fed(row):
    return Preprocess.parse("/".join(row[key] for key in ("size", "crop", "interpolation", "normalisation")))


@each_paper_network
def test_a_network_of_the_paper_is_found_by_its_name_and_has_the_papers_weights(row):
    (spec,) = registry.resolve(row["paper"])
    assert f"{spec.source}:{spec.identifier}" == row["id"]
    assert spec.paper == row["paper"]
    assert ("paper38" in spec.groups) == (row["in_table"] == "yes")
    assert "paper_all" in spec.groups


@each_paper_network
def test_a_network_of_the_paper_is_fed_as_its_weights_want_and_as_the_paper_did(row):
    (spec,) = registry.resolve(row["paper"])
    paper = fed(row)
    nocrop = paper.without_crop() if row["crop_switch"] == "yes" else paper
    assert registry.preprocess_of(spec) == Preprocess.parse(row["native"])
    assert registry.preprocess_of(spec, "paper2022") == paper
    assert registry.preprocess_of(spec, "paper2022_nocrop") == nocrop


def test_the_papers_recipe_is_written_only_where_it_differs():
    for spec in zoo.group("paper_all"):
        assert spec.paper2022 is None or spec.paper2022 != registry.preprocess_of(spec), spec.name


def test_seven_networks_of_the_paper_were_normalised_wrongly():
    wrong = {row["paper"] for row in PAPER if row["normalisation"] != row["native"].split("/")[-1]}
    assert wrong == {"ViT-S16", "ViT-B16", "ViT-L16", "ViT-B16-sam", "BiTM-RN50", "BiTM-RN101", "BiTM-RN152x2"}


def test_the_table_of_the_papers_networks():
    print(f"\n{'network':24} {'weights':62} {'native':28} {'paper2022':28} paper2022_nocrop")
    for row in PAPER:
        (spec,) = registry.resolve(row["paper"])
        recipes = [registry.preprocess_of(spec, mode).short for mode in ("native", "paper2022", "paper2022_nocrop")]
        print(f"{spec.name:24} {row['id']:62} {recipes[0]:28} {recipes[1]:28} {recipes[2]}")
    assert len(PAPER) == 42
    assert len({row["id"] for row in PAPER}) == 42


def by_timm(tag):
    config = timm.get_pretrained_cfg(tag)
    assert config is not None
    assert timm.is_model_pretrained(tag)
    assert config.num_classes == 1000
    values = resolve_data_config(pretrained_cfg=config.to_dict())
    channels, height, width = values["input_size"]
    assert (channels, height) == (3, width)
    assert values["crop_mode"] in ("center", "squash")
    resize = "squash" if values["crop_mode"] == "squash" else "short_side"
    return Preprocess.of_crop(
        height, values["crop_pct"], values["interpolation"], values["mean"], values["std"], resize
    )


def by_torchvision(name, member):
    transform = get_model_weights(name)[member].transforms()
    (size,), (resize_px,) = transform.crop_size, transform.resize_size
    mean, std = tuple(transform.mean), tuple(transform.std)
    return Preprocess(size, resize_px, transform.interpolation.value, mean, std)


def by_open_clip(name, tag):
    assert (name, tag) in open_clip.list_pretrained()
    config = open_clip.get_pretrained_cfg(name, tag)
    size = open_clip.get_model_config(name)["vision_cfg"]["image_size"]
    resize = {"shortest": "short_side", "squash": "squash"}[config["resize_mode"]]
    return Preprocess(size, size, config["interpolation"], config["mean"], config["std"], resize)


def by_library(spec):
    """Return what the library's own metadata of exactly these weights say; fails where it has no such weights."""
    if spec.source in ("offline", "timm"):
        return by_timm(f"tf_{spec.identifier}.in1k" if spec.source == "offline" else spec.identifier)
    if spec.source == "torchvision":
        return by_torchvision(*spec.identifier.split(":"))
    if spec.source == "open_clip":
        return by_open_clip(*spec.identifier.split(":"))
    return Preprocess.parse(STATED[spec.identifier])


@each_row
def test_weights_exist_and_are_fed_what_their_library_says(name):
    spec = zoo.zoo()[name]
    assert registry.preprocess_of(spec) == by_library(spec)


@cache
def counted(source, identifier):
    """Return parameters and multiply-accumulates of a network, built without weights."""
    spec = next(one for one in zoo.zoo().values() if (one.source, one.identifier) == (source, identifier))
    network = zoo_cost.untrained(spec)
    return zoo_cost.parameters(network), zoo_cost.multiply_accumulates(spec, network)


@each_row
def test_a_network_can_be_built_and_costs_what_its_card_says(name):
    spec = zoo.zoo()[name]
    parameters, multiply_accumulates = counted(spec.source, spec.identifier)
    assert spec.card.parameters_m == pytest.approx(parameters / 1e6, rel=6e-3)
    assert spec.card.gmacs == pytest.approx(multiply_accumulates / 1e9, rel=6e-3)


def test_groups():
    members = {name: [spec.name for spec in zoo.group(name)] for name in zoo.groups()}
    assert {name: len(names) for name, names in members.items()} == {
        "offline": 3,
        "paper38": 38,
        "paper_all": 48,
        "clip": 21,
        "human_study": 6,
        "modern": 34,
    }
    assert set(members["offline"]) == {f"efficientnet_lite{number}" for number in range(3)}
    assert set(members["paper_all"]) - set(members["paper38"]) == {
        *("swin_b", "convnext_b", "convnext_b_384", "effnet_l2_ns_800"),
        *(f"{clip}_{prompts}" for clip in ("clip_vit_b16", "clip_rn50", "clip_rn101") for prompts in PROMPTS),
    }
    assert set(members["human_study"]) == {
        *("effnet_l2_ns", "swag_vit_l16_512", "vit_l16", "swin_l_384", "beit_l16", "convnext_xl")
    }
    assert set(members["clip"]) == {spec.name for spec in zoo.zoo().values() if spec.source == "open_clip"}
    assert not set(members["modern"]) & {*members["paper_all"], *members["offline"]}
    assert {*members["modern"], *members["paper_all"], *members["offline"]} == set(NAMES)


def test_prompts():
    for spec in zoo.group("clip"):
        expected = next((prompts for prompts in PROMPTS if spec.name.endswith(prompts)), None)
        if "paper38" in spec.groups:
            expected = "single"
        assert spec.options.prompts == expected, spec.name


def test_simclr_brings_its_file():
    (spec,) = registry.resolve("Simclr")
    assert spec.options.checkpoint == "hub:lightly-ai/simclrv1-imagenet1k-resnet50-1x/resnet50-1x.pth"
    assert [one.name for one in zoo.zoo().values() if one.options.checkpoint] == [spec.name]


def test_names_and_aliases_are_each_their_own():
    spellings = [
        bare(name) for spec in zoo.zoo().values() for name in {bare(spec.name), bare(spec.paper or "")} if name
    ]
    assert len(spellings) == len(set(spellings))
    assert not set(spellings) & {bare(name) for name in zoo.groups()}


@each_row
def test_a_card_uses_the_words_of_the_table(name):
    spec = zoo.zoo()[name]
    card = spec.card
    assert set(card.loss.split(" + ")) <= LOSSES
    assert card.architecture in ("convolution", "transformer", "hybrid", "mlp")
    assert card.modality == ("image-text" if "image-text" in card.loss else "image")
    assert card.augmentation
    assert 55.0 < card.imagenet_top1 < 91.0
    assert not spec.note or (re.fullmatch(r"[A-Z].*\.", spec.note) and ". " not in spec.note)
    assert (spec.native is not None) == (spec.source in ("huggingface", "file"))
    assert registry.preprocess_of(spec).normalisation in NORMALISATIONS


def test_published_accuracies_that_libraries_state():
    for spec in zoo.zoo().values():
        if spec.source == "torchvision":
            name, member = spec.identifier.split(":")
            stated = get_model_weights(name)[member].meta["_metrics"]["ImageNet-1K"]["acc@1"]
            assert spec.card.imagenet_top1 == pytest.approx(stated, abs=0.006)


def test_every_training_set_is_used_and_sized():
    sets = zoo.read_zoo().data
    assert {part.key for spec in zoo.zoo().values() for part in spec.card.data} == set(sets)
    assert sets["in1k"].images == 1_281_167
    assert min(part.images for part in sets.values()) == sets["in1k"].images
    assert all(part.source for part in sets.values())
