"""What changed since the last release, and what the next version must be because of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from attrest import pipeline
from attrest.diffing import allowing
from attrest.diffing.allowing import Allowance, Allowed
from attrest.diffing.changes import Change
from attrest.diffing.clients import compare_clients, renamings
from attrest.diffing.comparison import compare
from attrest.document import Document
from attrest.ir import Renaming
from attrest.mend import mend
from attrest.progress import Progress
from attrest.releasing.releases import Release
from attrest.semanticversions import Level, SemanticVersion
from attrest.settings import Settings
from attrest.trees import is_list, is_mapping

_ADDED_BY_US = "x-codeSamples"
_UNMARKED: Final = "type checkers take it, and do not tell that it is deprecated"
_OF_TYPE_CHECKERS: Final[Mapping[tuple[str, str], str]] = {
    ("attribute", "renamed"): "type checkers refuse it where one is made, which breaks those who run them",
    **{(kind, "renamed"): _UNMARKED for kind in ("class", "enum", "alias", "event")},
    **{(kind, "moved"): _UNMARKED for kind in ("class", "enum", "alias", "event", "method", "resource")},
}
"""What type checkers make of an earlier name, by kind and action, where they do not take it for a deprecated one."""


@attrs.frozen(kw_only=True)
class Comparison:
    """What changed since the last release."""

    last: Release
    service: tuple[Change, ...]
    """What changed for callers of the service."""
    client: tuple[Change, ...]
    """What changed for Python callers of the generated client."""
    allowed: Allowed
    renamed: Mapping[Change, Renaming]
    """The changes of names that the client can keep."""
    is_same: bool
    """Whether the bundle says what the last one said, but for its version."""

    def breaks(self, change: Change) -> bool:
        """Tell whether a change breaks callers, and is not among those that are allowed."""
        return change.verdict == "breaking" and change not in self.allowed.reasons and change not in self.renamed

    def word(self, change: Change) -> str:
        """Say in a word what a change means for callers."""
        return "allowed" if change in self.allowed.reasons else "renamed" if change in self.renamed else change.verdict

    def remark(self, change: Change) -> str:
        """Say what becomes of the earlier name; empty where the client has none."""
        if change not in self.renamed:
            return ""
        told = _OF_TYPE_CHECKERS.get((change.fact.kind, change.fact.action))
        return "; ".join(filter(None, ("the old name works, deprecated", told)))

    @property
    def level(self) -> Level | None:
        """Which number of the version must change; None where nothing changed."""
        changes = (*self.service, *self.client)
        if any(self.breaks(change) for change in changes):
            return "major"
        if not all(change.fact.is_documentation for change in changes):
            return "minor"
        return None if self.is_same and not changes else "patch"

    @property
    def needed(self) -> SemanticVersion:
        """The smallest version that may come next; the last one where nothing changed."""
        return self.last.version.next(self.level) if self.level else self.last.version

    @property
    def deciding(self) -> tuple[Change, ...]:
        """The changes that the level is due to."""
        changes = (*self.service, *self.client)
        match self.level:
            case "major":
                return tuple(change for change in changes if self.breaks(change))
            case "minor":
                return tuple(change for change in changes if not change.fact.is_documentation)
            case _:
                return changes


def compare_with_last(
    document: Document, last: Release, settings: Settings, allowances: Iterable[Allowance], progress: Progress
) -> Comparison:
    """Compare a description with the bundle that was published last, and the clients that both give.

    Args:
        document: The description.
        last: What was published.
        settings: What the client of both is made by.
        allowances: The changes that are meant.
        progress: Told what is being done.

    Raises:
        DescriptionError: The bundle cannot be read.
    """
    today = dt.datetime.now(tz=dt.UTC).date()
    by_last = attrs.evolve(settings, document=last.bundle, overlays=())
    published = pipeline.read(by_last, progress)
    before, after = (
        pipeline.analyse(pipeline.prepare(each, settings), settings, progress) for each in (published, document)
    )
    progress("comparing")
    service = compare(mend(published).tree, mend(document).tree, today)
    client = compare_clients(before, after)
    return Comparison(
        last=last,
        service=service,
        client=client,
        allowed=allowing.apply(allowances, (*service, *client), today),
        renamed=renamings(before, after),
        is_same=_said(published.tree) == _said(document.tree),
    )


def read_allowances(file: Path | None) -> tuple[Allowance, ...]:
    """Read the list of changes that are meant, if there is one.

    Raises:
        SettingsError: It cannot be read.
    """
    return () if file is None else allowing.read(file)


def _said(tree: Mapping[str, Any]) -> str:
    """Return all that a description says, in one order and without what every release changes."""
    info = {key: value for key, value in tree.get("info", {}).items() if key != "version"}
    return json.dumps(_without_samples({**tree, "info": info}), sort_keys=True)


def _without_samples(node: Any) -> Any:
    if is_mapping(node):
        return {key: _without_samples(value) for key, value in node.items() if key != _ADDED_BY_US}
    return [_without_samples(item) for item in node] if is_list(node) else node
