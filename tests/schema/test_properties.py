"""Whatever the text: never an exception, the same result each time, and canonical forms that stay what they are."""

import string
from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.schema.hcl.evaluate import NotLiteral, dump, evaluate
from builder.schema.hcl.printer import canonical
from builder.schema.hcl.reader import read_native
from builder.schema.hcl.tree import Malformed
from builder.schema.hcl.types import expression_of, type_of
from builder.schema.module.facts import file_facts

PIECES = st.sampled_from(
    [
        *"{}[]()\"=,.:?!%$#&|<>~`';@\\/*+-\n\r\t \0",
        *(
            "${",
            "%{",
            "<<E\n",
            "<<-E\n",
            "E\n",
            "/*",
            "*/",
            "=>",
            "...",
            "::",
            "~}",
            "$${",
            "1e",
            "0.1",
            "\ufeff",
        ),
        *(
            "for ",
            " in ",
            "if ",
            "variable ",
            "output ",
            'variable "a" {\n',
            "default",
            "type",
            "object({",
            "null",
        ),
        *(
            "é",
            "\u0301",
            "\u200b",
            "a",
            "b1",
            "%{ if x }",
            "%{ endif }",
            "\\n",
            "\\u12",
            "\\U0001F600",
            "\r\n",
        ),
        *("terraform {", "required_providers {", '"//"', '{"variable": {"a": ', "1.0", "// x\n"),
    ]
)
TEXT = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=80)
GOOD = """\
# What it is
variable "a" {
  type = object({
    b = optional(list(string), ["x"]) # why
    "c-d" = map(any)
  })
  default     = { b = [<<-E
    text ${1}
    E
  ] }
  description = "d \\"q\\" ${"x"}"
  validation {
    condition     = length(var.a.b) > 0 && !var.x[0].y
    error_message = "e"
  }
}
output "o" {
  value = { for k, v in var.a : k => [for x in v : x if x != null]... }
}
terraform {
  required_providers {
    p = { source = "x/p", configuration_aliases = [p.q] }
  }
}
"""


def same_twice(data: bytes, *, is_json: bool) -> None:
    assert file_facts(data, is_json=is_json) == file_facts(data, is_json=is_json)


@given(TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(text):
    same_twice(text.encode("utf-8", "surrogatepass"), is_json=False)


@given(TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_as_json(text):
    same_twice(text.encode("utf-8", "surrogatepass"), is_json=True)


@given(st.binary(max_size=120), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read(data, is_json):
    same_twice(data, is_json=is_json)


@given(st.integers(0, len(GOOD)), st.integers(0, 3), PIECES | st.just(""))
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_and_its_problems_have_lines_of_it(at, removed, inserted):
    text = GOOD[:at] + inserted + GOOD[at + removed :]
    document = read_native(text)
    lines = text.count("\n") + 1
    assert all(1 <= problem.line <= lines for problem in document.problems)
    assert [p.line for p in document.problems] == sorted(p.line for p in document.problems)
    same_twice(text.encode(), is_json=False)


@given(st.integers(0, len(GOOD)))
@settings(max_examples=100, deadline=None)
def test_a_cut_file_is_read(at):
    kept = {(b.type, *b.labels) for b in read_native(GOOD[:at]).body.blocks}
    assert kept <= {("variable", "a"), ("output", "o"), ("terraform",)}


# -- expressions that are written at random

NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=6).filter(
    lambda name: name not in ("for", "true", "false", "null", "if", "in")
)
LEAVES = (
    st.integers(0, 10**20).map(str)
    | st.decimals(0, 1000, allow_nan=False, places=3).map(lambda d: f"{d:f}")
    | st.sampled_from(["true", "false", "null"])
    | st.text(string.ascii_letters + " .-", max_size=30).map(lambda s: f'"{s}"')
)


def containers(inner):
    items = st.lists(inner, max_size=5)
    return (
        items.map(lambda found: f"[{', '.join(found)}]")
        | st.dictionaries(NAMES, inner, max_size=5).map(
            lambda found: "{\n" + "\n".join(f"{k} = {v}" for k, v in found.items()) + "}"
        )
        | inner.map(lambda found: f"({found})")
    )


LITERALS = st.recursive(LEAVES, containers, max_leaves=25)
TYPES = st.recursive(
    st.sampled_from(["string", "number", "bool", "any", "list", "map"]),
    lambda inner: (
        st.tuples(st.sampled_from(["list", "set", "map"]), inner).map(lambda f: f"{f[0]}( {f[1]} )")
        | st.lists(inner, max_size=3).map(lambda f: f"tuple([{','.join(f)}])")
        | st.dictionaries(NAMES, inner, max_size=6).map(
            lambda f: "object({" + ",\n".join(f"{k} = optional({v})" for k, v in f.items()) + "})"
        )
    ),
    max_leaves=20,
)


@given(LITERALS)
@settings(max_examples=100, deadline=None)
def test_the_canonical_form_has_the_same_value_and_is_its_own(source):
    text, node = expression_of(source)
    printed = canonical(text, node)
    again_text, again = expression_of(printed)
    assert evaluate(again_text, again) == evaluate(text, node)
    assert canonical(again_text, again) == printed


@given(TYPES)
@settings(max_examples=100, deadline=None)
def test_the_canonical_form_of_a_type_is_the_same_type(source):
    text, node = expression_of(source)
    printed = canonical(text, node)
    again_text, again = expression_of(printed)
    assert type_of(again_text, again).cty() == type_of(text, node).cty()
    assert canonical(again_text, again) == printed


@given(TEXT)
@settings(max_examples=100, deadline=None)
def test_evaluating_gives_a_value_or_says_why_not(source):
    with suppress(Malformed, NotLiteral):
        text, node = expression_of(source)
        assert canonical(text, node)
        assert dump(evaluate(text, node))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, places=6))
@settings(max_examples=100, deadline=None)
def test_numbers_are_exact(number):
    text, node = expression_of(f"{number:f}")
    assert Decimal(dump(evaluate(text, node))) == number
