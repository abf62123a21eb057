"""The bytes of the API's JSON."""

import json
import struct
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.api.codec import dump, float32, present, sealed, sealed_list, timestamp

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_json_is_compact_and_keeps_the_order_of_keys():
    assert dump({"b": [1, True, None], "a": "é"}) == '{"b":[1,true,null],"a":"é"}'.encode()


def test_html_and_line_separators_are_escaped():
    assert dump("</script>&\u2028\u2029") == rb'"\u003c/script\u003e\u0026\u2028\u2029"'


def test_undecodable_bytes_become_replacement_characters():
    name = b"caf\xe9.md".decode(errors="surrogateescape")
    assert json.loads(dump({name: name})) == {"caf\ufffd.md": "caf\ufffd.md"}


@given(JSON)
def test_every_value_gives_json_that_reads_back(value):
    body = dump(value)
    assert not {b"<", b">", b"&"} & {body[i : i + 1] for i in range(len(body))}
    lossless = json.dumps(value, ensure_ascii=False)
    if not any("\ud800" <= c <= "\udfff" for c in lossless):
        assert json.loads(body) == value


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.98769432, "0.9876943"), (0.1, "0.1"), (1, "1.0"), (0, "0.0"), (0.85, "0.85")],
)
def test_shares_have_the_digits_of_a_32_bit_float(share, written):
    assert dump(float32(share)) == written.encode()


@given(st.floats(0, 1))
def test_shares_are_the_nearest_32_bit_float(share):
    assert struct.pack("f", float32(share)) == struct.pack("f", share)


def test_unknown_time_is_never_empty():
    assert timestamp("") == "0001-01-01T00:00:00Z"
    assert timestamp("2021-08-05T00:26:01Z") == "2021-08-05T00:26:01Z"


def test_present_leaves_out_what_says_nothing():
    assert present(a="", b=(), c=None, d="x", e=False) == {"d": "x"}


@pytest.mark.parametrize(
    "body", [sealed({"a": 1}), sealed_list("modules", [b"{}", b"[]"]), sealed_list("modules", [])]
)
def test_hash_is_over_the_bytes_without_it(body):
    head, digest = body.rsplit(b',"hash":"', 1)
    assert digest == sha256(head + b"}").hexdigest().encode() + b'"}'
    assert json.loads(body)["hash"] == sha256(head + b"}").hexdigest()
