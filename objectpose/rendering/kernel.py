"""The kernels of the CPU renderer: an edge-function rasteriser compiled with numba, one picture a call.

Vertices are snapped to 1/256 of a sample and edges are tested in whole numbers with the top-left rule, so that
neighbouring triangles neither overlap nor leave a gap (Pineda 1988). Visibility is settled first (a depth and a
triangle number a sample, and of see-through triangles the nearest few), then every sample is shaded once. Texture
coordinates, normals and depth are interpolated perspective-correctly; textures are read trilinearly at the level that
the exact screen derivatives of the texture coordinates ask for.

All kernels stand in one file because numba's cache on disk looks at the file of the outermost one only.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from objectpose.rendering.scene import CAMERA_Z, HALF_HEIGHT_PER_DEPTH, LAYERS, NEAR

SUBPIXEL = 256
GUARD = 16.0
"""Triangles that reach further than this many half frames to a side are clipped there."""
ROW = 43
_FLOATS = NDArray[np.float64]
_INTS = NDArray[np.int64]


@njit(cache=True, nogil=True, error_model="numpy")
def _clip(corners: _FLOATS, count: int, plane: int) -> tuple[_FLOATS, int]:
    """Clip a polygon (rows x, y, w, b0, b1, b2) by one plane: 0 near, 1-4 the sides of the guard band."""
    out = np.empty((9, 6))
    kept = 0
    for i in range(count):
        a, b = corners[i], corners[(i + 1) % count]
        if plane == 0:
            da, db = a[2] - NEAR, b[2] - NEAR
        elif plane <= 2:
            sign = 1.0 if plane == 1 else -1.0
            da, db = GUARD * a[2] - sign * a[0], GUARD * b[2] - sign * b[0]
        else:
            sign = 1.0 if plane == 3 else -1.0
            da, db = GUARD * a[2] - sign * a[1], GUARD * b[2] - sign * b[1]
        if da >= 0.0:
            out[kept] = a
            kept += 1
        if (da >= 0.0) != (db >= 0.0):
            if da >= 0.0:  # always from the inner to the outer corner, so that both triangles of an edge agree
                out[kept] = a + (b - a) * (da / (da - db))
            else:
                out[kept] = b + (a - b) * (db / (db - da))
            kept += 1
    return out, kept


@njit(cache=True, nogil=True, error_model="numpy")
def _cover(
    number: int,
    xs: _INTS,
    ys: _INTS,
    inverse_w: _FLOATS,
    cull: bool,
    nearest: NDArray[np.float32],
    owner: NDArray[np.int32],
) -> None:
    """Write triangle ``number`` into the samples where it is among the nearest: L x S x S, the nearest first."""
    last, size = owner.shape[0] - 1, owner.shape[1]
    area = (xs[1] - xs[0]) * (ys[2] - ys[0]) - (xs[2] - xs[0]) * (ys[1] - ys[0])
    if area == 0 or (cull and area > 0):  # y points down, so a front face has a negative area
        return
    i1, i2 = (1, 2) if area > 0 else (2, 1)
    area = abs(area)
    x0, y0, x1, y1, x2, y2 = xs[0], ys[0], xs[i1], ys[i1], xs[i2], ys[i2]
    half = SUBPIXEL // 2
    left = max(0, (min(x0, x1, x2) - half + SUBPIXEL - 1) // SUBPIXEL)
    right = min(size - 1, (max(x0, x1, x2) - half) // SUBPIXEL)
    top = max(0, (min(y0, y1, y2) - half + SUBPIXEL - 1) // SUBPIXEL)
    bottom = min(size - 1, (max(y0, y1, y2) - half) // SUBPIXEL)
    if left > right or top > bottom:
        return
    # Edge functions, >= 0 inside; edge k lies opposite corner k. Ties go to top and left edges.
    ax, ay = y1 - y2, x2 - x1
    bx, by = y2 - y0, x0 - x2
    cx, cy = y0 - y1, x1 - x0
    px, py = left * SUBPIXEL + half, top * SUBPIXEL + half
    e0 = ax * (px - x1) + ay * (py - y1) - (0 if ax > 0 or (ax == 0 and ay > 0) else 1)
    e1 = bx * (px - x2) + by * (py - y2) - (0 if bx > 0 or (bx == 0 and by > 0) else 1)
    e2 = cx * (px - x0) + cy * (py - y0) - (0 if cx > 0 or (cx == 0 and cy > 0) else 1)
    w0, w1, w2 = inverse_w[0] / area, inverse_w[i1] / area, inverse_w[i2] / area
    depth_x = SUBPIXEL * (ax * w0 + bx * w1 + cx * w2)
    depth_y = SUBPIXEL * (ay * w0 + by * w1 + cy * w2)
    depth_row = (
        (ax * (px - x1) + ay * (py - y1)) * w0
        + (bx * (px - x2) + by * (py - y2)) * w1
        + (cx * (px - x0) + cy * (py - y0)) * w2
    )
    ax, bx, cx = ax * SUBPIXEL, bx * SUBPIXEL, cx * SUBPIXEL
    ay, by, cy = ay * SUBPIXEL, by * SUBPIXEL, cy * SUBPIXEL
    for row in range(top, bottom + 1):
        f0, f1, f2 = e0, e1, e2
        depth = depth_row
        for column in range(left, right + 1):
            if (f0 | f1 | f2) >= 0:
                value = np.float32(depth)
                if value > nearest[last, row, column]:
                    place = last
                    while place > 0 and value > nearest[place - 1, row, column]:
                        nearest[place, row, column] = nearest[place - 1, row, column]
                        owner[place, row, column] = owner[place - 1, row, column]
                        place -= 1
                    nearest[place, row, column] = value
                    owner[place, row, column] = number
            f0, f1, f2 = f0 + ax, f1 + bx, f2 + cx
            depth += depth_x
        e0, e1, e2 = e0 + ay, e1 + by, e2 + cy
        depth_row += depth_y


@njit(cache=True, nogil=True, error_model="numpy")
def _corners(height: int, width: int, wrap: bool, u: float, v: float) -> tuple[int, int, int, int, float, float]:
    """Return columns and rows of the four texels around (u, v) and how far it lies between them, 0..1.

    Texel centres lie at half-integers.
    """
    x, y = u * width - 0.5, (1.0 - v) * height - 0.5
    x0, y0 = int(np.floor(x)), int(np.floor(y))
    fx, fy = x - x0, y - y0
    x1, y1 = x0 + 1, y0 + 1
    if wrap:
        if x0 < 0 or x1 >= width:
            x0, x1 = x0 % width, x1 % width
        if y0 < 0 or y1 >= height:
            y0, y1 = y0 % height, y1 % height
    else:
        x0, x1 = min(max(x0, 0), width - 1), min(max(x1, 0), width - 1)
        y0, y1 = min(max(y0, 0), height - 1), min(max(y1, 0), height - 1)
    return x0, x1, y0, y1, fx, fy


@njit(cache=True, nogil=True, error_model="numpy")
def _texel(
    texels: NDArray[np.uint8], start: int, height: int, width: int, wrap: bool, u: float, v: float
) -> tuple[float, float, float]:
    """Read one level bilinearly at (u, v), 0..255 a channel."""
    x0, x1, y0, y1, fx, fy = _corners(height, width, wrap, u, v)
    a, b = start + 3 * (y0 * width + x0), start + 3 * (y0 * width + x1)
    c, d = start + 3 * (y1 * width + x0), start + 3 * (y1 * width + x1)
    wa, wb, wc, wd = (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy
    return (
        wa * texels[a] + wb * texels[b] + wc * texels[c] + wd * texels[d],
        wa * texels[a + 1] + wb * texels[b + 1] + wc * texels[c + 1] + wd * texels[d + 1],
        wa * texels[a + 2] + wb * texels[b + 2] + wc * texels[c + 2] + wd * texels[d + 2],
    )


@njit(cache=True, nogil=True, error_model="numpy")
def _alpha(alphas: NDArray[np.uint8], start: int, height: int, width: int, wrap: bool, u: float, v: float) -> float:
    """Read one level of an alpha map bilinearly, 0..255."""
    x0, x1, y0, y1, fx, fy = _corners(height, width, wrap, u, v)
    top = (1 - fx) * alphas[start + y0 * width + x0] + fx * alphas[start + y0 * width + x1]
    low = (1 - fx) * alphas[start + y1 * width + x0] + fx * alphas[start + y1 * width + x1]
    value: float = (1 - fy) * top + fy * low
    return value


@njit(cache=True, nogil=True, error_model="numpy")
def _prepare(ready: _FLOATS, slot: int, inverse_w: _FLOATS) -> None:
    """Fill in the rest of a triangle's row.

    The row holds x and y of the corners (0, 3), the edges' slopes along x and y times the inverse depth of the corner
    opposite (6, 9), u and v (12, 15) and normals (18) of the corners, the slopes of u, v and inverse depth along x and
    y (27), 1 or -1 where the triangle is seen from behind (33), and the colours of the corners (34).
    """
    area = (ready[slot, 1] - ready[slot, 0]) * (ready[slot, 5] - ready[slot, 3])
    area -= (ready[slot, 2] - ready[slot, 0]) * (ready[slot, 4] - ready[slot, 3])
    ready[slot, 33] = 1.0 if area < 0 else -1.0
    for i in range(27, 33):
        ready[slot, i] = 0.0
    for k in range(3):
        one, two = (k + 1) % 3, (k + 2) % 3
        edge_x = (ready[slot, 3 + one] - ready[slot, 3 + two]) / area * inverse_w[k]
        edge_y = (ready[slot, two] - ready[slot, one]) / area * inverse_w[k]
        ready[slot, 6 + k], ready[slot, 9 + k] = edge_x, edge_y
        ready[slot, 27] += SUBPIXEL * edge_x * ready[slot, 12 + k]
        ready[slot, 28] += SUBPIXEL * edge_y * ready[slot, 12 + k]
        ready[slot, 29] += SUBPIXEL * edge_x * ready[slot, 15 + k]
        ready[slot, 30] += SUBPIXEL * edge_y * ready[slot, 15 + k]
        ready[slot, 31] += SUBPIXEL * edge_x
        ready[slot, 32] += SUBPIXEL * edge_y


@njit(cache=True, nogil=True, error_model="numpy")
def draw(
    vertices: _FLOATS,
    normals: NDArray[np.float32],
    uvs: NDArray[np.float32],
    colours: NDArray[np.float32],
    faces: NDArray[np.int32],
    face_material: NDArray[np.int32],
    cull: bool,
    texels: NDArray[np.uint8],
    alphas: NDArray[np.uint8],
    offsets: _INTS,
    sizes: NDArray[np.int32],
    last_level: NDArray[np.int32],
    wrap: NDArray[np.bool_],
    factors: _FLOATS,
    opacity: _FLOATS,
    see_through: NDArray[np.bool_],
    rotation: _FLOATS,
    translation: _FLOATS,
    scale: float,
    light: _FLOATS,
    levels: _FLOATS,
    supersampling: int,
    background: NDArray[np.uint8],
    image: NDArray[np.uint8],
    mask: NDArray[np.bool_],
) -> None:
    """Draw one picture into ``image`` and ``mask``; see ``scene`` for the formula.

    The arrays are those of ``Mesh`` and ``TextureTable``; ``colours`` is 0..1 and has no row where the mesh has none.
    """
    size = image.shape[0] * supersampling
    layers = LAYERS if see_through.any() else 0
    nearest = np.zeros((1, size, size), np.float32)
    owner = np.full((1, size, size), -1, np.int32)
    glass_nearest = np.zeros((layers, size if layers else 0, size), np.float32)
    glass_owner = np.full((layers, size if layers else 0, size), -1, np.int32)
    count, face_count = vertices.shape[0], faces.shape[0]
    # Camera coordinates divided by the tangent: |x| = w on the edge of the frame.
    space = np.empty((count, 3))
    turned = np.empty((count, 3))
    fixed = np.empty((count, 2), np.int64)
    inverse = np.empty(count)
    unit = size * SUBPIXEL / 2.0
    for i in range(count):
        for k in range(3):
            moved, normal = 0.0, 0.0
            for j in range(3):
                moved += rotation[k, j] * vertices[i, j]
                normal += rotation[k, j] * normals[i, j]
            space[i, k] = scale * moved + translation[k]
            turned[i, k] = normal
        space[i, 2] = CAMERA_Z - space[i, 2]
        space[i, 0] /= HALF_HEIGHT_PER_DEPTH
        space[i, 1] /= HALF_HEIGHT_PER_DEPTH
        w = space[i, 2]
        if w >= NEAR and abs(space[i, 0]) <= GUARD * w and abs(space[i, 1]) <= GUARD * w:
            inverse[i] = 1.0 / w
            fixed[i, 0] = int(np.floor((1.0 + space[i, 0] / w) * unit + 0.5))
            fixed[i, 1] = int(np.floor((1.0 - space[i, 1] / w) * unit + 0.5))
        else:
            inverse[i] = 0.0
    outside = 0
    for f in range(face_count):
        if inverse[faces[f, 0]] == 0.0 or inverse[faces[f, 1]] == 0.0 or inverse[faces[f, 2]] == 0.0:
            outside += 1
    # Triangles cut by a plane get numbers from face_count on and carry their own corners.
    cut_face = np.empty(6 * outside, np.int32)
    cut_weights = np.empty((6 * outside, 3, 3))
    cut_fixed = np.empty((6 * outside, 3, 2), np.int64)
    cut_inverse = np.empty((6 * outside, 3))
    cuts = 0
    xs, ys, inverse_w = np.empty(3, np.int64), np.empty(3, np.int64), np.empty(3)
    for f in range(face_count):
        whole = True
        for k in range(3):
            corner = faces[f, k]
            whole = whole and inverse[corner] != 0.0
            xs[k], ys[k], inverse_w[k] = fixed[corner, 0], fixed[corner, 1], inverse[corner]
        glass = see_through[face_material[f]]
        if whole:
            if glass:
                _cover(f, xs, ys, inverse_w, cull, glass_nearest, glass_owner)
            else:
                _cover(f, xs, ys, inverse_w, cull, nearest, owner)
            continue
        polygon = np.zeros((9, 6))
        for k in range(3):
            polygon[k, :3] = space[faces[f, k]]
            polygon[k, 3 + k] = 1.0
        corners = 3
        for plane in range(5):
            polygon, corners = _clip(polygon, corners, plane)
        for last in range(2, corners):
            for k, c in enumerate((0, last - 1, last)):
                w = polygon[c, 2]
                cut_weights[cuts, k] = polygon[c, 3:]
                cut_fixed[cuts, k, 0] = int(np.floor((1.0 + polygon[c, 0] / w) * unit + 0.5))
                cut_fixed[cuts, k, 1] = int(np.floor((1.0 - polygon[c, 1] / w) * unit + 0.5))
                cut_inverse[cuts, k] = 1.0 / w
                xs[k], ys[k], inverse_w[k] = cut_fixed[cuts, k, 0], cut_fixed[cuts, k, 1], 1.0 / w
            cut_face[cuts] = f
            if glass:
                _cover(face_count + cuts, xs, ys, inverse_w, cull, glass_nearest, glass_owner)
            else:
                _cover(face_count + cuts, xs, ys, inverse_w, cull, nearest, owner)
            cuts += 1

    coloured = colours.shape[0] > 0
    samples = supersampling * supersampling
    # What a triangle's samples share is worked out at its first one: a row of ``ready`` (see ``_prepare``) a triangle.
    slot_of = np.full(face_count + cuts, -1, np.int32)
    ready = np.empty((min(face_count + cuts, size * size * (1 + layers)), ROW))
    slots, current, slot, material = 0, -1, 0, 0
    for row in range(image.shape[0]):
        for column in range(image.shape[1]):
            hits, reached = 0, 0
            red, green, blue = 0.0, 0.0, 0.0
            sy, sx = row * supersampling, column * supersampling - 1
            for _ in range(samples):
                sx += 1
                if sx == (column + 1) * supersampling:
                    sy, sx = sy + 1, column * supersampling
                solid = owner[0, sy, sx]
                fronts = 0
                while fronts < layers and glass_nearest[fronts, sy, sx] > nearest[0, sy, sx]:
                    fronts += 1
                if solid < 0 and fronts == 0:
                    continue
                clear = 1.0
                base_r = float(background[row, column, 0])
                base_g = float(background[row, column, 1])
                base_b = float(background[row, column, 2])
                for layer in range(fronts, -1, -1):  # the opaque surface first, then from the far layer to the near
                    number = solid if layer == fronts else glass_owner[layer, sy, sx]
                    if number < 0:
                        continue
                    if number != current:
                        current, slot = number, slot_of[number]
                        face = number if number < face_count else cut_face[number - face_count]
                        material = face_material[face]
                        if slot < 0:
                            slot = slots
                            slot_of[number] = slot
                            slots += 1
                            if number < face_count:
                                for k in range(3):
                                    corner = faces[face, k]
                                    ready[slot, k], ready[slot, 3 + k] = fixed[corner, 0], fixed[corner, 1]
                                    inverse_w[k] = inverse[corner]
                                    ready[slot, 12 + k], ready[slot, 15 + k] = uvs[corner, 0], uvs[corner, 1]
                                    for j in range(3):
                                        ready[slot, 18 + 3 * k + j] = turned[corner, j]
                                        if coloured:
                                            ready[slot, 34 + 3 * k + j] = colours[corner, j]
                            else:
                                cut = number - face_count
                                ready[slot, 12:] = 0.0
                                for k in range(3):
                                    ready[slot, k], ready[slot, 3 + k] = cut_fixed[cut, k, 0], cut_fixed[cut, k, 1]
                                    inverse_w[k] = cut_inverse[cut, k]
                                    for m in range(3):
                                        weight, corner = cut_weights[cut, k, m], faces[face, m]
                                        ready[slot, 12 + k] += weight * uvs[corner, 0]
                                        ready[slot, 15 + k] += weight * uvs[corner, 1]
                                        for j in range(3):
                                            ready[slot, 18 + 3 * k + j] += weight * turned[corner, j]
                                            if coloured:
                                                ready[slot, 34 + 3 * k + j] += weight * colours[corner, j]
                            _prepare(ready, slot, inverse_w)
                    px = sx * SUBPIXEL + SUBPIXEL // 2
                    py = sy * SUBPIXEL + SUBPIXEL // 2
                    total, u, v, nx, ny, nz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
                    tint_r, tint_g, tint_b = 0.0, 0.0, 0.0
                    for k in range(3):
                        one = (k + 1) % 3
                        weight = ready[slot, 6 + k] * (px - ready[slot, one]) + ready[slot, 9 + k] * (
                            py - ready[slot, 3 + one]
                        )
                        total += weight
                        u += weight * ready[slot, 12 + k]
                        v += weight * ready[slot, 15 + k]
                        nx += weight * ready[slot, 18 + 3 * k]
                        ny += weight * ready[slot, 19 + 3 * k]
                        nz += weight * ready[slot, 20 + 3 * k]
                        if coloured:
                            tint_r += weight * ready[slot, 34 + 3 * k]
                            tint_g += weight * ready[slot, 35 + 3 * k]
                            tint_b += weight * ready[slot, 36 + 3 * k]
                    u, v = u / total, v / total
                    height, width = sizes[material, 0, 0], sizes[material, 0, 1]
                    w_x, w_y = ready[slot, 31], ready[slot, 32]
                    step_x = ((ready[slot, 27] - u * w_x) * width) ** 2 + ((ready[slot, 29] - v * w_x) * height) ** 2
                    step_y = ((ready[slot, 28] - u * w_y) * width) ** 2 + ((ready[slot, 30] - v * w_y) * height) ** 2
                    step = max(step_x, step_y) / (total * total)
                    level = 0.5 * np.log2(step) if step > 1.0 else 0.0
                    level = min(level, float(last_level[material]))
                    low = int(level)
                    start, repeats = offsets[material, low], wrap[material]
                    tall, wide = sizes[material, low, 0], sizes[material, low, 1]
                    r, g, b = _texel(texels, start, tall, wide, repeats, u, v)
                    if level > low:
                        start = offsets[material, low + 1]
                        tall, wide = sizes[material, low + 1, 0], sizes[material, low + 1, 1]
                        r1, g1, b1 = _texel(texels, start, tall, wide, repeats, u, v)
                        share = level - low
                        r, g, b = r + share * (r1 - r), g + share * (g1 - g), b + share * (b1 - b)
                    if coloured:
                        r, g, b = r * (tint_r / total), g * (tint_g / total), b * (tint_b / total)
                    length = ready[slot, 33] * np.sqrt(nx * nx + ny * ny + nz * nz)
                    if length != 0.0:
                        nx, ny, nz = nx / length, ny / length, nz / length
                    lambert = max(0.0, nx * light[0] + ny * light[1] + nz * light[2])
                    ambient, diffuse = levels[0], levels[1] * lambert
                    glint = 0.0
                    shiny = max(factors[material, 6], factors[material, 7], factors[material, 8])
                    if lambert > 0.0 and shiny > 0.0:
                        vx = -(px / unit - 1.0) * HALF_HEIGHT_PER_DEPTH
                        vy = -(1.0 - py / unit) * HALF_HEIGHT_PER_DEPTH
                        norm = np.sqrt(vx * vx + vy * vy + 1.0)
                        rx, ry = 2.0 * lambert * nx - light[0], 2.0 * lambert * ny - light[1]
                        rz = 2.0 * lambert * nz - light[2]
                        towards = max(0.0, (vx * rx + vy * ry + rz) / norm)
                        glint = 255.0 * levels[2] * towards ** factors[material, 9]
                    r = (ambient * factors[material, 0] + diffuse * factors[material, 3]) * r
                    g = (ambient * factors[material, 1] + diffuse * factors[material, 4]) * g
                    b = (ambient * factors[material, 2] + diffuse * factors[material, 5]) * b
                    r = min(255.0, r + glint * factors[material, 6])
                    g = min(255.0, g + glint * factors[material, 7])
                    b = min(255.0, b + glint * factors[material, 8])
                    if layer == fronts:
                        base_r, base_g, base_b = r, g, b
                        continue
                    share = opacity[material]
                    if alphas.shape[0] > 0:
                        start = offsets[material, low] // 3
                        tall, wide = sizes[material, low, 0], sizes[material, low, 1]
                        veil = _alpha(alphas, start, tall, wide, repeats, u, v)
                        if level > low:
                            start = offsets[material, low + 1] // 3
                            tall, wide = sizes[material, low + 1, 0], sizes[material, low + 1, 1]
                            veil += (level - low) * (_alpha(alphas, start, tall, wide, repeats, u, v) - veil)
                        share *= veil / 255.0
                    base_r += share * (r - base_r)
                    base_g += share * (g - base_g)
                    base_b += share * (b - base_b)
                    clear *= 1.0 - share
                reached += 1
                if solid >= 0 or clear <= 0.5:
                    hits += 1
                red += base_r
                green += base_g
                blue += base_b
            mask[row, column] = 2 * hits >= samples
            misses = samples - reached
            image[row, column, 0] = np.uint8((red + misses * background[row, column, 0]) / samples + 0.5)
            image[row, column, 1] = np.uint8((green + misses * background[row, column, 1]) / samples + 0.5)
            image[row, column, 2] = np.uint8((blue + misses * background[row, column, 2]) / samples + 0.5)
