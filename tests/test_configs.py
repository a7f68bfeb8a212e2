"""Every config composes and describes a data set; the wheel carries configs, zoo and admission table."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from objectpose.config import COMMANDS, config_dir, dataset_spec, load_config, run_command
from objectpose.datasets.plan import count_rows
from objectpose.errors import ObjectPoseError
from objectpose.objects.catalogue import CATALOGUE
from objectpose.rendering.conditions import CONDITIONS

REPO = Path(__file__).resolve().parent.parent
NEED_FILES = ("custom", "folder", "human_stimuli")
DATASETS = sorted(path.stem for path in (config_dir() / "dataset").glob("[!_]*.yaml") if path.stem not in NEED_FILES)
ENGINES = sorted(path.stem for path in (config_dir() / "engine").glob("*.yaml"))


@pytest.mark.parametrize("command", COMMANDS)
def test_defaults_compose(command):
    assert isinstance(load_config(command, []), COMMANDS[command])


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("engine", ENGINES)
def test_every_choice_composes_and_describes_a_data_set(dataset, engine):
    config = load_config("eval", [f"dataset={dataset}", f"engine={engine}"])
    spec = dataset_spec(config.dataset, config.render)
    assert spec.name == dataset
    assert all(count_rows(spec).values())


def test_quick_is_about_a_thousand_pictures_of_all_classes():
    config = load_config("eval", [])
    spec = dataset_spec(config.dataset, config.render)
    assert spec.image_size_px == 320
    assert spec.objects == tuple(f"{name}/0" for name in CATALOGUE)
    assert 900 <= sum(count_rows(spec).values()) < 1200
    assert {name for name, _ in spec.conditions} >= {"upright", "so3"}


def test_the_other_data_sets_hold_every_instance():
    sizes = {}
    for name in ("paper17", "catalogue"):
        config = load_config("eval", [f"dataset={name}"])
        spec = dataset_spec(config.dataset, config.render)
        rows = [row for row in CATALOGUE.values() if any(o in spec.objects for o in row.object_ids)]
        assert spec.objects == tuple(o for row in rows for o in row.object_ids)
        sizes[name] = len(rows)
    assert sizes == {"paper17": 17, "catalogue": len(CATALOGUE)}


SWEPT = ("roll", "pitch", "yaw", "in_plane", "image_rotation", "three_axes", "scaling_rotation", "incongruent")
PAPER = dict.fromkeys(SWEPT, 9180) | {
    "upright": 1683,
    "upright_disc": 51,
    "two_axes": 5100,
    "scaling": 1275,
    "background_rotation": 6120,
}


def test_paper_has_the_counts_of_the_original_study():
    config = load_config("render", ["dataset=paper"])
    spec = dataset_spec(config.dataset, config.render)
    assert count_rows(spec) == PAPER
    assert sum(PAPER[name] for name in ("roll", "pitch", "yaw")) == 27540
    assert len(spec.objects) == 17


def test_every_condition_has_a_config_of_its_own_that_agrees_with_the_paper():
    for name in CONDITIONS:
        if name in ("gate", "upright_disc"):
            continue
        config = load_config("render", [f"dataset={name}"])
        counts = count_rows(dataset_spec(config.dataset, config.render))
        assert list(counts)[-1] == name
        assert {k: v for k, v in counts.items() if k in PAPER} == {k: PAPER[k] for k in counts if k in PAPER}


def test_conditions_with_parameters_in_a_list():
    words = ["dataset.conditions=[upright,{roll: {count: 12}},{scaling: {count: 5, scale_min: 0.5}}]"]
    config = load_config("eval", words)
    spec = dataset_spec(config.dataset, config.render)
    assert [(name, p.count) for name, p in spec.conditions] == [("upright", 3), ("roll", 12), ("scaling", 5)]
    assert spec.conditions[2][1].scale_min == 0.5


def test_a_list_of_conditions_keeps_the_data_sets_parameters():
    config = load_config("eval", ["dataset.conditions=[upright,so3,roll]"])
    spec = dataset_spec(config.dataset, config.render)
    assert [name for name, _ in spec.conditions] == ["upright", "so3", "roll"]
    assert [p.count for _, p in spec.conditions] == [3, 6, 180]
    more = load_config("eval", ["dataset.conditions.roll.count=36"])
    assert dict(dataset_spec(more.dataset, more.render).conditions)["roll"].count == 36
    assert len(dataset_spec(more.dataset, more.render).conditions) == 4


def test_lists_numbers_and_nulls_arrive_as_such():
    config = load_config("eval", ["model=[a,b]", "render.threads=3", "weights_dir=null", "dataset.seed=7"])
    assert config.model.name == ["a", "b"]
    assert config.render.threads == 3
    assert config.weights_dir is None
    assert config.dataset.seed == 7


TEXTS = [
    "epoch=9-step=100.ckpt", "best (1).pth", "[x].pth", "a,b.pth", "${x}", "${oc.env:HOME}", r"C:\nets\${x}", "it's",
    "50", "true", "224/0.875/bicubic/0.5,0.5,0.5,0.2,0.2,0.2", " x ", "{a: b}", "x\\", "'a' and 'b'", "~user", "",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_taken_literally(text):
    keys = ["model.checkpoint", "model.preprocess", "model.title", "dataset.path", "dataset.meshes", "results_dir"]
    config = load_config("eval", [f"{key}={text}" for key in keys])
    read = [config.model.checkpoint, config.model.preprocess, config.model.title, config.dataset.path,
            config.dataset.meshes, config.results_dir]  # fmt: skip
    assert read == [text] * len(keys)
    assert load_config("render", [f"export={text}"]).export == text
    assert load_config("audit", [f"save={text}"]).save == text
    assert load_config("models", [f"show={text}"]).show == text


def test_quotes_null_and_the_users_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    read = {
        "'a b'": "a b",
        '"a,b"': "a,b",
        r"'it\'s'": "it's",
        "'null'": "null",
        "'${x}'": "${x}",
        "null": None,
        "~/x.pth": "/home/someone/x.pth",
        "'~/x.pth'": "/home/someone/x.pth",
    }
    assert {word: load_config("eval", [f"weights_dir={word}"]).weights_dir for word in read} == read
    assert load_config("eval", ["model=~/nets.py:build"]).model.name == "/home/someone/nets.py:build"


def test_the_last_word_about_a_key_counts():
    assert load_config("eval", ["model=[a,b]", "model=c"]).model.name == "c"
    assert load_config("eval", ["model=c", "model=[a,b]"]).model.name == ["a", "b"]
    assert load_config("eval", ["model.title=a", "model.title=null"]).model.title is None


def test_entries_of_networks_are_read_as_such():
    config = load_config("eval", ["model=[{name: a, title: b},c d.py:e]"])
    assert config.model.name == [{"name": "a", "title": "b"}, "c d.py:e"]


def test_the_same_words_twice_give_the_same_config():
    assert load_config("eval", ["model=x"]) == load_config("eval", ["model=x"])
    with pytest.raises(ObjectPoseError):
        load_config("eval", ["x=y"])
    assert load_config("eval", []) == load_config("eval", [])  # a failed one leaves nothing behind


def test_interrupt_is_a_sentence(capsys, monkeypatch):
    import objectpose.jobs.render

    def interrupted(_config):
        raise KeyboardInterrupt

    monkeypatch.setattr(objectpose.jobs.render, "run", interrupted)
    assert run_command("render", "objectpose.jobs.render:run", []) == 130
    assert "goes on from what is finished" in capsys.readouterr().err


def test_package_names_its_commands():
    done = subprocess.run([sys.executable, "-m", "objectpose"], capture_output=True, text=True, check=True, cwd=REPO)
    for command in COMMANDS:
        assert f"python -m objectpose.{command}:" in done.stdout


@pytest.mark.slow
def test_wheel_works_in_an_empty_folder(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(tmp_path), str(REPO)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    command = [sys.executable, "-c", "import objectpose, sys; print(objectpose.__file__);"
               "from objectpose.eval import main; sys.exit(main())", "dry_run=true"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(site), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, cwd=empty, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert str(site) in done.stdout
    assert f"{len(CATALOGUE)} objects" in done.stdout
    assert not list(empty.iterdir())
