"""One frame of a video: the picture, what each network takes it for, and where in the turn it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from objectpose.analysis.style import INK, QUIET, RIGHT, WRONG
from objectpose.report_page import kept

WIDTH, HEIGHT = 1280, 720
MOST_NETWORKS = 6
"""More do not fit beside the picture."""

SIGN = {kept.RIGHT: "\u2713", kept.WRONG: "\u2717", kept.NO_CLASS: "\u2013", kept.NO_ANSWER: "?"}
WORD = {kept.NO_CLASS: "has no such class", kept.NO_ANSWER: "no answer"}
_COLOUR = {kept.RIGHT: RIGHT, kept.WRONG: WRONG, kept.NO_CLASS: QUIET, kept.NO_ANSWER: QUIET}
_SOFT = {kept.RIGHT: "#B5D8EC", kept.WRONG: "#F5CFB3"}
_OTHER, _LINE, _TRACK = "#DDE2E7", "#C8CED5", "#F3F5F7"

_EDGE = 32
_TOP = 112
_SIDE = 464
"""Of the picture."""
_PANELS = (_EDGE + _SIDE + 40, _TOP, WIDTH - _EDGE, _TOP + _SIDE)
_STRIPS = (250, _TOP + _SIDE + 18, WIDTH - _EDGE, HEIGHT - 34)
_DIAL = (WIDTH - _EDGE - 60, 22, WIDTH - _EDGE, 82)


@dataclass(frozen=True)
class Moment:
    """What one frame shows.

    Attributes:
        picture: uint8 H x W x 3.
        place: the angle in words, ``120°``; empty where there is none.
        angle_deg: for the dial; NaN leaves it empty.
        true_names: any of them is right.
        names: of each network, up to five, best first.
        probs: their probabilities, 0..1.
        score: how many networks are right, in words.
    """

    picture: NDArray[np.uint8]
    place: str
    angle_deg: float
    true_names: Sequence[str]
    names: Sequence[Sequence[str]]
    probs: Sequence[Sequence[float]]
    score: str


class Frames:
    """Draws the frames of one sequence; what stays the same in them is drawn once.

    Args:
        title: the object.
        subtitle: the condition, and the background where there are several.
        networks: names of up to ``MOST_NETWORKS``.
        marks: of each network, a sign of ``kept`` for each moment.
        shares: of all networks that were asked, how many are right, 0..1, NaN where none was asked; None leaves it
            out.
        angles_deg: of each moment, for the scale below; NaN where there is none.
    """

    def __init__(
        self,
        title: str,
        subtitle: str,
        networks: Sequence[str],
        marks: Sequence[str],
        shares: Sequence[float] | None,
        angles_deg: Sequence[float],
    ) -> None:
        self._networks = networks
        self._marks = marks
        self._count = len(angles_deg)
        self._still = Image.new("RGB", (WIDTH, HEIGHT), "white")
        draw = ImageDraw.Draw(self._still)
        room = _DIAL[0] - 260 - _EDGE
        name = _fitted(title, 32, room, bold=True)
        draw.text((_EDGE, 18), name, INK, _font(32, True))
        beside = _EDGE + round(_length(name, 32, True)) + 18
        left = room + _EDGE - beside
        if left > 80:
            rest = _fitted(subtitle, 22, left)
            draw.text((beside, 28), rest, QUIET, _font(22))
        self._panels = _grid(len(networks))
        self._strips_end = self._draw_strips(draw, shares, angles_deg)

    def draw(self, place: int, moment: Moment) -> NDArray[np.uint8]:
        """Return frame number ``place``, uint8 ``HEIGHT`` x ``WIDTH`` x 3."""
        image = self._still.copy()
        draw = ImageDraw.Draw(image)
        image.paste(_square(moment.picture), (_EDGE, _TOP))
        self._draw_head(draw, moment)
        for number, box in enumerate(self._panels):
            mark = self._marks[number][place]
            _draw_panel(
                draw, box, self._networks[number], mark, moment.names[number], moment.probs[number], moment.true_names
            )
        left, top, right, _ = _STRIPS
        x = left + (right - left) * (place + 0.5) / self._count
        draw.rectangle((x - 2, top - 4, x + 2, self._strips_end), fill="white")
        draw.rectangle((x - 1, top - 4, x + 1, self._strips_end), fill=INK)
        return np.asarray(image)

    def _draw_head(self, draw: ImageDraw.ImageDraw, moment: Moment) -> None:
        truth = _fitted("true name: " + " or ".join(moment.true_names), 22, _PANELS[0] + 200 - _EDGE)
        draw.text((_EDGE, 66), truth, INK, _font(22))
        number, _, rest = moment.place.partition(" ")
        end = _DIAL[0] - 16
        draw.text((end, 20), number, INK, _font(34, True), anchor="ra")
        below = _fitted(rest, 17, 240)
        draw.text((end, 60), below, QUIET, _font(17), anchor="ra")
        draw.text((_PANELS[0], 92), moment.score, QUIET, _font(17), anchor="ls")
        draw.ellipse(_DIAL, outline=_LINE, width=3)
        middle = ((_DIAL[0] + _DIAL[2]) / 2, (_DIAL[1] + _DIAL[3]) / 2)
        draw.line((middle[0], _DIAL[1] - 4, middle[0], _DIAL[1] + 8), QUIET, 3)
        if not math.isnan(moment.angle_deg):
            turned = moment.angle_deg % 360.0
            if turned:
                draw.arc(_DIAL, -90.0, turned - 90.0, RIGHT, 5)
            tip = math.radians(moment.angle_deg)
            draw.line((*middle, middle[0] + 22 * math.sin(tip), middle[1] - 22 * math.cos(tip)), INK, 4)

    def _draw_strips(
        self, draw: ImageDraw.ImageDraw, shares: Sequence[float] | None, angles_deg: Sequence[float]
    ) -> float:
        """Draw a strip for each network with its scale and return where the strips end, in pixels from the top."""
        left, top, right, bottom = _STRIPS
        rows = len(self._networks) + (shares is not None)
        high = min(44.0, (bottom - top) / max(1, rows))
        step = (right - left) / self._count
        gap = 0.0 if step < 5 else 1.0
        size = 15 if high >= 16 else 11
        y = float(top)
        for row in range(rows):
            draw.rectangle((left, y, right, y + high - 3), fill=_TRACK)
            every = shares is not None and row == 0
            name = "share right" if every else self._networks[row - (shares is not None)]
            name = _fitted(name, size, left - _EDGE - 14)
            draw.text((_EDGE, y + (high - 3) / 2), name, INK, _font(size), anchor="lm")
            for place in range(self._count):
                x = left + place * step
                if every and shares is not None:
                    full, colour = shares[place], RIGHT
                    full = 0.0 if math.isnan(full) else full
                else:
                    mark = self._marks[row - (shares is not None)][place]
                    full, colour = {kept.RIGHT: 1.0, kept.WRONG: 0.4}.get(mark, 0.1), _COLOUR[mark]
                if full:
                    start = y + (high - 3) * (1 - full)
                    draw.rectangle((x, start, max(x, x + step - 1 - gap), y + high - 3), fill=colour)
            y += high
        for place in _ticks(angles_deg):
            x = left + step * (place + 0.5)
            angle = angles_deg[place]
            label = str(place + 1) if math.isnan(angle) else f"{angle:.0f}\u00b0"
            draw.text((x, y + 4), label, QUIET, _font(14), anchor="ma")
        return y


def _ticks(angles_deg: Sequence[float]) -> list[int]:
    """Return the moments that the scale names: those nearest to each 45 degrees of a turn, or nine evenly over all."""
    count = len(angles_deg)
    angles = np.asarray(angles_deg, np.float64)
    if count > 9 and np.ptp(angles) > 180.0:
        eighths = np.arange(angles.min(), angles.max() + 1.0, 45.0)
        return sorted({int(np.abs(angles - eighth).argmin()) for eighth in eighths})
    return sorted({round(place) for place in np.linspace(0, count - 1, min(count, 9))})


def _grid(count: int) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the networks' panels."""
    left, top, right, bottom = _PANELS
    columns = 1 if count <= 3 else 2
    rows = max(1, math.ceil(count / columns))
    gap = 18
    wide = (right - left - gap * (columns - 1)) / columns
    high = (bottom - top - gap * (rows - 1)) / rows
    boxes = []
    for number in range(count):
        x, y = left + (number % columns) * (wide + gap), top + (number // columns) * (high + gap)
        boxes.append((x, y, x + wide, y + high))
    return boxes


def _draw_panel(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    network: str,
    mark: str,
    names: Sequence[str],
    probs: Sequence[float],
    true_names: Sequence[str],
) -> None:
    left, top, right, bottom = box
    high = min(76.0, (bottom - top) / (kept.TOP + 1))
    size = int(min(24, high * 0.62))
    draw.text((left, top + high / 2), SIGN[mark], _COLOUR[mark], _font(size + 4, True), anchor="lm")
    name = _fitted(network, size, right - left - 1.8 * size, bold=True)
    draw.text((left + 1.7 * size, top + high / 2), name, INK, _font(size, True), anchor="lm")
    if not names:
        word = WORD.get(mark, "no answer")
        draw.text((left + 1.7 * size, top + 1.5 * high), word, QUIET, _font(size), anchor="lm")
    for rank, (answer, prob) in enumerate(zip(names, probs, strict=True)):
        y = top + (rank + 1) * high
        good = mark == kept.RIGHT if rank == 0 else answer in true_names
        bad = rank == 0 and mark == kept.WRONG
        colour = _SOFT[kept.RIGHT] if good else _SOFT[kept.WRONG] if bad else _OTHER
        draw.rectangle((left, y + 2, right, y + high - 3), fill=_TRACK)
        draw.rectangle((left, y + 2, left + max(2.0, (right - left) * min(1.0, prob)), y + high - 3), fill=colour)
        share = f"{100 * prob:.1f} %"
        middle = y + high / 2
        draw.text((right - 10, middle), share, INK, _font(size), anchor="rm")
        if good or bad:
            sign = SIGN[kept.RIGHT if good else kept.WRONG]
            draw.text((left + 8, middle), sign, RIGHT if good else WRONG, _font(size, True), anchor="lm")
        shown = _fitted(answer, size, right - left - 1.7 * size - 28 - _length("100.0 %", size), bold=good or bad)
        draw.text((left + 1.7 * size, middle), shown, INK, _font(size, good or bad), anchor="lm")


def _square(picture: NDArray[np.uint8]) -> Image.Image:
    """Return a picture as large as its place, edges cut where it is no square."""
    image = Image.fromarray(picture)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC, (left, top, left + side, top + side))


@lru_cache(maxsize=64)
def _file(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size)


def _font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    return _file("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)


def _length(text: str, size: int, bold: bool = False) -> float:
    return _font(size, bold).getlength(text)


@lru_cache(maxsize=8192)
def _fitted(text: str, size: int, room: float, *, bold: bool = False) -> str:
    """Return a text, its end replaced by dots where it is wider than ``room`` pixels."""
    if _length(text, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if _length(text[:middle].rstrip() + "\u2026", size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "\u2026"
