"""Reading files of native syntax: the tree, the faults and their lines, and what is kept of a broken file."""

import pytest

from builder.schema.hcl.expressions import ExpressionParser
from builder.schema.hcl.lexer import EOF, NL, tokenize
from builder.schema.hcl.reader import MAX_BROKEN, MAX_PROBLEMS, read_native


def blocks(text: str) -> list[tuple[str, ...]]:
    return [(block.type, *block.labels) for block in read_native(text).body.blocks]


def first(text: str) -> tuple[int, str]:
    problem = read_native(text).problems[0]
    return problem.line, problem.summary


def test_blocks_labels_and_arguments_are_read():
    document = read_native(
        'resource aws_x "y\\n" {\n  a = 1 # comment\n  dynamic "b" {\n    c = [\n 1,\n 2,\n ]\n  }\n}\n'
    )
    (block,) = document.body.blocks
    assert (block.type, block.labels) == ("resource", ["aws_x", "y\n"])
    assert list(block.body.attributes) == ["a"]
    assert block.body.blocks[0].labels == ["b"]
    assert document.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        "// one\n/* two\n three */",
        "\n\n",
        "a = 1",
        "a = 1\r\nb = 2\r\n",
        'variable "x" { default = 1 }',
        'variable "größe" {}\n',
        "größe = größe.länge\n",
        'a = "\0"\n',
        "a = b . c [0] . d\n",
        "a = b.0.c.*.d[*].e\n",
        "a = {\n for = 1 }.for\n".replace("{\n for", "{\n fort").replace(".for", ".fort"),
        "a = { for k, v in {\n b = 1\n } : k => v... if v }\n",
        "a = {\n  # first\n  for x in\n  y : x => 1\n}\n",
        "a = [for x in { a = 1 } : x]\n",
        "a = provider::x::f(1, b...)\n",
        "a = f(\n  1,\n  2,\n)\n",
        "a = x ? y : z ? 1 : 2\n",
        'a = "${ {a = 1}["a"] } ${"b${c}"}"\n',
        "a = <<-E\n  ${<<F\nf\nF\n}\n  E\n",
        'a = "%{ if x ~} b %{ else } c %{~ endif }%{ for k, v in m }d%{ endfor }"\n',
        "block {\n  for = 1\n}\n",
        "a = 1 /* b */ + /* c */ 2\n",
    ],
)
def test_good_text_has_no_problem(text):
    assert read_native(text).problems == ()


@pytest.mark.parametrize(
    ("text", "line", "summary"),
    [
        ("!\n", 1, "Argument or block definition required"),
        ("a\n", 1, "Argument or block definition required"),
        ("a =\n", 1, "Invalid expression"),
        ("a = ", 1, "Missing expression"),
        ('"a" = 1\n', 1, "Invalid argument name"),
        ("a = 1 b = 2\n", 1, "Missing newline after argument"),
        ("a = 1,\n", 1, "Unexpected comma after argument"),
        ("a = 1\na = 2\n", 2, "Attribute redefined"),
        ("a {\n  b = 1\n", 1, "Unclosed configuration block"),
        ("a { b = 1\n}\n", 1, "Invalid single-argument block definition"),
        ("a { b {} }\n", 1, "Argument definition required"),
        ("a {} b {}\n", 1, "Missing newline after block definition"),
        ("a b = 1\n", 1, "Invalid block definition"),
        ("a b.c {}\n", 1, "Invalid block definition"),
        ('a "${b}" {}\n', 1, "Invalid string literal"),
        ("a = (\n1\n", 3, "Unbalanced parentheses"),
        ("\na = [1 2]\n", 2, "Missing item separator"),
        ("a = [\n1,\n", 3, "Missing expression"),
        ("a = [\n1\n", 1, "Unterminated tuple constructor expression"),
        ("a = { b }\n", 1, "Missing key/value separator"),
        ("a = { b\n}\n", 1, "Missing attribute value"),
        ("a = { b = 1 c = 2 }\n", 1, "Missing attribute separator"),
        ("a = f(1 2)\n", 1, "Missing argument separator"),
        ("a = f(\n1\n", 1, "Unterminated function call"),
        ("a = f(b... c)\n", 1, "Missing closing parenthesis"),
        ("a = f::1()\n", 1, "Missing function name"),
        ("a = f::g\n", 1, "Missing open parenthesis"),
        ("a = b ? c\n", 1, "Missing false expression in conditional"),
        ("a = b.\n", 1, "Invalid attribute name"),
        ("a = b[1\n", 2, "Missing close bracket on index"),
        ("a = b.*.*\n", 1, "Nested splat expression not allowed"),
        ("a = b.0.1\n", 1, "Invalid legacy index syntax"),
        ("a = [for]\n", 1, "Invalid 'for' expression"),
        ("a = [for x in y : x => 1]\n", 1, "Invalid 'for' expression"),
        ("a = {for x in y : x}\n", 1, "Invalid 'for' expression"),
        ("a = 1..2\n", 1, "Invalid number literal"),
        ('a = "b\n"\n', 1, "Invalid multi-line string"),
        ('a = "b', 1, "Unterminated template string"),
        ("a = <<E\nb\nE", 3, "Unterminated template string"),
        ('a = "${b"\n', 1, "Unclosed template interpolation sequence"),
        ('a = "${b c}"\n', 1, "Extra characters after interpolation expression"),
        (r'a = "\q"' + "\n", 1, "Invalid escape sequence"),
        (r'a = "\ud800"' + "\n", 1, "Invalid escape sequence"),
        ('a = "%{ if x }"\n', 1, "Unexpected end of template"),
        ('a = "%{ endif }"\n', 1, "Unexpected endif directive"),
        ('a = "%{ x }"\n', 1, "Invalid template control keyword"),
        ('a = "%{ for x y }"\n', 1, "Invalid 'for' directive"),
        ("a = b & c\n", 1, "Unsupported operator"),
        ("a = 'b'\n", 1, "Invalid character"),
        ("a = <<E\nb\rc\nE\n", 2, "Invalid character"),
        ("\ufeffa = 1\n", 1, "Argument or block definition required"),
        ("a = 1 /* b\n", 1, "Invalid expression"),
        ("a = 1\n~}\n", 2, "Argument or block definition required"),
    ],
)
def test_the_first_fault_has_its_line_and_the_name_the_languages_tools_give_it(text, line, summary):
    if summary == "Argument or block definition required" and text.startswith("\ufeff"):
        summary = "Invalid character"  # the mark is taken off bytes, not in the middle of text
    assert first(text) == (line, summary)


def test_an_earlier_syntax_fault_is_told_before_a_later_lexical_one():
    assert first("a = 1 2\nb = 'c'\n") == (1, "Missing newline after argument")


def test_a_brace_on_the_next_line_is_read_with_a_warning():
    document = read_native('variable foo\n{\n  default = "1"\n}\n')
    assert blocks(document.source.text) == [("variable", "foo")]
    assert [(p.line, p.error) for p in document.problems] == [(1, False)]


GOOD = 'variable "b" {\n  type    = string\n  default = 1\n}\n\noutput "c" {\n  value = 1\n}\n'
KEPT = [("variable", "a"), ("variable", "b"), ("output", "c")]


@pytest.mark.parametrize(
    "broken",
    [
        'variable "a" {\n  type = object({\n    x = string\n}\n\n',
        'variable "a" {\n  default = "x\n}\n\n',
        'variable "a" {\n  default = [1\n}\n\n',
        'variable "a" \n  default = 1\n}\n\n',
        'variable "a {\n  default = 1\n}\n\n',
        'variable a" {\n  default = 1\n}\n\n',
        'variable "a" {\n  default 1\n}\n\n',
        'variable "a" {\n  default = 1\n\n',
        'variable "a" }\n',
    ],
)
def test_one_broken_block_does_not_take_the_others_with_it(broken):
    assert blocks(broken + GOOD) == KEPT
    assert blocks(GOOD + broken) == [KEPT[1], KEPT[2], KEPT[0]]


def test_arguments_behind_the_fault_are_kept():
    text = 'variable "a" {\n  type = (\n  default = 1\n  description = "d"\n}\n' + GOOD
    block = read_native(text).body.blocks[0]
    assert list(block.body.attributes) == ["type", "default", "description"]


def test_every_broken_piece_is_told_once():
    text = "".join(f'variable "v{i}" {{\n  type = (\n}}\n' for i in range(3))
    lines = [problem.line for problem in read_native(text).problems]
    assert len(lines) == len(set(lines)) == 3


def test_blocks_in_heredocs_are_not_invented():
    text = 'locals {\n  a = <<E\nvariable "x" {}\nE\n  b = (\n}\n' + GOOD
    assert ("variable", "x") not in blocks(text)
    assert ("output", "c") in blocks(text)


def test_recovery_ends_after_many_broken_pieces():
    text = "".join(f'variable "v{i}" {{\n  type = (\n}}\n' for i in range(3 * MAX_BROKEN))
    assert len(blocks(text)) == MAX_BROKEN


def test_no_more_problems_are_told_than_a_reader_can_use():
    problems = read_native("a = 1\n" * 1000).problems
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].summary == "Too many problems"


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "(" * 1000,
        "a = " + "[" * 1000,
        "a = " + "{a=" * 1000,
        "a {\n" * 1000,
        "a = " + "!" * 1000 + "b\n",
        "a = " + '"${' * 1000,
        "a = " + "<<A\n${" * 1000,
        "a = b" + " ? c : d" * 1000 + "\n",
    ],
)
def test_what_is_nested_too_deeply_is_a_problem(text):
    assert first(text)[1] == "Configuration nested too deeply"


def test_chains_are_not_nesting():
    chains = ("b" + " || c" * 5000, "b" + ".c[0]" * 5000, "1" + " + 2 * 3" * 5000)
    for chain in chains:
        assert read_native(f"a = {chain}\n").problems == ()


def test_tokens_stand_in_order_and_cover_all_but_blanks_and_comments():
    text = 'a = "x${b}" # c\nd = [1,\n 2] /* e */\nf = <<E\ng ${h}\nE\n'
    tokens = tokenize(text)
    covered = [False] * len(text)
    last = 0
    for start, end in tokens.spans:
        assert last <= start <= end
        covered[start:end] = [True] * (end - start)
        last = end
    left = "".join(c for c, seen in zip(text, covered, strict=True) if not seen)
    assert left.split() == ["/*", "e", "*/"]
    assert tokens.kinds[-1] == EOF
    assert tokens.kinds.count(NL) == 3


def test_a_parser_reads_one_expression():
    tokens = tokenize("a + b")
    node = ExpressionParser(tokens).expression()
    assert (node.start, node.end) == (0, 5)
