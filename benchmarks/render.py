"""Pictures a second of the CPU renderer against pyvista (VTK), in turn, in one run.

    python benchmarks/render.py

Method: one textured mesh of about 20,000 faces (a lumpy sphere that fills the reference framing), 32 Haar-uniform
poses, 224 px. Ours draws 2 x 2 samples a pixel and shades each. pyvista draws into one off-screen window with
mip-mapping, once with 4 samples a pixel (the like for like) and once without anti-aliasing (its fastest, jagged), and
its picture is read back, as a renderer of data sets has to. After one warm-up of each they take turns; ratios are
taken round by round and the median is quoted.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time

import numpy as np
import trimesh
from pyvista_peer import PyvistaPeer

from objectpose.objects.mesh import Material, Mesh
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.poses import haar_rotation, to_matrix
from objectpose.rendering.scene import FLAT_BACKGROUND, SceneBatch, flat_background, framing_distance


def lumpy_sphere(subdivisions: int = 5) -> Mesh:
    """Return a sphere with bumps and a noisy texture: 20 x 4^subdivisions faces (20,480)."""
    ball = trimesh.creation.icosphere(subdivisions)
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


def main() -> None:
    """Run the comparison and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--poses", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=224)
    arguments = parser.parse_args()
    mesh = lumpy_sphere()
    batch = scene(mesh, arguments.poses, arguments.size)
    peers = {
        "pyvista_msaa4": PyvistaPeer(mesh, arguments.size, FLAT_BACKGROUND, samples=4),
        "pyvista_no_aa": PyvistaPeer(mesh, arguments.size, FLAT_BACKGROUND, samples=0),
    }
    contestants = {"objectpose_cpu": CpuBackend().render} | {name: peer.draw_all for name, peer in peers.items()}
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(arguments.rounds + 1):
        for name, draw in contestants.items():
            start = time.perf_counter()
            draw(batch)
            if turn:  # the first turn warms up
                rates[name].append(arguments.poses / (time.perf_counter() - start))
    for peer in peers.values():
        peer.close()
    ratios = {n: [a / b for a, b in zip(rates["objectpose_cpu"], rates[n], strict=True)] for n in peers}
    result = {
        "faces": len(mesh.faces),
        "size_px": arguments.size,
        "processors": len(os.sched_getaffinity(0)),
        "machine": platform.processor() or platform.machine(),
        "images_per_second_median": {k: round(statistics.median(v), 1) for k, v in rates.items()},
        "ratio_median": {n: round(statistics.median(v), 2) for n, v in ratios.items()},
        "ratio_min_max": {n: [round(min(v), 2), round(max(v), 2)] for n, v in ratios.items()},
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
