"""The published description as files to take away: in its own version of OpenAPI and in older ones, with checksums."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import attrs

from attrest.bundle import CHECKSUMS
from attrest.filetree import FileTree

BUNDLE: Final = "openapi/"
"""The folder of the generated files that holds the description, and the pages' links to it lead into."""
_NAMES: Final = {"yaml": "YAML", "json": "JSON"}


@attrs.frozen(kw_only=True)
class Download:
    """A file of a description."""

    name: str
    text: str
    about: str
    """What it is, in a few words."""

    @property
    def size(self) -> str:
        """How large it is, for people."""
        size = len(self.text.encode())
        return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"

    @property
    def digest(self) -> str:
        """Its SHA-256, in hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()


def published(tree: FileTree) -> dict[str, str]:
    """Return all files of the description: name -> text."""
    return {path.removeprefix(BUNDLE): text for path, text in tree.files.items() if path.startswith(BUNDLE)}


def downloads(files: Mapping[str, str], version: str, lessened: Mapping[str, int]) -> tuple[Download, ...]:
    """Tell what the files of a description are, those of its own version first.

    Args:
        files: Name -> text.
        version: The description's own version of OpenAPI, without its patch number.
        lessened: Older version of OpenAPI -> in how many places the description says less in it.
    """
    found = [
        Download(name=name, text=text, about=_about(name, version, lessened))
        for name, text in files.items()
        if name != CHECKSUMS
    ]
    own = {"openapi.yaml": 0, "openapi.json": 1}
    return tuple(sorted(found, key=lambda download: own.get(download.name, len(own))))


def releases(bundles: Mapping[str, str]) -> tuple[Download, ...]:
    """Tell what the bundles of releases are: version -> text, in the order in which they are given."""
    return tuple(
        Download(name=f"versions/{version}.json", text=text, about=f"Version {version}, as it was released, JSON")
        for version, text in bundles.items()
    )


def _about(name: str, version: str, lessened: Mapping[str, int]) -> str:
    stem, _, suffix = name.rpartition(".")
    older = stem.partition("-")[2]
    count = lessened.get(older, 0)
    places = f"; says less than the description in {count} place{'s' if count > 1 else ''}" if count else ""
    return f"OpenAPI {older or version}, {_NAMES.get(suffix, suffix)}{places}"
