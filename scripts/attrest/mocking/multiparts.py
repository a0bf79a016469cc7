"""Takes forms in parts apart (RFC 7578)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from attrest.runtime import media_types

_NAME: Final = re.compile(r'\bname="((?:[^"\\]|\\.)*|[^"]*)"')
"""A name; whether backslashes in it escape what follows depends on who wrote it."""


@attrs.frozen(kw_only=True)
class Part:
    """One part of a form."""

    name: str
    headers: Mapping[str, str]
    """By their names in lower case."""
    content: bytes

    @property
    def content_type(self) -> str:
        """What it says that it is; empty where it does not."""
        return self.headers.get("content-type", "")

    @property
    def is_file(self) -> bool:
        """Whether it has the name of a file."""
        return "filename" in self.headers.get("content-disposition", "").lower()


def parts(content_type: str, content: bytes) -> Iterator[Part]:
    """List the parts of a form.

    Args:
        content_type: The Content-Type of the whole.
        content: The bytes of the whole.

    Raises:
        ValueError: They are not what such a form is; the message says what was expected.
    """
    boundary = media_types.parsed(content_type).parameters.get("boundary")
    if boundary is None:
        raise ValueError("a boundary in the Content-Type")
    for raw in content.split(f"--{boundary}".encode())[1:-1]:
        head, _, value = raw.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(_headers(head.decode("utf-8", "replace")))
        name = _NAME.search(headers.get("content-disposition", ""))
        if name is None:
            raise ValueError("a name in the Content-Disposition of each part")
        yield Part(name=name[1], headers=headers, content=value.removesuffix(b"\r\n"))


def _headers(head: str) -> Iterator[tuple[str, str]]:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        yield name.strip().lower(), value.strip()
