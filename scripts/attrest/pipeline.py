"""The stages, in order, on one screen.

Each stage is imported when its turn comes: a run that ends early never pays for those behind it.
"""

from __future__ import annotations

from pathlib import Path

import attrs

from attrest.diagnostics import Finding, LoadError
from attrest.document import Document
from attrest.filetree import FileTree
from attrest.ir import Api
from attrest.ledger import Entry, Ledger
from attrest.manifest import Manifest, compose
from attrest.progress import Progress
from attrest.settings import Settings


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


def read(path: Path, progress: Progress) -> Document:
    """Load a description.

    Raises:
        DescriptionError: A file cannot be read or parsed at all.
    """
    from attrest.load import load

    progress("reading the description")
    try:
        return load(path)
    except LoadError as error:
        raise DescriptionError(error.findings) from error


def inspect(document: Document, progress: Progress) -> tuple[Finding, ...]:
    """Return everything there is to say about a description, the findings of reading it included."""
    from attrest.validate import validate

    progress("validating the description")
    return validate(document)


_MENDED = frozenset({"circular-reference"})
"""What is wrong with a description and yet has a meaning: schemas that are composed of themselves."""


def require_sound(document: Document, *, gate: bool, progress: Progress) -> tuple[Finding, ...]:
    """Refuse a description that nothing whole can be made of.

    Args:
        document: The description.
        gate: Whether any error of the full validation refuses it, or only one that reading it found: what is
            invalid elsewhere in a published description seldom keeps a client from working.
        progress: Told what is being done.

    Returns:
        The findings that do not stand in the way.

    Raises:
        DescriptionError: There is an error.
    """
    from attrest.validate import cross_check

    findings = inspect(document, progress) if gate else cross_check(document)
    decisive = findings if gate else [each for each in document.findings if each.rule not in _MENDED]
    if any(finding.severity == "error" for finding in decisive):
        raise DescriptionError(findings)
    return findings


def analyse(document: Document, settings: Settings, progress: Progress) -> Api:
    """Turn a description into the intermediate representation."""
    from attrest.infer import infer
    from attrest.lower import lower

    progress("inferring the models")
    schemas = infer(document)
    progress("working out the operations")
    return lower(document, schemas, settings)


def account(document: Document, api: Api, progress: Progress) -> Ledger:
    """Say what became of each part of a description."""
    from attrest.accounting import account as account_for

    progress("accounting for every part")
    return account_for(document, api)


def build(settings: Settings, progress: Progress) -> Generated:
    """Generate everything and write nothing.

    Raises:
        DescriptionError: The description cannot be read or is refused.
    """
    document = read(settings.document, progress)
    findings = require_sound(document, gate=settings.gate, progress=progress)
    api = analyse(document, settings, progress)
    ledger = account(document, api, progress)
    tree = render(document, api, settings, progress)
    manifest = compose(settings, {source.display: source.sha256 for source in document.sources}, tree, ledger)
    return Generated(
        tree=tree,
        manifest=manifest,
        findings=findings,
        ledger=ledger,
        lost=tuple(_finding(document, entry) for entry in ledger.lost),
        unfaithful=tuple(_finding(document, entry) for entry in ledger.degraded),
    )


def _finding(document: Document, entry: Entry) -> Finding:
    """Return what an entry says as an error, with its place."""
    rule = "not-generated" if entry.lost else "degraded"
    return document.finding("error", rule, f"{entry.pointer}: {entry.reason}", entry.pointer)


def render(document: Document, api: Api, settings: Settings, progress: Progress) -> FileTree:
    """Turn the intermediate representation, and the description as a bundle, into files."""
    from attrest.format import format_tree
    from attrest.render import render as render_files

    progress("rendering the files")
    bundle = {"openapi.yaml": as_yaml(document), "openapi.json": as_json(document)}
    tree = render_files(api, bundle, settings.templates)
    progress("laying out the code")
    return format_tree(tree)


def as_yaml(document: Document) -> str:
    """Return a description as one YAML file, self-contained."""
    from attrest.bundle import dump_yaml

    return dump_yaml(document.tree)


def as_json(document: Document) -> str:
    """Return a description as one JSON file, self-contained."""
    from attrest.bundle import dump_json

    return dump_json(document.tree)
