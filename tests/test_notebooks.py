"""The notebooks as they are committed: clean, titled, with a table of claims; CI executes them."""

import ast
import json
import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
NAMES = (
    "01_quickstart",
    "02_accuracy_drop",
    "03_design_choices",
    "04_scaling_and_rotation",
    "05_error_consistency",
    "06_humans",
)


@pytest.fixture(params=NAMES)
def notebook(request):
    return json.loads((REPO / "notebooks" / f"{request.param}.ipynb").read_text(encoding="utf-8"))


def sources(notebook, kind):
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_there_are_no_others():
    assert sorted(path.stem for path in (REPO / "notebooks").glob("*.ipynb")) == sorted(NAMES)


def test_nothing_of_a_run_is_left_in_it(notebook):
    for cell in notebook["cells"]:
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)


def test_cells_keep_their_names(notebook):
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z-]{2,40}", name) for name in ids), ids


def test_it_runs_anywhere(notebook):
    text = "\n".join(sources(notebook, "code") + sources(notebook, "markdown"))
    assert not re.search(r"(?<![\w.:/])/(home|tmp|work|usr|root|opt|mnt|Users)\b|[A-Z]:\\\\", text)


def test_it_has_a_title_parameters_and_claims(notebook):
    assert sources(notebook, "markdown")[0].startswith("# ")
    assert "parameters" in [cell["id"] for cell in notebook["cells"]]
    assert any(text.startswith("## Claims") for text in sources(notebook, "markdown"))
    assert any("claims_table(" in text for text in sources(notebook, "code"))


def test_its_logic_is_the_packages(notebook):
    for text in sources(notebook, "code"):
        tree = ast.parse("\n".join(line for line in text.splitlines() if not line.startswith("%")))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]


def test_no_number_of_an_answer_is_typed_into_the_text(notebook):
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and cell["id"] != "margin-text":  # which gives the study's own numbers
            assert not re.search(r"\d (%|points)(?! interval)", text), text
