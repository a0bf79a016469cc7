"""The intermediate representation: everything a template may know about an API, as frozen values.

Nothing here refers to OpenAPI objects, and nothing after the stage that makes an ``Api`` reads the description again.
``attrest show --json`` prints it; ``ir.schema.json`` describes that form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

import attrs

from attrest.ledger import Entry
from attrest.typerefs import JsonScalar, Reference, TypeRef, Variant, without_null

Json: TypeAlias = Any
"""A JSON value as decoded: dict, list, str, int, float, bool or None."""


class Absent:
    """The type of ``ABSENT``: there is no value here, which null cannot say."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


@attrs.frozen(kw_only=True)
class Constraints:
    """The limits a schema sets (JSON Schema 2020-12 validation §6); None where it sets none.

    Those of what is inside a value follow its type: the items of a list, the values of a map. A model has its own.
    """

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    min_items: int | None = None
    max_items: int | None = None
    unique_items: bool = False
    min_properties: int | None = None
    max_properties: int | None = None
    items: Constraints | None = None
    """Of each item of an array, behind those that ``prefix_items`` speaks of."""
    prefix_items: tuple[Constraints, ...] = ()
    """Of the items at the first positions."""
    values: Constraints | None = None
    """Of each value of a map; of a model, of each field that it does not list."""
    property_names: Constraints | None = None
    """Of each name in a map; of a model, of the names that it does not list."""


@attrs.frozen(kw_only=True)
class Field:
    """One attribute of a model or a request."""

    name: str
    wire_name: str
    type: TypeRef
    """Its type; ``Nullable`` where null is allowed. Whether it may be left out is ``required``."""
    required: bool
    description: str | None = None
    example: Json | Absent = ABSENT
    default: Json | Absent = ABSENT
    """What the service assumes when it is left out: documented, never sent."""
    announces: JsonScalar = None
    """What it is set to where its maker says nothing: the value of a discriminator that announces this class."""
    preset: Json | Absent = ABSENT
    """What a caller who says nothing means: an argument with a default, which is never None."""
    constraints: Constraints = Constraints()
    read_only: bool = False
    write_only: bool = False
    required_in_requests: bool = False
    """Whether requests cannot do without it, though answers can, and so values of its class."""
    requires: tuple[str, ...] = ()
    """The attributes that are there wherever this one is (``dependentRequired``), of those that a caller sets."""
    deprecated: bool = False
    pointer: str


@attrs.frozen(kw_only=True)
class Model:
    """A class with fields."""

    name: str
    module: str
    """The module's name; models that refer to each other in a circle share one."""
    pointer: str
    location: str
    """Where the description says it, as ``path:line``."""
    description: str | None = None
    fields: tuple[Field, ...]
    """In the order written."""
    additional: TypeRef | None
    """The type of fields that are not listed; None where the schema allows none."""
    constraints: Constraints = Constraints()
    """Its limits on the fields that are not listed."""
    example: Json | Absent = ABSENT
    deprecated: bool = False
    is_sent: bool = False
    """Whether requests hold it."""
    used_by: tuple[str, ...] = ()
    """Names of the models, aliases, request classes and events that mention it, sorted."""


@attrs.frozen(kw_only=True)
class EnumMember:
    """One known value."""

    name: str
    value: JsonScalar
    description: str | None = None


@attrs.frozen(kw_only=True)
class Enum:
    """A set of known values of one base type. A value that is not listed is kept as it came."""

    name: str
    module: str
    pointer: str
    location: str
    description: str | None = None
    base: Literal["string", "integer", "number", "mixed"]
    members: tuple[EnumMember, ...]
    deprecated: bool = False
    used_by: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Alias:
    """A name for a type that is no class of its own: a union, a list, a map or a scalar."""

    name: str
    module: str
    pointer: str
    location: str
    description: str | None = None
    type: TypeRef
    constraints: Constraints = Constraints()
    example: Json | Absent = ABSENT
    deprecated: bool = False
    used_by: tuple[str, ...] = ()


Declaration: TypeAlias = Model | Enum | Alias


def resolved(type_: TypeRef, declarations: Mapping[str, Declaration]) -> TypeRef:
    """Return what a type comes to, null aside: the type of an alias, and of the alias behind it.

    Args:
        type_: The type.
        declarations: What it refers to, by name.
    """
    seen: set[str] = set()
    bare = without_null(type_)
    while isinstance(bare, Reference) and bare.name not in seen:
        alias = declarations.get(bare.name)
        if not isinstance(alias, Alias):
            break
        seen.add(bare.name)
        bare = without_null(alias.type)
    return bare


Style: TypeAlias = Literal[
    "simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject", "cookie"
]
"""How a value is written as text (OpenAPI 3.2 §4.12.3)."""


@attrs.frozen(kw_only=True)
class Header:
    """A header that a response, or a part of a body, is described to carry, in the style ``simple``."""

    name: str
    """The attribute that holds it."""
    wire_name: str
    type: TypeRef
    required: bool
    explode: bool = False
    content_type: str | None = None
    """The media type of a header that is described by ``content`` and not by ``schema``."""
    description: str | None = None
    deprecated: bool = False


@attrs.frozen(kw_only=True)
class PartHeader:
    """A header that a part of a multipart body is described to carry."""

    header: Header
    preset: Json | Absent = ABSENT
    """What it is where the caller does not give it: of one that is required, its only value, or its default."""
    constraints: Constraints = Constraints()


@attrs.frozen(kw_only=True)
class Encoding:
    """How a field of a form, or a part of a multipart body, travels (OpenAPI 3.2 §4.15)."""

    wire_name: str
    content_type: str | None = None
    """Its media type; several, or a range of them, separated by commas, for one that the caller chooses among."""
    style: Style | None = None
    """How it is written where that is as a parameter of a query; None for by its media type."""
    explode: bool = False
    allow_reserved: bool = False
    headers: tuple[str, ...] = ()
    """The names of what a part can carry beside its media type."""
    part_headers: tuple[PartHeader, ...] = ()
    """What is said of each of these."""


@attrs.frozen(kw_only=True)
class Content:
    """One media type of a body or a response (OpenAPI 3.1 §4.8.14)."""

    content_type: str
    form: Literal["json", "form", "multipart", "text", "binary", "event-stream", "json-lines"]
    """How the bytes are made and read."""
    type: TypeRef
    """The type of the body; in a response, that of the data of each event and of the value on each line."""
    events: tuple[Variant, ...] = ()
    """For a stream of events: the types of the data of certain types of events; ``type`` covers them too."""
    encodings: tuple[Encoding, ...] = ()
    """What is said of single fields of a form or parts of a multipart body."""

    @property
    def is_range(self) -> bool:
        """Whether it stands for several media types: ``*/*`` or ``image/*`` (RFC 9110 §12.5.1)."""
        return "*" in self.content_type.partition(";")[0]


@attrs.frozen(kw_only=True)
class Parameter:
    """How a field of a request travels (OpenAPI 3.1 §4.8.12)."""

    field: Field
    """Its ``wire_name`` is the key in the request's ``to_dict``."""
    wire_name: str
    """The name that travels."""
    location: Literal["path", "query", "querystring", "header", "cookie"]
    style: Style
    explode: bool
    allow_reserved: bool = False
    content: Content | None = None
    """The media type of a parameter that is described by ``content`` and not by ``schema``."""

    @property
    def is_json(self) -> bool:
        """Whether it travels as JSON."""
        return self.content is not None and self.content.form == "json"


@attrs.frozen(kw_only=True)
class Body:
    """The body of a request. Its value is the request's field ``field``."""

    field: Field
    contents: tuple[Content, ...]
    """In the order of preference; the first is sent unless the caller says otherwise."""
    content_type: Field | None = None
    """The request's field that says as which media type it is sent; None where there is no choice."""


@attrs.frozen(kw_only=True)
class HeaderClass:
    """The headers that the successes, or the errors, of an operation can have, as a class of its own."""

    name: str
    headers: tuple[Header, ...]


@attrs.frozen(kw_only=True)
class ExternalDocumentation:
    """Where more is said (OpenAPI 3.1 §4.8.11)."""

    url: str
    description: str | None = None


@attrs.frozen(kw_only=True)
class LinkParameter:
    """A parameter of a linked operation."""

    name: str
    """As the description writes it, such as ``id`` or ``path.id``."""
    value: Json
    """A constant, or text with a runtime expression (OpenAPI 3.1 §4.8.20.4), such as ``$response.body#/id``."""


@attrs.frozen(kw_only=True)
class Link:
    """What can be called next with what an answer holds (OpenAPI 3.1 §4.8.20)."""

    name: str
    target: str
    """The operation, as the description names it: by its operationId or by a reference."""
    operation: str | None
    """Its request class; None where there is no such operation here."""
    parameters: tuple[LinkParameter, ...] = ()
    body: Json | Absent = ABSENT
    """The body to send: a constant, or a runtime expression."""
    server: str | None = None
    """The URL of the server that it is called on; None for its own."""
    description: str | None = None


@attrs.frozen(kw_only=True)
class Response:
    """What one status (``200``), range (``4XX``) or ``default`` answers."""

    status: str
    description: str | None = None
    contents: tuple[Content, ...] = ()
    """Empty where the answer has no body."""
    headers: tuple[Header, ...] = ()
    example: Json | Absent = ABSENT
    error: str | None = None
    """The exception class that an answer with this status raises; None for a success."""
    links: tuple[Link, ...] = ()


Delivery: TypeAlias = Literal["whole", "event-stream", "json-lines"]
"""How the result of a call arrives: as one value, or as a stream of events or of JSON values."""


@attrs.frozen(kw_only=True)
class Reading:
    """What is read for the answers of one status, range or ``default``."""

    status: str
    contents: tuple[Content, ...]
    """Told apart by the Content-Type; empty where no body is read."""


@attrs.frozen(kw_only=True)
class Alternative:
    """Another form that the successes of an operation can be asked for in, with a method of its own."""

    method: str
    """The method's name."""
    attribute: str
    """The request's attribute that says how to ask for it and to read it."""
    media_types: tuple[str, ...]
    """What is asked for."""
    delivery: Delivery
    result: TypeRef | None
    """What a call returns, or each item of the stream that it returns holds; None where there is no body."""
    readings: tuple[Reading, ...]
    """The successes, by status."""


@attrs.frozen(kw_only=True)
class RateLimit:
    """At most ``requests`` in any ``seconds``."""

    requests: int
    seconds: float


@attrs.frozen(kw_only=True)
class Pagination:
    """How to walk over all items of an operation that answers page by page."""

    method: str
    """The name of the method that iterates over the items."""
    cursor: str
    """The request's field that takes the cursor."""
    items: tuple[str, ...]
    """Attribute path, in the answer, of the page's items."""
    item_type: TypeRef
    next_cursor: tuple[str, ...]
    """Attribute path of the next page's cursor."""
    has_more: tuple[str, ...] | None
    """Attribute path of the flag that says whether another page exists; None where the cursor alone does."""


@attrs.frozen(kw_only=True)
class ServerVariable:
    """A part of a server's URL that can be chosen (OpenAPI 3.1 §4.8.6)."""

    name: str
    wire_name: str
    default: str | None
    """None where the description gives no value, so that the caller has to."""
    values: tuple[str, ...] = ()
    """All that it can be; empty where anything will do."""
    description: str | None = None


@attrs.frozen(kw_only=True)
class Server:
    """Where the service runs."""

    name: str
    url: str
    """With every variable at its default; what has none stays in braces. It can be relative."""
    description: str | None = None
    class_name: str | None = None
    """The class that takes other values for the variables; None where there are none."""
    template: str = ""
    """The URL with its variables in braces; empty where there are none."""
    variables: tuple[ServerVariable, ...] = ()


@attrs.frozen(kw_only=True)
class Requirement:
    """A security scheme that is needed (OpenAPI 3.1 §4.8.30)."""

    scheme: str
    """Its wire name."""
    scopes: tuple[str, ...] = ()
    """What the token has to be good for, or the roles that the caller has to have."""


@attrs.frozen(kw_only=True)
class Operation:
    """One call of the service. Its request is a class of its own with these parameters and this body."""

    id: str
    """The operationId of the description, or what stands in for a missing one."""
    name: str
    """The method's name."""
    request: str
    """The request's class name."""
    module: str
    """The request's module."""
    method: str
    """The HTTP method, upper case."""
    path: str
    """The URL template, with ``{wireName}`` for path parameters."""
    pointer: str
    location: str
    summary: str | None = None
    description: str | None = None
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: tuple[Response, ...] = ()
    delivery: Delivery = "whole"
    result: TypeRef | None
    """What a call returns, the union of the successes, or each item of the stream that it returns holds; None where no
    success has a body."""
    readings: tuple[Reading, ...] = ()
    """What the successes are read from, by status, in the preferred form."""
    alternatives: tuple[Alternative, ...] = ()
    """The other forms, in the order of preference."""
    headers: HeaderClass | None = None
    """The headers of the successes; None where none is described."""
    error_headers: HeaderClass | None = None
    """The headers of the errors, none of which an error has to have; None where none is described."""
    security: tuple[tuple[Requirement, ...], ...] = ()
    """Alternatives, each a set of security schemes; an empty one means none is needed."""
    idempotent: bool = False
    """Whether sending it twice has the effect of once (RFC 9110 §9.2.2, or as the description says)."""
    rate_limit: RateLimit | None = None
    pagination: Pagination | None = None
    deprecated: bool = False
    example: Json | Absent = ABSENT
    """Wire name to value for a call that can be made as it stands; ABSENT where the description gives too little."""
    tags: tuple[str, ...] = ()
    """All of its tags; it is filed under the first."""
    external_documentation: ExternalDocumentation | None = None
    servers: tuple[Server, ...] = ()
    """Where it runs, if not where the others do; the first is the default."""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The attributes of its request: the parameters, then what the body needs."""
        of_body = (self.body.field, self.body.content_type) if self.body else ()
        return (*(parameter.field for parameter in self.parameters), *(field for field in of_body if field))

    @property
    def has_streams(self) -> bool:
        """Whether a call can return items one by one, as they arrive."""
        deliveries = (self.delivery, *(alternative.delivery for alternative in self.alternatives))
        return any(delivery != "whole" for delivery in deliveries)


@attrs.frozen(kw_only=True)
class Event:
    """A request that the service sends: a webhook, or a callback of operations (OpenAPI 3.1 §4.8.1, §4.8.18)."""

    kind: Literal["webhook", "callback"]
    id: str
    """The key that it has in the description; several callbacks can share one."""
    name: str
    """What it goes by; the function that reads it is called ``parse_`` and this."""
    class_name: str
    module: str
    method: str
    """The HTTP method, upper case."""
    url: str | None
    """Where a callback is sent, with runtime expressions in braces (OpenAPI 3.1 §4.8.20.4); None for a webhook."""
    operations: tuple[str, ...] = ()
    """The request classes of the operations that ask for a callback."""
    pointer: str
    location: str
    summary: str | None = None
    description: str | None = None
    parameters: tuple[Parameter, ...] = ()
    """What comes with it in headers, in cookies and in the query of its URL."""
    body: Body | None = None
    """The field ``payload``; None where it carries none."""
    responses: tuple[Response, ...] = ()
    """What the service expects to be answered."""
    security: tuple[tuple[Requirement, ...], ...] = ()
    """How the service authenticates itself, where that is described: as of an operation."""
    deprecated: bool = False

    @property
    def parser(self) -> str:
        """The name of the function that reads it."""
        return f"parse_{self.name}"


@attrs.frozen(kw_only=True)
class Resource:
    """The operations of one tag."""

    name: str
    """The client's attribute."""
    class_name: str
    module: str
    tag: str
    summary: str | None = None
    description: str | None = None
    parent: str | None = None
    """The tag that this one is a part of (OpenAPI 3.2 §4.22)."""
    kind: str | None = None
    """What sort of tag it is, such as ``nav`` or ``badge``."""
    external_documentation: ExternalDocumentation | None = None
    operations: tuple[Operation, ...]

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of its methods: several for an operation with several forms of its answer, or with pages."""
        return tuple(
            name
            for each in self.operations
            for name in (
                each.name,
                *(alternative.method for alternative in each.alternatives),
                *((each.pagination.method,) if each.pagination else ()),
            )
        )


@attrs.frozen(kw_only=True)
class Scope:
    """Something that a token can be good for."""

    name: str
    description: str | None = None


@attrs.frozen(kw_only=True)
class OAuthFlow:
    """One way to get a token (OpenAPI 3.2 §4.29)."""

    kind: Literal["implicit", "password", "client-credentials", "authorization-code", "device-authorization"]
    authorization_url: str | None = None
    device_authorization_url: str | None = None
    token_url: str | None = None
    refresh_url: str | None = None
    scopes: tuple[Scope, ...] = ()


@attrs.frozen(kw_only=True)
class SecurityScheme:
    """One way to authenticate (OpenAPI 3.1 §4.8.27)."""

    wire_name: str
    kind: Literal["bearer", "basic", "http", "api-key", "oauth2", "openid", "mutual-tls"]
    """``http`` is any other scheme of the header Authorization."""
    argument: str
    """The client's argument that takes the credential."""
    environment: str
    """The environment variable that gives it when the argument does not."""
    location: Literal["header", "query", "cookie"] = "header"
    parameter: str = "Authorization"
    """The header, query parameter or cookie that carries it."""
    http_scheme: str = ""
    """What stands before the credential in the header Authorization (RFC 9110 §11.1); empty for other kinds."""
    bearer_format: str | None = None
    """How a bearer token is made, such as ``JWT``."""
    flows: tuple[OAuthFlow, ...] = ()
    openid_url: str | None = None
    """Where OpenID Connect is described, for a client that discovers it."""
    metadata_url: str | None = None
    """Where the authorization server is described (RFC 8414)."""
    description: str | None = None
    deprecated: bool = False


RenamingKind: TypeAlias = Literal[
    "class", "member", "attribute", "parameter", "method", "resource", "event", "parser", "import"
]
"""A class is a model, an enum, an alias or a request: all that is in ``models``; a member is one of an enum, an
attribute one of a model; a parameter is one of all methods that send a request, whose attribute it is; a resource is an
attribute of the client; an event is a class in ``events``, and a parser the function that reads it; an import is what a
module of its own has, such as ``models.pet.Pet``."""


@attrs.frozen(kw_only=True)
class Renaming:
    """A name that something had in an earlier release, and keeps for a while, deprecated."""

    kind: RenamingKind
    owner: str = ""
    """What has it: the enum, the model or the request, of a method the attribute of the client; else empty."""
    old: str
    new: str
    since: str
    """The release that has the new name."""


@attrs.frozen(kw_only=True)
class Api:
    """A whole API, ready to be rendered."""

    title: str
    version: str
    description: str | None = None
    source: str
    """The description's path as shown in generated files."""
    distribution: str
    package: str
    client: str
    """The client's class name; the asynchronous one is ``Async`` and this."""
    servers: tuple[Server, ...]
    """At least one."""
    security_schemes: tuple[SecurityScheme, ...] = ()
    resources: tuple[Resource, ...]
    events: tuple[Event, ...] = ()
    """Webhooks first, then callbacks."""
    declarations: tuple[Declaration, ...]
    """Sorted by name."""
    entries: tuple[Entry, ...] = ()
    """What of the description could not be said here as it is described."""
    renamed: tuple[Renaming, ...] = ()
    """The names of earlier releases, whether or not they can be kept."""

    @property
    def kept_names(self) -> tuple[Renaming, ...]:
        """Those names of earlier releases that lead to something, and that nothing else has taken."""
        if not self.renamed:
            return ()
        taken = self._names
        listed = {(each.kind, each.owner, each.old): each for each in self.renamed}
        return tuple(
            each
            for each in listed.values()
            for names in (taken.get((each.kind, each.owner), frozenset[str]()),)
            if each.new in names and each.old not in names
        )

    @property
    def _names(self) -> Mapping[tuple[RenamingKind, str], frozenset[str]]:
        """What there is by kind and owner, as of a ``Renaming``."""
        classes = {declaration.name for declaration in self.declarations}
        classes |= {operation.request for operation in self.operations}
        found: dict[tuple[RenamingKind, str], Iterable[str]] = {
            ("class", ""): classes,
            ("resource", ""): [resource.name for resource in self.resources],
            ("event", ""): [event.class_name for event in self.events],
            ("parser", ""): [event.parser for event in self.events],
            ("import", ""): self._imports,
        }
        found |= {("method", resource.name): resource.methods for resource in self.resources}
        for declaration in self.declarations:
            if isinstance(declaration, Enum):
                found["member", declaration.name] = [member.name for member in declaration.members]
            elif isinstance(declaration, Model):
                found["attribute", declaration.name] = [field.name for field in declaration.fields]
        for operation in self.operations:
            found["parameter", operation.request] = [field.name for field in operation.fields]
        return {key: frozenset(names) for key, names in found.items()}

    @property
    def _imports(self) -> Iterator[str]:
        """List where callers can import classes and functions from, apart from the packages that have them all."""
        yield from (f"models.{each.module}.{each.name}" for each in self.declarations)
        yield from (f"operations.{each.module}.{each.request}" for each in self.operations)
        yield from (f"resources.{each.module}.{each.class_name}" for each in self.resources)
        yield from (
            f"events.{event.module}.{name}" for event in self.events for name in (event.class_name, event.parser)
        )

    @property
    def modules(self) -> frozenset[str]:
        """The modules that callers can import classes and functions from, apart from those that have them all."""
        return frozenset(place.rpartition(".")[0] for place in self._imports)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, resource by resource."""
        return tuple(operation for resource in self.resources for operation in resource.operations)
