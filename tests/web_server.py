"""A real web server in a thread, whose answers can be cut, stall or be wrong; also as a Hugging Face hub."""

import hashlib
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from huggingface_hub import constants

from objectpose import download

DATA = bytes(range(256)) * 1200  # 300 kB


@dataclass
class Served:
    """A file of the server and how it is served."""

    data: bytes = DATA
    ranges: bool = True
    status: int = 200
    kind: str = "application/octet-stream"
    cuts: list[int] = field(default_factory=list)  # bytes after which each next answer breaks off
    delay_s: float = 0.0  # before each body
    stalls: int = 0  # answers that stop for good after 1000 bytes
    headers: dict[str, str] = field(default_factory=dict)
    log: list[tuple[str, str | None]] = field(default_factory=list)  # method and Range of each request


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *words):
        pass

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        served = self.server.files.get(self.path)
        if served is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.send_header("X-Error-Code", "EntryNotFound")
            self.end_headers()
            return
        wanted = self.headers.get("Range")
        served.log.append((self.command, wanted))
        start = 0
        status = served.status
        if wanted and served.ranges and status == 200:
            start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
            status = 206 if start < len(served.data) else 416
        part = b"" if status in (404, 416, 503) else served.data[start:]
        self.send_response(status)
        self.send_header("Content-Type", served.kind)
        self.send_header("Content-Length", str(len(part)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {start}-{len(served.data) - 1}/{len(served.data)}")
        if status == 416:
            self.send_header("Content-Range", f"bytes */{len(served.data)}")
        for key, value in served.headers.items():
            self.send_header(key, value)
        self.end_headers()
        if not body:
            return
        time.sleep(served.delay_s)
        if served.stalls:
            served.stalls -= 1
            self.wfile.write(part[:1000])
            self.wfile.flush()
            self.server.over.wait(30)
            return
        self.wfile.write(part[: served.cuts.pop(0)] if served.cuts else part)


@contextmanager
def serving(monkeypatch):
    """Serve ``files`` at ``address``, in a process that may fetch them."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(download, "_PAUSE_S", 0.0)
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.files = {}
    http.over = threading.Event()
    http.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield http
    finally:
        http.over.set()
        http.shutdown()
        http.server_close()
        thread.join()


@contextmanager
def serving_as_hub(monkeypatch, cache):
    """Serve what is given to ``add`` as the Hugging Face hub, to a client with an empty cache."""
    with serving(monkeypatch) as http:
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
        monkeypatch.setattr(constants, "ENDPOINT", http.address)
        template = http.address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)

        def add(filename, data, repository="someone/net", revision="main"):
            headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": "a" * 40}
            served = Served(data=data, headers=headers)
            http.files[f"/{repository}/resolve/{revision}/{filename}"] = served
            return served

        http.add = add
        yield http
