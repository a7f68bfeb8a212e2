"""Makes the tables and pictures of this folder anew, or compares the tables with freshly computed ones.

Usage::

    python results/published/make.py                  # write the folder: some minutes
    python results/published/make.py --check          # only the tables, and only compare: exit code 1 where they differ
    python results/published/make.py --check --work . # with the pictures and answers below renders/ and results/

Everything is made by the commands of the package on the data set ``quick`` with the offline networks; pictures are
reduced to 256 colours and, where they are large, in size.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from objectpose.analysis.contact import draw_contact_sheet
from objectpose.analysis.style import save
from objectpose.datasets.stored import open_stored

HERE = Path(__file__).resolve().parent
SHEET = (
    "dataset=paper17",
    "dataset.name=conditions",
    "dataset.objects=[airliner,cannon,fire_engine,folding_chair,hammerhead,jeep,park_bench,table_lamp]",
    "dataset.backgrounds=[flat,bg1]",
    "dataset.conditions=[{upright: {count: 3}},{upright_disc: {count: 1}},{yaw: {count: 6}},{roll: {count: 6}},"
    "{pitch: {count: 6}},{in_plane: {count: 6}},{image_rotation: {count: 6}},{two_axes: {step_deg: 120}},"
    "{three_axes: {count: 4}},{tilt: {count: 4}},{so3: {count: 4}},{scaling: {count: 4}},"
    "{scaling_rotation: {count: 4}},{background_rotation: {count: 4}},{incongruent: {count: 4}}]",
    "render.image_size=200",
)
"""What the sheet of conditions shows: eight objects in a few poses of every condition."""


@dataclass(frozen=True)
class Table:
    """A published table.

    Attributes:
        source: below the results folder.
        keys: columns that say what a row is of.
        tolerance: how far a number may be from the published one on another machine, where an answer or two differ.
        others: tolerances of single columns; infinite where a picture can change all.
    """

    source: str
    keys: tuple[str, ...]
    tolerance: float
    others: Mapping[str, float] = field(default_factory=dict)


ANY = float("inf")
TABLES: Mapping[str, Table] = {
    "summary.csv": Table("summary.csv", ("model", "preprocess", "condition", "background"), 1.5),
    "sensitivity.csv": Table("sensitivity.csv", ("model", "preprocess", "condition", "subset"), 1.5),
    "leaderboard.csv": Table(
        "tables/quick_leaderboard.csv",
        ("condition", "network"),
        1.5,
        dict.fromkeys(("worst_class_top1", "worst_angle_top1", "worst_from_deg", "worst_to_deg"), ANY),
    ),
    "differences.csv": Table(
        "tables/quick_differences.csv",
        ("condition", "first", "second", "measure"),
        2.0,
        {"p": 0.2, "q": 0.2, "mcnemar_p_images": 0.3, "n_only_first": 4.0, "n_only_second": 4.0},
    ),
    "power.csv": Table("tables/quick_power.csv", ("condition",), 1.5, {"classes_for_target": ANY}),
    "consistency.csv": Table("tables/quick_consistency.csv", ("condition", "observer_a", "observer_b"), 0.05),
    "calibration.csv": Table("tables/quick_calibration.csv", ("model", "preprocess", "condition"), 3.0),
}
FIGURES: Mapping[str, str] = {
    "accuracy_by_condition.png": "figures/accuracy_by_condition.png",
    "failures.png": "figures/failures.png",
    "leaderboard.png": "figures/quick_leaderboard.png",
    "distance.png": "figures/quick_distance.png",
    "class.png": "figures/quick_class.png",
    "consistency.png": "figures/quick_consistency.png",
    "taken_for.png": "figures/quick_taken_for.png",
    "reliability.png": "figures/quick_reliability.png",
    "gallery.png": "figures/gallery.png",
    "conditions.png": "figures/conditions.png",
}
WIDEST_PX: Mapping[str, int] = {"gallery.png": 1000, "conditions.png": 800}
COLOURS = 256
LARGEST_KB = 200
OF_PHOTOGRAPHS_KB = 400
"""``conditions.png`` shows backgrounds, which PNG packs badly."""
OTHER_FILES = ("README.md", "make.py", "render_benchmark.json")
"""``render_benchmark.json`` holds speeds of one machine: ``python benchmarks/render.py`` makes it."""


def main() -> int:
    """Write or compare; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare the tables with freshly computed ones")
    parser.add_argument("--work", type=Path, help="folder with renders/ and results/; by default one that is deleted")
    words = parser.parse_args()
    if words.work is not None:
        return _work(words.work.resolve(), check=words.check)
    with tempfile.TemporaryDirectory() as folder:
        return _work(Path(folder), check=words.check)


def differences(published: pd.DataFrame, fresh: pd.DataFrame, table: Table) -> list[str]:
    """Return what differs between two versions of a table by more than its tolerance, in words.

    Args:
        published: as it stands in this folder.
        fresh: computed anew.
        table: how to read both.
    """
    if list(published.columns) != list(fresh.columns):
        return [f"columns {sorted(set(published.columns) ^ set(fresh.columns)) or 'in another order'}"]
    keys = list(table.keys)
    before, after = ({tuple(row) for row in frame[keys].astype(str).to_numpy()} for frame in (published, fresh))
    if before != after:
        return [f"other rows: {' '.join(min(before ^ after))}"]
    published, fresh = (frame.sort_values(keys, ignore_index=True) for frame in (published, fresh))
    found = []
    for column in published.columns:
        old, new = published[column], fresh[column]
        if not (pd.api.types.is_numeric_dtype(old) and pd.api.types.is_numeric_dtype(new)):
            continue
        old, new = old.astype(float), new.astype(float)
        allowed = table.others.get(column, table.tolerance)
        far = ~((old - new).abs().le(allowed) | (old.isna() & new.isna()) | np.isinf(allowed))
        for row in np.flatnonzero(far):
            what = ", ".join(str(published[key][row]) for key in keys)
            found.append(f"{column} of {what}: {old[row]:g} published, {new[row]:g} now")
    return found


def _work(work: Path, *, check: bool) -> int:
    results = work / "results"
    _run("eval", work)
    _run("report", work, "only=quick")
    # The summary of a results folder keeps other data sets' rows.
    fresh = {name: _quick(pd.read_csv(results / table.source)) for name, table in TABLES.items()}
    if check:
        wrong = {
            name: found
            for name, table in TABLES.items()
            if (found := differences(pd.read_csv(HERE / name), fresh[name], table))
        }
        for name, found in wrong.items():
            print(f"{name}: {len(found)} differ, such as {found[0]}", file=sys.stderr)
        print(f"{len(TABLES) - len(wrong)} of {len(TABLES)} published tables agree with freshly computed ones.")
        return 1 if wrong else 0
    for name, frame in fresh.items():
        frame.to_csv(HERE / name, index=False, float_format="%.6g", lineterminator="\n")
    _run("render", work, *SHEET)
    (folder,) = (work / "renders").glob("conditions-*/")
    dataset = open_stored(folder)
    save(
        draw_contact_sheet(dataset.plan, dataset.image, "Conditions", per_condition=6),
        results / "figures" / "conditions",
    )
    _run("audit", work, "views=1")
    for name, source in FIGURES.items():
        _shrink(results / source, HERE / name, WIDEST_PX.get(name))
        print(f"{name}: {(HERE / name).stat().st_size / 1000:.0f} kB")
    return 0


def _run(command: str, work: Path, *words: str) -> None:
    print(f"python -m objectpose.{command} {' '.join(words)}".rstrip(), flush=True)
    folders = [f"renders_dir={work / 'renders'}"]
    folders += [] if command == "render" else [f"results_dir={work / 'results'}"]
    subprocess.run(
        [sys.executable, "-m", f"objectpose.{command}", *words, *folders, "progress=false"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _quick(frame: pd.DataFrame) -> pd.DataFrame:
    if "dataset" not in frame.columns:
        return frame
    return frame[frame["dataset"].str.startswith("quick-")].reset_index(drop=True)


def _shrink(source: Path, target: Path, widest_px: int | None) -> None:
    """Copy a picture with few colours, smaller where it is wider than that."""
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    if widest_px is not None and picture.width > widest_px:
        picture = picture.resize(
            (widest_px, round(picture.height * widest_px / picture.width)), Image.Resampling.LANCZOS
        )
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2).save(target, "PNG", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
