import hashlib
import json
import time
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from objectpose.cache import cache_dir
from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.models import registry, zero_shot, zoo
from objectpose.models.open_clip_adapter import build, exact_name, find, locate, preparation
from objectpose.models.preprocess import geometry, normalise
from objectpose.models.prompts import Prompts, prompt_set
from objectpose.models.spec import ModelOptions, ModelSpec
from objectpose.progress import show_progress

KINDS = Classes("kinds.txt", ("robot vacuum", "e-scooter", "school bus"))
TEXT = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2}
TINY = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": TEXT,
}
SIGMOID = {
    "embed_dim": 32,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {
        "image_size": [160, 160],
        "timm_model_name": "test_vit",
        "timm_model_pretrained": False,
        "timm_pool": "avg",
        "timm_proj": "linear",
    },
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 64,
        "hf_tokenizer_name": "objectpose/tiny-words",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 2,
        "layers": 2,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
        "norm_kwargs": {"eps": 1e-6},
        "act_kwargs": {"approximate": "tanh"},
    },
}
CAPTIONS = {
    "embed_dim": 32,
    "vision_cfg": {
        **TINY["vision_cfg"],
        "attentional_pool": True,
        "attn_pooler_heads": 2,
        "attn_pooler_queries": 8,
        "output_tokens": True,
    },
    "text_cfg": {**TEXT, "context_length": 76, "embed_cls": True, "output_tokens": True},
    "multimodal_cfg": {
        "context_length": 76,
        "vocab_size": 49408,
        "width": 64,
        "heads": 2,
        "layers": 1,
        "attn_pooler_heads": 2,
    },
    "custom_text": True,
}


@pytest.fixture(scope="module")
def architectures(tmp_path_factory):
    """Small architectures, under names that only these tests use."""
    folder = tmp_path_factory.mktemp("architectures")
    configs = {"clip": TINY, "apart": {**TINY, "custom_text": True}, "sigmoid": SIGMOID, "captions": CAPTIONS}
    for name, config in configs.items():
        (folder / f"tiny-{name}.json").write_text(json.dumps(config), encoding="utf-8")
    open_clip.add_model_config(folder)
    return folder


@pytest.fixture(autouse=True)
def own_caches(tmp_path, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setenv("OBJECTPOSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def hub_snapshot(tmp_path, repository):
    """A repository of the hub as its cache holds it; returns the folder of its files."""
    folder = tmp_path / "hub" / f"models--{repository.replace('/', '--')}"
    snapshot = folder / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0" * 40)
    return snapshot


@pytest.fixture
def tiny_words(tmp_path):
    """A tokenizer of words in the Hugging Face cache."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    known = "<pad> </s> <unk> a photo of robot vacuum escooter school bus".split()  # noqa: SIM905
    words = Tokenizer(models.WordLevel({word: index for index, word in enumerate(known)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    fast = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    fast.save_pretrained(hub_snapshot(tmp_path, "objectpose/tiny-words"))


def random_model(architecture, seed=0):
    torch.manual_seed(seed)
    return open_clip.create_model(architecture, load_weights=False).eval()


@pytest.fixture(scope="module")
def tiny_file(architectures, tmp_path_factory):
    """Random weights of the small CLIP on disk."""
    path = tmp_path_factory.mktemp("weights") / "tiny.safetensors"
    save_file(random_model("tiny-clip").state_dict(), path)
    return path


@pytest.fixture(scope="module")
def quick_folder(tmp_path_factory):
    """A weights_dir that holds weights of OpenAI's shape, in half precision as theirs are."""
    folder = tmp_path_factory.mktemp("quick")
    state = {key: value.half() for key, value in random_model("ViT-B-32-quickgelu").state_dict().items()}
    save_file(state, folder / "ViT-B-32_openai.safetensors")
    return folder


def named(name, **options):
    return registry.resolve(f"open_clip:{name}", {key: str(value) for key, value in options.items()})[0]


def pictures():
    rng = np.random.default_rng(3)
    coarse = [rng.integers(0, 256, (6, 5, 3), np.uint8) for _ in range(3)]
    sizes = ((217, 333), (97, 151), (240, 101))
    return [np.asarray(Image.fromarray(a).resize(s)) for a, s in zip(coarse, sizes, strict=True)]


def by_hand(model, transform, tokenizer, names, templates, images):
    """Logits as open_clip's users compute them, one class and one prompt at a time."""
    with torch.no_grad():
        rows = []
        for name in names:
            each = [model.encode_text(tokenizer([template.replace("{}", name)]))[0] for template in templates]
            mean = torch.stack([one / one.norm() for one in each]).mean(0)
            rows.append(mean / mean.norm())
        features = model.encode_image(torch.stack([transform(Image.fromarray(image)) for image in images]))
        features = features / features.norm(dim=1, keepdim=True)
        logits = model.logit_scale.exp() * features @ torch.stack(rows).T
        return logits if model.logit_bias is None else logits + model.logit_bias


def loaded(spec, weights_dir=None, classes=KINDS):
    return registry.load(spec, registry.locate(spec, weights_dir), classes=classes)


def agree(ours, theirs):
    assert ours.dtype == torch.float32
    assert (theirs.max(dim=1).values - theirs.min(dim=1).values).min() > 0.05  # the answers differ at all
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-4)


def test_logits_of_an_openai_network_are_open_clips_own(quick_folder):
    path = quick_folder / "ViT-B-32_openai.safetensors"
    model, transform = open_clip.create_model_from_pretrained("ViT-B-32-quickgelu", pretrained=str(path))
    model.eval()
    tokenizer = open_clip.get_tokenizer("ViT-B-32-quickgelu")
    network = loaded(named("ViT-B-32:openai", prompts="single"), quick_folder)
    ours = network(pictures())
    agree(ours, by_hand(model, transform, tokenizer, KINDS.names, ["a photo of a {}."], pictures()))
    # The tag's QuickGELU is not in the configuration of the architecture; without it the answers are others.
    plain, _ = open_clip.create_model_from_pretrained("ViT-B-32", pretrained=str(path))
    wrong = by_hand(plain.eval(), transform, tokenizer, KINDS.names, ["a photo of a {}."], pictures())
    assert (ours - wrong).abs().max() > 1e-3
    # The text tower is gone.
    parameters = sum(tensor.numel() for tensor in network.module.parameters())
    assert parameters < 1.01 * sum(tensor.numel() for tensor in model.visual.parameters())


def test_logits_of_a_clip_are_open_clips_own(tiny_file):
    model, transform = open_clip.create_model_from_pretrained("tiny-clip", pretrained=str(tiny_file))
    model.eval()
    tokenizer = open_clip.get_tokenizer("tiny-clip")
    ours = loaded(named("tiny-clip", checkpoint=tiny_file, prompts="pose12"))(pictures())
    agree(ours, by_hand(model, transform, tokenizer, KINDS.names, prompt_set("pose12").templates, pictures()))
    eighty = loaded(named("tiny-clip", checkpoint=tiny_file))(pictures())
    head = open_clip.build_zero_shot_classifier(model, tokenizer, KINDS.names, open_clip.OPENAI_IMAGENET_TEMPLATES)
    with torch.no_grad():
        features = model.encode_image(torch.stack([transform(Image.fromarray(a)) for a in pictures()]), normalize=True)
        agree(eighty, model.logit_scale.exp() * features @ head)


def test_logits_of_a_network_with_a_bias_are_open_clips_own(architectures, tiny_words, tmp_path):
    path = tmp_path / "sigmoid.safetensors"
    save_file(random_model("tiny-sigmoid").state_dict(), path)
    model, transform = open_clip.create_model_from_pretrained("tiny-sigmoid", pretrained=str(path))
    snapshot = tmp_path / "hub" / "models--objectpose--tiny-words" / "snapshots" / ("0" * 40)
    (snapshot / "open_clip_config.json").write_text(json.dumps({"model_cfg": SIGMOID}))
    tokenizer = open_clip.get_tokenizer(f"local-dir:{snapshot}")
    assert tokenizer(["A photo of a School Bus."])[0, :7].tolist() == [3, 4, 5, 3, 9, 10, 1]
    spec = named("tiny-sigmoid", checkpoint=path, prompts="single")
    ours = loaded(spec)(pictures())
    theirs = by_hand(model.eval(), transform, tokenizer, KINDS.names, ["a photo of a {}."], pictures())
    agree(ours, theirs)
    assert theirs.mean() < -5
    assert registry.recipe_of(spec, "native", KINDS)["tokenizer"] == {
        "name": "objectpose/tiny-words",
        "context_length": 16,
        "tokenizer_kwargs": {"clean": "canonicalize"},
    }


def test_random_weights_go_the_same_way(architectures):
    for name in ("tiny-clip", "tiny-captions"):
        spec = registry.resolve(f"open_clip:{name}", {"prompts": "single"}, pretrained=False)[0]
        ours = registry.load(spec, registry.locate(spec), classes=KINDS)(pictures())
        with torch.random.fork_rng():
            model = random_model(name)
        _, _, transform = open_clip.create_model_and_transforms(name, load_weights=False)
        theirs = by_hand(model, transform, open_clip.get_tokenizer(name), KINDS.names, ["a photo of a {}."], pictures())
        agree(ours, theirs)


def test_head_of_prompts_is_the_mean_of_unit_vectors():
    class Letters:
        def encode_text(self, tokens, normalize=False):
            out = torch.tensor([[3.0, 4.0], [0.0, 2.0], [5.0, 0.0], [1.0, 1.0]])[tokens]
            return torch.nn.functional.normalize(out, dim=-1) if normalize else out

        def to(self, device):
            return self

    def tokens(texts):
        return torch.tensor([["xy", "xz", "yy", "yz"].index(text) for text in texts])

    prompts = Prompts("file", ("{}y", "{}z"))
    words = zero_shot.Words(("x", "y"), ("x", "y"))
    head = zero_shot.make_head(Letters(), tokens, prompts, words, "letters")
    first = torch.tensor([0.6 + 0.0, 0.8 + 1.0])
    second = torch.tensor([1.0 + 0.5**0.5, 0.5**0.5])
    torch.testing.assert_close(head, torch.stack([first / first.norm(), second / second.norm()]))


def test_progress_is_shown_when_it_takes_long(tiny_file, monkeypatch, capsys):
    own = open_clip.CLIP.encode_text

    def slow(self, text, normalize=False):
        time.sleep(1.1)
        return own(self, text, normalize)

    monkeypatch.setattr(open_clip.CLIP, "encode_text", slow)
    monkeypatch.setattr(zero_shot, "_PROMPTS_AT_A_TIME", 1)
    show_progress(True)  # a command that another test ran in this process may have said otherwise
    loaded(named("tiny-clip", checkpoint=tiny_file, prompts="single"))
    captured = capsys.readouterr()
    assert "head of open_clip:tiny-clip" in captured.err
    assert "class" in captured.err
    assert captured.out == ""
    show_progress(False)
    try:
        loaded(named("tiny-clip", checkpoint=tiny_file, prompts="single"), classes=Classes("other", KINDS.names[::-1]))
    finally:
        show_progress(True)
    assert capsys.readouterr().err == ""


@pytest.fixture
def texts_run(monkeypatch):
    """How often the text tower ran."""
    runs = []
    own = open_clip.CLIP.encode_text

    def counted(self, text, normalize=False):
        runs.append(len(text))
        return own(self, text, normalize)

    monkeypatch.setattr(open_clip.CLIP, "encode_text", counted)
    return runs


def heads():
    return sorted((cache_dir() / "heads").glob("*"))


def test_a_head_is_made_once(tiny_file, texts_run, monkeypatch):
    spec = named("tiny-clip", checkpoint=tiny_file)
    first = loaded(spec)(pictures())
    assert sum(texts_run) == 3 * 80
    assert max(texts_run) <= 256
    (kept,) = heads()
    texts_run.clear()

    def refuse(*args, **kwargs):
        raise AssertionError("the tokenizer is not needed")

    with monkeypatch.context() as patch:
        patch.setattr(open_clip, "get_tokenizer", refuse)
        assert torch.equal(loaded(spec)(pictures()), first)
    assert texts_run == []
    with safe_open(kept, framework="pt") as file:
        told = file.metadata()
        assert json.loads(told["names"]) == list(KINDS.names)
        assert len(json.loads(told["templates"])) == 80
        assert told["weights"] == registry.locate(spec).sha256
        assert file.get_tensor("head").shape == (3, 32)


@pytest.mark.parametrize("keep_s", [0.0, 60.0], ids=["saved each minute", "saved when stopped"])
def test_a_head_goes_on_where_it_was_stopped(tiny_file, texts_run, monkeypatch, tmp_path, keep_s):
    spec = named("tiny-clip", checkpoint=tiny_file, prompts="single")
    whole = loaded(spec)(pictures())
    monkeypatch.setenv("OBJECTPOSE_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr(zero_shot, "_PROMPTS_AT_A_TIME", 1)
    monkeypatch.setattr(zero_shot, "_KEEP_S", keep_s)
    texts_run.clear()
    own = open_clip.build_zero_shot_classifier

    def stopped(model, tokenizer, texts, *rest):
        if texts[0] == KINDS.names[2]:
            raise KeyboardInterrupt
        return own(model, tokenizer, texts, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(open_clip, "build_zero_shot_classifier", stopped)
        with pytest.raises(KeyboardInterrupt):
            loaded(spec)
    (begun,) = heads()
    assert (begun.suffix, sum(texts_run)) == (".begun", 2)
    texts_run.clear()
    torch.testing.assert_close(loaded(spec)(pictures()), whole, rtol=1e-6, atol=1e-5)
    assert sum(texts_run) == 1
    (kept,) = heads()
    assert kept.suffix == ".safetensors"


def test_a_damaged_head_is_made_again(tiny_file, texts_run):
    spec = named("tiny-clip", checkpoint=tiny_file, prompts="single")
    first = loaded(spec)(pictures())
    (kept,) = heads()
    whole, head = kept.read_bytes(), load_file(kept)["head"].clone()
    with safe_open(kept, framework="pt") as file:
        told = file.metadata()

    def signed(tensor):
        return {**told, "sha256": hashlib.sha256(tensor.numpy().tobytes()).hexdigest()}

    short, double = torch.ones(2, 32), head.double()
    assert signed(head) == told
    damages = {
        "cut": lambda: kept.write_bytes(whole[:-9]),
        "one bit": lambda: kept.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1])),
        "of other names": lambda: save_file({"head": head}, kept, {**told, "names": json.dumps(["a", "b", "c"])}),
        "another shape": lambda: save_file({"head": short}, kept, signed(short)),
        "another type": lambda: save_file({"head": double}, kept, signed(double)),
        "another tensor": lambda: save_file({"tail": head}, kept, told),
        "nothing told": lambda: save_file({"head": head}, kept),
        "empty": lambda: kept.write_bytes(b""),
        "a page": lambda: kept.write_bytes(b"<html>"),
    }
    for name, damage in damages.items():
        damage()
        texts_run.clear()
        assert torch.equal(loaded(spec)(pictures()), first), name
        assert sum(texts_run) == 3, name
        assert heads() == [kept], name
        assert torch.equal(load_file(kept)["head"], head), name
    texts_run.clear()
    loaded(spec)
    assert texts_run == []


def test_whatever_makes_a_head_names_its_file(tiny_file, tmp_path, architectures):
    def count(spec, classes=KINDS):
        loaded(spec, classes=classes)
        return len(heads())

    spec = named("tiny-clip", checkpoint=tiny_file, prompts="single")
    assert count(spec) == 1
    assert count(spec, replace(KINDS, title="other.txt")) == 1
    assert count(named("tiny-clip", checkpoint=tiny_file, prompts="pose12")) == 2
    assert count(spec, Classes("kinds.txt", ("robot vacuum", "e-scooter", "bus"))) == 3
    words = tmp_path / "words.csv"
    words.write_text("label,name\nschool bus,coach\ne-scooter,scooter\n")
    assert count(named("tiny-clip", checkpoint=tiny_file, prompts="single", classes=words)) == 4
    other = tmp_path / "other.safetensors"
    save_file(random_model("tiny-clip", seed=1).state_dict(), other)
    assert count(named("tiny-clip", checkpoint=other, prompts="single")) == 5


def test_random_heads_belong_to_their_text_tower(architectures):
    spec = registry.resolve("open_clip:tiny-clip", {"prompts": "single"}, pretrained=False)[0]
    built = []
    for seed in (0, 1, 0):
        torch.manual_seed(seed)
        built.append(build(spec, None, KINDS).module.head)
    assert torch.equal(built[0], built[2])
    assert not torch.allclose(built[0], built[1])
    assert len(heads()) == 2


def test_an_own_list_in_imagenet_answers_only_its_classes(tiny_file, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("school bus\ntrash can\nArmy tank\n")
    spec = named("tiny-clip", checkpoint=tiny_file, prompts="single", classes=names)
    network = loaded(spec, classes=IMAGENET)
    assert network.num_outputs == 3
    assert network.outputs.answers.tolist() == [412, 779, 847]
    assert network.outputs.outputs == ((1,), (0,), (2,))
    assert network(pictures()).shape == (3, 3)
    before = registry.recipe_of(spec, "native")
    names.write_text("school bus\ntrash can\nzebra\n")
    after = registry.recipe_of(spec, "native")
    assert before["words"] != after["words"]
    assert {key for key in before if before[key] != after[key]} == {"words"}
    assert before["prompts"] == {"name": "single", "sha256": prompt_set("single").digest}


def test_damaged_weights_give_no_head(tmp_path, architectures):
    model = random_model("tiny-clip")
    with torch.no_grad():
        model.text_projection[0, 0] = float("nan")
    path = tmp_path / "nan.safetensors"
    save_file(model.state_dict(), path)
    with pytest.raises(ObjectPoseError, match=r"not finite for 'robot vacuum'; its weights are damaged"):
        loaded(named("tiny-clip", checkpoint=path, prompts="single"))
    assert heads() == []


def test_a_cache_that_cannot_be_written(tiny_file, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OBJECTPOSE_CACHE", str(tmp_path / "file"))
    with pytest.raises(ObjectPoseError, match=r"cannot be kept in .*; make room there, or set OBJECTPOSE_CACHE"):
        loaded(named("tiny-clip", checkpoint=tiny_file, prompts="single"))


def test_cache_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("OBJECTPOSE_CACHE", "~/own")
    assert cache_dir() == Path.home() / "own"
    monkeypatch.setenv("OBJECTPOSE_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_dir() == tmp_path / "objectpose"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_dir() == Path.home() / ".cache" / "objectpose"


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        ("ViT-B-16:openai", "ViT-B-16:openai"),
        ("ViT-B/16:OpenAI", "ViT-B-16:openai"),
        ("ViT-B-32:laion2b-s34b-b79k", "ViT-B-32:laion2b_s34b_b79k"),
        ("ViT-S-32", "ViT-S-32"),
        ("hf-hub:someone/their_clip.v2", "hf-hub:someone/their_clip.v2"),
    ],
)
def test_exact_names(given, exact):
    assert exact_name(given) == exact


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("ViT-B-61:openai", "no architecture 'ViT-B-61'; the nearest are: ViT-B-16:openai, .*"),
        ("VIT-B-61", "no architecture 'VIT-B-61'; the nearest are: ViT-"),
        ("ViT-B-32:opanai", "no weights 'opanai' for ViT-B-32; the nearest is: openai"),
        ("ViT-S-32:openai", "no weights for ViT-S-32; give model.checkpoint=FILE"),
        ("ViT-B-32:", "no weights '' for ViT-B-32"),
        ("hf-hub:", "names no repository; write open_clip:hf-hub:OWNER/NAME"),
        ("hf-hub:a/b/c", "names no repository"),
    ],
)
def test_wrong_names(given, sentence):
    with pytest.raises(ObjectPoseError, match=sentence) as caught:
        exact_name(given)
    assert "\n" not in str(caught.value)


def test_an_architecture_without_a_tag_needs_a_file():
    spec = named("ViT-B-32")
    for act in (preparation, locate):
        with pytest.raises(ObjectPoseError, match=r"names no weights; the nearest are: ViT-B-32:openai, .*checkpoint="):
            act(spec) if act is preparation else act(spec, None)
    given = replace(spec, options=ModelOptions(checkpoint="own.pt"))
    assert preparation(given).short == "224/224/bicubic/clip"
    assert preparation(replace(spec, pretrained=False)).short == "224/224/bicubic/clip"


def test_weights_are_looked_for_in_order(tmp_path, tiny_file, architectures):
    tagged = named("ViT-B-32:openai")
    assert find(tagged) is None
    cached = hub_snapshot(tmp_path, "timm/vit_base_patch32_clip_224.openai") / "open_clip_model.safetensors"
    cached.write_bytes(tiny_file.read_bytes())
    assert find(tagged) == cached
    (tmp_path / "ViT-B-32_openai.pt").write_bytes(b"x")
    assert find(tagged, tmp_path) == tmp_path / "ViT-B-32_openai.pt"
    own = replace(tagged, options=ModelOptions(checkpoint=str(tiny_file)))
    assert find(own, tmp_path) == tiny_file
    assert locate(own, tmp_path).path == tiny_file
    assert find(replace(own, options=ModelOptions(checkpoint="missing.pt"))) is None


def test_weights_in_the_hubs_cache_that_were_changed(tmp_path, tiny_file):
    snapshot = hub_snapshot(tmp_path, "timm/vit_base_patch32_clip_224.openai")
    blob = tmp_path / ("a" * 64)
    blob.write_bytes(tiny_file.read_bytes())
    (snapshot / "open_clip_model.safetensors").symlink_to(blob)
    with pytest.raises(ObjectPoseError, match=r"the hub announced aaaaaaaaaaaa\.\.\.; delete the file"):
        locate(named("ViT-B-32:openai"))


def test_open_clips_own_downloads_are_found_and_checked(tmp_path, tiny_file, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    spec = named("ViT-B-32:laion400m_e32")
    kept = tmp_path / ".cache" / "clip" / "vit_b_32-quickgelu-laion400m_e32-46683a32.pt"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(tiny_file.read_bytes())
    assert find(spec) == kept
    with pytest.raises(ObjectPoseError, match=r"expected 46683a32\.\.\."):
        locate(spec)
    # OpenAI's own files are programs, so they are not looked for.
    (kept.parent / "ViT-B-32.pt").write_bytes(tiny_file.read_bytes())
    assert find(named("ViT-B-32:openai")) is None


def test_without_a_network_one_sentence(tmp_path):
    with pytest.raises(ObjectPoseError) as caught:
        locate(named("ViT-B-16:openai"), tmp_path)
    text = str(caught.value)
    assert "timm/vit_base_patch16_clip_224.openai" in text
    assert str(tmp_path / "ViT-B-16_openai.safetensors") in text
    assert "efficientnet_lite0" in text
    assert "\n" not in text


def test_a_tokenizer_of_the_hub_without_a_network(architectures, tmp_path):
    path = tmp_path / "sigmoid.safetensors"
    save_file(random_model("tiny-sigmoid").state_dict(), path)
    with pytest.raises(ObjectPoseError, match=r"The tokenizer of .* cannot be .*'hf download objectpose/tiny-words'"):
        loaded(named("tiny-sigmoid", checkpoint=path, prompts="single"))


def test_a_torchscript_program_is_refused(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.jit.trace(torch.nn.ReLU(), torch.zeros(1)).save(tmp_path / "ViT-B-32_openai.pt")
    with pytest.raises(ObjectPoseError, match=r"TorchScript program.*; use open_clip_model.safetensors of hf.co/timm/"):
        locate(named("ViT-B-32:openai"), tmp_path)


def test_weights_of_another_architecture_are_refused(tiny_file, architectures):
    with pytest.raises(ObjectPoseError, match=r"does not fit .*ViT-S-32.* mis-shaped"):
        loaded(named("ViT-S-32", checkpoint=tiny_file, prompts="single"))


def test_names_of_older_files_are_converted_by_open_clip(architectures, tmp_path):
    flat = random_model("tiny-clip").state_dict()
    save_file(flat, tmp_path / "flat.safetensors")
    apart = loaded(named("tiny-apart", checkpoint=tmp_path / "flat.safetensors", prompts="single"))(pictures())
    same = loaded(named("tiny-clip", checkpoint=tmp_path / "flat.safetensors", prompts="single"))(pictures())
    torch.testing.assert_close(apart, same, rtol=0, atol=1e-4)


def test_a_checkpoint_of_training_is_read(architectures, tiny_file, tmp_path):
    state = {f"module.{key}": value for key, value in load_file(tiny_file).items()}
    path = tmp_path / "epoch_3.pt"
    torch.save({"epoch": 3, "state_dict": state}, path)
    first = loaded(named("tiny-clip", checkpoint=tiny_file, prompts="single"))(pictures())
    assert torch.equal(loaded(named("tiny-clip", checkpoint=path, prompts="single"))(pictures()), first)


@pytest.mark.parametrize(
    ("architecture", "key", "shape", "wrapped"),
    [
        ("tiny-clip", "visual.positional_embedding", (5, 64), False),
        ("tiny-clip", "visual.positional_embedding", (5, 64), True),
        ("tiny-apart", "positional_embedding", (40, 64), False),
    ],
)
def test_no_tensor_of_an_own_file_is_resized(architectures, tiny_file, tmp_path, architecture, key, shape, wrapped):
    state = {**load_file(tiny_file), key: torch.zeros(shape)}
    path = tmp_path / "smaller.safetensors"
    save_file({f"module.{name}": value for name, value in state.items()} if wrapped else state, path)
    with pytest.raises(ObjectPoseError, match=r"smaller\.safetensors does not fit"):
        loaded(named(architecture, checkpoint=path, prompts="single"))


def test_a_network_of_the_hub_with_its_configuration(architectures, tiny_file, tmp_path):
    snapshot = hub_snapshot(tmp_path, "someone/their-clip")
    config = {"model_cfg": TINY, "preprocess_cfg": {"mean": [0.5, 0.5, 0.5], "std": 0.5, "resize_mode": "squash"}}
    (snapshot / "open_clip_config.json").write_text(json.dumps(config))
    (snapshot / "open_clip_model.safetensors").write_bytes(tiny_file.read_bytes())
    spec = named("hf-hub:someone/their-clip", prompts="single")
    assert preparation(spec).short == "64/squash/bicubic/half"
    model, transform = open_clip.create_model_from_pretrained(f"local-dir:{snapshot}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{snapshot}")
    theirs = by_hand(model.eval(), transform, tokenizer, KINDS.names, ["a photo of a {}."], pictures())
    agree(loaded(spec)(pictures()), theirs)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"resize_mode": "longest"}, "wants the resize mode 'longest', expected one of: shortest, squash"),
        ({"size": [64, 48]}, "takes 64 x 48 inputs, expected a square"),
        ({"interpolation": "random"}, "is not supported: .*'random'"),
    ],
)
def test_preprocessing_that_is_not_supported(tmp_path, changed, sentence):
    snapshot = hub_snapshot(tmp_path, f"someone/odd-{next(iter(changed))}")
    size = changed.get("size", 64)
    config = {"model_cfg": {**TINY, "vision_cfg": {"image_size": size}}, "preprocess_cfg": changed}
    (snapshot / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(ObjectPoseError, match=sentence):
        preparation(named(f"hf-hub:someone/odd-{next(iter(changed))}"))


def test_a_hub_configuration_that_is_none(tmp_path):
    (hub_snapshot(tmp_path, "someone/else") / "open_clip_config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ObjectPoseError, match="is no configuration of open_clip; name an architecture"):
        preparation(named("hf-hub:someone/else"))


def rows():
    found = {spec.identifier: spec for spec in zoo.zoo().values() if spec.source == "open_clip"}
    return list(found.values())


@pytest.mark.parametrize("spec", rows(), ids=lambda spec: spec.name)
@pytest.mark.filterwarnings("ignore:QuickGELU mismatch")
def test_pictures_are_prepared_as_open_clip_does(spec: ModelSpec, monkeypatch):
    monkeypatch.setattr("open_clip.factory.download_pretrained", lambda *args, **kwargs: "")  # stands for the hub
    architecture, tag = spec.identifier.split(":")
    with torch.device("meta"):
        _, _, transform = open_clip.create_model_and_transforms(architecture, tag, load_weights=False, device="meta")
    recipe = registry.preprocess_of(spec)
    for image in pictures():
        picture = Image.fromarray(image)
        before = picture
        for step in transform.transforms[:-2]:
            before = step(before)
        ours = geometry([image], recipe)
        np.testing.assert_array_equal(ours[0], np.asarray(before))
        assert torch.equal(normalise(torch.from_numpy(ours), recipe)[0], transform(picture))


@pytest.mark.parametrize("name", ["clip_rn50", "siglip2_b16", "pe_core_l14_336"])
def test_networks_of_the_zoo_are_built_without_memory(name):
    spec = registry.resolve(name, pretrained=False)[0]
    with torch.device("meta"):
        network = build(spec, None, IMAGENET)
        size = preparation(spec).input_size_px
        logits = network.module.eval()(torch.empty(2, 3, size, size))
    assert logits.shape == (2, 1000)
    assert network.outputs == len(network.labels or ()) == 1000
