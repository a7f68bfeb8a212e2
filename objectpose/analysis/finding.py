"""What a person reads on the terminal after a run."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence

import pandas as pd

from objectpose.analysis.accuracy import POOLED
from objectpose.analysis.components import Components
from objectpose.analysis.conditions import phrase, require_one
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.selection import judges_note, rejected_note, spread_sentence, subset_lines
from objectpose.analysis.tables import (
    MOST_BLOCKS,
    accuracy_table,
    hardest_table,
    printable,
    sensitivity_table,
    span_of,
    whole,
    wrapped,
)
from objectpose.classes import IMAGENET, Classes

POPULATION = "procedural objects that networks name upright"
HEADLINE_CONDITIONS = ("so3", "three_axes", "two_axes", "tilt")
MOST_SENTENCES = 3
FEW_CLASSES = 5
ONE_CLASS = "With one class there is no interval: the spread between classes cannot be seen in a single one."
TOP_ANSWERS = 5
MOST_LACKING = 8
UNTRAINED = "Only networks with random weights were asked: the table shows that all runs, and is no finding."


def terminal_table(
    summary: pd.DataFrame,
    hardest: pd.DataFrame | None = None,
    sensitivity: pd.DataFrame | None = None,
    components: Sequence[Components] = (),
    *,
    admitted_by: Sequence[str] = (),
    gated: bool = True,
    rejected: Sequence[str] = (),
    left_out: Mapping[str, Sequence[str]] | None = None,
    population: str = POPULATION,
    width: int = 100,
    classes: Classes = IMAGENET,
    name_of: Callable[[int], str] | None = None,
    untrained: Collection[str] = (),
) -> str:
    """Return the finding of one data set as plain text: sentences, a table, the hardest objects, what limits it.

    Args:
        summary: of ``accuracy.summarise``, one data set; rows of single backgrounds are not shown.
        hardest: of ``accuracy.hardest_objects``; None or empty leaves that part out.
        sensitivity: of ``sensitivity.sensitivity``; None or empty leaves that part out.
        components: of ``components.variance_components``, one a network, under :func:`headline_condition`.
        admitted_by: the networks that were asked about objects of the data set when they were modelled and admitted;
            empty where there is none such.
        gated: whether objects that those networks reject are left out; False with ``gate=none``.
        rejected: objects of the data set that the audit does not admit and the finding leaves out.
        left_out: of ``correctness.left_out``: classes that a network has no output for.
        population: the kind of classes that the intervals generalise to.
        width: columns to fit into, at least 80.
        classes: the label space of targets and answers.
        name_of: the name of a class index; None takes those of the label space.
        untrained: networks with random weights, of which no sentence speaks.

    Returns:
        Lines without colour codes or a final line break; long names of networks are shortened in the middle.

    Raises:
        ObjectPoseError: the summary is empty or holds several data sets.
    """
    rows = _pooled(summary)
    condition = headline_condition(rows)
    blocks = [
        "\n".join(wrapped(sentence, width) for sentence in headline(summary, untrained)),
        accuracy_table(rows, condition, width),
        wrapped(" ".join([_counts(rows), *_choice(classes), _reading(rows, population)]), width),
    ]
    if components and condition is not None:
        blocks.append(wrapped(spread_sentence(components, condition), width))
    if hardest is not None and len(hardest):
        blocks.append(hardest_table(hardest, name_of or classes.name, width))
    if sensitivity is not None and len(sensitivity):
        blocks.append(_firmness(sensitivity, width))
    notes = _notes(admitted_by, gated, rejected, left_out or {})
    blocks += [wrapped(note, width) for note in notes]
    return "\n\n".join(blocks)


def headline_condition(rows: pd.DataFrame) -> str | None:
    """Return the condition that the first sentence speaks of, the same for all networks; None without a drop.

    Args:
        rows: of ``accuracy.summarise``.
    """
    compared = rows[rows["drop_pp"].notna()]
    if compared.empty:
        return None
    for condition in HEADLINE_CONDITIONS:
        if (compared["condition"] == condition).any():
            return condition
    means = compared.groupby("condition")["drop_pp"].mean().sort_index()
    return str(means.idxmax())


def _firmness(table: pd.DataFrame, width: int) -> str:
    """Return the drops on other choices of objects and views, with what each column is and which one to quote."""
    table = table.assign(network=[printable(label) for label in network_labels(table)])
    title = wrapped(
        f"The drop under {printable(table['condition'].iloc[0])} on other choices of objects and views:", width
    )
    return "\n".join([title, sensitivity_table(table, width), *(wrapped(line, width) for line in subset_lines(table))])


def headline(summary: pd.DataFrame, untrained: Collection[str] = ()) -> list[str]:
    """Return the finding of one data set in one to three sentences.

    Args:
        summary: of ``accuracy.summarise``, one data set; rows of single backgrounds are not asked.
        untrained: networks with random weights, of which no sentence speaks.

    Raises:
        ObjectPoseError: the summary is empty or holds several data sets.
    """
    rows = _pooled(summary)
    rows = rows[~rows["model"].isin(untrained)]
    if rows.empty:
        return [UNTRAINED]
    condition = headline_condition(rows)
    if condition is None:
        return [
            f"{row['network']} recognises {row['top1']:.0f} % of the pictures {printable(phrase(row['condition']))}."
            for _, row in rows.drop_duplicates("network").head(MOST_SENTENCES).iterrows()
        ]
    chosen = rows[(rows["condition"] == condition) & rows["drop_pp"].notna()]
    if len(chosen) <= MOST_SENTENCES:
        return [_sentence(rows, row) for _, row in chosen.iterrows()]
    by_drop = chosen.sort_values(["drop_pp", "network"], kind="stable")
    return [
        f"Of {len(chosen)} networks, {printable(by_drop['network'].iloc[0])} loses least and "
        f"{printable(by_drop['network'].iloc[-1])} loses most {printable(phrase(condition))}.",
        _sentence(rows, by_drop.iloc[0]),
        _sentence(rows, by_drop.iloc[-1]),
    ]


def _pooled(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one data set that pool its backgrounds, with ``network``, the printable name."""
    rows = summary[summary["background"] == POOLED]
    require_one(rows, "summary is")
    return rows.assign(network=[printable(label) for label in network_labels(rows)])


def _sentence(rows: pd.DataFrame, row: pd.Series) -> str:
    same = (rows["network"] == row["network"]) & (rows["condition"] == row["baseline"])
    before = float(rows.loc[same, "top1"].iloc[0])
    drop = float(row["drop_pp"])
    if round(abs(drop)) == 0:
        change = "no change in whole points"
    else:
        points = "point" if round(abs(drop)) == 1 else "points"
        change = f"a {'drop' if drop > 0 else 'gain'} of {abs(drop):.0f} {points}"
    if math.isfinite(row["drop_lo"]):
        limits = (row["drop_lo"], row["drop_hi"]) if drop >= 0 else (-row["drop_hi"], -row["drop_lo"])
        change += f", 95 % interval {whole(limits[0])} to {whole(limits[1])}"
    return (
        f"{row['network']} recognises {before:.0f} % of the pictures {printable(phrase(row['baseline']))} and "
        f"{row['top1']:.0f} % {printable(phrase(row['condition']))}: {change}."
    )


def _counts(rows: pd.DataFrame) -> str:
    networks = rows["network"].nunique()
    totals = rows.groupby("network")["n_images"].sum()
    return (
        f"{span_of(rows['n_classes'], 'class', 'classes')}, {span_of(rows['n_objects'], 'object', 'objects')}, "
        f"{span_of(rows['n_images'], 'picture', 'pictures')} a condition, {span_of(totals, 'picture', 'pictures')} in "
        f"all{', the same for each network' if networks > 1 and totals.nunique() == 1 else ''}."
    )


def _choice(classes: Classes) -> list[str]:
    """Return what the answers are chosen among, a sentence; nothing where that is ImageNet-1k."""
    if classes.is_imagenet:
        return []
    trivial = f" With {len(classes)} classes top-5 is always right." if len(classes) <= TOP_ANSWERS else ""
    return [
        f"Answers are among the {len(classes):,} classes of {printable(classes.title)}, so that no accuracy here "
        f"compares with one among ImageNet-1k's 1,000.{trivial}"
    ]


def _reading(rows: pd.DataFrame, population: str) -> str:
    baselines = sorted({printable(name) for name in rows.loc[rows["drop_pp"].notna(), "baseline"]})
    one_line = rows["network"].nunique() > MOST_BLOCKS
    mean = "the mean over classes, each class counting the same"
    if one_line:
        parts = [f"Under each condition: right answers in percent, {mean}; the drop has its 95 % interval."]
    else:
        parts = [f"'right' is {mean}, with its 95 % interval in brackets."]
    if len(baselines) == 1:
        parts.append(f"'drop' is the accuracy {baselines[0]} minus the accuracy in the condition, on the same objects.")
    elif baselines:
        against = "its baseline" if one_line else "the condition under 'against'"
        parts.append(f"'drop' is the accuracy in {against} minus that in the condition, on the same objects.")
    if baselines and not one_line:
        parts.append("'lost' is the drop as a share of the accuracy that it is taken from.")
    if (rows["n_classes"] == 1).any():
        parts.append(ONE_CLASS)
    if ((rows["n_classes"] > 1) & (rows["n_classes"] < FEW_CLASSES)).any():
        parts.append(f"An interval over fewer than {FEW_CLASSES} classes is wide and says little.")
    if (rows["n_classes"] > 1).any():
        parts.append(
            "The intervals resample classes: they speak of other classes of the same kind "
            f"({printable(population)}), not of all things."
        )
    return " ".join(parts)


def _notes(
    judges: Sequence[str], gated: bool, rejected: Sequence[str], left_out: Mapping[str, Sequence[str]]
) -> list[str]:
    notes = [f"Note: {note}" for note in (judges_note(judges, gated), rejected_note(rejected)) if note]
    for network, classes in sorted(left_out.items()):
        listed = ", ".join(printable(name) for name in sorted(classes)[:MOST_LACKING])
        listed += ", ..." if len(classes) > MOST_LACKING else ""
        notes.append(
            f"Note: {printable(network)} has no output for {len(classes)} "
            f"{'class' if len(classes) == 1 else 'classes'} ({listed}); left out of its rows, not counted wrong."
        )
    return notes
