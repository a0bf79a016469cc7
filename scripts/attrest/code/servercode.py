"""The module ``servers`` as its template lays it out: a class for each server whose URL has variables."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from attrest.code import importing, literals
from attrest.ir import Api, Server, ServerVariable
from attrest.runtime.errors import ConfigurationError
from attrest.runtime.servers import described, is_absolute


@attrs.frozen(kw_only=True)
class VariableCode:
    """One attribute."""

    name: str
    annotation: str
    default: str
    documentation: str


@attrs.frozen(kw_only=True)
class ServerCode:
    """One class."""

    name: str
    documentation: str
    template: str
    variables: str
    fields: tuple[VariableCode, ...]


@attrs.frozen(kw_only=True)
class ServersModule:
    """The module."""

    source: str
    imports: tuple[str, ...]
    servers: tuple[ServerCode, ...]


def variable_servers(api: Api) -> tuple[Server, ...]:
    """Return the servers that have a class, each class once."""
    found = {server.class_name: server for server in _all(api) if server.class_name}
    return tuple(found.values())


def is_whole(server: Server) -> bool:
    """Return whether the description says the whole of a server's URL, and one that requests can be sent to."""
    try:
        described(server.url)
    except ConfigurationError:
        return False
    return True


def is_usable(server: Server) -> bool:
    """Return whether a client can be made with a server: by its name, or with values for its variables."""
    return is_absolute(server.template) if server.class_name else is_whole(server)


def _all(api: Api) -> Iterator[Server]:
    yield from api.servers
    for operation in api.operations:
        yield from operation.servers


def servers_module(api: Api) -> ServersModule:
    """Return the module ``servers``."""
    servers = tuple(map(_server, variable_servers(api)))
    words = importing.mentioned(field.annotation for server in servers for field in server.fields)
    return ServersModule(
        source=api.source, imports=importing.standard(words | {"ClassVar", "Mapping"}), servers=servers
    )


def _server(server: Server) -> ServerCode:
    told = [server.description] if server.description else []
    return ServerCode(
        name=server.class_name or "",
        documentation="\n\n".join([*told, f"``{server.template}``."]),
        template=literals.string(server.template),
        variables=literals.literal({variable.wire_name: variable.name for variable in server.variables}),
        fields=tuple(map(_variable, server.variables)),
    )


def _variable(variable: ServerVariable) -> VariableCode:
    values = ", ".join(map(literals.string, variable.values))
    arguments = [] if variable.default is None else [f"default={literals.string(variable.default)}"]
    arguments.append(f"validator=_servers.one_of({values})" if values else "validator=_servers.text")
    return VariableCode(
        name=variable.name,
        annotation=f"Literal[{values}]" if values else "str",
        default=f" = _attrs.field({', '.join(arguments)})",
        documentation=variable.description or "",
    )
