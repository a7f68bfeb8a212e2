"""Are networks sure where they are right?"""

from __future__ import annotations

from objectpose.analysis.confidence import confidence_table, reliability_table, risk_coverage_table
from objectpose.analysis.confidence_figures import reliability_diagram, risk_coverage_diagram
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, attempt
from objectpose.report_page import Item, Section, Table


def section(evidence: Evidence, output: Output) -> Section:
    """Return calibration, confidence on right and wrong answers, and accuracy after abstaining."""
    judged = evidence.judged

    def make() -> list[Item]:
        table = confidence_table(judged)
        curve, risk = reliability_table(judged), risk_coverage_table(judged)
        curve_csv, risk_csv = output.table("reliability", curve), output.table("risk_coverage", risk)
        return [
            Table("Calibration", table.drop(columns="dataset"), "In percent.", csv=output.table("calibration", table)),
            output.picture("reliability", "Accuracy against confidence", reliability_diagram(curve), curve_csv),
            output.picture("risk_coverage", "Accuracy after abstaining", risk_coverage_diagram(risk), risk_csv),
        ]

    said, items = attempt(make)
    return Section("Confidence", said, items)
