"""A canvas in unit coordinates: noise, soft shapes, perspective and blur that look alike at every size.

Everything is built from +, -, *, /, square roots, comparisons and look-ups, which IEEE 754 defines to the last bit;
no exponential, power, sine or matrix product. So equal seeds give equal bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Colour = tuple[float, float, float]

_TABLE = 256
_SPLINE_SPREAD = 7.2
"""Brings a cubic B-spline through uniform random numbers to a standard deviation of about 1."""
_QUINTIC_SPREAD = 5.0
"""The same for the quintic blend of four uniform random numbers."""
_LACUNARITY = 2.17


def channels(colour: Colour) -> Plane:
    """Return a colour as float32 3 x 1 x 1, ready to be mixed with 3 x S x S."""
    return np.asarray(colour, np.float32)[:, None, None]


def smooth(values: Plane) -> Plane:
    """Return 3 t^2 - 2 t^3 of values clipped to 0..1."""
    t = np.clip(values, np.float32(0), np.float32(1))
    return np.asarray(t * t * (np.float32(3) - np.float32(2) * t), np.float32)


def mix(picture: Plane, colour: Plane, share: Plane | float) -> Plane:
    """Return the picture with ``share`` (0..1) of it replaced by ``colour``."""
    return np.asarray(picture + np.float32(1) * share * (colour - picture), np.float32)


def pick(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a uniform random number between two bounds."""
    return low + (high - low) * float(rng.random())


def jitter(rng: np.random.Generator, colour: Colour, amount: float) -> Colour:
    """Return a colour made brighter or darker by up to ``amount`` and warmer or colder by a quarter of it."""
    bright = 1.0 + pick(rng, -amount, amount)
    warm = 0.25 * pick(rng, -amount, amount)
    return (
        min(1.0, colour[0] * bright * (1.0 + warm)),
        min(1.0, colour[1] * bright),
        min(1.0, colour[2] * bright * (1.0 - warm)),
    )


def draw_seed(rng: np.random.Generator) -> int:
    """Return a seed for ``Canvas.noise`` and its like."""
    return int(rng.integers(1 << 31))


@dataclass(frozen=True)
class Floor:
    """Points of a horizontal plane that the rows below the horizon show.

    Attributes:
        first: the first row of the picture that shows the plane.
        across: float32 rows x S, sideways position, in heights of the eye.
        away: float32 rows x 1, distance, in heights of the eye.
        wide: float32 rows x 1, width of a pixel on the plane.
        long: float32 rows x 1, length of a pixel on the plane.
        px: width of a pixel in widths of the picture.
    """

    first: int
    across: Plane
    away: Plane
    wide: Plane
    long: Plane
    px: float


class Canvas:
    """A square of ``size_px`` pixels; x runs from 0 (left) to 1, y from 0 (top) to 1.

    Attributes:
        size_px: S.
        px: width of a pixel, 1 / S.
        x: float32 1 x S, centres of the columns.
        y: float32 S x 1, centres of the rows.
    """

    def __init__(self, size_px: int) -> None:
        self.size_px = size_px
        self.px = 1.0 / size_px
        self._centres = (np.arange(size_px) + 0.5) / size_px
        self.x: Plane = self._centres.astype(np.float32)[None, :]
        self.y: Plane = self._centres.astype(np.float32)[:, None]

    def edge(self, distance: Plane, blur: float) -> Plane:
        """Return 0 outside and 1 inside of an edge, with a soft step.

        Args:
            distance: signed distance from the edge, > 0 inside, in widths of the picture.
            blur: width of the step; at least a pixel is used, which avoids steps along slanted edges.
        """
        return smooth(distance / np.float32(max(self.px, blur)) + np.float32(0.5))

    def box(self, left: float, top: float, right: float, bottom: float, blur: float) -> Plane:
        """Return the share of each pixel inside a soft-edged upright rectangle, float32 S x S."""
        across = self.edge(self.x - np.float32(left), blur) * self.edge(np.float32(right) - self.x, blur)
        return np.asarray(
            across * self.edge(self.y - np.float32(top), blur) * self.edge(np.float32(bottom) - self.y, blur),
            np.float32,
        )

    def noise(
        self,
        seed: int,
        cells: tuple[float, float],
        octaves: int,
        *,
        gain: float = 0.5,
        blur: float = 0.0,
        shift: tuple[float, float] = (0.0, 0.0),
    ) -> Plane:
        """Return fractal noise, mean about 0, its first octave with a standard deviation of about 1; float32 S x S.

        Cubic B-splines through random numbers; an octave fades out where its cells come near the size of a pixel or
        of the blur, so that a small picture is the reduced large one.

        Args:
            seed: equal seeds give equal noise at every size.
            cells: of the first octave along x and y.
            octaves: each 2.17 times as fine as the one before, >= 1.
            gain: strength of an octave relative to the one before; 0.46 (= 1 / 2.17) gives a 1/f amplitude spectrum.
            blur: width of what blurs it.
            shift: moves the noise to the left and up, 0..0.1.
        """
        total = np.zeros((self.size_px, self.size_px), np.float32)
        across, down, strength = cells[0], cells[1], 1.0
        foot = max(self.px, blur)
        for octave in range(octaves):
            share = min(1.0, max(0.0, (1.0 / max(across, down) / foot - 0.4) / 1.2))
            if share == 0.0:
                break
            rng = np.random.Generator(np.random.PCG64((seed, octave)))
            phase = rng.random(2)
            shape = (int(1.1 * down) + 5, int(1.1 * across) + 5)
            table = (rng.random(shape, np.float32) - np.float32(0.5)) * np.float32(_SPLINE_SPREAD * strength * share)
            rows = _spline(table, (self._centres + shift[1]) * down + phase[0])
            total += _spline(np.ascontiguousarray(rows.T), (self._centres + shift[0]) * across + phase[1]).T
            across, down, strength = across * _LACUNARITY, down * _LACUNARITY, strength * gain
        return total

    def line(self, seed: int, cells: float, octaves: int, gain: float = 0.5) -> Plane:
        """Return fractal noise along x, standard deviation of the first octave about 1; float32 1 x S."""
        total = np.zeros((1, self.size_px), np.float32)
        strength = 1.0
        for octave in range(octaves):
            share = min(1.0, max(0.0, (1.0 / cells / self.px - 0.4) / 1.2))
            rng = np.random.Generator(np.random.PCG64((seed, octave)))
            table = (rng.random((int(cells) + 5, 1), np.float32) - np.float32(0.5)) * np.float32(5.0 * strength * share)
            total += _spline(table, self._centres * cells + float(rng.random())).T
            cells, strength = cells * _LACUNARITY, strength * gain
        return total

    def floor(self, horizon: float, focal: float, top: float) -> Floor:
        """Return the plane that an eye sees below a row.

        Args:
            horizon: y of the horizon; may lie above the picture.
            focal: focal length in widths of the picture: 1.2 is a wide lens, 3 a long one.
            top: y of the first row that shows the plane, below the horizon.
        """
        first = int(np.searchsorted(self._centres, top))
        away: Plane = np.float32(focal) / (self.y[first:] - np.float32(horizon))
        wide: Plane = np.float32(self.px / focal) * away
        across: Plane = (self.x - np.float32(0.5)) * away / np.float32(focal)
        return Floor(first, across, away, wide, wide * away, self.px)

    def blurred(self, picture: Plane, radius: float, until: float = 1.0) -> Plane:
        """Return 3 x S x S blurred by two box filters along x and two along y.

        What lies beyond the border is like the border.

        Args:
            picture: float32 3 x S x S.
            radius: half width of a box, in widths of the picture.
            until: y down to which the picture is blurred; what lies below will be covered.
        """
        rows = min(self.size_px, max(1, int((until + 2.0 * radius) * self.size_px) + 2))
        part = picture[:, :rows]
        for _ in range(2):
            for _axis in range(2):
                part = np.ascontiguousarray(_box_blur(part, radius * self.size_px).swapaxes(1, 2))
        return part if rows == self.size_px else np.concatenate([part, picture[:, rows:]], axis=1)


def ground_noise(
    seed: int, floor: Floor, cells: tuple[float, float], octaves: int, *, gain: float = 0.5, blur: float = 0.0
) -> Plane:
    """Return fractal noise that lies on a plane, about unit standard deviation; float32 rows x S.

    Args:
        seed: equal seeds give equal noise.
        floor: of ``Canvas.floor``.
        cells: per unit of length of the plane, across and away.
        octaves: >= 1; one fades out where its cells come near the length of a pixel on the plane.
        gain: strength of an octave relative to the one before.
        blur: width of what blurs it, in widths of the picture.
    """
    total = np.zeros(floor.across.shape, np.float32)
    across, away, strength = cells[0], cells[1], 1.0
    grow = np.float32(max(1.0, blur / floor.px))
    for octave in range(octaves):
        foot = np.maximum(floor.wide * np.float32(across), floor.long * np.float32(0.5 * away)) * grow
        share = np.clip((np.float32(1) / foot - np.float32(0.4)) / np.float32(1.2), np.float32(0), np.float32(1))
        alive = int(np.searchsorted(share[:, 0] > 0, True))
        if alive < len(share):
            rng = np.random.Generator(np.random.PCG64((seed, octave)))
            phase = rng.random(2) * _TABLE
            table = (rng.random((_TABLE, _TABLE), np.float32) - np.float32(0.5)) * np.float32(
                _QUINTIC_SPREAD * strength
            )
            u = floor.across[alive:] * np.float32(across) + np.float32(phase[0])
            v = floor.away[alive:] * np.float32(away) + np.float32(phase[1])
            total[alive:] += share[alive:] * _blend(table, u, v)
        across, away, strength = across * _LACUNARITY, away * _LACUNARITY, strength * gain
    return total


def cell_values(seed: int, column: Plane, row: Plane) -> Plane:
    """Return one random number in 0..1 for each whole-numbered cell, float32 of the broadcast shape."""
    table = np.random.Generator(np.random.PCG64(seed)).random(_TABLE * _TABLE, np.float32)
    index = (row.astype(np.int32) & (_TABLE - 1)) * _TABLE + (column.astype(np.int32) & (_TABLE - 1))
    return np.asarray(table[index], np.float32)


def _quintic(t: Plane) -> Plane:
    six, fifteen, ten = np.float32(6), np.float32(15), np.float32(10)
    return np.asarray(t * t * t * (t * (t * six - fifteen) + ten), np.float32)


def _blend(table: Plane, u: Plane, v: Plane) -> Plane:
    """Return the table read at (v, u), wrapping round, with a quintic blend; v has one value a row."""
    low_u, low_v = np.floor(u), np.floor(v)
    tu, tv = _quintic(u - low_u), _quintic(v - low_v)
    left = low_u.astype(np.int32) & (_TABLE - 1)
    right = (left + 1) & (_TABLE - 1)
    top = (low_v.astype(np.int32) & (_TABLE - 1)) * _TABLE
    bottom = (top + _TABLE) & (_TABLE * _TABLE - 1)
    flat = table.reshape(-1)
    above = flat[top + left]
    above += tu * (flat[top + right] - above)
    below = flat[bottom + left]
    below += tu * (flat[bottom + right] - below)
    return np.asarray(above + tv * (below - above), np.float32)


def _spline(table: Plane, at: NDArray[np.float64]) -> Plane:
    """Return the uniform cubic B-spline along axis 0 of a table, at places >= 0 that end 3 rows before its end."""
    low = np.floor(at)
    t = (at - low).astype(np.float32)[:, None]
    index = low.astype(np.int64)
    one, six = np.float32(1), np.float32(6)
    rest = one - t
    cube, square = t * t * t, t * t
    weights = (
        rest * rest * rest / six,
        (np.float32(3) * cube - six * square + np.float32(4)) / six,
        (np.float32(3) * (square + t - cube) + one) / six,
        cube / six,
    )
    total = weights[0] * table[index]
    for step in (1, 2, 3):
        total += weights[step] * table[index + step]
    return np.asarray(total, np.float32)


def _box_blur(picture: Plane, radius_px: float) -> Plane:
    """Return a box blur along axis 1 of 3 x H x W, of any half width in pixels."""
    size = picture.shape[1]
    margin = int(radius_px) + 2
    index = np.clip(np.arange(-margin, size + margin), 0, size - 1)
    sums = np.zeros((3, len(index) + 1, picture.shape[2]), np.float64)
    np.cumsum(picture[:, index], axis=1, dtype=np.float64, out=sums[:, 1:])
    centre = np.arange(size, dtype=np.float64) + (margin + 0.5)

    def until(at: NDArray[np.float64]) -> NDArray[np.float64]:
        low = np.floor(at)
        part = (at - low)[:, None]
        whole = low.astype(np.int64)
        return np.asarray(sums[:, whole] * (1.0 - part) + sums[:, whole + 1] * part)

    half = radius_px + 0.5
    return np.asarray((until(centre + half) - until(centre - half)) / (2.0 * half), np.float32)
