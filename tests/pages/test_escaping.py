"""Foreign text in XML, Markdown and script elements stays text, whatever it holds."""

import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from builder.pages.escaping import (
    json_script,
    markdown_address,
    markdown_text,
    moment,
    one_line,
    xml_text,
)

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
any_text = st.text(st.characters(exclude_categories=()), max_size=40)
# Everything that Markdown, XML and HTML act on, in short texts, so that it stands at starts and ends too.
marks = st.text("\\`*_{}[]<>()#+-.!|~&:=;/@\"' \n\t1a\u2028\0\x85", max_size=12)
known = st.sampled_from(
    [
        *("1. one", "- a", "+ a", "# a", "a #", "===", "---", "> a", "```", "~~~", "    a", "a\\"),
        *("![a](b)", "[a]: b", "<b>", "&amp;", "&#60;", "__init__", "a_b_c", "]]>", "</script>"),
        *("<!-- a -->", "https://example.com/a_b_", "~~a~~", "| a | b |", "a\n\nb", "\ud800"),
    ]
)
texts = any_text | marks | known


def seen(markdown: str, selector: str) -> str:
    """What a reader sees in the only element that fits."""
    found = BeautifulSoup(MARKDOWN.render(markdown), "html.parser").select(selector)
    assert len(found) == 1, MARKDOWN.render(markdown)
    return found[0].get_text()


@settings(max_examples=100, deadline=None)
@given(texts)
def test_markdown_shows_the_text_as_it_is(text):
    line, escaped = one_line(text), markdown_text(text)
    assert "\n" not in escaped
    assert seen(f"a {escaped}.", "p") == (f"a {line}." if line else "a .")
    if line:
        assert seen(escaped, "p") == line
        assert seen(f"# {escaped}", "h1") == line
        assert seen(f"> {escaped}", "blockquote > p:only-child").strip() == line
        assert seen(f"- {escaped}", "ul:only-child > li:not(:has(*))") == line
        assert seen(f"- [{escaped}](x/)", "li a[href='x/']") == line
        assert seen(f"| a |\n|---|\n| {escaped} |", "td") == line


@pytest.mark.parametrize(
    "text", ["google_compute_address", "terraform-aws-modules/vpc/aws", "3.6.0", "R&D (new!)"]
)
def test_usual_names_need_no_escaping(text):
    assert markdown_text(text) == text


@settings(max_examples=100, deadline=None)
@given(texts)
def test_a_links_destination_ends_where_it_should(text):
    markdown = f"[a](https://x/{markdown_address(text)}) b"
    assert seen(markdown, "p > a[href^='https://x/']") == "a"
    assert seen(markdown, "p") == "a b"


@settings(max_examples=100, deadline=None)
@given(texts)
def test_xml_holds_the_text(text):
    xml = f'<a b="{xml_text(text)}">{xml_text(text)}</a>'
    found = ElementTree.fromstring(xml.encode())
    assert (found.text or "") == found.get("b") == one_line(text)


@settings(max_examples=100, deadline=None)
@given(st.recursive(texts, lambda inner: st.lists(inner, max_size=3), max_leaves=5))
def test_a_script_element_ends_where_it_should(value):
    html = json_script({"a": value})
    html.encode()
    soup = BeautifulSoup(f"<p>{html}</p>", "html.parser")
    assert [tag.name for tag in soup.find_all(True)] == ["p", "script"]
    assert soup.p is not None
    text = soup.p.script.string if soup.p.script else ""
    assert not set(text or "") & set("<>&\u2028\u2029")
    if "\ufffd" not in html:
        assert json.loads(text or "") == {"a": value}


def test_long_text_is_cut_at_a_word():
    assert one_line("one two  three", 9) == "one two …"
    assert one_line("one\n two") == "one two"


@pytest.mark.parametrize(
    "published", ["", "0001-01-01T00:00:00Z", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01"]
)
def test_a_time_that_is_none_is_not_told(published):
    assert moment(published) == ""


def test_a_time_is_told_as_it_is():
    assert moment("2026-03-04T05:06:07Z") == "2026-03-04T05:06:07Z"
