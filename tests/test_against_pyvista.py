"""Silhouettes of every object against an independent renderer, and the audit's stored answer."""

import os

import numpy as np
import pytest

from benchmarks.pyvista_peer import PyvistaPeer
from objectpose.objects.catalogue import CATALOGUE, build
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.poses import haar_rotation, multiply, to_matrix, view_rotation
from objectpose.rendering.scene import SceneBatch, flat_background, framing_distance

KEY = (255, 0, 255)
SIZE = 320


@pytest.mark.parametrize("name", CATALOGUE)
def test_silhouette_agrees_with_pyvista(name, capfd):
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    mesh, row = build(f"{name}/0"), CATALOGUE[name]
    rng = np.random.default_rng(7)
    turns = [np.array([1.0, 0, 0, 0]), haar_rotation(rng), haar_rotation(rng)]
    rotations = to_matrix(multiply(view_rotation(row.azimuth_deg, row.elevation_deg), np.stack(turns)))
    count = len(turns)
    batch = SceneBatch(
        mesh,
        rotations,
        np.tile([0.0, 0.0, 2.0 - framing_distance(mesh.radius)], (count, 1)),
        np.ones(count),
        flat_background(SIZE, KEY),
    )
    ours = CpuBackend(2).render(batch).masks
    # One sample of pyvista's at each of our samples, then the same rule: covered where half of a pixel's samples hit.
    peer = PyvistaPeer(mesh, 2 * SIZE, KEY, samples=0)
    hits = (peer.draw_all(batch) != np.array(KEY, np.uint8)).any(axis=3)
    theirs = hits.reshape(count, SIZE, 2, SIZE, 2).sum(axis=(2, 4)) >= 2
    peer.close()
    capfd.readouterr()  # VTK says on stderr that there is no X server
    for one, two in zip(ours, theirs, strict=True):
        assert one.sum() > 2000
        assert (one & two).sum() / (one | two).sum() >= 0.98
