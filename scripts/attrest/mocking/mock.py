"""Request -> Answer: what a service answers that is exactly as it is described."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import attrs

from attrest.contentforms import form_of
from attrest.document import Document
from attrest.mocking import adapting, bodies, negotiation, operations, parameters, preferences, problems, routes
from attrest.mocking.exchange import Answer, Pairs, Request, Violation, pairs
from attrest.mocking.operations import Operation, PathItem
from attrest.mocking.responses import NoValueError, Response, dumps, is_bodiless
from attrest.mocking.schemata import Schemata
from attrest.mocking.stateful import Collections, NoKeyError, UnknownItemError

_UNDESCRIBED: Final = "X-Attrest-Undescribed-Query"


class Mock:
    """A service that knows of itself what its description says."""

    def __init__(self, document: Document, credentials: Iterable[str] = (), *, stateful: bool = False) -> None:
        """Prepare every operation.

        Args:
            document: The description, in which references lead somewhere.
            credentials: The tokens, keys, or names and passwords with a colon between, that count; none for any.
            stateful: Whether to keep the items of collections.
        """
        self._credentials = frozenset(credentials)
        seen = adapting.directions(document.tree, document.version)
        self._requests = Schemata(seen["request"], document.version, "request")
        self._answers = Schemata(seen["answer"], document.version, "answer")
        items = list(operations.described(self._requests, self._answers))
        owners = [document.tree, *(owner for item in items for owner in item.owners)]
        self._routes = routes.Routes[PathItem](routes.base_paths(owners))
        for item in items:
            self._routes.add(item.path, item.names, item)
        self.operations = tuple(each for item in items for each in item.operations.values())
        self.collections = Collections(self.operations if stateful else (), self._answers)

    def remarks(self) -> Iterator[str]:
        """Make what every operation answers when all is well; say what cannot be made, or not checked."""
        for operation in self.operations:
            _, response = operation.responses.success()
            try:
                for content_type in response.media if response else ():
                    operation.responses.content(response, content_type) if response else None
            except NoValueError as error:
                yield f"{operation.method} {operation.path}: {error}: asked for, it is answered by 500"
            yield from operation.responses.remarks
            self._prepare(operation)
        yield from self.collections.remarks
        yield from self._requests.remarks
        yield from (each for each in self._answers.remarks if each not in self._requests.remarks)

    def _prepare(self, operation: Operation) -> None:
        """Make what requests of an operation are held against."""
        for parameter in operation.reader.parameters:
            if parameter.schema:
                self._requests.prepare(parameter.schema)
        for media in operation.body.media.values() if operation.body else ():
            self._requests.prepare(f"{media}/schema")

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, and whatever is wrong with the request as its remarks."""
        query = pairs(request.query)
        found = self._routes.find(request.path, query)
        if found is None:
            return self._refused(HTTPStatus.NOT_FOUND, f"no path of the description is {request.path}", None)
        item, segments = found
        operation = item.operations.get(request.method)
        if operation is None:
            return self._not_allowed(request, item)
        sent = parameters.Sent(
            segments=segments,
            query=query,
            querystring=request.query,
            headers=request.headers,
            cookies=pairs(request.headers.get("cookie", ""), ";"),
        )
        if not operation.security.is_met(sent, self._credentials):
            return self._unauthorized(operation)
        try:
            values, body, violations = self._read(operation, sent, request)
        except bodies.UnsupportedMediaTypeError as error:
            taken = " or ".join(operation.body.media) if operation.body else ""
            detail = f"the body is {str(error) or 'of no media type'}: expected {taken}"
            return self._refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, operation)
        if violations:
            detail = "; ".join(map(str, violations))
            return self._refused(operation.violated, detail, operation, violations)
        answer = self._succeeded(operation, request, values, body)
        return _with_undescribed(answer, _undescribed(operation, query)) if query else answer

    def _read(
        self, operation: Operation, sent: parameters.Sent, request: Request
    ) -> tuple[parameters.Values, Any, list[Violation]]:
        """Return the values of a request's parameters, that of its body, and whatever is wrong."""
        values, violations = operation.reader.read(sent)
        if operation.body is None:
            return values, None, violations
        body, more = bodies.read(operation.body, self._requests, request)
        return values, body, [*violations, *more]

    def _succeeded(self, operation: Operation, request: Request, values: parameters.Values, body: Any) -> Answer:
        """Return what is answered to a request that is as described."""
        wanted = preferences.preferences(request.headers.get("prefer"))
        status, response = operation.responses.success()
        applied: list[str] = []
        ignored = list(wanted.unread)
        if wanted.code is not None:
            asked_for = operation.responses.of(wanted.code)
            (ignored if asked_for is None else applied).append(f"code={wanted.code}")
            status, response = (status, response) if asked_for is None else (wanted.code, asked_for)
        example = wanted.example
        if example is not None:
            is_there = response is not None and example in operation.responses.names_of_examples(response)
            (applied if is_there else ignored).append(f"example={example}")
            example = example if is_there else None
        accept = request.headers.get("accept")
        answer = None if applied or response is None else self._kept(operation, status, response, values, body, accept)
        answer = answer or self._described(operation, status, response, example, accept)
        return preferences.told(answer, applied, ignored)

    def _kept(
        self,
        operation: Operation,
        status: int,
        response: Response,
        values: parameters.Values,
        body: Any,
        accept: str | None,
    ) -> Answer | None:
        """Do with the items of a collection what is asked for; None where the answer has nothing to do with them."""
        try:
            told = self.collections.perform(operation, values, body)
        except UnknownItemError as error:
            return self._refused(HTTPStatus.NOT_FOUND, str(error), operation)
        except NoKeyError as error:
            return self._refused(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), None)
        if told is None or is_bodiless(status):
            return None
        return self._told(operation, status, response, told.value, accept)

    def _described(
        self, operation: Operation, status: int, response: Response | None, example: str | None, accept: str | None
    ) -> Answer:
        """Return a response as it is described."""
        if response is None:
            return Answer(status=status)
        headers = operation.responses.headers(response)
        if not response.media or is_bodiless(status):
            return Answer(status=status, headers=headers)
        accepted = negotiation.acceptable(list(response.media), accept)
        if not accepted:
            detail = f"Accept: {accept} takes none of {', '.join(response.media)}"
            return self._refused(HTTPStatus.NOT_ACCEPTABLE, detail, operation)
        try:
            content = operation.responses.content(response, accepted[0], example)
        except NoValueError as error:
            return self._refused(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), None)
        content_type = negotiation.concrete(accepted[0], accept)
        return Answer(
            status=status, headers=(("Content-Type", content_type), *headers), body=content.body, parts=content.parts
        )

    def _told(self, operation: Operation, status: int, response: Response, value: Any, accept: str | None) -> Answer:
        """Return a response that shows what is kept."""
        accepted = negotiation.acceptable([each for each in response.media if form_of(each) == "json"], accept)
        if not accepted:
            return self._described(operation, status, response, None, accept)
        headers = (
            ("Content-Type", negotiation.concrete(accepted[0], accept)),
            *operation.responses.headers(response),
        )
        return Answer(status=status, headers=headers, body=dumps(value))

    def _not_allowed(self, request: Request, item: PathItem) -> Answer:
        allowed = ", ".join(item.operations)
        detail = f"{item.path} takes {allowed or 'nothing'}, not {request.method}"
        some = next(iter(item.operations.values()), None)
        answer = self._refused(HTTPStatus.METHOD_NOT_ALLOWED, detail, some)
        return answer.with_headers(("Allow", allowed))

    def _unauthorized(self, operation: Operation) -> Answer:
        challenges = operation.security.challenges
        answer = self._refused(HTTPStatus.UNAUTHORIZED, f"it asks for credentials: {challenges}", operation)
        return answer.with_headers(("WWW-Authenticate", challenges))

    def _refused(
        self, status: int, detail: str, operation: Operation | None, violations: list[Violation] | None = None
    ) -> Answer:
        responses = operation.responses if operation is not None else None
        return problems.refused(status, detail, violations or (), self._answers, responses)


def _undescribed(operation: Operation, query: Pairs) -> list[str]:
    """Return the names of a query that nothing describes: neither parameters, nor security, nor the path."""
    known = {*operation.security.in_query, *(name for name, _ in pairs(operation.path.partition("?")[2]))}
    return [name for name in operation.reader.undescribed(query) if name not in known]


def _with_undescribed(answer: Answer, names: Sequence[str]) -> Answer:
    """Return an answer that says which names of the query nothing describes; no description can forbid them."""
    if not names:
        return answer
    told = answer.with_headers((_UNDESCRIBED, ", ".join(quote(name, safe="[]") for name in names)))
    return attrs.evolve(told, remarks=(*told.remarks, *(f"query {name}: nothing describes it" for name in names)))
