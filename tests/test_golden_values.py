"""What the models of the golden cases do: values come back as they were sent, and errors say where."""

from __future__ import annotations

import copy
import datetime as dt
import importlib
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

import pytest

import golden_cases
from golden_behaviour import NOON, Import, names, refusal, round_trip


@pytest.mark.parametrize("case", ["nullable_optional", "nullable_optional_30"])
class TestNullableOptional:
    SMALLEST: ClassVar = {
        "always": "a",
        "always_or_null": None,
        "owner_or_null": None,
        "numbers": [1, None],
        "kind_or_null": None,
    }

    def test_absent_stays_absent(self, models: Import, case: str) -> None:
        sample = round_trip(models(case).Sample, self.SMALLEST)
        assert sample.maybe is None
        assert repr(sample.maybe_or_null) == "UNSET"

    def test_null_stays_null(self, models: Import, case: str) -> None:
        nulls = dict.fromkeys(["maybe_or_null", "maybe_owner_or_null", "maybe_times", "named", "anything", "keeper"])
        sample = round_trip(models(case).Sample, {**self.SMALLEST, **nulls, "level": None, "notes": {"a": None}})
        assert sample.maybe_or_null is None
        assert sample.named is None

    def test_values_stay_values(self, models: Import, case: str) -> None:
        values = {
            "always_or_null": "b",
            "owner_or_null": {"name": "Kim"},
            "maybe_owner_or_null": {"name": "Jo"},
            "maybe_times": ["2025-03-04T12:00:00Z"],
            "kind_or_null": "small",
            "named": "n",
            "keeper": {"name": "Ada"},
            "level": 2,
        }
        sample = round_trip(models(case).Sample, {**self.SMALLEST, **values})
        assert sample.owner_or_null == models(case).Owner(name="Kim")
        assert sample.maybe_times == [NOON]
        assert sample.kind_or_null is models(case).SampleKindOrNull.SMALL
        assert sample.level is models(case).NullableLevel.VALUE_2

    def test_null_is_refused_where_it_does_not_fit(self, models: Import, case: str) -> None:
        said = refusal(models(case).Sample.from_dict, {**self.SMALLEST, "always": None})
        assert said == "$.always: expected a string, got null"

    def test_both_versions_of_the_standard_give_the_same_models(self, case: str) -> None:
        code = golden_cases.readable(case, golden_cases.generated(case))
        other = golden_cases.readable("nullable_optional", golden_cases.generated("nullable_optional"))
        assert code["models/sample.py"] == other["models/sample.py"]
        assert code["operations/put_sample.py"] == other["operations/put_sample.py"]


class TestEnums:
    def test_known_values_are_members_and_unknown_ones_are_kept(self, models: Import) -> None:
        enums = models("enums")
        data = {
            "colour": "dark green",
            "size": 7,
            "finish": "velvet",
            "finish_of_all": ["matt", "velvet"],
            "maybe_colour": None,
            "by_room": {"hall": "red", "attic": "mauve"},
            "mixed": 1.5,
            "ambiguous": True,
            "ratio": 2,
            "nullable": None,
            "nothing": None,
            "flag": True,
            "signs": "<=",
            "always": 1,
            "choice": "a",
            "level": 2,
            "reused": "",
        }
        painted = round_trip(enums.Painted, data)
        assert painted.colour is enums.Colour.DARK_GREEN
        assert painted.size == 7
        assert painted.finish == "velvet"
        assert painted.finish_of_all == [enums.PaintedFinishOfAllItem.MATT, "velvet"]
        assert painted.by_room == {"hall": enums.Colour.RED_2, "attic": "mauve"}
        assert painted.ratio is enums.Ratio.VALUE_2
        assert painted.flag is True
        assert painted.choice is enums.Choice.FIRST
        assert painted.reused is enums.Colour.EMPTY

    def test_members_are_named_after_their_values_or_as_the_description_says(self, models: Import) -> None:
        enums = models("enums")
        assert list(enums.Colour.__members__) == ["RED_2", "DARK_GREEN", "EMPTY", "RED", "VALUE_1ST"]
        assert dict(enums.Size.__members__) == {"SMALL": 1, "LARGE": 2, "UPSIDE_DOWN": -3}
        assert [member.value for member in enums.Choice] == ["a", "b"]
        assert list(enums.Signs.__members__)[:2] == ["EQUALS_SIGN", "EXCLAMATION_MARK_EQUALS_SIGN"]
        assert (enums.Signs.PLUS_1, enums.Signs.MINUS_1, enums.Signs.MRO_) == ("+1", "-1", "mro")

    def test_a_value_of_another_kind_is_refused(self, models: Import) -> None:
        decode = models("enums").Painted.from_dict
        assert refusal(decode, {"colour": 1, "size": 1}) == "$.colour: expected a string, got 1"
        assert refusal(decode, {"colour": "red", "size": "1"}) == "$.size: expected an integer, got '1'"
        assert refusal(decode, {"colour": "red", "size": 1, "always": True}) == "$.always: expected 1, got true"

    def test_members_and_other_values_are_sent_alike(self, models: Import) -> None:
        enums = models("enums")
        request = enums.PaintRequest(colour=enums.Colour.EMPTY, sizes=[enums.Size.UPSIDE_DOWN, 9], sort="newest")
        assert request.to_http().target == "/paint?colour=&sizes=-3&sizes=9&sort=newest"

    def test_a_default_is_the_service_s_business(self, models: Import) -> None:
        enums = models("enums")
        painted = enums.Painted(colour="red", size=1)
        assert painted.finish is None
        assert painted.to_dict() == {"colour": "red", "size": 1}


class TestUnionsDiscriminated:
    def test_the_tag_decides(self, models: Import) -> None:
        unions = models("unions_discriminated")
        pets = {"a": {"petType": "cat"}, "b": {"petType": "dog"}, "c": {"petType": "puppy", "name": "Rex"}}
        household = round_trip(unions.Household, {"by_name": pets, "pet": None})
        assert [type(pet) for pet in household.by_name.values()] == [unions.Cat, unions.Dog, unions.Dog]

    def test_the_schemas_names_are_tags_where_nothing_else_is_said(self, models: Import) -> None:
        unions = models("unions_discriminated")
        shapes = [{"kind": "Square", "size": 2.5}, {"kind": "Circle", "size": 1}]
        household = round_trip(unions.Household, {"shapes": shapes})
        assert [type(shape) for shape in household.shapes] == [unions.Square, unions.Circle]

    def test_a_union_in_a_union_counts_with_its_members(self, models: Import) -> None:
        unions = models("unions_discriminated")
        animals = [{"petType": "bird"}, {"petType": "puppy"}, {"petType": "cat"}]
        household = round_trip(unions.Household, {"animals": animals})
        assert [type(animal) for animal in household.animals] == [unions.Bird, unions.Dog, unions.Cat]

    def test_an_unknown_tag_survives(self, models: Import, package: Import) -> None:
        unions = models("unions_discriminated")
        data = {"pet": {"petType": "horse", "hands": 15}, "event": {"event": "moved"}}
        household = round_trip(unions.Household, data)
        assert household.pet == package("unions_discriminated").UnknownVariant(data["pet"])

    def test_what_no_variant_may_leave_out_makes_it_an_unknown_one(self, models: Import, package: Import) -> None:
        household = round_trip(models("unions_discriminated").Household, {"pet": {"name": "Rex"}})
        assert household.pet == package("unions_discriminated").UnknownVariant({"name": "Rex"})

    def test_a_tag_of_another_kind_is_refused(self, models: Import) -> None:
        decode = models("unions_discriminated").Household.from_dict
        assert refusal(decode, {"shapes": [{"kind": 1}]}) == "$.shapes[0].kind: expected a string, got 1"
        assert refusal(decode, {"pet": "Rex"}) == "$.pet: expected an object, got 'Rex'"

    def test_a_tag_is_of_the_type_that_its_property_has(self, models: Import) -> None:
        unions = models("unions_discriminated")
        assert type(round_trip(unions.Household, {"draft": {"version": 2}}).draft) is unions.Second
        assert unions.First().to_dict() == {"version": 1}
        round_trip(unions.Household, {"draft": {"version": 3, "a": 1}})
        assert refusal(unions.Household.from_dict, {"draft": {"version": "2"}}).startswith("$.draft.version: expected")

    def test_an_error_inside_a_variant_says_where(self, models: Import) -> None:
        data = {"by_name": {"a": {"petType": "cat", "name": 1}}}
        said = refusal(models("unions_discriminated").Household.from_dict, data)
        assert said == "$.by_name.a.name: expected a string, got 1"

    def test_a_tag_with_one_value_needs_no_mention(self, models: Import) -> None:
        unions = models("unions_discriminated")
        assert unions.AddPetRequest(body=unions.Cat(name="Tom")).to_http().body.content == (
            b'{"petType":"cat","name":"Tom"}'
        )

    def test_what_extends_a_base_keeps_its_tag(self, models: Import) -> None:
        car = round_trip(models("unions_discriminated").Car, {"type": "car", "doors": 3})
        assert car.doors == 3

    def test_the_name_of_a_mapped_schema_announces_it_where_its_values_are_open(
        self, models: Import, package: Import
    ) -> None:
        unions = models("unions_discriminated")
        assert type(round_trip(unions.Household, {"event": {"event": "Opened"}}).event) is unions.Opened
        assert type(round_trip(unions.Household, {"event": {"event": "opened"}}).event) is unions.Opened
        assert unions.Household(event=unions.Opened()).to_dict() == {"event": {"event": "opened"}}
        unknown = package("unions_discriminated").UnknownVariant
        assert type(round_trip(unions.Household, {"event": {"event": "Dog"}}).event) is unknown
        assert type(round_trip(unions.Household, {"pet": {"petType": "Dog"}}).pet) is unknown

    def test_the_name_of_a_class_that_extends_another_announces_it(self, models: Import) -> None:
        vehicle = round_trip(models("unions_default").Household, {"vehicle": {"type": "Boat", "masts": 2}}).vehicle
        assert type(vehicle) is models("unions_default").Boat


class TestUnionsDefault:
    def test_the_default_is_for_tags_that_are_missing_or_unknown(self, models: Import) -> None:
        unions = models("unions_default")
        assert isinstance(round_trip(unions.Household, {"pet": {"kind": "cat", "lives": 9}}).pet, unions.Cat)
        assert isinstance(round_trip(unions.Household, {"pet": {"name": "Polly"}}).pet, unions.SomePet)
        parrot = round_trip(unions.Household, {"pet": {"kind": "parrot", "name": "Polly", "words": 3}}).pet
        assert parrot == unions.SomePet(kind="parrot", name="Polly", additional_properties={"words": 3})

    def test_what_does_not_fit_the_default_is_refused(self, models: Import) -> None:
        said = refusal(models("unions_default").Household.from_dict, {"pet": {"kind": "parrot"}})
        assert said == "$.pet.name: required, but missing"

    def test_a_base_class_can_have_a_default(self, models: Import) -> None:
        unions = models("unions_default")
        assert isinstance(round_trip(unions.Household, {"vehicle": {"doors": 3}}).vehicle, unions.Car)
        assert isinstance(round_trip(unions.Household, {"vehicle": {"type": "bus", "doors": 2}}).vehicle, unions.Car)
        assert isinstance(round_trip(unions.Household, {"vehicle": {"type": "boat", "masts": 2}}).vehicle, unions.Boat)

    def test_without_a_tag_or_a_default_the_keys_tell_the_variant(self, models: Import, package: Import) -> None:
        unions = models("unions_default")
        assert isinstance(round_trip(unions.Household, {"shape": {"radius": 1.5}}).shape, unions.Circle)
        assert isinstance(round_trip(unions.Household, {"shape": {"side": 1.5}}).shape, unions.Square)
        unclear = {"colour": "red"}
        kept = round_trip(unions.Household, {"shape": unclear}).shape
        assert kept == package("unions_default").UnknownVariant(unclear)


class TestUnionsPlain:
    def test_a_dog_is_never_a_cat(self, models: Import) -> None:
        unions = models("unions_plain")
        data = {"value": "x", "pets": [{"name": "Rex", "barks": True}, {"name": "Tom", "meows": False}]}
        holder = round_trip(unions.Holder, data)
        assert [type(pet) for pet in holder.pets] == [unions.Dog, unions.Cat]

    def test_an_object_that_fits_no_member_survives(self, models: Import, package: Import) -> None:
        unions, unknown = models("unions_plain"), package("unions_plain").UnknownVariant
        parrot = {"name": "Polly", "words": [{"said": None}]}
        holder = round_trip(unions.Holder, {"value": "x", "pet": parrot, "pets": [parrot], "tagged": {"volume": 11}})
        assert (holder.pet, holder.pets, holder.tagged) == (unknown(parrot), [unknown(parrot)], unknown({"volume": 11}))
        sent = unions.AddPetRequest(body=holder.pet).to_http().body.content
        assert sent == b'{"name":"Polly","words":[{"said":null}]}'
        assert unions.AddPetRequest.operation.result(200).read(sent, "application/json") == unknown(parrot)

    def test_what_is_no_object_is_refused_with_a_reason_for_each_member(self, models: Import) -> None:
        said = refusal(models("unions_plain").Holder.from_dict, {"value": "x", "pet": "Polly"})
        assert said.startswith("$.pet: expected one of the variants (Cat: not an object; Dog: not an object)")
        assert refusal(models("constraints").Order.from_dict, {"code": "AB", "quantity": 1, "size": True}) == (
            "$.size: expected one of the variants (an integer; a string; an array), got true"
        )

    def test_an_object_that_has_the_keys_of_one_member_is_that_one_or_wrong(self, models: Import) -> None:
        said = refusal(models("unions_plain").Holder.from_dict, {"value": "x", "pet": {"name": "Rex", "barks": 1}})
        assert said == "$.pet.barks: expected a boolean, got 1"

    @pytest.mark.parametrize(
        ("value", "decoded"),
        [
            ("2025-03-04T12:00:00Z", NOON),
            ("12345678-1234-5678-1234-567812345678", UUID("12345678-1234-5678-1234-567812345678")),
            (1.5, 1.5),
            (["a"], ["a"]),
            ({"a": 1}, {"a": 1}),
            (None, None),
        ],
    )
    def test_the_kind_of_a_value_and_its_format_tell_members_apart(
        self, models: Import, value: object, decoded: object
    ) -> None:
        holder = round_trip(models("unions_plain").Holder, {"value": ["x"], "many": value})
        assert holder.many == decoded

    def test_a_constant_or_a_key_tells_objects_apart(self, models: Import) -> None:
        unions = models("unions_plain")
        holder = round_trip(unions.Holder, {"value": "", "tagged": {"state": "off-line"}, "loose": {"phone": "1"}})
        assert isinstance(holder.tagged, unions.TaggedOff)
        assert isinstance(holder.loose, unions.LooseByPhone)

    def test_items_tell_lists_apart(self, models: Import) -> None:
        decode = models("unions_plain").Holder.from_dict
        assert decode({"value": "", "lists": [1, 2]}).lists == [1, 2]
        assert decode({"value": "", "lists": ["1"]}).lists == ["1"]
        assert "lists" in refusal(decode, {"value": "", "lists": [1.5]})

    def test_true_is_no_number(self, models: Import) -> None:
        unions = models("unions_plain")
        assert round_trip(unions.Holder, {"value": "", "scalars": True}).scalars is True
        assert "$.scalars" in refusal(unions.Holder.from_dict, {"value": "", "scalars": 1.5})

    def test_an_alias_in_a_union_counts_as_what_it_stands_for(self, models: Import) -> None:
        unions = models("unions_plain")
        read = unions.AddPetRequest.operation.result(200).read
        assert read(b"7", "application/json") == 7
        assert isinstance(read(b'{"name":"Rex","barks":true}', "application/json"), unions.Dog)


class TestAllOf:
    MANAGER: ClassVar = {
        "name": "Kim",
        "born": "1990-01-02",
        "contact": {"email": "k@example.org"},
        "salary": 1.5,
        "boss": {"name": "Jo", "born": "1980-01-02", "salary": 2},
        "made_at": "2025-03-04T12:00:00Z",
        "level": 3,
        "staff": [],
    }

    def test_a_class_has_the_fields_of_all_that_it_extends(self, models: Import) -> None:
        manager = round_trip(models("all_of").Manager, self.MANAGER)
        assert names(type(manager)) == [*self.MANAGER, "additional_properties"]
        assert manager.boss.born == dt.date(1980, 1, 2)

    @pytest.mark.parametrize(
        ("model", "missing"), [("Employee", "born"), ("Manager", "boss"), ("OnlyRequired", "made_at")]
    )
    def test_what_is_extended_can_be_made_required(self, models: Import, model: str, missing: str) -> None:
        data = {name: value for name, value in self.MANAGER.items() if name != missing}
        assert refusal(getattr(models("all_of"), model).from_dict, data) == f"$.{missing}: required, but missing"

    def test_a_reference_with_a_description_is_the_reference(self, models: Import) -> None:
        described = round_trip(models("all_of").Described, {"dated": {"made_at": "2025-03-04T12:00:00Z"}, "short": "x"})
        assert type(described.dated) is models("all_of").Dated

    def test_what_is_narrowed_is_open_still(self, models: Import) -> None:
        all_of = models("all_of")
        assert round_trip(all_of.Narrowed, {"value": "a"}).value is all_of.NarrowedValue.A
        assert round_trip(all_of.Narrowed, {"value": "z"}).value == "z"

    def test_members_of_a_union_have_what_stands_beside_it(self, models: Import) -> None:
        all_of = models("all_of")
        decode = importlib.import_module("all_of_api.models.either").decode_either
        assert decode({"name": "Kim", "phone": "1"}) == all_of.EitherWithPhone(name="Kim", phone="1")
        assert decode({"phone": "1"}) == importlib.import_module("all_of_api").UnknownVariant({"phone": "1"})
        assert refusal(decode, {"name": 1, "phone": "1"}).startswith("$")

    def test_what_stands_beside_a_reference_to_a_union_is_not_in_the_union(self, models: Import) -> None:
        all_of = models("all_of")
        kim = {"name": "Kim", "phone": "1"}
        described = round_trip(all_of.Described, {"either": kim, "either_since": {**kim, "since": "2025-03-04"}})
        assert described.either == all_of.EitherWithPhone(name="Kim", phone="1")
        assert described.either_since.since == dt.date(2025, 3, 4)
        kept = round_trip(all_of.Described, {"either_since": kim})
        assert kept.either_since == importlib.import_module("all_of_api").UnknownVariant(kim)


class TestRecursion:
    def test_a_tree_holds_trees_in_every_way(self, models: Import) -> None:
        leaf = {"name": "leaf"}
        data = {"name": "root", "parent_or_null": None, "children": [leaf], "by_name": {"a": leaf}, "forest": [leaf]}
        tree = round_trip(models("recursion").Tree, {**data, "parent": {**data, "name": "above"}})
        assert tree.parent.children[0] == models("recursion").Tree(name="leaf")

    def test_an_error_far_down_says_where(self, models: Import) -> None:
        data = {"name": "a", "children": [{"name": "b", "by_name": {"odd name": {"name": "c", "forest": [{}]}}}]}
        said = refusal(models("recursion").Tree.from_dict, data)
        assert said == "$.children[0].by_name['odd name'].forest[0].name: required, but missing"

    def test_data_that_is_nested_too_deeply_is_refused(self, models: Import) -> None:
        data: dict[str, object] = {"name": "a"}
        for _ in range(5000):
            data = {"name": "a", "parent": data}
        assert "fewer levels of nesting" in refusal(models("recursion").Tree.from_dict, data)

    @pytest.mark.parametrize("value", ["a", 1.5, True, None, [[], [1, {"a": [None]}]], {"a": {"b": ["c"]}}])
    def test_aliases_refer_to_themselves(self, models: Import, value: object) -> None:
        data = {"json": value, "nested": [[], [[]]], "maps": {"a": {"b": {}}}, "lists": [{"a": [{}]}]}
        assert round_trip(models("recursion").UsesAll, data).json == value

    def test_aliases_check_what_they_hold_at_every_level(self, models: Import) -> None:
        decode = models("recursion").UsesAll.from_dict
        assert refusal(decode, {"nested": [[], [[1]]]}) == "$.nested[1][0][0]: expected an array, got 1"
        assert refusal(decode, {"maps": {"a": {"b": 1}}}) == "$.maps.a.b: expected an object, got 1"

    def test_an_operation_may_answer_with_them(self, models: Import) -> None:
        recursion = models("recursion")
        read = recursion.GrowTreeRequest.operation.result(201).read
        assert read(b'{"not":"x"}', "application/json") == recursion.Not(not_="x")
        assert read(b'{"books":[{}]}', "application/json") == recursion.Author(books=[recursion.Book()])

    def test_models_and_aliases_refer_to_each_other(self, models: Import) -> None:
        recursion = models("recursion")
        uses = round_trip(recursion.UsesAll, {"expression": {"not": {"not": "x"}}})
        assert uses.expression == recursion.Not(not_=recursion.Not(not_="x"))


class TestAdditionalProperties:
    @pytest.mark.parametrize("model", ["Open", "Free", "Closed", "Anything", "Empty"])
    def test_fields_that_are_not_listed_are_kept(self, models: Import, model: str) -> None:
        kept = round_trip(getattr(models("additional_properties"), model), {"other": {"a": [1]}})
        assert kept.additional_properties == {"other": {"a": [1]}}

    @pytest.mark.parametrize("model", ["Closed", "Composed"])
    def test_a_closed_model_takes_none_from_its_maker(self, models: Import, model: str) -> None:
        with pytest.raises(TypeError, match="additional_properties"):
            getattr(models("additional_properties"), model)(name="a", additional_properties={})

    def test_a_composed_model_takes_the_names_that_its_parts_list_by_pattern(self, models: Import) -> None:
        patterned = models("additional_properties").Patterned
        made = patterned(additional_properties={"x-a": 1, "y-a": 2})
        assert made.to_dict() == {"x-a": 1, "y-a": 2}
        with pytest.raises(ValueError, match="the name 'z-a': must match"):
            patterned(additional_properties={"z-a": 3})

    def test_they_have_the_type_that_the_description_gives(self, models: Import) -> None:
        additional = models("additional_properties")
        assert round_trip(additional.Typed, {"name": "a", "x": 1}).additional_properties == {"x": 1}
        times = round_trip(additional.Times, {"t": "2025-03-04T12:00:00Z"})
        assert times.additional_properties == {"t": NOON}
        owned = round_trip(additional.Owned, {"o": {"name": "b"}})
        assert owned.additional_properties == {"o": additional.Open(name="b")}
        assert refusal(additional.Typed.from_dict, {"name": "a", "x": "1"}) == "$.x: expected an integer, got '1'"

    def test_they_may_be_of_their_own_class(self, models: Import) -> None:
        folder = round_trip(models("additional_properties").Folder, {"size": 1, "a": {"b": {}}})
        assert folder.additional_properties["a"].additional_properties["b"] == type(folder)()

    def test_maps_are_dicts(self, models: Import) -> None:
        data = {
            "counts": {"a": 1},
            "anything": {"b": None},
            "models": {"c": {"name": "d"}},
            "times": {"e": "2025-03-04T12:00:00Z"},
            "lists": {"f": ["2025-03-04"]},
            "free": {"g": [1, "h"]},
        }
        holder = round_trip(models("additional_properties").Holder, data)
        assert holder.counts == {"a": 1}
        assert holder.lists == {"f": [dt.date(2025, 3, 4)]}
        assert refusal(type(holder).from_dict, {"counts": {"a": None}}) == "$.counts.a: expected an integer, got null"

    def test_a_map_is_sent_and_read(self, models: Import) -> None:
        put = models("additional_properties").PutCountsRequest
        assert put(body={"a": 1}).to_http().body.content == b'{"a":1}'
        assert put.operation.result(200).read(b'{"x":{"a":1}}', "application/json") == {"x": {"a": 1}}


class TestFormats:
    DATA: ClassVar = {
        "date_time": "2025-03-04T12:00:00Z",
        "date": "2025-03-04",
        "time": "12:00:00Z",
        "duration": "P1DT2H",
        "uuid": "12345678-1234-5678-1234-567812345678",
        "byte": "AAH/",
        "decimal": "1.50",
    }

    def test_values_of_the_standard_library_come_out(self, models: Import) -> None:
        formats = round_trip(models("formats").Formats, self.DATA)
        assert formats.date_time == NOON
        assert formats.date == dt.date(2025, 3, 4)
        assert formats.time == dt.time(12, tzinfo=dt.UTC)
        assert formats.duration == dt.timedelta(days=1, hours=2)
        assert formats.uuid == UUID(self.DATA["uuid"])
        assert formats.byte == b"\x00\x01\xff"
        assert formats.decimal == Decimal("1.50")
        assert str(formats.decimal) == "1.50"

    def test_what_datetime_and_time_cannot_hold_is_written_as_it_was_read(self, models: Import) -> None:
        more = {
            "date_time": "2016-12-31T23:59:60Z",
            "time": "12:00:00.123456789+01:00",
            "date_times": ["2025-03-04T12:00:00.0000001Z"],
            "at": "2025-03-04t12:00:00.123456700Z",
        }
        formats = round_trip(models("formats").Formats, {**self.DATA, **more})
        assert formats.date_time == dt.datetime(2017, 1, 1, tzinfo=dt.UTC)
        assert formats.date_times == [NOON]

    def test_numbers_stay_numbers_whatever_their_format(self, models: Import) -> None:
        numbers = {"int32": 1, "int64": 2**60, "float": 1.5, "double": 2, "decimal_number": 2.5, "number_of_seconds": 7}
        formats = round_trip(models("formats").Formats, {**self.DATA, **numbers})
        assert type(formats.decimal_number) is float
        assert formats.number_of_seconds == 7

    def test_text_stays_text_where_a_format_has_no_type(self, models: Import) -> None:
        texts = ["uri", "email", "hostname", "ipv4", "ipv6", "password", "regex", "unheard_of"]
        formats = round_trip(models("formats").Formats, {**self.DATA, **dict.fromkeys(texts, "?")})
        assert formats.unheard_of == "?"

    def test_formats_hold_in_lists_maps_unions_and_aliases(self, models: Import) -> None:
        more = {
            "date_times": ["2025-03-04T12:00:00Z"],
            "dates": {"a": "2025-03-04"},
            "maybe": None,
            "uuid_or_date": "2025-03-04",
            "at": "2025-03-04T12:00:00Z",
            "encoded": "AAH/",
            "url_safe": "-_8=",
            "url_safe_keys": {"a": "_-8="},
            "key_or_number": "--__",
            "duration": "P1M",
        }
        formats = round_trip(models("formats").Formats, {**self.DATA, **more})
        assert (formats.date_times, formats.dates, formats.at) == ([NOON], {"a": dt.date(2025, 3, 4)}, NOON)
        assert formats.uuid_or_date == dt.date(2025, 3, 4)
        assert formats.encoded == b"\x00\x01\xff"
        assert (formats.url_safe, formats.url_safe_keys) == (b"\xfb\xff", {"a": b"\xff\xef"})
        assert formats.key_or_number == b"\xfb\xef\xff"
        assert formats.duration == "P1M"

    def test_padding_that_was_left_out_stays_so(self, models: Import) -> None:
        formats = round_trip(models("formats").Formats, {**self.DATA, "url_safe": "-_8", "url_safe_keys": {"a": "_w"}})
        again = copy.deepcopy(formats)
        assert formats.url_safe == b"\xfb\xff"
        assert again.to_dict() == formats.to_dict()
        again.url_safe += b"\xff"
        assert again.to_dict()["url_safe"] == "-___"

    @pytest.mark.parametrize(
        ("field", "value", "expected"),
        [
            ("date_time", "tomorrow", "RFC 3339 date-time, got 'tomorrow'"),
            ("date_time", "2025-03-04T12:00:00", "RFC 3339 date-time, got '2025-03-04T12:00:00'"),
            ("date", "2025-03-04T12:00:00Z", "RFC 3339 date, got '2025-03-04T12:00:00Z'"),
            ("uuid", "1", "a UUID, got '1'"),
            ("byte", "A", "base64, got 'A'"),
            ("url_safe", "+/8=", "base64url, got '+/8='"),
            ("decimal", 1.5, "a decimal number as text, got 1.5"),
        ],
    )
    def test_an_error_names_the_format(self, models: Import, field: str, value: object, expected: str) -> None:
        said = refusal(models("formats").Formats.from_dict, {**self.DATA, field: value})
        assert said == f"$.{field}: expected {expected}"

    def test_parameters_are_written_in_their_formats(self, models: Import) -> None:
        request = models("formats").ListEventsRequest(
            day=dt.date(2025, 3, 4),
            since="2025-03-04T13:00:00+01:00",
            until=NOON,
            opening=dt.time(9, 30),
            ids=[UUID(int=1), UUID(int=2)],
            times=[NOON, NOON],
            price=Decimal("1.50"),
            token=b"\x00\x01\xff",
            key="-_8",
        )
        assert request.since == NOON
        assert request.to_http().target == (
            "/events/2025-03-04?since=2025-03-04T13%3A00%3A00%2B01%3A00&until=2025-03-04T12%3A00%3A00Z"
            "&opening=09%3A30%3A00&ids=00000000-0000-0000-0000-000000000001&ids=00000000-0000-0000-0000-000000000002"
            "&times=2025-03-04T12%3A00%3A00Z,2025-03-04T12%3A00%3A00Z&price=1.50&token=AAH%2F&key=-_8"
        )
        assert type(request).from_dict(request.to_dict()) == request

    @pytest.mark.parametrize("since", [dt.datetime(2025, 3, 4), "2025-03-04"])  # noqa: DTZ001  # naive on purpose
    def test_a_time_without_a_zone_is_refused(self, models: Import, since: object) -> None:
        with pytest.raises(ValueError, match="since: expected a datetime with a time zone"):
            models("formats").ListEventsRequest(day=dt.date(2025, 3, 4), since=since)


class TestConstraints:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"code": "A"}, "code: must have at least 2 characters, got 1"),
            ({"code": "ab"}, r"code: must match \^\[A-Z\]\+\$, got 'ab'"),
            ({"codes": ["AA", "BB", "CC"]}, "codes: must have at most 2 items, got 3"),
            ({"codes": ["AA", "AA"]}, 'codes: items must be unique, got "AA" more than once'),
            ({"path": "/2026\n"}, r"path: must match \^.*\$, got '/2026\\n'"),
            ({"price": 0}, "price: must be more than 0, got 0"),
            ({"price": 0.005}, "price: must be a multiple of 0.01, got 0.005"),
            ({"quantity": 11}, "quantity: must be at most 10, got 11"),
            ({"discount": 1}, "discount: must be less than 1, got 1"),
            ({"labels": {"a": "", "b": "", "c": ""}}, "labels: must have at most 2 properties, got 3"),
            ({"nothing": {"a": 1}}, "nothing: must have at most 0 properties, got 1"),
            ({"wrapped": "ABCDE"}, "wrapped: must have at most 4 characters, got 5"),
            ({"narrower": "ABCD"}, "narrower: must have at most 3 characters, got 4"),
            ({"codes": ["AA", "b"]}, r"codes\[1\]: must have at least 2 characters, got 1"),
            ({"names": ["abc", None, "abcd"]}, r"names\[2\]: must have at most 3 characters, got 4"),
            ({"grid": [[1], []]}, r"grid\[1\]: must have at least 1 item, got 0"),
            ({"grid": [[1], [2, -3]]}, r"grid\[1\]\[1\]: must be at least 0, got -3"),
            ({"point": [91]}, r"point\[0\]: must be at most 90, got 91"),
            ({"point": [1, 91, 4, 6]}, r"point\[3\]: must be at most 5, got 6"),
            ({"point": [None]}, r"point\[0\]: expected a number, got null"),
            ({"point": [1, "x", "y"]}, r"point\[2\]: expected a number, got 'y'"),
            ({"visit": [dt.date(2026, 3, 4), 1]}, r"visit\[0\]: expected an integer, got a date"),
            ({"visit": [1, 2]}, r"visit\[1\]: expected a string, got 2"),
            ({"visit": [1, dt.date(2026, 3, 4), 0]}, r"visit\[2\]: expected a boolean or null, got 0"),
            ({"visit": [True]}, r"visit\[0\]: expected an integer, got true"),
            ({"prices": {"a": 1, "b": 0}}, r"prices\.b: must be more than 0, got 0"),
            ({"prices": {"A": 1}}, r"prices: the name 'A': must match \^\[a-z\], got 'A'"),
            ({"size": 61}, "size: must be at most 60, got 61"),
            ({"size": ""}, "size: must have at least 1 character, got 0"),
            ({"size": ["AA", "AA"]}, 'size: items must be unique, got "AA" more than once'),
            ({"size": ["AA", "a"]}, r"size\[1\]: must have at least 2 characters, got 1"),
            ({"anything": "a"}, "anything: must have at least 2 characters, got 1"),
            ({"anything": [1]}, "anything: must have at least 2 items, got 1"),
            ({"day": dt.date(1999, 3, 4)}, r"day: must match \^20, got '1999-03-04'"),
            ({"at": NOON.replace(microsecond=1000)}, "at: must have at most 20 characters, got 24"),
            ({"key": b"abcd"}, "key: must have at most 4 characters, got 8"),
            ({"lot": "bb"}, "lot: must have at most 1 character, got 2"),
            ({"grade": 9}, "grade: must be at most 2, got 9"),
            ({"better": 1}, "better: must be at least 2, got 1"),
            ({"greeting": "bye"}, "greeting: must be 'hello', got 'bye'"),
            ({"pair": [True]}, r"pair\[0\]: must be 1, got true"),
            ({"pair": [1, 2, 3]}, "pair: must have at most 2 items, got 3"),
        ],
    )
    def test_what_is_made_is_checked(self, models: Import, arguments: dict[str, Any], said: str) -> None:
        with pytest.raises(ValueError, match=rf"^{said}$"):
            models("constraints").Order(**{"code": "AB", "quantity": 1, **arguments})

    def test_fields_that_are_not_listed_are_checked(self, models: Import) -> None:
        extras = models("constraints").Extras
        assert extras(a="long enough", additional_properties={"b": 3}).to_dict() == {"a": "long enough", "b": 3}
        with pytest.raises(ValueError, match=r"^additional_properties\.b: must be at most 3, got 4$"):
            extras(additional_properties={"b": 4})
        with pytest.raises(
            ValueError, match=r"^additional_properties: the name 'long': must have at most 3 characters"
        ):
            extras(additional_properties={"long": 1})
        assert extras.from_dict({"long": 9}).additional_properties == {"long": 9}

    def test_a_field_may_require_another(self, models: Import) -> None:
        extras = models("constraints").Extras
        assert extras(a="x", c_d=None).to_dict() == {"a": "x", "c-d": None}
        with pytest.raises(ValueError, match=r"^c_d: requires a$"):
            extras(c_d=None)
        assert extras.from_dict({"c-d": "x"}).a is None

    @pytest.mark.parametrize(
        "arguments",
        [
            {"names": ["abc", None]},
            {"grid": [[0, 1], [2]], "point": [90, 91, 5]},
            {"size": 60},
            {"size": "x"},
            {"size": ["AA", "BB"]},
            {"either": "neither"},
            {"path": "/2026"},
            {"anything": {"a": 1}},
            {"anything": 0},
        ],
    )
    def test_what_fits_inside_passes(self, models: Import, arguments: dict[str, Any]) -> None:
        order = models("constraints").Order(code="AB", quantity=1, **arguments)
        assert order.to_dict() == {"code": "AB", "quantity": 1, **arguments}

    def test_what_is_within_the_limits_passes(self, models: Import) -> None:
        constraints = models("constraints")
        order = constraints.Order(
            code="ABCD",
            quantity=10,
            codes=["AA", "BB"],
            price=0.07,
            discount=None,
            labels={},
            odd="anything",
            day=dt.date(2025, 3, 4),
            at=NOON,
            key=b"abc",
            lot=constraints.Lot.A,
        )
        assert models("constraints").PlaceOrderRequest(body=order, code="AB", codes=("AA",)).to_http().target == (
            "/orders?code=AB&codes=AA"
        )

    def test_what_is_received_is_not_checked(self, models: Import) -> None:
        order = round_trip(models("constraints").Order, {"code": "lower", "quantity": 99, "price": -1})
        assert order.quantity == 99
        with pytest.raises(ValueError, match=r"^\$\.pair: expected at most 2 items, got 3$"):
            models("constraints").Order.from_dict({"code": "AB", "quantity": 1, "pair": [1, 2, 3]})

    def test_what_was_received_is_checked_when_it_is_sent(self, models: Import) -> None:
        constraints = models("constraints")
        received = constraints.Order.from_dict({"code": "AB", "quantity": 99})
        order = constraints.Order(code="AB", quantity=1, parts=[{}, {"a b": received}])
        with pytest.raises(ValueError, match=r"^body\.parts\[1\]\['a b'\]\.quantity: must be at most 10, got 99$"):
            constraints.PlaceOrderRequest(body=order).to_http()

    def test_what_changed_is_checked_when_it_is_sent(self, models: Import) -> None:
        constraints = models("constraints")
        order = constraints.Order(code="AB", quantity=1, extras=constraints.Extras())
        request = constraints.PlaceOrderRequest(body=order)
        order.extras.additional_properties["b"] = 4
        with pytest.raises(ValueError, match=r"^body\.extras\.additional_properties\.b: must be at most 3, got 4$"):
            request.to_http()
        order.extras.additional_properties["b"] = 3
        assert request.to_http().body.content == b'{"code":"AB","quantity":1,"extras":{"b":3}}'

    def test_what_does_not_travel_is_not_checked(self, models: Import) -> None:
        constraints = models("constraints")
        data = {"code": "AB", "quantity": 1, "original": {"code": "lower", "quantity": 99}}
        request = constraints.PlaceOrderRequest(body=constraints.Order.from_dict(data))
        assert request.to_http().body.content == b'{"code":"AB","quantity":1}'


class TestSending:
    def test_what_only_the_service_sets_is_not_sent(self, models: Import) -> None:
        directions = models("read_write_only")
        data = {"id": "a", "name": "Kim", "password": "p", "owner": {"number": 1}}
        account = directions.Account.from_dict(data)
        assert account.to_dict() == data
        sent = directions.OpenAccountRequest(body=account).to_http().body.content
        assert sent == b'{"name":"Kim","password":"p","owner":{}}'


class TestBaseClasses:
    def test_a_value_of_the_base_class_is_what_its_tag_names(self, models: Import) -> None:
        base = models("base_classes")
        read = base.ListAnimalsRequest.operation.result(200).read
        animals = read(
            b'[{"kind":"cat","meows":true},{"kind":"Kitten","weeks":3},{"kind":"Dog","friend":{"kind":"cat"}}]',
            "application/json",
        )
        assert animals == [base.Cat(meows=True), base.Kitten(weeks=3), base.Dog(friend=base.Cat())]

    def test_an_unknown_tag_keeps_the_base_class(self, models: Import) -> None:
        base = models("base_classes")
        decode = importlib.import_module("base_classes_api.models.animal").decode_any_animal
        cow = decode({"kind": "cow", "moos": True})
        assert cow == base.Animal(kind="cow", additional_properties={"moos": True})
        assert cow.to_dict() == {"kind": "cow", "moos": True}
        assert refusal(decode, {"meows": True}) == "$.kind: required, but missing"

    def test_a_base_class_may_list_those_who_extend_it(self, models: Import) -> None:
        base = models("base_classes")
        drawing = round_trip(base.Drawing, {"shape": {"form": "circle", "radius": 1.5}})
        assert drawing.shape == base.Circle(radius=1.5)
        assert drawing.shape.form is base.ShapeForm.CIRCLE


class TestSchemaKeywords:
    def test_arrays_have_a_type_per_position(self, models: Import) -> None:
        keywords = models("schema_keywords")
        thing = round_trip(keywords.Thing, {"pair": ["a", "2025-03-04"], "row": [{"text": "b"}, 1, 2], "nothing": []})
        assert thing.pair == ["a", dt.date(2025, 3, 4)]
        assert thing.row == [keywords.ThingNote(text="b"), 1, 2]
        assert refusal(keywords.Thing.from_dict, {"pair": ["a", "2025-03-04", 1]}) == (
            "$.pair: expected at most 2 items, got 3"
        )
        assert refusal(keywords.Thing.from_dict, {"row": [{"text": "b"}, "c"]}).startswith("$.row[1]: ")
        assert refusal(keywords.Thing.from_dict, {"nothing": [1]}).startswith("$.nothing: ")

    def test_patterns_of_names_give_mappings(self, models: Import) -> None:
        keywords = models("schema_keywords")
        data = {"by_pattern": {"x-a": 1}, "by_any_name": {"a": {"text": "b"}}, "unevaluated": {"c": 2}}
        thing = round_trip(keywords.Thing, {**data, "half_open": {"x-a": 1, "other": []}})
        assert thing.by_any_name == {"a": keywords.ThingNote(text="b")}
        assert refusal(keywords.Thing.from_dict, {"by_pattern": {"x-a": "b"}}).startswith("$.by_pattern['x-a']: ")
        with pytest.raises(ValueError, match=r"^by_pattern: the name 'y': must match \^x-, got 'y'$"):
            keywords.Thing(by_pattern={"y": 1})

    def test_what_cannot_be_typed_is_kept(self, models: Import) -> None:
        data = {"anything": [1], "impossible": "a", "constants": {"a": 1}, "when": {"a": 1, "b": "x"}, "mistyped": 1}
        round_trip(models("schema_keywords").Thing, {**data, "either_required": {}})

    def test_references_lead_to_anchors(self, models: Import) -> None:
        keywords = models("schema_keywords")
        thing = round_trip(keywords.Thing, {"at_anchor": {"text": "a"}, "refined": {"text": "a", "by": "b"}})
        assert type(thing.at_anchor) is keywords.ThingNote
        assert refusal(keywords.Thing.from_dict, {"refined": {"text": "a"}}) == "$.refined.by: required, but missing"
        tree = round_trip(keywords.Tree, {"children": [{"children": []}]})
        assert tree.children == [keywords.Tree(children=[])]

    def test_parts_narrow_each_other(self, models: Import) -> None:
        keywords = models("schema_keywords")
        assert round_trip(keywords.Thing, {"narrowed": None}).narrowed is None
        assert refusal(keywords.Thing.from_dict, {"narrowed": "a"}) == "$.narrowed: expected an integer, got 'a'"
        assert round_trip(keywords.Thing, {"bytes": "AAH/"}).bytes_ == b"\x00\x01\xff"

    def test_alternatives_have_what_stands_beside_them(self, models: Import) -> None:
        decode = importlib.import_module("schema_keywords_api.models.merged").decode_merged
        merged = decode({"children": [{}], "c": "d"})
        assert merged.children == [models("schema_keywords").Tree()]
        assert merged.c == "d"


class TestTolerated:
    def test_what_is_wrong_with_one_schema_leaves_the_others_good(self, models: Import) -> None:
        data = {
            "id": "a",
            "empty": [1],
            "twice": "A",
            "nothing": "b",
            "objects": {"a": 1},
            "untyped_items": [1, "c"],
            "bad_pattern": "[",
            "bad_type": 7,
            "mystery": None,
            "id_again": "b",
            "nonsense": [],
            "pet": {"kind": "cat"},
        }
        tolerated = models("tolerated")
        thing = round_trip(tolerated.Thing, data)
        assert thing.twice is tolerated.ThingTwice.A
        assert type(thing.pet) is tolerated.Cat
        assert tolerated.Thing(bad_pattern="anything").id is None
        assert refusal(tolerated.Thing.from_dict, {"id_again": 1}) == "$.id_again: expected a string, got 1"
