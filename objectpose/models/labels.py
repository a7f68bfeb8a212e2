"""What a network's outputs mean, and which of the asked classes each can answer."""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from objectpose import imagenet
from objectpose.classes import Classes, read_lines
from objectpose.errors import ObjectPoseError
from objectpose.models.adapter import Network
from objectpose.models.meaning import NO_CLASS, imagenet_meanings, names_of_id, parts, plain, usual_start
from objectpose.models.spec import ModelSpec

_NEARLY = 0.75
_SHOWN = 60


@dataclass(frozen=True)
class OutputMap:
    """From a network's outputs to the classes that are asked about.

    Attributes:
        answers: int32, indices of the classes that the network can answer, ascending.
        outputs: for each of them the outputs that mean it.
        ignored: labels of the outputs that mean none of the classes, or one of two in ImageNet-1k; they are no
            answers.
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
        labels: of the outputs: WordNet ids, names (also several with commas between), indices, or ``-``; None is
            ImageNet-1k in its usual order, as are 1000 labels that agree with it.
        classes: that are asked about.
        owner: whose outputs they are, for the sentence.

    Raises:
        ObjectPoseError: the outputs mean fewer than two of the classes.
    """
    if labels is None and classes.is_imagenet:
        return OutputMap(
            np.arange(imagenet.NUM_CLASSES, dtype=np.int32), tuple((i,) for i in range(imagenet.NUM_CLASSES))
        )
    texts = _texts(labels)
    found = _mapped(texts, classes)
    _refuse_too_few(texts, found, classes, owner)
    return found


def _texts(labels: Sequence[str] | None) -> list[str]:
    if labels is not None:
        return [plain(label) for label in labels]
    return [imagenet.wordnet_id(index) for index in range(imagenet.NUM_CLASSES)]


def _mapped(texts: Sequence[str], classes: Classes) -> OutputMap:
    meant: dict[int, list[int]] = {}
    ignored: list[str] = []
    meanings = imagenet_meanings(texts) if classes.is_imagenet else _own_meanings(texts, classes)
    for output, indices in enumerate(meanings):
        if not indices or (classes.is_imagenet and len(indices) > 1):
            ignored.append(texts[output])
            continue
        for index in indices:
            meant.setdefault(index, []).append(output)
    answers = sorted(meant)
    return OutputMap(np.array(answers, np.int32), tuple(tuple(meant[index]) for index in answers), tuple(ignored))


def _refuse_too_few(texts: Sequence[str], found: OutputMap, classes: Classes, owner: str) -> None:
    """Raise if the outputs answer fewer than two classes."""
    if not len(found.answers):
        shown = [text[:_SHOWN] for text in texts if text != NO_CLASS][:3]
        known = ", ".join(classes.name(index) for index in range(min(3, len(classes))))
        raise ObjectPoseError(
            f"None of the {len(texts):,} outputs of {owner} (such as {', '.join(shown)}) means one of the "
            f"{len(classes):,} classes of {classes.title} (such as {known}); name the outputs with model.labels=FILE."
        )
    if len(found.answers) == 1:
        raise ObjectPoseError(
            f"The {len(texts):,} outputs of {owner} mean one class of {classes.title} only "
            f"({classes.name(int(found.answers[0]))}), expected two or more to choose from; name the outputs with "
            "model.labels=FILE."
        )


def _own_meanings(labels: Sequence[str], classes: Classes) -> list[tuple[int, ...]]:
    """Return for each output the classes of a list of the user's own that its label means."""
    start = usual_start(labels)
    # Numbers are names or indices, not both in one list.
    indices = not any(label.isdecimal() and classes.called(label) for label in labels)
    found = []
    for output, label in enumerate(labels):
        called = () if label == NO_CLASS else classes.called(label)
        if label != NO_CLASS and not called:
            if indices and label.isdecimal() and int(label[:9]) < len(classes):
                called = (int(label),)
            else:
                usual = start is not None and output >= start
                names = imagenet.class_names(output - (start or 0)) if usual else names_of_id(label)
                called = _called(names, classes) or _called(parts(label), classes)
        found.append(called)
    return found


def _called(names: Sequence[str], classes: Classes) -> tuple[int, ...]:
    return tuple(dict.fromkeys(found for name in names for found in classes.called(name)))


def output_map(spec: ModelSpec, network: Network, classes: Classes) -> OutputMap:
    """Return the map of a network that was built, with the labels that the user gave, or else its own.

    Raises:
        ObjectPoseError: there are more or fewer labels than outputs, fewer than two are of use, or one of the user's is
            misspelt or may mean two classes.
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
    given = labels if spec.options.labels or spec.source == "own" else None
    origin = spec.options.labels or spec.name
    if given is None:
        return map_outputs(labels, classes, spec.name)
    given = _texts(given)
    if classes.is_imagenet:
        _refuse_ambiguous(given, origin)
    found = _mapped(given, classes)
    _refuse_misspelt(given, found, classes, origin)
    _refuse_too_few(given, found, classes, spec.name)
    return found


def _refuse_ambiguous(labels: Sequence[str], origin: str) -> None:
    """Raise if a label may mean several classes of ImageNet-1k."""
    for output, indices in enumerate(imagenet_meanings(labels)):
        if len(indices) > 1:
            meanings = [
                f"{imagenet.wordnet_id(index)} ({', '.join(imagenet.class_names(index)[:2])})" for index in indices[:3]
            ]
            raise ObjectPoseError(
                f"Output {output} is called '{labels[output][:_SHOWN]}' in {origin}, which may mean {len(indices)} "
                f"classes of ImageNet-1k; give its WordNet id: {' or '.join(meanings)}."
            )


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
        if near and near[0][:1] == label.casefold()[:1]:
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


def check_labels(labels: Sequence[str], origin: str) -> tuple[str, ...]:
    """Return the labels of all outputs as they are read: without blanks around, of ``n01440764 tench`` the WordNet id.

    Args:
        labels: one an output.
        origin: where they come from, for the sentences.

    Raises:
        ObjectPoseError: there is none, one is empty, or one stands there twice; only in ImageNet-1k's usual order, in
            which some classes share a name, it may.
    """
    found = tuple(plain(label) for label in labels)
    if not found:
        raise ObjectPoseError(f"{origin} has no labels, expected one an output; give them, {NO_CLASS} for no class.")
    if "" in found:
        raise ObjectPoseError(f"The label of output {found.index('')} is empty in {origin}; write {NO_CLASS} for none.")
    if usual_start(found) is not None:
        return found
    seen: dict[str, int] = {}
    for output, label in enumerate(found):
        # Case tells the dog Cardigan from the cardigan.
        key = label if len(imagenet.classes_called(label)) > 1 else label.casefold()
        if label != NO_CLASS and key in seen:
            raise ObjectPoseError(
                f"{origin} gives outputs {seen[key]} and {output} the same label '{label[:_SHOWN]}'; write {NO_CLASS} "
                "for an output that is no class, or merge them in the network."
            )
        seen[key] = output
    return found


def read_labels(path: Path) -> tuple[str, ...]:
    """Return the labels of a network's outputs, in the order of the outputs.

    Args:
        path: ``.json``: a list, or a table from index to label or to a list whose first item is the label, or one that
            holds such a table as ``id2label``; ``.csv`` with the columns ``index,label``; any other file: one label a
            line, the first being output 0. A label is a WordNet id, which a name may follow, a class name, several
            with commas between, or an index of the data set's classes; ``-`` is no class.

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
    for index, label in pairs:
        if index in by_index:
            raise ObjectPoseError(f"{path} names output {index} twice; keep one label an output.")
        by_index[index] = label
    hole = next((index for index in range(len(by_index)) if index not in by_index), None)
    if hole is not None:
        raise ObjectPoseError(
            f"{path} has no label for output {hole} (its largest index is {max(by_index)}); give one for each, "
            f"{NO_CLASS} for none."
        )
    return check_labels([by_index[index] for index in range(len(by_index))], str(path))


def _from_json(path: Path) -> list[tuple[int, str]]:
    try:
        # Pairs keep what a dict would lose: an index that stands there twice.
        table = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=tuple)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ObjectPoseError(f"The labels file {path} cannot be read ({reason}); give a json list or table.") from None
    if isinstance(table, tuple):
        table = next((value for key, value in table if key == "id2label" and isinstance(value, tuple)), table)
    rows = table if isinstance(table, tuple) else tuple(enumerate(table)) if isinstance(table, list) else ()
    pairs = []
    for index, label in rows:
        first = label[0] if isinstance(label, list) and label else label
        if not str(index).isdecimal() or not isinstance(first, str | int) or not str(first).strip():
            raise ObjectPoseError(
                f"{path} holds {repr(index)[:_SHOWN]}: {repr(label)[:_SHOWN]}, expected an index and a label; mend "
                "that entry."
            )
        pairs.append((int(index), str(first).strip()))
    if not pairs:
        raise ObjectPoseError(f"The labels file {path} is empty; give a json list or a table from index to label.")
    return pairs


def _from_csv(path: Path) -> list[tuple[int, str]]:
    lines = read_lines(path, "labels file")
    reader = csv.DictReader([line for _, line in lines])
    columns = [name.strip() for name in reader.fieldnames or []]
    if set(columns) != {"index", "label"}:
        raise ObjectPoseError(
            f"{path} has the columns '{','.join(columns)[:_SHOWN]}', expected index,label; name them so."
        )
    pairs = []
    for row in reader:
        index, label = (row.get("index") or "").strip(), (row.get("label") or "").strip()
        if not index.isdecimal() or not label:
            number, line = lines[reader.line_num - 1]
            raise ObjectPoseError(f"Line {number} of {path} is '{line[:_SHOWN]}', expected an index and a label.")
        pairs.append((int(index), label))
    return pairs
