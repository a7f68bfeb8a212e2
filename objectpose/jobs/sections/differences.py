"""Is the difference between two networks real?"""

from __future__ import annotations

from objectpose.analysis.comparison import compare
from objectpose.analysis.power import drop_power, power_line
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, attempt
from objectpose.report_page import Column, Item, Section, Table

COLUMNS = (
    Column("condition", "Condition"),
    Column("first", "First"),
    Column("second", "Second"),
    Column("measure", "Of"),
    Column("difference_pp", "First minus second", "points", 1, "low_pp", "high_pp"),
    Column("p", "p", "", 3),
    Column("q", "q", "", 3),
)
NOTE = (
    "p: sign flips over classes; q: adjusted for all rows of a measure (Benjamini and Hochberg). Both networks "
    "answered the same pictures."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return every pair of networks, and the smallest difference that this data set could have shown."""
    said: list[str] = []

    def make() -> list[Item]:
        power = drop_power(evidence.judged)
        if len(power):  # pictures without a baseline have no drop
            said.append(power_line(power.iloc[0]))
        pairs = compare(evidence.judged)
        items: list[Item] = [
            Table("Is the difference real?", pairs, NOTE, COLUMNS, csv=output.table("differences", pairs))
        ]
        if len(power):
            items.append(Table("What this data set could have shown", power, csv=output.table("power", power)))
        return items

    why, items = attempt(make)
    return Section("Differences between networks", [*why, *said], items)
