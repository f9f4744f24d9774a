import json
import random
import struct
from base64 import b64decode
from pathlib import Path

import pytest
import thriftpy2
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import astuple, replace
from thriftpy2.protocol.binary import TBinaryProtocol
from thriftpy2.transport import TMemoryBuffer

from snowmelt.protocol.collector_payload import SCHEMA, CollectorPayload, PayloadError, decode, encode, encode_record

IDL = thriftpy2.load(str(Path(__file__).parent / "cases" / "collector_payload.thrift"), module_name="oracle_thrift")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MAYBE = st.none() | TEXTS
PAYLOADS = st.builds(
    CollectorPayload,
    ip_address=TEXTS,
    timestamp=st.integers(-(2**63), 2**63 - 1),
    encoding=TEXTS,
    collector=TEXTS,
    user_agent=MAYBE,
    referer_uri=MAYBE,
    path=MAYBE,
    querystring=MAYBE,
    body=MAYBE,
    headers=st.lists(TEXTS, max_size=4).map(tuple),
    content_type=MAYBE,
    hostname=MAYBE,
    network_user_id=MAYBE,
)
ORACLE_NAMES = {
    "ipAddress": "ip_address",
    "timestamp": "timestamp",
    "encoding": "encoding",
    "collector": "collector",
    "userAgent": "user_agent",
    "refererUri": "referer_uri",
    "path": "path",
    "querystring": "querystring",
    "body": "body",
    "headers": "headers",
    "contentType": "content_type",
    "hostname": "hostname",
    "networkUserId": "network_user_id",
}
PAYLOAD = CollectorPayload("203.0.113.5", 1_700_000_000_000, "UTF-8", "snowmelt-collector-0.1.0-log", path="/i")


def written(value) -> bytes:
    """The bytes thriftpy2 writes."""
    transport = TMemoryBuffer()
    TBinaryProtocol(transport).write_struct(value)
    return transport.getvalue()


def read_by_oracle(record: bytes) -> dict:
    value = IDL.CollectorPayload()
    TBinaryProtocol(TMemoryBuffer(record)).read_struct(value)
    return vars(value)


def oracle(payload: CollectorPayload):
    fields = {name: getattr(payload, ours) for name, ours in ORACLE_NAMES.items()}
    return IDL.CollectorPayload(**fields | {"headers": list(payload.headers), "schema": SCHEMA})


def field(kind: int, number: int, value: bytes) -> bytes:
    return struct.pack(">bh", kind, number) + value


def text(value: bytes) -> bytes:
    return struct.pack(">i", len(value)) + value


def with_field(extra: bytes) -> bytes:
    """A good record with one more field in front."""
    return extra + encode(PAYLOAD)


@settings(deadline=None)
@given(PAYLOADS)
def test_a_payload_comes_back_from_its_record(payload):
    assert decode(encode(payload)) == payload


@settings(deadline=None)
@given(PAYLOADS)
def test_records_are_byte_for_byte_those_of_thrift(payload):
    assert encode(payload) == written(oracle(payload))


@settings(deadline=None)
@given(PAYLOADS)
def test_thrift_reads_our_records_and_we_read_thrifts(payload):
    theirs = read_by_oracle(encode(payload))
    assert theirs.pop("schema") == SCHEMA
    assert {ORACLE_NAMES[name]: value for name, value in theirs.items()} == {
        name: list(value) if name == "headers" else value
        for name, value in zip(CollectorPayload.__struct_fields__, astuple(payload), strict=True)
    }
    assert decode(written(oracle(payload))) == payload


def test_the_hot_path_writes_the_same_record():
    payload = replace(PAYLOAD, body="{}", headers=("Host: a", "Cookie: sp=1"), network_user_id="n", querystring="")
    record = encode_record(
        ip_address=payload.ip_address.encode(),
        timestamp=payload.timestamp,
        collector=payload.collector.encode(),
        user_agent=None,
        referer_uri=None,
        path=b"/i",
        querystring=b"",
        body=b"{}",
        headers=[b"Host: a", b"Cookie: sp=1"],
        content_type=None,
        hostname=None,
        network_user_id=b"n",
    )
    assert record == encode(payload)


def test_recorded_records_come_back_byte_for_byte(recordings):
    for name in ("js-tracker-capture-002", "server-trackers-capture-004", "edge-i-tp1-full", "enr-all-fields"):
        record = recordings[name].record
        assert encode(decode(record)) == record


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("enr-schema-200", "expected iglu:com.snowplowanalytics.snowplow/CollectorPayload/thrift/1-0-*, found iglu"),
        ("enr-schema-bad", "no Iglu URI"),
        ("enr-schema-none", "no schema field"),
        ("enr-thrift-empty", "ends before"),
    ],
)
def test_records_a_jvm_enrich_refused_are_refused(recordings, name, error):
    assert recordings[name].bad[0]["schema"].split("/")[1] == "collector_payload_format_violation"
    with pytest.raises(PayloadError, match=error.replace("*", r"\*")) as refused:
        decode(recordings[name].record)
    assert refused.value.error == str(refused.value)


def test_every_recorded_record_is_read_as_the_jvm_reads_it(all_recordings):
    refused = set()
    for recording in all_recordings:
        try:
            payload = decode(recording.record)
        except PayloadError:
            refused.add(recording.id)
            continue
        theirs = read_by_oracle(recording.record)
        assert payload.body == theirs["body"]
        assert list(payload.headers) == (theirs["headers"] or [])
    assert refused == {"enr-schema-200", "enr-schema-bad", "enr-schema-none", "enr-thrift-empty"}


def test_what_comes_after_the_struct_is_ignored(recordings):
    record = recordings["enr-thrift-trailing"].record
    assert record.startswith(encode(decode(record)))


def test_a_missing_address_is_empty(recordings):
    assert decode(recordings["enr-ip-none"].record).ip_address == ""


def test_published_samples_are_read(shared):
    samples = json.loads((shared / "fixtures" / "thrift" / "collector_payload_v1_samples.json").read_text())
    for sample in samples:
        payload = decode(b64decode(sample["thrift_base64"]))
        for name, value in sample["decoded"].items():
            if name != "schema":
                ours = getattr(payload, ORACLE_NAMES[name])
                assert (list(ours) if name == "headers" else ours) == value


def test_fields_of_a_later_version_are_stepped_over():
    inner = IDL.Inner(text="a", inner=IDL.Inner(number=1.5))
    later = IDL.LaterPayload(
        ipAddress="1.2.3.4",
        timestamp=5,
        collector="c",
        flag=True,
        small=1,
        short=2,
        integer=3,
        number=4.0,
        inner=inner,
        groups={"a": [inner, inner], "b": []},
        numbers={1, 2},
        flags={1: True},
        colour=IDL.Colour.GREEN,
        headers=["Host: a"],
        schema=SCHEMA,
    )
    assert decode(written(later)) == CollectorPayload("1.2.3.4", 5, "UTF-8", "c", headers=("Host: a",))


@pytest.mark.parametrize("seed", range(5))
def test_fields_may_stand_in_any_order(seed):
    fields = [
        field(11, 100, text(b"1.2.3.4")),
        field(10, 200, struct.pack(">q", 5)),
        field(11, 220, text(b"c")),
        field(15, 350, struct.pack(">bi", 11, 1) + text(b"Host: a")),
        field(11, 31337, text(SCHEMA.encode())),
    ]
    random.Random(seed).shuffle(fields)
    assert decode(b"".join(fields) + b"\0") == CollectorPayload("1.2.3.4", 5, "UTF-8", "c", headers=("Host: a",))


def test_the_last_of_two_equal_fields_counts():
    assert decode(with_field(field(11, 320, text(b"/first")))).path == "/i"


@pytest.mark.parametrize(
    "extra",
    [
        field(10, 300, struct.pack(">q", 5)),  # userAgent as a number
        field(11, 200, text(b"5")),  # timestamp as a text
        field(15, 350, struct.pack(">bi", 8, 2) + bytes(8)),  # headers as numbers
        field(2, 350, b"\1"),
    ],
)
def test_a_known_field_of_another_type_is_skipped(extra):
    assert decode(with_field(extra)) == PAYLOAD


def test_bytes_that_are_not_utf8_become_the_replacement_character():
    record = encode(replace(PAYLOAD, body="MARK")).replace(b"MARK", b"\xff\xe9a\x80")
    assert decode(record).body == "��a�"


def test_a_lone_surrogate_is_written_as_a_question_mark():
    assert decode(encode(replace(PAYLOAD, body="a\ud800b"))).body == "a?b"


@pytest.mark.parametrize("name", ["collector", "timestamp", "schema"])
def test_what_a_record_must_have(name):
    value = oracle(PAYLOAD)
    setattr(value, name, None)
    with pytest.raises(PayloadError, match=f"no {name}"):
        decode(written(value))


NESTED_LISTS = b"\x0f\0\0\0\1" * 5000
NESTED_STRUCTS = b"\x0c\0\1" * 5000


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\0",
        b"\x0b",
        b"\x0b\0",
        b"\x0b\0\x64",
        b"\x0b\0\x64\0\0\0",
        b"\x0b\0\x64\0\0\0\5abc",
        b"\x0b\0\x64\xff\xff\xff\xff",  # -1 bytes
        b"\x0b\0\x64\x80\0\0\0",
        b"\x0b\0\x64\x7f\xff\xff\xff",  # 2 GiB
        b"\x0b\0\1\xff\xff\xff\xf9",  # an unknown text that would end where it began
        b"\x0a\0\xc8\0\0",
        b"\x0f\1\x5e\x0b\x7f\xff\xff\xff",  # 2^31 headers
        b"\x0f\1\x5e\x0b\xff\xff\xff\xff",
        b"\x0f\1\x5e\x0b\0\0\0\1\xff\xff\xff\xff",
        b"\x0f\0\1\x02\x7f\xff\xff\xff",  # 2^31 booleans
        b"\x0f\0\1\0\0\0\0\1\0",  # elements without a type
        b"\x0d\0\1\x02\x02\x7f\xff\xff\xff",
        b"\x0d\0\1\x02\x02\xff\xff\xff\xff",
        b"\x01\0\1\0",
        b"\x63\0\1\0",
        b"\xff\0\1\0",
        b"\x0f\0\1" + NESTED_LISTS,
        b"\x0c\0\1" + NESTED_STRUCTS,
        b"\x28\xb5\x2f\xfd\0\0\0\0",  # zstd
        b"\x1f\x8b\x08\0\0\0\0\0",  # gzip
        b'{"schema": 1}',
    ],
)
def test_hostile_records_are_refused(record):
    with pytest.raises(PayloadError):
        decode(record)


@pytest.mark.parametrize(
    ("record", "error"),
    [
        (b"\x0b\0\x64\0\0\0\5abcd", "a text of 5 bytes does not fit"),
        (b"\x0b\0\x64\xff\xff\xff\xf0", "a text of -16 bytes does not fit"),
        (b"\x0f\1\x5e\x0b\0\0\0\2\0\0\0\0", "2 elements do not fit"),
        (b"\x0f\0\1" + NESTED_LISTS, "nested too deeply"),
        (b"\x63\0\1\0", "unknown type 99"),
        (b"\x0a\0\1\0", "ends before its last field"),
    ],
)
def test_the_error_says_what_is_wrong(record, error):
    with pytest.raises(PayloadError, match=error):
        decode(record)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_damaged_record_is_read_or_refused_and_nothing_else(data):
    record = bytearray(encode(data.draw(PAYLOADS)))
    for _ in range(data.draw(st.integers(1, 4))):
        record[data.draw(st.integers(0, len(record) - 1))] = data.draw(st.integers(0, 255))
    del record[data.draw(st.integers(0, len(record))) :]
    try:
        payload = decode(bytes(record))
    except PayloadError:
        return
    assert decode(encode(payload)) == payload


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_other_bytes_are_refused(record):
    with pytest.raises(PayloadError):
        decode(record)
