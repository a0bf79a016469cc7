"""The files of a description, as a project keeps them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

import attrs

from attrest.document import Document
from attrest.positions import Source
from attrest.settings import Settings, SettingsError, shown

FOLDER: Final = "openapi"


@attrs.frozen
class Copied:
    """A description's files under their new paths, which are relative to the project and POSIX."""

    root: str
    files: Mapping[str, bytes] = attrs.field(repr=False)


def copied(document: Document, settings: Settings) -> Copied:
    """Return the files of a description, in the same layout as they have now.

    What was fetched from other hosts stays there.

    Raises:
        SettingsError: What standard input holds would take the place of a file that it refers to.
        OSError: A file cannot be read any more.
    """
    root, *others = document.sources
    local = [source for source in others if source.is_local]
    base = os.path.commonpath([Path(source.path).parent for source in (root, *local)])
    files = {_new_path(Path(source.path), base): Path(source.path).read_bytes() for source in local}
    if not settings.reads_standard_input:
        name = _new_path(Path(root.path), base)
        return Copied(name, {name: Path(root.path).read_bytes(), **files})
    name = _new_path(Path(root.path).with_name(_file_name(root)), base)
    if name in files:
        raise SettingsError(f"standard input would become {name}, and refers to a file that does already")
    return Copied(name, {name: root.text.encode(), **files})


def require_inside(document: Document, project: Path) -> None:
    """Refuse a copied description that still reads files elsewhere, as one with absolute paths in its references does.

    Raises:
        SettingsError: It does; the message names the first of them.
    """
    for source in document.sources:
        if source.is_local and not Path(source.path).is_relative_to(project):
            raise SettingsError(
                f"the description refers to {shown(Path(source.path))} by a path that holds on this machine alone; "
                "write that reference relative to its file first"
            )


def _new_path(path: Path, base: str) -> str:
    return PurePosixPath(FOLDER, path.relative_to(base).as_posix()).as_posix()


def _file_name(root: Source) -> str:
    return "openapi.json" if root.text.lstrip().startswith("{") else "openapi.yaml"
