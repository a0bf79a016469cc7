"""``attrest mock``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from attrest.commands import options
from attrest.commands.output import print_findings
from attrest.settings import resolve

if TYPE_CHECKING:
    from attrest.mocking.exchange import Answer, Request


@click.command()
@options.document
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=4010,
    show_default=True,
    help="The port to listen on; 0 takes one that is free.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--credential",
    "credentials",
    metavar="TEXT",
    multiple=True,
    help="Take this token, API key, or name:password, and no other. May be repeated. Without, any will do.",
)
@click.option(
    "--stateful",
    is_flag=True,
    help="Keep the items of collections: what is made can be listed, read, changed and removed.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print no line for each request.")
@options.overlay
@options.allow_host
def mock(
    document: Path | None,
    port: int,
    host: str,
    credentials: tuple[str, ...],
    overlays: tuple[Path, ...],
    allow_hosts: tuple[str, ...],
    *,
    stateful: bool,
    quiet: bool,
) -> None:
    """Answer requests as a description says, without the service that it describes.

    Every request is checked: its path, method, credentials, parameters and body. One that is not as described gets the
    status for that, 400 (or 422, where only that is described) for what is wrong with parameters and the body. All
    that is wrong is in the answer, as application/problem+json; where the description has a form of its own for
    errors, the answer has it, and all that is wrong is in the header X-Attrest-Violations.

    Any other request gets the first success that is described, as its examples show it, or else with values that fit.
    Prefer: code=404 asks for another status, Prefer: example=NAME for an example.

    Paths are found with and without those of the description's servers before them.

    With --stateful, collections are recognised by what APIs commonly do, and begin with what the examples of their
    lists show. Lists know pages and filters that name a field; a key that is unknown gets 404.

    Needs the extra: pip install 'attrest[mock]'.

    \b
    Examples:
      attrest mock
      attrest mock petstore.yaml --port 0
      curl -H 'Prefer: code=404' http://127.0.0.1:4010/pets/1
    """
    from attrest import pipeline, progress
    from attrest.garbage import collector_off

    try:
        from attrest import serve
    except ModuleNotFoundError as error:
        raise click.UsageError(f"mock needs {error.name}: pip install 'attrest[mock]'") from error
    from attrest.mocking.mock import Mock

    settings = resolve(start=Path.cwd(), document=document, overlays=overlays, allow_hosts=allow_hosts)
    with progress.shown() as stage, collector_off():
        description = pipeline.mended(pipeline.read(settings, stage))
        answering = Mock(description, credentials, stateful=stateful)
        stage("making the answers")
        remarks = list(answering.remarks())
    print_findings(pipeline.mendings(description), "text", err=True)
    for collection in answering.collections.all:
        click.echo(f"attrest: {collection.path} keeps items by their {collection.key}", err=True)
    for remark in remarks:
        click.echo(f"attrest: warning: {remark}", err=True)
    serve.serve(answering, host=host, port=port, ready=_say_where, seen=_ignore if quiet else _say_what)


def _say_where(url: str) -> None:
    click.echo(f"listening on {url}")


def _say_what(request: Request, answer: Answer) -> None:
    target = f"{request.path}?{request.query}" if request.query else request.path
    click.echo(f"{request.method} {target} {answer.status}", err=True)
    for remark in answer.remarks:
        click.echo(f"  {remark}", err=True)


def _ignore(_request: Request, _answer: Answer) -> None:
    """Say nothing."""
