"""Media types: their parts, and which of several a Content-Type stands for (RFC 9110 §8.3.1, §12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;]*)')
ESCAPED = re.compile(r"\\(.)")
UNSPECIFIC = frozenset(("", "application/octet-stream", "binary/octet-stream"))
"""What servers say of a body that they do not look into; it can be anything."""
SYNTAXES = ("json", "xml")
"""Suffixes that tell how a media type is written, whatever it means (RFC 6839 §3)."""
XML_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)""")
"""What XML says of its character set itself."""


@attrs.frozen
class MediaType:
    """A media type or a range of them, in lower case."""

    type: str
    subtype: str
    parameters: Mapping[str, str]

    @property
    def essence(self) -> str:
        """The type without its parameters; empty where there is none."""
        return f"{self.type}/{self.subtype}" if self.subtype else self.type

    @property
    def syntax(self) -> str:
        """How it is written, ``json`` or ``xml``; empty where nobody knows."""
        suffix = self.subtype.rpartition("+")[2]
        return suffix if suffix in SYNTAXES else ""


def parsed(text: str) -> MediaType:
    """Take a Content-Type, or one member of an Accept header, apart.

    Args:
        text: The header's value; what is no media type gives one that equals no other.
    """
    type_, _, subtype = text.partition(";")[0].strip().lower().partition("/")
    values = ((name.lower(), ESCAPED.sub(r"\1", value.strip('"'))) for name, value in PARAMETER.findall(text))
    return MediaType(type_, subtype, dict(values))


def charset(content_type: str) -> str:
    """Return the character set that a Content-Type names; UTF-8 where it names none that Python reads text with.

    Args:
        content_type: The header's value; empty where there is none.
    """
    return known_charset(parsed(content_type).parameters.get("charset", "").strip("'"))


def charset_of(content: bytes, content_type: str) -> str:
    """Return the character set of a text; XML names its own where its Content-Type names none (RFC 7303 §3.2).

    One that the name itself is not written in is not meant: ``utf-16`` often stays where text was written anew.

    Args:
        content: The text, or its beginning.
        content_type: As it was sent; empty where there was none.
    """
    media_type = parsed(content_type)
    own = XML_DECLARATION.match(content) if media_type.syntax == "xml" else None
    if own is None or "charset" in media_type.parameters:
        return charset(content_type)
    named = known_charset(own[1].decode("ascii"))
    return named if own[0].decode(named, "replace") == own[0].decode("ascii", "replace") else charset("")


def known_charset(name: str) -> str:
    """Return the name of a character set that Python reads text with; UTF-8 for any other."""
    try:
        b"-".decode(name, "replace")
    except (LookupError, ValueError):
        return "utf-8"
    return name


def chosen(ranges: Iterable[str], content_type: str) -> str | None:
    """Return the range that fits a Content-Type best; None where none does.

    Parameters first, then the type, then ``application/*+json``, then ``image/*``, then ``*/*``. A body that the server
    says nothing definite of is taken for the first; plain ``application/json``, ``text/json``, ``application/xml`` and
    ``text/xml`` for a type of the same syntax, and the other way round; and ``text/plain`` for any text.

    Args:
        ranges: Media types and ranges of them, as the description writes them.
        content_type: What the response says; empty where it says nothing.
    """
    actual = parsed(content_type)
    offered = tuple(ranges)
    ranked = [(fit(parsed(each), actual), -index, each) for index, each in enumerate(offered)]
    best = max((entry for entry in ranked if entry[0]), default=None)
    if best is not None:
        return best[2]
    return offered[0] if actual.essence in UNSPECIFIC and offered else None


def fit(wanted: MediaType, actual: MediaType) -> int:
    """Say how well a range fits a media type: 0 where it does not, and the more, the more definite it is."""
    if wanted.essence == actual.essence:
        told = wanted.parameters.items()
        same = all(actual.parameters.get(name, "").lower() == value.lower() for name, value in told)
        return 10 + len(told) if same else 5
    if wanted.essence == "*/*":
        return 1
    if wanted.subtype == "*" and wanted.type == actual.type:
        return 2
    if wanted.subtype.startswith("*+") and wanted.type == actual.type and actual.subtype.endswith(wanted.subtype[1:]):
        return 4
    plain = wanted.syntax and {wanted.subtype, actual.subtype} & {*SYNTAXES}
    if wanted.syntax == actual.syntax and plain:
        return 4
    return 3 if wanted.type == "text" and actual.essence == "text/plain" else 0
