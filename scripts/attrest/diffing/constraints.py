"""Compares what two schemas demand of a value itself: its type, whether it may be null, its values and its limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

from attrest.diffing import listed
from attrest.diffing.changes import Area, Direction, Fact
from attrest.diffing.keys import lacking
from attrest.diffing.rules import UPPER_LIMITS
from attrest.diffing.views import TYPES, Limit, Part, Parts, View, covers, is_multiple, value_of
from attrest.ir import ABSENT, Absent

_AREA: Final[Area] = "schema"
_TEXTUAL: Final = frozenset({"string", "number", "integer", "boolean"})
"""What travels alike as plain text."""
_FORMATS_WITHIN: Final = {"int32": "int64", "float": "double"}
"""Formats all of whose values another one has too."""


@attrs.frozen
class Views:
    """Both sides of a comparison."""

    old: View
    new: View
    direction: Direction
    textual: bool

    def fact(
        self, kind: str, action: str, old: Part | None, new: Part | None, subject: str = "", *, told: bool = True
    ) -> Fact:
        """Make a fact about nodes, which are what it was before and is after unless that is not to be told."""
        return Fact(
            old=old.pointer if old else None,
            new=new.pointer if new else None,
            direction=self.direction,
            area=_AREA,
            kind=kind,
            action=action,
            subject=subject,
            before=value_of(old) if told else ABSENT,
            after=value_of(new) if told else ABSENT,
        )

    def at(
        self,
        kind: str,
        action: str,
        old: str | None,
        new: str | None,
        before: Any | Absent = ABSENT,
        after: Any | Absent = ABSENT,
        subject: str = "",
    ) -> Fact:
        """Make a fact about pointers."""
        return Fact(
            old=old,
            new=new,
            direction=self.direction,
            area=_AREA,
            kind=kind,
            action=action,
            subject=subject,
            before=before,
            after=after,
        )

    @property
    def required_names(self) -> tuple[frozenset[str], frozenset[str]]:
        """The properties that both sides require of what travels in this direction."""
        return self._required(self.old), self._required(self.new)

    def _required(self, view: View) -> frozenset[str]:
        return frozenset(name for name in view.required if self._travels(view, view.properties.get(name, ())))

    def travels(self, old: Parts, new: Parts) -> bool:
        """Tell whether a property travels in this direction before or after."""
        return self._travels(self.old, old) or self._travels(self.new, new)

    def _travels(self, view: View, parts: Parts) -> bool:
        hidden = "readOnly" if self.direction == "request" else "writeOnly"
        return not (parts and view.inside(parts).is_set(hidden))


def facts(views: Views) -> Iterator[Fact]:
    """List what differs."""
    yield from _type_facts(views)
    if are_unlike(views):
        return
    yield from _null_facts(views)
    yield from _value_facts(views)
    if not listed.decide(views.old, views.new):
        yield from _demand_facts(views)
    yield from _format_facts(views)
    yield from _encoding_facts(views)
    yield from _default_facts(views)
    yield from _xml_facts(views)


def _demand_facts(views: Views) -> Iterator[Fact]:
    """Compare what is demanded of values of some types alone."""
    for types, keywords in _LIMITED.items():
        if views.old.may_be(types) and views.new.may_be(types):
            for keyword in keywords:
                yield from _limit_facts(views, keyword, is_upper=keyword in UPPER_LIMITS)
    for types, compare in _DEMANDS.items():
        if views.old.may_be(types) and views.new.may_be(types):
            yield from compare(views)


def are_unlike(views: Views) -> bool:
    """Tell whether no value is of both types, so that it means nothing to compare what else they demand."""
    old, new = _types(views)
    return not _covering(old, new, views) and not _covering(new, old, views)


def _types(views: Views) -> tuple[frozenset[str], frozenset[str]]:
    """Return the types of both sides; those of listed values where one side names none, and the other one does."""
    old, new = views.old.types, views.new.types
    if old is None and new is not None:
        old = listed.types(views.old)
    elif new is None and old is not None:
        new = listed.types(views.new)
    return TYPES if old is None else old, TYPES if new is None else new


def _covering(wide: frozenset[str], narrow: frozenset[str], views: Views) -> bool:
    """Tell whether one set of types allows all that the other does."""
    if views.textual and "string" in wide:
        wide = wide | _TEXTUAL
    return all(covers(wide, type_) for type_ in narrow)


def _type_facts(views: Views) -> Iterator[Fact]:
    old, new = _types(views)
    widens, narrows = _covering(new, old, views), _covering(old, new, views)
    if old == new or (widens and narrows):
        return
    action = "widened" if widens else "narrowed" if narrows else "changed"
    yield views.at(
        "type", action, _pointer(views.old, "type"), _pointer(views.new, "type"), _told(views.old), _told(views.new)
    )


def _pointer(view: View, keyword: str) -> str | None:
    said = view.said(keyword)
    return said.pointer if said else view.pointer


def _told(view: View) -> str:
    if view.types is None:
        return "any"
    return " or ".join(sorted(view.types)) or "nothing"


def _null_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.null, views.new.null
    if old is new or (old is None and views.old.types is None and not views.old.alternatives):
        return
    if new is None and views.new.types is None and not views.new.alternatives:
        return
    if bool(old) != bool(new):
        yield views.at("nullability", "added" if new else "removed", views.old.pointer, views.new.pointer)


def _value_facts(views: Views) -> Iterator[Fact]:
    """Compare ``enum``, ``const`` and ``x-extensible-enum`` (JSON Schema 2020-12 validation §6.1)."""
    yield from _known_facts(views)
    old, new = views.old.values, views.new.values
    if old is None or new is None:
        if old is not None or new is not None:
            action = "added" if old is None else "removed"
            extensible = views.old.is_extensible or views.new.is_extensible
            if not extensible and not listed.lists_booleans(views.old, views.new):
                yield views.at("enum", action, _values_at(views.old), _values_at(views.new), _values(old), _values(new))
        return
    if len(old) == len(new) == 1 and old.keys() != new.keys():
        yield views.fact("const", "changed", next(iter(old.values())), next(iter(new.values())))
        return
    if views.old.is_extensible != views.new.is_extensible:
        yield views.at(
            "enum", "opened" if views.new.is_extensible else "closed", _values_at(views.old), _values_at(views.new)
        )
    kind = "extensible enum value" if views.old.is_extensible and views.new.is_extensible else "enum value"
    for key in lacking(old, new):
        yield views.fact(kind, "removed", old[key], None)
    for key in lacking(new, old):
        yield views.fact(kind, "added", None, new[key])


def _known_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.known, views.new.known
    for key in lacking(old, new) if views.new.is_extensible else ():
        yield views.fact("extensible enum value", "removed", old[key], None)
    for key in lacking(new, old) if views.old.is_extensible else ():
        yield views.fact("extensible enum value", "added", None, new[key])
    if bool(old) != bool(new) and (views.old.values or views.new.values):
        yield views.at("enum", "opened" if new else "closed", views.old.pointer, views.new.pointer)


def _values_at(view: View) -> str | None:
    return next(
        (pointer for key in ("const", "enum") if (pointer := _pointer(view, key)) != view.pointer), view.pointer
    )


def _values(listed: dict[str, Part] | None) -> Any | Absent:
    return ABSENT if listed is None else [part.node for part in listed.values()]


def _limit_facts(views: Views, keyword: str, *, is_upper: bool) -> Iterator[Fact]:
    sign = -1 if is_upper else 1
    old, new = views.old.limit(keyword), views.new.limit(keyword)
    if _bound(old) == _bound(new) or (keyword == "minProperties" and _is_implied(views, old, new)):
        return
    if old is None or new is None:
        action = "added" if old is None else "removed"
    else:
        is_tighter = (sign * new.value, new.exclusive) > (sign * old.value, old.exclusive)
        action = "lowered" if is_tighter is is_upper else "raised"
    yield views.at(
        keyword,
        action,
        old.pointer if old else None,
        new.pointer if new else None,
        _written(old, is_upper=is_upper),
        _written(new, is_upper=is_upper),
    )


def _is_implied(views: Views, old: Limit | None, new: Limit | None) -> bool:
    """Tell whether the side that has the lower limit, or none, requires as many properties as the other one."""
    before, after = (len(names) for names in views.required_names)
    if new is None or (old is not None and old.value > new.value):
        return old is not None and after >= old.value
    return before >= new.value


def _bound(limit: Limit | None) -> tuple[float, bool] | None:
    return None if limit is None else (limit.value, limit.exclusive)


def _written(limit: Limit | None, *, is_upper: bool) -> Any | Absent:
    if limit is None:
        return ABSENT
    return f"{'<' if is_upper else '>'} {limit.value}" if limit.exclusive else limit.value


def _multiple_facts(views: Views) -> Iterator[Fact]:
    old, new = ({part.node for part in view.multiples} for view in (views.old, views.new))
    if old == new:
        return
    if not old or not new:
        action = "removed" if old else "added"
    elif all(any(is_multiple(value, of) for value in new) for of in old):
        action = "narrowed"
    else:
        action = "widened" if all(any(is_multiple(value, of) for value in old) for of in new) else "changed"
    yield views.fact("multipleOf", action, views.old.said("multipleOf"), views.new.said("multipleOf"))


def _flag_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.is_set("uniqueItems"), views.new.is_set("uniqueItems")
    if old != new:
        action = "added" if new else "removed"
        yield views.fact(
            "uniqueItems", action, views.old.said("uniqueItems"), views.new.said("uniqueItems"), told=False
        )


def _pattern_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.patterns, views.new.patterns
    gone, come = [old[key] for key in lacking(old, new)], [new[key] for key in lacking(new, old)]
    if gone and come:
        yield views.fact("pattern", "changed", gone[0], come[0])
    elif gone:
        yield views.fact("pattern", "removed", gone[0], None)
    elif come:
        yield views.fact("pattern", "added", None, come[0])


def _format_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.format, views.new.format
    if value_of(old) == value_of(new):
        return
    if old is None or new is None:
        action = "removed" if old else "added"
    elif _FORMATS_WITHIN.get(str(old.node)) == new.node:
        action = "widened"
    else:
        action = "narrowed" if _FORMATS_WITHIN.get(str(new.node)) == old.node else "changed"
    yield views.fact("format", action, old, new)


def _encoding_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.encoding, views.new.encoding
    if old != new:
        written = (" of ".join(filter(None, each)) or "plain text" for each in (old, new))
        yield views.at("content encoding", "changed", views.old.pointer, views.new.pointer, *written)


_NUMBERS: Final = ("number", "integer")
_LIMITED: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    _NUMBERS: ("maximum", "minimum"),
    ("string",): ("maxLength", "minLength"),
    ("array",): ("maxItems", "maxContains", "minItems", "minContains"),
    ("object",): ("maxProperties", "minProperties"),
}
"""The limits of values by the types that they are of; they say nothing of others (JSON Schema validation §6)."""
_DEMANDS: Final[Mapping[tuple[str, ...], Callable[[Views], Iterator[Fact]]]] = {
    _NUMBERS: _multiple_facts,
    ("array",): _flag_facts,
    ("string",): _pattern_facts,
}
"""What else is demanded of values of some types alone."""


def _default_facts(views: Views) -> Iterator[Fact]:
    old, new = views.old.said("default"), views.new.said("default")
    if old and new and old.node != new.node:
        yield views.fact("default", "changed", old, new)
    elif bool(old) != bool(new):
        yield views.fact("default", "removed" if old else "added", old, new)


def _xml_facts(views: Views) -> Iterator[Fact]:
    xml = views.old.said("xml"), views.new.said("xml")
    if value_of(xml[0]) != value_of(xml[1]):
        yield views.fact("xml", "changed", *xml)
