"""Hostile Markdown and HTML: nothing but the allow-list comes out, nothing that readers should see is lost."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

import builder.markdown as markdown
from builder.markdown import render
from builder.markdown.sanitize import CLASSES, ELEMENTS, held_out, hold_token, put_back, sanitize
from builder.model.body import LinkState, Resolution

ATTRIBUTES = {
    "a": {"href", "name", "title", "rel", "class"},
    "abbr": {"title"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "ol": {"start"},
    "details": {"open"},
    "input": {"type", "checked", "disabled"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "p": {"class"},
    "li": {"class"},
    "span": {"class"},
}
LANGUAGE_CLASS = re.compile(r"language-[\w+#.-]+")
TOKEN_CLASS = re.compile(r"[a-z][a-z0-9]?")

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "x <script\n>alert(1)</script\n>",
    '<div onclick="alert(1)">a</div>',
    "<a href=x onmouseover=alert(1)>a</a>",
    '<details open ontoggle="alert(1)"><summary>x</summary></details>',
    "<b onfocus=alert(1) autofocus tabindex=1>b</b>",
    '<img src=x onerror="alert(1)">',
    '<img src="x" alt="&quot; onerror=&quot;alert(1)">',
    '![x" onerror="alert(1)](y)',
    '[x](y "t\\" onclick=\\"alert(1)")',
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<style>@import 'x'; body{background:url(javascript:alert(1))}</style>",
    '<p style="background:url(https://evil.example/x)">x</p>',
    "<link rel=stylesheet href=x><meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=https://evil.example/>",
    "[x](javascript:alert(1))",
    "[x](  jAvAsCrIpT:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](\\javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "<a href='&#x6A;&#x61;vascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href=`javascript:alert(1)`>x</a>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><img title='</title><img src=x onerror=alert(1)>'></title>",
    "<xmp><p id='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<template><script>alert(1)</script></template>",
    "<select><template><b><script>alert(1)</script>",
    "<table><td><a href='x'><table><svg></table></a><img src=x onerror=alert(1)></table>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<div/onclick=alert(1)>x</div>",
    "<div id='nav' class='md-header headerlink'>x</div><p id='__toc'>",
    "<a id='rg-top' name='content'></a>",
    "<input type=image src=x onerror=alert(1)><input type=checkbox autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1) src=x></video><audio src=x onerror=alert(1)>",
    "```<script>\nalert(1)\n```",
    '```"><script>alert(1)</script>\nx\n```',
    '~~~ x" onclick="alert(1)\ny\n~~~',
    "# <a name=\"x' onclick='alert(1)\"></a> x\"y<script>",
    "## \"><img src=x onerror=alert(1)>",
    '- `x" onclick="alert(1)` - y',
    "~> **<script>alert(1)</script>:** x",
    "> [!NOTE]<script>\n> x",
    "| <script>alert(1)</script> | `</code><script>` |\n|---|---|\n| <td onclick=alert(1)> | x |",
    "https://example.com/\"onmouseover=alert(1)",
    "<https://example.com/\"onmouseover=alert(1)>",
    '<a title="<!-- --><script>alert(1)</script>" href=x>y</a>',
    "{{constructor.constructor('alert(1)')()}} <%= system('x') %>",
]  # fmt: skip


def resolve(address: str) -> Resolution:
    """A resolver that lets everything through: safety may not depend on it."""
    return Resolution(LinkState.EXTERNAL, address)


def assert_allowed(html: str) -> None:
    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all(True):
        assert element.name in ELEMENTS - {"img"}, element.name
        allowed = ATTRIBUTES.get(element.name, set()) | {"id"}
        assert element.attrs.keys() <= allowed, element
        href = str(element.get("href", ""))
        assert re.fullmatch(r"(?:https?:|mailto:|[^:]*(?:[/?#]|$)).*", href, re.DOTALL), href
        assert_classes(element)
        for name in (str(element.get("id", "")), str(element.get("name", ""))):
            assert name not in ("nav", "content"), element
            assert not name.startswith(("__", "rg-", "md-")), element


def assert_classes(element) -> None:
    inside_code = element.find_parent("pre") is not None
    for name in element.get("class", []):
        known = name in CLASSES.get(element.name, set())
        of_code = element.name == "div" and LANGUAGE_CLASS.fullmatch(name)
        of_token = inside_code and element.name == "span" and TOKEN_CLASS.fullmatch(name)
        assert known or of_code or of_token, element


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize(
    "around", ["{}", "text {} text", "* {}", "> {}", "<div>\n{}\n</div>", "[{}](x)", "**{}**"]
)
def test_nothing_but_the_allow_list_comes_out(attack, around):
    body = render(around.format(attack), resolve=resolve, title=attack)
    assert_allowed(body.html)


def words(html: str) -> str:
    return "".join(BeautifulSoup(html, "html.parser").get_text().split())


def rendered_twice(source: str, monkeypatch) -> tuple[str, str]:
    """The body before and after the sanitiser."""
    seen = []

    def spy(html: str) -> str:
        seen.append(html)
        return sanitize(html)

    monkeypatch.setattr(markdown, "sanitize", spy)
    render(source, resolve=resolve)
    return seen[0], sanitize(seen[0])


PIECES = st.sampled_from(
    """
    a b <b> </b> <i> </i> <div> </div> <p> </p> <table> <tr> <td> </td> </table> <details> </details> <ul> <li> </ul>
    <a#name="x"> <a#href="y"> </a> <br> <img#src=x> <Project> </Project> <script> </script> <!-- --> <style> <svg>
    <h2> </h2> <pre> </pre> <input> <select> <template> <code> </code> <source> <center> </center> < > & " ' &lt; &amp;
    * ** _ ` ``` ~~ ~~~ ~> -> !> # ## - 1. > >> [ ] ( ) ![ ](x) [x]: [!NOTE] | |-| --- === \\ {{x}} https://e.org/a
    ~>#**Note:** -#`x` #fragment ](#x) <x:y> <a@b.c> %22 javascript: <a <div# =" id="nav" onclick=x \u00a0 \u2028 \0 \ufffd
    """.replace("\n", " ").split()
)  # fmt: skip
MARKDOWN = st.lists(
    st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\n\n", "\n    ", "\t"])), max_size=40
).map(lambda parts: "".join(piece.replace("#", " ", 1) + space for piece, space in parts))
TEXT = st.text(alphabet=st.characters(), max_size=200)  # lone surrogates too


@settings(max_examples=300, deadline=None)
@given(st.one_of(MARKDOWN, TEXT), st.one_of(TEXT, st.just("")))
@example("", "\ud800")  # half a surrogate pair in a title
@example("\ud800", "")
def test_any_text_gives_an_allowed_body(source, title):
    body = render(source, resolve=resolve, title=title)
    assert_allowed(body.html)
    soup = BeautifulSoup(body.html, "html.parser")
    ids = [element["id"] for element in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert len(soup.find_all("h1")) <= 1
    assert set(ids) <= body.anchors
    assert body == render(source, resolve=resolve, title=title)
    assert "held-" not in body.html or "held-" in source + title


@settings(max_examples=200, deadline=None)
@given(MARKDOWN)
def test_the_sanitiser_takes_no_visible_text_away(source):
    with pytest.MonkeyPatch.context() as patch:
        before, after = rendered_twice(source, patch)
    assert sorted(words(before)) == sorted(words(after))  # tables may move text, never lose it


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="ab &;<>{}[]()!*_`~#-.:/\"'|\\\n", max_size=80))
def test_text_in_a_code_block_is_shown_as_it_is(text):
    body = render(f"````\n{text}\n````\n", resolve=resolve)
    if "````" not in text:
        code = BeautifulSoup(body.html, "html.parser").select("code")
        assert [element.get_text() for element in code] == [f"{text}\n"]


def test_a_page_cannot_contain_its_own_token():
    source = "x"
    token = hold_token(source)
    forged = f"{source} {held_out(token, 0)}"
    assert hold_token(forged) != token
    body = render(f"{forged}\n\n```\ncode\n```\n", resolve=resolve)
    assert body.html.count("<code>") == 1


def test_an_author_s_pre_with_a_number_is_left_alone():
    html = put_back('<pre id="held-1-0"></pre>', hold_token("x"), ["code"])
    assert html == '<pre id="held-1-0"></pre>'


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 3000, "![" * 2000, "[a](<b" * 1000, "*a _b " * 2000, "<!--" * 4000, "x <!--" * 4000, "<a '\"" * 3000,
        "> " * 2000 + "x", "- " * 2000 + "x", "<div>" * 5000, "x " + "<b>" * 5000, "<div>\n\n" * 2000,
        "".join(f"<b id=x{i}><div>" for i in range(2000)), "# a\n" * 3000, "[a](#b) " * 3000, "~> a\n" * 3000,
        "https://a.b/" + "." * 20_000, "```hcl\na" + " " * 20_000 + "\n```", "```hcl\n" + "<<A\n" * 5000 + "\n```",
        "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n" + "|\n" * 300, "<p>" * 5000, "\n" * 20_000, "&a;" * 5000,
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_hostile_nesting_is_rendered(hostile):
    """Each of these took quadratic time somewhere once; a relapse shows as a test that does not end."""
    assert_allowed(render(hostile, resolve=resolve, title="t").html)


def test_elements_deep_inside_each_other_keep_their_text():
    inside = render("<div>" * 500 + "deep" + "</div>" * 500, resolve=resolve)
    assert "deep" in inside.text
