"""The store of predictions: ``predictions/<dataset>/<model>-<key8>.parquet`` and a json of provenance beside it.

The json is written last and names the sha256 of the parquet; a unit whose json is missing does not exist.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from objectpose.errors import ObjectPoseError
from objectpose.files import publish, sha256_of
from objectpose.results.provenance import SCHEMA_VERSION

_LONGEST = 120


def unit_key(model_id: str, weights_sha256: str, recipe: dict[str, Any]) -> str:
    """Return the first 8 hex digits of the sha256 over what determines a network's answers.

    Args:
        model_id: exact identifier of the network.
        weights_sha256: of the weights that are loaded.
        recipe: everything besides weights that can change a prediction; must be representable as JSON.
    """
    text = json.dumps([model_id, weights_sha256, recipe], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class PredictionStore:
    """Reads and writes the predictions on one data set.

    Attributes:
        folder: ``results/predictions/<dataset>-<hash12>``.
    """

    folder: Path

    def path(self, model: str, key: str) -> Path:
        """Return the parquet file of a unit.

        Characters that a file name cannot bear become ``_``, with a hash of the name behind, so that different names
        have different files; long names are cut likewise.
        """
        name = re.sub(r"[^A-Za-z0-9._+@-]+", "_", model)[:_LONGEST]
        if name != model:
            name += "~" + hashlib.sha256(model.encode()).hexdigest()[:6]
        return self.folder / f"{name}-{key}.parquet"

    def find(self, model: str, key: str, label_hash: str) -> Path | None:
        """Return the file of a finished unit, or None.

        A file that is missing, torn, of an earlier version, or judged by other labels, is none.
        """
        path = self.path(model, key)
        provenance = path.with_suffix(".json")
        if not (path.is_file() and provenance.is_file()):
            return None
        try:
            stored = json.loads(provenance.read_text(encoding="utf-8"))
        except ValueError:
            return None
        if not isinstance(stored, dict) or stored.get("schema_version") != SCHEMA_VERSION:
            return None
        if stored.get("label_hash") != label_hash or stored.get("parquet_sha256") != sha256_of(path):
            return None
        return path

    def write(self, model: str, key: str, table: pa.Table, provenance: dict[str, Any]) -> Path:
        """Store a unit whole; an earlier version under the same key is replaced."""
        path = self.path(model, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        json_path = path.with_suffix(".json")
        json_path.unlink(missing_ok=True)
        temporary = path.with_name(f".{path.name}.writing")
        pq.write_table(table, temporary)
        publish(temporary, path)
        record = provenance | {"parquet_sha256": sha256_of(path)}
        temporary = path.with_name(f".{json_path.name}.writing")
        temporary.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        publish(temporary, json_path)
        return path


def read_predictions(path: Path) -> pd.DataFrame:
    """Return a predictions file as a frame, with ``top5`` and ``top5_prob`` as lists.

    Raises:
        ObjectPoseError: the file is not a predictions file.
    """
    try:
        frame: pd.DataFrame = pq.read_table(path).to_pandas()
        frame["top5"] = [[int(i) for i in row] for row in frame["top5"]]
        frame["top5_prob"] = [[float(p) for p in row] for row in frame["top5_prob"]]
    except (pa.ArrowInvalid, KeyError) as error:
        raise ObjectPoseError(f"{path} is not a predictions file ({error}); delete it and run again.") from error
    return frame
