"""``attrest init``: starts a project around a description that exists already."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from attrest.commands.exits import DIFFERENT, FINE
from attrest.settings import Settings, resolve, shown

if TYPE_CHECKING:
    from attrest.diagnostics import Finding
    from attrest.progress import Progress


@click.command()
@click.argument("description", type=click.Path(path_type=Path, allow_dash=True))
@click.argument("folder", required=False, default=Path(), type=click.Path(path_type=Path, file_okay=False))
@click.option("--generate/--no-generate", default=True, help="Whether to generate the client, too.", show_default=True)
@click.option("--force", is_flag=True, help="Replace files that attrest wrote; never any other.")
@click.option(
    "--allow-host",
    "allow_hosts",
    metavar="HOST",
    multiple=True,
    help="Fetch what references name on this host, over HTTPS; http://HOST allows HTTP. May be repeated.",
)
def init(description: Path, folder: Path, allow_hosts: tuple[str, ...], *, generate: bool, force: bool) -> int:
    """Start a project in FOLDER that maintains DESCRIPTION and the client generated from it.

    The description goes to openapi/, with the files that it refers to, in the layout that they have. Around it come
    the settings of attrest, a README, tests, hooks of pre-commit and a workflow of GitHub. No file is overwritten, and
    where anything fails nothing is left behind. FOLDER is the current folder unless it is given; - is standard input.

    \b
    Examples:
      attrest init petstore.yaml petstore
      attrest init ../specs/openapi.json . --no-generate
    """
    from attrest import printers, progress
    from attrest.starting import placing

    if description.parts[:1] in {("https:",), ("http:",)}:
        raise click.UsageError("the description is on another host: save it here first, and name that file")
    target = Path(os.path.abspath(folder))  # noqa: PTH100  # links stay: the user knows the folder by them
    own = resolve(start=Path.cwd(), document=description, allow_hosts=allow_hosts)
    with placing.staged(target) as stage:
        with progress.shown() as said:
            gate = _compose(own, stage, said)
            lost = _generate(stage, said) if generate else ()
        made = placing.place(stage, target, force=force)
    _tell(target, made, gate=gate)
    if lost:
        click.echo(printers.text(lost), nl=False, err=True)
    return DIFFERENT if lost else FINE


def _compose(own: Settings, stage: Path, said: Progress) -> bool:
    """Write a project without what is generated, and say whether its description passes the full validation."""
    from attrest import nodes, pipeline
    from attrest.starting import description, placing, scaffold
    from attrest.validation.rules import RULES

    document = pipeline.read(own, said)
    findings = pipeline.inspect(document, said)
    gate = all(finding.severity != "error" for finding in findings)
    broken = {finding.rule for finding in findings}
    rules = [rule.name for rule in RULES if rule.name in broken]
    copied = description.copied(document, own)
    title = nodes.text(nodes.mapping(document.tree.get("info")).get("title")) or "API"
    around = scaffold.files(title=title, document=copied.root, gate=gate, hosts=own.allow_hosts, rules=rules)
    placing.save({**around, **copied.files}, stage)
    description.require_inside(pipeline.read(resolve(start=stage), said), stage)
    return gate


def _generate(stage: Path, said: Progress) -> tuple[Finding, ...]:
    """Generate the client of a project, and return what there is to say of the parts that it lacks."""
    from attrest import pipeline, write

    settings = resolve(start=stage)
    generated = pipeline.build(settings, said)
    write.write(generated.tree, generated.manifest, settings.output)
    return generated.lost


def _tell(target: Path, made: Sequence[str], *, gate: bool) -> None:
    click.echo(f"{shown(target)}: {len(made)} new files")
    for path, number in sorted(Counter(_listed(path) for path in made).items()):
        click.echo(f"  {path}" + (f" ({number} files)" if path.endswith("/") else ""))
    if not gate:
        click.echo("The description has errors, which attrest validate tells: gate is false until there are none;")
        click.echo("until then the hook and the first step of the workflow fail.")
    click.echo(f"See {shown(target / 'README.md')} for what to do next.")


def _listed(path: str) -> str:
    """Return a path as it is listed: those that hold the description and what is generated stand for all in them."""
    top = path.partition("/")[0]
    return f"{top}/" if top in {"openapi", "generated"} else path
