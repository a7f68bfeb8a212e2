"""Backgrounds: which picture an object gets, how it is cropped, turned and cut to the disc, and bad photographs."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from objectpose.datasets.backgrounds import Backgrounds, Photos, disc, in_disc, turned
from objectpose.errors import ObjectPoseError

RNG = np.random.default_rng(0)
COLOURS = {"a.jpg": (200, 0, 0), "b.png": (0, 200, 0), "deep/c.bmp": (0, 0, 200)}


@pytest.fixture
def folder(tmp_path):
    for name, colour in COLOURS.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (90, 60), colour).save(path)
    (tmp_path / "photos" / "notes.txt").write_text("no photograph")
    return tmp_path / "photos"


def test_flat_is_one_colour():
    picture = Backgrounds(colour=(1, 2, 3)).picture("tank/0", "flat", 8, 0)
    assert picture.shape == (8, 8, 3)
    assert (picture == np.array([1, 2, 3])).all()


def test_procedural_scenes_belong_to_an_object_and_a_seed():
    backgrounds = Backgrounds(("bg1", "bg2"))
    one = backgrounds.picture("tank/0", "bg1", 64, 0)
    assert one.dtype == np.uint8
    assert one.shape == (64, 64, 3)
    assert one.std() > 5
    assert (one == backgrounds.picture("tank/0", "bg1", 64, 0)).all()
    for other in (("tank/1", "bg1", 64, 0), ("tank/0", "bg2", 64, 0), ("tank/0", "bg1", 64, 1)):
        assert (one != backgrounds.picture(*other)).any()


def test_photos_differ_between_backgrounds_of_an_object_and_are_the_same_from_a_zip(folder, tmp_path):
    backgrounds = Backgrounds(("bg1", "bg2", "bg3"), photos=Photos(folder))
    seen = [backgrounds.picture("tank/0", f"bg{k}", 32, 0) for k in (1, 2, 3)]
    hues = {tuple(picture[16, 16] // 60 * 60) for picture in seen}
    assert len(hues) == 3
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for name in COLOURS:
            archive.write(folder / name, name)
    packed = Backgrounds(("bg1",), photos=Photos(tmp_path / "photos.zip"))
    assert (packed.picture("tank/0", "bg1", 32, 0) == seen[0]).all()
    assert packed.hash_inputs(("tank/0",), 0) == Backgrounds(("bg1",), photos=Photos(folder)).hash_inputs(
        ("tank/0",), 0
    )


def test_photos_named_after_the_object_are_taken_as_the_original_names_them(tmp_path):
    names = ["parkbench_bg1_500.jpg", "parkbench_bg2_500.jpeg", "tank_bg1_500.jpg", "parkbench_bg12.jpg"]
    for name in names:
        Image.new("RGB", (10, 10)).save(tmp_path / name)
    photos = Photos(tmp_path)
    chosen = [photos.choose(o, k, 0) for o, k in (("park_bench/0", 1), ("park_bench/2", 2), ("tank/0", 1))]
    assert chosen == names[:3]
    assert photos.choose("park_bench/0", 12, 0) == names[3]


def test_named_photos_are_nobody_elses_and_too_few_are_a_sentence(tmp_path):
    for name in ("parkbench_bg1_500.jpg", "a.jpg", "b.jpg"):
        Image.new("RGB", (10, 10)).save(tmp_path / name)
    photos = Photos(tmp_path)
    for object_id in ("tank/0", "park_bench/0"):
        assert {photos.choose(object_id, k, 0) for k in (1, 2)} <= {"a.jpg", "b.jpg", "parkbench_bg1_500.jpg"}
    assert "parkbench_bg1_500.jpg" not in {photos.choose("tank/0", k, 0) for k in (1, 2)}
    assert photos.choose("park_bench/0", 2, 0) != photos.choose("park_bench/0", 1, 0)
    with pytest.raises(ObjectPoseError, match="2 photographs for any object and none for bg3 of tank/0"):
        Backgrounds(("bg3",), photos=photos).hash_inputs(("tank/0",), 0)


def test_a_changed_photo_changes_the_hash(folder):
    before = Backgrounds(("bg1", "bg2", "bg3"), photos=Photos(folder)).hash_inputs(("tank/0",), 0)
    Image.new("RGB", (90, 60), (7, 7, 7)).save(folder / "b.png")
    assert Backgrounds(("bg1", "bg2", "bg3"), photos=Photos(folder)).hash_inputs(("tank/0",), 0) != before


def test_cover_crop_keeps_the_middle_and_the_camera_orientation(tmp_path):
    wide = np.zeros((40, 100, 3), np.uint8)
    wide[:, 30:70] = 255
    Image.fromarray(wide).save(tmp_path / "wide.png")
    assert Backgrounds(("bg1",), photos=Photos(tmp_path)).picture("x/0", "bg1", 20, 0).min() > 200
    (tmp_path / "wide.png").unlink()
    sideways = Image.fromarray(
        np.repeat(np.array([[[255, 0, 0]], [[0, 0, 255]]], np.uint8), 2, axis=1).repeat(20, 0).repeat(20, 1)
    )
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    sideways.save(tmp_path / "photo.jpg", exif=exif)
    picture = Backgrounds(("bg1",), photos=Photos(tmp_path)).picture("y/0", "bg1", 20, 0)
    assert picture[2, 10, 2] > 200  # blue is at the top after the turn


def test_turned_is_counter_clockwise_and_keeps_the_size():
    picture = np.zeros((41, 41, 3), np.uint8)
    picture[20, 35] = 255
    quarter = turned(picture, 90.0)
    assert quarter.shape == picture.shape
    assert np.unravel_index(quarter[..., 0].argmax(), (41, 41)) == (5, 20)
    assert turned(picture, 360.0) is picture


def test_disc_is_inscribed():
    inside = disc(100)
    assert inside.mean() == pytest.approx(np.pi / 4, abs=0.005)
    assert inside[50, 0]
    assert inside[0, 50]
    assert not inside[0, 0]
    noise = RNG.integers(0, 256, (100, 100, 3), dtype=np.uint8)
    cut = in_disc(noise, (9, 8, 7))
    assert (cut[inside] == noise[inside]).all()
    assert (cut[~inside] == np.array([9, 8, 7])).all()


@pytest.mark.parametrize(
    ("names", "words"),
    [((), "no background"), (("bg0",), "bg1 to bg99"), (("sky",), "'sky'"), (("bg1", "bg1"), "twice")],
)
def test_wrong_names_are_sentences(names, words):
    with pytest.raises(ObjectPoseError, match=words):
        Backgrounds(names)


def test_bad_photos_are_sentences(folder, tmp_path):
    with pytest.raises(ObjectPoseError, match="no background uses it"):
        Backgrounds(photos=Photos(folder))
    with pytest.raises(ObjectPoseError, match="neither a folder nor a zip"):
        Photos(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ObjectPoseError, match="no photograph"):
        Photos(tmp_path / "empty")
    (tmp_path / "empty" / "broken.jpg").write_bytes(b"\xff\xd8 not a picture")
    with pytest.raises(ObjectPoseError, match=r"broken\.jpg is not a picture"):
        Backgrounds(("bg1",), photos=Photos(tmp_path / "empty")).picture("a/0", "bg1", 8, 0)
    with pytest.raises(ObjectPoseError, match="from 0 to 255"):
        Backgrounds(colour=(0, 0, 300))


def test_damaged_archives_and_giant_photos_are_sentences_before_anything_is_drawn(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(folder / "a.jpg", "a.jpg")
    content = bytearray((tmp_path / "p.zip").read_bytes())
    content[60] ^= 255
    (tmp_path / "p.zip").write_bytes(bytes(content))
    with pytest.raises(ObjectPoseError, match=r"a\.jpg cannot be read .*CRC"):
        Backgrounds(("bg1",), photos=Photos(tmp_path / "p.zip")).hash_inputs(("tank/0",), 0)
    for name in COLOURS:
        (folder / name).unlink()
    Image.new("1", (10_000, 10_000)).save(folder / "giant.png")
    with pytest.raises(ObjectPoseError, match="100,000,000 pixels"):
        Backgrounds(("bg1",), photos=Photos(folder)).hash_inputs(("tank/0",), 0)


def test_a_photo_that_was_replaced_is_drawn_anew(tmp_path):
    backgrounds = []
    for value in (10, 200):
        Image.new("RGB", (9, 9), (value, value, value)).save(tmp_path / "a.png")
        backgrounds.append(Backgrounds(("bg1",), photos=Photos(tmp_path)).picture("tank/0", "bg1", 8, 0))
    assert backgrounds[0].max() == 10
    assert backgrounds[1].min() == 200
