"""The arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

document = click.argument("document", required=False, type=click.Path(path_type=Path))
overlay = click.option(
    "--overlay",
    "overlays",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Change the description as this OpenAPI Overlay says. May be repeated.",
)
allow_host = click.option(
    "--allow-host",
    "allow_hosts",
    metavar="HOST",
    multiple=True,
    help="Fetch what references name on this host, over HTTPS; http://HOST allows HTTP. May be repeated.",
)
force = click.option("--force", is_flag=True, help="Overwrite and remove files even if somebody edited them.")
check = click.option(
    "--check", is_flag=True, help="Write nothing; print what would change, and exit 1 if anything would."
)
