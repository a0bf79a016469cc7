"""Servers (OpenAPI 3.1 §4.8.5): where a service runs, and the variables of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrest import names, nodes
from attrest.ir import Server, ServerVariable
from attrest.ledger import Entry, degraded
from attrest.runtime.errors import ConfigurationError
from attrest.runtime.servers import VARIABLE, described, is_absolute

_RELATIVE: Final = "relative to where the description is found: the caller has to give the whole URL"
_RELATIVE_TO_CHOSEN: Final = "relative to where the description is found: taken as relative to the client's server"
_UNREACHABLE: Final = "no URL that a request can be sent to: the caller has to give another one"


class Servers:
    """Makes servers, and keeps the names of their classes apart."""

    def __init__(self) -> None:
        self.entries: dict[Entry, None] = {}
        """Which servers leave to the caller where they are, each once."""
        self._classes = names.Namespace(("Server",))
        self._given: dict[tuple[str, tuple[ServerVariable, ...]], str] = {}

    def of_description(self, tree: Mapping[str, Any]) -> tuple[Server, ...]:
        """Return the servers that a description names; ``/`` where it names none."""
        return self._servers(tree, "", "") or (Server(name="default", url="/"),)

    def of_operation(self, tree: Mapping[str, Any], item: str, operation: str, name: str) -> tuple[Server, ...]:
        """Return an operation's own servers, or its path's (OpenAPI 3.1 §4.8.9, §4.8.10); none where it has none.

        Args:
            tree: The description.
            item: The pointer of the path item.
            operation: The pointer of the operation.
            name: What the classes of servers without a name are named after.
        """
        return self._servers(tree, operation, name) or self._servers(tree, item, name)

    def _servers(self, tree: Mapping[str, Any], owner: str, scope: str) -> tuple[Server, ...]:
        given = names.Namespace()
        servers: list[Server] = []
        for index, node in enumerate(nodes.sequence(nodes.mapping(nodes.find(tree, owner)).get("servers"))):
            server = self._server(nodes.mapping(node), index, given, scope)
            servers.append(server)
            if reason := _left_open(server.url, _RELATIVE if owner == "" else _RELATIVE_TO_CHOSEN):
                self.entries[degraded(f"{owner}/servers/{index}", reason)] = None
        return tuple(servers)

    def _server(self, node: Mapping[str, Any], index: int, given: names.Namespace, scope: str) -> Server:
        wanted = nodes.text(node.get("name")) or nodes.text(node.get("x-server-name"))
        name = given.take(wanted or ("default" if index == 0 else f"server_{index + 1}"))
        number = f" {index + 1}" if index else ""
        scoped = f"{scope} {wanted} server" if wanted else f"{scope or 'default'} server{number}"
        template = str(node.get("url", "/"))
        variables = tuple(_variables(template, nodes.mapping(node.get("variables"))))
        return Server(
            name=name,
            url=_filled(template, variables),
            description=nodes.text(node.get("description")),
            class_name=self._class(template, variables, scoped) if variables else None,
            template=template if variables else "",
            variables=variables,
        )

    def _class(self, template: str, variables: tuple[ServerVariable, ...], wanted: str) -> str:
        """Return the name of a server's class; those that are alike share one."""
        identity = template, variables
        if identity not in self._given:
            name = re.sub("(Server){2}$", "Server", names.pascal(wanted))
            self._given[identity] = self._classes.take(names.class_name(name))
        return self._given[identity]


def _variables(template: str, described: Mapping[str, Any]) -> Iterator[ServerVariable]:
    wire_names = tuple(dict.fromkeys(VARIABLE.findall(template)))
    attributes = names.attributes(wire_names, names.FIELD_RESERVED | {"template", "url", "variables"})
    for wire_name in wire_names:
        variable = nodes.mapping(described.get(wire_name))
        values = tuple(dict.fromkeys(map(str, nodes.sequence(variable.get("enum")))))
        default = str(variable["default"]) if variable.get("default") is not None else None
        yield ServerVariable(
            name=attributes[wire_name],
            wire_name=wire_name,
            default=default,
            values=values if not values or default in {None, *values} else (*values, str(default)),
            description=nodes.text(variable.get("description")),
        )


def _left_open(url: str, if_relative: str) -> str | None:
    """Return why a URL, its variables filled in, is not the whole URL of a server; None where it is.

    Args:
        url: The URL.
        if_relative: What there is to say of one that is relative.
    """
    if missing := VARIABLE.findall(url):
        return f"no value for {' and '.join(missing)}: the caller has to give it"
    if not is_absolute(url):
        return if_relative
    try:
        described(url)
    except ConfigurationError:
        return _UNREACHABLE
    return None


def _filled(template: str, variables: tuple[ServerVariable, ...]) -> str:
    defaults = {variable.wire_name: variable.default for variable in variables}
    return VARIABLE.sub(lambda found: found[0] if (value := defaults[found[1]]) is None else value, template)
