"""The fast engine: pyromark, for pages that it reads as the reference engine does (agreement.py says which).

All other pages, and those at which the parser fails, are read by the reference engine: a page is the same with either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pyromark import Markdown, Options

from builder.markdown.agreement import CHECKS, MAX_DEPTH, text_agrees
from builder.markdown.reference import Reference
from builder.markdown.source import Prepared
from builder.markdown.writer import TABLE_CLOSE, TABLE_OPEN, Writer

_NESTING = {"List": 1, "/List": -1, "BlockQuote": 1, "/BlockQuote": -1}
_markdown = Markdown(options=Options.ENABLE_TABLES | Options.ENABLE_STRIKETHROUGH)


class Step(NamedTuple):
    """One event: `Paragraph` is a start and `/Paragraph` an end; start and end are bytes of the text."""

    kind: str
    payload: Any  # as pyromark has it: a text, or the attributes of a start
    start: int
    end: int


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
    if type(event) is str:
        return event, None
    ((phase, payload),) = event.items()
    if phase == "Start":
        return (payload, None) if type(payload) is str else next(iter(payload.items()))
    if phase == "End":
        return f"/{payload if type(payload) is str else next(iter(payload))}", payload
    return phase, payload


def _steps(text: str) -> list[Step] | None:
    steps, depth = [], 0
    encoded = text.encode()
    events: Any = _markdown.events_with_range(text, merge_text=True)
    for event, span in events:
        kind, payload = _kind(event)
        depth += _NESTING.get(kind, 0)
        check = CHECKS.get(kind)
        start, end = span["start"], span["end"]
        if depth > MAX_DEPTH or (check and not check(payload, encoded, start, end)):
            return None
        steps.append(Step(kind, payload, start, end))
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
        for step in self._steps:
            _STEPS[step.kind](self, step)

    def inline(self, step: Step) -> Writer:
        """The writer, inside a block of text."""
        if not (self._in_block or self._in_item):
            self._mark(step)
            self.writer.begin_paragraph(hidden=True)
            self._in_item = True
        return self.writer

    def block(self) -> Writer:
        """The writer, outside any block of text."""
        if self._in_item:
            self.writer.end_paragraph()
            self._in_item = False
        return self.writer

    def text_block(self, step: Step) -> Writer:
        """The writer, at the start of a block of text."""
        writer = self.block()
        self._mark(step)
        self._in_block = True
        return writer

    def end_text_block(self) -> Writer:
        """The writer, at the end of a block of text."""
        self._in_block = False
        return self.writer

    def _mark(self, step: Step) -> None:
        """Tell the writer the line at which a block starts."""
        self._lines += self._text.count(b"\n", self._at, step.start)
        self._at = step.start
        self.writer.line = self._source.line(self._lines)

    def _inside(self, kind: str) -> Iterator[Step]:
        """The steps up to the end of what has just started, which is taken too."""
        depth = 1
        for step in self._steps:
            if step.kind == kind:
                depth += 1
            elif step.kind == f"/{kind}":
                depth -= 1
            if not depth:
                return
            yield step

    def _content(self, kind: str) -> str:
        return "".join(step.payload for step in self._inside(kind))

    def code_block(self, step: Step) -> None:
        """A fence, or an indented block."""
        info = None if step.payload == "Indented" else step.payload["Fenced"]
        code = self._content("CodeBlock")
        if info is None and not code.endswith("\n"):
            code += "\n"  # the end of a page without a last line end
        self.block().code_block(code, info)

    def html_block(self, step: Step) -> None:
        """A block of the author's HTML."""
        self.block()
        self._mark(step)
        self.writer.html_block(self._content("HtmlBlock"))

    def link(self, step: Step) -> None:
        """A link, up to its text; all of it when its source is shown."""
        writer, link = self.inline(step), step.payload
        written, source = link["dest_url"], None
        if link["link_type"] == "Email":
            written = f"mailto:{written}"
        elif link["link_type"] != "Autolink":
            source = self._text[step.start : step.end].decode()
        if not writer.link_open(written, link["title"], source):
            writer.literal(source or "")
            for _ in self._inside("Link"):
                pass

    def image(self, step: Step) -> None:
        """An image with its alternative text."""
        parts = []
        for part in self._inside("Image"):
            if part.kind in ("Text", "Code"):
                parts.append(part.payload)
            elif part.kind in ("SoftBreak", "HardBreak"):
                parts.append(" ")
        self.inline(step).image(step.payload["dest_url"], "".join(parts), step.payload["title"])

    def end_item(self, _: Step) -> None:
        """A list item ends."""
        self.block().end_item()

    def table(self, step: Step) -> None:
        """A table starts."""
        self._table, self._rows = step.payload, 0
        self.block().open(TABLE_OPEN)

    def end_table(self, _: Step) -> None:
        """The table ends."""
        if self._rows:
            self.writer.close("</tbody>\n")
        self.writer.close(TABLE_CLOSE)

    def row(self, step: Step) -> None:
        """A row, the first one of its section with the section."""
        head = step.kind == "TableHead"
        if head or not self._rows:
            self.writer.open("<thead>\n" if head else "<tbody>\n")
        self._cell, self._column = ("th", 0) if head else ("td", 0)
        self._rows += not head
        self.writer.open("<tr>\n")

    def end_head(self, _: Step) -> None:
        """The head row ends."""
        self.writer.close("</tr>\n")
        self.writer.close("</thead>\n")

    def cell(self, step: Step) -> None:
        """A cell starts."""
        align = self._table[self._column].lower()
        self._column += 1
        tag = f"<{self._cell}>" if align == "none" else f'<{self._cell} align="{align}">'
        self.text_block(step).begin_cell(tag)

    def end_cell(self, _: Step) -> None:
        """The cell ends."""
        self.end_text_block().end_cell(f"</{self._cell}>\n")


def _list(walk: _Walk, step: Step) -> None:
    start = step.payload
    ordered = "<ol>\n" if start == 1 else f'<ol start="{start}">\n'
    walk.block().open("<ul>\n" if start is None else ordered)


def _inline_tag(kind: str, tag: str) -> dict[str, Callable[[_Walk, Step], None]]:
    return {
        kind: lambda k, s: k.inline(s).inline_open(tag),
        f"/{kind}": lambda k, _: k.writer.inline_close(tag),
    }


_STEPS: dict[str, Callable[[_Walk, Step], None]] = {
    "Paragraph": lambda k, s: k.text_block(s).begin_paragraph(hidden=False),
    "/Paragraph": lambda k, _: k.end_text_block().end_paragraph(),
    "Heading": lambda k, s: k.text_block(s).begin_heading(int(s.payload["level"][1])),
    "/Heading": lambda k, _: k.end_text_block().end_heading(),
    "BlockQuote": lambda k, _: k.block().begin_quote(),
    "/BlockQuote": lambda k, _: k.writer.end_quote(),
    "List": _list,
    "/List": lambda k, s: k.writer.close("</ol>\n" if s.payload["List"] else "</ul>\n"),
    "Item": lambda k, _: k.block().begin_item(),
    "/Item": _Walk.end_item,
    "CodeBlock": _Walk.code_block,
    "HtmlBlock": _Walk.html_block,
    "Rule": lambda k, _: k.block().open("<hr>\n"),
    "Table": _Walk.table,
    "/Table": _Walk.end_table,
    "TableHead": _Walk.row,
    "/TableHead": _Walk.end_head,
    "TableRow": _Walk.row,
    "/TableRow": lambda k, _: k.writer.close("</tr>\n"),
    "TableCell": _Walk.cell,
    "/TableCell": _Walk.end_cell,
    "Text": lambda k, s: k.inline(s).text(s.payload),
    "Code": lambda k, s: k.inline(s).code_span(s.payload),
    "InlineHtml": lambda k, s: k.inline(s).html_inline(s.payload),
    "SoftBreak": lambda k, s: k.inline(s).soft_break(),
    "HardBreak": lambda k, s: k.inline(s).hard_break(),
    "Link": _Walk.link,
    "/Link": lambda k, _: k.writer.link_close(),
    "Image": _Walk.image,
    **_inline_tag("Emphasis", "em"),
    **_inline_tag("Strong", "strong"),
    **_inline_tag("Strikethrough", "del"),
}
