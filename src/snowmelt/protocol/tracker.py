"""The Snowplow tracker protocol: the parameters an event may carry, the codes in them, and where each one lands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class ParameterKind(StrEnum):
    """How the text of a parameter is read."""

    EVENT = "event"  # a code of EVENTS
    PLATFORM = "platform"  # one of PLATFORMS
    TEXT = "text"  # cleaned for the TSV
    IP_ADDRESS = "ip address"  # the first token, split on comma, pipe or space
    UUID = "uuid"  # lower-cased
    TIMESTAMP = "timestamp"  # milliseconds since 1970
    INTEGER = "integer"  # signed, 32 bits
    DECIMAL = "decimal"  # printed plain
    FLAG = "flag"  # exactly 0 or 1
    DIMENSIONS = "dimensions"  # <width>x<height>
    JSON = "json"  # JSON text
    JSON_BASE64 = "json base64"  # the same in base64, either alphabet, padded or not


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name on the wire, the atomic column it sets, and how its text is read.

    DIMENSIONS sets `column` to the width and `second_column` to the height.
    """

    name: str
    column: str
    kind: ParameterKind
    second_column: str | None = None


_TEXTS = {
    "aid": "app_id",
    "uid": "user_id",
    "duid": "domain_userid",
    "nuid": "network_userid",
    "tnuid": "network_userid",  # read after nuid, so that it wins
    "ua": "useragent",
    "fp": "user_fingerprint",
    "tna": "name_tracker",
    "tv": "v_tracker",
    "cv": "v_collector",
    "lang": "br_lang",
    "cd": "br_colordepth",
    "tz": "os_timezone",
    "refr": "page_referrer",
    "url": "page_url",
    "page": "page_title",
    "cs": "doc_charset",
    "se_ca": "se_category",
    "se_ac": "se_action",
    "se_la": "se_label",
    "se_pr": "se_property",
    "ev_ca": "se_category",  # ev_*: names of structured events before 2012
    "ev_ac": "se_action",
    "ev_la": "se_label",
    "ev_pr": "se_property",
    "tr_id": "tr_orderid",
    "tr_af": "tr_affiliation",
    "tr_ci": "tr_city",
    "tr_st": "tr_state",
    "tr_co": "tr_country",
    "tr_cu": "tr_currency",
    "ti_id": "ti_orderid",
    "ti_sk": "ti_sku",
    "ti_na": "ti_name",
    "ti_nm": "ti_name",
    "ti_ca": "ti_category",
    "ti_cu": "ti_currency",
}
_TIMESTAMPS = {"dtm": "dvce_created_tstamp", "stm": "dvce_sent_tstamp", "ttm": "true_tstamp"}
_INTEGERS = {
    "tid": "txn_id",
    "vid": "domain_sessionidx",
    "ti_qu": "ti_quantity",
    "pp_mix": "pp_xoffset_min",
    "pp_max": "pp_xoffset_max",
    "pp_miy": "pp_yoffset_min",
    "pp_may": "pp_yoffset_max",
}
_DECIMALS = {
    "se_va": "se_value",
    "ev_va": "se_value",
    "tr_tt": "tr_total",
    "tr_tx": "tr_tax",
    "tr_sh": "tr_shipping",
    "ti_pr": "ti_price",
}
_FLAGS = {
    "f_pdf": "br_features_pdf",
    "f_fla": "br_features_flash",
    "f_java": "br_features_java",
    "f_dir": "br_features_director",
    "f_qt": "br_features_quicktime",
    "f_realp": "br_features_realplayer",
    "f_wma": "br_features_windowsmedia",
    "f_gears": "br_features_gears",
    "f_ag": "br_features_silverlight",
    "cookie": "br_cookies",
}


def _of(kind: ParameterKind, columns: Mapping[str, str]) -> list[Parameter]:
    return [Parameter(name, column, kind) for name, column in columns.items()]


PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        parameter.name: parameter
        for parameter in [
            Parameter("e", "event", ParameterKind.EVENT),
            Parameter("p", "platform", ParameterKind.PLATFORM),
            Parameter("ip", "user_ipaddress", ParameterKind.IP_ADDRESS),
            Parameter("eid", "event_id", ParameterKind.UUID),
            Parameter("sid", "domain_sessionid", ParameterKind.UUID),
            *_of(ParameterKind.TEXT, _TEXTS),
            *_of(ParameterKind.TIMESTAMP, _TIMESTAMPS),
            *_of(ParameterKind.INTEGER, _INTEGERS),
            *_of(ParameterKind.DECIMAL, _DECIMALS),
            *_of(ParameterKind.FLAG, _FLAGS),
            Parameter("res", "dvce_screenwidth", ParameterKind.DIMENSIONS, "dvce_screenheight"),
            Parameter("ds", "doc_width", ParameterKind.DIMENSIONS, "doc_height"),
            Parameter("vp", "br_viewwidth", ParameterKind.DIMENSIONS, "br_viewheight"),
            Parameter("co", "contexts", ParameterKind.JSON),
            Parameter("cx", "contexts", ParameterKind.JSON_BASE64),
            Parameter("ue_pr", "unstruct_event", ParameterKind.JSON),
            Parameter("ue_px", "unstruct_event", ParameterKind.JSON_BASE64),
        ]
    }
)

UNMAPPED_PARAMETERS: Final = frozenset(
    {"mac", "ctype", "ad_ba", "ad_ca", "ad_ad", "ad_uid", "sa", "sn", "st", "sp", "ue_na"}
)
"""Parameters payload_data admits and enrich ignores."""

QUERYSTRING_ONLY_PARAMETERS: Final = frozenset({"cv", "ev_ca", "ev_ac", "ev_la", "ev_pr", "ev_va"})
"""Parameters enrich reads but payload_data does not admit, so they can only stand in a query string."""

PAYLOAD_DATA_KEYS: Final = (frozenset(PARAMETERS) - QUERYSTRING_ONLY_PARAMETERS) | UNMAPPED_PARAMETERS
"""The keys an event in a POST body may have (schema payload_data 1-0-4)."""

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pv": "page_view",
        "pp": "page_ping",
        "se": "struct",
        "ev": "struct",
        "ue": "unstruct",
        "tr": "transaction",
        "ti": "transaction_item",
        "ad": "ad_impression",
    }
)
"""Event code on the wire (`e`) -> the atomic column `event`."""

PLATFORMS: Final = frozenset({"web", "iot", "app", "mob", "pc", "cnsl", "tv", "srv"})
"""What `p` may be. Snowplow's enrich 6 also knows "headset", the Apache-2.0 line of it does not."""

POST_PATH: Final = "/com.snowplowanalytics.snowplow/tp2"
PIXEL_PATHS: Final = ("/i", "/ice.png")
REDIRECT_PATH: Final = "/r/tp2"
CONTENT_TYPES: Final = ("application/json", "application/json; charset=utf-8", "application/json; charset=UTF-8")
"""The content types a tp2 body may have in a stored record."""
