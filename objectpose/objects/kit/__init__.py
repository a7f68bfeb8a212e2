"""A small modelling kit: solids with procedural textures, joined to one mesh with one texture atlas.

+y is up, +z the front, lengths are metres, colours are '#rrggbb'. Every call gives a ``Part``; ``assemble`` turns parts
into a mesh.
"""

from __future__ import annotations

from objectpose.objects.kit.assemble import assemble
from objectpose.objects.kit.curves import (
    arc,
    ellipse,
    lift,
    polygon,
    rectangle,
    resample,
    rounded,
    rounded_rect,
    spline,
)
from objectpose.objects.kit.extrusions import extrude, plate, prism, side_profile
from objectpose.objects.kit.noise import fbm, value_noise
from objectpose.objects.kit.part import Part, join, mirror, ring, row
from objectpose.objects.kit.solids import bar, box, cone, cylinder, ellipsoid, frustum, hull, lathe, pipe, torus
from objectpose.objects.kit.sweeps import loft, rod, sweep, tube
from objectpose.objects.kit.textures import (
    GLASS,
    GLOSS,
    MATT,
    METAL,
    SATIN,
    Finish,
    Texture,
    blend,
    by,
    checker,
    cloth,
    glass,
    gradient,
    leather,
    metal,
    paint,
    patches,
    plain,
    plastic,
    rgb,
    rubber,
    stripes,
    wood,
)
from objectpose.objects.kit.wheels import spoked_wheel, wheel

__all__ = [
    "GLASS",
    "GLOSS",
    "MATT",
    "METAL",
    "SATIN",
    "Finish",
    "Part",
    "Texture",
    "arc",
    "assemble",
    "bar",
    "blend",
    "box",
    "by",
    "checker",
    "cloth",
    "cone",
    "cylinder",
    "ellipse",
    "ellipsoid",
    "extrude",
    "fbm",
    "frustum",
    "glass",
    "gradient",
    "hull",
    "join",
    "lathe",
    "leather",
    "lift",
    "loft",
    "metal",
    "mirror",
    "paint",
    "patches",
    "pipe",
    "plain",
    "plastic",
    "plate",
    "polygon",
    "prism",
    "rectangle",
    "resample",
    "rgb",
    "ring",
    "rod",
    "rounded",
    "rounded_rect",
    "row",
    "rubber",
    "side_profile",
    "spline",
    "spoked_wheel",
    "stripes",
    "sweep",
    "torus",
    "tube",
    "value_noise",
    "wheel",
    "wood",
]
