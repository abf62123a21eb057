"""Names of pages and parts: from file and directory names to what keys and addresses may hold."""

from __future__ import annotations

import re

from builder.model.address import Address
from builder.model.version import Version
from builder.normalize.layouts import CDKTF, SUFFIXES

MAX_NAME = 255  # characters of a name
MAX_KEY = 255  # characters of a whole object key

_DROPPED = re.compile(r"[^a-zA-Z0-9\-_.]")
_NAME = re.compile(r"[a-zA-Z0-9 ._@-]+", re.ASCII)


def clean(text: str) -> str:
    """The text without the characters that page names never hold."""
    return _DROPPED.sub("", text)


def page_name(filename: str) -> str | None:
    """The page name that a file name stands for (perhaps an invalid one), or None when its suffix is no page's."""
    cleaned = clean(filename)
    for suffix in SUFFIXES:
        if cleaned.endswith(suffix):
            return cleaned.removesuffix(suffix)
    return None


def name_fault(name: str) -> str:
    """Why a name can be in no key or address; "" when it can. `.` and `..` would be steps in an address."""
    if not name.strip():
        return "nothing is left of the name"
    if len(name) > MAX_NAME:
        return f"the name has {len(name)} characters, more than {MAX_NAME}"
    if not _NAME.fullmatch(name):
        return "the name has characters other than letters, digits, blanks and . _ @ -"
    if name.replace(" ", "") in {".", ".."}:
        return "the name is a step in a path"
    return ""


def page_key(address: Address, version: Version, language: str, kind: str, slug: str) -> str:
    """The object key of a page in the docs API."""
    parts = (address.path, version.docs_segment, language and f"{CDKTF}/{language}", kind)
    return "/".join(part for part in (*parts, f"{slug}.md") if part)


def part_key(address: Address, version: Version, directory: str, slug: str) -> str:
    """The object key of a README in the docs API."""
    parts = (address.path, version.docs_segment, directory, slug, "README.md")
    return "/".join(part for part in parts if part)


def key_fault(key: str) -> str:
    """Why an object key cannot be used; "" when it can."""
    return f"its key has {len(key)} characters, more than {MAX_KEY}" if len(key) > MAX_KEY else ""
