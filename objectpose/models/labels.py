"""What a network's outputs mean, and which of the asked classes each can answer."""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from objectpose import imagenet
from objectpose.classes import Classes, read_lines
from objectpose.errors import ObjectPoseError
from objectpose.models.adapter import Network
from objectpose.models.spec import ModelSpec

_NEARLY = 0.75
NO_CLASS = "-"
"""Label of an output that is no answer."""


@dataclass(frozen=True)
class OutputMap:
    """From a network's outputs to the classes that are asked about.

    Attributes:
        answers: int32, indices of the classes that the network can answer, ascending.
        outputs: for each of them the outputs that mean it.
        ignored: labels of the outputs that mean none of the classes; they are no answers.
    """

    answers: NDArray[np.int32]
    outputs: tuple[tuple[int, ...], ...]
    ignored: tuple[str, ...] = ()

    def apply(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return float32 N x A logits of the answers from float32 N x K of the outputs.

        Where several outputs mean one class, the largest counts.
        """
        first = np.array([group[0] for group in self.outputs])
        if len(first) == logits.shape[1] and (first == np.arange(len(first))).all():
            return logits
        chosen = np.ascontiguousarray(logits[:, first])
        for column, group in enumerate(self.outputs):
            if len(group) > 1:
                chosen[:, column] = logits[:, list(group)].max(axis=1)
        return chosen


def map_outputs(labels: Sequence[str] | None, classes: Classes, owner: str) -> OutputMap:
    """Return which output answers which class.

    Args:
        labels: of the outputs: WordNet ids, names, indices, or ``-``; None is ImageNet-1k in its usual order.
        classes: that are asked about.
        owner: whose outputs they are, for the sentence.

    Raises:
        ObjectPoseError: no output means any of the classes.
    """
    if labels is None and classes.is_imagenet:
        return OutputMap(
            np.arange(imagenet.NUM_CLASSES, dtype=np.int32), tuple((i,) for i in range(imagenet.NUM_CLASSES))
        )
    meant: dict[int, list[int]] = {}
    ignored: list[str] = []
    texts = [imagenet.wordnet_id(i) for i in range(imagenet.NUM_CLASSES)] if labels is None else list(labels)
    for output, text in enumerate(texts):
        indices = _meant(text, classes, output if labels is None else None)
        for index in indices:
            meant.setdefault(index, []).append(output)
        if not indices:
            ignored.append(text)
    if not meant:
        shown = [text for text in texts if text != NO_CLASS][:3]
        known = ", ".join(classes.name(index) for index in range(min(3, len(classes))))
        raise ObjectPoseError(
            f"None of the {len(texts):,} outputs of {owner} (such as {', '.join(shown)}) means one of the "
            f"{len(classes):,} classes of {classes.title} (such as {known}); name the outputs with model.labels=FILE."
        )
    answers = sorted(meant)
    return OutputMap(np.array(answers, np.int32), tuple(tuple(meant[index]) for index in answers), tuple(ignored))


def _meant(text: str, classes: Classes, imagenet_index: int | None) -> tuple[int, ...]:
    """Return the classes that an output's label means."""
    if text == NO_CLASS:
        return ()
    if classes.is_imagenet:
        index = _by_wordnet_id().get(text)
        if index is not None:
            return (index,)
        if text.isdecimal() and int(text[:9]) < imagenet.NUM_CLASSES:
            return (int(text),)
        found = classes.called(text)
        return found if len(found) == 1 else ()
    names = [text]
    index = imagenet_index if imagenet_index is not None else _by_wordnet_id().get(text)
    if index is not None:
        names += imagenet.class_names(index)
    return tuple(dict.fromkeys(found for name in names for found in classes.called(name)))


@cache
def _by_wordnet_id() -> dict[str, int]:
    return {imagenet.wordnet_id(index): index for index in range(imagenet.NUM_CLASSES)}


def output_map(spec: ModelSpec, network: Network, classes: Classes) -> OutputMap:
    """Return the map of a network that was built, with the labels that the user gave, or else its own.

    Raises:
        ObjectPoseError: there are more or fewer labels than outputs, or none is of use.
    """
    labels = read_labels(Path(spec.options.labels)) if spec.options.labels else network.labels
    expected = imagenet.NUM_CLASSES if labels is None else len(labels)
    if network.outputs != expected:
        if labels is None:
            raise ObjectPoseError(
                f"{spec.name} has {network.outputs:,} outputs, expected the {expected:,} ImageNet-1k classes; say what "
                "they mean with model.labels=FILE, one label a line."
            )
        origin = spec.options.labels or "its own list"
        raise ObjectPoseError(
            f"{spec.name} has {network.outputs:,} outputs, but {origin} has {expected:,} labels; give one an output."
        )
    found = map_outputs(labels, classes, spec.name)
    if labels is not None and (spec.options.labels or spec.source == "own"):
        _refuse_misspelt(labels, found, classes, spec.options.labels or spec.name)
    return found


def _refuse_misspelt(labels: Sequence[str], found: OutputMap, classes: Classes, origin: str) -> None:
    """Raise if a label that means nothing is nearly the name of a class that no output means."""
    answered = set(found.answers.tolist())
    free = {
        name.casefold() for index in range(len(classes)) if index not in answered for name in classes.names_of(index)
    }
    for output, label in enumerate(labels):
        if label == NO_CLASS or label not in found.ignored:
            continue
        near = difflib.get_close_matches(label.casefold().replace("_", " "), free, n=1, cutoff=_NEARLY)
        if near:
            raise ObjectPoseError(
                f"Output {output} is called '{label}' in {origin}, which is no class of {classes.title}, but "
                f"'{near[0]}' is one; mend it, or write {NO_CLASS} for an output that is no class."
            )


def labels_recipe(spec: ModelSpec, classes: Classes) -> dict[str, object]:
    """Return what the labels and the asked classes add to a unit's recipe; nothing for ImageNet-1k."""
    recipe: dict[str, object] = {}
    if spec.options.labels:
        joined = "\n".join(read_labels(Path(spec.options.labels)))
        recipe["labels"] = hashlib.sha256(joined.encode()).hexdigest()
    if not classes.is_imagenet:
        recipe["classes"] = classes.digest
    return recipe


def read_labels(path: Path) -> tuple[str, ...]:
    """Return the labels of a network's outputs, in the order of the outputs.

    Args:
        path: ``.json``: a list, or a table from index to label or to a list whose first item is the label;
            ``.csv`` with the columns ``index,label``; any other file: one label a line, the first being output 0.
            A label is a WordNet id, a class name or an index of the data set's classes; ``-`` is no class.

    Raises:
        ObjectPoseError: the file cannot be read, an index is missing, or an index or a label stands there twice.
    """
    if path.suffix == ".json":
        pairs = _from_json(path)
    elif path.suffix == ".csv":
        pairs = _from_csv(path)
    else:
        pairs = list(enumerate(line for _, line in read_lines(path, "labels file")))
    by_index: dict[int, str] = {}
    of_label: dict[str, int] = {}
    for index, label in pairs:
        if index in by_index:
            raise ObjectPoseError(f"{path} names output {index} twice; keep one label an output.")
        key = label.casefold()
        if label != NO_CLASS and key in of_label:
            raise ObjectPoseError(
                f"{path} gives outputs {of_label[key]} and {index} the same label '{label}'; write {NO_CLASS} for an "
                "output that is no class, or merge them in the network."
            )
        by_index[index], of_label[key] = label, index
    hole = next((index for index in range(len(by_index)) if index not in by_index), None)
    if hole is not None:
        raise ObjectPoseError(
            f"{path} has no label for output {hole} (its largest index is {max(by_index)}); give one for each, "
            f"{NO_CLASS} for none."
        )
    return tuple(by_index[index] for index in range(len(by_index)))


def _from_json(path: Path) -> list[tuple[int, str]]:
    try:
        # Pairs keep what a dict would lose: an index that stands there twice.
        table = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=tuple)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ObjectPoseError(f"The labels file {path} cannot be read ({reason}); give a json list or table.") from None
    rows = table if isinstance(table, tuple) else tuple(enumerate(table)) if isinstance(table, list) else ()
    pairs = []
    for index, label in rows:
        first = label[0] if isinstance(label, list) and label else label
        if not str(index).isdecimal() or not isinstance(first, str | int) or not str(first).strip():
            raise ObjectPoseError(f"{path} holds {index!r}: {label!r}, expected an index and a label; mend that entry.")
        pairs.append((int(index), str(first).strip()))
    if not pairs:
        raise ObjectPoseError(f"The labels file {path} is empty; give a json list or a table from index to label.")
    return pairs


def _from_csv(path: Path) -> list[tuple[int, str]]:
    lines = [line for _, line in read_lines(path, "labels file")]
    reader = csv.DictReader(lines)
    columns = [name.strip() for name in reader.fieldnames or []]
    if set(columns) != {"index", "label"}:
        raise ObjectPoseError(f"{path} has the columns '{','.join(columns)[:60]}', expected index,label; name them so.")
    pairs = []
    for number, row in enumerate(reader, 2):
        index, label = (row.get("index") or "").strip(), (row.get("label") or "").strip()
        if not index.isdecimal() or not label:
            raise ObjectPoseError(f"Line {number} of {path} is '{index},{label}', expected an index and a label.")
        pairs.append((int(index), label))
    return pairs
