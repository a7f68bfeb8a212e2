"""The report's section on people: the human study's answers as a config asks for them, beside stored ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from objectpose.analysis.humans.checksums import COMMIT
from objectpose.analysis.humans.fetched import ADDRESS, fetch_study
from objectpose.analysis.humans.findings import find_people
from objectpose.analysis.humans.load import load_answers
from objectpose.analysis.humans.scoring import StudyChoices, as_observers, study_choices
from objectpose.cache import cache_dir
from objectpose.config import HumansConfig
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence
from objectpose.jobs.sections.output import Output
from objectpose.jobs.sections.people import HEADING, published_section, section
from objectpose.report_page import Section


def study_answers(config: HumansConfig) -> pd.DataFrame | None:
    """Return the study's answers as a config asks for them; None where it asks for none.

    Raises:
        ObjectPoseError: both keys are set, the files cannot be fetched, or are not the study's.
    """
    if config.path is not None and config.fetch:
        raise ObjectPoseError("humans.path and humans.fetch=true are both given; leave one of them out.")
    if config.fetch:
        return load_answers(fetch_study(cache_dir() / "human_study" / COMMIT[:8]))
    if config.path == "":
        raise ObjectPoseError("humans.path is empty; give a clone of the human study's repository, or its folder data.")
    return None if config.path is None else load_answers(Path(config.path))


def provenance(config: HumansConfig) -> dict[str, object]:
    """Return where the study's answers come from, for the report's end; nothing where none were asked for."""
    if config.fetch:
        return {"human study": f"{ADDRESS}, each file by its sha256"}
    return {} if config.path is None else {"human study": str(Path(config.path).resolve())}


def stimuli(found: Sequence[Evidence]) -> list[Evidence]:
    """Return the data sets whose pictures are called as the human study's."""
    return [one for one in found if getattr(one.dataset, "layout", None) == "stimuli"]


def choices_of(found: Sequence[Evidence]) -> StudyChoices | None:
    """Return the networks' choices between the study's labels, of the newest data set of its pictures.

    Args:
        found: all data sets, the oldest answers first.

    Returns:
        None where no data set is of the study's pictures.

    Raises:
        ObjectPoseError: it has no alternatives, or is not whole.
    """
    of_study = stimuli(found)
    if not of_study:
        return None
    newest = of_study[-1]
    frames = [
        study_choices(newest.dataset.plan, answers, model=model, preprocess=preprocess)
        for (model, preprocess), answers in newest.predictions.items()
    ]
    return StudyChoices(pd.concat(frames, ignore_index=True))


def sections(answers: pd.DataFrame | None, found: Sequence[Evidence], results: Path) -> list[Section]:
    """Return the report's section on people.

    Levels of people that come with the package are shown where there are answers to the study's pictures, and nowhere
    else; the study's own answers where they are given.

    Args:
        answers: of :func:`study_answers`.
        found: all data sets, the oldest answers first.
        results: folder of results.

    Returns:
        One section; none where there are neither the study's answers nor a network's to its pictures.
    """
    choices, why = None, []
    try:
        choices = choices_of(found)
        if answers is not None and choices is not None:
            as_observers(choices, answers)
    except ObjectPoseError as error:
        choices, why = None, [f"No network stands beside people: {error}"]
    if answers is not None:
        people = find_people(answers, choices)
        print(people.text())
        made = section(people, choices, results)
        return [made._replace(text=[*why, *made.text])]
    if choices is None:
        return [Section(HEADING, why)] if why else []
    try:
        return [published_section(choices, Output(results, stimuli(found)[-1].label))]
    except ObjectPoseError as error:
        return [Section(HEADING, [str(error)])]
