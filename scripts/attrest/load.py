"""Files -> Document: one tree, and where each part of it was written."""

from __future__ import annotations

import gc
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs

from attrest.diagnostics import Finding, LoadError, in_order
from attrest.document import Document, finding_at
from attrest.objects import walk
from attrest.positions import Place, Positions
from attrest.reading.files import Files
from attrest.reading.gather import gather
from attrest.reading.references import check_compositions, check_references
from attrest.trees import is_list, is_mapping

_SUPPORTED: Final = re.compile(r"3\.[012]\.\d+(?:-.+)?")
_VERSION_HINT: Final = "write a version such as openapi: 3.1.0"


def load(path: Path) -> Document:
    """Read a description and every file that it refers to.

    Args:
        path: The root file, YAML or JSON.

    Returns:
        The description as one tree. What is wrong, short of its being unreadable, is in its ``findings``.

    Raises:
        LoadError: The root file cannot be read, is not YAML or JSON, or is not an OpenAPI 3.0, 3.1 or 3.2 description.
    """
    with _collector_off():
        files = Files(path, Positions())
        root = files.root()
        problem = None if root is None else _version_problem(root.data, Place(root.source, 0), files.positions)
        if root is None or problem:
            raise LoadError(in_order([*files.findings, *([problem] if problem else [])]))
        found = gather(files, root) if root.points_outside else ()
        document = Document(
            path=path,
            tree=root.data,
            sources=files.sources,
            findings=(*files.findings, *found),
            positions=files.positions,
        )
        reported = {finding.location for finding in found}
        objects = list(walk(document.tree))
        checked = [*check_references(document, objects), *check_compositions(document, objects)]
        unreported = [finding for finding in checked if finding.location not in reported]
        return attrs.evolve(document, findings=in_order([*document.findings, *unreported]))


@contextmanager
def _collector_off() -> Generator[None]:
    """Keep the garbage collector from walking the growing tree again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _version_problem(data: Any, start: Place, positions: Positions) -> Finding | None:
    def problem(message: str, key: str | None = None, hint: str | None = _VERSION_HINT) -> Finding:
        place = positions.find(data, key) if key else None
        return finding_at(place or start, "error", "wrong-version", message, f"/{key}" if key else "", hint)

    if not is_mapping(data):
        kind = "empty" if data is None else "a list" if is_list(data) else "a single value"
        return problem(f"a description is a mapping, and this file is {kind}")
    if "openapi" not in data:
        if "swagger" in data:
            hint = "convert it to OpenAPI 3 first"
            return problem(f"this is a Swagger {data['swagger']} description, which is not read", "swagger", hint)
        return problem("there is no openapi field to say the version")
    version = data["openapi"]
    if not isinstance(version, str):
        return problem(f"the version {version} is not text", "openapi")
    if not _SUPPORTED.fullmatch(version):
        return problem(f"version {version!r} is none of 3.0.x, 3.1.x and 3.2.x", "openapi")
    return None
