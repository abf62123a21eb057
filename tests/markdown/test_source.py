"""What happens to a page's text before an engine sees it."""

from hypothesis import given
from hypothesis import strategies as st

from builder.markdown.source import prepare


def test_line_numbers_are_those_of_the_file():
    prepared = prepare("---\na: b\n---\nText\n</div>\n# Heading\n</div>\n- item\n")
    lines = prepared.text.split("\n")
    assert lines == ["Text", "</div>", "", "# Heading", "</div>", "", "- item", ""]
    assert prepared.line(lines.index("Text")) == 4
    assert prepared.line(lines.index("# Heading")) == 6
    assert prepared.line(lines.index("- item")) == 8


def test_a_closing_tag_in_a_sentence_ends_nothing():
    text = "a </div>\nb\n\n<b>x</b>\ntext\n"
    assert prepare(text).text == text


def test_a_comment_at_the_end_of_a_list_item_does_not_spread_the_list():
    text = "- a <!-- one -->\n- b <!-- two -->\n- c\n"
    assert prepare(text).text == text


def test_closing_tags_in_fences_are_left_alone():
    for fence in ("```", "~~~~", "  ```", "- ```", "> ```"):
        text = f"{fence} html\n</div>\n# x\n{fence.lstrip('- ')}\n"
        assert prepare(text).text == text


def test_the_repairs_go_on_after_a_fence():
    assert prepare("```\nx\n```\n</div>\n# x").text == "```\nx\n```\n</div>\n\n# x"


def test_a_backtick_line_with_backticks_in_it_is_no_fence():
    assert prepare("``` `x` ```\n\n</div>\n# x").text.endswith("</div>\n\n# x")


@given(st.text(alphabet="ab<>/div#-`~>|! \n", max_size=120))
def test_only_blank_lines_are_added(text):
    prepared = prepare(f"x\n{text}")
    lines = prepared.text.split("\n")
    kept = [line for number, line in enumerate(lines) if number not in prepared.inserted]
    assert kept == f"x\n{text}".split("\n")
    numbers = [prepared.line(n) for n in range(len(lines)) if n not in prepared.inserted]
    assert numbers == list(range(1, len(kept) + 1))


@given(st.text(alphabet=st.characters()))
def test_any_text_is_made_encodable(text):
    assert prepare(text).text.encode("utf-8").count(b"\0") == 0
