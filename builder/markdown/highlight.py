"""Code blocks as HTML: Pygments for the tokens, slim spans of our own, one result kept per (language, text).

No text is ever lost: a block that a lexer cannot read whole is shown without colors.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from functools import cache
from html import escape
from itertools import chain
from threading import Lock

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType

PLAIN = "text"
MAX_CHARACTERS = 200_000  # longer blocks are plain text
MAX_CHARACTERS_RARE = (
    20_000  # the same for languages whose lexers were not looked at for their cost
)
MAX_HEREDOC_LINES = 200_000  # here-documents times lines of a block
CACHED_CHARACTERS = 16_000_000  # of source and HTML together

_NAMES = {
    **dict.fromkeys(("tf", "hcl", "hcl2", "opentofu", "tofu"), "terraform"),
    **dict.fromkeys(("sh", "shell"), "bash"),
}
_COMMON = frozenset({"terraform", "bash", "console", "json", "yaml", "diff", "powershell"})
_INFO_END = re.compile(r"[\s{,]")
_BLOCK = re.compile(
    r'\s*(?:resource|data|provider|variable|output|module|terraform|import|locals)\s*["{]'
)
# Lexers look ahead over words and blanks again for each of their characters: these would take quadratic time.
_SLOW = re.compile(r"\S{1000}|[\w-]{300}|\s{100}")
_NO_SPAN = frozenset({"", "w", "err", "p", "n", "nx", "o"})


class _Memo:
    """The last results, up to a number of characters. Threads may share it."""

    def __init__(self, characters: int) -> None:
        self._left = characters
        self._kept: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = Lock()

    def get(self, language: str, text: str) -> str | None:
        with self._lock:
            found = self._kept.get((language, text))
            if found is not None:
                self._kept.move_to_end((language, text))
            return found

    def put(self, language: str, text: str, result: str) -> None:
        with self._lock:
            if (language, text) in self._kept:
                return
            self._kept[language, text] = result
            self._left -= len(text) + len(result)
            while self._left < 0 and self._kept:
                (_, old), dropped = self._kept.popitem(last=False)
                self._left += len(old) + len(dropped)


_memo = _Memo(CACHED_CHARACTERS)


def code_block(text: str, info: str | None) -> str:
    """The HTML of a code block. `info` is the fence's info string, None for an indented block (never guessed)."""
    name = PLAIN if info is None else language(info, text)
    result = _memo.get(name, text)
    if result is None:
        result = (
            f'<div class="highlight language-{name}"><pre><code>{_colored(name, text)}'
            "</code></pre></div>"
        )
        _memo.put(name, text, result)
    return result


def language(info: str, text: str) -> str:
    """The language's canonical name: from the first word of the info string, guessed without one, else `text`."""
    word = _INFO_END.split(info.strip(), maxsplit=1)[0].lower()
    if word:
        return _aliases().get(_NAMES.get(word, word), PLAIN)
    if _BLOCK.match(text):
        return "terraform"
    return "console" if text.startswith("$ ") else PLAIN


@cache
def _aliases() -> dict[str, str]:
    """Every name that Pygments itself knows -> the lexer's first name. Plugins are left out: the result would depend
    on the machine. Only names that can stand in a class attribute."""
    safe = re.compile(r"[a-z0-9][a-z0-9+#._-]*")
    rows = [aliases for _, aliases, _, _ in get_all_lexers(plugins=False) if aliases]
    firsts = ((alias, row[0]) for row in reversed(rows) for alias in row)
    own = ((row[0], row[0]) for row in rows)  # a first name is never another lexer's second one
    return {a.lower(): f for a, f in chain(firsts, own) if safe.fullmatch(f)}


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _class_of(token: _TokenType) -> str:
    kind: _TokenType | None = token
    while kind is not None and kind not in STANDARD_TYPES:
        kind = kind.parent
    name = STANDARD_TYPES[kind] if kind is not None else ""
    return "" if name in _NO_SPAN else name


def _colored(name: str, text: str) -> str:
    if name == PLAIN or _costs_too_much(name, text):
        return escape(text, quote=False)
    try:
        spans = _spans(_lexer(name), text)
    except Exception:  # noqa: BLE001 - a lexer's fault costs the colors of one block only
        return escape(text, quote=False)
    if "".join(part for _, part in spans) != text:
        return escape(text, quote=False)
    return "".join(
        f'<span class="{kind}">{escape(part, quote=False)}</span>'
        if kind
        else escape(part, quote=False)
        for kind, part in spans
    )


def _costs_too_much(name: str, text: str) -> bool:
    limit = MAX_CHARACTERS if name in _COMMON else MAX_CHARACTERS_RARE
    if len(text) > limit or _SLOW.search(text):
        return True
    # The lexer looks for the end of each here-document in all lines that follow.
    return text.count("<<") * text.count("\n") > MAX_HEREDOC_LINES


def _spans(lexer: Lexer, text: str) -> list[tuple[str, str]]:
    """(class, text) runs: adjacent tokens of one class are one run, white space joins the run before it."""
    spans: list[tuple[str, str]] = []
    current = ""
    parts: list[str] = []
    for token, value in lexer.get_tokens(text):
        if value.isspace():
            parts.append(value)
            continue
        kind = _class_of(token)
        if kind != current:
            if parts:
                spans.append((current, "".join(parts)))
            current, parts = kind, []
        parts.append(value)
    if parts:
        spans.append((current, "".join(parts)))
    return spans
