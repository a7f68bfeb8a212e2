"""Layouts of folders of pictures: how each is recognised, and the rows of the plan that it gives.

==============  ========================================================================================
``objectpose``  written by ``export.export_original``: ``plan.parquet`` and ``manifest.json`` beside the pictures
``original``    the published ObjectPose and all its variants (see ``original``)
``stimuli``     called as in the human study: ``{class index}_{pose}_{x}_{y}_{z}.png``; ``human_study.STUDY`` is such a
                folder that has to be the study's own, whole, with its alternatives
``imagenetv2``  a folder a class, called by its index 0 to 999
``co3d``        ``{class}/images/*`` or ``{class}/{sequence}/images/*`` of the ten classes compared with in the study
``imagefolder`` a folder a class, called by WordNet id or by a name of the class
==============  ========================================================================================

With a list of the user's own classes, the folders of ``imagefolder`` are called by its names, or by the number of a
line from 0; the other layouts name classes of ImageNet-1k or of the catalogue, of which the list has to have a name.

The last three hold photographs of unknown pose: their condition is ``photo``, which is its own baseline, so that
accuracies come without a drop. Each picture shows an object of its own, except in CO3D's sequences.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from objectpose.classes import IMAGENET, Classes
from objectpose.datasets.alternatives import Alternatives
from objectpose.datasets.human_study import STIMULUS
from objectpose.datasets.original import original_rows
from objectpose.datasets.original_names import looks_original
from objectpose.datasets.rows import Listed, listed
from objectpose.errors import ObjectPoseError, nearest
from objectpose.imagenet import NUM_CLASSES, bare, class_name, find_class
from objectpose.objects.targets import Targets, means_a_class, name_of, targets_of, targets_of_imagenet
from objectpose.rendering.poses import object_rotation

UPRIGHTS = ("separate", "sweeps", "none")
CO3D: Mapping[str, tuple[str, int]] = {
    bare(name): (name, index)
    for name, index in {
        "banana": 954, "microwave": 651, "hotdog": 934, "toilet": 861, "toaster": 859, "broccoli": 937,
        "parking_meter": 704, "park_bench": 703, "mountain_bike": 671, "motor_scooter": 670,
    }.items()
}  # fmt: skip
"""Classes of the CO3D subset that the original study compares with; folders are called so, without the underscores."""
POSES = ("upright", "rotated_correct", "rotated_incorrect")
"""Conditions of the human study by pose number; right and wrong is what its selecting network was."""


@dataclass(frozen=True)
class Options:
    """What a user may say about a folder.

    Attributes:
        upright: where the upright pictures are that others are compared with: ``separate`` in the folder as pictures of
            their own, ``sweeps`` among those of the original's sweeps, ``none`` where they are lacking: then what
            cannot be compared stands alone.
        alternatives: of the human study's choices, or None.
        classes: the label space.
    """

    upright: str = "separate"
    alternatives: Alternatives | None = None
    classes: Classes = IMAGENET

    def __post_init__(self) -> None:
        if self.upright not in UPRIGHTS:
            raise ObjectPoseError(f"Unknown dataset.upright '{self.upright}'; {nearest(self.upright, UPRIGHTS)}.")


Reader = Callable[[Path, list[str], Options], list[Listed]]


def recognise(root: Path, paths: list[str], classes: Classes = IMAGENET) -> str:
    """Return the layout of a folder.

    Args:
        root: the folder, for the sentence.
        paths: of its pictures, relative to it.
        classes: the label space.

    Raises:
        ObjectPoseError: it has none; the sentence lists what was looked for. Or folders are called by numbers, which
            may be ImageNet-1k's or those of the user's list.
    """
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    if all(STIMULUS.fullmatch(_file(path)) for path in paths):
        return "stimuli"
    if 2 * sum(looks_original(path) for path in paths) >= len(paths):
        return "original"
    if tops and all(_is_index(name) for name in tops) and not all(classes.called(name) for name in tops):
        if classes.is_imagenet:
            return "imagenetv2"
        raise ObjectPoseError(
            f"The folders of {root} are called by numbers; say dataset.layout=imagefolder if these are the lines of "
            f"{classes.title}, counted from 0, or dataset.layout=imagenetv2 if they are ImageNet-1k's."
        )
    if tops and all(bare(name) in CO3D for name in tops) and all("images" in p.split("/")[1:-1] for p in paths):
        return "co3d"
    if any(means_a_class(name, classes) for name in tops):
        return "imagefolder"
    shown = ", ".join(sorted(tops)[:3] or paths[:3])
    named = "called by WordNet id or class name (of a list of your own with dataset.classes)"
    if not classes.is_imagenet:
        named = f"called by a name of {classes.title}"
    raise ObjectPoseError(
        f"The layout of {root} is not known (it holds {shown}); looked for an export of this package (manifest.json "
        "and plan.parquet), file names such as airliner_roll_bg1_42.png or 404_0_350_0_0.png, folders called by an "
        f"index from 0 to 999, CO3D's banana/images, and folders {named}."
    )


def _file(path: str) -> str:
    return path.rpartition("/")[2]


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdecimal() and int(name) < NUM_CLASSES


def _imagenet(index: int, classes: Classes, where: str, *names: str) -> Targets:
    """Return the target set of something that is named as a class of ImageNet-1k."""
    targets = targets_of_imagenet(index, classes, *names)
    if not targets:
        raise ObjectPoseError(
            f"{where} shows '{class_name(index)}', class {index} of ImageNet-1k, for which {classes.title} has no "
            "name; add it to the list, take the picture out, or leave out dataset.classes."
        )
    return targets


def _photos(root: Path, paths: list[str], meant: Callable[[str], tuple[str, Targets]]) -> list[Listed]:
    """Return photographs whose topmost folder tells the class, by the name and the target set of a folder."""
    rows: list[Listed] = []
    counts: dict[str, int] = {}
    known: dict[str, tuple[str, Targets]] = {}
    folders: dict[Targets, str] = {}
    for path in paths:
        folder, _, rest = path.partition("/")
        if not rest:
            raise ObjectPoseError(f"{root / path} lies in no class's folder; move it into one, or remove it.")
        if folder not in known:
            known[folder] = meant(folder)
        name, targets = known[folder]
        if folders.setdefault(targets, folder) != folder:
            raise ObjectPoseError(
                f"The folders '{folders[targets]}' and '{folder}' in {root} mean the same class; make them one."
            )
        rows.append(listed(path, name, targets, instance=counts.get(name, 0)))
        counts[name] = counts.get(name, 0) + 1
    return rows


def _imagenetv2(root: Path, paths: list[str], options: Options) -> list[Listed]:
    def meant(folder: str) -> tuple[str, Targets]:
        if not _is_index(folder):
            raise ObjectPoseError(
                f"The folder '{folder}' in {root} is no class index; expected a whole number from 0 to 999."
            )
        targets = _imagenet(int(folder), options.classes, str(root / folder))
        return name_of(targets, options.classes), targets

    return _photos(root, paths, meant)


def _imagefolder(root: Path, paths: list[str], options: Options) -> list[Listed]:
    def meant(folder: str) -> tuple[str, Targets]:
        try:
            targets = (find_class(folder),) if options.classes.is_imagenet else targets_of(folder, options.classes)
        except ObjectPoseError as error:
            raise ObjectPoseError(f"The folder '{folder}' in {root} is called after no class: {error}") from None
        return name_of(targets, options.classes), targets

    return _photos(root, paths, meant)


def _co3d(root: Path, paths: list[str], options: Options) -> list[Listed]:
    def meant(folder: str) -> tuple[str, Targets]:
        if bare(folder) not in CO3D:
            near = nearest(folder, [name for name, _ in CO3D.values()])
            raise ObjectPoseError(f"The folder '{folder}' in {root} is none of the ten CO3D classes; {near}.")
        name, index = CO3D[bare(folder)]
        return name, _imagenet(index, options.classes, str(root / folder), name)

    rows = _photos(root, paths, meant)
    numbers: dict[str, dict[str, int]] = {}
    result = []
    for row in rows:
        parts = row.path.split("/")
        if len(parts) not in (3, 4) or parts[-2] != "images":
            raise ObjectPoseError(
                f"{root / row.path} is not where CO3D's pictures are; expected {{class}}/images/FILE or "
                "{class}/{sequence}/images/FILE."
            )
        thing = parts[1] if len(parts) == 4 else row.path
        known = numbers.setdefault(parts[0], {})
        instance = known.setdefault(thing, len(known))
        result.append(listed(row.path, row.row["class_name"], row.row["targets"], instance=instance))
    return result


def _stimuli(root: Path, paths: list[str], options: Options) -> list[Listed]:
    """Return the human study's pictures.

    The rotation is taken as ``Ry(y) Rx(x) Rz(z)``, as the study's renderer composes one; which of its base poses it
    starts from is not published, so that distances from upright are those of the stated angles.
    """
    rows: list[Listed] = []
    seen: dict[tuple[int, int], str] = {}
    for path in paths:
        match = STIMULUS.fullmatch(_file(path))
        try:
            x, y, z = (float(text) for text in match.groups()[2:]) if match else (float("nan"),) * 3
        except ValueError:
            match = None
        if match is None:
            raise ObjectPoseError(
                f"The name of {root / path} is none of the human study's; expected "
                "{class index}_{pose 0, 1 or 2}_{x}_{y}_{z}.png such as 404_0_350_0_0.png."
            )
        target, pose = int(match[1]), int(match[2])
        if (target, pose) in seen:
            raise ObjectPoseError(
                f"{path} and {seen[target, pose]} in {root} are both class {target} in pose {pose}; keep one."
            )
        seen[target, pose] = path
        targets, alternatives = _imagenet(target, options.classes, str(root / path)), None
        if options.alternatives is not None:
            index = options.alternatives.get((target, pose))
            if index is None:
                raise ObjectPoseError(
                    f"The alternatives say nothing of {root / path} (class {target}, pose {pose}); give a network's "
                    ".mat file of the study, or the folder of all of them."
                )
            alternatives = _imagenet(index, options.classes, f"The alternative of {root / path}")
        rows.append(
            listed(
                path,
                name_of(targets, options.classes),
                targets,
                condition=POSES[pose],
                baseline="upright",
                background="flat",
                alternatives=alternatives,
                angles=(y, x, z),
                rotation=object_rotation(y, x, z),
            )
        )
    return rows


def _original(root: Path, paths: list[str], options: Options) -> list[Listed]:
    return original_rows(root, paths, options.upright, options.classes)


LAYOUTS: Mapping[str, Reader] = {
    "original": _original,
    "stimuli": _stimuli,
    "imagenetv2": _imagenetv2,
    "co3d": _co3d,
    "imagefolder": _imagefolder,
}
"""Layouts whose rows are read off the paths; ``objectpose`` has its plan beside the pictures."""


def read_layout(layout: str, root: Path, paths: list[str], options: Options) -> list[Listed]:
    """Return the pictures of a folder with their rows, each with a baseline that has pictures.

    Raises:
        ObjectPoseError: a file or folder does not belong to the layout, or an option does not; or upright pictures
            that others would be compared with are lacking (not with ``upright="none"``).
    """
    if options.alternatives is not None and layout != "stimuli":
        raise ObjectPoseError(
            f"Alternatives are given, but {root} has the layout '{layout}'; only 'stimuli' has two-way choices."
        )
    if options.upright == "sweeps" and layout != "original":
        raise ObjectPoseError(
            f"dataset.upright=sweeps is given, but {root} has the layout '{layout}'; only 'original' has sweeps."
        )
    rows = LAYOUTS[layout](root, paths, options)
    lacking = _lacking(rows)
    if not lacking:
        return rows
    if options.upright != "none":
        condition, sentence = next(iter(lacking.items()))
        turns = any(row.row["condition"] in ("roll", "pitch", "yaw") for row in rows)
        remedy = "dataset.upright=sweeps to use the sweeps' own within +-10 degrees, or " if turns else ""
        baseline = next(row.row["baseline"] for row in rows if row.row["condition"] == condition)
        raise ObjectPoseError(
            f"{root} lacks pictures of '{baseline}' that '{condition}' is compared with ({sentence}); add them, or set "
            f"{remedy if baseline == 'upright' and options.upright != 'sweeps' else ''}dataset.upright=none for "
            "accuracies without a drop."
        )
    for row in rows:
        if row.row["condition"] in lacking:
            row.row["baseline"] = row.row["condition"]
    return rows


def _lacking(rows: list[Listed]) -> dict[str, str]:
    """Return the conditions that cannot be compared, and what their baselines lack.

    A comparison needs every object of the condition in the baseline, over all backgrounds that the condition has and
    on each of these that the baseline has.
    """
    there: dict[str, dict[str, set[str]]] = {}
    baselines: dict[str, str] = {}
    for row in rows:
        condition = row.row["condition"]
        baselines[condition] = row.row["baseline"]
        there.setdefault(condition, {}).setdefault(row.row["background"], set()).add(row.row["object_id"])
    found: dict[str, str] = {}
    for condition, baseline in baselines.items():
        base = there.get(baseline, {})
        shared = set(there[condition]) & set(base)
        behind = [(f"on {name}", there[condition][name], base[name]) for name in sorted(shared)]
        pooled = set().union(*(base[name] for name in shared)) if shared else set()
        behind.append(("at all", set().union(*there[condition].values()), pooled))
        for where, wanted, known in behind:
            if condition != baseline and wanted - known:
                found.setdefault(condition, f"for {min(wanted - known)} {where}")
    return found
