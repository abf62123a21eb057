"""Which engine reads a page's Markdown. Pages are the same with each."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from builder.errors import UsageError
from builder.markdown.reference import Engine, Reference

ENGINES = ("auto", "reference", "fast")


@cache
def engine_of(name: str) -> Engine:
    """The engine of this name; `auto` is the fast one where its parser is installed.

    Raises UsageError when the fast engine is asked for and not installed.
    """
    installed = find_spec("pyromark") is not None
    if name == "reference" or (name == "auto" and not installed):
        return Reference()
    if not installed:
        raise UsageError(
            "the fast Markdown engine is not installed",
            hint="Install regdocs[fast], or set html.engine to auto",
        )
    from builder.markdown.fast import Fast  # its parser is an extra

    return Fast()
