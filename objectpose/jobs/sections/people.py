"""People and networks on the human study's pictures, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from objectpose.analysis.humans.comparisons import FURTHER, STUDY, Comparison, described
from objectpose.analysis.humans.findings import People, behind
from objectpose.analysis.humans.levels_figure import levels_chart
from objectpose.analysis.humans.publish import write_people
from objectpose.analysis.humans.published import SOURCE, beside
from objectpose.analysis.humans.scoring import StudyChoices, network_scores
from objectpose.analysis.significance import benjamini_hochberg
from objectpose.jobs.sections.output import Output
from objectpose.report_page import Column, Item, Picture, Section, Table

HEADING = "People"
ONLY_HERE = (
    "People chose between two labels on the human study's own 147 pictures. Their accuracies compare with two-way "
    "scores on these pictures only, not with accuracies among all classes or on other pictures."
)
NAMES = {
    "humans_40ms": "people, 40 ms",
    "humans_150ms": "people, 150 ms",
    "humans_unlimited": "people, no limit",
    "networks": "the study's five networks",
}
_ACCURACY = (
    Column("group", "Who"),
    Column("pose", "Pose"),
    Column("mean_pct", "Right", "%", 2),
    Column("half_ci", "\u00b1 95 %", "points", 2),
    Column("half_ci_study", "\u00b1 of the study", "points", 2),
    Column("n_observers", "Observers", "", 0),
    Column("n_images", "Pictures", "", 0),
    Column("n_answers", "Valid answers", "", 0),
)
_TESTS = (
    Column("test", "Test"),
    Column("what", "First against second"),
    Column("diff", "First minus second", "points", 2, "lo", "hi"),
    Column("t", "t", "", 2),
    Column("df", "df", "", 0),
    Column("p", "p", "", 4),
    Column("q", "q", "", 4),
)
_LIKENESS = (
    Column("network", "Network"),
    Column("group", "People"),
    Column("distance_pp", "Distance", "points", 1, "distance_lo", "distance_hi"),
    Column("nearest_share", "Nearest of all", "share", 2),
    Column("rotated_diff_pp", "Rotated, network minus people", "points", 1, "rotated_diff_lo", "rotated_diff_hi"),
    Column("kappa", "Kappa", "", 2, "kappa_lo", "kappa_hi"),
    Column("kappa_most", "Most possible", "", 2),
    Column("n_people_wrong", "Wrong answers of people", "", 0),
)
_SCORES = (
    Column("network", "Network"),
    Column("pose", "Pose"),
    Column("two_way_pct", "Of two labels", "%", 1),
    Column("top1_pct", "Of 1,000 classes (top-1)", "%", 1),
    Column("n_two_way", "Pictures", "", 0),
)
_HALVES = (
    "Rotated: the mean of the two kinds. The interval is over observers: Student's with one degree of freedom less "
    "than observers; the study multiplies the standard error with 2.17881 (people) and 2.571 (networks), the quantiles "
    "of one degree of freedom more. Mis-clicks are in no denominator. A single network has no such interval."
)
_CHATS = (
    "Each is one observer, so that there is no interval over observers. Vision-language models are the study's; all "
    "but siglip were always offered the right label first, and pictures that they did not answer are in no denominator."
)
_TESTED = (
    "Two-sided t tests over observers, under the study's numbers (it has no t6): paired where both sides are the same "
    "observers, else with pooled variance. p is not corrected, as in the study; q is (Benjamini and Hochberg, over the "
    "tests of this table). 0.0000 is less than 0.00005; the file has all digits."
)
_SCORED = (
    "Of two labels: which of the two logits that people's labels stand for is greater, a tie counting half. Top-1 "
    "among 1,000 classes is a harder task and has no counterpart among people."
)


def section(people: People, choices: StudyChoices | None, results: Path) -> Section:
    """Write what was found about people, and return it for the page.

    Args:
        people: of ``findings.find_people``.
        choices: of the user's networks, or None.
        results: folder of results; the files go to its folder ``humans``.
    """
    files = {name: file.relative_to(results) for name, file in write_people(people, results).items()}
    shown = people.everyone.merge(behind(people), on=["group", "pose"], how="left", sort=False)
    of_study = len(people.tables["accuracy"])
    further = "further_accuracy.csv"
    kappa = "further_kappa" if people.networks else "kappa"
    bars = {"data (CSV)": files["accuracy.csv"], **({"further data (CSV)": files[further]} if further in files else {})}
    items: list[Item] = [
        _picture("Upright and rotated", "upright_and_rotated", files, bars),
        _accuracy("Right choices by group and pose", shown.iloc[:of_study], files["accuracy.csv"]),
    ]
    if further in files:
        items.append(_accuracy("Right choices of further models", shown.iloc[of_study:], files[further], note=_CHATS))
    if choices is not None:
        items.append(_scores(network_scores(choices), files["networks.csv"]))
    items += [
        _picture("The two kinds of rotated pictures", "correct_and_incorrect", files, bars),
        _tests("The study's sixteen tests", people.tables["tests"], STUDY, files["tests.csv"]),
        _tests("Can the two ways of showing without a limit be pooled?", people.tables["further_tests"], FURTHER,
               files["further_tests.csv"]),
        _picture("Do people and networks fail on the same pictures?", "kappa", files,
                 {"data (CSV)": files[f"{kappa}.csv"]}),
        _matrix("Kappa, mis-clicks counted wrong", people.tables[kappa], files[f"{kappa}.csv"],
                "As the study counts: a mis-click is wrong and agrees with nobody. The diagonal is set to 1."),
        _matrix("Kappa, mis-clicks left out", people.tables[f"{kappa}_valid"], files[f"{kappa}_valid.csv"],
                "Pictures on which either of two observers mis-clicked are left out for this pair."),
        _picture("Which viewing time does a network resemble?", "resemblance", files,
                 {"data (CSV)": files["resemblance.csv"]}),
        Table(
            "Likeness of networks and people",
            people.resemblance.assign(group=people.resemblance["group"].replace(NAMES)),
            "Distance: mean over three poses of |network - people|. Intervals: 95 % over 51 objects drawn with "
            "replacement, observers staying the same.",
            _LIKENESS,
            csv=files["resemblance.csv"],
        ),
    ]  # fmt: skip
    said = people.text(width=100_000).replace("+-", "\u00b1").splitlines()
    return Section(HEADING, [ONLY_HERE, *said], items)


def published_section(choices: StudyChoices, output: Output) -> Section:
    """Return the published levels of people beside two-way scores, for a report without the study's files.

    Raises:
        ObjectPoseError: the pictures or the alternatives are not the study's.
    """
    table = beside(choices)
    csv = output.table("people", table)
    scores = network_scores(choices)
    items: list[Item] = [
        output.picture("people", "People and networks choosing between two labels", levels_chart(table), csv),
        Table(
            "Published levels of people beside two-way scores",
            table.assign(observer=table["observer"].replace(NAMES), pose=_spoken(table["pose"])),
            f"People: {SOURCE}.",
            (
                Column("observer", "Who"),
                Column("pose", "Pose"),
                Column("two_way_pct", "Right of two labels", "%", 1),
                Column("half_ci", "\u00b1 95 %", "points", 2),
                Column("n_observers", "Observers", "", 0),
                Column("n_images", "Pictures", "", 0),
            ),
            csv=csv,
        ),
        _scores(scores, output.table("two_way", scores)),
    ]
    more = "humans.path=PATH with a clone of the study, or humans.fetch=true, adds single observers, tests and kappa."
    return Section(HEADING, [ONLY_HERE, more], items)


def _picture(title: str, name: str, files: Mapping[str, Path], data: Mapping[str, Path]) -> Picture:
    return Picture(title, files[f"{name}.png"], {"PDF": files[f"{name}.pdf"], **data})


def _accuracy(title: str, rows: pd.DataFrame, csv: Path, note: str = _HALVES) -> Table:
    named = rows.assign(group=rows["group"].replace(NAMES), pose=_spoken(rows["pose"]))
    return Table(title, named, note, _ACCURACY, csv=csv)


def _spoken(poses: pd.Series) -> pd.Series:
    return poses.astype(str).str.replace("_", " ")


def _tests(title: str, table: pd.DataFrame, comparisons: tuple[Comparison, ...], csv: Path) -> Table:
    what = {comparison.name: described(comparison) for comparison in comparisons}
    frame = table.assign(what=table["test"].map(what), q=benjamini_hochberg(table["p"]))
    return Table(title, frame, _TESTED, _TESTS, csv=csv)


def _matrix(title: str, table: pd.DataFrame, csv: Path, note: str) -> Table:
    columns = [Column(str(name), str(name).replace("_", " "), "", 2) for name in table.columns[1:]]
    pools = "group1 to group4: three people each at 40 ms, pooled; 96 rotated pictures."
    return Table(title, table, f"{note} {pools}", [Column("observer", "Observer"), *columns], csv=csv)


def _scores(scores: pd.DataFrame, csv: Path) -> Table:
    scores = scores.assign(pose=_spoken(scores["pose"]))
    return Table("Networks that were scored here", scores, _SCORED, _SCORES, csv=csv)
