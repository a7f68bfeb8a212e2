"""Made-up plans, predictions and judged frames for the tests of the analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd

from objectpose.analysis.correctness import judge
from objectpose.analysis.factors import CARD_COLUMNS
from objectpose.classes import IMAGENET
from objectpose.evidence import Evidence

CLASSES = ("airliner", "barber_chair", "cannon", "fire_engine", "folding_chair", "forklift", "garbage_truck",
           "hammerhead", "jeep", "mountain_bike", "park_bench", "rocking_chair", "shopping_cart", "table_lamp",
           "tank", "tractor", "wheelbarrow")  # fmt: skip
TARGETS = (404, 423, 471, 555, 559, 561, 569, 4, 609, 671, 703, 765, 791, 846, 847, 866, 428)
TURNING = {"so3", "tilt", "roll", "pitch", "three_axes", "scaling_rotation"}


def make_plan(
    conditions: Mapping[str, str] | Sequence[str] = ("upright", "so3"),
    *,
    classes: Sequence[str] = CLASSES,
    images: int = 12,
    backgrounds: Sequence[str] = ("plain",),
) -> pd.DataFrame:
    """Return a plan; ``conditions`` maps to baselines, or is a list compared with upright."""
    pairs = conditions if isinstance(conditions, Mapping) else dict.fromkeys(conditions, "upright")
    rows = []
    for condition, baseline in pairs.items():
        for place, name in enumerate(classes):
            for number in range(images):
                half = np.radians(90.0 if condition in TURNING else 3.0) / 2
                rows.append(
                    {
                        "image_id": f"{condition}-{name}-{number:03d}",
                        "object_id": f"{name}/0",
                        "class_name": name,
                        "instance": 0,
                        "targets": [TARGETS[place % len(TARGETS)]],
                        "condition": condition,
                        "baseline": baseline,
                        "background": backgrounds[number % len(backgrounds)],
                        "qw": np.cos(half),
                        "qx": np.sin(half),
                        "qy": 0.0,
                        "qz": 0.0,
                        "scale": 1.0,
                        "image_rotation_deg": 0.0,
                    }
                )
    return pd.DataFrame(rows)


def make_predictions(plan: pd.DataFrame, share: Mapping[str, float], seed: int = 0) -> pd.DataFrame:
    """Return predictions that are right on about ``share[condition]`` of the images, varied by class."""
    rng = np.random.default_rng(seed)
    tilt = {name: rng.uniform(-0.25, 0.25) for name in sorted(set(plan["class_name"]))}
    rows = []
    for _, row in plan.iterrows():
        p = share[row["condition"]]
        p = p if p in (0.0, 1.0) else np.clip(p + tilt[row["class_name"]], 0.02, 0.98)
        others = [int(index) for index in rng.choice(np.arange(900, 1000), 5, replace=False)]
        right = rng.random() < p
        second = rng.random() < 0.5
        first = row["targets"][0]
        top5 = [first, *others[:4]] if right else [others[0], first, *others[1:4]] if second else others
        top5_prob = np.sort(rng.dirichlet(np.ones(6))[:5])[::-1].astype(np.float32)
        rows.append({"image_id": row["image_id"], "top5": top5, "top5_prob": list(top5_prob)})
    return pd.DataFrame(rows)


def make_judged(
    plan: pd.DataFrame,
    networks: Mapping[str, Mapping[str, float]],
    *,
    dataset: str = "quick",
    preprocess: str = "own",
) -> pd.DataFrame:
    """Return the judged answers of several networks with the given shares of right answers."""
    parts = [
        judge(plan, make_predictions(plan, share, seed), model=model, preprocess=preprocess, dataset=dataset)
        for seed, (model, share) in enumerate(networks.items())
    ]
    return pd.concat(parts, ignore_index=True)


def make_evidence(
    judged: pd.DataFrame,
    *,
    views: pd.DataFrame | None = None,
    coverage: pd.DataFrame | None = None,
    of_catalogue: bool = False,
    cards: pd.DataFrame | None = None,
    gated: bool = True,
) -> Evidence:
    """Return judged answers as evidence about a data set that has no pictures."""
    plan = judged[["condition", "baseline"]].drop_duplicates()
    dataset = SimpleNamespace(
        plan=plan,
        views=views,
        coverage=coverage,
        of_catalogue=of_catalogue,
        classes=IMAGENET,
        population="made-up things",
        keeps_upright=lambda condition: condition not in TURNING,
    )
    cards = pd.DataFrame(columns=list(CARD_COLUMNS)) if cards is None else cards
    return Evidence("quick-0123456789ab", "quick", dataset, judged, {}, cards, {}, gated)


def picture_of(image_id: str, size: int = 64) -> np.ndarray:
    """Return a random picture that depends on the id alone."""
    rng = np.random.default_rng(list(image_id.encode()))
    picture = np.full((size, size, 3), (124, 116, 103), dtype=np.uint8)
    y, x = rng.integers(size // 8, size // 2, 2)
    picture[y : y + size // 2, x : x + size // 3] = rng.integers(0, 256, 3, dtype=np.uint8)
    return picture
