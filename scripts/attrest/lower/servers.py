"""Servers (OpenAPI 3.1 §4.8.5): where a service runs, and the variables of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from attrest import names, nodes, pathitems, placenames, pointers
from attrest.ir import Server, ServerVariable
from attrest.ledger import Entry, degraded
from attrest.runtime.errors import ConfigurationError
from attrest.runtime.servers import VARIABLE, described, is_absolute

_RELATIVE: Final = "relative to where the description is found: the caller has to give the whole URL"
_RELATIVE_TO_CHOSEN: Final = "relative to where the description is found: taken as relative to the client's server"
_UNREACHABLE: Final = "no URL that a request can be sent to: the caller has to give another one"


@attrs.frozen(kw_only=True)
class _Written:
    """A server as it was found."""

    name: str | None
    template: str
    variables: tuple[ServerVariable, ...]
    description: str | None
    is_first: bool
    """Whether it is the one that is called unless another one is chosen."""

    @property
    def words(self) -> str:
        """What it is called where its name is no help: by its URL, which stays when other servers are added."""
        place = self.template.partition("://")[2] or self.template
        return names.snake(place) if names.words(place) else "root"

    @property
    def identity(self) -> tuple[str, tuple[ServerVariable, ...]]:
        """What servers share that have one class."""
        return self.template, self.variables


class Servers:
    """Makes servers. What they and their classes are called is the same wherever others stand."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        """Get to know a description."""
        self.entries: dict[Entry, None] = {}
        """Which servers leave to the caller where they are, each once."""
        self._tree = tree
        self._classes = self._class_names()

    def of_description(self) -> tuple[Server, ...]:
        """Return the servers that the description names; ``/`` where it names none."""
        return self._servers("") or (Server(name="default", url="/"),)

    def of_operation(self, item: str, operation: str) -> tuple[Server, ...]:
        """Return an operation's own servers, or its path's (OpenAPI 3.1 §4.8.9, §4.8.10); none where it has none.

        Args:
            item: The pointer of the path item.
            operation: The pointer of the operation.
        """
        return self._servers(operation) or self._servers(item)

    def _servers(self, owner: str) -> tuple[Server, ...]:
        found = self._written(owner)
        servers: list[Server] = []
        for index, (written, name) in enumerate(zip(found, _server_names(found), strict=True)):
            url = _filled(written.template, written.variables)
            if reason := _left_open(url, _RELATIVE if owner == "" else _RELATIVE_TO_CHOSEN):
                self.entries[degraded(f"{owner}/servers/{index}", reason)] = None
            server = Server(
                name=name,
                url=url,
                description=written.description,
                class_name=self._classes[written.identity] if written.variables else None,
                template=written.template if written.variables else "",
                variables=written.variables,
            )
            servers.append(server)
        return tuple(servers)

    def _written(self, owner: str) -> tuple[_Written, ...]:
        listed = map(nodes.mapping, nodes.sequence(nodes.mapping(nodes.find(self._tree, owner)).get("servers")))
        return tuple(
            _Written(
                name=nodes.text(node.get("name")) or nodes.text(node.get("x-server-name")),
                template=(template := str(node.get("url", "/"))),
                variables=tuple(_variables(template, nodes.mapping(node.get("variables")))),
                description=nodes.text(node.get("description")),
                is_first=index == 0,
            )
            for index, node in enumerate(listed)
        )

    def _class_names(self) -> dict[tuple[str, tuple[ServerVariable, ...]], str]:
        """Return the name of each server's class; those that are alike share one."""
        wishes = [
            (rank, _class_name(scope, written), written)
            for rank, scope, owner in self._owners()
            for written in self._written(owner)
            if written.variables
        ]
        given, found = names.Namespace(("Server",)), dict[tuple[str, tuple[ServerVariable, ...]], str]()
        for _, wanted, written in sorted(wishes, key=lambda wish: (wish[0], wish[1], wish[2].template)):
            if written.identity not in found:
                found[written.identity] = given.take(wanted)
        return found

    def _owners(self) -> Iterator[tuple[int, str, str]]:
        """Give all that can list servers: how it comes among them, what its servers are named after, its pointer."""
        yield 0, "", ""
        for path in nodes.mapping(self._tree.get("paths")):
            item, node = nodes.follow(self._tree, pointers.join(("paths", path)))
            yield 1, placenames.path_words(path) or "root", item
            for method, own, operation in pathitems.operations(item, node):
                yield 2, placenames.operation_name(path, method, operation), own


def _server_names(servers: Sequence[_Written]) -> list[str]:
    """Return what each of several servers goes by: its name, else what the first one is, or where it is."""
    wanted = [each.name or ("default" if each.is_first else each.words) for each in servers]
    given = names.Namespace()
    first = sorted(range(len(servers)), key=lambda index: (servers[index].name is None, servers[index].template))
    found = {index: given.take(wanted[index], servers[index].words) for index in first}
    return [found[index] for index in range(len(servers))]


def _class_name(scope: str, server: _Written) -> str:
    """Return the class name that a server would like to have.

    Args:
        scope: What its owner is called; empty for the description.
        server: The server.
    """
    told = server.name or ("" if server.is_first else server.words)
    words = " ".join(filter(None, (scope, told))) or "default"
    return names.class_name(re.sub("(Server){2}$", "Server", names.pascal(f"{words} server")))


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
