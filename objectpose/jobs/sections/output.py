"""Where a section's tables and pictures are written, and what it says where it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis.style import save
from objectpose.errors import ObjectPoseError
from objectpose.files import write_text
from objectpose.report_page import Item, Picture


@dataclass(frozen=True)
class Output:
    """Writes below a results folder.

    Attributes:
        results: the folder; tables go to ``tables``, pictures to ``figures``.
        label: first part of the files' names.
    """

    results: Path
    label: str

    def table(self, name: str, frame: pd.DataFrame) -> Path:
        """Write a table, whole or not at all, and return its path from the results folder."""
        path = Path("tables") / f"{self.label}_{name}.csv"
        text = frame.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        write_text(self.results / path, text)
        return path

    def picture(
        self, name: str, title: str, figure: Figure, data: Path | Mapping[str, Path] | None = None, note: str = ""
    ) -> Picture:
        """Write a figure as PNG and PDF.

        Args:
            name: last part of the files' names.
            title: heading in the page.
            figure: drawn.
            data: table behind it, as :meth:`table` returns it, or several with what their links say.
            note: a sentence below it.
        """
        png, pdf = save(figure, self.results / "figures" / f"{self.label}_{name}")
        named = {} if data is None else data if isinstance(data, Mapping) else {"data (CSV)": data}
        return Picture(title, png.relative_to(self.results), {"PDF": pdf.relative_to(self.results), **named}, note)


def collect(*parts: Callable[[], Iterable[Item]]) -> tuple[list[str], list[Item]]:
    """Return the items of a section's parts in their order, and why a part has none: it is never silently empty.

    Returns:
        The sentences, each once, and the items.
    """
    said: list[str] = []
    items: list[Item] = []
    for part in parts:
        try:
            items += part()
        except ObjectPoseError as error:
            said.append(str(error))
    return list(dict.fromkeys(said)), items
