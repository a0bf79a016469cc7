"""JSON pointers (RFC 6901) and the fragments of URI references that hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias
from urllib.parse import quote, unquote

import attrs

from attrest.trees import is_list, is_mapping

Tokens: TypeAlias = tuple[str, ...]


class Missing:
    """The type of ``MISSING``: a pointer leads nowhere."""


MISSING: Final = Missing()


@attrs.frozen
class Reference:
    """A URI reference, taken apart."""

    uri: str
    """What stands before the fragment, as written; empty for the same file."""
    file: str
    """The same, percent-decoded where it is a path."""
    fragment: str
    """What stands after ``#``, percent-decoded."""
    is_remote: bool
    """Whether it names a scheme or a host."""

    @property
    def is_pointer(self) -> bool:
        """Whether the fragment is a JSON pointer, as against an anchor's name."""
        return not self.fragment or self.fragment.startswith("/")


def parse_reference(text: str) -> Reference:
    """Take a ``$ref`` apart."""
    file, _, fragment = text.partition("#")
    scheme, colon, _ = file.partition(":")
    is_remote = file.startswith("//") or bool(colon and len(scheme) > 1 and "/" not in scheme)
    return Reference(file, file if is_remote else unquote(file), unquote(fragment), is_remote)


def escape(token: str) -> str:
    """Write one token of a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def join(tokens: Iterable[str | int]) -> str:
    """Write a pointer."""
    return "".join("/" + escape(str(token)) for token in tokens)


def split(pointer: str) -> Tokens:
    """Take a pointer apart; what stands before the first slash is left out."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def as_fragment(pointer: str) -> str:
    """Write a pointer as a ``$ref`` into the same document."""
    return "#" + quote(pointer, safe="/~!$&'()*+,;=:@-._")


def step(node: Any, token: str) -> Any:
    """Go one token down; ``MISSING`` where there is nothing."""
    if is_mapping(node):
        return node.get(token, MISSING)
    if is_list(node) and token.isascii() and token.isdigit() and int(token) < len(node):
        return node[int(token)]
    return MISSING


def resolve(node: Any, tokens: Iterable[str]) -> Any:
    """Follow a pointer down from a node; ``MISSING`` where it leads nowhere."""
    for token in tokens:
        node = step(node, token)
        if node is MISSING:
            return MISSING
    return node
