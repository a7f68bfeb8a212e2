"""Names of the 1000 ImageNet-1k classes, as timm's ``ImageNetInfo`` lists them, and what a user may call them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from objectpose.errors import ObjectPoseError, nearest

NUM_CLASSES = 1000


@cache
def _table() -> tuple[tuple[str, tuple[str, ...]], ...]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo("imagenet-1k")
    rows = []
    for wnid in info.label_names():
        rows.append((wnid, tuple(name.strip() for name in info.label_name_to_description(wnid).split(","))))
    return tuple(rows)


def _row(index: int) -> tuple[str, tuple[str, ...]]:
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
    return _row(index)[1][0]


def class_names(index: int) -> tuple[str, ...]:
    """Return all English names of an ImageNet-1k class.

    Args:
        index: 0..999.

    Raises:
        ObjectPoseError: the index is out of range.

    >>> class_names(847)
    ('tank', 'army tank', 'armored combat vehicle', 'armoured combat vehicle')
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


def bare(name: str) -> str:
    """Return the letters and digits of a name, of any script, without case, by which names are compared.

    >>> bare("Park_Bench"), bare("jack-o'-lantern"), bare("Kühl-Schrank")
    ('parkbench', 'jackolantern', 'kühlschrank')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


@cache
def _indices() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for index, (_, names) in enumerate(_table()):
        for key in dict.fromkeys(bare(name) for name in names):
            found.setdefault(key, []).append(index)
    return {key: tuple(indices) for key, indices in found.items()}


def classes_called(name: str) -> tuple[int, ...]:
    """Return the indices of all classes that a name stands for: none, one or two.

    Args:
        name: any of the names of a class, in any case, with blanks, underscores, hyphens or none.

    >>> classes_called("Lamp_Shade"), classes_called("crane"), classes_called("thing")
    ((619,), (134, 517), ())
    """
    return _indices().get(bare(name), ())


def find_class(label: str) -> int:
    """Return the index of the class that a user means.

    Args:
        label: an index, a WordNet id, or a name as in :func:`classes_called`.

    Raises:
        ObjectPoseError: there is no such class; the nearest names are given. Or the name stands for two.

    >>> find_class("847"), find_class("n04389033"), find_class("army tank")
    (847, 847, 847)
    """
    text = label.strip()
    if text.isascii() and text.isdecimal():
        index = int(text[:9])
        _row(index)
        return index
    if re.fullmatch(r"n\d{8}", text):
        for index, (wnid, _) in enumerate(_table()):
            if wnid == text:
                return index
        raise ObjectPoseError(
            f"ImageNet-1k has no class '{text}'; give one of its 1000 WordNet ids, an index or a name."
        )
    found = classes_called(text)
    if len(found) > 1:
        meanings = " or ".join(f"{index} ({', '.join(_row(index)[1][:2])}, {wordnet_id(index)})" for index in found)
        raise ObjectPoseError(
            f"'{text}' is the name of two ImageNet-1k classes; give the index or WordNet id: {meanings}."
        )
    if not found:
        names = {name.lower() for _, row in _table() for name in row}
        raise ObjectPoseError(
            f"ImageNet-1k has no class called '{text}'; {nearest(text.lower().replace('_', ' '), names)}."
        )
    return found[0]
