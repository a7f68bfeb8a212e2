"""Typed schemas of every config: what a user may set, with its default and one line of help."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from omegaconf import MISSING


def _option(default: Any, text: str) -> Any:
    if isinstance(default, type) or callable(default):
        return field(default_factory=default, metadata={"help": text})
    return field(default=default, metadata={"help": text})


@dataclass
class DatasetConfig:
    """A data set, rendered or found (``configs/dataset``)."""

    name: str = _option(MISSING, "first part of the folder's name")
    objects: Any = _option(
        "default",
        "all, default (admitted), reference (instance 0), or a list: tank is tank/0, tank/* all of them",
    )
    conditions: dict[str, Any] = _option(dict, "condition names, or names with parameters: tilt: {count: 18}")
    backgrounds: Any = _option(lambda: ["flat"], "flat (one colour), bg1, bg2, ... (a picture each), or a list")
    background_colour: Any = _option(lambda: [124, 116, 103], "red, green, blue of flat")
    photos: str | None = _option(None, "folder or zip of photographs for bg1, bg2, ...; null: procedural scenes")
    appearance: str = _option("textured", "textured, untextured (grey) or recoloured (other paint)")
    framing: str = _option("catalogue", "catalogue, or paper: the original's poses and lights for its own meshes")
    seed: int = _option(0, "of all random numbers of the data set")
    meshes: str | None = _option(None, "own meshes: a file, a folder, a zip, or hub:OWNER/NAME/FILE[@REVISION]")
    labels: str | None = _option(None, "csv with mesh,label; null: names of files and folders are the labels")
    unlabelled: str = _option("error", "meshes without a label: error or skip")
    up: str = _option("auto", "up axis of own meshes: auto, y or z")
    max_faces: int = _option(2_000_000, "an own mesh with more faces is refused")
    missing_textures: str = _option("error", "a texture that a mesh names and that is not there: error or colour")
    path: str | None = _option(None, "a folder of pictures that exist already; nothing is rendered")
    layout: str = _option(
        "auto",
        "of that folder: auto, original, imagenetv2, co3d, imagefolder, stimuli, human_study (whole), objectpose",
    )
    upright: str = _option("separate", "of that folder: separate pictures, sweeps (their first 10 degrees) or none")
    classes: str | None = _option(None, "file with an own label set, one class a line; null: ImageNet-1k")
    alternatives: str | None = _option(
        None, "of stimuli: the human study's .mat files, a folder or one; else beside them"
    )


@dataclass
class RenderConfig:
    """How pictures are drawn."""

    backend: str = _option("auto", "auto, cpu or pytorch3d")
    device: str = _option("auto", "of pytorch3d: auto, cpu or cuda")
    image_size: int = _option(320, "height and width in pixels")
    supersampling: int = _option(2, "samples a pixel along each axis")
    threads: int | None = _option(None, "pictures drawn at the same time; null: one a processor")


@dataclass
class EngineConfig:
    """How networks are run (``configs/engine``)."""

    batch_size: int = _option(64, "images a step")


@dataclass
class ModelConfig:
    """Which networks, and what there is to say about one of them; ``model=NAME`` sets the name."""

    name: Any = _option(
        "offline",
        "zoo name, group, SOURCE:NAME (timm, torchvision, open_clip, huggingface), module:function, or a list",
    )
    checkpoint: str | None = _option(None, "own weights for the architecture: a file, or hub:OWNER/NAME/FILE[@COMMIT]")
    labels: str | None = _option(None, "file that says what each output means: a label a line, csv or json")
    preprocess: str | None = _option(None, "own recipe px/crop/interpolation/normalisation: 224/0.875/bicubic/imagenet")
    prompts: str | None = _option(None, "of a zero-shot network: single, openai80, pose12 or a file of templates")
    classes: str | None = _option(None, "of a zero-shot network: a file with the class names that go into the prompts")
    title: str | None = _option(None, "what tables call it")


@dataclass
class EvalConfig:
    """python -m objectpose.eval: networks over a data set, then the finding.

    Renders the data set if it is not there, runs every network whose predictions are not there, and prints how
    much worse each gets: a table, results/summary.csv and two pictures. Running the command again computes only
    what is missing.

    Examples:
      python -m objectpose.eval
      python -m objectpose.eval model=efficientnet_lite0 dataset.conditions=[upright,roll]
      python -m objectpose.eval model=[vit_b16,timm:convnext_tiny.fb_in1k] device=cuda
      python -m objectpose.eval model=timm:resnet50 model.checkpoint=epoch90.pth model.labels=names.txt
      python -m objectpose.eval model=my_package.my_module:build
      python -m objectpose.eval dry_run=true
    """

    model: ModelConfig = _option(ModelConfig, "")
    pretrained: bool = _option(True, "false: random weights, for smoke tests and speed; no finding")
    dataset: DatasetConfig = _option(DatasetConfig, "")
    gate: str = _option("default", "default: findings on the objects that the audit admits; none: on all")
    preprocess: str = _option("native", "native: what the weights want; paper2022[_nocrop]: what the original fed")
    device: str = _option("auto", "auto, cpu, cuda or cuda:N")
    render: RenderConfig = _option(RenderConfig, "")
    engine: EngineConfig = _option(EngineConfig, "")
    renders_dir: str = _option("renders", "where data sets go")
    results_dir: str = _option("results", "where predictions, tables and figures go")
    weights_dir: str | None = _option(None, "folder with weights files that are used instead of downloads")
    save_logits: bool = _option(False, "store all logits besides the top five")
    dry_run: bool = _option(False, "print what would be done, and do nothing")
    progress: bool = _option(True, "show progress bars")


@dataclass
class RenderCommandConfig:
    """python -m objectpose.render: a data set on disk, no network asked.

    A killed run leaves nothing that looks whole; the same command goes on from the finished shards.

    Examples:
      python -m objectpose.render
      python -m objectpose.render dataset.objects=[tank,jeep] dataset.conditions=[upright,roll] render.image_size=500
      python -m objectpose.render dataset=paper dry_run=true
      python -m objectpose.render dataset=custom dataset.meshes=FOLDER dataset.labels=labels.csv preview=true
    """

    dataset: DatasetConfig = _option(DatasetConfig, "")
    render: RenderConfig = _option(RenderConfig, "")
    renders_dir: str = _option("renders", "where data sets go")
    preview: bool = _option(False, "also save a labelled contact sheet beside the pictures")
    video: Any = _option(False, "also save a turntable of each object: true or gif, mp4 (needs objectpose[video])")
    export: str | None = _option(None, "also write the pictures as PNG in the original's layout to this folder")
    dry_run: bool = _option(False, "print what would be done, and do nothing")
    progress: bool = _option(True, "show progress bars")


@dataclass
class AuditConfig:
    """python -m objectpose.audit: how networks name the catalogue's objects upright.

    Draws gate views (random within +-10 degrees about all three axes; no data set uses them), asks the networks,
    prints top-1 of each class and what failing objects are taken for, and saves a gallery of all objects. An object
    is in the default set if at least two offline networks are right on at least 60 % of its views.

    Examples:
      python -m objectpose.audit
      python -m objectpose.audit objects=[tank/*,jeep/0] views=8
      python -m objectpose.audit objects=reference export=meshes
    """

    model: ModelConfig = _option(ModelConfig, "")
    objects: Any = _option(
        "all", "all, default (admitted), reference (each class's instance 0), or a list: [tank,jeep/*]"
    )
    views: int = _option(16, "gate views an object")
    seed: int = _option(0, "of the views")
    device: str = _option("auto", "auto, cpu, cuda or cuda:N")
    render: RenderConfig = _option(RenderConfig, "")
    engine: EngineConfig = _option(EngineConfig, "")
    renders_dir: str = _option("renders", "where the views go")
    results_dir: str = _option("results", "where predictions and the picture go")
    weights_dir: str | None = _option(None, "folder with weights files that are used instead of downloads")
    save: str | None = _option(
        None, "write these objects' rows of the admission table to this csv file, keeping the others"
    )
    export: str | None = _option(None, "only write the objects to this folder, as GLB and OBJ; no network is asked")
    progress: bool = _option(True, "show progress bars")


CONDITION_LIST = "dataset.conditions"
"""A list of names given here chooses among the data set's conditions and keeps their parameters."""


@dataclass
class ModelsConfig:
    """python -m objectpose.models: the zoo as a table, filtered; show NAME prints one network's card.

    A filter is a text that the column has to contain, in any case of letters, or a list of such texts.

    Examples:
      python -m objectpose.models
      python -m objectpose.models group=paper38
      python -m objectpose.models data=imagenet-21k architecture=transformer
      python -m objectpose.models min_images=1e9
      python -m objectpose.models local=true
      python -m objectpose.models show vit_b16
    """

    show: str | None = _option(None, "a network whose card is printed: zoo name, or SOURCE:NAME")
    group: Any = _option(None, "of this group: offline, paper38, paper_all, clip, human_study, modern")
    data: Any = _option(None, "trained on data whose name contains this")
    min_images: float | None = _option(None, "trained on a set of at least this many pictures: 1e9")
    loss: Any = _option(
        None,
        "training signal contains this: supervised, distillation, noisy student, self-supervised contrastive, "
        "masked image modelling, contrastive image-text, sigmoid image-text, ...",
    )
    architecture: Any = _option(None, "convolution, transformer, hybrid or mlp")
    modality: Any = _option(None, "image or image-text")
    source: Any = _option(None, "offline, timm, torchvision, open_clip, huggingface or file")
    local: bool | None = _option(None, "true: weights are on this machine; false: they are not")
    weights_dir: str | None = _option(None, "folder with weights files that counts as local too")


@dataclass
class VideoConfig:
    """Videos of objects as they turn, with what networks take them for; ``video=true`` writes them."""

    write: bool = _option(False, "also write videos (MP4) of objects as they turn (needs objectpose[video])")
    objects: Any = _option(
        None, "all, or a list: tank (the class), tank/0, tank/*; null: up to 12, from the hardest to the easiest"
    )
    conditions: Any = _option(None, "a list; null: those that sweep an angle, or else all that turn objects")
    networks: Any = _option(None, "a list of up to 6, side by side; null: up to 3, from the best to the worst")


@dataclass
class HumansConfig:
    """The human study, for the report's section on people."""

    path: str | None = _option(None, "clone of github.com/BRAIN-Aalto/unusual_poses, or its folder data: adds people")
    fetch: bool = _option(False, "true: the study's answer files (0.3 MB, no licence) into the cache folder instead")


@dataclass
class ReportConfig:
    """python -m objectpose.report: tables, figures and an HTML report of all stored answers.

    Asks no network. The report is a folder that opens from the file system without a connection. Videos go to
    results/videos and into the report; those that are there and would not change are not made again.

    Examples:
      python -m objectpose.report
      python -m objectpose.report only=quick
      python -m objectpose.report 'fail_if="so3.drop_pp>60"'
      python -m objectpose.report against=OLD/results 'fail_if="regression_pp>3"'
      python -m objectpose.report video=true
      python -m objectpose.report video=true video.objects=[tank,jeep/0] video.networks=[vit_b16]
      python -m objectpose.report humans.path=unusual_poses
    """

    only: str | None = _option(None, "name of a data set, with or without its hash; null: all, the newest of each")
    fail_if: Any = _option(None, "exit code 3 where this holds of a network: drop_pp>40, so3.top1<50, or a list")
    against: str | None = _option(None, "results folder of an older run: says what changed since, for regression_pp")
    humans: HumansConfig = _option(HumansConfig, "")
    gate: str = _option("default", "default (objects that the audit admits) or none (all objects)")
    video: VideoConfig = _option(VideoConfig, "")
    renders_dir: str = _option("renders", "where data sets are")
    results_dir: str = _option("results", "where predictions are, and tables, figures and report go")
    progress: bool = _option(True, "show a progress bar")


COMMANDS: dict[str, type] = {
    "eval": EvalConfig,
    "render": RenderCommandConfig,
    "audit": AuditConfig,
    "models": ModelsConfig,
    "report": ReportConfig,
}
Config = TypeVar("Config")
