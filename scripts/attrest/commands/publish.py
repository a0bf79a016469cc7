"""``attrest publish``: a site of a description, for any static host."""

from __future__ import annotations

from pathlib import Path

import click

from attrest.commands import options
from attrest.commands.output import deliver
from attrest.settings import resolve, shown


@click.command()
@options.document
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="The folder to publish into.")
@options.force
@options.check
@options.overlay
@options.allow_host
def publish(
    document: Path | None,
    output: Path,
    overlays: tuple[Path, ...],
    allow_hosts: tuple[str, ...],
    *,
    force: bool,
    check: bool,
) -> int:
    """Publish a description as a site: one folder for any static host, which also opens from a disk.

    It has the HTTP reference (Redoc), the Python reference with a search, the changelog, the description to download
    in its version of OpenAPI and in older ones, and llms.txt. Nothing in it asks the network for anything.

    The changelog is the one that attrest release writes. Only files that differ are written, and a file that somebody
    edited is never overwritten without --force. Needs the extra: pip install 'attrest[publish]'.

    \b
    Examples:
      attrest publish -o site
      attrest publish petstore.yaml -o petstore-site
      attrest publish -o site --check
    """
    from attrest import manifest, pipeline, progress

    settings = resolve(start=Path.cwd(), document=document, output=output, overlays=overlays, allow_hosts=allow_hosts)
    if (written := manifest.read(settings.output)) is not None and not written.is_of_site:
        raise click.UsageError(f"{shown(settings.output)}: holds what attrest generate wrote; give another folder")
    with progress.shown() as stage:
        published = pipeline.publish(settings, stage)
    return deliver(published, settings.output, force=force, check=check)
