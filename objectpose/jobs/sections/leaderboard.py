"""Which network loses least."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from objectpose.analysis import figures
from objectpose.analysis.finding import ONE_CLASS
from objectpose.analysis.ranking_figures import leaderboard_bars
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

COLUMNS = (
    Column("network", "Network"),
    Column("top1", "Right", "%", 1, "top1_lo", "top1_hi"),
    Column("drop_pp", "Drop", "points", 1, "drop_lo", "drop_hi"),
    Column("rank_drop", "Rank", "", 0, "rank_drop_lo", "rank_drop_hi"),
    Column("relative_drop", "Lost", "%", 0),
    Column("top5", "Top-5", "%", 1),
    Column("worst_class", "Worst class"),
    Column("worst_class_top1", "Right there", "%", 0),
    Column("worst_angle_top1", "Right at the worst angle", "%", 0),
)
OF_DROP = ("drop_pp", "rank_drop", "relative_drop")


def section(evidence: Evidence, output: Output) -> Section:
    """Return the networks under each condition, with intervals of their ranks."""
    summary = output.table("summary", evidence.summary)
    drawn = figures.accuracy_by_condition(evidence.summary)
    picture = output.picture("accuracy_by_condition", "Accuracy under each condition", drawn, summary)

    def make() -> list[Item]:
        board = evidence.board
        csv, shown = output.table("leaderboard", board), evidence.shown_condition
        bars = output.picture(
            "leaderboard", f"Who loses least under {shown}", leaderboard_bars(board, condition=shown), csv
        )
        tables = [_table(str(condition), rows, csv) for condition, rows in board.groupby("condition", sort=False)]
        return [bars, picture, *tables]

    why, items = collect(make)
    said = ["The smallest drop first; of upright pictures the highest accuracy."]
    if (evidence.summary["n_classes"] == 1).all():
        said.append(ONE_CLASS)
    return Section("Leaderboard", [*why, *said], items or [picture])


def _table(condition: str, rows: pd.DataFrame, csv: Path) -> Table:
    baseline = bool(rows["drop_pp"].isna().all())
    kept = [c for c in COLUMNS if not (baseline and c.name in OF_DROP)]
    kept = [c for c in kept if not (c.name == "rank_drop" and rows["rank_drop"].isna().all())]
    interval = "" if (rows["n_classes"] == 1).all() else ", with its 95 % interval over classes"
    note = f"Right: mean over classes, each counting the same{interval}."
    rows = rows.assign(worst_class=rows["worst_class"].where(rows["worst_class_top1"] < 100))
    return Table(f"Under {condition}", rows, note, kept, csv=csv)
