"""Target sets: which classes of a label space are right answers, by a user's word or by a class of ImageNet-1k."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import bare, class_name, class_names, classes_called, find_class, wordnet_id
from objectpose.objects.catalogue import CATALOGUE

Targets = tuple[int, ...]
"""Indices into the classes of a label space."""
_CLASSES = {bare(name): name for name in CATALOGUE}
_WORDNET_ID = re.compile(r"n\d{8}")
_MOST_NAMED = 12


def means_a_class(word: str, classes: Classes = IMAGENET) -> bool:
    """Return whether a name of a file or folder is one of a class; numbers are not.

    >>> means_a_class("Park-Bench"), means_a_class("n03891251"), means_a_class("holiday")
    (True, True, False)
    """
    if classes.is_imagenet:
        return bool(classes_called(word) or _WORDNET_ID.fullmatch(word))
    return bool(_named(word, classes))


def targets_of(label: str, classes: Classes = IMAGENET) -> Targets:
    """Return the target set that a label names.

    Args:
        label: a name of a class, a WordNet id, or an index, or several separated by ``|``. In ImageNet-1k a single name
            of the catalogue (``table lamp``) stands for the catalogue's target set. In a list of the user's own a
            WordNet id stands for the classes that are called as ImageNet-1k calls that synset.
        classes: the label space.

    Raises:
        ObjectPoseError: there is no such class, or a name stands for two; the sentence says what to write.

    >>> targets_of("table_lamp"), targets_of("846"), targets_of("notebook | laptop")
    ((846, 619), (846,), (681, 620))
    >>> targets_of("E_Scooter", Classes("kinds.txt", ("robot vacuum", "e-scooter")))
    (1,)
    """
    words = [word.strip() for word in label.split("|") if word.strip()]
    if not classes.is_imagenet:
        return tuple(dict.fromkeys(t for word in words for t in _named(word, classes) or (classes.find(word),)))
    if len(words) == 1 and bare(words[0]) in _CLASSES:
        return CATALOGUE[_CLASSES[bare(words[0])]].targets
    return tuple(dict.fromkeys(find_class(word) for word in words))


def _named(word: str, classes: Classes) -> Targets:
    """Return the classes of a user's list that a name or a WordNet id stands for; none where there is none."""
    found = classes.called(word)
    if not found and _WORDNET_ID.fullmatch(word):
        try:
            return targets_of_imagenet(find_class(word), classes)
        except ObjectPoseError:
            return ()
    return found


def targets_of_imagenet(index: int, classes: Classes, *names: str) -> Targets:
    """Return the classes of a label space that are called as an ImageNet-1k class is; none where there is none.

    Args:
        index: of the class in ImageNet-1k.
        classes: the label space; in ImageNet-1k itself it is the class.
        names: further names of the thing; those of ImageNet-1k that stand for two classes say nothing.

    >>> targets_of_imagenet(437, Classes("sea.txt", ("buoy", "lighthouse", "pier")))
    (1,)
    """
    if classes.is_imagenet:
        return (index,)
    own = (name for name in class_names(index) if len(classes_called(name)) == 1)
    return tuple(dict.fromkeys(t for name in (*names, *own, wordnet_id(index)) for t in classes.called(name)))


def targets_of_catalogue(name: str, classes: Classes = IMAGENET) -> Targets:
    """Return the target set of a class of the catalogue, empty where a user's list has none of its names.

    Args:
        name: of the class.
        classes: the label space. In a list of the user's own, all classes are right that are called as the catalogue
            calls the class, or as ImageNet-1k calls one of its targets.

    >>> targets_of_catalogue("table_lamp", Classes("lights.txt", ("torch", "lampshade", "table lamp")))
    (2, 1)
    """
    first, *others = CATALOGUE[name].targets
    found = [targets_of_imagenet(first, classes, name), *(targets_of_imagenet(other, classes) for other in others)]
    return tuple(dict.fromkeys(target for targets in found for target in targets))


def require_catalogue(names: Iterable[str], classes: Classes) -> None:
    """Make sure that a label space has all given classes of the catalogue.

    Args:
        names: of classes; those that the catalogue lacks are passed over.
        classes: the label space.

    Raises:
        ObjectPoseError: a user's list has none of the names of some; the sentence lists them.
    """
    wanted = [name for name in dict.fromkeys(names) if name in CATALOGUE]
    lacking = [name for name in wanted if not targets_of_catalogue(name, classes)]
    if not lacking:
        return
    there = [name for name in wanted if name not in lacking]
    shown = ", ".join(lacking[:_MOST_NAMED]) + (", ..." if len(lacking) > _MOST_NAMED else "")
    some = ",".join(there[:_MOST_NAMED]) + (",..." if len(there) > _MOST_NAMED else "")
    remedy = f"choose others with dataset.objects=[{some}] or add lines" if there else "add lines"
    raise ObjectPoseError(
        f"{classes.title} has no class for {len(lacking)} of the {len(wanted)} classes of the catalogue that are asked "
        f"for ({shown}); {remedy}, one for each missing class."
    )


@cache
def name_of(targets: Targets, classes: Classes = IMAGENET) -> str:
    """Return the class name of a target set, different for different sets.

    It is the catalogue's where that has a class of the same targets in ImageNet-1k, else made of the classes' first
    names, with the index where a name alone would be another set's.

    >>> name_of((846, 619)), name_of((846,)), name_of((134,)), name_of((681, 620))
    ('table_lamp', 'table_lamp_846', 'crane_134', 'notebook_or_laptop')
    >>> name_of((1,), Classes("kinds.txt", ("robot vacuum", "E-Scooter (old)")))
    'e_scooter_old'
    """
    if not classes.is_imagenet:
        return _own_name(targets, classes)
    for row in CATALOGUE.values():
        if set(row.targets) == set(targets):
            return row.name
    parts = []
    for index in targets:
        slug = _slug(class_name(index))
        taken = len(targets) == 1 and slug in CATALOGUE
        parts.append(f"{slug}_{index}" if taken or len(classes_called(class_name(index))) > 1 else slug)
    return "_or_".join(parts)


def _own_name(targets: Targets, classes: Classes) -> str:
    parts = [_slug(classes.name(index)) for index in targets]
    once = [slug and _slugs(classes).count(slug) == 1 for slug in parts]
    name = "_or_".join(s if alone else f"{s or 'class'}_{t}" for s, t, alone in zip(parts, targets, once, strict=True))
    taken = len(targets) > 1 and name in _slugs(classes)
    return "_".join([name, *map(str, targets)]) if taken else name


@cache
def _slugs(classes: Classes) -> tuple[str, ...]:
    return tuple(_slug(name) for name in classes.names)


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")
