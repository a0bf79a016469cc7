"""The names of earlier releases that the generated client keeps, as a file beside the description lists them."""

from __future__ import annotations

import json
import keyword
import tomllib
from collections.abc import Container, Iterable, Mapping
from typing import Final, cast, get_args

import attrs

from attrest import names
from attrest.ir import Renaming, RenamingKind

NAME: Final = "renames.toml"

_HEAD: Final = "# Earlier names of what the client has, which it keeps, deprecated. Written by attrest release.\n"
_KINDS: Final[tuple[str, ...]] = get_args(RenamingKind)
_FOLDERS: Final = frozenset({"events", "models", "operations", "resources"})
"""What holds modules that callers can import from."""
_WITH_OWNER: Final = frozenset({"attribute", "member", "method", "parameter"})
"""The kinds of what something else has."""
_RESERVED: Final[Mapping[RenamingKind, Container[str]]] = {
    "attribute": names.FIELD_RESERVED,
    "parameter": names.ARGUMENT_RESERVED,
    "method": names.METHOD_RESERVED,
    "resource": names.RESOURCE_RESERVED,
    "event": frozenset({"Event", "Verify"}),
    "parser": frozenset({"parse"}),
}


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
    values = {key: value for key, value in attrs.asdict(each).items() if value}
    lines = (f"{key} = {json.dumps(value)}\n" for key, value in values.items())
    return f"[[renamed]]\n{''.join(lines)}"


def _renaming(place: str, entry: object) -> Renaming:
    if not isinstance(entry, dict):
        raise ValueError(f"{place}: expected a table")  # noqa: TRY004  # it came from a file
    table = cast("dict[str, object]", entry)
    known = {field.name for field in attrs.fields(Renaming)}
    if unknown := sorted(set(table) - known):
        raise ValueError(f"{place}.{unknown[0]}: unknown key; there are {', '.join(sorted(known))}")
    texts = {key: str(table.get(key, "")) for key in known}
    if texts["kind"] not in _KINDS:
        raise ValueError(f"{place}.kind: expected one of {', '.join(_KINDS)}")
    kind = cast("RenamingKind", texts.pop("kind"))
    for key in ("old", "new", *(("owner",) if kind in _WITH_OWNER else ())):
        if kind == "import" and not _can_be_imported(texts[key]):
            raise ValueError(f"{place}.{key}: expected a module and a name there, such as models.pet.Pet")
        if kind != "import" and not _can_be_given(texts[key]):
            raise ValueError(f"{place}.{key}: expected a name of Python's")
    if texts["old"] in _RESERVED.get(kind, ()):
        raise ValueError(f"{place}.old: {texts['old']} is taken by what every client has")
    return Renaming(kind=kind, **texts)


def _can_be_imported(path: str) -> bool:
    folder, *names = path.split(".")
    return folder in _FOLDERS and len(names) == 2 and all(map(_can_be_given, names))


def _can_be_given(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and not keyword.iskeyword(name)
