"""Callouts: which marker or alert is which box, and where its title comes from."""

from __future__ import annotations

import re

CALLOUTS = {"->": ("note", "Note"), "~>": ("warning", "Important"), "!>": ("danger", "Warning")}
ALERTS = {
    "[!note]": ("note", "Note"),
    "[!tip]": ("note", "Tip"),
    "[!important]": ("warning", "Important"),
    "[!warning]": ("danger", "Warning"),
    "[!caution]": ("danger", "Caution"),
}
_LABELS = frozenset(
    (
        "attention", "breaking change", "caution", "danger", "deprecated", "deprecation", "hint", "important", "info",
        "note", "notes", "notice", "tip", "warning", "warnings",
    )
)  # fmt: skip
_PLAIN_LABEL = re.compile(rf"\s*({'|'.join(sorted(_LABELS))})\s*:\s+(?=\S)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
MAX_LABEL = 80  # characters of a label that serves as a title


def opening(kind: str) -> str:
    """The start of a box up to its title's text."""
    return f'<div class="admonition {kind}"><p class="admonition-title">'


def give_title(out: list[str], start: int, marker: str) -> None:
    """Write the start of a callout at `start` of `out`; the callout's text follows it.

    A bold label at the start of the text becomes the title (`**Note:** …`), and so does a plain one (`Note: …`), so
    that a reader does not see two titles.
    """
    kind, title = CALLOUTS[marker]
    first = next((i for i in range(start + 1, len(out)) if out[i].strip()), len(out))
    if first < len(out) and out[first] == "<strong>" and _bold_label(out, first):
        out[start] = opening(kind)
        return
    if first < len(out) and (match := _PLAIN_LABEL.match(out[first])):
        title = match[1]
        out[first] = out[first][match.end() :]
    out[start] = f"{opening(kind)}{title}</p>\n<p>"


def _bold_label(out: list[str], first: int) -> bool:
    """Turn the bold text at `first` into the title's text, when it is a label with more text behind it."""
    end = next((i for i in range(first + 1, len(out)) if out[i] == "</strong>"), len(out))
    label = _TAG.sub("", "".join(out[first + 1 : end])).strip()
    rest = "".join(out[end + 1 :]).lstrip()
    if not label.rstrip(":").strip() or not rest.lstrip(":").strip() or len(label) > MAX_LABEL:
        return False
    if not (label.endswith(":") or rest.startswith(":") or label.lower() in _LABELS):
        return False
    last = next(i for i in range(end - 1, first, -1) if out[i].strip())
    out[first] = ""
    out[last] = out[last].rstrip().removesuffix(":").rstrip()
    out[end] = "</p>\n<p>"
    following = next(i for i in range(end + 1, len(out)) if out[i].strip())
    out[following] = out[following].lstrip().removeprefix(":").lstrip()
    return True
