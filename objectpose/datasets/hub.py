"""Files of a data set repository of the Hugging Face hub, by revision."""

from __future__ import annotations

import re
from pathlib import Path

from objectpose.errors import ObjectPoseError
from objectpose.hub import hub_file

_REFERENCE = re.compile(r"hub:(?P<repository>[\w.-]+/[\w.-]+)/(?P<file>(?!.*\.\.)[^@]+?)(?P<revision>@[\w./-]+)?")


def fetch(reference: str) -> tuple[Path, str]:
    """Return a file of the hub on this machine, downloading it unless it is there, and the commit that it is of.

    Args:
        reference: ``hub:OWNER/NAME/FILE`` or ``hub:OWNER/NAME/FILE@REVISION``, where a revision is a commit, a tag or
            a branch; without one it is what the cache holds, else the newest commit. The original's assets are
            ``hub:Amro-Kamal/ObjectPose/3D models.zip`` and so on.

    Returns:
        The path, and the 40 hex digits of the commit.

    Raises:
        ObjectPoseError: the reference is malformed, the hub cannot be reached, or has no such file.
    """
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ObjectPoseError(
            f"'{reference}' is no file of the hub; expected hub:OWNER/NAME/FILE or hub:OWNER/NAME/FILE@REVISION."
        )
    found = hub_file(
        match["repository"] + (match["revision"] or ""),
        (match["file"],),
        reference,
        "check the name, or give a path on this machine.",
        kind="dataset",
    )
    folder = next(parent for parent in found.parents if parent.name == "snapshots")
    return found, found.relative_to(folder).parts[0]
