"""Pictures a second of our renderers and of others, in turn, in one run.

    python benchmarks/render.py

Method: a textured mesh (a lumpy sphere that fills the reference framing) of 20,480 and of 100,820 faces, at 224 and
500 px, Haar-uniform poses, the same list for all. Ours draw 2 x 2 samples a pixel and shade each. The others:

- pyvista (VTK), moderngl: one off-screen window with mip-mapping, once with 4 samples a pixel (the nearest to like for
  like) and once without anti-aliasing (the fastest, jagged); pyrender always takes 4;
- pytorch3d_loop: PyTorch3D's MeshRenderer with HardPhongShader, a call a picture, one sample a pixel;
- pytorch3d_batched: our backend, all poses in one call; on CUDA too where it is usable.

Every picture ends in a numpy array. A contestant that cannot be imported or started is named with the reason. In each
setting all draw one warm-up picture whose silhouette must overlap ours (IoU >= 0.95), then take turns; a turn is as
many poses of the list as take about ``--seconds``. Rates are medians over the turns; ratios are ours (CPU) over
theirs, taken turn by turn, median. Where a picture takes longer than ``--seconds`` that one picture is the only turn.
A PyTorch3D loop that by its time in the first setting, in proportion to faces x pixels, would need over ``--longest``
seconds a picture is left out. The load of the machine before and after is stored: other work makes all numbers void.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from objectpose.objects.mesh import Material, Mesh
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.poses import haar_rotation, to_matrix
from objectpose.rendering.scene import FLAT_BACKGROUND, SceneBatch, flat_background, framing_distance

OURS = "objectpose_cpu"
PACKAGES = ("objectpose", "numpy", "numba", "torch", "pytorch3d", "pyvista", "vtk", "moderngl", "pyrender")
Draw = Callable[[SceneBatch], NDArray[np.uint8]]


def lumpy_sphere(frequency: int = 32) -> Mesh:
    """Return a sphere with bumps and a noisy texture: an icosahedron with 20 x frequency^2 faces (20,480)."""
    base = trimesh.creation.icosahedron()
    steps = [(i, j) for i in range(frequency + 1) for j in range(frequency + 1 - i)]
    number = {step: n for n, step in enumerate(steps)}
    local = [(number[i, j], number[i + 1, j], number[i, j + 1]) for i, j in steps if i + j < frequency]
    local += [(number[i + 1, j], number[i + 1, j + 1], number[i, j + 1]) for i, j in steps if i + j < frequency - 1]
    share = np.array([(frequency - i - j, i, j) for i, j in steps]) / frequency
    points = np.concatenate([share @ base.vertices[face] for face in base.faces])
    faces = np.concatenate([np.array(local) + n * len(steps) for n in range(len(base.faces))])
    ball = trimesh.Trimesh(points / np.linalg.norm(points, axis=1, keepdims=True), faces)  # merges equal points
    unit = np.asarray(ball.vertices)
    ball.vertices = unit * (1 + 0.1 * np.sin(9 * unit[:, :1]) * np.sin(7 * unit[:, 1:2]))
    uv = np.stack([np.arctan2(unit[:, 0], unit[:, 2]) / (2 * np.pi) + 0.5, unit[:, 1] / 2 + 0.5], axis=1)
    texture = np.random.default_rng(0).integers(60, 256, (512, 512, 3), dtype=np.uint8)
    return Mesh(
        np.asarray(ball.vertices, np.float64),
        np.asarray(ball.vertex_normals, np.float32),
        uv.astype(np.float32),
        np.asarray(ball.faces, np.int32),
        np.zeros(len(ball.faces), np.int32),
        (Material(texture),),
        two_sided=False,
    )


def scene(mesh: Mesh, count: int, size_px: int) -> SceneBatch:
    """Return ``count`` Haar-uniform poses of the mesh in the reference framing."""
    rng = np.random.default_rng(0)
    where = np.tile([0.0, 0.0, 2.0 - framing_distance(mesh.radius)], (count, 1))
    rotations = np.stack([to_matrix(haar_rotation(rng)) for _ in range(count)])
    return SceneBatch(mesh, rotations, where, np.ones(count), flat_background(size_px))


def first(batch: SceneBatch, count: int) -> SceneBatch:
    """Return the first poses of a batch."""
    return SceneBatch(
        batch.mesh, batch.rotations[:count], batch.translations[:count], batch.scales[:count], batch.backgrounds
    )


class Contestant:
    """Draws batches of one mesh at one size; ``peer`` is closed where it can be."""

    def __init__(self, draw: Draw, peer: Any = None) -> None:
        self.draw = draw
        self.peer = peer

    def close(self) -> None:
        """Free what the contestant holds."""
        if self.peer is not None:
            self.peer.close()


def _pyvista(samples: int) -> Callable[[Mesh, int], Contestant]:
    def make(mesh: Mesh, size_px: int) -> Contestant:
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
        from pyvista_peer import PyvistaPeer

        peer = PyvistaPeer(mesh, size_px, FLAT_BACKGROUND, samples=samples)
        return Contestant(peer.draw_all, peer)

    return make


def _moderngl(samples: int) -> Callable[[Mesh, int], Contestant]:
    def make(mesh: Mesh, size_px: int) -> Contestant:
        from moderngl_peer import ModernglPeer

        peer = ModernglPeer(mesh, size_px, FLAT_BACKGROUND, samples=samples)
        return Contestant(peer.draw_all, peer)

    return make


def _pyrender(mesh: Mesh, size_px: int) -> Contestant:
    from pyrender_peer import PyrenderPeer

    peer = PyrenderPeer(mesh, size_px, FLAT_BACKGROUND)
    return Contestant(peer.draw_all, peer)


def _loop(device: str) -> Callable[[Mesh, int], Contestant]:
    def make(mesh: Mesh, size_px: int) -> Contestant:
        from pytorch3d_peer import Pytorch3dLoopPeer

        peer = Pytorch3dLoopPeer(mesh, size_px, FLAT_BACKGROUND, device)
        return Contestant(peer.draw_all, peer)

    return make


def _batched(device: str) -> Callable[[Mesh, int], Contestant]:
    def make(mesh: Mesh, size_px: int) -> Contestant:
        from objectpose.rendering.pytorch3d import Pytorch3dBackend

        backend = Pytorch3dBackend(device)
        return Contestant(lambda batch: backend.render(batch).images)

    return make


def _ours(mesh: Mesh, size_px: int) -> Contestant:
    backend = CpuBackend()
    return Contestant(lambda batch: backend.render(batch).images)


def contestants() -> dict[str, Callable[[Mesh, int], Contestant]]:
    """Return a maker of each contestant by name; those on CUDA only where it is usable."""
    table: dict[str, Callable[[Mesh, int], Contestant]] = {
        OURS: _ours,
        "pyvista_msaa4": _pyvista(4),
        "pyvista_no_aa": _pyvista(0),
        "moderngl_msaa4": _moderngl(4),
        "moderngl_no_aa": _moderngl(0),
        "pyrender_msaa4": _pyrender,
        "pytorch3d_loop_cpu": _loop("cpu"),
        "pytorch3d_batched_cpu": _batched("cpu"),
    }
    if has_cuda():
        table |= {"pytorch3d_loop_cuda": _loop("cuda"), "pytorch3d_batched_cuda": _batched("cuda")}
    return table


def has_cuda() -> bool:
    """Return whether PyTorch finds a usable CUDA device."""
    try:
        import torch
    except ImportError:
        return False
    return bool(torch.cuda.is_available())


def silhouette_iou(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> float:
    """Return the overlap of what differs from the background in two pictures."""
    flat = np.array(FLAT_BACKGROUND)
    a, b = (np.abs(picture.astype(int) - flat).max(axis=2) > 4 for picture in (one, two))
    return float((a & b).sum() / (a | b).sum())


def measure(mesh: Mesh, size_px: int, arguments: argparse.Namespace, costs: dict[str, float]) -> dict[str, Any]:
    """Return the rates, ratios and absences of one setting.

    Args:
        mesh: what is drawn.
        size_px: height and width of the pictures.
        arguments: of the command line.
        costs: seconds for a face x pixel of each contestant in the first setting it ran in; added to.
    """
    batch = scene(mesh, arguments.poses, size_px)
    work = len(mesh.faces) * size_px**2
    ready: dict[str, tuple[Contestant, int, int]] = {}
    absent: dict[str, str] = {}
    overlap: dict[str, float] = {}
    once: dict[str, float] = {}
    reference = CpuBackend().render(first(batch, 1)).images[0]
    for name, make in contestants().items():
        if name.startswith("pytorch3d_loop") and costs.get(name, 0.0) * work > arguments.longest:
            absent[name] = f"left out: about {costs[name] * work:.0f} s a picture"
            continue
        try:
            contestant = make(mesh, size_px)
        except Exception as error:  # whatever a library or driver that is not there raises
            lines = str(error).strip().splitlines()
            absent[name] = f"{type(error).__name__}: {lines[0] if lines else 'no message'}"
            continue
        picture = contestant.draw(first(batch, 1))[0]
        start = time.perf_counter()
        contestant.draw(first(batch, 1))
        once[name] = time.perf_counter() - start
        costs.setdefault(name, once[name] / work)
        overlap[name] = silhouette_iou(reference, picture)
        if arguments.pictures is not None:
            arguments.pictures.mkdir(parents=True, exist_ok=True)
            Image.fromarray(picture).save(arguments.pictures / f"{name}-{len(mesh.faces)}-{size_px}.png")
        if overlap[name] < 0.95:
            sys.exit(f"{name} draws another silhouette than {OURS} (IoU {overlap[name]:.3f}); its speed means nothing.")
        count = max(1, min(arguments.poses, int(arguments.seconds / once[name])))
        ready[name] = (contestant, count, 0 if once[name] > arguments.seconds else arguments.rounds)
    rates: dict[str, list[float]] = {name: [] for name in ready}
    for name, (contestant, count, turns) in ready.items():
        if turns:
            contestant.draw(first(batch, count))  # buffers of the turn's size
        else:
            rates[name].append(1.0 / once[name])
    for turn in range(arguments.rounds):
        for name, (contestant, count, turns) in ready.items():
            if turn < turns:
                part = first(batch, count)
                start = time.perf_counter()
                contestant.draw(part)
                rates[name].append(count / (time.perf_counter() - start))
    for contestant, _, _ in reversed(ready.values()):  # the libraries share one EGL display: last opened, first closed
        contestant.close()
    ratios = {n: [a / b for a, b in zip(rates[OURS], rates[n], strict=False)] for n in ready if n != OURS}
    return {
        "faces": len(mesh.faces),
        "size_px": size_px,
        "poses_a_turn": {name: count for name, (_, count, _) in ready.items()},
        "turns": {name: len(some) for name, some in rates.items()},
        "images_per_second": {name: statistics.median(some) for name, some in rates.items()},
        "images_per_second_all": rates,
        "ratio_of_ours": {name: statistics.median(some) for name, some in ratios.items()},
        "ratio_min_max": {name: [min(some), max(some)] for name, some in ratios.items()},
        "silhouette_iou": overlap,
        "absent": absent,
    }


def versions() -> dict[str, str]:
    """Return the versions of the packages that take part; ``absent`` where one is not installed."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "absent"
    return found


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on."""
    info = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    gpu = None
    if has_cuda():
        import torch

        gpu = torch.cuda.get_device_name()
    return {
        "processor": models[0] if models else platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "system": platform.platform(),
        "gpu": gpu,
        "load_before": round(os.getloadavg()[0], 2),
    }


def show(result: dict[str, Any]) -> None:
    """Print the table of one setting."""
    print(f"\n{result['faces']:,} faces, {result['size_px']} px")
    print(f"{'':24}{'images/s':>10}{'ours / it':>11}{'(min - max)':>17}{'poses x turns':>15}{'IoU':>8}")
    for name, rate in result["images_per_second"].items():
        turns = f"{result['poses_a_turn'][name]} x {result['turns'][name]}"
        ratio, spread = "", ""
        if name in result["ratio_of_ours"]:
            low, high = result["ratio_min_max"][name]
            ratio, spread = f"{result['ratio_of_ours'][name]:.2f}", f"{low:.2f} - {high:.2f}"
        print(f"{name:24}{rate:10.2f}{ratio:>11}{spread:>17}{turns:>15}{result['silhouette_iou'][name]:8.4f}")
    for name, reason in result["absent"].items():
        print(f"{name:24}{'absent':>10}  {reason}")


def main() -> None:
    """Run the comparison, print a table a setting and store everything as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--poses", type=int, default=256 if has_cuda() else 32, help="length of the pose list")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant")
    parser.add_argument("--sizes", type=int, nargs="+", default=[224, 500], help="pixels a side")
    parser.add_argument("--frequencies", type=int, nargs="+", default=[32, 71], help="20 x its square faces")
    parser.add_argument("--seconds", type=float, default=1.5, help="about how long a turn lasts")
    parser.add_argument("--longest", type=float, default=40.0, help="seconds a picture may take")
    parser.add_argument("--out", type=Path, default=Path("results/benchmarks/render.json"))
    parser.add_argument("--pictures", type=Path, default=None, help="folder for the first picture of each")
    arguments = parser.parse_args()
    if min(arguments.poses, arguments.rounds, *arguments.sizes, *arguments.frequencies) < 1:
        parser.error("--poses, --rounds, --sizes and --frequencies must be whole numbers >= 1")
    report: dict[str, Any] = {"machine": machine(), "versions": versions(), "settings": []}
    costs: dict[str, float] = {}
    for frequency in arguments.frequencies:
        mesh = lumpy_sphere(frequency)
        for size_px in arguments.sizes:
            report["settings"].append(measure(mesh, size_px, arguments, costs))
            show(report["settings"][-1])
    report["machine"]["load_after"] = round(os.getloadavg()[0], 2)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(f"\n{report['machine']}\n{report['versions']}\nstored in {arguments.out}")


if __name__ == "__main__":
    main()
