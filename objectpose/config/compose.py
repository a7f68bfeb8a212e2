"""The way from a command line to a config: composed by hydra, with a sentence about every word that cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from objectpose.config.schema import (
    COMMANDS,
    CONDITION_LIST,
    DatasetConfig,
    EngineConfig,
    EvalConfig,
    ModelConfig,
    RenderCommandConfig,
    RenderConfig,
)
from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering.conditions import CONDITIONS


def config_dir() -> Path:
    """Return the folder of YAML files: inside an installed wheel, else at the top of the checkout."""
    here = Path(__file__).resolve().parent.parent
    return here / "configs" if (here / "configs").is_dir() else here.parent / "configs"


def register() -> None:
    """Tell hydra the schemas."""
    store = ConfigStore.instance()
    for name, schema in COMMANDS.items():
        store.store(name=f"{name}_schema", node=schema)
    store.store(group="dataset", name="schema", node=DatasetConfig)
    store.store(group="engine", name="schema", node=EngineConfig)


def groups_of() -> dict[str, list[str]]:
    """Return the config groups and the names in each; a name with a leading underscore is a base of others."""
    return {p.name: sorted(f.stem for f in p.glob("[!_]*.yaml")) for p in sorted(config_dir().iterdir()) if p.is_dir()}


def keys_of(schema: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted key, dataclass field) of a schema's leaves."""
    for item in fields(schema):
        if item.default_factory in (DatasetConfig, RenderConfig, EngineConfig):
            yield from keys_of(item.default_factory, f"{prefix}{item.name}.")
        elif item.default_factory is ModelConfig:
            inner = dict(keys_of(ModelConfig, f"{item.name}."))
            yield item.name, inner.pop(f"{item.name}.name")
            yield from inner.items()
        else:
            yield prefix + item.name, item


def _check_keys(command: str, overrides: Sequence[str]) -> list[str]:
    """Return the overrides as hydra wants them, or raise a sentence about the first that cannot be meant."""
    known = {key for key, _ in keys_of(COMMANDS[command])}
    groups = {g: names for g, names in groups_of().items() if any(key.startswith(f"{g}.") for key in known)}
    parser = OverridesParser.create()
    result = []
    if command == "models" and overrides[:1] == ["show"]:
        named = " ".join(overrides[1:]).replace("'", "\\'")
        overrides = [f"show='{named}'"]
    for text in overrides:
        if text in ("-m", "--multirun"):
            raise ObjectPoseError("Multirun is not supported; give a list instead, as in model=[resnet50,vit_b16].")
        if command == "models" and re.fullmatch(r"[\w:./-]+", text) and text not in ("list", "show"):
            raise ObjectPoseError(f"'{text}' is not of the form key=value; for the card of a network: show {text}")
        if text.startswith("-") or "=" not in text:
            raise ObjectPoseError(f"'{text}' is not of the form key=value; --help shows the keys.")
        key = text.partition("=")[0].lstrip("+~")
        if key in groups:
            value = text.partition("=")[2]
            if value not in groups[key]:
                raise ObjectPoseError(f"Unknown {key} '{value}'; {nearest(value, groups[key])}.")
        elif key.startswith("dataset.conditions."):
            name = key.split(".")[2]
            if name not in CONDITIONS:
                raise ObjectPoseError(f"Unknown condition '{name}' in '{text}'; {nearest(name, CONDITIONS)}.")
            text = "++" + text.lstrip("+")
        elif key == "model":
            text = "model.name=" + text.partition("=")[2]
        elif key not in known:
            raise ObjectPoseError(f"Unknown key '{key}'; {nearest(key, known | set(groups))}.")
        try:
            parsed = parser.parse_override(text)
        except HydraException as error:
            reason = str(error).splitlines()[0]
            text = text.replace("model.name=", "model=", 1)
            raise ObjectPoseError(f"'{text}' cannot be read ({reason}); put quotes around unusual values.") from None
        if parsed.is_sweep_override():
            values = text.partition("=")[2]
            raise ObjectPoseError(f"'{text}' gives several values; put a list into brackets: {key}=[{values}].")
        result.append(text)
    return result


def load_config(command: str, overrides: Sequence[str]) -> Any:
    """Compose the config of a command.

    Args:
        command: ``eval``, ``render`` or ``audit``.
        overrides: ``key=value`` words.

    Returns:
        An instance of the command's schema.

    Raises:
        ObjectPoseError: an unknown key, group or value, or a value of the wrong type.
    """
    register()
    words = _check_keys(command, overrides)
    chosen = [word for word in words if word.partition("=")[0] == CONDITION_LIST]
    words = [word for word in words if word not in chosen]
    try:
        with initialize_config_dir(version_base="1.3", config_dir=str(config_dir())):
            composed = compose(config_name=command, overrides=words)
    except (HydraException, OmegaConfBaseException) as error:
        raise ObjectPoseError(_sentence(error, words)) from None
    result = OmegaConf.to_object(composed)
    if isinstance(result, EvalConfig | RenderCommandConfig) and chosen:
        value = OverridesParser.create().parse_override(chosen[-1]).value()
        known = result.dataset.conditions
        conditions: dict[str, Any] = {}
        for item in value if isinstance(value, list) else [value]:
            conditions |= item if isinstance(item, dict) else {str(item): known.get(str(item), {})}
        result.dataset.conditions = {str(name): given or {} for name, given in conditions.items()}
    return result


def _sentence(error: Exception, overrides: Sequence[str]) -> str:
    """Turn hydra's report about a value into one sentence that names the word it is about."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    full_key = str(getattr(cause, "full_key", "") or getattr(error, "full_key", "") or "")
    about = [word for word in overrides if word.lstrip("+").partition("=")[0] == full_key]
    about = [word.replace("model.name=", "model=", 1) for word in about]
    reason = str(cause).strip().splitlines()[0].rstrip(".")
    where = f"'{about[0]}' cannot be used" if about else "The configuration cannot be used"
    return f"{where}: {reason}; --help shows what is expected."
