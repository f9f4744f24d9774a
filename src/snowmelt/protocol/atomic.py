"""The atomic event: its 131 columns in wire order, each defined once for the TSV, the lake and the warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """What the text of a column means."""

    STRING = "string"
    INTEGER = "integer"  # signed, 32 bits
    DOUBLE = "double"
    DECIMAL = "decimal"  # 18 digits, 2 of them after the point, in the lake and the warehouse
    BOOLEAN = "boolean"  # "0" or "1" in the TSV
    TIMESTAMP = "timestamp"  # UTC, milliseconds
    JSON = "json"  # compact self-describing JSON; the lake has a column for each schema in its place


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `max_length` counts UTF-16 code units, as the JVM does; `required` ones are never null.

    `source` says where the value comes from: a tracker parameter's name where one sets it.
    """

    name: str
    kind: Kind
    max_length: int | None
    required: bool
    source: str


def _string(name: str, max_length: int, source: str, *, required: bool = False) -> Column:
    return Column(name, Kind.STRING, max_length, required, source)


def _integer(name: str, source: str) -> Column:
    return Column(name, Kind.INTEGER, None, False, source)


def _double(name: str, source: str) -> Column:
    return Column(name, Kind.DOUBLE, None, False, source)


def _decimal(name: str, source: str) -> Column:
    return Column(name, Kind.DECIMAL, None, False, source)


def _boolean(name: str, source: str) -> Column:
    return Column(name, Kind.BOOLEAN, None, False, source)


def _timestamp(name: str, source: str, *, required: bool = False) -> Column:
    return Column(name, Kind.TIMESTAMP, None, required, source)


def _json(name: str, source: str) -> Column:
    return Column(name, Kind.JSON, None, False, source)


COLUMNS: Final[tuple[Column, ...]] = (
    _string("app_id", 255, "aid"),
    _string("platform", 255, "p"),
    _timestamp("etl_tstamp", "clock of enrich"),
    _timestamp("collector_tstamp", "collector payload", required=True),
    _timestamp("dvce_created_tstamp", "dtm"),
    _string("event", 128, "e"),
    _string("event_id", 36, "eid", required=True),
    _integer("txn_id", "tid"),
    _string("name_tracker", 128, "tna"),
    _string("v_tracker", 100, "tv"),
    _string("v_collector", 100, "collector payload, cv", required=True),
    _string("v_etl", 100, "name and version of enrich", required=True),
    _string("user_id", 255, "uid"),
    _string("user_ipaddress", 128, "collector payload, ip"),
    _string("user_fingerprint", 128, "fp"),
    _string("domain_userid", 128, "duid"),
    _integer("domain_sessionidx", "vid"),
    _string("network_userid", 128, "collector payload, nuid, tnuid"),
    _string("geo_country", 2, "IP lookup"),
    _string("geo_region", 3, "IP lookup"),
    _string("geo_city", 75, "IP lookup"),
    _string("geo_zipcode", 15, "IP lookup"),
    _double("geo_latitude", "IP lookup"),
    _double("geo_longitude", "IP lookup"),
    _string("geo_region_name", 100, "IP lookup"),
    _string("ip_isp", 100, "IP lookup"),
    _string("ip_organization", 128, "IP lookup"),
    _string("ip_domain", 128, "IP lookup"),
    _string("ip_netspeed", 100, "IP lookup"),
    _string("page_url", 4096, "url, else collector payload"),
    _string("page_title", 2000, "page"),
    _string("page_referrer", 4096, "refr"),
    _string("page_urlscheme", 16, "page_url"),
    _string("page_urlhost", 255, "page_url"),
    _integer("page_urlport", "page_url"),
    _string("page_urlpath", 3000, "page_url"),
    _string("page_urlquery", 6000, "page_url"),
    _string("page_urlfragment", 3000, "page_url"),
    _string("refr_urlscheme", 16, "page_referrer"),
    _string("refr_urlhost", 255, "page_referrer"),
    _integer("refr_urlport", "page_referrer"),
    _string("refr_urlpath", 6000, "page_referrer"),
    _string("refr_urlquery", 6000, "page_referrer"),
    _string("refr_urlfragment", 3000, "page_referrer"),
    _string("refr_medium", 25, "referer parser"),
    _string("refr_source", 50, "referer parser"),
    _string("refr_term", 255, "referer parser"),
    _string("mkt_medium", 255, "campaign attribution"),
    _string("mkt_source", 255, "campaign attribution"),
    _string("mkt_term", 255, "campaign attribution"),
    _string("mkt_content", 500, "campaign attribution"),
    _string("mkt_campaign", 255, "campaign attribution"),
    _json("contexts", "co, cx"),
    _string("se_category", 1000, "se_ca, ev_ca"),
    _string("se_action", 1000, "se_ac, ev_ac"),
    _string("se_label", 4096, "se_la, ev_la"),
    _string("se_property", 1000, "se_pr, ev_pr"),
    _double("se_value", "se_va, ev_va"),
    _json("unstruct_event", "ue_pr, ue_px"),
    _string("tr_orderid", 255, "tr_id"),
    _string("tr_affiliation", 255, "tr_af"),
    _decimal("tr_total", "tr_tt"),
    _decimal("tr_tax", "tr_tx"),
    _decimal("tr_shipping", "tr_sh"),
    _string("tr_city", 255, "tr_ci"),
    _string("tr_state", 255, "tr_st"),
    _string("tr_country", 255, "tr_co"),
    _string("ti_orderid", 255, "ti_id"),
    _string("ti_sku", 255, "ti_sk"),
    _string("ti_name", 255, "ti_nm, ti_na"),
    _string("ti_category", 255, "ti_ca"),
    _decimal("ti_price", "ti_pr"),
    _integer("ti_quantity", "ti_qu"),
    _integer("pp_xoffset_min", "pp_mix"),
    _integer("pp_xoffset_max", "pp_max"),
    _integer("pp_yoffset_min", "pp_miy"),
    _integer("pp_yoffset_max", "pp_may"),
    _string("useragent", 1000, "collector payload, ua"),
    _string("br_name", 50, "user agent utils"),
    _string("br_family", 50, "user agent utils"),
    _string("br_version", 50, "user agent utils"),
    _string("br_type", 50, "user agent utils"),
    _string("br_renderengine", 50, "user agent utils"),
    _string("br_lang", 255, "lang"),
    _boolean("br_features_pdf", "f_pdf"),
    _boolean("br_features_flash", "f_fla"),
    _boolean("br_features_java", "f_java"),
    _boolean("br_features_director", "f_dir"),
    _boolean("br_features_quicktime", "f_qt"),
    _boolean("br_features_realplayer", "f_realp"),
    _boolean("br_features_windowsmedia", "f_wma"),
    _boolean("br_features_gears", "f_gears"),
    _boolean("br_features_silverlight", "f_ag"),
    _boolean("br_cookies", "cookie"),
    _string("br_colordepth", 12, "cd"),
    _integer("br_viewwidth", "vp"),
    _integer("br_viewheight", "vp"),
    _string("os_name", 50, "user agent utils"),
    _string("os_family", 50, "user agent utils"),
    _string("os_manufacturer", 50, "user agent utils"),
    _string("os_timezone", 255, "tz"),
    _string("dvce_type", 50, "user agent utils"),
    _boolean("dvce_ismobile", "user agent utils"),
    _integer("dvce_screenwidth", "res"),
    _integer("dvce_screenheight", "res"),
    _string("doc_charset", 128, "cs"),
    _integer("doc_width", "ds"),
    _integer("doc_height", "ds"),
    _string("tr_currency", 3, "tr_cu"),
    _decimal("tr_total_base", "currency conversion"),
    _decimal("tr_tax_base", "currency conversion"),
    _decimal("tr_shipping_base", "currency conversion"),
    _string("ti_currency", 3, "ti_cu"),
    _decimal("ti_price_base", "currency conversion"),
    _string("base_currency", 3, "currency conversion"),
    _string("geo_timezone", 64, "IP lookup"),
    _string("mkt_clickid", 128, "campaign attribution"),
    _string("mkt_network", 64, "campaign attribution"),
    _string("etl_tags", 500, "unused"),
    _timestamp("dvce_sent_tstamp", "stm"),
    _string("refr_domain_userid", 128, "page_url"),
    _timestamp("refr_dvce_tstamp", "page_url"),
    _json("derived_contexts", "enrichments"),
    _string("domain_sessionid", 128, "sid"),
    _timestamp("derived_tstamp", "device and collector clocks"),
    _string("event_vendor", 1000, "schema of the event"),
    _string("event_name", 1000, "schema of the event"),
    _string("event_format", 128, "schema of the event"),
    _string("event_version", 128, "schema of the event"),
    _string("event_fingerprint", 128, "event fingerprint"),
    _timestamp("true_tstamp", "ttm"),
)

INDEX: Final[Mapping[str, int]] = MappingProxyType({column.name: index for index, column in enumerate(COLUMNS)})
"""Column name -> its place on the wire, from 0."""

JSON_COLUMNS: Final[tuple[str, ...]] = tuple(column.name for column in COLUMNS if column.kind is Kind.JSON)
WAREHOUSE_COLUMNS: Final[tuple[Column, ...]] = tuple(column for column in COLUMNS if column.kind is not Kind.JSON)
"""The 128 columns of `atomic.events`; there each schema of the JSON columns has a column of its own."""
