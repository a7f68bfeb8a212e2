"""Whether work that takes long shows how far it is."""

from __future__ import annotations

_shown = [True]


def show_progress(shown: bool) -> None:
    """Say for the whole process whether downloads and heads of zero-shot networks show progress bars on stderr."""
    from huggingface_hub.utils import disable_progress_bars, enable_progress_bars  # type: ignore[attr-defined]

    _shown[0] = shown
    (enable_progress_bars if shown else disable_progress_bars)()


def progress_shown() -> bool:
    """Return what ``show_progress`` said last; True before it said anything."""
    return _shown[0]
