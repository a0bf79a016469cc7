"""Servers (OpenAPI 3.1 §4.8.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrest import names, nodes
from attrest.ir import Server


def servers(tree: Mapping[str, Any]) -> tuple[Server, ...]:
    """Return the servers that a description names; ``/`` where it names none."""
    given, found = names.Namespace(), list[Server]()
    for index, node in enumerate(nodes.sequence(tree.get("servers"))):
        server = nodes.mapping(node)
        wanted = nodes.text(server.get("name")) or nodes.text(server.get("x-server-name"))
        name = given.take(wanted or ("default" if index == 0 else f"server_{index + 1}"))
        found.append(Server(name=name, url=url_of(server), description=nodes.text(server.get("description"))))
    return tuple(found) or (Server(name="default", url="/"),)


def url_of(server: Mapping[str, Any]) -> str:
    """Return a server's URL with every variable at its default."""
    url = str(server.get("url", "/"))
    for name, variable in nodes.mapping(server.get("variables")).items():
        url = url.replace("{" + name + "}", str(nodes.mapping(variable).get("default", "")))
    return url
