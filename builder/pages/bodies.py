"""Rendered bodies, once per content: a cache that costs time when it is damaged, never a wrong page.

A body depends on its text, the kind of page, the package (whose own links are internal), the title that stands in for
a missing h1, the renderer's version, and on what its links resolve to. The first four and the renderer make the key;
the addresses that were asked for lie in the entry with the answers, and are asked for again before the entry is used.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from builder.markdown import RENDER_VERSION, render
from builder.model.address import Address
from builder.model.body import Body, Heading, Link, LinkState, Resolution

_HALVES = "surrogatepass"  # halves of surrogate pairs, which titles may hold
_STATES = {state.value: state for state in LinkState}
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
    place: str  # kind of document or role of part, with what else decides how links are read: absolute ones all alike
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
        self._absolute: dict[str, dict[str, Resolution]] = {}  # by place

    def body(self, source: Source, resolve: Resolve) -> Body:
        """The rendered body, from the cache when its links still resolve to the same targets."""
        key = self._key(source)
        found = self._cached(key)
        if found is None:
            return self._render(source, resolve, key)
        answers = self._answers(found.asked, source.place, resolve)
        if answers == found.asked:
            return found.body
        # Another version's links went elsewhere. Each variant has its own entry: versions do not evict each other.
        variant = f"{key}/{_digest(answers)}"
        found = self._cached(variant)
        if found is not None and answers == found.asked:
            return found.body
        return self._render(source, resolve, variant)

    def _answers(self, asked: Iterable[str], place: str, resolve: Resolve) -> dict[str, Resolution]:
        """What the addresses resolve to now. Absolute ones are asked for once a place: most stand on many pages."""
        known = self._absolute.setdefault(place, {})
        answers = {}
        for address in asked:
            answer = known.get(address)
            if answer is None:
                answer = resolve(address)
                if "://" in address:
                    known[address] = answer
            answers[address] = answer
        return answers

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
    """An entry as one zlib stream, the same bytes for equal entries: a line of JSON, then the html, then the text.

    The JSON has each resolution once; links and addresses name it by number. The html is not in it, since JSON would
    escape most of it.
    """
    body = entry.body
    html = body.html.encode("utf-8", _HALVES)
    resolutions: dict[Resolution, int] = {}

    def number(resolution: Resolution) -> int:
        return resolutions.setdefault(resolution, len(resolutions))

    record = {
        "title": body.title,
        "toc": [[h.level, h.text, h.id] for h in body.toc],
        "links": [[k.written, number(k.resolution), k.line] for k in body.links],
        "asked": [[address, number(entry.asked[address])] for address in sorted(entry.asked)],
        "anchors": sorted(body.anchors),
        "resolutions": [[r.state.value, r.target, r.message] for r in resolutions],
        "html": len(html),
    }
    head = json.dumps(record, ensure_ascii=True).encode()
    return zlib.compress(b"%b\n%b%b" % (head, html, body.text.encode("utf-8", _HALVES)), 6)


def decode(data: bytes) -> Entry | None:
    """The entry; None when it is damaged, which the stream's checksum tells."""
    try:
        head, _, rest = zlib.decompress(data).partition(b"\n")
        record = json.loads(head)
        known = [Resolution(_STATES[s], target, why) for s, target, why in record["resolutions"]]
        body = Body(
            html=rest[: record["html"]].decode("utf-8", _HALVES),
            title=record["title"],
            toc=tuple(Heading(*row) for row in record["toc"]),
            links=tuple(Link(written, known[n], line) for written, n, line in record["links"]),
            anchors=frozenset(record["anchors"]),
            text=rest[record["html"] :].decode("utf-8", _HALVES),
        )
        return Entry(body, {address: known[n] for address, n in record["asked"]})
    except (zlib.error, ValueError, TypeError, KeyError, IndexError, RecursionError):
        return None
