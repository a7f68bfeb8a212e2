"""A user's own network: a function that returns a module and how it is fed."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from objectpose.classes import Classes
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.adapter import Network
from objectpose.models.checkpoint import fit, read_state
from objectpose.models.checkpoint_file import checkpoint_weights, find_checkpoint
from objectpose.models.labels import read_labels
from objectpose.models.preprocess import OwnTransform, Preparation
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
            result = function()
        except Exception as error:
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
        digest = hashlib.sha256()
        for name, text in sorted(files.items()):
            digest.update(f"\n{name}\0".encode() + hashlib.sha256(text).digest())
        digest.update(repr(self.module).encode())
        for key, value in sorted(self.module.state_dict().items()):
            if not isinstance(value, torch.Tensor):
                return Weights(self.path, digest.hexdigest(), False, f"'{key}' of its state is no tensor")
            digest.update(f"\n{key} {value.dtype} {tuple(value.shape)}\0".encode())
            digest.update(value.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
        reason = self.preparation.reason if isinstance(self.preparation, OwnTransform) else ""
        reason = reason or ("its source cannot be read" if not files else "")
        if " at 0x" in repr(self.module):
            reason = reason or "the module's description names an address in memory"
        return Weights(self.path, digest.hexdigest(), not reason, reason)


@lru_cache(maxsize=4)
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
            sys.path.insert(0, str(path.parent))
            try:
                found.loader.exec_module(module)
            except BaseException:
                del sys.modules[name]
                raise
            finally:
                sys.path.remove(str(path.parent))
            return module
        return import_module(source)
    except ObjectPoseError:
        raise
    except ModuleNotFoundError as error:
        raise ObjectPoseError(
            f"The module '{source}' of the model {identifier} cannot be imported ({error}); run the command in "
            "the folder that holds it, or install it."
        ) from error
    except Exception as error:
        raise ObjectPoseError(
            f"Importing {source} for the model {identifier} raises {type(error).__name__} ({_first_line(error)}); mend "
            "it."
        ) from error


def _function(module: ModuleType, identifier: str) -> Callable[[], object]:
    name = identifier.rpartition(":")[2]
    function = getattr(module, name, None)
    if function is None:
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        raise ObjectPoseError(f"{identifier.rpartition(':')[0]} has no function '{name}'; {nearest(name, known)}.")
    if not callable(function):
        raise ObjectPoseError(f"{identifier} is a {_kind(function)}, expected a function without arguments.")
    return function  # type: ignore[no-any-return]


def _labels(labels: object, identifier: str) -> list[str]:
    if isinstance(labels, str) or not isinstance(labels, Sequence) or not all(isinstance(x, str) for x in labels):
        raise ObjectPoseError(f"{identifier} returns a {_kind(labels)} as labels, expected a list of texts.")
    return [str(label) for label in labels]


def _preparation(transform: Any, identifier: str, files: dict[str, bytes]) -> Preparation:
    if isinstance(transform, Preprocess):
        return transform
    if isinstance(transform, str):
        return Preprocess.parse(transform)
    if not callable(transform):
        raise ObjectPoseError(f"{identifier} returns a {_kind(transform)} as its transform, {_WHAT}.")
    if inspect.isfunction(transform):
        closed = transform.__name__ == "<lambda>" or transform.__closure__ or transform.__defaults__
        text = f"{transform.__module__}.{transform.__qualname__}"
        reason = "the transform is a lambda or holds values of its own" if closed else ""
        return OwnTransform(transform, text, reason)
    text = " ".join(repr(transform).split())
    reason = "the transform's description names an address in memory" if " at 0x" in text else ""
    return OwnTransform(transform, text, reason)


def _files(source: ModuleType, module: torch.nn.Module, transform: Any) -> dict[str, bytes]:
    """Return the source of the user's function and of every class that is not an installed library's."""
    owners: set[str] = {source.__name__, *(type(part).__module__ for part in module.modules())}
    owners.add(getattr(transform, "__module__", type(transform).__module__) or source.__name__)
    top = source.__name__.partition(".")[0]
    owners |= {name for name in sys.modules if name == top or name.startswith(f"{top}.")}
    beside = Path(source.__file__).parent if source.__file__ else None
    found = {}
    for name in sorted(owners):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is None or not Path(file).is_file() or "site-packages" in Path(file).parts:
            continue
        local = beside is not None and Path(file).is_relative_to(beside)
        found[str(Path(file).relative_to(beside)) if local and beside else name] = Path(file).read_bytes()
    return found


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
