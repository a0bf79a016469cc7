"""Tags, links, and methods that OpenAPI 3.2 adds, in the golden case that has them all."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import golden_cases
from attrest.infer import infer
from attrest.ir import ABSENT, Api, Link, LinkParameter
from attrest.load import load
from attrest.lower import lower
from attrest.settings import Settings
from golden_behaviour import Import
from runtime.misbehaving import serving, whole

CASE = "tags_and_links"


@pytest.fixture
def tagged(package: Import) -> Any:
    return package(CASE)


@pytest.fixture(scope="module")
def api() -> Api:
    file = golden_cases.GOLDEN / CASE / "openapi.yaml"
    document = load(file)
    return lower(document, infer(document), Settings(document=file, output=Path("unused")))


def page(resource: str) -> str:
    return golden_cases.generated(CASE).files[f"docs/sdks/{resource}/README.md"]


class TestMethods:
    @pytest.mark.parametrize(
        ("resource", "method", "sent"),
        [
            ("cats", "copy_cats", b"COPY /cats"),
            ("cats", "copy_cats_2", b"copy /cats"),
            ("default", "m_search_cats", b"M-SEARCH /cats"),
        ],
    )
    def test_a_method_travels_as_it_is_written(self, tagged: Any, resource: str, method: str, sent: bytes) -> None:
        with serving(whole("204 No Content", b"")) as server, tagged.TagsAndLinksClient(server=server.url) as client:
            getattr(getattr(client, resource), method)()
        assert server.requests[0].startswith(sent + b" HTTP/1.1\r\n")

    def test_query_carries_a_body_and_can_be_repeated(self, tagged: Any) -> None:
        busy = whole("503 Service Unavailable", b"")
        found = whole("200 OK", b'[{"name":"Tom"}]', "Content-Type: application/json")
        with serving(busy, found) as server, tagged.TagsAndLinksClient(server=server.url) as client:
            cats = client.cats.find_cats(body=tagged.models.Cat(name="Tom"))
        assert [cat.name for cat in cats] == ["Tom"]
        assert len(server.requests) == 2
        for request in server.requests:
            assert request.startswith(b"QUERY /cats HTTP/1.1\r\n")
            assert request.endswith(b'\r\n\r\n{"name":"Tom"}')

    def test_what_is_no_method_is_lost_alone(self, api: Api) -> None:
        assert "not a method" not in {operation.method for operation in api.operations}
        assert [entry.pointer for entry in api.entries if entry.lost] == [
            "/paths/~1cats/additionalOperations/not a method"
        ]


class TestTags:
    def test_a_part_follows_the_whole_and_what_is_not_declared_comes_last(self, api: Api) -> None:
        assert [resource.tag for resource in api.resources] == ["Shops", "Pets", "Cats", "Circle", "default"]

    def test_what_a_tag_says_is_kept(self, api: Api) -> None:
        pets = next(resource for resource in api.resources if resource.tag == "Pets")
        assert (pets.summary, pets.kind, pets.parent) == ("Pets of every kind", "nav", None)
        assert pets.external_documentation is not None
        assert pets.external_documentation.url == "https://tags.example/pets?a=1"
        assert [resource.tag for resource in api.resources if resource.parent == "Pets"] == ["Cats"]

    def test_an_operation_is_filed_under_its_first_tag_and_keeps_the_others(self, api: Api) -> None:
        (find,) = (operation for operation in api.operations if operation.id == "findCats")
        assert find.tags == ("Cats", "Pets", "undeclared")
        assert "* Also tagged: Pets, undeclared" in page("cats")

    def test_pages_link_parts_wholes_and_more(self) -> None:
        assert "* Part of: [Pets](../../sdks/pets/README.md)" in page("cats")
        assert "* Parts: [Cats](../../sdks/cats/README.md)" in page("pets")
        assert "* Kind: nav" in page("pets")
        assert "* About pets: <https://tags.example/pets?a=1>" in page("pets")
        assert "* More: `javascript:alert(1)`" in page("cats")


class TestLinks:
    def links(self, api: Api) -> dict[str, Link]:
        return {link.name: link for each in api.operations for answer in each.responses for link in answer.links}

    def test_targets_are_found_by_id_and_by_reference(self, api: Api) -> None:
        assert {name: link.operation for name, link in self.links(api).items()} == {
            "itsCat": "GetCatRequest",
            "leave": "DeleteCatsByIdRequest",
            "again": "FindCatsRequest",
            "nowhere": None,
            "elsewhere": None,
            "shared": "FindCatsRequest",
        }

    def test_what_they_take_along_is_kept(self, api: Api) -> None:
        links = self.links(api)
        assert links["itsCat"].parameters == (
            LinkParameter(name="path.id", value="$response.body#/cat"),
            LinkParameter(name="limit", value=10),
        )
        assert links["itsCat"].server == "https://cats.example"
        assert (links["itsCat"].body, links["again"].body) == (ABSENT, {"name": '""" \\'})

    def test_those_that_lead_nowhere_are_in_the_ledger(self, api: Api) -> None:
        dangling = {entry.pointer.rpartition("/")[2] for entry in api.entries if "no such operation" in entry.reason}
        assert dangling == {"nowhere", "elsewhere"}

    def test_methods_say_what_comes_next(self, tagged: Any) -> None:
        client = tagged.TagsAndLinksClient()
        told = inspect.getdoc(client.shops.open_shop) or ""
        following = " ".join(told.partition("What next:")[2].split())
        assert (
            "itsCat: ``client.pets.get_cat`` with path.id = $response.body#/cat, limit = 10. Look at the cat that came "
            "with it. leave: ``client.circle.delete_cats_by_id`` with id = {$response.header.X-Cat}. again: "
            '``client.cats.find_cats`` with body = {"name": "\\"\\"\\" \\\\"}. nowhere: closeShop, which is not part'
        ) in following

    def test_pages_say_what_comes_next(self) -> None:
        (line,) = re.findall(r"- After 201, itsCat: .*", page("shops"))
        assert line == (
            "- After 201, itsCat: [client.pets.get_cat](../../sdks/pets/README.md#get_cat) with `path.id` = "
            "`$response.body#/cat`, `limit` = `10`, server `https://cats.example`. Look at the cat that came with it."
        )
        assert "- After 201, nowhere: `closeShop`" in page("shops")
