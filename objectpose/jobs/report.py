"""From stored answers to a report: tables, figures and pages that open without a network."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from objectpose.analysis.correctness import left_out, network_labels
from objectpose.analysis.finding import terminal_table
from objectpose.analysis.threshold import failures, parse_thresholds
from objectpose.config import ReportConfig, VideoConfig
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence, gather, is_gated, stored_answers
from objectpose.jobs.sections import confidence, differences, errors, leaderboard, places
from objectpose.jobs.sections.output import Output
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
from objectpose.results.stored import StoredUnit
from objectpose.video import require_encoder

SECTIONS: tuple[Callable[[Evidence, Output], Section], ...] = (
    leaderboard.section,
    differences.section,
    places.section,
    errors.section,
    confidence.section,
)
"""In reading order."""
THRESHOLD_EXCEEDED = 3
"""Exit code where a threshold of ``fail_if`` is exceeded."""


def run(config: ReportConfig) -> int:
    """Read what is stored, write the report, and say where it is."""
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    thresholds = parse_thresholds(config.fail_if) if config.fail_if is not None else []
    gated = is_gated(config.gate)
    wanted = _choice(config.video)
    if wanted is not None:
        require_encoder("video=true")
    chosen, notes = stored_answers(results, config.only)
    for note in notes:
        _warn(note)
    found: list[Evidence] = []
    for name, units in chosen.items():
        try:
            found.append(gather(name, units, renders, gated=gated))
        except ObjectPoseError as error:
            if len(chosen) == 1:
                raise
            _warn(f"{name} is left out: {error}")
    if not found:
        raise ObjectPoseError(f"None of the {len(chosen)} data sets below {results} can be reported; see above.")
    for evidence in found:
        for network, reason in evidence.missing.items():
            _warn(f"{network} is left out on {evidence.name}: {reason}")
    sections: list[Section] = []
    summaries: list[pd.DataFrame] = []
    lead: list[str] = []
    with tqdm(
        total=len(SECTIONS) * len(found), desc="report", unit="part", disable=not config.progress, dynamic_ncols=True
    ) as bar:
        for evidence in found:
            summaries.append(evidence.summary)
            text = finding(evidence)
            lead += _sentences(text)
            print(text)
            for make in SECTIONS:
                section = make(evidence, Output(results, evidence.label))
                heading = section.heading if len(found) == 1 else f"{section.heading}: {evidence.label}"
                sections.append(section._replace(heading=heading))
                bar.update()
    answers = [shown_answers(evidence) for evidence in found]
    versions = [evidence.name for evidence in found]
    videos = [] if wanted is None else _videos(answers, versions, wanted, results / "videos", config.progress)
    report = Report(
        title="ObjectPose report",
        lead=lead,
        sections=sections,
        answers=answers,
        videos=videos,
        provenance=_provenance(chosen),
        generated=datetime.now(UTC).date().isoformat(),
    )
    page = write_report(report, results / "report", progress=config.progress)
    print(f"\nReport: {page}")
    if videos:
        print(f"Videos: {results / 'videos'}")
    exceeded = failures(thresholds, pd.concat(summaries, ignore_index=True)) if thresholds else []
    for failure in exceeded:
        _warn(f"fail_if: {failure}")
    return THRESHOLD_EXCEEDED if exceeded else 0


def _choice(video: VideoConfig) -> Choice | None:
    """Return what videos are wanted; whatever is chosen of them asks for them."""
    chosen = [_words(video.objects), _words(video.conditions), _words(video.networks)]
    return Choice(*chosen) if video.write or any(part is not None for part in chosen) else None


def _words(value: Any) -> list[str] | None:
    """Return a list of a config, or one word of it, as a list."""
    return None if value is None else [str(word) for word in (value if isinstance(value, list) else [value])]


def _videos(
    answers: Sequence[Answers], versions: Sequence[str], wanted: Choice, folder: Path, progress: bool
) -> list[Video]:
    """Count, then write, the videos of every data set; a choice that does not fit one of several leaves that out."""
    plans: list[Filming] = []
    reasons: list[ObjectPoseError] = []
    for one, version in zip(answers, versions, strict=True):
        try:
            plans.append(plan_videos(one, wanted, version))
        except ObjectPoseError as error:
            reasons.append(error)
            if len(answers) > 1:
                _warn(f"No videos of {one.name}: {error}")
    if not plans:
        raise reasons[0]
    print()
    for plan in plans:
        print(plan.line(), flush=True)
    return [video for plan in plans for video in write_videos(plan, folder / plan.kept.source.name, progress=progress)]


def _sentences(text: str) -> list[str]:
    """Return the sentences of a finding, its first paragraph."""
    flat = " ".join(text.split("\n\n")[0].split())
    return [part.rstrip(".") + "." for part in re.split(r"\.\s+(?=(?:(?!\.\s).)+ recognises )", flat)]


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
    judged = evidence.judged
    asked = evidence.gate is not None and judged["object_id"].isin(evidence.gate.audited).any()
    return terminal_table(
        evidence.summary,
        admitted_by=sorted(evidence.gate.admitting) if evidence.gate is not None and asked else (),
        gated=evidence.gated and evidence.gate is not None,
        rejected=sorted(set(evidence.everything["object_id"]) - set(judged["object_id"])),
        left_out=left_out(judged),
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
        true_names=plan["targets"].map(lambda row: [name_of(int(index)) for index in row]),
        caption=plan["scale"].map(lambda scale: "" if scale == 1 else f"scale {scale:.2f}"),
    )
    return Answers(evidence.label, rows, networks, evidence.dataset.image)


def _warn(text: str) -> None:
    """Print a sentence about something that is left out."""
    print(f"objectpose: {text}", file=sys.stderr)
