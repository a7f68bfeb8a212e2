"""The weights file that a user names for an architecture."""

from __future__ import annotations

from pathlib import Path

from objectpose.hub import hub_file
from objectpose.models.checkpoint import weights_at
from objectpose.models.spec import ModelSpec, Weights


def checkpoint_weights(spec: ModelSpec) -> Weights | None:
    """Return the weights that ``spec.options.checkpoint`` names; None where it names none.

    Args:
        spec: whose checkpoint is a path, or ``hub:OWNER/NAME/FILE[@REVISION]``.

    Raises:
        ObjectPoseError: the file is not there, cannot be fetched, or is empty or a web page.
    """
    given = spec.options.checkpoint
    if given is None:
        return None
    if given.startswith("hub:"):
        inner, _, revision = given.removeprefix("hub:").partition("@")
        owner, name, file = inner.split("/", 2)
        repository = f"{owner}/{name}" + (f"@{revision}" if revision else "")
        path = hub_file(repository, (file,), f"The weights of {spec.name}", "fetch the file and give its path.")
        return weights_at(path, spec.name)
    return weights_at(Path(given), spec.name)
