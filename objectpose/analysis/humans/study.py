"""What the human study is made of: groups of observers, pictures, pools, and the names of its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from objectpose.datasets.layouts import POSES

__all__ = [
    "COMPARED",
    "CONTENT",
    "GROUPS",
    "IMAGE_FIRST",
    "NETWORKS",
    "OWN",
    "POOLS",
    "POSES",
    "ROTATED",
    "SESSIONS",
    "VLMS",
    "VLM_FILES",
    "Session",
]


@dataclass(frozen=True)
class Session:
    """One viewing time, seen by twelve subjects.

    Attributes:
        group: name of the subjects under this viewing time.
        ending: of the file name ``subj_{number}_{ending}.mat``.
        subjects: their numbers.
        viewing_s: the viewing time in seconds; None where subjects looked as long as they wanted.
        measured: whether the files hold how long a subject looked; where not, they hold 0.
    """

    group: str
    ending: str
    subjects: tuple[int, ...]
    viewing_s: float | None
    measured: bool


IMAGE_FIRST = "humans_unlimited_image_first"
"""Subjects 1 to 12 without a limit, who saw the picture before the two labels; the study's comparisons and figures
take subjects 13 to 24, who saw both together."""
SESSIONS: tuple[Session, ...] = (
    Session("humans_40ms", "40", tuple(range(1, 13)), 0.04, True),
    Session("humans_150ms", "150", tuple(range(13, 25)), 0.15, True),
    Session("humans_unlimited", "unlim", tuple(range(13, 25)), None, False),
    Session(IMAGE_FIRST, "unlim", tuple(range(1, 13)), None, True),
)
GROUPS: tuple[str, ...] = tuple(session.group for session in SESSIONS if session.group != IMAGE_FIRST)
"""The groups of people that tables and figures show."""
NETWORKS: tuple[str, ...] = ("beit", "convnext", "swag", "swin", "vit")
"""The study's networks; each is the name of its file and of its rows."""
COMPARED = "networks"
"""Group of the study's five networks."""
VLMS = "vlms"
"""Group of the study's vision-language models; all but siglip were always offered the right answer first."""
VLM_FILES: Mapping[str, str] = {
    "gemini_flash_answers": "gemini_flash",
    "gemini_pro_answers": "gemini_pro",
    "gpt4o_answers": "gpt4o",
    "gpt4_vision_answers": "gpt4_vision",
    "claude_sonnet_answers": "claude_sonnet",
    "claude_opus_answers": "claude_opus",
    "siglip": "siglip",
}
"""Maps the stem of a file to the name of the model; these files may be lacking."""
OWN = "own_networks"
"""Group of the networks that the user has scored on the study's pictures."""
ROTATED = "rotated"
"""The mean of an observer's accuracies in the two rotated poses."""
POOLS: Mapping[str, tuple[int, ...]] = {
    "group1": (1, 2, 3),
    "group2": (4, 5, 6),
    "group3": (7, 8, 12),
    "group4": (9, 10, 11),
}
"""Three subjects at 40 ms each, who together saw all 96 rotated pictures once: an observer for error consistency."""
CONTENT: Mapping[str, tuple[int, int]] = {
    "upright": (51, 17),
    "rotated_correct": (51, 17),
    "rotated_incorrect": (45, 15),
}
"""Maps a pose to its pictures in the study and in one session of one subject; six objects lack the last pose."""
