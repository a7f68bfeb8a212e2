"""Names of the 1000 ImageNet-1k classes, as timm's ``ImageNetInfo`` lists them."""

from __future__ import annotations

from functools import cache

from objectpose.errors import ObjectPoseError

NUM_CLASSES = 1000


@cache
def _table() -> tuple[tuple[str, str], ...]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo("imagenet-1k")
    identifiers = info.label_names()
    return tuple((wnid, info.label_name_to_description(wnid).split(",")[0].strip()) for wnid in identifiers)


def _row(index: int) -> tuple[str, str]:
    if not 0 <= index < NUM_CLASSES:
        raise ObjectPoseError(f"ImageNet-1k has no class {index}; give an index from 0 to {NUM_CLASSES - 1}.")
    return _table()[index]


def class_name(index: int) -> str:
    """Return the first English name of an ImageNet-1k class; a few names stand for two classes.

    Args:
        index: 0..999.

    Raises:
        ObjectPoseError: the index is out of range.

    >>> class_name(847)
    'tank'
    """
    return _row(index)[1]


def wordnet_id(index: int) -> str:
    """Return the WordNet synset of an ImageNet-1k class, ``n`` and eight digits.

    Args:
        index: 0..999.

    Raises:
        ObjectPoseError: the index is out of range.

    >>> wordnet_id(0)
    'n01440764'
    """
    return _row(index)[0]
