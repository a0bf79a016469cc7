"""The ``attrest`` command: arguments, printing and exit codes. The only module that prints.

Everything that takes time to import is imported by the command that needs it.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from attrest import __version__
from attrest.commands import options
from attrest.commands.diff import diff
from attrest.commands.exits import DEFECT, DIFFERENT, FINE, INTERRUPTED, WRONG_USAGE
from attrest.commands.init import init
from attrest.commands.mock import mock
from attrest.commands.output import deliver, print_findings
from attrest.commands.publish import publish
from attrest.commands.release import release
from attrest.settings import Settings, SettingsError, resolve, shown

if TYPE_CHECKING:
    from attrest.diagnostics import Finding
    from attrest.document import Version
    from attrest.pipeline import Generated

_DOCUMENTS: Final = frozenset({".yaml", ".yml", ".json"})


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command with arguments, those of the process by default, and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a description holds characters that a terminal may not have
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; whatever goes wrong is explained on standard error."""
    try:
        code = attrest.main(arguments, prog_name="attrest", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last resort: a person gets a line, no traceback
        return _explain(error)
    return code if isinstance(code, int) else FINE


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="attrest", message="%(prog)s %(version)s")
def attrest() -> None:
    """Turn an OpenAPI description into a Python client of plain attrs classes.

    DOCUMENT is the root file of a description, YAML or JSON, OpenAPI 3.0, 3.1 or 3.2. Without it, each command
    takes the one that [tool.attrest] of the nearest pyproject.toml names; - reads it from standard input.

    \b
    Exit codes: 0 fine, 1 findings or differences, 2 wrong usage, 130 interrupted.

    \b
    Examples:
      attrest validate
      attrest generate petstore.yaml -o petstore-client
      attrest generate --check
    """


attrest.add_command(diff)
attrest.add_command(release)
attrest.add_command(init)
attrest.add_command(mock)
attrest.add_command(publish)


@attrest.command()
@options.document
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "github")),
    default="text",
    show_default=True,
    help="How to print the findings: for people, for programs, or as annotations of a GitHub workflow.",
)
@click.option("--strict", is_flag=True, help="Let warnings count as errors.")
@click.option(
    "--ignore",
    "ignored_rules",
    metavar="RULE",
    multiple=True,
    help="Do not ask for this house rule, nor for those that ignore in [tool.attrest.validate] lists. May be repeated.",
)
@options.overlay
@options.allow_host
def validate(
    document: Path | None,
    form: str,
    ignored_rules: tuple[str, ...],
    overlays: tuple[Path, ...],
    allow_hosts: tuple[str, ...],
    *,
    strict: bool,
) -> int:
    """Say everything that is wrong with a description, each finding with its place.

    What breaks the standard is an error. What breaks a house rule, such as that every operation has a description, is
    a warning; each says in brackets which rule that is.

    \b
    Examples:
      attrest validate
      attrest validate petstore.yaml --format github --strict
      attrest validate petstore.yaml --ignore property-name
    """
    from attrest import pipeline, progress

    settings = resolve(start=Path.cwd(), document=document, overlays=overlays, allow_hosts=allow_hosts)
    try:
        with progress.shown() as stage:
            document_read = pipeline.read(settings, stage)
            findings = pipeline.inspect(document_read, stage, (*settings.ignored_rules, *ignored_rules))
    except pipeline.DescriptionError as error:
        findings = error.findings
    print_findings(findings, form)
    if form == "text":
        click.echo(f"{shown(settings.document)}: {_count(findings)}", err=True)
    return DIFFERENT if any(strict or finding.severity == "error" for finding in findings) else FINE


@attrest.command()
@options.document
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The folder to generate into.")
@click.option("--package", metavar="NAME", help="The client's import name, instead of one made from the title.")
@options.force
@options.check
@click.option(
    "--validate/--no-validate",
    "gate",
    default=None,
    help="Refuse a description that has any error, or none that can be read. "
    "The default is the setting gate of [tool.attrest]; a description that is not configured there needs no validity.",
)
@click.option("--strict", is_flag=True, help="Write nothing unless all that the description says can be generated.")
@click.option("--watch", is_flag=True, help="Go on, and generate again whenever something changes; Ctrl-C ends it.")
@options.overlay
@options.allow_host
def generate(
    document: Path | None,
    output: Path | None,
    package: str | None,
    overlays: tuple[Path, ...],
    allow_hosts: tuple[str, ...],
    *,
    force: bool,
    check: bool,
    gate: bool | None,
    strict: bool,
    watch: bool,
) -> int:
    """Generate the client, its reference pages and the bundled description.

    Only files that differ are written, and those that are not generated any more are removed. A file that somebody
    edited is never overwritten without --force. Where an operation or a schema cannot be generated, all others are,
    and the exit code is 1; attrest explain tells what became of each part of the description.

    \b
    Examples:
      attrest generate
      attrest generate petstore.yaml -o petstore-client --package petstore
      attrest generate --check
      attrest generate --watch
    """
    from attrest import manifest

    def current() -> Settings:
        found = resolve(
            start=Path.cwd(),
            document=document,
            output=output,
            package=package,
            gate=gate,
            overlays=overlays,
            allow_hosts=allow_hosts,
        )
        if output is None and found.root is None:
            raise click.UsageError(f"nothing says where to generate {shown(found.document)}: give -o FOLDER")
        return found

    if watch:
        if check:
            raise click.UsageError("--watch writes, and --check does not: give one of them")
        _watch(current, force=force, strict=strict)
    settings = current()
    if not gate and (made := manifest.up_to_date(settings, settings.output)) and not (strict and made.degraded):
        click.echo(f"{shown(settings.output)}: up to date")
        click.echo(f"ledger: {made.summary.text}")
        return DIFFERENT if made.summary.lost else FINE
    return _generate(settings, force=force, check=check, strict=strict)


@attrest.command()
@options.document
@click.option("--json", "as_json", is_flag=True, help="Print the whole intermediate representation, for programs.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of what --json prints, and read no description.")
@options.overlay
@options.allow_host
def show(
    document: Path | None, overlays: tuple[Path, ...], allow_hosts: tuple[str, ...], *, as_json: bool, schema: bool
) -> int:
    """Show what attrest makes of a description: its resources, calls and models.

    \b
    Examples:
      attrest show
      attrest show petstore.yaml --json > api.json
      attrest show --schema > api.schema.json
    """
    from attrest import interchange, outline, pipeline, progress

    if schema:
        click.echo(interchange.schema_text(), nl=False)
        return FINE
    settings = resolve(start=Path.cwd(), document=document, overlays=overlays, allow_hosts=allow_hosts)
    with progress.shown() as stage:
        loaded = pipeline.read(settings, stage)
        api = pipeline.analyse(pipeline.prepare(loaded, settings), settings, stage)
    click.echo(interchange.as_json(api) if as_json else outline.as_text(api), nl=False)
    return FINE


@attrest.command()
@click.argument("arguments", nargs=-1, metavar="[DOCUMENT] [PART]")
@click.option("--json", "as_json", is_flag=True, help="Print every entry, for programs.")
@options.overlay
@options.allow_host
def explain(
    arguments: tuple[str, ...], overlays: tuple[Path, ...], allow_hosts: tuple[str, ...], *, as_json: bool
) -> int:
    """Tell what becomes of a description, or of a part of it.

    Each part ends exact, degraded for a reason, or ignored by a rule. PART is a JSON pointer, written as in a
    reference, #/paths, or plainly, /paths; or an operation, by its operationId or by its method and path.

    \b
    Examples:
      attrest explain petstore.yaml
      attrest explain petstore.yaml '#/components/schemas/Pet'
      attrest explain petstore.yaml 'GET /pets/{id}'
      attrest explain /paths/~1pets/get
    """
    from attrest import explanation, pipeline, progress, spelledplaces

    document, place = _document_and_place(arguments)
    settings = resolve(start=Path.cwd(), document=document, overlays=overlays, allow_hosts=allow_hosts)
    with progress.shown() as stage:
        loaded = pipeline.read(settings, stage)
        try:
            pointer = spelledplaces.pointer_of(loaded.tree, place)
        except spelledplaces.NowhereError as error:
            raise click.UsageError(f"{shown(settings.document)}: {error}") from error
        prepared = pipeline.prepare(loaded, settings)
        ledger, api = pipeline.accounted(loaded, prepared, settings, stage)
    made = explanation.Explanation(loaded, api, ledger)
    click.echo(made.as_json(pointer) if as_json else made.as_text(pointer), nl=False)
    return FINE


def _document_and_place(arguments: tuple[str, ...]) -> tuple[Path | None, str]:
    """Tell which argument is a document and which a part; one that neither is a file nor looks like one is a part."""
    match arguments:
        case ():
            return None, ""
        case (only,) if only == "-" or Path(only).suffix.lower() in _DOCUMENTS or Path(only).is_file():
            return Path(only), ""
        case (only,):
            return None, only
        case (document, place):
            return Path(document), place
        case _:
            raise click.UsageError("expected a document, a part of it, or one of each in this order")


@attrest.command()
@options.document
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write: JSON if its name ends in .json, else YAML; - prints YAML.",
)
@click.option(
    "--openapi",
    "version",
    type=click.Choice(("3.0", "3.1", "3.2")),
    help="Write it in this version of OpenAPI, for tools that stop there, and say what it says less of.",
)
@options.overlay
@options.allow_host
def bundle(
    document: Path | None,
    output: Path,
    version: Version | None,
    overlays: tuple[Path, ...],
    allow_hosts: tuple[str, ...],
) -> int:
    """Join a description of several files into one self-contained file; its names stay.

    A reference that leads nowhere stays as it is; it is said, and the exit code is 1.

    \b
    Examples:
      attrest bundle -o petstore.json
      attrest bundle petstore/openapi.yaml -o - | less
      attrest bundle -o petstore-3.0.json --openapi 3.0
    """
    from attrest import pipeline, progress, write

    settings = resolve(start=Path.cwd(), document=document, overlays=overlays, allow_hosts=allow_hosts)
    with progress.shown() as stage:
        loaded = pipeline.read(settings, stage)
    findings = loaded.findings
    if version is not None:
        loaded, less = pipeline.older(loaded, version)
        findings = (*findings, *less)
    print_findings(findings, "text", err=True)
    code = DIFFERENT if any(finding.severity == "error" for finding in findings) else FINE
    if str(output) == "-":
        click.echo(pipeline.as_yaml(loaded), nl=False)
        return code
    if output.exists() and any(source.is_local and output.samefile(source.path) for source in loaded.sources):
        raise click.UsageError(f"{shown(output)}: is a file of the description itself; give another one")
    is_json = output.suffix.lower() == ".json"
    write.save(pipeline.as_json(loaded) if is_json else pipeline.as_yaml(loaded), output)
    return code


def _watch(settings: Callable[[], Settings], *, force: bool, strict: bool) -> NoReturn:
    from attrest import pipeline, progress
    from attrest.commands.watch import keep_generating
    from attrest.format import Layouts

    last = Layouts()

    def once(settings: Settings) -> Mapping[str, str]:
        with progress.shown() as stage:
            generated = pipeline.build(settings, stage, last)
        _bring(generated, settings, force=force, check=False, strict=strict)
        return generated.manifest.sources

    keep_generating(settings, once, _explain)


def _generate(settings: Settings, *, force: bool, check: bool, strict: bool) -> int:
    from attrest import pipeline, progress

    with progress.shown() as stage:
        generated = pipeline.build(settings, stage)
    return _bring(generated, settings, force=force, check=check, strict=strict)


def _bring(generated: Generated, settings: Settings, *, force: bool, check: bool, strict: bool) -> int:
    """Bring the disk to what was generated, or only tell how it differs, and return the exit code."""
    if strict and generated.unfaithful:
        print_findings((*generated.findings, *generated.unfaithful), "text", err=True)
        click.echo(f"attrest: error: {shown(settings.output)}: nothing is written, as --strict demands", err=True)
        return DIFFERENT
    return deliver(generated, settings.output, force=force, check=check)


def _count(findings: Sequence[Finding]) -> str:
    kinds = Counter(finding.severity for finding in findings)
    counts = (f"{number} {kind}{'s' if number > 1 else ''}" for kind, number in sorted(kinds.items()))
    return ", ".join(counts) or "no findings"


def _explain(error: BaseException) -> int:
    """Say what went wrong, and return the exit code for it."""
    from attrest.pipeline import DescriptionError
    from attrest.write import WriteError

    match error:
        case DescriptionError():
            print_findings(error.findings, "text", err=True)
            return DIFFERENT
        case WriteError():
            return _fail(f"error: {error}", DIFFERENT)
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return WRONG_USAGE
        case click.ClickException():
            return _fail(f"error: {error.format_message()}", WRONG_USAGE)
        case OSError(filename=str(name), strerror=str(reason)):
            return _fail(f"error: {shown(Path(name))}: {reason}", WRONG_USAGE)
        case SettingsError() | OSError():
            return _fail(f"error: {error}", WRONG_USAGE)
        case click.Abort() | KeyboardInterrupt():
            return _fail("interrupted", INTERRUPTED)
        case _:
            return _fail_inside(error)


def _fail_inside(error: BaseException) -> int:
    """Own up to a defect of attrest's."""
    if os.environ.get("ATTREST_TRACEBACK"):
        raise error
    where = "ATTREST_TRACEBACK=1 in the environment shows where"
    return _fail(f"internal error: {type(error).__name__}: {error} ({where})", DEFECT)


def _fail(message: str, code: int) -> int:
    from attrest import printers

    click.echo(f"attrest: {printers.lines(message.splitlines())}", err=True, nl=False)
    return code


def _reader_left() -> int:
    """End quietly when what reads the output went away; what is left to flush goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DIFFERENT
