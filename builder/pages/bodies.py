"""Rendered bodies, once per content: a cache that costs time when it is damaged, never a wrong page.

A body depends on its text, the kind of page, the package (whose own links are internal), the title that stands in for
a missing h1, the renderer's version, and on what its links resolve to. The first four and the renderer make the key;
the addresses that were asked for lie in the entry with the answers, and are asked for again before the entry is used.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from builder.markdown import RENDER_VERSION, render
from builder.model.address import Address
from builder.model.body import Body, Heading, Link, LinkState, Resolution

Resolve = Callable[[str], Resolution]


class BodyEntries(Protocol):
    """Where entries are kept: any mapping of texts to bytes fits."""

    def get(self, key: str, /) -> bytes | None:
        """The entry, or None."""
        ...

    def __setitem__(self, key: str, value: bytes, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be rendered: its blob id, how to read it, and where it stands."""

    blob: str
    place: str  # kind of document or role of part, with what else decides how links are read
    title: str  # for the h1 when the text has none


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cache holds: a body, and every address that was resolved for it with the answer."""

    body: Body
    asked: Mapping[str, Resolution]


class Bodies:
    """The bodies of one package, over any mapping of strings to bytes."""

    def __init__(
        self,
        entries: BodyEntries,
        address: Address,
        read: Callable[[str], bytes],
        engine: str = "auto",
    ) -> None:
        """`engine` is one of builder.markdown.ENGINES; bodies are the same with each."""
        self._entries = entries
        self._address = address
        self._read = read
        self._engine = engine

    def body(self, source: Source, resolve: Resolve) -> Body:
        """The rendered body, from the cache when its links still resolve to the same targets."""
        key = self._key(source)
        found = self._cached(key)
        if found is None:
            return self._render(source, resolve, key)
        answers = {address: resolve(address) for address in found.asked}
        if answers == found.asked:
            return found.body
        # Another version's links went elsewhere. Each variant has its own entry: versions do not evict each other.
        variant = f"{key}/{_digest(answers)}"
        found = self._cached(variant)
        if found is not None and answers == found.asked:
            return found.body
        return self._render(source, resolve, variant)

    def _key(self, source: Source) -> str:
        title = sha256(source.title.encode()).hexdigest()[:16]
        return f"{RENDER_VERSION}/{self._address.path}/{source.place}/{source.blob}/{title}"

    def _cached(self, key: str) -> Entry | None:
        data = self._entries.get(key)
        return None if data is None else decode(data)

    def _render(self, source: Source, resolve: Resolve, key: str) -> Body:
        asked: dict[str, Resolution] = {}

        def ask(address: str) -> Resolution:
            asked[address] = answer = resolve(address)
            return answer

        text = self._read(source.blob).decode("utf-8", "replace")
        body = render(text, resolve=ask, title=source.title, engine=self._engine)
        self._entries[key] = encode(Entry(body, asked))
        return body


def _digest(answers: Mapping[str, Resolution]) -> str:
    """A hash over addresses and what they resolve to."""
    rows = sorted((k, a.state.value, a.target, a.message) for k, a in answers.items())
    return sha256(repr(rows).encode("utf-8", "replace")).hexdigest()[:32]


def encode(entry: Entry) -> bytes:
    """An entry as zlib-compressed JSON, the same bytes for equal entries."""
    body = entry.body
    record = {
        "html": body.html,
        "title": body.title,
        "toc": [[h.level, h.text, h.id] for h in body.toc],
        "links": [[k.written, *_row(k.resolution), k.line] for k in body.links],
        "asked": [[address, *_row(entry.asked[address])] for address in sorted(entry.asked)],
        "anchors": sorted(body.anchors),
        "text": body.text,
    }
    return zlib.compress(json.dumps(record, ensure_ascii=True).encode(), 6)


def decode(data: bytes) -> Entry | None:
    """The entry; None when it is damaged."""
    try:
        record = json.loads(zlib.decompress(data))
        body = Body(
            html=_text(record["html"]),
            title=_text(record["title"]),
            toc=tuple(Heading(int(n), _text(t), _text(i)) for n, t, i in record["toc"]),
            links=tuple(
                Link(_text(written), _resolution(*row), int(line))
                for written, *row, line in record["links"]
            ),
            anchors=frozenset(map(_text, record["anchors"])),
            text=_text(record["text"]),
        )
        return Entry(body, {_text(address): _resolution(*row) for address, *row in record["asked"]})
    except (zlib.error, ValueError, TypeError, KeyError, RecursionError):
        return None


def _row(resolution: Resolution) -> tuple[str, str, str]:
    return (resolution.state.value, resolution.target, resolution.message)


def _resolution(state: str, target: object, message: object) -> Resolution:
    return Resolution(LinkState(state), _text(target), _text(message))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
