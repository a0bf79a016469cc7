"""Reads the files of a description, each once."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path, PurePath
from typing import Any

import attrs

from attrest.diagnostics import Finding
from attrest.document import finding_at
from attrest.positions import Place, Positions, Source
from attrest.reading import read_json, read_yaml
from attrest.reading.syntax import MalformedError, Parsed


@attrs.frozen(eq=False)
class File:
    """One file and what it holds."""

    source: Source
    data: Any
    points_outside: bool


class Files:
    """The files of a description: the root, and those that references lead to."""

    def __init__(self, root: Path, positions: Positions) -> None:
        self.positions = positions
        self._root = root
        self._folder = root.parent.resolve()
        self._findings: list[Finding] = []
        self._files: dict[str, File | None] = {}
        self._sources: list[Source] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files as such."""
        return tuple(self._findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file that could be read, in the order of reading."""
        return tuple(self._sources)

    def root(self) -> File | None:
        """Read the root file; None if it cannot be read, which ``findings`` then explains."""
        path = str(self._folder / self._root.name)
        try:
            return self.read(path)
        except OSError as error:
            self._refuse(self._source(path, b"", ""), "unreadable-file", _reason(error), 0)
            return None

    def read(self, path: str) -> File | None:
        """Read a file, or give what it gave before; None if it is not YAML or JSON, which ``findings`` then explains.

        Args:
            path: The absolute path.

        Raises:
            OSError: It cannot be read.
        """
        if path not in self._files:
            if not Path(path).is_file():
                raise FileNotFoundError(errno.ENOENT, "there is no such file", path)
            self._files[path] = self._parse(path, Path(path).read_bytes())
        return self._files[path]

    def _parse(self, path: str, content: bytes) -> File | None:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            source = self._source(path, content, content.decode("utf-8", "replace"))
            place = len(content[: error.start].decode("utf-8"))
            self._refuse(source, "bad-encoding", "the file is not UTF-8", place)
            return None
        source = self._source(path, content, text)
        is_json = path.lower().endswith(".json")
        try:
            parsed = (read_json if is_json else read_yaml).read(source, self.positions)
        except MalformedError as problem:
            self._refuse(source, "bad-json" if is_json else "bad-yaml", problem.message, problem.offset)
            return None
        self._sources.append(source)
        self._report_duplicates(source, parsed)
        self._report_lone_surrogates(source, parsed)
        self.positions.keep(parsed.data)
        return File(source, parsed.data, parsed.points_outside)

    def _source(self, path: str, content: bytes, text: str) -> Source:
        display = os.path.relpath(path, self._folder)
        return Source(
            display=PurePath(display).as_posix(),
            name=os.path.normpath(self._root.parent / display),
            path=path,
            sha256=hashlib.sha256(content).hexdigest(),
            text=text,
        )

    def _refuse(self, source: Source, rule: str, message: str, offset: int) -> None:
        self._findings.append(finding_at(Place(source, offset), "error", rule, message))

    def _report_duplicates(self, source: Source, parsed: Parsed) -> None:
        for duplicate in parsed.duplicates:
            first = source.location(duplicate.first)
            message = f"the key {duplicate.key!r} is there already, in line {first.line}"
            place = Place(source, duplicate.offset)
            self._findings.append(finding_at(place, "error", "duplicate-key", message))

    def _report_lone_surrogates(self, source: Source, parsed: Parsed) -> None:
        message = "half of a character, a surrogate alone; U+FFFD stands for it in all that is generated"
        for offset in parsed.lone_surrogates:
            self._findings.append(finding_at(Place(source, offset), "warning", "lone-surrogate", message))


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
