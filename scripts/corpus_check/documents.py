"""Which descriptions a folder holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import attrs

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
_ROOT: Final = re.compile(rb"""^\s*\{?\s*["']?openapi["']?\s*:""", re.MULTILINE)
"""What a file has that can be the root of a description."""
_REFERRED: Final = re.compile(rb"""["']?\$ref["']?\s*:\s*["']?([^"'#\s]+)#?""")


@attrs.frozen
class Description:
    """One description to try."""

    name: str
    path: Path
    """Its root file."""


def descriptions(folder: Path) -> tuple[Description, ...]:
    """Return the descriptions of a folder, sorted by name.

    Each file is one. A folder inside it holds one of several files, or several: those count that no other refers to.
    """
    folder = folder.resolve()
    found = [Description(path.stem, path) for path in _files(folder.iterdir())]
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        found += [Description(path.relative_to(folder).with_suffix("").as_posix(), path) for path in _roots(inner)]
    return tuple(sorted(found, key=lambda description: description.name))


def _roots(folder: Path) -> list[Path]:
    contents = {path.resolve(): path.read_bytes() for path in _files(folder.rglob("*"))}
    referred = {
        (path.parent / unquote(reference.decode(errors="replace"))).resolve()
        for path, content in contents.items()
        for reference in _REFERRED.findall(content)
    }
    return [path for path, content in contents.items() if path not in referred and _ROOT.search(content)]


def _files(paths: Iterator[Path]) -> list[Path]:
    return sorted(path for path in paths if path.suffix.lower() in _SUFFIXES and path.is_file())
