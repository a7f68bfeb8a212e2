"""One file from the Hugging Face hub: from its cache, or downloaded after a short look whether it can be reached."""

from __future__ import annotations

import os
import queue
import ssl
import threading
import urllib.error
import urllib.request
from pathlib import Path

from objectpose.errors import ObjectPoseError
from objectpose.files import require_space

_CONNECT_S = 5.0
_PATIENCE_S = 8.0
_SWITCHES = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_reached: dict[str, bool] = {}
_asking = threading.Lock()


def _answers(url: str) -> bool:
    request = urllib.request.Request(url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=_CONNECT_S):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except urllib.error.URLError as error:
        return isinstance(error.reason, ssl.SSLCertVerificationError)
    except (OSError, ValueError):
        return False


def _asked(url: str) -> bool:
    answer: queue.Queue[bool] = queue.Queue()
    threading.Thread(target=lambda: answer.put(_answers(url)), daemon=True).start()
    try:
        return answer.get(timeout=_PATIENCE_S)
    except queue.Empty:
        return False


def reachable(url: str) -> bool:
    """Whether a server answers at ``url`` within a few seconds, with whatever status.

    Each address is asked once in a process, whatever the answer, so that many networks do not wait one by one. A name
    lookup can hang for longer than any timeout of a connection, hence the thread. A certificate that Python does not
    know counts as an answer: the hub's client may know it.
    """
    with _asking:
        if url not in _reached:
            _reached[url] = _asked(url)
        return _reached[url]


def offline_switch() -> str | None:
    """Return the environment variable that forbids downloads, ``HF_HUB_OFFLINE`` or ``TRANSFORMERS_OFFLINE``."""
    from huggingface_hub import constants

    on = [name for name in _SWITCHES if os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE")]
    if on:
        return on[0]
    return _SWITCHES[0] if constants.HF_HUB_OFFLINE else None


def cached_file(repository: str, filenames: tuple[str, ...], kind: str | None = None) -> Path | None:
    """Return the first of ``filenames`` of a hub repository that lies in the cache; None where none does.

    Args:
        repository: ``owner/name`` or ``owner/name@revision``.
        filenames: in the order of preference.
        kind: of the repository: None for a model, ``dataset``.
    """
    import huggingface_hub

    repo_id, _, revision = repository.partition("@")
    for filename in filenames:
        try:
            found = huggingface_hub.try_to_load_from_cache(repo_id, filename, revision=revision or None, repo_type=kind)
        except ValueError:
            return None
        if isinstance(found, str):
            return Path(found)
    return None


def hub_file(repository: str, filenames: tuple[str, ...], what: str, elsewhere: str, kind: str | None = None) -> Path:
    """Return the first of ``filenames`` that a hub repository has; a cached file is taken without a network.

    A download shows its progress, is resumed where an earlier one broke off, and starts only if the file fits the
    disk.

    Args:
        repository: ``owner/name`` or ``owner/name@revision``.
        filenames: in the order of preference.
        what: it is, for the sentence, such as ``The weights of resnet50``.
        elsewhere: end of the sentence: what the user can do without the hub.
        kind: of the repository: None for a model, ``dataset``.

    Raises:
        ObjectPoseError: the hub cannot be reached, refuses, or has none of the files, or the disk is full.
    """
    import huggingface_hub
    from huggingface_hub import constants, errors

    repo_id, _, revision = repository.partition("@")
    version = revision or None
    for filename in filenames:
        try:
            cached = huggingface_hub.try_to_load_from_cache(repo_id, filename, revision=version, repo_type=kind)
        except ValueError as error:
            raise ObjectPoseError(f"{what} cannot be fetched: {str(error).splitlines()[0]}; {elsewhere}") from None
        if isinstance(cached, str):
            return Path(cached)
    switch = offline_switch()
    if switch is not None:
        raise ObjectPoseError(
            f"{what} cannot be found in the Hugging Face cache, and {switch} forbids to fetch from {repo_id}; "
            f"unset it, or {elsewhere}"
        )
    if not reachable(constants.ENDPOINT):
        raise ObjectPoseError(
            f"{what} cannot be fetched: could not reach {constants.ENDPOINT} ({repo_id}); {elsewhere}"
        )
    for filename in filenames:
        try:
            return _downloaded(repo_id, filename, version, kind, what)
        except ObjectPoseError:
            raise
        except errors.LocalEntryNotFoundError as error:
            raise ObjectPoseError(
                f"{what} cannot be fetched: the connection to {constants.ENDPOINT} failed ({repo_id}); {elsewhere}"
            ) from error
        except errors.EntryNotFoundError:
            continue
        except Exception as error:  # The hub's client raises what its HTTP library raises, whichever that is.
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
            raise ObjectPoseError(f"{what} cannot be fetched from {repo_id} ({reason}); {elsewhere}") from error
    raise ObjectPoseError(f"{what} cannot be fetched: {repo_id} has none of {', '.join(filenames)}; {elsewhere}")


def _downloaded(repo_id: str, filename: str, revision: str | None, kind: str | None, what: str) -> Path:
    import huggingface_hub
    from huggingface_hub import constants

    url = huggingface_hub.hf_hub_url(repo_id, filename, revision=revision, repo_type=kind)
    size = huggingface_hub.get_hf_file_metadata(url, timeout=_CONNECT_S).size
    if size is not None:
        require_space(Path(constants.HF_HUB_CACHE), size, what)
    return Path(
        huggingface_hub.hf_hub_download(
            repo_id,
            filename,
            revision=revision,
            repo_type=kind,
            etag_timeout=_CONNECT_S,
        )
    )
