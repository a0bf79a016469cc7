"""The table of verdicts: direction x area x kind x action.

A change is *breaking* where some caller who keeps to the old description stops working; *risky* where the descriptions
cannot tell, since it depends on what the service does beside them or on what callers made of it; *safe* otherwise.
So what narrows a request breaks, and what widens a response does. What is the same in both directions is said once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, get_args

import attrs

from attrest.diffing.changes import DEPRECATABLE, DOCUMENTATION, Area, Direction, Fact, Verdict


@attrs.frozen
class Ruling:
    """A verdict and its reason."""

    verdict: Verdict
    reason: str


@attrs.frozen
class Row:
    """The verdicts on one kind of change, by direction."""

    request: Ruling
    response: Ruling

    def ruling(self, direction: Direction) -> Ruling:
        """Return the verdict for a direction."""
        return self.request if direction == "request" else self.response


Key: TypeAlias = tuple[Area, str, str]
"""Area, kind and action."""


def _breaking(reason: str) -> Ruling:
    return Ruling("breaking", reason)


def _risky(reason: str) -> Ruling:
    return Ruling("risky", reason)


def _safe(reason: str) -> Ruling:
    return Ruling("safe", reason)


def _both(ruling: Ruling) -> Row:
    return Row(ruling, ruling)


def _rows(area: Area, kinds: Iterable[str], actions: Iterable[str], row: Row) -> dict[Key, Row]:
    return {(area, kind, action): row for kind in kinds for action in actions}


UNUSED: Final = _safe("no operation of both versions uses it, so that no caller meets it")
"""What is told of whatever changes in a component that nothing uses."""
UPPER_LIMITS: Final = ("maximum", "maxLength", "maxItems", "maxProperties", "maxContains")
LOWER_LIMITS: Final = ("minimum", "minLength", "minItems", "minProperties", "minContains")
REMOVALS: Final = ("removed", "removed when deprecated", "removed after sunset", "removed before sunset")
"""How something that can be deprecated goes."""

_NARROWED: Final = Row(
    _breaking("values that callers may send are refused"), _safe("every value is one that callers already expect")
)
_WIDENED: Final = Row(
    _safe("every value that callers send is still taken"), _breaking("values come that callers were told never come")
)
_REPLACED: Final = Row(
    _breaking("what callers send means something else, or is refused"),
    _breaking("what callers receive is not what they expect"),
)
_UNDECIDED: Final = Row(
    _risky("whether all that callers send is still taken cannot be told from the descriptions"),
    _risky("whether other values come than callers expect cannot be told from the descriptions"),
)
_DEPRECATED: Final = _both(_safe("it works as before; callers are told to leave it"))
_UNDEPRECATED: Final = _both(_safe("it works as before, and stays"))
_REQUIRED: Final = Row(
    _breaking("callers who leave it out are refused"), _safe("it now always comes; callers cope with that")
)
_OPTIONAL: Final = Row(
    _safe("callers may leave it out; those who send it are served as before"),
    _breaking("callers rely on its coming, and it may not"),
)
_GONE_OPTIONAL: Final = Row(
    _risky("callers may still send it, and nothing says whether it is refused, or ignored"),
    _risky("callers had to do without it at times, but those who use it never get it again"),
)
_WRITTEN_OTHERWISE: Final = _both(_breaking("the same value is written otherwise, so that the other side misreads it"))

_DOCUMENTATION: Final[Mapping[Key, Row]] = {
    (area, DOCUMENTATION, action): _both(_safe("people read it, programs do not"))
    for area in get_args(Area)
    if area not in {"python", "security"}
    for action in ("added", "removed", "changed")
}


def _lifecycle(area: Area) -> dict[Key, Row]:
    return {
        (area, "deprecation", "added"): _DEPRECATED,
        (area, "deprecation", "removed"): _UNDEPRECATED,
        (area, "sunset", "added"): _both(_safe("it works until then, and callers now know for how long")),
        (area, "sunset", "later"): _both(_safe("it works for longer than was announced")),
        (area, "sunset", "removed"): _both(_safe("its end is no longer announced")),
        (area, "sunset", "earlier"): _both(_risky("callers planned with the later date")),
    }


_LIFECYCLE: Final[Mapping[Key, Row]] = {key: row for area in DEPRECATABLE for key, row in _lifecycle(area).items()}
_SERVERS: Final[Mapping[Key, Row]] = {
    ("server", "existence", "added"): _both(_safe("the others serve as before")),
    ("server", "existence", "removed"): _both(_breaking("callers of this URL find nothing there")),
    ("server", "first", "changed"): _both(
        _risky("callers who name no server, such as generated clients, go elsewhere")
    ),
    ("server", "variable default", "changed"): _both(_risky("callers who do not set it go elsewhere")),
    ("server", "variable value", "added"): _both(_safe("the values that callers use still serve")),
    ("server", "variable value", "removed"): _both(_breaking("callers who use this value find nothing there")),
    ("server", "variable values", "restricted"): _both(_breaking("callers may use a value that is not listed")),
    ("server", "variable values", "unrestricted"): _both(_safe("the values that callers use still serve")),
}
_SECURITY: Final[Mapping[Key, Row]] = {
    ("security", "requirement", "introduced"): Row(
        _breaking("callers without credentials are refused"), _safe("callers may check who calls, and need not")
    ),
    ("security", "requirement", "lifted"): Row(
        _safe("callers with credentials are served as before"),
        _breaking("callers who check the credentials of what they receive refuse it"),
    ),
    ("security", "requirement", "added"): Row(
        _safe("it is one more way; callers keep theirs"),
        _breaking("what callers receive may authenticate itself in a way that they do not know"),
    ),
    ("security", "requirement", "eased"): Row(
        _safe("callers who send more than is asked for are served"),
        _breaking("callers who check for more than comes refuse it"),
    ),
    ("security", "requirement", "removed"): Row(
        _breaking("callers who authenticate in this way are refused"), _safe("callers need not know this way any more")
    ),
    ("security", "scope", "added"): Row(
        _breaking("callers whose tokens lack the scope are refused"),
        _safe("tokens are good for more than callers check"),
    ),
    ("security", "scope", "removed"): Row(
        _safe("tokens are good for all that is asked"), _breaking("callers who check for the scope refuse the token")
    ),
    ("security scheme", "existence", "added"): _both(_safe("nothing asks for it but what says so itself")),
    ("security scheme", "existence", "removed"): _both(_safe("what asked for it is told of by itself")),
    ("security scheme", "type", "changed"): _both(_breaking("callers send credentials of another kind")),
    ("security scheme", "location", "changed"): _both(_breaking("callers send their credentials somewhere else")),
    ("security scheme", "scheme", "changed"): _both(_breaking("callers write their credentials otherwise")),
    ("security scheme", "bearer format", "changed"): _both(
        _risky("callers who look into their tokens find another form")
    ),
    ("security scheme", "url", "changed"): _both(_risky("callers who have the old URL may find nothing there")),
    ("security scheme", "flow", "added"): _both(_safe("it is one more way to get a token")),
    ("security scheme", "flow", "removed"): _both(_breaking("callers who get their tokens in this way get none")),
    ("security scheme", "scope", "added"): _both(_safe("it is one more scope to ask for")),
    ("security scheme", "scope", "removed"): _both(_breaking("callers who ask for this scope get no token")),
}
_OPERATIONS: Final[Mapping[Key, Row]] = {
    ("operation", "existence", "added"): Row(
        _safe("nobody calls it yet"), _risky("callers may receive a request that they do not know")
    ),
    ("operation", "existence", "removed"): Row(
        _breaking("callers find nothing there"), _breaking("callers wait for a request that never comes")
    ),
    ("operation", "existence", "removed when deprecated"): Row(
        _risky("callers were told to leave it, but not until when"),
        _risky("callers were told that it goes, but not until when"),
    ),
    ("operation", "existence", "removed after sunset"): _both(
        _safe("its end was announced for a date that has passed")
    ),
    ("operation", "existence", "removed before sunset"): _both(
        _breaking("it was announced to work until a date that has not come")
    ),
    ("operation", "identifier", "changed"): _both(
        _safe("it does not travel; clients made from it name things otherwise")
    ),
    ("operation", "tags", "changed"): _both(_safe("they do not travel; clients made from them are grouped otherwise")),
    ("operation", "idempotency", "added"): _both(_safe("repeating a call is allowed, and not needed")),
    ("operation", "idempotency", "removed"): _both(_breaking("callers who repeat a call do it twice")),
    ("operation", "pagination", "added"): _both(
        _safe("what travels is told of by itself; callers can walk over pages")
    ),
    ("operation", "pagination", "removed"): _both(_risky("callers who walk over pages are not told how any more")),
    ("operation", "pagination", "changed"): _both(_risky("callers walk over pages in the way that was described")),
    ("operation", "rate limit", "added"): _both(_risky("callers who call more often are slowed down")),
    ("operation", "rate limit", "lowered"): _both(_risky("callers who call as often as they could are slowed down")),
    ("operation", "rate limit", "raised"): _both(_safe("callers may call more often")),
    ("operation", "rate limit", "removed"): _both(_safe("callers may call more often")),
}
_PARAMETERS: Final[Mapping[Key, Row]] = {
    ("parameter", "existence", "added"): Row(
        _safe("callers who do not know it leave it out"), _safe("callers need not read it")
    ),
    ("parameter", "existence", "added as required"): Row(
        _breaking("callers who do not know it are refused"), _safe("callers need not read it")
    ),
    ("parameter", "existence", "removed"): Row(_GONE_OPTIONAL.request, _breaking("callers who read it miss it")),
    ("parameter", "existence", "removed when deprecated"): _GONE_OPTIONAL,
    ("parameter", "existence", "removed after sunset"): _both(
        _safe("its end was announced for a date that has passed")
    ),
    ("parameter", "existence", "removed before sunset"): _both(
        _breaking("it was announced to work until a date that has not come")
    ),
    ("parameter", "name", "changed"): _both(_safe("a parameter of the path travels by its position, without its name")),
    ("parameter", "location", "changed"): _both(_breaking("it is looked for where the other side does not put it")),
    ("parameter", "required", "added"): _REQUIRED,
    ("parameter", "required", "removed"): _OPTIONAL,
    **_rows("parameter", ("style", "explode", "serialisation"), ("changed",), _WRITTEN_OTHERWISE),
    ("parameter", "allowReserved", "added"): _both(_safe("a reader takes a character both plain and percent-encoded")),
    ("parameter", "allowReserved", "removed"): _both(
        _risky("characters that may stand plainly now have to be encoded")
    ),
    ("parameter", "allowEmptyValue", "added"): _WIDENED,
    ("parameter", "allowEmptyValue", "removed"): _NARROWED,
}
_HEADERS: Final[Mapping[Key, Row]] = {
    ("header", "existence", "added"): Row(
        _safe("callers who do not know it leave it out"), _safe("callers need not read it")
    ),
    ("header", "existence", "added as required"): Row(
        _breaking("callers who do not know it are refused"), _safe("callers need not read it")
    ),
    ("header", "existence", "removed"): _GONE_OPTIONAL,
    ("header", "existence", "removed though required"): Row(
        _GONE_OPTIONAL.request, _breaking("callers rely on its coming, and it never does")
    ),
    ("header", "existence", "removed when deprecated"): _GONE_OPTIONAL,
    ("header", "existence", "removed after sunset"): _both(_safe("its end was announced for a date that has passed")),
    ("header", "existence", "removed before sunset"): _both(
        _breaking("it was announced to come until a date that has not come")
    ),
    ("header", "required", "added"): _REQUIRED,
    ("header", "required", "removed"): _OPTIONAL,
    **_rows("header", ("explode", "serialisation"), ("changed",), _WRITTEN_OTHERWISE),
}
_BODIES: Final[Mapping[Key, Row]] = {
    ("body", "existence", "added"): Row(_safe("callers may send none"), _safe("callers need not read it")),
    ("body", "existence", "added as required"): Row(
        _breaking("callers who send none are refused"), _safe("callers need not read it")
    ),
    ("body", "existence", "removed"): Row(
        _breaking("what callers say in it cannot be said any more"), _breaking("callers who read it find nothing")
    ),
    ("body", "required", "added"): _REQUIRED,
    ("body", "required", "removed"): _OPTIONAL,
}
_MEDIA_TYPES: Final[Mapping[Key, Row]] = {
    ("media type", "existence", "added"): Row(
        _safe("callers who send another are served as before"), _safe("callers ask for the ones that they know")
    ),
    ("media type", "existence", "removed"): Row(
        _breaking("callers who send it are refused"), _breaking("callers who ask for it get something else, or nothing")
    ),
    ("media type", "existence", "added unasked"): Row(
        _safe("callers who send another are served as before"),
        _breaking("callers cannot ask for another one, and may not be able to read it"),
    ),
    ("media type", "existence", "removed unasked"): Row(
        _breaking("callers who send it are refused"), _safe("callers read the others as before")
    ),
    ("media type", "existence", "first"): Row(
        _safe("a body is described where none was; callers who send what they sent are served"),
        _risky("callers who expect no body may trip over one"),
    ),
    ("media type", "existence", "widened"): Row(
        _safe("it is one of the range that is taken now"),
        _risky("another of the range may come than the one that was named"),
    ),
    ("media type", "existence", "narrowed"): Row(
        _breaking("callers may send others of the range"), _safe("it is one of the range that callers expect")
    ),
    ("media type", "parameters", "changed"): _both(_risky("whoever compares the whole header finds another one")),
    **_rows("media type", ("part encoding", "framing"), ("changed",), _WRITTEN_OTHERWISE),
}
_RESPONSES: Final[Mapping[Key, Row]] = {
    ("response", "success", "added"): Row(
        _safe("it is one more answer that callers may give"),
        _risky("callers may check for the statuses that they know"),
    ),
    ("response", "success", "removed"): Row(
        _breaking("callers who answer so are not understood"),
        _breaking("callers who wait for this status never get it"),
    ),
    ("response", "error", "added"): Row(
        _safe("it is one more answer that callers may give"), _safe("callers have to be ready for any error")
    ),
    ("response", "error", "removed"): Row(
        _breaking("callers who answer so are not understood"), _safe("callers need not handle it any more")
    ),
    ("response", "redirection", "added"): Row(
        _safe("it is one more answer that callers may give"),
        _risky("callers who do not follow it get none of the answers that they know"),
    ),
    ("response", "redirection", "removed"): Row(
        _breaking("callers who answer so are not understood"),
        _risky("callers may wait for this status, and get another answer"),
    ),
    ("response", "information", "added"): Row(
        _safe("it is one more answer that callers may give"), _safe("callers pass over what is no final answer")
    ),
    ("response", "information", "removed"): Row(
        _breaking("callers who answer so are not understood"), _risky("callers may wait for this status")
    ),
    **_rows(
        "response",
        ("success", "redirection", "information"),
        ("widened",),
        Row(
            _safe("it is one of the range that is understood now"),
            _risky("others of the range may come than the one that was named"),
        ),
    ),
    ("response", "error", "widened"): Row(
        _safe("it is one of the range that is understood now"), _safe("callers have to be ready for any error")
    ),
    **_rows(
        "response",
        ("success", "redirection", "information", "error"),
        ("narrowed",),
        Row(
            _breaking("callers may answer with others of the range"),
            _safe("it is one of the range that callers expect"),
        ),
    ),
}
_LINKS: Final[Mapping[Key, Row]] = {
    ("link", "existence", "added"): _both(_safe("callers need not follow it")),
    ("link", "existence", "removed"): _both(_risky("callers who follow it are not told how any more")),
    ("link", "target", "changed"): _both(_risky("callers who follow it get elsewhere")),
}
_SCHEMAS: Final[Mapping[Key, Row]] = {
    ("schema", "type", "narrowed"): _NARROWED,
    ("schema", "type", "widened"): _WIDENED,
    ("schema", "type", "changed"): _REPLACED,
    ("schema", "nullability", "added"): Row(
        _WIDENED.request, _breaking("null comes where callers never had to expect it")
    ),
    ("schema", "nullability", "removed"): Row(_breaking("callers who send null are refused"), _NARROWED.response),
    ("schema", "enum value", "added"): Row(_WIDENED.request, _breaking("a value comes that callers do not know")),
    ("schema", "enum value", "removed"): Row(_breaking("callers who send this value are refused"), _NARROWED.response),
    ("schema", "enum", "added"): _NARROWED,
    ("schema", "enum", "removed"): _WIDENED,
    ("schema", "enum", "opened"): Row(
        _WIDENED.request, _breaking("values that are not listed come, where callers were told that none do")
    ),
    ("schema", "enum", "closed"): _NARROWED,
    ("schema", "const", "changed"): _REPLACED,
    ("schema", "extensible enum value", "added"): _both(
        _safe("callers were told to expect values that are not listed")
    ),
    ("schema", "extensible enum value", "removed"): Row(
        _risky("callers may send it, and nothing says whether it is still taken"), _NARROWED.response
    ),
    **_rows("schema", UPPER_LIMITS, ("added", "lowered"), _NARROWED),
    **_rows("schema", UPPER_LIMITS, ("removed", "raised"), _WIDENED),
    **_rows("schema", LOWER_LIMITS, ("added", "raised"), _NARROWED),
    **_rows("schema", LOWER_LIMITS, ("removed", "lowered"), _WIDENED),
    **_rows("schema", ("multipleOf",), ("added", "narrowed"), _NARROWED),
    **_rows("schema", ("multipleOf",), ("removed", "widened"), _WIDENED),
    ("schema", "multipleOf", "changed"): _REPLACED,
    ("schema", "uniqueItems", "added"): _NARROWED,
    ("schema", "uniqueItems", "removed"): _WIDENED,
    ("schema", "pattern", "added"): _NARROWED,
    ("schema", "pattern", "removed"): _WIDENED,
    ("schema", "pattern", "changed"): _UNDECIDED,
    ("schema", "format", "added"): Row(
        _risky("values of another form may be refused: whether a format is checked is left open"), _NARROWED.response
    ),
    ("schema", "format", "removed"): Row(
        _WIDENED.request, _risky("callers who read values in this form may get others")
    ),
    ("schema", "format", "narrowed"): _NARROWED,
    ("schema", "format", "widened"): _WIDENED,
    ("schema", "format", "changed"): _REPLACED,
    ("schema", "content encoding", "changed"): _WRITTEN_OTHERWISE,
    ("schema", "property", "added"): Row(
        _safe("callers who do not know it leave it out"), _safe("callers pass over what they do not know")
    ),
    ("schema", "property", "added as required"): Row(
        _breaking("callers who do not know it are refused"), _safe("callers pass over what they do not know")
    ),
    ("schema", "property", "added to closed"): Row(
        _safe("callers who do not know it leave it out"), _breaking("callers were told that nothing else comes")
    ),
    ("schema", "property", "removed"): _GONE_OPTIONAL,
    ("schema", "property", "unlisted"): Row(
        _safe("callers may still send it, as what is said of other properties allows"), _GONE_OPTIONAL.response
    ),
    ("schema", "property", "removed though required"): Row(
        _GONE_OPTIONAL.request, _breaking("callers rely on its coming, and it never does")
    ),
    ("schema", "property", "removed from closed"): Row(
        _breaking("callers who send it are refused, since nothing else is taken"), _GONE_OPTIONAL.response
    ),
    ("schema", "property", "removed when deprecated"): _GONE_OPTIONAL,
    ("schema", "property", "removed after sunset"): _both(_safe("its end was announced for a date that has passed")),
    ("schema", "property", "removed before sunset"): _both(
        _breaking("it was announced to be there until a date that has not come")
    ),
    ("schema", "required", "added"): _REQUIRED,
    ("schema", "required", "removed"): _OPTIONAL,
    ("schema", "readOnly", "added"): Row(
        _risky("callers who send it are refused, or ignored"), _safe("callers receive it as before")
    ),
    ("schema", "readOnly", "removed"): Row(_safe("callers may now send it"), _safe("callers receive it as before")),
    ("schema", "writeOnly", "added"): Row(
        _safe("callers send it as before"), _breaking("callers who read it never get it again")
    ),
    ("schema", "writeOnly", "removed"): Row(
        _safe("callers send it as before"), _safe("callers pass over what they do not know")
    ),
    ("schema", "additional properties", "forbidden"): Row(
        _breaking("callers who send what is not listed are refused"), _NARROWED.response
    ),
    ("schema", "additional properties", "allowed"): Row(
        _WIDENED.request, _breaking("callers were told that nothing else comes")
    ),
    ("schema", "pattern properties", "added"): _NARROWED,
    ("schema", "pattern properties", "removed"): _WIDENED,
    ("schema", "dependent required", "added"): _NARROWED,
    ("schema", "dependent required", "removed"): _WIDENED,
    ("schema", "condition", "added"): _NARROWED,
    ("schema", "condition", "removed"): _WIDENED,
    ("schema", "condition", "changed"): _UNDECIDED,
    ("schema", "condition", "narrowed"): _NARROWED,
    ("schema", "condition", "widened"): _WIDENED,
    ("schema", "variant", "added"): Row(
        _WIDENED.request, _breaking("callers receive an alternative that they do not know")
    ),
    ("schema", "variant", "added overlapping"): Row(
        _risky("what fits it and another alternative is refused, and what fits the other one may fit both"),
        _breaking("callers receive an alternative that they do not know"),
    ),
    ("schema", "variant", "removed"): Row(
        _breaking("callers who send this alternative are refused"), _NARROWED.response
    ),
    ("schema", "alternatives", "added"): _NARROWED,
    ("schema", "alternatives", "removed"): _WIDENED,
    ("schema", "alternatives", "less apart"): Row(
        _risky("what fits several alternatives at once is refused, and more values may"),
        _safe("every value that comes fits one alternative alone"),
    ),
    ("schema", "alternatives", "exclusive"): Row(
        _risky("what fits several alternatives at once is refused"), _NARROWED.response
    ),
    ("schema", "alternatives", "overlapping"): Row(
        _WIDENED.request, _risky("what fits several alternatives at once may come")
    ),
    ("schema", "discriminator", "added"): Row(
        _risky("callers who do not name the alternative may be refused"), _safe("callers may read it, and need not")
    ),
    ("schema", "discriminator", "removed"): Row(
        _safe("callers may go on to name the alternative"),
        _breaking("callers who tell alternatives apart by it cannot"),
    ),
    ("schema", "discriminator", "changed"): _both(_breaking("alternatives are told apart by another property")),
    ("schema", "discriminator value", "added"): Row(
        _WIDENED.request, _breaking("a value comes that callers do not know")
    ),
    ("schema", "discriminator value", "removed"): Row(
        _breaking("callers who send this value are refused"), _NARROWED.response
    ),
    ("schema", "discriminator value", "moved"): _both(_breaking("the same value announces another alternative")),
    ("schema", "default", "added"): Row(
        _risky("callers who leave it out now get this, whatever they got before"), _safe("it says what absence means")
    ),
    ("schema", "default", "removed"): Row(
        _risky("callers who leave it out may get something else"), _risky("what absence means is not said any more")
    ),
    ("schema", "default", "changed"): Row(
        _risky("callers who leave it out get something else"), _risky("absence means something else")
    ),
    ("schema", "xml", "changed"): _WRITTEN_OTHERWISE,
}
_COMPONENTS: Final[Mapping[Key, Row]] = _rows("component", ("existence",), ("added", "removed"), _both(UNUSED))

TABLE: Final[Mapping[Key, Row]] = {
    **_DOCUMENTATION,
    **_LIFECYCLE,
    **_SERVERS,
    **_SECURITY,
    **_OPERATIONS,
    **_PARAMETERS,
    **_HEADERS,
    **_BODIES,
    **_MEDIA_TYPES,
    **_RESPONSES,
    **_LINKS,
    **_SCHEMAS,
    **_COMPONENTS,
}


def ruling(fact: Fact) -> Ruling:
    """Return the verdict on a fact, with its reason."""
    return TABLE[fact.area, fact.kind, fact.action].ruling(fact.direction)


def is_widening(fact: Fact) -> bool:
    """Tell whether a fact about a schema means that more values fit it: those that break whoever receives them."""
    return TABLE[fact.area, fact.kind, fact.action].response.verdict == "breaking"


def effect(fact: Fact) -> str | None:
    """Say whether fewer values fit a schema because of a fact about it, or more; None where that is not certain."""
    row = TABLE[fact.area, fact.kind, fact.action]
    verdicts = row.request.verdict, row.response.verdict
    return {("breaking", "safe"): "narrowed", ("safe", "breaking"): "widened"}.get(verdicts)
