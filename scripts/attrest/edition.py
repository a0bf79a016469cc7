"""Document -> the same description in an older version of OpenAPI, for tools that stop there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias, get_args

import attrs

from attrest.document import Document, Version
from attrest.editions import to_3_0, to_3_1
from attrest.ledger import Entry

VERSIONS: Final[tuple[Version, ...]] = get_args(Version)
_Rewritten: TypeAlias = Callable[[dict[str, Any]], tuple[dict[str, Any], tuple[Entry, ...]]]
_REWRITTEN: Final[Mapping[Version, _Rewritten]] = {"3.1": to_3_1.rewritten, "3.0": to_3_0.rewritten}
"""What makes a description of a version of one of the version after it, the newest first."""


@attrs.frozen(kw_only=True)
class Edition:
    """A description in a version of OpenAPI."""

    tree: dict[str, Any]
    entries: tuple[Entry, ...]
    """What it does not say any more, or says otherwise than the description, by the pointers of the description."""


def older(document: Document) -> dict[Version, Edition]:
    """Return a description in every version of OpenAPI that is older than its own, the oldest first."""
    return dict(reversed([*_descending(document)][1:]))


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
    return next(each for found, each in _descending(document) if found == version)


def _descending(document: Document) -> Iterator[tuple[Version, Edition]]:
    """Give a description in its own version, then in each older one, which is made of the one before."""
    tree = document.tree
    entries: tuple[Entry, ...] = ()
    yield document.version, Edition(tree=tree, entries=entries)
    for version, rewritten in _REWRITTEN.items():
        if version < document.version:
            tree, added = rewritten(tree)
            entries += added
            yield version, Edition(tree=tree, entries=entries)
