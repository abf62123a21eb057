"""What a page's bytes say of it, and which problem is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.issue import ISSUE_CODES
from builder.model.limits import Limits
from builder.normalize.facts import page_facts

LIMITS = Limits()


def facts(page):
    return page_facts(page.encode() if isinstance(page, str) else page, LIMITS)


def problems(page):
    return [(code, line) for code, line, _ in facts(page).problems]


@pytest.mark.parametrize(
    "page",
    [
        "",
        "# Title\n",
        "---\npage_title: T\n---\n# T\n",
        "text\n\n---\n\nmore text\n\n---\n\nand more\n",
        "text\n\n---\n\nnote: a value of the text\n",
        "---\r\npage_title: T\r\n---\r\n",
        "\ufeff# A byte order mark alone\n",
        "x" * 100_000,
        "text\n" * 9 + "\0",
    ],
)
def test_pages_without_problems(page):
    if page.endswith("\0"):
        page = "x" * 8192 + page  # git too looks for NUL at the beginning only
    assert problems(page) == []


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("---\npage_title: a: b\n---\n", [("DOC009", 2)]),
        ("---\n\nSome text.\n\n---\n", [("DOC009", 3)]),
        ("---\npage_title: T\n# T\n", [("DOC017", 1)]),
        ("---\npage_title: a: b\n# T\n", [("DOC017", 1)]),
        ("# Heading\n\n---\npage_title: T\n---\n", [("DOC017", 3)]),
        ("\ufeff---\npage_title: T\n---\n# T\n", [("DOC017", 1)]),
        ("\ufeff---\r\npage_title: T\r\n---\r\n# T\r\n", [("DOC017", 1)]),
        ("---\na: b\nc: " + "x" * 65_536 + "\n---\n", [("DOC017", 3)]),
        (b"# T\n\ncaf\xe9\n", [("DOC010", 3)]),
        (b"---\npage_title: caf\xe9\n---\n", [("DOC010", 2)]),
        (b"---\npage_title: \xe9: b\n---\n", [("DOC010", 2)]),
        (b"PK\x03\x04\0\0", [("DOC011", 0)]),
        (b"\0" + b"\xff" * 10, [("DOC011", 0)]),
    ],
)
def test_problems_and_their_lines(page, expected):
    assert problems(page) == expected


def test_a_long_line_without_front_matter_is_no_problem():
    assert problems("# T\n" + "x" * 70_000 + "\ntext\n") == []


def test_the_line_limit_is_the_given_one():
    page = b"---\npage_title: Title\n---\n"
    assert page_facts(page, Limits(front_matter_bytes=18)).title == "Title"
    small = page_facts(page, Limits(front_matter_bytes=17))
    assert (small.title, small.problems[0][0]) == ("", "DOC017")


def test_metadata_is_decoded_with_replacement_characters():
    assert facts(b"---\npage_title: caf\xe9\n---\n").title == "caf\ufffd"


@pytest.mark.parametrize("key", ["name", "editlink", "edit_link", "kind", "layout"])
def test_no_other_key_is_used(key):
    page = f"---\n{key}: evil/../name\npage_title: T\n---\n"
    known = facts(page)
    assert (known.title, known.subcategory, known.description) == ("T", "", "")
    assert facts(f"---\n{key}: [1]\n---\n").problems == ()


@given(st.binary(max_size=400))
def test_no_bytes_raise_and_all_codes_exist(data):
    first = page_facts(data, LIMITS)
    assert first == page_facts(data, LIMITS)
    assert all(code in ISSUE_CODES and message for code, _, message in first.problems)
    lines = data.count(b"\n") + 1
    assert all(0 <= line <= lines for _, line, _ in first.problems)
