"""What outputs mean: labels files, maps to the classes that are asked about, predictions of networks that lack some."""

import json

import numpy as np
import open_clip
import pytest
import torch
import torchvision

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import NUM_CLASSES, class_name, class_names, wordnet_id
from objectpose.models.adapter import Network
from objectpose.models.labels import check_labels, map_outputs, output_map, read_labels
from objectpose.models.meaning import plain
from objectpose.models.spec import ModelSpec
from objectpose.results.rows import prediction_table

KINDS = Classes("kinds.txt", ("robot vacuum", "army tank", "e-scooter"))


def sentence(call, *args):
    with pytest.raises(ObjectPoseError) as caught:
        call(*args)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def written(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mapped(*labels, classes=IMAGENET):
    spec = ModelSpec("mine", "own", "mine")
    return output_map(spec, Network(torch.nn.Identity(), len(labels), labels), classes)


def test_a_line_a_label(tmp_path):
    assert read_labels(written(tmp_path, "a.txt", "# mine\nn04389033\njeep\n-\n\n")) == ("n04389033", "jeep", "-")


def test_a_table_and_json_say_the_same_in_any_order(tmp_path):
    want = ("n04389033", "jeep", "-", "-")
    assert read_labels(written(tmp_path, "a.csv", "index,label\n1,jeep\n0,n04389033\n3,-\n2,-\n")) == want
    assert read_labels(written(tmp_path, "a.json", '["n04389033", "jeep", "-", "-"]')) == want
    table = {"1": ["jeep", "landrover"], "0": "n04389033", "2": "-", "3": "-"}
    assert read_labels(written(tmp_path, "b.json", json.dumps(table))) == want
    assert read_labels(written(tmp_path, "c.json", "[7, 8]")) == ("7", "8")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "", ["empty"]),
        ("a.txt", "tank\n\njeep\n", ["Line 2", "empty"]),
        ("a.txt", "tank\nTank\n", ["outputs 0 and 1", "'Tank'"]),
        ("a.csv", "index,label\n0,tank\n2,jeep\n", ["no label for output 1", "largest index is 2"]),
        ("a.csv", "index,label\n0,tank\n0,jeep\n", ["output 0 twice"]),
        ("a.csv", "output,label\n0,tank\n", ["output,label", "index,label"]),
        ("a.csv", "index,label\nzero,tank\n", ["Line 2", "'zero,tank'"]),
        ("a.json", "{", ["cannot be read"]),
        ("a.json", "[]", ["empty"]),
        ("a.json", "3", ["empty"]),
        ("a.json", '{"0": "tank", "0": "jeep"}', ["output 0 twice"]),
        ("a.json", '{"a": "tank"}', ["'a'"]),
        ("a.json", '[["tank"], []]', ["1: []"]),
        ("a.csv", "# mine\nindex,label\n# of mine\n0,tank\nzero,tank\n", ["Line 5", "'zero,tank'"]),
    ],
)
def test_a_labels_file_with_a_fault_is_refused(tmp_path, name, text, words):
    found = sentence(read_labels, written(tmp_path, name, text))
    assert all(word in found for word in words), found


def test_a_missing_labels_file_and_other_encodings_are_refused(tmp_path):
    assert "cannot be read" in sentence(read_labels, tmp_path / "none.txt")
    assert "cannot be read" in sentence(read_labels, tmp_path / "none.json")
    (tmp_path / "a.txt").write_bytes("Ä\n".encode("latin-1"))
    assert "UTF-8" in sentence(read_labels, tmp_path / "a.txt")


def test_imagenets_outputs_are_its_classes():
    found = map_outputs(None, IMAGENET, "x")
    logits = np.random.default_rng(0).normal(size=(2, 1000)).astype(np.float32)
    assert found.apply(logits) is logits
    assert found.answers.tolist() == list(range(NUM_CLASSES))


def test_any_label_of_imagenet_is_found():
    found = map_outputs(["-", "n04389033", "JEEP", "619", "no such thing", "crane"], IMAGENET, "x")
    assert found.answers.tolist() == [609, 619, 847]
    assert found.outputs == ((2,), (3,), (1,))
    assert found.ignored == ("-", "no such thing", "crane")
    logits = np.arange(12, dtype=np.float32).reshape(2, 6)
    assert found.apply(logits).tolist() == [[2, 3, 1], [8, 9, 7]]


def test_imagenets_outputs_in_a_list_of_the_users_own():
    found = map_outputs(None, Classes("kinds.txt", ("robot vacuum", "army tank", "zebra")), "x")
    assert found.answers.tolist() == [1, 2]
    assert found.outputs == ((847,), (340,))
    assert len(found.ignored) == 998
    assert map_outputs([wordnet_id(847), "Robot_Vacuum"], KINDS, "x").answers.tolist() == [0, 1]


def test_several_outputs_of_one_class_give_their_largest():
    cranes = Classes("birds.txt", ("crane", "goose"))
    found = map_outputs(None, cranes, "x")
    assert found.outputs == ((134, 517), (99,))
    logits = np.zeros((2, 1000), np.float32)
    logits[0, 134], logits[1, 517], logits[1, 99] = 3, 4, 5
    assert found.apply(logits).tolist() == [[3, 0], [4, 5]]


def test_outputs_that_mean_nothing_are_refused():
    text = sentence(map_outputs, ["cat", "dog"], KINDS, "own:build")
    assert all(word in text for word in ("own:build", "cat, dog", "kinds.txt", "robot vacuum", "model.labels")), text


def test_a_misspelt_label_is_refused_where_no_other_output_means_the_class():
    text = sentence(mapped, "tank", "jepp", "a thing")
    assert all(word in text for word in ("Output 1", "'jepp'", "'jeep'", "write -")), text
    assert mapped("tank", "jepp", "jeep").ignored == ("jepp",)
    assert mapped("tank", "-", "a thing", "zebra").ignored == ("-", "a thing")


LISTS = {
    "all names": [", ".join(class_names(index)) for index in range(NUM_CLASSES)],
    "first names": [class_name(index) for index in range(NUM_CLASSES)],
    "torchvision": torchvision.models.ResNet50_Weights.IMAGENET1K_V1.meta["categories"],
    "open_clip": open_clip.IMAGENET_CLASSNAMES,
    "ids and names": [f"{wordnet_id(index)} {class_name(index)}" for index in range(NUM_CLASSES)],
}


@pytest.mark.parametrize("kind", LISTS)
def test_ordinary_lists_of_imagenet_are_its_usual_order(tmp_path, kind):
    path = written(tmp_path, "a.txt", "\n".join(LISTS[kind]))
    for labels in (read_labels(path), check_labels(LISTS[kind], "own:build"), ("background", *LISTS[kind])):
        found = mapped(*labels)
        start = len(labels) - NUM_CLASSES
        assert found.answers.tolist() == list(range(NUM_CLASSES))
        assert found.outputs == tuple((index + start,) for index in range(NUM_CLASSES))


def test_in_the_usual_order_other_words_are_no_class_and_exchanged_classes_are_themselves():
    labels = [wordnet_id(index) for index in range(NUM_CLASSES)]
    replaced = mapped(*["my word" if index % 25 == 0 else label for index, label in enumerate(labels)])
    assert replaced.ignored == ("my word",) * 40
    assert replaced.answers.tolist() == [index for index in range(NUM_CLASSES) if index % 25]
    assert mapped("-", *labels[1:]).answers.tolist() == list(range(1, NUM_CLASSES))
    labels[3], labels[5] = labels[5], labels[3]
    found = mapped(*labels)
    assert (found.outputs[3], found.outputs[5]) == ((5,), (3,))
    labels = list(LISTS["first names"])
    for index in range(0, 60):
        labels[index] = "my word"
    assert "crane" in sentence(mapped, *labels)


@pytest.mark.parametrize("kind", ["all names", "torchvision", "ids and names"])
def test_in_another_order_each_output_has_its_own_class(kind):
    order = np.random.default_rng(0).permutation(NUM_CLASSES).tolist()
    found = map_outputs([plain(LISTS[kind][index]) for index in order], IMAGENET, "x")
    # Nothing tells which of two cranes without a word more is the bird.
    lost = {134, 517} if kind == "all names" else set()
    assert found.answers.tolist() == [index for index in range(NUM_CLASSES) if index not in lost]
    assert found.outputs == tuple((order.index(index),) for index in found.answers)
    assert found.ignored == (("crane", "crane") if lost else ())


def test_a_name_of_two_classes_means_the_one_that_no_other_output_means():
    assert mapped("crane", "n02012849").answers.tolist() == [134, 517]
    assert mapped("Cardigan", "cardigan").outputs == ((0,), (1,))
    text = sentence(mapped, "tank", "crane")
    assert all(word in text for word in ("Output 1", "'crane'", "mine", "n02012849", "n03126707")), text
    text = sentence(mapped, "tank", "missile")
    assert all(word in text for word in ("n03773504", "n04008634")), text


def test_a_choice_needs_two_answers():
    text = sentence(map_outputs, ["tank", "army tank", "-"], IMAGENET, "own:build")
    assert all(word in text for word in ("own:build", "one class", "(tank)", "two or more", "model.labels")), text
    assert "one class of kinds.txt" in sentence(map_outputs, None, KINDS, "x")


def test_labels_of_a_function_are_looked_at_like_those_of_a_file():
    assert check_labels([" tank", "n01440764 tench", "n01440764x", "-", "-"], "own:build") == (
        *("tank", "n01440764", "n01440764x"),
        *("-", "-"),
    )
    text = sentence(check_labels, ["tank", "-", "Tank"], "own:build")
    assert all(word in text for word in ("own:build", "outputs 0 and 2", "'Tank'")), text
    assert "own:build has no labels" in sentence(check_labels, [], "own:build")
    assert "output 1 is empty" in sentence(check_labels, ["tank", " "], "own:build")
    assert "outputs 0 and 1" in sentence(check_labels, ["n01440764 tench", "n01440764: a fish"], "own:build")


def test_a_whole_configuration_of_the_hub_is_a_labels_file(tmp_path):
    config = {"architectures": ["ViT"], "id2label": {"1": "jeep", "0": "tank"}, "label2id": {"jeep": 1, "tank": 0}}
    assert read_labels(written(tmp_path, "config.json", json.dumps(config))) == ("tank", "jeep")
    del config["id2label"]
    text = sentence(read_labels, written(tmp_path, "b.json", json.dumps({"x" * 999: "y" * 999})))
    assert "x" * 40 in text
    assert "y" * 40 in text
    assert len(text.replace(str(tmp_path), "")) < 220


def test_in_a_list_of_the_users_own_a_number_is_an_index_unless_numbers_are_names():
    assert mapped("2", "0", classes=KINDS).outputs == ((1,), (0,))
    assert mapped("2", "0", "7", classes=KINDS).ignored == ("7",)
    digits = Classes("digits.txt", ("1", "2", "3"))
    assert mapped("3", "0", "1", classes=digits).outputs == ((2,), (0,))


def test_names_with_commas_in_a_list_of_the_users_own():
    found = mapped("army tank, panzer", "e-scooter, kick scooter", "n00007846", classes=KINDS)
    assert found.outputs == ((0,), (1,))
    people = Classes("people.txt", ("somebody", "zebra"))
    assert mapped("n00007846", "zebra", classes=people).outputs == ((0,), (1,))
    assert map_outputs(LISTS["all names"], Classes("two.txt", ("tinca tinca", "zebra")), "x").outputs == ((0,), (340,))


def test_predictions_of_a_network_that_lacks_classes():
    logits = np.array([[1.0, 3.0], [2.0, 0.0], [0.0, 5.0]], np.float32)
    table = prediction_table(
        ["a", "b", "c"], logits, [[4, 7], [9], [5]], [[9], None, [7]], np.array([4, 9], np.int32)
    ).to_pydict()
    assert table["top5"] == [[9, 4], [4, 9], []]
    assert table["target_logit"] == [1.0, 0.0, None]
    assert table["alt_logit"] == [3.0, None, None]
    assert table["target_prob"][0] == pytest.approx(1 / (1 + np.exp(2)))
    assert table["top5_prob"][2] == []
