"""The door of the service: what a Body says of its page."""

from importlib.metadata import version

import pytest

from builder.markdown import DIALECT, RENDER_VERSION, render
from builder.model.body import Heading, LinkState, Resolution

PAGE = """---
page_title: "x"
---
# A `page`

Text with [one](x.html) and *two*
lines, [broken](nowhere.html),\\
[debris](a|b).

</div>
## Part
[inside](#part) [lost](#gone) [one](x.html)

```hcl
code = "[not](a.html)"
```
"""


def resolve(address: str) -> Resolution:
    if address == "nowhere.html":
        return Resolution(LinkState.BROKEN, message="no page nowhere.html")
    return Resolution(LinkState.INTERNAL, "../../resources/x/")


def test_version_names_dialect_and_libraries():
    libraries = ("markdown-it-py", "pygments", "nh3")
    for part in (DIALECT, *map(version, libraries)):
        assert part in RENDER_VERSION


def test_links_have_their_lines_and_states():
    body = render(PAGE, resolve=resolve)
    assert [(k.written, k.resolution.state.value, k.line) for k in body.links] == [
        ("x.html", "internal", 6),
        ("nowhere.html", "broken", 7),
        ("a|b", "not-a-link", 8),
        ("#part", "fragment", 12),
        ("#gone", "broken", 12),
        ("x.html", "internal", 12),
    ]
    assert body.links[4].resolution.message == "no heading or anchor #gone"


def test_a_broken_link_shows_its_text_without_an_address():
    assert ", broken,<br>" in render(PAGE, resolve=resolve).html


def test_each_address_is_resolved_once_and_fragments_never():
    asked = []

    def ask(address):
        asked.append(address)
        return resolve(address)

    render(PAGE, resolve=ask)
    assert asked == ["x.html", "nowhere.html"]


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("(https://example.com/a)", "https://example.com/a"),
        ("<((https://example.com/a_(b)))>", "https://example.com/a_(b)"),
        ("<(x.html>", "x.html"),
        ("x.html`", "x.html"),
        ('<"https://example.com/a">', "https://example.com/a"),
        ("https://example.com/a_(b)", "https://example.com/a_(b)"),
    ],
)
def test_what_slipped_into_the_brackets_of_a_link_is_no_part_of_it(written, address):
    asked = []

    def ask(address):
        asked.append(address)
        return Resolution(LinkState.EXTERNAL, address)

    render(f"[a]({written})", resolve=ask)
    assert asked == [address]


@pytest.mark.parametrize(
    "written",
    [
        "#part-of-a_b",
        "(#part-of-a_b)",
        "#part-of-a_b*`",
        "#Part-of-a-b",
        "#user-content-part-of-a_b",
        "#part--of---a_b",
    ],
)
def test_a_heading_is_found_by_what_is_nearly_its_id(written):
    body = render(f"## Part of `a_b*`\n\n[a]({written})\n", resolve=resolve)
    assert '<a href="#part-of-a_b">a</a>' in body.html
    assert body.links[0].resolution == Resolution(LinkState.FRAGMENT, "#part-of-a_b")


def test_a_resolver_may_say_that_an_address_is_none():
    body = render("[a](B.c) `x`", resolve=lambda _: Resolution(LinkState.NOT_A_LINK))
    assert "<p>[a](B.c) <code>x</code></p>" in body.html


def test_title_headings_and_anchors():
    body = render(PAGE, resolve=resolve, title="unused")
    assert body.title == "A page"
    assert body.toc == (Heading(1, "A page", "a-page"), Heading(2, "Part", "part"))
    assert body.anchors == {"a-page", "part"}


def test_title_stands_in_for_a_missing_h1():
    body = render("## Part", resolve=resolve, title="The\n <title>")
    assert body.title == "The <title>"
    assert body.html.startswith('<h1 id="the-title">The &lt;title&gt;</h1>')
    assert body.toc[0] == Heading(1, "The <title>", "the-title")


def test_without_any_title_there_is_no_h1():
    body = render("text", resolve=resolve)
    assert (body.title, body.toc) == ("", ())


def test_plain_text_is_prose_without_code_blocks_and_permalinks():
    lines = render(PAGE, resolve=resolve).text.split("\n")
    assert lines == [
        "A page",
        "Text with one and two",
        "lines, broken,",
        "[debris](a|b).",
        "Part",
        "inside lost one",
    ]


def test_plain_text_keeps_blocks_apart():
    source = "* a\n  * b\n\n| c | d |\n|---|---|\n| e | f |\n\n> g\n"
    text = render(source, resolve=resolve).text
    assert text.split() == list("abcdefg")


def test_a_large_page_is_whole():
    part = "## Heading\n\n* `name` - Some words of text.\n\n"
    body = render(part * 3000, resolve=resolve, title="Large")
    assert len(body.toc) == 3001
    assert body.text.count("Some words of text.") == 3000
