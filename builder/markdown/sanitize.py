"""The allow-list, and the sanitiser that holds it. It sees the whole body with our own markup in it.

Authors' tags are rebuilt from their parsed attributes before they come here (tags.py), so nothing here is the only
defense against what an author writes. Code blocks are held out: they go back in after the sanitiser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

import nh3

ELEMENTS = frozenset(
    [
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "li",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
        "var",
    ]
)
_HELD = re.compile(r'<pre id="(held-[0-9a-f]{40}-)(\d+)"></pre>')
SCHEMES = frozenset({"http", "https", "mailto"})
EXTERNAL_REL = "nofollow noopener"
CLASSES = {  # what may stand in class: ours, and authors may use the same names
    "div": {"admonition", "note", "warning", "danger", "highlight", "table-scroll"},
    "p": {"admonition-title"},
    "a": {"headerlink"},
    "li": {"task-list-item"},
}
_ALIGN = {"align": {"left", "right", "center"}}

_cleaner = nh3.Cleaner(
    tags=ELEMENTS - {"img"},  # an image would be a request; images are links (Writer.image)
    clean_content_tags=set(),
    attributes={
        "*": {"id"},
        "a": {"href", "name", "title"},
        "abbr": {"title"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
        "ol": {"start"},
        "details": {"open"},
    },
    tag_attribute_values={
        "a": {"rel": {EXTERNAL_REL}},
        "div": {"tabindex": {"0"}, "role": {"region"}, "aria-label": {"Table"}},
        "td": _ALIGN,
        "th": _ALIGN,
        "input": {"type": {"checkbox"}, "disabled": {""}, "checked": {""}},
    },
    allowed_classes=CLASSES,
    url_schemes=set(SCHEMES),
    link_rel=None,  # written by us, on absolute addresses only
    strip_comments=True,
)


def hold_token(source: str) -> str:
    """An id that the page cannot contain: a hash over the page itself."""
    return f"held-{sha256(source.encode('utf-8', 'replace')).hexdigest()[:40]}-"


def sanitize(html: str) -> str:
    """Only elements, attributes, classes and schemes of the allow-list; well-formed."""
    return _cleaner.clean(html).replace("<p></p>", "")


def held_out(token: str, number: int) -> str:
    """What stands in the body in place of code block `number`."""
    return f'<pre id="{token}{number}"></pre>'


def put_back(html: str, token: str, blocks: Sequence[str]) -> str:
    """The body with its code blocks in their places."""
    if not blocks:
        return html
    return _HELD.sub(lambda m: blocks[int(m[2])] if m[1] == token else m[0], html)
