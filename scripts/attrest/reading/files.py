"""Reads the files of a description, each once."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote, unquote, urljoin

import attrs

from attrest.diagnostics import Finding
from attrest.document import finding_at
from attrest.pointers import Reference, parse_reference
from attrest.positions import Place, Positions, Source
from attrest.reading import read_json, read_yaml
from attrest.reading.remote import Fetcher, is_url
from attrest.reading.syntax import FILE_ENDINGS, LARGEST_FILE, TOO_LARGE, MalformedError, Parsed


@attrs.frozen(eq=False)
class File:
    """One file and what it holds."""

    source: Source
    data: Any
    points_outside: bool


class Files:
    """The files of a description: the root, and those that references lead to.

    Each has a location: its absolute path, or its URL.
    """

    def __init__(self, root: Path, positions: Positions, fetcher: Fetcher) -> None:
        self.positions = positions
        self._root = root
        self._folder = root.parent.resolve()
        self._fetcher = fetcher
        self._findings: list[Finding] = []
        self._files: dict[str, File | OSError | None] = {}
        self._sources: list[Source] = []
        self._repeated: list[Place] = []
        self._self = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the files as such."""
        return tuple(self._findings)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every file that could be read, in the order of reading."""
        return tuple(self._sources)

    @property
    def repeated(self) -> tuple[Place, ...]:
        """Where a key stands that its mapping had before."""
        return tuple(self._repeated)

    def root(self, content: bytes | None) -> File | None:
        """Read the root file; None if it cannot be read, which ``findings`` then explains.

        Args:
            content: What it holds, where that does not stand in a file.
        """
        path = str(self._folder / self._root.name)
        if content is not None:
            self._files[path] = self._parse(path, content, is_local=False)
        try:
            return self.read(path)
        except OSError as error:
            self._refuse(self._source(path, b"", ""), "unreadable-file", _reason(error), 0)
            return None

    def overlay(self, path: Path) -> File | None:
        """Read a file whose content becomes part of the root; None if it cannot be read, as ``findings`` explain."""
        try:
            return self._parse(str(path), _content(str(path)), part_of=str(self._folder / self._root.name))
        except OSError as error:
            self._refuse(self._source(str(path), b"", ""), "unreadable-file", _reason(error), 0)
            return None

    def call(self, url: object) -> None:
        """Say what URL the root file has by its own account, from which references start (OpenAPI 3.2 §4.1.2.2.1).

        A file that stands where the same reference leads from the root file's place on disk stands for what is there.
        """
        self._self = url if isinstance(url, str) and is_url(url) else ""

    def locate(self, base: str, reference: Reference) -> str:
        """Give the location that a reference names.

        Args:
            base: The location of the file that holds the reference.
            reference: The reference.
        """
        if not reference.uri:
            return base
        if is_url(base) or reference.is_remote:
            with suppress(ValueError):
                return self._beside(urljoin(base if is_url(base) else "https:", reference.uri))
            return reference.uri
        path = os.path.normpath(PurePath(base).parent / reference.file)
        if not self._self or Path(path).is_file():
            return path
        own = urljoin(self._self, quote(self.shown(base)))
        return self._beside(urljoin(own, reference.uri))

    def _beside(self, url: str) -> str:
        """Return the path of the file that a URL places beside the root file, if there is one, and else the URL."""
        folder = self._self.rpartition("/")[0] + "/"
        if not self._self or not url.startswith(folder):
            return url
        path = os.path.normpath(self._folder / unquote(url.removeprefix(folder)))
        named = (Path(path + ending) for ending in ("", *FILE_ENDINGS))
        return next((str(file) for file in named if file.is_file() and file.is_relative_to(self._folder)), url)

    def is_off(self, location: str) -> bool:
        """Tell whether a location is remote, and not on a host that is allowed."""
        return parse_reference(location).is_remote and not self._fetcher.allows(location)

    def shown(self, location: str) -> str:
        """Write a location as a reference of the root file would."""
        if parse_reference(location).is_remote:
            return location
        return PurePath(os.path.relpath(location, self._folder)).as_posix()

    def read(self, location: str) -> File | None:
        """Read a file, or give what it gave before; None if it is not YAML or JSON, which ``findings`` then explains.

        Raises:
            UnreachableError: Its host does not answer as it should.
            OSError: It cannot be read.
        """
        if location not in self._files:
            try:
                self._files[location] = self._parse(location, self._content(location))
            except OSError as error:
                self._files[location] = error
        found = self._files[location]
        if isinstance(found, OSError):
            raise found
        return found

    def _content(self, location: str) -> bytes:
        return self._fetcher.fetch(location) if is_url(location) else _content(location)

    def _parse(self, path: str, content: bytes, **about: Any) -> File | None:
        encoding = _encoding(content)
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            source = self._source(path, content, content.decode(encoding, "replace"), **about)
            place = len(content[: error.start].decode(encoding, "replace"))
            self._refuse(source, "bad-encoding", f"the file is not {encoding.removesuffix('-sig').upper()}", place)
            return None
        source = self._source(path, content, text, **about)
        try:
            parsed = _parsed(source, self.positions)
        except MalformedError as problem:
            self._refuse(source, "bad-json" if _is_json(path) else "bad-yaml", problem.message, problem.offset)
            return None
        self._sources.append(source)
        self._report_duplicates(source, parsed)
        self._report_lone_surrogates(source, parsed)
        self._report_too_large(source, parsed)
        self.positions.keep(parsed.data)
        return File(source, parsed.data, parsed.points_outside)

    def _source(self, path: str, content: bytes, text: str, **about: Any) -> Source:
        display = self.shown(path)
        source = Source(
            display=display,
            name=display if is_url(path) else os.path.normpath(self._root.parent / display),
            path=path,
            sha256=hashlib.sha256(content).hexdigest(),
            text=text,
            is_local=not is_url(path),
        )
        return attrs.evolve(source, **about)

    def _refuse(self, source: Source, rule: str, message: str, offset: int) -> None:
        self._findings.append(finding_at(Place(source, offset), "error", rule, message))

    def _report_duplicates(self, source: Source, parsed: Parsed) -> None:
        for duplicate in parsed.duplicates:
            first = source.location(duplicate.first)
            message = f"the key {duplicate.key!r} is there already, in line {first.line}"
            place = Place(source, duplicate.offset)
            self._repeated.append(place)
            self._findings.append(finding_at(place, "error", "duplicate-key", message))

    def _report_lone_surrogates(self, source: Source, parsed: Parsed) -> None:
        message = "half of a character, a surrogate alone; U+FFFD stands for it in all that is generated"
        for offset in parsed.lone_surrogates:
            self._findings.append(finding_at(Place(source, offset), "warning", "lone-surrogate", message))

    def _report_too_large(self, source: Source, parsed: Parsed) -> None:
        message = "a number that is too large; its text stands for it in all that is generated"
        for offset in parsed.too_large:
            self._findings.append(finding_at(Place(source, offset), "warning", "too-large-number", message))


def _encoding(content: bytes) -> str:
    """Tell the encoding of a file by its first bytes (YAML 1.2 §5.2)."""
    marks = {codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF16_LE: "utf-16"}
    marks[codecs.BOM_UTF16_BE] = "utf-16"
    return next((encoding for mark, encoding in marks.items() if content.startswith(mark)), "utf-8-sig")


def _is_json(path: str) -> bool:
    return path.lower().endswith(".json")


def _parsed(source: Source, positions: Positions) -> Parsed:
    """Read text as what its file's name says; JSON may have any name.

    Raises:
        MalformedError: It is neither JSON nor YAML.
    """
    if _is_json(source.path):
        return read_json.read(source, positions)
    if source.text.lstrip()[:1] in {"{", "["}:
        with suppress(MalformedError):
            return read_json.read(source, positions)
    return read_yaml.read(source, positions)


def _content(path: str) -> bytes:
    """Read a regular file: a device, a pipe or a folder is none, and may never end."""
    if not Path(path).is_file():
        raise FileNotFoundError(errno.ENOENT, "there is no such file", path)
    with Path(path).open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise OSError(errno.EFBIG, TOO_LARGE, path)
    return content


def _reason(error: OSError) -> str:
    return f"cannot be read: {error.strerror or error}"
