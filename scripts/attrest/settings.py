"""What a run works on, and how: ``[tool.attrest]`` of the nearest pyproject.toml, and the command line over it."""

from __future__ import annotations

import keyword
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, cast

import attrs

from attrest import renamings
from attrest.ir import Renaming

TEMPLATE_SUFFIXES: Final = frozenset({".j2", ".jinja", ".jinja2"})
_DISTRIBUTION_NAME: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_WITHIN_TABLES: Final = frozenset({"root", "allowed", "changelog", "ignored-rules"})
"""What is no key of ours, or stands in a table that is one."""
_STANDARD_INPUT: Final = "<stdin>"
"""What stands for a description that is not in a file: a name of none, in the folder that references start from."""
_HOST: Final = re.compile(r"(http://)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]+)?")
_CLIENTS_OWN: Final = frozenset(
    {
        *("attr", "attrs", "httpx2", "orjson"),
        # what httpx2 imports, its extras included
        *("anyio", "backports", "brotli", "brotlicffi", "click", "exceptiongroup", "h11", "h2", "hpack", "httpcore2"),
        *("httpx2_jsfetch", "hyperframe", "idna", "pygments", "rich", "sniffio", "socksio", "trio", "truststore"),
        *("typing_extensions", "wsproto"),
    }
)
"""Import names, and nearly always the names of projects too, of what a client needs or uses when present."""
_STANDARD: Final = sys.stdlib_module_names | {
    "test",
    # came or went between 3.11 and 3.14: what a title gives must not depend on the Python that attrest runs on
    *("aifc", "annotationlib", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "compression", "crypt"),
    *("distutils", "imghdr", "imp", "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes"),
    *("smtpd", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib"),
}


class SettingsError(Exception):
    """The settings, or the arguments that stand for them, cannot be used; the message says which and why."""


RELEASES: Final = "openapi/versions"
"""Where the bundles of releases are, below the output folder; the manifest does not list them."""


@attrs.frozen(kw_only=True)
class Choice:
    """Operations, by what they have: any of it is enough."""

    tags: tuple[str, ...] = ()
    """Names of tags."""
    paths: tuple[str, ...] = ()
    """Patterns of paths: ``*`` is any text without a slash, ``**`` any text."""
    operations: tuple[str, ...] = ()
    """Patterns of operationIds, or each a method and a pattern of a path, such as ``GET /pets/*``."""

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self.tags or self.paths or self.operations)


@attrs.frozen(kw_only=True)
class Settings:
    """What to generate from what, with every path absolute."""

    document: Path
    """The root file of the description."""
    output: Path
    """The folder that everything generated goes to."""
    package: str | None = None
    """The client's import name; None derives it from the description's title."""
    distribution: str | None = None
    """The client's name as a project; None derives it from the description's title."""
    client: str | None = None
    """The client's class name; None derives it from the description's title."""
    templates: Path | None = None
    """A folder whose templates go before those that attrest brings."""
    gate: bool = False
    """Whether a description that fails the full validation is refused."""
    ignored_rules: tuple[str, ...] = ()
    """The house rules that the description need not keep."""
    include: Choice = Choice()
    """The operations to generate; all, where it names none."""
    exclude: Choice = Choice()
    """The operations not to generate, even if they are included."""
    overlays: tuple[Path, ...] = ()
    """Files with changes to the description, in the order in which they are made."""
    allow_hosts: tuple[str, ...] = ()
    """The hosts that files of the description may be fetched from; ``http://`` before one allows plain HTTP."""
    changelog: Path | None = None
    """Where its releases are told; None for the usual place beside the description."""
    renamed: tuple[Renaming, ...] = ()
    """The names of earlier releases that the client keeps."""
    releases: Path | None = None
    """The folder that keeps the bundles of its releases; None where it is no project's."""
    root: Path | None = None
    """The folder of the project that the description belongs to; None where no pyproject.toml speaks of it."""

    @property
    def history(self) -> Path:
        """The changelog of the description: beside it, and never that of the project itself."""
        name = "API-CHANGELOG.md" if self.document.parent == self.root else "CHANGELOG.md"
        return self.changelog or self.document.parent / name

    @property
    def reads_standard_input(self) -> bool:
        """Whether the description is not in a file."""
        return self.document.name == _STANDARD_INPUT

    @property
    def source(self) -> str:
        """The description's path as generated files may show it: the same on every machine."""
        if self.root is not None and self.document.is_relative_to(self.root):
            return self.document.relative_to(self.root).as_posix()
        return self.document.name


@attrs.frozen(kw_only=True)
class _Table:
    """``[tool.attrest]`` as written, its paths made absolute."""

    root: Path | None = None
    document: Path | None = None
    output: Path | None = None
    package: str | None = None
    distribution: str | None = None
    client: str | None = None
    templates: Path | None = None
    gate: bool = False
    include: Choice = Choice()
    exclude: Choice = Choice()
    overlays: tuple[Path, ...] = ()
    allow_hosts: tuple[str, ...] = ()
    allowed: Path | None = None
    changelog: Path | None = None
    ignored_rules: tuple[str, ...] = ()


def configured_allowances(start: Path) -> Path | None:
    """Return the file that ``[tool.attrest.diff]`` of the nearest pyproject.toml names; None where it names none.

    Args:
        start: The folder from which it is looked for, upward.

    Raises:
        SettingsError: A key is unknown or its value unfit.
    """
    return _nearest_table(start).allowed


def resolve(
    *,
    start: Path,
    document: Path | None = None,
    output: Path | None = None,
    package: str | None = None,
    gate: bool | None = None,
    overlays: Sequence[Path] = (),
    allow_hosts: Sequence[str] = (),
) -> Settings:
    """Decide what a run works on.

    All of ``[tool.attrest]`` but the templates is meant for the description that it configures: another description,
    given as ``document``, takes none of it.

    Args:
        start: The folder that relative arguments start from, and from which a pyproject.toml is looked for, upward.
        document: The description, instead of the configured one; ``-`` is standard input.
        output: The output folder, instead of the configured one.
        package: The client's import name, instead of the configured one.
        gate: Whether to insist on the full validation, instead of what is configured.
        overlays: Files with changes to the description, made after those of the configured ones.
        allow_hosts: The hosts that files may be fetched from, beside the configured ones.

    Returns:
        The settings. Where neither an argument nor pyproject.toml names an output, it is ``generated`` in ``start``.

    Raises:
        SettingsError: A key is unknown or its value unfit, a name is no name, or there is no description.
    """
    table = _nearest_table(start)
    chosen = _description(start, document, table)
    own = table if table.document is not None and chosen.resolve() == table.document.resolve() else _Table()
    configured = _absolute(start, own.output or Path("generated"))
    settings = Settings(
        document=chosen,
        output=_absolute(start, output) if output else configured,
        package=package or own.package,
        distribution=own.distribution,
        client=own.client,
        templates=table.templates,
        gate=own.gate if gate is None else gate,
        ignored_rules=own.ignored_rules,
        include=own.include,
        exclude=own.exclude,
        overlays=(*own.overlays, *(_absolute(start, overlay) for overlay in overlays)),
        allow_hosts=_hosts((*own.allow_hosts, *allow_hosts)),
        changelog=own.changelog,
        renamed=renamed_beside(chosen) if own.root else (),
        releases=configured / RELEASES if own.root else None,
        root=own.root,
    )
    _check_names(settings)
    return settings


def renamed_beside(document: Path) -> tuple[Renaming, ...]:
    """Return the names of earlier releases that the file beside a description lists; none where there is none.

    Raises:
        SettingsError: The file cannot be read.
    """
    file = document.parent / renamings.NAME
    if not file.is_file():
        return ()
    try:
        return renamings.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{shown(file)}: {error}") from error


def is_taken(name: str) -> bool:
    """Say whether a package of this name would stand in the way of a module of Python's or one that the client needs.

    Case does not count, since it does not on every file system.
    """
    return name.lower() in _STANDARD or name.lower() in _CLIENTS_OWN


def templates_directory() -> Path:
    """Return the folder of the templates that attrest brings: inside a wheel, or at the top of a checkout."""
    package = Path(__file__).parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"


def shown(path: Path) -> str:
    """Return a path as a person in the current folder would write it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _description(start: Path, document: Path | None, table: _Table) -> Path:
    chosen = document or table.document
    if chosen is None:
        raise SettingsError("no description: name one, or set document in [tool.attrest] of pyproject.toml")
    if str(chosen) == "-":
        return start / _STANDARD_INPUT
    chosen = _absolute(start, chosen)
    if not chosen.is_file():
        reason = "is a folder" if chosen.is_dir() else "is no regular file" if chosen.exists() else "no such file"
        raise SettingsError(f"{shown(chosen)}: {reason}")
    return chosen


def _absolute(folder: Path, path: Path) -> Path:
    return Path(os.path.abspath(folder / path))  # noqa: PTH100  # links stay: what is beside one belongs to it


def _nearest_table(start: Path) -> _Table:
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file() and (table := _tool_table(file)) is not None:
            return _read_table(file, table)
    return _Table()


def _tool_table(file: Path) -> dict[str, object] | None:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{shown(file)}: {error}") from error
    tool = content.get("tool", {})
    table = cast("dict[str, object]", tool).get("attrest") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return cast("dict[str, object] | None", table)
    raise SettingsError(f"{shown(file)}: tool.attrest: expected a table")


def _read_table(file: Path, table: dict[str, object]) -> _Table:
    keys = {_key(field.name) for field in attrs.fields(_Table)} - _WITHIN_TABLES | {"diff", "release", "validate"}
    _require_known(file, "tool.attrest", table, keys)
    return _Table(
        root=file.parent,
        document=_path(file, table, "document"),
        output=_path(file, table, "output"),
        package=_text(file, table, "package"),
        distribution=_text(file, table, "distribution"),
        client=_text(file, table, "client"),
        templates=_path(file, table, "templates"),
        gate=_switch(file, table, "gate"),
        include=_choice(file, table, "include"),
        exclude=_choice(file, table, "exclude"),
        overlays=tuple(_absolute(file.parent, Path(text)) for text in _texts(file, table, "overlays")),
        allow_hosts=_texts(file, table, "allow-hosts"),
        allowed=_path(file, _within(file, table, "diff", "allowed"), "allowed", "diff."),
        changelog=_path(file, _within(file, table, "release", "changelog"), "changelog", "release."),
        ignored_rules=_texts(file, _within(file, table, "validate", "ignore"), "ignore", "validate."),
    )


def _within(file: Path, table: dict[str, object], name: str, key: str) -> dict[str, object]:
    """Return a table in ours that has one key at most."""
    within = table.get(name, {})
    if not isinstance(within, dict):
        raise SettingsError(f"{shown(file)}: tool.attrest.{name}: expected a table")
    written = cast("dict[str, object]", within)
    _require_known(file, f"tool.attrest.{name}", written, {key})
    return written


def _require_known(file: Path, name: str, table: Iterable[str], keys: set[str]) -> None:
    if unknown := sorted(set(table) - keys):
        raise SettingsError(f"{shown(file)}: {name}.{unknown[0]}: unknown key; there are {', '.join(sorted(keys))}")


def _choice(file: Path, table: dict[str, object], key: str) -> Choice:
    written = table.get(key, {})
    if not isinstance(written, dict):
        raise SettingsError(f"{shown(file)}: tool.attrest.{key}: expected a table")
    rules = cast("dict[str, object]", written)
    _require_known(file, f"tool.attrest.{key}", rules, {field.name for field in attrs.fields(Choice)})
    return Choice(**{name: _texts(file, rules, name, f"{key}.") for name in rules})


def _key(name: str) -> str:
    """Return the name of a field as TOML writes it."""
    return name.replace("_", "-")


def _hosts(written: Iterable[str]) -> tuple[str, ...]:
    """Return hosts in one order and each once, so that neither makes an output out of date."""
    hosts = sorted({host.lower() for host in written})
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(f"allow-hosts {host!r}: expected a host such as example.com, without a path")
    return tuple(hosts)


def _texts(file: Path, table: dict[str, object], key: str, around: str = "") -> tuple[str, ...]:
    value = table.get(key, [])
    items = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(item, str) and item for item in items):
        raise SettingsError(f"{shown(file)}: tool.attrest.{around}{key}: expected a list of texts")
    return tuple(map(str, items))


def _text(file: Path, table: dict[str, object], key: str, around: str = "") -> str | None:
    value = table.get(key)
    if key in table and not (isinstance(value, str) and value):
        raise SettingsError(f"{shown(file)}: tool.attrest.{around}{key}: expected a text that is not empty")
    return cast("str | None", value)


def _path(file: Path, table: dict[str, object], key: str, around: str = "") -> Path | None:
    text = _text(file, table, key, around)
    return None if text is None else _absolute(file.parent, Path(text))


def _switch(file: Path, table: dict[str, object], key: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SettingsError(f"{shown(file)}: tool.attrest.{key}: expected true or false")
    return value


def _check_names(settings: Settings) -> None:
    for what, name in (("package", settings.package), ("client", settings.client)):
        if name is not None and (not name.isidentifier() or keyword.iskeyword(name)):
            raise SettingsError(f"{what} {name!r}: not a Python identifier")
    if settings.package is not None and is_taken(settings.package):
        owner = "the client needs" if settings.package.lower() in _CLIENTS_OWN else "Python brings"
        raise SettingsError(f"package {settings.package!r}: it would stand in the way of a module that {owner}")
    for overlay in settings.overlays:
        if not overlay.is_file():
            raise SettingsError(f"overlay {shown(overlay)}: no such file")
    if settings.distribution is not None:
        _check_distribution(settings.distribution)
    if settings.templates is not None and not settings.templates.is_dir():
        raise SettingsError(f"templates {shown(settings.templates)}: no such folder")


def _check_distribution(name: str) -> None:
    if not _DISTRIBUTION_NAME.fullmatch(name):
        raise SettingsError(f"distribution {name!r}: not a name of a project")
    if re.sub(r"[-_.]+", "_", name).lower() in _CLIENTS_OWN:
        raise SettingsError(f"distribution {name!r}: a project that the client needs has this name")
