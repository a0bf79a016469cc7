"""Waiting until something changes that a client is generated from. The only module that knows watchfiles."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self, TypeAlias

import attrs
from watchfiles import watch

from attrest.manifest import digest
from attrest.settings import TEMPLATE_SUFFIXES, Settings

State: TypeAlias = dict[Path, tuple[int, int, int]]
"""What the file system says of each file; another content comes with another time, size or number."""

_DESCRIPTION_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_LONGEST_WAIT: Final = 1000
"""Milliseconds after which is looked anyway: the network drives of some systems tell of no change."""


@attrs.frozen
class Inputs:
    """Where the files are that a run reads, or would read if they were there."""

    files: frozenset[Path]
    folders: frozenset[Path]
    """What has a name as a description's file or a template has counts here, whether or not the last run read it."""
    output: Path

    @classmethod
    def of(cls, settings: Settings, sources: Mapping[Path, str]) -> Self:
        """Return the inputs of a run that read these files, besides what the settings name."""
        configuration = [settings.root / "pyproject.toml"] if settings.root else []
        described = {settings.document, *settings.overlays, *sources}
        templates = settings.templates
        laid_out = [templates, *filter(Path.is_dir, templates.rglob("*"))] if templates else []
        return cls(
            files=frozenset(_plain(file) for file in (*described, *configuration)),
            folders=frozenset(_plain(folder) for folder in (*(file.parent for file in described), *laid_out)),
            output=settings.output,
        )

    def joined(self, others: Inputs) -> Inputs:
        """Return these and other inputs: what a file stopped referring to may be referred to again."""
        return Inputs(self.files | others.files, self.folders | others.folders, self.output)

    def state(self) -> State:
        """Return what the file system says of each file now; what is not there has no entry."""
        inside = (file for folder in self.folders if folder.is_dir() for file in folder.iterdir())
        counting = {file for file in inside if self._may_count(file)}
        return {file: _state_of(file) for file in counting | self.files if file.is_file()}

    def _may_count(self, file: Path) -> bool:
        suffixes = _DESCRIPTION_SUFFIXES | TEMPLATE_SUFFIXES
        return file.suffix.lower() in suffixes and not file.name.startswith(".") and self.output not in file.parents

    @property
    def roots(self) -> frozenset[Path]:
        """The folders to watch, without those in them."""
        return frozenset(folder for folder in {file.parent for file in self.files} | self.folders if folder.is_dir())


class Watcher:
    """Wakes up whoever waits for changes; what changes while nobody waits is not forgotten."""

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._roots: frozenset[Path] = frozenset()
        self._news: Iterator[object] = iter(())

    def wait(self, inputs: Inputs, seen: State) -> State:
        """Wait until the state is not, or not any more, what was seen last, and return it."""
        if inputs.roots != self._roots:
            self._roots = inputs.roots
            self._news = watch(
                *self._roots,
                watch_filter=None,
                recursive=False,
                yield_on_timeout=True,
                rust_timeout=_LONGEST_WAIT,
                raise_interrupt=True,
            )
        while (state := inputs.state()) == seen:
            next(self._news)
        return state


def local(sources: Mapping[str, str], settings: Settings) -> dict[Path, str]:
    """Return the files of this machine, path -> hash, among the sources of a manifest."""
    files = {path: read for path, read in sources.items() if "://" not in path}
    return {_plain(settings.document.parent / path): read for path, read in files.items()}


def unread(sources: Mapping[Path, str]) -> frozenset[Path]:
    """Return the files that changed since they were read, of which the hashes tell."""
    return frozenset(file for file, read in sources.items() if not file.is_file() or digest(file.read_bytes()) != read)


def _plain(path: Path) -> Path:
    """Return an absolute path without steps upward, so that each file has one path."""
    return Path(os.path.normpath(path))


def _state_of(file: Path) -> tuple[int, int, int]:
    about = file.stat()
    return about.st_mtime_ns, about.st_size, about.st_ino
