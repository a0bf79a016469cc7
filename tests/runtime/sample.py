"""A client of two models and four requests, by hand, in the shape that the generator gives to every client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, Self

import attrs

from attrest.runtime import auth as _auth
from attrest.runtime import bodies as _bodies
from attrest.runtime import checks as _checks
from attrest.runtime import client as _client
from attrest.runtime import codec as _codec
from attrest.runtime import configuration as _configuration
from attrest.runtime import http as _http
from attrest.runtime import operation as _operation
from attrest.runtime import pagination as _pagination
from attrest.runtime import parameters as _parameters
from attrest.runtime.options import Options, Timeout
from attrest.runtime.retries import Clock, Retries
from attrest.runtime.unset import UNSET, Unset

_PET_NAMES = frozenset(("id", "bornAt", "kind", "tags", "dueAt", "note"))
_PAGE_NAMES = frozenset(("data", "endCursor", "hasNextPage"))
_PROBLEM_NAMES = frozenset(("message", "requestId"))


class PetKind(StrEnum):
    CAT = "cat"
    DOG = "dog"


@attrs.define(kw_only=True)
class Pet:
    id: str
    born_at: datetime
    kind: PetKind | str
    tags: list[str]
    due_at: datetime | None = None
    note: str | Unset | None = UNSET
    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any], repr=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        at = ""
        try:
            source = _codec.fields(data)
            self = cls.__new__(cls)
            seen = 4
            at = "id"
            self.id = v if type(v := source["id"]) is str else _codec.refuse("a string", v)
            at = "bornAt"
            self.born_at = _codec.date_time(source["bornAt"])
            at = "kind"
            self.kind = _codec.open_enum(PetKind, source["kind"])
            at = "tags"
            self.tags = _codec.array(_codec.string, source["tags"])
            at = "dueAt"
            if (v := source.get("dueAt")) is None:
                self.due_at = None
            else:
                self.due_at = _codec.date_time(v)
                seen += 1
            at = "note"
            if (v := source.get("note", UNSET)) is UNSET:
                self.note = UNSET
            else:
                self.note = None if v is None else _codec.string(v)
                seen += 1
            at = ""
            self.additional_properties = {} if len(source) == seen else _codec.unknown(source, _PET_NAMES)
        except Exception as error:  # noqa: BLE001 - raised again
            raise _codec.located(error, at) from None
        return self

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = dict(self.additional_properties)
        data["id"] = self.id
        data["bornAt"] = _codec.date_time_text(self.born_at)
        data["kind"] = _codec.encode(self.kind)
        data["tags"] = self.tags
        if self.due_at is not None:
            data["dueAt"] = _codec.date_time_text(self.due_at)
        if self.note is not UNSET:
            data["note"] = self.note
        return data


@attrs.define(kw_only=True)
class PetPage:
    data: list[Pet]
    end_cursor: str
    has_next_page: bool

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        at = ""
        try:
            source = _codec.fields(data)
            self = cls.__new__(cls)
            at = "data"
            self.data = _codec.array(Pet.from_dict, source["data"])
            at = "endCursor"
            self.end_cursor = _codec.string(source["endCursor"])
            at = "hasNextPage"
            self.has_next_page = _codec.boolean(source["hasNextPage"])
        except Exception as error:  # noqa: BLE001 - raised again
            raise _codec.located(error, at) from None
        return self


@attrs.define(kw_only=True)
class Problem:
    message: str
    request_id: str

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        at = ""
        try:
            source = _codec.fields(data)
            self = cls.__new__(cls)
            at = "message"
            self.message = _codec.string(source["message"])
            at = "requestId"
            self.request_id = _codec.string(source["requestId"])
        except Exception as error:  # noqa: BLE001 - raised again
            raise _codec.located(error, at) from None
        return self


_ERRORS = {"404": _operation.json(Problem.from_dict), "default": _operation.json(Problem.from_dict)}


@attrs.frozen(kw_only=True)
class ListPetsRequest(_operation.Request["PetPage"]):
    after: str | None = None
    kinds: Sequence[str] | None = attrs.field(default=None, validator=_checks.sequence)

    operation: ClassVar[_operation.Operation] = _operation.Operation(
        id="listPets",
        method="GET",
        path="/pets",
        idempotent=True,
        security=(("bearerAuth",),),
        results={"200": _operation.json(PetPage.from_dict)},
        errors=_ERRORS,
    )
    pagination: ClassVar[_pagination.Pagination[ListPetsRequest, PetPage, Pet]] = _pagination.Pagination(
        advance=lambda request, cursor: attrs.evolve(request, after=cursor),
        start=lambda request: request.after,
        items=lambda page: page.data,
        cursor=lambda page: page.end_cursor,
        more=lambda page: page.has_next_page,
    )

    def to_http(self) -> _http.Request:
        return _http.Request(
            method="GET",
            target="/pets"
            + _parameters.query(
                _parameters.form("after", self.after), _parameters.form("kinds", self.kinds, explode=False)
            ),
        )


@attrs.frozen(kw_only=True)
class PostPetRequest(_operation.Request["Pet"]):
    due_at: datetime = attrs.field(converter=_checks.aware_datetime, validator=[_checks.required, _checks.aware])
    names: Sequence[str] = attrs.field(validator=[_checks.required, _checks.length(1, 2), _checks.texts])

    operation: ClassVar[_operation.Operation] = _operation.Operation(
        id="postPet",
        method="POST",
        path="/pets",
        security=(("bearerAuth",),),
        results={"200": _operation.json(Pet.from_dict)},
        errors=_ERRORS,
    )

    def to_http(self) -> _http.Request:
        return _http.Request(
            method="POST",
            target="/pets" + _parameters.query(_parameters.form("dueAt", _codec.date_time_text(self.due_at))),
            body=_bodies.json({"names": self.names}),
        )


@attrs.frozen(kw_only=True)
class DeletePetRequest(_operation.Request[None]):
    id: str = attrs.field(validator=_checks.required)

    operation: ClassVar[_operation.Operation] = _operation.Operation(
        id="deletePet",
        method="DELETE",
        path="/pets/{id}",
        idempotent=True,
        security=(("bearerAuth",),),
        results={"204": _operation.nothing()},
        errors=_ERRORS,
    )

    def to_http(self) -> _http.Request:
        return _http.Request(method="DELETE", target=f"/pets/{_parameters.simple(self.id)}")


@attrs.frozen(kw_only=True)
class UploadRequest(_operation.Request[str]):
    content: _bodies.FileLike = attrs.field(validator=_checks.required)

    operation: ClassVar[_operation.Operation] = _operation.Operation(
        id="upload",
        method="PUT",
        path="/photo",
        idempotent=True,
        results={"2XX": _operation.text()},
    )

    def to_http(self) -> _http.Request:
        return _http.Request(method="PUT", target="/photo", body=_bodies.binary(self.content))


class Pets:
    def __init__(self, client: _client.SyncClient) -> None:
        self._client = client

    def post_pet(self, *, due_at: datetime | str, names: Sequence[str], options: Options | None = None) -> Pet:
        return self._client.send(PostPetRequest(due_at=due_at, names=names), options)

    def iter_pets(
        self, *, after: str | None = None, options: Options | None = None, poll: float | None = None
    ) -> _pagination.Pages[PetPage, Pet]:
        request = ListPetsRequest(after=after)
        return _pagination.Pages(self._client, request, request.pagination, options, poll)


class AsyncPets:
    def __init__(self, client: _client.AsyncClient) -> None:
        self._client = client

    def iter_pets(
        self, *, after: str | None = None, options: Options | None = None, poll: float | None = None
    ) -> _pagination.AsyncPages[PetPage, Pet]:
        request = ListPetsRequest(after=after)
        return _pagination.AsyncPages(self._client, request, request.pagination, options, poll)


SERVERS = {"us": "https://pets.example", "eu": "https://eu.pets.example/v1"}


def settings(
    token: str | None,
    server: str | None,
    timeout: Timeout | float | None,
    retries: Retries | None,
    headers: Mapping[str, str] | None,
    clock: Clock | None,
) -> _configuration.Configuration:
    bearer = _auth.bearer("bearerAuth", argument="token", environment="PETS_TOKEN", value=token)
    return _configuration.configure(
        prefix="PETS",
        servers=SERVERS,
        server=server,
        credentials=(bearer,),
        timeout=timeout,
        retries=retries,
        headers=headers,
        clock=clock,
    )


class PetClient(_client.SyncClient):
    def __init__(
        self,
        token: str | None = None,
        *,
        server: str | None = None,
        timeout: Timeout | float | None = None,
        retries: Retries | None = None,
        headers: Mapping[str, str] | None = None,
        transport: _http.Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(settings(token, server, timeout, retries, headers, clock), transport)

    @cached_property
    def pets(self) -> Pets:
        return Pets(self)


class AsyncPetClient(_client.AsyncClient):
    def __init__(
        self,
        token: str | None = None,
        *,
        server: str | None = None,
        timeout: Timeout | float | None = None,
        retries: Retries | None = None,
        headers: Mapping[str, str] | None = None,
        transport: _http.AsyncTransport | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(settings(token, server, timeout, retries, headers, clock), transport)

    @cached_property
    def pets(self) -> AsyncPets:
        return AsyncPets(self)
