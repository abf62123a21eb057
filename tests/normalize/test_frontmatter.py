"""Front matter: the cases of the specification, both passes, and hostile input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.normalize.frontmatter import MAX_DEPTH, FrontMatter, find_region, parse

LIMIT = 65_536


def read(text: str | bytes) -> FrontMatter:
    data = text.encode() if isinstance(text, str) else text
    region = find_region(data, LIMIT)
    return FrontMatter() if region.overlong else parse(region)


def block(*lines: str) -> str:
    return "\n".join(("---", *lines, "---", "# Heading", ""))


NOTHING: dict[str, str] = {}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", NOTHING),
        ("# Only a heading\n\nand text: with a colon\n", NOTHING),
        (
            block("page_title: Title", "subcategory: Sub", "description: Text"),
            {"title": "Title", "subcategory": "Sub", "description": "Text"},
        ),
        (block(), NOTHING),
        (block("# only a comment", ""), NOTHING),
        (block("~"), NOTHING),
        (block("layout: acme", "sidebar_current: docs"), NOTHING),
    ],
)
def test_simple_cases_are_yaml(text, values):
    front = read(text)
    assert (front.values, front.fault) == (values, "")


def test_tab_indented_block_with_one_key_without_a_colon_gives_the_subcategory():
    front = read(block("\tpage_title Title", '\tsubcategory: "Sub"', "\tdescription Text"))
    assert front.values == {"subcategory": 'Sub"\ndescription Text'}
    front = read(block("\tpage_title Title", "\tsubcategory: Sub"))
    assert front.values == {"subcategory": "Sub"}


def test_block_scalar_with_an_unindented_line():
    front = read(block("page_title: Title", "description: |-", "The text.", "More."))
    assert front.values == {"title": "Title", "description": "The text.\nMore."}
    assert front.fault


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (["page_title: AWS: aws_instance"], {"title": "AWS: aws_instance"}),
        (["description: a", "description: b"], {"description": "b"}),
        (["layout: a", "layout: b", "page_title: T"], {"title": "T"}),
        (["description: >-", "line one", "line two"], {"description": ">-\nline one\nline two"}),
        (["page_title: [a, b]"], {"title": "[a, b]"}),
        (["page_title: {a: b}"], {"title": "{a: b}"}),
        (['page_title: "a: b" c'], {"title": 'a: b" c'}),
        (["page_title: @foo"], {"title": "@foo"}),
        (["page_title: `foo`"], {"title": "`foo`"}),
        (["page_title: %foo"], {"title": "%foo"}),
        (["page_title: {{.Name}}"], {"title": "{{.Name}}"}),
        (["page_title: *Foo* is bold"], {"title": "*Foo* is bold"}),
        (["page_title: *foo"], {"title": "*foo"}),
        (["description: |", "a", "", "b: c", "d"], {"description": "a"}),
        (["description: |-", "a", "", "  b"], {"description": "a\nb"}),
        (["dropped", "page_title: a: b", "- item: x"], {"title": "a: b\n- item: x"}),
        (["page_title: a: b", "page_title : c: d  "], {"title": "c: d"}),
        (["- page_title: a", "description: 'x'"], {"description": "x"}),
        (["page_title: '\" T: '"], {"title": '" T: '}),
        (["[a]: b", "page_title: T"], {"title": "T"}),
        (["? [a]", ": b", "page_title: T"], {"title": "T"}),
        ([": nobody's", "more", "page_title: a: b"], {"title": "a: b"}),
    ],
)
def test_what_is_not_yaml_is_read_line_by_line(lines, values):
    front = read(block(*lines))
    assert front.values == values


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (["page_title: a", "description: b: c"], 3),
        (["page_title: a", "layout: x", "page_title: b"], 4),
        (["layout: x", "page_title: [a]"], 3),
        (["- a"], 2),
        (["page_title: a", "description: |-", "text", "more"], 5),
        (["a: *b"], 2),
    ],
)
def test_the_fault_has_the_line_of_the_page(lines, line):
    front = read(block(*lines))
    assert (bool(front.fault), front.line) == (True, line)


def test_values_that_yaml_gave_are_kept_when_another_value_is_no_text():
    """The quoted key is none for the second pass, so it does not override."""
    front = read(block('"page_title": T', "description: [a]"))
    assert front.values == {"title": "T", "description": "[a]"}


@pytest.mark.parametrize(
    "scalar", ["42", "1.5", "true", "yes", "0123", "2024-01-01", "1e3", "0x1F", "1_000", "<<", "="]
)
def test_scalars_stay_as_they_are_written(scalar):
    front = read(block(f"page_title: {scalar}"))
    assert (front.values, front.fault) == ({"title": scalar}, "")


@pytest.mark.parametrize("scalar", ["null", "~", "", "Null", "NULL"])
def test_null_is_the_empty_text(scalar):
    front = read(block(f"page_title: {scalar}"))
    assert (front.values, front.fault) == ({"title": ""}, "")


@pytest.mark.parametrize("scalar", ["'null'", '"~"', "nULL", "!!str null"])
def test_text_that_only_looks_like_null(scalar):
    expected = scalar.removeprefix("!!str ").strip("'\"")
    assert read(block(f"page_title: {scalar}")).values == {"title": expected}


def test_block_scalars_keep_a_final_newline_only_before_another_key():
    front = read(block("description: |", "  a", "  b", "page_title: T"))
    assert front.values == {"description": "a\nb\n", "title": "T"}
    assert read(block("page_title: T", "description: |", "  a", "  b")).values == {
        "title": "T",
        "description": "a\nb",
    }


def test_a_carriage_return_at_the_end_of_the_block_is_no_newline():
    assert read("---\r\ndescription: |\r\n  a\r\n  b\r\n---\r\n").values == {"description": "a\nb"}


def test_escapes_and_folding_are_yamls():
    front = read(block('page_title: "a\\tb"', "description: >-", "  one", "  two"))
    assert front.values == {"title": "a\tb", "description": "one two"}


@pytest.mark.parametrize(
    "text",
    [
        "---\r\npage_title: T\r\n---\r\n# H\r\n",
        "  ---  \npage_title: T\n\t---\t\n",
        "\n\n---\npage_title: T\n---\n",
        "<!-- note -->\n---\npage_title: T\n---\n",
        "# heading\n---\npage_title: T\n---\n",
        "---\npage_title: T",
        "---\npage_title: T\n",
        "text\n---\npage_title: T\n---\n",
        "text\n\n---\n\npage_title: T\n",
        "\u00a0---\u3000\npage_title: T\n---\n",
    ],
)
def test_markers_are_found_wherever_they_are(text):
    assert read(text).values == {"title": "T"}


@pytest.mark.parametrize(
    "text",
    [
        "----\npage_title: T\n----\n",
        "--- #\npage_title: T\n",
        "\x1c---\npage_title: T\n",  # a separator of ASCII is no white space here
        "- --\npage_title: T\n",
    ],
)
def test_other_lines_are_no_markers(text):
    assert not find_region(text.encode(), LIMIT).found


def test_a_byte_order_mark_hides_the_first_marker_and_the_second_opens_the_body():
    front = read("\ufeff---\npage_title: T\n---\ndescription: body\n")
    assert front.values == {"description": "body"}


def test_two_rules_in_the_body_are_read_as_front_matter():
    front = read("# Heading\n\ntext\n\n---\npage_title: Between\n---\n")
    assert front.values == {"title": "Between"}


def test_a_document_end_inside_ends_the_yaml():
    assert read(block("page_title: T", "...", ": [ nonsense")).values == {"title": "T"}


def test_a_region_that_is_not_utf8_is_read_line_by_line():
    front = read(b"---\npage_title: caf\xe9\ndescription: |\n  a\n  b\n---\n")
    assert front.values == {"title": "caf\ufffd", "description": "a\nb"}


@pytest.mark.parametrize(("length", "usable"), [(LIMIT - 1, True), (LIMIT, False)])
def test_a_line_over_the_limit_before_the_end(length, usable):
    """The limit counts the line with its end, as readers with a buffer of that size do."""
    line = b"description: " + b"x" * (length - 13)
    page = b"---\npage_title: T\n" + line + b"\n---\n"
    region = find_region(page, LIMIT)
    assert (not region.overlong) == usable
    assert len(read(page).values) == (2 if usable else 0)


def test_a_line_over_the_limit_after_the_end_does_not_matter():
    assert read(b"---\npage_title: T\n---\n" + b"x" * 2 * LIMIT).values == {"title": "T"}


@pytest.mark.parametrize(
    ("text", "start", "at_top", "closed"),
    [
        ("---\na: b\n---\n", 2, True, True),
        ("\n \n---\na: b\n", 4, True, False),
        ("<!-- a\nb\n-->\n---\n---\n", 5, True, True),
        ("# a\n---\n---\n", 3, False, True),
        ("", 0, False, False),
    ],
)
def test_regions(text, start, at_top, closed):
    region = find_region(text.encode(), LIMIT)
    assert (region.start, region.at_top, region.closed) == (start, at_top, closed)


def test_an_alias_gives_the_text_of_its_anchor():
    assert read(block("layout: &a T", "page_title: *a")).values == {"title": "T"}


def test_an_alias_bomb_is_never_expanded():
    """Ten levels of ten aliases each are 10^10 texts when written out."""
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 11)]
    front = read(block("page_title: T", *bomb))
    assert (front.values, front.fault) == ({"title": "T"}, "")
    assert "description" in read(block(*bomb, "description: *a10")).fault


def test_an_anchor_that_holds_itself():
    assert read(block("page_title: T", "a: &a [*a]")).values == {"title": "T"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_costs(opening):
    page = "---\npage_title: T\na:\n  " + opening * 200_000
    front = parse(find_region(page.encode(), len(page)))
    assert str(MAX_DEPTH) in front.fault
    assert front.values["title"] == "T"


def test_nesting_up_to_the_limit_is_yaml():
    depth = MAX_DEPTH - 1  # the mapping at the top is one
    assert read(block("a: " + "[" * depth + "]" * depth)).fault == ""
    assert read(block("a: " + "[" * (depth + 1) + "]" * (depth + 1))).fault


yamlish = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("---", "page_title: ", "description: |-", "subcategory:", "  ", "- ", "? ", ": "),
                *("[", "]", "{", "}", "&a ", "*a", "!!", "%YAML", '"', "'", "\\x", "#", "<<: *a"),
                *("\n", "\r\n", "\t", "...", "\x85", "\u2028", "\ufeff"),
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=40,
).map("".join)


@given(yamlish)
def test_nothing_that_looks_like_yaml_raises(text):
    front = read(text)
    assert set(front.values) <= {"title", "subcategory", "description"}
    assert all(isinstance(value, str) for value in front.values.values())


@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    read(b"---\n" + data)


@given(
    st.dictionaries(
        st.sampled_from(["page_title", "subcategory", "description"]),
        st.from_regex(r"[A-Za-z][A-Za-z0-9_ ]{0,30}[A-Za-z0-9]", fullmatch=True).filter(
            lambda text: text.lower() != "null"
        ),
    )
)
def test_plain_texts_come_out_as_they_went_in(given_values):
    front = read(block(*(f"{key}: {value}" for key, value in given_values.items())))
    assert sorted(front.values.values()) == sorted(given_values.values())
    assert front.fault == ""
