"""Markdown that stands in for a page or README that cannot be shown. The numbers are text, not an HTTP status."""

from __future__ import annotations

from urllib.parse import quote

from builder.model.limits import Limits
from builder.model.snapshot import Snapshot

TOO_LARGE = "too large"  # the value of Document.replaced and Part.replaced

_TOO_LARGE = """\
# 502 File too large

This page is larger than {limit:,} bytes, the most that this registry shows.
Read [the file in its repository](<{url}>) instead.
"""

_NO_README = """\
# 404 Not Found

There is no `README.md` in {place} at this version.
Inputs, outputs and other facts that come from the code are listed as far as they are known.
"""

_UNREADABLE = """\
# 404 Not Found

The `README.md` in {place} at this version is not a text that can be shown.
Look at [the file in its repository](<{url}>) instead.
"""


def too_large(snapshot: Snapshot, path: str, limits: Limits) -> bytes:
    """In place of a file over the size limit."""
    return _TOO_LARGE.format(limit=limits.page_bytes, url=_url(snapshot, path)).encode()


def no_readme(place: str) -> bytes:
    """In place of a README that does not exist; `place` in words."""
    return _NO_README.format(place=place).encode()


def unreadable_readme(snapshot: Snapshot, place: str, path: str) -> bytes:
    """In place of a README that exists but is binary or damaged."""
    return _UNREADABLE.format(place=place, url=_url(snapshot, path)).encode()


def _url(snapshot: Snapshot, path: str) -> str:
    # Quoted, since a hostile name could otherwise end the link and start markup of its own.
    ref = quote(snapshot.tag, safe="/+", errors="replace")
    return snapshot.repository.blob_url(ref, quote(path, safe="/", errors="replace"))
