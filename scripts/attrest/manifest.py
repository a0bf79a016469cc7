"""The manifest: what made the generated files, from what, and what they were when written.

It stands beside the files as ``manifest.json`` and answers two questions without running any stage: whether the files
are what a run would give, and whether somebody edited one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path, PurePath, PurePosixPath
from typing import Final, cast

import attrs

from attrest import __version__
from attrest.filetree import FileTree
from attrest.ledger import Ledger, Summary, by_pointer, combined
from attrest.settings import TEMPLATE_SUFFIXES, Settings, templates_directory

NAME: Final = "manifest.json"
STAGING: Final = ".attrest-staging"
"""The folder, inside the output, that exists while files are being written, and after a run that was cut short."""

_FORMAT: Final = 1
_GATE: Final = {"gate": "passed"}
"""Among the settings of a manifest: the description passed the full validation."""
_CODE: Final = frozenset({".py"})
_TOOLS: Final = ("datamodel-code-generator", "jinja2", "markdown-it-py", "ruff")
_KIND: Final = "kind"
_SITE: Final = "site"
_SITE_TOOLS: Final = ("offapi", "pygments")


@attrs.frozen(kw_only=True)
class EditionRecord:
    """What an edition of the description in an older version of OpenAPI says less of."""

    lost: int
    """How many of the reasons are about what is left out of it."""
    reasons: Mapping[str, str]
    """JSON pointer of the description -> reasons."""


@attrs.frozen(kw_only=True)
class Manifest:
    """What made the generated files. Hashes are SHA-256, in hexadecimal digits."""

    generator: Mapping[str, str]
    """Tool -> version, and ``fingerprint``, the hash of attrest's own code and templates."""
    settings: Mapping[str, str]
    sources: Mapping[str, str]
    """Path relative to the description's folder, or URL -> hash, of every file that the description is made of."""
    files: Mapping[str, str]
    """Path relative to the output folder -> hash, of every generated file but the manifest."""
    summary: Summary = attrs.field(factory=Summary)
    """What became of the description, in numbers."""
    degraded: Mapping[str, str] = attrs.field(factory=dict[str, str])
    """JSON pointer -> reasons, of every part of the description that is not generated with all that it says."""
    editions: Mapping[str, EditionRecord] = attrs.field(factory=dict[str, EditionRecord])
    """Older version of OpenAPI -> what the description says less of in it."""

    @property
    def is_of_site(self) -> bool:
        """Whether the files are a site, not what generating gives."""
        return self.settings.get(_KIND) == _SITE

    def to_text(self) -> str:
        """Return the manifest as written to the disk: the same bytes for the same content."""
        hashed = {name: dict(getattr(self, name)) for name in ("generator", "settings", "sources", "files")}
        ledger = {**attrs.asdict(self.summary), "reasons": dict(self.degraded)}
        editions = {version: attrs.asdict(each) for version, each in self.editions.items()}
        content = {"format": _FORMAT, "ledger": ledger, "editions": editions, **hashed}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def compose(settings: Settings, sources: Mapping[str, str], tree: FileTree, ledger: Ledger) -> Manifest:
    """Make the manifest of a tree that is about to be written.

    Args:
        settings: What the tree was made with.
        sources: Path relative to the description's folder, or URL -> hash, of every file that was read.
        tree: The files, as they will stand on the disk.
        ledger: What became of the description.
    """
    return Manifest(
        generator=_generator(settings),
        settings=_settings(settings),
        sources=dict(sorted(sources.items())),
        files={path: digest(text.encode()) for path, text in sorted(tree.files.items())},
        summary=ledger.summary,
        degraded=_reasons(ledger),
        editions={
            version: EditionRecord(lost=each.summary.lost, reasons=_reasons(each))
            for version, each in ledger.editions.items()
        },
    )


def _reasons(ledger: Ledger) -> dict[str, str]:
    return {pointer: combined(group).reason for pointer, group in by_pointer(ledger.degraded).items()}


def published(manifest: Manifest, tree: FileTree) -> Manifest:
    """Return the manifest of a site: made by the same tools and more, from the same, but never what generating gives.

    Args:
        manifest: Of what was generated.
        tree: The site's files, as they will stand on the disk.
    """
    return attrs.evolve(
        manifest,
        generator={**manifest.generator, **{tool: version(tool) for tool in _SITE_TOOLS}},
        settings={**manifest.settings, _KIND: _SITE},
        files={path: digest(text.encode()) for path, text in sorted(tree.files.items())},
    )


def read(directory: Path) -> Manifest | None:
    """Return the manifest of an output folder, or None where there is none that can be trusted."""
    try:
        return _parse(json.loads((directory / NAME).read_bytes()))
    except (OSError, ValueError):
        return None


def up_to_date(settings: Settings, directory: Path) -> Manifest | None:
    """Say whether a run would change nothing, from the hashes of files alone.

    Returns:
        The manifest, where the description, the settings, the tools and every generated file are what it lists. Of a
        file elsewhere only a run can tell, so None where it lists one among the description's.
    """
    manifest = read(directory)
    is_up_to_date = (
        manifest is not None
        and not (directory / STAGING).exists()
        and _suit(manifest.settings, settings)
        and manifest.generator == _generator(settings)
        and not settings.reads_standard_input
        and not any("://" in source for source in manifest.sources)
        and _all_match(settings.document.parent, manifest.sources)
        and _all_match(directory, manifest.files)
        and (directory / NAME).read_bytes() == manifest.to_text().encode()
    )
    return manifest if is_up_to_date else None


def digest(content: bytes) -> str:
    """Return the SHA-256 of some bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def is_inside(path: str) -> bool:
    """Say whether a relative POSIX path stays inside the folder that it is relative to."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and "\0" not in path


def _parse(content: object) -> Manifest:
    table = _table(content)
    if table.get("format") != _FORMAT:
        raise ValueError("made by another version")
    ledger = _table(table.get("ledger", {}))
    manifest = Manifest(
        generator=_texts(table.get("generator")),
        settings=_texts(table.get("settings")),
        sources=_texts(table.get("sources")),
        files=_texts(table.get("files")),
        summary=_summary(ledger),
        degraded=_texts(ledger.get("reasons", {})),
        editions={version: _edition(_table(each)) for version, each in _table(table.get("editions", {})).items()},
    )
    if not all(is_inside(path) for path in manifest.files):
        raise ValueError("lists files that are not its own")
    return manifest


def _summary(table: Mapping[str, object]) -> Summary:
    counts = {field.name: table.get(field.name, 0) for field in attrs.fields(Summary)}
    if not all(isinstance(count, int) for count in counts.values()):
        raise ValueError("counts in something else than numbers")
    return Summary(**cast("dict[str, int]", counts))


def _edition(table: Mapping[str, object]) -> EditionRecord:
    lost = table.get("lost")
    if not isinstance(lost, int):
        raise ValueError("counts in something else than numbers")  # noqa: TRY004  # it came from a file
    return EditionRecord(lost=lost, reasons=_texts(table.get("reasons")))


def _table(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError("expected an object")  # noqa: TRY004  # it came from a file: the value is wrong, not the call
    return cast("dict[str, object]", value)


def _texts(value: object) -> dict[str, str]:
    return {key: str(text) for key, text in _table(value).items()}


def _all_match(folder: Path, hashes: Mapping[str, str]) -> bool:
    try:
        return all(digest((folder / path).read_bytes()) == expected for path, expected in hashes.items())
    except OSError:
        return False


def _settings(settings: Settings) -> dict[str, str]:
    """Return the settings that decide what is generated."""
    names = {"package": settings.package, "distribution": settings.distribution, "client": settings.client}
    given = {"document": settings.source} | {key: name for key, name in names.items() if name is not None}
    overlays = [PurePath(os.path.relpath(path, settings.document.parent)).as_posix() for path in settings.overlays]
    lists = {"overlays": overlays, "allow-hosts": settings.allow_hosts}
    choices = {"include": settings.include, "exclude": settings.exclude}
    given |= {key: json.dumps(attrs.asdict(choice)) for key, choice in choices.items() if choice}
    given |= {key: json.dumps(value) for key, value in lists.items() if value}
    given |= {"renamed": json.dumps(list(map(attrs.asdict, settings.renamed)))} if settings.renamed else {}
    return given | _GATE if settings.gate else given


def _suit(made_with: Mapping[str, str], settings: Settings) -> bool:
    """Say whether files are what the settings give: what passed the gate is right where none is asked for, too."""
    return made_with in (_settings(settings), _settings(settings) | _GATE)


def _generator(settings: Settings) -> dict[str, str]:
    return {
        "attrest": __version__,
        "fingerprint": _fingerprint(settings.templates),
        **{tool: version(tool) for tool in _TOOLS},
    }


def _fingerprint(overrides: Path | None) -> str:
    """Hash everything of attrest that decides what is generated: a change of it makes the output out of date."""
    parts = hashlib.sha256()
    for label, file in _ingredients(overrides):
        parts.update(f"{label}\0{digest(file.read_bytes())}\n".encode())
    return parts.hexdigest()


def _ingredients(overrides: Path | None) -> Iterator[tuple[str, Path]]:
    package = Path(__file__).parent
    for label, folder in (("attrest", package), ("templates", templates_directory()), ("overrides", overrides)):
        if folder is not None:
            yield from _labelled(label, folder, _CODE if folder == package else TEMPLATE_SUFFIXES)


def _labelled(label: str, folder: Path, suffixes: frozenset[str]) -> list[tuple[str, Path]]:
    """Return the files that count: what an editor or a file manager leaves beside them, hidden or not, does not."""
    files = (file for file in folder.rglob("*") if file.suffix in suffixes and not file.name.startswith("."))
    return sorted((f"{label}/{file.relative_to(folder).as_posix()}", file) for file in files if file.is_file())
