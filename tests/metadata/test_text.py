"""Bytes of metadata files: byte-stable, faults with their line, nothing raised."""

import pytest

from builder.errors import ContentError
from builder.metadata import text
from builder.metadata.text import dump, dump_yaml, load, load_yaml
from builder.model.issue import Location

PLACE = Location(path="providers/a/acme/kettle.json")


def codes(checked):
    return [(one.code, one.location.line) for one in checked.issues]


def held(data, read=load):
    return read(data).value


def test_key_order_and_unknown_fields_survive():
    data = b'{\n  "zebra": 1,\n  "versions": [],\n  "a": {\n    "deep": null\n  }\n}'
    loaded = load(data)
    assert not loaded.issues
    assert dump(held(data)) == data


def test_there_is_no_final_newline_and_other_scripts_stay_readable():
    assert dump({"warnings": ["çay ☕"]}) == '{\n  "warnings": [\n    "çay ☕"\n  ]\n}'.encode()


def test_markup_characters_are_escaped_as_the_registry_does():
    data = dump({"warnings": ["<b> & \u2028\u2029"]})
    assert rb"\u003cb\u003e \u0026 \u2028\u2029" in data
    assert load(data).value == {"warnings": ["<b> & \u2028\u2029"]}
    assert dump(held(data)) == data


def test_half_a_surrogate_pair_can_be_written_again():
    data = b'{\n  "warnings": [\n    "\\ud83d"\n  ]\n}'
    assert dump(held(data)) == data


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'{\n  "versions": [\n}', 3),
        (b"", 1),
        (b'{\n  "a": 1\n  "b": 2\n}', 3),
        (b'{\n\n"a": "\xff"}', 3),
        (b'{"a": NaN}', 0),
        (b'{"a": 1e999}', 0),
        (b'{"a": ' + b"9" * 5000 + b"}", 0),
        (b'{"a": ' + b"[" * 100_000, 0),
    ],
)
def test_what_is_not_json_is_reported_with_its_line(data, line):
    checked = load(data, PLACE)
    assert checked.value is None
    assert codes(checked) == [("META001", line)]
    assert checked.issues[0].location.path == PLACE.path


def test_a_key_that_occurs_twice_is_reported_and_the_last_one_counts():
    checked = load(b'{"versions": [1], "x": {"a": 1, "a": 2}, "versions": []}')
    assert checked.value == {"versions": [], "x": {"a": 2}}
    assert [one.code for one in checked.issues] == ["META002", "META002"]
    assert {one.message.split(":")[0] for one in checked.issues} == {"'a'", "'versions'"}


@pytest.mark.parametrize("data", [b"[]", b"1", b"null", b'"versions"'])
def test_a_file_holds_an_object(data):
    checked = load(data)
    assert checked.value is None
    assert codes(checked) == [("META002", 0)]


def test_a_byte_order_mark_is_read_over():
    assert load(b'\xef\xbb\xbf{"versions": []}').value == {"versions": []}
    assert load_yaml(b"\xef\xbb\xbfname: tea\n").value == {"name": "tea"}


def test_files_over_the_limit_are_not_parsed(monkeypatch):
    monkeypatch.setattr(text, "MAX_JSON", 5)
    monkeypatch.setattr(text, "MAX_YAML", 5)
    assert codes(load(b'{"a": 1}')) == [("META001", 0)]
    assert codes(load_yaml(b"name: tea")) == [("META001", 0)]


@pytest.mark.parametrize("value", [float("inf"), {1, 2}])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(ContentError):
        dump({"a": value})


def test_yaml_scalars_stay_what_was_written():
    raw = load_yaml(
        b"version: 1.10\nday: 2024-13-45\nnothing:\nyes: on\ncount: 12\nbig: 12345678901234567890\n"
        b'quoted: "12"\nnative: true\n'
    ).value
    assert raw == {
        "version": "1.10",
        "day": "2024-13-45",
        "nothing": None,
        "yes": "on",
        "count": 12,
        "big": "12345678901234567890",
        "quoted": "12",
        "native": True,
    }


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"name: a\nbad: [\n", 3),
        (b"a: &x [1]\nb: *x\n", 2),
        (b"a: 1\nb: !!python/name:os.system x\n", 2),
        (b"a: 1\n? [1]\n: 2\n", 2),
        (b"a: 1\nb: \xff\n", 2),
        (b"a: \x01\n", 0),
        (b"a: 1\n---\nb: 2\n", 2),
        (b"a: " + b"[" * 1500, 0),
    ],
)
def test_what_is_not_plain_yaml_is_reported_with_its_line(data, line):
    checked = load_yaml(data, PLACE)
    assert checked.value is None
    assert codes(checked) == [("META001", line)]


def test_yaml_keys_that_occur_twice_are_reported_with_their_line():
    checked = load_yaml(b"name: a\ntitle: b\nname: c\n")
    assert checked.value == {"name": "c", "title": "b"}
    assert codes(checked) == [("META002", 3)]


PACKAGE = b"""# WARNING: made by a tool
# do not edit
category: Cloud
description: Steeps tea
  for a while.
logo_url: ""   # none yet
name: tea
version: 1.2.3
"""


def test_unchanged_yaml_lines_keep_their_bytes():
    raw = held(PACKAGE, load_yaml)
    assert dump_yaml(raw, PACKAGE) == PACKAGE
    changed = dump_yaml({**raw, "version": "v1.3.0", "featured": False}, PACKAGE)
    assert changed == PACKAGE.replace(b"logo_url", b"featured: false\nlogo_url").replace(
        b"1.2.3", b"v1.3.0"
    )


def test_unsorted_yaml_keys_are_moved_with_their_lines():
    before = b"# head\nname: tea\ncategory: Cloud # why\n"
    assert (
        dump_yaml(held(before, load_yaml), before) == b"# head\ncategory: Cloud # why\nname: tea\n"
    )


@pytest.mark.parametrize(
    "before", [b"{name: tea}\n", b'name: "a\nb: c"\n', b"name: [\n", b"", b"\xff"]
)
def test_yaml_that_cannot_be_kept_is_written_anew(before):
    raw = {"name": "tea", "version": "1.10", "versions": [{"version": "v1.0.0"}]}
    made = dump_yaml(raw, before)
    assert load_yaml(made).value == raw
    assert not load_yaml(made).issues


def test_rare_line_breaks_survive_in_yaml():
    raw = {"a": "x\x85y", "b\u2028": "\u2029"}
    assert held(dump_yaml(raw), load_yaml) == raw
