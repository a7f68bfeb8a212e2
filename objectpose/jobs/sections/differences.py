"""Is the difference between two networks real?"""

from __future__ import annotations

from objectpose.analysis.comparison import compare
from objectpose.analysis.power import drop_power, power_line
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

COLUMNS = (
    Column("pair", "First \N{MINUS SIGN} second"),
    Column("condition", "Condition"),
    Column("measure", "Of"),
    Column("difference_pp", "Difference", "points", 1, "low_pp", "high_pp"),
    Column("p", "p", "", 3),
    Column("q", "q", "", 3),
)
POWER = (
    Column("condition", "Condition"),
    Column("kind", "Difference"),
    Column("n_classes", "Classes"),
    Column("sd_pp", "Spread of classes", "points", 1),
    Column("smallest_pp", "Smallest that shows", "points", 1),
    Column("target_pp", "For a difference of", "points", 1),
    Column("classes_for_target", "Classes needed"),
)
WORDS = {"top1": "accuracy", "drop_pp": "drop"}
NOTE = (
    "p: sign flips over classes; q: adjusted for all rows of a measure (Benjamini and Hochberg). Both networks "
    "answered the same pictures."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return every pair of networks, and the smallest difference that this data set could have shown."""
    said: list[str] = []

    def pairs() -> list[Item]:
        table = compare(evidence.judged)
        return [
            Table(
                "Is the difference real?",
                table.assign(
                    measure=table["measure"].map(WORDS),
                    pair=table["first"].astype(str) + " \N{MINUS SIGN} " + table["second"].astype(str),
                ),
                NOTE,
                COLUMNS,
                csv=output.table("differences", table),
            )
        ]

    def power() -> list[Item]:
        table = drop_power(evidence.judged)
        said.extend(power_line(row) for _, row in table[table["condition"] == evidence.condition].iterrows())
        if table.empty:  # pictures without a baseline have no drop
            return []
        return [Table("What this data set could have shown", table, "", POWER, csv=output.table("power", table))]

    why, items = collect(pairs, power)
    return Section("Differences", [*why, *said], items)
