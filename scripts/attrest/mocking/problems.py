"""Answers that say no: as the description wants them where it says how, else as RFC 9457 has them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from attrest.contentforms import form_of
from attrest.mocking.exchange import Answer, Violation
from attrest.mocking.responses import NoValueError, Response, Responses, dumps
from attrest.mocking.schemata import Schemata
from attrest.trees import is_mapping

_PROBLEM: Final = "application/problem+json"
_HEADER: Final = "X-Attrest-Violations"
_LONGEST_HEADER: Final = 6000
"""The most characters of a header, which clients and proxies limit."""
_MESSAGES: Final = ("detail", "message", "description", "error_description", "error", "title")
"""Names of the field that tells a person what is wrong, the most telling first."""


def refused(
    status: int,
    detail: str,
    violations: Sequence[Violation],
    schemata: Schemata,
    responses: Responses | None,
) -> Answer:
    """Return the answer to a request that is refused.

    Args:
        status: The status.
        detail: What is wrong, on one line.
        violations: All that is wrong, where there are several things.
        schemata: The schemas, as answers see them.
        responses: What the operation is described to answer; None where no operation was asked for.
    """
    remarks = tuple(map(str, violations)) or (detail,)
    problem = {
        "type": "about:blank",
        "title": _phrase(status),
        "status": status,
        "detail": detail,
        **({"violations": [each.as_json() for each in violations]} if violations else {}),
    }
    response = responses.of(status) if responses is not None else None
    if responses is not None and response is not None and response.media:
        own = _as_described(response, responses, schemata, problem)
        if own is not None:
            content_type, body = own
            told = ((_HEADER, _told(violations)),) if violations and body is not problem else ()
            headers = (("Content-Type", content_type), *responses.headers(response), *told)
            return Answer(status=status, headers=headers, body=dumps(body), remarks=remarks)
    return Answer(status=status, headers=(("Content-Type", _PROBLEM),), body=dumps(problem), remarks=remarks)


def _as_described(
    response: Response, responses: Responses, schemata: Schemata, problem: Mapping[str, Any]
) -> tuple[str, Any] | None:
    """Return a media type and a body that the description has for an error; None where it has no JSON for it."""
    media = {each: pointer for each, pointer in response.media.items() if form_of(each) == "json"}
    for content_type in sorted(media, key=lambda each: not each.startswith(_PROBLEM)):
        concrete = "application/json" if "*" in content_type else content_type
        schema = f"{media[content_type]}/schema"
        if "schema" not in schemata.at(media[content_type]):
            return concrete, problem
        if content_type.startswith(_PROBLEM) and schemata.fits(schema, problem):
            return concrete, problem
        try:
            sample = responses.value(response, content_type)
        except NoValueError:
            continue
        return concrete, _with_detail(sample, str(problem["detail"]), schema, schemata)
    return None


def _with_detail(sample: Any, detail: str, schema: str, schemata: Schemata) -> Any:
    """Return a sample of an error that says what is wrong, in the field that seems to be there for it."""
    for name in _MESSAGES if is_mapping(sample) else ():
        if isinstance(sample.get(name), str):
            told: dict[str, Any] = {**sample, name: detail}
            if schemata.fits(schema, told):
                return told
    return sample


def _told(violations: Sequence[Violation]) -> str:
    """Return as many violations as a header holds, in ASCII."""
    told = [json.dumps(each.as_json(), separators=(",", ":")) for each in violations]
    while len(told) > 1 and sum(map(len, told)) > _LONGEST_HEADER:
        told.pop()
    return f"[{','.join(told)}]"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
