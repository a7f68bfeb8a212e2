"""Any mesh file as a mesh that can be drawn: OBJ, glTF, PLY, STL and OFF, from a folder, a file or an archive."""

from __future__ import annotations

import math
import posixpath
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from objectpose.errors import ObjectPoseError, nearest
from objectpose.objects.archive import ARCHIVES, FileTree, matching_lines, open_tree
from objectpose.objects.finishing import finish
from objectpose.objects.formats.bare import read_bare
from objectpose.objects.formats.gltf import count_triangles, read_container, read_gltf, side_files
from objectpose.objects.formats.obj import libraries_of, library_files, read_obj
from objectpose.objects.formats.ply import MOST_HEADER_BYTES, read_header, read_ply
from objectpose.objects.formats.surface import Floats, Surface
from objectpose.objects.formats.textures import Textures, check_picture
from objectpose.objects.mesh import Mesh

LOADER_VERSION = 1
"""Changes whenever the same file would give another mesh."""
FORMATS = (".obj", ".gltf", ".glb", ".ply", ".stl", ".off")
UPS = ("auto", "y", "z")
MISSING = ("error", "colour")
_UP_OF = {".stl": "z", ".off": "z"}


@dataclass(frozen=True)
class LoadOptions:
    """How a mesh file is read.

    Attributes:
        up: the axis that points up in the file: ``y``, ``z``, or ``auto``: z in STL and OFF, y in all others. With z
            up, -y is taken for the front.
        turn_deg: turns the object about its up axis, counter-clockwise seen from above, so that +z becomes its front.
        max_faces: a file with more triangles is refused before they are read.
        original_shading: keep Ka, Kd, Ks and Ns of a material library as the original renderer used them; otherwise
            the surface colour is texture times Kd, Ka = Kd = 1 and highlights are tempered.
        missing_textures: ``error``, or ``colour`` to go on in the material's colour.
        crease_deg: where a file has no normals, edges bent by more stay sharp.
    """

    up: str = "auto"
    turn_deg: float = 0.0
    max_faces: int = 2_000_000
    original_shading: bool = False
    missing_textures: str = "error"
    crease_deg: float = 40.0

    def __post_init__(self) -> None:
        if self.up not in UPS:
            raise ObjectPoseError(f"up is '{self.up}'; {nearest(self.up, UPS)}.")
        if self.missing_textures not in MISSING:
            raise ObjectPoseError(
                f"missing_textures is '{self.missing_textures}'; {nearest(self.missing_textures, MISSING)}."
            )
        if not math.isfinite(self.turn_deg):
            raise ObjectPoseError(f"turn_deg is {self.turn_deg}; expected degrees.")
        if self.max_faces < 1:
            raise ObjectPoseError(f"max_faces is {self.max_faces}; expected a whole number >= 1.")
        if not 0.0 <= self.crease_deg <= 180.0:
            raise ObjectPoseError(f"crease_deg is {self.crease_deg}; expected 0 to 180 degrees.")


@dataclass(frozen=True)
class MeshFile:
    """A mesh in a folder or archive.

    Attributes:
        tree: where it lies.
        name: its path within, with ``/``.
    """

    tree: FileTree
    name: str

    @property
    def suffix(self) -> str:
        """Ending of the name, in lower case, with its dot."""
        return posixpath.splitext(self.name)[1].lower()

    @property
    def label(self) -> str:
        """How an error sentence calls it."""
        return self.tree.label(self.name)


def mesh_files(path: Path) -> tuple[MeshFile, ...]:
    """Return the mesh files of a folder (and of all folders below it), of an archive, or the one file, sorted by name.

    Raises:
        ObjectPoseError: there is no such path, or no mesh in it; an archive is refused.
    """
    tree = open_tree(path)
    found = tuple(MeshFile(tree, name) for name in tree.names if name.lower().endswith(FORMATS))
    if found:
        return found
    if tree.root is not None and not path.is_dir():
        raise ObjectPoseError(f"{path} is no mesh file; expected {', '.join(FORMATS)}, a folder or a .zip of such.")
    archives = [name for name in tree.names if name.lower().endswith(ARCHIVES)]
    if archives:
        raise ObjectPoseError(f"{path} holds archives but no mesh; give one of them, such as {path / archives[0]}.")
    what = f"{len(tree.names)} files but no mesh" if tree.names else "no file"
    raise ObjectPoseError(f"{path} holds {what}; expected at least one of {', '.join(FORMATS)}.")


def load_mesh(source: Path | MeshFile, options: LoadOptions | None = None) -> Mesh:
    """Return the mesh of a file, +y up, in the file's unit and about the file's origin.

    Polygons are triangulated, equal vertices joined, invisible and degenerate faces dropped; faces are wound and
    missing normals made as ``finishing`` says. Lines, points, groups, cameras, lights and animations are passed over.

    Args:
        source: a mesh file, an archive or folder that holds exactly one, or one of :func:`mesh_files`.
        options: how it is read; None takes the defaults.

    Raises:
        ObjectPoseError: the file cannot be read, is damaged, has no visible face or too many, names a texture that is
            missing or unusable; the sentence names the file.
    """
    options = options or LoadOptions()
    if not isinstance(source, MeshFile):
        found = mesh_files(source)
        if len(found) > 1:
            raise ObjectPoseError(f"{source} holds {len(found)} meshes, expected one; name one of them.")
        source = found[0]
    try:
        check_faces(source, options)
        with np.errstate(all="ignore"):  # numbers that are not finite are found, and named, in the end
            surface = _surface(source, options)
            mesh = finish(surface, source.label, _turn(source, options), options.crease_deg)
    except ObjectPoseError:
        raise
    except Exception as error:
        # A damaged file can raise anything from numpy, json, trimesh or the code here (an index that is a string, a
        # list that is a number): its reader would have to doubt every value. Whatever it is, the file is at fault.
        raise _unreadable(source, error) from error
    mesh.validate(source.label)
    return replace(mesh, metadata={"exact_shading": surface.exact})


def _unreadable(source: MeshFile, error: Exception) -> ObjectPoseError:
    reason = f"{type(error).__name__}: {error}".strip(": ")[:200]
    return ObjectPoseError(f"{source.label} cannot be read as a mesh ({reason}); export it again.")


def _surface(source: MeshFile, options: LoadOptions) -> Surface:
    textures = Textures(source.tree, source.name, options.missing_textures)
    match source.suffix:
        case ".obj":
            return read_obj(source.tree, source.name, textures.named, options.original_shading, options.max_faces)
        case ".gltf" | ".glb":
            return read_gltf(source.tree, source.name, textures)
        case ".ply":
            return read_ply(source.tree.read(source.name), source.label, textures.named, options.max_faces)
    return read_bare(source.tree.read(source.name), source.suffix[1:])


def up_axis(source: MeshFile, options: LoadOptions) -> str:
    """Return ``y`` or ``z``: the axis that is taken for up."""
    return _UP_OF.get(source.suffix, "y") if options.up == "auto" else options.up


def _turn(source: MeshFile, options: LoadOptions) -> Floats:
    """Return the rotation from the file's frame to +y up, +z front."""
    angle = math.radians(options.turn_deg)
    cos, sin = math.cos(angle), math.sin(angle)
    about_up = np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])
    if up_axis(source, options) == "y":
        return about_up
    return np.stack([about_up[:, 0], -about_up[:, 2], about_up[:, 1]], axis=1)  # (x, y, z) to (x, z, -y) first


def check_faces(source: MeshFile, options: LoadOptions) -> None:
    """Raise a sentence if a file has no face or more than ``max_faces``, from its header or a quick look through it.

    Raises:
        ObjectPoseError: as said.
    """
    try:
        count = _count(source)
    except ObjectPoseError:
        raise
    except Exception as error:  # as in load_mesh: a damaged header can raise anything
        raise _unreadable(source, error) from error
    if count == 0:
        raise ObjectPoseError(f"{source.label} has no face; give a mesh with at least one triangle.")
    if count > options.max_faces:
        raise ObjectPoseError(
            f"{source.label} has {count:,} faces, more than max_faces={options.max_faces:,}; simplify it, or raise "
            "max_faces if the memory bears it."
        )


def _count(source: MeshFile) -> int:
    tree, name = source.tree, source.name
    with tree.open(name) as stream:
        if stream.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            raise ObjectPoseError(f"{source.label} is text in UTF-16; save it as UTF-8.")
    match source.suffix:
        case ".obj":
            return sum(1 for _ in matching_lines(tree, name, lambda line: line.lstrip()[:2] in (b"f ", b"f\t", b"fo")))
        case ".gltf" | ".glb":
            return count_triangles(read_container(tree, name)[0])
        case ".ply":
            with tree.open(name) as stream:
                return read_header(stream.read(MOST_HEADER_BYTES), source.label).count("face")
        case ".off":
            lines = islice(matching_lines(tree, name, lambda line: bool(line.split(b"#")[0].strip())), 3)
            words = [word for line in lines for word in line.split(b"#")[0].split() if word[-3:].upper() != b"OFF"]
            return int(words[1]) if len(words) > 2 else 0
    with tree.open(name) as stream:
        head = stream.read(84)
    size = sum(map(len, tree.chunks(name)))
    number = int.from_bytes(head[80:84], "little")
    if len(head) == 84 and size >= 84 + 50 * number and not (head.startswith(b"solid") and size != 84 + 50 * number):
        return number
    return sum(1 for _ in matching_lines(tree, name, lambda line: line.lstrip()[:6].lower() == b"facet "))


def side_files_of(source: MeshFile, options: LoadOptions) -> tuple[str, ...]:
    """Return the names of all files that a mesh file needs, in a fixed order, its textures looked at by their headers.

    Raises:
        ObjectPoseError: one is missing, a texture is no picture or too large.
    """
    tree, name = source.tree, source.name
    textures = Textures(tree, name, options.missing_textures)
    try:
        files, pictures = _referred(source)
    except ObjectPoseError:
        raise
    except Exception as error:  # as in load_mesh
        raise _unreadable(source, error) from error
    found = [textures.find(picture) for picture in pictures]
    there = [picture for picture in dict.fromkeys(found) if picture is not None]
    for picture in there:
        check_picture(tree.read(picture), tree.label(picture))
    return (*files, *there)


def _referred(source: MeshFile) -> tuple[list[str], list[str]]:
    """Return the names of files that are there, and pictures as they are written."""
    tree, name = source.tree, source.name
    if source.suffix == ".obj":
        lines = [line.decode("utf-8", "replace").strip() for line in matching_lines(tree, name, _names_more)]
        libraries = library_files(tree, name, [line[6:].strip() for line in lines if line.startswith("mtllib")])
        entries = libraries_of(tree, libraries)
        used = [
            entries[key]
            for key in dict.fromkeys(line[6:].strip() for line in lines if line.startswith("usemtl"))
            if key in entries
        ]
        maps = [m for e in used for m in (e.colour_map, e.maps.get("map_d")) if m is not None]
        return libraries, [statement.file for statement in maps]
    if source.suffix in (".gltf", ".glb"):
        buffers, pictures = side_files(read_container(tree, name)[0])
        found = [tree.find(buffer, name) for buffer in buffers]
        if None in found:
            missing = buffers[found.index(None)]
            raise ObjectPoseError(f"{source.label} needs the file '{missing}', which is not there; add it.")
        return [buffer for buffer in found if buffer is not None], pictures
    if source.suffix == ".ply":
        with tree.open(name) as stream:
            return [], list(read_header(stream.read(MOST_HEADER_BYTES), source.label).textures)
    return [], []


def _names_more(line: bytes) -> bool:
    return line.lstrip()[:6] in (b"mtllib", b"usemtl")
