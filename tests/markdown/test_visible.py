"""No real page loses words: all that its Markdown shows stands on the page."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable

import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from builder.markdown import render
from builder.markdown.source import prepare
from builder.model.body import LinkState, Resolution

TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^>]*>", re.DOTALL)
WORD = re.compile(r"\w+")


def words_of(tokens: Iterable[Token]) -> Counter[str]:
    """The words that a plain Markdown parser finds, in text and code and between tags of HTML blocks."""
    found: Counter[str] = Counter()
    for token in tokens:
        text = token.content
        if token.children is not None:
            text = "".join(" " if t.type.endswith("break") else shown(t) for t in token.children)
        elif token.type == "html_block":
            text = TAG.sub(" ", text)
        found.update(WORD.findall(text.lower()))
    return found


def shown(token: Token) -> str:
    """The text of an inline token: not that of the author's tags; of an image its label."""
    if token.type == "image":
        return "".join(map(shown, token.children or ()))
    return "" if token.type == "html_inline" else token.content


def lost(source: str) -> Counter[str]:
    """Words of the Markdown that the page does not show as often."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    body = render(source, resolve=lambda a: Resolution(LinkState.EXTERNAL, a), title="Page")
    page = BeautifulSoup(body.html, "html.parser").get_text()
    return words_of(parser.parse(prepare(source).text)) - Counter(WORD.findall(page.lower()))


def test_a_lost_word_is_noticed(monkeypatch):
    monkeypatch.setattr("builder.markdown.put_back", lambda html, *_: html)
    assert lost("# Title\n\n```\nin code\n```\n") == Counter({"in": 1, "code": 1})


def test_made_up_constructs_lose_nothing():
    source = "# T\n\n<Project> a\n\n~> **Note:** b\n\n* `c`s\n  d\n\n</div>\n## E\n\n| f |\n|---|\n| g |\n\n![h](i)\n"
    assert lost(source) == Counter()


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "tag", "every"),
    [("terraform-provider-google", "v7.45.0", 40), ("terraform-provider-random", "v3.8.1", 1)],
)
def test_no_real_page_loses_words(shared_data, tmp_path, name, tag, every):
    """Every n-th page; all of them with ALL_PAGES=1."""
    bundle = shared_data / "repos" / f"{name}.bundle"
    if not bundle.is_file():
        pytest.skip(f"{bundle} is not on this machine")
    git = ["git", "-C", str(tmp_path / name)]
    subprocess.run(["git", "clone", "-q", "--bare", str(bundle), str(tmp_path / name)], check=True)
    listed = subprocess.run(
        [*git, "ls-tree", "-r", "--name-only", tag, "docs", "website/docs"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = [path for path in listed.split("\n") if path.endswith((".md", ".markdown"))]
    chosen = paths if os.environ.get("ALL_PAGES") else paths[::every]
    assert len(chosen) > 25
    for path in chosen:
        text = subprocess.run(
            [*git, "show", f"{tag}:{path}"], capture_output=True, check=True
        ).stdout
        assert lost(text.decode("utf-8", "replace")) == Counter(), path
