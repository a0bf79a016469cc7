"""Document -> the same description in an older version of OpenAPI, for tools that stop there."""

from __future__ import annotations

from typing import Any, Final, get_args

import attrs

from attrest.document import Document, Version
from attrest.editions import to_3_0, to_3_1
from attrest.ledger import Entry

VERSIONS: Final[tuple[Version, ...]] = get_args(Version)


@attrs.frozen(kw_only=True)
class Edition:
    """A description in a version of OpenAPI."""

    tree: dict[str, Any]
    entries: tuple[Entry, ...]
    """What it does not say any more, or says otherwise than the description, by the pointers of the description."""


def older(document: Document) -> dict[Version, Edition]:
    """Return a description in every version of OpenAPI that is older than its own, the oldest first."""
    earlier = VERSIONS[: VERSIONS.index(document.version)]
    return {version: edition(document, version) for version in earlier}


def edition(document: Document, version: Version) -> Edition:
    """Return a description in a version of OpenAPI, its own or an older one.

    Every request and every answer that fits the description fits the edition; it may take more, which the entries tell.

    Args:
        document: A loaded description.
        version: The version.

    Raises:
        ValueError: The version is newer than the description.
    """
    if VERSIONS.index(version) > VERSIONS.index(document.version):
        raise ValueError(f"the description is of OpenAPI {document.version}, and cannot be turned into {version}")
    tree = document.tree
    entries: tuple[Entry, ...] = ()
    for newer, rewritten in (("3.2", to_3_1.rewritten), ("3.1", to_3_0.rewritten)):
        if version < newer <= document.version:
            tree, added = rewritten(tree)
            entries += added
    return Edition(tree=tree, entries=entries)
