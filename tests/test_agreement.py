"""One picture from every backend: each against the CPU renderer, and that against rays cast one by one."""

from dataclasses import replace

import numpy as np
import pytest

from objectpose.errors import ObjectPoseError
from objectpose.objects.mesh import Material
from objectpose.rendering.backend import BACKENDS, get_backend, importable_backends
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.scene import Light
from tests.oracle import ray_cast
from tests.scenes import (
    NOISE,
    SCENES,
    assert_same_pictures,
    ball,
    coloured,
    cut_out,
    glass,
    many_materials,
    scene,
)

CPU = CpuBackend(2)
OTHERS = [name for name in importable_backends() if name != "cpu"]
MISSING = [name for name in BACKENDS if name not in importable_backends()]


def unshrunk(mesh):
    """Return a mesh whose textures are read at full size: the oracle knows no levels."""
    return replace(mesh, materials=tuple(replace(m, max_level=0) for m in mesh.materials))


def thinned(mesh, every):
    """Return a mesh with every so manieth face; what is left is open, so that both sides show."""
    return replace(mesh, faces=mesh.faces[::every], face_material=mesh.face_material[::every], two_sided=True)


ORACLE = {
    "textured": lambda: ball(1),
    "two-sided with holes": lambda: thinned(ball(2), 3),
    "coloured": coloured,
    "materials and highlights": lambda: thinned(many_materials(), 9),
    "see-through": lambda: thinned(glass(), 5),
    "alpha map": lambda: thinned(cut_out(), 3),
    "clamped texture": lambda: ball(1, Material(NOISE[:16, :24], specular=(0.2, 0.9, 0.4), shininess=9.0)),
}


@pytest.mark.parametrize("name", ORACLE)
@pytest.mark.parametrize("fine", [1, 2])
def test_the_cpu_renderer_agrees_with_rays_cast_one_by_one(name, fine):
    batch = scene(unshrunk(ORACLE[name]()), size=200 // fine, seed=3, count=1, supersampling=fine,
                  light=Light((0.4, 0.7, 0.9), 0.35, 0.8, 0.7))  # fmt: skip
    assert_same_pictures(CPU.render(batch), ray_cast(batch))


def test_the_oracle_tells_a_wrong_picture():
    batch = scene(unshrunk(ball(1)), size=40, count=1)
    wrong = replace(batch, light=Light(ambient=0.55))
    with pytest.raises(AssertionError):
        assert_same_pictures(CPU.render(batch), ray_cast(wrong))
    with pytest.raises(AssertionError):
        assert_same_pictures(CPU.render(batch), ray_cast(replace(batch, scales=batch.scales * 1.02)))


def test_scenes_are_many():
    assert len(SCENES) >= 24 + 60


@pytest.mark.parametrize(
    "backend", OTHERS or [pytest.param(None, marks=pytest.mark.skip(f"not importable: {MISSING}"))]
)
@pytest.mark.parametrize("name", SCENES)
def test_backends_agree_with_the_cpu(name, backend):
    batch = SCENES[name]()
    assert_same_pictures(CPU.render(batch), get_backend(backend).render(batch))


needs_pytorch3d = pytest.mark.skipif("pytorch3d" in MISSING, reason="PyTorch3D is not importable here")


@needs_pytorch3d
def test_several_meshes_a_call_give_the_pictures_of_one_mesh_a_call():
    backend = get_backend("pytorch3d")
    batches = [scene(ball(3), size=64), scene(glass(), size=64), scene(coloured(), size=64, supersampling=1)]
    batches.insert(1, scene(many_materials(), size=64, light=Light(ambient=0.1), seed=4))
    together = backend.render_many(batches)
    for batch, drawn in zip(batches, together, strict=True):
        alone = backend.render(batch)
        assert (alone.images == drawn.images).all()
        assert (alone.masks == drawn.masks).all()


@needs_pytorch3d
def test_pictures_do_not_depend_on_how_they_are_cut_into_chunks(monkeypatch):
    from objectpose.rendering import pytorch3d

    batch = scene(glass(), size=48, count=5)
    whole = get_backend("pytorch3d").render(batch)
    monkeypatch.setattr(pytorch3d, "CPU_BYTES", 1)
    assert (get_backend("pytorch3d").render(batch).images == whole.images).all()


@needs_pytorch3d
def test_a_picture_that_no_memory_holds_is_a_sentence_and_a_smaller_chunk_is_tried_first(monkeypatch):
    import torch

    backend, batch = get_backend("pytorch3d"), scene(ball(2), size=32, count=4)
    expected, draw, tried = backend.render(batch), backend._draw, []

    def tight(batches, jobs, two_sided):
        tried.append(len(jobs))
        if len(jobs) > most:
            raise torch.OutOfMemoryError
        return draw(batches, jobs, two_sided)

    monkeypatch.setattr(backend, "_draw", tight)
    most = 1
    assert (backend.render(batch).images == expected.images).all()
    assert tried == [4, 2, 1, 1, 1, 1]
    most = 0
    with pytest.raises(ObjectPoseError, match="does not hold one picture"):
        backend.render(batch)


@needs_pytorch3d
def test_bins_hold_all_their_faces_whatever_the_mesh():
    import torch

    from objectpose.rendering.tiles import bins

    rng = np.random.default_rng(0)
    middle = rng.normal(200, 60, (4000, 2))
    reach = rng.gamma(1.0, 8.0, (4000, 2))
    box = np.stack([middle[:, 0] - reach[:, 0], middle[:, 0] + reach[:, 0],
                    middle[:, 1] - reach[:, 1], middle[:, 1] + reach[:, 1]], 1)  # fmt: skip
    width, capacity = bins([torch.from_numpy(box)], 448, 1 << 30)
    side = 1 + 447 // width
    assert side < 22  # what PyTorch3D takes
    left, right, top, bottom = box.T
    across = [(right >= x * width) & (left <= (x + 1) * width) for x in range(side)]
    down = [(bottom >= y * width) & (top <= (y + 1) * width) for y in range(side)]
    counts = [(one & two).sum() for one in across for two in down]
    assert max(counts) <= capacity <= max(counts) + 5
    narrow, _ = bins([torch.from_numpy(box)], 448, capacity * 4 * side * side - 1)
    assert narrow < width
    assert bins([torch.from_numpy(box)], 448, 10) == (0, 0)


def test_backend_names():
    assert get_backend("auto", device="cpu").name == "cpu"
    assert get_backend("cpu").pictures_a_call >= 1
    with pytest.raises(ObjectPoseError, match="pytorch3d"):
        get_backend("pytorch")


@pytest.mark.skipif("pytorch3d" not in MISSING, reason="PyTorch3D is importable here")
def test_a_backend_that_is_not_installed_is_a_sentence():
    with pytest.raises(ObjectPoseError, match=r"needs PyTorch3D.*README"):
        get_backend("pytorch3d")


@needs_pytorch3d
@pytest.mark.parametrize(("device", "words"), [("tpu", "auto, cpu, cuda"), ("cuda", "no usable CUDA GPU")])
def test_a_device_that_is_not_there_is_a_sentence(device, words):
    import torch

    if device == "cuda" and torch.cuda.is_available():
        pytest.skip("there is one here")
    with pytest.raises(ObjectPoseError, match=words):
        get_backend("pytorch3d", device=device)
