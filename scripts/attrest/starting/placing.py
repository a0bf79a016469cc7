"""Bringing a finished project to its folder: all of it, or nothing."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrest import manifest
from attrest.interrupts import held_back
from attrest.settings import SettingsError, shown
from attrest.starting.scaffold import MARK

OUTPUT: Final = "generated"
_LISTED: Final = 20


@contextlib.contextmanager
def staged(folder: Path) -> Generator[Path]:
    """Yield a new folder on the file system of another one; it is gone in the end, whatever happens."""
    nearest = next(above for above in (folder, *folder.parents) if above.is_dir())
    with tempfile.TemporaryDirectory(prefix=".attrest-init-", dir=nearest) as name:
        stage = Path(name, "project")  # with the permissions that folders have here: a temporary one is private
        stage.mkdir()
        yield stage


def save(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, each at its path relative to it."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def place(stage: Path, folder: Path, *, force: bool) -> tuple[str, ...]:
    """Move what a stage holds to a folder; what is there already, with the same content, stays.

    Args:
        stage: A folder that ``staged`` gave.
        folder: Where its files go; made where it does not exist.
        force: Whether to replace files that attrest wrote.

    Returns:
        The paths of what is new there.

    Raises:
        SettingsError: Other files stand in the way; nothing was moved.
        OSError: The disk refused; nothing was moved.
    """
    every = sorted(file.relative_to(stage).as_posix() for file in stage.rglob("*") if file.is_file())
    new = [path for path in every if not _is_same(stage / path, folder / path)]
    _refuse_to_overwrite(new, folder, force=force)
    with held_back(), contextlib.ExitStack() as undoing:
        for path in new:
            _move(stage / path, folder / path, undoing)
        undoing.pop_all()
    return tuple(new)


def _is_same(made: Path, there: Path) -> bool:
    return there.is_file() and there.read_bytes() == made.read_bytes()


def _refuse_to_overwrite(paths: Sequence[str], folder: Path, *, force: bool) -> None:
    there = [path for path in paths if _is_in_the_way(folder, path)]
    ours = {path for path in there if _is_ours(folder, path)}
    refused = [path for path in there if not force or path not in ours]
    if not refused:
        return
    reason = "these are there already, so nothing was written"
    if ours.issuperset(refused):
        reason += "; --force replaces them, since attrest wrote them"
    listed = [f"  {path}" for path in refused[:_LISTED]]
    if len(refused) > _LISTED:
        listed.append(f"  and {len(refused) - _LISTED} more")
    raise SettingsError("\n".join([f"{shown(folder)}: {reason}:", *listed]))


def _is_in_the_way(folder: Path, path: str) -> bool:
    above = (folder.joinpath(parent) for parent in Path(path).parents)
    return os.path.lexists(folder / path) or any(place.exists() and not place.is_dir() for place in above)


def _is_ours(folder: Path, path: str) -> bool:
    """Say whether ``attrest init`` started a file, or ``attrest generate`` wrote it as it stands."""
    file = folder / path
    if file.is_symlink() or not file.is_file():
        return False
    content = file.read_bytes()
    if not path.startswith(f"{OUTPUT}/"):
        return MARK.encode() in content.split(b"\n", maxsplit=1)[0]
    made = manifest.read(folder / OUTPUT)
    known = {**made.files, manifest.NAME: manifest.digest(made.to_text().encode())} if made else {}
    return known.get(path.removeprefix(f"{OUTPUT}/")) == manifest.digest(content)


def _move(made: Path, there: Path, undoing: contextlib.ExitStack) -> None:
    """Move a file to its place; ``undoing`` takes it away again, and brings back what stood there."""
    for missing in reversed([above for above in there.parents if not above.exists()]):
        missing.mkdir()
        undoing.callback(missing.rmdir)
    if there.exists():
        kept = made.with_name(f"{made.name}.before")
        there.replace(kept)
        undoing.callback(kept.replace, there)
    made.rename(there)
    undoing.callback(there.unlink)
