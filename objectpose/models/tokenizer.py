"""The tokenizer of a zero-shot network, as open_clip sets it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from objectpose.errors import ObjectPoseError
from objectpose.hub import cached_file, hub_file
from objectpose.models.chatter import quiet

if TYPE_CHECKING:
    import torch

Tokenizer = Callable[[list[str]], "torch.Tensor"]
"""From N texts to int64 N x context length."""

_OWN = "open_clip"
_OPTIONS = ("tokenizer_mode", "tokenizer_kwargs")


def tokenizer_identity(config: Mapping[str, Any]) -> dict[str, object]:
    """Return what determines the tokens of a text, as JSON values: which tokenizer, its context length and options.

    Args:
        config: open_clip's configuration of the network.
    """
    import open_clip

    text = config["text_cfg"]
    said: dict[str, object] = {
        "name": text.get("hf_tokenizer_name") or _OWN,
        "context_length": text.get("context_length", open_clip.CLIPTextCfg().context_length),
    }
    return said | {key: text[key] for key in _OPTIONS if text.get(key)}


def tokenizer(reference: str, config: Mapping[str, Any], owner: str) -> Tokenizer:
    """Return the tokenizer; one of the hub's is taken from the Hugging Face cache without a network.

    Args:
        reference: what open_clip calls the network: an architecture, or ``hf-hub:OWNER/NAME``.
        config: of the network.
        owner: whose tokenizer it is, for the sentence.

    Raises:
        ObjectPoseError: the tokenizer is not in the cache and cannot be fetched.
    """
    import open_clip

    name = config["text_cfg"].get("hf_tokenizer_name")
    with quiet():
        if not name:
            return cast(Tokenizer, open_clip.get_tokenizer(reference))
        cached = _cached(reference, name)
        if cached is not None:
            return cached
        what = f"The tokenizer of {owner}"
        elsewhere = (
            f"copy the Hugging Face cache of a machine that ran 'hf download {name}', or use a network with "
            "open_clip's own tokenizer, such as open_clip:ViT-B-16:openai."
        )
        hub_file(name, ("tokenizer_config.json", "config.json"), what, elsewhere)
        try:
            return cast(Tokenizer, open_clip.get_tokenizer(reference))
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:100]
            raise ObjectPoseError(f"{what} cannot be made from {name} ({reason}); {elsewhere}") from error


def _cached(reference: str, name: str) -> Tokenizer | None:
    """Return the tokenizer from the Hugging Face cache alone; None where the cache lacks it or part of it."""
    import open_clip
    from transformers import PreTrainedConfig

    options: dict[str, Any] = {"local_files_only": True}
    whole = cached_file(name, ("tokenizer.json",)) and cached_file(name, ("tokenizer_config.json",))
    if whole and cached_file(name, ("config.json",)) is None:
        # A repository of a tokenizer alone has no model's configuration, which transformers would ask the hub for.
        options["config"] = PreTrainedConfig()
    try:
        return cast(Tokenizer, open_clip.get_tokenizer(reference, **options))
    except (OSError, ValueError, ImportError, AttributeError, TypeError):
        return None
