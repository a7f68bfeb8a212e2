"""The way from a command line to a config: composed by hydra, with a sentence about every word that cannot be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import reduce
from pathlib import Path
from typing import Any, cast

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
    HumansConfig,
    ModelConfig,
    RenderCommandConfig,
    RenderConfig,
    VideoConfig,
)
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models import zoo
from objectpose.rendering.conditions import CONDITIONS

HEADS: dict[Any, str] = {ModelConfig: "name", VideoConfig: "write"}
"""Nested schemas that a command takes by one word as well, and what it sets: ``model=NAME`` is ``model.name=NAME``."""

_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")


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
        if item.default_factory in (DatasetConfig, RenderConfig, EngineConfig, HumansConfig):
            yield from keys_of(item.default_factory, f"{prefix}{item.name}.")
        elif item.default_factory in HEADS:
            inner = dict(keys_of(cast(type, item.default_factory), f"{item.name}."))
            yield item.name, inner.pop(f"{item.name}.{HEADS[item.default_factory]}")
            yield from inner.items()
        else:
            yield prefix + item.name, item


def heads_of(command: str) -> dict[str, str]:
    """Return what the short keys of a command stand for.

    >>> heads_of("report")
    {'video': 'video.write'}
    """
    nested = [item for item in fields(COMMANDS[command]) if item.default_factory in HEADS]
    return {item.name: f"{item.name}.{HEADS[item.default_factory]}" for item in nested}


def _literal(value: str) -> str:
    """Return the text that a value stands for: without quotes around it, and with the user's home in full.

    >>> _literal("epoch=9 (1).pth"), _literal("'null'"), _literal("${x}")
    ('epoch=9 (1).pth', 'null', '${x}')
    """
    if _QUOTED.fullmatch(value):
        value = str(OverridesParser.create().parse_override(f"text={value}").value())
    return str(Path(value).expanduser()) if re.match(r"~(/|$)", value) else value


def _show_words(words: Sequence[str]) -> list[str]:
    """Return the words behind ``models show`` in the form key=value; a name may have blanks.

    Raises:
        ObjectPoseError: several networks are named.
    """
    rest = [word for word in words if re.match(r"\w+=", word)]
    names = [word for word in words if word not in rest]
    name = " ".join(names)

    def known(text: str) -> bool:
        return ":" in text or zoo.called(text) is not None or bool(zoo.group(text))

    if len(names) > 1 and zoo.called(name) is None and all(known(word) for word in names):
        raise ObjectPoseError(f"show takes one network at a time, but {len(names)} are named; write: show {names[0]}")
    return [f"show={name}", *rest]


def _check_keys(command: str, overrides: Sequence[str]) -> tuple[list[str], dict[str, str | None]]:
    """Return the overrides that hydra reads and, by key, the texts that nobody has to read.

    Raises:
        ObjectPoseError: about the first override that cannot be meant.
    """
    leaves = dict(keys_of(COMMANDS[command]))
    known = set(leaves)
    groups = {g: names for g, names in groups_of().items() if any(key.startswith(f"{g}.") for key in known)}
    heads = heads_of(command)
    parser = OverridesParser.create()
    result: list[str] = []
    texts: dict[str, str | None] = {}
    used = set()
    if command == "models" and overrides[:1] == ["show"]:
        overrides = _show_words(overrides[1:])
    for text in overrides:
        if text in ("-m", "--multirun"):
            raise ObjectPoseError("Multirun is not supported; give a list instead, as in model=[resnet50,vit_b16].")
        if command == "models" and re.fullmatch(r"[\w:./-]+", text) and text not in ("list", "show"):
            raise ObjectPoseError(f"'{text}' is not of the form key=value; for the card of a network: show {text}")
        if text.startswith("-") or "=" not in text:
            raise ObjectPoseError(f"'{text}' is not of the form key=value; --help shows the keys.")
        named, _, value = text.partition("=")
        key = named.lstrip("+~")
        word = text
        if key in groups:
            if value not in groups[key]:
                raise ObjectPoseError(f"Unknown {key} '{value}'; {nearest(value, groups[key])}.")
        elif key.startswith("dataset.conditions."):
            name = key.split(".")[2]
            if name not in CONDITIONS:
                raise ObjectPoseError(f"Unknown condition '{name}' in '{text}'; {nearest(name, CONDITIONS)}.")
            word = "++" + text.lstrip("+")
        elif key not in known:
            raise ObjectPoseError(f"Unknown key '{key}'; {nearest(key, known | set(groups))}.")
        used.add(key)
        if "~" not in named and _is_text(key, leaves, value):
            texts[key] = None if value.lower() == "null" else _literal(value)
            continue
        texts.pop(key, None)
        if key in heads:
            word = f"{heads[key]}={value}"
        try:
            several = parser.parse_override(word).is_sweep_override()
        except HydraException as error:
            reason = _short(str(error).splitlines()[0], heads)
            raise ObjectPoseError(
                f"'{text}' cannot be read ({reason}); put double quotes around the value and single ones around all: "
                f"'{key}=\"{value}\"'."
            ) from None
        if several:
            raise ObjectPoseError(f"'{text}' gives several values; put a list into brackets: {key}=[{value}].")
        result.append(word)
    idle = sorted(used - {"show", "weights_dir"})
    if texts.get("show") is not None and idle:
        raise ObjectPoseError(f"show prints one network's card and filters nothing; leave {idle[0]}= out.")
    return result, texts


def _is_text(key: str, leaves: Mapping[str, Any], value: str) -> bool:
    """Return whether a value is taken as it was typed: that of a key of text, and a model that is no list of them."""
    if key == "model":
        return not value.startswith(("[", "{")) and ("," not in value or _QUOTED.fullmatch(value) is not None)
    kind = leaves[key].type if key in leaves else ""
    return kind == "str | None" or (kind == "str" and value.lower() != "null")


def load_config(command: str, overrides: Sequence[str]) -> Any:
    """Compose the config of a command.

    Args:
        command: ``eval``, ``render``, ``audit`` or ``models``.
        overrides: ``key=value`` words. A value whose key is of text is taken as it stands, whatever its characters
            mean to hydra; ``null`` is None, and quotes around a value are taken off.

    Returns:
        An instance of the command's schema.

    Raises:
        ObjectPoseError: an unknown key, group or value, or a value of the wrong type.
    """
    register()
    words, texts = _check_keys(command, overrides)
    heads = heads_of(command)
    chosen = [word for word in words if word.partition("=")[0] == CONDITION_LIST]
    words = [word for word in words if word not in chosen]
    try:
        with initialize_config_dir(version_base="1.3", config_dir=str(config_dir())):
            composed = compose(config_name=command, overrides=words)
        result = OmegaConf.to_object(composed)
    except (HydraException, OmegaConfBaseException) as error:
        raise ObjectPoseError(_sentence(error, words, heads)) from None
    for key, text in texts.items():
        *parents, last = heads.get(key, key).split(".")
        setattr(reduce(getattr, parents, result), last, text)
    if isinstance(result, EvalConfig | RenderCommandConfig) and chosen:
        value = OverridesParser.create().parse_override(chosen[-1]).value()
        known = result.dataset.conditions
        conditions: dict[str, Any] = {}
        for item in value if isinstance(value, list) else [value]:
            conditions |= item if isinstance(item, dict) else {str(item): known.get(str(item), {})}
        result.dataset.conditions = {str(name): given or {} for name, given in conditions.items()}
    return result


def _short(text: str, heads: Mapping[str, str]) -> str:
    """Return a text in which keys stand as users write them."""
    for short, full in heads.items():
        text = text.replace(full, short)
    return text


def _sentence(error: Exception, overrides: Sequence[str], heads: Mapping[str, str]) -> str:
    """Turn hydra's report about a value into one sentence that names the word it is about."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    full_key = str(getattr(cause, "full_key", "") or getattr(error, "full_key", "") or "")
    about = [word for word in overrides if word.lstrip("+").partition("=")[0] == full_key]
    about = [_short(word, heads) for word in about]
    reason = _short(str(cause).strip().splitlines()[0].rstrip("."), heads)
    where = f"'{about[0]}' cannot be used" if about else "The configuration cannot be used"
    return f"{where}: {reason}; --help shows what is expected."
