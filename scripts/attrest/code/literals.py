"""Text of a description as Python source. Nothing else may put such text into generated code.

Every function returns source that has the given value and can have no other effect, whatever the value is.
"""

from __future__ import annotations

import math
import re
import textwrap
import unicodedata
from typing import Final, cast

_WIDTH: Final = 116
_RISKY: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories that an editor may not show, or that break a line or change its order."""
_UNUSUAL: Final = re.compile(r"[^\n\t -\[\]-~]")
"""All but the ASCII characters that stand for themselves: backslashes, control characters and letters beyond."""
_PROSE: Final = re.compile(r"(?![-*+] |\d+[.)] |#|>|\||```)\S")
"""How a line of a paragraph starts, as against one of a list, a heading, a quotation, a table or code."""
_ENDING: Final = re.compile(r'"{3,}|"+\Z')
"""Quotes that would end a docstring, or join those that do."""


def string(value: str) -> str:
    """Return a double-quoted string literal; what cannot be seen is escaped."""
    return (
        '"' + _escaped(value).replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r").replace('"', '\\"') + '"'
    )


def literal(value: object) -> str:
    """Return the source of a JSON value."""
    match value:
        case str():
            return string(value)
        case dict():
            items = cast("dict[str, object]", value).items()
            return "{" + ", ".join(f"{string(str(key))}: {literal(item)}" for key, item in items) + "}"
        case list() | tuple():
            return "[" + ", ".join(literal(item) for item in cast("list[object]", value)) + "]"
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case _:
            return repr(value)


def docstring(text: str, indent: int) -> str:
    """Return a docstring of at most 120 columns whose lines, but the first, are indented.

    Args:
        text: What it says; paragraphs are wrapped anew, lists, tables, code and what is indented stay line by line.
        indent: Columns before the docstring.
    """
    margin = " " * indent
    lines = [wrapped for line in _lines(text) for wrapped in _wrap(line, _WIDTH - indent)]
    if len(lines) == 1 and len(lines[0]) + 6 + indent <= 120:
        return f'"""{lines[0]}"""'
    return (
        '"""'
        + "\n".join(line if index == 0 or not line else margin + line for index, line in enumerate(lines))
        + f'\n{margin}"""'
    )


def plain(text: str) -> str:
    """Return text as it may stand in a docstring, also right before its end: nothing in it can end it or escape."""
    return _ENDING.sub(lambda quotes: '\\"' * len(quotes[0]), _escaped(text))


def summary(text: str) -> str:
    """Return the first sentence or line of a text."""
    first = text.strip().split("\n", 1)[0].strip()
    match = re.match(r"(.+?[.!?])(?:\s|$)", first)
    return match[1] if match and len(match[1]) > 20 else first


def _lines(text: str) -> list[str]:
    cleaned = plain(text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).strip())
    return _paragraphs([line.rstrip() for line in cleaned.split("\n")])


def _paragraphs(lines: list[str]) -> list[str]:
    """Join the lines of each paragraph."""
    joined: list[str] = []
    in_code = False
    for line in lines:
        is_fence = line.lstrip().startswith("```")
        if joined and not in_code and _continues(joined[-1], line):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
        in_code ^= is_fence
    return joined


def _continues(before: str, line: str) -> bool:
    ends = not before or before.endswith(":") or before.startswith(("#", "|", "```", "    "))
    return not ends and _PROSE.match(line) is not None


def _wrap(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    hanging = re.match(r"\s*(?:[-*+]\s+|\d+[.)]\s+|\|)?", line)
    entry = re.match(r" {4}\w+: ", line)
    indent = " " * (8 if entry else len(hanging[0]) if hanging else 0)
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _escaped(text: str) -> str:
    return _UNUSUAL.sub(lambda found: _character(found[0]), text)


def _character(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if unicodedata.category(character) not in _RISKY and character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
