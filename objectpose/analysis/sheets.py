"""Sheets of pictures: a labelled grid of any pictures, and failures with every network's answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.style import CAPTION_PT, INK, QUIET, RIGHT, WRONG, cut_to_fit, house_style, new_figure, wrapped
from objectpose.classes import IMAGENET
from objectpose.errors import ObjectPoseError

Picture = NDArray[np.uint8]

CELL_IN = 1.85
GAP_IN = 0.18
EDGE_IN = 0.15
LINE_IN = 0.155
TEXT_PT = 8.0
MOST_LISTED = 6
"""More networks than these are counted together below a picture."""
TOP_ANSWERS = 4


@dataclass(frozen=True)
class Line:
    """One line of text below a picture.

    Attributes:
        text: cut off with dots where it is wider than the picture.
        colour: of the text.
        bold: True for a name.
        tail: what follows the text and is never cut off.
    """

    text: str
    colour: str = INK
    bold: bool = False
    tail: str = ""


@dataclass(frozen=True)
class Failures:
    """Pictures that at least one network got wrong, and what each answered.

    Attributes:
        rows: one row a (picture, network), pictures in the order to show: ``case`` (0, 1, ...), ``image_id,
            object_id, class_name, condition, network, answer`` (class index or null), ``answer_prob, correct``
            (null where the network has no output for the class).
        rule: how the pictures were chosen, a sentence for the caption.
    """

    rows: pd.DataFrame
    rule: str


def pick_failures(
    judged: pd.DataFrame, n: int = 12, seed: int = 0, *, conditions: Sequence[str] | None = None
) -> Failures:
    """Choose failures by a fixed rule: classes in random order, one random failure of each, then a second of each.

    A failure is a picture outside its baseline condition that at least one network got wrong. The choice depends
    on the seed and on which pictures are failures, not on the order of the rows.

    Args:
        judged: frames of ``correctness.judge`` of one data set, concatenated.
        n: how many pictures at most.
        seed: of the draw.
        conditions: choose from these; None means every condition that is not its own baseline.

    Raises:
        ObjectPoseError: n is below 1, or the frame holds several data sets.
    """
    if n < 1:
        raise ObjectPoseError(f"{n} pictures were asked for, expected at least 1.")
    if judged["dataset"].nunique() > 1:
        raise ObjectPoseError("The answers are of several data sets, expected one; choose failures of each by itself.")
    labelled = judged.assign(network=network_labels(judged))
    allowed = (
        labelled["condition"] != labelled["baseline"]
        if conditions is None
        else labelled["condition"].isin(list(conditions))
    )
    wrong = labelled[allowed & labelled["correct"].eq(False).fillna(False)]
    pictures = wrong[["image_id", "class_name"]].drop_duplicates("image_id").sort_values("image_id")
    rng = np.random.Generator(np.random.PCG64(seed))
    shuffled = pictures.iloc[rng.permutation(len(pictures))]
    classes = sorted(set(pictures["class_name"]))
    place = dict(zip(classes, rng.permutation(len(classes)), strict=True))
    chosen = (
        shuffled.assign(
            turn=shuffled.groupby("class_name").cumcount(), place=shuffled["class_name"].map(place).astype(int)
        )
        .sort_values(["turn", "place"], kind="stable")["image_id"]
        .head(n)
        .tolist()
    )
    case = {image: number for number, image in enumerate(chosen)}
    rows = labelled[labelled["image_id"].isin(chosen)]
    rows = rows.assign(case=rows["image_id"].map(case).astype(int)).sort_values(
        ["case", "network"], kind="stable", ignore_index=True
    )
    networks = labelled["network"].nunique()
    asked = labelled.loc[allowed, "image_id"].nunique()
    away = ", ".join(ordered(labelled.loc[labelled["condition"] == labelled["baseline"], "condition"]))
    where = f"not counting {away}" if conditions is None else f"in {', '.join(ordered(conditions))}"
    each = "one random failure a class" if len(chosen) <= len(classes) else "random failures, class by class in turn"
    if chosen:
        who = "the network" if networks == 1 else f"at least one of {networks} networks"
        rule = (
            f"{len(chosen)} of {len(pictures):,} pictures that {who} got wrong (out of {asked:,}, {where}): "
            f"{each}, seed {seed}."
        )
    else:
        rule = f"{asked:,} pictures ({where}), {networks} network{'' if networks == 1 else 's'}."
    columns = ["case", "image_id", "object_id", "class_name", "condition", "network"]
    return Failures(rows[[*columns, "answer", "answer_prob", "correct"]], rule)


def failure_sheet(
    failures: Failures,
    image_of: Callable[[str], Picture],
    *,
    columns: int = 4,
    name_of: Callable[[int], str] = IMAGENET.name,
) -> Figure:
    """Draw failures: picture, true name and condition, and each network's first answer with its probability.

    A right answer has a tick and is blue, a wrong one has a cross and is orange. Of more than six networks it is said
    how many were right, and which wrong answers were the most frequent. Where nothing failed, the sheet says so.

    Args:
        failures: of :func:`pick_failures`.
        image_of: from an ``image_id`` to uint8 H x W x 3.
        columns: pictures beside each other.
        name_of: the name of a class index; what follows its first comma is left out.

    Raises:
        ObjectPoseError: a picture is not uint8 H x W x 3, or ``columns`` is below 1.
    """
    rows = failures.rows
    networks = sorted(set(rows["network"]))
    number = {name: f"{place + 1} " if len(networks) > 1 else "" for place, name in enumerate(networks)}
    pictures: list[Picture] = []
    labels: list[list[Line]] = []
    for _, group in rows.groupby("case", sort=True):
        first = group.iloc[0]
        pictures.append(image_of(str(first["image_id"])))
        lines = [
            Line(str(first["class_name"]).replace("_", " "), bold=True),
            Line(str(first["condition"]), QUIET),
        ]
        if len(networks) > MOST_LISTED:
            labels.append(lines + _tally(group, name_of))
        else:
            labels.append(lines + [_answer(row, number[row["network"]], name_of) for _, row in group.iterrows()])
    caption = failures.rule
    if len(networks) == 1:
        caption += f" Below each: the true name, the condition and the first answer of {networks[0]}"
    elif len(networks) > MOST_LISTED:
        caption += (
            f" Below each: the true name, the condition, how many of {len(networks)} networks were right and the most "
            "frequent wrong answers"
        )
    elif networks:
        key = ", ".join(f"{number[name]}{name}" for name in networks)
        caption += f" Below each: the true name, the condition and the first answers of {key}"
    if networks:
        whose = (
            "mean of the networks' own probabilities" if len(networks) > MOST_LISTED else "network's own probability"
        )
        caption += f", with the {whose}; \u2713 right, \u2717 wrong."
    return _grid(pictures, labels, columns, caption, empty="No picture was answered wrongly.")


def contact_sheet(
    images: Sequence[Picture] | Picture,
    labels: Sequence[str],
    columns: int = 6,
    *,
    caption: str = "",
    cell_in: float = CELL_IN,
) -> Figure:
    """Draw pictures in a grid with one label each; a line break in a label begins a new line.

    Args:
        images: N pictures, uint8 H x W x 3.
        labels: N strings.
        columns: pictures beside each other.
        caption: a paragraph below the grid.
        cell_in: width of a picture, inches; a picture that is higher than wide takes it as its height.

    Raises:
        ObjectPoseError: no picture, another number of labels, a picture that is not uint8 H x W x 3, or
            ``columns`` below 1.
    """
    if len(images) == 0 or len(images) != len(labels):
        raise ObjectPoseError(
            f"{len(images)} pictures and {len(labels)} labels were given, expected one label for each of at least "
            "one picture."
        )
    return _grid(
        list(images),
        [[Line(line) for line in label.split("\n")] for label in labels],
        columns,
        caption,
        cell_in=cell_in,
    )


def _answer(row: pd.Series, number: str, name_of: Callable[[int], str]) -> Line:
    if pd.isna(row["correct"]):
        return Line(f"{number}\u2013 has no such class", QUIET)
    probability = "" if pd.isna(row["answer_prob"]) else f" ({100 * float(row['answer_prob']):.0f} %)"
    mark, colour = ("\u2713", RIGHT) if row["correct"] else ("\u2717", WRONG)
    name = name_of(int(row["answer"]))
    return Line(f"{number}{mark} {name}", colour, tail=probability)


def _tally(group: pd.DataFrame, name_of: Callable[[int], str]) -> list[Line]:
    """Return how many networks were right on a picture, and their most frequent wrong answers."""
    asked = group[group["correct"].notna()]
    right = asked["correct"].astype(bool)
    lines = [_counted("\u2713", f"of {len(asked)} right", asked[right], RIGHT)]
    wrong = asked[~right]
    counts = (
        wrong["answer"].value_counts().rename("n").reset_index().sort_values(["n", "answer"], ascending=[False, True])
    )
    top = [int(index) for index in counts["answer"].head(TOP_ANSWERS)]
    lines += [_counted("\u2717", f"\u00d7 {name_of(index)}", wrong[wrong["answer"] == index], WRONG) for index in top]
    rest = wrong[~wrong["answer"].isin(top)]
    if len(rest):
        lines.append(Line(f"\u2717 {len(rest)} \u00d7 something else", WRONG))
    if len(asked) < len(group):
        lines.append(Line(f"\u2013 {len(group) - len(asked)} have no such class", QUIET))
    return lines


def _counted(mark: str, text: str, rows: pd.DataFrame, colour: str) -> Line:
    mean = rows["answer_prob"].astype(float).mean()
    return Line(f"{mark} {len(rows)} {text}", colour, tail="" if pd.isna(mean) else f" ({100 * mean:.0f} %)")


def _fitted(line: Line, cell_in: float) -> str:
    """Return the line cut to the width of a picture, the tail kept."""
    whole = cut_to_fit(line.text + line.tail, cell_in, TEXT_PT, bold=line.bold)
    if not line.tail or whole == line.text + line.tail:
        return whole
    kept = len(line.text)
    while kept > 1:
        shorter = line.text[:kept].rstrip() + "\u2026" + line.tail
        if cut_to_fit(shorter, cell_in, TEXT_PT, bold=line.bold) == shorter:
            return shorter
        kept -= 1
    return whole


def _grid(
    pictures: list[Picture],
    labels: list[list[Line]],
    columns: int,
    caption: str,
    empty: str = "",
    cell_in: float = CELL_IN,
) -> Figure:
    """Place pictures and their lines by inches, so that nothing depends on a layout engine."""
    if columns < 1:
        raise ObjectPoseError(f"A sheet of {columns} columns was asked for, expected at least 1.")
    for picture in pictures:
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
            raise ObjectPoseError(f"A picture is {picture.dtype} of shape {picture.shape}, expected uint8 H x W x 3.")
    columns = max(1, min(columns, len(pictures)))
    across = max(columns, 2)
    down = -(-len(pictures) // columns)
    lines = max((len(label) for label in labels), default=0)
    high_in = max((cell_in * min(1.0, p.shape[0] / p.shape[1]) for p in pictures), default=cell_in)
    row_in = high_in + lines * LINE_IN + GAP_IN
    width_in = 2 * EDGE_IN + across * cell_in + (across - 1) * GAP_IN
    text = wrapped(caption, width_in - 2 * EDGE_IN, CAPTION_PT)
    caption_in = (text.count("\n") + 1) * LINE_IN + 0.05 if text else 0.0
    body_in = down * row_in if pictures else 0.5
    height_in = 2 * EDGE_IN + body_in + caption_in
    with house_style():
        figure = new_figure(width_in, height_in)
        for place, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
            left = EDGE_IN + (place % columns) * (cell_in + GAP_IN)
            top = height_in - EDGE_IN - (place // columns) * row_in
            shape = picture.shape
            wide, high = cell_in * min(1.0, shape[1] / shape[0]), cell_in * min(1.0, shape[0] / shape[1])
            axes = figure.add_axes(
                (
                    (left + (cell_in - wide) / 2) / width_in,
                    (top - high_in + (high_in - high) / 2) / height_in,
                    wide / width_in,
                    high / height_in,
                )
            )
            axes.imshow(picture, aspect="auto")
            axes.set_axis_off()
            for line_number, line in enumerate(label):
                figure.text(
                    left / width_in,
                    (top - high_in - 0.04 - line_number * LINE_IN) / height_in,
                    _fitted(line, cell_in),
                    color=line.colour,
                    fontsize=TEXT_PT,
                    fontweight="bold" if line.bold else "normal",
                    va="top",
                )
        if not pictures:
            figure.text(EDGE_IN / width_in, 1 - EDGE_IN / height_in, empty, fontsize=11, va="top")
        if text:
            figure.text(EDGE_IN / width_in, EDGE_IN / height_in, text, fontsize=CAPTION_PT, color=QUIET, va="bottom")
    return figure
