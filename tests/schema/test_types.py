"""Types: canonical text, cty JSON, tables of attributes, conversion of defaults."""

import json
from decimal import Decimal

import pytest

from builder.schema.hcl.evaluate import dump, evaluate
from builder.schema.hcl.printer import canonical
from builder.schema.hcl.reader import read_native
from builder.schema.hcl.types import NotType, converted, expression_of, type_of
from builder.schema.module.typing import typed


def described(source: str):
    document = read_native(f"type = {source}\n")
    assert document.problems == ()
    return typed(document.source.text, document.body.attributes["type"].value)


@pytest.mark.parametrize(
    ("source", "text", "cty"),
    [
        ("string", "string", "string"),
        ("any", "any", "dynamic"),
        ("list", "list", ["list", "dynamic"]),
        ("set( number )", "set(number)", ["set", "number"]),
        ("map(any)", "map(any)", ["map", "dynamic"]),
        ("tuple([string,bool])", "tuple([string, bool])", ["tuple", ["string", "bool"]]),
        ("object({})", "object({})", ["object", {}]),
        (
            'object({b=number,a=optional(string,"x"),})',
            'object({ b = number, a = optional(string, "x") })',
            ["object", {"a": "string", "b": "number"}, ["a"]],
        ),
        ('object({ "a-b" = string })', 'object({ "a-b" = string })', ["object", {"a-b": "string"}]),
        ('"map"', "map", ["map", "dynamic"]),
        ('"list(string)"', "list(string)", ["list", "string"]),
        ("map(\n  # why\n  string\n)", "map(string)", ["map", "string"]),
    ],
)
def test_a_type_has_one_spelling_and_cty_json(source, text, cty):
    found = described(source)
    assert (found.text, json.loads(found.cty), found.fault) == (text, cty, None)


@pytest.mark.parametrize(
    "source",
    ["strin", "list(string, bool)", '{ a = "b" }', "object([])", "optional(string)", '"a b"'],
)
def test_what_is_no_type_has_text_and_a_fault(source):
    found = described(source)
    assert found.cty == ""
    assert found.fault is not None
    assert found.text


def test_a_long_type_is_broken_outermost_first_and_aligned():
    found = described(
        "map(object({ name = string, labels = optional(map(string), {}), taints = optional(list(object("
        "{ key = string, value = string, effect = string, another_attribute = number })), []) }))"
    )
    assert found.text == (
        "map(object({\n"
        "  name   = string\n"
        "  labels = optional(map(string), {})\n"
        "  taints = optional(list(object({\n"
        "    key               = string\n"
        "    value             = string\n"
        "    effect            = string\n"
        "    another_attribute = number\n"
        "  })), [])\n"
        "}))"
    )


def test_a_type_with_comments_is_kept_as_written_too():
    found = described("object({\n    a = string # first\n    b = bool\n  })")
    assert found.text == "object({ a = string, b = bool })"
    assert found.source == "object({\n  a = string # first\n  b = bool\n})"
    assert described("object({\n    a = string\n  })").source == ""


def test_the_table_of_attributes_unfolds_objects_with_comments_and_defaults():
    found = described(
        "map(object({\n"
        "  # the name,\n"
        "  # in full\n"
        "  name = string\n"
        '  size = optional(string, "small") // how large\n'
        "  pools = optional(list(object({\n"
        "    count = optional(number, 1)\n"
        "    zone  = string # where\n"
        "  })), [])\n"
        "}))"
    )
    rows = [(".".join(f.path), f.type, f.required, f.default, f.description) for f in found.fields]
    assert rows == [
        ("name", "string", True, None, "the name, in full"),
        ("size", "string", False, '"small"', "how large"),
        ("pools", "list(object)", False, "[]", ""),
        ("pools.count", "number", False, "1", ""),
        ("pools.zone", "string", True, None, "where"),
    ]


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("string", "19", '"19"'),
        ("number", '"19"', "19"),
        ("number", '"x"', '"x"'),
        ("bool", '"true"', "true"),
        ("list(string)", "[1, true]", '["1","true"]'),
        ("map(number)", '{ a = "1" }', '{"a":1}'),
        ("object({ a = optional(number, 2), b = optional(string) })", "{}", '{"a":2,"b":null}'),
        ("object({ a = string })", '{ a = 1, c = "dropped" }', '{"a":"1"}'),
        ("tuple([string])", "[1]", '["1"]'),
        ("tuple([string])", "[1, 2]", "[1,2]"),
        ("string", "null", "null"),
        ("list(object({ a = optional(bool, true) }))", "[{}]", '[{"a":true}]'),
    ],
)
def test_defaults_are_converted_as_the_language_does(type_, value, expected):
    text, node = expression_of(type_)
    literal_text, literal_node = expression_of(value)
    found = evaluate(literal_text, literal_node)
    assert dump(converted(text, found, type_of(text, node))) == expected


def test_numbers_stay_exact():
    assert dump(Decimal("9007199254740993")) == "9007199254740993"


def test_a_name_that_is_no_type_says_where():
    text, node = expression_of("list(strin)")
    with pytest.raises(NotType) as fault:
        type_of(text, node)
    assert fault.value.offset == 5


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{a=1,\n\n b = [ 1,2 ]}", "{ a = 1, b = [1, 2] }"),
        ("[]", "[]"),
        ("a . b [ 0 ] .1 [*].*", "a.b[0][1][*].*"),
        ("f( a , b... )", "f(a, b...)"),
        ("! a&&b", "!a && b"),
        ("(a)?b:c", "(a) ? b : c"),
        ('"a  ${ b }"', '"a  ${ b }"'),
    ],
)
def test_expressions_have_one_spelling(source, expected):
    text, node = expression_of(source)
    assert canonical(text, node) == expected


def test_heredocs_stay_as_they_are_and_end_their_line():
    text, node = expression_of("[<<A\n x\nA\n, 1]")
    printed = canonical(text, node)
    assert printed == "[\n  <<A\n x\nA\n  ,\n  1\n]"
    again = expression_of(printed)
    assert evaluate(*again) == evaluate(text, node)
