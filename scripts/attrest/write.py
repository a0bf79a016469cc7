"""Bring a folder on the disk to what was generated. The only module that touches the output.

Files are staged inside the output folder, hence on its file system, and each takes its place by one rename; the
manifest goes last. An interrupt waits until all are in place. A run that is cut short by anything else leaves every
file either old or new, and a journal of what it was about to write, by which the next run tells its own files from
edited ones.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, Literal, TypeAlias

import attrs

from attrest.filetree import FileTree
from attrest.interrupts import held_back
from attrest.manifest import NAME, STAGING, Manifest, digest, is_inside, read
from attrest.settings import shown

Kind: TypeAlias = Literal["missing", "changed", "stale"]

_JOURNAL: Final = "journal.json"
_Known: TypeAlias = dict[str, frozenset[str]]
"""Path -> the hashes that runs of ours gave, or were about to give, the file."""


@attrs.frozen
class Change:
    """One file of the output that is not what was generated."""

    path: str
    """Relative to the output folder, POSIX."""
    kind: Kind
    """``missing`` on the disk, ``changed``, or ``stale``: written by an earlier run and not generated any more."""
    before: bytes | None
    """What the disk holds; None where it holds nothing."""
    after: bytes | None
    """What was generated; None where the file is stale."""

    def unified(self) -> str:
        """Return the change as a unified diff, ``/dev/null`` standing for no file."""
        lines = difflib.unified_diff(
            _lines(self.before),
            _lines(self.after),
            "/dev/null" if self.before is None else f"a/{self.path}",
            "/dev/null" if self.after is None else f"b/{self.path}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


class WriteError(Exception):
    """The output cannot be written without harm to files that are not attrest's; nothing was changed."""


class EditedError(WriteError):
    """Files would be overwritten or removed that attrest did not write as they stand."""

    def __init__(self, directory: Path, paths: tuple[str, ...]) -> None:
        """Keep the paths, relative to the output folder."""
        reason = "edited by hand, or not made by attrest; nothing was written, and --force overwrites and removes them"
        super().__init__(_listing(reason, directory, paths))
        self.paths = paths


class BlockedError(WriteError):
    """Something stands where a file must go that is never removed: a folder, or a link to somewhere else."""

    def __init__(self, directory: Path, paths: tuple[str, ...]) -> None:
        """Keep the paths, relative to the output folder."""
        reason = "a folder or a link stands where these must go; nothing was written, move it away first"
        super().__init__(_listing(reason, directory, paths))
        self.paths = paths


class DiskError(OSError):
    """The disk refused; the message names what was to be written and says why it was not."""


def _listing(reason: str, directory: Path, paths: tuple[str, ...]) -> str:
    return "\n".join((f"{shown(directory)}: {reason}:", *(f"  {path}" for path in paths)))


def diff(tree: FileTree, manifest: Manifest, directory: Path) -> tuple[Change, ...]:
    """Compare what was generated with what a folder holds, and change nothing.

    Args:
        tree: The generated files.
        manifest: The manifest to be written beside them.
        directory: The output folder; it need not exist.

    Returns:
        Every file that differs, is missing or is stale, by path; the manifest last.
    """
    return _changes(tree, manifest, directory, _known(directory))


def write(
    tree: FileTree,
    manifest: Manifest,
    directory: Path,
    *,
    force: bool = False,
    on_wait: Callable[[], None] | None = None,
    beside: Mapping[Path, str] | None = None,
) -> tuple[Change, ...]:
    """Make a folder hold what was generated, touching only files that differ and were written by attrest.

    Args:
        tree: The generated files.
        manifest: The manifest to be written beside them.
        directory: The output folder; made where it does not exist.
        force: Whether to overwrite and remove files that were edited, and to take over those of somebody else.
        on_wait: Called when another run is writing into the folder, before waiting until it is done.
        beside: Other files to write in the same step, wherever they are: path -> text. Either all is written or none.

    Returns:
        What was changed, as by ``diff``, without the other files.

    Raises:
        EditedError: A file that was edited, or that attrest never wrote, is in the way, and ``force`` is not given.
        BlockedError: A folder, or a symbolic link to a folder, stands where a file must go.
        DiskError: The disk refused; what was not yet written is as it was.
    """
    if directory.exists() and not directory.is_dir():
        raise DiskError(f"cannot write {shown(directory)}: it is no folder")
    with _explained(directory):
        directory.mkdir(parents=True, exist_ok=True)
        with _alone(directory, on_wait):
            return _write(tree, manifest, directory, beside or {}, force=force)


def _write(
    tree: FileTree, manifest: Manifest, directory: Path, beside: Mapping[Path, str], *, force: bool
) -> tuple[Change, ...]:
    known = _known(directory)
    changes = _changes(tree, manifest, directory, known)
    _refuse_blocked(directory, changes)
    if not force:
        _refuse_edited(directory, changes, known)
    with _drafted(beside) as settle, held_back() if beside else contextlib.nullcontext():
        if changes or (directory / STAGING).exists():
            _apply(directory, changes, known)
        settle()
    return changes


@contextlib.contextmanager
def _drafted(texts: Mapping[Path, str]) -> Generator[Callable[[], None]]:
    """Write files beside their places; what is yielded brings each there by a rename, and what is left over goes."""
    drafts: dict[Path, Path] = {}
    folders = [folder for file in texts for folder in file.parents if not folder.exists()]

    def settle() -> None:
        for target in tuple(drafts):
            drafts.pop(target).replace(target)

    try:
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            target, status = Path(os.path.realpath(file)), _status(file)
            drafts[target] = _draft(target, text, _usual_mode() if status is None else status.st_mode)
        yield settle
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        for folder in folders:
            with contextlib.suppress(OSError):  # it holds something now
                folder.rmdir()


def save(text: str, file: Path) -> None:
    """Write one file whole, or leave it as it is.

    A link stays, and what it leads to is written. What is no regular file, or has other names, is written in its place,
    since something new could not stand for it. The mode of the file stays; a new one has that of any new file.

    Raises:
        DiskError: The disk refused.
    """
    with _explained(file):
        status = _status(file)
        if status is not None and (not stat.S_ISREG(status.st_mode) or status.st_nlink > 1):
            file.write_bytes(text.encode())
        else:
            _replace(Path(os.path.realpath(file)), text, _usual_mode() if status is None else status.st_mode)


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except FileNotFoundError:
        return None


def _replace(target: Path, text: str, mode: int) -> None:
    draft = _draft(target, text, mode)
    try:
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _draft(target: Path, text: str, mode: int) -> Path:
    """Write what is to stand at a place into a file beside it, which is returned."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode())
        draft.chmod(stat.S_IMODE(mode))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _usual_mode() -> int:
    """Return the mode of a file that is made without naming one."""
    mask = os.umask(0o077)  # it can only be read by setting it
    os.umask(mask)
    return 0o666 & ~mask


@contextlib.contextmanager
def _explained(target: Path) -> Generator[None]:
    """Let an error of the disk name what was to be written, and say why it was not."""
    try:
        yield
    except OSError as error:
        place = shown(_blamed(target, error.filename))
        raise DiskError(f"cannot write {place}: {error.strerror or error}") from error


def _blamed(target: Path, named: object) -> Path:
    """Return what an error is about: a file below the target, if it names one, by the place that is meant for it."""
    below = Path(named) if isinstance(named, str) else target
    staging = target / STAGING
    if below.is_relative_to(staging / "files"):
        return target / below.relative_to(staging / "files")
    return below if below.is_relative_to(target) and not below.is_relative_to(staging) else target


def _changes(tree: FileTree, manifest: Manifest, directory: Path, known: _Known) -> tuple[Change, ...]:
    if outside := [path for path in tree.files if not is_inside(path)]:
        raise ValueError(f"generated outside of the output: {outside[0]}")
    wanted = {path: text.encode() for path, text in tree.files.items()}
    stale = [path for path in known if path not in wanted and path != NAME]
    files = {path: wanted.get(path) for path in sorted([*wanted, *stale])} | {NAME: manifest.to_text().encode()}
    link_above = _once_for_each_folder(_link_above, directory)
    changes = (
        _change(path, None if link_above(path) else _content(directory / path), after) for path, after in files.items()
    )
    return tuple(change for change in changes if change.before != change.after)


def _once_for_each_folder(check: Callable[[Path, str], bool], directory: Path) -> Callable[[str], bool]:
    """Return a check of the folders that lead to a path, of which each is looked at once."""
    known: dict[str, bool] = {}

    def checked(path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in known:
            known[folder] = check(directory, path)
        return known[folder]

    return checked


def _change(path: str, before: bytes | None, after: bytes | None) -> Change:
    if after is None:
        return Change(path, "stale", before, None)
    return Change(path, "missing" if before is None else "changed", before, after)


def _content(file: Path) -> bytes | None:
    """Return what stands at a path: a file's bytes, or where a link leads; None where nothing does."""
    if file.is_symlink():
        return f"symbolic link to {file.readlink()}\n".encode(errors="surrogateescape")
    return file.read_bytes() if file.is_file() else None


def _link_above(directory: Path, path: str) -> bool:
    return any((directory / parent).is_symlink() for parent in _folders(path))


def _folders(path: str) -> tuple[PurePosixPath, ...]:
    """Return the folders that lead to a file, the innermost first, without the output folder itself."""
    return tuple(PurePosixPath(path).parents)[:-1]


def _refuse_blocked(directory: Path, changes: tuple[Change, ...]) -> None:
    blocked_above = _once_for_each_folder(_blocked_above, directory)
    wanted = [change.path for change in changes if change.after is not None]
    blocked = {path for path in wanted if _is_folder(directory / path) or blocked_above(path)}
    if (directory / STAGING).is_symlink():
        blocked.add(STAGING)
    if blocked:
        raise BlockedError(directory, tuple(sorted(blocked)))


def _is_folder(file: Path) -> bool:
    return file.is_dir() and not file.is_symlink()


def _blocked_above(directory: Path, path: str) -> bool:
    above = (directory / folder for folder in _folders(path))
    return any(folder.is_symlink() or (folder.exists() and not folder.is_dir()) for folder in above)


def _refuse_edited(directory: Path, changes: tuple[Change, ...], known: _Known) -> None:
    edited = [
        change.path
        for change in changes
        if change.before is not None and digest(change.before) not in known.get(change.path, frozenset())
    ]
    if edited:
        raise EditedError(directory, tuple(edited))


def _known(directory: Path) -> _Known:
    """Return what earlier runs wrote, those that were cut short included."""
    journal = _read_journal(directory)
    manifest = read(directory)
    if manifest is None:
        return journal
    written = {**manifest.files, NAME: digest((directory / NAME).read_bytes())}
    return _merged(journal, written)


def _merged(known: _Known, hashes: Mapping[str, str]) -> _Known:
    return known | {path: known.get(path, frozenset()) | {hash_} for path, hash_ in hashes.items()}


def _read_journal(directory: Path) -> _Known:
    try:
        journal = json.loads((directory / STAGING / _JOURNAL).read_bytes())
    except (OSError, ValueError):
        return {}
    return {path: frozenset(hashes) for path, hashes in journal.items() if is_inside(path)}


def _write_journal(directory: Path, known: _Known) -> None:
    draft = directory / STAGING / f"{_JOURNAL}.new"
    draft.write_text(json.dumps({path: sorted(hashes) for path, hashes in sorted(known.items())}), encoding="utf-8")
    draft.replace(directory / STAGING / _JOURNAL)


def _apply(directory: Path, changes: tuple[Change, ...], known: _Known) -> None:
    staging = directory / STAGING
    try:
        _stage(staging / "files", changes)
    except BaseException:
        if not (staging / _JOURNAL).exists():
            shutil.rmtree(staging, ignore_errors=True)
        raise
    hashes = {change.path: digest(change.after) for change in changes if change.after is not None}
    _write_journal(directory, _merged(known, hashes))
    with held_back():
        _make_folders(directory, changes)
        for change in changes:
            _swap(staging / "files" / change.path, directory / change.path, change)
        for path in known:
            _remove_empty_folders(directory, path)
        shutil.rmtree(staging)


def _stage(folder: Path, changes: tuple[Change, ...]) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    _make_folders(folder, changes)
    for change in changes:
        if change.after is not None:
            (folder / change.path).write_bytes(change.after)


def _make_folders(directory: Path, changes: tuple[Change, ...]) -> None:
    for folder in {change.path.rpartition("/")[0] for change in changes if change.after is not None}:
        (directory / folder).mkdir(parents=True, exist_ok=True)


def _swap(staged: Path, target: Path, change: Change) -> None:
    if change.after is None:
        target.unlink()
    else:
        staged.replace(target)


def _remove_empty_folders(directory: Path, path: str) -> None:
    """Remove the folders that led to a file which is gone, as far as they are empty."""
    if (directory / path).exists() or _link_above(directory, path):
        return
    with contextlib.suppress(OSError):  # a folder that holds something stays, and so do those above it
        for folder in _folders(path):
            (directory / folder).rmdir()


@contextlib.contextmanager
def _alone(directory: Path, on_wait: Callable[[], None] | None) -> Generator[None]:
    """Keep other runs out of a folder, where the platform has a lock for that."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is not None:
                on_wait()
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lines(content: bytes | None) -> list[str]:
    return [] if content is None else content.decode(errors="backslashreplace").splitlines(keepends=True)
