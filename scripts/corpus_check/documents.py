"""Which descriptions a folder holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
_ROOT: Final = re.compile(rb"""^\s*\{?\s*["']?openapi["']?\s*:""", re.MULTILINE)
"""What the root file of a description has and the files that it refers to have not."""


@attrs.frozen
class Description:
    """One description to try."""

    name: str
    path: Path
    """Its root file."""


def descriptions(folder: Path) -> tuple[Description, ...]:
    """Return the descriptions of a folder, sorted by name.

    Each file is one. A folder inside it holds one of several files, or several: its root files count.
    """
    found = [Description(path.stem, path) for path in _files(folder.iterdir())]
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        roots = [path for path in _files(inner.rglob("*")) if _ROOT.search(path.read_bytes())]
        found += [Description(path.relative_to(folder).with_suffix("").as_posix(), path) for path in roots]
    return tuple(sorted(found, key=lambda description: description.name))


def _files(paths: Iterator[Path]) -> list[Path]:
    return sorted(path for path in paths if path.suffix.lower() in _SUFFIXES and path.is_file())
