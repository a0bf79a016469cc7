"""Text of a description where a site shows it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from attrest.nodes import mapping, text

_SCHEMES = frozenset({"http", "https", "mailto"})


def line(written: str) -> str:
    """Return text on one line, without what cannot be seen or turns what can be seen around."""
    return " ".join("".join(character if character.isprintable() else " " for character in written).split())


def clipped(written: str, longest: int) -> str:
    """Return text on one line of at most so many characters, cut between words where it can be."""
    whole = line(written)
    if len(whole) <= longest:
        return whole
    cut = whole[:longest]
    return f"{cut.rpartition(' ')[0] or cut} …"


def web_links(info: object, external: object) -> Iterator[tuple[str, str]]:
    """List where a description's ``info`` and ``externalDocs`` lead, each a label and a URL that is safe to follow."""
    about, documentation = mapping(info), mapping(external)
    contact, licence = mapping(about.get("contact")), mapping(about.get("license"))
    address = text(contact.get("email"))
    found = (
        (text(documentation.get("description")) or "More documentation", documentation.get("url")),
        (text(contact.get("name")) or "Contact", contact.get("url")),
        (address or "", f"mailto:{address}"),
        ("Terms of service", about.get("termsOfService")),
        (text(licence.get("name")) or "License", licence.get("url")),
    )
    for label, url in found:
        if label and isinstance(url, str) and _is_safe(url):
            yield line(label), url


def _is_safe(url: str) -> bool:
    try:
        return url.isprintable() and urlsplit(url).scheme in _SCHEMES
    except ValueError:
        return False
