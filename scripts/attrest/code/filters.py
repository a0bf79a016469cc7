"""Jinja filters: pure functions, and the only way text of a description reaches a template's output as source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from attrest.code import literals


def comment(text: str) -> str:
    """Return text for the rest of a comment's line."""
    return literals.string(text)[1:-1].replace('\\"', '"')


def toml(text: str) -> str:
    """Return a TOML basic string (TOML 1.0, String)."""
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "comment": comment,
    "docstring": literals.docstring,
    "plain": literals.plain,
    "toml": toml,
}
