"""The messages of Terraform's plugin protocol 6, as far as the double reads or writes them.

Field numbers are the protocol's. The descriptors are made from the table when the module is imported, so that there is
no generated file to keep. Written as proto2, in which a field that was set goes onto the wire also where it is zero;
a map is what it is on the wire: repeated pairs of key and value.
"""

import re
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "snowmelt.tfplugin6"
_FIELD = re.compile(r"(repeated )?(\w+) (\w+)=(\d+)")
_SCALARS = {
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
}

_MESSAGES = """
Empty:
Dynamic: bytes msgpack=1, bytes json=2
Step: string attribute_name=1
Path: repeated Step steps=1
Diagnostic: int32 severity=1, string summary=2, string detail=3, Path attribute=4
Object: repeated Attribute attributes=1, int32 nesting=3
Attribute: string name=1, bytes type=2, bool required=4, bool optional=5, bool computed=6, bool sensitive=7,\
 Object nested_type=10, bool write_only=11
NestedBlock: string type_name=1, Block block=2, int32 nesting=3, int64 min_items=4, int64 max_items=5
Block: int64 version=1, repeated Attribute attributes=2, repeated NestedBlock block_types=3
Schema: int64 version=1, Block block=2
Named: string key=1, Schema value=2
Schemas: Schema provider=1, repeated Named resource_schemas=2, repeated Named data_source_schemas=3,\
 repeated Diagnostic diagnostics=4, repeated Named ephemeral_resource_schemas=8
Validated: repeated Diagnostic diagnostics=1
ProviderValidated: repeated Diagnostic diagnostics=2
ProviderConfig: Dynamic config=1
Configure: string terraform_version=1, Dynamic config=2
Config: string type_name=1, Dynamic config=2
RawState: bytes json=1
Upgrade: string type_name=1, int64 version=2, RawState raw_state=3
Read: string type_name=1, Dynamic current_state=2, bytes private=3
State: Dynamic state=1, repeated Diagnostic diagnostics=2, bytes private=3
Plan: string type_name=1, Dynamic prior_state=2, Dynamic proposed_new_state=3, Dynamic config=4, bytes private=5
Planned: Dynamic planned_state=1, repeated Path requires_replace=2, bytes private=3,\
 repeated Diagnostic diagnostics=4, bool legacy_type_system=5
Apply: string type_name=1, Dynamic prior_state=2, Dynamic planned_state=3, Dynamic config=4, bytes private=5
Applied: Dynamic new_state=1, bytes private=2, repeated Diagnostic diagnostics=3, bool legacy_type_system=4
Import: string type_name=1, string id=2
ImportedResource: string type_name=1, Dynamic state=2, bytes private=3
Imported: repeated ImportedResource imported_resources=1, repeated Diagnostic diagnostics=2
Opened: repeated Diagnostic diagnostics=1, Dynamic result=3, bytes private=4
Stopped: string error=1
"""


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name=f"{_PACKAGE}.proto", package=_PACKAGE, syntax="proto2")
    for line in _MESSAGES.strip().splitlines():
        name, _, fields = line.partition(":")
        message = file.message_type.add(name=name)
        for repeated, kind, field, number in _FIELD.findall(fields):
            made = message.field.add(name=field, number=int(number))
            made.label = made.LABEL_REPEATED if repeated else made.LABEL_OPTIONAL
            if kind in _SCALARS:
                made.type = _SCALARS[kind]
            else:
                made.type, made.type_name = made.TYPE_MESSAGE, f".{_PACKAGE}.{kind}"
    return file


def _classes() -> dict[str, Any]:
    pool = descriptor_pool.DescriptorPool()
    file = _file()
    pool.Add(file)
    return {
        message.name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{message.name}"))
        for message in file.message_type
    }


MESSAGES: dict[str, Any] = _classes()
"""The class of each message. Any, because their fields are known when this runs and not before."""
