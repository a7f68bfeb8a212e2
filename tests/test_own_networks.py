"""A user's own function: what it may return, what is hashed of it, and every way in which it can fail."""

import sys
import textwrap

import numpy as np
import pytest
import torch

from objectpose.errors import ObjectPoseError
from objectpose.models import own, registry
from objectpose.models.preprocess import normalise

TINY = """
import torch
from torch import nn
from torchvision import transforms

SCALE = 1.0

class Tiny(nn.Module):
    def __init__(self, outputs=1000):
        super().__init__()
        torch.manual_seed(0)
        self.head = nn.Linear(3, outputs)

    def forward(self, x):
        return SCALE * self.head(x.mean((2, 3)))

def build():
    return Tiny(), "8/8/bilinear/imagenet"

def with_transform():
    return Tiny(), transforms.Compose([transforms.Resize((8, 8)), transforms.ToTensor()])

def with_labels():
    return Tiny(3), "8/8/bilinear/imagenet", ["tank", "jeep", "-"]

def with_lambda():
    return Tiny(), lambda picture: torch.zeros(3, 8, 8)

def squash(picture):
    return transforms.functional.to_tensor(picture.resize((8, 8)))

def with_function():
    return Tiny(), squash
"""
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 20, 30, 3), dtype=np.uint8)


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.py"):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        own._built.cache_clear()
        return path

    yield write
    own._built.cache_clear()


def network(path, function="build", **options):
    (spec,) = registry.resolve(f"{path}:{function}", options)
    weights = registry.locate(spec)
    return registry.load(spec, weights), weights


def test_a_recipe_and_a_module_are_all_it_takes(write):
    classifier, weights = network(write(TINY))
    assert weights.cacheable
    assert weights.path is None
    assert classifier(IMAGES).shape == (3, 1000)
    assert classifier.preparation.short == "8/8/bilinear/imagenet"


@pytest.mark.parametrize(
    ("function", "cacheable"), [("with_transform", True), ("with_function", True), ("with_lambda", False)]
)
def test_own_transforms_are_used_and_hashed_where_they_can_be(write, function, cacheable):
    path = write(TINY)
    classifier, weights = network(path, function)
    assert weights.cacheable is cacheable
    assert bool(weights.reason) is not cacheable
    logits = classifier(IMAGES)
    transform = classifier.preparation.function
    with torch.inference_mode():
        from PIL import Image

        want = classifier.module(torch.stack([transform(Image.fromarray(image)) for image in IMAGES]))
    torch.testing.assert_close(logits, want, rtol=1e-5, atol=1e-6)


def test_its_own_labels_name_the_outputs(write):
    classifier, _ = network(write(TINY), "with_labels")
    assert classifier.outputs.answers.tolist() == [609, 847]
    assert registry.recipe_of(classifier.spec, "native").keys() >= {"own_labels"}


HELPED = """
import helpers
from torch import nn

class Helped(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(3, 1000)
        nn.init.constant_(self.head.weight, 0.5)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("shift", helpers.shift(), persistent=False)
        self.scale = helpers.SCALE
    def forward(self, x):
        return helpers.act(self.head(x.mean((2, 3))) * self.scale + self.shift)

def build():
    return Helped(), helpers.RECIPE
"""
HELPERS = """
import torch
SCALE = 1.0
RECIPE = "8/8/bilinear/imagenet"
def shift(): return torch.zeros(1000)
def act(x): return x
"""
CHANGES = {
    "nothing": ("", ""),
    "a comment": ("SCALE = 1.0", "SCALE = 1.0  # as before"),
    "an attribute": ("SCALE = 1.0", "SCALE = 3.0"),
    "a buffer that is not saved": ("torch.zeros(1000)", "torch.ones(1000)"),
    "a function beside the file": ("return x\n", "return -x\n"),
}


def key_of(folder, text, helpers, monkeypatch):
    """Return the hash of a network whose file and helper are called the same in every folder."""
    folder.mkdir()
    (folder / "net.py").write_text(text)
    (folder / "helpers.py").write_text(helpers)
    monkeypatch.delitem(sys.modules, "helpers", raising=False)
    own._built.cache_clear()
    try:
        return network(folder / "net.py")[1].sha256
    finally:
        sys.modules.pop("helpers", None)


@pytest.mark.parametrize("change", CHANGES)
def test_the_key_follows_all_that_makes_the_network(tmp_path, monkeypatch, change):
    old, new = CHANGES[change]
    assert old in HELPERS
    first = key_of(tmp_path / "a", HELPED, HELPERS, monkeypatch)
    second = key_of(tmp_path / "b", HELPED, HELPERS.replace(old, new), monkeypatch)
    assert (first == second) is (change == "nothing")


@pytest.mark.parametrize(
    ("old", "new"),
    [("constant_(self.head.weight, 0.5)", "constant_(self.head.weight, 0.25)"), ("x.mean(", "1.0 * x.mean(")],
    ids=["a tensor", "the source"],
)
def test_the_key_follows_the_file_itself(tmp_path, monkeypatch, old, new):
    assert old in HELPED
    first = key_of(tmp_path / "a", HELPED, HELPERS, monkeypatch)
    assert key_of(tmp_path / "b", HELPED.replace(old, new), HELPERS, monkeypatch) != first


HIDDEN = """
import os
from torch import nn

VALUE = float(os.environ["OWN_VALUE"])

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(3, 1000)
        nn.init.ones_(self.head.weight)
        if os.environ["OWN_WHAT"] == "tensor":
            nn.init.constant_(self.head.weight, VALUE)
        nn.init.zeros_(self.head.bias)
    def forward(self, x):
        return self.head(x.mean((2, 3))) * (VALUE if os.environ["OWN_WHAT"] == "behaviour" else 1.0)

def build():
    labels = [f"kind {i}" for i in range(999)] + [f"tank{VALUE}" if os.environ["OWN_WHAT"] == "labels" else "tank"]
    return Net(), "8/8/bilinear/imagenet", labels if os.environ["OWN_WHAT"] == "labels" else None
"""


@pytest.mark.parametrize("what", ["tensor", "behaviour", "labels"])
def test_the_key_follows_what_no_source_shows(write, monkeypatch, what):
    path = write(HIDDEN)
    monkeypatch.setenv("OWN_WHAT", what)

    def key(value):
        monkeypatch.setenv("OWN_VALUE", str(value))
        for name in [name for name in sys.modules if name.startswith("objectpose_own_")]:
            del sys.modules[name]
        own._built.cache_clear()
        (spec,) = registry.resolve(f"{path}:build")
        return registry.locate(spec).sha256, str(registry.recipe_of(spec, "native"))

    assert key(0.5) != key(0.75)
    assert key(0.5) == key(0.5)


HIDING = """
import torch
from torch import nn
from torchvision import transforms

def default(picture, size=8): return transforms.functional.to_tensor(picture.resize((size, size)))
def keyword(picture, *, size=8): return transforms.functional.to_tensor(picture.resize((size, size)))
def closed(size=8):
    def inner(picture): return transforms.functional.to_tensor(picture.resize((size, size)))
    return inner
class Unnamed:
    def __call__(self, picture): return transforms.functional.to_tensor(picture.resize((8, 8)))
class Telling(Unnamed):
    def __repr__(self): return "Telling(8)"

def net(): return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, 1000))
def a(): return net(), default
def b(): return net(), keyword
def c(): return net(), closed()
def d(): return net(), Unnamed()
def e():
    twice = transforms.Lambda(lambda x: x * 2)
    return net(), transforms.Compose([transforms.Resize((8, 8)), transforms.ToTensor(), twice])
def f(): return net(), Telling()
"""


@pytest.mark.parametrize(("function", "cacheable"), [*[(name, False) for name in "abcde"], ("f", True)])
def test_transforms_that_hide_something_are_not_kept(write, function, cacheable):
    assert network(write(HIDING), function)[1].cacheable is cacheable


def test_one_text_has_one_hash_wherever_it_lies(tmp_path, monkeypatch):
    first = key_of(tmp_path / "a", HELPED, HELPERS, monkeypatch)
    assert key_of(tmp_path / "b", HELPED, HELPERS, monkeypatch) == first


def test_a_file_may_import_what_lies_beside_it_while_it_builds(write):
    write("FACTOR = 2", "lies_beside.py")
    path = write(TINY.replace("def build():\n", "def build():\n    import lies_beside\n", 1))
    assert network(path)[0](IMAGES).shape == (3, 1000)


def test_a_view_of_features_works_as_by_hand(write):
    text = TINY.replace("nn.Linear(3, outputs)", "nn.Linear(3 * 64, outputs)").replace(
        "x.mean((2, 3))", "nn.functional.relu(x).view(x.size(0), -1)"
    )
    classifier, _ = network(write(text))
    logits = classifier(IMAGES)
    with torch.inference_mode():
        want = classifier.module(normalise(classifier.prepare(IMAGES), classifier.preprocess).contiguous())
    torch.testing.assert_close(logits, want)


def test_a_module_of_a_package_is_imported(write, tmp_path, monkeypatch):
    (tmp_path / "my_lab_package").mkdir()
    write("", "my_lab_package/__init__.py")
    write(TINY, "my_lab_package/nets.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    classifier, _ = network("my_lab_package.nets")
    assert classifier(IMAGES).shape == (3, 1000)


def test_a_checkpoint_goes_into_the_users_module(write, tmp_path):
    path = write(TINY)
    state = {"module.head.weight": torch.ones(1000, 3), "module.head.bias": torch.zeros(1000)}
    torch.save({"state_dict": state}, tmp_path / "mine.pth")
    classifier, weights = network(path, checkpoint=str(tmp_path / "mine.pth"))
    assert float(classifier.module.head.bias.abs().sum()) == 0
    assert weights.path == tmp_path / "mine.pth"


BAD = {
    "raises": ("def build():\n    raise KeyError('no file')", ["KeyError", "no file"]),
    "takes an argument": ("def build(size):\n    return 1", ["TypeError", "no argument"]),
    "no tuple": (
        "import torch\ndef build():\n    return torch.nn.Identity()",
        ["returns Identity", "(module, transform)"],
    ),
    "four": ("def build():\n    return 1, 2, 3, 4", ["tuple of 4"]),
    "no module": ("def build():\n    return 'resnet', '8/8/bilinear/half'", ["str as its module"]),
    "no transform": ("import torch\ndef build():\n    return torch.nn.Identity(), 3", ["int as its transform"]),
    "misspelt recipe": ("import torch\ndef build():\n    return torch.nn.Identity(), '8/8/half'", ["'8/8/half'"]),
    "labels": (
        "import torch\ndef build():\n    return torch.nn.Identity(), '8/8/bilinear/half', 'tank'",
        ["no list of texts"],
    ),
    "no function": ("def built():\n    pass", ["no function 'build'", "built"]),
    "not callable": ("build = 3", ["int", "function without arguments"]),
    "exits": ("def build():\n    raise SystemExit(3)", ["SystemExit"]),
    "exits at import": ("import sys\nsys.exit('usage: net.py')", ["SystemExit", "usage: net.py"]),
    "syntax": ("def build(:", ["SyntaxError"]),
    "import": ("import a_package_nobody_has", ["a_package_nobody_has"]),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_what_is_no_network_ends_in_a_sentence(write, text, words):
    (spec,) = registry.resolve(f"{write(text)}:build")
    with pytest.raises(ObjectPoseError) as caught:
        registry.locate(spec)
    assert "\n" not in str(caught.value)
    assert all(word in str(caught.value) for word in words), caught.value


@pytest.mark.parametrize("name", ["nowhere.py:build", "no_such_package_x.nets:build"])
def test_what_is_not_there_ends_in_a_sentence(name):
    (spec,) = registry.resolve(name)
    with pytest.raises(ObjectPoseError, match=r"no file|cannot be imported"):
        registry.locate(spec)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return x.mean((2, 3))", ["gives 3 logits", "1,000", "model.labels"]),
        ("return [x]", ["list"]),
        ("raise ValueError('bad input')", ["ValueError", "(3, 3, 8, 8)", "bad input"]),
        ("return self.head(x)", ["RuntimeError"]),
    ],
)
def test_a_module_that_gives_no_logits_ends_in_a_sentence(write, body, words):
    classifier, _ = network(write(TINY.replace("return SCALE * self.head(x.mean((2, 3)))", body)))
    with pytest.raises(ObjectPoseError) as caught:
        classifier(IMAGES)
    assert "\n" not in str(caught.value)
    assert all(word in str(caught.value) for word in words), caught.value


def test_more_outputs_than_labels_end_in_a_sentence(write, tmp_path):
    (tmp_path / "two.txt").write_text("tank\njeep\n")
    classifier, _ = network(write(TINY), labels=str(tmp_path / "two.txt"))
    with pytest.raises(ObjectPoseError, match="gives 1000 logits a picture, expected 2"):
        classifier(IMAGES)
