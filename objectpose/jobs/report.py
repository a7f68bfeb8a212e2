"""From stored answers to a report: tables, figures and pages that open without a network."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from objectpose.analysis.correctness import left_out, network_labels
from objectpose.analysis.finding import terminal_table
from objectpose.analysis.threshold import asked_of, failures, parse_thresholds
from objectpose.config import ReportConfig
from objectpose.errors import ObjectPoseError
from objectpose.evidence import Evidence, gather, is_gated, older_run, stored_answers
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
from objectpose.report_page import Answers, Report, Section, write_report
from objectpose.results.provenance import package_versions, source_revision
from objectpose.results.stored import StoredUnit

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
THRESHOLD_EXCEEDED = 3
"""Exit code where a threshold of ``fail_if`` is exceeded."""


def run(config: ReportConfig) -> int:
    """Read what is stored, write the report, and say where it is."""
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    thresholds = parse_thresholds(config.fail_if) if config.fail_if is not None else []
    if config.against is None:
        failures(asked_of(thresholds, regression=True), pd.DataFrame())
    gated = is_gated(config.gate)
    chosen, notes = stored_answers(results, config.only)
    for note in notes:
        _warn(note)
    found = _gathered(chosen, renders, gated=gated)
    since = _since(Path(config.against), found, results, renders) if config.against is not None else {}
    sections: list[Section] = []
    lead: list[str] = []
    parts = len(SECTIONS) * len(found) + len(since)
    with tqdm(total=parts, desc="report", unit="part", disable=not config.progress, dynamic_ncols=True) as bar:
        for evidence in found:
            text = finding(evidence)
            lead += _sentences(text)
            print(text)
            changes = since.get(evidence.name)
            if changes is not None:
                print("\n" + "\n".join(["Since the older run:", *changes.said]))
                lead += changes.said
            for section in _sections(evidence, Output(results, evidence.label), changes):
                heading = section.heading if len(found) == 1 else f"{section.heading}: {evidence.label}"
                sections.append(section._replace(heading=heading))
                bar.update()
    report = Report(
        title="ObjectPose report",
        lead=lead,
        sections=sections,
        answers=[shown_answers(evidence) for evidence in found],
        provenance=_provenance(chosen),
        generated=datetime.now(UTC).date().isoformat(),
    )
    page = write_report(report, results / "report", progress=config.progress)
    print(f"\nReport: {page}")
    exceeded = failures(
        thresholds,
        pd.concat([evidence.summary for evidence in found], ignore_index=True),
        pd.concat([changes.table for changes in since.values()], ignore_index=True) if since else None,
    )
    for failure in exceeded:
        _warn(f"fail_if: {failure}")
    return THRESHOLD_EXCEEDED if exceeded else 0


def _gathered(chosen: dict[str, list[StoredUnit]], renders: Path, *, gated: bool) -> list[Evidence]:
    """Return what can be reported, after a sentence about everything that cannot."""
    found: list[Evidence] = []
    for name, units in chosen.items():
        try:
            evidence = gather(name, units, renders, gated=gated)
            found += [evidence] if len(evidence.summary) else []
        except ObjectPoseError as error:
            if len(chosen) == 1:
                raise
            _warn(f"{name} is left out: {error}")
    if not found:
        raise ObjectPoseError(f"None of the {len(chosen)} data sets can be reported; see above.")
    for evidence in found:
        for network, reason in evidence.missing.items():
            _warn(f"{network} is left out on {evidence.name}: {reason}")
    return found


def _since(older: Path, found: list[Evidence], results: Path, renders: Path) -> dict[str, regression.Changes]:
    """Return what changed since an older run, by the name of the data set; a data set that it lacks is named.

    Raises:
        ObjectPoseError: none of the data sets can be compared.
    """
    if older.resolve() == results.resolve():
        raise ObjectPoseError(f"against={older} is the results folder that is reported; name that of an older run.")
    since: dict[str, regression.Changes] = {}
    for evidence in found:
        try:
            since[evidence.name] = regression.changes(evidence, older_run(older, evidence, renders))
        except ObjectPoseError as error:
            if len(found) == 1:
                raise
            _warn(f"{evidence.name} is not compared: {error}")
    if not since:
        raise ObjectPoseError(f"None of the {len(found)} data sets can be compared with the run in {older}; see above.")
    return since


def _sections(evidence: Evidence, output: Output, changes: regression.Changes | None) -> Iterator[Section]:
    """Yield the sections of one data set in reading order."""
    for make in SECTIONS:
        yield make(evidence, output)
        if make is leaderboard.section and changes is not None:
            yield regression.section(changes, output)


def _sentences(text: str) -> list[str]:
    """Return the sentences of a finding, its first paragraph."""
    flat = " ".join(text.split("\n\n")[0].split())
    return [part.rstrip(".") + "." for part in re.split(r"\.\s+(?=\S+ recognises )", flat)]


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
