"""Where faces lie on the screen and which tiles of it they may touch, so that the rasteriser is complete and quick."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from objectpose.rendering.scene import CAMERA_Z, HALF_HEIGHT_PER_DEPTH, NEAR

SUBPIXEL = 256
NUDGE = (-1.0 / 1024.0, -0.618 / 1024.0)
MOST_BINS = 21
"""PyTorch3D takes fewer than 22 bins a side."""


def on_screen(space: torch.Tensor, samples: int) -> torch.Tensor:
    """Return x and y in samples from the upper left corner, snapped, and the depth before the camera.

    Args:
        space: positions in the world, ... x 3.
        samples: height and width of the picture.
    """
    depth = CAMERA_Z - space[..., 2:]
    unit = samples * SUBPIXEL / 2.0
    across = space[..., :2] / (depth * HALF_HEIGHT_PER_DEPTH)
    across = across * torch.tensor([1.0, -1.0], dtype=space.dtype, device=space.device)
    return torch.cat([torch.floor((1.0 + across) * unit + 0.5) / SUBPIXEL, depth], -1)


def boxes_of(place: torch.Tensor, faces: torch.Tensor, samples: int) -> torch.Tensor:
    """Return left, right, top and bottom of every face in samples, F x 4.

    A face that reaches through the near plane is cut there into two at most, of which nothing is known beforehand: its
    box is the whole picture.
    """
    corners = place[faces]
    low, high = corners[..., :2].amin(1), corners[..., :2].amax(1)
    box = torch.stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]], 1)
    whole = torch.tensor([0.0, samples, 0.0, samples], dtype=box.dtype, device=box.device)
    return torch.where((corners[..., 2] < NEAR).any(1)[:, None], whole, box)


def bins(boxes: Sequence[torch.Tensor], samples: int, most_bytes: int) -> tuple[int, int]:
    """Return the width of the rasteriser's bins in samples, and a capacity that none of them exceeds.

    Args:
        boxes: left, right, top and bottom of every face in samples, F x 4 a picture.
        samples: height and width of the pictures.
        most_bytes: that the lists of all bins may take.

    Returns:
        Width and capacity, or 0 and 0 where even the smallest bins would need more memory: then the rasteriser is to
        go without bins.
    """
    narrowest = -(-samples // MOST_BINS)
    width = max(8, 1 << (narrowest - 1).bit_length())
    widths = sorted({narrowest, width, 2 * width}, reverse=True)
    for width in widths:
        count = 1 + (samples - 1) // width
        needed = int(torch.stack([_fullest(box, width, count) for box in boxes]).max())
        if needed * 4 * count * count * len(boxes) <= most_bytes:
            return width, needed
    return 0, 0


def _fullest(box: torch.Tensor, width: int, count: int) -> torch.Tensor:
    """Return how many faces the fullest bin gets, by counting every box in all bins that it may touch."""
    left, right, top, bottom, inside = _span(box, width, count)
    corners = torch.zeros((count + 1) * (count + 1), dtype=torch.int64, device=box.device)
    for y, x, sign in ((top, left, 1), (top, right + 1, -1), (bottom + 1, left, -1), (bottom + 1, right + 1, 1)):
        corners.index_add_(0, y * (count + 1) + x, sign * inside.long())
    return corners.view(count + 1, count + 1).cumsum(0).cumsum(1).max()


def _span(box: torch.Tensor, width: int, count: int) -> tuple[torch.Tensor, ...]:
    """Return the first and last column and row of the tiles that boxes may touch, and whether they touch any."""
    inside = (box[:, 1] >= 0) & (box[:, 3] >= 0) & (box[:, 0] <= count * width) & (box[:, 2] <= count * width)
    slack = 0.01 * torch.tensor([-1.0, 1.0, -1.0, 1.0], dtype=box.dtype, device=box.device)
    left, right, top, bottom = torch.floor((box + slack) / width).clamp(0, count - 1).long().unbind(1)
    return left, right, top, bottom, inside


def touched(box: torch.Tensor, width: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return every pair of a box and a tile, numbered by rows, that it may touch."""
    left, right, top, bottom, inside = _span(box, width, count)
    across, down = right - left + 1, bottom - top + 1
    pairs = across * down * inside
    which = torch.repeat_interleave(torch.arange(len(box), device=box.device), pairs)
    within = torch.arange(len(which), device=box.device) - (pairs.cumsum(0) - pairs)[which]
    return which, (top[which] + within // across[which]) * count + left[which] + within % across[which]


def in_tile(place: torch.Tensor, origin: torch.Tensor, width: int) -> torch.Tensor:
    """Return positions as PyTorch3D wants them: x to the left and y up from -1 to 1 over a tile, and the depth.

    Everything is moved by less than the grid of the vertices, to the left and up. PyTorch3D counts a sample on an edge
    to neither of the faces that share it; after the move no sample lies on one, and those that did belong to the face
    that the top-left rule gives them to.
    """
    ndc = 1.0 - (place[..., :2] - origin + place.new_tensor(NUDGE)) * (2.0 / width)
    return torch.cat([ndc, place[..., 2:]], -1).float()
