"""A file from a web address into a folder: resumed where it broke off, checked by its hash, whole or not at all."""

from __future__ import annotations

import errno
import http.client
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock
from tqdm import tqdm

from objectpose.errors import ObjectPoseError
from objectpose.files import publish, require_space, sha256_of
from objectpose.hub import offline_switch, reachable
from objectpose.progress import progress_shown

_STALL_S = 20.0
_ATTEMPTS = 3
_PAUSE_S = 1.0
_CHUNK_BYTES = 1 << 20


class _BrokenError(Exception):
    """The connection broke off: another attempt may go on from there."""


class _RefusedError(Exception):
    """The server will not give the file: another attempt is of no use."""


def url_file(url: str, folder: Path, filename: str, sha256_prefix: str, what: str, elsewhere: str) -> Path:
    """Return a file from a web address, downloaded into ``folder`` unless it is there.

    The bytes go to ``<filename>.part``, from which a broken download goes on, and get their name when their hash is
    right. Processes that want the same file wait for one another.

    Args:
        url: of the file, http or https.
        folder: made if need be.
        filename: in that folder.
        sha256_prefix: hex digits that the sha256 of the file starts with.
        what: it is, for the sentence, such as ``The weights of resnet50``.
        elsewhere: end of the sentence: what the user can do without the download.

    Raises:
        ObjectPoseError: the file that is there has another hash; a download is forbidden, does not fit the disk, or
            fails.
    """
    final = folder / filename
    if final.is_file():
        return verified(final, sha256_prefix, what)
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    switch = offline_switch()
    if switch is not None:
        raise ObjectPoseError(
            f"{what} cannot be found at {final}, and {switch} forbids to fetch {url}; unset it, or {elsewhere}"
        )
    if not reachable(origin):
        raise ObjectPoseError(f"{what} cannot be fetched: could not reach {parts.netloc}; {elsewhere}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{filename}.lock"):
            if final.is_file():
                return verified(final, sha256_prefix, what)
            _fetch(url, final, sha256_prefix, what)
    except (_BrokenError, _RefusedError) as error:
        raise ObjectPoseError(f"{what} cannot be fetched: {error}; {elsewhere}") from error
    except OSError as error:
        full = error.errno == errno.ENOSPC
        remedy = "free some space and run again" if full else "check its permissions"
        raise ObjectPoseError(f"{what} cannot be written to {folder} ({error.strerror or error}); {remedy}.") from error
    return final


def verified(path: Path, sha256_prefix: str, what: str) -> Path:
    """Return a file whose sha256 starts as it should.

    Raises:
        ObjectPoseError: it does not, or the file cannot be opened.
    """
    try:
        found = sha256_of(path)
    except OSError as error:
        raise ObjectPoseError(f"{what}: {path} cannot be opened ({error.strerror}); check its permissions.") from error
    if not found.startswith(sha256_prefix):
        raise ObjectPoseError(
            f"{what}: {path} has sha256 {found[:12]}..., expected {sha256_prefix}...; delete the file and run again."
        )
    return path


def _fetch(url: str, final: Path, sha256_prefix: str, what: str) -> None:
    part = final.with_name(f"{final.name}.part")
    resumed = _size(part) > 0
    _complete(url, part, what)
    found = sha256_of(part)
    if resumed and not found.startswith(sha256_prefix):
        # What an earlier run left may have been of another file.
        part.unlink()
        _complete(url, part, what)
        found = sha256_of(part)
    if not found.startswith(sha256_prefix):
        part.unlink()
        raise _RefusedError(f"{url} has sha256 {found[:12]}..., expected {sha256_prefix}...")
    publish(part, final)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _complete(url: str, part: Path, what: str) -> None:
    """Download what is missing of a file, in as many attempts as make progress."""
    left = _ATTEMPTS
    while True:
        before = _size(part)
        try:
            _attempt(url, part, what)
            return
        except _BrokenError:
            left = left - 1 if _size(part) <= before else _ATTEMPTS
            if left == 0:
                raise
            time.sleep(_PAUSE_S)


def _attempt(url: str, part: Path, what: str) -> None:
    have = _size(part)
    headers = {"User-Agent": "objectpose", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    host = urlsplit(url).netloc
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=_STALL_S) as answer:
            _receive(answer, part, have if answer.status == http.HTTPStatus.PARTIAL_CONTENT else 0, what, url)
    except urllib.error.HTTPError as error:
        with error:
            _refused(error, part, have, url)
    except urllib.error.URLError as error:
        raise _BrokenError(f"the connection to {host} failed ({error.reason})") from error
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise _BrokenError(f"the connection to {host} broke off ({type(error).__name__})") from error


def _refused(error: urllib.error.HTTPError, part: Path, have: int, url: str) -> None:
    """Judge the status of an answer that is no success; returns where the file is complete."""
    if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
        if error.headers.get("Content-Range", "") == f"bytes */{have}":
            return
        part.unlink()
        raise _BrokenError(f"{url} is shorter than what was left of an earlier download") from error
    if error.code in (408, 429, 500, 502, 503, 504):
        raise _BrokenError(f"{url} answers {error.code} ({error.reason})") from error
    raise _RefusedError(f"{url} answers {error.code} ({error.reason})") from error


def _receive(answer: http.client.HTTPResponse, part: Path, start: int, what: str, url: str) -> None:
    """Write the body of an answer behind the first ``start`` bytes of a file."""
    if "html" in (answer.headers.get("Content-Type") or ""):
        raise _RefusedError(f"{url} answers with a web page instead of a file")
    if start and not re.match(rf"bytes {start}-", answer.headers.get("Content-Range") or ""):
        part.unlink()
        raise _BrokenError(f"{url} answers with another part than was asked for")
    length = answer.headers.get("Content-Length")
    remaining = int(length) if length and length.isdecimal() else None
    if remaining is not None:
        require_space(part.parent, remaining, what)
    total = None if remaining is None else start + remaining
    chunk = answer.read1(_CHUNK_BYTES)
    if start == 0 and chunk.lstrip()[:1] == b"<":
        raise _RefusedError(f"{url} answers with a web page instead of a file")
    received = start
    hidden = None if progress_shown() else True  # None shows it on a terminal only
    with (
        part.open("ab" if start else "wb") as stream,
        tqdm(total=total, initial=start, desc=part.stem, unit="B", unit_scale=True, disable=hidden) as bar,
    ):
        while chunk:
            stream.write(chunk)
            received += len(chunk)
            bar.update(len(chunk))
            chunk = answer.read1(_CHUNK_BYTES)
    if total is not None and received < total:
        raise _BrokenError(f"the connection to {urlsplit(url).netloc} broke off after {received:,} of {total:,} bytes")
