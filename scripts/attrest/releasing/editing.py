"""Sets the version in the file that people maintain, and leaves every other character as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from attrest.document import Document
from attrest.semanticversions import SemanticVersion
from attrest.settings import SettingsError, shown

_KEY: Final = r"""(?:version|"version"|'version')\s*:\s*"""
_VALUE: Final = r"""(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'#,{}\[\]&*!|>%@`][^\s,{}\[\]]*))"""
_VERSION: Final = re.compile(_KEY + _VALUE)
_POINTER: Final = "/info/version"


def with_version(document: Document, content: bytes, version: SemanticVersion) -> bytes:
    """Return the root file with another version, whose quotes stay.

    Args:
        document: The description.
        content: What its root file holds.
        version: The version.

    Raises:
        SettingsError: The version does not stand in the root file, or not plainly on one line.
    """
    root = document.sources[0]
    place = document.place(_POINTER)
    text = root.text.encode()
    found = _VERSION.match(root.text, place.offset) if place.source is root else None
    group = found.lastindex if found else None
    written = document.tree.get("info", {}).get("version")
    if found is None or group is None or found[group] != str(written) or not content.endswith(text):
        where = f"{shown(Path(place.source.path))}:{place.location.line}"
        raise SettingsError(f"{where}: cannot change info.version here: set it to {version} by hand")
    before, after = root.text[: found.start(group)], root.text[found.end(group) :]
    mark = content[: len(content) - len(text)]  # of the encoding, if there is one
    return mark + f"{before}{version}{after}".encode()
