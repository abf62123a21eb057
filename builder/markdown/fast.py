"""The fast engine: pyromark, for pages that it reads as the reference engine does (agreement.py says which).

All other pages, and those at which the parser fails, are read by the reference engine: a page is the same with either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pyromark import Markdown, Options

from builder.markdown.agreement import CHECKS, MAX_DEPTH, text_agrees
from builder.markdown.reference import Reference
from builder.markdown.source import Prepared
from builder.markdown.writer import TABLE_CLOSE, TABLE_OPEN, Writer

_NESTING = {"List": 1, "/List": -1, "BlockQuote": 1, "/BlockQuote": -1}
_markdown = Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH)


Span = Mapping[str, int]  # `start` and `end`, in bytes of the text
# Kind, payload, span: `Paragraph` is a start and `/Paragraph` an end. The payload is as pyromark has it: a text, or the
# attributes of a start.
Step = tuple[str, Any, Span]


class Fast:
    """pyromark behind the Engine contract."""

    def __init__(self) -> None:
        self._reference = Reference()

    def write(self, source: Prepared, writer: Writer) -> None:
        """Walk the page's events, or leave the page to the reference engine."""
        steps = read(source.text)
        if steps is None:
            self._reference.write(source, writer)
        else:
            _Walk(source, writer, steps).run()


def read(text: str) -> list[Step] | None:
    """The steps of a page; None when it may be read differently."""
    if not text_agrees(text):
        return None
    try:
        return _steps(text)
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of the Rust parser, which is no Exception
            return None
        raise


def _kind(event: Any) -> tuple[str, Any]:
    """Kind and payload of an event, which is used up."""
    if type(event) is str:
        return event, None
    phase, payload = event.popitem()
    if phase == "Start":
        return (payload, None) if type(payload) is str else payload.popitem()
    if phase == "End":
        return f"/{payload if type(payload) is str else next(iter(payload))}", payload
    return phase, payload


def _steps(text: str) -> list[Step] | None:
    steps: list[Step] = []
    depth = 0
    encoded = text.encode()
    events: Any = _markdown.events_with_range(text, merge_text=True)
    for event, span in events:
        kind, payload = _kind(event)
        if kind in _NESTING:
            depth += _NESTING[kind]
            if depth > MAX_DEPTH:
                return None
        check = CHECKS.get(kind)
        if check is not None and not check(payload, encoded, span["start"], span["end"]):
            return None
        steps.append((kind, payload, span))
    return steps


class _Walk:
    """One page: from steps to the writer's methods."""

    def __init__(self, source: Prepared, writer: Writer, steps: list[Step]) -> None:
        self._source = source
        self._text = source.text.encode()
        self.writer = writer
        self._steps = iter(steps)
        self._at = 0  # byte up to which lines were counted
        self._lines = 0
        self._in_block = False  # in a paragraph, heading or cell
        self._in_item = False  # in a paragraph of a tight list, which the parser does not name
        self._table: tuple[str, ...] = ()  # the alignment of its columns
        self._column = 0
        self._rows = 0
        self._cell = ""

    def run(self) -> None:
        """Write the page."""
        for kind, payload, span in self._steps:
            _STEPS[kind](self, payload, span)

    def inline(self, span: Span) -> Writer:
        """The writer, inside a block of text."""
        if not (self._in_block or self._in_item):
            self._mark(span)
            self.writer.begin_paragraph(hidden=True)
            self._in_item = True
        return self.writer

    def block(self) -> Writer:
        """The writer, outside any block of text."""
        if self._in_item:
            self.writer.end_paragraph()
            self._in_item = False
        return self.writer

    def text_block(self, span: Span) -> Writer:
        """The writer, at the start of a block of text."""
        writer = self.block()
        self._mark(span)
        self._in_block = True
        return writer

    def end_text_block(self) -> Writer:
        """The writer, at the end of a block of text."""
        self._in_block = False
        return self.writer

    def _mark(self, span: Span) -> None:
        """Tell the writer the line at which a block starts."""
        start = span["start"]
        self._lines += self._text.count(b"\n", self._at, start)
        self._at = start
        self.writer.line = self._source.line(self._lines)

    def _inside(self, kind: str) -> Iterator[Step]:
        """The steps up to the end of what has just started, which is taken too."""
        depth = 1
        for step in self._steps:
            if step[0] == kind:
                depth += 1
            elif step[0] == f"/{kind}":
                depth -= 1
            if not depth:
                return
            yield step

    def _content(self, kind: str) -> str:
        return "".join(payload for _, payload, _ in self._inside(kind))

    def code_block(self, kind: Any, _: Span) -> None:
        """A fence, or an indented block."""
        info = None if kind == "Indented" else kind["Fenced"]
        code = self._content("CodeBlock")
        if info is None and not code.endswith("\n"):
            code += "\n"  # the end of a page without a last line end
        self.block().code_block(code, info)

    def html_block(self, _: Any, span: Span) -> None:
        """A block of the author's HTML."""
        self.block()
        self._mark(span)
        self.writer.html_block(self._content("HtmlBlock"))

    def link(self, link: Any, span: Span) -> None:
        """A link, up to its text; all of it when its source is shown."""
        writer = self.inline(span)
        written, source = link["dest_url"], None
        if link["link_type"] == "Email":
            written = f"mailto:{written}"
        elif link["link_type"] != "Autolink":
            source = self._text[span["start"] : span["end"]].decode()
        if not writer.link_open(written, link["title"], source):
            writer.literal(source or "")
            for _ in self._inside("Link"):
                pass

    def image(self, image: Any, span: Span) -> None:
        """An image with its alternative text."""
        parts = []
        for kind, payload, _ in self._inside("Image"):
            if kind in ("Text", "Code"):
                parts.append(payload)
            elif kind in ("SoftBreak", "HardBreak"):
                parts.append(" ")
        self.inline(span).image(image["dest_url"], "".join(parts), image["title"])

    def end_item(self, _: Any, __: Span) -> None:
        """A list item ends."""
        self.block().end_item()

    def table(self, aligned: tuple[str, ...], _: Span) -> None:
        """A table starts."""
        self._table, self._rows = aligned, 0
        self.block().open(TABLE_OPEN)

    def end_table(self, _: Any, __: Span) -> None:
        """The table ends."""
        if self._rows:
            self.writer.close("</tbody>\n")
        self.writer.close(TABLE_CLOSE)

    def head(self, _: Any, __: Span) -> None:
        """The head and its row."""
        self.writer.open("<thead>\n")
        self._start_row("th")

    def row(self, _: Any, __: Span) -> None:
        """A row, the first one with the table's body."""
        if not self._rows:
            self.writer.open("<tbody>\n")
        self._rows += 1
        self._start_row("td")

    def _start_row(self, cell: str) -> None:
        self._cell, self._column = cell, 0
        self.writer.open("<tr>\n")

    def end_head(self, _: Any, __: Span) -> None:
        """The head row ends."""
        self.writer.close("</tr>\n")
        self.writer.close("</thead>\n")

    def cell(self, _: Any, span: Span) -> None:
        """A cell starts."""
        align = self._table[self._column].lower()
        self._column += 1
        tag = f"<{self._cell}>" if align == "none" else f'<{self._cell} align="{align}">'
        self.text_block(span).begin_cell(tag)

    def end_cell(self, _: Any, __: Span) -> None:
        """The cell ends."""
        self.end_text_block().end_cell(f"</{self._cell}>\n")


Action = Callable[[_Walk, Any, Span], None]


def _list(walk: _Walk, start: int | None, _: Span) -> None:
    ordered = "<ol>\n" if start == 1 else f'<ol start="{start}">\n'
    walk.block().open("<ul>\n" if start is None else ordered)


def _inline_tag(kind: str, tag: str) -> dict[str, Action]:
    return {
        kind: lambda k, _, span: k.inline(span).inline_open(tag),
        f"/{kind}": lambda k, *_: k.writer.inline_close(tag),
    }


_STEPS: dict[str, Action] = {
    "Paragraph": lambda k, _, span: k.text_block(span).begin_paragraph(hidden=False),
    "/Paragraph": lambda k, *_: k.end_text_block().end_paragraph(),
    "Heading": lambda k, head, span: k.text_block(span).begin_heading(int(head["level"][1])),
    "/Heading": lambda k, *_: k.end_text_block().end_heading(),
    "BlockQuote": lambda k, *_: k.block().begin_quote(),
    "/BlockQuote": lambda k, *_: k.writer.end_quote(),
    "List": _list,
    "/List": lambda k, end, _: k.writer.close("</ol>\n" if end["List"] else "</ul>\n"),
    "Item": lambda k, *_: k.block().begin_item(),
    "/Item": _Walk.end_item,
    "CodeBlock": _Walk.code_block,
    "HtmlBlock": _Walk.html_block,
    "Rule": lambda k, *_: k.block().open("<hr>\n"),
    "Table": _Walk.table,
    "/Table": _Walk.end_table,
    "TableHead": _Walk.head,
    "/TableHead": _Walk.end_head,
    "TableRow": _Walk.row,
    "/TableRow": lambda k, *_: k.writer.close("</tr>\n"),
    "TableCell": _Walk.cell,
    "/TableCell": _Walk.end_cell,
    "Text": lambda k, text, span: k.inline(span).text(text),
    "Code": lambda k, code, span: k.inline(span).code_span(code),
    "InlineHtml": lambda k, raw, span: k.inline(span).html_inline(raw),
    "SoftBreak": lambda k, _, span: k.inline(span).soft_break(),
    "HardBreak": lambda k, _, span: k.inline(span).hard_break(),
    "Link": _Walk.link,
    "/Link": lambda k, *_: k.writer.link_close(),
    "Image": _Walk.image,
    **_inline_tag("Emphasis", "em"),
    **_inline_tag("Strong", "strong"),
    **_inline_tag("Strikethrough", "del"),
}
