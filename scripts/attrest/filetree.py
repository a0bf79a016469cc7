"""The generated files as a value."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen
class FileTree:
    """Relative POSIX path -> text, sorted by path. Nothing is on the disk yet."""

    files: Mapping[str, str]
