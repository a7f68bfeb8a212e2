"""Everything that is stored about one data set, ready for analysis: the one way from files to judged answers.

The report and the notebooks begin here::

    evidence = load("quick")  # of results/ and renders/ below the working directory
    summarise(evidence.judged)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from objectpose.analysis.accuracy import POOLED, summarise
from objectpose.analysis.conditions import ordered
from objectpose.analysis.correctness import judge
from objectpose.analysis.factors import CARD_COLUMNS
from objectpose.analysis.finding import POPULATION, headline_condition
from objectpose.analysis.leaderboard import leaderboard
from objectpose.analysis.sensitivity import Gate
from objectpose.analysis.tables import printable
from objectpose.classes import Classes
from objectpose.datasets.dataset import Dataset
from objectpose.datasets.stored import open_stored
from objectpose.errors import ObjectPoseError, nearest
from objectpose.models.zoo import zoo
from objectpose.objects import admission
from objectpose.rendering.conditions import CONDITIONS
from objectpose.results.store import read_predictions
from objectpose.results.stored import StoredUnit, stored_answers, stored_units

GATES = ("default", "none")


@dataclass(frozen=True)
class Evidence:
    """The answers of all trained networks to one data set.

    Attributes:
        name: of the data set, with its hash.
        label: what sentences and files call it: its name without the hash, with it where there are several versions.
        dataset: opened.
        everything: frames of ``correctness.judge``, concatenated, of all objects.
        predictions: of each network of ``everything``, by ``(model, preprocess)``, in the plan's order.
        cards: ``factors.CARD_COLUMNS`` of those networks that the zoo knows.
        missing: network and why its answers are left out.
        gated: whether objects that the judging networks do not admit are left out of ``judged``.
    """

    name: str
    label: str
    dataset: Dataset
    everything: pd.DataFrame
    predictions: Mapping[tuple[str, str], pd.DataFrame]
    cards: pd.DataFrame
    missing: Mapping[str, str]
    gated: bool = True

    @property
    def classes(self) -> Classes:
        """The label space of targets and answers."""
        return self.dataset.classes

    @cached_property
    def gate(self) -> Gate | None:
        """Which objects the judging networks admit; None where they were not asked."""
        return gate_of(self.dataset)

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The answers that findings are about: to all objects, or to the admitted ones."""
        if self.gate is None or not self.gated:
            return self.everything
        rows = self.everything[self.gate.default(self.everything["object_id"])].reset_index(drop=True)
        if rows.empty:
            raise ObjectPoseError(f"The audit admits none of the objects of {self.name}; add gate=none.")
        return rows

    @property
    def judges(self) -> list[str]:
        """The networks that helped to choose the objects."""
        return [] if self.gate is None else self.gate.judges_of(self.judged["object_id"])

    @property
    def rejected(self) -> list[str]:
        """The objects that the gate leaves out."""
        return sorted(set(self.everything["object_id"]) - set(self.judged["object_id"]))

    @cached_property
    def summary(self) -> pd.DataFrame:
        """``accuracy.summarise`` of the answers."""
        return summarise(self.judged)

    @cached_property
    def board(self) -> pd.DataFrame:
        """``leaderboard.leaderboard`` of the answers."""
        return leaderboard(self.judged)

    def named(self, indices: pd.Series) -> pd.Series:
        """Return the names of class indices as text for a page; None where there is no index."""
        name_of = self.classes.name
        return indices.map(lambda index: None if pd.isna(index) else printable(name_of(int(index))))

    @property
    def turning(self) -> list[str]:
        """The conditions that take things out of their upright position and are compared with upright views."""
        return turning_conditions(self.dataset)

    @property
    def condition(self) -> str | None:
        """The condition that the first sentence speaks of; None without a drop."""
        return headline_condition(self.summary[self.summary["background"] == POOLED])

    @property
    def shown_condition(self) -> str:
        """The condition to show where one has to be chosen: ``condition``, without a drop the first of tables."""
        return self.condition or ordered(self.judged["condition"])[0]

    @property
    def population(self) -> str:
        """What the classes are like, for the estimand."""
        return POPULATION if self.gate is not None and self.gated else self.dataset.population


def is_gated(gate: str) -> bool:
    """Return whether a finding is about admitted objects only.

    Raises:
        ObjectPoseError: the word is none of ``GATES``.
    """
    if gate not in GATES:
        raise ObjectPoseError(f"Unknown gate '{gate}'; {nearest(gate, GATES)}.")
    return gate == "default"


def gate_of(dataset: Dataset) -> Gate | None:
    """Return which objects of a data set the judging networks admit; None where it is not of the catalogue."""
    if not dataset.of_catalogue:
        return None
    return Gate(admission.admitting(), admission.audited(), admission.MIN_NETWORKS)


def turning_conditions(dataset: Dataset) -> list[str]:
    """Return the conditions that take things out of their upright position and are compared with upright views."""
    pairs = dataset.plan[["condition", "baseline"]].drop_duplicates()
    return [
        str(name)
        for name, baseline in pairs.itertuples(index=False)
        if name in CONDITIONS and not dataset.keeps_upright(str(name)) and CONDITIONS[baseline].baseline == baseline
    ]


def gather(
    name: str, units: Sequence[StoredUnit], renders: Path, *, gated: bool = True, label: str | None = None
) -> Evidence:
    """Judge the stored answers of every network to a data set.

    Args:
        name: of the data set, with its hash.
        units: of ``results.stored.stored_units``, all of this data set and of one label space.
        renders: folder of data sets.
        gated: whether findings are about the admitted objects only.
        label: what sentences and files call the data set; None takes its name without the hash.

    Raises:
        ObjectPoseError: the data set is gone, or none of the answers can be used.
    """
    dataset = open_stored(renders / name, units[0].classes)
    judged, predictions = [], {}
    missing: dict[str, str] = {}
    for unit in units:
        if not unit.pretrained:
            missing[unit.name] = "random weights, which are left out of comparisons"
            continue
        try:
            answers = read_predictions(unit.path)
            rows = judge(dataset.plan, answers, model=unit.name, preprocess=unit.preprocess, dataset=name)
        except ObjectPoseError as error:
            missing[unit.name] = str(error)
            continue
        judged.append(rows)
        ordered = answers.set_index("image_id").reindex(dataset.plan["image_id"]).reset_index()
        predictions[unit.name, unit.preprocess] = ordered
    if not judged:
        if units and not any(unit.pretrained for unit in units):
            raise ObjectPoseError(
                f"All networks with answers on {name} have random weights, of which there is no finding; evaluate "
                "trained ones."
            )
        told = [text if text.startswith(network) else f"{network}: {text}." for network, text in missing.items()]
        reasons = " ".join(told) or "There is none."
        raise ObjectPoseError(f"No network's answers on {name} can be used. {reasons}")
    everything = pd.concat(judged, ignore_index=True)
    label = name.rpartition("-")[0] if label is None else label
    return Evidence(name, label, dataset, everything, predictions, cards_of(units), missing, gated)


def cards_of(units: Sequence[StoredUnit]) -> pd.DataFrame:
    """Return what the zoo knows of stored networks.

    A network with a checkpoint or labels of the user's own is none of the zoo's, whatever its name.

    Returns:
        ``factors.CARD_COLUMNS``, one row a network that the zoo has, by its name in tables.
    """
    rows: dict[str, tuple[object, ...]] = {}
    for unit in units:
        spec = zoo().get(str(unit.provenance["model"]))
        said = (str(unit.provenance["source"]), str(unit.provenance["identifier"]))
        if spec is None or spec.card is None or (spec.source, spec.identifier) != said:
            continue
        card = spec.card
        largest = max(card.data, key=lambda part: part.images)
        rows[unit.name] = (
            unit.name,
            largest.name,
            largest.images,
            card.loss,
            card.architecture,
            card.modality,
            card.augmentation,
            card.parameters_m,
        )
    return pd.DataFrame(list(rows.values()), columns=list(CARD_COLUMNS))


def older_run(results: Path, newer: Evidence, renders: Path) -> Evidence:
    """Return the answers that an older run stored to the data set of a newer one.

    Args:
        results: folder of results of the older run.
        newer: answers to compare with.
        renders: folder of data sets of the newer run.

    Raises:
        ObjectPoseError: no answers there, or only those to other data sets, to another version of this one, or among
            other classes.
    """
    units, broken = stored_units(results)
    if not units:
        torn = f" that can be read ({broken[0][0].name}: {broken[0][1]})" if broken else ""
        raise ObjectPoseError(
            f"There are no answers{torn} below {results / 'predictions'}; against= takes the results folder of an "
            "older run, the one that holds 'predictions'."
        )
    own = [unit for unit in units if unit.dataset == newer.name]
    label = newer.name.rpartition("-")[0]
    versions = sorted({unit.dataset for unit in units if unit.dataset.rpartition("-")[0] == label})
    if not own and versions:
        raise ObjectPoseError(
            f"The run in {results} answered {', '.join(versions)}, the newer one {newer.name}: these are versions of "
            "one data set with different pictures; evaluate the networks of both runs on one version."
        )
    if not own:
        others = ", ".join(sorted({unit.dataset for unit in units}))
        raise ObjectPoseError(
            f"The run in {results} answered {others}, and not {newer.name}; runs are compared on the same pictures."
        )
    alike = [unit for unit in own if unit.classes.digest == newer.classes.digest]
    if not alike:
        raise ObjectPoseError(
            f"The run in {results} was asked about {own[0].classes.title}, the newer one about {newer.classes.title}; "
            "runs are compared on the same classes."
        )
    try:
        return gather(newer.name, alike, renders, gated=newer.gated)
    except ObjectPoseError as error:
        raise ObjectPoseError(f"Of the run in {results}: {error}") from None


def load(
    dataset: str | None = None,
    results: Path | str = "results",
    renders: Path | str = "renders",
    *,
    gate: str = "default",
) -> Evidence:
    """Return the stored answers to one data set.

    Args:
        dataset: its name; without its hash the newest version counts. None where answers to only one are stored.
        results: folder of results.
        renders: folder of data sets.
        gate: ``default`` leaves out what the judging networks do not admit, ``none`` nothing.

    Raises:
        ObjectPoseError: there are no such answers, or answers to several data sets and no name.
    """
    chosen, _ = stored_answers(Path(results), dataset)
    if len(chosen) > 1 and dataset is None:
        raise ObjectPoseError(
            f"Answers to {len(chosen)} data sets are stored, expected the name of one: {', '.join(chosen)}."
        )
    name, units = list(chosen.items())[-1]
    return gather(name, units, Path(renders), gated=is_gated(gate))
