"""``attrest generate --watch``: generates again whenever something changes that the client is generated from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NoReturn, TypeAlias

import click

from attrest.settings import Settings, shown

Generate: TypeAlias = Callable[[Settings], Mapping[str, str]]
"""Generates, says so, and returns the sources, as the manifest has them."""


def keep_generating(
    settings: Callable[[], Settings], generate: Generate, explain: Callable[[Exception], object]
) -> NoReturn:
    """Generate, and again after each change, until an interrupt.

    Args:
        settings: Reads the settings, which may change as well.
        generate: What one run does.
        explain: Told what a run raised; the next may do better.

    Raises:
        click.UsageError: What watches files is not installed, or the description is not in a file.
        SettingsError: The settings cannot be used even the first time.
    """
    try:
        from attrest.watching import Inputs, Watcher, local, unread
    except ImportError:
        raise click.UsageError("--watch needs watchfiles: pip install 'attrest[watch]'") from None
    first = settings()
    if first.reads_standard_input:
        raise click.UsageError("--watch needs a description in a file, and this one comes from standard input")
    inputs, watcher = Inputs.of(first, {}), Watcher()
    changed: Iterable[Path] = ()
    seen = inputs.state()
    while True:
        _tell_changed(changed)
        start = time.perf_counter()
        try:
            used = settings()
            sources = local(generate(used), used)
        except Exception as error:  # noqa: BLE001  # whatever it is, the next change may mend it
            explain(error)
        else:
            inputs = inputs.joined(Inputs.of(used, sources))
            missed = unread(sources)
            now = {file: state for file, state in inputs.state().items() if file not in missed}
            seen = now | seen
        click.echo(f"{time.perf_counter() - start:.2f} s; waiting for changes until Ctrl-C")
        state = watcher.wait(inputs, seen)
        changed = sorted(file for file in {*state, *seen} if state.get(file) != seen.get(file))
        seen = state


def _tell_changed(files: Iterable[Path]) -> None:
    for file in files:
        click.echo(f"{shown(file)}: {'changed' if file.exists() else 'removed'}")
