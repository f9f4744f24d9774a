"""UA parser: browser, operating system and device of a user agent as the entity ua_parser_context 1-0-0.

Configured by ua_parser_config 1-0-0 and 1-0-1. The rules are uap-core's, run by the Rust engine of `ua-parser`.
"""

from typing import Final

from ua_parser import Parser
from ua_parser.core import Matchers
from ua_parser.loaders import load_builtins
from ua_parser.regex import Resolver

from snowmelt.protocol.json_text import Json
from snowmelt.protocol.schema_key import SchemaKey, SchemaVer
from snowmelt.protocol.self_describing import SelfDescribing

SCHEMA: Final = SchemaKey("com.snowplowanalytics.snowplow", "ua_parser_context", "jsonschema", SchemaVer(1, 0, 0))


class UaParser:
    """A parser of user agents by a set of rules. Nothing is cached here: the same text costs the same again."""

    def __init__(self, rules: Matchers | None = None) -> None:
        self._parser = Parser(Resolver(rules or load_builtins()))

    def entity(self, user_agent: str) -> SelfDescribing:
        """The entity of a user agent: every key is there, an unknown value is null, an unknown family "Other"."""
        result = self._parser.parse(user_agent).with_defaults()
        browser, system = result.user_agent, result.os
        data: dict[str, Json] = {
            "useragentFamily": browser.family,
            "useragentMajor": browser.major,
            "useragentMinor": browser.minor,
            "useragentPatch": browser.patch,
            "useragentVersion": _version(browser.family, browser.major, browser.minor, browser.patch),
            "osFamily": system.family,
            "osMajor": system.major,
            "osMinor": system.minor,
            "osPatch": system.patch,
            "osPatchMinor": system.patch_minor,
            "osVersion": _version(system.family, system.major, system.minor, system.patch, system.patch_minor),
            "deviceFamily": result.device.family,
        }
        return SelfDescribing(SCHEMA, data)


def _version(family: str, major: str | None, *smaller: str | None) -> str:
    """Family and version in one text, such as "iOS 18.7"; missing parts are left out, their dots too."""
    first = "" if major is None else f" {major}"
    return family + first + "".join(f".{part}" for part in smaller if part is not None)
