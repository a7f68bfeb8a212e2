"""The report command: from stored answers to tables, figures and pages, and what it says where something is missing."""

import json
import shutil

import pandas as pd
import pytest
from page_links import dead_links

from objectpose.evidence import gather
from objectpose.results.stored import stored_units

pytestmark = pytest.mark.slow
SMALL = ("dataset.objects=[tank,jeep,violin,banana]", "render.image_size=64", "progress=false")
NETWORKS = "model=[efficientnet_lite0,efficientnet_lite1]"


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory):
    """A folder with the answers of two networks on a small data set."""
    from conftest import CommandLine

    folder = tmp_path_factory.mktemp("report")
    done = CommandLine(folder)("eval", NETWORKS, *SMALL)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def copied(evaluated, tmp_path):
    for name in ("renders", "results"):
        shutil.copytree(evaluated / name, tmp_path / name)
    return tmp_path


def test_one_command_writes_tables_figures_and_pages(cli, copied):
    done = cli("report", "progress=false")
    assert done.returncode == 0, done.stderr
    assert "efficientnet_lite0 recognises" in done.stdout
    results = copied / "results"
    page = (results / "report" / "index.html").read_text(encoding="utf-8")
    for words in ("Leaderboard", "Is the difference real?", "Error patterns", "Calibration", "efficientnet_lite1"):
        assert words in page, words
    board = pd.read_csv(results / "tables" / "quick_leaderboard.csv")
    assert set(board["network"]) == {"efficientnet_lite0", "efficientnet_lite1"}
    for name in ("leaderboard", "differences", "distance", "class", "consistency", "taken_for", "calibration"):
        assert len(pd.read_csv(results / "tables" / f"quick_{name}.csv")), name
    for name in ("accuracy_by_condition", "consistency", "taken_for", "reliability", "risk_coverage"):
        assert (results / "figures" / f"quick_{name}.png").stat().st_size > 5000, name
    done = cli("report", "progress=false", 'fail_if="upright.top1>0"')
    assert done.returncode == 3
    assert "fail_if" in done.stderr


def test_what_is_missing_is_named_and_the_rest_is_reported(cli, copied):
    predictions = next((copied / "results" / "predictions").iterdir())
    torn = next(predictions.glob("efficientnet_lite1-*.parquet"))
    torn.write_bytes(torn.read_bytes()[:-9])
    done = cli("report", "progress=false")
    assert done.returncode == 0, done.stderr
    assert "changed after it was written" in done.stderr
    assert "One network alone" in (copied / "results" / "report" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: shutil.rmtree(folder / "results"), ["no answers", "objectpose.eval"]),
        (lambda folder: shutil.rmtree(folder / "renders"), ["quick-", "renders_dir"]),
    ],
    ids=["no answers", "no data set"],
)
def test_nothing_to_report_is_a_sentence(cli, copied, spoil, words):
    spoil(copied)
    done = cli("report", "progress=false")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert all(word in done.stderr for word in words), done.stderr


def test_an_unknown_data_set_is_a_sentence(cli, copied):
    done = cli("report", "only=quik", "progress=false")
    assert done.returncode == 2
    assert "quick-" in done.stderr


def test_random_weights_take_no_part(copied):
    units, broken = stored_units(copied / "results")
    assert broken == []
    path = units[0].path.with_suffix(".json")
    path.write_text(json.dumps({**units[0].provenance, "pretrained": False}))
    units, _ = stored_units(copied / "results")
    found = gather(units[0].dataset, units, copied / "renders")
    assert found.judged["model"].nunique() == 1
    assert "random weights" in next(iter(found.missing.values()))


def test_videos_are_counted_made_and_offered(cli, copied):
    pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    done = cli("report", "video.objects=[tonk]", "progress=false")
    assert done.returncode == 2
    assert "no object 'tonk'; the nearest" in done.stderr
    done = cli("report", "video=true", "video.objects=[tank]", "video.networks=efficientnet_lite1", "progress=false")
    assert done.returncode == 0, done.stderr
    assert "1 object under tilt, so3" in done.stdout
    made = sorted(path.name for path in (copied / "results" / "videos" / "quick").iterdir())
    assert made == ["tank-0-so3.mp4", "tank-0-tilt.mp4", "videos.json"]
    page = copied / "results" / "report" / "index.html"
    assert "2 videos (MP4)" in page.read_text(encoding="utf-8")
    assert dead_links(page) == []
