"""The Terraform docs dialect: receives a page's constructs in reading order from an engine and writes its HTML.

An engine only says what stands where (`paragraph`, `text`, `link_open` …); every rule of the dialect is here, so that
engines give the same page. What needs the whole page (ids, links inside it, title) is written in `finish`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from builder.markdown.anchors import Anchors, plain_text
from builder.markdown.callouts import ALERTS, CALLOUTS, give_title, opening
from builder.markdown.highlight import code_block
from builder.markdown.links import Links, bare_addresses, open_tag
from builder.markdown.sanitize import held_out
from builder.markdown.tags import AuthorTags, checkbox, scan
from builder.model.body import LinkState, Resolution

_INDENTATION = re.compile(r"\n[ \t]+")
_TASK = re.compile(r"\[([ xX])\]\s+(?=\S)")
_CLOUD_SHELL = re.compile(r'class\s*=\s*"oics-button"|/cloudshell/open\b')
TABLE_OPEN = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">\n<table>\n'
TABLE_CLOSE = "</table>\n</div>\n"


@dataclass(slots=True)
class _Quote:
    """An open block quote: the place of its tag; `alert` once it is known to be one."""

    place: int
    alert: bool = False


class Writer:
    """One page. An engine calls block methods in order, and inline methods between `begin` and an end."""

    def __init__(self, resolve: Callable[[str], Resolution], token: str) -> None:
        self.out: list[str] = []
        self.code: list[str] = []  # code blocks, held out of `out`
        self.line = 0  # of the source, set by the engine
        self.anchors = Anchors(self.out)
        self.links = Links(self.out, resolve, lambda: self.line)
        self.tags = AuthorTags(self.out, self.anchors, self.links, self._image_html)
        self._token = token
        self._quotes: list[_Quote] = []
        self._open_links: list[tuple[int, bool]] = []  # place, has an address
        self._start = 0  # place of the present block's opening tag
        self._hidden = False  # a paragraph of a tight list
        self._paragraph = False
        self._line_start = False
        self._inline_depth = 0
        self._marker = ""  # of the callout that is being written
        self._bare = (
            -1,
            0,
        )  # place of a bare address that ends its text, length of what comes before it

    # blocks

    def open(self, tag: str) -> None:
        """A block's opening tag, with its attributes."""
        self.anchors.ahead = False
        self.out.append(tag)

    def close(self, tag: str) -> None:
        """A block's closing tag."""
        self.out.append(tag)

    def begin_paragraph(self, *, hidden: bool) -> None:
        """A paragraph; `hidden` in a tight list, where it has no tags."""
        self._hidden = hidden
        self._begin("" if hidden else "<p>", paragraph=True)

    def end_paragraph(self) -> None:
        """The paragraph ends."""
        self.tags.end_block()
        out, start = self.out, self._start
        if self._marker:
            give_title(out, start, self._marker)
            out.append("</p></div>\n")
            self._marker = ""
        elif not self._is_alert():
            out.append("\n" if self._hidden else "</p>\n")
        self._paragraph = False
        self.anchors.ahead = self._only_anchor(start)

    def begin_heading(self, level: int) -> None:
        """A heading."""
        self._begin("", paragraph=False, keep_ahead=True)
        self._heading = self.anchors.heading(level, self._start)

    def end_heading(self) -> None:
        """The heading ends."""
        self.tags.end_block()
        self.out.append("")
        self.anchors.end_heading(self._heading, len(self.out) - 1)

    def begin_cell(self, tag: str) -> None:
        """A table cell with its opening tag."""
        self._begin(tag, paragraph=False)

    def end_cell(self, tag: str) -> None:
        """The cell ends with this closing tag."""
        self.tags.end_block()
        self.out.append(tag)

    def begin_item(self) -> None:
        """A list item."""
        self.anchors.begin_item(len(self.out))
        self.open("<li>")

    def end_item(self) -> None:
        """The list item ends."""
        self.anchors.end_item()
        self.close("</li>\n")

    def begin_quote(self) -> None:
        """A block quote."""
        self._quotes.append(_Quote(len(self.out)))
        self.open("<blockquote>\n")

    def end_quote(self) -> None:
        """The block quote ends."""
        self.close("</div>\n" if self._quotes.pop().alert else "</blockquote>\n")

    def code_block(self, text: str, info: str | None) -> None:
        """A code block; `info` is None for an indented one."""
        self.open(held_out(self._token, len(self.code)) + "\n")
        self.code.append(code_block(text, info))

    def html_block(self, raw: str) -> None:
        """A block of the author's HTML."""
        if _CLOUD_SHELL.search(raw) and not _shows_text(raw):
            return  # a button that loads an image from elsewhere
        ahead = self.anchors.ahead
        start = len(self.out)
        self.tags.html(raw, block=True)
        self.tags.end_block()
        self.anchors.ahead = self._only_anchor(start, before=ahead)

    def _begin(self, tag: str, *, paragraph: bool, keep_ahead: bool = False) -> None:
        if not keep_ahead:
            self.anchors.ahead = False
        self._start = len(self.out)
        self._paragraph = self._line_start = paragraph
        self.out.append(tag)

    def _only_anchor(self, start: int, *, before: bool = False) -> bool:
        """True when the block written since `start` shows nothing and sets an anchor (or one did just before it)."""
        if len(self.out) - start > 12:
            return False
        html = "".join(self.out[start:])
        return (before or 'id="' in html or 'name="' in html) and not plain_text(html).strip()

    def _is_alert(self) -> bool:
        """Make the quote that begins with this paragraph an alert when its first line says so."""
        out, start = self.out, self._start
        if not self._quotes or self._quotes[-1].place != start - 1 or len(out) < start + 2:
            return False
        alert = ALERTS.get(out[start + 1].strip().lower())
        if alert is None or "".join(out[start + 2 : start + 3]).strip():
            return False
        self._quotes[-1].alert = True
        out[start - 1] = f"{opening(alert[0])}{alert[1]}</p>\n"
        out[start + 1 : start + 3] = ["", ""][: len(out) - start - 1]
        shows = "".join(out[start + 2 :]).strip()
        out[start] = "<p>" if shows else ""
        out.append("</p>\n" if shows else "")
        return True

    # lines of text

    def text(self, content: str) -> None:
        """Text, without markup and entities."""
        if not content:
            return
        if self._line_start and not self._inline_depth:
            content = self._line_begins(content)
        self._line_start = self._line_start and not content.strip()
        self._bare = (-1, 0)
        if "://" in content and not self.links.depth:
            self._text_with_addresses(content)
        else:
            self.out.append(escape(content, quote=False))

    def _line_begins(self, content: str) -> str:
        """A callout's marker begins a new paragraph; `[ ]` at the start of an item is a check box."""
        marker = content.lstrip()[:2]
        if self._paragraph and marker in CALLOUTS:
            if "".join(self.out[self._start + 1 :]).strip():
                self.out[-1] = self.out[-1].rstrip("\n")  # the line end before the marker
                self.end_paragraph()
                self._begin("<p>", paragraph=True)
            self._marker = marker
            return content.lstrip()[2:].lstrip()
        first = len(self.out) == self._start + 1
        if first and self.out[self._start - 1] == "<li>" and (match := _TASK.match(content)):
            self.out[self._start - 1] = '<li class="task-list-item">'
            self.out.append(checkbox(checked=match[1] != " ") + " ")
            return content[match.end() :]
        return content

    def _text_with_addresses(self, content: str) -> None:
        last = 0
        for start, end in bare_addresses(content):
            if start > last:
                self.out.append(escape(content[last:start], quote=False))
            address = content[start:end]
            tag = open_tag(self.links.look_up(address), "")
            shown = escape(address, quote=False)
            if end == len(content) and tag:
                self._bare = (len(self.out), len(shown))
            self.out.append(f"{tag}{shown}</a>" if tag else shown)
            last = end
        self.out.append(escape(content[last:], quote=False))

    def code_span(self, content: str) -> None:
        """Code in a line."""
        if self._paragraph and self.out[self._start - 1] == "<li>" and self._is_first():
            self.anchors.argument(len(self.out), content)
        self._line_start = False
        self.out.append(f"<code>{escape(content, quote=False)}</code>")

    def _is_first(self) -> bool:
        """True when the paragraph shows nothing yet: only a link or an anchor may have been opened."""
        if len(self.out) - self._start > 4:
            return False
        return not plain_text("".join(self.out[self._start :])).strip()

    def soft_break(self) -> None:
        """A line ends in the source."""
        self.line += 1
        self._line_start = self._paragraph
        self.out.append("\n")

    def hard_break(self) -> None:
        """A line ends on the page."""
        self.line += 1
        self._line_start = self._paragraph
        self.out.append("<br>\n")

    def inline_open(self, tag: str) -> None:
        """Emphasis and the like: `strong`, `em`, `del`."""
        self._inline_depth += 1
        self._line_start = False
        self.tags.enter()
        self.out.append(f"<{tag}>")

    def inline_close(self, tag: str) -> None:
        """The end of what `inline_open` began."""
        self._inline_depth -= 1
        self.tags.leave()
        self.out.append(f"</{tag}>")

    def link_open(self, written: str, title: str, source: str | None) -> bool:
        """A link. False when it is none: the engine then gives `source`, its literal text, and skips to its end."""
        resolution = self.links.look_up(written)
        if resolution.state is LinkState.NOT_A_LINK and source is not None:
            return False
        place = len(self.out)
        tag = self.links.opened(resolution, title, place)
        self._open_links.append((place, tag is not None))
        self._inline_depth += 1
        self._line_start = False
        self.links.depth += 1
        self.tags.enter()
        self.out.append(tag or "")
        return True

    def link_close(self) -> None:
        """The link ends."""
        place, has_address = self._open_links.pop()
        self.tags.leave()
        self.links.depth -= 1
        self._inline_depth -= 1
        self.out.append("</a>" if has_address else "")
        self.links.close(place, len(self.out) - 1)

    def literal(self, source: str) -> None:
        """Source text that is shown as it is, but for the indentation of its lines."""
        self._line_start = False
        self.out.append(escape(_INDENTATION.sub("\n", source), quote=False))

    def image(self, address: str, alt: str, title: str) -> None:
        """An image: a link to it with its alternative text, so that a page causes no request to anyone else."""
        self._line_start = False
        self.out.append(self._image_html(address, alt, title))

    def _image_html(self, address: str, alt: str, title: str) -> str:
        shown = escape(alt.strip() or "image", quote=False)
        resolution = self.links.look_up(address)
        if self.links.depth or not address:
            return shown
        tag = open_tag(resolution, title) if resolution.state is not LinkState.FRAGMENT else None
        return f"{tag}{shown}</a>" if tag else shown

    def html_inline(self, raw: str) -> None:
        """One tag, comment or the like of the author's in a line of text."""
        self._line_start = False
        place, length = self._bare
        self.tags.html(raw, block=False)
        shown = self.out[-1].startswith("&lt;") and self.out[-2:-1] == [""]
        if shown and 0 <= place == len(self.out) - 3:
            address = self.out[place].removesuffix("</a>")[-length:]
            self.out[place] = address  # https://example.com/<placeholder>
            self.links.forget_last()
        self._bare = (-1, 0)

    def finish(self, title: str) -> str:
        """The page's HTML before sanitising, with code blocks held out; `title` is for a page without an h1."""
        self.tags.end_page()
        self.title, before = self.anchors.finish(title)
        self.links.finish(self.anchors)
        return before + "".join(self.out)


def _shows_text(raw: str) -> bool:
    return any(isinstance(part, str) and part.strip() for part in scan(raw))
