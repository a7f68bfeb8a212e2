"""The human study's answer files from its public repository, one by one, each checked by its hash."""

from __future__ import annotations

from pathlib import Path

from objectpose.analysis.humans.checksums import COMMIT, FILES
from objectpose.download import url_file

ADDRESS = f"https://raw.githubusercontent.com/BRAIN-Aalto/unusual_poses/{COMMIT}"


def fetch_study(folder: Path | str) -> Path:
    """Return a folder that :func:`load.load_answers` reads, fetched unless it is there.

    The repository states no licence for the files: they are for the user's own analysis and are not to be passed on.
    The files are small (0.3 MB together) and checked one by one; an archive of the repository has no lasting hash.

    Args:
        folder: for the files, made if need be; it gets the repository's own folders.

    Raises:
        ObjectPoseError: a file cannot be fetched or written, or has another hash.
    """
    root = Path(folder)
    for path, sha256 in FILES.items():
        inner, _, name = path.rpartition("/")
        url_file(
            f"{ADDRESS}/{path}",
            root / inner,
            name,
            sha256,
            f"The human study's {name}",
            "give the study's folder 'data' with humans.path=PATH.",
        )
    return root
