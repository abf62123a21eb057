"""Selector assertions over HTML: `page(html).has("nav [aria-current=page]", text="pet").has_not(".notice")`."""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_TAG = re.compile(
    r"<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*?(?P<self>/?)>",
    re.DOTALL,
)
_RAW = re.compile(r"(<(script|style)\b[^>]*>).*?(</\2>)", re.DOTALL | re.IGNORECASE)


class Html:
    """One page. The assertions return the page, so that they can be chained; they raise AssertionError."""

    def __init__(self, text: str | bytes) -> None:
        self.text = text.decode("utf-8") if isinstance(text, bytes) else text
        self.soup = BeautifulSoup(self.text, "html.parser")

    def all(self, selector: str, text: str | None = None) -> list[Tag]:
        """The elements that fit the selector and, when given, hold the text."""
        found = self.soup.select(selector)
        return [tag for tag in found if text is None or text in words(tag)]

    def one(self, selector: str) -> Tag:
        """The only element that fits the selector."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements fit {selector!r}"
        return found[0]

    def has(self, selector: str, text: str | None = None, *, count: int | None = None) -> Html:
        """At least one element, or exactly `count`, fits the selector and holds the text."""
        found = self.all(selector, text)
        if count is None:
            assert found, f"nothing fits {selector!r} with {text!r}; {self._near(selector)}"
        else:
            assert len(found) == count, f"{len(found)} elements fit {selector!r}, not {count}"
        return self

    def has_not(self, selector: str, text: str | None = None) -> Html:
        """No element fits the selector and holds the text."""
        found = self.all(selector, text)
        assert not found, f"{len(found)} elements fit {selector!r}: {str(found[0])[:200]}"
        return self

    def is_sound(self) -> Html:
        """What holds for every page: balanced tags, unique ids, one h1, landmarks, labels, a working skip link."""
        faults = [*unbalanced(self.text), *self._faults()]
        assert not faults, "; ".join(faults[:10])
        return self

    def _faults(self) -> list[str]:
        ids = Counter(str(tag["id"]) for tag in self.soup.select("[id]"))
        faults = [f"id {name!r} occurs {count} times" for name, count in ids.items() if count > 1]
        faults += [
            f"{n} elements fit {s}" for s in ("h1", "main", "title") if (n := len(self.all(s))) != 1
        ]
        faults += ["<html> has no lang"] if not self.soup.select("html[lang]") else []
        labelled = (*self.all("nav"), *self.all("[role=region]"))
        for tag in labelled:
            if not (tag.get("aria-label") or str(tag.get("aria-labelledby")) in ids):
                faults.append(f"<{tag.name}> without a label")
        names = [
            str(tag.get("aria-label") or tag.get("aria-labelledby")) for tag in self.all("nav")
        ]
        faults += [f"two navs are called {n!r}" for n, c in Counter(names).items() if c > 1]
        faults += [f"img without alt: {tag}" for tag in self.all("img:not([alt])")]
        first = self.soup.select_one("body a")
        if first is None or str(first.get("href", ""))[1:] not in ids:
            faults.append("the first link does not skip to the content")
        return faults

    def _near(self, selector: str) -> str:
        tags = self.soup.select(selector)[:3]
        return f"there are {[words(tag)[:80] for tag in tags]}" if tags else "no such element"


def page(text: str | bytes) -> Html:
    """A page to check."""
    return Html(text)


def words(tag: Tag) -> str:
    """The text of an element with blanks joined."""
    return " ".join(tag.get_text().split())


def unbalanced(text: str) -> list[str]:
    """Tags that are not closed, or closed without having been opened. Every element but void ones must be closed."""
    open_tags: list[str] = []
    for match in _TAG.finditer(_RAW.sub(r"\1\3", text)):
        name = (match["name"] or "").lower()
        if not name or name in VOID or match["self"]:
            continue
        if not match["end"]:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return [f"</{name}> at character {match.start()} closes nothing"]
    return [f"<{name}> is not closed" for name in open_tags]
