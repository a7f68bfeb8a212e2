import hashlib

import open_clip
import pytest

from objectpose import imagenet
from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.models.labels import map_outputs
from objectpose.models.prompts import class_words, prompt_set

KINDS = Classes("kinds.txt", ("robot vacuum", "e-scooter", "crane"))


def saved(folder, text, name="list.txt"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_named_sets():
    assert prompt_set("single").templates == ("a photo of a {}.",)
    eighty = prompt_set("openai80")
    assert [template.format("cat") for template in eighty.templates] == [
        template("cat") for template in open_clip.OPENAI_IMAGENET_TEMPLATES
    ]
    assert len(eighty.templates) == 80
    assert prompt_set() == prompt_set(None) == eighty


def test_the_prompts_about_pose_are_the_originals_with_its_typos():
    twelve = prompt_set("pose12").templates
    assert len(set(twelve)) == 12
    assert "a {} filpped over." in twelve
    assert "a photo an overturned {}." in twelve
    # Taken from the list in the original's src/utils.py at commit f5cc9c7b.
    assert prompt_set("pose12").digest.startswith("41395487df2ed71f")


def test_prompts_of_a_file(tmp_path):
    given = prompt_set(saved(tmp_path, "# about pose\na photo of a {}.\n  {} lying on its side \n\n"))
    assert given.name == "file"
    assert given.templates == ("a photo of a {}.", "{} lying on its side")
    assert given.digest == hashlib.sha256("\n".join(given.templates).encode()).hexdigest()
    assert given.digest != prompt_set("single").digest
    given = prompt_set(saved(tmp_path, "#\n## about tags\n#{}\n#my {}\n# {}\n#\ta {}\n"))
    assert given.templates == ("#{}", "#my {}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("a photo of a {}.\na photo\n", "Line 2 of .* is 'a photo', which has no {}; write exactly one"),
        ("a {} on a {}.\n", "Line 1 of .* has 2 {}"),
        ("a {name} and {}.\n", "a brace beside its {}"),
        ("a photo of a {}.\na sketch of a {}.\nA  photo of a {}.\n", "Line 3 of .* repeats the template of line 1"),
    ],
)
def test_bad_templates(tmp_path, text, sentence):
    with pytest.raises(ObjectPoseError, match=sentence) as caught:
        prompt_set(saved(tmp_path, text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [("pose21", "Unknown prompts 'pose21'; the nearest is: pose12"), ("none.txt", "none.txt cannot be read")],
)
def test_neither_a_set_nor_a_file(given, sentence):
    with pytest.raises(ObjectPoseError, match=sentence):
        prompt_set(given)


def test_words_for_imagenet_are_open_clips():
    words = class_words(None, IMAGENET)
    assert words.texts == tuple(open_clip.IMAGENET_CLASSNAMES)
    assert words.labels[0] == "n01440764"
    assert map_outputs(words.labels, IMAGENET, "a network").answers.tolist() == list(range(1000))


def test_words_for_another_label_space_are_its_names():
    words = class_words(None, KINDS)
    assert words.texts == words.labels == KINDS.names
    assert map_outputs(words.labels, KINDS, "a network").answers.tolist() == [0, 1, 2]


def test_a_list_is_found_in_imagenet_and_keeps_its_words(tmp_path):
    # By timm's names, by open_clip's, by WordNet id and by index; the last two have no words of their own.
    words = class_words(saved(tmp_path, "Army  tank\ntrash can\nn02012849\n517\n"), IMAGENET)
    assert words.texts == ("Army tank", "trash can", "crane bird", "construction crane")
    outputs = map_outputs(words.labels, IMAGENET, "a network")
    assert outputs.answers.tolist() == [134, 412, 517, 847]
    assert outputs.outputs == ((2,), (1,), (3,), (0,))


def test_a_table_gives_other_words(tmp_path):
    text = 'label,name\nE-Scooter,"scooter, electric"\ncrane, tower crane\n'
    words = class_words(saved(tmp_path, text, "words.csv"), KINDS)
    assert words.texts == ("scooter, electric", "tower crane")
    assert words.labels == ("e-scooter", "crane")
    assert map_outputs(words.labels, KINDS, "a network").answers.tolist() == [1, 2]
    assert words.digest != class_words(saved(tmp_path, "e-scooter\ncrane\n"), KINDS).digest


def test_the_usual_words_can_be_written_as_a_table_and_read_again(tmp_path):
    usual = class_words(None, IMAGENET)
    rows = [f'{label},"{text}"' for label, text in zip(usual.labels, usual.texts, strict=True)]
    again = class_words(saved(tmp_path, "\n".join(["label,name", *rows]), "words.csv"), IMAGENET)
    assert again == usual
    assert again.digest == usual.digest


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.txt", "", "is empty"),
        ("a.txt", "tank\n", "has one class; a choice needs two or more"),
        ("a.txt", "tank\nzebra\ntank\n", "Lines 1 and 3 of .* both mean the class tank .n04389033."),
        ("a.txt", "tank\nzebra\nArmy Tank\n", "Lines 1 and 3 of .* both mean the class tank"),
        ("a.txt", "tank\nzebbra\n", "Line 2 of .*: ImageNet-1k has no class called 'zebbra'; the nearest .* zebra"),
        ("a.txt", "tank\ncrane\n", "Line 2 of .*: 'crane' is the name of two ImageNet-1k classes"),
        ("a.csv", "name,label\ntank,tank\n", "has the columns 'name,label', expected label,name"),
        ("a.csv", "label,name\n", "has a header only"),
        ("a.csv", "label,name\ntank\n", "Line 2 of .* is 'tank', expected a label and a name"),
        ("a.csv", "label,name\ntank,\n", "Line 2 of .* expected a label and a name"),
        ("a.csv", "label,name\ntank,lorry\n847,panzer\n", "Lines 2 and 3 of .* both mean the class tank"),
    ],
)
def test_bad_class_lists(tmp_path, name, text, sentence):
    with pytest.raises(ObjectPoseError, match=sentence) as caught:
        class_words(saved(tmp_path, text, name), IMAGENET)
    assert "\n" not in str(caught.value)


def test_no_name_of_open_clip_means_another_class_than_its_own(tmp_path):
    ambiguous = {"missile", "sunglasses", "partridge", "crayfish", "cardigan", "gong", "harp"}
    names = [name for name in open_clip.IMAGENET_CLASSNAMES if name not in ambiguous]
    words = class_words(saved(tmp_path, "\n".join(names)), IMAGENET)
    own = {imagenet.wordnet_id(i): name for i, name in enumerate(open_clip.IMAGENET_CLASSNAMES)}
    assert [own[label] for label in words.labels] == names
