"""Jinja2 over our templates and an operator's own; frames, so that a page costs a join and not a template."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from builder.pages.site import Site

_BESIDE = Path(__file__).parent.parent
_PLACES = (_BESIDE / "_templates", _BESIDE.parent / "templates")  # installed wheel, checkout
# Private-use characters: no template holds them, and pages are cut at them before any text of an author comes in.
_MARK = "\ue000{}\ue001"


def template_folder() -> Path:
    """Our own templates: inside the installed package, else beside it in a checkout."""
    return next((place for place in _PLACES if place.is_dir()), _PLACES[0])


@lru_cache(maxsize=8)
def environment(overrides: tuple[Path, ...] = ()) -> Environment:
    """The template environment; `overrides` are folders that are searched first, in order."""
    return Environment(
        loader=FileSystemLoader([*overrides, template_folder()]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def values(context: object) -> dict[str, Any]:
    """The fields of a context by name (values are not copied)."""
    return {f.name: getattr(context, f.name) for f in fields(context)}  # type: ignore[arg-type]


def render(site: Site, template: str, context: object) -> str:
    """One page, from its template and its context. Raises jinja2.TemplateError when an operator's template is wrong."""
    return environment(site.templates).get_template(template).render(values(context))


class Frames:
    """Renders contexts whose template differs in its slots only. Everything around the slots is rendered once.

    The frame of a page depends on the fields that are no slots and on which slots are empty.
    """

    def __init__(self, site: Site, template: str) -> None:
        self._site = site
        self._template = template
        self._frames: dict[tuple[Any, ...], list[str]] = {}

    def render(self, context: object) -> str:
        """The page: the same text as `render`, as long as the template only prints and tests slots."""
        slots = {f.name: getattr(context, f.name) for f in _slots(type(context))}
        key = tuple(
            bool(slots[name]) if name in slots else getattr(context, name)
            for name in _names(type(context))
        )
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = self._split(context, slots)
        # Even places are the frame's own text, odd ones the names of slots.
        return "".join(
            escape(slots[piece]) if odd % 2 else piece for odd, piece in enumerate(frame)
        )

    def _split(self, context: object, slots: dict[str, Any]) -> list[str]:
        marked = {name: Markup(_MARK.format(name)) if slots[name] else "" for name in slots}  # noqa: S704 - our own names
        text = (
            environment(self._site.templates)
            .get_template(self._template)
            .render({**values(context), **marked})
        )
        return text.replace("\ue001", "\ue000").split("\ue000")


@lru_cache(maxsize=32)
def _slots(kind: type) -> tuple[Any, ...]:
    return tuple(f for f in fields(kind) if f.metadata.get("slot"))


@lru_cache(maxsize=32)
def _names(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def asset_names(overrides: tuple[Path, ...] = ()) -> list[str]:
    """The files below assets/ of all template folders, sorted."""
    folders = [place / "assets" for place in (*overrides, template_folder())]
    found = {
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    return sorted(found)


def asset(name: str, overrides: tuple[Path, ...] = ()) -> bytes:
    """The bytes of a shared file; an operator's own comes first. Raises FileNotFoundError for an unknown name."""
    places = [place / "assets" / name for place in (*overrides, template_folder())]
    return next((p for p in places if p.is_file()), places[-1]).read_bytes()


def folder_digest(folders: tuple[Path, ...], *, without: str = "") -> str:
    """A hash over names and bytes of all files in these folders, but for those below a folder `without`."""
    state = sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder).as_posix()
            if "__pycache__" not in name and name.split("/")[0] != without:
                state.update(f"{name}\0".encode())
                state.update(sha256(path.read_bytes()).digest())
    return state.hexdigest()
