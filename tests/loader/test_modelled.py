import pyarrow as pa
import pytest

from snowmelt.iglu.resolver import Resolver, default_resolver
from snowmelt.loader.modelled import MODELLED, UnknownSchemaError, modelled_columns


def test_every_schema_the_models_read_is_known():
    schema = modelled_columns(default_resolver())
    assert len(schema) == len(MODELLED)
    assert schema.field("contexts_com_snowplowanalytics_snowplow_web_page_1").type == pa.list_(
        pa.struct([("id", pa.string())])
    )
    assert pa.types.is_struct(schema.field("unstruct_event_com_snowplowanalytics_snowplow_link_click_1").type)


def test_a_schema_that_is_missing_is_named():
    with pytest.raises(UnknownSchemaError, match="web_page"):
        modelled_columns(Resolver([]))
