"""From stored answers to a report: tables, figures and pages that open without a network."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from objectpose.analysis.correctness import left_out, network_labels
from objectpose.analysis.finding import headline, terminal_table
from objectpose.analysis.threshold import failures, of_regression, parse_thresholds
from objectpose.config import ReportConfig, VideoConfig
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence, gather, is_gated
from objectpose.jobs import people
from objectpose.jobs.sections import (
    choices,
    confidence,
    differences,
    errors,
    leaderboard,
    places,
    regression,
    selection,
)
from objectpose.jobs.sections.output import Output
from objectpose.progress import show_progress
from objectpose.report_page import (
    Answers,
    Choice,
    Filming,
    Report,
    Section,
    Video,
    plan_videos,
    write_report,
    write_videos,
)
from objectpose.results.provenance import package_versions, source_revision
from objectpose.results.stored import StoredUnit, labels_of, stored_answers
from objectpose.video import require_encoder

SECTIONS: tuple[Callable[[Evidence, Output], Section], ...] = (
    leaderboard.section,
    differences.section,
    places.section,
    errors.section,
    confidence.section,
    choices.section,
    selection.section,
)
"""In reading order."""
UNKNOWN_POSE = "photo"
"""The condition of photographs, of which nobody knows how far they are from upright."""

THRESHOLD_EXCEEDED = 3
"""Exit code where a threshold of ``fail_if`` is exceeded."""


def run(config: ReportConfig) -> int:
    """Read what is stored, write the report, and say where it is."""
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    thresholds = parse_thresholds(config.fail_if) if config.fail_if is not None else []
    if config.against is None:
        failures(of_regression(thresholds), pd.DataFrame())
    gated = is_gated(config.gate)
    wanted = _choice(config.video)
    if wanted is not None:
        require_encoder("video=true")
    show_progress(config.progress)
    study = people.study_answers(config.humans)
    chosen, notes = stored_answers(results, config.only, needed=study is None)
    for note in notes:
        _warn(note)
    found = _gathered(chosen, renders, gated=gated, alone=study is None)
    if not found and (thresholds or wanted is not None):
        what = "fail_if" if thresholds else "video"
        raise ObjectPoseError(f"{what} is given, but there are no networks' answers; evaluate networks first.")
    since: dict[str, regression.Changes] = {}
    if config.against is not None:
        since, notes = regression.since(Path(config.against), found, results, renders)
        for note in notes:
            _warn(note)
    exceeded = []
    if thresholds:
        summary = pd.concat([evidence.summary for evidence in found], ignore_index=True)
        exceeded = failures(thresholds, summary, regression.all_of(since))
    answers = [shown_answers(evidence) for evidence in found]
    plans = [] if wanted is None else _plans(answers, [evidence.name for evidence in found], wanted)
    for evidence in found:
        text, changes = finding(evidence), since.get(evidence.name)
        print(text if len(found) == 1 else f"On {evidence.name}:\n{text}\n")
        if changes is not None:
            print("\n".join(["", "Since the older run:", *changes.said]))
    sections = _all_sections(found, since, results, config.progress)
    sections += people.sections(study, found, results)
    videos: list[Video] = []
    for plan in plans:
        videos += write_videos(plan, results / "videos" / plan.kept.source.name, progress=config.progress)
    report = Report(
        title="ObjectPose report",
        lead=_lead(found, since) if found else [*sections[0].text],
        sections=sections,
        answers=answers,
        videos=videos,
        provenance=_provenance(chosen) | people.provenance(config.humans),
        generated=datetime.now(UTC).date().isoformat(),
    )
    page = write_report(report, results / "report", progress=config.progress)
    print(f"\nReport: {page}")
    if videos:
        print(f"Videos: {results / 'videos'}")
    for failure in exceeded:
        _warn(f"fail_if: {failure}")
    return THRESHOLD_EXCEEDED if exceeded else 0


def _gathered(chosen: dict[str, list[StoredUnit]], renders: Path, *, gated: bool, alone: bool) -> list[Evidence]:
    """Return the evidence of each data set, after a sentence about everything that is left out.

    Args:
        chosen: units by the name of their data set.
        renders: folder of data sets.
        gated: whether findings are about the admitted objects only.
        alone: whether there is nothing else to report.

    Raises:
        ObjectPoseError: nothing can be reported.
    """
    labels = labels_of(chosen)
    found: list[Evidence] = []
    versions = [name for name in chosen if labels[name] == name]
    if versions:
        _warn(f"{', '.join(versions)} share a name and are reported by their full names; only= takes one of them.")
    for name, units in chosen.items():
        try:
            evidence = gather(name, units, renders, gated=gated, label=labels[name])
            found += [evidence] if len(evidence.summary) else []
        except ObjectPoseError as error:
            if len(chosen) == 1 and alone:
                raise
            _warn(f"{name} is left out: {error}")
    if not found and alone:
        raise ObjectPoseError(f"None of the {len(chosen)} data sets can be reported; see above.")
    for evidence in found:
        for network, reason in evidence.missing.items():
            _warn(f"{network} is left out on {evidence.name}: {reason}")
    return found


def _lead(found: Sequence[Evidence], since: Mapping[str, regression.Changes]) -> list[str]:
    """Return the finding in sentences; of several data sets each is named."""
    lead: list[str] = []
    for evidence in found:
        first, *others = headline(evidence.summary)
        lead += [first if len(found) == 1 else f"On {evidence.label}: {first}", *others]
        lead += since[evidence.name].said if evidence.name in since else []
    return lead


def _all_sections(
    found: Sequence[Evidence], since: Mapping[str, regression.Changes], results: Path, progress: bool
) -> list[Section]:
    """Write the tables and figures of every data set and return its sections; of several each is named."""
    sections: list[Section] = []
    steps = len(SECTIONS) * len(found) + len(since)
    with tqdm(total=steps, desc="report", unit="part", disable=not progress, dynamic_ncols=True) as bar:
        for evidence in found:
            for section in _sections(evidence, Output(results, evidence.label), since.get(evidence.name)):
                if len(found) > 1:
                    heading = f"{section.heading}: {evidence.label}"
                    section = section._replace(heading=heading, group=evidence.label)
                sections.append(section)
                bar.update()
    return sections


def _sections(evidence: Evidence, output: Output, changes: regression.Changes | None) -> Iterator[Section]:
    """Yield the sections of one data set in reading order."""
    for make in SECTIONS:
        yield make(evidence, output)
        if make is leaderboard.section and changes is not None:
            yield regression.section(changes, output)


def _choice(video: VideoConfig) -> Choice | None:
    """Return what videos are wanted; whatever is chosen of them asks for them."""
    chosen = [_words(video.objects), _words(video.conditions), _words(video.networks)]
    return Choice(*chosen) if video.write or any(part is not None for part in chosen) else None


def _words(value: Any) -> list[str] | None:
    """Return a list of a config, or one word of it, as a list."""
    return None if value is None else [str(word) for word in (value if isinstance(value, list) else [value])]


def _plans(answers: Sequence[Answers], versions: Sequence[str], wanted: Choice) -> list[Filming]:
    """Choose and count the videos of every data set; a choice that does not fit one of several leaves that out."""
    plans: list[Filming] = []
    reasons: list[ObjectPoseError] = []
    for one, version in zip(answers, versions, strict=True):
        try:
            plans.append(plan_videos(one, wanted, version))
        except ObjectPoseError as error:
            reasons.append(error)
            if len(answers) > 1:
                _warn(f"No videos of {one.name}: {error}")
    if reasons and not plans:
        raise reasons[0]
    print("".join(f"{plan.line()}\n" for plan in plans), flush=True)
    return plans


def _provenance(chosen: dict[str, list[StoredUnit]]) -> dict[str, object]:
    return {
        "data sets": {
            name: {
                unit.name: {
                    "weights": unit.provenance["weights"]["sha256"],
                    "fed": unit.provenance["preparation"],
                    "computed": unit.provenance["end"],
                }
                for unit in units
            }
            for name, units in chosen.items()
        },
        "packages": package_versions(),
        "code": source_revision(),
    }


def finding(evidence: Evidence) -> str:
    """Return the finding of one data set as plain text."""
    return terminal_table(
        evidence.summary,
        admitted_by=evidence.judges,
        gated=evidence.gated and evidence.gate is not None,
        rejected=evidence.rejected,
        left_out=left_out(evidence.judged),
        population=evidence.population,
        classes=evidence.classes,
    )


def shown_answers(evidence: Evidence) -> Answers:
    """Return what the gallery and the explorer show."""
    plan, name_of = evidence.dataset.plan, evidence.classes.name
    labels = network_labels(evidence.everything)
    networks = {}
    for (model, preprocess), answers in evidence.predictions.items():
        own = (evidence.everything["model"] == model) & (evidence.everything["preprocess"] == preprocess)
        networks[str(labels[own].iloc[0])] = pd.DataFrame(
            {
                "image_id": answers["image_id"],
                "names": [[name_of(index) for index in row] for row in answers["top5"]],
                "probs": answers["top5_prob"].tolist(),
                "correct": evidence.everything.loc[own, "correct"].to_numpy(),
            }
        )
    rows = plan.rename(columns={"sweep_deg": "angle_deg"}).assign(
        distance_deg=plan["distance_deg"].where(plan["condition"] != UNKNOWN_POSE),
        true_names=plan["targets"].map(lambda row: [name_of(int(index)) for index in row]),
        caption=plan["scale"].map(lambda scale: "" if scale == 1 else f"scale {scale:.2f}"),
    )
    return Answers(evidence.label, rows, networks, evidence.dataset.image)


def _warn(text: str) -> None:
    """Print a sentence about something that is left out."""
    print(f"objectpose: {text}", file=sys.stderr)
