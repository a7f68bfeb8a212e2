"""The published tables and pictures: all of them named, small, and compared with care."""

import importlib.util
import sys
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "results" / "published"


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("make_published", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_command_makes_what_is_there(make):
    found = {path.name for path in FOLDER.iterdir() if path.is_file() and not path.name.startswith(".")}
    assert found == {*make.TABLES, *make.FIGURES, *make.OTHER_FILES}
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in found - {"README.md"}:
        assert f"`{name}`" in page, name


def test_it_is_small(make):
    sizes = {path.name: path.stat().st_size / 1000 for path in FOLDER.iterdir() if path.is_file()}
    assert sum(sizes.values()) < 3000
    largest = dict.fromkeys(make.FIGURES, make.LARGEST_KB) | {"conditions.png": make.OF_PHOTOGRAPHS_KB}
    assert all(sizes[name] <= largest[name] for name in make.FIGURES), sizes


def test_a_table_agrees_with_itself_in_any_order(make):
    for name, table in make.TABLES.items():
        published = pd.read_csv(FOLDER / name)
        assert len(published)
        assert make.differences(published, published.iloc[::-1].reset_index(drop=True), table) == [], name


@pytest.mark.parametrize("change", [0.0, 0.5, 5.0])
def test_a_picture_answered_otherwise_is_borne_and_another_finding_is_not(make, change):
    published = pd.read_csv(FOLDER / "summary.csv")
    other = published.assign(top1=published["top1"] - change)
    found = make.differences(published, other, make.TABLES["summary.csv"])
    assert bool(found) == (change > 1.5)
    assert all("top1 of" in line for line in found)


def test_lost_rows_columns_and_numbers_differ(make):
    published, table = pd.read_csv(FOLDER / "summary.csv"), make.TABLES["summary.csv"]
    assert make.differences(published, published.iloc[1:], table)[0].startswith("other rows: efficientnet_lite0")
    assert "top5" in make.differences(published, published.drop(columns="top5"), table)[0]
    gone = published.assign(drop_pp=published["drop_pp"] * float("nan"))
    assert any("drop_pp" in line for line in make.differences(published, gone, table))
