"""The client's packages and its project file, as their templates lay them out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from attrest.code import importing, literals, multipart
from attrest.code.earlier import EarlierImport, EarlierName, EarlierNames
from attrest.code.servercode import variable_servers
from attrest.code.spelling import Spelling
from attrest.ir import Api

_RUNTIME_NAMES = (
    ("AsyncHttpx2Transport", "._runtime.httpx2_transport"),
    ("AsyncStreamedResponse", "._runtime.downloads"),
    ("AsyncTransport", "._runtime.http"),
    ("AsyncTransportResponse", "._runtime.http"),
    ("File", "._runtime.bodies"),
    ("Headers", "._runtime.http"),
    ("Httpx2Transport", "._runtime.httpx2_transport"),
    ("Limits", "._runtime.http"),
    ("Options", "._runtime.options"),
    ("PreparedRequest", "._runtime.http"),
    ("RawResponse", "._runtime.responses"),
    ("Retries", "._runtime.retries"),
    ("StreamedResponse", "._runtime.downloads"),
    ("Timeout", "._runtime.options"),
    ("Transport", "._runtime.http"),
    ("TransportResponse", "._runtime.http"),
    ("UNSET", "._runtime.unset"),
    ("UnknownVariant", "._runtime.codec"),
    ("Unset", "._runtime.unset"),
)
"""What every client offers."""
_STREAM_NAMES = (
    ("AsyncEventStream", "._runtime.streams"),
    ("AsyncJsonLines", "._runtime.streams"),
    ("EventStream", "._runtime.streams"),
    ("JsonLines", "._runtime.streams"),
    ("ServerSentEvent", "._runtime.event_streams"),
)
_PART_NAMES = (("Part", "._runtime.parts"),)
_TOKEN_NAMES = (("ClientCredentials", "._runtime.tokens"),)
_PAGE_NAMES = (("AsyncPages", "._runtime.pagination"), ("Pages", "._runtime.pagination"))


@attrs.frozen(kw_only=True)
class PackageCode:
    """What the files that tie a package together say."""

    source: str
    title: str = ""
    documentation: str = ""
    names: tuple[tuple[str, str], ...] = ()
    """Names and the modules that have them, relative."""
    renamed: tuple[EarlierName, ...] = ()
    moved: tuple[EarlierImport, ...] = ()
    """What a module had in earlier releases."""
    directives: tuple[str, ...] = ()
    """Comments for type checkers."""
    modules: tuple[str, ...] = ()
    """The package's own public modules."""
    errors: tuple[str, ...] = ()
    distribution: str = ""
    version: str = ""
    summary: str = ""
    folder: str = ""


def root(api: Api) -> PackageCode:
    """Return the package itself."""
    clients = ((api.client, ".client"), (f"Async{api.client}", ".client"))
    streams = _STREAM_NAMES if any(operation.has_streams for operation in api.operations) else ()
    pages = _PAGE_NAMES if any(operation.pagination for operation in api.operations) else ()
    parts = _PART_NAMES if multipart.is_used(api) else ()
    tokens = _TOKEN_NAMES if any(scheme.kind == "oauth2" for scheme in api.security_schemes) else ()
    return PackageCode(
        source=api.source,
        title=literals.plain(api.title),
        names=tuple(sorted((*clients, *_RUNTIME_NAMES, *streams, *pages, *parts, *tokens))),
        modules=tuple(_modules(api)),
    )


def _modules(api: Api) -> Iterator[str]:
    yield "errors"
    if api.events:
        yield "events"
    yield "models"
    if variable_servers(api):
        yield "servers"


def models(api: Api) -> PackageCode:
    """Return the package ``models``: declarations and requests."""
    declared = [(declaration.name, f".{declaration.module}") for declaration in api.declarations]
    requests = [(operation.request, f"..operations.{operation.module}") for operation in api.operations]
    words = frozenset(declaration.name for declaration in api.declarations)
    return PackageCode(
        source=api.source,
        names=tuple(sorted(declared + requests)),
        renamed=EarlierNames(api).of("class"),
        directives=importing.directives(Spelling(api.declarations), words),
    )


def errors(api: Api, names: tuple[str, ...]) -> PackageCode:
    """Return the module ``errors``."""
    return PackageCode(source=api.source, errors=names)


def folder(api: Api, documentation: str) -> PackageCode:
    """Return a package that only holds modules."""
    return PackageCode(source=api.source, documentation=documentation)


def moved(api: Api) -> dict[str, PackageCode]:
    """Return the modules that are only there for what they had in earlier releases, by what the package calls them."""
    earlier = EarlierNames(api)
    return {
        module: PackageCode(source=api.source, directives=importing.OFFERS_EARLIER_NAMES, moved=earlier.imports(module))
        for module in earlier.modules
        if module not in api.modules
    }


def project(api: Api) -> PackageCode:
    """Return the project file."""
    return PackageCode(
        source=api.source,
        distribution=api.distribution,
        version=version(api.version),
        summary=" ".join(f"A client of {api.title}.".split()),
        folder=f"src/{api.package}",
    )


def version(described: str) -> str:
    """Return a description's version as Python spells versions (PEP 440); what is none becomes a local part of 0."""
    text = described.strip().lower().removeprefix("v")
    if re.fullmatch(r"\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?", text):
        return text
    local = re.sub(r"[^a-z0-9]+", ".", text).strip(".")
    return f"0+{local}" if local else "0"
