"""Reads JSON (RFC 8259): the data at once, the places of its parts only when they are asked for."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from attrest.positions import Positions, Source
from attrest.reading.syntax import TOO_DEEP, Duplicate, MalformedError, Parsed, is_too_deep, points_outside
from attrest.trees import is_list, is_mapping

_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""An escape in a string: a pair of surrogates, half of one alone, or any other."""
_STARTS_OF_NUMBERS = frozenset("-0123456789")
_TOKEN = re.compile(r'[{}\[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}\[\],:"]+')


def read(source: Source, positions: Positions) -> Parsed:
    """Read the text of a file and arrange for its places.

    Raises:
        MalformedError: The text is not JSON, or too deep.
    """
    outside = False
    repeats = False
    overflows = False
    text, lone_surrogates = _without_lone_surrogates(source.text)

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal outside, repeats
        data = dict(pairs)
        if len(data) != len(pairs):
            repeats = True
        if not outside and points_outside(data):
            outside = True
        return data

    def number(written: str) -> float | str:
        nonlocal overflows
        value = float(written)
        if math.isinf(value):
            overflows = True
            return written
        return value

    try:
        data = json.loads(text, object_pairs_hook=mapping, parse_float=number, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        is_comment = source.text[error.pos : error.pos + 2] in {"//", "/*"}
        said = "JSON has no comments" if is_comment else error.msg[:1].lower() + error.msg[1:]
        raise MalformedError(said, error.pos) from None
    except RecursionError:
        raise MalformedError(TOO_DEEP, 0) from None
    except ValueError as error:
        raise MalformedError(str(error), 0) from None
    if is_too_deep(data):
        raise MalformedError(TOO_DEEP, 0)
    positions.record_later(lambda: _record(data, text, source, positions))
    duplicates = _duplicates(text) if repeats else ()
    return Parsed(data, duplicates, outside, lone_surrogates, _too_large(text) if overflows else ())


def _without_lone_surrogates(text: str) -> tuple[str, tuple[int, ...]]:
    """Put U+FFFD for halves of pairs, which JSON can spell though they are no characters (RFC 8259 §8.2).

    Returns:
        The text, with everything else where it was, and where the halves stood.
    """
    lone = [escape.start() for escape in _ESCAPE.finditer(text) if escape["lone"]] if "\\ud" in text.lower() else []
    for start in lone:
        text = f"{text[:start]}\\uFFFD{text[start + 6 :]}"
    return text, tuple(lone)


def _too_large(text: str) -> tuple[int, ...]:
    """Return where numbers stand that no float can hold."""
    numbers = (token for token in _TOKEN.finditer(text) if token[0][0] in _STARTS_OF_NUMBERS)
    return tuple(token.start() for token in numbers if math.isinf(float(token[0])))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


class _Frame:
    """A container while its text is read."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.offsets: dict[str, int] = {}
        self.starts: list[int] = []
        self.key: str | None = None


def _record(data: Any, text: str, source: Source, positions: Positions) -> None:
    """Read well-formed text again, beside the data that it gave, and record where each part stands."""
    root = _Frame([data])
    stack = [root]
    for token in _TOKEN.finditer(text):
        part = token.group()
        frame = stack[-1]
        if part in ",:":
            continue
        if part in "}]":
            stack.pop()
            offsets = frame.offsets if part == "}" else frame.starts
            positions.record(frame.data, source, offsets)
        elif is_mapping(frame.data) and frame.key is None:
            key: str = json.loads(part)
            frame.key = key
            frame.offsets[key] = token.start()
        else:
            child = _next_value(frame, token.start())
            if part in "{[":
                stack.append(_Frame(child if isinstance(child, dict if part == "{" else list) else _stand_in(part)))


def _stand_in(text: str) -> Any:
    """Give what takes the place of a container that a later key of the same name replaced."""
    return {} if text == "{" else []


def _next_value(frame: _Frame, offset: int) -> Any:
    data = frame.data
    if is_mapping(data) and frame.key is not None:
        key, frame.key = frame.key, None
        return data.get(key)
    frame.starts.append(offset)
    index = len(frame.starts) - 1
    return data[index] if is_list(data) and index < len(data) else None


def _duplicates(text: str) -> tuple[Duplicate, ...]:
    """Find the keys that stand twice in one object of well-formed text."""
    found: list[Duplicate] = []
    stack: list[dict[str, int] | None] = []
    awaits_key = False
    for token in _TOKEN.finditer(text):
        part = token.group()
        if part in "{[":
            stack.append({} if part == "{" else None)
            awaits_key = part == "{"
        elif part in "}]":
            stack.pop()
            awaits_key = False
        elif part == ",":
            awaits_key = bool(stack) and stack[-1] is not None
        elif awaits_key and part != ":":
            keys = stack[-1]
            key = json.loads(part)
            if keys is not None:
                if key in keys:
                    found.append(Duplicate(key, token.start(), keys[key]))
                else:
                    keys[key] = token.start()
            awaits_key = False
    return tuple(found)
