"""Self-describing JSON: data that names its own schema, `{"schema": "iglu:…", "data": …}`."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaKey, has_uri_shape

NotIgluError: TypeAlias = Literal["INVALID_IGLUURI", "INVALID_SCHEMAVER", "INVALID_DATA_PAYLOAD", "INVALID_SCHEMA"]


class SelfDescribing(msgspec.Struct, frozen=True):
    """Data and the schema it claims to follow; nothing is validated yet."""

    key: SchemaKey
    data: Json

    def to_json(self) -> dict[str, Json]:
        """The JSON object, schema before data."""
        return {"schema": self.key.uri, "data": self.data}


@dataclass(frozen=True, slots=True)
class NotIglu:
    """Why a JSON value is not self-describing, in the words of the bad-row schemas."""

    error: NotIgluError
    json: Json

    def to_json(self) -> dict[str, Json]:
        """The message of a bad row."""
        return {"json": self.json, "error": self.error}


def parse(value: Json) -> SelfDescribing | NotIglu:
    """The schema key and data of a self-describing JSON. Members besides `schema` and `data` are ignored."""
    if not isinstance(value, dict):
        return NotIglu("INVALID_DATA_PAYLOAD", value)
    uri = value.get("schema")
    if not isinstance(uri, str):
        return NotIglu("INVALID_DATA_PAYLOAD", value)
    key = SchemaKey.parse(uri)
    if key is None:
        return NotIglu("INVALID_SCHEMAVER" if has_uri_shape(uri) else "INVALID_IGLUURI", value)
    if "data" not in value:
        return NotIglu("INVALID_DATA_PAYLOAD", value)
    return SelfDescribing(key, value["data"])
