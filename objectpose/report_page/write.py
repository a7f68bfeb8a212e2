"""Writes a report: everything into a temporary folder, which then takes its place."""

from __future__ import annotations

import shutil
from pathlib import Path

from objectpose.errors import ObjectPoseError
from objectpose.report_page.answer_files import write_answers, write_pictures
from objectpose.report_page.attached import Attached
from objectpose.report_page.content import Report
from objectpose.report_page.kept import keep
from objectpose.report_page.page import STATIC, page_html

PAGE = "index.html"
MARK = '<meta name="generator" content="ObjectPose report">'
"""What tells a report from a folder of the user's own."""


def write_report(report: Report, folder: Path, *, max_pictures: int = 4000, progress: bool = True) -> Path:
    """Write a report as a folder that opens from the file system without a network.

    Equal inputs give equal bytes. An earlier report in the folder is replaced in one step, after the new one is
    finished; if the writing is killed, the earlier one stays.

    Args:
        report: what to show.
        folder: to make; relative files of the report are looked for in the folder that holds it.
        max_pictures: pictures in the gallery and the explorer; where the data sets have more, every sequence of an
            object under a condition keeps as many as fit, evenly over its angles, and the page says so.
        progress: show a bar on stderr.

    Returns:
        The path of ``index.html``.

    Raises:
        ObjectPoseError: the folder holds something else than a report or cannot be written, a file is missing, or the
            answers do not fit their pictures.
    """
    folder = Path(folder).resolve()
    old = folder.with_name(f".{folder.name}.old")
    if old.is_dir() and not folder.exists():
        old.rename(folder)
    _require_own(folder)
    kept = keep(report.answers, max_pictures)
    temporary = folder.with_name(f".{folder.name}.writing")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        try:
            entries = [write_answers(one, temporary) for one in kept]
            attached = Attached(temporary, folder.parent)
            html = page_html(report, kept, entries, attached, MARK)
            for name in STATIC:
                shutil.copyfile(Path(__file__).with_name(name), temporary / name)
            write_pictures(kept, temporary, progress=progress)
            (temporary / PAGE).write_text(html, encoding="utf-8", newline="\n")
            _swap(temporary, folder, old)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise ObjectPoseError(
            f"The report {folder} cannot be written ({error.strerror or error}); choose a folder that you may write to "
            "and that has room."
        ) from error
    return folder / PAGE


def _require_own(folder: Path) -> None:
    if not folder.exists():
        return
    page = folder / PAGE
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if not folder.is_dir() or not page.is_file() or MARK not in page.read_text(encoding="utf-8", errors="replace"):
        raise ObjectPoseError(f"{folder} exists and is no report; choose another folder or move it away.")


def _swap(new: Path, folder: Path, old: Path) -> None:
    """Give a finished folder its name; what stood there goes by way of ``old``."""
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    try:
        new.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
