"""Do networks fail on the same pictures, and what do they take turned things for?"""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.confusion import stability, taken_for
from objectpose.analysis.consistency import consistency_by_condition
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.error_figures import confusion_by_angle, kappa_heatmap
from objectpose.analysis.tables import printable
from objectpose.analysis.wrong_answers import agreement_by_condition
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, attempt
from objectpose.report_page import Item, Section, Table

LEAST_NETWORKS = 2
AGREEMENT = (
    "Over the pictures that both networks get wrong: same, the share with the same wrong answer; chance, what it would "
    "be if each only had its usual wrong answers within a class; kappa, what goes beyond chance (1: always the same "
    "answer, 0: as chance). It asks what is answered, error consistency on which pictures: a pair can be high in one "
    "and low in the other."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return error consistency and the confusion structure."""
    judged, name_of = evidence.judged, evidence.classes.name
    condition = evidence.shown_condition
    turned = judged[judged["condition"] == condition]

    def consistency() -> list[Item]:
        if network_labels(judged).nunique() < LEAST_NETWORKS:
            raise ObjectPoseError("One network alone has no errors in common with another; evaluate a second one.")
        pairs = consistency_by_condition(judged)
        csv = output.table("consistency", pairs)
        shown = pairs[pairs["condition"] == condition]
        return [
            output.picture("consistency", "Do networks fail on the same pictures?", kappa_heatmap(shown), csv),
            Table("Error consistency", pairs.drop(columns="dataset"), csv=csv),
        ]

    def confusion() -> list[Item]:
        counts = taken_for(turned)
        csv = output.table("taken_for", counts)
        steady = stability(turned)
        named = steady["top_answer"].map(lambda i: None if pd.isna(i) else printable(name_of(int(i))))
        steady = steady.assign(top_answer=named)
        figure = confusion_by_angle(counts, name_of=name_of)
        return [
            output.picture("taken_for", "What things are taken for, by angle", figure, csv),
            Table("Most frequent wrong answer", steady, csv=output.table("stability", steady)),
        ]

    def agreement() -> list[Item]:
        if network_labels(judged).nunique() < LEAST_NETWORKS:
            return []  # consistency() says so
        pairs = agreement_by_condition(judged)
        csv = output.table("wrong_answers", pairs)
        shown = pairs[pairs["condition"] == condition].drop(columns="dataset")
        return [Table("The same wrong answer?", shown, AGREEMENT, csv=csv)]

    said: list[str] = []
    items: list[Item] = []
    for make in (consistency, agreement, confusion):
        why, made = attempt(make)
        said += why
        items += made
    return Section("Error patterns", said, items)
