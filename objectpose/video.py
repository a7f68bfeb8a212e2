"""Moving pictures: GIF with one palette, MP4 (H.264) frame by frame, each under a temporary name until it is whole."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree

from objectpose.errors import ObjectPoseError, nearest
from objectpose.files import publish

FORMATS = ("gif", "mp4")
FRAME_MS = 80
"""How long a picture stays; GIF counts in hundredths of a second."""
_SAMPLES = 400_000


def check_format(kind: str) -> None:
    """Make sure that moving pictures of a kind can be written here.

    Args:
        kind: ``gif`` or ``mp4``.

    Raises:
        ObjectPoseError: another kind, or ``mp4`` without the optional package.
    """
    if kind not in FORMATS:
        raise ObjectPoseError(f"Unknown kind of video '{kind}'; {nearest(kind, FORMATS)}.")
    if kind == "mp4":
        require_encoder("video=mp4", ", or use video=gif")


def require_encoder(what: str, instead: str = "") -> ModuleType:
    """Return the package that encodes MP4.

    Args:
        what: needs it, as the user wrote it.
        instead: what could be done without it, the end of the sentence.

    Raises:
        ObjectPoseError: it is not installed, or it has no encoder for this machine.
    """
    try:
        module = importlib.import_module("imageio_ffmpeg")
        module.get_ffmpeg_exe()
        return module
    except (ImportError, RuntimeError):
        raise ObjectPoseError(
            f"{what} needs the package imageio-ffmpeg, which is not installed; run: pip install objectpose[video]"
            f"{instead}."
        ) from None


def save_frames(images: NDArray[np.uint8], path: Path, *, frame_ms: int = FRAME_MS) -> Path:
    """Write pictures as an endless GIF with one palette, or as an MP4.

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
    if kind == "mp4":
        return save_mp4(images, path, frame_ms=frame_ms)
    return _published(path, lambda part: _write_gif(images, part, frame_ms))


def save_mp4(frames: Iterable[NDArray[np.uint8]], path: Path, *, frame_ms: float) -> Path:
    """Write frames as they come as an MP4 (H.264), so that a long video needs no more memory than a short one.

    Args:
        frames: uint8 H x W x 3, all of one size, at least one.
        path: its folder is made where it is missing.
        frame_ms: how long each stays.

    Returns:
        The path.

    Raises:
        ObjectPoseError: no encoder, or a file that cannot be written.
    """
    require_encoder("An MP4")
    return _published(path, lambda part: _write_mp4(iter(frames), part, frame_ms))


def _published(path: Path, write: Callable[[Path], None]) -> Path:
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(part)
            publish(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error).partition("\n")[0]
        raise ObjectPoseError(
            f"The video {path} cannot be written ({reason}); choose a folder that you may write to and that has space."
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


def _write_mp4(frames: Iterator[NDArray[np.uint8]], path: Path, frame_ms: float) -> None:
    """Write H.264 with 4:2:0 colours, which every player shows; an odd side is made even by repeating its last line."""
    first = next(frames)
    high, wide = first.shape[:2]
    writer = require_encoder("An MP4").write_frames(
        str(path),
        (wide + wide % 2, high + high % 2),
        fps=1000.0 / frame_ms,
        codec="libx264",
        output_params=["-crf", "18", "-preset", "medium", "-movflags", "+faststart"],
        quality=None,
        macro_block_size=1,
        ffmpeg_log_level="error",
    )
    writer.send(None)
    try:
        for frame in chain([first], frames):
            even = np.pad(frame, ((0, high % 2), (0, wide % 2), (0, 0)), mode="edge")
            writer.send(np.ascontiguousarray(even))
    finally:
        writer.close()
