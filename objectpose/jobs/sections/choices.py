"""Does it matter how a network was made: data, loss, architecture, modality, augmentation, size?"""

from __future__ import annotations

import pandas as pd

from objectpose.analysis.choice_effects import choice_effects
from objectpose.analysis.choice_figures import drop_by_choice
from objectpose.analysis.factors import by_factor, factor_table
from objectpose.analysis.robustness import (
    FEWEST_NETWORKS,
    drop_regression,
    effective_robustness,
    effective_sentence,
    regression_sentence,
    robustness_line,
)
from objectpose.analysis.scatter_figures import drop_against_data, turned_against_upright
from objectpose.analysis.tables import counted
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output, collect
from objectpose.report_page import Column, Item, Section, Table

USUAL = "native"
NETWORKS = (
    Column("model", "Network"),
    Column("drop_pp", "Drop", "points", 1),
    Column("upright_top1", "Right upright", "%", 1),
    Column("turned_top1", "Right turned", "%", 1),
    Column("effective_pp", "Above the line", "points", 1),
    Column("data_family", "Largest training set"),
    Column("data size", "Its pictures"),
    Column("loss kind", "Training signal"),
    Column("architecture", "Architecture"),
    Column("modality", "Modality"),
    Column("augmentation kind", "Augmentation"),
    Column("parameters_m", "Parameters", "million", 0),
)
LEVELS = (
    Column("factor", "Choice"),
    Column("level", "Level"),
    Column("n_networks", "Networks"),
    Column("n_families", "Sets of training data"),
    Column("drop_pp", "Mean drop", "points", 1, "drop_lo", "drop_hi"),
    Column("upright_top1", "Right upright", "%", 1),
    Column("relative_drop", "Lost", "%", 0),
)
TERMS = (
    Column("term", "Term"),
    Column("coefficient", "Coefficient", "", 2, "low", "high"),
    Column("p", "p", "", 3),
    Column("r2", "R2", "", 2),
    Column("n_networks", "Networks"),
    Column("n_families", "Sets of training data"),
    Column("intervals", "Limits"),
    Column("note", "Note"),
)
NETWORKS_NOTE = (
    "Above the line: accuracy under the condition beyond what the line through all networks gives for the upright "
    "accuracy (effective robustness)."
)
LEVELS_NOTE = (
    "Intervals over networks. Levels also differ in upright accuracy and in each other's choices: a description, no "
    "cause."
)
EFFECTS = (
    Column("factor", "Choice"),
    Column("level", "Level"),
    Column("reference", "Against"),
    Column("difference_pp", "Loses more by", "points", 1, "low_pp", "high_pp"),
    Column("n_networks", "Networks"),
    Column("n_reference", "Networks against"),
    Column("note", "Note"),
)
EFFECTS_NOTE = "Difference in drop from the level that most networks have, at as many training pictures."
TERMS_NOTE = (
    "Drop = constant + log10 of the training pictures + upright accuracy. Upright accuracy is part of the drop, and is "
    "there to be held fixed."
)


def section(evidence: Evidence, output: Output) -> Section:
    """Return drops by design choice, the regression on data size, and effective robustness."""
    said: list[str] = []

    def make() -> list[Item]:
        table = factor_table(evidence.summary, evidence.cards)
        table, doubled = _one_each(table)
        line, regression, levels = robustness_line(table), drop_regression(table), by_factor(table)
        effective = effective_robustness(table, line)
        csv = output.table("design_choices", effective)
        own = effective[effective["condition"] == evidence.condition].sort_values("drop_pp", kind="stable")
        shown = Table(
            f"Networks and how they were made, under {evidence.condition}", own, NETWORKS_NOTE, NETWORKS, csv=csv
        )
        known = int(own["data_family"].notna().sum())
        if doubled:
            said.append(doubled)
        if known < FEWEST_NETWORKS:
            said.append(
                f"Nothing can be said about design choices with {counted(known, 'network')} of the zoo: at least "
                f"{FEWEST_NETWORKS} are needed, and the table only lists what is known of each."
            )
            return [shown]
        terms = regression[regression["condition"] == evidence.condition]
        groups = levels[levels["condition"] == evidence.condition]
        said.extend([regression_sentence(terms), effective_sentence(own)])
        if known < len(own):
            said.append(f"{counted(len(own) - known, 'network')} without a card of the zoo: in the line only.")
        levels_csv, terms_csv = output.table("by_design_choice", levels), output.table("drop_regression", regression)
        effects = choice_effects(table)
        alike = effects[effects["condition"] == evidence.condition]
        effects_csv, line_csv = output.table("choice_effects", effects), output.table("robustness_line", line)
        return [
            output.picture("drop_by_choice", "Drop by design choice", drop_by_choice(own, groups), levels_csv),
            output.picture("drop_against_data", "Drop against training data", drop_against_data(own, terms), csv),
            output.picture(
                "effective_robustness",
                "Turned against upright accuracy",
                turned_against_upright(own, line),
                {"data (CSV)": csv, "line (CSV)": line_csv},
            ),
            Table("Mean drop of each level", groups, LEVELS_NOTE, LEVELS, csv=levels_csv),
            Table("At an equal number of training pictures", alike, EFFECTS_NOTE, EFFECTS, csv=effects_csv),
            Table("Drop on data size and upright accuracy", terms, TERMS_NOTE, TERMS, csv=terms_csv),
            shown,
        ]

    why, items = collect(make)
    return Section("Design choices", [*why, *said], items)


def _one_each(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return one row a network and condition, and the sentence about the preprocessings that are left out."""
    first = table.assign(_other=table["preprocess"] != USUAL).sort_values("_other", kind="stable")
    kept = first.drop_duplicates(["dataset", "model", "condition"]).sort_index().drop(columns="_other")
    if len(kept) == len(table):
        return table, ""
    several = table.loc[~table.index.isin(kept.index), "model"].nunique()
    return kept.reset_index(drop=True), (
        f"{counted(several, 'network')} with several preprocessings {'counts' if several == 1 else 'count'} once here."
    )
