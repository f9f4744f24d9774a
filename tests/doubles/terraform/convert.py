"""Schemas, values and errors in the form in which they travel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.doubles.terraform.schema import Attribute, Block, Schemas
from tests.doubles.terraform.values import pack, unpack
from tests.doubles.terraform.wire import MESSAGES

_BLOCK_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
_OBJECT_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that Terraform reports as an error, with the argument that it is about."""

    summary: str
    detail: str
    path: tuple[str, ...] = ()


def schemas_message(schemas: Schemas) -> Any:
    """Everything that a provider offers."""
    return MESSAGES["Schemas"](
        provider=_schema(schemas.provider),
        resource_schemas=_named(schemas.resources),
        data_source_schemas=_named(schemas.data_sources),
        ephemeral_resource_schemas=_named(schemas.ephemerals),
    )


def _named(blocks: Mapping[str, Block]) -> list[Any]:
    return [MESSAGES["Named"](key=name, value=_schema(block)) for name, block in blocks.items()]


def _schema(block: Block) -> Any:
    return MESSAGES["Schema"](version=0, block=_block(block))


def _block(block: Block) -> Any:
    return MESSAGES["Block"](
        attributes=[_attribute(name, attribute) for name, attribute in sorted(block.attributes.items())],
        block_types=[
            MESSAGES["NestedBlock"](
                type_name=name,
                block=_block(nested.block),
                nesting=_BLOCK_NESTING[nested.nesting],
                min_items=nested.min_items,
                max_items=nested.max_items,
            )
            for name, nested in sorted(block.blocks.items())
        ],
    )


def _attribute(name: str, attribute: Attribute) -> Any:
    message = MESSAGES["Attribute"](
        name=name,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
        write_only=attribute.write_only,
    )
    if attribute.nested:
        inner = [_attribute(name, part) for name, part in sorted(attribute.nested.attributes.items())]
        nesting = _OBJECT_NESTING[attribute.nested.nesting]
        message.nested_type.CopyFrom(MESSAGES["Object"](attributes=inner, nesting=nesting))
    else:
        message.type = json.dumps(attribute.type).encode()
    return message


def read(dynamic: Any) -> Any:
    """The value in a message."""
    return unpack(dynamic.msgpack) if dynamic.msgpack else json.loads(dynamic.json) if dynamic.json else None


def write(value: Any) -> Any:
    """The value as a message."""
    return MESSAGES["Dynamic"](msgpack=pack(value))


def path_message(path: tuple[str, ...]) -> Any:
    """Where in a configuration something is."""
    return MESSAGES["Path"](steps=[MESSAGES["Step"](attribute_name=step) for step in path])


def problem_messages(problems: list[Problem]) -> list[Any]:
    """The errors as messages."""
    return [
        MESSAGES["Diagnostic"](
            severity=1,
            summary=problem.summary,
            detail=problem.detail,
            **({"attribute": path_message(problem.path)} if problem.path else {}),
        )
        for problem in problems
    ]
