"""Literal values: what the language would work out, exactly, and what is declined."""

import pytest

from builder.schema.hcl.evaluate import NotLiteral, dump, evaluate
from builder.schema.hcl.reader import read_native


def value(source: str) -> str:
    document = read_native(f"a = {source}\n")
    assert not document.problems, document.problems
    return dump(evaluate(document.source.text, document.body.attributes["a"].value))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("60 * 60 - -1", "3601"),
        ("1 + 2 * 3 - 4 / 2", "5"),
        ("(1 + 2) * 3", "9"),
        ("7 % 4", "3"),
        ("1e3", "1000"),
        ("0.10", "0.1"),
        ("1.50e1", "15"),
        ("-0", "0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0.1234567890123456789", "0.1234567890123456789"),
        ("true && !false", "true"),
        ("false || 1 < 2", "true"),
        ("1 == 1", "true"),
        ('"a" != "b"', "true"),
        ("true ? 1 : 2", "1"),
        ("[1, 2, 3][1]", "2"),
        ('{ a = { b = "c" } }.a.b', '"c"'),
        ('{ a = 1 }["a"]', "1"),
        ('{ x = 1, "y" : 2, (3) = 4 }', '{"3":4,"x":1,"y":2}'),
        ("null", "null"),
        ('"x${1 + 1}y"', '"x2y"'),
        ('"${[1]}"', "[1]"),
        ('"a ${~ 1 ~} b"', '"a1b"'),
        (r'"\n\r\t\"\\\u00e9\U0001F600"', r'"\n\r\t\"\\é😀"'),
        ('"$${a}%%{b}$$${c}$x%"', '"${a}%{b}$${c}$x%"'),
        ('"e\u0301"', '"é"'),
        ('"1" + 2', "3"),
    ],
)
def test_a_literal_has_the_value_the_language_gives_it(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<<E\na\n  b\nE", '"a\\n  b\\n"'),
        ("<<-E\n    a\n      b\n\n    c\n  E", '"a\\n  b\\n\\nc\\n"'),
        ("<<-E\n  a\n${1}\n  E", '"  a\\n1\\n"'),
        ("<<-E\n  ${1}\n   b\n  E", '"1\\n b\\n"'),
        ("<<E\r\na\r\nE\r", '"a\\r\\n"'),
        ("<<E\n$${a} \\n\nE", '"${a} \\\\n\\n"'),
        ("<<E\nx${2}E\nE", '"x2E\\n"'),
        ("<<E\n%{~ if true }", None),
    ],
)
def test_a_heredoc_has_its_lines_without_what_they_are_indented_by(source, expected):
    if expected is None:
        assert read_native(f"a = {source}\n").problems
    else:
        assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "summary", "error"),
    [
        ("var.a", "Variables not allowed", True),
        ("[1, var.a]", "Variables not allowed", True),
        ('"${a}"', "Variables not allowed", True),
        ("max(1, 2)", "Function calls not allowed", True),
        ('!"x"', "Invalid operand", True),
        ("[1][2]", "Invalid index", True),
        ("{ [1] = 2 }", "Incorrect key type", True),
        ('"a${[]}"', "Invalid template interpolation value", True),
        ("1 / 0", "Division by zero", True),
        ("1 % 0", "Division by zero", False),
        ('1 == "1"', "Values of different types are not compared", False),
        ('true ? 1 : "b"', "A conditional over different types is not worked out", False),
        ("[for x in [1] : x]", "The expression is not worked out", False),
        ('"%{ if true }a%{ endif }"', "Directives are not worked out", False),
        ("[1][*]", "A splat is not worked out", False),
    ],
)
def test_what_has_no_value_of_its_own_is_declined_with_the_reason(source, summary, error):
    document = read_native(f"a = {source}\n")
    with pytest.raises(NotLiteral) as declined:
        evaluate(document.source.text, document.body.attributes["a"].value)
    assert (declined.value.summary, declined.value.error) == (summary, error)


def test_a_huge_number_is_not_written_out():
    assert len(value("1e9999")) < 20
