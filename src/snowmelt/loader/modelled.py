"""The entity columns that the dbt models read, so that they are there before the first event that fills them."""

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

from snowmelt.iglu.resolver import Resolver
from snowmelt.lake.columns import Entity
from snowmelt.lake.entities import model_columns
from snowmelt.lake.merging import Column
from snowmelt.lake.typing import arrow_type
from snowmelt.loader.errors import LoaderError
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer

_SNOWPLOW = "com.snowplowanalytics.snowplow"

MODELLED: Final[Sequence[tuple[Entity, str, str, int]]] = (
    (Entity.CONTEXT, _SNOWPLOW, "web_page", 1),
    (Entity.CONTEXT, _SNOWPLOW, "browser_context", 2),
    (Entity.CONTEXT, _SNOWPLOW, "client_session", 1),
    (Entity.CONTEXT, _SNOWPLOW, "geolocation_context", 1),
    (Entity.CONTEXT, _SNOWPLOW, "ua_parser_context", 1),
    (Entity.CONTEXT, "org.ietf", "http_client_hints", 1),
    (Entity.CONTEXT, "org.w3", "PerformanceNavigationTiming", 1),
    (Entity.UNSTRUCT_EVENT, _SNOWPLOW, "link_click", 1),
    (Entity.UNSTRUCT_EVENT, _SNOWPLOW, "change_form", 1),
    (Entity.UNSTRUCT_EVENT, _SNOWPLOW, "focus_form", 1),
    (Entity.UNSTRUCT_EVENT, _SNOWPLOW, "submit_form", 1),
    (Entity.UNSTRUCT_EVENT, "com.patrickcloud", "sample_input", 1),
)
"""What it describes, vendor, name, and model of the schema."""


class UnknownSchemaError(LoaderError):
    """A schema that the models read and no registry has."""


def modelled_columns(resolver: Resolver) -> pa.Schema:
    """The columns of all known versions of these schemas. Raises UnknownSchemaError, RegistryFailure."""
    fields: list[pa.Field[Any]] = []
    for entity, vendor, name, model in MODELLED:
        first = SchemaKey(vendor, name, "jsonschema", SchemaVer(model, 0, 0))
        versions = resolver.versions(first)
        newest = SchemaKey(vendor, name, "jsonschema", max(versions, default=first.version))
        column = model_columns(entity, {newest}, resolver)[newest]
        if not isinstance(column, Column):
            raise UnknownSchemaError(f"the models read {newest}, which no registry has: put it into schemas/")
        kind = arrow_type(column.type)
        fields.append(pa.field(column.name, pa.list_(kind) if entity is Entity.CONTEXT else kind))
    return pa.schema(fields)
