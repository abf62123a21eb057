"""Jinja2 over our templates and an operator's own; frames, so that a page costs a join and not a template."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from builder.pages.contexts import TEMPLATES, Page
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


def template_of(site: Site, name: str) -> Template:
    """The template of this name; another object after its file was changed."""
    return environment(site.templates).get_template(name)


def render(site: Site, template: str, context: object) -> str:
    """One page, from its template and its context. Raises jinja2.TemplateError when an operator's template is wrong."""
    return template_of(site, template).render(values(context))


class Frames:
    """Renders pages of one template that differ in their slots. Everything around the slots is rendered once.

    The frame of a page depends on the fields that are no slots and on which slots are empty.
    """

    def __init__(self, site: Site, template: str) -> None:
        self._site = site
        self._template = template
        documented = fields(TEMPLATES[template])
        self._slots = [f.name for f in documented if f.metadata["slot"]]
        self._fixed = [f.name for f in documented if not f.metadata["slot"]]
        self._frames: dict[tuple[Any, ...], list[str]] = {}

    def render(self, context: Page) -> str:
        """The page: the same text as `render`, as long as the template only prints and tests slots."""
        slots = {name: getattr(context, name) for name in self._slots}
        fixed = (getattr(context, name) for name in self._fixed)
        key = (*fixed, *(bool(value) for value in slots.values()))
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = self._split(context, slots)
        # Even places are the frame's own text, odd ones the names of slots.
        return "".join(
            escape(slots[piece]) if odd % 2 else piece for odd, piece in enumerate(frame)
        )

    def _split(self, context: Page, slots: dict[str, Any]) -> list[str]:
        marked = {name: Markup(_MARK.format(name)) if slots[name] else "" for name in slots}  # noqa: S704 - our own names
        template = environment(self._site.templates).get_template(self._template)
        text = template.render({**values(context), **marked})
        return text.replace("\ue001", "\ue000").split("\ue000")


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
