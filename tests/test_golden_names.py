"""What the golden cases' names come to, and that text of a description is data and never code."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any, ClassVar
from uuid import UUID

import pytest

from golden_behaviour import NOON, Canned, Import, names, round_trip


class TestNaming:
    DATA: ClassVar = {
        "self": "a",
        "str": "b",
        "list": ["c"],
        "dict": {"d": 1},
        "class": True,
        "date": "2025-03-04",
        "datetime": "2025-03-04T12:00:00Z",
        "v": "e",
        "at": "f",
        "None": None,
        "from_dict": "g",
        "to_dict": "h",
        "additional_properties": "i",
        "data": {"Any": "j"},
        "source": "k",
        "seen": 2,
        "cls": "l",
        "property": "m",
        "__slots__": "n",
        "_private": "o",
        "2nd": "p",
        "": "q",
        "+1": 3,
        "-1": 4,
        "Größe": 5.5,
        "名前": "r",
        "userIDs": ["s"],
        "codec": "12345678-1234-5678-1234-567812345678",
        "not listed": "t",
    }

    def test_attributes_are_words_of_python(self, models: Import) -> None:
        assert names(models("naming").Fields) == [
            *("self_", "str_", "list_", "dict_", "class_", "date", "datetime", "v", "at", "none", "from_dict_"),
            *("to_dict_", "additional_properties_", "data", "source", "seen", "cls", "property", "slots", "private"),
            *("value_2nd", "value", "plus_1", "minus_1", "größe", "名前", "user_ids", "codec", "additional_properties"),
        ]

    def test_no_name_stands_in_the_way_of_a_round_trip(self, models: Import) -> None:
        fields = round_trip(models("naming").Fields, self.DATA)
        assert (fields.self_, fields.v, fields.at, fields.source, fields.seen) == ("a", "e", "f", "k", 2)
        assert fields.additional_properties == {"not listed": "t"}
        assert fields.datetime == NOON

    def test_classes_step_aside_for_what_generated_code_uses(self, models: Import) -> None:
        naming = models("naming")
        ours = {"Any_", "Decimal_", "Mapping_", "Self_", "StrEnum_", "TypeAlias_", "UNSET_", "UUID_"}
        assert ours | {"Codec", "Fields", "Import", "List", "Models", "Object", "Übergröße"} <= set(naming.__all__)
        assert naming.UUID_.from_dict({"id": "12345678-1234-5678-1234-567812345678"}).id == UUID(
            int=0x12345678123456781234567812345678
        )

    def test_the_package_of_the_models_still_lists_them(self, models: Import) -> None:
        for name in models("naming").__all__:
            getattr(models("naming"), name)
        assert dir(models("naming")) == sorted(models("naming").__all__)

    def test_enum_members_are_names_that_enums_can_have(self, models: Import) -> None:
        members = [(member.name, member.value) for member in models("naming").Self_]
        assert members == [
            *(("SELF", "self"), ("MRO_", "mro"), ("NAME", "name"), ("VALUE", "value"), ("NONE", "None")),
            *(("VALUE_1ST", "1st"), ("X", "_x_"), ("CLASS", "__class__")),
        ]

    def test_methods_and_their_arguments_avoid_the_client_s_own(self, package: Import) -> None:
        transport = Canned((204, "", b""), (204, "", b""))
        client = package("naming").NamingClient(transport=transport)
        client.übersicht.get_straße()
        client.value_2fast.value_2fast_2furious(body=[package("naming").models.Object()])
        assert [request.url for request in transport.requests] == [
            "https://naming.example/stra%C3%9Fe",
            "https://naming.example/2fast",
        ]

    def test_arguments_travel_under_their_wire_names(self, models: Import) -> None:
        naming = models("naming")
        request = naming.ImportRequest(
            self_="x", from_=naming.Any_(any="y"), options_="o", operation_="p", filter_größe=1
        )
        assert request.to_http().target == ("/class/x/Any,y?options=o&operation=p&filter%5Bgr%C3%B6%C3%9Fe%5D=1")
        assert naming.ImportRequest.from_dict(request.to_dict()) == request


class TestCollisions:
    def test_every_field_keeps_its_own_value(self, models: Import) -> None:
        collisions = models("collisions")
        data = {"fooBar": "a", "foo_bar": 1, "foo-bar": True, "FooBar": 2.5, "kind": "RED"}
        (model,) = [each for each in self.schemas(collisions) if "foo_bar" in names(each)]
        item = round_trip(model, data)
        assert (item.foo_bar, item.foo_bar_2, item.foo_bar_3, item.foo_bar_4) == (1, "a", True, 2.5)
        assert {member.value for member in type(item.kind)} == {"red", "RED", "Red"}

    def test_schemas_that_differ_in_case_are_different_classes(self, models: Import) -> None:
        fields = {tuple(names(each)[:-1]) for each in self.schemas(models("collisions"))}
        assert {("upper",), ("lower",), ("taken",), ("is_schema",)} < fields

    def schemas(self, models: Any) -> list[type]:
        found = [getattr(models, name) for name in models.__all__]
        return [each for each in found if isinstance(each, type) and hasattr(each, "from_dict")]

    def test_parameters_of_one_name_travel_each_in_its_place(self, models: Import) -> None:
        request = models("collisions").GetItemRequest2(
            id="p", id_query=1, id_header=True, id_cookie="c", id_2="Q", body_="b", body="text"
        )
        sent = request.to_http()
        assert sent.target == "/items/p?id=1&ID=Q&body=b"
        assert sent.headers == {"id": "true", "Cookie": "id=c"}
        assert sent.body.content == b"text"
        assert type(request).from_dict(request.to_dict()) == request

    def test_operations_of_one_name_are_different_methods(self, package: Import) -> None:
        answers = [(200, "application/json", b"{}"), (204, "", b"")]
        transport = Canned(*answers)
        client = package("collisions").CollisionsClient(transport=transport)
        client.items.get_item()
        client.items_2.get_item()
        assert [request.url.rpartition("/")[2] for request in transport.requests] == ["items-again", "items-once-more"]

    def test_aliases_with_like_names_have_decoders_of_their_own(self, models: Import) -> None:
        options = models("collisions").Options.from_dict({"number": 1.5, "text": "a"})
        assert (options.number, options.text) == (1.5, "a")

    def test_a_tag_steps_aside_for_schemas_and_for_the_client_s_own_names(self, package: Import) -> None:
        answer = b'{"data":[{"fooBar":"a","foo_bar":1}],"next":""}'
        transport = Canned((200, "application/json", answer), (204, "", b""))
        collisions = package("collisions")
        client = collisions.CollisionsClient(transport=transport)
        options = collisions.models.Options(verbose=True)
        (item,) = client.item.iter_find_items(request="r", options_=options)
        client.configuration_.list_()
        assert item.foo_bar == 1
        assert transport.requests[0].url == "https://collisions.example/items?kind=special&request=r&verbose=true"


class TestHostileText:
    def test_values_go_both_ways_unharmed(self, models: Import) -> None:
        data = {
            'a"b': '"""\\',
            "{{ 7*7 }}": '""" {% raw %} \\',
            "line\nbreak": "\u202e",
            "\\": '"""; import os',
            "{x}": ["'''", "\r\n", "\\'"],
            "'); import os #": {"__class__": "x"},
            '{"': '"',
        }
        hostile = round_trip(models("hostile_text").ImportOs, data)
        assert hostile.value_7_7 == '""" {% raw %} \\'
        assert type(hostile.line_break).__name__ == "Quoted"
        assert hostile.additional_properties == {'{"': '"'}

    def test_enum_values_are_the_description_s(self, models: Import) -> None:
        values = [member.value for member in models("hostile_text").Quoted]
        assert values == [
            *('"', "'", "\\", "\n", '"""', "{{ 7*7 }}", "{x}", "\u2028", "\u202e", "\0", "\U0001f600", "${x}", "`"),
        ]

    def test_braces_and_quotes_of_a_path_are_data(self, models: Import) -> None:
        hostile = models("hostile_text")
        request = hostile.X77IdRequest(
            b="{b}", c_d='"', n="{n}", x="{{ x }}", q_7_7_x=hostile.Quoted("{x}"), c='"\n{{}'
        )
        sent = request.to_http()
        assert sent.target == (
            "/a%7Bb%7D'%22/%22/%5C%7B%7B%7B%20x%20%7D%7D%7D/%7B;n=%7Bn%7D/?q%22%27%0A%7B%7B%207%2A7%20%7D%7D%7Bx%7D=%7Bx%7D"
        )
        assert sent.headers == {"Cookie": "c%5C%27=%22%0A%7B%7B%7D"}
        assert request.operation.path == '/a{b}\'"/{c"d}/\\{{ x }}/%7B{n}/#?x'
        assert request.operation.id == 'x"""\n{{ 7*7 }}(){id}'

    def test_a_header_that_none_can_be_called_is_refused(self, models: Import) -> None:
        request = models("hostile_text").X77IdRequest(b="b", c_d="c", n="n", x="x", x_evil="x")
        with pytest.raises(ValueError, match="is no name of a header"):
            request.to_http()

    def test_a_pattern_is_the_description_s(self, models: Import) -> None:
        hostile = models("hostile_text")
        assert hostile.ImportOs(a_b='a """\\ b').a_b == 'a """\\ b'
        with pytest.raises(ValueError, match="must match"):
            hostile.ImportOs(a_b='no """ backslash')
        hostile.X77IdRequest(b="b", c_d="c", n="n", x="x", c="braces that ECMAScript refuses are not checked")

    def test_what_people_read_is_what_the_description_says(self, package: Import) -> None:
        hostile = package("hostile_text")
        assert hostile.HostileTextClient.__module__ == "hostile_text_api.client"
        documentation = hostile.models.ImportOs.__doc__
        assert documentation is not None
        assert documentation.strip() == "A backslash at the end \\"
        told = importlib.import_module("hostile_text_api.client").__doc__ or ""
        assert 'Ends in a quote """ import os # \\N{DIGIT ONE} \\u0041 \\' in told

    def test_servers_and_schemes_are_data(self, package: Import) -> None:
        hostile = package("hostile_text")
        configuration = importlib.import_module("hostile_text_api._runtime.configuration")
        with pytest.raises(hostile.errors.ConfigurationError, match="no value for  7\\*7 , x"):
            configuration.server_of(hostile.HostileTextClient(server='""" + \'\\').configuration)
        assert hostile.servers.Server2(value_7_7="a", x="b").url == "https://hostile.example/\"%7Ba%7D'/b"
        client = hostile.HostileTextClient("k", server="https://loopback.example", transport=Canned())
        (credential,) = client.configuration.credentials.values()
        assert (credential.scheme, credential.parameter) == ('bad"""scheme\\', 'X-"Key\\')


class TestInlineSchemas:
    def test_inline_schemas_are_named_after_their_place(self, models: Import) -> None:
        inline = models("inline_schemas")
        options = inline.PlaceOrderBodyLinesItemOptions(gift=True)
        body = inline.PlaceOrderBody(lines=[inline.PlaceOrderBodyLinesItem(sku="s", options=options)])
        request = inline.PlaceOrderRequest(
            body=body,
            filter=inline.PlaceOrderFilter(from_=dt.date(2025, 3, 4), colour="red"),
            sort=inline.PlaceOrderSort.UP,
            fields=[inline.PlaceOrderFieldsItem.ID, "price"],
        )
        sent = request.to_http()
        assert sent.target == (
            "/orders?filter%5Bfrom%5D=2025-03-04&filter%5Bcolour%5D=red&sort=up&fields=id&fields=price"
        )
        assert sent.body.content == b'{"lines":[{"sku":"s","options":{"gift":true}}]}'
        assert type(request).from_dict(request.to_dict()) == request

    def test_answers_are_too(self, models: Import) -> None:
        inline = models("inline_schemas")
        data = {
            "total": {"amount": 1.5, "currency": "EUR"},
            "warnings": [{"text": "w"}],
            "paid_by": {"iban": "DE"},
            "by_sku": {"s": {"left": 1}},
        }
        response = round_trip(inline.PlaceOrderResponse, data)
        assert isinstance(response.paid_by, inline.PlaceOrderResponsePaidByVariant2)
        assert response.total.currency is inline.PlaceOrderResponseTotalCurrency.EUR
        later = inline.PlaceOrderRequest.operation.result(202).read(b'{"poll":"p"}', "application/json")
        assert later == inline.PlaceOrderResponse202(poll="p")

    def test_an_operation_without_an_id_is_named_after_its_path(self, package: Import) -> None:
        inline = package("inline_schemas")
        client = inline.InlineSchemasClient(transport=Canned((200, "application/json", b'[{"sku":"s"}]')))
        assert client.default.get_orders_by_id_lines(id="1") == [inline.models.GetOrdersByIdLinesResponseItem(sku="s")]


class TestMultiFile:
    PET: ClassVar = {
        "id": 7,
        "owner": {"name": "Kim", "pets": [{"id": 8, "owner": {"name": "Jo"}}]},
        "vet": {"name": "Ada", "practice": "Main Street"},
        "mother": {"id": 1, "owner": {"name": "Jo"}},
        "size": "small",
    }

    def test_one_schema_is_one_class_from_wherever_it_is_referred_to(self, models: Import) -> None:
        files = models("multi_file")
        pet = round_trip(files.Pet, self.PET)
        assert type(pet.mother) is files.Pet
        assert type(pet.owner.pets[0]) is files.Pet
        assert type(pet.owner.pets[0].owner) is files.Owner
        assert type(pet.vet).__name__ == "Vet"

    def test_shared_parameters_and_responses_are_found(self, models: Import) -> None:
        files = models("multi_file")
        assert files.GetPetRequest(pet_id=7).to_http().target == "/pets/7"
        with pytest.raises(ValueError, match="pet_id: must be at least 1, got 0"):
            files.GetPetRequest(pet_id=0)
        problem = files.GetPetRequest.operation.error(404).read(b'{"message":"m"}', "application/json")
        assert type(problem) is files.Problem
