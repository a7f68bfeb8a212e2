"""What a backend makes of a mesh before it draws it, kept for the meshes that were drawn last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from objectpose.objects.mesh import Mesh

T = TypeVar("T")


class Recent(Generic[T]):
    """Calls a function once for each mesh, and again for one that was not asked for lately.

    A mesh is known by identity, so that arrays must not be changed in place between two calls.

    Args:
        make: the function.
        most: how many results are kept.
    """

    def __init__(self, make: Callable[[Mesh], T], most: int = 4) -> None:
        self._make = make
        self._most = most
        self._kept: OrderedDict[int, tuple[Mesh, T]] = OrderedDict()

    def __call__(self, mesh: Mesh) -> T:
        """Return what the function makes of a mesh."""
        found = self._kept.get(id(mesh))
        if found is None or found[0] is not mesh:
            found = (mesh, self._make(mesh))
            self._kept[id(mesh)] = found
        self._kept.move_to_end(id(mesh))
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found[1]
