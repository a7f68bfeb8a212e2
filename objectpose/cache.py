"""The folder in which ObjectPose keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """Return ``$OBJECTPOSE_CACHE``, else ``$XDG_CACHE_HOME/objectpose``, else ``~/.cache/objectpose``.

    The folder need not exist. A variable that is empty counts as not set.
    """
    own = os.environ.get("OBJECTPOSE_CACHE")
    if own:
        return Path(own).expanduser()
    shared = os.environ.get("XDG_CACHE_HOME")
    return (Path(shared).expanduser() if shared else Path.home() / ".cache") / "objectpose"
