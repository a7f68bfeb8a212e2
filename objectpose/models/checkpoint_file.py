"""The weights file that a user names for an architecture, and what the hub announced of a file in its cache."""

from __future__ import annotations

import re
from pathlib import Path

from objectpose.errors import ObjectPoseError
from objectpose.hub import cached_file, hub_file
from objectpose.models.checkpoint import weights_at
from objectpose.models.labels import read_labels
from objectpose.models.spec import ModelSpec, Weights

_REFERENCE = re.compile(r"hub:(?P<name>[\w.-]+/[\w.-]+)/(?P<file>(?!.*\.\.)[^@]+?)(?P<revision>@[\w./-]+)?")
_REMEDY = "fetch the file and give its path."


def hub_reference(text: str) -> tuple[str, str] | None:
    """Return repository, with its revision, and file of ``hub:OWNER/NAME/FILE[@REVISION]``; None for a path.

    Raises:
        ObjectPoseError: the reference is malformed.

    >>> hub_reference("hub:someone/net/last/weights.pth@v1")
    ('someone/net@v1', 'last/weights.pth')
    """
    if not text.startswith("hub:"):
        return None
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ObjectPoseError(
            f"The checkpoint '{text}' is no file of the hub; expected hub:OWNER/NAME/FILE or "
            "hub:OWNER/NAME/FILE@REVISION."
        )
    return match["name"] + (match["revision"] or ""), match["file"]


def find_checkpoint(spec: ModelSpec) -> Path | None:
    """Return the file that ``spec.options.checkpoint`` names where it is on this machine; else None."""
    given = spec.options.checkpoint
    if given is None:
        return None
    reference = hub_reference(given)
    if reference is not None:
        return cached_file(reference[0], (reference[1],))
    return Path(given) if Path(given).is_file() else None


def checkpoint_weights(spec: ModelSpec, elsewhere: str = _REMEDY) -> Weights | None:
    """Return the weights that ``spec.options.checkpoint`` names; None where it names none.

    Args:
        spec: whose checkpoint is a path, or ``hub:OWNER/NAME/FILE[@REVISION]``.
        elsewhere: end of the sentence where the hub does not give the file: what the user can do.

    Raises:
        ObjectPoseError: the file is not there, cannot be fetched, or is empty, a web page or other bytes than the hub
            announced.
    """
    given = spec.options.checkpoint
    if given is None:
        return None
    reference = hub_reference(given)
    if reference is None:
        return weights_at(Path(given), spec.name)
    repository, file = reference
    return hub_weights(hub_file(repository, (file,), f"The weights of {spec.name}", elsewhere), spec.name)


def hub_weights(path: Path, owner: str) -> Weights:
    """Return a weights file with its sha256, which the name of its blob says where the hub's cache holds it.

    Raises:
        ObjectPoseError: it cannot be opened, is empty or a web page, or has other bytes than the hub announced.
    """
    weights = weights_at(path, owner)
    announced = path.resolve().name
    if re.fullmatch(r"[0-9a-f]{64}", announced) and announced != weights.sha256:
        raise ObjectPoseError(
            f"The cached weights {path} of {owner} have sha256 {weights.sha256[:12]}..., the hub announced "
            f"{announced[:12]}...; delete the file and run again."
        )
    return weights


def num_outputs(spec: ModelSpec, published: int) -> int:
    """Return how many outputs to build a network with.

    Args:
        spec: of the network; the labels count where the weights are the user's own or random.
        published: outputs of the weights that its source publishes.

    Raises:
        ObjectPoseError: the file of labels cannot be read.
    """
    own = spec.options.checkpoint is not None or not spec.pretrained
    if own and spec.options.labels is not None:
        return len(read_labels(Path(spec.options.labels)))
    return published
