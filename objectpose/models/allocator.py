"""Keeping freed memory for the next batch, so that a CPU forward pass does not fetch it from the system again."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

# Parameters of mallopt(3), from glibc's malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_MMAP_MAX = -4
_LARGEST_KEPT_BYTES = 1 << 30
_NEVER = -1


@cache
def keep_freed_memory() -> bool:
    """Ask glibc to reuse freed blocks of up to 1 GiB instead of giving them back to the system.

    The activations of a batch are tens of megabytes each; by default every one is mapped afresh and its pages
    are zeroed at the first touch, in each layer of each batch. The setting holds for the whole process, changes
    no result, and keeps the process at its largest size.

    Returns:
        True where the C library is glibc and took the setting, False where it does not apply.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    mallopt.argtypes = (ctypes.c_int, ctypes.c_int)
    mallopt.restype = ctypes.c_int
    kept = mallopt(_M_MMAP_THRESHOLD, _LARGEST_KEPT_BYTES) == 1 or mallopt(_M_MMAP_MAX, 0) == 1
    return bool(kept and mallopt(_M_TRIM_THRESHOLD, _NEVER) == 1)
