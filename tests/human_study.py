"""A made-up human study with the schema and the quirks of the real one, and answers of networks to its pictures."""

import os
import shutil
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.io import savemat

from objectpose.analysis.humans.load import load_answers
from objectpose.datasets.object_names import WORDS
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import class_name, find_class

REAL = os.environ.get("OBJECTPOSE_HUMAN_DATA")
LISTS = {1: 0, 2: 1, 3: 2, 4: 0, 5: 1, 6: 2, 7: 0, 8: 1, 12: 2, 9: 0, 10: 1, 11: 2}
"""Which of three lists of pictures a subject at 40 ms sees: the three of each pool see all pictures together."""
CRUTCH = 523  # the list of names has a typo in it
NETWORKS = ("beit", "convnext", "swag", "swin", "vit")
RIGHT = {"40": (0.9, 0.7, 0.7), "150": (0.98, 0.9, 0.85), "unlim": (0.98, 0.98, 0.97), "network": (0.98, 0.8, 0.55)}


def write_study(folder: Path, seed: int = 5) -> Path:
    """Write the files of a study into a folder: 48 of subjects, 5 of networks, 9 pooled ones and a .DS_Store."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    ids = rng.choice(1000, 51, replace=False)
    ids[:47] = np.sort(ids[:47])  # the last four stand out of order in networks' files
    ids[47:] = np.sort(ids[47:])
    lacking = set(range(6))  # objects without pose 2, two of each remainder by 3
    pictures = [(o, pose) for pose in range(3) for o in range(51) if pose < 2 or o not in lacking]
    other = {key: int((ids[key[0]] + rng.integers(1, 1000)) % 1000) for key in pictures}
    other[next(key for key in pictures if ids[key[0]] != CRUTCH)] = CRUTCH
    angles = {
        (o, pose): (float(2 * rng.integers(-5, 5) % 360), 0.0, 0.0)
        if pose == 0
        else tuple(map(float, rng.integers(0, 360, 3)))
        for o, pose in pictures
    }
    codes = {name: {} for name in NETWORKS}
    for name in NETWORKS:
        rows = []
        for o, pose in pictures:
            codes[name][o, pose] = int(rng.random() < RIGHT["network"][pose])
            rows.append((ids[o], other[o, pose], pose, codes[name][o, pose]))
        savemat(folder / f"{name}.mat", {"data": np.array(rows, np.uint16)})
    pooled = {f"group{n}": {} for n in range(1, 5)}
    pool_of = {s: f"group{n}" for n, who in enumerate([(1, 2, 3), (4, 5, 6), (7, 8, 12), (9, 10, 11)], 1) for s in who}
    for subject in range(1, 25):
        which = LISTS[subject if subject <= 12 else subject - 12]
        seen = [(o, (o + which) % 3) for o in range(51)]
        seen = [key for key in seen if key in other]
        for ending in ("40" if subject <= 12 else "150", "unlim"):
            rows = _trials(rng, [seen[i] for i in rng.permutation(len(seen))], ids, other, angles, ending, subject)
            if (subject, ending) in ((2, "40"), (1, "unlim")):
                _miss(rows, (2, 1, 1, 0) if ending == "40" else (1,))
            table = np.array(rows)
            if ending == "40":
                for row in table:
                    code = 2 if row[6] == 0 else int(row[6] == row[7])
                    pooled[pool_of[subject]][int(row[0]), int(row[2])] = code
            if (subject, ending) == (11, "unlim"):
                table = np.insert(table, 2, 0.0, axis=1)
            savemat(folder / f"subj_{subject}_{ending}.mat", {"condi": table})
    inner = folder / "groups_for_error_consistency"
    inner.mkdir()
    for name in NETWORKS:
        pooled[name] = {(int(ids[o]), pose): code for (o, pose), code in codes[name].items()}
    for name, answers in pooled.items():
        rows = sorted((pose, i, code) for (i, pose), code in answers.items() if pose)
        savemat(inner / f"{name}.mat", {"data": np.array([(i, pose, code) for pose, i, code in rows], np.uint16)})
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    (folder / "README.md").write_text("not read")
    return folder


def _trials(rng, seen, ids, other, angles, ending, subject):
    rows = []
    for key in seen:
        side = int(rng.integers(1, 3))
        pressed = side if rng.random() < RIGHT[ending][key[1]] else 3 - side
        view = {"40": 0.04, "150": 0.15}.get(ending, float(rng.uniform(0.4, 3)) if subject <= 12 else 0.0)
        reaction = view + float(rng.uniform(0.5, 4))
        rows.append([float(ids[key[0]]), other[key], key[1], *angles[key], side, pressed, view, reaction])
    return rows


def _miss(rows, poses):
    for pose in poses:
        row = next(row for row in rows if row[2] == pose and row[6] != 0)
        row[6] = row[7] = row[9] = 0


def write_pictures(folder: Path, answers, size_px: int = 500) -> Path:
    """Write pictures with the study's names and size, a square on its background, for all of a table of answers."""
    folder.mkdir(parents=True)
    numbers = {"upright": 0, "rotated_correct": 1, "rotated_incorrect": 2}
    rows = answers[answers["kind"] == "human"].drop_duplicates(["class_id", "pose"])
    for place, row in enumerate(rows.itertuples()):
        angles = "_".join(f"{getattr(row, f'{axis}_deg'):g}" for axis in "xyz")
        picture = np.full((size_px, size_px, 3), (124, 116, 104), np.uint8)
        picture[size_px // 4 : size_px // 2, size_px // 4 : size_px // 2] = place
        Image.fromarray(picture).save(folder / f"{row.class_id}_{numbers[row.pose]}_{angles}.png", compress_level=1)
    return folder


def write_names(path: Path, pictures: Path, answers) -> Path:
    """Write the study's list of names: a blank row, then a row a picture in the order of their names as text."""
    from openpyxl import Workbook

    alternatives = answers.drop_duplicates(["class_id", "pose"]).set_index(["class_id", "pose"])["alternative_id"]
    book = Workbook()
    book.active.append([None, None])
    book.active.cell(1, 2).value = ""
    for place, file in enumerate(sorted(file.name for file in pictures.glob("*.png"))):
        real, pose = (int(part) for part in file.split("_")[:2])
        other = int(alternatives[real, ("upright", "rotated_correct", "rotated_incorrect")[pose]])
        blank = " " if place % 7 == 3 else ""
        book.active.append([_word(real) + blank, _word(other) + blank])
    book.save(path)
    return path


def _word(index: int) -> str:
    """Return a name of a class as the list has it: a typo of the study, else a name that only this class has."""
    names = {value: word for word, value in WORDS.items()}
    for name in (names.get(index), class_name(index)):
        try:
            if name is not None and (name in WORDS or find_class(name) == index):
                return name
        except ObjectPoseError:
            continue
    return str(index)


def write_clone(folder: Path, data: Path, size_px: int = 500) -> Path:
    """Write a clone of the study's repository: its folders, pictures, list of names, and what a Mac leaves behind."""
    answers = load_answers(data)
    pooled = "groups_for_error_consistency"
    folder.mkdir(parents=True)
    shutil.copytree(data, folder / "data", ignore=shutil.ignore_patterns(pooled))
    (folder / "scripts").mkdir()
    shutil.copytree(data / pooled, folder / "scripts" / pooled)
    pictures = write_pictures(folder / "stimuli_exp", answers, size_px)
    (pictures / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    write_names(folder / "object_names.xlsx", pictures, answers)
    return folder
