"""What a report says of one data set: tables and pictures made from the stored answers of every network."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from objectpose.analysis import figures
from objectpose.analysis.accuracy import POOLED, summarise
from objectpose.analysis.comparison import compare
from objectpose.analysis.confidence import confidence_table, reliability_table, risk_coverage_table
from objectpose.analysis.confidence_figures import reliability_diagram, risk_coverage_diagram
from objectpose.analysis.confusion import stability, taken_for
from objectpose.analysis.consistency import consistency_by_condition
from objectpose.analysis.correctness import judge, network_labels
from objectpose.analysis.curves import angle_curve, by_background, distance_curve
from objectpose.analysis.error_figures import confusion_by_angle, kappa_heatmap
from objectpose.analysis.finding import headline_condition
from objectpose.analysis.leaderboard import leaderboard
from objectpose.analysis.power import drop_power, power_line
from objectpose.analysis.shares import by_class
from objectpose.analysis.tables import printable
from objectpose.datasets.dataset import Dataset
from objectpose.datasets.stored import open_stored
from objectpose.errors import ObjectPoseError
from objectpose.report_page import Answers, Column, Item, Picture, Section, Table
from objectpose.results.store import read_predictions
from objectpose.results.stored import StoredUnit

LEAST_NETWORKS = 2


@dataclass(frozen=True)
class Evidence:
    """The answers of all networks on one data set.

    Attributes:
        name: of the data set, with its hash.
        dataset: opened.
        judged: of the trained networks.
        answers: pictures and answers for the explorer.
        missing: network and why its answers are left out.
    """

    name: str
    dataset: Dataset
    judged: pd.DataFrame
    answers: Answers
    missing: dict[str, str]


def gather(name: str, units: Sequence[StoredUnit], renders: Path) -> Evidence:
    """Judge the stored answers of every network on a data set.

    Raises:
        ObjectPoseError: the data set is gone, or none of the answers can be used.
    """
    dataset = open_stored(renders / name, units[0].classes)
    classes = dataset.classes
    plan = dataset.plan
    judged, shown = [], {}
    missing: dict[str, str] = {}
    for unit in units:
        try:
            predictions = read_predictions(unit.path)
            rows = judge(plan, predictions, model=unit.name, preprocess=unit.preprocess, dataset=name)
        except ObjectPoseError as error:
            missing[unit.name] = str(error)
            continue
        if not unit.pretrained:
            missing[unit.name] = "random weights, which are left out of comparisons"
            continue
        judged.append(rows)
        ordered = predictions.set_index("image_id").reindex(plan["image_id"])
        shown[unit.name] = pd.DataFrame(
            {
                "image_id": plan["image_id"],
                "names": [[classes.name(index) for index in row] for row in ordered["top5"]],
                "probs": ordered["top5_prob"].tolist(),
                "correct": rows["correct"].to_numpy(),
            }
        )
    if not judged:
        reason = next(iter(missing.values()), "there is none")
        raise ObjectPoseError(f"No network's answers on {name} can be used: {reason}")
    frame = plan.rename(columns={"sweep_deg": "angle_deg"}).assign(
        true_names=plan["targets"].map(lambda row: [classes.name(int(index)) for index in row]),
        caption=plan["scale"].map(lambda scale: "" if scale == 1 else f"scale {scale:.2f}"),
    )
    answers = Answers(name.rpartition("-")[0], frame, shown, dataset.image)
    return Evidence(name, dataset, pd.concat(judged, ignore_index=True), answers, missing)


class Findings:
    """Tables and pictures of one data set, written below a results folder as they are made.

    Args:
        evidence: of the data set.
        results: folder that they are written to.
    """

    def __init__(self, evidence: Evidence, results: Path) -> None:
        self.evidence = evidence
        self.results = results
        self.label = evidence.name.rpartition("-")[0]
        self.summary = summarise(evidence.judged)
        self.condition = headline_condition(self.summary[self.summary["background"] == POOLED])
        self.networks = int(network_labels(evidence.judged).nunique())
        self.said: list[str] = []

    def sections(self) -> Iterator[Section]:
        """Make and yield the sections, in reading order."""
        yield self._leaderboard()
        yield self._differences()
        yield self._angles()
        yield self._errors()
        yield self._confidence()

    def _table(self, name: str, frame: pd.DataFrame) -> Path:
        """Write a table and return its path from the results folder."""
        path = Path("tables") / f"{self.label}_{name}.csv"
        (self.results / path).parent.mkdir(parents=True, exist_ok=True)
        frame.to_csv(self.results / path, index=False, float_format="%.6g", lineterminator="\n")
        return path

    def _picture(self, name: str, title: str, draw: Callable[[], Figure], data: Path, note: str = "") -> Picture:
        """Draw and write a figure."""
        png, pdf = figures.save(draw(), self.results / "figures" / f"{self.label}_{name}")
        downloads = {"PDF": pdf.relative_to(self.results), "data (CSV)": data}
        return Picture(title, png.relative_to(self.results), downloads, note)

    def _attempt(self, make: Callable[[], list[Item]]) -> tuple[list[str], list[Item]]:
        """Return items, or why there are none: a part of a report is never silently empty."""
        try:
            return [], make()
        except ObjectPoseError as error:
            return [str(error)], []

    def _leaderboard(self) -> Section:
        board = leaderboard(self.evidence.judged)
        csv = self._table("leaderboard", board)
        summary = self._table("summary", self.summary)
        columns = [
            Column("network", "Network"),
            Column("top1", "Right", "%", 1, "top1_lo", "top1_hi"),
            Column("drop_pp", "Drop", "points", 1, "drop_lo", "drop_hi"),
            Column("rank_drop", "Rank", "", 0, "rank_drop_lo", "rank_drop_hi"),
            Column("relative_drop", "Lost", "%", 0),
            Column("top5", "Top-5", "%", 1),
            Column("worst_class", "Worst class"),
            Column("worst_class_top1", "Right there", "%", 0),
            Column("worst_angle_top1", "Right at the worst angle", "%", 0),
        ]
        items: list[Item] = []
        for condition, rows in board.groupby("condition", sort=False):
            baseline = rows["drop_pp"].isna().all()
            kept = [c for c in columns if not (baseline and c.name in ("drop_pp", "rank_drop", "relative_drop"))]
            kept = [c for c in kept if not (c.name == "rank_drop" and rows["rank_drop"].isna().all())]
            note = "Right: mean over classes, each counting the same, with its 95 % interval over classes."
            items.append(Table(f"Under {condition}", rows, note, kept, csv=csv))
        items.insert(
            0,
            self._picture(
                "accuracy_by_condition",
                "Accuracy under each condition",
                lambda: figures.accuracy_by_condition(self.summary),
                summary,
            ),
        )
        return Section("Leaderboard", ["The smallest drop first; of upright pictures the highest accuracy."], items)

    def _differences(self) -> Section:
        def make() -> list[Item]:
            power = drop_power(self.evidence.judged)
            self.said.append(power_line(power.iloc[0]))
            pairs = compare(self.evidence.judged)
            columns = [
                Column("condition", "Condition"),
                Column("first", "First"),
                Column("second", "Second"),
                Column("measure", "Of"),
                Column("difference_pp", "First minus second", "points", 1, "low_pp", "high_pp"),
                Column("p", "p", "", 3),
                Column("q", "q", "", 3),
            ]
            columns = [c for c in columns if c.name in pairs.columns]
            note = (
                "p: sign flips over classes; q: adjusted for all rows of a measure (Benjamini and Hochberg). Both "
                "networks answered the same pictures."
            )
            return [
                Table("Is the difference real?", pairs, note, columns, csv=self._table("differences", pairs)),
                Table("What this data set could have shown", power, "", csv=self._table("power", power)),
            ]

        said, items = self._attempt(make)
        return Section("Differences between networks", [*said, *self.said], items)

    def _angles(self) -> Section:
        judged = self.evidence.judged
        parts: list[Item] = []
        said: list[str] = []
        for name, title, make in (
            ("distance", "By distance from upright", distance_curve),
            ("sweep", "Around the full turn", angle_curve),
            ("class", "By class", by_class),
            ("background", "By background", by_background),
        ):
            try:
                frame = make(judged)
            except ObjectPoseError as error:
                said.append(str(error))
                continue
            if len(frame):
                parts.append(Table(title, frame.drop(columns="dataset"), csv=self._table(name, frame)))
        return Section("Where it fails", said, parts)

    def _errors(self) -> Section:
        judged, name_of = self.evidence.judged, self.evidence.dataset.classes.name
        own = judged[judged["condition"] == self.condition]

        def make() -> list[Item]:
            if self.networks < LEAST_NETWORKS:
                raise ObjectPoseError("One network alone has no errors in common with another; evaluate a second one.")
            pairs = consistency_by_condition(judged)
            csv = self._table("consistency", pairs)
            shown = pairs[pairs["condition"] == self.condition]
            return [
                self._picture(
                    "consistency", "Do networks fail on the same pictures?", lambda: kappa_heatmap(shown), csv
                ),
                Table("Error consistency", pairs.drop(columns="dataset"), csv=csv),
            ]

        def confusion() -> list[Item]:
            counts = taken_for(own if len(own) else judged)
            csv = self._table("taken_for", counts)
            steady = stability(own if len(own) else judged)
            named = steady["top_answer"].map(lambda i: None if pd.isna(i) else printable(name_of(int(i))))
            steady = steady.assign(top_answer=named)
            return [
                self._picture(
                    "taken_for",
                    "What things are taken for, by angle",
                    lambda: confusion_by_angle(counts, name_of=name_of),
                    csv,
                ),
                Table("Most frequent wrong answer", steady, csv=self._table("stability", steady)),
            ]

        first, consistent = self._attempt(make)
        second, confused = self._attempt(confusion)
        return Section("Error patterns", [*first, *second], [*consistent, *confused])

    def _confidence(self) -> Section:
        judged = self.evidence.judged

        def make() -> list[Item]:
            table = confidence_table(judged)
            curve, risk = reliability_table(judged), risk_coverage_table(judged)
            curve_csv, risk_csv = self._table("reliability", curve), self._table("risk_coverage", risk)
            return [
                Table(
                    "Calibration", table.drop(columns="dataset"), "In percent.", csv=self._table("calibration", table)
                ),
                self._picture(
                    "reliability", "Accuracy against confidence", lambda: reliability_diagram(curve), curve_csv
                ),
                self._picture(
                    "risk_coverage", "Accuracy after abstaining", lambda: risk_coverage_diagram(risk), risk_csv
                ),
            ]

        said, items = self._attempt(make)
        return Section("Confidence", said, items)


def warn(text: str) -> None:
    """Print a sentence about something that is left out."""
    print(f"objectpose: {text}", file=sys.stderr)
