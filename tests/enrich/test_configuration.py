import json
from pathlib import Path

import pytest

from snowmelt.enrich.configuration import ConfigurationError, load_enrichments
from snowmelt.enrich.enrichments import Enrichments

CASES = Path(__file__).parent / "cases"


def configuration(name, version, parameters=None, *, enabled=True, vendor="com.snowplowanalytics.snowplow"):
    data = {"vendor": vendor, "name": name, "enabled": enabled}
    if parameters is not None:
        data["parameters"] = parameters
    return {"schema": f"iglu:{vendor}/{name}/jsonschema/{version}", "data": data}


FINGERPRINT = configuration("event_fingerprint_config", "1-0-0", {"hashAlgorithm": "MD5", "excludeParameters": ["stm"]})
YAUAA = configuration("yauaa_enrichment_config", "1-0-0", vendor="com.snowplowanalytics.snowplow.enrichments")


def load(folder, *documents):
    for number, document in enumerate(documents):
        text = document if isinstance(document, str) else json.dumps(document)
        (folder / f"{number}.json").write_text(text)
    return load_enrichments(folder)


def test_the_shipped_configuration_switches_all_on(root):
    enrichments = load_enrichments(root / "include" / "enrichments")
    assert all(getattr(enrichments, name) is not None for name in Enrichments.__dataclass_fields__)
    assert enrichments.referer_parser.sites["chatgpt.com"].source == "ChatGPT"


def test_the_configuration_of_the_peer_is_understood():
    enrichments = load_enrichments(CASES / "enrichments")
    assert enrichments.referer_parser.internal_domains == {"internal.example.com", "www.subdomain1.example.com"}
    assert dict(enrichments.campaign_attribution.click_ids)["customclid"] == "Custom"
    assert enrichments.event_fingerprint.excluded == {"cv", "eid", "nuid", "stm"}


def test_an_empty_folder_switches_nothing_on(tmp_path):
    assert load_enrichments(tmp_path) == Enrichments()


def test_disabled_enrichments_are_off_whether_we_have_them_or_not(tmp_path):
    disabled = [document | {"data": document["data"] | {"enabled": False}} for document in (FINGERPRINT, YAUAA)]
    assert load(tmp_path, *disabled) == Enrichments()


def test_only_json_files_are_read(tmp_path):
    (tmp_path / "README.md").write_text("not JSON")
    assert load(tmp_path, FINGERPRINT).event_fingerprint is not None


def test_the_first_version_of_the_referer_parser_takes_our_list(tmp_path):
    parser = load(tmp_path, configuration("referer_parser", "1-0-0", {"internalDomains": []})).referer_parser
    assert parser.sites["duckduckgo.com"].source == "DuckDuckGo"


def test_a_list_may_be_anywhere_and_inline_referrers_come_over_it(tmp_path):
    (tmp_path / "lists").mkdir()
    listed = {"search": {"One": {"domains": ["one.example"], "parameters": ["q"]}, "Two": {"domains": ["two.example"]}}}
    (tmp_path / "lists" / "mine.json").write_text(json.dumps(listed))
    parameters = {
        "internalDomains": [],
        "database": "mine.json",
        "uri": (tmp_path / "lists").as_uri(),
        "referrers": {"partner": {"Two and a half": {"domains": ["two.example"]}}},
    }
    sites = load(tmp_path, configuration("referer_parser", "2-0-1", parameters)).referer_parser.sites
    assert sites["one.example"] == ("search", "One", {"q"})
    assert sites["two.example"] == ("partner", "Two and a half", set())


def test_rules_for_user_agents_may_be_our_own(tmp_path):
    rules = {
        "user_agent_parsers": [{"regex": "(Snow)/(\\d+)"}],
        "os_parsers": [{"regex": "(MeltOS)"}],
        "device_parsers": [{"regex": "(Sled)"}],
    }
    (tmp_path / "rules.yaml").write_text(json.dumps(rules))
    parameters = {"uri": "file:", "database": "rules.yaml"}
    parser = load(tmp_path, configuration("ua_parser_config", "1-0-1", parameters)).ua_parser
    assert parser.entity("Snow/7 (Sled) MeltOS").data["useragentVersion"] == "Snow 7"


REFERERS = {"internalDomains": [], "database": "none.json", "uri": "file:"}


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        (["{"], "is not JSON"),
        (["[]"], "is not self-describing JSON"),
        ([YAUAA], "switches on yauaa_enrichment_config, which does not exist here yet"),
        ([configuration("ip_lookups", "2-0-0", {})], "switches on ip_lookups"),
        ([configuration("campaign_attribution", "1-0-1", {"fields": {}})], "is not valid: "),
        (
            [configuration("event_fingerprint_config", "1-0-0", {"hashAlgorithm": "CRC", "excludeParameters": []})],
            "is not valid",
        ),
        ([configuration("event_fingerprint_config", "1-0-1")], "is not valid"),
        (
            [configuration("ua_parser_config", "9-0-0")],
            "there is no schema iglu:com.snowplowanalytics.snowplow/ua_parser",
        ),
        ([FINGERPRINT, FINGERPRINT], "both configure event_fingerprint_config"),
        ([configuration("referer_parser", "2-0-0", REFERERS)], "none.json cannot be read from file:: No such file"),
        ([configuration("referer_parser", "2-0-0", REFERERS | {"uri": "s3://a"})], "expected http:, https:, file:"),
        ([configuration("referer_parser", "2-0-0", REFERERS | {"database": "0.json"})], "0.json: "),
        (
            [configuration("ua_parser_config", "1-0-1", {"uri": "file:", "database": "0.json"})],
            "holds no rules of uap-core",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(documents, says, tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, *documents)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="is not a folder"):
        load_enrichments(tmp_path / "nowhere")
