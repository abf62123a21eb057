"""Code blocks: language rules, slim spans, no text lost."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.lexers import TerraformLexer

from builder.markdown import highlight
from builder.markdown.highlight import code_block, language


@pytest.mark.parametrize(
    ("info", "text", "name"),
    [
        ("tf", "", "terraform"), ("HCL", "", "terraform"), ("hcl2", "", "terraform"), ("Terraform", "", "terraform"),
        ("sh", "", "bash"), ("shell", "", "bash"), ("JSON", "", "json"), ("yml", "", "yaml"), ("py", "", "python"),
        ("hcl {linenos=true}", "", "terraform"), ("json{1,2}", "", "json"), ("hcl title=x", "", "terraform"),
        ("shellg", "", "text"), ("<script>", "", "text"), ('x"y', "", "text"), ("text", "", "text"),
        ("", 'resource "a" "b" {', "terraform"), ("", "\nlocals {", "terraform"), ("", "terraform {", "terraform"),
        ("", 'import{', "terraform"), ("", "$ terraform init", "console"), ("", "resources are", "text"),
        ("{.hcl}", "x", "text"), ("", "", "text"),
    ],
)  # fmt: skip
def test_language_is_that_of_the_info_string_or_guessed(info, text, name):
    assert language(info, text) == name


def test_indented_code_is_never_guessed():
    assert 'class="highlight language-text"' in code_block('resource "a" "b" {}', None)


def test_markup_is_what_the_style_sheet_expects():
    soup = BeautifulSoup(code_block('resource "a" "b" {}\n', "hcl"), "html.parser")
    assert soup.select_one("div.highlight.language-terraform > pre > code") is not None


def test_no_spans_for_blanks_errors_punctuation_and_plain_names():
    source = 'resource "a" "b" {\n  x = [for v in var.y : v]\n  z = var.a  \n}\n'
    errors = [t for t, _ in TerraformLexer().get_tokens(source) if str(t) == "Token.Error"]
    assert errors, "the lexer no longer gives errors here; choose another source"
    spans = BeautifulSoup(code_block(source, "hcl"), "html.parser").find_all("span")
    assert not {c for s in spans for c in s["class"]} & {"w", "err", "p", "n", "nx", "o"}
    assert all(span.get_text().strip() for span in spans)


def test_adjacent_tokens_of_one_class_share_a_span():
    soup = BeautifulSoup(code_block('"""a\nb"""\n', "python"), "html.parser")
    assert len(soup.find_all("span")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a = 1\n" * 40_000,  # more than 200,000 characters
        "x" * 2000, "a" + " " * 500, "<<A\n" * 1000,
    ],
    ids=["long", "word", "blanks", "heredocs"],
)  # fmt: skip
def test_what_would_cost_too_much_has_no_colors(text):
    html = code_block(text, "hcl")
    assert "<span" not in html
    assert BeautifulSoup(html, "html.parser").get_text() == text


def test_a_fault_in_a_lexer_costs_the_colors_only(monkeypatch):
    def fail(lexer, text):
        raise IndexError

    monkeypatch.setattr(highlight, "_spans", fail)
    assert "<code>a = <b></code>".replace("<b>", "&lt;b&gt;") in code_block("a = <b>", "hcl")


def test_a_lexer_that_loses_text_is_not_believed(monkeypatch):
    monkeypatch.setattr(highlight, "_spans", lambda lexer, text: [("k", "lost")])
    assert "<code>lose this</code>" in code_block("lose this", "hcl")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["hcl", "bash", "console", "json", "yaml", "diff", "powershell", "html"]),
    st.text(alphabet=st.sampled_from("ab01 \t\n\"'${}[]()<>=#/*.,:;-_\\%@!|&é"), max_size=200),
)
def test_no_text_is_lost(info, text):
    html = code_block(text, info)
    assert BeautifulSoup(html, "html.parser").get_text() == text


def test_the_memo_keeps_the_last_results_within_its_size():
    memo = highlight._Memo(10)
    memo.put("a", "1234", "12")
    memo.put("b", "12", "1")
    assert (memo.get("a", "1234"), memo.get("b", "12")) == ("12", "1")
    memo.put("c", "1234", "1")
    assert memo.get("a", "1234") is None
    assert memo.get("c", "1234") == "1"
    memo.put("d", "x" * 50, "x")
    assert memo.get("d", "x" * 50) is None
    memo.put("e", "12", "1")
    assert memo.get("e", "12") == "1"
