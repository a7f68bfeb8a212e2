"""Downloads from a real server in a thread: whole, resumed, cut, stalled, wrong; and the Hugging Face hub likewise."""

import hashlib
import os
import subprocess
import sys
import time

import pytest
from huggingface_hub import constants

from objectpose import download, files, hub
from objectpose.download import url_file
from objectpose.errors import ObjectPoseError
from tests.web_server import DATA, Served, serving, serving_as_hub

SHA = hashlib.sha256(DATA).hexdigest()
WHAT, ELSEWHERE = "The weights of net", "put the file elsewhere."


@pytest.fixture
def server(monkeypatch):
    with serving(monkeypatch) as http:
        yield http


@pytest.fixture
def fake_hub(monkeypatch, tmp_path):
    with serving_as_hub(monkeypatch, tmp_path / "cache") as http:
        yield http


def fetch(server, folder, prefix=SHA[:8], name="net.pth"):
    return url_file(f"{server.address}/net.pth", folder, name, prefix, WHAT, ELSEWHERE)


def sentence(call, *args, **kwargs):
    with pytest.raises(ObjectPoseError) as caught:
        call(*args, **kwargs)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_file_is_fetched_once(server, tmp_path):
    served = server.files["/net.pth"] = Served()
    folder = tmp_path / "deep" / "folder"
    assert fetch(server, folder).read_bytes() == DATA
    assert names(folder) == ["net.pth"]
    assert fetch(server, folder) == folder / "net.pth"
    assert [method for method, _ in served.log] == ["GET"]


@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
def test_a_broken_download_goes_on(server, tmp_path, ranges):
    served = server.files["/net.pth"] = Served(ranges=ranges)
    (tmp_path / "net.pth.part").write_bytes(DATA[:1234])
    assert fetch(server, tmp_path).read_bytes() == DATA
    assert served.log == [("GET", "bytes=1234-")]
    assert names(tmp_path) == ["net.pth"]


def test_cut_connections_are_taken_up_where_they_broke_off(server, tmp_path):
    served = server.files["/net.pth"] = Served(cuts=[100_000, 50_000, 1])
    assert fetch(server, tmp_path).read_bytes() == DATA
    assert [wanted for _, wanted in served.log] == [None, "bytes=100000-", "bytes=150000-", "bytes=150001-"]


def test_without_ranges_a_cut_connection_starts_anew(server, tmp_path):
    server.files["/net.pth"] = Served(ranges=False, cuts=[100_000])
    assert fetch(server, tmp_path).read_bytes() == DATA


def test_a_connection_that_is_cut_again_and_again_ends_in_a_sentence_and_keeps_what_came(server, tmp_path):
    server.files["/net.pth"] = Served(cuts=[5000] + [0] * 9)
    text = sentence(fetch, server, tmp_path)
    assert text.startswith(f"{WHAT} cannot be fetched: the connection to 127.0.0.1:")
    assert "broke off after 5,000 of 307,200 bytes" in text
    assert text.endswith(ELSEWHERE)
    assert (tmp_path / "net.pth.part").read_bytes() == DATA[:5000]
    server.files["/net.pth"].cuts.clear()
    assert fetch(server, tmp_path).read_bytes() == DATA


def test_a_stalled_connection_is_taken_up(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_STALL_S", 0.3)
    served = server.files["/net.pth"] = Served(stalls=1)
    assert fetch(server, tmp_path).read_bytes() == DATA
    assert served.log[1] == ("GET", "bytes=1000-")


def test_a_server_that_always_stalls_ends_in_a_sentence(server, tmp_path, monkeypatch):
    monkeypatch.setattr(download, "_STALL_S", 0.2)
    server.files["/net.pth"] = Served(ranges=False, stalls=9)
    assert "broke off" in sentence(fetch, server, tmp_path)


def test_a_whole_part_needs_only_its_name(server, tmp_path):
    served = server.files["/net.pth"] = Served()
    (tmp_path / "net.pth.part").write_bytes(DATA)
    assert fetch(server, tmp_path).read_bytes() == DATA
    assert served.log == [("GET", f"bytes={len(DATA)}-")]


@pytest.mark.parametrize("left", [b"other" * 50, DATA + b"too long"], ids=["other bytes", "longer"])
def test_a_part_of_another_file_is_thrown_away(server, tmp_path, left):
    server.files["/net.pth"] = Served()
    (tmp_path / "net.pth.part").write_bytes(left)
    assert fetch(server, tmp_path).read_bytes() == DATA


def test_wrong_bytes_are_refused_and_leave_nothing(server, tmp_path):
    server.files["/net.pth"] = Served(data=DATA[::-1])
    text = sentence(fetch, server, tmp_path)
    assert SHA[:8] in text
    assert hashlib.sha256(DATA[::-1]).hexdigest()[:12] in text
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("served", "word"),
    [
        (Served(data=b"<html>Sign in</html>", kind="text/html; charset=utf-8"), "web page"),
        (Served(data=b"  <!DOCTYPE html>"), "web page"),
        (Served(status=404), "404"),
        (Served(status=503), "503"),
    ],
    ids=["html", "html without a type", "not found", "overloaded"],
)
def test_what_is_no_file_is_refused_and_leaves_nothing(server, tmp_path, served, word):
    served.log.clear()
    server.files["/net.pth"] = served
    text = sentence(fetch, server, tmp_path)
    assert word in text
    assert text.endswith(ELSEWHERE)
    assert names(tmp_path) == []
    assert len(served.log) == (3 if word == "503" else 1)


def test_a_file_that_does_not_fit_the_disk_is_not_begun(server, tmp_path, monkeypatch):
    server.files["/net.pth"] = Served()
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: files.shutil._ntuple_diskusage(10**9, 10**9, 10**5))
    text = sentence(fetch, server, tmp_path)
    assert WHAT in text
    assert "GB are free" in text
    assert names(tmp_path) == []


def test_a_cached_file_with_a_wrong_hash_is_named(server, tmp_path):
    (tmp_path / "net.pth").write_bytes(b"damaged")
    text = sentence(fetch, server, tmp_path)
    assert f"{tmp_path / 'net.pth'} has sha256" in text
    assert "delete" in text


def test_a_folder_that_cannot_be_written_is_named(server, tmp_path):
    server.files["/net.pth"] = Served()
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in sentence(fetch, server, tmp_path / "file")


def test_without_a_network_one_sentence_comes_soon(tmp_path, monkeypatch):
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    start = time.perf_counter()
    text = sentence(url_file, "http://127.0.0.1:9/net.pth", tmp_path, "net.pth", SHA, WHAT, ELSEWHERE)
    assert time.perf_counter() - start < 10
    assert text == f"{WHAT} cannot be fetched: could not reach 127.0.0.1:9; {ELSEWHERE}"


@pytest.mark.parametrize("switch", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_the_offline_switches_forbid_downloads(server, tmp_path, monkeypatch, switch):
    served = server.files["/net.pth"] = Served()
    monkeypatch.setenv(switch, "1")
    text = sentence(fetch, server, tmp_path)
    assert switch in text
    assert "/net.pth" in text
    assert served.log == []
    assert switch in sentence(hub.hub_file, "someone/net", ("model.bin",), WHAT, ELSEWHERE)


def test_processes_at_once_do_not_spoil_each_others_file(server, tmp_path):
    data = os.urandom(3_000_000)
    prefix = hashlib.sha256(data).hexdigest()[:16]
    served = server.files["/net.pth"] = Served(data=data, delay_s=1.5)
    code = (
        "import sys; from pathlib import Path; from objectpose.download import url_file\n"
        "print(url_file(sys.argv[1], Path(sys.argv[2]), 'net.pth', sys.argv[3], 'w', 'e').stat().st_size)"
    )
    words = [sys.executable, "-c", code, f"{server.address}/net.pth", str(tmp_path), prefix]
    runs = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [run.communicate(timeout=60)[0].strip() for run in runs] == ["3000000"] * 3
    assert (tmp_path / "net.pth").read_bytes() == data
    assert [method for method, _ in served.log].count("GET") == 1


def test_a_file_of_the_hub_is_fetched_once(fake_hub, tmp_path):
    served = fake_hub.add("model.bin", DATA)
    for _ in range(2):
        found = hub.hub_file("someone/net", ("model.safetensors", "model.bin"), WHAT, ELSEWHERE)
        assert found.read_bytes() == DATA
        assert found.resolve().name == SHA
    assert hub.cached_file("someone/net", ("model.bin",)) == found
    assert [method for method, _ in served.log].count("GET") == 1


def test_a_revision_of_the_hub_is_its_own_file(fake_hub):
    fake_hub.add("model.bin", DATA)
    fake_hub.add("model.bin", b"older", revision="v1")
    assert hub.hub_file("someone/net@v1", ("model.bin",), WHAT, ELSEWHERE).read_bytes() == b"older"


def test_a_hub_without_the_file_is_a_sentence(fake_hub):
    fake_hub.add("model.bin", DATA)
    text = sentence(hub.hub_file, "someone/net", ("a.bin", "b.bin"), WHAT, ELSEWHERE)
    assert text.startswith(WHAT)
    assert text.endswith(ELSEWHERE)
    assert "someone/net" in text


def test_a_file_of_the_hub_that_does_not_fit_the_disk_is_not_begun(fake_hub, monkeypatch):
    served = fake_hub.add("model.bin", DATA)
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: files.shutil._ntuple_diskusage(10**9, 10**9, 10**5))
    assert "GB are free" in sentence(hub.hub_file, "someone/net", ("model.bin",), WHAT, ELSEWHERE)
    assert [method for method, _ in served.log].count("GET") == 0


def test_a_hub_that_breaks_off_is_a_sentence(fake_hub, monkeypatch):
    fake_hub.add("model.bin", DATA).cuts = [1000] * 40
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda _: None)
    text = sentence(hub.hub_file, "someone/net", ("model.bin",), WHAT, ELSEWHERE)
    assert text.startswith(WHAT)
    assert text.endswith(ELSEWHERE)


def test_an_address_is_asked_once_in_a_process(server, monkeypatch):
    served = server.files[""] = server.files["/"] = Served()
    for _ in range(3):
        assert hub.reachable(server.address)
    assert len(served.log) == 1
    asked = []
    monkeypatch.setattr(hub, "_asked", lambda url: asked.append(url))
    for _ in range(3):
        hub.reachable("http://127.0.0.1:9/once")
    assert asked == ["http://127.0.0.1:9/once"]
    hub._reached.pop("http://127.0.0.1:9/once")
