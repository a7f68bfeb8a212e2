"""From what a user writes to networks: resolve names, locate weights, load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models import zoo
from objectpose.models.adapter import adapter, sources
from objectpose.models.checkpoint import SUFFIXES
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import ModelOptions, ModelSpec, PreprocessMode, Weights

if TYPE_CHECKING:
    import torch

    from objectpose.models.classifier import TorchClassifier
    from objectpose.models.preprocess import Preparation

PAPER_GROUP = "paper_all"
_UNCROPPED = ("open_clip",)
"""Sources whose networks the original's --crop switch did not reach."""


def resolve(
    names: object, options: Mapping[str, Any] | ModelOptions | None = None, *, pretrained: bool = True
) -> list[ModelSpec]:
    """Return the networks that a user named, each once, in the order in which they were first named.

    Libraries are imported only for the names that need them. A name without a tag is stored with the tag that its
    library resolves it to, since bare names have moved to other weights before.

    Args:
        names: one or a list of: a zoo name, the original paper's name of a network, a group of the zoo,
            ``SOURCE:NAME``, ``package.module:function`` or ``file.py:function``, or a mapping with ``name`` and the
            fields of ``ModelOptions``.
        options: about the one network that is named.
        pretrained: False builds every network with random weights.

    Raises:
        ObjectPoseError: no name, an unknown name or source, options that are about no or several networks.

    >>> [spec.name for spec in resolve(["efficientnet_lite1", "efficientnet_lite0"])]
    ['efficientnet_lite1', 'efficientnet_lite0']
    """
    listed = list(names) if isinstance(names, list | tuple) else [names]
    if not listed:
        raise ObjectPoseError("No model is named; give one, for example model=efficientnet_lite0 or model=offline.")
    shared = options if isinstance(options, ModelOptions) else ModelOptions.of(options or {})
    found: dict[tuple[object, ...], ModelSpec] = {}
    for entry in listed:
        name, own = _entry(entry)
        for spec in _with_options(_one(name), own, name):
            found.setdefault((spec.source, spec.identifier, spec.options), spec)
    specs = list(found.values())
    if shared.given():
        typed = listed[0] if len(listed) == 1 and isinstance(listed[0], str) else None
        specs = _with_options(specs, shared, typed or ", ".join(spec.name for spec in specs[:3]))
    if not pretrained:
        specs = [_untrained(spec) for spec in specs]
    return _distinct(specs)


def _entry(entry: object) -> tuple[str, ModelOptions]:
    own = ModelOptions()
    if isinstance(entry, Mapping):
        rest = {str(key): value for key, value in entry.items()}
        entry = rest.pop("name", None)
        own = ModelOptions.of(rest)
    if not isinstance(entry, str) or not entry.strip():
        raise ObjectPoseError(f"The model {entry!r} is not a name; give one, for example efficientnet_lite0.")
    return entry.strip(), own


def _one(name: str) -> list[ModelSpec]:
    if ":" in name:
        return [_of_source(name)]
    known = zoo.called(name)
    if known is not None:
        return [known]
    members = zoo.group(name)
    if members:
        return members
    if Path(name).suffix in SUFFIXES:
        raise ObjectPoseError(
            f"'{name}' is a file of weights; name its architecture: model=timm:NAME model.checkpoint={name}"
        )
    example = f"timm:{name}" if name.isidentifier() else "timm:resnet50.a1_in1k"
    raise ObjectPoseError(
        f"Unknown model '{name}'; {nearest(name, [*zoo.zoo(), *zoo.groups()])}; others are SOURCE:NAME, such as "
        f"{example}, with one of: {', '.join(sources())}; your own is package.module:function or file.py:function."
    )


def _of_source(name: str) -> ModelSpec:
    source, _, inner = name.partition(":")
    if ".py:" in name:
        source, _, inner = name.rpartition(":")
    if source not in sources():
        if _is_own(source) and inner.isidentifier():
            return ModelSpec(name=name, source="own", identifier=name)
        raise ObjectPoseError(
            f"Unknown source '{source}' of '{name}'; {nearest(source, sources())}; your own network is "
            "package.module:function or file.py:function."
        )
    if not inner:
        raise ObjectPoseError(f"'{source}:' names no network; write for example timm:resnet50.tv_in1k.")
    exact = adapter(source).exact_name(inner)
    return ModelSpec(name=f"{source}:{exact}", source=source, identifier=exact)


def _is_own(source: str) -> bool:
    """Return whether a text before a colon is a file or a module rather than a misspelt source."""
    if source.endswith(".py"):
        return True
    if not all(part.isidentifier() for part in source.split(".")):
        return False
    return "." in source or find_spec(source) is not None


def _with_options(specs: list[ModelSpec], options: ModelOptions, name: str) -> list[ModelSpec]:
    """Return the networks with what the user said about one of them."""
    given = options.given()
    if not given:
        return specs
    if len(specs) != 1:
        raise ObjectPoseError(
            f"model.{given[0]} is about one network, but {len(specs)} are named ({name}); give a list of entries such "
            f"as model=[{{name: {specs[0].name}, {given[0]}: ...}}]."
        )
    spec = specs[0]
    merged = ModelOptions(
        **{key: getattr(options, key) or getattr(spec.options, key) for key in ModelOptions.__dataclass_fields__}
    )
    if "checkpoint" in given and spec.source == "offline":
        raise ObjectPoseError(
            f"{spec.name} has the weights of its package; for your own take model=timm:tf_{spec.identifier} with "
            "model.checkpoint."
        )
    for key in ("prompts", "classes"):
        if key in given and spec.source != "open_clip":
            raise ObjectPoseError(
                f"model.{key} is about zero-shot networks, but {spec.name} has a trained head; leave it out."
            )
    title = options.title or (
        f"{spec.name if zoo.called(name) else name}@{_stem(options.checkpoint)}" if options.checkpoint else spec.name
    )
    if options.prompts and not options.title:
        title += f"@{_stem(options.prompts)}"
    return [replace(spec, name=title, options=merged)]


def _stem(path: str) -> str:
    """Return file name and folder of a path without the ending, as tables show it.

    >>> _stem("runs/first/best.pth"), _stem("last.pth")
    ('first/best', 'last')
    """
    given = Path(path.partition("@")[0] if path.startswith("hub:") else path)
    return f"{given.parent.name}/{given.stem}" if given.parent.name else given.stem


def _untrained(spec: ModelSpec) -> ModelSpec:
    if spec.source == "own":
        raise ObjectPoseError(f"pretrained=false says nothing about {spec.name}, which makes its own weights.")
    if spec.options.checkpoint and spec.source != "file":
        raise ObjectPoseError(f"pretrained=false gives {spec.name} random weights; leave model.checkpoint out.")
    return replace(spec, name=f"{spec.name} (untrained)", pretrained=False)


def _distinct(specs: list[ModelSpec]) -> list[ModelSpec]:
    """Raise if two different networks would share a name in tables."""
    seen: set[str] = set()
    for spec in specs:
        if spec.name in seen:
            raise ObjectPoseError(
                f"Two different networks are called {spec.name}; give one of them another title, such as "
                f"{{name: ..., title: {spec.name}_b}}."
            )
        seen.add(spec.name)
    return specs


def preparation_of(spec: ModelSpec, mode: str = "native") -> Preparation:
    """Return the way from pictures to the input of a network; the network is not built.

    Args:
        spec: from ``resolve``.
        mode: ``native`` is what the weights were trained with, or what the user said; ``paper2022`` is what the
            ObjectPose paper's code did with its ``--crop`` switch, ``paper2022_nocrop`` without it.

    Raises:
        ObjectPoseError: unknown mode, or a paper's mode for a network that the paper did not use.
    """
    if "/" in mode:
        raise ObjectPoseError(f"preprocess={mode} is a recipe of your own; write model.preprocess={mode} instead.")
    if mode not in get_args(PreprocessMode):
        raise ObjectPoseError(f"Unknown preprocess '{mode}'; {nearest(mode, get_args(PreprocessMode))}.")
    if mode != "native":
        if PAPER_GROUP not in spec.groups:
            raise ObjectPoseError(
                f"preprocess={mode} is not defined for {spec.name}, which the paper did not use; use "
                f"preprocess=native or a network of the group {PAPER_GROUP}."
            )
        if spec.options.preprocess is not None:
            raise ObjectPoseError(f"model.preprocess says how {spec.name} is fed; leave preprocess={mode} out.")
        recipe = spec.paper2022 or adapter(spec.source).preparation(spec)
        cropped = isinstance(recipe, Preprocess) and recipe.resize == "short_side" and spec.source not in _UNCROPPED
        return recipe.without_crop() if mode == "paper2022_nocrop" and cropped else recipe  # type: ignore[union-attr]
    if spec.options.preprocess is not None:
        return Preprocess.parse(spec.options.preprocess)
    return adapter(spec.source).preparation(spec)


def preprocess_name(spec: ModelSpec, mode: str) -> str:
    """Return what tables say of how a network is fed: the mode, or the user's own recipe in short."""
    own = spec.options.preprocess
    return mode if own is None else Preprocess.parse(own).short


def preprocess_of(spec: ModelSpec, mode: str = "native") -> Preprocess:
    """Return the recipe of a network whose preparation is one, as every network of the zoo has.

    Raises:
        ObjectPoseError: as ``preparation_of``, or the network has a transform of its own.
    """
    recipe = preparation_of(spec, mode)
    if not isinstance(recipe, Preprocess):
        raise ObjectPoseError(f"{spec.name} brings a transform of its own, which is not a recipe.")
    return recipe


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the weights file of a network where it is on this machine already, unverified."""
    return adapter(spec.source).find(spec, weights_dir)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Find the weights of a network and hash them; they are fetched where need be.

    Args:
        spec: from ``resolve``.
        weights_dir: folder that may hold ``<identifier>.safetensors`` (or .bin, .pth, .pt).

    Raises:
        ObjectPoseError: the file is missing and cannot be fetched, or is damaged.
    """
    if weights_dir is not None and not weights_dir.is_dir():
        raise ObjectPoseError(f"weights_dir is {weights_dir}, which is no folder; name one that holds weights files.")
    if not spec.pretrained:
        from objectpose.models.untrained import random_weights

        return random_weights(spec)
    weights = adapter(spec.source).locate(spec, weights_dir)
    given = spec.options.checkpoint
    if given and not given.startswith("hub:") and weights.path != Path(given):
        raise ObjectPoseError(
            f"The source '{spec.source}' does not take model.checkpoint; leave it out for {spec.name}."
        )
    return weights


def recipe_of(spec: ModelSpec, mode: str, classes: Classes = IMAGENET) -> dict[str, object]:
    """Return all besides weights that can change a prediction, as JSON values."""
    from objectpose.models.classifier import PRECISION
    from objectpose.models.labels import labels_recipe

    recipe: dict[str, object] = {
        "preprocess": preparation_of(spec, mode).canonical(),
        "precision": PRECISION,
    }
    return recipe | adapter(spec.source).recipe(spec, classes) | labels_recipe(spec, classes)


def load(
    spec: ModelSpec,
    weights: Weights,
    *,
    preprocess: str | Preprocess = "native",
    device: str | torch.device = "cpu",
    classes: Classes = IMAGENET,
) -> TorchClassifier:
    """Build a network with its located weights.

    On a CPU this also asks the C library to keep freed memory (see ``allocator``), for the whole process.

    Args:
        spec: from ``resolve``.
        weights: from ``locate``.
        preprocess: a mode, or a recipe of your own.
        device: where it computes.
        classes: that its answers are about.

    Raises:
        ObjectPoseError: the weights cannot be read or do not fit, or the outputs are not those of the labels.
    """
    import torch

    from objectpose.models.allocator import keep_freed_memory
    from objectpose.models.classifier import TorchClassifier
    from objectpose.models.labels import output_map
    from objectpose.models.untrained import untrained

    recipe = preprocess if isinstance(preprocess, Preprocess) else preparation_of(spec, preprocess)
    network = adapter(spec.source).build(spec, weights, classes) if spec.pretrained else untrained(spec, classes)
    outputs = output_map(spec, network, classes)
    target = torch.device(device)
    if target.type == "cpu":
        keep_freed_memory()
    return TorchClassifier(network.module, spec, recipe, weights, network.outputs, target, outputs)
