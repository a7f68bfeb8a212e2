"""Typed schemas of every config, and the way from a command line to one of them.

With the mains this is the only module that knows hydra and omegaconf.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from objectpose.datasets.spec import DatasetSpec, resolve_objects
from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.appearance import as_appearance
from objectpose.rendering.conditions import CONDITIONS, parameters_of


def _option(default: Any, text: str) -> Any:
    if isinstance(default, type) or callable(default):
        return field(default_factory=default, metadata={"help": text})
    return field(default=default, metadata={"help": text})


@dataclass
class DatasetConfig:
    """A rendered data set (``configs/dataset``)."""

    name: str = _option(MISSING, "first part of the folder's name")
    objects: Any = _option(
        "default",
        "all, default (admitted), reference (instance 0), or a list: tank is tank/0, tank/* all of them",
    )
    conditions: dict[str, Any] = _option(dict, "condition names, or names with parameters: tilt: {count: 18}")
    appearance: str = _option("textured", "textured, untextured (grey) or recoloured (other paint)")
    seed: int = _option(0, "of all random numbers of the data set")


@dataclass
class RenderConfig:
    """How pictures are drawn."""

    backend: str = _option("auto", "auto or cpu")
    image_size: int = _option(320, "height and width in pixels")
    supersampling: int = _option(2, "samples a pixel along each axis")
    threads: int | None = _option(None, "pictures drawn at the same time; null: one a processor")


@dataclass
class EngineConfig:
    """How networks are run (``configs/engine``)."""

    batch_size: int = _option(64, "images a step")


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
      python -m objectpose.eval dry_run=true
    """

    model: Any = _option("offline", "zoo name, group (offline, paper38), timm:NAME, or a list: [a,b]")
    dataset: DatasetConfig = _option(DatasetConfig, "")
    gate: str = _option("default", "default: findings on the objects that the audit admits; none: on all")
    preprocess: str = _option("native", "native: what the weights want; paper2022: what the original fed them")
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
    """

    dataset: DatasetConfig = _option(DatasetConfig, "")
    render: RenderConfig = _option(RenderConfig, "")
    renders_dir: str = _option("renders", "where data sets go")
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

    model: Any = _option("offline", "zoo name, group, timm:NAME, or a list")
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
COMMANDS: dict[str, type] = {"eval": EvalConfig, "render": RenderCommandConfig, "audit": AuditConfig}
Config = TypeVar("Config")


def config_dir() -> Path:
    """Return the folder of YAML files: inside an installed wheel, else at the top of the checkout."""
    here = Path(__file__).resolve().parent
    return here / "configs" if (here / "configs").is_dir() else here.parent / "configs"


def _register() -> None:
    store = ConfigStore.instance()
    for name, schema in COMMANDS.items():
        store.store(name=f"{name}_schema", node=schema)
    store.store(group="dataset", name="schema", node=DatasetConfig)
    store.store(group="engine", name="schema", node=EngineConfig)


def _groups() -> dict[str, list[str]]:
    return {p.name: sorted(f.stem for f in p.glob("*.yaml")) for p in sorted(config_dir().iterdir()) if p.is_dir()}


def _keys(schema: type, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted key, dataclass field) of a schema's leaves."""
    for item in fields(schema):
        if item.default_factory in (DatasetConfig, RenderConfig, EngineConfig):
            yield from _keys(item.default_factory, f"{prefix}{item.name}.")
        else:
            yield prefix + item.name, item


def _check_keys(command: str, overrides: Sequence[str]) -> list[str]:
    """Return the overrides as hydra wants them, or raise a sentence about the first that cannot be meant."""
    known = {key for key, _ in _keys(COMMANDS[command])}
    groups = {g: names for g, names in _groups().items() if any(key.startswith(f"{g}.") for key in known)}
    parser = OverridesParser.create()
    result = []
    for text in overrides:
        if text in ("-m", "--multirun"):
            raise ObjectPoseError("Multirun is not supported; give a list instead, as in model=[resnet50,vit_b16].")
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
        elif key not in known:
            raise ObjectPoseError(f"Unknown key '{key}'; {nearest(key, known | set(groups))}.")
        try:
            parsed = parser.parse_override(text)
        except HydraException as error:
            reason = str(error).splitlines()[0]
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
    _register()
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
        result.dataset.conditions = {
            str(n): known.get(str(n), {}) for n in (value if isinstance(value, list) else [value])
        }
    return result


def _sentence(error: Exception, overrides: Sequence[str]) -> str:
    """Turn hydra's report about a value into one sentence that names the word it is about."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    full_key = str(getattr(cause, "full_key", "") or getattr(error, "full_key", "") or "")
    about = [word for word in overrides if word.lstrip("+").partition("=")[0] == full_key]
    reason = str(cause).strip().splitlines()[0].rstrip(".")
    where = f"'{about[0]}' cannot be used" if about else "The configuration cannot be used"
    return f"{where}: {reason}; --help shows what is expected."


def dataset_spec(dataset: DatasetConfig, render: RenderConfig) -> DatasetSpec:
    """Return the data set that a config describes.

    Raises:
        ObjectPoseError: an unknown object, condition or parameter, or a value out of range.
    """
    names = dataset.objects if isinstance(dataset.objects, list) else str(dataset.objects)
    conditions = []
    for name, given in dataset.conditions.items():
        if not isinstance(given, Mapping):
            raise ObjectPoseError(f"Condition '{name}' has parameters {given!r}; expected such as {{count: 18}}.")
        wrong = [k for k, v in given.items() if isinstance(v, bool) or not isinstance(v, int | float)]
        if wrong:
            raise ObjectPoseError(f"{wrong[0]} of condition '{name}' is {given[wrong[0]]!r}; expected a number.")
        conditions.append((name, parameters_of(name, {str(k): v for k, v in given.items()})))
    return DatasetSpec(
        name=dataset.name,
        objects=resolve_objects([str(n) for n in names] if isinstance(names, list) else names),
        conditions=tuple(conditions),
        image_size_px=render.image_size,
        supersampling=render.supersampling,
        seed=dataset.seed,
        appearance=as_appearance(dataset.appearance),
    )


def help_text(command: str) -> str:
    """Return what ``--help`` prints: what the command does, its keys with defaults, and the names it takes."""
    schema = COMMANDS[command]
    with initialize_config_dir(version_base="1.3", config_dir=str(config_dir())):
        _register()
        defaults = compose(config_name=command)
    text = "\n".join(line.removeprefix("    ") for line in (schema.__doc__ or "").splitlines())
    lines = [text.rstrip(), "", "Keys (key=default):"]
    groups = {g: n for g, n in _groups().items() if g in defaults}
    for group, names in groups.items():
        lines.append(f"  {group}=...".ljust(36) + f"a config of configs/{group}: {', '.join(names)}")
    for key, item in _keys(schema):
        value = OmegaConf.select(defaults, key)
        shown = ",".join(value) if isinstance(value, DictConfig) else "null" if value is None else str(value)
        shown = f"[{shown}]" if isinstance(value, DictConfig) else shown.lower() if isinstance(value, bool) else shown
        lines.append(
            f"  {key}={shown}".ljust(36) + ("" if len(f"  {key}={shown}") < 36 else "  ") + item.metadata["help"]
        )
    if "dataset" in groups:
        lines += ["", "Conditions:"]
        lines += [f"  {c.name}".ljust(20) + c.summary for c in CONDITIONS.values() if c.name != "gate"]
        lines += ["", "  A parameter is set as in dataset.conditions.tilt.count=36."]
    return "\n".join(lines)


def run_command(command: str, job: str, argv: Sequence[str] | None = None) -> int:
    """Compose a command's config, act on it, and turn what the user can mend into one sentence and exit code 2.

    Args:
        command: ``eval``, ``render`` or ``audit``.
        job: ``module:function`` that takes the config and returns the exit code; imported only for a right command,
            so that a wrong word is answered at once.
        argv: the words after the command; None takes those of the process.

    Returns:
        The exit code: 0 done, 1 done in part, 2 the user has to mend something, 130 interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if any(word in ("-h", "--help", "help") for word in words):
            print(help_text(command))
            return 0
        config = load_config(command, words)
        module, _, function = job.partition(":")
        return int(getattr(import_module(module), function)(config))
    except ObjectPoseError as error:
        print(f"objectpose: {error}", file=sys.stderr)
    except OSError as error:
        print(f"objectpose: {_os_sentence(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nobjectpose: interrupted; the same command goes on from what is finished.", file=sys.stderr)
        return 130
    return 2


def _os_sentence(error: OSError) -> str:
    where = error.filename if error.filename is not None else "a file"
    if error.errno == errno.ENOSPC:
        return f"No space is left on the device while writing {where}; free some and run the same command again."
    reason = os.strerror(error.errno) if error.errno else str(error)
    remedy = "check the path, or choose another with renders_dir= or results_dir="
    return f"{where} cannot be read or written ({reason}); {remedy}."
