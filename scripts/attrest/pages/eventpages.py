"""The page of events: webhooks and callbacks, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from attrest.code.eventcode import event_fields
from attrest.ir import Event, Response
from attrest.pages import markdown
from attrest.pages.docfacts import Facts, bodies, entry, field_table, introduction, place, required
from attrest.pages.doclinks import Links
from attrest.pages.markdown import Table
from attrest.pages.wiretables import Limits, Travel, body_way, wire_table


@attrs.frozen(kw_only=True)
class EventPart:
    """An event's part of the page."""

    name: str
    description: str
    facts: tuple[str, ...]
    usage: str
    fields: Table
    wire: Table
    answers: Table


@attrs.frozen(kw_only=True)
class EventsPage:
    """All events."""

    package: str
    contents: tuple[str, ...]
    checked: str
    """A program that checks a signature before it reads an event."""
    events: tuple[EventPart, ...]


def events_page(facts: Facts) -> EventsPage:
    """Return what the page of an API's events says."""
    events, links = facts.api.events, facts.links("../")
    return EventsPage(
        package=facts.api.package,
        contents=tuple(entry(links.model(event.class_name), event) for event in events),
        checked=facts.programs.checking(events[0]),
        events=tuple(_part(event, facts, links) for event in events),
    )


def _part(event: Event, facts: Facts, links: Links) -> EventPart:
    travels = [Travel(each.field, each.wire_name, each.location) for each in event.parameters]
    if event.body is not None:
        travels.insert(0, Travel(event.body.field, "", body_way(event.body)))
    return EventPart(
        name=event.class_name,
        description=introduction(event),
        facts=tuple(_facts(event, facts, links)),
        usage=facts.programs.reading(event),
        fields=field_table(event_fields(event), "Field", facts, lambda field: links.received(field.type)),
        wire=wire_table(travels, Limits(facts.spelling, links)),
        answers=_answers(event.responses, links),
    )


def _facts(event: Event, facts: Facts, links: Links) -> Iterator[str]:
    target = f" to {markdown.code(event.url)}" if event.url else ""
    yield f"The {event.kind} {markdown.code(event.id)}, sent{target} by {markdown.code(event.method)}"
    if asking := [call for call in facts.calls if call.operation.request in event.operations]:
        links_to = (links.operation(call.resource, call.operation, call.method) for call in asking)
        yield f"Asked for by: {', '.join(links_to)}"
    if event.security:
        alternatives = " or ".join(required(each, "nothing") for each in event.security)
        yield f"Authenticates itself with {alternatives}"
    yield f"Read by {markdown.code(f'events.{event.parser}')}, called {markdown.code(event.name)} by `events.parse`"
    yield f"Described at {place(event.pointer, event.location, links)}"


def _answers(responses: Collection[Response], links: Links) -> Table:
    rows = tuple(
        (response.status, bodies(response, links), markdown.brief(response.description)) for response in responses
    )
    told = markdown.notes((response.status, response.description) for response in responses)
    return Table(("Status", "Body", "Description"), rows, told).without_empty("Body", "Description")
