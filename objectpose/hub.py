"""One file from the Hugging Face hub: from its cache, or downloaded after a short look whether it can be reached."""

from __future__ import annotations

import queue
import ssl
import threading
import urllib.error
import urllib.request
from pathlib import Path

from objectpose.errors import ObjectPoseError

_CONNECT_S = 5.0
_PATIENCE_S = 8.0


def _answers(url: str) -> bool:
    request = urllib.request.Request(url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=_CONNECT_S):
            return True
    except urllib.error.HTTPError:
        return True
    except urllib.error.URLError as error:
        return isinstance(error.reason, ssl.SSLCertVerificationError)
    except (OSError, ValueError):
        return False


def reachable(url: str) -> bool:
    """Whether a server answers at ``url`` within a few seconds, with whatever status.

    A name lookup can hang for longer than any timeout of a connection, hence the thread. A certificate that Python
    does not know counts as an answer: the hub's client may know it.
    """
    answer: queue.Queue[bool] = queue.Queue()
    threading.Thread(target=lambda: answer.put(_answers(url)), daemon=True).start()
    try:
        return answer.get(timeout=_PATIENCE_S)
    except queue.Empty:
        return False


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

    Args:
        repository: ``owner/name`` or ``owner/name@revision``.
        filenames: in the order of preference.
        what: it is, for the sentence, such as ``The weights of resnet50``.
        elsewhere: end of the sentence: what the user can do without the hub.
        kind: of the repository: None for a model, ``dataset``.

    Raises:
        ObjectPoseError: the hub cannot be reached, refuses, or has none of the files.
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
    if constants.HF_HUB_OFFLINE:
        raise ObjectPoseError(
            f"{what} cannot be found in the Hugging Face cache, and HF_HUB_OFFLINE forbids to fetch from {repo_id}; "
            f"unset it, or {elsewhere}"
        )
    if not reachable(constants.ENDPOINT):
        raise ObjectPoseError(
            f"{what} cannot be fetched: could not reach {constants.ENDPOINT} ({repo_id}); {elsewhere}"
        )
    for filename in filenames:
        try:
            return Path(
                huggingface_hub.hf_hub_download(
                    repo_id, filename, revision=version, repo_type=kind, etag_timeout=_CONNECT_S
                )
            )
        except errors.LocalEntryNotFoundError as error:
            raise ObjectPoseError(
                f"{what} cannot be fetched: the connection to {constants.ENDPOINT} failed ({repo_id}); {elsewhere}"
            ) from error
        except errors.EntryNotFoundError:
            continue
        except (errors.HfHubHTTPError, OSError) as error:
            reason = str(error).strip().splitlines()[0][:100]
            raise ObjectPoseError(f"{what} cannot be fetched from {repo_id} ({reason}); {elsewhere}") from error
    raise ObjectPoseError(f"{what} cannot be fetched: {repo_id} has none of {', '.join(filenames)}; {elsewhere}")
