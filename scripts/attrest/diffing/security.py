"""Compares how callers authenticate: the schemes (OpenAPI 3.1 §4.8.27) and what each operation asks for (§4.8.30)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from attrest import nodes, pointers
from attrest.diffing.changes import Direction, Place
from attrest.diffing.collecting import Collector, Spot
from attrest.diffing.keys import lacking, shared
from attrest.diffing.remarks import field_facts
from attrest.diffing.views import Part, Side

Alternative: TypeAlias = frozenset[tuple[str, str]]
"""The schemes that are asked for at once, each with a scope; the scope is empty where none is asked for."""

_FREE: Final[Alternative] = frozenset()
"""The alternative that asks for nothing."""
_SECTION: Final = ("components", "securitySchemes")
_FLOW_URLS: Final = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
_ANYWHERE: Final = Place("")


class Schemes:
    """The schemes of both sides, and which is which."""

    def __init__(self, collector: Collector) -> None:
        """Compare the schemes that both have; one that only got another name is the same."""
        self._collector = collector
        self._old, self._new = _schemes(collector.old), _schemes(collector.new)
        self._names = dict(self._paired())
        for old, new in self._names.items():
            self._compare(self._old[old], self._new[new])
        for name in lacking(self._old, self._names):
            self._tell("existence", "removed", self._old[name], None, subject=name)
        for name in lacking(self._new, self._names.values()):
            self._tell("existence", "added", None, self._new[name], subject=name)

    def old_alternatives(self, written: Any) -> tuple[Alternative, ...]:
        """Return what the old side asks for, in the names of the new side."""
        return _alternatives(written, {old: self._names.get(old, f"{old} (old)") for old in self._old})

    def new_alternatives(self, written: Any) -> tuple[Alternative, ...]:
        """Return what the new side asks for."""
        return _alternatives(written, {})

    def _paired(self) -> Iterator[tuple[str, str]]:
        yield from ((name, name) for name in self._old if name in self._new)
        come = [name for name in self._new if name not in self._old]
        for name in [name for name in self._old if name not in self._new]:
            twin = next((other for other in come if _essence(self._new[other]) == _essence(self._old[name])), None)
            if twin is not None:
                come.remove(twin)
                yield name, twin

    def _compare(self, old: Part, new: Part) -> None:
        before, after = nodes.mapping(old.node), nodes.mapping(new.node)
        self._collector.nodes(_ANYWHERE, old, new, "request", "security scheme")
        if before.get("type") != after.get("type"):
            self._tell("type", "changed", old, new, before=before.get("type"), after=after.get("type"))
            return
        for kind, first, second in (
            ("location", (before.get("in"), before.get("name")), (after.get("in"), after.get("name"))),
            ("scheme", str(before.get("scheme")).lower(), str(after.get("scheme")).lower()),
            ("bearer format", before.get("bearerFormat"), after.get("bearerFormat")),
            ("url", before.get("openIdConnectUrl"), after.get("openIdConnectUrl")),
        ):
            if first != second:
                self._tell(kind, "changed", old, new, before=first, after=second)
        self._compare_flows(old, new)

    def _compare_flows(self, old: Part, new: Part) -> None:
        before, after = (nodes.mapping(part.node.get("flows")) for part in (old, new))
        for name in [name for name in before if name not in after]:
            self._tell("flow", "removed", old.child("flows", name), None, subject=name)
        for name in [name for name in after if name not in before]:
            self._tell("flow", "added", None, new.child("flows", name), subject=name)
        for name in [name for name in before if name in after]:
            self._compare_flow(old.child("flows", name), new.child("flows", name))

    def _compare_flow(self, old: Part, new: Part) -> None:
        before, after = nodes.mapping(old.node), nodes.mapping(new.node)
        for keyword in _FLOW_URLS:
            if before.get(keyword) != after.get(keyword):
                self._tell(
                    "url", "changed", old, new, subject=keyword, before=before.get(keyword), after=after.get(keyword)
                )
        scopes = nodes.mapping(before.get("scopes")), nodes.mapping(after.get("scopes"))
        for scope in lacking(scopes[0], scopes[1]):
            self._tell("scope", "removed", old.child("scopes", scope), None, subject=scope)
        for scope in lacking(scopes[1], scopes[0]):
            self._tell("scope", "added", None, new.child("scopes", scope), subject=scope)
        if both := shared(*scopes):
            texts = old.child("scopes"), new.child("scopes")
            for fact in field_facts(*texts, both, "request", "security scheme"):
                self._collector.note(_ANYWHERE, fact)

    def _tell(self, kind: str, action: str, old: Part | None, new: Part | None, **said: Any) -> None:
        self._collector.at(_ANYWHERE, "request", "security scheme").tell(
            kind, action, old=old.pointer if old else None, new=new.pointer if new else None, **said
        )


def compare(
    collector: Collector, schemes: Schemes, place: Place, old: Part | None, new: Part | None, direction: Direction
) -> None:
    """Compare what an operation asks for: alternatives, of which callers meet one.

    Args:
        collector: Told what is found.
        schemes: The schemes of both sides.
        place: The operation.
        old: The old list of alternatives; None where there is none.
        new: The new one.
        direction: ``request`` where callers authenticate.
    """
    spot = collector.at(place, direction, "security")
    before = schemes.old_alternatives(old.node if old else None)
    after = schemes.new_alternatives(new.node if new else None)
    pointers_ = {"old": old.pointer if old else None, "new": new.pointer if new else None}
    if _FREE in before and _FREE not in after:
        spot.tell("requirement", "introduced", subject=_all_told(after), **pointers_)
    elif _FREE in after and _FREE not in before:
        spot.tell("requirement", "lifted", subject=_all_told(before), **pointers_)
    else:
        _compare_alternatives(spot, before, after, pointers_)


def _compare_alternatives(
    spot: Spot, before: Iterable[Alternative], after: Iterable[Alternative], pointers_: dict[str, str | None]
) -> None:
    """Compare alternatives; one that asks for the same schemes is the same, whichever scopes it asks for."""
    olds, news = ({_names(each): each for each in listed} for listed in (before, after))
    for names in shared(olds, news):
        for _, scope in sorted(news[names] - olds[names]):
            spot.tell("scope", "added", subject=scope, **pointers_)
        for _, scope in sorted(olds[names] - news[names]):
            spot.tell("scope", "removed", subject=scope, **pointers_)
    for names in lacking(olds, news):
        action = "eased" if any(each <= olds[names] for each in news.values()) else "removed"
        spot.tell("requirement", action, subject=_told(olds[names]), **pointers_)
    for names in lacking(news, olds):
        spot.tell("requirement", "added", subject=_told(news[names]), **pointers_)


def _schemes(side: Side) -> dict[str, Part]:
    root = Part("", side.tree)
    for token in _SECTION:
        if token not in nodes.mapping(root.node):
            return {}
        root = root.child(token)
    return {name: side.object_of(root.child(name)) for name in nodes.mapping(root.node)}


def _essence(part: Part) -> tuple[Any, ...]:
    """Return what makes a scheme that one, whatever it is called."""
    node = nodes.mapping(part.node)
    flows = {
        name: [nodes.mapping(flow).get(url) for url in _FLOW_URLS]
        for name, flow in nodes.mapping(node.get("flows")).items()
    }
    own = (node.get(key) for key in ("type", "in", "name", "openIdConnectUrl"))
    return (*own, str(node.get("scheme")).lower(), flows)


def _alternatives(written: Any, names: Mapping[str, str]) -> tuple[Alternative, ...]:
    listed = (
        frozenset(
            (names.get(_scheme(key), _scheme(key)), str(scope))
            for key, scopes in nodes.mapping(each).items()
            for scope in ("", *nodes.sequence(scopes))
        )
        for each in nodes.sequence(written)
    )
    return tuple(listed) or (_FREE,)


def _scheme(key: str) -> str:
    """Return the name of a scheme, which a requirement may write as a reference (OpenAPI 3.2 §4.30)."""
    return pointers.split(nodes.target(key))[-1] if key.startswith("#/") else key


def _names(alternative: Alternative) -> frozenset[str]:
    return frozenset(name for name, _ in alternative)


def _told(alternative: Alternative) -> str:
    return " and ".join(sorted(_names(alternative))) or "none"


def _all_told(alternatives: Iterable[Alternative]) -> str:
    return " or ".join(map(_told, alternatives))
