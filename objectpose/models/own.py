"""A user's own network: a function that returns a module and how it is fed."""

from __future__ import annotations

import hashlib
import inspect
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import fit, read_state
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint
from objectpose.models.labels import check_labels, read_labels
from objectpose.models.preprocess import OwnTransform, Preparation, finish, prepare
from objectpose.models.recipe import Preprocess
from objectpose.models.spec import ModelSpec, Weights

_WHAT = (
    "expected (module, transform) or (module, transform, labels), where transform is a recipe such as "
    "'224/0.875/bicubic/imagenet' or a function from a PIL picture to a tensor"
)
_IMAGENET_OUTPUTS = 1000


class _Built:
    """What a user's function returned, with the hash of all that it is made of."""

    def __init__(self, spec: ModelSpec) -> None:
        source = _module(spec.identifier)
        function = _function(source, spec.identifier)
        try:
            with _importing_beside(source):
                result = function()
        except (Exception, SystemExit) as error:
            raise ObjectPoseError(
                f"{spec.identifier} raises {type(error).__name__} ({_first_line(error)}); mend the function, which "
                "takes no argument."
            ) from error
        if not isinstance(result, tuple) or len(result) not in (2, 3):
            raise ObjectPoseError(f"{spec.identifier} returns {_kind(result)}, {_WHAT}.")
        module, transform = result[0], result[1]
        if not isinstance(module, torch.nn.Module):
            raise ObjectPoseError(f"{spec.identifier} returns a {_kind(module)} as its module, {_WHAT}.")
        self.labels: Sequence[str] | None = None
        if len(result) == 3 and result[2] is not None:
            self.labels = _labels(result[2], spec.identifier)
        self.module = module.eval()
        files = _files(source, self.module, transform)
        self.preparation = _preparation(transform, spec.identifier, files)
        self.path: Path | None = None
        given = checkpoint_weights(spec)
        if given is not None and given.path is not None:
            self.path = given.path
            fit(self.module, read_state(given.path, spec.name), given.path, spec.name)
        self.weights = self._hash(files)

    def _hash(self, files: dict[str, bytes]) -> Weights:
        """Return the hash of source, tensors and behaviour, and why it may miss something."""
        digest = hashlib.sha256()
        for name, text in sorted(files.items()):
            digest.update(f"\n{name}\0".encode() + hashlib.sha256(text).digest())
        digest.update(repr(self.module).encode())
        for key, value in sorted([*self.module.named_parameters(), *self.module.named_buffers()]):
            digest.update(f"\n{key} {value.dtype} {tuple(value.shape)}\0".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
        digest.update(self._behaviour().encode())
        reason = self.preparation.reason if isinstance(self.preparation, OwnTransform) else ""
        reason = reason or ("its source cannot be read" if not files else "")
        if " at 0x" in repr(self.module):
            reason = reason or "the module's description names an address in memory"
        return Weights(self.path, digest.hexdigest(), not reason, reason)

    def _behaviour(self) -> str:
        """Return answers to three pictures in four digits: what no source and no tensor shows, as an attribute does.

        Where the network fails on them the run will say why.
        """
        pictures = np.random.default_rng(0).integers(0, 256, (3, 96, 128, 3), dtype=np.uint8)
        pictures[1] = np.linspace(0, 255, 128, dtype=np.uint8)[:, None]
        try:
            with torch.inference_mode():
                logits = self.module(finish(prepare(pictures, self.preparation), self.preparation).contiguous())
            return " ".join(f"{value:.4g}" for value in logits.double().reshape(-1).tolist())
        except Exception:
            return "fails"


@lru_cache(maxsize=64)
def _built(spec: ModelSpec) -> _Built:
    return _Built(spec)


def _module(identifier: str) -> ModuleType:
    """Import the module of ``package.module:function`` or the file of ``file.py:function``."""
    source = identifier.rpartition(":")[0]
    try:
        if source.endswith(".py"):
            path = Path(source).resolve()
            if not path.is_file():
                raise ObjectPoseError(f"There is no file {source} for the model {identifier}; check the path.")
            name = f"objectpose_own_{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
            if name in sys.modules:
                return sys.modules[name]
            found = spec_from_file_location(name, path)
            assert found is not None
            assert found.loader is not None
            module = module_from_spec(found)
            sys.modules[name] = module
            try:
                with _importing_beside(module):
                    found.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
            return module
        return import_module(source)
    except ObjectPoseError:
        raise
    except ModuleNotFoundError as error:
        raise ObjectPoseError(
            f"The module '{source}' of the model {identifier} cannot be imported ({error}); run the command in "
            "the folder that holds it, or install it."
        ) from error
    except (Exception, SystemExit) as error:
        raise ObjectPoseError(
            f"Importing {source} for the model {identifier} raises {type(error).__name__} ({_first_line(error)}); mend "
            "it."
        ) from error


@contextmanager
def _importing_beside(module: ModuleType) -> Iterator[None]:
    """Let a file of the user's import the modules that lie beside it."""
    folder = str(Path(module.__file__).parent) if module.__file__ else ""
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _function(module: ModuleType, identifier: str) -> Callable[[], object]:
    name = identifier.rpartition(":")[2]
    function = getattr(module, name, None)
    if function is None:
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise ObjectPoseError(f"{identifier.rpartition(':')[0]} has no function '{name}'; {nearest(name, known)}.")
    if not callable(function):
        raise ObjectPoseError(f"{identifier} is a {_kind(function)}, expected a function without arguments.")
    return function  # type: ignore[no-any-return]


def _labels(labels: object, identifier: str) -> tuple[str, ...]:
    if isinstance(labels, str) or not isinstance(labels, Sequence) or not all(isinstance(x, str) for x in labels):
        raise ObjectPoseError(f"The labels that {identifier} returns are no list of texts ({_kind(labels)}); mend it.")
    return check_labels([str(label) for label in labels], identifier)


def _preparation(transform: Any, identifier: str, files: dict[str, bytes]) -> Preparation:
    if isinstance(transform, Preprocess):
        return transform
    if isinstance(transform, str):
        return Preprocess.parse(transform)
    if not callable(transform):
        raise ObjectPoseError(f"{identifier} returns a {_kind(transform)} as its transform, {_WHAT}.")
    if inspect.isfunction(transform):
        closed = (
            transform.__name__ == "<lambda>"
            or transform.__closure__
            or transform.__defaults__
            or transform.__kwdefaults__
        )
        text = f"{transform.__module__}.{transform.__qualname__}"
        reason = "the transform is a lambda or holds values of its own" if closed else ""
        return OwnTransform(transform, text, reason)
    text = " ".join(repr(transform).split())
    hidden = " at 0x" in text or "Lambda(" in text
    reason = "the transform's description does not tell all of it" if hidden else ""
    return OwnTransform(transform, text, reason)


def _files(source: ModuleType, module: torch.nn.Module, transform: Any) -> dict[str, bytes]:
    """Return the source of all that the user's network is made of and that is no installed library's.

    These are the modules of its classes and of its transform, those of its package, and those that lie beside it and
    are imported by now.
    """
    owners: set[str] = {source.__name__, *(type(part).__module__ for part in module.modules())}
    owners.add(getattr(transform, "__module__", type(transform).__module__) or source.__name__)
    top = source.__name__.partition(".")[0]
    beside = Path(source.__file__).resolve().parent if source.__file__ else None
    found = {}
    for name, one in sorted(sys.modules.items()):
        file = getattr(one, "__file__", None)
        if not file or not Path(file).is_file() or _is_library(Path(file)):
            continue
        path = Path(file).resolve()
        near = beside is not None and path.is_relative_to(beside)
        if near or name in owners or name == top or name.startswith(f"{top}."):
            found[str(path.relative_to(beside)) if near and beside else name] = path.read_bytes()
    return found


def _is_library(path: Path) -> bool:
    """Return whether a file belongs to an installed package, to Python, or to ObjectPose."""
    homes = {sysconfig.get_paths()[key] for key in ("stdlib", "platstdlib")} | {str(Path(__file__).parent.parent)}
    return bool({"site-packages", "dist-packages"} & set(path.parts)) or any(path.is_relative_to(h) for h in homes)


def _kind(value: object) -> str:
    return f"tuple of {len(value)}" if isinstance(value, tuple) else type(value).__name__


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0]


def exact_name(name: str) -> str:
    """Return the name as it is."""
    return name


def preparation(spec: ModelSpec) -> Preparation:
    """Return what the user's function returned as transform; the function is called once a process."""
    return _built(spec).preparation


def find(spec: ModelSpec, weights_dir: Path | None = None) -> Path | None:
    """Return the file of ``model.checkpoint``, if one is given."""
    return find_checkpoint(spec)


def locate(spec: ModelSpec, weights_dir: Path | None = None) -> Weights:
    """Return the hash of the module's tensors and of the source that makes it.

    Raises:
        ObjectPoseError: the function cannot be imported, raises, or does not return what it should.
    """
    return _built(spec).weights


def recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return the labels that the function gave."""
    labels = _built(spec).labels
    return {} if labels is None else {"own_labels": hashlib.sha256("\n".join(labels).encode()).hexdigest()}


def build(spec: ModelSpec, weights: Weights | None, classes: Classes) -> Network:
    """Return the user's module; its outputs are those of its labels, or of ImageNet-1k.

    Raises:
        ObjectPoseError: the module fails on it, or gives no logits.
    """
    built = _built(spec)
    labels = built.labels
    if spec.options.labels:
        return Network(built.module, len(read_labels(Path(spec.options.labels))))
    return Network(built.module, len(labels) if labels is not None else _IMAGENET_OUTPUTS, labels)
