"""From the intermediate representation to files: which there are, from which template, with which context.

This is the only module that knows Jinja.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any, cast

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateSyntaxError,
    meta,
    select_autoescape,
)
from jinja2.bccache import Bucket

from attrest.code import packagecode
from attrest.code.eventcode import event_modules, event_package
from attrest.code.filters import FILTERS
from attrest.code.modelcode import model_modules
from attrest.code.requestcode import request_modules
from attrest.code.resourcecode import client_module, resource_modules
from attrest.code.runtimefiles import needed
from attrest.code.servercode import servers_module, variable_servers
from attrest.filetree import FileTree
from attrest.ir import Api
from attrest.pages import reference
from attrest.pages.reference import Page
from attrest.runtime import errors
from attrest.settings import TEMPLATE_SUFFIXES, SettingsError, shown, templates_directory

_RUNTIME = Path(__file__).parent / "runtime"


class _Compiled(BytecodeCache):
    """Templates that were compiled in this process, by their names and what they say."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def render(api: Api, bundle: Mapping[str, str], templates: Path | None = None) -> FileTree:
    """Render every file of an API.

    Args:
        api: The API.
        bundle: The published description: file name to text.
        templates: A folder whose templates go before ours.

    Returns:
        The files, not yet formatted.

    Raises:
        SettingsError: A template of the folder cannot be used; the message says where, and why.
    """
    files = render_pages(_pages(api), templates)
    runtime = needed(files.values(), _runtime())
    files |= {f"python/src/{api.package}/_runtime/{name}.py": text for name, text in runtime.items()}
    files |= {f"python/src/{api.package}/py.typed": ""}
    files |= {f"openapi/{name}": text for name, text in bundle.items()}
    return FileTree(dict(sorted(files.items())))


def render_pages(pages: Iterable[Page], templates: Path | None = None) -> dict[str, str]:
    """Render pages.

    Args:
        pages: The pages.
        templates: A folder whose templates go before ours.

    Returns:
        The path of each page, and its text.

    Raises:
        SettingsError: A template of the folder cannot be used; the message says where, and why.
    """
    environment = _environment(templates)
    if templates:
        _require_used(environment, templates)
    return {page.path: _rendered(environment, page, templates) for page in pages}


def _environment(templates: Path | None) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([*([templates] if templates else []), templates_directory()]),
        undefined=StrictUndefined,
        # all but HTML is Python and Markdown; filters and markdown.py escape for those
        autoescape=select_autoescape(("html.j2",), default_for_string=False),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
    cast("Any", environment).filters.update(FILTERS)  # Jinja leaves their type open
    return environment


def _require_used(environment: Environment, templates: Path) -> None:
    """Refuse a folder with a template that is neither one of ours nor included: most likely its name is wrong."""
    ours = frozenset(_templates_in(templates_directory()))
    theirs = frozenset(_templates_in(templates))
    # a file that only lacks the suffix was meant as well
    unknown = (theirs | {path for path in _files_in(templates) if f"{path}.j2" in ours}) - ours
    if unknown:
        unknown -= {name for path in theirs for name in _included(environment, templates / path)}
    for path in sorted(unknown):
        nearest = difflib.get_close_matches(path, sorted(ours), n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise SettingsError(f"{shown(templates / path)}: attrest has no template {path}, and none includes it{hint}")


def _templates_in(folder: Path) -> Iterator[str]:
    return (path for path in _files_in(folder) if Path(path).suffix in TEMPLATE_SUFFIXES)


def _files_in(folder: Path) -> Iterator[str]:
    """List the files in a folder, as templates are called; what is hidden is none of them."""
    return (path for path in FileSystemLoader(folder).list_templates() if not Path(path).name.startswith("."))


def _included(environment: Environment, template: Path) -> Iterator[str]:
    """List what a template includes, imports or extends; nothing where it cannot be read, as rendering will say."""
    try:
        parsed = environment.parse(template.read_text(encoding="utf-8"))
    except (TemplateSyntaxError, UnicodeDecodeError):
        return
    yield from (name for name in meta.find_referenced_templates(parsed) if name)


def _rendered(environment: Environment, page: Page, templates: Path | None) -> str:
    try:
        return environment.get_template(page.template).render(page.context)
    except Exception as error:
        place = _place_in(templates, error) if templates else None
        if place is None:
            raise
        raise SettingsError(f"{place}: {error}") from error


def _place_in(templates: Path, error: Exception) -> str | None:
    """Say where in a folder of templates an error comes from; None if not from there. Jinja puts it into the trace."""
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError):
        frames.append((error.filename or "", error.lineno))
    inside = [(file, line) for file, line in frames if Path(file).is_relative_to(templates)]
    return f"{shown(Path(inside[-1][0]))}:{inside[-1][1]}" if inside else None


def _pages(api: Api) -> Iterator[Page]:
    yield from _project_files(api)
    source = f"python/src/{api.package}"
    for module in model_modules(api):
        yield _page(f"{source}/models/{module.name}.py", "models/module.py.j2", module=module)
    for request in request_modules(api):
        yield _page(f"{source}/operations/{request.name}.py", "operations/module.py.j2", module=request)
    for resource in resource_modules(api):
        yield _page(f"{source}/resources/{resource.name}.py", "resources/module.py.j2", module=resource)
    yield from _event_files(api)
    if variable_servers(api):
        yield _page(f"{source}/servers.py", "servers/module.py.j2", module=servers_module(api))
    yield _page(f"{source}/client.py", "client/client.py.j2", client=client_module(api))
    yield from reference.pages(api)


def _event_files(api: Api) -> Iterator[Page]:
    if not api.events:
        return
    folder = f"python/src/{api.package}/events"
    yield _page(f"{folder}/__init__.py", "events/package.py.j2", package=event_package(api))
    for event in event_modules(api):
        yield _page(f"{folder}/{event.name}.py", "events/module.py.j2", module=event)


def _project_files(api: Api) -> Iterator[Page]:
    source = f"python/src/{api.package}"
    yield _page("python/pyproject.toml", "package/pyproject.toml.j2", package=packagecode.project(api))
    yield _page(f"{source}/__init__.py", "package/init.py.j2", package=packagecode.root(api))
    yield _page(f"{source}/errors.py", "package/errors.py.j2", package=packagecode.errors(api, _error_names()))
    yield _page(f"{source}/models/__init__.py", "models/package.py.j2", package=packagecode.models(api))
    for name, documentation in (
        ("operations", "One module for each operation: its request, as a value."),
        ("resources", "One module for each tag: its operations, as methods."),
    ):
        code = packagecode.folder(api, documentation)
        yield _page(f"{source}/{name}/__init__.py", "package/subpackage.py.j2", package=code)
    for module, code in packagecode.moved(api).items():
        yield _page(f"{source}/{module.replace('.', '/')}.py", "package/moved.py.j2", package=code)


def _page(path: str, template: str, **context: Any) -> Page:
    return Page(path=path, template=template, context=context)


def _runtime() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(_RUNTIME.glob("*.py"))}


def _error_names() -> tuple[str, ...]:
    """Return the exceptions that the runtime defines."""
    return tuple(name for name in errors.__all__ if name.endswith("Error"))
