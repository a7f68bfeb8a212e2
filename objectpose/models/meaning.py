"""What the label of an output means in ImageNet, whose classes have several names each, some of them shared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from objectpose import imagenet

NO_CLASS = "-"
"""Label of an output that is no answer."""

_AGREEMENT = 0.95
_BACKGROUND = (NO_CLASS, "background")
_IDENTIFIED = re.compile(r"(n\d{8})(?:[\s,:].*)?", re.DOTALL)
_LARGER = {
    11221: "imagenet-21k-miil",
    11821: "imagenet-12k",
    21841: "imagenet-22k",
    21842: "imagenet-22k-ms",
    21843: "imagenet-21k-goog",
}
"""timm's lists of WordNet ids by the number of outputs that they belong to."""


def plain(label: str) -> str:
    """Return a label without blanks around it; of one that begins with a WordNet id, the id.

    >>> plain("n01440764 tench, Tinca tinca"), plain(" army tank")
    ('n01440764', 'army tank')
    """
    text = label.strip()
    found = _IDENTIFIED.fullmatch(text)
    return found[1] if found else text


def parts(label: str) -> tuple[str, ...]:
    """Return the names in a label that may be several with commas between.

    >>> parts("tench, Tinca tinca")
    ('tench', 'Tinca tinca')
    """
    return tuple(text.strip() for text in label.split(",") if text.strip())


def larger_ids(outputs: int) -> list[str] | None:
    """Return the WordNet ids of a larger ImageNet's outputs; None where no list has so many."""
    from timm.data import ImageNetInfo

    return ImageNetInfo(_LARGER[outputs]).label_names() if outputs in _LARGER else None


def agree_with_larger(labels: Sequence[str]) -> bool:
    """Return whether 95 % of labels share a name with the larger ImageNet that has as many classes, or are its ids."""
    from timm.data import ImageNetInfo

    if len(labels) not in _LARGER:
        return False
    info = ImageNetInfo(_LARGER[len(labels)])
    rows = zip(labels, info.label_names(), info.label_descriptions(), strict=True)
    agree = sum(label == wnid or bool(_keys(parts(label)) & _keys(parts(names))) for label, wnid, names in rows)
    return bool(agree >= _AGREEMENT * len(labels))


def names_of_id(text: str) -> tuple[str, ...]:
    """Return the names of a WordNet id of ImageNet, the larger ones too; nothing for any other text."""
    index = index_of_id(text)
    if index is not None:
        return imagenet.class_names(index)
    return parts(_larger_names().get(text, "")) if _IDENTIFIED.fullmatch(text) else ()


def index_of_id(text: str) -> int | None:
    """Return the ImageNet-1k class with a WordNet id, if there is one."""
    return _by_id().get(text)


def usual_start(labels: Sequence[str]) -> int | None:
    """Return with which output ImageNet-1k in its usual order begins; None where the labels are others.

    Args:
        labels: of all outputs. 1000 of them are ImageNet-1k in its usual order where 95 % share a name with their
            class, as timm, torchvision or open_clip has it, and no two others stand in each other's place. A
            background may come first.
    """
    start = len(labels) - imagenet.NUM_CLASSES
    if start not in (0, 1) or (start and labels[0].casefold() not in _BACKGROUND):
        return None
    odd = {index for index in range(imagenet.NUM_CLASSES) if not _names(labels[start + index], index)}
    if len(odd) > (1 - _AGREEMENT) * imagenet.NUM_CLASSES:
        return None
    moved = any(odd.intersection(_candidates(labels[start + index])) for index in odd)
    return None if moved else start


def imagenet_meanings(labels: Sequence[str]) -> list[tuple[int, ...]]:
    """Return for each output the ImageNet-1k classes that its label may mean: none, one, or several.

    A label that may mean several means the one that no other output means, where there is just one. In a list that is
    ImageNet in its usual order a label of another thing means none: somebody put it there.

    Args:
        labels: WordNet ids, indices, names, names with commas between, or ``-``.
    """
    start = usual_start(labels)
    if start is not None:
        places = enumerate(labels, -start)
        return [(index,) if index >= 0 and _names(label, index) else () for index, label in places]
    found = [_candidates(label) for label in labels]
    taken = {candidates[0] for candidates in found if len(candidates) == 1}
    for output, candidates in enumerate(found):
        free = tuple(index for index in candidates if index not in taken)
        if len(candidates) > 1 and len(free) == 1:
            found[output] = free
    return found


def _names(label: str, index: int) -> bool:
    """Return whether a label names an ImageNet-1k class, among others perhaps."""
    if label == imagenet.wordnet_id(index):
        return True
    keys = _keys((label, *parts(label)))
    return bool(keys & _keys(imagenet.class_names(index)) or keys & _library_names()[index])


def _candidates(label: str) -> tuple[int, ...]:
    """Return the ImageNet-1k classes that a label alone may mean."""
    index = index_of_id(label)
    if index is not None:
        return (index,)
    if label == NO_CLASS or _IDENTIFIED.fullmatch(label):
        return ()
    if label.isdecimal() and int(label[:9]) < imagenet.NUM_CLASSES:
        return (int(label),)
    names = parts(label)
    groups = [set(group) for group in (imagenet.classes_called(name) for name in names) if group]
    if not groups:
        return _by_library_name().get(imagenet.bare(label), ())
    common = set.intersection(*groups)
    spelt = {index for index in common if set(names) & set(imagenet.class_names(index))}
    return tuple(sorted(spelt if len(spelt) == 1 else common or set.union(*groups)))


def _keys(names: Iterable[str]) -> set[str]:
    return {imagenet.bare(name) for name in names} - {""}


@cache
def _by_id() -> dict[str, int]:
    return {imagenet.wordnet_id(index): index for index in range(imagenet.NUM_CLASSES)}


@cache
def _library_names() -> tuple[frozenset[str], ...]:
    """Return what torchvision and open_clip call each ImageNet-1k class."""
    from open_clip import IMAGENET_CLASSNAMES
    from torchvision.models import ResNet50_Weights

    rows = zip(ResNet50_Weights.IMAGENET1K_V1.meta["categories"], IMAGENET_CLASSNAMES, strict=True)
    return tuple(frozenset(_keys(names)) for names in rows)


@cache
def _by_library_name() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for index, names in enumerate(_library_names()):
        for name in names:
            found[name] = (*found.get(name, ()), index)
    return found


@cache
def _larger_names() -> dict[str, str]:
    from timm.data import ImageNetInfo

    info = ImageNetInfo(_LARGER[21843])
    return dict(zip(info.label_names(), info.label_descriptions(), strict=True))
