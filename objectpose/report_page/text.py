"""Names and numbers as text of a page: nothing in them can become markup, turn the line round or break the file."""

from __future__ import annotations

import html
import json
import math
import re
import unicodedata
from functools import lru_cache
from typing import Any

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST_SLUG = 48
_LONGEST_RUN = 24
"""Signs of a name that stay on one line."""


def clean(name: object) -> str:
    r"""Return a name without characters that steer: controls as their pictures, what turns text round as U+FFFD.

    Scripts that run from right to left stay as they are; the page isolates each name.

    >>> clean("a\tb"), clean("x\u202ey") == "x\ufffdy"
    ('a␉b', True)
    """
    return _cleaned(str(name))


@lru_cache(maxsize=65536)
def _cleaned(text: str) -> str:
    return "".join(map(_visible, text))


def _visible(sign: str) -> str:
    if sign in _BIDI_CONTROLS:
        return "\ufffd"
    kind = unicodedata.category(sign)
    if kind == "Cc":
        return chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\u2421" if ord(sign) == 0x7F else "\ufffd"
    return "\ufffd" if kind in ("Cs", "Zl", "Zp") else sign


def escaped(name: object) -> str:
    """Return a name as HTML text or as the content of a quoted attribute.

    >>> escaped('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return html.escape(clean(name), quote=True)


def isolated(name: object) -> str:
    """Return a name as HTML of its own direction, which does not reach its neighbours; long ones may break at signs.

    >>> isolated("<x>"), isolated("lite_0")
    ('<bdi>&lt;x&gt;</bdi>', '<bdi>lite_<wbr>0</bdi>')
    """
    parts = re.findall(rf"[^\s_/.:]{{1,{_LONGEST_RUN}}}[_/.:]?|[_/.:]|\s+", clean(name))
    shown = "".join(
        escaped(part) + ("<wbr>" if len(part) >= _LONGEST_RUN or part[-1] in "_/.:" else "") for part in parts
    )
    return f"<bdi>{shown}</bdi>"


def script(value: Any) -> str:
    r"""Return JSON that may stand in a script: ASCII only, without signs that end a script.

    >>> script(["</script>", None, 1])
    '["\\u003c/script\\u003e",null,1]'
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def number(value: float, decimals: int | None) -> str:
    """Return a number with thousands separated and a typographic minus; a dash for NaN.

    >>> number(-1234.56, 1), number(-0.01, 1), number(3.0, None), number(float("nan"), 1)
    ('\u22121,234.6', '0.0', '3', '\u2013')
    """
    if math.isnan(value):
        return "\u2013"
    if math.isinf(value):
        return "\u221e" if value > 0 else "\u2212\u221e"
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    text = f"{abs(value):,.{decimals}f}"
    return ("\u2212" if value < 0 and text.strip("0,.") else "") + text


class Slugs:
    """Makes names for files and addresses: lower-case ASCII, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: object) -> str:
        """Return the slug of a name; equal names get different ones.

        >>> slugs = Slugs(); slugs("tank/0"), slugs("Tank 0"), slugs("\u9262")
        ('tank-0', 'tank-0-2', 'x')
        """
        plain = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_SLUG].strip("-") or "x"
        slug, count = base, 1
        while slug in self._taken:
            count += 1
            slug = f"{base}-{count}"
        self._taken.add(slug)
        return slug
