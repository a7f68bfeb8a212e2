"""What outputs mean: labels files, maps to the classes that are asked about, predictions of networks that lack some."""

import json

import numpy as np
import pytest
import torch

from objectpose.classes import IMAGENET, Classes
from objectpose.errors import ObjectPoseError
from objectpose.imagenet import NUM_CLASSES, wordnet_id
from objectpose.models.adapter import Network
from objectpose.models.labels import map_outputs, output_map, read_labels
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
    found = map_outputs(None, KINDS, "x")
    assert found.answers.tolist() == [1]
    assert found.outputs == ((847,),)
    assert len(found.ignored) == 999
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
    def mapped(*labels):
        spec = ModelSpec("mine", "own", "mine")
        return output_map(spec, Network(torch.nn.Identity(), len(labels), labels), IMAGENET)

    text = sentence(mapped, "tank", "jepp", "a thing")
    assert all(word in text for word in ("Output 1", "'jepp'", "'jeep'", "write -")), text
    assert mapped("tank", "jepp", "jeep").ignored == ("jepp",)
    assert mapped("tank", "-", "a thing").ignored == ("-", "a thing")


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
