"""The page that stands at a redirect's path, for hosts that cannot answer with a status of their own."""

from __future__ import annotations

from html import escape
from posixpath import dirname, relpath

from builder.model.artifact import Redirect


def redirect_page(redirect: Redirect) -> bytes:
    """A small page that leads on; relative, so that it works below any prefix."""
    target = redirect.to
    if "://" not in target:
        target = relpath(target, dirname(redirect.path) or ".") + (
            "/" if target.endswith("/") else ""
        )
    address = escape(target, quote=True)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Moved</title>'
        f'<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url={address}">'
        f'</head><body><p>This page is now at <a href="{address}">{address}</a>.</p></body></html>\n'
    ).encode()
