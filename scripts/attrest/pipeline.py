"""The stages, in order, on one screen.

Each stage is imported when its turn comes: a run that ends early never pays for those behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from attrest.diagnostics import Finding, LoadError, in_order
from attrest.document import Document, Version
from attrest.filetree import FileTree
from attrest.ir import Api
from attrest.ledger import Entry, Ledger
from attrest.manifest import Manifest, compose, published
from attrest.progress import Progress, silent
from attrest.semanticversions import parse
from attrest.settings import Settings, SettingsError, shown

if TYPE_CHECKING:
    from attrest.edition import Edition
    from attrest.format import Layouts


@attrs.frozen(kw_only=True)
class Generated:
    """Everything a description gives, before it is on the disk."""

    tree: FileTree
    manifest: Manifest
    findings: tuple[Finding, ...]
    """What there is to say about the description, though it did not stand in the way."""
    ledger: Ledger
    """What became of each part of the description."""
    lost: tuple[Finding, ...] = ()
    """The operations and schemas that are not generated."""
    unfaithful: tuple[Finding, ...] = ()
    """All that is not generated as it is described, the lost included."""


class DescriptionError(Exception):
    """Nothing can be made of the description as it is; ``findings`` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """Keep the findings."""
        super().__init__(f"{len(findings)} findings")
        self.findings = findings


def read(settings: Settings, progress: Progress, content: bytes | None = None) -> Document:
    """Load the description that the settings name.

    Args:
        settings: They name it.
        progress: Told what is being done.
        content: What to take its root file for, whatever that holds.

    Raises:
        DescriptionError: A file cannot be read or parsed at all.
    """
    from attrest.load import load

    progress("reading the description")
    if settings.reads_standard_input:
        content = sys.stdin.buffer.read()
    try:
        return load(settings.document, settings.allow_hosts, settings.overlays, content)
    except LoadError as error:
        raise DescriptionError(error.findings) from error


def inspect(document: Document, progress: Progress, ignored_rules: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return everything there is to say about a description, the findings of reading it included.

    Args:
        document: The description.
        progress: Told what is being done.
        ignored_rules: The house rules that it need not keep.

    Raises:
        SettingsError: One of them is none.
    """
    from attrest.validate import validate
    from attrest.validation.rules import RULES

    known = [rule.name for rule in RULES]
    if unknown := sorted({*ignored_rules}.difference(known)):
        raise SettingsError(f"house rule {unknown[0]!r}: unknown; there are {', '.join(known)}")
    progress("validating the description")
    return validate(document, ignored_rules)


def require_sound(
    document: Document, *, gate: bool, progress: Progress, ignored_rules: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Refuse a description that nothing whole can be made of.

    Args:
        document: The description.
        gate: Whether any error of the full validation refuses it. Without, none does: what is invalid somewhere in a
            published description seldom keeps a client from working.
        progress: Told what is being done.
        ignored_rules: The house rules that the full validation does not ask about.

    Returns:
        The findings that do not stand in the way.

    Raises:
        DescriptionError: There is an error, and the gate is closed to it.
    """
    from attrest.validate import cross_check

    findings = inspect(document, progress, ignored_rules) if gate else cross_check(document)
    if gate and any(finding.severity == "error" for finding in findings):
        raise DescriptionError(findings)
    return findings


def mended(document: Document) -> Document:
    """Return the whole of a description, with what wrongly leads nowhere or has no shape made good."""
    from attrest.mend import mend

    return mend(document)


def mendings(document: Document) -> tuple[Finding, ...]:
    """Return a warning for whatever ``mended`` has put in the place of what is written."""
    return in_order(document.finding("warning", "mended", entry.reason, entry.pointer) for entry in document.entries)


def prepare(document: Document, settings: Settings) -> Document:
    """Return what of a description is to be generated; the bundle that is published stays as the description is."""
    from attrest.select import select

    return select(mended(document), settings.include, settings.exclude)


def analyse(document: Document, settings: Settings, progress: Progress) -> Api:
    """Turn a description, as prepared, into the intermediate representation."""
    from attrest.infer import infer
    from attrest.lower import lower

    progress("inferring the models")
    schemas = infer(document)
    progress("working out the operations")
    return lower(document, schemas, settings)


def accounted(document: Document, prepared: Document, settings: Settings, progress: Progress) -> tuple[Ledger, Api]:
    """Say what becomes of each part of a description, and what is made of it, as ``build`` does with our own templates.

    That tells of what cannot be rendered, too.
    """
    own = attrs.evolve(settings, templates=None)
    rendered = render(document, analyse(prepared, own, progress), own, progress)
    return account(document, prepared, rendered.api, progress, rendered.editions), rendered.api


def account(
    document: Document,
    prepared: Document,
    api: Api,
    progress: Progress,
    editions: Mapping[Version, Edition] | None = None,
) -> Ledger:
    """Say what became of each part of a description, of which a part was prepared.

    Args:
        document: The description.
        prepared: What of it was to be generated.
        api: What was made of that.
        progress: Told what is being done.
        editions: The description in older versions of OpenAPI, where that is at hand; else it is made.
    """
    from attrest.accounting import account as account_for
    from attrest.edition import older as older_editions

    progress("accounting for every part")
    ledger = account_for(attrs.evolve(document, entries=prepared.entries), api)
    older = older_editions(document) if editions is None else editions
    told: dict[str, Ledger] = {version: Ledger(entries=each.entries) for version, each in older.items()}
    return attrs.evolve(ledger, editions=told)


def build(
    settings: Settings, progress: Progress, last: Layouts | None = None, content: bytes | None = None
) -> Generated:
    """Generate everything and write nothing.

    Args:
        settings: What to generate from what.
        progress: Told what is being done.
        last: The code that the last run in this process laid out, where there was one.
        content: What to take the root file of the description for, whatever that holds.

    Raises:
        DescriptionError: The description cannot be read or is refused.
    """
    return _built(settings, progress, last, content)[1]


def _built(
    settings: Settings, progress: Progress, last: Layouts | None = None, content: bytes | None = None
) -> tuple[Api, Generated]:
    document = read(settings, progress, content)
    findings = require_sound(document, gate=settings.gate, progress=progress, ignored_rules=settings.ignored_rules)
    prepared = prepare(document, settings)
    api = analyse(prepared, settings, progress)
    rendered = render(document, api, settings, progress, last)
    api = rendered.api
    ledger = account(document, prepared, api, progress, rendered.editions)
    manifest = compose(settings, {source.display: source.sha256 for source in document.sources}, rendered.tree, ledger)
    generated = Generated(
        tree=rendered.tree,
        manifest=manifest,
        findings=in_order((*findings, *prepared.findings)),
        ledger=ledger,
        lost=tuple(_finding(document, entry) for entry in ledger.lost),
        unfaithful=tuple(_finding(document, entry) for entry in ledger.degraded),
    )
    return api, generated


def _finding(document: Document, entry: Entry) -> Finding:
    """Return what an entry says as an error, with its place."""
    rule = "not-generated" if entry.lost else "degraded"
    return document.finding("error", rule, f"{entry.pointer}: {entry.reason}", entry.pointer)


@attrs.frozen(kw_only=True)
class Rendered:
    """The files that are made of the intermediate representation, and of the description as it is published."""

    api: Api
    """What they are made of, which is less than all of it where a part fails."""
    tree: FileTree
    editions: Mapping[Version, Edition]
    """The description in older versions of OpenAPI."""


def render(
    document: Document, api: Api, settings: Settings, progress: Progress, last: Layouts | None = None
) -> Rendered:
    """Turn the intermediate representation, and the description as a bundle, into files."""
    from attrest.isolation import isolated

    try:
        return _rendered(document, api, settings, progress, last)
    except SettingsError:
        raise
    except Exception as error:
        progress("finding out what fails")
        rest = isolated(api, lambda part: _failure(part, settings))
        if rest.entries == api.entries or _failure(rest, settings) is not None:
            raise error from None
    return _rendered(document, rest, settings, progress)


def _rendered(
    document: Document, api: Api, settings: Settings, progress: Progress, last: Layouts | None = None
) -> Rendered:
    """Render all files; the operations of the description, as published, have samples of code for what is generated."""
    from attrest.bundle import published
    from attrest.edition import older as older_editions
    from attrest.pages.codesamples import with_code_samples

    sampled = attrs.evolve(document, tree=with_code_samples(document, api))
    editions = older_editions(sampled)
    bundle = published(sampled.tree, {version: each.tree for version, each in editions.items()})
    return Rendered(api=api, tree=_files(api, bundle, settings, progress, last), editions=editions)


def _failure(api: Api, settings: Settings) -> Exception | None:
    """Return why no files can be made of an API; None where they can."""
    try:
        _files(api, {}, settings, silent)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is about the API that is tried
        return error
    return None


def _files(
    api: Api, bundle: Mapping[str, str], settings: Settings, progress: Progress, last: Layouts | None = None
) -> FileTree:
    from attrest.format import FormatError, format_tree
    from attrest.render import render as render_files

    progress("rendering the files")
    tree = render_files(api, bundle, settings.templates)
    progress("laying out the code")
    try:
        return format_tree(tree, last)
    except FormatError as error:
        if settings.templates is None:
            raise
        raise SettingsError(f"templates {shown(settings.templates)}: {error}") from error


def older(document: Document, version: Version) -> tuple[Document, tuple[Finding, ...]]:
    """Return a description in an older version of OpenAPI, and a finding for each part that it says less of.

    Raises:
        SettingsError: The version is newer than the description.
    """
    from attrest.edition import edition

    try:
        made = edition(document, version)
    except ValueError as error:
        raise SettingsError(f"{shown(document.path)}: {error}") from error
    findings = (document.finding("warning", f"not-in-{version}", entry.reason, entry.pointer) for entry in made.entries)
    return attrs.evolve(document, tree=made.tree), in_order(findings)


def publish(settings: Settings, progress: Progress) -> Generated:
    """Make the site of a description, and write nothing.

    Returns:
        What the description gives, but with the site's files and manifest.

    Raises:
        DescriptionError: The description cannot be read or is refused.
        SettingsError: The extra that publishing needs is not installed, or the changelog cannot be read.
    """
    from attrest.site.requirements import LackingError, redoc_file, require

    try:
        require()
        redoc = redoc_file()
    except LackingError as error:
        raise SettingsError(str(error)) from error

    from attrest.publish import Material
    from attrest.publish import publish as publish_material
    from attrest.render import render_pages

    api, generated = _built(settings, progress)
    progress("laying out the site")
    site = publish_material(
        Material(
            api=api,
            tree=generated.tree,
            lessened={version: len(each.reasons) for version, each in generated.manifest.editions.items()},
            changelog=_text(settings.history) if settings.history.is_file() else None,
            releases=_releases(settings),
            redoc=redoc.read_text(encoding="utf-8"),
        )
    )
    files = {**site.files, **render_pages(site.pages, settings.templates)}
    tree = FileTree(dict(sorted(files.items())))
    return attrs.evolve(generated, tree=tree, manifest=published(generated.manifest, tree))


def _releases(settings: Settings) -> dict[str, str]:
    """Return the bundles of what was released, by version, the newest first."""
    files = sorted(settings.releases.glob("*.json")) if settings.releases else ()
    found = [(version, file) for file in files if (version := parse(file.stem)) is not None]
    return {str(version): _text(file) for version, file in sorted(found, key=lambda each: each[0].order, reverse=True)}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown(file)}: is not UTF-8") from error


def as_yaml(document: Document) -> str:
    """Return a description as one YAML file, self-contained."""
    from attrest.bundle import dump_yaml

    return dump_yaml(document.tree)


def as_json(document: Document) -> str:
    """Return a description as one JSON file, self-contained."""
    from attrest.bundle import dump_json

    return dump_json(document.tree)
