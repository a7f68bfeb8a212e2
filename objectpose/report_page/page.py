"""Puts the page together."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from PIL import Image

from objectpose.analysis.tables import counted
from objectpose.errors import ObjectPoseError
from objectpose.report_page.attached import Attached
from objectpose.report_page.content import Item, Picture, Report, Table, Video
from objectpose.report_page.film import film_html, typical
from objectpose.report_page.kept import Kept
from objectpose.report_page.table_html import table_html
from objectpose.report_page.text import Slugs, clean, escaped, isolated, script

STATIC = ("page.css", "page.js")
PAGE_DPI = 96.0
"""Pixels of a page to the inch: a figure is shown as large as it was drawn."""

RESERVED = ("top", "main", "explorer", "gallery", "provenance")


def page_html(
    report: Report, kept: Sequence[Kept], entries: Sequence[Mapping[str, Any]], attached: Attached, mark: str
) -> str:
    """Return ``index.html``; files that it shows are copied.

    Args:
        report: what to show.
        kept: its data sets.
        entries: of ``answer_files.write_answers``, one a data set.
        attached: takes files along.
        mark: the element that names the maker.

    Raises:
        ObjectPoseError: a file is missing, a table's columns are wrong, or an anchor is used twice or is no address.
    """
    anchors = _Anchors()
    given = report.sections
    sections = [_section(part.heading, part.text, part.items, anchors, attached) for part in given]
    links = [
        (anchor, part.group or heading)
        for place, (part, (anchor, heading, _)) in enumerate(zip(given, sections, strict=True))
        if not part.group or part.group not in [before.group for before in given[:place]]
    ]
    if kept:
        links[1:1] = [("explorer", "Pose explorer"), ("gallery", "Failures")]
    links.append(("provenance", "Provenance"))
    own = typical(kept[0]) if kept else None
    start = None if own is None else {"set": kept[0].key, "picture": int(own.index[0])}
    here = Path(__file__)
    answers = here.with_name("answers.html").read_text(encoding="utf-8") if kept else ""
    videos, listed = _videos(report.videos, kept, attached)
    answers = answers.replace("$thinned", _thinned(entries)).replace("$videos", listed)
    return Template(here.with_name("page.html").read_text(encoding="utf-8")).substitute(
        mark=mark,
        title=escaped(report.title),
        lead="".join(f"<p>{escaped(sentence)}</p>" for sentence in report.lead),
        date=f"<p class='date'>{escaped(report.generated)}</p>" if report.generated else "",
        links="".join(f'<li><a href="#{anchor}">{escaped(heading)}</a></li>' for anchor, heading in links),
        film="" if own is None else film_html(kept[0], own),
        first="".join(text for _, _, text in sections[:1]),
        sections="".join(text for _, _, text in sections[1:]),
        answers=answers,
        provenance=_definitions(report.provenance) or "<p>Nothing was noted.</p>",
        sets=script({"sets": list(entries), "videos": videos, "start": start, "index": {}, "object": {}, "table": {}}),
    )


class _Anchors:
    """Gives out ids, each once."""

    def __init__(self) -> None:
        self._slugs = Slugs()
        for name in RESERVED:
            self._slugs(name)
        self._given: set[str] = set(RESERVED)

    def __call__(self, anchor: str, title: str) -> str:
        if not anchor:
            anchor = self._slugs(title)
            while anchor in self._given:
                anchor = self._slugs(title)
        elif not re.fullmatch(r"[a-z][a-z0-9_-]*", anchor):
            raise ObjectPoseError(f"The anchor {anchor!r} of '{title}' is none: use a-z, 0-9 and hyphens.")
        elif anchor in self._given:
            raise ObjectPoseError(f"The anchor {anchor!r} stands twice in the report; give '{title}' another.")
        self._given.add(anchor)
        return anchor


def _section(
    heading: str, text: Sequence[str], items: Sequence[Item], anchors: _Anchors, attached: Attached
) -> tuple[str, str, str]:
    anchor = anchors("", heading)
    paragraphs = "".join(f"<p>{escaped(paragraph)}</p>" for paragraph in text)
    inside = "".join(_item(item, anchors(item.anchor, item.title), attached) for item in items)
    return anchor, heading, f'<section id="{anchor}"><h2>{escaped(heading)}</h2>{paragraphs}\n{inside}</section>\n'


def _item(item: Item, anchor: str, attached: Attached) -> str:
    if isinstance(item, Table):
        what = f"The table '{item.title}'"
        csv = attached.table(item.frame, anchor) if item.csv is None else attached.copy(item.csv, what)
        return table_html(item, anchor, csv, lambda rows: attached.rows(rows, anchor))
    return _picture(item, anchor, attached)


def _picture(item: Picture, anchor: str, attached: Attached) -> str:
    what = f"The figure '{item.title}'"
    address = attached.copy(item.png, what)
    with Image.open(attached.where(address)) as image:
        scale = PAGE_DPI / float(image.info.get("dpi", (PAGE_DPI,))[0] or PAGE_DPI)
        width, height = (round(scale * size) for size in image.size)
    links = [f'<a href="{escaped(address)}" download>PNG</a>']
    links += [
        f'<a href="{escaped(attached.copy(path, what))}" download>{escaped(label)}</a>'
        for label, path in item.downloads.items()
    ]
    note = f'<p class="note">{escaped(item.note)}</p>' if item.note else ""
    return f"""<figure class="item picture" id="{anchor}">
<h3>{escaped(item.title)}</h3>
<a class="paper" href="{escaped(address)}"><img src="{escaped(address)}" alt="{escaped(item.title)}" loading="lazy"
width="{width}" height="{height}"></a>
<figcaption class="under">{note}<p class="links">{"".join(links)}</p></figcaption>
</figure>
"""


def _videos(videos: Sequence[Video], kept: Sequence[Kept], attached: Attached) -> tuple[dict[str, str], str]:
    """Return the address of each sequence's video, by data set, object, condition and background, and a list of all."""
    sets = {one.source.name: one for one in kept}
    addresses: dict[str, str] = {}
    items = []
    for video in videos:
        where = f"{video.object_id} under {video.condition}" + (f", {video.background}" if video.background else "")
        address = attached.copy(video.path, f"The video of {where}")
        own = sets.get(video.answers)
        if own is not None:
            objects = dict(zip(own.rows["object_id"], own.rows["object_key"], strict=True))
            backgrounds = list(dict.fromkeys(own.rows["background"]))
            if video.object_id in objects and video.condition in own.conditions and video.background in backgrounds:
                place = f"{own.conditions.index(video.condition)}/{backgrounds.index(video.background)}"
                addresses[f"{own.key}/{objects[video.object_id]}/{place}"] = address
        name = where if len(kept) < 2 else f"{video.answers}: {where}"
        items.append(
            f'<li><a href="{escaped(address)}" download>{isolated(name)}</a> '
            f"<span>{video.frames:,} frames, {video.seconds:.0f} s</span></li>\n"
        )
    if not items:
        return addresses, ""
    said = f"{counted(len(items), 'video')} (MP4)"
    return addresses, f'<details class="videos"><summary>{said}</summary><ul>\n{"".join(items)}</ul></details>\n'


def _thinned(entries: Sequence[Mapping[str, Any]]) -> str:
    shown, total = sum(entry["shown"] for entry in entries), sum(entry["total"] for entry in entries)
    if shown == total:
        return f"All {total:,} pictures are here." if total > 1 else "The one picture is here."
    return (
        f"{shown:,} of {total:,} pictures are here, as many of each object and condition as fit, evenly over its "
        "angles; tables and figures speak of all."
    )


def _definitions(values: Mapping[str, Any]) -> str:
    rows = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            shown = _definitions(value) or "\u2013"
        elif isinstance(value, (list, tuple)):
            shown = "<br>".join(escaped(_plain(part)) for part in value) or "\u2013"
        else:
            shown = escaped(_plain(value))
        rows.append(f"<dt>{escaped(clean(name))}</dt><dd>{shown}</dd>")
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _plain(value: Any) -> str:
    if value is None:
        return "\u2013"
    return json.dumps(value, sort_keys=True, default=str) if isinstance(value, (dict, list)) else str(value)
