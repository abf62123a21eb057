"""The MkDocs plugin `registry`: `mkdocs build` gives the same whole site as `regdocs build`.

MkDocs builds the handbook into a folder of its own; after that the registry's build takes it as outputs below
`handbook/` and writes the whole site to `site_dir`.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs.config.base import Config as BaseConfig
from mkdocs.config.base import ConfigErrors, ConfigWarnings
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin

from builder.config import Config, is_url, load_config
from builder.errors import RegistryError
from builder.model.issue import Severity
from builder.pipeline.build import BuildOptions, build_site
from builder.pipeline.handbook import dress, handbook_files, handbook_url

log = logging.getLogger("mkdocs.plugins.registry")
_LEVELS = {
    Severity.ERROR: logging.ERROR,
    Severity.WARNING: logging.WARNING,
    Severity.NOTE: logging.INFO,
}


class RegistryConfig(BaseConfig):  # type: ignore[no-untyped-call]
    """Our section of mkdocs.yml, which regdocs reads itself."""


class RegistryPlugin(BasePlugin[RegistryConfig]):  # type: ignore[no-untyped-call]
    """Builds the registry after the handbook."""

    def __init__(self) -> None:
        self._settings: Config | None = None
        self._handbook: tempfile.TemporaryDirectory[str] | None = None

    def load_config(
        self,
        options: dict[str, Any],  # noqa: ARG002 - read from the file itself
        config_file_path: str | None = None,  # noqa: ARG002
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        """Takes every key; regdocs checks them itself, all at once and with their full paths."""
        return [], []

    def on_config(self, config: MkDocsConfig, **_: Any) -> MkDocsConfig:
        """Send the handbook to a folder of its own."""
        try:
            settings = load_config(Path(config.config_file_path))
        except RegistryError as error:
            raise PluginError(str(error)) from error
        self._settings = replace(settings, site_dir=Path(config.site_dir).resolve())
        self._handbook = tempfile.TemporaryDirectory(prefix="regdocs-handbook-")
        config.site_dir = self._handbook.name
        config.site_url = handbook_url(settings.site_url) or None
        dress(config, settings.templates)
        return config

    def on_post_build(self, **_: Any) -> None:
        """Build the whole site."""
        if self._settings is None or self._handbook is None:
            return
        files = list(handbook_files(Path(self._handbook.name)))
        self._handbook.cleanup()
        try:
            report = build_site(self._settings, BuildOptions(handbook=files))
        except RegistryError as error:
            raise PluginError(f"{error} {error.hint}".strip()) from error
        for found in report.sorted_issues():
            log.log(_LEVELS[found.severity], "%s %s: %s", found.code, found.location, found.message)
        log.info("built %d releases, %d files", report.releases, report.files)

    def on_serve(self, server: LiveReloadServer, **_: Any) -> LiveReloadServer:
        """Build again when the metadata changes."""
        if self._settings is not None and not is_url(self._settings.metadata):
            server.watch(self._settings.metadata)
        return server
