"""What the documents show works: the how-to's object is built from the page, and names in the pages exist."""

import re
import types
from pathlib import Path

from mesh_report import report

from objectpose.objects import kit
from objectpose.objects.catalogue import ObjectClass
from objectpose.objects.symmetry import Symmetry

REPO = Path(__file__).resolve().parent.parent
HOW_TO = (REPO / "docs" / "adding_an_object.md").read_text(encoding="utf-8")


def test_the_how_tos_object_is_sound_and_varies():
    (code,) = re.findall(r"```python\n(.*?)```", HOW_TO, re.DOTALL)
    page = types.ModuleType("page")
    exec(code, page.__dict__)
    reports = [report(page.barrel(seed).centred()) for seed in range(3)]
    assert len({r["digest"] for r in reports}) == 3
    for one in reports:
        assert 5_000 <= one["faces"] <= 40_000
        assert one["unpaired_edges"] == 0
        assert one["area_with_agreeing_normals"] > 0.999


def test_the_how_tos_row_is_a_row():
    (row,) = re.findall(r"^    (ObjectClass\(.*\)),$", HOW_TO, re.MULTILINE)
    assert eval(row, {"ObjectClass": ObjectClass, "Symmetry": Symmetry}).targets == (427,)


def test_the_how_to_names_what_the_kit_has():
    section = HOW_TO[HOW_TO.index("What the kit") : HOW_TO.index("## 2.")]
    names = set(re.findall(r"`([a-z_]+|Variant)[`(]", section))
    assert len(names) > 25
    assert names - set(dir(kit.Variant)) <= set(kit.__all__)


def test_the_readme_has_no_gap():
    assert not re.findall(r"\bN[A-Z]{4,}\b|^CUES$", (REPO / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
