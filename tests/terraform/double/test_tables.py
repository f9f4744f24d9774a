"""The hand-written tables fit the schemas: a name that the provider does not know would never be looked at."""

from tests.doubles.terraform import additions, names, replacement
from tests.doubles.terraform.catalog import Catalog, Wanted

CATALOG = Catalog()


def unknown(tables: dict[str, frozenset[str]]) -> list[str]:
    wrong = []
    for type_name, attributes in tables.items():
        block = CATALOG.block(Wanted("resource", type_name))
        known = block.attributes.keys() if block else set()
        wrong += [f"{type_name}.{name}" for name in sorted(attributes - known)]
    return wrong


def test_names_are_invented_for_attributes_that_exist() -> None:
    assert unknown({name: frozenset(templates) for name, templates in names.TEMPLATES.items()}) == []


def test_names_are_invented_for_what_the_provider_decides() -> None:
    wrong = []
    for type_name, templates in names.TEMPLATES.items():
        block = CATALOG.block(Wanted("resource", type_name))
        assert block
        wrong += [f"{type_name}.{name}" for name in templates if not block.attributes[name].computed]
    assert wrong == []


def test_replacements_name_arguments_that_exist() -> None:
    assert unknown(dict(replacement._REPLACED)) == []
    assert unknown(dict(replacement._DECIDED_ANEW)) == []
    assert unknown(dict.fromkeys(replacement._RENAMED_IN_PLACE, frozenset({"name"}))) == []


def test_sensitive_names_exist_and_are_marked() -> None:
    assert unknown(dict(additions.SENSITIVE_OF)) == []
    block = CATALOG.block(Wanted("resource", "aws_db_instance"))
    assert block
    assert block.attributes["password_wo"].sensitive
    assert block.attributes["password_wo"].write_only
    assert not block.attributes["username"].sensitive
