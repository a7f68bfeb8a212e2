"""Turntables: an object making a full turn about its up axis, then one about its front axis, as GIF or MP4."""

from __future__ import annotations

import importlib
import os
from itertools import islice
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree

from objectpose.errors import ObjectPoseError, nearest
from objectpose.files import publish
from objectpose.objects.mesh import Mesh
from objectpose.rendering.backend import RenderBackend
from objectpose.rendering.poses import object_rotation, to_matrix
from objectpose.rendering.scene import CAMERA_Z, FLAT_BACKGROUND, Light, SceneBatch, flat_background, framing_distance

FORMATS = ("gif", "mp4")
FRAMES = 72
FRAME_MS = 80
"""How long a picture stays; GIF counts in hundredths of a second."""
_SAMPLES = 400_000


def check_format(kind: str) -> None:
    """Make sure that turntables of a kind can be written here.

    Args:
        kind: ``gif`` or ``mp4``.

    Raises:
        ObjectPoseError: another kind, or ``mp4`` without the optional package.
    """
    if kind not in FORMATS:
        raise ObjectPoseError(f"Unknown kind of video '{kind}'; {nearest(kind, FORMATS)}.")
    if kind == "mp4":
        _encoder()


def turntable_rotations(view: NDArray[np.float64], frames: int = FRAMES) -> NDArray[np.float64]:
    """Return the rotations ``R_view R_object`` of a turntable: one half of them a full yaw, the other a full roll.

    The last picture is one step before the first, so that the loop has no jump.

    Args:
        view: R_view, 3 x 3.
        frames: N, an even number >= 2.

    Returns:
        float64 N x 3 x 3.

    Raises:
        ObjectPoseError: an odd number of frames, or fewer than 2.

    >>> turntable_rotations(np.eye(3), 8)[1].round(3).tolist()  # a quarter turn about the up axis
    [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]
    """
    if frames < 2 or frames % 2:
        raise ObjectPoseError(f"A turntable of {frames} frames was asked for, expected an even number from 2.")
    angles = [720.0 * step / frames for step in range(frames // 2)]
    turns = [object_rotation(a, 0.0, 0.0) for a in angles] + [object_rotation(0.0, 0.0, a) for a in angles]
    return np.asarray(view @ to_matrix(np.stack(turns)), np.float64)


def save_turntable(
    mesh: Mesh,
    view: NDArray[np.float64],
    path: Path,
    *,
    backend: RenderBackend,
    light: Light | None = None,
    size_px: int = 320,
    frames: int = FRAMES,
    colour: tuple[int, int, int] = FLAT_BACKGROUND,
) -> Path:
    """Render and write the turntable of an object before a flat background.

    Args:
        mesh: of any size; it is centred and fitted.
        view: R_view, 3 x 3, how the object is seen upright.
        path: ends in ``.gif`` or ``.mp4``; its folder is made where it is missing.
        backend: what draws, for example ``get_backend("auto")``.
        light: the data set's; None takes the default.
        size_px: height and width.
        frames: an even number; see :func:`turntable_rotations`.
        colour: of the background.

    Returns:
        The path.

    Raises:
        ObjectPoseError: another ending, ``.mp4`` without the optional package, or a file that cannot be written.
    """
    check_format(path.suffix.removeprefix(".").lower())
    rotations = turntable_rotations(view, frames)
    scene = SceneBatch(
        mesh=mesh.fitted(),
        rotations=rotations,
        translations=np.tile([0.0, 0.0, CAMERA_Z - framing_distance(1.0)], (frames, 1)),
        scales=np.ones(frames),
        backgrounds=flat_background(size_px, colour),
        light=light if light is not None else Light(),
    )
    return save_frames(backend.render(scene).images, path)


def save_frames(images: NDArray[np.uint8], path: Path, *, frame_ms: int = FRAME_MS) -> Path:
    """Write pictures as an endless GIF with one palette, or as an MP4 (H.264); under a temporary name, then moved.

    Args:
        images: uint8 N x H x W x 3, at least one.
        path: ends in ``.gif`` or ``.mp4``; its folder is made where it is missing.
        frame_ms: how long each picture stays; a multiple of 10 for a GIF.

    Returns:
        The path.

    Raises:
        ObjectPoseError: another ending, ``.mp4`` without the optional package, or a file that cannot be written.
    """
    kind = path.suffix.removeprefix(".").lower()
    check_format(kind)
    part = path.with_name(f".{path.stem}.{os.getpid()}.part.{kind}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if kind == "gif":
                _write_gif(images, part, frame_ms)
            else:
                _write_mp4(images, part, frame_ms)
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error).partition("\n")[0]
        raise ObjectPoseError(
            f"The turntable {path} cannot be written ({reason}); choose a folder that you may write to and that has "
            "space."
        ) from error
    return path


def _write_gif(images: NDArray[np.uint8], path: Path, frame_ms: int) -> None:
    indexed, palette = one_palette(images)
    frames = [Image.fromarray(plane, "P") for plane in indexed]
    for frame in frames:
        frame.putpalette(palette.tobytes())
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=frame_ms,
        loop=0,
        optimize=False,
        disposal=1,
        palette=palette.tobytes(),
    )


def one_palette(images: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Reduce pictures to 256 colours that they share, without dithering, so that nothing flickers.

    The most frequent colour, the background, is kept exactly; the others are the boxes of a median cut through the
    remaining pixels.

    Args:
        images: uint8 N x H x W x 3.

    Returns:
        uint8 N x H x W, numbers of colours, and uint8 256 x 3, the colours, all distinct; a colour has the
        same number in every place and frame.
    """
    packed = images[..., 0].astype(np.uint32) << 16
    packed |= images[..., 1].astype(np.uint32) << 8
    packed |= images[..., 2]
    colours, counts = np.unique(packed, return_counts=True)
    most = int(colours[counts.argmax()])
    if len(colours) <= 256:
        others = [int(c) for c in colours]
    else:
        rest = images[packed != most]
        some = rest[:: max(1, len(rest) // _SAMPLES)]
        cut = Image.fromarray(some[None]).quantize(255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        found = np.asarray(cut.getpalette(), np.uint32).reshape(-1, 3)[:255]
        others = [int(r << 16 | g << 8 | b) for r, g, b in found]
    distinct = dict.fromkeys((most, *others))
    unused = (c for c in range(1 << 24) if c not in distinct)
    table = np.array([*distinct, *islice(unused, 256 - len(distinct))], np.uint32)
    palette = _unpacked(table)
    number = np.zeros(1 << 24, np.uint8)
    number[colours] = cKDTree(palette.astype(np.float64)).query(_unpacked(colours).astype(np.float64))[1]
    return number[packed], palette


def _unpacked(colours: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return uint8 N x 3 of colours packed as red, green, blue from the high bits to the low ones."""
    return np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1).astype(np.uint8)


def _encoder() -> ModuleType:
    try:
        module = importlib.import_module("imageio_ffmpeg")
        module.get_ffmpeg_exe()
        return module
    except (ImportError, RuntimeError):
        raise ObjectPoseError(
            "video=mp4 needs the package imageio-ffmpeg, which is not installed; run: pip install objectpose[video], "
            "or use video=gif."
        ) from None


def _write_mp4(images: NDArray[np.uint8], path: Path, frame_ms: int) -> None:
    """Write H.264 with 4:2:0 colours, which every player shows; an odd side is made even by repeating its last line."""
    high, wide = images.shape[1:3]
    even = np.pad(images, ((0, 0), (0, high % 2), (0, wide % 2), (0, 0)), mode="edge")
    writer = _encoder().write_frames(
        str(path),
        (even.shape[2], even.shape[1]),
        fps=1000.0 / frame_ms,
        codec="libx264",
        output_params=["-crf", "18", "-preset", "medium", "-movflags", "+faststart"],
        quality=None,
        macro_block_size=1,
        ffmpeg_log_level="error",
    )
    writer.send(None)
    try:
        for image in even:
            writer.send(np.ascontiguousarray(image))
    finally:
        writer.close()
