"""Reads YAML in one pass over libyaml's events: the data, and the place of every key and item.

Values follow the core schema of YAML 1.2 (§10.3.2), so that ``no`` and a timestamp are strings; keys are always the
text as written. Aliases become copies, and merge keys (``<<``) are resolved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

import attrs
from yaml import CSafeLoader
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from attrest.positions import Positions, Source
from attrest.reading.syntax import DEEPEST, TOO_DEEP, Duplicate, MalformedError, Parsed, is_too_deep, points_outside
from attrest.trees import is_list, is_mapping

_MOST_COPIED: Final = 1_000_000
"""How many values aliases may copy in one file."""

_MAY_BE_TYPED: Final = frozenset("0123456789+-.~nNtTfF")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TAG: Final = "tag:yaml.org,2002:"
_RESOLVED_TAGS: Final = frozenset({_TAG + "int", _TAG + "float", _TAG + "bool", _TAG + "null"})
_PLAIN_TAGS: Final = frozenset({_TAG + "str", _TAG + "map", _TAG + "seq", "!"})
_MERGE: Final = "<<"


@attrs.define(eq=False)
class _Frame:
    """A container that is not finished yet."""

    data: Any
    offsets: Any
    key: str | None = None
    key_offset: int = 0
    is_merge: bool = False
    merged: list[tuple[Any, int]] = attrs.field(factory=list[tuple[Any, int]])


def read(source: Source, positions: Positions) -> Parsed:
    """Read the text of a file and record its places.

    Raises:
        MalformedError: The text is not YAML, or it cannot be said in JSON, or is too deep or too large.
    """
    try:
        return _Reader(source, positions).read()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        raise MalformedError(said or "not YAML", mark.index if mark else 0) from None
    except ReaderError as error:
        raise MalformedError(str(error.reason), _character_refused(source.text)) from None


def scalar(text: str) -> Any:
    """Resolve a plain scalar by the core schema.

    Raises:
        ValueError: It is a number that JSON cannot hold.
        OverflowError: It is a number that no float can hold.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text) if text[:2] not in ("0o", "0x") else int(text, 0)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise OverflowError(f"the number {text} is too large")
        return number
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a JSON value; quote it if it is text")
    return text


def _character_refused(text: str) -> int:
    refused = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    return refused.start() if refused else 0


class _Reader:
    def __init__(self, source: Source, positions: Positions) -> None:
        self._source = source
        self._positions = positions
        self._parser = CSafeLoader(source.text)
        self._root = _Frame([], [])
        self._stack = [self._root]
        self._anchors: dict[str, Any] = {}
        self._copied = 0
        self._documents = 0
        self._duplicates: list[Duplicate] = []
        self._too_large: list[int] = []
        self._outside = False

    def read(self) -> Parsed:
        handlers: dict[type, Callable[[Any], None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: lambda event: self._open({}, {}, event),
            SequenceStartEvent: lambda event: self._open([], [], event),
            MappingEndEvent: self._close_mapping,
            SequenceEndEvent: self._close_sequence,
            AliasEvent: self._alias,
            DocumentStartEvent: self._start_document,
        }
        next_event = self._parser.get_event
        while type(event := next_event()) is not StreamEndEvent:
            if handle := handlers.get(type(event)):
                handle(event)
        data = self._root.data[0] if self._root.data else None
        if is_too_deep(data):
            raise MalformedError(TOO_DEEP, 0)
        return Parsed(data, tuple(self._duplicates), self._outside, too_large=tuple(self._too_large))

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise MalformedError("a second document starts here; a file holds one", event.start_mark.index)

    def _scalar(self, event: Any) -> None:
        frame = self._stack[-1]
        text: str = event.value
        plain: bool = event.implicit[0]
        if frame.key is None and type(frame.data) is dict:
            self._key(frame, text, event.start_mark.index, is_merge=plain and text == _MERGE)
            if event.anchor is not None:
                self._anchors[event.anchor] = text
            return
        value: Any = text
        if plain:
            if not text or text[0] in _MAY_BE_TYPED:
                value = self._resolve(event)
        elif event.tag is not None:
            value = self._tagged(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        self._add(frame, value, event.start_mark.index)

    def _resolve(self, event: Any) -> Any:
        try:
            return scalar(event.value)
        except OverflowError:
            self._too_large.append(event.start_mark.index)
            return event.value
        except ValueError as error:
            raise MalformedError(str(error), event.start_mark.index) from None

    def _tagged(self, event: Any) -> Any:
        if event.tag in _RESOLVED_TAGS:
            return self._resolve(event)
        self._refuse_unknown_tag(event)
        return event.value

    def _refuse_unknown_tag(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            tag = event.tag.replace(_TAG, "!!")
            raise MalformedError(f"the tag {tag} has no meaning in JSON", event.start_mark.index)

    def _key(self, frame: _Frame, key: str, offset: int, *, is_merge: bool = False) -> None:
        if not is_merge and (first := frame.offsets.get(key)) is not None:
            self._duplicates.append(Duplicate(key, offset, first))
        frame.key = key
        frame.key_offset = offset
        frame.is_merge = is_merge

    def _add(self, frame: _Frame, value: Any, offset: int) -> None:
        if is_list(frame.data):
            frame.data.append(value)
            frame.offsets.append(offset)
        elif frame.is_merge:
            frame.merged.append((value, offset))
            frame.key = None
        else:
            frame.data[frame.key] = value
            frame.offsets[frame.key] = frame.key_offset
            frame.key = None

    def _open(self, data: Any, offsets: Any, event: Any) -> None:
        frame = self._stack[-1]
        if frame.key is None and type(frame.data) is dict:
            raise MalformedError("a mapping key has to be text", event.start_mark.index)
        if len(self._stack) > DEEPEST:
            raise MalformedError(TOO_DEEP, event.start_mark.index)
        if event.tag is not None:
            self._refuse_unknown_tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = data
        self._positions.record(data, self._source, offsets)
        self._add(frame, data, event.start_mark.index)
        self._stack.append(_Frame(data, offsets))

    def _close_sequence(self, _event: Any) -> None:
        self._stack.pop()

    def _close_mapping(self, _event: Any) -> None:
        frame = self._stack.pop()
        if frame.merged:
            self._merge(frame)
        if not self._outside and points_outside(frame.data):
            self._outside = True

    def _merge(self, frame: _Frame) -> None:
        """Put the keys of the merged mappings before the mapping's own; the own ones hold."""
        values: dict[str, Any] = {}
        offsets: dict[str, int] = {}
        for value, offset in frame.merged:
            for mapping in value if is_list(value) else [value]:
                if not is_mapping(mapping):
                    raise MalformedError("only mappings can be merged", offset)
                for key, item in mapping.items():
                    values.setdefault(key, item)
                    place = self._positions.find(mapping, key)
                    offsets.setdefault(key, place.offset if place else offset)
        values.update(frame.data)
        offsets.update(frame.offsets)
        frame.data.clear()
        frame.data.update(values)
        frame.offsets.update(offsets)

    def _alias(self, event: Any) -> None:
        frame = self._stack[-1]
        offset = event.start_mark.index
        if event.anchor not in self._anchors:
            raise MalformedError(f"there is no anchor &{event.anchor} before this alias", offset)
        value = self._anchors[event.anchor]
        if any(open_frame.data is value for open_frame in self._stack):
            raise MalformedError(f"the alias *{event.anchor} stands inside its own anchor", offset)
        if frame.key is None and type(frame.data) is dict:
            if not isinstance(value, str):
                raise MalformedError("a mapping key has to be text", offset)
            self._key(frame, value, offset)
            return
        self._copied += _size(value, _MOST_COPIED - self._copied)
        if self._copied > _MOST_COPIED:
            raise MalformedError(f"aliases repeat more than {_MOST_COPIED:,} values", offset)
        self._add(frame, self._positions.copy(value), offset)


def _size(value: Any, limit: int) -> int:
    """Count the values of a tree, giving up shortly after ``limit``."""
    count = 0
    waiting = [value]
    while waiting and count <= limit:
        item = waiting.pop()
        count += 1
        if is_mapping(item):
            waiting.extend(item.values())
        elif is_list(item):
            waiting.extend(item)
    return count
