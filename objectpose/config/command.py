"""A command from its words to its exit code, and its help."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from importlib import import_module

from hydra import compose, initialize_config_dir
from omegaconf import DictConfig, ListConfig, OmegaConf

from objectpose.config.compose import config_dir, groups_of, heads_of, keys_of, load_config, register
from objectpose.config.schema import COMMANDS
from objectpose.errors import ObjectPoseError
from objectpose.rendering.conditions import CONDITIONS

_COLUMN = 36
_HEADINGS = {
    "Networks": ("model", "model.*", "pretrained", "preprocess", "device", "weights_dir", "engine", "engine.*"),
    "Data set": ("dataset", "dataset.*", "objects", "views", "seed"),
    "Own meshes": tuple(f"dataset.{key}" for key in ("meshes", "labels", "unlabelled", "up", "max_*", "missing_*")),
    "Pictures that exist": tuple(f"dataset.{key}" for key in ("path", "layout", "upright", "alternatives")),
    "Rendering": ("render.*",),
    "Videos": ("video", "video.*"),
    "People": ("humans.*",),
}
"""The keys under each heading of the help, as patterns; the last heading that fits counts."""
_REST = "Output"


def _heading(command: str, key: str) -> str:
    """Return the heading of the help under which a key stands."""
    if command == "models":
        return "Networks"
    if command == "render" and key == "video":
        return _REST
    found = [heading for heading, patterns in _HEADINGS.items() if any(fnmatchcase(key, p) for p in patterns)]
    return found[-1] if found else _REST


def help_text(command: str) -> str:
    """Return what ``--help`` prints: what the command does, its keys with defaults, and the names it takes."""
    schema = COMMANDS[command]
    with initialize_config_dir(version_base="1.3", config_dir=str(config_dir())):
        register()
        defaults = compose(config_name=command)
    text = "\n".join(line.removeprefix("    ") for line in (schema.__doc__ or "").splitlines())
    heads = heads_of(command)
    groups = {g: n for g, n in groups_of().items() if g in defaults}
    blocks: dict[str, list[str]] = {heading: [] for heading in (*_HEADINGS, _REST)}
    for key, item in keys_of(schema):
        block = blocks[_heading(command, key)]
        group = key.partition(".")[0]
        if group in groups:
            names = ", ".join(groups.pop(group))
            blocks[_heading(command, group)].append(
                f"  {group}=...".ljust(_COLUMN) + f"a config of configs/{group}: {names}"
            )
        value = OmegaConf.select(defaults, heads.get(key, key))
        listed = isinstance(value, DictConfig | ListConfig)
        shown = ",".join(map(str, value)) if listed else "null" if value is None else str(value)
        shown = f"[{shown}]" if listed else shown.lower() if isinstance(value, bool) else shown
        setting = f"  {key}={shown}"
        line = setting.ljust(_COLUMN) + ("" if len(setting) < _COLUMN else "  ") + item.metadata["help"]
        block.append(line)
    lines = [text.rstrip(), "", "Keys (key=default)"]
    for heading, block in blocks.items():
        lines += ["", f"{heading}:", *block] if block else []
    if "dataset" in defaults:
        lines += ["", "Conditions:"]
        lines += [f"  {c.name}".ljust(24) + c.summary for c in CONDITIONS.values() if c.name != "gate"]
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
