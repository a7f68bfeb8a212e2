"""Writes the tables and figures about people and networks."""

from __future__ import annotations

from pathlib import Path

from objectpose.analysis.humans.findings import People
from objectpose.analysis.style import save
from objectpose.files import write_text

FOLDER = "humans"
READING = "reading.txt"
_ONLY_SOMETIMES = ("further_accuracy", "further_kappa", "further_kappa_valid", "networks")


def write_people(people: People, results: Path) -> dict[str, Path]:
    """Write what was found about people, into the folder ``humans`` of a results folder.

    Args:
        people: of ``findings.find_people``.
        results: folder to write to.

    Returns:
        The files by name: ``accuracy.csv`` (group, pose, mean_pct, half_ci_study, half_ci), ``tests.csv`` (test, t, df,
        p, diff, lo, hi), ``further_tests.csv`` (likewise), ``kappa.csv`` and ``kappa_valid.csv`` (square, the first
        column names the rows), ``resemblance.csv``; where there are networks of the user's or vision-language models
        ``further_accuracy.csv``, ``further_kappa.csv``, ``further_kappa_valid.csv`` and ``networks.csv``, which are
        removed where there are none; ``reading.txt``; and each figure as PNG and PDF.

    Raises:
        ObjectPoseError: a file cannot be written.
    """
    folder = results / FOLDER
    texts = {
        f"{name}.csv": table.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        for name, table in people.tables.items()
    }
    written = {name: folder / name for name in (*texts, READING)}
    for name, text in {**texts, READING: people.text() + "\n"}.items():
        write_text(written[name], text)
    for name in _ONLY_SOMETIMES:
        if name not in people.tables:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    for name, figure in people.figures().items():
        written |= {path.name: path for path in save(figure, folder / "figures" / name)}
    return written
