"""The files that all pages share: style sheet, script, logo. Their names are stable, so that a change of look is a
change of these files and of no page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from markupsafe import Markup

from builder.model.artifact import Artifact, Output
from builder.model.document import DOC_KINDS
from builder.pages.announcement import parts
from builder.pages.environment import asset, asset_names
from builder.pages.navigation import LANGUAGE_NAMES, PART_LABELS, PART_LETTERS
from builder.pages.site import ASSETS, Site

SHARED_SECTIONS = ("colors", "header", "code", "below the article")
_SIZE = re.compile(r"(?<![\w.])(\d*\.?\d+)rem\b")
SITE_MARK = "__SITE__"  # in shell.js, a string literal: replaced by the facts below


def render_assets(site: Site) -> Iterator[Output]:
    """Everything below templates/assets/, under assets/v1/."""
    for name in asset_names(site.templates):
        body = asset(name, site.templates)
        if name in ("shell.js", "missing.js"):
            body = body.replace(f'"{SITE_MARK}"'.encode(), _facts(site))
        if name == "handbook.css":
            body = shared_styles(asset("site.css", site.templates).decode()).encode() + body
        yield Artifact(f"{ASSETS}/{name}", body)


def shared_styles(sheet: str) -> str:
    """The sections of site.css that the handbook uses too, for a page whose root font is 20 pixels instead of 16.

    A section begins with a comment `/* ---- name … ---- */`. Sections that an operator's own sheet does not have are
    left out. Media queries do not depend on the page's root font.
    """
    pieces = re.split(r"^/\* ---- (.+?) ---- \*/\n", sheet, flags=re.MULTILINE)
    sections = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    text = "".join(body for name, body in sections.items() if name.startswith(SHARED_SECTIONS))
    lines = text.split("\n")
    return "\n".join(
        line if line.startswith("@media") else _SIZE.sub(_scaled, line) for line in lines
    )


def _scaled(size: re.Match[str]) -> str:
    return f"{float(size[1]) * 0.8:.4g}rem"


def _kinds() -> dict[str, list[str]]:
    """Letters in nav.json -> segment of the page's address and label."""
    documents = {kind.letter: [kind.segment, kind.label] for kind in DOC_KINDS}
    parts = {PART_LETTERS[role]: [role.directory, label] for role, label in PART_LABELS.items()}
    return documents | parts


def _facts(site: Site) -> bytes:
    """What the script knows of the site; it makes the header and the footer."""
    facts = {
        "name": site.name,
        "handbook": site.handbook,
        "footer": Markup(site.footer).striptags(),  # noqa: S704 - becomes plain text
        "pickerVersions": site.picker_versions,
        "kinds": _kinds(),
        "languages": LANGUAGE_NAMES if site.cdktf else {},
        "fileLinks": site.file_links,
        "announcement": [[part.label, part.href] for part in parts(site.announcement)],
    }
    return json.dumps(facts, ensure_ascii=True).encode()
