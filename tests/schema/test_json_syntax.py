"""JSON syntax: the same tree, lines of the blocks' braces, faults by name."""

import pytest

from builder.schema.hcl.json_syntax import read_json
from builder.schema.module.facts import file_facts


def facts(text: str):
    return file_facts(text.encode(), is_json=True)


def test_blocks_are_objects_or_arrays_of_objects_at_any_level():
    found = facts(
        '[{"//": "note", "variable": {"a": {"default": 1}, "b": [{"type": "list(string)"}]}},\n'
        ' {"resource": [{"aws_x": {"y": {"provider": "aws.z"}}}], "data": {"d_e": [{"f": {}}]}}]\n'
    )
    assert [(v.name, v.type, v.default) for v in found.variables] == [
        ("a", "any", "1"),
        ("b", "list(string)", None),
    ]
    assert [(r.address, r.provider, r.alias) for r in found.resources] == [
        ("aws_x.y", "aws", "z"),
        ("data.d_e.f", "d", ""),
    ]
    assert found.problems == ()


def test_the_line_is_that_of_the_brace():
    assert facts('{"variable": {"a":\n\n {"default": null}}}').variables[0].line == 3


def test_strings_are_literal_and_numbers_exact():
    (variable,) = facts(
        '{"variable":{"a":{"default":["${b}", 12345678901234567890, "\\ud800"]}}}'
    ).variables
    assert variable.default == '["${b}",12345678901234567890,"\ufffd"]'
    assert variable.default_source == '["$${b}", 12345678901234567890, "\ufffd"]'


def test_providers_are_read():
    found = facts(
        '{"terraform": {"required_version": ">= 1", "required_providers": {"a": "1.0", "b": {"source": "x/b",'
        ' "configuration_aliases": ["b.c"]}}}, "provider": {"a": [{"alias": "d"}, {}]}}'
    )
    assert found.required_core == (">= 1",)
    assert found.provider_configs == ("a.d", "a")
    assert [(r.name, r.source, r.versions, r.aliases) for r in found.requirements if r.entry] == [
        ("a", "", ("1.0",), ()),
        ("b", "x/b", (), ("b.c",)),
    ]


@pytest.mark.parametrize(
    ("text", "line", "summary"),
    [
        ("", 1, "Missing value"),
        ('{"a": "b\n"}', 1, "Invalid JSON string"),
        ('{"a": "\\q"}', 1, "Invalid JSON string"),
        ("{1: 2}", 1, "Invalid object property name"),
        ('{"a" 1}', 1, "Missing property value colon"),
        ('{"a"}', 1, "Missing object value"),
        ('{"a": 1\n"b": 2}', 2, "Missing attribute seperator comma"),
        ('{"a": [1,\n]}', 1, "Trailing comma in array"),
        ('{"a": 1,\n}', 1, "Trailing comma in object"),
        ('{"a": 1', 1, "Unclosed object"),
        ('{"a": 1]', 1, "Mismatched braces"),
        ('{"a": [1}', 1, "Mismatched brackets"),
        ('{"a": 01}', 1, "Invalid JSON number"),
        ('{"a": yes}', 1, "Invalid JSON keyword"),
        ('{"a": }', 1, "Missing JSON value"),
        ("[@]", 1, "Invalid start of value"),
        ("{}\n{}", 2, "Extraneous data after value"),
        ('"a"', 1, "Root value must be object"),
        ("[" * 500, 1, "Configuration nested too deeply"),
    ],
)
def test_faults_have_their_line_and_name(text, line, summary):
    problem = read_json(text).problems[0]
    assert (problem.line, problem.summary) == (line, summary)


def test_what_stands_before_a_fault_is_kept():
    found = facts('{"variable": {"a": {"default": 1}, "b": {"description": "d", "default": }}}')
    assert [(v.name, v.description) for v in found.variables] == [("a", ""), ("b", "d")]
    assert len(found.problems) == 1
