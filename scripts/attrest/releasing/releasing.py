"""Plans the next release of a description, and publishes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import attrs

from attrest import nodes, pipeline, renamings, write
from attrest.document import Document
from attrest.ir import Renaming, RenamingKind
from attrest.progress import Progress
from attrest.releasing import changelog
from attrest.releasing.comparison import Comparison, compare_with_last, read_allowances
from attrest.releasing.editing import with_version
from attrest.releasing.releases import last_release, path_of
from attrest.semanticversions import SemanticVersion, parse
from attrest.settings import Settings, SettingsError, shown

_BUNDLE: Final = "openapi/openapi.json"
_OWNERS: Final[Mapping[RenamingKind, RenamingKind]] = {"method": "resource"}
"""The kind of what has a name; a class unless it is said here."""


@attrs.frozen(kw_only=True)
class Plan:
    """What is known before a release."""

    settings: Settings
    document: Document
    content: bytes = attrs.field(repr=False)
    """What the root file holds."""
    comparison: Comparison | None
    """What changed since the last release; None where there was none."""

    @property
    def written(self) -> str:
        """The version that the description says."""
        return str(nodes.mapping(self.document.tree.get("info")).get("version", ""))

    @property
    def current(self) -> SemanticVersion | None:
        """The same as a version; None where it is none."""
        return parse(self.written)

    @property
    def last(self) -> SemanticVersion | None:
        """The version that was published last; None where none was."""
        return self.comparison.last.version if self.comparison else None

    @property
    def proposed(self) -> SemanticVersion | None:
        """The version to publish: that of the description if it is enough; None where there is nothing to publish."""
        if self.current is not None and self.refusal(self.current) is None:
            return self.current
        return self.comparison.needed if self.comparison and self.comparison.level else None

    def refusal(self, version: SemanticVersion) -> str | None:
        """Say why a version cannot be published; None where it can."""
        if self.comparison is None:
            return None
        if version.order <= self.comparison.last.version.order:
            return f"{version} does not come after {self.last}, which was published last"
        if version.release.order < self.comparison.needed.order:
            return f"{version} is too small: it must be {self.comparison.needed} at least"
        return None


def plan(settings: Settings, allowed: Path | None, progress: Progress) -> Plan:
    """Compare the description with what was published last.

    Args:
        settings: What is described and generated.
        allowed: The file that lists the changes that are meant.
        progress: Told what is being done.

    Raises:
        DescriptionError: The description, or what was published, cannot be read.
        SettingsError: The list of changes cannot be read.
    """
    if settings.reads_standard_input:
        raise SettingsError("a description from standard input cannot be released: its version could not be set")
    content = settings.document.read_bytes()
    document = pipeline.read(settings, progress, content)
    last = last_release(settings.output)
    compared = compare_with_last(document, last, settings, read_allowances(allowed), progress) if last else None
    return Plan(settings=settings, document=document, content=content, comparison=compared)


def publish(
    plan: Plan, version: SemanticVersion, day: dt.date, progress: Progress, *, force: bool = False
) -> tuple[Path, ...]:
    """Set the version, tell what changed, generate, and keep the bundle: all of it, or nothing.

    Args:
        plan: What is known, for which the version must do.
        version: The version.
        day: The day that the changelog gives.
        progress: Told what is being done.
        force: Whether to overwrite generated files that somebody edited.

    Returns:
        The files that are written beside those that are generated.

    Raises:
        DescriptionError: The description is refused.
        SettingsError: The version does not stand where it can be set.
        WriteError: Something is in the way in the output folder.
    """
    renamed = names_to_keep(plan, version)
    settings = attrs.evolve(plan.settings, renamed=renamed)
    dropped = [each for each in plan.settings.renamed if _key(each) not in set(map(_key, renamed))]
    content = plan.content
    if plan.written != str(version):
        content = with_version(plan.document, content, version)
    generated = pipeline.build(settings, progress, content=content)
    beside = {path_of(settings.output, version): generated.tree.files[_BUNDLE]}
    history = settings.history
    title = str(nodes.mapping(plan.document.tree.get("info")).get("title", ""))
    before = _text(history)
    after = changelog.with_entry(before, title, version, day, changelog.entry(plan.comparison, dropped))
    if after != before:
        beside[history] = after
    if renamed != plan.settings.renamed:
        beside[settings.document.parent / renamings.NAME] = renamings.as_text(renamed)
    if content != plan.content:
        beside[settings.document] = content.decode()
    progress("writing")
    write.write(generated.tree, generated.manifest, settings.output, force=force, beside=beside)
    return tuple(beside)


def names_to_keep(plan: Plan, version: SemanticVersion) -> tuple[Renaming, ...]:
    """Return the earlier names that the client of a version has: those of this release, and of those that it continues.

    A version that may break callers drops what earlier ones kept.
    """
    comparison = plan.comparison
    if comparison is None:
        return plan.settings.renamed
    fresh = [attrs.evolve(each, since=str(version)) for each in comparison.renamed.values()]
    earlier = () if version.breaks(comparison.last.version) else plan.settings.renamed
    continued = (_onward(each, fresh) for each in earlier)
    return tuple({_key(each): each for each in (*continued, *fresh)}.values())


def _onward(each: Renaming, fresh: Iterable[Renaming]) -> Renaming:
    """Return an earlier name that leads to what is called otherwise now, or that has another owner."""
    now = {_key(one): one.new for one in fresh}
    owner = now.get((_OWNERS.get(each.kind, "class"), "", each.owner), each.owner)
    return attrs.evolve(each, owner=owner, new=now.get((each.kind, owner, each.new), each.new))


def _key(each: Renaming) -> tuple[str, str, str]:
    return (each.kind, each.owner, each.old)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown(file)}: is not UTF-8") from error
