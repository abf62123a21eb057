"""The reference engine: markdown-it-py with the CommonMark preset, HTML, tables and strikethrough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.link import link as link_rule
from markdown_it.token import Token

from builder.markdown.source import Prepared
from builder.markdown.writer import TABLE_CLOSE, TABLE_OPEN, Writer

MAX_BLOCKS = 100  # quotes and lists (two each) inside each other; what lies deeper is not shown
MAX_INLINES = 20  # brackets and emphasis inside each other; deeper ones are text


class Engine(Protocol):
    """Reads Markdown and tells a Writer what it found."""

    def write(self, source: Prepared, writer: Writer) -> None:
        """Call the writer's methods in reading order, with `writer.line` at each block's line."""
        ...


class Reference:
    """markdown-it-py behind the Engine contract."""

    def write(self, source: Prepared, writer: Writer) -> None:
        """Parse the whole text, then walk its tokens."""
        for token in _parser().parse(source.text):
            if token.map:
                writer.line = source.line(token.map[0])
            if token.type == "inline":
                _write_inline(token.children or (), writer)
            else:
                _BLOCKS[token.type](writer, token)


class _Parser(MarkdownIt):
    """Addresses stay as written: they are resolved in that form, and encoded when they are written out."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it's name
        return link


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": True, "maxNesting": MAX_BLOCKS})
    parser.enable("table")
    parser.core.ruler.at("inline", _inline)
    return parser


@cache
def _inline_parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"html": True, "maxNesting": MAX_INLINES})
    parser.enable("strikethrough")
    parser.inline.ruler.at("link", _link)
    return parser


def _inline(state: StateCore) -> None:
    """markdown-it's rule, with a limit of its own: the time for open brackets is a multiple of it."""
    parser = _inline_parser()
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            parser.inline.parse(token.content, parser, state.env, token.children)


def _link(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, which also keeps the source text of a link."""
    start, before = state.pos, len(state.tokens)
    if not link_rule(state, silent):
        return False
    if not silent:
        token = next(t for t in state.tokens[before:] if t.type == "link_open")
        token.meta["source"] = state.src[start : state.pos]
    return True


def _write_inline(children: Sequence[Token], writer: Writer) -> None:
    skip_to = 0  # level at which the link that is shown as its source ends
    skipping = False
    for token in children:
        if skipping:
            skipping = not (token.type == "link_close" and token.level == skip_to)
            continue
        if token.type == "link_open":
            source = token.meta.get("source")
            written, title = str(token.attrs["href"]), str(token.attrs.get("title", ""))
            if not writer.link_open(written, title, source):
                writer.literal(source or "")
                skipping, skip_to = True, token.level
        else:
            _INLINE[token.type](writer, token)


def _alternative(tokens: Sequence[Token]) -> str:
    """The text of an image's label."""
    parts = []
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.children:
            parts.append(_alternative(token.children))
    return "".join(parts)


def _image(writer: Writer, token: Token) -> None:
    alt = _alternative(token.children or ())
    writer.image(str(token.attrs["src"]), alt, str(token.attrs.get("title", "")))


def _ordered(writer: Writer, token: Token) -> None:
    start = token.attrs.get("start")
    writer.open("<ol>\n" if start is None else f'<ol start="{start}">\n')


def _cell(writer: Writer, token: Token) -> None:
    align = str(token.attrs.get("style", "")).removeprefix("text-align:")
    writer.begin_cell(f'<{token.tag} align="{align}">' if align else f"<{token.tag}>")


def _opens(tag: str) -> Callable[[Writer, Token], None]:
    return lambda writer, _: writer.open(tag)


def _closes(tag: str) -> Callable[[Writer, Token], None]:
    return lambda writer, _: writer.close(tag)


_BLOCKS: dict[str, Callable[[Writer, Token], None]] = {
    "paragraph_open": lambda w, t: w.begin_paragraph(hidden=t.hidden),
    "paragraph_close": lambda w, _: w.end_paragraph(),
    "heading_open": lambda w, t: w.begin_heading(int(t.tag[1])),
    "heading_close": lambda w, _: w.end_heading(),
    "blockquote_open": lambda w, _: w.begin_quote(),
    "blockquote_close": lambda w, _: w.end_quote(),
    "bullet_list_open": _opens("<ul>\n"),
    "bullet_list_close": _closes("</ul>\n"),
    "ordered_list_open": _ordered,
    "ordered_list_close": _closes("</ol>\n"),
    "list_item_open": lambda w, _: w.begin_item(),
    "list_item_close": lambda w, _: w.end_item(),
    "table_open": _opens(TABLE_OPEN),
    "table_close": _closes(TABLE_CLOSE),
    "thead_open": _opens("<thead>\n"),
    "thead_close": _closes("</thead>\n"),
    "tbody_open": _opens("<tbody>\n"),
    "tbody_close": _closes("</tbody>\n"),
    "tr_open": _opens("<tr>\n"),
    "tr_close": _closes("</tr>\n"),
    "th_open": _cell,
    "th_close": lambda w, _: w.end_cell("</th>\n"),
    "td_open": _cell,
    "td_close": lambda w, _: w.end_cell("</td>\n"),
    "hr": _opens("<hr>\n"),
    "fence": lambda w, t: w.code_block(t.content, t.info),
    "code_block": lambda w, t: w.code_block(t.content, None),
    "html_block": lambda w, t: w.html_block(t.content),
}
_INLINE: dict[str, Callable[[Writer, Token], None]] = {
    "text": lambda w, t: w.text(t.content),
    "softbreak": lambda w, _: w.soft_break(),
    "hardbreak": lambda w, _: w.hard_break(),
    "code_inline": lambda w, t: w.code_span(t.content),
    "strong_open": lambda w, _: w.inline_open("strong"),
    "strong_close": lambda w, _: w.inline_close("strong"),
    "em_open": lambda w, _: w.inline_open("em"),
    "em_close": lambda w, _: w.inline_close("em"),
    "s_open": lambda w, _: w.inline_open("del"),
    "s_close": lambda w, _: w.inline_close("del"),
    "link_close": lambda w, _: w.link_close(),
    "image": _image,
    "html_inline": lambda w, t: w.html_inline(t.content),
}
