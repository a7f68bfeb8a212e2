"""Videos of the pose explorer's sequences as files."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from objectpose.analysis.tables import counted
from objectpose.files import require_space, write_text
from objectpose.report_page.content import Video
from objectpose.report_page.frame import Frames, Moment
from objectpose.report_page.kept import RIGHT, WRONG
from objectpose.report_page.text import Slugs, clean
from objectpose.report_page.video_choice import Filming
from objectpose.video import require_encoder, save_mp4

INDEX = "videos.json"
BYTES_PER_FRAME = 30_000
_LAYOUT = 1
"""Of a frame; a new number makes every video again."""


def write_videos(filming: Filming, folder: Path, *, progress: bool = True) -> list[Video]:
    """Write the videos, each under a temporary name until it is whole; those that are there already stay.

    Args:
        filming: what to write.
        folder: for them; made where it is missing.
        progress: show a bar on stderr.

    Returns:
        One entry a video, in the order of ``filming.sequences``.

    Raises:
        ObjectPoseError: imageio-ffmpeg is missing, or the folder cannot be written or has no room.
    """
    require_encoder("video=true")
    if not filming.sequences:
        return []
    require_space(folder, filming.frames * BYTES_PER_FRAME, "Writing the videos")
    index = folder / INDEX
    known = _read_index(index)
    slugs = Slugs()
    grounds = filming.kept.rows["background"].nunique()
    videos = []
    with tqdm(total=filming.frames, desc="video", unit="frame", disable=not progress, dynamic_ncols=True) as bar:
        for key, places in filming.sequences.items():
            path = folder.resolve() / f"{slugs(' '.join(key if grounds > 1 else key[:2]))}.mp4"
            digest = _digest(filming, places)
            frame_ms = _frame_ms(len(places), bool(filming.kept.rows["swept"].iloc[places[0]]))
            if known.get(path.name) != digest or not path.is_file():
                save_mp4(_frames(filming, key, places, bar), path, frame_ms=frame_ms)
                known[path.name] = digest
                write_text(index, json.dumps(known, indent=1, sort_keys=True))
            else:
                bar.update(len(places))
            seconds = len(places) * frame_ms / 1000
            videos.append(Video(filming.kept.source.name, *key, path, len(places), seconds))
    return videos


def _frame_ms(count: int, swept: bool) -> int:
    """Return how long a frame stays: a turn takes about 12 s, pictures without an order up to a second each."""
    return round(min(500.0, max(66.0, 12_000 / count))) if swept else round(min(1000.0, max(250.0, 60_000 / count)))


def _frames(
    filming: Filming, key: tuple[str, str, str], places: Sequence[int], bar: tqdm[Any]
) -> Iterator[NDArray[np.uint8]]:
    kept = filming.kept
    rows = kept.rows.iloc[list(places)]
    object_id, condition, background = key
    several = kept.rows["background"].nunique() > 1
    marks = np.array([[one.marks[place] for place in places] for one in kept.networks.values()])
    right, asked = (marks == RIGHT).sum(axis=0), np.isin(marks, (RIGHT, WRONG)).sum(axis=0)
    together = len(kept.networks) > 1
    shown = [kept.networks[name] for name in filming.networks]
    angles = rows["angle_deg"].where(rows["swept"], rows["distance_deg"]).tolist()
    frames = Frames(
        clean(object_id),
        clean(f"under {condition}" + (f", {background}" if several and background else "")),
        [clean(name) for name in filming.networks],
        ["".join(one.marks[place] for place in places) for one in shown],
        [good / all_ if all_ else math.nan for good, all_ in zip(right, asked, strict=True)] if together else None,
        angles,
    )
    captions = rows["caption"].fillna("").tolist() if "caption" in rows.columns else [""] * len(rows)
    for number, (place, row) in enumerate(zip(places, rows.to_dict("records"), strict=True)):
        moment = Moment(
            np.asarray(kept.source.image_of(row["image_id"])),
            _place(angles[number], bool(row["swept"]), captions[number]),
            angles[number],
            [clean(name) for name in row["true_names"]],
            [[clean(name) for name in one.names[place]] for one in shown],
            [one.probs[place] for one in shown],
            f"{right[number]} of {counted(int(asked[number]), 'network')} right" if together else "",
        )
        yield frames.draw(number, moment)
        bar.update()


def _place(angle_deg: float, swept: bool, caption: str) -> str:
    if math.isnan(angle_deg):
        return clean(f" {caption}") if caption else ""
    words = "" if swept else "from upright"
    rest = " \u00b7 ".join(part for part in (words, clean(caption)) if part)
    return f"{angle_deg:.0f}\u00b0 {rest}".rstrip()


def _digest(filming: Filming, places: Sequence[int]) -> str:
    """Return what tells whether a video shows what it would show if it were made now."""
    kept = filming.kept
    columns = ["image_id", "object_id", "condition", "background", "angle_deg", "distance_deg", "true_names"]
    columns += ["caption"] if "caption" in kept.rows.columns else []
    shown = [kept.networks[name] for name in filming.networks]
    told = [
        _LAYOUT,
        filming.version,
        filming.networks,
        kept.rows.iloc[list(places)][columns].astype(str).to_numpy().tolist(),
        [[(one.names[place], np.round(one.probs[place], 4).tolist()) for place in places] for one in shown],
        ["".join(one.marks[place] for place in places) for one in kept.networks.values()],
        int(kept.rows["background"].nunique()),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _read_index(path: Path) -> dict[str, str]:
    """Return the digests of finished videos by file; none where the file is missing or not ours."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
