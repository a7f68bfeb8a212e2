"""Wrong commands: each ends with one sentence on stderr that names what was found and the remedy, and exit code 2."""

import os
from pathlib import Path

import pytest

LAMP = ("dataset.objects=[table_lamp]", "dataset.conditions=[upright]", "render.image_size=32", "progress=false")

WRONG = [
    ("an unknown key", "eval", ["modle=resnet50"], ["'modle'", "model"]),
    ("an unknown nested key", "eval", ["engine.batchsize=8"], ["engine.batchsize", "engine.batch_size"]),
    ("a word that is no key=value", "eval", ["resnet50"], ["'resnet50'", "key=value", "--help"]),
    ("an unknown flag", "eval", ["--verbose"], ["'--verbose'", "key=value"]),
    ("multirun", "eval", ["-m", "model=resnet50"], ["Multirun", "model=["]),
    ("a wrong type", "eval", ["engine.batch_size=many"], ["engine.batch_size=many", "Integer"]),
    ("a wrong bool", "eval", ["dry_run=maybe"], ["dry_run=maybe", "bool"]),
    ("a value out of range", "eval", ["engine.batch_size=0"], ["engine.batch_size is 0", ">= 1"]),
    ("an unbalanced list", "eval", ["model=[resnet50"], ["model=[resnet50", "cannot be read"]),
    ("an unknown data set", "eval", ["dataset=quik"], ["'quik'", "quick"]),
    ("an unknown network", "eval", ["model=vit_b61"], ["vit_b61", "vit_b16"]),
    ("an unknown timm network", "eval", ["model=timm:resnet5o"], ["resnet5o", "resnet50"]),
    ("weights without a tag", "eval", ["model=open_clip:ViT-B-32"], ["ViT-B-32:openai", "model.checkpoint"]),
    ("an unknown source", "eval", ["model=tim:resnet50"], ["'tim'", "timm", "package.module:function"]),
    ("an unknown group", "eval", ["model=papper38"], ["'papper38'", "paper38"]),
    ("a module that is not there", "eval", ["model=no_lab.nets:build"], ["no_lab.nets", "cannot be imported"]),
    ("a file that is not there", "eval", ["model=nowhere.py:build"], ["nowhere.py"]),
    ("an unknown key of a network", "eval", ["model.chekpoint=a"], ["model.chekpoint", "model.checkpoint"]),
    ("an option about several", "eval", ["model.checkpoint=a.pth"], ["model.checkpoint", "3 are named"]),
    ("prompts of a trained head", "eval", ["model=efficientnet_lite0", "model.prompts=single"], ["model.prompts"]),
    ("labels that are not there", "eval", ["model=efficientnet_lite0", "model.labels=none.txt"], ["none.txt"]),
    ("a recipe that is none", "eval", ["model=efficientnet_lite0", "model.preprocess=224/bicubic"], ["224/bicubic"]),
    ("prompts that are not there", "eval", ["model=clip_rn50", "model.prompts=sinlge"], ["sinlge", "single"]),
    ("random weights of an own network", "eval", ["model=a.b:build", "pretrained=false"], ["own weights"]),
    ("an unknown network to show", "models", ["show", "vit_b61"], ["vit_b61", "vit_b16"]),
    ("no network to show", "models", ["show"], ["show vit_b16"]),
    ("an unknown filter", "models", ["grup=clip"], ["grup", "group"]),
    ("a group that is not there", "models", ["group=papper"], ["papper", "paper38"]),
    ("filters that nothing passes", "models", ["group=paper38", "local=true"], ["all the filters"]),
    ("a model that is null", "eval", ["model=null"], ["None", "is not a name"]),
    ("a model that is a number", "eval", ["model=50"], ["'50'", "Unknown model"]),
    ("networks without brackets", "eval", ["model=vit_b16,vit_b32"], ["'model=vit_b16,vit_b32'", "model=[vit_b16,"]),
    ("an interpolation in a list", "eval", ["model=[${x}]"], ["cannot be used", "'x' not found"]),
    ("two networks to show", "models", ["show", "vit_b16", "clip_rn50"], ["one network at a time", "show vit_b16"]),
    ("a filter of a card", "models", ["show", "vit_b16", "group=clip"], ["leave group= out"]),
    ("a null that cannot be", "eval", ["gate=null"], ["gate=null", "not Optional"]),
    ("a list without brackets", "eval", ["dataset.objects=tank,jeep"], ["dataset.objects=[tank,jeep]"]),
    ("no network", "eval", ["model=[]"], ["No model is named", "offline"]),
    ("an unknown preprocessing", "eval", ["preprocess=papr2022"], ["papr2022", "paper2022"]),
    ("a recipe that the network never had", "eval", ["model=efficientnet_lite0", "preprocess=paper2022"],
     ["efficientnet_lite0", "native"]),
    ("an unknown device", "eval", ["device=tpu"], ["'tpu'", "auto, cpu, cuda"]),
    ("an unknown object", "eval", ["dataset.objects=[tnak]"], ["tnak", "tank"]),
    ("no object", "eval", ["dataset.objects=[]"], ["at least one object"]),
    ("an unknown condition", "eval", ["dataset.conditions=[uprihgt]"], ["uprihgt", "upright"]),
    ("a condition without its baseline", "eval", ["dataset.conditions=[so3]"], ["so3", "add 'upright'"]),
    ("an unknown parameter", "eval", ["dataset.conditions.tilt.cuont=4"], ["cuont", "count"]),
    ("a parameter of the wrong type", "eval", ["dataset.conditions.tilt.count=few"], ["count", "'few'", "a number"]),
    ("a negative count", "eval", ["dataset.conditions.tilt.count=-4"], ["-4", "whole number >= 1"]),
    ("an image of no size", "eval", ["render.image_size=0"], ["image_size_px is 0", "16 to 4096"]),
    ("an unknown backend", "eval", ["render.backend=opengl"], ["opengl", "cpu"]),
    ("no threads", "render", ["render.threads=0"], ["render.threads is 0"]),
    ("a weights folder that is not there", "eval", ["weights_dir=nowhere"], ["nowhere"]),
    ("an unknown appearance", "eval", ["dataset.appearance=gray"], ["'gray'", "untextured"]),
    ("an unknown gate", "eval", ["gate=off"], ["'off'", "default, none"]),
    ("an instance that is no number", "eval", ["dataset.objects=[tank/x]"], ["tank/x", "whole number"]),
    ("all instances of what is not there", "audit", ["objects=[tnak/*]"], ["tnak", "tank"]),
    ("an export to nowhere", "audit", ["export="], ["export is ''", "a folder"]),
    ("an export with a table", "audit", ["export=meshes", "save=x.csv"], ["export=", "save="]),
    ("a table in no folder", "audit", ["save=nodir/x.csv"], ["nodir/x.csv", "folder that exists"]),
    ("too many upright poses", "eval", ["dataset.conditions.upright.count=99"], ["99", "31 poses"]),
    ("an unknown background", "render", ["dataset.backgrounds=[flat,sky]"], ["'sky'", "bg1 to bg99"]),
    ("a colour that is none", "render", ["dataset.background_colour=[0,0,900]"], ["900", "0 to 255"]),
    ("a colour in words", "render", ["dataset.background_colour=grey"], ["grey", "three whole numbers"]),
    ("photographs nowhere", "render", ["dataset.photos=nowhere", "dataset.backgrounds=[bg1]"], ["nowhere", "zip"]),
    ("an unknown framing", "render", ["dataset.framing=papr"], ["papr", "paper"]),
    ("the paper's framing without its meshes", "render", ["dataset.framing=paper"], ["dataset.meshes", "catalogue"]),
    ("a name that is a path", "render", ["dataset.name=a/b"], ["'a/b'", "names a folder"]),
    ("a count that is no number", "eval", ["dataset.conditions.so3.count=nan"], ["nan", "finite number"]),
    ("an infinite scale", "eval", ["dataset.conditions=[upright,{scaling: {scale_max: inf}}]"], ["inf", "finite"]),
    ("a device that is none", "render", ["render.device=tpu"], ["'tpu'", "auto, cpu, cuda"]),
    ("a device by a wrong name", "render", ["render.device=cpu:foo"], ["'cpu:foo'", "cuda:N"]),
    ("a list of videos", "render", ["video=[gif]"], ["['gif']", "is: gif"]),
    ("a repository that cannot be", "render", ["dataset=custom", "dataset.meshes=hub:a--b/c/x.zip"], ["a--b/c"]),
    ("a file outside its repository", "render", ["dataset=custom", "dataset.meshes=hub:o/n/../x"], ["hub:OWNER/NAME"]),
    ("a turned flat background", "render",
     ["dataset.conditions=[upright_disc,background_rotation]"], ["background_rotation", "bg1"]),
    ("a picture turned without its baseline", "eval", ["dataset.conditions=[upright,image_rotation]"],
     ["image_rotation", "add 'upright_disc'"]),
    ("a step that does not fit", "eval", ["dataset.conditions=[upright,{two_axes: {step_deg: 7}}]"],
     ["step_deg", "divisor of 360"]),
    ("own meshes without meshes", "eval", ["dataset=custom"], ["dataset.meshes is not set"]),
    ("own meshes nowhere", "eval", ["dataset=custom", "dataset.meshes=nowhere"], ["nowhere"]),
    ("labels without meshes", "render", ["dataset.labels=labels.csv"], ["dataset.meshes is not set"]),
    ("a hub reference that is none", "render", ["dataset=custom", "dataset.meshes=hub:meshes.zip"], ["hub:OWNER/NAME"]),
    ("a folder that is not named", "eval", ["dataset=folder"], ["dataset.path is not set"]),
    ("an empty path", "eval", ["dataset=folder", "dataset.path="], ["dataset.path is not set"]),
    ("a folder that is not there", "eval", ["dataset=folder", "dataset.path=nowhere"], ["nowhere"]),
    ("an unknown layout", "eval", ["dataset=folder", "dataset.path=.", "dataset.layout=imagenet"], ["imagenet"]),
    ("a key that a folder has no use for", "eval", ["dataset=folder", "dataset.path=.", "dataset.seed=3"],
     ["dataset.seed"]),
    ("a folder with a config of rendering", "eval", ["dataset=paper", "dataset.path=."], ["dataset=folder"]),
    ("an up axis of the catalogue", "render", ["dataset.up=z"], ["dataset.up", "dataset.meshes is not set"]),
    ("the human study without a path", "eval", ["dataset=human_stimuli"], ["dataset.path is not set", "clone"]),
    ("the human study somewhere else", "eval", ["dataset=human_stimuli", "dataset.path=."], ["stimuli_exp"]),
    ("rendering the human study", "render", ["dataset=human_stimuli"], ["objectpose.eval dataset=human_stimuli"]),
    ("people who are nowhere", "report", ["humans.path=nowhere"], ["nowhere", "human study"]),
    ("a folder without people", "report", ["humans.path=."], ["no file of the human study"]),
    ("people from two places", "report", ["humans.path=.", "humans.fetch=true"], ["leave one of them out"]),
    ("rendering what exists", "render", ["dataset=folder", "dataset.path=."], ["objectpose.eval dataset=folder"]),
    ("an unknown kind of video", "render", ["video=avi"], ["avi", "gif"]),
    ("no gate view", "audit", ["views=0"], ["count", "whole number >= 1"]),
]  # fmt: skip


def sentence_of(done) -> str:
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("objectpose: ")
    return lines[0]


class Done:
    """What a command left behind, in the form of ``subprocess.CompletedProcess``."""

    def __init__(self, returncode: int, stdout: str, stderr: str) -> None:
        self.returncode, self.stdout, self.stderr = returncode, stdout, stderr


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    """Run a command's main in this process, in an empty folder."""
    import importlib

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def run(command: str, *words: str) -> Done:
        module = importlib.import_module(f"objectpose.{command}" + (".__main__" if command == "models" else ""))
        monkeypatch.setattr("sys.argv", [f"objectpose.{command}", *words])
        code = module.main()
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return run


@pytest.mark.parametrize(("command", "words", "expected"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_command(here, tmp_path, command, words, expected):
    sentence = sentence_of(here(command, *words))
    for part in expected:
        assert part in sentence
    assert not list(tmp_path.iterdir())  # nothing half-written


def test_wrong_command_as_a_process(cli):
    assert "the nearest are: model" in sentence_of(cli("eval", "modle=resnet50"))


def test_a_folder_that_cannot_be_written(here, tmp_path):
    (tmp_path / "renders").write_text("a file stands where the folder should be")
    assert "renders" in sentence_of(here("eval", "model=efficientnet_lite0", *LAMP))


def test_no_space(here, tmp_path, monkeypatch):
    import shutil

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    sentence = sentence_of(here("eval", "model=efficientnet_lite0", *LAMP))
    assert "GB are free" in sentence
    assert not list(tmp_path.iterdir())


def test_a_full_disk_while_writing(here, monkeypatch):
    import errno

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "renders/x.npy")

    monkeypatch.setattr("objectpose.datasets.render.publish", full)
    assert "No space is left" in sentence_of(here("render", *LAMP))


def test_weights_that_cannot_be_read(here, tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    path = folder / "resnet50.tv_in1k.safetensors"
    for content in (
        b"<!DOCTYPE html><html>not found</html>",
        b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.",
        b"\0" * 999,
    ):
        path.write_bytes(content)
        sentence = sentence_of(here("eval", "model=timm:resnet50.tv_in1k", f"weights_dir={folder}", *LAMP))
        assert "resnet50.tv_in1k.safetensors" in sentence
    assert not Path("owned").exists()


def test_damaged_data_set(here, tmp_path):
    assert here("render", *LAMP).returncode == 0
    (shard,) = tmp_path.glob("renders/quick-*/images-00000.npy")
    shard.write_bytes(shard.read_bytes()[:-7])
    assert "was changed after rendering" in sentence_of(here("eval", "model=efficientnet_lite0", *LAMP))


def test_a_network_without_network_access(here):
    sentence = sentence_of(here("eval", "model=vit_b16", *LAMP))
    for part in ("vit_b16", "weights_dir", "model=offline"):
        assert part in sentence


TWO = "model=[efficientnet_lite0,efficientnet_lite1]"


def test_when_all_networks_fail_a_table_says_why(here, tmp_path):
    (tmp_path / "nets.py").write_text("def one(): raise ValueError('first')\ndef two(): raise KeyError('second')\n")
    both = "model=[nets.py:one,nets.py:two]"
    done = here("eval", both, *LAMP)
    *table, sentence = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert "2 of 2 networks without a result" in table[0]
    assert "first" in " ".join(table)
    assert "second" in " ".join(table)
    assert sentence.startswith("objectpose: None of the 2 networks can run; the first because: nets.py:one raises")
    assert not (tmp_path / "renders").exists()
    dry = here("eval", both, "dry_run=true", *LAMP)
    assert dry.returncode == 2
    assert dry.stdout.count("cannot be used") == 2
    assert dry.stderr == sentence + "\n"


def test_networks_that_fail_sooner_and_later_are_counted_together(here, tmp_path):
    (tmp_path / "bad.py").write_text(BAD_NETWORKS)
    done = here("eval", "model=[bad.py:nan,bad.py:raises]", *LAMP)
    assert done.returncode == 2
    assert "2 of 2 networks without a result" in done.stderr
    assert "None of the 2 networks can run; the first because: bad.py:nan gives a logit" in done.stderr


def test_a_dry_run_says_that_some_network_cannot_be_used(here, tmp_path):
    (tmp_path / "bad.py").write_text(BAD_NETWORKS)
    assert here("eval", "model=[efficientnet_lite0,bad.py:raises]", "dry_run=true", *LAMP).returncode == 1
    assert here("eval", TWO, "dry_run=true", *LAMP).returncode == 0


@pytest.mark.parametrize("word", ["preprocess=papr", "weights_dir=nowhere"])
@pytest.mark.parametrize("dry", ["true", "false"])
def test_a_word_about_all_networks_is_answered_before_anything_else(here, tmp_path, word, dry):
    words = ("dataset=folder", "dataset.path=no_folder")
    assert word.partition("=")[2] in sentence_of(here("eval", TWO, word, f"dry_run={dry}", *words))


def test_predictions_that_cannot_be_written_are_one_networks_failure(here, tmp_path, monkeypatch):
    assert here("eval", TWO, *LAMP).returncode == 0
    (stored,) = tmp_path.glob("results/predictions/*/efficientnet_lite0-*.parquet")
    stored.unlink()
    (stored / "in_the_way").mkdir(parents=True)
    done = here("eval", TWO, *LAMP)
    assert done.returncode == 1
    assert "1 of 2 networks without a result" in done.stderr
    assert "efficientnet_lite0" in done.stderr
    assert "directory" in done.stderr
    assert "efficientnet_lite1" in done.stdout

    import errno

    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "results/x.parquet")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    assert "No space is left" in sentence_of(here("eval", TWO, *LAMP))


@pytest.mark.parametrize(
    "word",
    [
        "model=file with (blanks) 'quotes'.py:build",
        r"model=C:\nets\net.py:good",
        "model=epoch=9.py:build",
        "model='a,b.py:build'",
    ],
)
def test_a_model_arrives_as_typed(here, word):
    typed = word.partition("=")[2].strip("'").rpartition(":")[0]
    assert f"There is no file {typed} for the model" in sentence_of(here("eval", word))


def test_unusual_names_of_files_end_in_the_jobs_own_sentence(here):
    for name in (
        "epoch=9-step=100.ckpt",
        "best (1).pth",
        "[x].pth",
        "a,b.pth",
        "${x}.pth",
        "it's.pth",
        r"C:\new\x.pth",
    ):
        sentence = sentence_of(here("eval", "model=timm:resnet50.tv_in1k", f"model.checkpoint={name}", *LAMP))
        assert name in sentence
        assert "quotes" not in sentence


def test_one_bad_network_does_not_stop_the_others(here, tmp_path):
    done = here("eval", "model=[vit_b16,efficientnet_lite0]", *LAMP)
    assert done.returncode == 1
    assert "1 of 2 networks without a result" in done.stderr
    assert "efficientnet_lite0" in done.stdout
    assert (tmp_path / "results" / "summary.csv").is_file()


BAD_NETWORKS = """
import torch
from torch import nn

class Answers(nn.Module):
    def __init__(self, answer):
        super().__init__()
        self.answer = answer
    def forward(self, x):
        return self.answer(x)

def fails(x):
    raise IndexError("out of bounds")

def raises(): raise FileNotFoundError("weights.pth")
def alone(): return nn.Identity()
def shape(): return Answers(lambda x: x.mean((2, 3))), "32/32/bilinear/half"
def nan(): return Answers(lambda x: torch.full((len(x), 1000), float("nan"))), "32/32/bilinear/half"
def breaks(): return Answers(fails), "32/32/bilinear/half"
def cat(): return Answers(lambda x: torch.zeros(len(x), 2)), "32/32/bilinear/half", ["qqq", "zzz"]
"""


def test_bad_networks_of_the_users_own_do_not_stop_the_others(here, tmp_path):
    (tmp_path / "bad.py").write_text(BAD_NETWORKS)
    names = ("raises", "alone", "shape", "nan", "breaks", "cat")
    listed = ",".join(["efficientnet_lite0", *(f"bad.py:{name}" for name in names)])
    done = here("eval", f"model=[{listed}]", *LAMP)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    table = " ".join(done.stderr.split())
    assert "6 of 7 networks without a result" in table
    wanted = (
        "weights.pth",
        "returns Identity",
        "gives 3 logits",
        "not finite",
        "out of bounds",
        "None of the 2 outputs",
    )
    assert [words for words in wanted if words not in table] == [], table
    assert "efficientnet_lite0" in done.stdout
    done = here("eval", "model=bad.py:nan", *LAMP)
    assert "not finite" in sentence_of(done)


@pytest.mark.parametrize("command", ["eval", "render", "audit", "models"])
def test_help_names_every_key_and_shows_examples(here, command):
    done = here(command, "--help")
    assert done.returncode == 0
    assert "Examples:" in done.stdout
    for line in done.stdout.splitlines():
        if line.startswith("  ") and "=" in line.split(" ")[2] and not line.strip().startswith("python"):
            assert len(line.strip().split("  ", 1)) == 2, f"no help beside {line!r}"


def test_the_keys_of_help_stand_under_headings(here):
    from objectpose.config import COMMANDS
    from objectpose.config.compose import keys_of

    text = here("eval", "--help").stdout.partition("Keys (")[2].partition("\nConditions:")[0]
    heading, found = "", {}
    for line in text.splitlines()[1:]:
        if line.startswith("  "):
            found[line.strip().partition("=")[0]] = heading
        elif line:
            heading = line
    assert set(found) == {key for key, _ in keys_of(COMMANDS["eval"])} | {"dataset", "engine"}
    wanted = {
        "model.title": "Networks:",
        "dataset": "Data set:",
        "dataset.seed": "Data set:",
        "dataset.meshes": "Own meshes:",
        "dataset.max_faces": "Own meshes:",
        "dataset.layout": "Pictures that exist:",
        "render.backend": "Rendering:",
        "results_dir": "Output:",
    }
    assert {key: found[key] for key in wanted} == wanted


def test_a_network_is_shown_by_a_name_with_blanks(here):
    assert "convnext_large.fb_in1k" in here("models", "show", "ConvNeXt-L", "(IN-1k)").stdout
