"""Data files of the gallery and the explorer: scripts that assign, since pages from a file system cannot fetch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from objectpose.errors import ObjectPoseError
from objectpose.report_page.kept import TOP, Kept
from objectpose.report_page.text import clean, script

QUALITY = 88
SUFFIX = ".jpg"


class Names:
    """A list of distinct names and the place of each."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._places: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        """Return the place of a name, which is added where it is new."""
        place = self._places.setdefault(name, len(self.names))
        if place == len(self.names):
            self.names.append(name)
        return place


def write_answers(kept: Kept, folder: Path) -> dict[str, Any]:
    """Write ``data/<set>/index.js`` and one file an object, and return the data set's entry in the page.

    The index holds each picture's place, angle, marks and first answers; an object's file all answers.

    Args:
        kept: the data set.
        folder: of the report.
    """
    rows, names, truths = kept.rows, Names(), Names()
    true_of = [truths("\n".join(map(clean, row))) for row in rows["true_names"]]
    keys = list(dict.fromkeys(rows["object_key"]))
    object_of = rows["object_key"].map({key: place for place, key in enumerate(keys)})
    first_rows = rows.drop_duplicates("object_key")
    backgrounds = list(dict.fromkeys(rows["background"]))
    classes = Names()
    firsts = [[names(clean(row[0])) if row else -1 for row in one.names] for one in kept.networks.values()]
    target = folder / "data" / kept.key
    (target / "objects").mkdir(parents=True)
    for key, group in rows.groupby("object_key", sort=False):
        places = group.index.tolist()
        full = {
            "names": [
                [names(clean(name)) for place in places for name in one.names[place]] for one in kept.networks.values()
            ],
            "probs": [
                [_share(prob) for place in places for prob in one.probs[place]] for one in kept.networks.values()
            ],
            "counts": ["".join(str(len(one.names[place])) for place in places) for one in kept.networks.values()],
        }
        _assign(target / "objects" / f"{key}.js", "object", f"{kept.key}/{key}", full)
    index = {
        "networks": [clean(name) for name in kept.networks],
        "objects": [
            [key, clean(name), classes(clean(name_of_class))]
            for key, name, name_of_class in zip(keys, first_rows["object_id"], first_rows["class_name"], strict=True)
        ],
        "classes": classes.names,
        "conditions": [clean(name) for name in kept.conditions],
        "backgrounds": [clean(name) for name in backgrounds],
        "truths": [text.split("\n") for text in truths.names],
        "object": object_of.tolist(),
        "condition": rows["condition"].map({name: n for n, name in enumerate(kept.conditions)}).tolist(),
        "baseline": [kept.conditions.index(name) if name in kept.conditions else -1 for name in rows["baseline"]],
        "background": rows["background"].map({name: n for n, name in enumerate(backgrounds)}).tolist(),
        "swept": "".join("1" if swept else "0" for swept in rows["swept"]),
        "angle": [_degrees(value) for value in rows["angle_deg"]],
        "distance": [_degrees(value) for value in rows["distance_deg"]],
        "caption": [clean(text) for text in rows["caption"].fillna("")] if "caption" in rows.columns else [],
        "truth": true_of,
        "marks": [one.marks for one in kept.networks.values()],
        "first": firsts,
        "prob": [[_share(row[0]) if row else 0 for row in one.probs] for one in kept.networks.values()],
        "names": names.names,
        "top": TOP,
    }
    _assign(target / "index.js", "index", kept.key, index)
    return {
        "key": kept.key,
        "name": clean(kept.source.name),
        "shown": len(rows),
        "total": len(kept.source.rows),
        "suffix": SUFFIX,
    }


def write_pictures(kept: Iterable[Kept], folder: Path, *, progress: bool) -> None:
    """Write every kept picture once as JPEG.

    Args:
        kept: data sets.
        folder: of the report.
        progress: show a bar on stderr.

    Raises:
        ObjectPoseError: a picture is not uint8 H x W x 3.
    """
    sets = list(kept)
    total = sum(len(one.rows) for one in sets)
    with tqdm(total=total, desc="report", unit="img", disable=not progress) as bar:
        for one in sets:
            for key in dict.fromkeys(one.rows["object_key"]):
                (folder / "pictures" / one.key / str(key)).mkdir(parents=True)
            for image_id, file in zip(one.rows["image_id"], one.rows["file"], strict=True):
                picture = np.asarray(one.source.image_of(image_id))
                _require_picture(picture, f"The picture {image_id!r} of {one.source.name}")
                Image.fromarray(picture).save(folder / (file + SUFFIX), "JPEG", quality=QUALITY, subsampling=0)
                bar.update()


def _require_picture(picture: NDArray[Any], what: str) -> None:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
        raise ObjectPoseError(f"{what} is {picture.dtype} of shape {picture.shape}, expected uint8 H x W x 3.")


def _share(prob: float) -> int:
    """Return a probability in thousandths."""
    return min(1000, round(1000 * prob))


def _degrees(value: float) -> float | None:
    if pd.isna(value) or math.isinf(value):
        return None
    rounded = round(float(value), 1)
    return int(rounded) if rounded.is_integer() else rounded


def _assign(path: Path, kind: str, key: str, value: Any) -> None:
    path.write_text(f"OBJECTPOSE.{kind}[{script(key)}]={script(value)};\n", encoding="ascii", newline="\n")
