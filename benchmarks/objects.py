"""How long objects take to build, against reading the same mesh from a file with trimesh, in turn, in one run.

    python benchmarks/objects.py

Method: every instance of every class is built once to warm up the imports and then twice, the faster run counting; the
peer reads the object's exported OBJ with its texture twice, as a user of a mesh collection would. Ratios are taken
object by object and the median is quoted (above 1: building is faster than reading).
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import trimesh
from tqdm import tqdm

from objectpose.datasets.spec import resolve_objects
from objectpose.objects.catalogue import build
from objectpose.objects.exchange import export


def seconds(call: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main() -> None:
    """Run the comparison and print one JSON object."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--objects", nargs="+", default=["all"], help="as dataset.objects")
    objects = resolve_objects(parser.parse_args().objects)
    built, ratios, faces = {}, [], []
    with tempfile.TemporaryDirectory() as folder:
        for object_id in tqdm(objects, unit="object"):
            mesh = build(object_id)
            _, obj, *_ = export(mesh, Path(folder), object_id.replace("/", "."))
            built[object_id] = min(seconds(lambda name=object_id: build(name)) for _ in range(2))
            read = min(seconds(lambda path=obj: trimesh.load_scene(path, process=False)) for _ in range(2))
            ratios.append(read / built[object_id])
            faces.append(len(mesh.faces))
    slowest = sorted(built, key=lambda name: -built[name])[:3]
    print(
        json.dumps(
            {
                "machine": platform.machine(),
                "objects": len(objects),
                "faces": [min(faces), statistics.median(faces), max(faces)],
                "build_s_median": round(statistics.median(built.values()), 3),
                "build_s_above_half": sum(value > 0.5 for value in built.values()),
                "slowest": {name: round(built[name], 3) for name in slowest},
                "ratio_to_reading_obj": round(statistics.median(ratios), 2),
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
