"""``attrest release``: which version must come next, and what it takes to publish it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from attrest.commands.exits import DIFFERENT, FINE
from attrest.settings import configured_allowances, resolve, shown

if TYPE_CHECKING:
    from attrest.releasing.comparison import Comparison
    from attrest.releasing.releasing import Plan
    from attrest.semanticversions import SemanticVersion

_SHOWN: Final = 20
_WHY: Final = {
    "major": "something breaks",
    "minor": "something changed for callers",
    "patch": "only what people read changed",
}


@click.command()
@click.argument("version", required=False, default="")
@click.option("--write", is_flag=True, help="Publish the version that is proposed.")
@click.option(
    "--date",
    "day",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The day that the changelog gives; today, where none is given.",
)
@click.option("--force", is_flag=True, help="Overwrite generated files even if somebody edited them.")
def release(version: str, day: dt.datetime | None, *, write: bool, force: bool) -> int:
    """Propose the next version of the description, or publish one.

    Compares the configured description with the version that was published last. What breaks callers of the service,
    or Python callers of the client, needs a new major version, below 1.0.0 a new minor one; any other change a new
    minor version; what only people read a new patch version. Changes that [tool.attrest.diff] allows break nobody.
    What was renamed breaks nobody either where the client can keep the old name, deprecated, until the next version
    that may break something: classes and the modules that they are in, attributes, members of enums, methods, their
    parameters, resources, and events.

    Without VERSION it writes nothing, and exits 1 where info.version is too small. With VERSION, or with --write, it
    sets info.version, tells in the changelog what changed, generates, and keeps the bundle, in
    openapi/versions of the output folder, to compare the next one with. Either all of this is written or nothing.

    \b
    Examples:
      attrest release
      attrest release --write
      attrest release 2.0.0 --date 2027-01-31
    """
    from attrest import progress
    from attrest.releasing import releasing

    settings = resolve(start=Path.cwd())
    with progress.shown() as stage:
        plan = releasing.plan(settings, configured_allowances(Path.cwd()), stage)
    if plan.comparison is not None:
        _tell(plan.comparison)
    if not version and not write:
        return _propose(plan)
    chosen = _chosen(plan, version)
    if chosen is None:
        click.echo(f"nothing changed since {plan.last}")
        return FINE
    if refusal := plan.refusal(chosen):
        click.echo(f"attrest: error: {refusal}; nothing is written", err=True)
        return DIFFERENT
    when = day.date() if day else dt.datetime.now(tz=dt.UTC).date()
    with progress.shown() as stage:
        made = releasing.publish(plan, chosen, when, stage, force=force)
    click.echo(f"{chosen} is published: {', '.join(map(shown, made))}")
    return FINE


def _tell(comparison: Comparison) -> None:
    """Say what the proposal is due to."""
    from attrest.diffing.telling import headline, operation, where

    shown_first = comparison.deciding[:_SHOWN]
    for change in shown_first:
        place = " → ".join(filter(None, (operation(change), where(change))))
        click.echo(f"{comparison.word(change):<9} {place}: {headline(change.fact)}")
        if remark := comparison.remark(change):
            click.echo(f"{'':<9} {remark}")
    if more := len(comparison.deciding) - len(shown_first):
        click.echo(f"and {more:,} more; attrest diff {shown(comparison.last.bundle)} --python lists all")


def _propose(plan: Plan) -> int:
    """Say which version must come next, and whether that of the description is enough."""
    comparison = plan.comparison
    said = plan.written or "missing"
    if comparison is None and plan.current is None:
        click.echo(f"attrest: error: info.version is {said}, no version such as 1.0.0: give the first one", err=True)
        return DIFFERENT
    if comparison is None:
        click.echo(f"no version is published yet; --write publishes {plan.current}")
        return FINE
    if comparison.level is None:
        click.echo(f"nothing changed since {comparison.last.version}")
        return FINE
    click.echo(f"{_WHY[comparison.level]} since {comparison.last.version}: {comparison.needed} at least")
    if plan.current is None or plan.refusal(plan.current):
        click.echo(
            f"attrest: error: info.version is {said}; attrest release --write publishes {plan.proposed}", err=True
        )
        return DIFFERENT
    click.echo(f"info.version is {said}, which is enough; --write publishes it")
    return FINE


def _chosen(plan: Plan, version: str) -> SemanticVersion | None:
    """Return the version to publish; None where nothing asks for one."""
    from attrest.semanticversions import parse

    if not version:
        if plan.proposed is None and plan.comparison is None:
            raise click.UsageError(f"info.version {plan.written!r} is no version such as 1.0.0: give the first one")
        return plan.proposed
    chosen = parse(version)
    if chosen is None:
        raise click.UsageError(f"{version!r} is no semantic version such as 1.4.0 or 2.0.0-rc.1")
    return None if plan.comparison and plan.comparison.level is None and chosen == plan.last else chosen
