"""Videos of the pose explorer: which are made, what their frames show, and how they are kept."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from objectpose.errors import ObjectPoseError
from objectpose.report_page import Answers, Choice, Report, plan_videos, write_report, write_videos
from objectpose.report_page import videos as videos_module
from objectpose.report_page.frame import HEIGHT, WIDTH, Frames, Moment, _fitted, _length, _ticks
from objectpose.report_page.video_choice import _evenly

EVIL, MATH, RTL = "<script>alert(1)</script>", "$x_1$ \\frac{", "\u05db\u05d5\u05e1 \u202eabc\u0007"
STEPS = 8


def picture_of(image_id: str):
    step = int(image_id.rpartition(":")[2])
    return np.full((40, 40, 3), (30 * step, 60, 120), np.uint8)


@pytest.fixture(scope="module")
def answers():
    """Fourteen objects upright, swept (yaw, rows mixed) and at random (so3); object n is known at n of its steps."""
    rows = [
        {
            "image_id": f"{name}:{condition}:{step}",
            "object_id": name,
            "class_name": name.partition("/")[0],
            "condition": condition,
            "baseline": "upright",
            "angle_deg": 45.0 * step if condition == "yaw" else np.nan,
            "distance_deg": float(step * 67 % 180) if condition != "upright" else 0.0,
            "background": "plain",
            "true_names": ["thing", MATH],
            "caption": "scale 0.50" if condition == "so3" else "",
        }
        for name in [f"thing/{n}" for n in range(12)] + [f"{EVIL}/0", f"{RTL}/0"]
        for condition, count in (("upright", 1), ("yaw", STEPS), ("so3", STEPS))
        for step in range(count)
    ]
    frame = pd.DataFrame(rows).sample(frac=1, random_state=0, ignore_index=True)
    step = frame["image_id"].str.rpartition(":")[2].astype(int)
    known = frame["object_id"].str.extract(r"thing/(\d+)")[0].astype(float).fillna(0)

    def network(bonus: int) -> pd.DataFrame:
        right = step < known + bonus - 3
        names = [["thing", EVIL, "c", "d", "e"] if good else [RTL, "thing", MATH, "d", "e"] for good in right]
        return pd.DataFrame(
            {
                "image_id": frame["image_id"],
                "names": names,
                "probs": [[0.5, 0.2, 0.1, 0.05, 0.01]] * len(frame),
                "correct": right,
            }
        )

    networks = {f"net {bonus}": network(bonus) for bonus in (2, 0, 1, 3)}
    networks[EVIL] = network(1).assign(
        correct=pd.array([None] * len(frame), "boolean"), names=[[]] * len(frame), probs=[[]] * len(frame)
    )
    return Answers("own set", frame, networks, picture_of)


def played(path):
    reader = pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    command = [reader.get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(out, np.uint8).reshape(-1, HEIGHT, WIDTH, 3)


def test_without_a_choice_a_dozen_objects_from_the_hardest_to_the_easiest_are_swept(answers):
    plan = plan_videos(answers, Choice())
    assert {key[1] for key in plan.sequences} == {"yaw"}
    assert len(plan.sequences) == 12
    assert plan.total == 14 * 3
    assert plan.frames == 12 * STEPS
    assert plan.networks == ["net 3", "net 1", "net 0"]  # the best, the middle and the worst that was judged
    assert "12 of 42 sequences, 12 objects under yaw, 96 frames" in plan.line()
    objects = {key[0] for key in plan.sequences}
    assert "thing/11" in objects
    assert objects & {f"{EVIL}/0", f"{RTL}/0", "thing/0"}


def test_photographs_of_an_object_each_are_no_videos(answers, tmp_path):
    plan = plan_videos(answers, Choice(conditions=["upright"]))
    assert "none; no object that was chosen has several pictures" in plan.line()
    pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    assert write_videos(plan, tmp_path / "videos", progress=False) == []


def test_frames_go_by_angle_and_random_poses_by_distance(answers):
    plan = plan_videos(answers, Choice(["thing/3"], ["so3", "yaw"], ["net 0"]))
    rows = plan.kept.rows
    for (_, condition, _), places in plan.sequences.items():
        column = "angle_deg" if condition == "yaw" else "distance_deg"
        assert rows[column].iloc[places].is_monotonic_increasing
    assert [len(places) for places in plan.sequences.values()] == [STEPS, STEPS]


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(["all"]), 14),
        (Choice(["thing"]), 12),
        (Choice(["thing/1*"]), 3),
        (Choice([f"{RTL}/0"], ["upright", "so3"]), 1),  # one picture upright is no video
    ],
)
def test_objects_are_chosen_by_id_class_or_pattern(answers, choice, count):
    assert len(plan_videos(answers, choice).sequences) == count


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(["thang/1"]), "no object 'thang/1'; the nearest"),
        (Choice(None, ["yow"]), "no condition 'yow'; the nearest is: yaw"),
        (Choice(None, None, ["net 9"]), "'net 9'"),
    ],
)
def test_unknown_names_are_sentences(answers, choice, said):
    with pytest.raises(ObjectPoseError, match=said):
        plan_videos(answers, choice)


def test_more_networks_than_fit_are_refused_and_none_is_no_error(answers):
    many = {f"n{n}": answers.networks["net 0"] for n in range(50)}
    with pytest.raises(ObjectPoseError, match="50 networks were chosen for the videos, but 6 fit"):
        plan_videos(dataclasses.replace(answers, networks=many), Choice(networks=["n*"]))
    assert len(plan_videos(dataclasses.replace(answers, networks=many), Choice()).networks) == 3
    bare = plan_videos(dataclasses.replace(answers, networks={}), Choice(["thing/1"]))
    assert bare.networks == []
    assert "no network" in bare.line()


def test_videos_play_show_each_picture_and_are_made_once(answers, tmp_path):
    chosen = Choice(["thing/5", f"{EVIL}/0", f"{RTL}/0"], None, ["net 3", EVIL])
    plan = plan_videos(answers, chosen, "own set-1")
    made = write_videos(plan, tmp_path / "videos", progress=False)
    assert [video.frames for video in made] == [STEPS] * 3
    assert sorted(path.name for path in (tmp_path / "videos").iterdir()) == sorted(
        [*(video.path.name for video in made), "videos.json"]
    )
    lone = next(video for video in made if video.object_id == "thing/5")
    frames = played(lone.path)
    assert len(frames) == STEPS
    red = frames[:, 200:400, 100:300, 0].mean(axis=(1, 2))
    np.testing.assert_allclose(red, [30 * step for step in range(STEPS)], atol=6)
    times = {video.path: video.path.stat().st_mtime_ns for video in made}
    again = write_videos(plan_videos(answers, chosen, "own set-1"), tmp_path / "videos", progress=False)
    assert again == made
    assert {path: path.stat().st_mtime_ns for path in times} == times
    other = answers.networks["net 3"].copy()
    place = answers.rows.index[answers.rows["image_id"] == "thing/5:yaw:0"][0]
    other.at[place, "probs"] = [0.9, 0.01, 0.01, 0.01, 0.01]
    changed = dataclasses.replace(answers, networks=answers.networks | {"net 3": other})
    write_videos(plan_videos(changed, chosen, "own set-1"), tmp_path / "videos", progress=False)
    assert [path for path in times if path.stat().st_mtime_ns != times[path]] == [lone.path]
    (tmp_path / "videos" / "videos.json").write_text("[torn")
    write_videos(plan, tmp_path / "videos", progress=False)
    page = write_report(
        Report("R", ["One."], answers=[answers], videos=made), tmp_path / "report", progress=False
    ).read_text(encoding="utf-8")
    assert "3 videos (MP4)" in page
    assert "&lt;script&gt;" in page
    assert EVIL not in page
    assert (tmp_path / "report" / "files" / f"{lone.path.stem}-mp4.mp4").read_bytes() == lone.path.read_bytes()


def test_a_video_that_fails_leaves_the_finished_ones_and_nothing_half(answers, tmp_path):
    pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    asked = []

    def breaks(image_id):
        asked.append(image_id)
        if len(asked) > STEPS + 3:
            raise RuntimeError("stopped")
        return picture_of(image_id)

    plan = plan_videos(dataclasses.replace(answers, image_of=breaks), Choice(["thing/1", "thing/2"]))
    with pytest.raises(RuntimeError, match="stopped"):
        write_videos(plan, tmp_path / "videos", progress=False)
    assert sorted(path.name for path in (tmp_path / "videos").iterdir()) == ["thing-1-yaw.mp4", "videos.json"]


def test_a_missing_encoder_is_one_sentence(answers, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ObjectPoseError, match=r"video=true needs .* pip install objectpose\[video\]\.$"):
        write_videos(plan_videos(answers, Choice(["thing/1"])), tmp_path / "videos", progress=False)
    assert not (tmp_path / "videos").exists()


def test_no_room_is_said_before_anything_is_made(answers, tmp_path, monkeypatch):
    pytest.importorskip("imageio_ffmpeg", reason="the extra 'video' is not installed")
    monkeypatch.setattr(videos_module, "BYTES_PER_FRAME", 1e15)
    with pytest.raises(ObjectPoseError, match="Writing the videos needs"):
        write_videos(plan_videos(answers, Choice(["thing/1"])), tmp_path / "videos", progress=False)
    assert not (tmp_path / "videos").exists()


@pytest.mark.parametrize("count", range(7))
def test_frames_hold_any_number_of_networks_and_any_name(count):
    networks = [EVIL, MATH, RTL.replace("\u202e", ""), "n" * 300, "", "six"][:count]
    marks = ["10-?"[number % 4] * 3 for number in range(count)]
    frames = Frames(
        "o" * 300, "under " + "c" * 300, networks, marks, [0.0, 1.0, np.nan] if count else None, [0.0, np.nan, 9.0]
    )
    names = [["x" * 300, MATH] if mark[0] in "10" else [] for mark in marks]
    moment = Moment(
        np.zeros((30, 50, 3), np.uint8),
        "-12\u00b0 from upright",
        -12.0,
        ["t" * 300],
        names,
        [[1.0, 0.0][: len(one)] for one in names],
        "",
    )
    shown = [frames.draw(place, moment) for place in range(3)]
    assert {frame.shape for frame in shown} == {(HEIGHT, WIDTH, 3)}
    assert (shown[0] != shown[2]).any()  # the mark in the strips has moved
    assert (shown[0][:, :8] == 255).all()
    assert (shown[0][:, -8:] == 255).all()


def test_bars_are_as_long_as_their_probability():
    def grey(prob: float) -> int:
        frames = Frames("o", "c", ["n"], ["1"], None, [0.0])
        moment = Moment(np.zeros((9, 9, 3), np.uint8), "", 0.0, ["t"], [["t"]], [[prob]], "")
        row = frames.draw(0, moment)[205]  # above the text of the first answer
        return int((row == (0xB5, 0xD8, 0xEC)).all(axis=1).sum())

    assert grey(1.0) == pytest.approx(4 * grey(0.25), abs=4)
    assert grey(1.0) > 600


def test_words_fit_their_room():
    for text in ("short", "long " * 80, "\u2713" * 90):
        assert _length(_fitted(text, 20, 200.0), 20) <= 200
    assert _fitted("short", 20, 200.0) == "short"


def test_scales_name_eighths_of_a_turn():
    assert _ticks([2.0 * step for step in range(180)]) == [0, 22, 45, 67, 90, 112, 135, 157]
    assert _ticks([5.0]) == [0]
    assert _ticks([1.0, 2.0, 3.0]) == [0, 1, 2]
    assert len(_ticks([float("nan")] * 40)) == 9
    assert _evenly(list("ab"), 1) == ["b"]
