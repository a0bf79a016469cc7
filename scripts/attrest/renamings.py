"""The names of earlier releases that the generated client keeps, as a file beside the description lists them."""

from __future__ import annotations

import json
import keyword
import tomllib
from collections.abc import Iterable
from typing import Final, cast, get_args

import attrs

from attrest.ir import Renaming, RenamingKind

NAME: Final = "renames.toml"

_HEAD: Final = "# Earlier names of what the client has, which it keeps, deprecated. Written by attrest release.\n"
_KINDS: Final[tuple[str, ...]] = get_args(RenamingKind)
_WITH_OWNER: Final = frozenset({"member", "method"})
"""The kinds of what something else has."""


def parse(text: str) -> tuple[Renaming, ...]:
    """Return what a file lists.

    Raises:
        ValueError: It is not such a file.
    """
    listed = tomllib.loads(text).get("renamed", [])
    if not isinstance(listed, list):
        raise ValueError("renamed: expected a list of tables")  # noqa: TRY004  # it came from a file
    entries = enumerate(cast("list[object]", listed), start=1)
    return tuple(_renaming(f"renamed[{number}]", entry) for number, entry in entries)


def as_text(renamed: Iterable[Renaming]) -> str:
    """Return a file that lists them."""
    return "\n".join((_HEAD, *map(_table, renamed))) if renamed else _HEAD


def _table(each: Renaming) -> str:
    values = {name: value for name, value in attrs.asdict(each).items() if value}
    lines = (f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    return f"[[renamed]]\n{''.join(lines)}"


def _renaming(place: str, entry: object) -> Renaming:
    if not isinstance(entry, dict):
        raise ValueError(f"{place}: expected a table")  # noqa: TRY004  # it came from a file
    table = cast("dict[str, object]", entry)
    known = {field.name for field in attrs.fields(Renaming)}
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{place}.{unknown[0]}: unknown key; there are {', '.join(sorted(known))}")
    texts = {name: str(table.get(name, "")) for name in known}
    if texts["kind"] not in _KINDS:
        raise ValueError(f"{place}.kind: expected one of {', '.join(_KINDS)}")
    for name in ("old", "new", *(("owner",) if texts["kind"] in _WITH_OWNER else ())):
        if not _can_be_given(texts[name]):
            raise ValueError(f"{place}.{name}: expected a name of Python's")
    kind = cast("RenamingKind", texts.pop("kind"))
    return Renaming(kind=kind, **texts)


def _can_be_given(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and not keyword.iskeyword(name)
