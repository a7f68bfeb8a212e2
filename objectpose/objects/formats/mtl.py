"""Material libraries of OBJ files (MTL) as materials of the shading formula."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from objectpose.errors import ObjectPoseError
from objectpose.objects.formats.textures import Picture, plain, resized
from objectpose.objects.mesh import Factor, Material

GREY = 0.8
LEVEL_COMMENT = "# objectpose max_level "
"""A line of our own exports: the coarsest mip level that the gutters of the atlas bear, or ``none``."""
GLOSS = 0.25
"""Share of a library's Ks that is used by default: exporters write Ks = 1 for cloth as well as for chrome."""
SHININESS = (8.0, 128.0)
_OPTIONS = {"-blendu": 1, "-blendv": 1, "-boost": 1, "-texres": 1, "-imfchan": 1, "-type": 1, "-cc": 1, "-bm": 1}
_OPTIONS |= {"-clamp": 1, "-mm": 2}
_UP_TO_THREE = ("-s", "-o", "-t")


@dataclass(frozen=True)
class MapStatement:
    """A texture statement.

    Attributes:
        file: as it is written.
        scale: factors of u and v (``-s``).
        offset: added to u and v (``-o``).
        clamp: whether the texture does not repeat (``-clamp on``).
    """

    file: str
    scale: tuple[float, float] = (1.0, 1.0)
    offset: tuple[float, float] = (0.0, 0.0)
    clamp: bool = False


@dataclass
class MtlEntry:
    """What a library states of one material; None or absent where it is silent.

    Attributes:
        numbers: ``Ka``, ``Kd``, ``Ks`` (three each), ``Ns``, ``d``, ``Tr``, ``illum`` (one each).
        maps: ``map_Kd``, ``map_Ka`` and ``map_d``.
        level: coarsest mip level that may be read, of our own exports.
        ours: written by our own export.
    """

    numbers: dict[str, tuple[float, ...]] = field(default_factory=dict)
    maps: dict[str, MapStatement] = field(default_factory=dict)
    level: int | None = None
    ours: bool = False

    @property
    def colour_map(self) -> MapStatement | None:
        """The texture of the surface: ``map_Kd``, or ``map_Ka`` where that is all there is."""
        return self.maps.get("map_Kd", self.maps.get("map_Ka"))

    @property
    def exact(self) -> bool:
        """Whether the shading formula is stated in full."""
        return self.colour_map is not None and all(key in self.numbers for key in ("Ka", "Kd", "Ks", "Ns"))


_KEYS = {key.lower(): key for key in ("Ka", "Kd", "Ks", "Ns", "d", "Tr", "illum")}
_MAPS = {"map_kd": "map_Kd", "map_ka": "map_Ka", "map_d": "map_d", "map_opacity": "map_d"}


def read_mtl(text: str, label: str) -> dict[str, MtlEntry]:
    """Return the materials of a library by name; statements that no formula here reads are left out.

    Args:
        text: of the file.
        label: what an error calls it.

    Raises:
        ObjectPoseError: a number is none.
    """
    entries: dict[str, MtlEntry] = {}
    entry = MtlEntry()
    level, ours = None, False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(LEVEL_COMMENT):
            stated = line.removeprefix(LEVEL_COMMENT).strip()
            level, ours = int(stated) if stated.isascii() and stated.isdecimal() else None, True
        key, _, rest = line.strip().replace("\t", " ").partition(" ")
        key, rest = key.lower(), rest.strip()
        if key == "newmtl":
            entry = entries.setdefault(rest, MtlEntry(level=level, ours=ours))
        elif key in _MAPS and rest:
            statement = _map(rest, f"{label}, line {number}")
            if statement is not None:
                entry.maps[_MAPS[key]] = statement
        elif key in _KEYS and rest and not rest.lower().startswith(("spectral", "xyz")):
            words = [word for word in rest.split("#")[0].split() if word != "-halo"]
            values = tuple(_number(word, f"{label}, line {number}") for word in words)
            if values:
                three = (values * 3)[:3] if len(values) < 3 else values[:3]
                entry.numbers[_KEYS[key]] = three if key in ("ka", "kd", "ks") else values[:1]
    return entries


def _number(word: str, where: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ObjectPoseError(f"{where} has '{word}' where a number is expected; mend the material library.")
    return value


def _map(rest: str, where: str) -> MapStatement | None:
    words = rest.split(" ")
    scale, offset, clamp = (1.0, 1.0), (0.0, 0.0), False
    while words and words[0].lower() in (*_OPTIONS, *_UP_TO_THREE):
        option = words.pop(0).lower()
        values: list[str] = []
        most = _OPTIONS.get(option, 3)
        while words and len(values) < most and len(words) > 1 and (option in _OPTIONS or _is_number(words[0])):
            word = words.pop(0)
            if word:
                values.append(word)
        if option == "-clamp":
            clamp = [value.lower() for value in values] == ["on"]
        elif option in ("-s", "-o") and values:
            numbers = [_number(value, where) for value in values]
            pair = (numbers[0], numbers[1] if len(numbers) > 1 else (1.0 if option == "-s" else 0.0))
            scale, offset = (pair, offset) if option == "-s" else (scale, pair)
        while words and not words[0]:
            words.pop(0)
    file = " ".join(words).strip()
    return MapStatement(file, scale, offset, clamp) if file else None


def _is_number(word: str) -> bool:
    try:
        float(word or "0")
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class MtlRules:
    """How the entries of a file's libraries are read.

    Attributes:
        original: keep Ka, Kd, Ks and Ns, see :func:`material_of`.
        white: surfaces without a texture are white, because vertices carry the colour.
        tr_is_opacity: ``Tr`` is how opaque a surface is, see :func:`tr_is_opacity`.
    """

    original: bool = False
    white: bool = False
    tr_is_opacity: bool = False


def tr_is_opacity(entries: list[MtlEntry]) -> bool:
    """Return whether ``Tr`` can only mean opacity: it is 1 in all entries, so that nothing at all would be seen.

    ``Tr`` is 1 - ``d`` by the format's description; some exporters write it as another name of ``d``.
    """
    return bool(entries) and all("d" not in e.numbers and e.numbers.get("Tr", (0.0,))[0] >= 1.0 for e in entries)


def material_of(entry: MtlEntry, texture: Callable[[str], Picture | None], rules: MtlRules) -> Material:
    """Return what a library's entry looks like.

    By default the surface colour is ``S = map_Kd x Kd`` (``Kd`` alone without a texture; a black ``Kd`` under a
    texture is an exporter's default and counts as white), Ka = Kd = 1, and a quarter of Ks with Ns within 8..128 (no
    highlight under illum 0 and 1, or Ns <= 1): one light then falls on all objects alike, whatever their exporter
    wrote.

    With ``rules.original`` Ka, Kd, Ks and Ns are kept as the original ObjectPose renderer used them: S is the
    texture, or Kd without one (then the diffuse factor is 1). It also multiplies Ks by S, which the formula here does
    not; Ks is multiplied by the mean of S instead. Our own exports are always read with their numbers as they stand.

    Args:
        entry: of the library.
        texture: returns the picture of a file name; None where it is missing and the colour shall do.
        rules: as said.
    """
    statement = entry.colour_map
    picture = None if statement is None else texture(statement.file)
    keep = rules.original or entry.ours
    kd = _three(entry, "Kd", 1.0 if picture is not None or rules.white else GREY)
    if picture is not None:
        colour, alpha = tinted(picture.colour, kd if not keep and any(kd) else (1.0, 1.0, 1.0)), picture.alpha
    else:
        colour, alpha = plain((1.0, 1.0, 1.0) if rules.white else kd), None
    mask = None if "map_d" not in entry.maps else texture(entry.maps["map_d"].file)
    if mask is not None:
        alpha = luminance(mask.colour) if mask.alpha is None else mask.alpha
        if colour.shape[:2] == (1, 1):
            colour = np.ascontiguousarray(np.broadcast_to(colour, (*alpha.shape, 3)))
        alpha = resized(alpha, *colour.shape[:2])
    ns, ks = entry.numbers.get("Ns", (16.0,))[0], _three(entry, "Ks", 0.0)
    if not keep:
        matt = ns <= 1.0 or entry.numbers.get("illum", (2.0,))[0] in (0.0, 1.0)
        ks = (0.0, 0.0, 0.0) if matt else (GLOSS * ks[0], GLOSS * ks[1], GLOSS * ks[2])
        ns = min(max(ns, SHININESS[0]), SHININESS[1])
    elif not entry.ours:
        mean = (colour.reshape(-1, 3).mean(axis=0) / 255.0).tolist()
        ks = (ks[0] * mean[0], ks[1] * mean[1], ks[2] * mean[2])
    return Material(
        texture=colour,
        ambient=_factor(_three(entry, "Ka", 1.0)) if keep else 1.0,
        diffuse=_factor(kd) if keep and picture is not None else 1.0,
        specular=_factor(ks),
        shininess=max(1.0, ns),
        wrap=not (entry.ours or (statement is not None and statement.clamp)),
        max_level=entry.level,
        opacity=_opacity(entry, rules.tr_is_opacity),
        alpha=alpha,
    )


def tinted(texture: NDArray[np.uint8], tint: tuple[float, float, float]) -> NDArray[np.uint8]:
    """Return a texture with its channels multiplied by three factors, 0..1; the same array where all are 1.

    >>> tinted(np.full((1, 1, 3), 200, np.uint8), (1.0, 0.5, 0.0)).tolist()
    [[[200, 100, 0]]]
    """
    if all(value >= 1.0 for value in tint):
        return texture
    table = np.rint(np.arange(256.0)[:, None] * np.asarray(tint)).astype(np.uint8)
    return np.stack([table[texture[..., k], k] for k in range(3)], axis=-1)


def luminance(colour: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return uint8 H x W of a uint8 H x W x 3 picture (Rec. 601 weights)."""
    weights = np.array([0.299, 0.587, 0.114])
    return np.asarray(np.rint((colour * weights).sum(axis=-1)), np.uint8)


def _three(entry: MtlEntry, key: str, default: float) -> tuple[float, float, float]:
    values = np.clip(entry.numbers.get(key, (default,) * 3), 0.0, 1.0).tolist()
    return values[0], values[1], values[2]


def _factor(three: tuple[float, float, float]) -> Factor:
    return three[0] if three[0] == three[1] == three[2] else three


def _opacity(entry: MtlEntry, tr_means_opacity: bool) -> float:
    if "d" in entry.numbers:
        value = entry.numbers["d"][0]
    else:
        tr = entry.numbers.get("Tr")
        value = 1.0 if tr is None else tr[0] if tr_means_opacity else 1.0 - tr[0]
    return min(max(value, 0.0), 1.0)
