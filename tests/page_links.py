"""The links of a written page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path


class Links(HTMLParser):
    """The addresses and the ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.addresses += [said[name] for name in ("href", "src", "data-rows") if said.get(name)]
        self.ids |= {said["id"]} if "id" in said else set()


def dead_links(index: Path) -> list[str]:
    """Addresses that are absolute, or lead to no file of the report and no place on its page."""
    links = Links(index.read_text(encoding="utf-8"))
    assert len(links.addresses) > 5
    dead = []
    for address in links.addresses:
        if address.startswith("data:image/svg+xml,") or (address.startswith("#set=") and "picture=" in address):
            continue
        if address.startswith("#"):
            good = address[1:] in links.ids
        else:
            target = (index.parent / address).resolve()
            good = not Path(address).is_absolute() and target.is_file() and index.parent in target.parents
        if not good:
            dead.append(address)
    return dead
