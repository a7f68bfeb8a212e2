"""From stored answers to a report: tables, figures and pages that open without a network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from objectpose.analysis.finding import terminal_table
from objectpose.analysis.threshold import failures, parse_thresholds
from objectpose.config import ReportConfig
from objectpose.errors import ObjectPoseError, nearest
from objectpose.jobs.findings import Evidence, Findings, gather, warn
from objectpose.report_page import Report, Section, write_report
from objectpose.results.provenance import package_versions, source_revision
from objectpose.results.stored import StoredUnit, stored_units

THRESHOLD_EXCEEDED = 3
"""Exit code where a threshold of ``fail_if`` is exceeded."""


def run(config: ReportConfig) -> int:
    """Read what is stored, write the report, and say where it is."""
    results, renders = Path(config.results_dir), Path(config.renders_dir)
    thresholds = parse_thresholds(config.fail_if) if config.fail_if is not None else []
    chosen = _chosen(results, config.only)
    found: list[Evidence] = []
    for name, units in chosen.items():
        try:
            found.append(gather(name, units, renders))
        except ObjectPoseError as error:
            if len(chosen) == 1:
                raise
            warn(f"{name} is left out: {error}")
    if not found:
        raise ObjectPoseError(f"None of the {len(chosen)} data sets below {results} can be reported; see above.")
    for evidence in found:
        for network, reason in evidence.missing.items():
            warn(f"{network} is left out on {evidence.name}: {reason}")
    sections: list[Section] = []
    summaries: list[pd.DataFrame] = []
    lead: list[str] = []
    steps = 5 * len(found)
    with tqdm(total=steps, desc="report", unit="part", disable=not config.progress, dynamic_ncols=True) as bar:
        for evidence in found:
            findings = Findings(evidence, results)
            summaries.append(findings.summary)
            text = terminal_table(findings.summary, classes=evidence.dataset.classes)
            lead += _sentences(text)
            print(text.split("\n\nNote:")[0])
            for section in findings.sections():
                heading = section.heading if len(found) == 1 else f"{section.heading}: {findings.label}"
                sections.append(section._replace(heading=heading))
                bar.update()
    report = Report(
        title="ObjectPose report",
        lead=lead,
        sections=sections,
        answers=[evidence.answers for evidence in found],
        provenance=_provenance(chosen),
        generated=datetime.now(UTC).date().isoformat(),
    )
    page = write_report(report, results / "report", progress=config.progress)
    print(f"\nReport: {page}")
    exceeded = failures(thresholds, pd.concat(summaries, ignore_index=True)) if thresholds else []
    for failure in exceeded:
        warn(f"fail_if: {failure}")
    return THRESHOLD_EXCEEDED if exceeded else 0


def _sentences(text: str) -> list[str]:
    """Return the sentences of a finding, its first paragraph."""
    flat = " ".join(text.split("\n\n")[0].split())
    return [part.rstrip(".") + "." for part in re.split(r"\.\s+(?=\S+ recognises )", flat)]


def _chosen(results: Path, dataset: str | None) -> dict[str, list[StoredUnit]]:
    """Return the units to report by data set; of several versions of one data set the newest."""
    units, broken = stored_units(results)
    for path, reason in broken:
        warn(f"{path} is left out: {reason}; the command that made it computes it again.")
    by_name: dict[str, list[StoredUnit]] = {}
    for unit in units:
        by_name.setdefault(unit.dataset, []).append(unit)
    if not by_name:
        raise ObjectPoseError(
            f"There are no answers below {results / 'predictions'}; evaluate networks first: python -m objectpose.eval"
        )
    if dataset is not None:
        names = [name for name in by_name if dataset in (name, name.rpartition("-")[0])]
        if not names:
            raise ObjectPoseError(f"There are no answers on '{dataset}'; {nearest(dataset, by_name)}.")
        by_name = {name: by_name[name] for name in names}
    newest: dict[str, str] = {}
    for name in sorted(by_name, key=lambda name: _last(by_name[name])):
        label = name.rpartition("-")[0]
        if label in newest:
            warn(f"{newest[label]} is an older version of {name} and is left out; only={newest[label]} reports it.")
        newest[label] = name
    return {name: by_name[name] for name in newest.values()}


def _last(units: Sequence[StoredUnit]) -> str:
    return max(str(unit.provenance["end"]) for unit in units)


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
