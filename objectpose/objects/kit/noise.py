"""Seeded value noise in three dimensions from an integer hash: equal on every machine and in every process."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PRIMES = (0x8DA6B343, 0xD8163841, 0xCB1AB31F)
_BLOCK = 16384


def _mixed(key: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Return numbers in [0, 1) from 32-bit keys by the finaliser of MurmurHash3 (Appleby, public domain)."""
    key = key ^ (key >> np.uint32(16))
    key = key * np.uint32(0x85EBCA6B)
    key ^= key >> np.uint32(13)
    key *= np.uint32(0xC2B2AE35)
    key ^= key >> np.uint32(16)
    return (key >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def _block(points: NDArray[np.float64], seed: int) -> NDArray[np.float32]:
    cell = np.floor(points)
    s = (points - cell).astype(np.float32)
    t = s * s * s * (s * (s * np.float32(6.0) - np.float32(15.0)) + np.float32(10.0))
    low = cell.astype(np.int64).astype(np.uint32)
    keys = []
    for axis, prime in enumerate(_PRIMES):
        first = low[:, axis] * np.uint32(prime)
        keys.append((first, first + np.uint32(prime)))
    salt = np.uint32((seed * 0x9E3779B1 + 0x7F4A7C15) & 0xFFFFFFFF)
    planes = []
    for key_z in keys[2]:
        lines = []
        for key_y in keys[1]:
            base = key_z ^ key_y ^ salt
            ends = [_mixed(base ^ key_x) for key_x in keys[0]]
            lines.append(ends[0] + t[:, 0] * (ends[1] - ends[0]))
        planes.append(lines[0] + t[:, 1] * (lines[1] - lines[0]))
    return np.asarray(planes[0] + t[:, 2] * (planes[1] - planes[0]), np.float32)


def value_noise(points: NDArray[np.float64], seed: int) -> NDArray[np.float32]:
    """Return smooth noise with lattice spacing 1: random values at the corners of unit cells, quintic blend between.

    Args:
        points: float64 N x 3, in units of the lattice.
        seed: any whole number.

    Returns:
        float32 N, 0..1, mean about 0.5.

    >>> round(float(value_noise(np.array([[0.5, 0.5, 0.5]]), 0)[0]), 3) == round(
    ...     float(value_noise(np.array([[0.5, 0.5, 0.5]]), 0)[0]), 3)
    True
    """
    out = np.empty(len(points), np.float32)
    for start in range(0, len(points), _BLOCK):
        out[start : start + _BLOCK] = _block(points[start : start + _BLOCK], seed)
    return out


def fbm(points: NDArray[np.float64], seed: int, octaves: int = 3) -> NDArray[np.float32]:
    """Return a sum of value noises, each twice as fine and half as strong as the one before.

    Args:
        points: float64 N x 3, in units of the coarsest lattice.
        seed: any whole number.
        octaves: how many noises, >= 1.

    Returns:
        float32 N, 0..1, mean about 0.5.
    """
    total = np.zeros(len(points), np.float32)
    weight = 0.0
    for octave in range(octaves):
        share = 0.5**octave
        total += np.float32(share) * value_noise(points * 2.03**octave + 17.7 * octave, seed + 101 * octave)
        weight += share
    return np.asarray(total / np.float32(weight), np.float32)
