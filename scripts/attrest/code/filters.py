"""Jinja filters: pure functions, and the only way text of a description reaches a template's output as source."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrest.code import literals

_ENCODING: Final = re.compile("(?<=coding)[:=]")
"""What makes a comment in a file's first lines name the file's encoding (Python reference §2.1.4)."""


def comment(text: str) -> str:
    """Return text for the rest of a comment's line."""
    line = literals.string(text)[1:-1].replace('\\"', '"')
    return _ENCODING.sub(lambda sign: f"\\x{ord(sign[0]):02x}", line)


def toml(text: str) -> str:
    """Return a TOML basic string (TOML 1.0, String); what cannot be seen is escaped."""
    return "".join(map(_toml_character, json.dumps(text, ensure_ascii=False)))


def _toml_character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "comment": comment,
    "docstring": literals.docstring,
    "plain": literals.plain,
    "toml": toml,
}
