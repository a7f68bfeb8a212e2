"""Do networks fail on the same pictures, and what do they take turned things for?"""

from __future__ import annotations

from objectpose.analysis.confusion import stability, stability_summary, taken_for
from objectpose.analysis.consistency import consistency_by_condition
from objectpose.analysis.correctness import network_labels
from objectpose.analysis.error_figures import confusion_by_angle, kappa_heatmap
from objectpose.analysis.wrong_answers import agreement_by_condition
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

LEAST_NETWORKS = 2
PAIRS = (
    Column("observer_a", "First"),
    Column("observer_b", "Second"),
    Column("condition", "Condition"),
    Column("n_images", "Pictures"),
    Column("accuracy_a", "First right", "", 2),
    Column("accuracy_b", "Second right", "", 2),
    Column("observed", "Overlap", "", 2),
    Column("expected", "By chance", "", 2),
    Column("kappa", "Kappa", "", 2, "kappa_lo", "kappa_hi"),
    Column("lowest", "At least", "", 2),
    Column("highest", "At most", "", 2),
)
KAPPA = (
    "Overlap: the share of pictures that both get right or both get wrong; by chance: what two independent networks "
    "of these accuracies share; kappa: what goes beyond chance, with its 95 % interval over classes; at least and at "
    "most: what the two accuracies leave room for. No kappa where both are always right or always wrong."
)
SAME = (
    Column("observer_a", "First"),
    Column("observer_b", "Second"),
    Column("n_images", "Both wrong"),
    Column("n_classes", "Classes"),
    Column("same", "Same", "", 2, "same_lo", "same_hi"),
    Column("chance", "By chance", "", 2),
    Column("kappa", "Kappa", "", 2, "kappa_lo", "kappa_hi"),
)
STEADINESS = (
    Column("network", "Network"),
    Column("condition", "Condition"),
    Column("n_errors", "Wrong answers"),
    Column("n_classes", "Classes"),
    Column("same_within", "The same at like angles", "", 2, "same_within_lo", "same_within_hi"),
    Column("same_across", "At other angles", "", 2, "same_across_lo", "same_across_hi"),
)
STEADINESS_NOTE = (
    "The probability that two wrong answers to a class are the same, at distances from upright in one bin and in "
    "different bins. Where both are alike, what a thing is taken for does not depend on the angle."
)
STEADY = (
    Column("class_name", "Class"),
    Column("network", "Network"),
    Column("n_errors", "Wrong"),
    Column("n_answers", "Different wrong answers"),
    Column("top_answer", "Most often"),
    Column("top_share", "Of the wrong", "", 2),
)
AGREEMENT = (
    "Over the pictures that both networks get wrong: same, the share with the same wrong answer; chance, what it would "
    "be if each only had its usual wrong answers within a class; kappa, what goes beyond chance (1: always the same "
    "answer, 0: as chance). It asks what is answered, error consistency on which pictures: a pair can be high in one "
    "and low in the other."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return error consistency and the confusion structure."""
    judged, condition = evidence.judged, evidence.shown_condition
    turned = judged[judged["condition"] == condition]

    def consistency() -> list[Item]:
        if network_labels(judged).nunique() < LEAST_NETWORKS:
            raise ObjectPoseError("One network alone has no errors in common with another; evaluate a second one.")
        pairs = consistency_by_condition(judged)
        csv = output.table("consistency", pairs)
        shown = pairs[pairs["condition"] == condition]
        return [
            output.picture("consistency", "Do networks fail on the same pictures?", kappa_heatmap(shown), csv),
            Table("The numbers of error consistency", pairs, KAPPA, PAIRS, csv=csv, folded=True),
        ]

    def confusion() -> list[Item]:
        counts = taken_for(turned)
        csv = output.table("taken_for", counts)
        steady = stability(turned)
        steadiness = stability_summary(steady)
        steady = steady.assign(top_answer=evidence.named(steady["top_answer"]))
        figure = confusion_by_angle(counts, name_of=evidence.classes.name)
        return [
            output.picture("taken_for", "What things are taken for, by angle", figure, csv),
            Table(
                "Does the wrong answer change with the angle?",
                steadiness,
                STEADINESS_NOTE,
                STEADINESS,
                csv=output.table("steadiness", steadiness),
            ),
            Table("Most frequent wrong answer", steady, "", STEADY, csv=output.table("stability", steady), folded=True),
        ]

    def agreement() -> list[Item]:
        if network_labels(judged).nunique() < LEAST_NETWORKS:
            return []  # consistency() says so
        pairs = agreement_by_condition(judged)
        csv = output.table("wrong_answers", pairs)
        shown = pairs[pairs["condition"] == condition]
        return [Table("The same wrong answer?", shown, AGREEMENT, SAME, csv=csv)]

    return Section("Error patterns", *collect(consistency, agreement, confusion))
