"""Damaged files give a mesh that can be drawn or one sentence: never another error, never a hang."""

import io
import json
import random
import re
import struct

import numpy as np
import pytest
from PIL import Image

from objectpose.errors import ObjectPoseError
from objectpose.objects.loading import LoadOptions, load_mesh, mesh_files, side_files_of
from objectpose.rendering.cpu import CpuBackend
from objectpose.rendering.scene import SceneBatch, flat_background, framing_distance

OPTIONS = LoadOptions(max_faces=20_000)
TIMES = 2_000 // 5


def png():
    stream = io.BytesIO()
    Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3)).save(stream, "PNG")
    return stream.getvalue()


def obj():
    lines = ["mtllib a.mtl", "o part"]
    lines += [f"v {x} {y} {z} 0.5 0.25 1" for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    lines += ["vt 0 0", "vt 1 0", "vt 1 1", "vt 0 1", "vn 0 0 1", "vn 0 1 0", "usemtl red", "s off"]
    lines += ["f 1/1/1 2/2/1 4/3/1 3/4/1", "f 5//1 6//1 8//1 7//1", "f 1 2 6 5", "f -6 -5 -1 -2", "usemtl blue"]
    lines += ["f 1/1 3/2 7/3 5/4", "f 2 4 8 6", "l 1 2", "p 1"]
    return "\n".join(lines).encode()


MTL = b"newmtl red\nKd 0.8 0.1 0.1\nKs 1 1 1\nNs 60\nmap_Kd -s 2 2 1 a.png\nnewmtl blue\nKd 0 0 1\nd 0.5\nTr 0.5\n"


def glb():
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], "<f4")
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1]], "<u2")
    blobs = [corners.tobytes(), corners[:, :2].copy().tobytes(), faces.tobytes(), png()]
    views, at = [], 0
    for blob in blobs:
        views.append({"buffer": 0, "byteOffset": at, "byteLength": len(blob)})
        at += len(blob) + -len(blob) % 4
    binary = b"".join(blob + bytes(-len(blob) % 4) for blob in blobs)
    root = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [
            {"children": [1], "scale": [1, 2, 1]},
            {"mesh": 0, "rotation": [0, 0, 0, 1], "translation": [1, 2, 3]},
        ],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "TEXCOORD_0": 1}, "indices": 2, "material": 0}]}],
        "materials": [
            {"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "roughnessFactor": 0.4}, "alphaMode": "MASK"}
        ],
        "textures": [{"source": 0, "sampler": 0}],
        "samplers": [{"wrapS": 33648, "wrapT": 33071}],
        "images": [{"bufferView": 3, "mimeType": "image/png"}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 8, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5126, "count": 8, "type": "VEC2"},
            {"bufferView": 2, "componentType": 5123, "count": 18, "type": "SCALAR"},
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": len(binary)}],
    }
    return pack(json.dumps(root).encode(), binary)


def pack(text, binary):
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def ply(binary):
    head = ["ply", f"format {'binary_little_endian' if binary else 'ascii'} 1.0", "comment TextureFile a.png"]
    head += ["element vertex 8", *(f"property float {k}" for k in "xyz"), *(f"property uchar {k}" for k in COLOURS)]
    head += ["element face 6", "property list uchar int vertex_indices", "end_header\n"]
    corners = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6), (0, 6, 4)]
    if binary:
        body = b"".join(struct.pack("<3f3B", *c, 9, 99, 199) for c in corners)
        body += b"".join(struct.pack(f"<B{len(f)}i", len(f), *f) for f in faces)
    else:
        rows = [" ".join(map(str, (*c, 9, 99, 199))) for c in corners] + [
            " ".join(map(str, (len(f), *f))) for f in faces
        ]
        body = "\n".join(rows).encode() + b"\n"
    return "\n".join(head).encode() + body


COLOURS = ("red", "green", "blue")
NUMBERS = [
    b"0",
    b"-1",
    b"1e999",
    b"nan",
    b"99999999999",
    b"-7",
    b"1e38",
    b"0.5.5",
    b"",
    b"4294967295",
    b"\xff",
    b"1e-300",
]


def mutated(data, rng):
    """Return the bytes with one to four kinds of damage."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(5)
        if kind == 0 and data:
            for _ in range(rng.choice((1, 1, 2, 8))):
                data[rng.randrange(len(data))] = rng.randrange(256)
        elif kind == 1:
            del data[rng.randrange(len(data) + 1) :]
        elif kind == 2:
            numbers = list(re.finditer(rb"-?\d+(\.\d+)?", bytes(data)))
            if numbers:
                found = rng.choice(numbers)
                data[found.start() : found.end()] = rng.choice(NUMBERS)
        elif kind == 3 and data:
            start = rng.randrange(len(data))
            block = data[start : start + rng.randrange(1, 200)]
            data[start:start] = block * rng.choice((1, 2, 20))
        elif data:
            start = rng.randrange(len(data))
            del data[start : start + rng.randrange(1, 60)]
    return bytes(data)


def mutated_glb(data, rng):
    """Return a GLB with damage in its JSON under a correct frame; sometimes a value of another kind."""
    size = struct.unpack_from("<I", data, 12)[0]
    text, binary = data[20 : 20 + size], data[28 + size :]
    if rng.random() < 0.5:
        root = json.loads(text)
        for _ in range(rng.randint(1, 3)):
            place = root
            while isinstance(place, dict | list) and place:
                key = rng.choice(list(place)) if isinstance(place, dict) else rng.randrange(len(place))
                if not isinstance(place[key], dict | list) or rng.random() < 0.15:
                    place[key] = rng.choice([None, -1, 3, 10**9, 2**70, 0.5, 1e300, "x", [], {}, [1], True, 5, 33071])
                    break
                place = place[key]
        return pack(json.dumps(root).encode(), binary)
    return pack(mutated(text, rng), binary)


def mutated_binary(data, rng):
    """Return a GLB, half of them with damage anywhere, half with flipped bytes in its numbers and picture alone."""
    if rng.random() < 0.5:
        return mutated(data, rng)
    size = struct.unpack_from("<I", data, 12)[0]
    binary = bytearray(data[28 + size :])
    for _ in range(rng.choice((1, 1, 2, 8))):
        binary[rng.randrange(len(binary))] = rng.randrange(256)
    return pack(data[20 : 20 + size], bytes(binary))


BASES = {"obj": (obj(), mutated), "glb": (glb(), mutated_binary), "json": (glb(), mutated_glb)}
BASES |= {"ascii": (ply(False), mutated), "binary": (ply(True), mutated)}


def picture(mesh):
    """Draw a mesh small; its numbers must be ones that a renderer can bear."""
    mesh = mesh.fitted()
    mesh.validate("it")
    where = np.array([[0.0, 0.0, 2.0 - framing_distance(1.0)]])
    scene = SceneBatch(mesh, np.eye(3)[None], where, np.ones(1), flat_background(16), supersampling=1)
    return CpuBackend(1).render(scene)


def sentence_of(path):
    """Return what the loader says of a file; None if it loads and can be drawn."""
    try:
        side_files_of(mesh_files(path)[0], OPTIONS)
        picture(load_mesh(path, OPTIONS))
    except ObjectPoseError as error:
        return str(error)
    return None


@pytest.mark.parametrize("kind", BASES)
def test_a_damaged_file_is_a_mesh_or_a_sentence(kind, tmp_path):
    base, damage = BASES[kind]
    (tmp_path / "a.png").write_bytes(png())
    suffix = {"json": "glb", "ascii": "ply", "binary": "ply"}.get(kind, kind)
    path = tmp_path / f"a.{suffix}"
    rng = random.Random(f"{kind} 1")
    outcomes = {"mesh": 0, "sentence": 0}
    for number in range(TIMES):
        path.write_bytes(damage(base, rng) if number else base)
        library = mutated(MTL, rng) if kind == "obj" and rng.random() < 0.3 else MTL
        (tmp_path / "a.mtl").write_bytes(library)
        sentence = sentence_of(path)
        if sentence is None:
            outcomes["mesh"] += 1
            continue
        assert number > 0, sentence
        assert "\n" not in sentence
        assert str(tmp_path) in sentence, sentence
        outcomes["sentence"] += 1
    assert min(outcomes.values()) > TIMES // 20, outcomes
