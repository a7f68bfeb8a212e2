"""The interface of a renderer and the table of those there are."""

from __future__ import annotations

from importlib.util import find_spec
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

    @property
    def pictures_a_call(self) -> int:
        """How many pictures of one object are best drawn together."""

    def render(self, batch: SceneBatch) -> Rendered:
        """Draw every pose of the batch.

        Raises:
            ObjectPoseError: a vertex is not finite.
        """


BACKENDS = ("cpu", "pytorch3d")


def importable_backends() -> tuple[str, ...]:
    """Return the names of the backends whose libraries are installed."""
    return BACKENDS if find_spec("pytorch3d") is not None else ("cpu",)


def get_backend(name: str, threads: int | None = None, device: str = "auto") -> RenderBackend:
    """Return the backend called ``name``; ``auto`` takes PyTorch3D where it is installed beside a GPU, else the CPU's.

    Args:
        name: ``auto`` or one of ``BACKENDS``.
        threads: worker threads of the CPU backend; None takes one a processor this process may use.
        device: of PyTorch3D: ``auto``, ``cpu``, ``cuda`` or ``cuda:N``.

    Raises:
        ObjectPoseError: no backend has that name, its library is not installed, or the device is not there.
    """
    if name not in ("auto", *BACKENDS):
        raise ObjectPoseError(f"Unknown render.backend '{name}'; {nearest(name, ('auto', *BACKENDS))}.")
    installed = "pytorch3d" in importable_backends()
    gpu = False
    if device not in ("auto", "cpu") or (name == device == "auto" and installed):  # else torch need not be imported
        from objectpose.device import pick_device

        gpu = pick_device(device, "render.device").type == "cuda"
    if name == "pytorch3d" or (name == "auto" and gpu and installed):
        from objectpose.rendering.pytorch3d import Pytorch3dBackend

        try:
            return Pytorch3dBackend(device)
        except ObjectPoseError:
            if name == "pytorch3d":
                raise
    from objectpose.rendering.cpu import CpuBackend

    return CpuBackend(threads)
