"""The interface of a renderer and the table of those there are."""

from __future__ import annotations

from typing import Protocol

from objectpose.errors import ObjectPoseError, nearest
from objectpose.rendering.scene import Rendered, SceneBatch


class RenderBackend(Protocol):
    """Draws scene batches; every backend draws the same picture within the tolerances of the documentation."""

    @property
    def name(self) -> str:
        """Short name, as in ``render.backend=cpu``."""

    @property
    def version(self) -> str:
        """Changes whenever a pixel could; part of a data set's hash."""

    def render(self, batch: SceneBatch) -> Rendered:
        """Draw every pose of the batch.

        Raises:
            ObjectPoseError: a vertex is not finite.
        """


BACKENDS = ("cpu",)


def get_backend(name: str, threads: int | None = None) -> RenderBackend:
    """Return the backend called ``name``; ``auto`` takes the best one that works here.

    Args:
        name: ``auto`` or one of ``BACKENDS``.
        threads: worker threads of a CPU backend; None takes one a processor this process may use.

    Raises:
        ObjectPoseError: no backend has that name.
    """
    if name not in ("auto", *BACKENDS):
        raise ObjectPoseError(f"Unknown render.backend '{name}'; {nearest(name, ('auto', *BACKENDS))}.")
    from objectpose.rendering.cpu import CpuBackend

    return CpuBackend(threads)
