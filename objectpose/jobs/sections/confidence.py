"""Are networks sure where they are right?"""

from __future__ import annotations

from objectpose.analysis.confidence import confidence_table, reliability_table, risk_coverage_table
from objectpose.analysis.confidence_figures import reliability_diagram, risk_coverage_diagram
from objectpose.analysis.correctness import network_labels
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

CALIBRATION = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("n_images", "Pictures"),
    Column("accuracy", "Right", "%", 1),
    Column("confidence", "Confidence", "%", 1),
    Column("overconfidence", "Confidence minus right", "points", 1, "overconfidence_lo", "overconfidence_hi"),
    Column("ece_mass", "ECE", "points", 1, "ece_mass_lo", "ece_mass_hi"),
    Column("ece_mass_floor", "ECE of chance", "points", 1),
    Column("ece_width", "ECE, equal width", "points", 1),
    Column("confidence_right", "Confidence where right", "%", 1),
    Column("confidence_wrong", "Where wrong", "%", 1),
    Column("aurc", "Risk over coverages", "%", 1),
)
CALIBRATION_NOTE = (
    "ECE: expected calibration error over bins of equally many answers, and of equal width; ECE of chance: what a "
    "perfectly calibrated network shows with as many pictures. Every picture counts the same here."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return calibration, confidence on right and wrong answers, and accuracy after abstaining."""
    judged = evidence.judged

    def make() -> list[Item]:
        table = confidence_table(judged)
        curve, risk = reliability_table(judged), risk_coverage_table(judged)
        curve_csv, risk_csv = output.table("reliability", curve), output.table("risk_coverage", risk)
        return [
            Table(
                "Calibration",
                table.assign(network=network_labels(table)),
                CALIBRATION_NOTE,
                CALIBRATION,
                csv=output.table("calibration", table),
            ),
            output.picture("reliability", "Accuracy against confidence", reliability_diagram(curve), curve_csv),
            output.picture("risk_coverage", "Accuracy after abstaining", risk_coverage_diagram(risk), risk_csv),
        ]

    return Section("Confidence", *collect(make))
