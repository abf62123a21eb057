"""The hand-written documentation (docs_dir), built by MkDocs, as outputs of the site below `handbook/`.

MkDocs builds these pages only; package pages would grow with the square of their number (each holds the navigation).
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import distribution, version
from pathlib import Path

import mkdocs
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from builder.config import Config, other_plugins
from builder.errors import UsageError
from builder.model.artifact import Artifact
from builder.pages.environment import folder_digest, template_folder
from builder.pages.site import ASSETS

PREFIX = "handbook/"
# The site has its own 404 page and sitemap; the compressed sitemap would hold the time of the build.
LEFT_OUT = frozenset({"404.html", "sitemap.xml", "sitemap.xml.gz"})


def handbook_key(config: Config) -> str:
    """A name for all inputs: pages, mkdocs.yml, templates and the versions of what builds them."""
    folders = tuple(folder for folder in _overrides(config.templates) if folder.is_dir())
    versions = f"{mkdocs.__version__} {version('mkdocs-material')} {folder_digest(folders)}"
    state = sha256(versions.encode())
    for file in [config.file, *sorted(p for p in config.docs_dir.rglob("*") if p.is_file())]:
        relative = os.path.relpath(file, config.file.parent)
        state.update(f"\n{relative}\0".encode() + sha256(file.read_bytes()).digest())
    return state.hexdigest()


def build_handbook(config: Config) -> Iterator[Artifact]:
    """Build the handbook and give its files. Raises UsageError with MkDocs' own message when it does not build."""
    with tempfile.TemporaryDirectory(prefix="regdocs-handbook-") as folder, _quiet():
        try:
            settings = load_config(
                str(config.file),
                site_dir=folder,
                site_url=handbook_url(config.site_url) or None,
                plugins=other_plugins(config.file),
            )
            dress(settings, config.templates)
            build(settings)
        except (MkDocsException, Abort) as error:
            raise UsageError(f"{config.file}: the handbook does not build: {error}") from error
        yield from handbook_files(Path(folder))


def dress(settings: MkDocsConfig, templates: Path | None) -> None:
    """Give the handbook the header, colors and fonts of the package pages (templates/handbook/, assets/v1/handbook.css).

    `theme.custom_dir` and the folder `handbook/` of the operator's own templates are looked at first. The theme's own
    palettes, fonts and copy buttons are not used: colors are those of site.css, and no page asks another host. Only the
    theme that these templates are written for is dressed.
    """
    theme = settings.theme
    if theme.name != "material":
        return
    own = 1 if theme.custom_dir else 0
    theme.dirs[own:own] = [str(folder) for folder in _overrides(templates)]
    theme["features"] = [f for f in theme.get("features") or () if f != "content.code.copy"]
    theme["palette"] = None
    theme["font"] = False
    theme["favicon"] = f"../{ASSETS}/logo.svg"
    theme["registry_assets"] = f"../{ASSETS}"
    settings.extra_css.insert(0, f"../{ASSETS}/handbook.css")


def _overrides(templates: Path | None) -> list[Path]:
    folders = [templates, template_folder()] if templates else [template_folder()]
    return [folder / "handbook" for folder in folders]


def handbook_url(site_url: str) -> str:
    """The public address of the handbook; "" when the site has none."""
    return f"{site_url}{PREFIX}" if site_url else ""


def handbook_files(folder: Path) -> Iterator[Artifact]:
    """What MkDocs wrote, as outputs, with the license of the theme whose style sheet and script are among it."""
    terms = distribution("mkdocs-material").read_text("licenses/LICENSE")
    if terms and (folder / "assets/stylesheets").is_dir():
        yield Artifact(f"{PREFIX}assets/LICENSE.txt", terms.encode())
    for file in sorted(p for p in folder.rglob("*") if p.is_file()):
        path = file.relative_to(folder).as_posix()
        if path not in LEFT_OUT:
            yield Artifact(PREFIX + path, file.read_bytes())


@contextmanager
def _quiet() -> Iterator[None]:
    """MkDocs' own log lines tell of a folder that nobody knows; its warnings still come through."""
    logger = logging.getLogger("mkdocs")
    before = logger.level
    logger.setLevel(logging.WARNING)
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    try:
        yield
    finally:
        logger.setLevel(before)
