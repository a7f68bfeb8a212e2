"""The report in a real browser, and as bytes on disk."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_links import dead_links
from PIL import Image
from playwright.sync_api import sync_playwright

from objectpose.errors import ObjectPoseError
from objectpose.report_page import Answers, Column, Picture, Report, Section, Table, write_report
from objectpose.report_page.kept import _shares, keep
from objectpose.report_page.table_html import columns_of, table_html
from objectpose.report_page.text import Slugs, clean, escaped, number, script

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
in_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)

EVIL = "<script>alert(1)</script>"
QUOTED = "a \"quoted\" & 'odd' class"
RTL = "\u05db\u05d5\u05e1 \u202eabc\u0007"
STEPS = 12


def picture_of(image_id: str):
    """A grey level for each id, so that two pictures differ."""
    level = int(hashlib.sha256(image_id.encode()).hexdigest()[:2], 16)
    picture = np.full((32, 32, 3), level, np.uint8)
    picture[8:24, 8:24, 0] = 255 - level
    return picture


def rows_of(objects: dict[str, str], steps: int = STEPS) -> pd.DataFrame:
    """Upright (2), roll (swept) and so3 (by distance) of each object."""
    rows = []
    for object_id, class_name in objects.items():
        for condition, count in (("upright", 2), ("roll", steps), ("so3", steps)):
            for step in range(count):
                rows.append(
                    {
                        "image_id": f"{object_id}:{condition}:{step}",
                        "object_id": object_id,
                        "class_name": class_name,
                        "condition": condition,
                        "baseline": "upright",
                        "angle_deg": 360.0 * step / count if condition == "roll" else np.nan,
                        "distance_deg": float((step * 67) % 180) if condition != "upright" else 0.0,
                        "background": "plain",
                        "true_names": [class_name],
                    }
                )
    return pd.DataFrame(rows)


def answers_to(rows: pd.DataFrame, right, prob: float = 0.6) -> pd.DataFrame:
    """The answers of a network that is right where ``right(row)`` says so; None where it has no such class."""
    marks = [right(row) for row in rows.to_dict("records")]
    wrong = ["a wheel", "a chime", "a wing", "an airship"]
    names = [
        [] if mark is None else [truth[0], *wrong] if mark else [wrong[0], truth[0], *wrong[1:]]
        for mark, truth in zip(marks, rows["true_names"], strict=True)
    ]
    probs = [[] if mark is None else [prob, 0.2, 0.05, 0.02, 0.01] for mark in marks]
    correct = pd.array(marks, dtype="boolean")
    return pd.DataFrame({"image_id": rows["image_id"], "names": names, "probs": probs, "correct": correct})


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    Image.fromarray(picture_of("figure")).save(folder / "curve.png")
    (folder / "curve.csv").write_text("a,b\n1,2\n")
    return folder


@pytest.fixture(scope="module")
def report():
    rows = rows_of({"tank/0": "tank", QUOTED: QUOTED, "cup/0": RTL})
    turned = {"roll": 4, "so3": 6}
    few = answers_to(rows, lambda row: None if row["object_id"] == "tank/0" else True)
    networks = {
        EVIL: answers_to(rows, lambda row: int(row["image_id"].rpartition(":")[2]) < turned.get(row["condition"], 9)),
        "second": answers_to(rows, lambda row: row["condition"] == "upright", prob=0.3),
        "few classes": few[~few["image_id"].str.startswith(f"{QUOTED}:upright")],
    }
    frame = pd.DataFrame(
        {
            "model": [EVIL, "second", "third"],
            "top1": [50.0, 9.5, np.nan],
            "top1_lo": [40.0, 2.0, np.nan],
            "top1_hi": [61.0, 20.0, np.nan],
            "n_classes": 3,
            "n_objects": 3,
            "n_images": [78, 78, 52],
        }
    )
    other = rows_of({"mine/0": "my own thing"}, steps=3)
    return Report(
        title=f"Report of {EVIL}",
        lead=["Networks lose <b>half</b> of it.", "The second sentence."],
        sections=[
            Section("Leaderboard", ["A paragraph with <i>signs</i>."], [Table("Accuracy", frame, "A note.")]),
            Section("Figures", [], [Picture("A curve", Path("curve.png"), {"data (CSV)": Path("curve.csv")}, "Seen.")]),
        ],
        answers=[
            Answers("first set", rows, networks, picture_of),
            Answers("own set", other, {"mine": answers_to(other, lambda row: True)}, picture_of),
        ],
        provenance={"version": "1", "nested": {"commit": EVIL, "packages": ["a 1", "b 2"]}, "none": None},
        generated="2025-01-02",
    )


@pytest.fixture(scope="module")
def index(report, results):
    return write_report(report, results / "report", progress=False)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


class Tab:
    """A page that remembers everything that went wrong in it."""

    def __init__(self, browser, width: int = 1280, **options) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open(self, index: Path, state: str = ""):
        self.page.goto(index.as_uri() + state)
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    def texts(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_inner_texts()


@pytest.fixture
def tab(browser):
    opened = Tab(browser)
    yield opened
    assert opened.wrong == []
    assert all(url.startswith(("file://", "data:")) for url in opened.asked)
    opened.context.close()


@in_browser
def test_the_page_shows_its_content_and_names_as_text(tab, index):
    page = tab.open(index)
    assert tab.texts(".lead p") == ["Networks lose <b>half</b> of it.", "The second sentence."]
    assert page.title() == f"Report of {EVIL}"
    assert page.locator("script").count() == page.locator("script[src], body > script").count()
    assert EVIL in page.locator("#accuracy").inner_text()
    assert EVIL in page.locator("#x-cards").inner_text()
    assert EVIL in page.locator("#provenance").inner_text()
    assert "2025-01-02" in page.locator("header").inner_text()
    assert "3 classes, 3 objects" in page.locator("#accuracy .behind").inner_text()
    page.select_option("#x-object", label=QUOTED)
    page.wait_for_function("document.querySelector('#x-true').innerText.includes('quoted')")
    assert page.locator("#x-true").inner_text() == QUOTED
    page.select_option("#x-object", label="cup/0")
    page.wait_for_function("!document.querySelector('#x-true').innerText.includes('quoted')")
    assert page.locator("#x-true bdi").inner_text() == "\u05db\u05d5\u05e1 \ufffdabc\u2407"


@in_browser
def test_headings_sort_by_mouse_and_keyboard_and_missing_values_stay_last(tab, index):
    page = tab.open(index)
    first = "#accuracy tbody th"
    heads = page.locator("#accuracy thead th")
    accuracy = heads.filter(has_text="right")
    assert accuracy.get_attribute("aria-sort") == "none"
    accuracy.get_by_role("button").click()
    assert accuracy.get_attribute("aria-sort") == "descending"
    assert tab.texts(first) == [EVIL, "second", "third"]
    accuracy.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert accuracy.get_attribute("aria-sort") == "ascending"
    assert tab.texts(first) == ["second", EVIL, "third"]
    heads.first.get_by_role("button").click()
    assert accuracy.get_attribute("aria-sort") == "none"
    assert tab.texts(first) == [EVIL, "second", "third"]
    heads.first.get_by_role("button").click()
    assert tab.texts(first) == ["third", "second", EVIL]
    assert "[40.0, 61.0]" in page.locator("#accuracy").inner_text()


@in_browser
def test_the_explorer_follows_slider_keys_wheel_strip_and_drag(tab, index):
    page = tab.open(index, "#set=first-set&object=tank-0&condition=roll&at=0")

    def seen():
        return (
            page.locator("#x-picture").get_attribute("src"),
            page.locator("#x-angle").inner_text(),
            page.locator("#x-cards .net").evaluate_all("cards => cards.map(card => card.dataset.mark).join('')"),
        )

    start = seen()
    assert start[1:] == ("0°", "10-")
    assert page.locator("#x-picture").evaluate("image => image.complete && image.naturalWidth") == 32
    assert tab.texts(".net:first-child li .name")[:2] == ["✓tank", "a wheel"]
    page.locator("#x-slider").fill("4")
    assert seen()[1:] == ("120°", "00-")
    assert seen()[0] != start[0]
    lines = page.locator(".net").first.locator("li")
    assert lines.nth(0).get_attribute("class") == "no"
    assert "✗" in lines.nth(0).inner_text()
    assert lines.nth(1).get_attribute("class") == "yes"
    assert "✓" in lines.nth(1).inner_text()
    assert "60.0" in lines.nth(0).inner_text()
    assert "no such class" in page.locator(".net").nth(2).inner_text()
    page.locator("#x-slider").focus()
    page.keyboard.press("ArrowRight")
    assert seen()[1] == "150°"
    page.locator("#x-frame").scroll_into_view_if_needed()
    page.locator("#x-frame").hover()
    page.mouse.move(*middle(page, "#x-frame", 0.4))
    page.mouse.wheel(0, -120)
    page.wait_for_function("document.querySelector('#x-angle').innerText === '60°'")
    page.mouse.move(*middle(page, "#x-frame", 0.25))
    page.mouse.down()
    page.mouse.move(*middle(page, "#x-frame", 0.5))
    page.mouse.up()
    assert seen()[1] == "150°"
    strip = page.locator(".strip.one svg").first
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 7.5 / STEPS, "y": 4})
    assert seen()[1] == "210°"
    assert page.locator(".strip.one .got").first.inner_text() == f"4/{STEPS}"
    assert page.locator("#x-slider").get_attribute("aria-valuetext") == "210°, 0 of 2 networks right"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('#x-angle').innerText !== '210°'")
    page.get_by_role("button", name="Pause").click()


def middle(page, selector: str, share: float) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


@in_browser
def test_random_poses_are_sorted_by_distance_and_another_condition_keeps_the_angle(tab, index):
    page = tab.open(index, "#set=first-set&object=tank-0&condition=so3&at=0")
    shown = []
    for step in range(STEPS):
        page.locator("#x-slider").fill(str(step))
        shown.append(float(page.locator("#x-angle").inner_text().partition("°")[0]))
    assert shown == sorted((step * 67) % 180 for step in range(STEPS))
    page.locator("#x-slider").fill("6")
    near = shown[6]
    page.select_option("#x-condition", label="roll")
    page.wait_for_function("document.querySelector('#x-where').innerText.startsWith('roll')")
    assert abs(float(page.locator("#x-angle").inner_text().rstrip("°")) - near) <= 15
    page.locator("#x-reference").click()
    page.wait_for_function("document.querySelector('#x-where').innerText.startsWith('upright')")


@in_browser
def test_answers_stay_with_their_picture_where_earlier_ones_are_missing(tab, index):
    page = tab.open(index)
    page.select_option("#x-object", label=QUOTED)
    page.wait_for_function("document.querySelector('#x-true').innerText.includes('quoted')")
    page.select_option("#x-condition", label="upright")
    page.wait_for_function("document.querySelector('#x-where').innerText.startsWith('upright')")
    card = page.locator(".net").nth(2)
    assert "no answer" in card.inner_text()
    page.select_option("#x-condition", label="so3")
    page.wait_for_function("document.querySelector('#x-where').innerText.startsWith('so3')")
    page.locator("#x-slider").fill(str(STEPS - 1))
    assert card.locator("li bdi").all_inner_texts() == [QUOTED, "a wheel", "a chime", "a wing", "an airship"]


@in_browser
def test_the_strip_at_the_top_shows_a_typical_object_and_opens_it(tab, tmp_path):
    rows = rows_of({"hard": "hard", "middling": "middling", "plain": "plain"})
    share = {"hard": 0, "middling": STEPS // 2, "plain": STEPS}
    one = answers_to(rows, lambda row: int(row["image_id"].rpartition(":")[2]) < share[row["object_id"]])
    other = answers_to(rows, lambda row: row["image_id"].endswith(":0") or row["object_id"] == "plain")
    report = Report("R", ["One."], answers=[Answers("s", rows, {"one": one, "other": other}, picture_of)])
    page = tab.open(write_report(report, tmp_path / "report", progress=False))
    assert "middling under roll: how many of 2 networks" in page.locator(".film figcaption").inner_text()
    assert tab.texts(".film .deg") == ["0°", "30°", "90°", "120°", "180°", "210°", "270°", "300°"]
    assert tab.texts(".film .mark") == ["✓ 2 of 2"] + ["◐ 1 of 2"] * 3 + ["✗ 0 of 2"] * 4
    assert page.locator("#x-true").inner_text() == "middling"
    assert page.evaluate("scrollY") == 0
    page.locator(".film a").nth(3).click()
    page.wait_for_function("document.querySelector('#x-angle').innerText === '120°'")
    page.wait_for_function("document.querySelector('#explorer').getBoundingClientRect().top < 200")


@in_browser
def test_filters_filter_and_the_empty_state_is_said(tab, index):
    page = tab.open(index)
    count = page.locator("#g-count")

    def number_found():
        return int(count.inner_text().split(" ")[0])

    everything = number_found()
    # wrong anywhere: 'second' is wrong on every turned picture of three objects
    assert everything == 3 * 2 * STEPS
    page.select_option("#g-network", label=EVIL)
    assert number_found() == 3 * (STEPS - 4 + STEPS - 6)
    page.select_option("#g-condition", label="roll")
    assert number_found() == 3 * (STEPS - 4)
    assert all("roll" in text for text in tab.texts(".failure .where"))
    page.select_option("#g-class", label=QUOTED)
    assert number_found() == STEPS - 4
    page.check("#g-disagree")
    assert number_found() == STEPS - 4  # 'few classes' is right there
    page.select_option("#g-class", label="tank")
    assert count.inner_text().startswith("None of")
    assert page.locator(".failure").count() == 0
    page.get_by_role("button", name="Clear the filters").click()
    page.wait_for_function(f"document.querySelector('#g-count').innerText.startsWith('{everything} of')")
    page.fill("#g-min", "50")
    assert number_found() == 3 * (STEPS - 4 + STEPS - 6)
    page.fill("#g-min", "0")
    page.fill("#g-max", "50")
    assert number_found() == everything
    assert "30.0" in tab.texts(".failure .prob")[0]
    before = page.locator(".failure").count()
    page.get_by_role("button", name="Show more").click()
    assert page.locator(".failure").count() > before
    page.locator(".failure").first.click()
    page.wait_for_function("location.hash.includes('object=')")


@in_browser
def test_reload_and_a_copied_address_restore_the_state(browser, tab, index):
    page = tab.open(index)
    page.select_option("#x-object", label=QUOTED)
    page.wait_for_function("document.querySelector('#x-true').innerText.includes('quoted')")
    page.select_option("#x-condition", label="so3")
    page.wait_for_function("document.querySelector('#x-where').innerText.startsWith('so3')")
    page.locator("#x-slider").fill("5")
    page.select_option("#g-network", label=EVIL)
    page.fill("#g-min", "10")
    page.wait_for_function("location.hash.includes('f-min=10') && location.hash.includes('at=5')")
    look = "[...document.querySelectorAll('#x-angle, #x-true, #x-where, #g-count')].map(node => node.innerText)"
    before = page.evaluate(look)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate(look) == before
    assert page.input_value("#g-min") == "10"
    assert page.locator("#g-network option:checked").inner_text() == EVIL
    again = Tab(browser)
    again.open(index, page.evaluate("location.hash"))
    assert again.page.evaluate(look) == before
    assert again.wrong == []
    again.context.close()


@in_browser
def test_own_data_set_with_one_network(tab, index):
    page = tab.open(index)
    page.select_option("#x-set", label="own set")
    page.wait_for_function("document.querySelector('#x-true').innerText === 'my own thing'")
    assert page.locator(".net").count() == 1
    assert page.locator(".strip.sum").count() == 0
    page.select_option("#g-set", label="own set")
    page.wait_for_function("document.querySelector('#g-count').innerText.startsWith('None of 8')")
    assert page.locator("#g-disagree-field").is_hidden()


@in_browser
def test_backgrounds_captions_and_pictures_without_poses_or_networks(tab, tmp_path):
    rows = pd.DataFrame(
        {
            "image_id": list("abcd"),
            "object_id": "photo",
            "class_name": "photo",
            "condition": "upright",
            "baseline": "upright",
            "angle_deg": np.nan,
            "distance_deg": np.nan,
            "background": ["sea", "sea", "wood", None],
            "true_names": [["one", "two"]] * 4,
            "caption": ["scale 0.2", "scale 0.4", "", None],
        }
    )
    report = Report("Photographs", ["One."], answers=[Answers("photos", rows, {}, picture_of)])
    page = tab.open(write_report(report, tmp_path / "report", progress=False))
    assert page.locator(".film").count() == 0
    assert page.locator("#x-true").inner_text() == "one or two"
    page.select_option("#x-background", label="sea")
    page.wait_for_function("document.querySelector('#x-angle').innerText.includes('scale 0.2')")
    page.locator("#x-slider").fill("1")
    assert "scale 0.4" in page.locator("#x-angle").inner_text()
    page.select_option("#x-background", label="none")
    page.wait_for_function("document.querySelector('#x-turn').hidden")  # nothing turns in one picture
    assert page.locator("#g-count").inner_text().startswith("None of 4")
    page.wait_for_function("location.hash.includes('background=')")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#x-background option:checked").inner_text() == "none"


@in_browser
def test_a_missing_data_file_is_said(browser, index, tmp_path):
    broken = tmp_path / "copy"
    shutil.copytree(index.parent, broken)
    shutil.rmtree(broken / "data" / "first-set" / "objects")
    lone = Tab(browser)
    page = lone.open(broken / "index.html")
    assert "copy the report's whole folder" in page.locator("#x-message").inner_text()
    lone.context.close()


@in_browser
@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_screen_and_colours_follow_the_scheme(browser, index, width, scheme):
    narrow = Tab(browser, width, color_scheme=scheme)
    page = narrow.open(index)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (scheme == "light")
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert narrow.wrong == []
    narrow.context.close()


@pytest.fixture(scope="module")
def fifty(tmp_path_factory):
    """Fifty networks, 2,000 pictures of 20 objects, a long table."""
    rows = rows_of({f"thing/{n}": f"class {n}" for n in range(20)}, steps=49)
    assert len(rows) == 2000
    networks = {
        f"network {n:02d}": answers_to(rows, lambda row, n=n: (len(row["image_id"]) * 7 + n * n) % (n + 2) > 0)
        for n in range(50)
    }
    table = pd.DataFrame({"model": list(networks), "top1": np.arange(50.0), "n_classes": 20})
    report = Report(
        "Fifty", ["Fifty."], [Section("All", [], [Table("All", table)])], [Answers("s", rows, networks, picture_of)]
    )
    return write_report(report, tmp_path_factory.mktemp("big") / "report", progress=False)


@in_browser
def test_fifty_networks_open_quickly_and_can_be_searched(tab, fifty, record_property):
    begin = time.perf_counter()
    page = tab.open(fifty)
    seconds = time.perf_counter() - begin
    size = sum(path.stat().st_size for path in fifty.parent.rglob("*") if path.is_file())
    record_property("seconds", seconds)
    record_property("bytes", size)
    print(f"50 networks x 2,000 pictures: open in {seconds:.2f} s, {size / 1e6:.1f} MB")
    assert seconds < 3.0
    assert size < 60e6
    assert sum("/objects/" in url for url in tab.asked) == 1  # other objects are read when they are asked for
    assert page.locator(".net:visible").count() == 50
    page.fill("#x-search", "work 07")
    assert page.locator(".net:visible").count() == 1
    assert page.locator(".strip.one:visible").count() == 1
    assert page.locator(".net:visible li:visible").count() == 1
    page.locator(".net:visible button").click()
    assert page.locator(".net:visible li:visible").count() == 5
    page.fill("#x-search", "nothing such")
    assert page.locator("#x-none").is_visible()
    assert page.locator("#all tbody tr:visible").count() == 16
    page.get_by_role("button", name="Show all 50 rows").click()
    assert page.locator("#all tbody tr:visible").count() == 50
    page.get_by_placeholder("Filter rows").fill("work 4")
    assert page.locator("#all tbody tr:visible").count() == 10


@pytest.fixture(scope="module")
def huge(tmp_path_factory):
    """A table of 50 networks x 84 classes."""
    rows = [
        (f"network {n:02d}", f"class {EVIL} {c}", 100.0 * ((n * 84 + c * 31) % 4200) / 4199)
        for n in range(50)
        for c in range(84)
    ]
    frame = pd.DataFrame(rows, columns=["model", "class", "top1"])
    report = Report("Huge", ["Huge."], [Section("All", [], [Table("By class", frame)])])
    return write_report(report, tmp_path_factory.mktemp("huge") / "report", progress=False), frame


@in_browser
def test_a_huge_table_is_read_when_somebody_asks_for_it(tab, huge):
    index, frame = huge
    page = tab.page
    assert index.stat().st_size < 40_000
    page.goto(index.as_uri())
    rows, count = page.locator("#by-class tbody tr"), page.locator("#by-class .count")
    assert rows.count() == 16
    assert "first 16 of 4,200 rows" in page.locator("#by-class .cut").inner_text()
    assert not any("tables" in url for url in tab.asked)
    page.locator("#by-class thead button").nth(2).press("Enter")
    page.wait_for_function("!document.querySelector('#by-class .cut')")
    assert rows.first.locator("td").last.inner_text() == "100.0"
    assert rows.count() == 16
    best = frame.sort_values("top1", ascending=False).iloc[:16]
    assert tab.texts("#by-class tbody th") == best["model"].tolist()
    page.get_by_role("button", name="Show 200 more").click()
    assert rows.count() == 200
    assert count.inner_text() == "200 of 4,200 rows"
    page.get_by_role("button", name="Show 200 more").click()
    assert rows.count() == 400
    page.get_by_placeholder("Filter rows").fill("network 07")
    page.wait_for_function("document.querySelector('#by-class .count').innerText === '16 of 84 rows'")
    assert set(tab.texts("#by-class tbody th")) == {"network 07"}
    assert EVIL in rows.first.inner_text()
    page.get_by_role("button", name="Show all 84 rows").click()
    assert rows.count() == 84
    page.get_by_role("button", name="Show 16 rows").click()
    assert rows.count() == 16


@in_browser
def test_rows_that_cannot_be_read_are_a_sentence(browser, huge, tmp_path):
    shutil.copytree(huge[0].parent, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "data")
    lone = Tab(browser)
    lone.page.goto((tmp_path / "copy" / "index.html").as_uri())
    lone.page.get_by_role("button", name="Show 200 more").click()
    lone.page.wait_for_function("document.querySelector('.cut').innerText.includes('whole folder')")
    assert lone.page.locator("#by-class tbody tr").count() == 16
    lone.context.close()


def test_every_link_is_relative_and_leads_to_a_file_or_a_place_on_the_page(index, fifty, huge):
    assert [dead_links(one) for one in (index, fifty, huge[0])] == [[], [], []]
    (index.parent / "files" / "curve-csv.csv").rename(index.parent / "files" / "away.csv")
    try:
        assert dead_links(index) == ["files/curve-csv.csv"]
    finally:
        (index.parent / "files" / "away.csv").rename(index.parent / "files" / "curve-csv.csv")


@in_browser
def test_each_table_and_figure_has_its_data(browser, index, results):
    lone = Tab(browser)
    page = lone.open(index)
    for item in page.locator(".item").all():
        assert item.locator("a[download][href$='.csv']").count() == 1
    with page.expect_download() as started:
        page.locator("#a-curve a", has_text="data (CSV)").click()
    assert started.value.path().read_text() == (results / "curve.csv").read_text()
    with page.expect_download() as started:
        page.locator("#accuracy a", has_text="CSV").click()
    assert list(pd.read_csv(started.value.path())["model"]) == [EVIL, "second", "third"]
    lone.context.close()


@in_browser
def test_a_phone_sorts_filters_and_turns_by_touch(browser, index):
    phone = Tab(browser, 390, has_touch=True, is_mobile=True)
    page = phone.open(index, "#set=first-set&object=tank-0&condition=roll&at=0")
    page.locator("#accuracy thead button").first.tap()
    assert page.locator("#accuracy thead th").first.get_attribute("aria-sort") == "ascending"
    page.locator(".strip.one svg").first.scroll_into_view_if_needed()
    box = page.locator(".strip.one svg").first.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * 7.5 / STEPS, box["y"] + box["height"] / 2)
    assert page.locator("#x-angle").inner_text() == "210\u00b0"
    page.locator("#g-disagree").tap()
    page.wait_for_function("location.hash.includes('f-disagree=1')")
    assert phone.wrong == []
    phone.context.close()


@in_browser
def test_everything_that_can_be_pressed_has_a_name_and_shows_that_it_has_the_focus(tab, index):
    page = tab.open(index)
    seen = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              const node = document.activeElement, style = getComputedStyle(node);
              const label = node.ariaLabel || node.labels?.[0]?.innerText || node.innerText
                || node.querySelector("img")?.alt;
              const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
              return [node.tagName, node.id, label, ringed];
            }"""
        )
        if said[0] == "BODY":
            break
        seen.add(said[1])
        assert said[2], said
        assert said[3], said
    assert {"x-slider", "x-play", "x-object", "g-network", "g-min"} <= seen


@in_browser
def test_a_report_without_answers_has_neither_explorer_nor_gallery(tab, tmp_path):
    index = write_report(
        Report("Bare", [], [Section("Empty", [], [Table("None", pd.DataFrame({"a": []}))])]), tmp_path / "r"
    )
    tab.page.goto(index.as_uri())
    assert tab.page.locator("#explorer, #gallery").count() == 0
    assert "This table has no rows." in tab.page.locator("#none").inner_text()


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_equal_inputs_give_equal_bytes_whatever_the_order_of_rows(report, index, results):
    first, *others = report.answers
    mixed = dataclasses.replace(
        first,
        rows=first.rows.sample(frac=1, random_state=1),
        networks={name: frame.sample(frac=1, random_state=2) for name, frame in first.networks.items()},
    )
    again = write_report(dataclasses.replace(report, answers=[mixed, *others]), results / "again", progress=False)
    assert digests(again.parent) == digests(index.parent)
    assert {"index.html", "page.css", "page.js", "files/curve-png.png", "files/curve-csv.csv"} <= set(
        digests(again.parent)
    )
    assert len([name for name in digests(again.parent) if name.endswith(".jpg")]) == sum(
        len(one.rows) for one in report.answers
    )


def test_a_write_that_fails_leaves_the_earlier_report_and_nothing_else(report, results, tmp_path):
    for name in ("curve.png", "curve.csv"):
        shutil.copy(results / name, tmp_path)
    folder = tmp_path / "report"
    write_report(report, folder, progress=False)
    before = digests(folder)
    calls = []

    def breaks(image_id):
        calls.append(image_id)
        if len(calls) > 10:
            raise RuntimeError("stopped")
        return picture_of(image_id)

    broken = dataclasses.replace(report, title="New", answers=[dataclasses.replace(report.answers[0], image_of=breaks)])
    with pytest.raises(RuntimeError, match="stopped"):
        write_report(broken, folder, progress=False)
    assert digests(folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curve.csv", "curve.png", "report"]
    write_report(dataclasses.replace(report, title="New"), folder, progress=False)
    assert "<title>New</title>" in (folder / "index.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["curve.csv", "curve.png", "report"]


def test_a_killed_write_leaves_no_half_report_and_the_next_one_cleans_up(tmp_path):
    code = """
import os, sys
import numpy as np, pandas as pd
from pathlib import Path
from objectpose.report_page import Answers, Report, write_report
rows = pd.DataFrame({"image_id": list("abcdef"), "object_id": "o", "class_name": "c", "condition": "roll",
                     "baseline": "upright", "angle_deg": range(6), "distance_deg": 0.0, "background": "",
                     "true_names": [["c"]] * 6})
def image_of(image_id):
    if image_id == sys.argv[2]:
        os.kill(os.getpid(), 9)
    return np.zeros((8, 8, 3), np.uint8)
write_report(Report("R", [], answers=[Answers("s", rows, {}, image_of)]), Path(sys.argv[1]), progress=False)
"""
    folder = tmp_path / "report"

    def run(victim):
        return subprocess.run([sys.executable, "-c", code, str(folder), victim], capture_output=True).returncode

    assert run("d") == -9
    assert not folder.exists()
    assert run("none") == 0
    before = digests(folder)
    assert run("d") == -9
    assert digests(folder) == before
    assert run("none") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_report_whose_exchange_was_cut_comes_back(tmp_path):
    folder = tmp_path / "report"
    write_report(Report("Old", []), folder)
    folder.rename(tmp_path / ".report.old")
    with pytest.raises(ObjectPoseError, match="at least 1"):
        write_report(Report("New", []), folder, max_pictures=0)
    assert "<title>Old</title>" in (folder / "index.html").read_text(encoding="utf-8")


def test_a_folder_of_the_users_own_is_not_replaced(tmp_path):
    own = tmp_path / "thesis"
    own.mkdir()
    (own / "index.html").write_text("my page")
    with pytest.raises(ObjectPoseError, match="is no report"):
        write_report(Report("R", []), own)
    assert (own / "index.html").read_text() == "my page"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert write_report(Report("R", []), empty).is_file()


def test_thinning_keeps_every_sequence_evenly_and_says_so(report, tmp_path, results):
    kept = keep(report.answers[:1], 30)[0]
    assert len(kept.rows) == 30
    sizes = kept.rows.groupby(["object_id", "condition"]).size()
    assert set(sizes) <= {2, 4, 5}
    assert len(sizes) == 9
    angles = kept.rows[(kept.rows["object_id"] == "tank/0") & (kept.rows["condition"] == "roll")]["angle_deg"]
    assert np.diff([*np.sort(angles), 360.0]).max() <= 90
    shown = dataclasses.replace(report, sections=[])
    page = write_report(shown, tmp_path / "r", max_pictures=30, progress=False).read_text(encoding="utf-8")
    assert "30 of 86 pictures are here" in page
    assert len(list((tmp_path / "r" / "pictures").rglob("*.jpg"))) == 30


@given(st.lists(st.integers(1, 40), min_size=1, max_size=20), st.integers(1, 300))
def test_shares_use_the_budget_and_differ_by_one_at_most(sizes, total):
    shares = _shares(sizes, total)
    assert sum(shares) == min(total, sum(sizes))
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    cut = [share for share, size in zip(shares, sizes, strict=True) if share < size]
    assert not cut or max(shares) - min(cut) <= 1


def test_what_the_data_files_say_is_what_was_answered(report, index):
    kept = keep(report.answers, 10**6)[0]
    text = (index.parent / "data" / "first-set" / "index.js").read_text(encoding="ascii")
    data = json.loads(text.partition("=")[2].rstrip(";\n"))
    assert "<" not in text
    assert data["networks"] == [EVIL, "second", "few classes"]
    frame = report.answers[0].networks[EVIL].set_index("image_id")
    for place, image_id in enumerate(kept.rows["image_id"]):
        assert data["marks"][0][place] == ("1" if frame.loc[image_id, "correct"] else "0")
        assert data["names"][data["first"][0][place]] == clean(frame.loc[image_id, "names"][0])
    text = (index.parent / "data" / "first-set" / "objects" / "tank-0.js").read_text(encoding="ascii")
    own = json.loads(text.partition("=")[2].rstrip(";\n"))
    tank = kept.rows[kept.rows["object_id"] == "tank/0"]
    said = iter(own["names"][0])
    for image_id in tank["image_id"]:
        for name in frame.loc[image_id, "names"]:
            assert data["names"][next(said)] == clean(name)
    assert own["counts"][2] == "0" * len(tank)
    stored = np.asarray(Image.open(index.parent / (tank["file"].iloc[3] + ".jpg"))).astype(int)
    assert np.abs(stored - picture_of(tank["image_id"].iloc[3])).mean() < 3


def test_partial_answers_are_shown_as_none(report):
    one = report.answers[0]
    part = dataclasses.replace(one, networks={"part": one.networks["second"].iloc[:1]})
    marks = keep([part], 1000)[0].networks["part"].marks
    assert marks.count("?") == len(one.rows) - 1
    assert marks.count("1") == 1


def changed(report, **parts):
    return [dataclasses.replace(report.answers[0], **parts)]


def test_answers_that_do_not_fit_are_refused(report):
    one = report.answers[0]
    second = one.networks["second"]
    for answers, said in [
        (changed(report, rows=one.rows.drop(columns="angle_deg")), "lack the column angle_deg"),
        (changed(report, rows=one.rows.iloc[:0]), "has no picture"),
        (changed(report, rows=pd.concat([one.rows, one.rows.iloc[:1]])), "more than once"),
        (changed(report, networks={"n": pd.concat([second, second.iloc[:1]])}), "more than once"),
        (
            changed(report, networks={"n": second.assign(image_id=[f"x{i}" for i in range(len(second))])}),
            "does not have",
        ),
        (changed(report, networks={"n": second.drop(columns="probs")}), "lack the column probs"),
        (changed(report, networks={"n": second.assign(probs=[[0.1]] * len(second))}), "as many probabilities"),
        (changed(report, networks={"n": second.assign(probs=[[1.2, 0, 0, 0, 0]] * len(second))}), "from 0 to 1"),
        ([one, one], "are called 'first set'"),
    ]:
        with pytest.raises(ObjectPoseError, match=said):
            keep(answers, 100)


def test_files_and_pictures_that_do_not_fit_are_refused(report, tmp_path):
    grey = changed(report, image_of=lambda image_id: np.zeros((8, 8), np.uint8))
    for parts, said in [
        ({"answers": grey, "sections": []}, "expected uint8 H x W x 3"),
        ({"sections": [Section("F", [], [Picture("P", Path("missing.png"))])]}, "'P' names the file missing.png"),
        ({"sections": [Section("T", [], [Table("T", pd.DataFrame({"a": [1]}), csv=Path("no.csv"))])]}, "no.csv"),
        ({"sections": [Section("T", [], [Table("T", pd.DataFrame({"a": [1]}), anchor="A b")])]}, "use a-z"),
        ({"sections": [Section("T", [], [Table("T", pd.DataFrame({"a": [1]}), anchor="explorer")])]}, "stands twice"),
        (
            {"sections": [Section("T", [], [Table("T", pd.DataFrame({"a": [1]}), columns=[Column("b")])])]},
            "no column b",
        ),
        (
            {"sections": [Section("T", [], [Table("T", pd.DataFrame({"a": [1]}), columns=[Column("a", lo="a")])])]},
            "one limit",
        ),
    ]:
        with pytest.raises(ObjectPoseError, match=said):
            write_report(dataclasses.replace(report, **parts), tmp_path / "report", progress=False)
        assert list(tmp_path.iterdir()) == []


def test_tables_say_values_intervals_and_what_is_behind_them():
    frame = pd.DataFrame(
        {
            "network": ["a", "b"],
            "drop_pp": [-3.26, 12.0],
            "drop_lo": [-8.0, np.nan],
            "drop_hi": [1.0, np.nan],
            "top5": [99.5, 100.0],
            "right": [True, False],
            "n_classes": [17, 1],
            "n_images": [1200, 1200],
        }
    )
    assert [column.name for column in columns_of(frame)] == ["network", "drop_pp", "top5", "right", "n_classes"]

    def refused(rows):
        raise AssertionError("a short table needs no file")

    html = table_html(Table("T", frame), "t", "t.csv", refused)
    assert '<span class="val">\u22123.3</span> <span class="lim">[\u22128.0, 1.0]</span>' in html
    assert '<span class="val">12.0</span> <span class="lim">no interval</span>' in html
    assert ">100.0</td>" in html
    assert ">yes</td>" in html
    assert "Behind each row: 1,200 pictures." in html
    # the axis runs from -8 to 12
    assert "--lo:0.0%;--hi:45.0%;--at:23.7%;--zero:40.0%" in html
    only = Table("T", frame, columns=[Column("top5", "Top", "%", 0, "top5", "top5")])
    percent = table_html(only, "t", "t.csv", refused)
    assert "--at:99.5%" in percent
    assert ">100</span>" in percent
    assert "1 to 17 classes" in percent


@given(st.text(max_size=30))
def test_no_name_becomes_markup_or_ends_a_script(name):
    assert not set("<>\"'") & set(escaped(name).replace("&lt;", "").replace("&quot;", "").replace("&#x27;", ""))
    assert json.loads(script([name])) == [name]
    assert script([name]).isascii()
    assert not set("<>&") & set(script([name]))
    assert clean(clean(name)) == clean(name)
    clean(name).encode("utf-8")


@given(st.lists(st.text(max_size=8), max_size=30))
def test_slugs_are_distinct_and_safe(names):
    slugs = Slugs()
    made = [slugs(name) for name in names]
    assert len(set(made)) == len(made)
    assert all(slug and set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for slug in made)


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_numbers_say_their_value(value, decimals):
    text = number(value, decimals)
    assert abs(float(text.replace(",", "").replace("\u2212", "-")) - value) <= 0.5 * 10**-decimals + 1e-9
    assert not text.startswith("\u22120") or float(text[1:].replace(",", "")) > 0
