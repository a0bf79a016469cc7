"""Names: whatever a description calls things, Python can."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrest import names

MAKERS: dict[str, Callable[[str], str]] = {
    "attribute": names.attribute,
    "class name": names.class_name,
    "enum member": names.enum_member,
    "module": names.module,
}
TEXTS = st.text() | st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Mn"]), max_size=8)


@pytest.mark.parametrize("maker", MAKERS)
@given(text=TEXTS)
def test_any_text_gives_a_name_that_python_reads_as_it_is(maker: str, text: str) -> None:
    name = MAKERS[maker](text)
    assert name.isidentifier()
    assert not keyword.iskeyword(name)
    assert unicodedata.normalize("NFKC", name) == name
    assert not name.startswith("_")


@given(text=TEXTS)
def test_a_module_is_a_file_of_any_file_system(text: str) -> None:
    name = names.module(text)
    assert name.isascii()
    assert name == name.lower()
    assert len(name) <= 120


@given(texts=st.lists(TEXTS, max_size=6))
def test_a_namespace_gives_each_name_once_also_where_case_does_not_count(texts: list[str]) -> None:
    given_out = names.Namespace()
    taken = [given_out.take(names.attribute(text)) for text in texts]
    assert len({name.casefold() for name in taken}) == len(texts)
    assert all(name.isidentifier() for name in taken)


@pytest.mark.parametrize(
    ("text", "attribute", "class_name", "module", "member"),
    [
        ("fooBar", "foo_bar", "FooBar", "foo_bar", "FOO_BAR"),
        ("userIDs", "user_ids", "UserIDs", "user_ids", "USER_IDS"),
        ("HTTPServer2", "http_server2", "HTTPServer2", "http_server2", "HTTP_SERVER2"),
        ("utf-8", "utf_8", "Utf8", "utf_8", "UTF_8"),
        ("+1", "plus_1", "Value1", "value_1", "PLUS_1"),
        ("class", "class_", "Class", "class_", "CLASS"),
        ("list", "list", "List", "list_", "LIST"),
        ("Any", "any", "Any_", "any_", "ANY"),
        ("ClassVariant", "class_variant", "SchemaClassVariant", "class_variant", "CLASS_VARIANT"),
        ("a\ufe0f\u3164b", "ab", "Ab", "ab", "AB"),
        ("हिन्दी", "हिन्दी", "हिन्दी", "module_9ddb12af", "हिन्दी"),
        ("3d", "value_3d", "Value3d", "value_3d", "VALUE_3D"),
        ("Übergröße", "übergröße", "Übergröße", "ubergrosse", "ÜBERGRÖSSE"),
        ("", "value", "Value", "value", "EMPTY"),
        (">=", "value", "Value", "value", "GREATER_THAN_SIGN_EQUALS_SIGN"),
    ],
)
def test_names_are_what_a_person_would_choose(
    text: str, attribute: str, class_name: str, module: str, member: str
) -> None:
    assert names.attribute(text) == attribute
    assert names.class_name(text) == class_name
    assert names.module(text) == module
    assert names.enum_member(text) == member


def test_a_name_with_prefixes_needs_all_of_them_free() -> None:
    given_out = names.Namespace(["AsyncPets"], prefixes=("", "Async"))
    assert given_out.take("Pets", "PetsResource") == "PetsResource"
    assert given_out.take("AsyncPetsResource") == "AsyncPetsResource2"


@pytest.mark.parametrize("name", ["Con", "NUL", "Com1", "lpt9"])
def test_no_module_is_called_like_a_device(name: str) -> None:
    assert names.module(name) == f"{name.lower()}_"
