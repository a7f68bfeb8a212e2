"""What differs between the instances of a class: seed 0 is the reference, others draw from what the thing can be."""

from __future__ import annotations

import zlib
from typing import TypeVar

import numpy as np

from objectpose.errors import ObjectPoseError

Choice = TypeVar("Choice")


class Variant:
    """Draws the proportions, colours and parts of one instance, call by call.

    Every draw returns the reference for seed 0. Draws follow the name, the seed and the order of the calls alone, so
    that equal seeds give equal objects everywhere.

    Args:
        name: the class, which keeps the draws of different classes apart.
        seed: instance number, >= 0.

    >>> Variant("tank", 0).near(2.0), Variant("tank", 0).pick("green", "sand")
    (2.0, 'green')
    >>> Variant("tank", 1).pick("green", "sand")
    'sand'
    """

    def __init__(self, name: str, seed: int) -> None:
        self.seed = seed
        self._salt = zlib.crc32(name.encode())
        self._draws = 0

    def _stream(self, *extra: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self._salt, self._draws, *extra]))

    def between(self, reference: float, low: float, high: float) -> float:
        """Return ``reference`` for seed 0, else a number drawn uniformly from low..high, rounded to six digits.

        Raises:
            ObjectPoseError: low is above high.
        """
        if low > high:
            raise ObjectPoseError(f"A variant draws from {low:g} to {high:g}, expected the smaller number first.")
        self._draws += 1
        return reference if self.seed == 0 else round(float(self._stream(self.seed).uniform(low, high)), 6)

    def near(self, reference: float, spread: float = 0.08) -> float:
        """Return ``reference`` for seed 0, else a number within that share of it: proportions, angles, lengths."""
        reach = abs(reference) * spread
        return self.between(reference, reference - reach, reference + reach)

    def pick(self, *options: Choice) -> Choice:
        """Return the first option for seed 0; of n options, n seeds in a row (0 to n - 1, ...) see each one once.

        Raises:
            ObjectPoseError: no option.
        """
        if not options:
            raise ObjectPoseError("A variant picks from no option, expected at least one; give the choices.")
        self._draws += 1
        block, place = divmod(self.seed, len(options))
        order = self._stream(block, len(options)).permutation(len(options))
        if block == 0:  # the reference comes first
            order = np.concatenate([[0], order[order != 0]])
        return options[int(order[place])]
