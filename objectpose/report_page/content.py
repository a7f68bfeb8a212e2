"""What a report holds, as its maker hands it over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """One column of a table, or a value with its interval out of three columns of the frame.

    Attributes:
        name: column of the frame.
        label: its heading; empty makes one from the name.
        unit: ``"%"``, ``"points"``, ... behind the heading; a percentage is drawn from 0 to 100.
        decimals: of numbers; None writes one, and none where all of the column are whole.
        lo: column with the lower limit; with ``hi`` it draws a bar with the interval.
        hi: column with the upper limit.
    """

    name: str
    label: str = ""
    unit: str = ""
    decimals: int | None = None
    lo: str | None = None
    hi: str | None = None


@dataclass(frozen=True)
class Table:
    """A table that the reader can sort.

    Attributes:
        title: heading.
        frame: rows in the order to show; ``n_classes``, ``n_objects`` and ``n_images`` are said below the title
            where no column shows them.
        note: a sentence below the table.
        columns: what to show; None shows every column, ``x`` with ``x_lo`` and ``x_hi`` (or ``x_pp`` with these) as
            a value with its interval.
        anchor: the part of the address behind ``#``; empty makes one from the title.
        csv: file to offer for download, absolute or relative to the folder that holds the report; None offers the
            frame.
        folded: whether the page shows only its title until a reader opens it, as where a figure says the same.
    """

    title: str
    frame: pd.DataFrame
    note: str = ""
    columns: Sequence[Column] | None = None
    anchor: str = ""
    csv: Path | None = None
    folded: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure with files to download.

    Attributes:
        title: heading, and what a reader who cannot see the figure is told.
        png: file, absolute or relative to the folder that holds the report.
        downloads: what a link says (``"PDF"``, ``"data (CSV)"``) and its file.
        note: a sentence below the figure.
        anchor: the part of the address behind ``#``; empty makes one from the title.
    """

    title: str
    png: Path
    downloads: Mapping[str, Path] = field(default_factory=dict)
    note: str = ""
    anchor: str = ""


Item: TypeAlias = Table | Picture


class Section(NamedTuple):
    """A heading, paragraphs, and what follows them.

    Sections of one ``group``, such as a data set of several, have one link together in the bar of links.
    """

    heading: str
    text: Sequence[str] = ()
    items: Sequence[Item] = ()
    group: str = ""


@dataclass(frozen=True)
class Answers:
    """The pictures of one data set and what networks answered to them.

    Attributes:
        name: of the data set, unique in the report.
        rows: one row a picture: ``image_id`` (unique), ``object_id``, ``class_name``, ``condition``, ``baseline``,
            ``angle_deg`` (the swept angle; NaN where the condition sweeps none), ``distance_deg`` (from upright; NaN
            allowed), ``background``, ``true_names`` (list of str); optional ``caption``, said beside the angle.
        networks: one frame a network: ``image_id``, ``names`` (list of str, best first, up to five), ``probs`` (list
            of float, 0..1), ``correct`` (bool; null where the network has no output for the class). Pictures that
            are missing count as without an answer.
        image_of: the picture of an ``image_id``, uint8 H x W x 3.
    """

    name: str
    rows: pd.DataFrame
    networks: Mapping[str, pd.DataFrame]
    image_of: Callable[[str], NDArray[np.uint8]]


class Video(NamedTuple):
    """One finished video.

    Attributes:
        answers: name of the data set.
        object_id: of the object.
        condition: of the pictures.
        background: of the pictures; empty where there is none.
        path: the MP4.
        frames: their number.
        seconds: its length.
    """

    answers: str
    object_id: str
    condition: str
    background: str
    path: Path
    frames: int
    seconds: float


@dataclass(frozen=True)
class Report:
    """The whole page.

    Attributes:
        title: of the page.
        lead: the finding in sentences, the most important one first.
        sections: in reading order.
        answers: data sets of the failure gallery and the pose explorer; empty leaves both out.
        videos: of sequences of these data sets, offered in the pose explorer.
        provenance: names and values, shown at the end; values may be mappings and lists.
        generated: ISO date to show, given by the caller so that equal inputs make equal bytes.
    """

    title: str
    lead: Sequence[str]
    sections: Sequence[Section] = ()
    answers: Sequence[Answers] = ()
    videos: Sequence[Video] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    generated: str = ""
