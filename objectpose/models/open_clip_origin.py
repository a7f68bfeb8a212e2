"""What open_clip knows of a network before it is built: exact names, configurations, where the weights come from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from objectpose.errors import ObjectPoseError, nearest
from objectpose.hub import hub_file
from objectpose.models.spec import ModelSpec

HUB = "hf-hub:"
"""Start of the names of networks that have their configuration in a repository of the hub."""

_HUB_CONFIG = "open_clip_config.json"


@dataclass(frozen=True)
class Origin:
    """What open_clip knows of a network.

    Attributes:
        reference: its name for ``get_tokenizer``.
        folder: the folder of its configuration, where open_clip itself does not have it.
        config: of the architecture, QuickGELU as the weights want it.
        pretrained: of the weights: ``mean``, ``std``, ``interpolation``, ``resize_mode``, ``hf_hub``, ``url``; empty
            where there are none.
    """

    reference: str
    folder: Path | None
    config: dict[str, Any]
    pretrained: dict[str, Any]


def exact_name(name: str) -> str:
    """Return ``ARCHITECTURE:TAG`` as open_clip writes it, an architecture alone, or ``hf-hub:OWNER/NAME``.

    Args:
        name: likewise; an architecture alone needs ``model.checkpoint`` or random weights later.

    Raises:
        ObjectPoseError: no such architecture or tag.
    """
    import open_clip

    if name.startswith(HUB):
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", name.removeprefix(HUB)):
            raise ObjectPoseError(f"'open_clip:{name}' names no repository; write open_clip:hf-hub:OWNER/NAME.")
        return name
    architecture, colon, tag = name.partition(":")
    architecture = architecture.replace("/", "-")
    if architecture not in open_clip.list_models():
        known = open_clip.list_pretrained(as_str=True) if colon else open_clip.list_models()
        raise ObjectPoseError(f"open_clip has no architecture '{architecture}'; {nearest(name, known)}.")
    if not colon:
        return architecture
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    clean = tag.lower().replace("-", "_")
    if clean in tags:
        return f"{architecture}:{clean}"
    if tags:
        raise ObjectPoseError(f"open_clip has no weights '{tag}' for {architecture}; {nearest(clean, tags)}.")
    raise ObjectPoseError(f"open_clip has no weights for {architecture}; give model.checkpoint=FILE and no tag.")


def origin_of(spec: ModelSpec) -> Origin:
    """Return what open_clip knows; of a repository on the hub its small configuration file is read, or fetched.

    Raises:
        ObjectPoseError: an architecture without a tag, checkpoint or random weights; a configuration that cannot be
            fetched or read.
    """
    import open_clip

    if spec.identifier.startswith(HUB):
        return _hub_origin(spec.identifier, spec.name)
    architecture, _, tag = spec.identifier.partition(":")
    config = open_clip.get_model_config(architecture)
    if config is None:
        raise ObjectPoseError(
            f"open_clip has no architecture '{architecture}'; {nearest(architecture, open_clip.list_models())}."
        )
    if not tag and spec.pretrained and spec.options.checkpoint is None:
        tags = open_clip.list_pretrained_tags_by_model(architecture)
        known = [f"{architecture}:{name}" for name in tags]
        advice = f"{nearest(f'{architecture}:openai', known)}; or " if known else ""
        raise ObjectPoseError(f"open_clip:{architecture} names no weights; {advice}give model.checkpoint=FILE.")
    pretrained = dict(open_clip.get_pretrained_cfg(architecture, tag)) if tag else {}
    # Older tags were trained with QuickGELU on architectures whose configuration has GELU.
    config["quick_gelu"] = bool(config.get("quick_gelu")) or bool(pretrained.get("quick_gelu"))
    return Origin(architecture, None, config, pretrained)


@cache
def _hub_origin(identifier: str, owner: str) -> Origin:
    repository = identifier.removeprefix(HUB)
    remedy = "name an architecture of open_clip and give model.checkpoint=FILE."
    path = hub_file(repository, (_HUB_CONFIG,), f"The configuration of {owner}", remedy)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        config, preprocess = dict(content["model_cfg"]), dict(content.get("preprocess_cfg", {}))
        complete = {"embed_dim", "vision_cfg", "text_cfg"} <= set(config)
    except (OSError, ValueError, KeyError, TypeError):
        complete = False
    if not complete:
        raise ObjectPoseError(f"{path} is no configuration of open_clip; {remedy}")
    return Origin(identifier, path.parent, config, preprocess | {"hf_hub": f"{repository}/"})
