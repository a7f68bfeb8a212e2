"""The sha256 of every picture of a folder, kept so that a file which did not change is not read again.

A kept sum is used only where size, time of modification and time of the last change of the inode are the same, and
that change is older than the index by two seconds or more. Any write sets the last of these, and no program can set it
back; whoever replaces a file by means that leave it alone is found out when the picture is read, whose sum is compared
each time.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from tqdm import tqdm

from objectpose.datasets.picture_files import inspect_picture
from objectpose.errors import ObjectPoseError

_SETTLED_NS = 2_000_000_000
_SCHEMA = pa.schema(
    [
        pa.field("path", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in ("size", "modified_ns", "changed_ns")),
        pa.field("sha256", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True)
class Indexed:
    """A picture file as it was when it was indexed.

    Attributes:
        path: relative to the folder.
        size: in bytes.
        modified_ns: time of modification.
        changed_ns: time of the last change of the inode.
        sha256: of the content.
    """

    path: str
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str


Index = dict[str, Indexed]


def index_pictures(
    root: Path, paths: Iterable[str], known: Mapping[str, Indexed], known_at_ns: int, progress: bool
) -> tuple[Index, int]:
    """Return the index of pictures, and how many were read because ``known`` does not vouch for them.

    Args:
        root: the folder.
        paths: relative to it.
        known: an earlier index of the same folder; may be empty.
        known_at_ns: when that was begun.
        progress: show a bar on stderr once it takes more than two seconds.

    Raises:
        ObjectPoseError: a file is no picture, is damaged, or cannot be read.
    """
    names = list(dict.fromkeys(paths))

    def look(path: str) -> tuple[Indexed, bool]:
        old = known.get(path)
        try:
            state = (root / path).stat()
            if (
                old is not None
                and (old.size, old.modified_ns, old.changed_ns) == (state.st_size, state.st_mtime_ns, state.st_ctime_ns)
                and max(old.modified_ns, old.changed_ns) < known_at_ns - _SETTLED_NS
            ):
                return old, False
            data = (root / path).read_bytes()
        except OSError as error:
            raise ObjectPoseError(f"{root / path} cannot be read ({error.strerror}); check it.") from None
        inspect_picture(data, root / path)
        digest = hashlib.sha256(data).hexdigest()
        return Indexed(path, len(data), state.st_mtime_ns, state.st_ctime_ns, digest), True

    bar = tqdm(total=len(names), desc="index", unit="img", disable=not progress, dynamic_ncols=True, delay=2)
    found: Index = {}
    read = 0
    with warnings.catch_warnings(), bar, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            for one, anew in pool.map(look, names):
                found[one.path] = one
                read += anew
                bar.update()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found, read


def write_index(index: Index, path: Path) -> None:
    """Write an index as parquet."""
    pq.write_table(pa.Table.from_pylist([asdict(one) for one in index.values()], schema=_SCHEMA), path)


def read_index(path: Path) -> Index:
    """Return what ``write_index`` wrote, empty where there is no such file or it is another version's."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid):
        return {}
    if not table.schema.equals(_SCHEMA):
        return {}
    return {row["path"]: Indexed(**row) for row in table.to_pylist()}
