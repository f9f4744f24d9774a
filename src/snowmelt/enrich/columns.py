"""The columns that every event of a request has in common, before its parameters are read."""

from snowmelt.enrich.requests import Request
from snowmelt.protocol import timestamps
from snowmelt.protocol.atomic import COLUMNS, INDEX
from snowmelt.protocol.enriched import clean

_WIDTH = len(COLUMNS)
_ETL_TSTAMP = INDEX["etl_tstamp"]
_COLLECTOR_TSTAMP = INDEX["collector_tstamp"]
_V_COLLECTOR = INDEX["v_collector"]
_V_ETL = INDEX["v_etl"]
_USER_IPADDRESS = INDEX["user_ipaddress"]
_NETWORK_USERID = INDEX["network_userid"]
_USERAGENT = INDEX["useragent"]


def of(request: Request, etl_tstamp: str, v_etl: str) -> list[str | None]:
    """The 131 columns in wire order, those set that come from the request itself; parameters may override most of them.

    collector_tstamp stays null if the collector's clock is outside of the years 0 to 9999. A user agent may be empty,
    which is something else than none.
    """
    payload = request.payload
    fields: list[str | None] = [None] * _WIDTH
    fields[_ETL_TSTAMP] = etl_tstamp
    fields[_COLLECTOR_TSTAMP] = timestamps.from_epoch_ms(payload.timestamp)
    fields[_V_COLLECTOR] = clean(payload.collector)
    fields[_V_ETL] = v_etl
    fields[_USER_IPADDRESS] = request.ip_address
    fields[_NETWORK_USERID] = request.network_user_id
    if payload.user_agent is not None:
        agent = payload.user_agent
        if not agent.isprintable():
            agent = agent.replace("\r", "").replace("\n", "").replace("\t", "    ")
        fields[_USERAGENT] = agent
    return fields
