"""Both engines give the same body, on anything; what pyromark reads differently is known and left to the reference."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.errors import UsageError
from builder.markdown import ENGINES, engine_of, engines, fast, render
from builder.markdown.fast import Fast
from builder.markdown.reference import Reference
from builder.markdown.source import prepare
from builder.model.body import Body, LinkState, Resolution


def resolve(address: str) -> Resolution:
    """Every state that the writer treats in a way of its own."""
    if "lost" in address:
        return Resolution(LinkState.BROKEN, message="lost")
    if "." in address and "/" not in address:
        return Resolution(LinkState.NOT_A_LINK)
    state = LinkState.EXTERNAL if ":" in address else LinkState.INTERNAL
    return Resolution(state, address)


def body(source: str, engine: str) -> Body:
    return render(source, resolve=resolve, title="Page", engine=engine)


def test_the_fast_engine_is_chosen_where_it_is_installed(monkeypatch):
    engine_of.cache_clear()
    assert isinstance(engine_of("auto"), Fast)
    assert isinstance(engine_of("reference"), Reference)
    engine_of.cache_clear()
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    assert isinstance(engine_of("auto"), Reference)
    with pytest.raises(UsageError, match="not installed"):
        engine_of("fast")
    engine_of.cache_clear()


def test_an_engine_is_one_of_three():
    assert ENGINES == ("auto", "reference", "fast")


ORDINARY = """---
page_title: "x"
---
# `x` *resource*

Some [text](y.html "t"), <https://example.com/a_b> and https://example.com/c (see **[more](#more)**).
Second line with a <Project> and &copy; \\* ![alt &amp; *text*](z.png)\\
after a break.

~> **Note:** mind `x`.

<a name="nested"></a>The `nested` block:

* `a` - (Required) One.
  Structure is [documented below](#nested).
    * `b` - Two.

* `c` - Three.

1. one
2. two
   ```hcl
   resource "a" "b" {}
   ```

| a | b |
|---|:-:|
| `x` | y \\| z |
| ~~q~~ |

> [!NOTE]
> text

<div>
## More
</div>

    indented

---
"""


def test_an_ordinary_page_is_read_by_the_fast_engine():
    assert fast.read(prepare(ORDINARY).text) is not None
    assert body(ORDINARY, "fast") == body(ORDINARY, "reference")


# What pyromark reads differently: each of these gives another body, were it not left to the reference engine.
DIFFERENT = [
    "1. [r]:a\n—", "<script\n ", "\\ \nf", ".\t\n.", "# ~\t#", "1~~=~~", "<a\xa0>", "1. # [\t#", "*\n\n\n*", "'>\t<v>", ">\t<v>", "*\n  \t<P", ">\n    >", "><table\n    >",
    "~~d~~~", "~d~", "- |-\n|-|-|", "-|\n--", "|>\n- |", "\\|\n|-|", "|||\n|-|-|\n    [", "\xa0", "a\u2028\n",
    "x<!----->", "[](<>\"\")", "[](&#0;)", "&#1;", "   - }\n    <div", "a `b\n     c`", "1. ```\n\n1. o", "* <?\n\n* \"",
    "[_\\\n]()", "[" * 25 + "](a)" * 25, "> " * 120 + "x", "\t- " * 60 + "x",
]  # fmt: skip


@pytest.mark.parametrize("source", DIFFERENT, ids=repr)
def test_what_is_read_differently_is_left_to_the_reference_engine(source):
    assert body(source, "fast") == body(source, "reference")


def test_what_is_said_to_be_read_differently_is(monkeypatch):
    """Without the list of differences most of the examples differ: the list is needed."""
    monkeypatch.setattr(fast, "text_agrees", lambda _: True)
    monkeypatch.setattr(fast, "CHECKS", {})
    monkeypatch.setattr(fast, "MAX_DEPTH", 1_000)
    differing = [
        source for source in DIFFERENT if body(source, "fast") != body(source, "reference")
    ]
    assert len(differing) >= len(DIFFERENT) - 4


def test_a_parser_that_fails_costs_speed_only(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(_):
        raise PanicException

    wanted = body(ORDINARY, "reference")
    monkeypatch.setattr(fast, "_steps", panic)
    assert body(ORDINARY, "fast") == wanted


def test_an_interrupt_is_not_swallowed(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(fast, "_steps", interrupt)
    with pytest.raises(KeyboardInterrupt):
        body(ORDINARY, "fast")


PIECES = st.sampled_from(
    """
    a word foo_bar 1.2 é “ — ` `` `x` `a#b` * ** _ *a* **b** _c_ ~~ ~~d~~ -> ~> !> # ## - + 1. 2) > [ ] ( ) ![i](s)
    [t](u) [t](u#"w") [t](<u#v>) [t](lost) [t](a.b) [t](x|y) [`t`](u) [!NOTE] [#] | |a|b| |-|:-:| |-|-| --- === \\ \\*
    &amp; &copy &#35; < <b> </b> <a#name="x"></a> <br> <Project> <div> </div> </p> <!-- --> <https://e.org/a> <a@b.c>
    https://e.org/a <details> {{x}} " ' :: :// javascript: **Note:** (Optional) ``` ~~~ ```hcl ]( ) <?x ?> $ ^ %
    """.replace("\n", " ").split()
)  # fmt: skip
BREAKS = st.sampled_from(
    ["", " ", " ", "\n", "\n\n", "\n  ", "\n    ", "\t", "  \n", "\\\n", "\n* ", "\n  * ", "\n> "]
)
PAGES = st.one_of(
    st.lists(st.tuples(PIECES, BREAKS), max_size=25).map(
        lambda parts: "".join(piece.replace("#", " ") + space for piece, space in parts)
    ),
    st.text(alphabet="ab *_`[]()<>!\\&;:#~\n-+|1.é“—€\"'/=\t\u00a0", max_size=50),
    st.text(max_size=80),
)


@settings(max_examples=400, deadline=None)
@given(PAGES)
def test_both_engines_give_the_same_body(source):
    assert body(source, "fast") == body(source, "reference")


def sources(repository: Path, tag: str, every: int) -> Iterator[tuple[str, str]]:
    """Path and text of every n-th documentation page of a tag."""
    git = ["git", "-C", str(repository)]
    names = subprocess.run(
        [*git, "ls-tree", "-r", "--name-only", tag, "docs", "website/docs"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [path for path in names.split("\n") if path.endswith((".md", ".markdown"))][::every]
    wanted = "\n".join(f"{tag}:{path}" for path in paths).encode()
    data = subprocess.run(
        [*git, "cat-file", "--batch"], input=wanted, capture_output=True, check=True
    ).stdout
    position = 0
    for path in paths:
        end = data.index(b"\n", position)
        size = int(data[position:end].split()[2])
        yield path, data[end + 1 : end + 1 + size].decode("utf-8", "replace")
        position = end + size + 2


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "tag"), [("terraform-provider-google", "v7.45.0"), ("terraform-provider-random", "v3.8.1")]
)  # fmt: skip
def test_real_pages_are_the_same(shared_data, tmp_path, name, tag):
    """Every fifth page; all of them with ALL_PAGES=1. Most are read by the fast engine itself."""
    bundle = shared_data / "repos" / f"{name}.bundle"
    if not bundle.is_file():
        pytest.skip(f"{bundle} is not on this machine")
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(tmp_path / name)], check=True)
    every = 1 if os.environ.get("ALL_PAGES") else 5
    pages = list(sources(tmp_path / name, tag, every))
    differing = [p for p, text in pages if body(text, "fast") != body(text, "reference")]
    assert differing == []
    read = sum(fast.read(prepare(text).text) is not None for _, text in pages)
    assert read / len(pages) > 0.7
