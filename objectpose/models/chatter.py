"""Keeping a library that logs on the root logger from printing among a command's lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what is logged below an error inside, and let no library give the root logger a handler of its own."""
    root = logging.getLogger()
    before = root.manager.disable
    silent = logging.NullHandler()
    root.addHandler(silent)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
        root.removeHandler(silent)
