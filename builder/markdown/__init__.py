"""Takes a page's Markdown and a resolver of its addresses; gives a Body. Pure: no clock, no file, no network.

The order is fixed: repairs of the source text, engine, dialect, links, highlighting, sanitiser; code blocks go back in
after it. Any text gives a Body. No address leads to a request by the page itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from importlib.metadata import version

from builder.markdown.engines import ENGINES, engine_of
from builder.markdown.sanitize import hold_token, put_back, sanitize
from builder.markdown.source import prepare
from builder.markdown.writer import Writer
from builder.model.body import Body, Resolution

DIALECT = "3"  # raised by every change of what a page looks like
RENDER_VERSION = ", ".join(
    [
        f"dialect {DIALECT}",
        *(f"{name} {version(name)}" for name in ("markdown-it-py", "Pygments", "nh3")),
    ]
)
_PERMALINK = re.compile(r'<a class="headerlink"[^>]*>¶</a>')
_TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')

__all__ = ["ENGINES", "RENDER_VERSION", "engine_of", "render"]


def render(
    source: str,
    *,
    resolve: Callable[[str], Resolution],
    title: str = "",
    engine: str = "auto",
) -> Body:
    """The body of one page. `source` is the whole file, front matter included.

    `resolve` says what an address leads to; addresses that start with # are settled here, and what is no address at
    all (a piece of a regular expression) never reaches it. A page without an h1 gets one from `title`. `engine` is one
    of ENGINES: the body is the same with each. Never raises, unless `resolve` does, or the engine is not installed.
    """
    source, title = _encodable(source), _encodable(title)
    prepared = prepare(source)
    token = hold_token(source)
    writer = Writer(resolve, token)
    engine_of(engine).write(prepared, writer)
    html = sanitize(writer.finish(" ".join(title.split())))
    return Body(
        html=put_back(html, token, writer.code),
        title=writer.title,
        toc=writer.anchors.toc(),
        links=tuple(writer.links.records),
        anchors=frozenset(writer.anchors.ids.taken),
        text=_plain(html),
    )


def _encodable(text: str) -> str:
    """Half a surrogate pair can be in a text, but in no output."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _plain(html: str) -> str:
    """The text of sanitised HTML, a line per block, without blank lines."""
    text = unescape(_TAG.sub("", _PERMALINK.sub("", html)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
