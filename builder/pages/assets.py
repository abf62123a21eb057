"""The files that all pages share: style sheet, script, logo. Their names are stable, so that a change of look is a
change of these files and of no page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from builder.model.artifact import Artifact, Output
from builder.model.document import DOC_KINDS
from builder.pages.environment import asset, asset_names
from builder.pages.navigation import PART_LABELS, PART_LETTERS
from builder.pages.site import ASSETS, Site

SITE_MARK = "__SITE__"  # in shell.js, a string literal: replaced by the facts below


def render_assets(site: Site) -> Iterator[Output]:
    """Everything below templates/assets/, under assets/v1/."""
    for name in asset_names(site.templates):
        body = asset(name, site.templates)
        if name == "shell.js":
            body = body.replace(f'"{SITE_MARK}"'.encode(), _facts(site))
        yield Artifact(f"{ASSETS}/{name}", body)


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
        "footer": site.footer,
        "pickerVersions": site.picker_versions,
        "kinds": _kinds(),
    }
    return json.dumps(facts, ensure_ascii=True).encode()
