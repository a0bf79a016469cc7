"""Finds the descriptions that a comparison is between: files, folders, standard input, and revisions of git."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from attrest.settings import Settings, SettingsError, resolve, shown

_SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_VERSION: Final = re.compile(r"""(?:^|[{,]\s*)["']?openapi["']?\s*:\s*["']?3\.""", re.MULTILINE)
_USUAL_NAMES: Final = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "openapi/")
    for name in ("openapi", "swagger", "api")
    for suffix in ("yaml", "yml", "json")
)


@attrs.frozen(kw_only=True)
class Version:
    """One version of a description."""

    settings: Settings
    """What to read it by."""
    revision: str = ""
    """The revision that it is of; empty where it is no revision."""
    folder: Path | None = None
    """The temporary folder that holds the files of the revision; None where it is no revision."""

    def shown(self, file: str) -> str:
        """Return a file of it as a person names it: its path, behind the revision if it is of one."""
        path = self.path(file)
        return f"{self.revision}:{path}" if self._is_of_revision(file) else path

    def path(self, file: str) -> str:
        """Return the path of a file of it: relative to the current folder, or to the revision's top."""
        path = _normal(file)
        top = self.folder if self.folder is not None and self._is_of_revision(file) else Path.cwd()
        return path.relative_to(top).as_posix() if path.is_relative_to(top) else file

    def _is_of_revision(self, file: str) -> bool:
        return self.folder is not None and _normal(file).is_relative_to(self.folder)


def _normal(file: str) -> Path:
    return Path(os.path.normpath(Path.cwd() / file))


class AbsentError(SettingsError):
    """A revision holds no description yet where one is asked for."""


@contextmanager
def version(argument: str, start: Path) -> Generator[Version]:
    """Find a version, and keep it there for a while.

    Args:
        argument: A file, a folder, ``-`` for standard input, ``REV:path`` for a file or folder of a git revision, or
            ``REV`` alone for the configured description as it was then; empty for the configured one.
        start: The folder that paths start from.

    Raises:
        AbsentError: A revision has no description there.
        SettingsError: There is no such file or revision, or a folder has no description that can be told.
    """
    path = start / argument
    if argument in {"", "-"}:
        yield Version(settings=resolve(start=start, document=Path(argument) if argument else None))
    elif path.exists():
        yield Version(settings=resolve(start=start, document=_in_folder(path, shown(path)) if path.is_dir() else path))
    else:
        with tempfile.TemporaryDirectory(prefix="attrest-") as folder:
            yield _of_revision(argument, start, Path(folder).resolve())


def _of_revision(argument: str, start: Path, folder: Path) -> Version:
    """Write a revision into a folder, and find the description in it."""
    revision, colon, inside = argument.partition(":")
    commit = _commit(revision, start)
    if commit is None:
        reason = f"no such revision as {revision!r} here" if colon else "no such file, and no revision of that name"
        raise SettingsError(f"{argument}: {reason}")
    top = Path(_git(start, "rev-parse", "--show-toplevel"))
    asked = _asked(inside, start, top) if colon else resolve(start=start).document
    if not asked.is_relative_to(top):
        raise SettingsError(f"{shown(asked)}: is not in the repository of {revision!r}")
    _check_out(commit, top, folder)
    told = f"{revision}:{asked.relative_to(top).as_posix()}"
    found = folder / asked.relative_to(top)
    if not found.exists():
        document = None if colon else _configured(folder / start.resolve().relative_to(top))
        if document is None:
            raise AbsentError(f"{told}: the revision has no such file")
    else:
        document = _in_folder(found, told) if found.is_dir() else found
    return Version(settings=resolve(start=folder, document=document), revision=revision, folder=folder)


def _asked(inside: str, start: Path, top: Path) -> Path:
    """Return the path that a revision is asked for, as git reads it: from the top, unless it starts with a dot."""
    return Path(os.path.normpath((start if inside.startswith(".") else top) / inside))


def _configured(folder: Path) -> Path | None:
    """Return the description that the project in a folder configures; None where it speaks of none."""
    if not (folder / "pyproject.toml").is_file():
        return None
    try:
        return resolve(start=folder).document
    except SettingsError:
        return None


def _in_folder(folder: Path, told: str) -> Path:
    """Return the description in a folder: the one that its project configures, one of a usual name, or the only one."""
    if (document := _configured(folder)) is not None:
        return document
    usual = [folder / name for name in _USUAL_NAMES if (folder / name).is_file()]
    found = usual[:1] or [file for file in sorted(folder.iterdir()) if _is_description(file)]
    if len(found) > 1:
        raise SettingsError(f"{told}: which description? there are {', '.join(file.name for file in found)}")
    if not found:
        raise SettingsError(f"{told}: no description here that pyproject.toml or a usual name tells of")
    return found[0]


def _is_description(file: Path) -> bool:
    """Tell whether a file begins as a description does: with its version (OpenAPI 3.1 §4.8.1) among its keys."""
    if file.suffix not in _SUFFIXES or not file.is_file():
        return False
    return _VERSION.search(file.read_text(errors="replace")) is not None


def _commit(name: str, start: Path) -> str | None:
    """Return the commit that a name stands for; None where it stands for none, or there is no repository."""
    try:
        return _git(start, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except SettingsError:
        return None


def _check_out(commit: str, top: Path, folder: Path) -> None:
    """Write all files of a commit, so that references between them lead somewhere; the repository stays as it is."""
    index = {"GIT_INDEX_FILE": str(folder / ".index-of-attrest")}
    _git(top, "read-tree", commit, environment=index)
    _git(top, "checkout-index", "--all", "--quiet", f"--prefix={folder}/", environment=index)


def _git(start: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """Run git and return what it says.

    Raises:
        SettingsError: It fails, or is not there.
    """
    git = shutil.which("git")
    if git is None:
        raise SettingsError("git is not installed, which revisions are read with")
    done = subprocess.run(
        (git, *arguments),
        cwd=start,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SettingsError(f"git {arguments[0]}: {done.stderr.strip() or 'failed'}")
    return done.stdout.strip()
