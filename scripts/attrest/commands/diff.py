"""``attrest diff``: what changed between two versions of a description, and whom it breaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import click

from attrest.commands.exits import DIFFERENT, FINE, WRONG_USAGE
from attrest.commands.output import print_findings
from attrest.settings import configured_allowances

if TYPE_CHECKING:
    from attrest.diagnostics import Finding
    from attrest.diffing.allowing import Allowance, Allowed
    from attrest.diffing.changes import Change, Verdict
    from attrest.diffing.report import Report, Side
    from attrest.diffing.revisions import Version
    from attrest.progress import Progress

_COLOURS: Final[dict[Verdict, str]] = {"breaking": "red", "risky": "yellow", "safe": "green"}
_FAILING: Final = {"breaking": ("breaking",), "risky": ("breaking", "risky"), "never": ()}


@click.command()
@click.argument("old")
@click.argument("new", required=False, default="")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "markdown", "github")),
    default="text",
    show_default=True,
    help="How to print: for people, for programs, for a pull request, or as annotations of a GitHub workflow.",
)
@click.option("--all", "everything", is_flag=True, help="Show also what only people read, such as descriptions.")
@click.option("--python", "with_client", is_flag=True, help="Compare also the clients that both versions give.")
@click.option(
    "--fail-on",
    type=click.Choice(tuple(_FAILING)),
    default="breaking",
    show_default=True,
    help="Exit 1 on changes of this verdict, or a worse one.",
)
@click.option(
    "--allow",
    "allowed",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A list of changes that are meant, instead of the one that [tool.attrest.diff] names; TOML or YAML.",
)
@click.option(
    "--unless-new", "may_be_new", is_flag=True, help="Take it that the revision OLD has no description yet: exit 0."
)
def diff(
    old: str,
    new: str,
    form: str,
    fail_on: str,
    allowed: Path | None,
    *,
    everything: bool,
    with_client: bool,
    may_be_new: bool,
) -> int:
    """Tell what changed from OLD to NEW, and whether it breaks callers of the service.

    Each is a file, a folder, - for standard input, or REV:path for a git revision. A revision alone stands for the
    configured description as it was then, and without NEW the new version is the configured description.

    \b
    Each change is
      breaking  where some caller who keeps to the old description stops working,
      risky     where the descriptions cannot tell, and
      safe      otherwise.

    \b
    Examples:
      attrest diff main
      attrest diff v1.2.0:openapi/openapi.yaml openapi/openapi.yaml
      attrest diff old.yaml new.yaml --format markdown --fail-on risky
      attrest diff v1.2.0 --python
    """
    from attrest import pipeline, progress

    if old == new == "-":
        raise click.UsageError("only one version can come from standard input")
    try:
        with progress.shown() as stage:
            asked = _Asked(old, new, allowed, with_client, may_be_new)
            report = asked.report(stage)
    except pipeline.DescriptionError as error:
        print_findings(error.findings, "text", err=True)
        return WRONG_USAGE
    print_findings([*_mendings(report.old), *_mendings(report.new)], "text", err=True)
    click.echo(_printed(report, form, everything=everything), nl=False)
    return _tell_allowances(report.allowed) or _code(report, fail_on)


@attrs.frozen
class _Asked:
    """What is to be compared."""

    old: str
    new: str
    allowed: Path | None
    with_client: bool
    may_be_new: bool

    def report(self, stage: Progress) -> Report:
        """Compare it."""
        from attrest.diffing.revisions import AbsentError, version

        start = Path.cwd()
        with ExitStack() as kept:
            try:
                before = kept.enter_context(version(self.old, start))
            except AbsentError as error:
                if not self.may_be_new:
                    raise
                return _first(_read(kept.enter_context(version(self.new, start)), stage), str(error))
            after = kept.enter_context(version(self.new, start))
            return self._compared(before, after, stage)

    def _compared(self, before: Version, after: Version, stage: Progress) -> Report:
        import datetime as dt

        from attrest.diffing import allowing, comparison
        from attrest.diffing.report import Report

        today, start = dt.datetime.now(tz=dt.UTC).date(), Path.cwd()
        file = self.allowed or configured_allowances(start)
        allowances: tuple[Allowance, ...] = allowing.read(start / file) if file else ()
        old, new = _read(before, stage), _read(after, stage)
        python = _compare_clients((old, before), (new, after), stage) if self.with_client else None
        stage("comparing")
        changes = comparison.compare(old.document.tree, new.document.tree, today)
        applied = allowing.apply(allowances, (*changes, *(python or ())), today)
        return Report(old=old, new=new, changes=changes, python=python, allowed=applied)


def _first(side: Side, reason: str) -> Report:
    """Return what there is to say of a version before which there was none."""
    from attrest.diffing.allowing import Allowed
    from attrest.diffing.report import Report

    return Report(old=side, new=side, changes=(), allowed=Allowed(reasons={}), first=reason)


def _compare_clients(old: tuple[Side, Version], new: tuple[Side, Version], stage: Progress) -> tuple[Change, ...]:
    from attrest import pipeline
    from attrest.diffing.clients import compare_clients

    before, after = (
        pipeline.analyse(pipeline.prepare(side.document, version.settings), version.settings, stage)
        for side, version in (old, new)
    )
    return compare_clients(before, after)


def _read(found: Version, stage: Progress) -> Side:
    from attrest import pipeline
    from attrest.diffing.report import Side

    try:
        document = pipeline.mended(pipeline.read(found.settings, stage))
    except pipeline.DescriptionError as error:
        raise pipeline.DescriptionError(tuple(_as_shown(error.findings, found.shown))) from error
    return Side(document=document, shown=found.shown, path=found.path)


def _mendings(side: Side) -> Iterator[Finding]:
    """List what one version is not compared by as it is written."""
    from attrest import pipeline

    return _as_shown(pipeline.mendings(side.document), side.shown)


def _as_shown(findings: Iterable[Finding], shown: Callable[[str], str]) -> Iterator[Finding]:
    """Return findings in files that are named as a person names them, such as those of a revision."""
    for finding in findings:
        yield attrs.evolve(finding, location=attrs.evolve(finding.location, file=shown(finding.location.file)))


def _printed(report: Report, form: str, *, everything: bool) -> str:
    from attrest.diffing import forms

    match form:
        case "json":
            return forms.as_json(report)
        case "markdown":
            return forms.markdown(report, everything=everything)
        case "github":
            return forms.github(report, everything=everything)
        case _:
            return forms.text(report, everything=everything, paint=_plainly if "NO_COLOR" in os.environ else _coloured)


def _coloured(said: str, verdict: Verdict) -> str:
    """Colour text; click takes the colour out again where it is not printed on a terminal."""
    return click.style(said, fg=_COLOURS[verdict], bold=verdict == "breaking")


def _plainly(said: str, _: Verdict) -> str:
    return said


def _tell_allowances(allowed: Allowed) -> int:
    """Tell of entries that are of no use any more, and refuse those that have expired."""
    for each in allowed.unused:
        click.echo(f"attrest: warning: allowed[{each.number}] names no change: {each.reason}", err=True)
    for each in allowed.expired:
        click.echo(f"attrest: error: allowed[{each.number}] expired on {each.expires}: {each.reason}", err=True)
    return DIFFERENT if allowed.expired else FINE


def _code(report: Report, fail_on: str) -> int:
    return DIFFERENT if report.verdict(report.all_changes) in _FAILING[fail_on] else FINE
