"""The bundles of published versions, which stay in the output folder whatever is generated there."""

from __future__ import annotations

from pathlib import Path

import attrs

from attrest.semanticversions import SemanticVersion, parse
from attrest.settings import RELEASES


@attrs.frozen(kw_only=True)
class Release:
    """A version that was published."""

    version: SemanticVersion
    bundle: Path


def path_of(output: Path, version: SemanticVersion) -> Path:
    """Return where the bundle of a version is kept."""
    return output / RELEASES / f"{version}.json"


def last_release(output: Path) -> Release | None:
    """Return the highest version that was published; None where none was."""
    files = ((parse(file.stem), file) for file in sorted((output / RELEASES).glob("*.json")))
    releases = [Release(version=version, bundle=file) for version, file in files if version is not None]
    return max(releases, key=lambda each: each.version.order, default=None)
