"""Very long pages: nested schemas are folded, nothing is lost, anchors and ids stay."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.markdown import render
from builder.model.body import LinkState, Resolution
from builder.pages.folding import LARGE_PAGE, fold
from builder.pages.render import render_release
from builder.testing.htmlcheck import page, unbalanced
from builder.testing.samples import SITE, Texts, document, files, orchard

SCHEMA = """# big

Text.

## Schema

### Optional

- `b` (Block) see [below](#nestedblock--b)

<a id="nestedblock--b"></a>
### Nested Schema for `b`

Optional:

- `c` (String)

<a id="nestedblock--b--d"></a>
### Nested Schema for `b.d`

- `e` (String)

## Import

<a name="nested_q"></a>The `q` block supports:

* `z` - Last.
"""


def body(text):
    return render(text, resolve=lambda a: Resolution(LinkState.EXTERNAL, a), title="t")


def test_nested_schemas_are_folded_behind_their_headings():
    found = body(SCHEMA)
    html, toc = fold(found.html, found.toc)
    folded = page(html)
    assert unbalanced(html) == []
    assert [tag.get_text() for tag in folded.all("details.rg-fold > summary")] == [
        "Nested Schema for b¶",
        "Nested Schema for b.d¶",
        "The q block supports:",
    ]
    folded.has("details.rg-fold li code", "c").has_not("details[open]").has_not("summary p")
    folded.has_not("details h2").has_not("details h3[id=optional]")
    assert [h.id for h in toc] == ["big", "schema", "optional", "import"]


def test_anchors_before_a_section_are_not_folded_into_the_one_before():
    html, _ = fold(body(SCHEMA).html, ())
    page(html).has_not("details a[id^=nestedblock]").has("details summary a[name=nested_q]")


def plain(html):
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", html))


pieces = st.sampled_from(
    [
        *(
            "## A\n",
            "### B\n",
            "<a id='nestedblock--x'></a>\n### Nested Schema for `x`\n",
            "text `c`\n",
        ),
        *(
            "- `a` - b\n",
            "  - `n` - b\n",
            "> ### quoted\n",
            "```\n<h3>\n```\n",
            "-> a note\n",
            "| a |\n|---|\n| b |\n",
        ),
        *(
            '<a name="nested_y"></a>The `y` block supports:\n',
            '<a id="nestedatt--z"></a>\n',
            "<details>\n\n### in\n\n</details>\n",
        ),
    ]
)


@settings(max_examples=60)
@given(st.lists(pieces, max_size=12))
def test_folding_loses_no_text_and_no_id_and_stays_balanced(parts):
    found = body("\n".join(parts))
    html, toc = fold(found.html, found.toc)
    assert plain(html) == plain(found.html)
    assert unbalanced(html) == []
    assert sorted(re.findall(r' (?:id|name)="[^"]*"', html)) == sorted(
        re.findall(r' (?:id|name)="[^"]*"', found.html)
    )
    assert set(toc) <= set(found.toc)


@pytest.fixture(scope="module")
def huge():
    """A page of more than 4 MB, as a generator writes it."""
    nested = "".join(
        f'<a id="nestedblock--rule--f{i}"></a>\n### Nested Schema for `rule.f{i}`\n\nOptional:\n\n'
        + "".join(f"- `field_{i}_{j}` (String) {'What it does. ' * 12}\n" for j in range(5))
        + "\n"
        for i in range(4000)
    )
    return f"# huge\n\n## Schema\n\n### Optional\n\n- `rule` (Block)\n\n{nested}## Import\n\nThe end.\n"


def test_a_page_of_4_mb_renders_whole(huge):
    assert len(huge) > 4_000_000
    texts = Texts()
    docs = orchard(texts, "1.0.0", document(texts, "resources", "huge", huge))
    html = files(render_release(SITE, docs, texts.read, {}, segment="1.0.0"))[
        "providers/fernhill/orchard/1.0.0/docs/resources/huge/index.html"
    ].decode()
    assert html.count("field_") >= 20_000
    assert html.count('<details class="rg-fold">') == 4000
    assert "The end." in html
    assert unbalanced(html) == []
    toc = html.split('<nav class="rg-toc"')[1].split("</nav>")[0]
    assert toc.count("<li>") == 3


@pytest.mark.parametrize(("size", "folded"), [(LARGE_PAGE, False), (LARGE_PAGE + 1, True)])
def test_pages_up_to_the_limit_are_not_folded(size, folded):
    """What decides is the size of the text, so that the page stays a function of it."""
    texts = Texts()
    text = SCHEMA + "\n" + "x" * (size - len(SCHEMA) - 1)
    docs = orchard(texts, "1.0.0", document(texts, "resources", "big", text))
    made = files(render_release(SITE, docs, texts.read, {}, segment="1.0.0"))
    html = made["providers/fernhill/orchard/1.0.0/docs/resources/big/index.html"].decode()
    assert ("rg-fold" in html) == folded
