"""Lay out the Python files of a tree: sorted imports, then ruff's format, one process each for all files."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from attrest.filetree import FileTree

_RUFF: Final = (
    sys.executable,
    "-P",  # the folder that it works in holds generated modules, not ours
    "-m",
    "ruff",
)
_OPTIONS: Final = (
    "--isolated",  # what lies around on the machine has no say
    "--no-cache",
    "--no-respect-gitignore",
    "--config=exclude=[]",  # a package may be called build, dist or venv
    "--line-length=120",
    "--target-version=py311",
)
_SORT: Final = (*_RUFF, "check", "--fix", "--quiet", "--output-format=concise", "--select=I001,RUF022", *_OPTIONS)
_LAY_OUT: Final = (*_RUFF, "format", *_OPTIONS)
_UNPARSABLE: Final = re.compile(r"^error: Failed to parse (?P<place>.+)$", re.MULTILINE)


class FormatError(Exception):
    """A generated file is no Python: a defect of a template, never of the description."""


@attrs.define
class Layouts:
    """Python files as they were laid out last, so that only those that changed since are laid out again."""

    sources: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)
    """Path -> text, before."""
    formatted: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)
    """Path -> text, after."""

    def outdated(self, sources: Mapping[str, str]) -> list[str]:
        """Return the paths of the files to lay out: all, where there are others, since imports are sorted by them."""
        same_files = self.sources.keys() == sources.keys()
        return [path for path, text in sources.items() if not same_files or self.sources[path] != text]


def format_tree(tree: FileTree, last: Layouts | None = None) -> FileTree:
    """Lay out every ``.py`` file of a tree; other files stay as they are.

    Args:
        tree: The files.
        last: What was laid out last, which is kept up to date; the result is the same without.

    Raises:
        FormatError: A file does not parse; the message says which, where and why.
    """
    sources = {path: text for path, text in tree.files.items() if path.endswith(".py")}
    layouts = last or Layouts()
    if outdated := layouts.outdated(sources):
        formatted = {**layouts.formatted, **_formatted(sources, outdated)}
        layouts.sources, layouts.formatted = sources, {path: formatted[path] for path in sources}
    return FileTree(dict(sorted({**tree.files, **layouts.formatted}.items())))


def _formatted(sources: Mapping[str, str], paths: list[str]) -> dict[str, str]:
    """Lay out files among all others of their tree."""
    named = ["."] if len(paths) == len(sources) else paths
    with tempfile.TemporaryDirectory(prefix="attrest-") as name:
        folder = Path(name)
        for path, text in sources.items():
            _save(folder / path, text)
        _run((*_SORT, *named), folder)
        _run((*_LAY_OUT, *named), folder)
        return {path: (folder / path).read_bytes().decode() for path in paths}


def _save(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


def _run(command: tuple[str, ...], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603  # the arguments are all above
    if done.returncode != 0:
        places = _UNPARSABLE.findall(done.stderr)
        said = "; ".join(places) or done.stderr.strip() or done.stdout.strip()
        raise FormatError(f"generated code does not parse: {said}")
