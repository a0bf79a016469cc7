"""Files -> Document: one tree, and where each part of it was written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from attrest import pointers
from attrest.diagnostics import Finding, LoadError, Severity, in_order
from attrest.document import Document, finding_at, is_full_version
from attrest.garbage import collector_off
from attrest.ledger import Entry, degraded
from attrest.objects import walk
from attrest.positions import Place, Positions
from attrest.reading import identifiers, overlay
from attrest.reading.files import Files
from attrest.reading.gather import gather
from attrest.reading.references import check_compositions, check_references
from attrest.reading.remote import Fetcher
from attrest.trees import is_list, is_mapping

_SUPPORTED: Final = re.compile(r"3\.[012](?:[.-].*)?")
_HINT: Final = "write a version such as openapi: 3.1.0"


def load(
    path: Path, hosts: Collection[str] = (), overlays: Sequence[Path] = (), content: bytes | None = None
) -> Document:
    """Read a description and every file that it refers to.

    Args:
        path: The root file, YAML or JSON.
        hosts: The hosts that files may be fetched from, over HTTPS; ``http://`` before one allows HTTP.
        overlays: Files with changes to the root file, in the order in which they are made.
        content: What the root file holds, where it is no file: references then start from where it would be.

    Returns:
        The description as one tree. What is wrong, short of its being unreadable, is in its ``findings``.

    Raises:
        LoadError: The root file cannot be read, is not YAML or JSON, or is not an OpenAPI 3.0, 3.1 or 3.2 description;
            or the same is true of an overlay; or a host does not answer now.
    """
    with collector_off():
        files = Files(path, Positions(), Fetcher(hosts))
        root = files.root(content)
        if root is None:
            raise LoadError(in_order(files.findings))
        overlaid, unused = overlay.apply(files, root, overlays)
        said = _about_version(root.data, Place(root.source, 0), files.positions)
        if any(finding.severity == "error" for finding in said):
            raise LoadError(in_order([*files.findings, *said]))
        parts = (root, *overlaid)
        files.call(root.data.get("$self"))
        if any(identifiers.are_in(part.source.text) for part in parts):
            identifiers.resolve(root.data)
        gathered = gather(files, root) if any(part.points_outside for part in parts) else ()
        document = Document(
            path=path,
            tree=root.data,
            sources=files.sources,
            findings=(*files.findings, *unused, *said, *gathered),
            positions=files.positions,
            entries=tuple(_repeated(root.data, files)),
        )
        reported = {finding.location for finding in gathered}
        objects = list(walk(document.tree))
        checked = [*check_references(document, objects), *check_compositions(document, objects)]
        unreported = [finding for finding in checked if finding.location not in reported]
        return attrs.evolve(document, findings=in_order([*document.findings, *unreported]))


def _repeated(tree: Any, files: Files) -> Iterator[Entry]:
    """Say of each key that was written twice that what stood there first is lost."""
    repeated = files.repeated
    waiting: list[tuple[str, Any]] = [("", tree)] if repeated else []
    while waiting:
        pointer, node = waiting.pop()
        for key, child in node.items() if is_mapping(node) else enumerate(node) if is_list(node) else ():
            at = pointer + pointers.join((key,))
            if is_mapping(node) and files.positions.find(node, key) in repeated:
                yield degraded(at, "it is written twice: the last one holds")
            waiting.append((at, child))


def _about_version(data: Any, start: Place, positions: Positions) -> tuple[Finding, ...]:
    """Say what there is to say about the version: an error where it is none that is read, a warning where it is odd."""

    def said(
        message: str, key: str = "", hint: str | None = _HINT, severity: Severity = "error"
    ) -> tuple[Finding, ...]:
        place = positions.find(data, key) if key else None
        return (finding_at(place or start, severity, "wrong-version", message, f"/{key}" if key else "", hint),)

    if not is_mapping(data):
        kind = "empty" if data is None else "a list" if is_list(data) else "a single value"
        return said(f"a description is a mapping, and this file is {kind}")
    if "openapi" not in data:
        if "swagger" in data:
            hint = "convert it to OpenAPI 3 first"
            return said(f"this is a Swagger {data['swagger']} description, which is not read", "swagger", hint)
        return said("there is no openapi field to say the version")
    version = data["openapi"]
    if not isinstance(version, str | float) or not _SUPPORTED.fullmatch(str(version)):
        return said(f"version {version!r} is none of 3.0.x, 3.1.x and 3.2.x", "openapi")
    if not is_full_version(version):
        return said(
            f"version {version} is not written in full; it is read as {str(version)[:3]}", "openapi", severity="warning"
        )
    return ()
