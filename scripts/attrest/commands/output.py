"""Bring what was generated to its folder, or compare the two, and print what there is to say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from attrest.commands.exits import DIFFERENT, FINE
from attrest.settings import shown

if TYPE_CHECKING:
    from attrest.diagnostics import Finding
    from attrest.pipeline import Generated
    from attrest.write import Change, Kind

_PATHS_SHOWN: Final = 20
_WORDS: Final[Mapping[Kind, str]] = {"missing": "added", "changed": "changed", "stale": "removed"}


def deliver(generated: Generated, output: Path, *, force: bool, check: bool) -> int:
    """Write what was generated into a folder, or only tell what would change there.

    Returns:
        The exit code: 1 where something could not be generated, or where ``check`` finds a difference.
    """
    from attrest import write

    if findings := (*generated.findings, *generated.lost):
        print_findings(findings, "text", err=True)
    code = DIFFERENT if generated.lost else FINE
    if check:
        return _print_differences(write.diff(generated.tree, generated.manifest, output), output) or code

    def say_so() -> None:
        click.echo(f"attrest: {shown(output)}: waiting for another run that writes there", err=True)

    changes = write.write(generated.tree, generated.manifest, output, force=force, on_wait=say_so)
    _print_summary(changes, output)
    click.echo(f"ledger: {generated.ledger.summary.text}")
    return code


def print_findings(findings: Sequence[Finding], form: str, *, err: bool = False) -> None:
    """Print findings in a form of ``printers``."""
    from attrest import printers

    click.echo(printers.PRINTERS[form](findings), nl=False, err=err)


def _print_differences(changes: Sequence[Change], output: Path) -> int:
    for change in changes:
        click.echo(change.unified(), nl=False)
    _print_summary(changes, output, would="would be ")
    return DIFFERENT if changes else FINE


def _print_summary(changes: Sequence[Change], output: Path, would: str = "") -> None:
    if not changes:
        click.echo(f"{shown(output)}: up to date")
        return
    kinds = Counter(change.kind for change in changes)
    counts = ", ".join(f"{kinds[kind]} {word}" for kind, word in _WORDS.items() if kinds[kind])
    click.echo(f"{shown(output)}: {would}{counts}")
    if not would:
        for change in changes[:_PATHS_SHOWN]:
            click.echo(f"  {_WORDS[change.kind]:<8}{change.path}")
        if len(changes) > _PATHS_SHOWN:
            click.echo(f"  and {len(changes) - _PATHS_SHOWN} more")
